// Package dbtest gives a test a PostgreSQL database of its own with every migration applied. For tests only.
//
// The server is the one at ELICENSING_TEST_DATABASE_URL when that is set (its user must be allowed to create databases), else a
// local one that this test binary starts in a folder kept between runs. The migrations run once into a template, which is cloned. A clone
// goes from test to test, emptied in between: making one, dropping it and connecting to it anew takes more time than most tests do. Tests
// work as a role that has the program's rights (server/database/rights.go).
package dbtest

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"gorm.io/gorm"

	"elicensing/server/database"
)

// setUpWithin bounds every wait on the server, so that a broken one fails the test instead of hanging it.
const setUpWithin = 2 * time.Minute

// cluster is what all tests of this binary share.
var cluster = sync.OnceValues(startCluster)

// Main is what the TestMain of every package that uses New or Prepared calls: it runs the tests and drops the databases that went from one to
// the next.
func Main(m *testing.M) {
	recycling.Lock()
	recycling.dropped = true
	recycling.Unlock()
	code := m.Run()
	if err := dropFree(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = max(code, 1)
	}
	os.Exit(code)
}

// New opens a migrated database that is as fresh as a clone of its own. Tests work in it with the rights of the program, not with those of the
// owner.
func New(t testing.TB) *gorm.DB {
	t.Helper()
	return Prepared(t, "")
}

// URL is the address of a fresh, migrated database that is dropped when the test ends, for tests that start whole servers. Who connects has
// the rights of the program.
func URL(t testing.TB) string {
	t.Helper()
	shared := started(t)
	address, err := asRole(shared.clone(t, shared.template), shared.role)
	if err != nil {
		t.Fatalf("address of the test database: %v", err)
	}
	return address
}

// Owner opens the database that db was opened on by New once more, as its owner: to make what migrations make, to change what the program may
// not, to see that a checker finds it.
func Owner(t testing.TB, db *gorm.DB) *gorm.DB {
	t.Helper()
	return open(t, OwnerURL(t, db))
}

// Unguarded is Owner after everything that guards the rows of this test's database has been taken away, triggers and references: to make what
// could never come about, and see that it is found.
func Unguarded(t testing.TB, db *gorm.DB) *gorm.DB {
	t.Helper()
	owner := Owner(t, db)
	err := owner.Exec(`DO $$
		DECLARE r record;
		BEGIN
			FOR r IN SELECT conrelid::regclass AS owner, conname FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace LOOP
				EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', r.owner, r.conname);
			END LOOP;
			FOR r IN SELECT oid::regclass AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace LOOP
				EXECUTE format('ALTER TABLE %s DISABLE TRIGGER USER', r.name);
			END LOOP;
		END $$`).Error
	if err != nil {
		t.Fatalf("take the guards of the test database away: %v", err)
	}
	return owner
}

// OwnerURL is the address of the database that db was opened on, as its owner.
func OwnerURL(t testing.TB, db *gorm.DB) string {
	t.Helper()
	var name string
	if err := db.Raw("SELECT current_database()").Scan(&name).Error; err != nil {
		t.Fatalf("name of the test database: %v", err)
	}
	spoil(name)
	address, err := withDatabase(started(t).admin, name)
	if err != nil {
		t.Fatalf("address of the test database: %v", err)
	}
	return address
}

// RoleURL is the same address for the role that tests work as.
func RoleURL(t testing.TB, db *gorm.DB) string {
	t.Helper()
	address, _ := RoleOf(t, OwnerURL(t, db))
	return address
}

// RoleOf is an address for the role that tests work as, in place of the owner's, and the name of that role.
func RoleOf(t testing.TB, owner string) (address, role string) {
	t.Helper()
	role = started(t).role
	address, err := asRole(owner, role)
	if err != nil {
		t.Fatalf("address of the test database: %v", err)
	}
	return address, role
}

// Separated reports whether tests work as a role of their own. It fails the test where that must be so.
func Separated(t testing.TB) bool {
	t.Helper()
	if started(t).role != "" {
		return true
	}
	if os.Getenv("CI") != "" {
		t.Fatal("the user of ELICENSING_TEST_DATABASE_URL may not make roles (ALTER ROLE … CREATEROLE)")
	}
	return false
}

// EmptyURL is the address of a fresh database without any migration and of its owner, for tests of the migrations themselves.
func EmptyURL(t testing.TB) string {
	t.Helper()
	return started(t).clone(t, "template0")
}

func started(t testing.TB) testCluster {
	t.Helper()
	shared, err := cluster()
	if err != nil {
		t.Fatalf("prepare PostgreSQL for tests: %v", err)
	}
	return shared
}

func open(t testing.TB, address string) *gorm.DB {
	t.Helper()
	db, pool, err := database.Open(t.Context(), address, nil)
	if err != nil {
		t.Fatalf("open the test database: %v", err)
	}
	t.Cleanup(pool.Close)
	return db
}

// testCluster is a server and the name of its migrated template.
type testCluster struct {
	admin    string        // address of the database from which others are created
	pool     *pgxpool.Pool // to there
	strategy string        // of copying the template
	template string
	role     string // that tests work as; "" when the server's user may not make one
}

func (c testCluster) clone(t testing.TB, template string) string {
	t.Helper()
	name := databasePrefix + randomName()
	ctx, cancel := context.WithTimeout(context.Background(), setUpWithin)
	defer cancel()
	if err := c.create(ctx, name, template); err != nil {
		t.Fatalf("clone the test database: %v", err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), setUpWithin) // the test's own context has ended
		defer cancel()
		if err := c.run(ctx, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
			t.Errorf("drop the test database: %v", err)
		}
	})
	address, err := withDatabase(c.admin, name)
	if err != nil {
		t.Fatalf("address of the test database: %v", err)
	}
	return address
}

func (c testCluster) create(ctx context.Context, name, template string) error {
	return c.run(ctx, "CREATE DATABASE "+name+" TEMPLATE "+template+c.strategy)
}

// run executes one statement outside any transaction.
func (c testCluster) run(ctx context.Context, statement string) error {
	_, err := c.pool.Exec(ctx, statement)
	return err
}

func randomName() string {
	var random [6]byte
	rand.Read(random[:]) // never fails (crypto/rand since Go 1.24)
	return hex.EncodeToString(random[:])
}

// withDatabase points a postgres:// address at another database of the same server.
func withDatabase(address, name string) (string, error) {
	parsed, err := url.Parse(address)
	if err != nil {
		return "", err
	}
	parsed.Path = "/" + strings.TrimPrefix(name, "/")
	return parsed.String(), nil
}

// asRole makes who connects take on a role from the first statement on, and after every RESET.
func asRole(address, role string) (string, error) {
	if role == "" {
		return address, nil
	}
	parsed, err := url.Parse(address)
	if err != nil {
		return "", err
	}
	query := parsed.Query()
	query.Set("role", role)
	parsed.RawQuery = query.Encode()
	return parsed.String(), nil
}
