// Package database opens PostgreSQL and brings its schema up to date. It is called by the program and by dbtest; every other
// package is handed a *gorm.DB and never opens a connection of its own.
package database

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
)

// defaultPoolSize is used unless the address says pool_max_conns. pgx's own default is 4 on a small machine, too few for 64 people
// who file at the same moment.
const defaultPoolSize = 16

// sessionDefaults hold for every connection unless the address sets them itself. The limits are in milliseconds: a statement or a
// forgotten transaction may not hold a row for ever.
var sessionDefaults = map[string]string{
	"application_name":                    "elicensing",
	"timezone":                            "UTC",
	"statement_timeout":                   "60000",
	"idle_in_transaction_session_timeout": "60000",
}

// Open connects to the PostgreSQL at url (postgres://… or key=value) and answers once it has been reached. GORM and pgx share one
// pool; closing the pool closes both. The times that come back are in UTC. Unique, foreign key and CHECK violations arrive as the
// errors of GORM that name them, with the *pgconn.PgError (and so the constraint's name) still behind errors.As.
//
// The error never holds the password.
func Open(ctx context.Context, url string, logger *slog.Logger) (*gorm.DB, *pgxpool.Pool, error) {
	config, err := poolConfig(url)
	if err != nil {
		return nil, nil, err
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, nil, fmt.Errorf("open the database pool: %w", err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, nil, fmt.Errorf("cannot reach the database %q at %s: %w", config.ConnConfig.Database, config.ConnConfig.Host, err)
	}
	db, err := gorm.Open(postgres.New(postgres.Config{Conn: stdlib.OpenDBFromPool(pool)}), &gorm.Config{
		Logger:                 newStatementLog(logger),
		SkipDefaultTransaction: true, // the use case opens the transaction and hands it down
		TranslateError:         true,
		NowFunc:                func() time.Time { return time.Now().UTC() },
	})
	if err != nil {
		pool.Close()
		return nil, nil, fmt.Errorf("open the database: %w", err)
	}
	return db, pool, nil
}

func poolConfig(url string) (*pgxpool.Config, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("read the database address: %w", err) // pgx takes the password out
	}
	if !strings.Contains(url, "pool_max_conns") {
		config.MaxConns = defaultPoolSize
	}
	for name, value := range sessionDefaults {
		if _, set := config.ConnConfig.RuntimeParams[name]; !set {
			config.ConnConfig.RuntimeParams[name] = value
		}
	}
	config.AfterConnect = func(_ context.Context, conn *pgx.Conn) error {
		conn.TypeMap().RegisterType(&pgtype.Type{
			Name:  "timestamptz",
			OID:   pgtype.TimestamptzOID,
			Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC},
		})
		return nil
	}
	return config, nil
}
