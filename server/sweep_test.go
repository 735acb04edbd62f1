package server_test

import (
	"context"
	"testing"
	"time"

	"elicensing/server/servertest"
)

// What nobody can use or ask about any more is removed, and nothing a moment sooner: a challenge an hour after its end, a session thirty days after
// its own, a press after a week.
func TestWhatIsOverIsSwept(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	p.At("awaiting_payment")
	for _, c := range []struct {
		table, ends string
		kept        time.Duration
		sweep       func(context.Context) error
	}{
		{"challenges", "expires_at", time.Hour, p.Identity.Sweep},
		{"idempotency_keys", "created_at", 7 * 24 * time.Hour, p.Applications.SweepPresses},
		{"sessions", "expires_at", 30 * 24 * time.Hour, p.Identity.Sweep},
	} {
		var last time.Time
		if err := p.DB.Raw("SELECT max(" + c.ends + ") FROM " + c.table).Scan(&last).Error; err != nil {
			t.Fatal(err)
		}
		left := func(at time.Time) int64 {
			p.Clock.Set(at)
			if err := c.sweep(t.Context()); err != nil {
				t.Fatal(err)
			}
			return p.Count("SELECT count(*) FROM " + c.table)
		}
		end := last.Add(c.kept)
		if before, after := left(end), left(end.Add(time.Second)); before == 0 || after != 0 {
			t.Errorf("%s: %d at the last moment and %d after it", c.table, before, after)
		}
	}
}
