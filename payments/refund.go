package payments

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Money goes back by one road only: the gateway gives it back (RefundCase), or the tax office does on a certificate of non-submission
// (refund_requests, written by the owner of the applications). Whoever begins either locks the cases of the payment and asks for the other
// first; whoever files with the money does the same (goesBack). Several cases may be about one payment, so all of them are locked.

// LockCase locks a case and every other about the same money until the transaction ends, and demands that nothing has become of it: it is open,
// no refund is asked for or under way, no application was filed by it. Else ErrCaseNotFound, ErrCaseClosed, ErrRefundAsked, ErrFeeNotRefundable.
// Whoever asks for a certificate calls it in the transaction that keeps the request.
func (s *Service) LockCase(tx *gorm.DB, id uuid.UUID) (Case, error) {
	c, all, err := lockCases(tx, id)
	if err != nil {
		return c, err
	}
	for _, other := range all {
		if other.ClosedAt == nil && other.RefundAskedAt != nil {
			return c, ErrRefundAsked
		}
	}
	return c, notCommitted(tx, c)
}

// lockCases locks the cases about the money of one, in the order of their ids.
func lockCases(tx *gorm.DB, id uuid.UUID) (Case, []Case, error) {
	c, err := readCase(tx, id)
	if err != nil {
		return c, nil, err
	}
	all, err := lockCasesOf(tx, c.GatewayID)
	for _, locked := range all {
		if locked.ID == id {
			c = locked
		}
	}
	return c, all, err
}

func lockCasesOf(tx *gorm.DB, gatewayID string) ([]Case, error) {
	var all []Case
	err := tx.Clauses(clause.Locking{Strength: "UPDATE"}).Where("gateway_id = ?", gatewayID).Order("id").Find(&all).Error
	if err != nil {
		return nil, fmt.Errorf("payments: lock the cases of a payment: %w", err)
	}
	return all, nil
}

// notCommitted refuses a locked case whose money has found another way.
func notCommitted(tx *gorm.DB, c Case) error {
	if c.ClosedAt != nil {
		return ErrCaseClosed
	}
	asked, err := certificateAsked(tx, c.GatewayID)
	if err != nil {
		return err
	}
	if asked {
		return ErrRefundAsked
	}
	var filed int64
	err = tx.Model(&LedgerEntry{}).Where("gateway_id = ? AND kind = ?", c.GatewayID, EntryFeePaid).Count(&filed).Error
	if err != nil {
		return fmt.Errorf("payments: look for the fee: %w", err)
	}
	if filed > 0 {
		return ErrFeeNotRefundable
	}
	return nil
}

// certificateAsked tells whether the certificate of non-submission is asked for or signed, and not declined or withdrawn, for the money of a payment, under whichever of its
// cases. The money of a receipt that was given up is another matter: its document pays nothing any more.
func certificateAsked(tx *gorm.DB, gatewayID string) (asked bool, err error) {
	err = tx.Raw(`SELECT EXISTS (SELECT FROM refund_requests r JOIN money_cases c ON r.source = 'case' AND r.source_id = c.id
			WHERE c.gateway_id = ? AND r.state IN ('asked', 'signed'))`,
		gatewayID).Scan(&asked).Error
	if err != nil {
		return false, fmt.Errorf("payments: look for a request for refund: %w", err)
	}
	return asked, nil
}

// goesBack tells whether the money of a payment was given back or is asked to be, and holds its cases so that it cannot be asked meanwhile.
func goesBack(tx *gorm.DB, gatewayID string) (bool, error) {
	all, err := lockCasesOf(tx, gatewayID)
	if err != nil {
		return false, err
	}
	for _, c := range all {
		if c.RefundAskedAt != nil || c.ClosedHow == ClosedRefunded || c.ClosedHow == ClosedCertificate {
			return true, nil
		}
	}
	if len(all) == 0 {
		return false, nil
	}
	return certificateAsked(tx, gatewayID)
}

// RefundCase has the gateway give the money of a case back, books it and closes the case. It may be pressed again after
// ErrGatewayUnavailable. ErrRefundAsked when the tax office is to do it; ErrFeeNotRefundable when the money filed an application (S7.1), or the
// gateway does not have it.
func (s *Service) RefundCase(ctx context.Context, id uuid.UUID, by string, onRefunded func(tx *gorm.DB, c Case) error) error {
	var c Case
	err := s.transaction(ctx, func(tx *gorm.DB) (err error) {
		if c, _, err = lockCases(tx, id); err != nil {
			return err
		}
		if err := notCommitted(tx, c); err != nil {
			return err
		}
		if !c.Refundable() {
			return ErrFeeNotRefundable
		}
		// Noted before asking: from this commit on the money may be gone from there.
		err = tx.Model(&Case{}).Where("id = ?", id).Update("refund_asked_at", s.now()).Error
		if err != nil {
			return fmt.Errorf("payments: note a refund: %w", err)
		}
		return nil
	})
	if err != nil {
		return err
	}
	gateway, err := s.at(c.Gateway)
	if err != nil {
		return err
	}
	said, err := gateway.Refund(ctx, c.GatewayID)
	if err == nil && said.State != StateRefunded {
		err = ErrFeeNotRefundable
	}
	if errors.Is(err, ErrGatewayRefused) || errors.Is(err, ErrFeeNotRefundable) {
		// A clear no: the money is still there, and the other road is open again.
		err = errors.Join(err, s.transaction(ctx, func(tx *gorm.DB) error { return notRefunded(tx, c) }))
	}
	if err != nil {
		return fmt.Errorf("ask the gateway for a refund: %w", err)
	}
	return s.transaction(ctx, func(tx *gorm.DB) error { return s.refunded(tx, c, said, by, onRefunded) })
}

// notRefunded takes the note back that the gateway was asked.
func notRefunded(tx *gorm.DB, c Case) error {
	err := tx.Model(&Case{}).Where("id = ? AND closed_at IS NULL", c.ID).Update("refund_asked_at", nil).Error
	if err != nil {
		return fmt.Errorf("payments: note that there is no refund: %w", err)
	}
	return nil
}

// refunded books what the gateway gave back at our request and closes the case, unless the gateway's own word was faster: then the act is noted
// by whoever books it first.
func (s *Service) refunded(tx *gorm.DB, c Case, said GatewayStatus, by string, onRefunded func(tx *gorm.DB, c Case) error) error {
	if _, _, err := lockCases(tx, c.ID); err != nil {
		return err
	}
	line := ReportLine{PaymentID: said.PaymentID, Amount: said.Amount, Receipt: c.TheirsReceipt, At: said.PaidAt}
	if c.TheirsPaidAt != nil {
		line.At = *c.TheirsPaidAt
	}
	if _, err := bookLine(tx, c.Gateway, EntryParked, c.InvoiceID, line, s.now()); err != nil {
		return err
	}
	line.At = s.now()
	first, err := bookLine(tx, c.Gateway, EntryRefunded, c.InvoiceID, line, s.now())
	if err != nil {
		return err
	}
	if err := s.CloseCase(tx, c.ID, ClosedRefunded, by, ""); err != nil && !(first && errors.Is(err, ErrCaseClosed)) {
		return err
	}
	if err := s.closeCasesOf(tx, c.GatewayID, ClosedRefunded); err != nil {
		return err
	}
	return onRefunded(tx, c)
}
