package application

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"elicensing/payments"
	"elicensing/payments/bankreceipt"
	"elicensing/server/identity"
)

// OwnMoney is how an application is paid, as its applicant sees it beside the invoice.
type OwnMoney struct {
	Invoice    *payments.Invoice // open or paid
	FeeNow     *payments.Fee     // of today, while the invoice is open
	RateEndsAt *time.Time        // the invoice's rate holds until then
	Receipt    *bankreceipt.Receipt
	Parked     *payments.Case // money at the gateway that filed nothing
	Refunds    []RefundRequest
	CanGiveUp  bool
}

// MoneyOf reads it for whoever may see the application.
func (s *Service) MoneyOf(ctx context.Context, who identity.Actor, id uuid.UUID) (OwnMoney, error) {
	a, err := readVisible(s.DB.WithContext(ctx), who, id)
	if err != nil {
		return OwnMoney{}, err
	}
	var m OwnMoney
	if m.Refunds, err = s.refundRequestsOf(ctx, id); err != nil {
		return m, err
	}
	invoices, err := s.Payments.ByApplication(ctx, id)
	if err != nil {
		return m, err
	}
	for i := range invoices {
		inv := invoices[i]
		if m.Invoice == nil && inv.State != payments.InvoiceCancelled {
			m.Invoice = &inv
			if inv.State == payments.InvoiceOpen {
				m.RateEndsAt = &inv.PayBefore
				if fee, err := s.Fee(inv.Kind); err == nil {
					m.FeeNow = &fee
				}
			}
			if inv.Payment.Gateway == payments.ByReceipt && inv.Payment.GatewayID != nil {
				if m.Receipt, err = s.receipts.Latest(ctx, *inv.Payment.GatewayID); err != nil {
					return m, paymentFault(err)
				}
			}
		}
		if m.Parked == nil {
			if m.Parked, err = s.parkedMoney(ctx, inv.ID); err != nil {
				return m, err
			}
		}
	}
	waiting := m.Receipt != nil && m.Receipt.State == bankreceipt.Waiting
	m.CanGiveUp = a.ownedBy(who) && a.FiledAt == nil && (waiting || m.Parked != nil)
	return m, nil
}

// PaymentRow is one payment of the applicant's, paid or refused or given back.
type PaymentRow struct {
	ApplicationID uuid.UUID
	Application   string // its number; empty before filing
	Invoice       string
	Via           payments.Via
	State         payments.InvoiceState
	PaymentState  payments.PaymentState
	Amount        payments.Tiyn
	MCI           payments.Tiyn
	Coefficient   payments.Coefficient
	RateDay       string
	OpenedAt      time.Time
	PaidAt        *time.Time
	Receipt       string
	Refund        RefundState // of the certificate of non-submission, if asked for
}

// MyPayments lists every invoice of the actor's, the latest first: "my payments".
func (s *Service) MyPayments(ctx context.Context, who identity.Actor) ([]PaymentRow, error) {
	var rows []PaymentRow
	if who.Capacity == identity.AsOfficial {
		return nil, nil
	}
	err := s.DB.WithContext(ctx).Raw(`SELECT i.application_id, coalesce(a.number, '') AS application, i.number AS invoice, coalesce(p.gateway, 'online') AS via, i.state,
			coalesce(p.state, '') AS payment_state, i.amount_tiyn AS amount, i.mci_tiyn AS mci, i.coefficient, i.rate_day, i.opened_at, i.paid_at,
			coalesce(p.receipt, '') AS receipt, coalesce((SELECT r.state FROM refund_requests r WHERE r.invoice_id = i.id ORDER BY r.asked_at DESC LIMIT 1), '') AS refund
		FROM invoices i LEFT JOIN applications a ON a.id = i.application_id LEFT JOIN gateway_payments p ON p.invoice_id = i.id
		WHERE CASE WHEN ? <> '' THEN i.payer_bin = ? ELSE i.payer_bin = '' AND i.payer_iin = ? END
			AND (i.state <> 'cancelled' OR p.state IS NOT NULL)
		ORDER BY i.opened_at DESC, i.id DESC LIMIT 500`, who.BIN, who.BIN, who.IIN).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read payments: %w", err)
	}
	return rows, nil
}
