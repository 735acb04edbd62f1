package database

import (
	"context"
	"log/slog"
	"time"

	"gorm.io/gorm/logger"
)

// slowStatement is how long a statement may take before the log mentions it.
const slowStatement = 500 * time.Millisecond

// statementLog is GORM's logger. It reports slow statements by their text with placeholders, and nothing else: the values are
// people's data, and an error is returned to the caller, who logs it once.
type statementLog struct {
	log *slog.Logger
}

func newStatementLog(log *slog.Logger) statementLog {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return statementLog{log: log}
}

func (l statementLog) LogMode(logger.LogLevel) logger.Interface     { return l }
func (l statementLog) Info(context.Context, string, ...interface{}) {}

// Warn and Error get GORM's own remarks, whose arguments may hold values; only the remark is kept.
func (l statementLog) Warn(ctx context.Context, remark string, _ ...interface{}) {
	l.log.WarnContext(ctx, "database", "remark", remark)
}

func (l statementLog) Error(ctx context.Context, remark string, _ ...interface{}) {
	l.log.ErrorContext(ctx, "database", "remark", remark)
}

func (l statementLog) Trace(ctx context.Context, begin time.Time, statement func() (string, int64), _ error) {
	took := time.Since(begin)
	if took < slowStatement {
		return
	}
	text, rows := statement()
	l.log.WarnContext(ctx, "slow statement", "sql", text, "rows", rows, "took", took)
}

// ParamsFilter keeps the values out of the text that GORM builds for the log.
func (l statementLog) ParamsFilter(_ context.Context, sql string, _ ...interface{}) (string, []interface{}) {
	return sql, nil
}

// DB.Scan puts a recorder of GORM's own in the place of our logger while it asks, and builds the text by that one's filter, which is one for the
// whole process.
func init() { logger.RecorderParamsFilter = statementLog{}.ParamsFilter }
