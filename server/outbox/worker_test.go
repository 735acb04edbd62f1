package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"elicensing/server/database/dbtest"
	"elicensing/server/outbox"
)

// receiver records what reached it, by message, and refuses while told to.
type receiver struct {
	mu     sync.Mutex
	calls  map[int64]int
	refuse func(m outbox.Message) error
}

func (r *receiver) take(_ context.Context, m outbox.Message) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.calls == nil {
		r.calls = map[int64]int{}
	}
	r.calls[m.ID]++
	if r.refuse != nil {
		return r.refuse(m)
	}
	return nil
}

func (r *receiver) total() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := 0
	for _, c := range r.calls {
		n += c
	}
	return n
}

func worker(db *gorm.DB, r *receiver) *outbox.Worker {
	return &outbox.Worker{DB: db, Log: slog.New(slog.DiscardHandler), Handlers: map[string]outbox.Handler{"test": r.take}}
}

func put(t *testing.T, db *gorm.DB, n int) {
	t.Helper()
	err := db.Transaction(func(tx *gorm.DB) error {
		for i := range n {
			if err := outbox.Put(tx, "test", map[string]int{"i": i}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func count(t *testing.T, db *gorm.DB, where string, args ...any) int {
	t.Helper()
	var n int64
	if err := db.Raw("SELECT count(*) FROM outbox WHERE "+where, args...).Scan(&n).Error; err != nil {
		t.Fatal(err)
	}
	return int(n)
}

// drain runs until nothing is due.
func drain(t *testing.T, w *outbox.Worker) {
	t.Helper()
	for {
		n, err := w.RunOnce(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
}

// once handles what is due, one batch of it.
func once(t *testing.T, w *outbox.Worker) {
	t.Helper()
	if _, err := w.RunOnce(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// makeDue lets the back-off of every waiting message pass.
func makeDue(t *testing.T, db *gorm.DB) {
	t.Helper()
	if err := db.Exec("UPDATE outbox SET next_attempt_at = clock_timestamp()").Error; err != nil {
		t.Fatal(err)
	}
}

func TestNothingIsSentForWhatWasRolledBack(t *testing.T) {
	db, r := dbtest.New(t), &receiver{}
	stop := errors.New("stop")
	err := db.Transaction(func(tx *gorm.DB) error {
		if err := outbox.Put(tx, "test", map[string]string{"a": "b"}); err != nil {
			return err
		}
		return stop
	})
	if !errors.Is(err, stop) {
		t.Fatal(err)
	}
	drain(t, worker(db, r))
	if r.total() != 0 {
		t.Error("sent")
	}
}

func TestBadMessagesAreRefusedAtOnce(t *testing.T) {
	db := dbtest.New(t)
	if outbox.Put(db, "", 1) == nil {
		t.Error("no kind")
	}
	if outbox.Put(db, "test", func() {}) == nil {
		t.Error("not JSON")
	}
	if n := count(t, db, "true"); n != 0 {
		t.Errorf("%d rows", n)
	}
}

// I30: several workers at once, each message once.
func TestSeveralWorkersShareTheWork(t *testing.T) {
	db, r := dbtest.New(t), &receiver{}
	put(t, db, 100)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			w := worker(db, r)
			for {
				n, err := w.RunOnce(context.Background())
				if err != nil {
					t.Error(err)
				}
				if n == 0 || err != nil {
					return
				}
			}
		})
	}
	all.Wait()
	if len(r.calls) != 100 || r.total() != 100 || count(t, db, "done_at IS NOT NULL AND attempts = 1") != 100 {
		t.Errorf("%d messages in %d calls", len(r.calls), r.total())
	}
}

func TestAFailureIsTriedLaterAndThenGivenUp(t *testing.T) {
	db := dbtest.New(t)
	r := &receiver{refuse: func(outbox.Message) error { return errors.New("mail server says no") }}
	w := worker(db, r)
	w.MaxAttempts = 3
	put(t, db, 1)
	for attempt := 1; attempt <= 3; attempt++ {
		var begun time.Time
		if err := db.Raw("SELECT clock_timestamp()").Scan(&begun).Error; err != nil {
			t.Fatal(err)
		}
		once(t, w)
		if r.total() != attempt {
			t.Fatalf("attempt %d: %d calls", attempt, r.total())
		}
		if count(t, db, "next_attempt_at >= ?::timestamptz + interval '1 second'", begun) != 1 {
			t.Errorf("attempt %d: the next one is at once", attempt)
		}
		// However slow this machine is, the back-off has not passed.
		if err := db.Exec("UPDATE outbox SET next_attempt_at = next_attempt_at + interval '1 hour'").Error; err != nil {
			t.Fatal(err)
		}
		drain(t, w)
		if r.total() != attempt {
			t.Fatalf("attempt %d was repeated before its time", attempt)
		}
		if count(t, db, "last_error = 'mail server says no'") != 1 {
			t.Error("the reason is not kept")
		}
		makeDue(t, db)
	}
	drain(t, w)
	if r.total() != 3 || count(t, db, "given_up_at IS NOT NULL AND done_at IS NULL") != 1 {
		t.Errorf("%d calls, given up: %d", r.total(), count(t, db, "given_up_at IS NOT NULL"))
	}
}

// One message that breaks its handler does not keep the others.
func TestAPanicIsAFailureOfOneMessage(t *testing.T) {
	db := dbtest.New(t)
	r := &receiver{}
	first := true
	r.refuse = func(outbox.Message) error {
		if first {
			first = false
			panic("broken letter")
		}
		return nil
	}
	put(t, db, 3)
	once(t, worker(db, r))
	if count(t, db, "done_at IS NOT NULL") != 2 || count(t, db, "last_error LIKE 'panic:%'") != 1 {
		t.Error("the others were not sent")
	}
}

// A worker that dies between taking and marking: the message comes back when its lease has run out, not before.
func TestALeaseRunsOut(t *testing.T) {
	db := dbtest.New(t)
	put(t, db, 1)
	ctx, cancel := context.WithCancel(t.Context())
	dying := &outbox.Worker{DB: db, Log: slog.New(slog.DiscardHandler), Handlers: map[string]outbox.Handler{"test": func(context.Context, outbox.Message) error {
		cancel()
		return db.Exec("UPDATE outbox SET attempts = attempts + 1").Error // another took it since: what the dying one says no longer counts
	}}}
	if _, err := dying.RunOnce(ctx); err != nil {
		t.Fatal(err)
	}
	if count(t, db, "done_at IS NULL") != 1 {
		t.Fatal("a worker whose lease was over marked the message as done")
	}
	r := &receiver{}
	drain(t, worker(db, r))
	if r.total() != 0 {
		t.Error("taken before the lease was over")
	}
	makeDue(t, db)
	drain(t, worker(db, r))
	if r.total() != 1 || count(t, db, "done_at IS NOT NULL") != 1 {
		t.Error("not taken after the lease was over")
	}
}

func TestKindsOfOtherCopiesAreLeft(t *testing.T) {
	db, r := dbtest.New(t), &receiver{}
	if err := outbox.Put(db, "of a newer version", 1); err != nil {
		t.Fatal(err)
	}
	drain(t, worker(db, r))
	if r.total() != 0 || count(t, db, "attempts = 0") != 1 {
		t.Error("taken without a handler")
	}
	if _, err := (&outbox.Worker{DB: db}).RunOnce(t.Context()); err == nil {
		t.Error("a worker without handlers works")
	}
}

// Stopping finishes the message in hand and gives the others back untried.
func TestAWorkerStopsGracefully(t *testing.T) {
	db := dbtest.New(t)
	put(t, db, 5)
	ctx, cancel := context.WithCancel(t.Context())
	r := &receiver{refuse: func(outbox.Message) error { cancel(); return nil }}
	ended := make(chan error, 1)
	go func() { ended <- worker(db, r).Run(ctx) }()
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(time.Minute):
		t.Fatal("does not stop")
	}
	if r.total() != 1 || count(t, db, "done_at IS NOT NULL") != 1 || count(t, db, "attempts = 0 AND next_attempt_at <= clock_timestamp()") != 4 {
		t.Errorf("%d calls, %d done, %d untried", r.total(), count(t, db, "done_at IS NOT NULL"), count(t, db, "attempts = 0"))
	}
}

func TestTheKeptReasonIsShort(t *testing.T) {
	db := dbtest.New(t)
	long := fmt.Sprintf("%01000d", 7)
	r := &receiver{refuse: func(outbox.Message) error { return errors.New(long) }}
	put(t, db, 1)
	drain(t, worker(db, r))
	if count(t, db, "length(last_error) = 300") != 1 {
		t.Error("the reason was not cut")
	}
}
