package payments_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"elicensing/payments"
	"elicensing/server/database/dbtest"
)

func TestRefreshAppliesWhatNoNoticeTold(t *testing.T) {
	w := newWorld(t)
	inv, page := w.started()
	w.choose(page, "succeeds")
	late := w.notices()
	got, err := w.service.Refresh(w.ctx(), inv.ID, file)
	if err != nil || got.State != payments.InvoicePaid {
		t.Fatalf("%s, %v", got.State, err)
	}
	for _, n := range late {
		check(t, w.receive(n))
	}
	_, err = w.service.Refresh(w.ctx(), inv.ID, file)
	check(t, err)
	w.wantPaidOnce(inv.ID)
}

func TestRefreshAfterALostAnswerToCreate(t *testing.T) {
	w := newWorld(t)
	inv := w.open(request())
	w.wire.set(func(wire *wire) { wire.deaf = 1 })
	_, err := w.service.Start(w.ctx(), inv.ID, returnURL)
	wantError(t, err, payments.ErrGatewayUnavailable)
	got, err := w.service.Refresh(w.ctx(), inv.ID, file)
	if err != nil || got.Payment.GatewayID == nil || got.Payment.PageURL == "" {
		t.Fatalf("%+v, %v", got.Payment, err)
	}
}

func TestRefreshOfAnUnstartedInvoiceAsksNobody(t *testing.T) {
	w := newWorld(t)
	w.wire.set(func(wire *wire) { wire.down = true })
	inv := w.open(request())
	got, err := w.service.Refresh(w.ctx(), inv.ID, file)
	if err != nil || got.State != payments.InvoiceOpen {
		t.Fatalf("%s, %v", got.State, err)
	}
}

func TestRefreshWhileTheGatewayIsDown(t *testing.T) {
	w := newWorld(t)
	inv, page := w.started()
	w.choose(page, "succeeds")
	w.wire.set(func(wire *wire) { wire.down = true })
	_, err := w.service.Refresh(w.ctx(), inv.ID, file)
	wantError(t, err, payments.ErrGatewayUnavailable)
	w.wantUntouched(inv.ID)
}

// Browser, notice and job at the same instant: filed once.
func TestRefreshRacesTheNotice(t *testing.T) {
	w := newWorld(t)
	for range 10 {
		inv, page := w.started()
		w.choose(page, "succeeds")
		var group sync.WaitGroup
		group.Go(w.deliverAll)
		for range 3 {
			group.Go(func() {
				if _, err := w.service.Refresh(w.ctx(), inv.ID, file); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		w.wantPaidOnce(inv.ID)
	}
}

// I8: no notice at all. The job finds the payments within its period, each once, also
// when two copies of the portal run it.
func TestRefreshOpenFindsThePaid(t *testing.T) {
	w := newWorld(t)
	var ids []payments.Invoice
	for range 6 {
		inv, page := w.started()
		w.choose(page, "succeeds")
		ids = append(ids, inv)
	}
	w.open(request()) // never started: nothing to ask
	if n, err := w.service.RefreshOpen(w.ctx(), time.Minute, file); err != nil || n != 0 {
		t.Fatalf("too early: %d, %v", n, err)
	}
	w.clock.advance(time.Minute)
	total := 0
	var mu sync.Mutex
	var group sync.WaitGroup
	for range 2 {
		group.Go(func() {
			n, err := w.service.RefreshOpen(w.ctx(), time.Minute, file)
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			total += n
		})
	}
	group.Wait()
	if total != 6 {
		t.Fatalf("%d found paid, want 6", total)
	}
	for _, inv := range ids {
		w.wantPaidOnce(inv.ID)
	}
}

// What another copy of the portal is looking at just now is left to it, not waited for.
func TestRefreshOpenSkipsWhatIsTaken(t *testing.T) {
	w := newWorld(t)
	taken, page := w.started()
	w.choose(page, "succeeds")
	free, page := w.started()
	w.choose(page, "succeeds")
	w.clock.advance(time.Minute)
	check(t, w.db.Transaction(func(tx *gorm.DB) error {
		if err := tx.Exec("SELECT 1 FROM gateway_payments WHERE invoice_id = ? FOR UPDATE", taken.ID).Error; err != nil {
			return err
		}
		n, err := w.service.RefreshOpen(w.ctx(), time.Minute, file)
		if err == nil && n != 1 {
			t.Errorf("%d paid, want the free one", n)
		}
		return err
	}))
	w.wantPaidOnce(free.ID)
	if got := w.get(taken.ID).State; got != payments.InvoiceOpen {
		t.Errorf("the taken one is %s", got)
	}
}

func TestRefreshOpenGoesOnAfterABadOne(t *testing.T) {
	w := newWorld(t)
	bad, page := w.started()
	w.choose(page, "succeeds")
	w.clock.advance(time.Second)
	good, page := w.started()
	w.choose(page, "succeeds")
	w.clock.advance(time.Minute)
	broken := errors.New("cannot file")
	n, err := w.service.RefreshOpen(w.ctx(), time.Minute, func(tx *gorm.DB, inv payments.Invoice) error {
		if inv.ID == bad.ID {
			return broken
		}
		return file(tx, inv)
	})
	wantError(t, err, broken)
	if n != 1 {
		t.Fatalf("%d paid", n)
	}
	w.wantPaidOnce(good.ID)
	if got := w.get(bad.ID).State; got != payments.InvoiceOpen {
		t.Fatalf("half done: %s", got)
	}
	w.clock.advance(time.Minute) // and the bad one is tried again
	if n, err := w.service.RefreshOpen(w.ctx(), time.Minute, file); err != nil || n != 1 {
		t.Fatalf("%d, %v", n, err)
	}
	w.wantPaidOnce(bad.ID)
}

// A gateway out of reach is given up after a few failures in a row; those that were not asked about are the first in the next round, so that
// none is left out for ever.
func TestRefreshOpenIsFairWhileTheGatewayIsDown(t *testing.T) {
	w := newWorld(t)
	for range 8 {
		w.started()
		w.clock.advance(time.Second)
	}
	w.wire.set(func(net *wire) { net.down = true })
	asked := map[string]int{}
	for range 3 {
		w.clock.advance(2 * time.Minute)
		w.wire.set(func(net *wire) { net.requests = nil })
		_, err := w.service.RefreshOpen(w.ctx(), time.Minute, file)
		wantError(t, err, payments.ErrGatewayUnavailable)
		if n := len(w.wire.requests); n != 3 {
			t.Fatalf("%d requests to a gateway that is down", n)
		}
		for _, r := range w.wire.requests {
			asked[r]++
		}
	}
	if len(asked) != 8 {
		t.Errorf("%d of 8 were asked about in 9 questions: %v", len(asked), asked)
	}
}

// One payment of which the gateway says nonsense, and one that a receipt should have paid and none did, hold up nobody.
func TestRefreshOpenGoesOnAfterNonsense(t *testing.T) {
	w := newWorld(t)
	var bad []payments.Invoice
	for range 5 {
		inv, page := w.started()
		w.choose(page, "succeeds")
		bad = append(bad, inv)
	}
	byReceipt, r := w.byReceipt(nil)
	check(t, w.confirm(r))
	check(t, dbtest.Unguarded(t, w.db).Exec("UPDATE bank_receipts SET state = 'given_up', judged_at = NULL").Error)
	w.clock.advance(time.Second)
	good, page := w.started()
	w.choose(page, "succeeds")
	w.clock.advance(time.Minute)
	w.wire.set(func(net *wire) {
		net.says = map[string]string{}
		for _, inv := range bad {
			net.says["GET /api/payments/"+*inv.Payment.GatewayID] = "<html>"
		}
	})
	n, err := w.service.RefreshOpen(w.ctx(), time.Minute, file)
	wantError(t, err, payments.ErrGatewayNonsense)
	if errors.Is(err, payments.ErrGatewayUnavailable) || n != 1 || w.get(good.ID).State != payments.InvoicePaid || w.get(byReceipt.ID).State != payments.InvoiceOpen {
		t.Errorf("%d paid, %v", n, err)
	}
	w.standByNothing()
	w.clock.advance(time.Minute)
	if n, err := w.service.RefreshOpen(w.ctx(), time.Minute, file); n != len(bad) {
		t.Errorf("%d paid, %v", n, err)
	}
}

// A gateway out of reach holds up no other one.
func TestRefreshOpenGoesOnAtTheOtherGateway(t *testing.T) {
	w := newWorld(t)
	for range 4 {
		w.started()
	}
	inv, r := w.byReceipt(nil)
	check(t, w.confirm(r))
	w.clock.advance(time.Minute)
	w.wire.set(func(net *wire) { net.down = true })
	n, err := w.service.RefreshOpen(w.ctx(), time.Minute, file)
	wantError(t, err, payments.ErrGatewayUnavailable)
	if n != 1 || w.get(inv.ID).State != payments.InvoicePaid {
		t.Errorf("%d paid", n)
	}
}

// What has not moved for long is asked about less and less often, and still asked about.
func TestRefreshOpenBacksOffByAge(t *testing.T) {
	w := newWorld(t)
	w.started()
	for _, c := range []struct{ age, between time.Duration }{{time.Minute, time.Minute}, {2 * time.Hour, 5 * time.Minute}, {48 * time.Hour, 30 * time.Minute}} {
		w.clock.advance(c.age)
		for _, step := range []struct {
			wait  time.Duration
			asked int
		}{{0, 1}, {c.between - time.Second, 0}, {time.Second, 1}} {
			w.clock.advance(step.wait)
			w.wire.set(func(net *wire) { net.requests = nil })
			_, err := w.service.RefreshOpen(w.ctx(), time.Minute, file)
			check(t, err)
			if n := len(w.wire.requests); n != step.asked {
				t.Errorf("unmoved for %s, %s later: asked %d times, want %d", c.age, step.wait, n, step.asked)
			}
		}
	}
}
