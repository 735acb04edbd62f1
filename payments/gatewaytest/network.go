package gatewaytest

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"elicensing/payments"
)

func lostAnswersAreHarmless(t *testing.T, s Subject) {
	if s.Cut == nil {
		return // nothing lies between the adapter and its gateway
	}
	o := Order(s)
	s.Cut()
	if _, err := s.Gateway.Create(t.Context(), o); !errors.Is(err, payments.ErrGatewayUnavailable) {
		t.Errorf("a lost answer: %v", err)
	}
	made := create(t, s, o)
	s.Cut()
	if _, err := s.Gateway.Status(t.Context(), made.ID); !errors.Is(err, payments.ErrGatewayUnavailable) {
		t.Errorf("a lost answer: %v", err)
	}
	s.Cut()
	if _, err := s.Gateway.Void(t.Context(), made.ID); !errors.Is(err, payments.ErrGatewayUnavailable) {
		t.Errorf("a lost answer: %v", err)
	}
	if got, err := s.Gateway.Void(t.Context(), made.ID); err != nil || got.State != payments.StateVoided {
		t.Errorf("void again: %+v, %v", got, err)
	}
}

func noticesAreProved(t *testing.T, s Subject) {
	if s.Notices == nil {
		if _, err := s.Gateway.ReadNotice(http.Header{}, []byte(`{"id":"1"}`), s.Now()); !errors.Is(err, payments.ErrNoticeSignature) {
			t.Errorf("a notice of a gateway that sends none: %v", err)
		}
		return
	}
	made := create(t, s, Order(s))
	s.Pay(t, made)
	sent := s.Notices(t)
	if len(sent) == 0 {
		t.Fatal("no notice of a payment")
	}
	last := sent[len(sent)-1]
	read, err := s.Gateway.ReadNotice(last.Header, last.Body, s.Now())
	if err != nil || read.ID == "" || read.GatewayStatus != status(t, s, made.ID) {
		t.Errorf("%+v, %v", read, err)
	}
	for i := range last.Body {
		changed := append([]byte(nil), last.Body...)
		changed[i] ^= 1
		if _, err := s.Gateway.ReadNotice(last.Header, changed, s.Now()); !errors.Is(err, payments.ErrNoticeSignature) {
			t.Fatalf("byte %d changed: %v", i, err)
		}
	}
	for name := range last.Header {
		without := last.Header.Clone()
		without.Del(name)
		if _, err := s.Gateway.ReadNotice(without, last.Body, s.Now()); err != nil && !errors.Is(err, payments.ErrNoticeSignature) && !errors.Is(err, payments.ErrNoticeStale) {
			t.Errorf("without %s: %v", name, err)
		}
	}
	if _, err := s.Gateway.ReadNotice(http.Header{}, last.Body, s.Now()); !errors.Is(err, payments.ErrNoticeSignature) {
		t.Errorf("not signed: %v", err)
	}
	for _, later := range []time.Duration{24 * time.Hour, -24 * time.Hour} {
		if _, err := s.Gateway.ReadNotice(last.Header, last.Body, s.Now().Add(later)); !errors.Is(err, payments.ErrNoticeStale) {
			t.Errorf("%s away: %v", later, err)
		}
	}
}

func cancelledContextIsAnEnd(t *testing.T, s Subject) {
	made := create(t, s, Order(s))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Gateway.Status(ctx, made.ID); !errors.Is(err, payments.ErrGatewayUnavailable) {
		t.Errorf("with a cancelled context: %v", err)
	}
}

// nonsenseIsNoAnswer: what cannot be understood is told apart from a gateway out of reach, for others may be asked about.
func nonsenseIsNoAnswer(t *testing.T, s Subject) {
	if s.Babble == nil {
		return // nothing lies between the adapter and its gateway
	}
	o := Order(s)
	made := create(t, s, o)
	day := s.Now().In(payments.Zone).Format(time.DateOnly)
	s.Advance(24 * time.Hour)
	for name, ask := range map[string]func() error{
		"create": func() error { _, err := s.Gateway.Create(t.Context(), o); return err },
		"status": func() error { _, err := s.Gateway.Status(t.Context(), made.ID); return err },
		"void":   func() error { _, err := s.Gateway.Void(t.Context(), made.ID); return err },
		"refund": func() error { _, err := s.Gateway.Refund(t.Context(), made.ID); return err },
		"report": func() error { _, err := s.Gateway.Report(t.Context(), day); return err },
	} {
		s.Babble()
		if err := ask(); !errors.Is(err, payments.ErrGatewayNonsense) || errors.Is(err, payments.ErrGatewayUnavailable) || errors.Is(err, payments.ErrGatewayRefused) {
			t.Errorf("%s: %v", name, err)
		}
	}
	status(t, s, made.ID)
}

// keysAreReplaced: while one key replaces the other, notices signed with either are believed.
func keysAreReplaced(t *testing.T, s Subject) {
	if s.Rotate == nil {
		return
	}
	s.Pay(t, create(t, s, Order(s)))
	sent := s.Notices(t)
	s.Rotate(t)
	s.Pay(t, create(t, s, Order(s)))
	after := s.Notices(t)
	if len(sent) == 0 || len(after) == 0 {
		t.Fatal("no notices")
	}
	for i, n := range append(sent, after...) {
		if _, err := s.Gateway.ReadNotice(n.Header, n.Body, s.Now()); err != nil {
			t.Errorf("notice %d: %v", i, err)
		}
	}
}
