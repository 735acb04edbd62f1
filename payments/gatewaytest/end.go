package gatewaytest

import (
	"errors"
	"testing"
	"time"

	"elicensing/payments"
)

// createAgainAfterPayBefore: the answer was lost and the rate has ended meanwhile. The gateway still names the payment that it has; of an order that
// comes only now it says that it is too late, or makes a payment that can be closed. Else the payer could neither pay nor begin anew.
func createAgainAfterPayBefore(t *testing.T, s Subject) {
	o, never := Order(s), Order(s)
	o.PayBefore = s.Now().Add(time.Hour)
	never.PayBefore = o.PayBefore
	made := create(t, s, o)
	s.Advance(2 * time.Hour)
	if again := create(t, s, o); again.ID != made.ID {
		t.Errorf("%+v, before %+v", again, made)
	}
	if got, err := s.Gateway.Void(t.Context(), made.ID); err != nil || got.State != payments.StateVoided {
		t.Errorf("void: %+v, %v", got, err)
	}
	if again := create(t, s, o); again.ID != made.ID {
		t.Errorf("a closed one: %+v, before %+v", again, made)
	}
	late, err := s.Gateway.Create(t.Context(), never)
	if errors.Is(err, payments.ErrOrderTooLate) {
		return
	}
	if err != nil {
		t.Fatalf("an order that never came: %v", err)
	}
	if got, err := s.Gateway.Void(t.Context(), late.ID); err != nil || got.State != payments.StateVoided {
		t.Errorf("an order that never came cannot be closed: %+v, %v", got, err)
	}
}

// voidWhilePendingTellsIt: the bank has the money in hand; it cannot be called back, and the bank's word counts.
func voidWhilePendingTellsIt(t *testing.T, s Subject) {
	if s.Wait == nil {
		return
	}
	made := create(t, s, Order(s))
	s.Wait(t, made)
	for range 2 {
		if got, err := s.Gateway.Void(t.Context(), made.ID); err != nil || got.State != payments.StatePending {
			t.Fatalf("void while pending: %+v, %v", got, err)
		}
	}
	s.Confirm(t, made)
	if got := status(t, s, made.ID); got.State != payments.StatePaid {
		t.Errorf("confirmed: %+v", got)
	}
}

// noMoneyAfterVoid: whoever has the page still open cannot pay what was replaced.
func noMoneyAfterVoid(t *testing.T, s Subject) {
	made := create(t, s, Order(s))
	if _, err := s.Gateway.Void(t.Context(), made.ID); err != nil {
		t.Fatal(err)
	}
	s.TryToPay(t, made)
	if got := status(t, s, made.ID); got.State != payments.StateVoided || !got.PaidAt.IsZero() {
		t.Errorf("paid after void: %+v", got)
	}
	if lines := linesOf(t, s, payments.StatePaid); len(lines) != 0 {
		t.Errorf("in the report: %+v", lines)
	}
}
