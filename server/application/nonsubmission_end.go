package application

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"elicensing/payments"
	"elicensing/server/fault"
	"elicensing/server/identity"
	"elicensing/server/journal"
)

// DeclineRefund is the head's word that no certificate will be signed, with the reason: the payer has filed an application meanwhile, or the money is not
// there any more. The payment is free again for the other roads.
func (s *Service) DeclineRefund(ctx context.Context, who identity.Actor, id uuid.UUID, remark string, p Press) error {
	r, a, err := s.refundFor(s.DB.WithContext(ctx), who, id)
	if err != nil {
		return err
	}
	return s.DB.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := s.endRefund(tx, r, RefundDeclined, who.Name, remark); err != nil {
			return err
		}
		if err := s.note(tx, a.ID, a.State, declineRefundAction, identity.Head, who, journal.Details{"refund": r.ID.String()}); err != nil {
			return err
		}
		if err := s.tellOfRequest(tx, r, noticeDeclined); err != nil {
			return err
		}
		return s.settle(tx, p)
	})
}

// WithdrawRefund is the payer's: he does not want the certificate after all.
func (s *Service) WithdrawRefund(ctx context.Context, who identity.Actor, id uuid.UUID, p Press) error {
	r, err := s.ownRefund(s.DB.WithContext(ctx).Omit("pdf"), who, id)
	if err != nil {
		return err
	}
	state := Gone
	if a, err := read(s.DB.WithContext(ctx), r.ApplicationID); err == nil {
		state = a.State
	}
	return s.DB.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := s.endRefund(tx, r, RefundWithdrawn, r.PayerName, ""); err != nil {
			return err
		}
		if err := s.note(tx, r.ApplicationID, state, withdrawRefundAction, identity.Applicant, who, journal.Details{"refund": r.ID.String()}); err != nil {
			return err
		}
		return s.settle(tx, p)
	})
}

// endRefund ends a request without a certificate.
func (s *Service) endRefund(tx *gorm.DB, r RefundRequest, to RefundState, by, remark string) error {
	done := tx.Model(&RefundRequest{}).Where("id = ? AND state = ?", r.ID, RefundAsked).
		Updates(map[string]any{"state": to, "ended_at": s.Now(), "ended_by": by, "remark": remark})
	if done.Error != nil {
		return fmt.Errorf("end a request for refund: %w", done.Error)
	}
	if done.RowsAffected == 0 {
		return fault.Conflict("state_changed")
	}
	if r.Source != refundOfReceipt {
		return nil
	}
	return paymentFault(s.receipts.Release(tx, r.SourceID, by, remark))
}

// returnedUnasked ends the requests about money that the gateway gave back by itself: the tax office must not give it back again, and nobody has to sign
// anything. The payer is written to by tellReturned.
func (s *Service) returnedUnasked(tx *gorm.DB, c payments.Case) error {
	var ended []RefundRequest
	err := tx.Model(&ended).Clauses(clause.Returning{Columns: []clause.Column{{Name: "id"}, {Name: "application_id"}}}).
		Where("source = ? AND source_id = ? AND state = ?", refundOfCase, c.ID, RefundAsked).
		Updates(map[string]any{"state": RefundReturned, "ended_at": s.Now(), "ended_by": string(identity.Gateway)}).Error
	if err != nil {
		return fmt.Errorf("end requests for refund: %w", err)
	}
	for _, r := range ended {
		err := journal.Record(tx, journal.Entry{At: s.Now(), ApplicationID: &r.ApplicationID, Action: returnedAction, ActorRole: string(identity.Gateway),
			Details: journal.Details{"refund": r.ID.String(), "case": c.ID.String()}})
		if err != nil {
			return err
		}
	}
	return nil
}

// ownRefund reads a request for its payer. Another's looks like none (I19).
func (s *Service) ownRefund(db *gorm.DB, who identity.Actor, id uuid.UUID) (RefundRequest, error) {
	var r RefundRequest
	err := db.Where("id = ?", id).Take(&r).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return r, errNotFound
	}
	if err != nil {
		return r, fmt.Errorf("read request for refund: %w", err)
	}
	payer := shellFor(r)
	if !pays(who, payer.ApplicantIIN, payer.ApplicantBIN) {
		return RefundRequest{}, errNotFound
	}
	return r, nil
}

// OwnCertificate gives the payer the certificate of one request, also when the draft it was for is gone.
func (s *Service) OwnCertificate(ctx context.Context, who identity.Actor, id uuid.UUID) (Paper, error) {
	r, err := s.ownRefund(s.DB.WithContext(ctx), who, id)
	if err != nil {
		return Paper{}, err
	}
	if r.State != RefundSigned {
		return Paper{}, errNotFound
	}
	return Paper{Name: "non-submission-" + r.OutNumber + ".pdf", MIME: pdfType, Data: r.PDF}, nil
}

// nonSubmissionPDF gives the latest signed certificate of an application.
func (s *Service) nonSubmissionPDF(ctx context.Context, _ identity.Actor, a *Application) (Paper, error) {
	var r RefundRequest
	err := s.DB.WithContext(ctx).Where("application_id = ? AND state = ?", a.ID, RefundSigned).Order("signed_at DESC").Take(&r).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Paper{}, errNotFound
	}
	if err != nil {
		return Paper{}, fmt.Errorf("read certificate: %w", err)
	}
	return Paper{MIME: pdfType, Data: r.PDF}, nil
}
