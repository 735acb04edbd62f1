package payments_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"elicensing/payments"
	"elicensing/payments/mockgateway"
)

const today = "2026-11-22" // of the world's clock in Kazakhstan

func (w *world) reconcile(day string) payments.ReconciledDay {
	w.t.Helper()
	r, err := w.service.Reconcile(w.ctx(), payments.Online, day, file)
	check(w.t, err)
	return r
}

func (w *world) cases() []payments.Case {
	w.t.Helper()
	cases, err := w.service.Cases(w.ctx(), false)
	check(w.t, err)
	return cases
}

// wantCases shows the reasons of all open cases.
func (w *world) wantCases(want ...string) {
	w.t.Helper()
	var got []string
	for _, c := range w.cases() {
		got = append(got, c.Reason)
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		w.t.Fatalf("cases %v, want %v", got, want)
	}
}

// paid is an invoice that was paid and filed.
func (w *world) paid() payments.Invoice {
	w.t.Helper()
	inv, page := w.started()
	w.choose(page, "succeeds")
	w.deliver()
	w.wantPaidOnce(inv.ID)
	return w.get(inv.ID)
}

// atGatewayInTiyn is what the gateway holds by its own report.
func (w *world) atGatewayInTiyn(days ...string) (sum payments.Tiyn) {
	w.t.Helper()
	for _, day := range days {
		lines, err := w.client.Report(w.ctx(), day)
		check(w.t, err)
		for _, l := range lines {
			if l.State == payments.StateRefunded {
				sum -= l.Amount
			} else {
				sum += l.Amount
			}
		}
	}
	return sum
}

// wantLedger shows that the ledger sums to zero and the gateway's account stands as the gateway says.
func (w *world) wantLedger(days ...string) {
	w.t.Helper()
	if sum := w.count("SELECT coalesce(sum(amount_tiyn), 0) FROM ledger_lines"); sum != 0 {
		w.t.Errorf("the ledger sums to %d", sum)
	}
	ours := w.count("SELECT coalesce(sum(amount_tiyn), 0) FROM ledger_lines WHERE account = 'gateway'")
	if theirs := w.atGatewayInTiyn(days...); payments.Tiyn(ours) != theirs {
		w.t.Errorf("our account of the gateway has %d, the gateway's book %d", ours, theirs)
	}
	w.wantNothingForgotten()
	if below := w.count("SELECT coalesce(sum(amount_tiyn), 0) FROM ledger_lines WHERE account = 'parked'"); below > 0 {
		w.t.Errorf("the account of parked money is %d below zero", below)
	}
}

// wantNothingForgotten shows that no money waits in the ledger without a case by which a person knows of it.
func (w *world) wantNothingForgotten() {
	w.t.Helper()
	var forgotten []string
	check(w.t, w.db.Raw(`SELECT l.gateway_id || ' ' || l.receipt || ': ' || -sum(l.amount_tiyn) || ' on ' || l.account FROM ledger_lines l WHERE l.account IN ('parked', 'difference')
		AND NOT EXISTS (SELECT FROM money_cases c WHERE c.gateway_id = l.gateway_id AND c.closed_at IS NULL AND c.reason <> 'notice_reused') GROUP BY l.gateway_id, l.receipt, l.account HAVING sum(l.amount_tiyn) <> 0`).
		Scan(&forgotten).Error)
	for _, f := range forgotten {
		w.t.Errorf("money without a case: %s", f)
	}
}

// I10: a report with one payment missing, one extra, one off by a tiyn and one doubled: exactly these four, with both
// sides, also when the day is reconciled twice. Ten others agree.
func TestSeededReport(t *testing.T) {
	w := newWorld(t)
	for range 10 {
		w.paid()
	}
	missing, offByOne, doubled, stranger := w.paid(), w.paid(), w.paid(), uuid.NewString()
	w.clock.advance(24 * time.Hour)
	w.mock.Switch(mockgateway.Faults{Report: map[string]mockgateway.Seed{
		missing.ID.String(): mockgateway.SeedMissing, offByOne.ID.String(): mockgateway.SeedOffByOne,
		doubled.ID.String(): mockgateway.SeedDoubled, stranger: mockgateway.SeedExtra,
	}})
	if r := w.reconcile(today); r.NewCases != 4 || r.Healed != 0 || r.Lines != 14 {
		t.Errorf("%+v", r)
	}
	w.wantCases(payments.ParkedMissing, payments.ParkedUnknownInvoice, payments.ParkedAmount, payments.ParkedDoubled)
	w.wantLedger(today)
	if r := w.reconcile(today); r.NewCases != 0 {
		t.Errorf("reported again: %+v", r)
	}
	w.wantLedger(today)
	for _, c := range w.cases() {
		switch c.Reason {
		case payments.ParkedMissing:
			if *c.InvoiceID != missing.ID || c.List != payments.ApplicationWithoutPayment || *c.OursAmount != missing.Amount || c.TheirsAmount != nil {
				t.Errorf("%+v", c)
			}
		case payments.ParkedUnknownInvoice:
			if c.InvoiceID != nil || c.Reference != stranger || c.List != payments.PaidWithoutApplication || c.OursAmount != nil || *c.TheirsAmount != 4_325_000 {
				t.Errorf("%+v", c)
			}
		case payments.ParkedAmount:
			if *c.InvoiceID != offByOne.ID || c.List != payments.AmountsDiffer || *c.OursAmount+1 != *c.TheirsAmount {
				t.Errorf("%+v", c)
			}
		case payments.ParkedDoubled:
			if *c.InvoiceID != doubled.ID || c.List != payments.PaidWithoutApplication || c.Refundable() {
				t.Errorf("%+v", c)
			}
		}
	}
	// The extra and the doubled money stand on their own account; nothing was filed twice.
	if n := w.count("SELECT sum(amount_tiyn) FROM ledger_lines WHERE account = 'parked'"); n != -2*4_325_000 {
		t.Errorf("parked %d", n)
	}
	if n := w.count("SELECT count(*) FROM filed"); n != 13 {
		t.Errorf("%d filed", n)
	}
}

// Finished there and open here, because every notice was lost: healed and filed once, nothing for a person.
func TestReconciliationHeals(t *testing.T) {
	w := newWorld(t)
	inv, page := w.started()
	w.mock.Switch(mockgateway.Faults{Drop: true})
	w.choose(page, "succeeds")
	w.notices()
	w.wantUntouched(inv.ID)
	w.clock.advance(24 * time.Hour)
	if r := w.reconcile(today); r.Healed != 1 || r.NewCases != 0 {
		t.Errorf("%+v", r)
	}
	w.wantPaidOnce(inv.ID)
	w.wantCases()
	w.wantLedger(today)
}

// The gateway took a wrong amount: never applied, booked apart, refunded by a person, and the ledger follows the
// gateway's book at each step.
func TestWrongAmountIsParkedBookedAndRefunded(t *testing.T) {
	w := newWorld(t)
	inv, page := w.started()
	w.mock.Switch(mockgateway.Faults{WrongAmount: true})
	w.choose(page, "succeeds")
	w.mock.Switch(mockgateway.Faults{})
	w.deliver()
	w.wantUntouched(inv.ID)
	w.wantParked(payments.ParkedAmount)
	w.clock.advance(24 * time.Hour)
	if r := w.reconcile(today); r.NewCases != 0 || r.Healed != 0 {
		t.Errorf("the notice told it already: %+v", r)
	}
	w.wantCases(payments.ParkedAmount)
	w.wantLedger(today)

	c := w.cases()[0]
	told := 0
	onRefunded := func(*gorm.DB, payments.Case) error { told++; return nil }
	w.wire.set(func(net *wire) { net.deaf = 1 }) // the answer is lost: pressed again
	wantError(t, w.service.RefundCase(w.ctx(), c.ID, "ҮЛГІЛІ", onRefunded), payments.ErrGatewayUnavailable)
	check(t, w.service.RefundCase(w.ctx(), c.ID, "ҮЛГІЛІ", onRefunded))
	wantError(t, w.service.RefundCase(w.ctx(), c.ID, "ҮЛГІЛІ", onRefunded), payments.ErrCaseClosed)
	if told != 1 {
		t.Errorf("told %d times", told)
	}
	w.wantCases()
	w.deliver() // the notice of the refund changes nothing
	w.clock.advance(24 * time.Hour)
	w.reconcile("2026-11-23")
	w.wantCases()
	w.wantLedger(today, "2026-11-23")
	if got := w.get(inv.ID); got.State != payments.InvoiceOpen || got.Payment.State != payments.StateVoided {
		t.Errorf("invoice %s, payment %s", got.State, got.Payment.State)
	}
	// The payer is not stuck: the invoice is replaced and paid.
	fresh, err := w.service.Reissue(w.ctx(), inv.ID, file)
	check(t, err)
	page, err = w.service.Start(w.ctx(), fresh.ID, returnURL)
	check(t, err)
	w.choose(page, "succeeds")
	w.deliver()
	w.wantPaidOnce(fresh.ID)
}

// After filing no refund (S7.1): the ledger knows that the money filed an application.
func TestFiledFeeIsNotRefunded(t *testing.T) {
	w := newWorld(t)
	inv := w.paid()
	w.clock.advance(24 * time.Hour)
	w.mock.Switch(mockgateway.Faults{Report: map[string]mockgateway.Seed{inv.ID.String(): mockgateway.SeedOffByOne}})
	w.reconcile(today)
	before := len(w.wire.requests)
	never := func(*gorm.DB, payments.Case) error { t.Error("refunded"); return nil }
	wantError(t, w.service.RefundCase(w.ctx(), w.cases()[0].ID, "ҮЛГІЛІ", never), payments.ErrFeeNotRefundable)
	if asked := w.wire.requests[before:]; len(asked) != 0 {
		t.Errorf("the gateway was asked: %v", asked)
	}
	wantError(t, w.service.RefundCase(w.ctx(), uuid.New(), "ҮЛГІЛІ", never), payments.ErrCaseNotFound)
	// Should the gateway give it back by itself, a person must know.
	_, err := w.client.Refund(w.ctx(), *inv.Payment.GatewayID)
	check(t, err)
	w.clock.advance(24 * time.Hour)
	w.mock.Switch(mockgateway.Faults{})
	w.reconcile(today)
	w.reconcile("2026-11-23")
	w.wantCases(payments.ParkedRefunded) // the tiyn too much is there no more
	w.wantLedger(today, "2026-11-23")
}

// A day is reconciled when it has ended at the gateway, once, and days that were missed are made up for.
func TestEveryEndedDayIsReconciled(t *testing.T) {
	w := newWorld(t)
	run := func(days int) {
		t.Helper()
		check(t, w.service.ReconcileEnded(w.ctx(), file))
		if n := w.count("SELECT count(*) FROM reconciled_days"); n != days {
			t.Fatalf("%d days reconciled, want %d", n, days)
		}
	}
	run(0) // nothing was ever begun
	w.paid()
	run(0) // today has not ended
	w.clock.advance(9*time.Hour - time.Second)
	run(0) // 23:59:59 there
	w.clock.advance(time.Second)
	run(1)
	before := len(w.wire.requests)
	run(1)
	if len(w.wire.requests) != before {
		t.Error("asked again")
	}
	w.clock.advance(72 * time.Hour)
	w.wire.set(func(net *wire) { net.down = true })
	if err := w.service.ReconcileEnded(w.ctx(), file); err == nil {
		t.Error("a gateway out of reach is no error")
	}
	w.wire.set(func(net *wire) { net.down = false })
	run(4)
	if _, err := w.service.Reconcile(w.ctx(), payments.Online, "yesterday", file); err == nil {
		t.Error("reconciled yesterday by name")
	}
}

// The money was taken and the answers were errors, at the page and at the order: one payment, found by asking.
func TestErrorAfterTakingIsOnePayment(t *testing.T) {
	w := newWorld(t)
	inv := w.open(request())
	w.mock.Switch(mockgateway.Faults{FailAfterTaking: true, Drop: true})
	_, err := w.service.Start(w.ctx(), inv.ID, returnURL)
	wantError(t, err, payments.ErrGatewayUnavailable)
	w.mock.Switch(mockgateway.Faults{Drop: true})
	page, err := w.service.Start(w.ctx(), inv.ID, returnURL)
	check(t, err)
	w.mock.Switch(mockgateway.Faults{FailAfterTaking: true, Drop: true})
	for range 20 { // the citizen reloads the error page
		if status := w.choose(page, "succeeds"); status != http.StatusInternalServerError && status != http.StatusConflict {
			t.Errorf("page: %d", status)
		}
	}
	w.mock.Switch(mockgateway.Faults{})
	_, err = w.service.Refresh(w.ctx(), inv.ID, file)
	check(t, err)
	w.wantPaidOnce(inv.ID)
	w.clock.advance(24 * time.Hour)
	w.reconcile(today)
	w.wantCases()
	w.wantLedger(today)
	if got := w.atGatewayInTiyn(today); got != 4_325_000 {
		t.Errorf("the gateway took %s", got)
	}
}
