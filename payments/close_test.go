package payments_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"elicensing/payments"
	"elicensing/payments/mockgateway"
)

// on is what stands on an account of the ledger.
func (w *world) on(account string) payments.Tiyn {
	w.t.Helper()
	return payments.Tiyn(-w.count("SELECT coalesce(sum(amount_tiyn), 0) FROM ledger_lines WHERE account = ?", account))
}

func (w *world) close(c payments.Case, how string) error {
	requisites := payments.Requisites{BudgetCode: "105402", TaxOfficeCode: "5903"}
	return w.tx(func(tx *gorm.DB) error {
		return w.service.CloseCase(tx, c.ID, payments.Decision{How: how, By: "ҮЛГІЛІ", Note: "a letter of the gateway", Requisites: requisites})
	})
}

// overpaid is an invoice for which the gateway took a tiyn too much, as a notice told.
func (w *world) overpaid() (payments.Invoice, payments.Case) {
	w.t.Helper()
	inv, page := w.started()
	w.mock.Switch(mockgateway.Faults{WrongAmount: true})
	w.choose(page, "succeeds")
	w.mock.Switch(mockgateway.Faults{})
	w.deliver()
	w.wantCases(payments.ParkedAmount)
	return inv, w.cases()[0]
}

// I10: what was parked goes, when its case is closed, to where the decision says it belongs; nothing waits without a case, the ledger sums to zero and our
// account of the gateway stays its book. Compared again, nothing moves.
func TestClosingACaseSaysWhereTheMoneyBelongs(t *testing.T) {
	for how, account := range map[string]string{payments.ClosedReturned: "returned", payments.ClosedKept: "budget/105402/5903", payments.ClosedWrittenOff: "written_off"} {
		t.Run(how, func(t *testing.T) {
			w := newWorld(t)
			doubled, stranger := w.paid(), uuid.NewString()
			w.clock.advance(24 * time.Hour)
			w.mock.Switch(mockgateway.Faults{Report: map[string]mockgateway.Seed{doubled.ID.String(): mockgateway.SeedDoubled, stranger: mockgateway.SeedExtra}})
			w.reconcile(today)
			w.wantCases(payments.ParkedDoubled, payments.ParkedUnknownInvoice)
			w.wantLedger(today)
			fees := w.on("budget/105402/4815")
			for _, c := range w.cases() {
				wantError(t, w.close(c, payments.ClosedExplained), payments.ErrOutcomeInvalid)
				check(t, w.close(c, how))
				wantError(t, w.close(c, how), payments.ErrCaseClosed)
			}
			if got := w.on("parked"); got != 0 {
				t.Errorf("%s is parked still", got)
			}
			want := map[string]payments.Tiyn{account: 2 * 4_325_000}
			if how == payments.ClosedKept { // of an invoice, to the budget that it names; of nobody's, to that of the authority which decides
				want = map[string]payments.Tiyn{account: 4_325_000, "budget/105402/4815": fees + 4_325_000}
			}
			for name, amount := range want {
				if got := w.on(name); got != amount {
					t.Errorf("%s on %s, want %s", got, name, amount)
				}
			}
			entries := w.count("SELECT count(*) FROM ledger_entries")
			w.reconcile(today)
			if n := w.count("SELECT count(*) FROM ledger_entries"); n != entries {
				t.Errorf("compared again: %d entries more", n-entries)
			}
			w.wantCases()
			w.wantLedger(today)
		})
	}
}

// A case that a notice told of is decided before the report of the day: the report books the money to where it was decided, and it files nothing any more.
func TestMoneyDecidedBeforeItsReport(t *testing.T) {
	w := newWorld(t)
	inv, c := w.overpaid()
	d := payments.Decision{How: payments.ClosedKept, By: "ҮЛГІЛІ", Note: "a letter of the gateway"}
	check(t, w.service.DecideCase(w.ctx(), c.ID, d, file, nothingMore))
	w.clock.advance(24 * time.Hour)
	w.reconcile(today)
	w.wantCases()
	w.wantLedger(today)
	if got := w.on("budget/105402/4815"); got != inv.Amount+1 {
		t.Errorf("%s is kept", got)
	}
	// The gateway says in the end that it was the right amount: too late to file with it.
	said, err := w.client.Status(w.ctx(), c.GatewayID)
	check(t, err)
	n := w.paidNotice(inv)
	n.Payment.Version, n.Payment.Receipt, n.Payment.PaidAt = said.Version+1, said.Receipt, &said.PaidAt
	check(t, w.receive(w.forge(n)))
	if got := w.get(inv.ID).State; got != payments.InvoiceCancelled {
		t.Errorf("the invoice is %s", got)
	}
	w.wantCases(payments.ParkedInvoiceCancelled) // another sum than was decided about: a person must look
	w.wantLedger(today)
}

// What differs about a filed fee is explained: nothing stands on the account of differences any more, and what turns up later evens it out.
func TestExplainedDifference(t *testing.T) {
	w := newWorld(t)
	inv := w.paid()
	w.clock.advance(24 * time.Hour)
	w.mock.Switch(mockgateway.Faults{Report: map[string]mockgateway.Seed{inv.ID.String(): mockgateway.SeedMissing}})
	w.reconcile(today)
	c := w.cases()[0]
	if c.Reason != payments.ParkedMissing || w.on("difference") != -inv.Amount {
		t.Fatalf("%+v, %s", c, w.on("difference"))
	}
	wantError(t, w.close(c, payments.ClosedKept), payments.ErrOutcomeInvalid) // there is nothing to keep
	check(t, w.close(c, payments.ClosedExplained))
	if w.on("difference") != 0 || w.on("written_off") != -inv.Amount {
		t.Errorf("difference %s, written off %s", w.on("difference"), w.on("written_off"))
	}
	w.mock.Switch(mockgateway.Faults{})
	w.reconcile(today)
	w.wantCases()
	w.wantLedger(today)
	if w.on("written_off") != 0 {
		t.Errorf("written off %s although it is there", w.on("written_off"))
	}
}

// The certificate lets the tax office give the money back, so the budget has it; what the gateway then gives back by itself would go back twice, and a
// person must know. So with what was kept, or came back by another road; also when the report of the taking never came.
func TestGivenBackAlthoughDecided(t *testing.T) {
	for how, account := range map[string]string{payments.ClosedCertificate: "tax_office/105402/4815", payments.ClosedReturned: "returned", payments.ClosedKept: "budget/105402/4815"} {
		for name, reported := range map[string]bool{"after the report": true, "before it": false} {
			t.Run(how+" "+name, func(t *testing.T) {
				w := newWorld(t)
				inv, c := w.overpaid()
				if reported {
					w.clock.advance(24 * time.Hour)
					w.reconcile(today)
				}
				if how == payments.ClosedCertificate {
					w.askCertificate(c)
				}
				check(t, w.close(c, how))
				if want := inv.Amount + 1; reported && w.on(account) != want {
					t.Errorf("%s on %s, want %s", w.on(account), account, want)
				}
				_, err := w.client.Refund(w.ctx(), c.GatewayID)
				check(t, err)
				w.deliver()
				w.wantCases(payments.ParkedDecided)
				w.clock.set(time.Date(2026, 11, 25, 12, 0, 0, 0, payments.Zone))
				check(t, w.service.ReconcileEnded(w.ctx(), file))
				w.wantCases(payments.ParkedDecided)
				w.wantLedger(today, tomorrow, "2026-11-24")
				if w.on(account) != 0 || w.on("gateway") != 0 {
					t.Errorf("%s on %s, %s at the gateway", w.on(account), account, w.on("gateway"))
				}
				check(t, w.close(w.cases()[0], payments.ClosedExplained))
				w.wantLedger(today, tomorrow, "2026-11-24")
			})
		}
	}
}

// The gateway's word that it gave money back is booked when it is known, at its own moment, and told once by whichever roads it comes; without the notice it
// is found by asking, also when the invoice was cancelled meanwhile.
func TestGivenBackIsKnownAtOnce(t *testing.T) {
	w := newWorld(t)
	told := 0
	w.service.OnTrouble(func(_ *gorm.DB, _ payments.Invoice, what payments.Trouble) error {
		if what == payments.MoneyReturned {
			told++
		}
		return nil
	})
	ended := 0
	w.service.OnReturned(func(*gorm.DB, payments.Case) error { ended++; return nil })
	inv, c := w.overpaid()
	w.askCertificate(c)
	check(t, w.tx(func(tx *gorm.DB) error { return w.service.Abandon(tx, inv.ID, nil) }))
	_, err := w.client.Refund(w.ctx(), c.GatewayID)
	check(t, err)
	backAt := w.clock.Now()
	late := w.notices() // not delivered yet
	w.clock.advance(3 * time.Minute)
	_, err = w.service.RefreshOpen(w.ctx(), 2*time.Minute, file)
	check(t, err)
	w.wantCases()
	back, err := w.service.Returned(w.ctx(), inv.ID)
	if e := back[inv.ID]; err != nil || e.Amount != inv.Amount+1 || !e.PaidAt.Equal(backAt) || e.Debit != "parked" {
		t.Errorf("%+v, %v", e, err)
	}
	for _, n := range late {
		check(t, w.receive(n))
	}
	asked := len(w.wire.requests)
	w.clock.advance(3 * time.Minute)
	_, err = w.service.RefreshOpen(w.ctx(), 2*time.Minute, file)
	check(t, err)
	if len(w.wire.requests) != asked {
		t.Error("asked again about money that is gone")
	}
	w.clock.advance(24 * time.Hour)
	w.reconcile(today)
	w.wantCases()
	w.wantLedger(today)
	if told != 1 || ended != 1 {
		t.Errorf("told %d times, ended %d times", told, ended)
	}
	if n := w.count("SELECT count(*) FROM ledger_entries"); n != 2 {
		t.Errorf("%d entries", n)
	}
}

// I9: who has a key of the gateway and sends a known notice with another content closes no case by it.
func TestAReusedNoticeGivesNothingBack(t *testing.T) {
	w := newWorld(t)
	inv, _ := w.overpaid()
	n := w.paidNotice(inv)
	n.Payment.Amount++
	check(t, w.db.Raw("SELECT id FROM gateway_notices ORDER BY version DESC LIMIT 1").Scan(&n.ID).Error)
	at := w.clock.Now()
	n.Payment.State, n.Payment.RefundedAt = payments.StateRefunded, &at
	check(t, w.receive(w.stolen(n)))
	w.wantCases(payments.ParkedAmount)
	if n := w.count("SELECT count(*) FROM ledger_entries"); n != 0 {
		t.Errorf("%d entries", n)
	}
}
