package server

import (
	"time"

	"elicensing/payments"
)

type text3 struct {
	KK string `json:"kk"`
	RU string `json:"ru"`
	EN string `json:"en"`
}

type requisitesResponse struct {
	Beneficiary text3  `json:"beneficiary"`
	BIN         string `json:"bin"`
	TaxOffice   string `json:"taxOffice"`
	KBK         string `json:"kbk"`
	KNP         string `json:"knp"`
	IIK         string `json:"iik"`
	BIC         string `json:"bic"`
}

type invoiceResponse struct {
	ID               string             `json:"id"`
	Number           string             `json:"number"`
	State            string             `json:"state"`
	PaymentState     string             `json:"paymentState"`
	Amount           string             `json:"amount"`
	Fee              feeResponse        `json:"fee"`
	Requisites       requisitesResponse `json:"requisites"`
	IssuedAt         time.Time          `json:"issuedAt"`
	PaidAt           *time.Time         `json:"paidAt,omitempty"`
	GatewayReference string             `json:"gatewayReference,omitempty"`
	// PaymentChangedAt is since when the payment stands so: how long a payer has waited for his bank.
	PaymentChangedAt *time.Time `json:"paymentChangedAt,omitempty"`
	NowDifferent     bool       `json:"nowDifferent,omitempty"`
}

func invoiceOf(inv *payments.Invoice, now *payments.Fee) *invoiceResponse {
	if inv == nil {
		return nil
	}
	r := inv.Requisites
	out := &invoiceResponse{ID: inv.ID.String(), Number: inv.Number, State: string(inv.State), PaymentState: string(inv.Payment.State), Amount: inv.Amount.String(),
		Fee:        feeResponse{Amount: inv.Amount, MCI: inv.MCI, Coefficient: inv.Coefficient.String(), RateDay: inv.RateDay},
		Requisites: requisitesResponse{text3{r.Beneficiary, r.Beneficiary, r.Beneficiary}, r.BeneficiaryBIN, r.TaxOfficeCode, r.BudgetCode, r.PurposeCode, r.Account, r.BankCode},
		IssuedAt:   inv.OpenedAt, PaidAt: inv.PaidAt, GatewayReference: inv.Payment.Receipt, NowDifferent: now != nil && now.Amount != inv.Amount}
	if at := inv.Payment.ChangedAt; !at.IsZero() {
		out.PaymentChangedAt = &at
	}
	switch inv.Payment.State {
	case payments.StateNone:
		out.PaymentState = "none"
	case payments.StateVoided:
		out.PaymentState = "cancelled_by_payer" // closed at the gateway, not yet here: paying gives a new page
	}
	return out
}
