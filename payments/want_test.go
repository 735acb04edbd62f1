package payments_test

import (
	"errors"
	"strings"

	"github.com/google/uuid"

	"elicensing/payments"
)

// wantUntouched shows that the invoice is open and nothing was filed or booked.
func (w *world) wantUntouched(id uuid.UUID) {
	w.t.Helper()
	if inv := w.get(id); inv.State != payments.InvoiceOpen || inv.Payment.State == payments.StatePaid {
		w.t.Fatalf("invoice %s, payment %s: want it untouched", inv.State, inv.Payment.State)
	}
	if n := w.count("SELECT count(*) FROM ledger_entries") + w.count("SELECT count(*) FROM filed"); n != 0 {
		w.t.Fatalf("%d entries or filings, want none", n)
	}
}

// wantPaidOnce shows that the invoice is paid, booked and filed exactly once.
func (w *world) wantPaidOnce(id uuid.UUID) {
	w.t.Helper()
	if inv := w.get(id); inv.State != payments.InvoicePaid || inv.Payment.State != payments.StatePaid {
		w.t.Fatalf("invoice %s, payment %s: want both paid", inv.State, inv.Payment.State)
	}
	var booked []payments.LedgerEntry
	check(w.t, w.db.Where("invoice_id = ?", id).Find(&booked).Error)
	if len(booked) != 1 {
		w.t.Fatalf("%d entries in the ledger, want 1", len(booked))
	}
	if e, inv := booked[0], w.get(id); e.Amount != inv.Amount || e.Debit != "gateway" || e.Credit != "budget/105402/4815" ||
		e.GatewayID != *inv.Payment.GatewayID || !e.PaidAt.Equal(*inv.PaidAt) {
		w.t.Fatalf("booked %+v", e)
	}
	if n := w.count("SELECT count(*) FROM filed WHERE invoice_id = ?", id); n != 1 {
		w.t.Fatalf("filed %d times, want once", n)
	}
	if sum := w.count("SELECT sum(amount_tiyn) FROM ledger_lines"); sum != 0 {
		w.t.Fatalf("the ledger sums to %d", sum)
	}
}

// wantParked shows why exactly one word of the gateway was parked.
func (w *world) wantParked(reason string) {
	w.t.Helper()
	var reasons []string
	check(w.t, w.db.Raw("SELECT reason FROM parked_notices").Scan(&reasons).Error)
	if strings.Join(reasons, ",") != reason {
		w.t.Fatalf("parked %q, want %q", reasons, reason)
	}
}

func codeOf(err error) string {
	if refusal, ok := errors.AsType[*payments.Error](err); ok {
		return refusal.Code
	}
	return ""
}
