package server

import (
	"time"

	"elicensing/payments"
	"elicensing/server/application"
)

type receiptResponse struct {
	State      string        `json:"state"`
	Bank       string        `json:"bank"`
	Number     string        `json:"number"`
	PaidOn     string        `json:"paidOn"`
	Amount     payments.Tiyn `json:"amount"`
	AttachedAt time.Time     `json:"attachedAt"`
	Remark     string        `json:"remark,omitempty"`
}

type refundResponse struct {
	ID            string        `json:"id"`
	ApplicationID string        `json:"applicationId"`
	State         string        `json:"state"`
	Amount        payments.Tiyn `json:"amount"`
	PaidAt        time.Time     `json:"paidAt"`
	PaymentNumber string        `json:"paymentNumber"`
	Payer         string        `json:"payer"`
	AskedAt       time.Time     `json:"askedAt"`
	SignedAt      *time.Time    `json:"signedAt,omitempty"`
	OutNumber     string        `json:"outNumber,omitempty"`
	Remark        string        `json:"remark,omitempty"`
}

func refundOf(r application.RefundRequest) refundResponse {
	return refundResponse{ID: r.ID.String(), ApplicationID: r.ApplicationID.String(), State: string(r.State), Amount: r.Amount, PaidAt: r.PaidAt,
		PaymentNumber: r.PaymentNumber, Payer: r.PayerName, AskedAt: r.AskedAt, SignedAt: r.SignedAt, OutNumber: r.OutNumber, Remark: r.Remark}
}

func refundsOf(list []application.RefundRequest) []refundResponse {
	out := make([]refundResponse, 0, len(list))
	for _, r := range list {
		out = append(out, refundOf(r))
	}
	return out
}

// ownMoneyResponse is how an application is paid, for its applicant.
type ownMoneyResponse struct {
	Via        string            `json:"via,omitempty"`
	FeeNow     *feeResponse      `json:"feeNow,omitempty"`
	RateEndsAt *time.Time        `json:"rateEndsAt,omitempty"`
	Receipt    *receiptResponse  `json:"receipt,omitempty"`
	Parked     *parkedResponse   `json:"parked,omitempty"`
	Returned   *returnedResponse `json:"returned,omitempty"`
	Refunds    []refundResponse  `json:"refunds"`
	CanGiveUp  bool              `json:"canGiveUp"`
}

type parkedResponse struct {
	Reason string         `json:"reason"`
	Amount *payments.Tiyn `json:"amount,omitempty"`
	PaidAt *time.Time     `json:"paidAt,omitempty"`
	// Receipt is the number of the payment document by which the payer finds it at his bank.
	Receipt        string `json:"receipt,omitempty"`
	RefundUnderWay bool   `json:"refundUnderWay"`
}

type returnedResponse struct {
	Amount payments.Tiyn `json:"amount"`
	At     time.Time     `json:"at"`
}

func ownMoneyOf(m application.OwnMoney) ownMoneyResponse {
	out := ownMoneyResponse{RateEndsAt: m.RateEndsAt, Refunds: refundsOf(m.Refunds), CanGiveUp: m.CanGiveUp}
	if m.Invoice != nil {
		out.Via = string(m.Invoice.Payment.Gateway)
	}
	if f := m.FeeNow; f != nil {
		out.FeeNow = &feeResponse{Amount: f.Amount, MCI: f.MCI, Coefficient: f.Coefficient.String(), RateDay: f.RateDay}
	}
	if r := m.Receipt; r != nil {
		out.Receipt = &receiptResponse{State: string(r.State), Bank: r.Bank, Number: r.Number, PaidOn: r.PaidOn, Amount: r.Amount, AttachedAt: r.AttachedAt, Remark: r.Remark}
	}
	if c := m.Parked; c != nil {
		out.Parked = &parkedResponse{Reason: c.Reason, Amount: c.TheirsAmount, PaidAt: c.TheirsPaidAt, Receipt: c.TheirsReceipt, RefundUnderWay: c.RefundAskedAt != nil}
	}
	if e := m.Returned; e != nil {
		out.Returned = &returnedResponse{Amount: e.Amount, At: e.RecordedAt}
	}
	return out
}

type paymentResponse struct {
	ID            string         `json:"id"`
	ApplicationID string         `json:"applicationId"`
	Application   string         `json:"application,omitempty"`
	Gone          bool           `json:"gone"`
	Invoice       string         `json:"invoice"`
	Via           string         `json:"via"`
	State         string         `json:"state"`
	PaymentState  string         `json:"paymentState"`
	Amount        payments.Tiyn  `json:"amount"`
	Fee           feeResponse    `json:"fee"`
	IssuedAt      time.Time      `json:"issuedAt"`
	PaidAt        *time.Time     `json:"paidAt,omitempty"`
	Receipt       string         `json:"receipt,omitempty"`
	Parked        *payments.Tiyn `json:"parked,omitempty"`
	MayGiveUp     bool           `json:"mayGiveUp"`
	Refunded      *payments.Tiyn `json:"refunded,omitempty"`
	RefundedAt    *time.Time     `json:"refundedAt,omitempty"`
	Refund        string         `json:"refund,omitempty"`
	RefundID      string         `json:"refundId,omitempty"`
	Remark        string         `json:"remark,omitempty"`

	Decided *decidedResponse `json:"decided,omitempty"`
}

// decidedResponse is what a head decided about money of a payment.
type decidedResponse struct {
	Outcome string        `json:"outcome"`
	Amount  payments.Tiyn `json:"amount"`
	Note    string        `json:"note"`
	At      time.Time     `json:"at"`
}

func paymentOf(r application.PaymentRow) paymentResponse {
	state, receipt := string(r.PaymentState), r.Receipt
	if state == "" {
		state = "none"
	}
	if receipt == "" {
		receipt = r.ParkedReceipt
	}
	out := paymentResponse{ID: r.InvoiceID.String(), ApplicationID: r.ApplicationID.String(), Application: r.Application, Gone: r.Gone, Invoice: r.Invoice, Via: string(r.Via),
		State: string(r.State), PaymentState: state, Amount: r.Amount, Fee: feeResponse{Amount: r.Amount, MCI: r.MCI, Coefficient: r.Coefficient.String(), RateDay: r.RateDay},
		IssuedAt: r.OpenedAt, PaidAt: r.PaidAt, Receipt: receipt, Parked: r.Parked, MayGiveUp: r.MayGiveUp, Refunded: r.Returned, RefundedAt: r.ReturnedAt,
		Refund: string(r.Refund), Remark: r.Remark}
	if r.RefundID != nil {
		out.RefundID = r.RefundID.String()
	}
	if r.DecidedAt != nil && r.DecidedAmount != nil {
		out.Decided = &decidedResponse{Outcome: r.Decided, Amount: *r.DecidedAmount, Note: r.DecidedNote, At: *r.DecidedAt}
	}
	return out
}

type reconciledResponse struct {
	Via    string     `json:"via"`
	Day    string     `json:"day,omitempty"`
	At     *time.Time `json:"at,omitempty"`
	Behind bool       `json:"behind"`
}

type deskResponse struct {
	Receipts   []deskReceipt        `json:"receipts"`
	Cases      []caseResponse       `json:"cases"`
	Closed     []caseResponse       `json:"closed"`
	Refunds    []refundResponse     `json:"refunds"`
	Reconciled []reconciledResponse `json:"reconciled"`
}

type deskReceipt struct {
	ID            string         `json:"id"`
	ApplicationID string         `json:"applicationId"`
	Invoice       string         `json:"invoice"`
	PayerID       string         `json:"payerId"`
	Payer         string         `json:"payer"`
	Due           payments.Tiyn  `json:"due"`
	RateDay       string         `json:"rateDay"`
	Bank          string         `json:"bank"`
	Number        string         `json:"number"`
	PaidOn        string         `json:"paidOn"`
	Amount        payments.Tiyn  `json:"amount"`
	AttachedAt    time.Time      `json:"attachedAt"`
	Alike         []alikeReceipt `json:"alike"`
}

// alikeReceipt is another application with what looks like the same document: nothing of it but that it exists, where it is not the official's to see.
type alikeReceipt struct {
	SameFile      bool       `json:"sameFile"`
	Earlier       bool       `json:"earlier"`
	AttachedAt    *time.Time `json:"attachedAt,omitempty"`
	ApplicationID string     `json:"applicationId,omitempty"`
	Application   string     `json:"application,omitempty"`
	Invoice       string     `json:"invoice,omitempty"`
}

func alikeOf(list []application.AlikeReceipt) []alikeReceipt {
	out := make([]alikeReceipt, 0, len(list))
	for _, a := range list {
		row := alikeReceipt{SameFile: a.SameFile, Earlier: a.Earlier, AttachedAt: a.AttachedAt, Application: a.Application, Invoice: a.Invoice}
		if a.ApplicationID != nil {
			row.ApplicationID = a.ApplicationID.String()
		}
		out = append(out, row)
	}
	return out
}

// side is what one of the two books says.
type side struct {
	Amount  *payments.Tiyn `json:"amount,omitempty"`
	State   string         `json:"state,omitempty"`
	PaidAt  *time.Time     `json:"paidAt,omitempty"`
	Receipt string         `json:"receipt,omitempty"`
}

type caseResponse struct {
	ID            string    `json:"id"`
	List          string    `json:"list"`
	Reason        string    `json:"reason"`
	Via           string    `json:"via"`
	ApplicationID string    `json:"applicationId,omitempty"`
	Application   string    `json:"application,omitempty"`
	Invoice       string    `json:"invoice,omitempty"`
	Payer         string    `json:"payer,omitempty"`
	Reference     string    `json:"reference"`
	Ours          side      `json:"ours"`
	Theirs        side      `json:"theirs"`
	FoundAt       time.Time `json:"foundAt"`
	Refundable    bool      `json:"refundable"`
	Acceptable    bool      `json:"acceptable"`
	Outcomes      []string  `json:"outcomes"`
	Certificate   bool      `json:"certificate"`
	// RefundUnderWay: the gateway was asked to give the money back and has not said how that ended.
	RefundUnderWay bool       `json:"refundUnderWay"`
	ClosedAt       *time.Time `json:"closedAt,omitempty"`
	ClosedHow      string     `json:"closedHow,omitempty"`
	ClosedBy       string     `json:"closedBy,omitempty"`
	Note           string     `json:"note,omitempty"`
}

func deskOf(d application.MoneyDesk) deskResponse {
	out := deskResponse{Receipts: make([]deskReceipt, 0, len(d.Receipts)), Cases: casesOf(d.Cases), Closed: casesOf(d.Closed), Refunds: refundsOf(d.Refunds),
		Reconciled: make([]reconciledResponse, 0, len(d.Reconciled))}
	for _, r := range d.Receipts {
		out.Receipts = append(out.Receipts, deskReceipt{ID: r.ID.String(), ApplicationID: r.ApplicationID.String(), Invoice: r.Invoice, PayerID: r.PayerID, Payer: r.PayerName,
			Due: r.Due, RateDay: r.RateDay, Bank: r.Bank, Number: r.Number, PaidOn: r.PaidOn, Amount: r.Amount, AttachedAt: r.AttachedAt, Alike: alikeOf(r.Alike)})
	}
	for _, r := range d.Reconciled {
		out.Reconciled = append(out.Reconciled, reconciledResponse{string(r.Gateway), r.Day, r.ReconciledAt, r.Behind})
	}
	return out
}

func casesOf(rows []application.CaseRow) []caseResponse {
	list := make([]caseResponse, 0, len(rows))
	for _, c := range rows {
		row := caseResponse{ID: c.ID.String(), List: string(c.List), Reason: c.Reason, Via: string(c.Gateway), Application: c.Application, Invoice: c.Invoice, Payer: c.PayerName,
			Reference: c.Reference, Ours: side{Amount: c.OursAmount, State: string(c.OursState), PaidAt: c.OursPaidAt},
			Theirs:  side{Amount: c.TheirsAmount, State: string(c.TheirsState), PaidAt: c.TheirsPaidAt, Receipt: c.TheirsReceipt},
			FoundAt: c.FoundAt, Refundable: c.Refundable(), Acceptable: c.Acceptable(), Outcomes: append([]string{}, c.Outcomes()...), Certificate: c.Certificate, RefundUnderWay: c.ClosedAt == nil && c.RefundAskedAt != nil,
			ClosedAt: c.ClosedAt, ClosedHow: c.ClosedHow, ClosedBy: c.ClosedBy, Note: c.Note}
		if c.ApplicationID != nil {
			row.ApplicationID = c.ApplicationID.String()
		}
		list = append(list, row)
	}
	return list
}
