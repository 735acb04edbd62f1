package application

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"elicensing/payments"
	"elicensing/payments/bankreceipt"
	"elicensing/server/fault"
	"elicensing/server/identity"
	"elicensing/server/journal"
)

// BankReceipt is what the applicant tells of a payment made at a bank (S7.1, S9.A1).
type BankReceipt struct {
	Bank, Number, PaidOn string
	Amount               payments.Tiyn
	Content              []byte
}

// The journal's words for what is done with money outside the process table: none of it moves an application.
const (
	attachReceiptAction  = "attach_receipt"
	confirmReceiptAction = "confirm_receipt"
	rejectReceiptAction  = "reject_receipt"
	giveUpAction         = "give_up"
	certifyAction        = "certify_non_submission"
	refundCaseAction     = "refund_case"
	closeCaseAction      = "close_case"
	acceptCaseAction     = "accept_case"
	declineRefundAction  = "decline_refund"
	withdrawRefundAction = "withdraw_refund"
	returnedAction       = "money_returned"
)

// AttachReceipt pays the open invoice by a bank's receipt: it then waits for an official. A payment begun at the online gateway is closed
// there first, so that the fee cannot be taken twice (I8).
func (s *Service) AttachReceipt(ctx context.Context, who identity.Actor, id uuid.UUID, in BankReceipt, p Press) error {
	invoice, err := s.payable(ctx, who, id, Pay)
	if err != nil {
		return err
	}
	if err := s.nothingParked(ctx, invoice.ID); err != nil {
		return err
	}
	kind := scanType(in.Content[:min(len(in.Content), sniffBytes)])
	if kind == "" {
		return fault.Invalid("file_type").WithField("content", "file_type")
	}
	if invoice, err = s.atRateOf(ctx, invoice, in.PaidOn); err != nil {
		return err
	}
	if invoice, _, err = s.startPayment(ctx, payments.ByReceipt, invoice); err != nil {
		return err
	}
	if invoice, err = s.Payments.Get(ctx, invoice.ID); err != nil {
		return err
	}
	if invoice.Payment.GatewayID == nil {
		return fault.Unavailable(payments.ErrGatewayUnavailable.Code)
	}
	err = s.DB.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		r, err := s.receipts.Attach(tx, *invoice.Payment.GatewayID, bankreceipt.Receipt{
			Bank: in.Bank, Number: in.Number, PaidOn: in.PaidOn, Amount: in.Amount, MediaType: kind, Content: in.Content,
		})
		if err != nil {
			return err
		}
		if err := s.note(tx, id, AwaitingPayment, attachReceiptAction, identity.Applicant, who, journal.Details{"receipt": r.ID.String(), "invoice": invoice.Number}); err != nil {
			return err
		}
		return s.settle(tx, p)
	})
	if err != nil {
		return paymentFault(err)
	}
	_, err = s.Payments.Refresh(ctx, invoice.ID, s.FilePaid)
	return paymentFault(err)
}

// atRateOf gives the invoice at the rate of the day on which the fee was paid at a bank, which may be another than today's (S7.1). A day without a
// rate on record leaves it as it is: the official sees both sums.
func (s *Service) atRateOf(ctx context.Context, invoice payments.Invoice, day string) (payments.Invoice, error) {
	at, err := time.ParseInLocation(time.DateOnly, day, payments.Zone)
	if err != nil || at.After(s.Now()) {
		return invoice, paymentFault(payments.ErrReceiptInvalid)
	}
	fee, err := s.Payments.FeeAt(invoice.Kind, at)
	if err != nil || fee.Amount == invoice.Amount {
		return invoice, nil //nolint:nilerr // no rate on record for that day
	}
	fresh, err := s.Payments.ReissueAt(ctx, invoice.ID, at, s.FilePaid)
	return fresh, unknownFault(err)
}

// note writes a journal row of an action that does not move the application.
func (s *Service) note(tx *gorm.DB, id uuid.UUID, state State, action string, role identity.Role, who identity.Actor, details journal.Details) error {
	return journal.Record(tx, journal.Entry{At: s.Now(), ApplicationID: &id, Action: action, FromState: string(state), ToState: string(state),
		ActorRole: string(role), ActorIIN: who.IIN, ActorName: who.Name, Details: details})
}

// moneyOf is an application as the money desk sees it: before filing too, for there its money waits.
func (s *Service) moneyOf(db *gorm.DB, who identity.Actor, id uuid.UUID) (*Application, error) {
	a, err := read(db, id)
	if err != nil {
		return nil, err
	}
	if who.Capacity != identity.AsOfficial || a.AuthorityCode == nil || *a.AuthorityCode != who.AuthorityCode || a.ownCase(who) {
		return nil, errNotFound
	}
	return a, nil
}

// mayHandleMoney: the chancery takes receipts as it takes papers; the head may do all that the chancery does here.
func mayHandleMoney(who identity.Actor) error {
	if who.Has(identity.Chancery) || who.Has(identity.Head) {
		return nil
	}
	return fault.Forbidden("not_your_step")
}

func headOnly(who identity.Actor) error {
	if who.Has(identity.Head) {
		return nil
	}
	return fault.Forbidden("not_your_step")
}

// receiptFor reads a receipt with its invoice for an official of the authority. Another authority's looks like none (I19).
func (s *Service) receiptFor(ctx context.Context, who identity.Actor, id uuid.UUID) (bankreceipt.Receipt, payments.Invoice, *Application, error) {
	db := s.DB.WithContext(ctx)
	none := func(err error) (bankreceipt.Receipt, payments.Invoice, *Application, error) {
		return bankreceipt.Receipt{}, payments.Invoice{}, nil, err
	}
	if err := mayHandleMoney(who); err != nil {
		return none(err)
	}
	r, err := s.receipts.Receipt(db, id)
	if err != nil {
		return none(errNotFound.Wrap(err))
	}
	var of []uuid.UUID
	err = db.Raw("SELECT invoice_id FROM gateway_payments WHERE gateway = ? AND gateway_id = ?", payments.ByReceipt, r.OrderID.String()).Scan(&of).Error
	if err != nil {
		return none(fmt.Errorf("find the invoice of a receipt: %w", err))
	}
	if len(of) == 0 {
		return none(errNotFound)
	}
	invoice, err := s.Payments.Get(ctx, of[0])
	if err != nil {
		return none(paymentFault(err))
	}
	a, err := s.moneyOf(db, who, invoice.ApplicationID)
	if err != nil {
		return none(err)
	}
	return r, invoice, a, nil
}

// ReceiptScan gives the scan of a receipt to the officials who judge it.
func (s *Service) ReceiptScan(ctx context.Context, who identity.Actor, id uuid.UUID) (Paper, error) {
	r, invoice, _, err := s.receiptFor(ctx, who, id)
	if err != nil {
		return Paper{}, err
	}
	return Paper{Name: "receipt-" + invoice.Number + extensions[r.MediaType], MIME: r.MediaType, Data: r.Content}, nil
}

// ConfirmReceipt is the official's word that the fee was paid: the application is filed at once (S7.1).
func (s *Service) ConfirmReceipt(ctx context.Context, who identity.Actor, id uuid.UUID, p Press) error {
	return s.judgeReceipt(ctx, who, id, p, confirmReceiptAction, func(tx *gorm.DB) error { return s.receipts.Confirm(tx, id, who.Name) })
}

// RejectReceipt sends a receipt back with a remark; the applicant may attach another one or pay online.
func (s *Service) RejectReceipt(ctx context.Context, who identity.Actor, id uuid.UUID, remark string, p Press) error {
	return s.judgeReceipt(ctx, who, id, p, rejectReceiptAction, func(tx *gorm.DB) error { return s.receipts.Reject(tx, id, who.Name, remark) })
}

func (s *Service) judgeReceipt(ctx context.Context, who identity.Actor, id uuid.UUID, p Press, action string, judge func(tx *gorm.DB) error) error {
	_, invoice, a, err := s.receiptFor(ctx, who, id)
	if err != nil {
		return err
	}
	role := identity.Chancery
	if !who.Has(role) {
		role = identity.Head
	}
	err = s.DB.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := judge(tx); err != nil {
			return err
		}
		if err := s.note(tx, a.ID, a.State, action, role, who, journal.Details{"receipt": id.String(), "invoice": invoice.Number}); err != nil {
			return err
		}
		if action == rejectReceiptAction {
			if err := s.tell(tx, a.ID, invoice.Number, noticeRejected); err != nil {
				return err
			}
		}
		return s.settle(tx, p)
	})
	if err != nil {
		return paymentFault(err)
	}
	// If this is cut short, the job asks again: the receipt's word stands in its own book.
	_, err = s.Payments.Refresh(ctx, invoice.ID, s.FilePaid)
	return paymentFault(err)
}
