package egov

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"time"
	"unicode"
	"unicode/utf8"

	"elicensing/payments"
)

// MaxMessage is the largest body of a request, an answer or a notice, in bytes.
const MaxMessage = 64 << 10

// Order asks the gateway for a payment: POST /api/payments. The same reference with the
// same content gives the same payment, for ever, with another content 409. The return
// address may differ; the first one stays. A new reference after PayBefore is refused
// with CodeTooLate, now and later.
type Order struct {
	Reference string        `json:"reference"`
	Number    string        `json:"number"`
	Amount    payments.Tiyn `json:"amount"` // in tenge: "43250.00"
	Currency  string        `json:"currency"`
	Payer     Payer         `json:"payer"`
	Payee     Payee         `json:"payee"`
	Purpose   string        `json:"purpose"`
	ReturnURL string        `json:"return_url"`
	PayBefore time.Time     `json:"pay_before"`
}

// Payer is who pays; ID is a BIN or an IIN.
type Payer struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Payee is where the money goes.
type Payee struct {
	Name          string `json:"name"`
	BIN           string `json:"bin"`
	Account       string `json:"account"`
	BankCode      string `json:"bank_code"`
	TaxOfficeCode string `json:"tax_office_code"`
	BudgetCode    string `json:"budget_code"`
	PurposeCode   string `json:"purpose_code"`
}

// Payment is the gateway's word on a payment: the answer to every request
// (GET /api/payments/{id}, POST /api/payments/{id}/void) and the content of a notice,
// there without the page.
type Payment struct {
	ID          string                `json:"id"`
	PageURL     string                `json:"page_url,omitempty"`
	Reference   string                `json:"reference"`
	State       payments.PaymentState `json:"state"`
	Version     int64                 `json:"version"`
	Amount      payments.Tiyn         `json:"amount"`
	Currency    string                `json:"currency"`
	BudgetCode  string                `json:"budget_code"`
	PurposeCode string                `json:"purpose_code"`
	PayerID     string                `json:"payer_id"`
	PaidAt      *time.Time            `json:"paid_at,omitempty"`
	RefundedAt  *time.Time            `json:"refunded_at,omitempty"`
	Receipt     string                `json:"receipt,omitempty"`
}

// Refusal is the body of an answer of 4xx.
type Refusal struct {
	Code string `json:"code"`
}

// CodeTooLate refuses an order that was not made before its PayBefore (422).
const CodeTooLate = "too_late"

// Notice is what the gateway sends by itself, again and again with the same id until it
// is answered with 2xx.
type Notice struct {
	ID      string  `json:"id"`
	Payment Payment `json:"payment"`
}

// Report is the gateway's book of a day: GET /api/reports/{day}?after={cursor}, by pages.
type Report struct {
	Day   string `json:"day"`
	Lines []Line `json:"lines"`
	// Next is the cursor of the following page; empty on the last one.
	Next string `json:"next,omitempty"`
}

// Line is one movement of money.
type Line struct {
	PaymentID string                `json:"payment_id"`
	Reference string                `json:"reference"`
	State     payments.PaymentState `json:"state"` // paid or refunded
	Amount    payments.Tiyn         `json:"amount"`
	Currency  string                `json:"currency"`
	At        time.Time             `json:"at"`
	Receipt   string                `json:"receipt"`
}

// ReportPage is the most lines of one page of a report.
const ReportPage = 100

func (l Line) line() (payments.ReportLine, error) {
	switch {
	case !word(l.PaymentID, 100), !word(l.Reference, 100), l.State != payments.StatePaid && l.State != payments.StateRefunded,
		!printable(l.Currency, 10), !printable(l.Receipt, 100), l.At.IsZero():
		return payments.ReportLine{}, errors.New("a line of the report has a wrong form")
	}
	return payments.ReportLine{
		PaymentID: l.PaymentID, Reference: l.Reference, State: l.State, Amount: l.Amount,
		Currency: l.Currency, At: l.At.UTC(), Receipt: l.Receipt,
	}, nil
}

// states are the words that the gateway may use of a payment.
var states = map[payments.PaymentState]bool{
	payments.StateCreated: true, payments.StatePending: true, payments.StateRefused: true,
	payments.StateCancelledByPayer: true, payments.StatePaid: true, payments.StateVoided: true,
	payments.StateRefunded: true,
}

// status checks a message's form and gives it in the words of payments. What it says is
// compared with the invoice elsewhere; here it only must be fit to be stored.
func (p Payment) status() (payments.GatewayStatus, error) {
	paid := p.State == payments.StatePaid || p.State == payments.StateRefunded
	switch {
	case !word(p.ID, 100), !word(p.Reference, 100), !states[p.State], p.Version < 1,
		!printable(p.Currency, 10), !printable(p.BudgetCode, 20), !printable(p.PurposeCode, 20),
		!printable(p.PayerID, 20), !printable(p.Receipt, 100):
		return payments.GatewayStatus{}, errors.New("a field of the payment has a wrong form")
	case paid != (p.PaidAt != nil), paid && p.Receipt == "":
		return payments.GatewayStatus{}, errors.New("moment and receipt of payment do not agree with its state")
	case (p.State == payments.StateRefunded) != (p.RefundedAt != nil):
		return payments.GatewayStatus{}, errors.New("moment of giving back does not agree with the state")
	}
	s := payments.GatewayStatus{
		PaymentID: p.ID, Reference: p.Reference, State: p.State, Version: p.Version,
		Amount: p.Amount, Currency: p.Currency, BudgetCode: p.BudgetCode,
		PurposeCode: p.PurposeCode, PayerID: p.PayerID, Receipt: p.Receipt,
	}
	if paid {
		s.PaidAt = p.PaidAt.UTC()
	}
	if p.RefundedAt != nil {
		s.RefundedAt = p.RefundedAt.UTC()
	}
	return s, nil
}

func printable(s string, most int) bool {
	if len(s) > most || !utf8.ValidString(s) {
		return false
	}
	for _, r := range s {
		if !unicode.IsPrint(r) {
			return false
		}
	}
	return true
}

// decode reads one JSON value and nothing after it. Fields that we do not know are let
// pass: a gateway may add some.
func decode(body []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(body))
	if err := decoder.Decode(into); err != nil {
		return errors.New("not the JSON that was expected")
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more than one JSON value")
	}
	return nil
}
