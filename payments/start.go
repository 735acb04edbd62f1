package payments

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
)

// Start gives the page on which the invoice is paid. It may be pressed any number of
// times, at once, or again after ErrGatewayUnavailable: there is one payment at the
// gateway and one page. returnURL is where the browser comes back to; the first one
// given stays.
//
// Refused: ErrInvoiceNotFound, ErrAlreadyPaid, ErrInvoiceCancelled, ErrPaymentVoided,
// and ErrRateChanged or ErrRateUnknown when the invoice's rate is not that of now (I11).
func (s *Service) Start(ctx context.Context, invoiceID uuid.UUID, returnURL string) (string, error) {
	return s.StartVia(ctx, Online, invoiceID, returnURL)
}

// StartVia is Start at one of the gateways. ErrBegunElsewhere when the invoice's one payment
// is at another: Reissue closes it there first, so that the fee cannot be taken at both.
func (s *Service) StartVia(ctx context.Context, via Via, invoiceID uuid.UUID, returnURL string) (string, error) {
	if _, err := s.at(via); err != nil {
		return "", err
	}
	var inv Invoice
	err := s.transaction(ctx, func(tx *gorm.DB) (err error) {
		inv, err = s.begin(tx, via, invoiceID, returnURL)
		return err
	})
	if err != nil {
		return "", err
	}
	if inv.Payment.PageURL != "" {
		return inv.Payment.PageURL, nil
	}
	made, err := s.create(ctx, inv)
	if errors.Is(err, ErrOrderTooLate) {
		return "", ErrRateChanged // the invoice's time to pay ended on the way to the gateway, which has no order
	}
	return made.PageURL, err
}

// begin notes that the gateway is going to be asked. From this commit on the payment may
// exist there, whatever becomes of the call.
func (s *Service) begin(tx *gorm.DB, via Via, invoiceID uuid.UUID, returnURL string) (Invoice, error) {
	inv, err := lock(tx, invoiceID)
	if err != nil {
		return Invoice{}, err
	}
	switch {
	case inv.State == InvoicePaid:
		return Invoice{}, ErrAlreadyPaid
	case inv.State == InvoiceCancelled:
		return Invoice{}, ErrInvoiceCancelled
	case inv.Payment.State == StateVoided:
		return Invoice{}, ErrPaymentVoided
	case inv.Payment.State != StateNone && inv.Payment.Gateway != via:
		return Invoice{}, ErrBegunElsewhere
	}
	now := s.now()
	// Money already on its way is not asked for again: the page only tells so. What was paid at a bank is judged by the rate of that day (earlierRate).
	if inv.Payment.State != StatePending && via != ByReceipt {
		if err := s.checkRate(inv, now); err != nil {
			return Invoice{}, err
		}
	}
	t, ok := next(EventStart, inv.State, inv.Payment.State)
	if !ok {
		return inv, nil // begun before
	}
	inv.Payment = Payment{
		InvoiceID: inv.ID, Gateway: via, ReturnURL: returnURL, State: t.To,
		BegunAt: now, ChangedAt: now, CheckedAt: now,
	}
	if err := tx.Create(&inv.Payment).Error; err != nil {
		return Invoice{}, fmt.Errorf("payments: note the payment: %w", err)
	}
	return inv, nil
}

// checkRate holds the invoice against the rate of now (I11). Past PayBefore the gateway
// takes no money, even when the new rate is the same.
func (s *Service) checkRate(inv Invoice, now time.Time) error {
	fee, err := s.rates.Fee(inv.Kind, now)
	if err != nil {
		return err
	}
	if fee.Amount != inv.Amount || !now.Before(inv.PayBefore) {
		return ErrRateChanged
	}
	return nil
}

// create asks the gateway for the payment of an invoice and keeps what it answers.
// Asking again is harmless (see Gateway.Create).
func (s *Service) create(ctx context.Context, inv Invoice) (GatewayPayment, error) {
	gateway, err := s.at(inv.Payment.Gateway)
	if err != nil {
		return GatewayPayment{}, err
	}
	made, err := gateway.Create(ctx, Order{
		Reference:  inv.ID.String(),
		Number:     inv.Number,
		Amount:     inv.Amount,
		Currency:   Currency,
		PayerID:    inv.PayerID(),
		PayerName:  inv.PayerName,
		Purpose:    inv.Purpose,
		Requisites: inv.Requisites,
		ReturnURL:  inv.Payment.ReturnURL,
		PayBefore:  inv.PayBefore,
	})
	if err != nil {
		return GatewayPayment{}, fmt.Errorf("ask the gateway for a payment: %w", err)
	}
	if made.ID == "" || made.PageURL == "" {
		return GatewayPayment{}, fmt.Errorf("the gateway named no payment: %w", ErrGatewayNonsense)
	}
	// A notice may have named the payment before this answer came; it must be the same.
	stored := s.db.WithContext(ctx).Model(&Payment{}).
		Where("invoice_id = ? AND (gateway_id IS NULL OR gateway_id = ?)", inv.ID, made.ID).
		Updates(map[string]any{"gateway_id": made.ID, "page_url": made.PageURL})
	if stored.Error != nil {
		return GatewayPayment{}, fmt.Errorf("payments: keep the gateway's payment: %w", stored.Error)
	}
	if stored.RowsAffected == 0 {
		return GatewayPayment{}, fmt.Errorf("the gateway named two payments for invoice %s: %w", inv.ID, ErrGatewayRefused)
	}
	return made, nil
}
