package main

import (
	"io"
	"sync"
	"testing"

	"elicensing/server/database"
)

// The real program, its own PostgreSQL, the real gateway over HTTP; both are killed with -9 in the middle of filings and started again (I1, I28).
// Nothing that was acknowledged is lost, nothing is doubled, numbers have no gap, and every payment at the gateway ends in one filed application.
func TestKilledInTheMiddleOfFilings(t *testing.T) {
	const filings = 200
	m := newMachine(t)
	m.start()
	defer m.kill()

	var done sync.WaitGroup
	var mu sync.Mutex
	acknowledged := map[string]string{} // application → the last state that a client was told
	stop := make(chan struct{})
	left := filings
	take := func() bool {
		mu.Lock()
		defer mu.Unlock()
		left--
		return left >= 0
	}
	for _, person := range []string{"person", "sole-trader", "director"} {
		done.Go(func() {
			b := m.browser(person)
			for take() {
				b.file(func(id, state string) {
					mu.Lock()
					defer mu.Unlock()
					acknowledged[id] = state
				})
			}
		})
	}
	go func() {
		done.Wait()
		close(stop)
	}()
	m.murder(stop)

	// Every payment that was begun is settled by now or by the next look at the gateway.
	db, pool, err := database.Open(t.Context(), m.databaseURL(), newLog(io.Discard))
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	count := func(sql string, args ...any) (n int) {
		t.Helper()
		if err := db.Raw(sql, args...).Scan(&n).Error; err != nil {
			t.Fatal(err)
		}
		return n
	}
	m.until(func() bool {
		return count("SELECT count(*) FROM applications WHERE state = 'awaiting_payment'") == 0
	})
	if n := count("SELECT count(*) FROM applications WHERE state = 'filed'"); n < filings {
		t.Errorf("%d of %d filed", n, filings)
	}
	for id, state := range acknowledged {
		if count("SELECT count(*) FROM applications WHERE id = ? AND state = 'filed'", id) != 1 {
			t.Errorf("application %s was acknowledged as %s and is lost", id, state)
		}
	}
	pool.Close()
	m.stop()
	t.Logf("%d kills; after them:\n%s", m.kills, m.check())
}
