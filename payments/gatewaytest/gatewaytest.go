// Package gatewaytest holds any implementation of payments.Gateway to its contract. An adapter's own test makes a Subject
// against its gateway (a sandbox, a recording, a mock) and calls Run:
//
//	gatewaytest.Run(t, func(t *testing.T) gatewaytest.Subject { … })
//
// Each check gets a Subject of its own. What an adapter cannot do is left nil and said in its documentation.
package gatewaytest

import (
	"errors"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"elicensing/payments"
)

// Subject is an adapter with its gateway, and the hands of a payer.
type Subject struct {
	Gateway payments.Gateway
	// Now is the clock of both; Advance moves it.
	Now     func() time.Time
	Advance func(time.Duration)
	// Pay does whatever a payer does to pay a payment, and a bank to confirm it.
	Pay func(t *testing.T, made payments.GatewayPayment)
	// Fail makes an attempt fail, as a refused card does. Nil: attempts cannot fail here.
	Fail func(t *testing.T, made payments.GatewayPayment)
	// Wait does the payer's part of paying, so that the payment is pending; Confirm is the bank's word for it then. Nil: nothing is ever pending.
	Wait, Confirm func(t *testing.T, made payments.GatewayPayment)
	// TryToPay is Pay on a payment that must not take money: whatever the gateway tells the payer.
	TryToPay func(t *testing.T, made payments.GatewayPayment)
	// Cut loses the answer to the next call after the gateway did its work. Nil: nothing lies between.
	Cut func()
	// Babble makes the next answer one that cannot be understood. Nil: nothing lies between.
	Babble func()
	// Rotate has the gateway sign with its next key from now on. Nil: it signs nothing.
	Rotate func(t *testing.T)
	// ReportPage is the most lines of one page of a report; 0 when it comes in one piece.
	ReportPage int
	// Notices are those sent so far, as they came. Nil: the gateway sends none, and every notice is refused.
	Notices func(t *testing.T) []Notice
	// NoRefund: the gateway cannot give money back and must say ErrGatewayRefused.
	NoRefund bool
}

// Notice is a message of the gateway on the wire.
type Notice struct {
	Header http.Header
	Body   []byte
}

// Run checks everything that package payments relies on.
func Run(t *testing.T, make func(t *testing.T) Subject) {
	t.Helper()
	for name, check := range map[string]func(*testing.T, Subject){
		"CreateIsIdempotent":        createIsIdempotent,
		"CreateAgainAfterPayBefore": createAgainAfterPayBefore,
		"OtherOrderIsRefused":       otherOrderIsRefused,
		"UnknownIsRefused":          unknownIsRefused,
		"PaidTellsAll":              paidTellsAll,
		"FailedTakesAnother":        failedTakesAnother,
		"VoidEndsIt":                voidEndsIt,
		"VoidAfterPaidTellsPaid":    voidAfterPaidTellsPaid,
		"VoidWhilePendingTellsIt":   voidWhilePendingTellsIt,
		"NoMoneyAfterVoid":          noMoneyAfterVoid,
		"RefundOnce":                refundOnce,
		"RefundAfterALostAnswer":    refundAfterALostAnswer,
		"ReportIsComplete":          reportIsComplete,
		"ReportTellsRefunds":        reportTellsRefunds,
		"ReportOfManyPages":         reportOfManyPages,
		"LostAnswersAreHarmless":    lostAnswersAreHarmless,
		"NonsenseIsNoAnswer":        nonsenseIsNoAnswer,
		"NoticesAreProved":          noticesAreProved,
		"KeysAreReplaced":           keysAreReplaced,
		"CancelledContextIsAnEnd":   cancelledContextIsAnEnd,
	} {
		t.Run(name, func(t *testing.T) { check(t, make(t)) })
	}
}

// Order is a good one; each call has a reference of its own.
func Order(s Subject) payments.Order {
	return payments.Order{
		Reference: uuid.NewString(), Number: "2026-000001", Amount: 4_325_000, Currency: payments.Currency,
		PayerID: "900101300123", PayerName: "ТЕСТОВ ТЕСТ", Purpose: "Лицензионный сбор",
		Requisites: payments.Requisites{TaxOfficeCode: "4815", BudgetCode: "105402", PurposeCode: "911", Beneficiary: "УГД",
			BeneficiaryBIN: "980540000397", Account: "KZ24070105KSN0000000", BankCode: "KKMFKZ2A"},
		ReturnURL: "http://portal.test/applications/1/payment", PayBefore: s.Now().AddDate(0, 1, 0),
	}
}

func create(t *testing.T, s Subject, o payments.Order) payments.GatewayPayment {
	t.Helper()
	made, err := s.Gateway.Create(t.Context(), o)
	if err != nil {
		t.Fatalf("create: %v", err)
	}
	if made.ID == "" || made.PageURL == "" {
		t.Fatalf("create names nothing: %+v", made)
	}
	return made
}

func status(t *testing.T, s Subject, id string) payments.GatewayStatus {
	t.Helper()
	got, err := s.Gateway.Status(t.Context(), id)
	if err != nil {
		t.Fatalf("status: %v", err)
	}
	return got
}

func createIsIdempotent(t *testing.T, s Subject) {
	o := Order(s)
	first := create(t, s, o)
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			again, err := s.Gateway.Create(t.Context(), o)
			if err != nil || again != first {
				t.Errorf("%+v, %v; want %+v", again, err, first)
			}
		})
	}
	all.Wait()
	if other := create(t, s, Order(s)); other.ID == first.ID {
		t.Error("two references have one payment")
	}
	s.Pay(t, first)
	if again := create(t, s, o); again.ID != first.ID {
		t.Error("a paid order makes another payment")
	}
}

func otherOrderIsRefused(t *testing.T, s Subject) {
	o := Order(s)
	made := create(t, s, o)
	o.Amount++
	if again, err := s.Gateway.Create(t.Context(), o); !errors.Is(err, payments.ErrGatewayRefused) {
		t.Errorf("another amount under the same reference: %+v, %v", again, err)
	}
	if got := status(t, s, made.ID); got.Amount != o.Amount-1 {
		t.Errorf("the amount became %s", got.Amount)
	}
}

func unknownIsRefused(t *testing.T, s Subject) {
	for _, id := range []string{uuid.NewString(), "none", "../" + uuid.NewString()} {
		if _, err := s.Gateway.Status(t.Context(), id); !errors.Is(err, payments.ErrGatewayRefused) {
			t.Errorf("status of %q: %v", id, err)
		}
		if _, err := s.Gateway.Void(t.Context(), id); !errors.Is(err, payments.ErrGatewayRefused) {
			t.Errorf("void of %q: %v", id, err)
		}
		if _, err := s.Gateway.Refund(t.Context(), id); !errors.Is(err, payments.ErrGatewayRefused) {
			t.Errorf("refund of %q: %v", id, err)
		}
	}
}

func paidTellsAll(t *testing.T, s Subject) {
	o := Order(s)
	made := create(t, s, o)
	before := status(t, s, made.ID)
	if before.State != payments.StateCreated || before.Reference != o.Reference || !before.PaidAt.IsZero() || before.Version < 1 {
		t.Errorf("created: %+v", before)
	}
	s.Pay(t, made)
	got := status(t, s, made.ID)
	if got.State != payments.StatePaid || got.Version <= before.Version || got.Receipt == "" || got.PaidAt.IsZero() || got.PaidAt.After(s.Now()) {
		t.Errorf("paid: %+v", got)
	}
	if got.PaymentID != made.ID || got.Amount != o.Amount || got.Currency != o.Currency || got.PayerID != o.PayerID ||
		got.BudgetCode != o.Requisites.BudgetCode || got.PurposeCode != o.Requisites.PurposeCode {
		t.Errorf("paid: %+v, ordered %+v", got, o)
	}
	if again := status(t, s, made.ID); again != got {
		t.Errorf("asked again: %+v, before %+v", again, got)
	}
}

func failedTakesAnother(t *testing.T, s Subject) {
	if s.Fail == nil {
		return // attempts cannot fail at this gateway
	}
	made := create(t, s, Order(s))
	s.Fail(t, made)
	if got := status(t, s, made.ID); got.State != payments.StateRefused {
		t.Errorf("failed: %+v", got)
	}
	s.Pay(t, made)
	if got := status(t, s, made.ID); got.State != payments.StatePaid {
		t.Errorf("paid after a failure: %+v", got)
	}
}

func voidEndsIt(t *testing.T, s Subject) {
	o := Order(s)
	made := create(t, s, o)
	for range 2 {
		got, err := s.Gateway.Void(t.Context(), made.ID)
		if err != nil || got.State != payments.StateVoided || got.Reference != o.Reference {
			t.Fatalf("void: %+v, %v", got, err)
		}
	}
	if got := status(t, s, made.ID); got.State != payments.StateVoided {
		t.Errorf("after void: %+v", got)
	}
	if again := create(t, s, o); again.ID != made.ID {
		t.Error("a late order opened a new payment for a closed reference")
	}
	if got := status(t, s, made.ID); got.State != payments.StateVoided {
		t.Errorf("a late order opened it again: %+v", got)
	}
}

func voidAfterPaidTellsPaid(t *testing.T, s Subject) {
	made := create(t, s, Order(s))
	s.Pay(t, made)
	got, err := s.Gateway.Void(t.Context(), made.ID)
	if err != nil || got.State != payments.StatePaid {
		t.Errorf("void of a paid one: %+v, %v", got, err)
	}
}
