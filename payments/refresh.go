package payments

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
)

// Refresh asks the gateway how an open invoice stands and applies the answer: when the
// payer's browser comes back, and for notices that never arrive (I8). The invoice is
// returned as it stands then; ErrGatewayUnavailable leaves everything as it was.
func (s *Service) Refresh(ctx context.Context, invoiceID uuid.UUID, onPaid OnChange) (Invoice, error) {
	inv, err := s.Get(ctx, invoiceID)
	if err != nil {
		return Invoice{}, err
	}
	if inv.State != InvoiceOpen || inv.Payment.State == StateNone {
		return inv, nil
	}
	paymentID, err := s.paymentID(ctx, inv)
	if err != nil {
		return inv, err
	}
	gateway, err := s.at(inv.Payment.Gateway)
	if err != nil {
		return inv, err
	}
	said, err := gateway.Status(ctx, paymentID)
	if err != nil {
		return inv, fmt.Errorf("ask the gateway for a status: %w", err)
	}
	return s.applyAnswer(ctx, inv.ID, said, onPaid)
}

// paymentID is the gateway's id of a payment that was begun. When the answer that named
// it was lost, asking for the payment again names it.
func (s *Service) paymentID(ctx context.Context, inv Invoice) (string, error) {
	if inv.Payment.GatewayID != nil {
		return *inv.Payment.GatewayID, nil
	}
	made, err := s.create(ctx, inv)
	return made.ID, err
}

// applyAnswer applies what the gateway answered to a question about an invoice.
func (s *Service) applyAnswer(ctx context.Context, invoiceID uuid.UUID, said GatewayStatus, onPaid OnChange) (Invoice, error) {
	if said.Reference != invoiceID.String() {
		return Invoice{}, fmt.Errorf("the gateway answered about another invoice than %s: %w", invoiceID, ErrGatewayUnavailable)
	}
	var inv Invoice
	err := s.transaction(ctx, func(tx *gorm.DB) (err error) {
		if inv, err = lock(tx, invoiceID); err != nil {
			return err
		}
		inv, err = s.apply(tx, inv, said, "", onPaid)
		return err
	})
	if err != nil {
		return Invoice{}, err
	}
	return inv, nil
}

// refreshBatch bounds one run of RefreshOpen.
const refreshBatch = 100

// RefreshOpen refreshes the open invoices whose payment was begun and not looked at for
// olderThan, the longest ago first, and tells how many are paid by now. It is the
// periodic job's; several copies of the portal may run it at once, each payment is then
// looked at by one of them. One bad invoice does not stop the others, a gateway out of
// reach does.
func (s *Service) RefreshOpen(ctx context.Context, olderThan time.Duration, onPaid OnChange) (paid int, err error) {
	ids, err := s.claimUnsettled(ctx, olderThan)
	if err != nil {
		return 0, err
	}
	var failed []error
	for _, id := range ids {
		inv, err := s.Refresh(ctx, id, onPaid)
		if err != nil {
			failed = append(failed, fmt.Errorf("refresh invoice %s: %w", id, err))
		}
		if inv.State == InvoicePaid {
			paid++
		}
		if errors.Is(err, ErrGatewayUnavailable) || ctx.Err() != nil {
			break
		}
	}
	return paid, errors.Join(failed...)
}

// claimUnsettled marks the payments as looked at before looking, so that no other copy
// takes them too. A crash in between delays them by one period.
func (s *Service) claimUnsettled(ctx context.Context, olderThan time.Duration) ([]uuid.UUID, error) {
	now := s.now()
	var ids []uuid.UUID
	err := s.db.WithContext(ctx).Raw(`
		UPDATE gateway_payments SET checked_at = ? WHERE invoice_id IN (
			SELECT p.invoice_id FROM gateway_payments p JOIN invoices i ON i.id = p.invoice_id
			WHERE i.state = ? AND p.state NOT IN (?, ?) AND p.checked_at <= ?
			ORDER BY p.checked_at LIMIT ? FOR UPDATE OF p SKIP LOCKED)
		RETURNING invoice_id`,
		now, InvoiceOpen, StatePaid, StateVoided, now.Add(-olderThan), refreshBatch).Scan(&ids).Error
	if err != nil {
		return nil, fmt.Errorf("payments: find open payments: %w", err)
	}
	return ids, nil
}
