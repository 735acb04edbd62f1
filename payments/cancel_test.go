package payments_test

import (
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"elicensing/payments"
)

func TestCancelClosesThePaymentForGood(t *testing.T) {
	w := newWorld(t)
	inv, page := w.started()
	reopened := 0
	reopen := func(_ *gorm.DB, inv payments.Invoice) error {
		if inv.State != payments.InvoiceCancelled || inv.CancelledAt == nil {
			t.Errorf("the callback sees %s", inv.State)
		}
		reopened++
		return nil
	}
	check(t, w.service.Cancel(w.ctx(), inv.ID, file, reopen))
	check(t, w.service.Cancel(w.ctx(), inv.ID, file, reopen))
	if reopened != 1 {
		t.Fatalf("reopened %d times", reopened)
	}
	if code := w.choose(page, "succeeds"); code != http.StatusConflict {
		t.Fatalf("the page of a cancelled invoice answered %d to a payment", code)
	}
	r := request()
	r.ApplicationID = inv.ApplicationID
	w.open(r) // a new signing gets a new invoice
}

func TestCancelBeforeStartAsksNobody(t *testing.T) {
	w := newWorld(t)
	w.wire.set(func(wire *wire) { wire.down = true })
	inv := w.open(request())
	check(t, w.service.Cancel(w.ctx(), inv.ID, file, nil))
	if got := w.get(inv.ID).State; got != payments.InvoiceCancelled {
		t.Fatal(got)
	}
}

func TestCancelRefuses(t *testing.T) {
	w := newWorld(t)
	inv, page := w.started()

	w.wire.set(func(wire *wire) { wire.down = true })
	wantError(t, w.service.Cancel(w.ctx(), inv.ID, file, nil), payments.ErrGatewayUnavailable)
	w.wire.set(func(wire *wire) { wire.down = false })
	w.wantUntouched(inv.ID)

	w.choose(page, "later")
	wantError(t, w.service.Cancel(w.ctx(), inv.ID, file, nil), payments.ErrPaymentInProcess)
	if got := w.get(inv.ID); got.State != payments.InvoiceOpen || got.Payment.State != payments.StatePending {
		t.Fatalf("%s, %s", got.State, got.Payment.State)
	}
	_, err := w.service.Start(w.ctx(), inv.ID, returnURL) // shows that it is being processed
	check(t, err)

	w.clock.advance(2 * time.Minute)
	w.notices() // the bank confirms, the notice is lost
	wantError(t, w.service.Cancel(w.ctx(), inv.ID, file, nil), payments.ErrAlreadyPaid)
	w.wantPaidOnce(inv.ID)
	wantError(t, w.service.Cancel(w.ctx(), inv.ID, file, nil), payments.ErrAlreadyPaid)
}

// A failing callback leaves the invoice open; Cancel and Reissue both get out of it.
func TestCancelCutShort(t *testing.T) {
	for name, way := range map[string]func(w *world, inv payments.Invoice) error{
		"again": func(w *world, inv payments.Invoice) error { return w.service.Cancel(w.ctx(), inv.ID, file, nil) },
		"reissue": func(w *world, inv payments.Invoice) error {
			fresh, err := w.service.Reissue(w.ctx(), inv.ID, file)
			if err == nil && (fresh.ID == inv.ID || fresh.State != payments.InvoiceOpen) {
				return errors.New("no new invoice")
			}
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			inv, _ := w.started()
			cut := errors.New("cut")
			wantError(t, w.service.Cancel(w.ctx(), inv.ID, file, func(*gorm.DB, payments.Invoice) error { return cut }), cut)
			w.wantUntouched(inv.ID)
			_, err := w.service.Start(w.ctx(), inv.ID, returnURL)
			wantError(t, err, payments.ErrPaymentVoided)
			check(t, way(w, inv))
			if got := w.get(inv.ID).State; got != payments.InvoiceCancelled {
				t.Fatal(got)
			}
		})
	}
}

// The answer to "create" was lost and the request may still be on its way: cancelling
// must leave nothing behind that could be paid.
func TestCancelAfterALostAnswerToCreate(t *testing.T) {
	w := newWorld(t)
	inv := w.open(request())
	w.wire.set(func(wire *wire) { wire.deaf = 1 })
	_, err := w.service.Start(w.ctx(), inv.ID, returnURL)
	wantError(t, err, payments.ErrGatewayUnavailable)
	check(t, w.service.Cancel(w.ctx(), inv.ID, file, nil))
	last := w.notices()
	if n := len(last); n != 2 || !strings.Contains(string(last[1].body), `"state":"voided"`) {
		t.Fatalf("%d notices, want created and voided", n)
	}
}

// Cancelling and paying at the same instant: exactly one of them happens, and money that
// was taken is always applied.
func TestCancelRacesThePayment(t *testing.T) {
	w := newWorld(t)
	paid, cancelled := 0, 0
	for round := range 40 {
		inv, page := w.started()
		var group sync.WaitGroup
		var cancelErr error
		group.Go(func() {
			for range round % 8 { // look at the page first, so that either may be faster
				w.choose(page, "nothing")
			}
			w.choose(page, "succeeds")
			w.deliverAll()
		})
		group.Go(func() { cancelErr = w.service.Cancel(w.ctx(), inv.ID, file, nil) })
		group.Wait()
		w.deliver()
		switch got := w.get(inv.ID); got.State {
		case payments.InvoicePaid:
			paid++
			wantError(t, cancelErr, payments.ErrAlreadyPaid)
			w.wantPaidOnce(inv.ID)
		case payments.InvoiceCancelled:
			cancelled++
			check(t, cancelErr)
			if n := w.count("SELECT count(*) FROM filed WHERE invoice_id = ?", inv.ID); n != 0 {
				t.Fatal("cancelled and filed")
			}
		default:
			t.Fatalf("neither: %s, %v", got.State, cancelErr)
		}
	}
	w.wantParked("")
	t.Logf("paid %d, cancelled %d", paid, cancelled)
}

// The two instants that a race may miss: the money is taken just before the void
// arrives, and "pay" is pressed just after.
func TestCancelAtTheInstantOfPaying(t *testing.T) {
	w := newWorld(t)
	before, page := w.started()
	w.wire.set(func(net *wire) {
		net.meddleBefore = func(*http.Request) { w.choose(page, "succeeds") }
	})
	// Cancel asks nothing of the gateway before the void itself.
	wantError(t, w.service.Cancel(w.ctx(), before.ID, file, nil), payments.ErrAlreadyPaid)
	w.wire.set(func(net *wire) { net.meddleBefore = nil })
	w.deliver()
	w.wantPaidOnce(before.ID)

	after, page := w.started()
	w.wire.set(func(net *wire) {
		net.meddle = func(*http.Request) {
			if code := w.choose(page, "succeeds"); code != http.StatusConflict {
				t.Errorf("a closed payment took money: %d", code)
			}
		}
	})
	check(t, w.service.Cancel(w.ctx(), after.ID, file, nil))
	w.deliver()
	if got := w.get(after.ID).State; got != payments.InvoiceCancelled {
		t.Fatal(got)
	}
	w.wantParked("")
}

// deliverAll is deliver for goroutines beside the test's own.
func (w *world) deliverAll() {
	if err := w.mock.Tick(w.ctx()); err != nil {
		w.t.Error(err)
	}
	w.mu.Lock()
	notices := w.caught
	w.caught = nil
	w.mu.Unlock()
	for _, n := range notices {
		if err := w.receive(n); err != nil {
			w.t.Error(err)
		}
	}
}

// "Pay" pressed between closing at the gateway and closing here.
func TestCancelRacesTheStart(t *testing.T) {
	w := newWorld(t)
	for range 30 {
		inv := w.open(request())
		var group sync.WaitGroup
		var startErr, cancelErr error
		var page string
		group.Go(func() { page, startErr = w.service.Start(w.ctx(), inv.ID, returnURL) })
		group.Go(func() { cancelErr = w.service.Cancel(w.ctx(), inv.ID, file, nil) })
		group.Wait()
		check(t, cancelErr)
		if startErr != nil && !errors.Is(startErr, payments.ErrInvoiceCancelled) && !errors.Is(startErr, payments.ErrPaymentVoided) {
			t.Fatal(startErr)
		}
		if page != "" && w.choose(page, "succeeds") != http.StatusConflict {
			t.Fatal("the page of a cancelled invoice took money")
		}
		if got := w.get(inv.ID).State; got != payments.InvoiceCancelled {
			t.Fatal(got)
		}
	}
}
