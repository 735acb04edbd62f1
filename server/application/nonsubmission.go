package application

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"elicensing/payments"
	"elicensing/payments/bankreceipt"
	"elicensing/server/fault"
	"elicensing/server/identity"
	"elicensing/server/journal"
)

// RefundRequest is a payer's request for the certificate of non-submission: a fee was paid and no application filed by it, so that the tax
// office refunds it (S7.1). The payment is frozen in it as it was.
type RefundRequest struct {
	ID            uuid.UUID `gorm:"primaryKey"`
	ApplicationID uuid.UUID
	InvoiceID     uuid.UUID
	AuthorityCode string
	Source        string // "receipt" of a bank, or "case": money at the gateway that no application was filed by
	SourceID      uuid.UUID
	PayerKind     string
	PayerID       string
	PayerName     string
	Amount        payments.Tiyn `gorm:"column:amount_tiyn"`
	PaidAt        time.Time
	PaymentNumber string
	State         RefundState
	AskedAt       time.Time
	SignedAt      *time.Time
	SignerName    string
	OutNumber     string
	PDF           []byte `gorm:"column:pdf"`
}

// TableName is the table's name for GORM.
func (RefundRequest) TableName() string { return "refund_requests" }

// RefundState is where a request stands.
type RefundState string

// The states: asked by the payer, signed by the head. Nothing leads back.
const (
	RefundAsked  RefundState = "asked"
	RefundSigned RefundState = "signed"
)

// GiveUp is the payer's word that he does not file and wants the fee back (S7.1): the payment is taken out of the application for ever, the
// head is asked for the certificate of non-submission, and the application is a draft again. After filing no fee is refunded.
func (s *Service) GiveUp(ctx context.Context, who identity.Actor, id uuid.UUID, p Press) error {
	a, err := readVisible(s.DB.WithContext(ctx), who, id)
	if err != nil {
		return err
	}
	if !a.ownedBy(who) {
		return fault.Forbidden("not_your_step")
	}
	if a.FiledAt != nil {
		return fault.Conflict(payments.ErrFeeNotRefundable.Code)
	}
	request, err := s.refundable(ctx, a)
	if err != nil {
		return err
	}
	err = s.DB.WithContext(ctx).Transaction(func(tx *gorm.DB) error { return s.askRefund(tx, who, a, request) })
	if err != nil {
		return paymentFault(err)
	}
	if a.State != AwaitingPayment {
		return nil
	}
	err = s.Reopen(ctx, who, id, p)
	if f, ok := fault.From(err); ok && f.Code == payments.ErrPaymentParked.Code {
		return nil // the gateway holds the money until the tax office has it back; the application waits as it is
	}
	return err
}

func (s *Service) askRefund(tx *gorm.DB, who identity.Actor, a *Application, request RefundRequest) error {
	if err := s.noneFiledSince(tx, a, request.PaidAt); err != nil {
		return err
	}
	if request.Source == refundOfReceipt {
		if err := s.receipts.GiveUp(tx, request.SourceID); err != nil {
			return err
		}
	} else if err := claimCase(tx, request.SourceID); err != nil {
		return err
	}
	made := tx.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "source_id"}}, DoNothing: true}).Create(&request)
	if made.Error != nil {
		return fmt.Errorf("ask for a refund: %w", made.Error)
	}
	if made.RowsAffected == 0 {
		return fault.Conflict("refund_asked")
	}
	return s.note(tx, a.ID, a.State, giveUpAction, identity.Applicant, who, journal.Details{"refund": request.ID.String(), "amount": request.Amount.String()})
}

const (
	refundOfReceipt = "receipt"
	refundOfCase    = "case"
)

// claimCase holds a case that the gateway was not asked to refund: the money goes back by one road only.
func claimCase(tx *gorm.DB, id uuid.UUID) error {
	var c payments.Case
	if err := tx.Clauses(clause.Locking{Strength: "UPDATE"}).Where("id = ?", id).Take(&c).Error; err != nil {
		return fmt.Errorf("read a case: %w", err)
	}
	if c.ClosedAt != nil || c.RefundAskedAt != nil {
		return payments.ErrCaseClosed
	}
	return nil
}

// refundable finds the money that an application was paid with and not filed by.
func (s *Service) refundable(ctx context.Context, a *Application) (RefundRequest, error) {
	invoices, err := s.Payments.ByApplication(ctx, a.ID)
	if err != nil {
		return RefundRequest{}, err
	}
	for _, inv := range invoices {
		if inv.State == payments.InvoiceOpen && inv.Payment.Gateway == payments.ByReceipt && inv.Payment.GatewayID != nil {
			r, err := s.receipts.Latest(ctx, *inv.Payment.GatewayID)
			if err != nil {
				return RefundRequest{}, paymentFault(err)
			}
			if r != nil && r.State == bankreceipt.Waiting {
				return s.requestFor(a, inv, refundOfReceipt, r.ID, r.Amount, r.PaidAt(), r.Number), nil
			}
		}
		c, err := s.parkedMoney(ctx, inv.ID)
		if err != nil {
			return RefundRequest{}, err
		}
		if c != nil {
			return s.requestFor(a, inv, refundOfCase, c.ID, *c.TheirsAmount, *c.TheirsPaidAt, c.TheirsReceipt), nil
		}
	}
	return RefundRequest{}, fault.Conflict("nothing_to_refund")
}

// parkedMoney is money that a gateway holds for an invoice that filed nothing, or nil.
func (s *Service) parkedMoney(ctx context.Context, invoiceID uuid.UUID) (*payments.Case, error) {
	var found []payments.Case
	err := s.DB.WithContext(ctx).Where(`invoice_id = ? AND closed_at IS NULL AND refund_asked_at IS NULL AND list <> ? AND theirs_state = ?
			AND theirs_amount_tiyn > 0 AND theirs_paid_at IS NOT NULL AND theirs_receipt <> '' AND reason NOT IN (?, ?)
			AND NOT EXISTS (SELECT FROM refund_requests r WHERE r.source_id = money_cases.id)`,
		invoiceID, payments.ApplicationWithoutPayment, payments.StatePaid, payments.ParkedDoubled, payments.ParkedNoticeReused).
		Order("found_at").Limit(1).Find(&found).Error
	if err != nil {
		return nil, fmt.Errorf("look for parked money: %w", err)
	}
	if len(found) == 0 {
		return nil, nil
	}
	return &found[0], nil
}

func (s *Service) requestFor(a *Application, inv payments.Invoice, source string, sourceID uuid.UUID, amount payments.Tiyn, paidAt time.Time, number string) RefundRequest {
	return RefundRequest{
		ID: uuid.Must(uuid.NewV7()), ApplicationID: a.ID, InvoiceID: inv.ID, AuthorityCode: *a.AuthorityCode, Source: source, SourceID: sourceID,
		PayerKind: string(a.ApplicantKind), PayerID: inv.PayerID(), PayerName: inv.PayerName, Amount: amount, PaidAt: paidAt, PaymentNumber: number,
		State: RefundAsked, AskedAt: s.Now(),
	}
}

// noneFiledSince: the certificate says that the payer filed nothing after paying, so it must be so, with whatever fee it was paid (S7.1).
func (s *Service) noneFiledSince(db *gorm.DB, a *Application, paidAt time.Time) error {
	var filed int64
	err := db.Raw(`SELECT count(*) FROM applications WHERE authority_code = ? AND filed_at >= ?
			AND applicant_bin = ? AND (applicant_bin <> '' OR applicant_iin = ?)`, *a.AuthorityCode, paidAt, a.ApplicantBIN, a.ApplicantIIN).Scan(&filed).Error
	if err != nil {
		return fmt.Errorf("look for filed applications: %w", err)
	}
	if filed > 0 {
		return fault.Conflict("application_filed")
	}
	return nil
}

// refundRequestsOf reads the requests of one application without their PDFs, the latest first.
func (s *Service) refundRequestsOf(ctx context.Context, id uuid.UUID) ([]RefundRequest, error) {
	var found []RefundRequest
	if err := s.DB.WithContext(ctx).Omit("pdf").Where("application_id = ?", id).Order("asked_at DESC, id DESC").Find(&found).Error; err != nil {
		return nil, fmt.Errorf("read requests for refund: %w", err)
	}
	return found, nil
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
