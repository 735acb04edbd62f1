package payments

import (
	"context"
	"net/http"
	"time"
)

// Gateway is where the payer's money is taken: a page of somebody else, reached over the
// network. Nothing of a particular provider is in it. What an implementation must keep:
//
//   - Create is idempotent by Order.Reference, for ever: the same reference gives the same
//     payment, also when twenty calls arrive at once, an answer was lost on the way, or
//     PayBefore has passed meanwhile. An order that arrives first after PayBefore is
//     ErrOrderTooLate, now and later, or makes a payment that can be voided.
//   - A refused card or a payer who leaves does not end the payment: the same page takes
//     the next attempt. Only Void ends it.
//   - Void either closes the payment for good or tells the state that hinders it (paid,
//     pending), atomically: after StateVoided no money is taken.
//   - Refund gives the whole of a payment back, once: asked again it tells how the payment
//     stands. A gateway that cannot give back answers ErrGatewayRefused.
//   - Report is complete: what it leaves out of an ended day did not happen there. Its lines
//     name the receipt and moment that Status names.
//   - What could not be reached is ErrGatewayUnavailable, an answer that cannot be
//     understood ErrGatewayNonsense, what was understood and denied ErrGatewayRefused.
//
// README.md tells how to connect a real one; package gatewaytest holds any implementation
// to this contract.
type Gateway interface {
	Create(ctx context.Context, order Order) (GatewayPayment, error)
	Status(ctx context.Context, paymentID string) (GatewayStatus, error)
	Void(ctx context.Context, paymentID string) (GatewayStatus, error)
	Refund(ctx context.Context, paymentID string) (GatewayStatus, error)
	// Report is the gateway's book of one day in Kazakhstan ("2026-11-22"): every payment
	// taken and every one given back on it, in any order. ErrReportNotReady while the day
	// has not ended there.
	Report(ctx context.Context, day string) ([]ReportLine, error)
	// ReadNotice proves that the gateway sent this notice near the moment now and reads
	// it: ErrNoticeSignature, ErrNoticeStale or ErrNoticeMalformed if not.
	ReadNotice(header http.Header, body []byte, now time.Time) (Notice, error)
}

// Order is what the gateway is asked to collect.
type Order struct {
	// Reference is the invoice's id: the key that makes Create idempotent.
	Reference string
	// Number is the invoice's number as people see it.
	Number     string
	Amount     Tiyn
	Currency   string
	PayerID    string // BIN of an organisation, else IIN
	PayerName  string
	Purpose    string
	Requisites Requisites
	// ReturnURL is where the payer's browser is sent afterwards. It proves nothing.
	ReturnURL string
	// PayBefore ends the rate of the day (S7.1): no money may be taken from then on.
	PayBefore time.Time
}

// GatewayPayment is the gateway's side of an order.
type GatewayPayment struct {
	ID string
	// PageURL is the page on which the payer pays, the same at every attempt.
	PageURL string
}

// GatewayStatus is what the gateway says of a payment at one moment.
type GatewayStatus struct {
	PaymentID string
	Reference string
	State     PaymentState
	// Version grows with each change of the payment at the gateway, so that what was
	// said earlier and arrives later is recognised. (A gateway without versions: the
	// moment of the change in microseconds.)
	Version     int64
	Amount      Tiyn
	Currency    string
	BudgetCode  string
	PurposeCode string
	PayerID     string
	// PaidAt is the moment of payment; zero unless State is StatePaid or StateRefunded.
	PaidAt time.Time
	// RefundedAt is the moment at which the money was given back, as the report tells it; zero unless State is StateRefunded.
	RefundedAt time.Time
	// Receipt is the number of the payment document, which proves the payment (S7.1).
	Receipt string
}

// Notice is a GatewayStatus that the gateway sent by itself. ID is the same at each
// repetition of the notice.
type Notice struct {
	ID string
	GatewayStatus
}

// ReportLine is one movement of money in the gateway's book.
type ReportLine struct {
	PaymentID string
	Reference string
	// State is StatePaid for money taken and StateRefunded for money given back.
	State    PaymentState
	Amount   Tiyn
	Currency string
	At       time.Time
	// Receipt is the payment document; of money given back, that of its taking. A payment
	// taken twice has two.
	Receipt string
}
