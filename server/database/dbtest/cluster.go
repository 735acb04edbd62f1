package dbtest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"elicensing/migrations"
	"elicensing/server/database"
	"elicensing/server/database/localpg"
)

const (
	databasePrefix = "test_"
	templatePrefix = "migrated_"
	// templateLock lets one test binary build the template while the others wait.
	templateLock int64 = 7_204_511_936_002
	// slots bounds how many test binaries run a local server at the same time; `go test` runs as many as there are cores.
	slots = 64
)

// testRole is the role that tests work as: it has the rights of the program and no more. Nobody signs in as it; the connections of tests
// take it on, so it needs no password.
const testRole = "elicensing_test_app"

// startCluster finds or starts the server and sees that the template of these migrations stands on it.
func startCluster() (testCluster, error) {
	ctx, cancel := context.WithTimeout(context.Background(), setUpWithin)
	defer cancel()
	admin, ours := os.Getenv("ELICENSING_TEST_DATABASE_URL"), false
	if admin == "" {
		server, err := startLocal(ctx)
		if err != nil {
			return testCluster{}, err
		}
		// Nobody stops it: it ends with this process, by the kernel's signal, however the process ends.
		admin, ours = server.URL(), true
	}
	cluster := testCluster{admin: admin}
	var err error
	if cluster.template, cluster.role, err = prepare(ctx, admin, ours); err != nil {
		return cluster, err
	}
	if cluster.pool, err = pgxpool.New(context.Background(), admin); err != nil {
		return cluster, fmt.Errorf("connect to the test server: %w", err)
	}
	cluster.strategy, err = copying(ctx, cluster.pool)
	return cluster, err
}

// copying is how a template is copied: file by file takes a third of the time of writing every block to the log as well, which PostgreSQL does
// by itself since 15.
func copying(ctx context.Context, pool *pgxpool.Pool) (string, error) {
	var version int
	if err := pool.QueryRow(ctx, "SELECT current_setting('server_version_num')::int").Scan(&version); err != nil {
		return "", fmt.Errorf("ask the test server for its version: %w", err)
	}
	if version < 150000 {
		return "", nil
	}
	return " STRATEGY FILE_COPY", nil
}

// startLocal takes the first folder that no other test binary holds. The folders are kept, so that the next run need not create a
// cluster; one that does not start (the machine lost power, another version was installed) is made anew.
func startLocal(ctx context.Context) (*localpg.Server, error) {
	root, err := cacheFolder()
	if err != nil {
		return nil, err
	}
	for slot := range slots {
		options := localpg.Options{Dir: filepath.Join(root, fmt.Sprintf("slot-%d", slot)), Disposable: true}
		server, err := localpg.Start(ctx, options)
		switch localpg.ProblemOf(err) {
		case localpg.FolderInUse:
			continue
		case localpg.DidNotStart, localpg.FolderOtherVersion:
			if removeErr := os.RemoveAll(filepath.Join(options.Dir, "pgdata")); removeErr != nil {
				return nil, errors.Join(err, removeErr)
			}
			server, err = localpg.Start(ctx, options)
			if localpg.ProblemOf(err) == localpg.FolderInUse {
				continue
			}
		}
		return server, err
	}
	return nil, fmt.Errorf("all %d folders for test databases in %s are in use", slots, root)
}

// cacheFolder is the user's cache, or a folder in the temporary one for a user without a home.
func cacheFolder() (string, error) {
	if cache, err := os.UserCacheDir(); err == nil {
		folder := filepath.Join(cache, "elicensing-test")
		if os.MkdirAll(folder, 0o755) == nil {
			return folder, nil
		}
	}
	folder := filepath.Join(os.TempDir(), fmt.Sprintf("elicensing-test-%d", os.Getuid()))
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", fmt.Errorf("make a folder for test databases: %w", err)
	}
	return folder, nil
}

// prepare sees that the role and the migrated template stand. On our own server the leftovers of killed tests and of older migrations are
// dropped.
func prepare(ctx context.Context, admin string, ours bool) (template, role string, err error) {
	conn, err := pgx.Connect(ctx, admin)
	if err != nil {
		return "", "", fmt.Errorf("connect to the test server: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close(ctx)) }()
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", templateLock); err != nil {
		return "", "", fmt.Errorf("wait for the template: %w", err)
	}
	if role, err = ensureRole(ctx, conn); err != nil {
		return "", "", err
	}
	if template, err = templateName(role); err != nil {
		return "", "", err
	}
	if ours {
		if err := dropLeftovers(ctx, conn, template); err != nil {
			return "", "", err
		}
	}
	return template, role, buildTemplate(ctx, conn, admin, template, role)
}

// ensureRole makes the role of the tests; "" when the server's user may not make roles: then the tests work as that user, and what is held by
// rights alone cannot be shown there.
func ensureRole(ctx context.Context, conn *pgx.Conn) (string, error) {
	var there, may bool
	err := conn.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1),
		(SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user)`, testRole).Scan(&there, &may)
	if err != nil {
		return "", fmt.Errorf("look for the role of the tests: %w", err)
	}
	if !may {
		return "", nil
	}
	if !there {
		if _, err := conn.Exec(ctx, "CREATE ROLE "+testRole+" NOLOGIN"); err != nil {
			return "", fmt.Errorf("make the role of the tests: %w", err)
		}
	}
	if _, err := conn.Exec(ctx, "GRANT "+testRole+" TO CURRENT_USER"); err != nil {
		return "", fmt.Errorf("take on the role of the tests: %w", err)
	}
	return testRole, nil
}

// buildTemplate makes the migrated template unless it stands. It gets its name only when it is whole.
func buildTemplate(ctx context.Context, conn *pgx.Conn, admin, name, role string) error {
	var stands bool
	if err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name).Scan(&stands); err != nil || stands {
		return err
	}
	building := name + "_building"
	for _, statement := range []string{"DROP DATABASE IF EXISTS " + building + " WITH (FORCE)", "CREATE DATABASE " + building + " TEMPLATE template0"} {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return fmt.Errorf("create the template: %w", err)
		}
	}
	address, err := withDatabase(admin, building)
	if err != nil {
		return err
	}
	if err := migrateAndClose(ctx, address, role); err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, "ALTER DATABASE "+building+" RENAME TO "+name); err != nil {
		return fmt.Errorf("name the template: %w", err)
	}
	return nil
}

// migrateAndClose leaves no session behind: a database with one cannot be cloned.
func migrateAndClose(ctx context.Context, address, role string) error {
	_, pool, err := database.Open(ctx, address, nil)
	if err != nil {
		return err
	}
	defer pool.Close()
	if err := database.Migrate(ctx, pool, nil); err != nil {
		return err
	}
	undecided, err := database.Undecided(ctx, pool)
	if err != nil {
		return err
	}
	if len(undecided) > 0 {
		return fmt.Errorf("decide in server/database/rights.go what the program may do with %s", strings.Join(undecided, ", "))
	}
	if role == "" {
		return nil
	}
	return database.Grant(ctx, pool, role)
}

func dropLeftovers(ctx context.Context, conn *pgx.Conn, keep string) error {
	rows, err := conn.Query(ctx, "SELECT datname FROM pg_database WHERE (starts_with(datname, $1) OR starts_with(datname, $2)) AND datname <> $3",
		databasePrefix, templatePrefix, keep)
	if err != nil {
		return fmt.Errorf("look for left-over test databases: %w", err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return fmt.Errorf("look for left-over test databases: %w", err)
	}
	for _, name := range names {
		if _, err := conn.Exec(ctx, "DROP DATABASE IF EXISTS "+pgx.Identifier{name}.Sanitize()+" WITH (FORCE)"); err != nil {
			return fmt.Errorf("drop a left-over test database: %w", err)
		}
	}
	return nil
}

// templateName follows the content of the migrations and the rights, so that a change makes a new template.
func templateName(role string) (string, error) {
	sum := sha256.New()
	fmt.Fprintf(sum, "%s\n%s\n", role, database.RightsText())
	entries, err := fs.ReadDir(migrations.Files, ".") // sorted by name
	if err != nil {
		return "", fmt.Errorf("read the migrations: %w", err)
	}
	for _, entry := range entries {
		text, err := fs.ReadFile(migrations.Files, entry.Name())
		if err != nil {
			return "", fmt.Errorf("read the migrations: %w", err)
		}
		fmt.Fprintf(sum, "%s %d\n", entry.Name(), len(text))
		sum.Write(text)
	}
	return templatePrefix + hex.EncodeToString(sum.Sum(nil))[:16], nil
}
