package dbtest_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"elicensing/server/database/dbtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

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

// A database that is given on is as the first one was: without rows, its numbers from the beginning; one that its owner was at is not given on.
func TestRecycledIsEmptied(t *testing.T) {
	const prepare = "CREATE TABLE seen (id bigint GENERATED ALWAYS AS IDENTITY, word text); GRANT SELECT, INSERT ON seen TO PUBLIC; " +
		"CREATE FUNCTION never() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'never'; END $$; " +
		"CREATE TRIGGER never BEFORE TRUNCATE ON seen FOR EACH STATEMENT EXECUTE FUNCTION never()"
	use := func(owner bool) (name string) {
		t.Run("use", func(t *testing.T) {
			db := dbtest.Prepared(t, prepare)
			var rows, id, invoice int
			for _, step := range []struct {
				sql  string
				into *int
			}{
				{"SELECT count(*) FROM seen", &rows}, {"INSERT INTO seen (word) VALUES ('a') RETURNING id", &id}, {"SELECT nextval('invoice_numbers')", &invoice},
			} {
				if err := db.Raw(step.sql).Scan(step.into).Error; err != nil {
					t.Fatal(err)
				}
			}
			if err := db.Raw("SELECT current_database()").Scan(&name).Error; err != nil || rows != 0 || id != 1 || invoice != 1 {
				t.Errorf("%d rows, id %d, number %d, %v", rows, id, invoice, err)
			}
			if err := db.Exec("DELETE FROM seen").Error; err == nil {
				t.Error("works with more rights than the program has")
			}
			if owner {
				dbtest.Owner(t, db)
			}
		})
		return name
	}
	first, second, third := use(false), use(true), use(false)
	if first != second || second == third {
		t.Errorf("%s, %s, %s", first, second, third)
	}
}
