package payments_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"gorm.io/gorm"

	"elicensing/payments"
	"elicensing/payments/egov"
	"elicensing/payments/mockgateway"
)

// What is found missing and turns up in a later report is not missing any more.
func TestMissingMoneyTurnsUp(t *testing.T) {
	w := newWorld(t)
	inv := w.paid()
	w.clock.advance(24 * time.Hour)
	w.mock.Switch(mockgateway.Faults{Report: map[string]mockgateway.Seed{inv.ID.String(): mockgateway.SeedMissing}})
	w.reconcile(today)
	w.wantCases(payments.ParkedMissing)
	w.wantLedger(today)
	w.mock.Switch(mockgateway.Faults{})
	w.reconcile(today)
	w.wantCases()
	w.wantLedger(today)
}

const tomorrow = "2026-11-23"

// I10: the money of one payment taken again, on the next day, or twice more on the same, or on the next under the number of the first document:
// each taking is a case and stands in the ledger; asked again, nothing is new.
func TestMoneyTakenAgainIsFound(t *testing.T) {
	for name, c := range map[string]struct {
		seed  mockgateway.Seed
		cases int
	}{
		"next day": {mockgateway.SeedDoubledNextDay, 1}, "twice more": {mockgateway.SeedTripled, 2}, "same document": {"", 1},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			inv := w.paid()
			w.clock.advance(48 * time.Hour)
			if c.seed != "" {
				w.mock.Switch(mockgateway.Faults{Report: map[string]mockgateway.Seed{inv.ID.String(): c.seed}})
			} else {
				line := egov.Line{PaymentID: *inv.Payment.GatewayID, Reference: inv.ID.String(), State: payments.StatePaid, Amount: inv.Amount, Currency: "KZT",
					At: inv.PaidAt.AddDate(0, 0, 1), Receipt: inv.Payment.Receipt}
				text, err := json.Marshal(egov.Report{Day: tomorrow, Lines: []egov.Line{line}})
				check(t, err)
				w.wire.set(func(net *wire) { net.says = map[string]string{"GET /api/reports/" + tomorrow: string(text)} })
			}
			for round := range 2 {
				found := w.reconcile(today).NewCases + w.reconcile(tomorrow).NewCases
				if want := c.cases * (1 - round); found != want {
					t.Errorf("round %d: %d cases, want %d", round, found, want)
				}
				w.wantLedger(today, tomorrow)
			}
			for _, found := range w.cases() {
				if found.Reason != payments.ParkedDoubled || *found.InvoiceID != inv.ID {
					t.Errorf("%+v", found)
				}
			}
			if n := w.count("SELECT count(*) FROM filed"); n != 1 {
				t.Errorf("filed %d times", n)
			}
		})
	}
}

// One application that cannot be filed holds up neither the other lines of the day nor the days after it; the day is compared again until it is
// complete.
func TestFailingLineHoldsUpNothing(t *testing.T) {
	w := newWorld(t)
	lost := func() payments.Invoice {
		inv, page := w.started()
		w.choose(page, "succeeds")
		w.mock.Switch(mockgateway.Faults{Drop: true})
		w.notices()
		w.mock.Switch(mockgateway.Faults{})
		return inv
	}
	bad := lost()
	w.clock.advance(time.Second) // the report tells the bad one first
	good := lost()
	w.clock.advance(24 * time.Hour)
	next := lost()
	w.clock.advance(24 * time.Hour)
	broken := errors.New("no number left")
	err := w.service.ReconcileEnded(w.ctx(), func(tx *gorm.DB, inv payments.Invoice) error {
		if inv.ID == bad.ID {
			return broken
		}
		return file(tx, inv)
	})
	wantError(t, err, broken)
	w.wantPaidOnce(good.ID)
	w.wantPaidOnce(next.ID)
	if n, m := w.count("SELECT count(*) FROM reconciled_days"), w.count("SELECT count(*) FROM reconciled_days WHERE failed > 0"); n != 2 || m != 1 {
		t.Errorf("%d days, %d incomplete", n, m)
	}
	w.wantCases()
	check(t, w.service.ReconcileEnded(w.ctx(), file))
	w.wantPaidOnce(bad.ID)
	w.wantLedger(today, tomorrow)
	if n := w.count("SELECT count(*) FROM reconciled_days WHERE failed > 0"); n != 0 {
		t.Errorf("%d incomplete", n)
	}
}

// A report that makes no sense is noted with its day, asked for again, and holds up no later day.
func TestNonsenseForAReport(t *testing.T) {
	w := newWorld(t)
	w.paid()
	w.clock.advance(48 * time.Hour)
	w.wire.set(func(net *wire) { net.says = map[string]string{"GET /api/reports/" + today: "<html>"} })
	wantError(t, w.service.ReconcileEnded(w.ctx(), file), payments.ErrGatewayNonsense)
	if n, m := w.count("SELECT count(*) FROM reconciled_days"), w.count("SELECT count(*) FROM reconciled_days WHERE failed > 0"); n != 2 || m != 1 {
		t.Errorf("%d days, %d incomplete", n, m)
	}
	w.standByNothing()
	check(t, w.service.ReconcileEnded(w.ctx(), file))
	if n := w.count("SELECT count(*) FROM reconciled_days WHERE failed = 0"); n != 2 {
		t.Errorf("%d days complete", n)
	}
	w.wantCases()
}
