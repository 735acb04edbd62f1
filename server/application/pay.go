package application

import (
	"context"
	"errors"
	"net/http"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"elicensing/payments"
	"elicensing/server/fault"
	"elicensing/server/identity"
)

// Pay gives the gateway's page for the one payment of the open invoice, however often it is asked (S7.2, I8). Nothing of ours changes but
// the note that the gateway was asked. An invoice that can no longer be paid is replaced; a new sum is told before it is asked for (I11).
func (s *Service) Pay(ctx context.Context, who identity.Actor, id uuid.UUID) (pageURL string, err error) {
	invoice, err := s.payable(ctx, who, id, Pay)
	if err != nil {
		return "", err
	}
	if err := s.nothingParked(ctx, invoice.ID); err != nil {
		return "", err
	}
	_, pageURL, err = s.startPayment(ctx, payments.Online, invoice)
	return pageURL, err
}

// nothingParked: who has paid is not asked to pay again, before a person has looked at what the gateway holds.
func (s *Service) nothingParked(ctx context.Context, invoiceID uuid.UUID) error {
	c, err := s.parkedMoney(ctx, invoiceID)
	if err != nil {
		return err
	}
	if c != nil {
		return fault.Conflict(payments.ErrPaymentParked.Code)
	}
	return nil
}

// startPayment starts the payment of an invoice at a gateway. An invoice that can no longer be paid, or whose payment was begun at the other
// gateway, is replaced; a new sum is told before it is asked for (I11). While the gateway has not named the payment nobody has seen its page, so
// that no money can have been taken; from then on its silence leaves that open.
func (s *Service) startPayment(ctx context.Context, via payments.Via, invoice payments.Invoice) (started payments.Invoice, pageURL string, err error) {
	returnURL := s.PortalURL + "/applications/" + invoice.ApplicationID.String() + "/payment"
	pageURL, err = s.Payments.StartVia(ctx, via, invoice.ID, returnURL)
	if !errors.Is(err, payments.ErrRateChanged) && !errors.Is(err, payments.ErrPaymentVoided) && !errors.Is(err, payments.ErrBegunElsewhere) {
		if invoice.Payment.GatewayID != nil {
			return invoice, pageURL, unknownFault(err)
		}
		return invoice, pageURL, paymentFault(err)
	}
	fresh, err := s.Payments.Reissue(ctx, invoice.ID, s.FilePaid)
	if err != nil {
		return invoice, "", unknownFault(err)
	}
	if fresh.Amount != invoice.Amount {
		return fresh, "", fault.Conflict("rate_changed")
	}
	pageURL, err = s.Payments.StartVia(ctx, via, fresh.ID, returnURL)
	return fresh, pageURL, paymentFault(err)
}

// RefreshPayment asks the gateway how the payment stands now; a payment that was made files the application at once. When nothing is open any
// more, another road was faster: the answer shows how it stands.
func (s *Service) RefreshPayment(ctx context.Context, who identity.Actor, id uuid.UUID) error {
	if _, err := readVisible(s.DB.WithContext(ctx), who, id); err != nil {
		return err
	}
	invoice, err := s.openInvoiceOf(ctx, id)
	if err != nil || invoice == nil {
		return err
	}
	_, err = s.Payments.Refresh(ctx, invoice.ID, s.FilePaid)
	return unknownFault(err)
}

// payable reads the open invoice of an application for an action of the applicant.
func (s *Service) payable(ctx context.Context, who identity.Actor, id uuid.UUID, action Action) (payments.Invoice, error) {
	a, err := readVisible(s.DB.WithContext(ctx), who, id)
	if err != nil {
		return payments.Invoice{}, err
	}
	if _, err := permit(a, who, action, s.Now()); err != nil {
		return payments.Invoice{}, err
	}
	invoice, err := s.openInvoiceOf(ctx, id)
	if err != nil {
		return payments.Invoice{}, err
	}
	if invoice == nil {
		return payments.Invoice{}, fault.Conflict("no_open_invoice")
	}
	return *invoice, nil
}

func (s *Service) openInvoiceOf(ctx context.Context, id uuid.UUID) (*payments.Invoice, error) {
	invoices, err := s.Payments.ByApplication(ctx, id)
	if err != nil {
		return nil, err
	}
	for _, inv := range invoices {
		if inv.State == payments.InvoiceOpen {
			return &inv, nil
		}
	}
	return nil, nil
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

// ReconcilePayments compares the gateways' books of the days that ended with ours (I10); a job calls it.
func (s *Service) ReconcilePayments(ctx context.Context) error {
	return s.Payments.ReconcileEnded(ctx, s.FilePaid)
}

// paymentKinds maps the refusals of payments to kinds of fault; their codes are the contract's.
var paymentKinds = []struct {
	err  *payments.Error
	make func(string) *fault.Error
}{
	{payments.ErrInvoiceNotFound, fault.NotFound}, {payments.ErrInvoiceExists, fault.Conflict}, {payments.ErrNoFeeDue, fault.Conflict}, {payments.ErrAlreadyPaid, fault.Conflict},
	{payments.ErrInvoiceCancelled, fault.Conflict}, {payments.ErrPaymentInProcess, fault.Conflict}, {payments.ErrPaymentVoided, fault.Conflict},
	{payments.ErrPaymentParked, fault.Conflict}, {payments.ErrRateChanged, fault.Conflict}, {payments.ErrRateUnknown, fault.Unavailable},
	{payments.ErrGatewayUnavailable, fault.Unavailable}, {payments.ErrGatewayNonsense, fault.Unavailable}, {payments.ErrGatewayRefused, fault.Unavailable},
	{payments.ErrOrderTooLate, fault.Unavailable}, {payments.ErrRefundAsked, fault.Conflict},
	{payments.ErrRefundUnderWay, fault.Conflict}, {payments.ErrRequisitesMissing, fault.Conflict}, {payments.ErrMoneyGone, fault.Conflict}, {payments.ErrNotAcceptable, fault.Conflict}, {payments.ErrOutcomeInvalid, fault.Invalid},
	{payments.ErrBegunElsewhere, fault.Conflict}, {payments.ErrCaseNotFound, fault.NotFound}, {payments.ErrCaseClosed, fault.Conflict},
	{payments.ErrFeeNotRefundable, fault.Conflict}, {payments.ErrReceiptInvalid, fault.Invalid}, {payments.ErrReceiptUsed, fault.Conflict},
	{payments.ErrReceiptWaiting, fault.Conflict}, {payments.ErrReceiptNotFound, fault.NotFound}, {payments.ErrReceiptJudged, fault.Conflict},
	{payments.ErrInvoiceInvalid, fault.Unavailable}, {payments.ErrReportNotReady, fault.Unavailable},
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

// unknownFault is paymentFault where a gateway that does not answer, or not to the point, leaves open whether the payer's money was taken.
func unknownFault(err error) error {
	if silent(err) {
		return fault.Unavailable("payment_unknown").Wrap(err)
	}
	return paymentFault(err)
}

// silentFault is paymentFault for an official's act: nothing was decided.
func silentFault(err error) error {
	if silent(err) {
		return fault.Unavailable("gateway_silent").Wrap(err)
	}
	return paymentFault(err)
}

func silent(err error) bool {
	return errors.Is(err, payments.ErrGatewayUnavailable) || errors.Is(err, payments.ErrGatewayNonsense) || errors.Is(err, payments.ErrGatewayRefused) ||
		errors.Is(err, payments.ErrOrderTooLate)
}

// lockByID is for the gateway's road, where nobody is signed in.
func lockByID(tx *gorm.DB, id uuid.UUID) (*Application, error) {
	return read(tx.Clauses(clause.Locking{Strength: "UPDATE"}), id)
}
