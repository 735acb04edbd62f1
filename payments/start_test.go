package payments_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"elicensing/payments"
)

// atGateway counts the payments that the gateway knows, by what it sends about them.
func (w *world) atGateway() int {
	ids := map[string]bool{}
	for _, n := range w.notices() {
		_, id, _ := strings.Cut(string(n.body), `"payment":{"id":"`)
		ids[id[:36]] = true
	}
	return len(ids)
}

// I8: "pay" pressed twenty times at once.
func TestStartPressedTwentyTimesMakesOnePayment(t *testing.T) {
	w := newWorld(t)
	inv := w.open(request())
	pages := make([]string, 20)
	var group sync.WaitGroup
	for i := range pages {
		group.Go(func() {
			page, err := w.service.Start(w.ctx(), inv.ID, returnURL)
			if err != nil {
				t.Error(err)
			}
			pages[i] = page
		})
	}
	group.Wait()
	for _, page := range pages {
		if page == "" || page != pages[0] {
			t.Fatalf("pages differ: %q and %q", pages[0], page)
		}
	}
	if n := w.atGateway(); n != 1 {
		t.Fatalf("%d payments at the gateway", n)
	}
}

// I8: the gateway did its work and the answer was lost; then "pay" is pressed again.
func TestStartAfterALostAnswer(t *testing.T) {
	w := newWorld(t)
	inv := w.open(request())
	w.wire.set(func(wire *wire) { wire.deaf = 2 })
	for range 2 {
		_, err := w.service.Start(w.ctx(), inv.ID, returnURL)
		wantError(t, err, payments.ErrGatewayUnavailable)
	}
	if p := w.get(inv.ID).Payment; p.State != payments.StateCreated || p.GatewayID != nil {
		t.Fatalf("what we asked for is not noted: %+v", p)
	}
	page, err := w.service.Start(w.ctx(), inv.ID, returnURL)
	if err != nil || page == "" {
		t.Fatalf("%q, %v", page, err)
	}
	if n := w.atGateway(); n != 1 {
		t.Fatalf("%d payments at the gateway", n)
	}
}

// A gateway that names a second payment for the invoice is not followed.
func TestStartRefusesASecondPayment(t *testing.T) {
	w := newWorld(t)
	inv := w.open(request())
	w.wire.set(func(net *wire) {
		net.meddle = func(*http.Request) { w.exec("UPDATE gateway_payments SET gateway_id = 'first'") }
	})
	page, err := w.service.Start(w.ctx(), inv.ID, returnURL)
	wantError(t, err, payments.ErrGatewayRefused)
	if got := w.get(inv.ID).Payment; page != "" || *got.GatewayID != "first" || got.PageURL != "" {
		t.Fatalf("page %q, payment %+v", page, got)
	}
}

func TestStartWhileTheGatewayIsDown(t *testing.T) {
	w := newWorld(t)
	inv := w.open(request())
	w.wire.set(func(wire *wire) { wire.down = true })
	_, err := w.service.Start(w.ctx(), inv.ID, returnURL)
	wantError(t, err, payments.ErrGatewayUnavailable)
	w.wire.set(func(wire *wire) { wire.down = false })
	_, err = w.service.Start(w.ctx(), inv.ID, returnURL)
	check(t, err)
}

// A refused card and a payer who leaves do not end the payment: the same page again.
func TestPayAgainOnTheSamePage(t *testing.T) {
	w := newWorld(t)
	inv, page := w.started()
	for choice, want := range map[string]payments.PaymentState{
		"refused": payments.StateRefused, "cancel": payments.StateCancelledByPayer,
	} {
		if code := w.choose(page, choice); code != http.StatusSeeOther {
			t.Fatalf("%s: the gateway answered %d", choice, code)
		}
		w.deliver()
		if got := w.get(inv.ID); got.State != payments.InvoiceOpen || got.Payment.State != want {
			t.Fatalf("after %s: %s, %s", choice, got.State, got.Payment.State)
		}
		again, err := w.service.Start(w.ctx(), inv.ID, returnURL)
		if err != nil || again != page {
			t.Fatalf("after %s: page %q, %v", choice, again, err)
		}
	}
	w.choose(page, "succeeds")
	w.deliver()
	w.wantPaidOnce(inv.ID)
	if got := w.get(inv.ID); got.Payment.Receipt == "" || !got.PaidAt.Equal(w.clock.Now()) {
		t.Fatalf("receipt %q, paid at %v", got.Payment.Receipt, got.PaidAt)
	}
}

func TestStartRefuses(t *testing.T) {
	w := newWorld(t)
	_, err := w.service.Start(w.ctx(), uuid.New(), returnURL)
	wantError(t, err, payments.ErrInvoiceNotFound)

	paid, page := w.started()
	w.choose(page, "succeeds")
	w.deliver()
	_, err = w.service.Start(w.ctx(), paid.ID, returnURL)
	wantError(t, err, payments.ErrAlreadyPaid)

	cancelled, _ := w.started()
	check(t, w.service.Cancel(w.ctx(), cancelled.ID, file, nil))
	_, err = w.service.Start(w.ctx(), cancelled.ID, returnURL)
	wantError(t, err, payments.ErrInvoiceCancelled)

	foreign := w.open(request())
	_, err = w.service.Start(w.ctx(), foreign.ID, "http://elsewhere.test/")
	wantError(t, err, payments.ErrGatewayRefused)
}

// I11: an invoice of the old year is not paid at the old rate in the new one; the new
// amount is on a new invoice before anybody pays, and the old page takes no money.
func TestRateOfTheDayOfPayment(t *testing.T) {
	w := newWorld(t)
	w.clock.set(time.Date(2025, 12, 31, 23, 59, 58, 0, payments.Zone))
	inv, page := w.started()
	if inv.Amount.String() != "39320.00" {
		t.Fatalf("the fee of 2025 is %s", inv.Amount)
	}
	w.clock.advance(2 * time.Second)
	_, err := w.service.Start(w.ctx(), inv.ID, returnURL)
	wantError(t, err, payments.ErrRateChanged)
	if code := w.choose(page, "succeeds"); code != http.StatusConflict {
		t.Fatalf("the old page answered %d to a payment", code)
	}
	fresh, err := w.service.Reissue(w.ctx(), inv.ID, file)
	check(t, err)
	if fresh.Amount.String() != "43250.00" || fresh.ApplicationID != inv.ApplicationID || fresh.RateDay != "2026-01-01" {
		t.Fatalf("the new invoice: %+v", fresh)
	}
	if old := w.get(inv.ID); old.State != payments.InvoiceCancelled || old.Payment.State != payments.StateVoided {
		t.Fatalf("the old invoice is %s, its payment %s", old.State, old.Payment.State)
	}
	page, err = w.service.Start(w.ctx(), fresh.ID, returnURL)
	check(t, err)
	w.choose(page, "succeeds")
	w.deliver()
	w.wantPaidOnce(fresh.ID)
}

func TestNoRateNoNewInvoice(t *testing.T) {
	w := newWorld(t)
	inv, _ := w.started()
	w.clock.set(time.Date(2027, 1, 1, 0, 0, 0, 0, payments.Zone))
	_, err := w.service.Start(w.ctx(), inv.ID, returnURL)
	wantError(t, err, payments.ErrRateUnknown)
	_, err = w.service.Reissue(w.ctx(), inv.ID, file)
	wantError(t, err, payments.ErrRateUnknown)
	if got := w.get(inv.ID); got.State != payments.InvoiceOpen || got.Payment.State == payments.StateVoided {
		t.Fatalf("closed without a replacement: %s, %s", got.State, got.Payment.State)
	}
}

// Across New Year with a lost answer: the gateway knows the payment, or it never did. Either way nobody is stuck, and nothing can be paid twice.
func TestLostOrderAcrossNewYear(t *testing.T) {
	for name, lose := range map[string]func(net *wire, on bool){
		"the answer": func(net *wire, on bool) { net.deaf = map[bool]int{true: 1}[on] },
		"the order":  func(net *wire, on bool) { net.down = on },
	} {
		for act, leave := range map[string]func(w *world, inv payments.Invoice) error{
			"reissue": func(w *world, inv payments.Invoice) error {
				fresh, err := w.service.Reissue(w.ctx(), inv.ID, file)
				if err == nil && fresh.Amount.String() != "43250.00" {
					w.t.Errorf("the new fee is %s", fresh.Amount)
				}
				return err
			},
			"cancel": func(w *world, inv payments.Invoice) error { return w.service.Cancel(w.ctx(), inv.ID, file, nil) },
			"the job, then reissue": func(w *world, inv payments.Invoice) error {
				if _, err := w.service.RefreshOpen(w.ctx(), time.Minute, file); err != nil {
					return err
				}
				_, err := w.service.Reissue(w.ctx(), inv.ID, file)
				return err
			},
		} {
			t.Run(name+", "+act, func(t *testing.T) {
				w := newWorld(t)
				w.clock.set(time.Date(2025, 12, 31, 23, 30, 0, 0, payments.Zone))
				inv := w.open(request())
				w.wire.set(func(net *wire) { lose(net, true) })
				_, err := w.service.Start(w.ctx(), inv.ID, returnURL)
				wantError(t, err, payments.ErrGatewayUnavailable)
				w.wire.set(func(net *wire) { lose(net, false) })
				w.clock.advance(3 * time.Hour)
				_, err = w.service.Start(w.ctx(), inv.ID, returnURL)
				wantError(t, err, payments.ErrRateChanged)
				check(t, leave(w, inv))
				if old := w.get(inv.ID); old.State != payments.InvoiceCancelled || old.Payment.State != payments.StateVoided {
					t.Errorf("invoice %s, payment %s", old.State, old.Payment.State)
				}
			})
		}
	}
}

// Before its time to pay has ended, an order that is refused is no reason to believe that nothing can come.
func TestRefusedOrderIsNotClosed(t *testing.T) {
	w := newWorld(t)
	inv := w.open(request())
	w.wire.set(func(net *wire) { net.down = true })
	_, err := w.service.Start(w.ctx(), inv.ID, returnURL)
	wantError(t, err, payments.ErrGatewayUnavailable)
	w.wire.set(func(net *wire) { net.down = false })
	there := w.mockConfig.Now
	w.mockConfig.Now = func() time.Time { return there().AddDate(1, 0, 0) } // the gateway's clock is wrong
	w.clientConfig.Now = w.mockConfig.Now
	w.restartGateway()
	w.restartPortal()
	wantError(t, w.service.Cancel(w.ctx(), inv.ID, file, nil), payments.ErrOrderTooLate)
	w.wantUntouched(inv.ID)
}

// The first word of the gateway names the payment, also when it says nothing else that is new.
func TestFirstWordNamesThePayment(t *testing.T) {
	w := newWorld(t)
	inv := w.open(request())
	w.wire.set(func(net *wire) { net.deaf = 1 })
	_, err := w.service.Start(w.ctx(), inv.ID, returnURL)
	wantError(t, err, payments.ErrGatewayUnavailable)
	w.deliver() // "created"
	if got := w.get(inv.ID).Payment; got.GatewayID == nil || got.State != payments.StateCreated {
		t.Errorf("%+v", got)
	}
}
