package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"elicensing/migrations"
)

// migrationLock is the advisory lock that copies of the program take in turn, so that several may start at once.
const migrationLock int64 = 7_204_511_936_001

// Migrate brings the schema up to the newest migration of this program. It waits while another copy migrates, and does nothing
// when nothing is pending. A migration that fails is rolled back and named in the error; those before it stay.
func Migrate(ctx context.Context, pool *pgxpool.Pool, logger *slog.Logger) error {
	if logger == nil {
		logger = slog.New(slog.DiscardHandler)
	}
	if err := mergeDrafts(ctx, pool, logger); err != nil {
		return fmt.Errorf("migrate the database: %w", err)
	}
	return migrate(ctx, pool, migrations.Files, logger)
}

func migrate(ctx context.Context, pool *pgxpool.Pool, files fs.FS, logger *slog.Logger) (err error) {
	if logger == nil {
		logger = slog.New(slog.DiscardHandler)
	}
	db := stdlib.OpenDBFromPool(pool)
	defer func() {
		if closeErr := db.Close(); closeErr != nil && err == nil {
			err = fmt.Errorf("return the connections of the migration: %w", closeErr)
		}
	}()
	provider, err := goose.NewProvider(goose.DialectPostgres, db, files,
		goose.WithSessionLocker(advisoryLock{}), goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	done, err := provider.Up(ctx)
	var cut *goose.PartialError
	if errors.As(err, &cut) {
		return fmt.Errorf("migrate the database: %s: %w", cut.Failed.Source.Path, cut.Err)
	}
	if err != nil {
		return fmt.Errorf("migrate the database: %w", err)
	}
	for _, step := range done {
		logger.InfoContext(ctx, "migrated", "migration", step.Source.Path, "took", step.Duration)
	}
	return nil
}

// advisoryLock waits in PostgreSQL itself, where goose's own locker asks again every few seconds. The limits on statements are off
// meanwhile: the wait and a large migration may both take longer than a request ever should.
type advisoryLock struct{}

func (advisoryLock) SessionLock(ctx context.Context, conn *sql.Conn) error {
	if _, err := conn.ExecContext(ctx, "SET statement_timeout = 0"); err != nil {
		return fmt.Errorf("lift the statement limit: %w", err)
	}
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock($1)", migrationLock); err != nil {
		return fmt.Errorf("wait for another copy's migration: %w", err)
	}
	return nil
}

func (advisoryLock) SessionUnlock(ctx context.Context, conn *sql.Conn) error {
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_unlock($1)", migrationLock); err != nil {
		return fmt.Errorf("release the migration lock: %w", err)
	}
	if _, err := conn.ExecContext(ctx, "RESET statement_timeout"); err != nil {
		return fmt.Errorf("restore the statement limit: %w", err)
	}
	return nil
}
