package payments

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
)

// Cancel gives an open invoice up, because the applicant reopens the application. The
// payment is closed at the gateway first, so that no money can come any more; then the
// invoice is cancelled and onCancelled called in one transaction. Cancelling a cancelled
// invoice does nothing.
//
// ErrAlreadyPaid: the money was faster; it has been applied (with onPaid) and the
// application is filed. ErrPaymentInProcess: the bank has it in hand, try later.
// ErrPaymentParked: a person has to look at it. ErrGatewayUnavailable: nothing changed.
func (s *Service) Cancel(ctx context.Context, invoiceID uuid.UUID, onPaid, onCancelled OnChange) error {
	return s.giveUp(ctx, invoiceID, onPaid, onCancelled)
}

// Reissue replaces an open invoice by a new one at the rate of now, for the same payer,
// purpose and requisites (I11: when Start says ErrRateChanged, or ErrPaymentVoided). The
// errors are those of Cancel, and ErrInvoiceCancelled and ErrRateUnknown.
func (s *Service) Reissue(ctx context.Context, invoiceID uuid.UUID, onPaid OnChange) (Invoice, error) {
	return s.ReissueAt(ctx, invoiceID, s.now(), onPaid)
}

// ReissueAt is Reissue at the rate of another moment: of the day on which the fee was paid at a bank (S7.1).
func (s *Service) ReissueAt(ctx context.Context, invoiceID uuid.UUID, rateAt time.Time, onPaid OnChange) (Invoice, error) {
	old, err := s.Get(ctx, invoiceID)
	if err != nil {
		return Invoice{}, err
	}
	if old.State == InvoiceCancelled {
		return Invoice{}, ErrInvoiceCancelled
	}
	// Before anything is closed: without a rate there would be nothing to replace it by.
	if _, err := s.rates.Fee(old.Kind, rateAt); err != nil {
		return Invoice{}, err
	}
	var fresh Invoice
	err = s.giveUp(ctx, invoiceID, onPaid, func(tx *gorm.DB, cancelled Invoice) (err error) {
		request := cancelled.again()
		request.RateAt = rateAt
		fresh, err = s.OpenInvoice(tx, request)
		return err
	})
	if err == nil && fresh.ID == uuid.Nil {
		return Invoice{}, ErrInvoiceCancelled // somebody else was faster
	}
	return fresh, err
}

// errBegun: "pay" was pressed between closing at the gateway and closing here.
var errBegun = errors.New("payments: the payment was begun meanwhile")

func (s *Service) giveUp(ctx context.Context, invoiceID uuid.UUID, onPaid, onCancelled OnChange) error {
	for try := 0; ; try++ {
		if err := s.void(ctx, invoiceID, onPaid); err != nil {
			return err
		}
		err := s.transaction(ctx, func(tx *gorm.DB) error { return s.close(tx, invoiceID, onCancelled) })
		// A payment is begun at most once, so the second pass finds it.
		if !errors.Is(err, errBegun) || try > 0 {
			return err
		}
	}
}

// void sees to it that the gateway takes no money for the invoice, and that we know it.
func (s *Service) void(ctx context.Context, invoiceID uuid.UUID, onPaid OnChange) error {
	inv, err := s.Get(ctx, invoiceID)
	switch {
	case err != nil:
		return err
	case inv.State == InvoicePaid:
		return ErrAlreadyPaid
	case inv.State == InvoiceCancelled, inv.Payment.State == StateNone, inv.Payment.State == StateVoided:
		return nil
	}
	// When the answer to Create was lost, the request may still be on its way. Creating
	// the payment and closing it leaves a closed one for the late request to find.
	paymentID, err := s.paymentID(ctx, inv)
	if s.neverCame(inv, err) {
		return s.closeUnknown(ctx, invoiceID)
	}
	if err != nil {
		return err
	}
	gateway, err := s.at(inv.Payment.Gateway)
	if err != nil {
		return err
	}
	said, err := gateway.Void(ctx, paymentID)
	if err != nil {
		return fmt.Errorf("ask the gateway to close a payment: %w", err)
	}
	inv, err = s.applyAnswer(ctx, invoiceID, said, onPaid)
	switch {
	case err != nil:
		return err
	case inv.State == InvoicePaid:
		return ErrAlreadyPaid
	case inv.State == InvoiceCancelled, inv.Payment.State == StateVoided:
		return nil
	case inv.Payment.State == StatePending:
		return ErrPaymentInProcess
	}
	return ErrPaymentParked
}

// neverCame tells that the gateway has no payment of an invoice and takes none any more: the order was lost on the way, and its time to pay has
// ended by both clocks. A late copy of it is refused there.
func (s *Service) neverCame(inv Invoice, err error) bool {
	return errors.Is(err, ErrOrderTooLate) && !s.now().Before(inv.PayBefore)
}

// closeUnknown notes that no money can come for a payment that the gateway never had, so that the invoice can be replaced or cancelled.
// ErrGatewayUnavailable when the gateway has named it meanwhile: ask again.
func (s *Service) closeUnknown(ctx context.Context, invoiceID uuid.UUID) error {
	return s.transaction(ctx, func(tx *gorm.DB) error {
		inv, err := lock(tx, invoiceID)
		if err != nil || inv.State != InvoiceOpen || inv.Payment.State == StateVoided {
			return err
		}
		t, ok := next(EventVoided, inv.State, inv.Payment.State)
		if !ok || inv.Payment.GatewayID != nil {
			return fmt.Errorf("the gateway knows the payment after all: %w", ErrGatewayUnavailable)
		}
		done := tx.Model(&Payment{}).Where("invoice_id = ? AND state = ? AND gateway_id IS NULL", inv.ID, inv.Payment.State).
			Updates(map[string]any{"state": t.To, "changed_at": s.now()})
		return oneRow(done, "close a payment that never came")
	})
}

// close cancels an invoice whose payment is closed or was never begun.
func (s *Service) close(tx *gorm.DB, invoiceID uuid.UUID, onCancelled OnChange) error {
	return s.cancel(tx, invoiceID, EventCancel, errBegun, onCancelled)
}

// cancel takes an open invoice to its end by one of the events that lead there, and its payment with it. A cancelled one is left as it is; what the
// table does not know is refused with otherwise.
func (s *Service) cancel(tx *gorm.DB, invoiceID uuid.UUID, event Event, otherwise error, onCancelled OnChange) error {
	inv, err := lock(tx, invoiceID)
	if err != nil {
		return err
	}
	switch inv.State {
	case InvoiceCancelled:
		return nil
	case InvoicePaid:
		return ErrAlreadyPaid
	}
	t, ok := next(event, inv.State, inv.Payment.State)
	if !ok {
		return otherwise
	}
	now := s.now()
	if t.To != inv.Payment.State {
		done := tx.Model(&Payment{}).Where("invoice_id = ?", inv.ID).Updates(map[string]any{"state": t.To, "changed_at": now})
		if err := oneRow(done, "close the payment"); err != nil {
			return err
		}
	}
	done := tx.Model(&Invoice{}).Where("id = ? AND state = ?", inv.ID, InvoiceOpen).Updates(map[string]any{"state": t.InTo, "cancelled_at": now})
	if err := oneRow(done, "cancel the invoice"); err != nil {
		return err
	}
	inv.State, inv.CancelledAt, inv.Payment.State = t.InTo, &now, t.To
	return call(onCancelled, tx, inv)
}
