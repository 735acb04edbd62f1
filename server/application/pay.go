package application

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"elicensing/payments"
	"elicensing/server/fault"
	"elicensing/server/identity"
	"elicensing/server/journal"
)

// Pay gives the gateway's page for the one payment of the open invoice, however often it is asked (S7.2, I8). Nothing of ours changes but
// the note that the gateway was asked.
func (s *Service) Pay(ctx context.Context, who identity.Actor, id uuid.UUID) (pageURL string, err error) {
	a, invoice, err := s.payable(ctx, who, id, Pay)
	if err != nil {
		return "", err
	}
	pageURL, err = s.Payments.Start(ctx, invoice.ID, s.PortalURL+"/applications/"+a.ID.String()+"/payment")
	if errors.Is(err, payments.ErrRateChanged) || errors.Is(err, payments.ErrPaymentVoided) {
		if _, err := s.Payments.Reissue(ctx, invoice.ID, s.FilePaid); err != nil {
			return "", paymentFault(err)
		}
		return "", fault.Conflict("rate_changed")
	}
	return pageURL, paymentFault(err)
}

// RefreshPayment asks the gateway how the payment stands now; a payment that was made files the application at once.
func (s *Service) RefreshPayment(ctx context.Context, who identity.Actor, id uuid.UUID) error {
	a, err := readVisible(s.DB.WithContext(ctx), who, id)
	if err != nil {
		return err
	}
	if a.State != AwaitingPayment {
		return nil // filed meanwhile: the answer shows it
	}
	_, invoice, err := s.payable(ctx, who, id, Pay)
	if err != nil {
		return err
	}
	_, err = s.Payments.Refresh(ctx, invoice.ID, s.FilePaid)
	return paymentFault(err)
}

// Reopen takes a signed and unpaid request back to draft: the payment is closed at the gateway first, then invoice, signature and state
// change in one transaction. If the money was faster, the application is filed and stays so.
func (s *Service) Reopen(ctx context.Context, who identity.Actor, id uuid.UUID, p Press) error {
	db := s.DB.WithContext(ctx)
	if done, err := s.pressed(db, who, p, Reopen, id); err != nil || done {
		return err
	}
	_, invoice, err := s.payable(ctx, who, id, Reopen)
	if err != nil {
		return err
	}
	err = s.Payments.Cancel(ctx, invoice.ID, s.FilePaid, func(tx *gorm.DB, inv payments.Invoice) error {
		if replay, err := s.claim(tx, who, p, Reopen, id); err != nil || replay {
			return err
		}
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
		err = s.move(tx, a, step, who, now, change{columns: map[string]any{"document_id": nil}, details: journal.Details{"invoice": inv.Number}})
		if errors.Is(err, gorm.ErrDuplicatedKey) {
			return fault.Conflict("draft_exists")
		}
		return err
	})
	return paymentFault(err)
}

// payable reads an application with its open invoice for an action of the applicant.
func (s *Service) payable(ctx context.Context, who identity.Actor, id uuid.UUID, action Action) (*Application, payments.Invoice, error) {
	a, err := readVisible(s.DB.WithContext(ctx), who, id)
	if err != nil {
		return nil, payments.Invoice{}, err
	}
	if _, err := permit(a, who, action, s.Now()); err != nil {
		return nil, payments.Invoice{}, err
	}
	invoices, err := s.Payments.ByApplication(ctx, id)
	if err != nil {
		return nil, payments.Invoice{}, err
	}
	for _, inv := range invoices {
		if inv.State == payments.InvoiceOpen {
			return a, inv, nil
		}
	}
	return nil, payments.Invoice{}, fault.Conflict("no_open_invoice")
}

// ReceiveNotice takes a notice of the payment gateway. A confirmed payment files the application in the same transaction, whether or not
// the payer's browser ever returns (S7.2).
func (s *Service) ReceiveNotice(ctx context.Context, header http.Header, body []byte) error {
	return paymentFault(s.Payments.Receive(ctx, header, body, s.FilePaid))
}

// RefreshOpenPayments asks the gateway about payments whose notice never came (I8); a job calls it.
func (s *Service) RefreshOpenPayments(ctx context.Context) error {
	_, err := s.Payments.RefreshOpen(ctx, openPaymentAge, s.FilePaid)
	return err
}

// paymentKinds maps the refusals of payments to kinds of fault; their codes are the contract's.
var paymentKinds = []struct {
	err  *payments.Error
	make func(string) *fault.Error
}{
	{payments.ErrInvoiceNotFound, fault.NotFound}, {payments.ErrInvoiceExists, fault.Conflict}, {payments.ErrAlreadyPaid, fault.Conflict},
	{payments.ErrInvoiceCancelled, fault.Conflict}, {payments.ErrPaymentInProcess, fault.Conflict}, {payments.ErrPaymentVoided, fault.Conflict},
	{payments.ErrPaymentParked, fault.Conflict}, {payments.ErrRateChanged, fault.Conflict}, {payments.ErrRateUnknown, fault.Unavailable},
	{payments.ErrGatewayUnavailable, fault.Unavailable}, {payments.ErrGatewayRefused, fault.Unavailable},
	{payments.ErrNoticeSignature, fault.Forbidden}, {payments.ErrNoticeStale, fault.Forbidden}, {payments.ErrNoticeMalformed, fault.Malformed},
}

// paymentFault gives a refusal of payments its status. Anything else stays an internal error.
func paymentFault(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := fault.From(err); ok {
		return err
	}
	for _, k := range paymentKinds {
		if errors.Is(err, k.err) {
			return k.make(k.err.Code).Wrap(err)
		}
	}
	return err
}

// lockByID is for the gateway's road, where nobody is signed in.
func lockByID(tx *gorm.DB, id uuid.UUID) (*Application, error) {
	return read(tx.Clauses(clause.Locking{Strength: "UPDATE"}), id)
}
