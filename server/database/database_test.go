package database

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"gorm.io/gorm"

	"elicensing/server/database/localpg"
)

// address starts a server for the test. dbtest would do, but it imports this package.
func address(t *testing.T) string {
	t.Helper()
	server, err := localpg.Start(t.Context(), localpg.Options{Dir: t.TempDir(), Disposable: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	return server.URL()
}

func open(t *testing.T, url string, logger *slog.Logger) (*gorm.DB, *pgxpool.Pool) {
	t.Helper()
	db, pool, err := Open(t.Context(), url, logger)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return db, pool
}

func TestOpenRefusesWithoutSayingThePassword(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	for name, url := range map[string]string{
		"nobody listens":  "postgres://portal:s3cret-word@127.0.0.1:1/elicensing",
		"not an address":  "postgres://portal:s3cret-word@127.0.0.1:port/elicensing",
		"unknown setting": "postgres://portal:s3cret-word@127.0.0.1:1/elicensing?sslmode=perhaps",
	} {
		_, pool, err := Open(ctx, url, nil)
		if err == nil {
			pool.Close()
			t.Errorf("%s: opened", name)
			continue
		}
		if strings.Contains(err.Error(), "s3cret-word") {
			t.Errorf("%s: the error holds the password: %v", name, err)
		}
	}
}

func TestConnections(t *testing.T) {
	url := address(t)
	var log bytes.Buffer
	db, pool := open(t, url, slog.New(slog.NewTextHandler(&log, nil)))

	t.Run("times come back in UTC", func(t *testing.T) {
		var at time.Time
		if err := db.Raw("SELECT timestamptz '2026-11-22 18:00:00+05'").Scan(&at).Error; err != nil {
			t.Fatal(err)
		}
		if at.Location() != time.UTC || at.Hour() != 13 {
			t.Errorf("got %v", at)
		}
	})
	t.Run("a violated rule keeps its name", func(t *testing.T) {
		if err := db.Exec("CREATE TABLE rule (n int CONSTRAINT rule_once UNIQUE); INSERT INTO rule VALUES (1)").Error; err != nil {
			t.Fatal(err)
		}
		err := db.Exec("INSERT INTO rule VALUES (1)").Error
		var violation *pgconn.PgError
		if !errors.Is(err, gorm.ErrDuplicatedKey) || !errors.As(err, &violation) || violation.ConstraintName != "rule_once" {
			t.Errorf("got %v", err)
		}
	})
	t.Run("a forgotten statement is cut off unless the address says otherwise", func(t *testing.T) {
		var limit string
		if err := db.Raw("SHOW statement_timeout").Scan(&limit).Error; err != nil || limit != "1min" {
			t.Errorf("statement_timeout %q, %v", limit, err)
		}
		patient, _ := open(t, url+"&statement_timeout=5000&pool_max_conns=3", nil)
		if err := patient.Raw("SHOW statement_timeout").Scan(&limit).Error; err != nil || limit != "5s" {
			t.Errorf("statement_timeout %q, %v", limit, err)
		}
	})
	t.Run("a slow statement is logged without its values", func(t *testing.T) {
		const slow, who = "SELECT ?::text AS who FROM pg_sleep(0.6)", "850101300123"
		var found string
		for name, ask := range map[string]func() error{
			"exec": func() error { return db.Exec(slow, who).Error },
			"scan": func() error { return db.Raw(slow, who).Scan(&found).Error },
			"row":  func() error { return db.Raw(slow, who).Row().Scan(&found) },
			"count": func() error {
				return db.Table("(SELECT pg_sleep(0.6)) AS slow").Where("? <> ''", who).Count(new(int64)).Error
			},
		} {
			log.Reset()
			if err := ask(); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if text := log.String(); !strings.Contains(text, "pg_sleep") || strings.Contains(text, who) {
				t.Errorf("%s: log: %s", name, text)
			}
		}
	})
	t.Run("a failed statement is not logged, it is returned", func(t *testing.T) {
		log.Reset()
		if err := db.Exec("SELECT ?::uuid", "850101300123").Error; err == nil || log.Len() > 0 {
			t.Errorf("error %v, log %q", err, log.String())
		}
	})
	if pool.Config().MaxConns != defaultPoolSize {
		t.Errorf("pool of %d", pool.Config().MaxConns)
	}
}

func TestMigrate(t *testing.T) {
	url := address(t)

	t.Run("copies that start at once take turns", func(t *testing.T) {
		var wait sync.WaitGroup
		failures := make([]error, 6)
		for i := range failures {
			_, pool := open(t, url, nil)
			wait.Go(func() { failures[i] = Migrate(t.Context(), pool, nil) })
		}
		wait.Wait()
		if err := errors.Join(failures...); err != nil {
			t.Fatal(err)
		}
		db, _ := open(t, url, nil)
		var doubles int
		if err := db.Raw("SELECT count(*) - count(DISTINCT version_id) FROM goose_db_version").Scan(&doubles).Error; err != nil || doubles != 0 {
			t.Errorf("%d migrations ran twice, %v", doubles, err)
		}
	})
	t.Run("the session gets its limits and lock back", func(t *testing.T) {
		db, pool := open(t, url+"&pool_max_conns=2", nil)
		if err := Migrate(t.Context(), pool, nil); err != nil {
			t.Fatal(err)
		}
		var limit string
		var held int
		if err := db.Raw("SHOW statement_timeout").Scan(&limit).Error; err != nil || limit != "1min" {
			t.Errorf("statement_timeout %q, %v", limit, err)
		}
		if err := db.Raw("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'").Scan(&held).Error; err != nil || held != 0 {
			t.Errorf("%d advisory locks are still held, %v", held, err)
		}
	})
	t.Run("a migration that fails leaves nothing of itself and is named", func(t *testing.T) {
		fresh := address(t)
		db, pool := open(t, fresh, nil)
		err := migrate(t.Context(), pool, fstest.MapFS{
			"0001_good.sql": {Data: []byte("-- +goose Up\nCREATE TABLE good ();\n")},
			"0002_bad.sql":  {Data: []byte("-- +goose Up\nCREATE TABLE half ();\nCREATE TABLE half ();\n")},
		}, nil)
		if err == nil || !strings.Contains(err.Error(), "0002_bad.sql") {
			t.Fatalf("got %v", err)
		}
		var state string
		if err := db.Raw("SELECT concat(to_regclass('good'), ',', to_regclass('half'))").Scan(&state).Error; err != nil || state != "good," {
			t.Errorf("tables %q, %v", state, err)
		}
		if err := migrate(t.Context(), pool, fstest.MapFS{
			"0001_good.sql": {Data: []byte("-- +goose Up\nCREATE TABLE good ();\n")},
			"0002_bad.sql":  {Data: []byte("-- +goose Up\nCREATE TABLE half ();\n")},
		}, nil); err != nil {
			t.Errorf("the corrected migration does not run: %v", err)
		}
	})
}
