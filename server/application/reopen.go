package application

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"elicensing/payments"
	"elicensing/server/fault"
	"elicensing/server/identity"
)

// Reopen takes a signed and unpaid request back to draft: the payment is closed at the gateway first, then invoice, signature and state
// change in one transaction. If the money was faster, the application is filed and stays so. If it is cut short in between, the request can
// still be paid (Pay replaces the invoice) or reopened.
//
// Locks are taken in the order of payments: invoice, then application.
func (s *Service) Reopen(ctx context.Context, who identity.Actor, id uuid.UUID, p Press) error {
	db := s.DB.WithContext(ctx)
	invoice, err := s.payable(ctx, who, id, Reopen)
	if err != nil {
		return err
	}
	// Asked before the gateway is: a reopening that must be refused must not close the payment first.
	if err := s.noOtherDraft(db, id); err != nil {
		return err
	}
	reopened := false
	err = s.Payments.Cancel(ctx, invoice.ID, s.FilePaid, func(tx *gorm.DB, inv payments.Invoice) error {
		reopened = true
		return s.reopen(tx, who, id, p, inv)
	})
	if err != nil {
		return unknownFault(err)
	}
	if reopened {
		return nil
	}
	return fault.Conflict("state_changed")
}

func (s *Service) reopen(tx *gorm.DB, who identity.Actor, id uuid.UUID, p Press, inv payments.Invoice) error {
	a, err := lockVisible(tx, who, id)
	if err != nil {
		return err
	}
	now := s.Now()
	step, err := permit(a, who, Reopen, now)
	if err != nil {
		return err
	}
	aside := tx.Model(&Signature{}).Where("application_id = ? AND purpose = ? AND set_aside_at IS NULL", id, purposeRequest).Update("set_aside_at", now)
	if aside.Error != nil {
		return fmt.Errorf("set signature aside: %w", aside.Error)
	}
	err = s.move(tx, a, step, who, now, change{columns: map[string]any{"document_id": nil}, details: map[string]any{"invoice": inv.Number}})
	if errors.Is(err, gorm.ErrDuplicatedKey) {
		return fault.Conflict("draft_exists")
	}
	if err != nil {
		return err
	}
	return s.settle(tx, p)
}

// noOtherDraft refuses when the applicant has begun another draft meanwhile: there is one at a time.
func (s *Service) noOtherDraft(db *gorm.DB, id uuid.UUID) error {
	var others int64
	err := db.Raw(`SELECT count(*) FROM applications a JOIN applications d ON d.state = 'draft' AND d.service_code = a.service_code AND d.kind = a.kind
			AND d.applicant_kind = a.applicant_kind AND d.applicant_bin = a.applicant_bin AND (d.applicant_bin <> '' OR d.applicant_iin = a.applicant_iin)
		WHERE a.id = ? AND d.id <> a.id`, id).Scan(&others).Error
	if err != nil {
		return fmt.Errorf("look for another draft: %w", err)
	}
	if others > 0 {
		return fault.Conflict("draft_exists")
	}
	return nil
}
