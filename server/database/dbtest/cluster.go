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

	"github.com/jackc/pgx/v5"

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
	template, err := buildTemplate(ctx, admin, ours)
	return testCluster{admin: admin, template: template}, err
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

// buildTemplate makes the migrated template unless it stands. It gets its name only when it is whole. On our own server the leftovers
// of killed tests and of older migrations are dropped.
func buildTemplate(ctx context.Context, admin string, ours bool) (name string, err error) {
	name, err = templateName()
	if err != nil {
		return "", err
	}
	conn, err := pgx.Connect(ctx, admin)
	if err != nil {
		return "", fmt.Errorf("connect to the test server: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close(ctx)) }()
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", templateLock); err != nil {
		return "", fmt.Errorf("wait for the template: %w", err)
	}
	if ours {
		if err := dropLeftovers(ctx, conn, name); err != nil {
			return "", err
		}
	}
	var stands bool
	if err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name).Scan(&stands); err != nil || stands {
		return name, err
	}
	building := name + "_building"
	for _, statement := range []string{"DROP DATABASE IF EXISTS " + building + " WITH (FORCE)", "CREATE DATABASE " + building + " TEMPLATE template0"} {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return "", fmt.Errorf("create the template: %w", err)
		}
	}
	address, err := withDatabase(admin, building)
	if err != nil {
		return "", err
	}
	if err := migrateAndClose(ctx, address); err != nil {
		return "", err
	}
	if _, err := conn.Exec(ctx, "ALTER DATABASE "+building+" RENAME TO "+name); err != nil {
		return "", fmt.Errorf("name the template: %w", err)
	}
	return name, nil
}

// migrateAndClose leaves no session behind: a database with one cannot be cloned.
func migrateAndClose(ctx context.Context, address string) error {
	_, pool, err := database.Open(ctx, address, nil)
	if err != nil {
		return err
	}
	defer pool.Close()
	return database.Migrate(ctx, pool, nil)
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

// templateName follows the content of the migrations, so that a changed file makes a new template.
func templateName() (string, error) {
	sum := sha256.New()
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
