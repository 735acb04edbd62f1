package payments_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/uuid"

	"elicensing/payments"
)

// modelRuns is how many invoices live through a random life; -short lives fewer.
const modelRuns = 150

// I8, I10: random lives. Payers press, pay, fail, leave and come back; notices are
// doubled, reordered, delayed and dropped; answers are lost; applicants reopen. At the
// end the gateway's book and ours agree: what it took is paid, booked and filed once,
// what it did not take is not, and nothing had to be parked.
func TestRandomLives(t *testing.T) {
	runs := modelRuns
	if testing.Short() {
		runs = 40
	}
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	w := newWorld(t)
	var pending []caught
	var lives []*life
	for range runs {
		l := &life{w: w, random: random, inv: w.open(request())}
		lives = append(lives, l)
		for range 2 + random.IntN(10) {
			lives[random.IntN(len(lives))].step()
			l.step()
			pending = w.shake(random, append(pending, w.notices()...))
		}
	}
	// The storm is over: nothing is lost for ever but the notices that were dropped.
	w.wire.set(func(net *wire) { net.deaf = 0 })
	w.clock.advance(10 * time.Minute)
	for _, n := range append(pending, w.notices()...) {
		if err := w.receive(n); err != nil {
			wantError(t, err, payments.ErrNoticeStale)
		}
	}
	for w.count("SELECT count(*) FROM gateway_payments WHERE state NOT IN ('paid', 'voided') AND checked_at < ?", w.clock.Now()) > 0 {
		_, err := w.service.RefreshOpen(w.ctx(), 0, file)
		check(t, err)
	}

	paid := 0
	for _, l := range lives {
		took := w.gatewayTook(l.inv.ID)
		if got := w.get(l.inv.ID); (got.State == payments.InvoicePaid) != took {
			t.Errorf("invoice %s, and the gateway took money: %v", got.State, took)
		}
		if took {
			paid++
			w.wantPaidOnce(l.inv.ID)
		}
	}
	if n := w.count("SELECT count(*) FROM filed"); n != paid {
		t.Errorf("%d filed, %d paid", n, paid)
	}
	w.wantParked("")
	t.Logf("%d of %d paid", paid, runs)
}

// gatewayTook asks the gateway's own book.
func (w *world) gatewayTook(invoice uuid.UUID) bool {
	w.t.Helper()
	state, ok := w.mock.State(invoice.String())
	return ok && state == payments.StatePaid
}

// life is one invoice and what its people do.
type life struct {
	w      *world
	random *rand.Rand
	inv    payments.Invoice
	page   string
}

// step does one thing that somebody may do. Refusals are part of life.
func (l *life) step() {
	w, t := l.w, l.w.t
	t.Helper()
	w.wire.set(func(net *wire) {
		net.deaf = 0
		if l.random.IntN(4) == 0 {
			net.deaf = 1
		}
	})
	defer w.wire.set(func(net *wire) { net.deaf = 0 })
	var err error
	switch l.random.IntN(12) {
	case 0, 1, 2:
		var page string
		if page, err = w.service.Start(w.ctx(), l.inv.ID, returnURL); err == nil {
			l.page = page
		}
	case 3, 4, 5, 6:
		if l.page != "" {
			w.choose(l.page, []string{"succeeds", "refused", "later", "cancel"}[l.random.IntN(4)])
		}
	case 7:
		_, err = w.service.Refresh(w.ctx(), l.inv.ID, file)
	case 8:
		err = w.service.Cancel(w.ctx(), l.inv.ID, file, nil)
	case 9:
		_, err = w.service.RefreshOpen(w.ctx(), time.Minute, file)
	default:
		w.clock.advance(time.Duration(l.random.IntN(40)) * time.Second)
	}
	if err == nil {
		return
	}
	switch codeOf(err) {
	case "invoice_already_paid", "invoice_cancelled", "payment_voided", "payment_in_process", "gateway_unavailable":
	default:
		t.Fatalf("a step failed: %v", err)
	}
}

// shake hands on some of the notices, in any order, some twice; it loses some and keeps
// the rest for later.
func (w *world) shake(random *rand.Rand, notices []caught) (kept []caught) {
	w.t.Helper()
	random.Shuffle(len(notices), func(i, j int) { notices[i], notices[j] = notices[j], notices[i] })
	for _, n := range notices {
		switch random.IntN(8) {
		case 0: // dropped
		case 1, 2: // delayed
			kept = append(kept, n)
		default:
			for range 1 + random.IntN(3) {
				if err := w.receive(n); err != nil {
					wantError(w.t, err, payments.ErrNoticeStale)
				}
			}
		}
	}
	return kept
}
