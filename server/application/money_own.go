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
	Parked     *payments.Case        // money at the gateway that filed nothing
	Returned   *payments.LedgerEntry // what was paid by this invoice and given back
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
	if m.Invoice != nil {
		returned, err := s.Payments.Returned(ctx, m.Invoice.ID)
		if err != nil {
			return m, err
		}
		if entry, ok := returned[m.Invoice.ID]; ok {
			m.Returned = &entry
		}
	}
	waiting := m.Receipt != nil && m.Receipt.State == bankreceipt.Waiting
	m.CanGiveUp = a.ownedBy(who) && a.FiledAt == nil && (waiting || m.Parked != nil && mayBeGivenUp(m.Parked))
	return m, nil
}

// PaymentRow is one payment of the applicant's, paid or refused or given back.
type PaymentRow struct {
	InvoiceID     uuid.UUID
	ApplicationID uuid.UUID
	Application   string // its number; empty before filing
	Gone          bool   // the draft was discarded
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
	Parked        *payments.Tiyn // what a gateway holds of it, that filed nothing
	ParkedReceipt string
	MayGiveUp     bool // of a discarded draft or an invoice that was cancelled: it has no page of its own
	Returned      *payments.Tiyn
	ReturnedAt    *time.Time
	RefundID      *uuid.UUID
	Refund        RefundState // of the certificate of non-submission, if asked for
	Remark        string      // why it was declined
	Decided       string      // how a head decided about money of it, with his grounds
	DecidedNote   string
	DecidedAmount *payments.Tiyn
	DecidedAt     *time.Time
}

// MyPayments lists every invoice of the actor's, the latest first: "my payments".
func (s *Service) MyPayments(ctx context.Context, who identity.Actor) ([]PaymentRow, error) {
	var rows []PaymentRow
	if who.Capacity == identity.AsOfficial {
		return nil, nil
	}
	err := s.DB.WithContext(ctx).Raw(`SELECT i.id AS invoice_id, i.application_id, coalesce(a.number, '') AS application, a.id IS NULL AS gone, i.number AS invoice,
			coalesce(p.gateway, 'online') AS via, i.state, coalesce(p.state, '') AS payment_state, i.amount_tiyn AS amount, i.mci_tiyn AS mci, i.coefficient, i.rate_day,
			i.opened_at, i.paid_at, coalesce(p.receipt, '') AS receipt, held.theirs_amount_tiyn AS parked, coalesce(held.theirs_receipt, decided.theirs_receipt, '') AS parked_receipt,
			held.id IS NOT NULL AND held.refund_asked_at IS NULL AND held.theirs_receipt <> '' AND held.theirs_paid_at IS NOT NULL
				AND (a.id IS NULL OR a.filed_at IS NULL) AS may_give_up,
			back.amount_tiyn AS returned, back.recorded_at AS returned_at, asked.id AS refund_id, coalesce(asked.state, '') AS refund, coalesce(asked.remark, '') AS remark,
			coalesce(decided.closed_how, '') AS decided, coalesce(decided.note, '') AS decided_note, decided.theirs_amount_tiyn AS decided_amount, decided.closed_at AS decided_at
		FROM invoices i LEFT JOIN applications a ON a.id = i.application_id LEFT JOIN gateway_payments p ON p.invoice_id = i.id
			LEFT JOIN LATERAL (SELECT c.* FROM money_cases c WHERE c.invoice_id = i.id AND i.state <> 'paid' AND `+parked+` ORDER BY c.found_at, c.id LIMIT 1) held ON true
			LEFT JOIN LATERAL (SELECT e.* FROM ledger_entries e WHERE e.invoice_id = i.id AND e.kind = 'refunded' ORDER BY e.id DESC LIMIT 1) back ON true
			LEFT JOIN LATERAL (SELECT q.id, q.state, q.remark FROM refund_requests q WHERE q.invoice_id = i.id ORDER BY q.asked_at DESC, q.id DESC LIMIT 1) asked ON true
			LEFT JOIN LATERAL (SELECT c.* FROM money_cases c WHERE c.invoice_id = i.id AND c.closed_how IN ('returned', 'kept', 'written_off') AND `+concernsPayer+`
				AND (c.reason = 'doubled' OR i.state <> 'paid') ORDER BY c.closed_at DESC, c.id DESC LIMIT 1) decided ON true
		WHERE CASE WHEN ? <> '' THEN i.payer_bin = ? ELSE i.payer_bin = '' AND i.payer_iin = ? END
			AND (i.state <> 'cancelled' OR p.state IS NOT NULL)
		ORDER BY i.opened_at DESC, i.id DESC LIMIT 500`, who.BIN, who.BIN, who.IIN).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read payments: %w", err)
	}
	return rows, nil
}
