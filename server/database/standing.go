package database

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"elicensing/migrations"
)

// Standing is how the role of a connection stands to the schema that it meets.
type Standing struct {
	Role     string
	Database string
	// Owner: the role may migrate, because the tables are its own or there are none yet and it may make them. It could also switch off
	// what guards the append-only tables.
	Owner bool
	// Behind: the schema lacks migrations of this program.
	Behind bool
}

// ErrNoRights is given when the schema does not let the role in at all: it was not told to.
var ErrNoRights = errors.New("the role has no rights in this database")

// Inspect learns how the pool's role stands to the schema.
func Inspect(ctx context.Context, pool *pgxpool.Pool) (s Standing, err error) {
	err = pgx.BeginTxFunc(ctx, pool, pgx.TxOptions{AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, `SELECT current_user::text, current_database()::text, coalesce(
			(SELECT pg_has_role(current_user, relowner, 'USAGE') FROM pg_class WHERE oid = to_regclass('goose_db_version')),
			has_schema_privilege(current_user, current_schema(), 'CREATE'), false)`).Scan(&s.Role, &s.Database, &s.Owner)
		if err != nil {
			return fmt.Errorf("learn the rights of the database role: %w", err)
		}
		schema, err := readSchema(ctx, tx)
		s.Behind = schema.behind
		return err
	})
	var refusal *pgconn.PgError
	if errors.As(err, &refusal) && refusal.Code == "42501" { // insufficient_privilege
		return s, fmt.Errorf("%w: %s", ErrNoRights, s.Role)
	}
	return s, err
}

// RoleAt tells which role and database an address names. The error never holds the password.
func RoleAt(url string) (role, database string, err error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return "", "", fmt.Errorf("read the database address: %w", err) // pgx takes the password out
	}
	role = config.ConnConfig.User
	if other := config.ConnConfig.RuntimeParams["role"]; other != "" {
		role = other
	}
	return role, config.ConnConfig.Database, nil
}

// schema compares the migrations that the database has with those of this program.
type schema struct {
	behind bool // the database lacks some
	ahead  bool // it has some that this program does not know
	has    map[int64]bool
}

func readSchema(ctx context.Context, tx pgx.Tx) (schema, error) {
	known, err := versions(migrations.Files)
	if err != nil {
		return schema{}, err
	}
	s := schema{has: map[int64]bool{}}
	var begun bool
	if err := tx.QueryRow(ctx, "SELECT to_regclass('goose_db_version') IS NOT NULL").Scan(&begun); err != nil {
		return s, fmt.Errorf("look for the schema's version: %w", err)
	}
	if begun {
		rows, err := tx.Query(ctx, "SELECT version_id FROM goose_db_version WHERE version_id > 0 AND is_applied")
		if err != nil {
			return s, fmt.Errorf("read the schema's version: %w", err)
		}
		applied, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil {
			return s, fmt.Errorf("read the schema's version: %w", err)
		}
		for _, version := range applied {
			s.has[version] = true
			s.ahead = s.ahead || !known[version]
		}
	}
	for version := range known {
		s.behind = s.behind || !s.has[version]
	}
	return s, nil
}

// versions are the numbers of the migrations in files.
func versions(files fs.FS) (map[int64]bool, error) {
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return nil, fmt.Errorf("read the migrations: %w", err)
	}
	known := map[int64]bool{}
	for _, name := range names {
		number, _, _ := strings.Cut(name, "_")
		version, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("read the migrations: %s has no number: %w", name, err)
		}
		known[version] = true
	}
	return known, nil
}
