package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/jackc/pgx/v5/pgxpool"
	"gorm.io/gorm"

	"elicensing/server/database"
)

// The database has two roles: the owner migrates, and the program works as another that may not change what is append-only (I10, I31).
const (
	workURL  = "ELICENSING_DATABASE_URL"
	ownerURL = "ELICENSING_MIGRATE_DATABASE_URL"
)

// openDatabase connects as the program works. A role that owns the tables (an installation with one role) migrates by itself; any other
// works only with a schema that `elicensing migrate` has brought to this version.
func openDatabase(ctx context.Context, url string, log *slog.Logger) (*gorm.DB, *pgxpool.Pool, error) {
	db, pool, err := database.Open(ctx, url, log)
	if err != nil {
		return nil, nil, err
	}
	if err := fitSchema(ctx, pool, log); err != nil {
		pool.Close()
		return nil, nil, err
	}
	return db, pool, nil
}

func fitSchema(ctx context.Context, pool *pgxpool.Pool, log *slog.Logger) error {
	standing, err := database.Inspect(ctx, pool)
	switch {
	case errors.Is(err, database.ErrNoRights):
		return fmt.Errorf("the database role %s (%s) was given no rights yet: run `elicensing migrate` with %s, the owner's address, and %s, this role's", standing.Role, workURL, ownerURL, workURL)
	case err != nil:
		return err
	case standing.Owner:
		log.WarnContext(ctx, "the database role owns the tables: what is append-only is guarded by triggers alone; give the program a role of its own",
			slog.String("role", standing.Role), slog.String("setting", workURL))
		return database.Migrate(ctx, pool, log)
	case standing.Behind:
		return fmt.Errorf("the database %s is of an earlier version, and the role %s may not change it: run `elicensing migrate` with %s, the owner's address", standing.Database, standing.Role, ownerURL)
	}
	return nil
}

// prepareDatabase brings the schema to this version as its owner, and gives the role at work its rights. One role for both gets none.
func prepareDatabase(ctx context.Context, owner, work string, log *slog.Logger) (separate bool, err error) {
	ownerRole, ownerDatabase, err := database.RoleAt(owner)
	if err != nil {
		return false, err
	}
	role, name, err := database.RoleAt(work)
	if err != nil {
		return false, err
	}
	if name != ownerDatabase {
		return false, fmt.Errorf("%s names the database %q and %s another, %q", workURL, name, ownerURL, ownerDatabase)
	}
	_, pool, err := database.Open(ctx, owner, log)
	if err != nil {
		return false, err
	}
	defer pool.Close()
	if err := database.Migrate(ctx, pool, log); err != nil {
		return false, err
	}
	if role == ownerRole {
		return false, nil
	}
	err = database.Grant(ctx, pool, role)
	if errors.Is(err, database.ErrNoRole) {
		return false, fmt.Errorf("the schema is up to date, but the role %q of %s does not exist: CREATE ROLE %s LOGIN PASSWORD '…', then migrate again", role, workURL, role)
	}
	return err == nil, err
}

// migrate brings the database to this version, as the owner, and says what the program will work as.
func migrate(ctx context.Context, getenv func(string) string, stdout, stderr io.Writer) error {
	owner, work := strings.TrimSpace(getenv(ownerURL)), strings.TrimSpace(getenv(workURL))
	if owner == "" && work == "" {
		return fmt.Errorf("%s (the owner's address) and %s (the program's) are missing; an installation with one role needs only the second", ownerURL, workURL)
	}
	if owner == "" {
		fmt.Fprintf(stdout, "%s is not set: migrating as the role of %s\n", ownerURL, workURL)
		owner = work
	}
	if work == "" {
		fmt.Fprintf(stdout, "%s is not set: no role is given rights\n", workURL)
		work = owner
	}
	separate, err := prepareDatabase(ctx, owner, work, newLog(stderr))
	if err != nil {
		return err
	}
	fmt.Fprintln(stdout, "The schema is up to date.")
	if separate {
		role, _, err := database.RoleAt(work)
		if err != nil {
			return err
		}
		fmt.Fprintf(stdout, "The program works as %s and cannot change what is append-only.\n", role)
	}
	return nil
}
