package dbtest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"gorm.io/gorm"

	"elicensing/server/database"
)

// Prepared is New with SQL that the owner runs when a database is cloned, as a migration would. When the test ends, the database is emptied and given
// to the next one. One that was opened as its owner, or that cannot be brought back to what it was, is dropped and not given on.
func Prepared(t testing.TB, prepare string) *gorm.DB {
	t.Helper()
	shared := started(t)
	if !willBeDropped() {
		t.Fatal("the TestMain of this package must call dbtest.Main: nobody else drops what its tests leave")
	}
	r := takeFree(prepare)
	if r == nil {
		var err error
		if r, err = shared.cloneToKeep(prepare); err != nil {
			t.Fatalf("clone a test database to keep: %v", err)
		}
	}
	recycling.Lock()
	recycling.live[r.name] = r
	recycling.Unlock()
	t.Cleanup(func() {
		if err := giveBack(shared, r); err != nil {
			t.Errorf("give the test database on: %v", err)
		}
	})
	return r.db
}

func willBeDropped() bool {
	recycling.Lock()
	defer recycling.Unlock()
	return recycling.dropped
}

// dropFree drops the databases that no test works in.
func dropFree() error {
	recycling.Lock()
	defer recycling.Unlock()
	var failed []error
	for _, list := range recycling.free {
		for _, r := range list {
			shared, err := cluster()
			failed = append(failed, err, r.drop(shared))
		}
	}
	recycling.free = map[string][]*recycled{}
	return errors.Join(failed...)
}

// recycled is a database that goes from test to test.
type recycled struct {
	name     string
	prepare  string
	db       *gorm.DB // with the rights of the program
	pool     *pgxpool.Pool
	owner    *pgx.Conn
	question string   // which tables have rows
	kept     []string // tables with rows from the beginning
	sums     string   // of those rows
	dead     int64    // rows that were deleted and still take up room: nothing else clears them away (autovacuum is off)
	spoiled  bool     // its owner was at it
}

var recycling = struct {
	sync.Mutex
	free    map[string][]*recycled // by what they are prepared with
	live    map[string]*recycled   // by name
	dropped bool                   // Main drops them
}{free: map[string][]*recycled{}, live: map[string]*recycled{}}

func takeFree(prepare string) *recycled {
	recycling.Lock()
	defer recycling.Unlock()
	list := recycling.free[prepare]
	if len(list) == 0 {
		return nil
	}
	r := list[len(list)-1]
	recycling.free[prepare] = list[:len(list)-1]
	return r
}

// spoil notes that a database was opened as its owner, who may have changed anything.
func spoil(name string) {
	recycling.Lock()
	defer recycling.Unlock()
	if r := recycling.live[name]; r != nil {
		r.spoiled = true
	}
}

func (c testCluster) cloneToKeep(prepare string) (*recycled, error) {
	ctx, cancel := context.WithTimeout(context.Background(), setUpWithin)
	defer cancel()
	r := &recycled{name: databasePrefix + randomName(), prepare: prepare}
	if err := c.create(ctx, r.name, c.template); err != nil {
		return nil, err
	}
	address, err := withDatabase(c.admin, r.name)
	if err != nil {
		return nil, err
	}
	if r.owner, err = pgx.Connect(ctx, address); err != nil {
		return nil, err
	}
	if _, err := r.owner.Exec(ctx, prepare); err != nil {
		return nil, err
	}
	if address, err = asRole(address, c.role); err != nil {
		return nil, err
	}
	if r.db, r.pool, err = database.Open(context.Background(), address, nil); err != nil {
		return nil, err
	}
	if err := r.lookForRows(ctx); err != nil {
		return nil, err
	}
	if r.kept, err = r.tablesWithRows(ctx); err != nil {
		return nil, err
	}
	r.sums, err = r.sumsOfKept(ctx)
	return r, err
}

// giveBack empties a database for the next test, or drops it.
func giveBack(shared testCluster, r *recycled) error {
	recycling.Lock()
	delete(recycling.live, r.name)
	spoiled := r.spoiled
	recycling.Unlock()
	if spoiled || r.empty() != nil {
		return r.drop(shared)
	}
	recycling.Lock()
	defer recycling.Unlock()
	recycling.free[r.prepare] = append(recycling.free[r.prepare], r)
	return nil
}

// manyDead is how many deleted rows may lie between the living ones before they make a test slower than clearing them away would.
const manyDead = 2000

// emptyWithin bounds the wait for a transaction that a test left open.
const emptyWithin = 10 * time.Second

// empty takes all rows away that were not there from the beginning, past the triggers that guard them, and starts the sequences again.
func (r *recycled) empty() error {
	ctx, cancel := context.WithTimeout(context.Background(), emptyWithin)
	defer cancel()
	filled, err := r.tablesWithRows(ctx)
	if err != nil {
		return err
	}
	var tables []string
	for _, name := range filled {
		if !slices.Contains(r.kept, name) {
			tables = append(tables, name)
		}
	}
	batch := &pgx.Batch{}
	batch.Queue("SET LOCAL session_replication_role = replica")
	for _, name := range tables {
		// Not TRUNCATE: for a few rows the new files of a table and its indexes take longer than all the rest.
		batch.Queue("DELETE FROM " + name).Exec(func(done pgconn.CommandTag) error {
			r.dead += done.RowsAffected()
			return nil
		})
	}
	batch.Queue("SELECT setval(format('%I.%I', schemaname, sequencename), start_value, false) FROM pg_sequences WHERE last_value IS NOT NULL AND schemaname = current_schema()")
	if err := pgx.BeginFunc(ctx, r.owner, func(tx pgx.Tx) error { return tx.SendBatch(ctx, batch).Close() }); err != nil {
		return err
	}
	if r.dead > manyDead {
		if _, err := r.owner.Exec(ctx, "VACUUM"); err != nil {
			return err
		}
		r.dead = 0
	}
	sums, err := r.sumsOfKept(ctx)
	if err == nil && sums != r.sums {
		err = errors.New("rows that migrations made are changed")
	}
	return err
}

// lookForRows makes the question which tables have rows: one for all of them is quick.
func (r *recycled) lookForRows(ctx context.Context) error {
	return r.owner.QueryRow(ctx, `SELECT string_agg(format('SELECT %L WHERE EXISTS (SELECT FROM %s)', c.oid::regclass, c.oid::regclass), ' UNION ALL ' ORDER BY c.oid::regclass::text)
		FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace`).Scan(&r.question)
}

// tablesWithRows names them, quoted.
func (r *recycled) tablesWithRows(ctx context.Context) ([]string, error) {
	rows, err := r.owner.Query(ctx, r.question)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

func (r *recycled) sumsOfKept(ctx context.Context) (string, error) {
	var all strings.Builder
	for _, name := range r.kept {
		var sum string
		err := r.owner.QueryRow(ctx, fmt.Sprintf("SELECT coalesce(md5(string_agg(t::text, ' ' ORDER BY t::text)), '') FROM %s t", name)).Scan(&sum)
		if err != nil {
			return "", err
		}
		all.WriteString(name + " " + sum + "\n")
	}
	return all.String(), nil
}

func (r *recycled) drop(shared testCluster) error {
	ctx, cancel := context.WithTimeout(context.Background(), setUpWithin)
	defer cancel()
	r.pool.Close()
	return errors.Join(r.owner.Close(ctx), shared.run(ctx, "DROP DATABASE IF EXISTS "+r.name+" WITH (FORCE)"))
}
