package payments_test

import (
	"testing"
	"time"

	"gorm.io/gorm"

	"elicensing/payments"
	"elicensing/payments/mockgateway"
)

// reportedAhead is an invoice that was paid at the gateway, of which every notice was lost: the report of the day has it, with what is wrong in it, while the
// gateway, asked, says that it is under way.
func (w *world) reportedAhead(wrong ...mockgateway.Seed) payments.Invoice {
	w.t.Helper()
	inv, page := w.started()
	w.mock.Switch(mockgateway.Faults{Drop: true})
	w.choose(page, "succeeds")
	w.notices()
	for _, seed := range wrong {
		w.mock.Switch(mockgateway.Faults{Report: map[string]mockgateway.Seed{inv.ID.String(): seed}})
	}
	n := w.refusedNotice(inv, 1)
	n.Payment.State = payments.StatePending
	w.standBy(n)
	w.clock.advance(24 * time.Hour)
	w.reconcile(today)
	return inv
}

// The report runs ahead of the status, and a person decides meanwhile: the same.
func TestAReportAheadOfTheStatus(t *testing.T) {
	w := newWorld(t)
	inv := w.reportedAhead()
	w.wantCases("unconfirmed")
	check(t, w.close(w.cases()[0], payments.ClosedWrittenOff))
	w.standByNothing()
	got, err := w.service.Refresh(w.ctx(), inv.ID, file)
	check(t, err)
	if got.State != payments.InvoiceOpen {
		t.Errorf("the invoice is %s", got.State)
	}
	w.wantCases("paid_after_decision")
	w.wantLedger(today)
	if parked, off := w.on("parked"), w.on("written_off"); parked != inv.Amount || off != 0 {
		t.Errorf("%s parked, %s written off", parked, off)
	}
}

// The report runs ahead, and the status follows: the application is filed and nobody has to look.
func TestTheStatusFollowsTheReport(t *testing.T) {
	w := newWorld(t)
	inv := w.reportedAhead()
	w.standByNothing()
	_, err := w.service.Refresh(w.ctx(), inv.ID, file)
	check(t, err)
	if got, filed := w.get(inv.ID), w.count("SELECT count(*) FROM filed WHERE invoice_id = ?", inv.ID); got.State != payments.InvoicePaid || filed != 1 {
		t.Errorf("%s, filed %d times", got.State, filed)
	}
	w.wantCases()
	w.wantLedger(today)
}

// The report has a tiyn more than the fee, and the status follows with the fee: the application is filed, and the tiyn that differs has its case.
func TestADifferenceThatFiledHasItsCase(t *testing.T) {
	w := newWorld(t)
	inv := w.reportedAhead(mockgateway.SeedOffByOne)
	w.wantCases(payments.ParkedAmount)
	w.standByNothing()
	_, err := w.service.Refresh(w.ctx(), inv.ID, file)
	check(t, err)
	if got := w.get(inv.ID).State; got != payments.InvoicePaid {
		t.Fatalf("the invoice is %s", got)
	}
	w.wantCases(payments.ParkedAmount)
	w.wantLedger(today)
	if got := w.cases()[0]; got.OursState != payments.InvoicePaid || w.on("difference") != 1 {
		t.Errorf("%+v, %s", got, w.on("difference"))
	}
	w.reconcile(today)
	w.wantCases(payments.ParkedAmount)
	w.mock.Switch(mockgateway.Faults{})
	w.reconcile(today)
	w.wantCases()
	w.wantLedger(today)
	if w.on("difference") != 0 {
		t.Errorf("%s", w.on("difference"))
	}
}

// A certificate is signed, or the money decided about, before the report of the taking is read, and the report of the giving back is read first: it may go back
// twice, and a person must know.
func TestGivenBackBeforeItsTakingIsRead(t *testing.T) {
	for _, how := range []string{payments.ClosedCertificate, payments.ClosedReturned, payments.ClosedKept} {
		t.Run(how, func(t *testing.T) {
			w := newWorld(t)
			inv, c := w.overpaid()
			if how == payments.ClosedCertificate {
				w.askCertificate(c)
			}
			check(t, w.close(c, how))
			check(t, w.tx(func(tx *gorm.DB) error { return w.service.Abandon(tx, inv.ID, nil) }))
			w.clock.advance(24 * time.Hour)
			w.mock.Switch(mockgateway.Faults{Drop: true})
			_, err := w.client.Refund(w.ctx(), c.GatewayID)
			check(t, err)
			w.notices()
			w.clock.advance(24 * time.Hour)
			w.reconcile(tomorrow)
			w.wantCases(payments.ParkedDecided)
			w.reconcile(today)
			w.wantCases(payments.ParkedDecided)
			w.wantLedger(today, tomorrow)
		})
	}
}
