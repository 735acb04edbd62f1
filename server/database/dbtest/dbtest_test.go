package dbtest_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"elicensing/server/database/dbtest"
)

func TestNewIsMigrated(t *testing.T) {
	db := dbtest.New(t)
	var version int64
	if err := db.Raw("SELECT max(version_id) FROM goose_db_version").Scan(&version).Error; err != nil {
		t.Fatal(err)
	}
	if version < 1 {
		t.Fatalf("schema version %d, want at least the first migration", version)
	}
}

func TestDatabasesDoNotShareRows(t *testing.T) {
	first, second := dbtest.New(t), dbtest.New(t)
	if err := dbtest.Owner(t, first).Exec("CREATE TABLE seen (id int)").Error; err != nil {
		t.Fatal(err)
	}
	var there bool
	if err := second.Raw("SELECT to_regclass('seen') IS NOT NULL").Scan(&there).Error; err != nil {
		t.Fatal(err)
	}
	if there {
		t.Fatal("a table made in one test's database is visible in another's")
	}
}

func TestDatabaseIsDroppedAfterTheTest(t *testing.T) {
	var address string
	t.Run("inner", func(t *testing.T) { address = dbtest.URL(t) })
	conn, err := pgx.Connect(context.Background(), address)
	if err == nil {
		t.Fatalf("the database of an ended test still answers (close: %v)", conn.Close(context.Background()))
	}
}

func TestParallelClones(t *testing.T) {
	for range 8 {
		t.Run("clone", func(t *testing.T) {
			t.Parallel()
			if err := dbtest.New(t).Exec("SELECT 1").Error; err != nil {
				t.Error(err)
			}
		})
	}
}
