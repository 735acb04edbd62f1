package payments_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"elicensing/payments"
	"elicensing/payments/mockgateway"
)

// wantNothingToRefund shows that nobody can have the money of a case given back any more.
func (w *world) wantNothingToRefund(c payments.Case, want error) {
	w.t.Helper()
	before := len(w.wire.requests)
	wantError(w.t, w.service.RefundCase(w.ctx(), c.ID, "ҮЛГІЛІ", w.never), want)
	if asked := w.wire.requests[before:]; len(asked) != 0 {
		w.t.Errorf("the gateway was asked: %v", asked)
	}
	wantError(w.t, w.tx(func(tx *gorm.DB) error { _, err := w.service.LockCase(tx, c.ID); return err }), want)
}

func (w *world) never(*gorm.DB, payments.Case) error { w.t.Error("refunded"); return nil }

// aheadOfTime is money that was taken in truth and whose moment the gateway tells an hour late: a case that may resolve itself.
func (w *world) aheadOfTime() (payments.Invoice, payments.Case) {
	w.t.Helper()
	inv, page := w.started()
	w.choose(page, "succeeds")
	w.notices()
	n := w.paidNotice(inv)
	at := w.clock.Now().Add(time.Hour)
	n.Payment.PaidAt, n.Payment.Version, n.Payment.Receipt = &at, 2, w.receiptThere(inv)
	check(w.t, w.receive(w.forge(n)))
	w.wantUntouched(inv.ID)
	w.wantCases(payments.ParkedMoment)
	return inv, w.cases()[0]
}

// receiptThere is the payment document of an invoice by the gateway's own word.
func (w *world) receiptThere(inv payments.Invoice) string {
	w.t.Helper()
	said, err := w.client.Status(w.ctx(), *inv.Payment.GatewayID)
	check(w.t, err)
	return said.Receipt
}

// A wrong amount that the gateway gives back by itself: the case is closed, by the notice as by the answer to a question, so that the money
// cannot be paid out a second time.
func TestCaseIsClosedWhenTheGatewayGivesBack(t *testing.T) {
	for name, learn := range map[string]func(w *world, inv payments.Invoice){
		"notice": func(w *world, _ payments.Invoice) { w.deliver() },
		"answer": func(w *world, inv payments.Invoice) {
			_, err := w.service.Refresh(w.ctx(), inv.ID, file)
			check(w.t, err)
		},
		"report": func(w *world, _ payments.Invoice) {
			w.notices() // lost
			w.clock.advance(24 * time.Hour)
			w.reconcile(today)
			w.wantLedger(today)
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			inv, page := w.started()
			w.mock.Switch(mockgateway.Faults{WrongAmount: true})
			w.choose(page, "succeeds")
			w.mock.Switch(mockgateway.Faults{})
			w.deliver()
			w.wantCases(payments.ParkedAmount)
			c := w.cases()[0]
			_, err := w.client.Refund(w.ctx(), *inv.Payment.GatewayID)
			check(t, err)
			learn(w, inv)
			w.wantCases()
			if got, err := w.service.CaseByID(w.ctx(), c.ID); err != nil || got.ClosedHow != payments.ClosedRefunded {
				t.Errorf("%+v, %v", got, err)
			}
			w.wantNothingToRefund(c, payments.ErrCaseClosed)
		})
	}
}

// The money is given back, by the head or by the gateway itself, before the day's report comes: the report tells nobody anything new.
func TestRefundBeforeTheReportIsNoCase(t *testing.T) {
	for name, giveBack := range map[string]func(w *world, inv payments.Invoice, c payments.Case) error{
		"by the head": func(w *world, _ payments.Invoice, c payments.Case) error {
			return w.service.RefundCase(w.ctx(), c.ID, "ҮЛГІЛІ", nothingMore)
		},
		"by the gateway": func(w *world, inv payments.Invoice, _ payments.Case) error {
			_, err := w.client.Refund(w.ctx(), *inv.Payment.GatewayID)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			inv, c := w.aheadOfTime()
			w.standByNothing()
			check(t, giveBack(w, inv, c))
			w.deliver()
			if got := w.get(inv.ID).Payment.State; got != payments.StateVoided {
				t.Errorf("the payment is %s", got)
			}
			w.clock.advance(24 * time.Hour)
			if r := w.reconcile(today); r.NewCases != 0 || r.Lines != 2 {
				t.Errorf("%+v", r)
			}
			w.wantCases()
			w.wantLedger(today)
			w.wantNothingToRefund(c, payments.ErrCaseClosed)
		})
	}
}

// What did not fit fits in the end: the money files, and its case is closed with it. The day's report may have booked it as parked by then.
func TestCaseIsClosedWhenItsMoneyFiles(t *testing.T) {
	for name, reported := range map[string]bool{"at once": false, "after the report": true} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.clock.set(time.Date(2026, 11, 22, 23, 59, 30, 0, payments.Zone))
			inv, c := w.aheadOfTime()
			w.clock.advance(time.Minute)
			if reported {
				w.reconcile(today)
				w.wantCases(payments.ParkedMoment)
				w.wantLedger(today)
			}
			w.clock.advance(2 * time.Hour)
			w.standByNothing()
			_, err := w.service.Refresh(w.ctx(), inv.ID, file)
			check(t, err)
			w.wantCases()
			w.wantNothingToRefund(c, payments.ErrCaseClosed)
			if reported {
				w.wantLedger(today) // taken once, though parked and filed
			}
			if got, filed := w.get(inv.ID), w.count("SELECT count(*) FROM filed WHERE invoice_id = ?", inv.ID); got.State != payments.InvoicePaid || filed != 1 {
				t.Errorf("%s, filed %d times", got.State, filed)
			}
			w.reconcile(today)
			w.wantCases()
			w.wantLedger(today)
		})
	}
}

// The gateway's clock is ahead, past midnight: whoever accepts its money before that day leaves it to the day under which the gateway's report has it, and
// the comparison of neither day finds anything.
func TestAcceptedMoneyStaysInTheGatewaysDay(t *testing.T) {
	w := newWorld(t)
	inv, page := w.started()
	midnight := time.Date(2026, 11, 23, 0, 0, 0, 0, payments.Zone)
	w.clock.set(midnight.Add(10 * time.Minute))
	w.choose(page, "succeeds")
	w.clock.set(midnight.Add(-10 * time.Minute))
	_, err := w.service.Refresh(w.ctx(), inv.ID, file)
	check(t, err)
	w.wantCases(payments.ParkedMoment)
	check(t, w.service.AcceptCase(w.ctx(), w.cases()[0].ID, "ҮЛГІЛІ", "the clocks differ", nothingMore, file))
	if got := w.get(inv.ID); got.State != payments.InvoicePaid || got.PaidAt.After(w.clock.Now()) {
		t.Errorf("%s, paid at %v", got.State, got.PaidAt)
	}
	w.clock.set(midnight.Add(48 * time.Hour))
	const tomorrow = "2026-11-23"
	for _, day := range []string{today, tomorrow} {
		w.reconcile(day)
		w.wantCases()
	}
	w.wantLedger(today, tomorrow)
}

func (w *world) askCertificate(c payments.Case) {
	w.t.Helper()
	check(w.t, w.tx(func(tx *gorm.DB) error { return askCertificate(tx, c) }))
}

// Money on its way back files nothing, whoever is to give it back, even when it fits after all.
func TestMoneyOnItsWayBackFilesNothing(t *testing.T) {
	for name, ask := range map[string]func(w *world, c payments.Case) error{
		"by the tax office": func(w *world, c payments.Case) error { w.askCertificate(c); return payments.ErrRefundAsked },
		"by the gateway": func(w *world, c payments.Case) error {
			w.wire.set(func(net *wire) { net.down = true })
			wantError(w.t, w.service.RefundCase(w.ctx(), c.ID, "ҮЛГІЛІ", w.never), payments.ErrGatewayUnavailable)
			w.wire.set(func(net *wire) { net.down = false })
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			inv, c := w.aheadOfTime()
			want := ask(w, c)
			w.clock.advance(2 * time.Hour)
			w.standByNothing()
			_, err := w.service.Refresh(w.ctx(), inv.ID, file)
			check(t, err)
			w.wantUntouched(inv.ID)
			w.wantCases(payments.ParkedMoment)
			if n := w.count("SELECT count(*) FROM parked_notices WHERE reason = ?", payments.ParkedRefundAsked); n != 1 {
				t.Errorf("parked %d times", n)
			}
			if want != nil {
				w.wantNothingToRefund(c, want)
				return
			}
			wantError(t, w.tx(func(tx *gorm.DB) error { _, err := w.service.LockCase(tx, c.ID); return err }), payments.ErrRefundAsked)
			check(t, w.service.RefundCase(w.ctx(), c.ID, "ҮЛГІЛІ", nothingMore))
			w.wantCases()
		})
	}
}

// Two cases about one payment: the certificate is asked for under one, the refund pressed under the other. The money goes back once.
func TestTwoCasesAboutOneMoney(t *testing.T) {
	w := newWorld(t)
	inv, first := w.aheadOfTime()
	n := w.paidNotice(inv)
	n.Payment.Version, n.Payment.Amount = 3, inv.Amount+1
	check(t, w.receive(w.forge(n)))
	w.wantCases(payments.ParkedMoment, payments.ParkedAmount)
	check(t, w.tx(func(tx *gorm.DB) error { _, err := w.service.LockCase(tx, first.ID); return err }))
	w.askCertificate(first)
	for _, c := range w.cases() {
		w.wantNothingToRefund(c, payments.ErrRefundAsked)
	}
}

// A gateway that clearly does not give back leaves the other road open.
func TestRefusedRefundLeavesTheOtherRoad(t *testing.T) {
	w := newWorld(t)
	inv, c := w.aheadOfTime()
	said := w.wire.says["GET /api/payments/"+*inv.Payment.GatewayID]
	w.wire.set(func(net *wire) { net.says["POST /api/payments/"+*inv.Payment.GatewayID+"/refund"] = said }) // paid, as before
	wantError(t, w.service.RefundCase(w.ctx(), c.ID, "ҮЛГІЛІ", w.never), payments.ErrFeeNotRefundable)
	check(t, w.tx(func(tx *gorm.DB) error { _, err := w.service.LockCase(tx, c.ID); return err }))
	w.askCertificate(c)
	w.wantNothingToRefund(c, payments.ErrRefundAsked)
}

// The notice of the refund overtakes the answer to it: booked once, noted once.
func TestRefundRacesItsNotice(t *testing.T) {
	w := newWorld(t)
	_, c := w.aheadOfTime()
	w.standByNothing()
	w.wire.set(func(net *wire) {
		net.meddle = func(r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/refund") {
				w.deliver()
			}
		}
	})
	told := 0
	onRefunded := func(*gorm.DB, payments.Case) error { told++; return nil }
	check(t, w.service.RefundCase(w.ctx(), c.ID, "ҮЛГІЛІ", onRefunded))
	wantError(t, w.service.RefundCase(w.ctx(), c.ID, "ҮЛГІЛІ", onRefunded), payments.ErrCaseClosed)
	if n := w.count("SELECT count(*) FROM ledger_entries WHERE kind = 'refunded'"); n != 1 || told != 1 {
		t.Errorf("booked %d times, told %d times", n, told)
	}
	w.wantCases()
}

// I8: the notices of a payment that was made, and of one that was given back, in every order and some of them again: the same end each time.
func TestEveryOrderOfNoticesEndsTheSame(t *testing.T) {
	w := newWorld(t)
	for _, back := range []bool{false, true} {
		for _, order := range permutations(4) {
			inv, page := w.started()
			w.choose(page, "later")
			w.clock.advance(2 * time.Minute)
			sent := w.notices() // created, pending, paid
			if back {
				_, err := w.client.Refund(w.ctx(), *inv.Payment.GatewayID)
				check(t, err)
			}
			sent = append(sent, w.notices()...)
			for i, at := range order {
				for range 1 + (i+at)%3 {
					if at < len(sent) {
						check(t, w.receive(sent[at]))
					}
				}
			}
			if !back {
				w.wantPaidOnce(inv.ID)
			} else if got := w.get(inv.ID); got.State != payments.InvoiceOpen || got.Payment.State != payments.StateVoided {
				t.Fatalf("%v: invoice %s, payment %s", order, got.State, got.Payment.State)
			}
		}
	}
	w.wantParked("")
	w.wantCases()
	w.clock.advance(24 * time.Hour)
	w.reconcile(today)
	w.wantCases()
	w.wantLedger(today)
}

// permutations are all orders of the numbers below n.
func permutations(n int) [][]int {
	if n == 0 {
		return [][]int{{}}
	}
	var all [][]int
	for _, shorter := range permutations(n - 1) {
		for at := range n {
			order := append([]int{}, shorter[:at]...)
			order = append(order, n-1)
			all = append(all, append(order, shorter[at:]...))
		}
	}
	return all
}
