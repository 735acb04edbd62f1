package gatewaytest

import (
	"errors"
	"testing"
	"time"

	"elicensing/payments"
)

func refundOnce(t *testing.T, s Subject) {
	made := create(t, s, Order(s))
	s.Pay(t, made)
	first, err := s.Gateway.Refund(t.Context(), made.ID)
	if s.NoRefund {
		if !errors.Is(err, payments.ErrGatewayRefused) || status(t, s, made.ID).State != payments.StatePaid {
			t.Errorf("refund: %+v, %v", first, err)
		}
		return
	}
	if err != nil || first.State != payments.StateRefunded {
		t.Fatalf("refund: %+v, %v", first, err)
	}
	again, err := s.Gateway.Refund(t.Context(), made.ID)
	if err != nil || again != first {
		t.Errorf("refund again: %+v, %v", again, err)
	}
}

func reportIsComplete(t *testing.T, s Subject) {
	paid, other := create(t, s, Order(s)), create(t, s, Order(s))
	s.Pay(t, paid)
	day := s.Now().In(payments.Zone).Format(time.DateOnly)
	if _, err := s.Gateway.Report(t.Context(), day); !errors.Is(err, payments.ErrReportNotReady) {
		t.Errorf("the report of today: %v", err)
	}
	s.Advance(24 * time.Hour)
	lines, err := s.Gateway.Report(t.Context(), day)
	if err != nil || len(lines) != 1 {
		t.Fatalf("report: %+v, %v", lines, err)
	}
	said := status(t, s, paid.ID)
	if l := lines[0]; l.PaymentID != paid.ID || l.Reference != said.Reference || l.Amount != said.Amount || l.Currency != said.Currency ||
		l.State != payments.StatePaid || !l.At.Equal(said.PaidAt) || l.Receipt != said.Receipt {
		t.Errorf("line %+v, status %+v", l, said)
	}
	if _, err := s.Gateway.Void(t.Context(), other.ID); err != nil {
		t.Error(err)
	}
	if _, err := s.Gateway.Report(t.Context(), "yesterday"); err == nil {
		t.Error("a report of no day")
	}
}

// refundAfterALostAnswer: the portal presses again, and the money goes back once.
func refundAfterALostAnswer(t *testing.T, s Subject) {
	if s.NoRefund || s.Cut == nil {
		return // nothing is given back there, or nothing lies between
	}
	made := create(t, s, Order(s))
	s.Pay(t, made)
	s.Cut()
	if _, err := s.Gateway.Refund(t.Context(), made.ID); !errors.Is(err, payments.ErrGatewayUnavailable) {
		t.Errorf("a lost answer: %v", err)
	}
	if got, err := s.Gateway.Refund(t.Context(), made.ID); err != nil || got.State != payments.StateRefunded {
		t.Errorf("again: %+v, %v", got, err)
	}
	if n := len(linesOf(t, s, payments.StateRefunded)); n != 1 {
		t.Errorf("given back %d times", n)
	}
}

// linesOf ends the day and reads its lines of one state.
func linesOf(t *testing.T, s Subject, state payments.PaymentState) (of []payments.ReportLine) {
	t.Helper()
	day := s.Now().In(payments.Zone).Format(time.DateOnly)
	s.Advance(24 * time.Hour)
	lines, err := s.Gateway.Report(t.Context(), day)
	if err != nil {
		t.Fatalf("report: %v", err)
	}
	for _, l := range lines {
		if l.State == state {
			of = append(of, l)
		}
	}
	return of
}

// reportTellsRefunds: the line of money given back names the document of its taking, on the day on which it was given back.
func reportTellsRefunds(t *testing.T, s Subject) {
	if s.NoRefund {
		return
	}
	made := create(t, s, Order(s))
	s.Pay(t, made)
	paid := status(t, s, made.ID)
	taken := linesOf(t, s, payments.StatePaid)
	if _, err := s.Gateway.Refund(t.Context(), made.ID); err != nil {
		t.Fatal(err)
	}
	back := linesOf(t, s, payments.StateRefunded)
	if len(taken) != 1 || len(back) != 1 {
		t.Fatalf("taken %+v, given back %+v", taken, back)
	}
	if b := back[0]; b.PaymentID != made.ID || b.Reference != paid.Reference || b.Amount != paid.Amount || b.Currency != paid.Currency ||
		b.Receipt != paid.Receipt || !b.At.After(taken[0].At) {
		t.Errorf("line %+v, paid %+v", b, paid)
	}
	if said := status(t, s, made.ID); !said.PaidAt.Equal(paid.PaidAt) || !said.RefundedAt.Equal(back[0].At) {
		t.Errorf("the status tells %+v, the report %+v", said, back[0])
	}
}

// reportOfManyPages has every line once, however many there are.
func reportOfManyPages(t *testing.T, s Subject) {
	want := map[string]bool{}
	for range s.ReportPage + 3 {
		made := create(t, s, Order(s))
		s.Pay(t, made)
		want[made.ID] = true
	}
	lines := linesOf(t, s, payments.StatePaid)
	if len(lines) != len(want) {
		t.Errorf("%d lines of %d payments", len(lines), len(want))
	}
	for _, l := range lines {
		if !want[l.PaymentID] {
			t.Errorf("%s twice, or nobody's", l.PaymentID)
		}
		delete(want, l.PaymentID)
	}
}
