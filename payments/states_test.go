package payments_test

import (
	"slices"
	"testing"

	"elicensing/payments"
)

// The table itself: nothing leads out of a final state, everything can be reached, and
// only the gateway's word makes an invoice paid, or a person's about money that the gateway has.
func TestTransitionTable(t *testing.T) {
	type place struct {
		invoice payments.InvoiceState
		payment payments.PaymentState
	}
	reached := map[place]bool{{payments.InvoiceOpen, payments.StateNone}: true}
	for range payments.Transitions {
		for _, row := range payments.Transitions {
			for _, from := range row.From {
				if reached[place{row.In, from}] {
					reached[place{row.InTo, row.To}] = true
				}
			}
		}
	}
	for _, row := range payments.Transitions {
		if row.In != payments.InvoiceOpen {
			t.Errorf("%s leads out of the final state %s", row.Event, row.In)
		}
		if slices.Contains(row.From, payments.StatePaid) {
			t.Errorf("%s leads out of a paid payment", row.Event)
		}
		if (row.InTo == payments.InvoicePaid) != (row.Event == payments.EventPaid || row.Event == payments.EventAccept) {
			t.Errorf("%s leads to %s", row.Event, row.InTo)
		}
		if slices.Contains(row.From, payments.StateVoided) && row.To != payments.StateVoided {
			t.Errorf("%s opens a closed payment again", row.Event)
		}
		if row.Clause == "" || len(row.From) == 0 {
			t.Errorf("%s has no clause or nowhere to come from", row.Event)
		}
		for _, from := range row.From {
			if !reached[place{row.In, from}] {
				t.Errorf("%s: %s/%s cannot be reached", row.Event, row.In, from)
			}
		}
	}
	for _, end := range []place{
		{payments.InvoicePaid, payments.StatePaid},
		{payments.InvoiceCancelled, payments.StateNone}, {payments.InvoiceCancelled, payments.StateVoided},
	} {
		if !reached[end] {
			t.Errorf("%s/%s cannot be reached", end.invoice, end.payment)
		}
	}
}

// One event, one place, one row: a second one would never be looked at.
func TestTransitionsAreUnambiguous(t *testing.T) {
	type key struct {
		event   payments.Event
		invoice payments.InvoiceState
		payment payments.PaymentState
	}
	seen := map[key]bool{}
	for _, row := range payments.Transitions {
		for _, from := range row.From {
			k := key{row.Event, row.In, from}
			if seen[k] {
				t.Errorf("two rows for %v", k)
			}
			seen[k] = true
		}
	}
}
