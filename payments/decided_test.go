package payments_test

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"elicensing/payments"
	"elicensing/payments/egov"
	"elicensing/payments/mockgateway"
)

// I9: who has a key of the gateway and sends a known notice again as "paid" has a case opened, which holds no money: however it is closed, the applicant's own
// payment files his application.
func TestAReusedNoticeHoldsNobodyUp(t *testing.T) {
	w := newWorld(t)
	inv, page := w.started()
	w.deliver()
	n := w.paidNotice(inv)
	check(t, w.db.Raw("SELECT id FROM gateway_notices LIMIT 1").Scan(&n.ID).Error)
	check(t, w.receive(w.stolen(n)))
	w.wantCases(payments.ParkedNoticeReused)
	c := w.cases()[0]
	check(t, w.close(c, c.Outcomes()[len(c.Outcomes())-1]))
	w.choose(page, "succeeds")
	w.deliver()
	w.wantPaidOnce(inv.ID)
	w.wantCases()
	w.clock.advance(24 * time.Hour)
	w.reconcile(today)
	w.wantCases()
	w.wantLedger(today)
}

// status has the gateway say of an overpaid payment that it is in another state, or of the right amount.
func (w *world) status(inv payments.Invoice, c payments.Case, version int64, state payments.PaymentState) {
	w.t.Helper()
	n := w.paidNotice(inv)
	n.Payment.State, n.Payment.Version, n.Payment.Receipt, n.Payment.PaidAt = state, version, c.TheirsReceipt, c.TheirsPaidAt
	if state != payments.StatePaid {
		n.Payment.Receipt, n.Payment.PaidAt = "", nil
	}
	w.standBy(n)
	check(w.t, w.receive(w.stolen(n)))
}

// nothingMore is done when a case is decided.
func nothingMore(*gorm.DB, payments.Case) error { return nil }

// A case is decided while the gateway does not hold the money; in the end it says that it holds the right amount. That files nothing, for it was decided
// otherwise, and is told to a person: each time anew.
func TestMoneyThatComesAfterItsDecision(t *testing.T) {
	for _, how := range []string{payments.ClosedReturned, payments.ClosedKept, payments.ClosedWrittenOff} {
		t.Run(how, func(t *testing.T) {
			w := newWorld(t)
			inv, c := w.overpaid()
			w.status(inv, c, 10, payments.StatePending)
			check(t, w.close(c, how))
			w.status(inv, c, 11, payments.StatePaid)
			w.wantCases("paid_after_decision")
			if got := w.get(inv.ID).State; got != payments.InvoiceOpen {
				t.Errorf("the invoice is %s", got)
			}
			w.wantLedger()
			check(t, w.close(w.cases()[0], how))
			w.status(inv, c, 12, payments.StatePaid)
			w.wantCases("paid_after_decision")
			_, err := w.service.Refresh(w.ctx(), inv.ID, file)
			check(t, err)
			w.wantCases("paid_after_decision")
		})
	}
}

// So with money that does not fit: decided about while the gateway did not hold it, it keeps the payer waiting when the gateway says again that it does.
func TestMoneyThatDoesNotFitComesAfterItsDecision(t *testing.T) {
	w := newWorld(t)
	inv, c := w.overpaid()
	w.status(inv, c, 10, payments.StatePending)
	check(t, w.close(c, payments.ClosedReturned))
	for version := int64(11); version < 13; version++ {
		n := w.paidNotice(inv)
		n.Payment.Version, n.Payment.Amount, n.Payment.Receipt, n.Payment.PaidAt = version, *c.TheirsAmount, c.TheirsReceipt, c.TheirsPaidAt
		check(t, w.receive(w.forge(n)))
		w.wantCases(payments.ParkedAmount)
	}
	d := payments.Decision{How: payments.ClosedReturned, By: "ҮЛГІЛІ", Note: "a letter of the bank"}
	check(t, w.service.DecideCase(w.ctx(), w.cases()[0].ID, d, file, nothingMore))
	_, err := w.service.RefreshOpen(w.ctx(), 0, file)
	check(t, err)
	w.wantCases()
	if got := w.get(inv.ID).State; got != payments.InvoiceCancelled {
		t.Errorf("the invoice is %s", got)
	}
}

// What the gateway says when the head decides comes first: the right amount by now files, and what was given back closes the case; then there is nothing to
// decide. Else the invoice that waits is replaced, and what the gateway does not hold cannot be kept.
func TestTheGatewayIsAskedBeforeADecision(t *testing.T) {
	decide := func(w *world, c payments.Case, how string) error {
		d := payments.Decision{How: how, By: "ҮЛГІЛІ", Note: "a letter of the gateway"}
		return w.service.DecideCase(w.ctx(), c.ID, d, file, nothingMore)
	}
	t.Run("it fits by now", func(t *testing.T) {
		w := newWorld(t)
		inv, c := w.overpaid()
		n := w.paidNotice(inv)
		n.Payment.Version, n.Payment.Receipt, n.Payment.PaidAt = 11, c.TheirsReceipt, c.TheirsPaidAt
		w.standBy(n)
		wantError(t, decide(w, c, payments.ClosedReturned), payments.ErrCaseClosed)
		w.wantPaidOnce(inv.ID)
		w.wantCases()
	})
	t.Run("it was given back", func(t *testing.T) {
		w := newWorld(t)
		_, c := w.overpaid()
		_, err := w.client.Refund(w.ctx(), c.GatewayID)
		check(t, err)
		wantError(t, decide(w, c, payments.ClosedReturned), payments.ErrCaseClosed)
		w.wantCases()
		if got, err := w.service.CaseByID(w.ctx(), c.ID); err != nil || got.ClosedHow != payments.ClosedRefunded {
			t.Errorf("%+v, %v", got, err)
		}
	})
	t.Run("it is held", func(t *testing.T) {
		w := newWorld(t)
		inv, c := w.overpaid()
		check(t, decide(w, c, payments.ClosedKept))
		wantError(t, decide(w, c, payments.ClosedKept), payments.ErrCaseClosed)
		if all, err := w.service.ByApplication(w.ctx(), inv.ApplicationID); err != nil || len(all) != 2 || all[0].State != payments.InvoiceOpen || all[1].State != payments.InvoiceCancelled {
			t.Errorf("%+v, %v", all, err)
		}
		_, err := w.service.RefreshOpen(w.ctx(), 0, file)
		check(t, err)
		w.wantCases()
	})
	t.Run("it came after the first decision", func(t *testing.T) {
		w := newWorld(t)
		inv, c := w.overpaid()
		w.status(inv, c, 10, payments.StatePending)
		check(t, decide(w, c, payments.ClosedReturned)) // the gateway holds none: the invoice stays
		w.status(inv, c, 11, payments.StatePaid)
		w.wantCases(payments.ParkedAfterDecision)
		check(t, decide(w, w.cases()[0], payments.ClosedReturned))
		if got := w.get(inv.ID).State; got != payments.InvoiceCancelled {
			t.Errorf("the invoice is %s", got)
		}
		w.status(inv, c, 12, payments.StatePaid)
		w.wantCases()
	})
	t.Run("it does not know it", func(t *testing.T) {
		w := newWorld(t)
		w.paid()
		w.clock.advance(24 * time.Hour)
		w.mock.Switch(mockgateway.Faults{Report: map[string]mockgateway.Seed{uuid.NewString(): mockgateway.SeedExtra}})
		w.reconcile(today)
		c := w.cases()[0]
		wantError(t, decide(w, c, payments.ClosedKept), payments.ErrMoneyGone)
		wantError(t, decide(w, c, payments.ClosedExplained), payments.ErrOutcomeInvalid)
		check(t, decide(w, c, payments.ClosedWrittenOff))
		w.wantCases()
		w.wantLedger(today)
	})
}

// A head takes the money that came after its decision for the fee all the same: what was decided is taken back in the books.
func TestMoneyIsAcceptedAfterItsDecision(t *testing.T) {
	for _, how := range []string{payments.ClosedReturned, payments.ClosedKept, payments.ClosedWrittenOff} {
		t.Run(how, func(t *testing.T) {
			w := newWorld(t)
			inv := w.reportedAhead()
			check(t, w.close(w.cases()[0], how))
			w.standByNothing()
			_, err := w.service.Refresh(w.ctx(), inv.ID, file)
			check(t, err)
			w.wantCases(payments.ParkedAfterDecision)
			check(t, w.service.AcceptCase(w.ctx(), w.cases()[0].ID, "ҮЛГІЛІ", "the bank confirms", nothingMore, file))
			w.wantCases()
			w.wantLedger(today)
			if got := w.on("budget/105402/4815"); got != inv.Amount || w.get(inv.ID).State != payments.InvoicePaid {
				t.Errorf("%s in the budget, %s", got, w.get(inv.ID).State)
			}
		})
	}
}

// The poller takes a word about the money while a person decides: no deadlock, and who comes second knows of the first.
func TestADecisionBesideThePoller(t *testing.T) {
	w := newWorld(t)
	inv, c := w.overpaid()
	w.clock.advance(24 * time.Hour)
	w.reconcile(today)
	_, err := w.client.Refund(w.ctx(), c.GatewayID)
	check(t, err)
	polled := make(chan error, 1)
	check(t, w.tx(func(tx *gorm.DB) error {
		if _, err := w.service.HoldCase(tx, c.ID); err != nil {
			return err
		}
		go func() { _, err := w.service.Refresh(w.ctx(), inv.ID, file); polled <- err }()
		for w.count("SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE NOT granted AND datname = current_database()") == 0 {
			select {
			case err := <-polled:
				return fmt.Errorf("the poller did not wait for the decision: %v", err)
			default:
			}
		}
		return w.service.CloseCase(tx, c.ID, payments.Decision{How: payments.ClosedReturned, By: "ҮЛГІЛІ", Note: "a letter of the bank"})
	}))
	check(t, <-polled)
	w.wantCases(payments.ParkedDecided)
	w.clock.advance(24 * time.Hour)
	w.wantLedger(today, tomorrow)
}

// What is decided about one payment document says nothing of another: money that nobody decided about is written off, not kept with it.
func TestADecisionIsAboutItsDocument(t *testing.T) {
	w := newWorld(t)
	inv, c := w.overpaid()
	n := w.paidNotice(inv)
	n.Payment.Version, n.Payment.Amount, n.Payment.Receipt = 12, inv.Amount+2, "R-other"
	check(t, w.receive(w.forge(n)))
	w.wantCases(payments.ParkedAmount, payments.ParkedAmount)
	check(t, w.close(c, payments.ClosedKept))
	check(t, w.tx(func(tx *gorm.DB) error { return w.service.Abandon(tx, inv.ID, nil) }))
	w.clock.advance(24 * time.Hour)
	w.standByNothing()
	w.reconcile(today) // its own document: kept
	other := w.cases()
	if len(other) != 1 || other[0].TheirsReceipt != "R-other" || w.on("budget/105402/4815") != inv.Amount+1 {
		t.Fatalf("%+v, %s", other, w.on("budget/105402/4815"))
	}
	w.exec("INSERT INTO ledger_entries (invoice_id, gateway_id, receipt, kind, debit, credit, amount_tiyn, paid_at, recorded_at) VALUES (?, ?, 'R-third', 'difference', 'gateway', 'difference', 7, now(), now())",
		inv.ID, c.GatewayID)
	check(t, w.close(other[0], payments.ClosedReturned))
	if kept, off := w.on("budget/105402/4815"), w.on("written_off"); kept != inv.Amount+1 || off != 7 {
		t.Errorf("%s kept, %s written off", kept, off)
	}
}

// A word that was parked by an earlier version of the portal is known to this one: its fingerprint is over the fields of then.
func TestAParkedWordStaysKnown(t *testing.T) {
	w := newWorld(t)
	inv, _ := w.started()
	n := w.changed(inv, func(n *egov.Notice) { n.Payment.Amount++ })
	check(t, w.receive(w.forge(n)))
	then := struct {
		PaymentID, Reference              string
		State                             payments.PaymentState
		Version                           int64
		Amount                            payments.Tiyn
		Currency, BudgetCode, PurposeCode string
		PayerID                           string
		PaidAt                            time.Time
		Receipt                           string
	}{n.Payment.ID, n.Payment.Reference, n.Payment.State, 0, n.Payment.Amount, n.Payment.Currency, n.Payment.BudgetCode, n.Payment.PurposeCode, n.Payment.PayerID,
		n.Payment.PaidAt.UTC(), n.Payment.Receipt}
	text, err := json.Marshal([]any{payments.ParkedAmount, then})
	check(t, err)
	sum := sha256.Sum256(text)
	if n := w.count("SELECT count(*) FROM parked_notices WHERE fingerprint = ?", sum[:]); n != 1 {
		t.Errorf("known %d times", n)
	}
}

// The head has the gateway give back what came after his decision: that is his word too, and nobody is warned of it.
func TestMoneyIsGivenBackAfterItsDecision(t *testing.T) {
	for _, how := range []string{payments.ClosedReturned, payments.ClosedKept} {
		t.Run(how, func(t *testing.T) {
			w := newWorld(t)
			inv, c := w.overpaid()
			w.status(inv, c, 10, payments.StatePending)
			check(t, w.close(c, how))
			w.status(inv, c, 11, payments.StatePaid)
			w.wantCases(payments.ParkedAfterDecision)
			w.standByNothing()
			w.clock.advance(time.Minute)
			check(t, w.service.RefundCase(w.ctx(), w.cases()[0].ID, "ҮЛГІЛІ", nothingMore))
			w.wantCases()
			if got := w.on("parked"); got != 0 {
				t.Errorf("%s is parked", got)
			}
		})
	}
}

// A notice that contradicts another holds no money back in the books.
func TestAReusedNoticeKeepsNoMoneyWaiting(t *testing.T) {
	w := newWorld(t)
	inv, c := w.overpaid()
	n := w.paidNotice(inv)
	check(t, w.db.Raw("SELECT id FROM gateway_notices ORDER BY version DESC LIMIT 1").Scan(&n.ID).Error)
	n.Payment.Receipt = c.TheirsReceipt
	check(t, w.receive(w.stolen(n)))
	w.wantCases(payments.ParkedAmount, payments.ParkedNoticeReused)
	w.clock.advance(24 * time.Hour)
	w.reconcile(today)
	check(t, w.close(c, payments.ClosedReturned))
	w.wantCases(payments.ParkedNoticeReused)
	w.wantLedger(today)
	if got := w.on("returned"); got != inv.Amount+1 {
		t.Errorf("%s is returned", got)
	}
}
