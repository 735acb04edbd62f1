package application

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"elicensing/payments"
	"elicensing/payments/bankreceipt"
	"elicensing/server/catalog"
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
	EndedAt       *time.Time
	EndedBy       string
	Remark        string // of the head who declined
}

// TableName is the table's name for GORM.
func (RefundRequest) TableName() string { return "refund_requests" }

// RefundState is where a request stands.
type RefundState string

// The states: asked by the payer; signed by the head, or declined by him with a reason, or withdrawn by the payer, or ended because the gateway gave the
// money back by itself. Nothing leads back; after it was declined or withdrawn the payment is free for another road.
const (
	RefundAsked     RefundState = "asked"
	RefundSigned    RefundState = "signed"
	RefundDeclined  RefundState = "declined"
	RefundWithdrawn RefundState = "withdrawn"
	RefundReturned  RefundState = "returned"
)

// livingRefund holds a payment: there is one road for its money.
const livingRefund = "r.state IN ('asked', 'signed')"

// GiveUp is the payer's word that he does not file and wants the fee back (S7.1): the payment is taken out of the application for ever, the
// head is asked for the certificate of non-submission, and the application is a draft again, all in one transaction. After filing no fee is
// refunded.
func (s *Service) GiveUp(ctx context.Context, who identity.Actor, id uuid.UUID, p Press) error {
	a, err := readVisible(s.DB.WithContext(ctx), who, id)
	if err != nil {
		return err
	}
	if !a.ownedBy(who) {
		return fault.Forbidden("not_your_step")
	}
	invoices, err := s.Payments.ByApplication(ctx, a.ID)
	if err != nil {
		return err
	}
	return s.giveUp(ctx, who, a, invoices, p)
}

// GiveUpInvoice is GiveUp for the money of one invoice, whose application may have been discarded since.
func (s *Service) GiveUpInvoice(ctx context.Context, who identity.Actor, invoiceID uuid.UUID, p Press) error {
	inv, err := s.Payments.Get(ctx, invoiceID)
	if err != nil || !pays(who, inv.PayerIIN, inv.PayerBIN) {
		return errNotFound
	}
	a, err := read(s.DB.WithContext(ctx), inv.ApplicationID)
	if err != nil {
		a = shellOf(inv)
	}
	return s.giveUp(ctx, who, a, []payments.Invoice{inv}, p)
}

// pays tells whether the actor, in the present capacity, is a payer.
func pays(who identity.Actor, iin, bin string) bool {
	switch who.Capacity {
	case identity.AsPerson:
		return bin == "" && who.IIN != "" && iin == who.IIN
	case identity.AsEntity:
		return who.BIN != "" && bin == who.BIN
	default:
		return false
	}
}

// shellOf stands for a discarded draft: its invoice keeps all that money needs of it.
func shellOf(inv payments.Invoice) *Application {
	a := &Application{ID: inv.ApplicationID, State: Gone, ApplicantKind: catalog.Person, ApplicantIIN: inv.PayerIIN, ApplicantBIN: inv.PayerBIN, ApplicantName: inv.PayerName}
	if inv.PayerBIN != "" {
		a.ApplicantKind = catalog.Entity
	}
	if inv.Requisites.Authority != "" {
		a.AuthorityCode = &inv.Requisites.Authority
	}
	return a
}

func (s *Service) giveUp(ctx context.Context, who identity.Actor, a *Application, invoices []payments.Invoice, p Press) error {
	if a.FiledAt != nil {
		return fault.Conflict(payments.ErrFeeNotRefundable.Code)
	}
	if a.AuthorityCode == nil {
		return fault.Conflict("nothing_to_refund")
	}
	money, err := s.refundable(ctx, a, invoices)
	if err != nil {
		return err
	}
	back := a.State == AwaitingPayment
	if back {
		// Asked before anything is: what must be refused must not be half done.
		if err := s.noOtherDraft(s.DB.WithContext(ctx), a.ID); err != nil {
			return err
		}
	}
	if money.held != nil {
		if err := s.Payments.StillHeld(ctx, *money.held); err != nil {
			return unknownFault(err)
		}
	}
	if back && money.invoice.State != payments.InvoiceOpen {
		// The money is of an earlier invoice; the one of now is closed at the gateway first.
		if err := s.Reopen(ctx, who, a.ID, Press{}); err != nil {
			return err
		}
		back = false
	}
	err = s.DB.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if back {
			if err := s.Payments.Abandon(tx, money.invoice.ID, nil); err != nil {
				return err
			}
		}
		if err := s.askRefund(tx, who, a, money.request); err != nil {
			return err
		}
		if back {
			if err := s.reopen(tx, who, a.ID, Press{}, money.invoice); err != nil {
				return err
			}
		}
		return s.settle(tx, p)
	})
	return paymentFault(err)
}

func (s *Service) askRefund(tx *gorm.DB, who identity.Actor, a *Application, request RefundRequest) error {
	if err := s.noneFiledSince(tx, a, request); err != nil {
		return err
	}
	if request.Source == refundOfReceipt {
		if err := s.receipts.GiveUp(tx, request.SourceID); err != nil {
			return err
		}
	} else if _, err := s.Payments.LockCase(tx, request.SourceID); err != nil {
		return err
	}
	once := clause.OnConflict{Columns: []clause.Column{{Name: "source_id"}}, DoNothing: true,
		TargetWhere: clause.Where{Exprs: []clause.Expression{clause.Expr{SQL: "state IN ('asked', 'signed')"}}}}
	made := tx.Clauses(once).Create(&request)
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

// givable is money that an application was paid with and not filed by.
type givable struct {
	request RefundRequest
	invoice payments.Invoice
	held    *payments.Case // at a gateway; nil for a receipt that waits
}

// refundable finds it.
func (s *Service) refundable(ctx context.Context, a *Application, invoices []payments.Invoice) (givable, error) {
	for _, inv := range invoices {
		if inv.State == payments.InvoiceOpen && inv.Payment.Gateway == payments.ByReceipt && inv.Payment.GatewayID != nil {
			r, err := s.receipts.Latest(ctx, *inv.Payment.GatewayID)
			if err != nil {
				return givable{}, paymentFault(err)
			}
			if r != nil && r.State == bankreceipt.Waiting {
				return givable{request: s.requestFor(a, inv, refundOfReceipt, r.ID, r.Amount, r.PaidAt(), r.Number), invoice: inv}, nil
			}
		}
		c, err := s.parkedMoney(ctx, inv.ID)
		if err != nil {
			return givable{}, err
		}
		if c != nil && mayBeGivenUp(c) {
			return givable{s.requestFor(a, inv, refundOfCase, c.ID, *c.TheirsAmount, *c.TheirsPaidAt, c.TheirsReceipt), inv, c}, nil
		}
	}
	return givable{}, fault.Conflict("nothing_to_refund")
}

// parked are the open cases of money that a gateway holds for an invoice that filed nothing, and that no certificate is asked for.
const parked = `c.closed_at IS NULL AND c.list <> 'application_without_payment' AND c.theirs_state = 'paid' AND c.theirs_amount_tiyn > 0
	AND c.reason NOT IN ('doubled', 'notice_reused') AND c.ours_state <> 'paid'
	AND NOT EXISTS (SELECT FROM refund_requests r WHERE r.source_id = c.id AND ` + livingRefund + `)`

// parkedMoney is the money that is parked for an invoice, or nil.
func (s *Service) parkedMoney(ctx context.Context, invoiceID uuid.UUID) (*payments.Case, error) {
	var found []payments.Case
	err := s.DB.WithContext(ctx).Raw("SELECT c.* FROM money_cases c WHERE c.invoice_id = ? AND "+parked+" ORDER BY c.found_at, c.id LIMIT 1", invoiceID).Scan(&found).Error
	if err != nil {
		return nil, fmt.Errorf("look for parked money: %w", err)
	}
	if len(found) == 0 {
		return nil, nil
	}
	return &found[0], nil
}

// mayBeGivenUp: the certificate names the payment document and its moment, and the gateway was not asked to give the money back.
func mayBeGivenUp(c *payments.Case) bool {
	return c.RefundAskedAt == nil && c.TheirsPaidAt != nil && c.TheirsReceipt != ""
}

func (s *Service) requestFor(a *Application, inv payments.Invoice, source string, sourceID uuid.UUID, amount payments.Tiyn, paidAt time.Time, number string) RefundRequest {
	authority := inv.Requisites.Authority
	if authority == "" {
		authority = *a.AuthorityCode
	}
	return RefundRequest{
		ID: uuid.Must(uuid.NewV7()), ApplicationID: a.ID, InvoiceID: inv.ID, AuthorityCode: authority, Source: source, SourceID: sourceID,
		PayerKind: string(a.ApplicantKind), PayerID: inv.PayerID(), PayerName: inv.PayerName, Amount: amount, PaidAt: paidAt, PaymentNumber: number,
		State: RefundAsked, AskedAt: s.Now(),
	}
}

// noneFiledSince: the certificate says that the payer filed nothing after paying, so it must be so, with whatever fee it was paid (S7.1).
func (s *Service) noneFiledSince(db *gorm.DB, a *Application, r RefundRequest) error {
	var filed int64
	err := db.Raw(`SELECT count(*) FROM applications WHERE authority_code = ? AND filed_at >= ?
			AND applicant_bin = ? AND (applicant_bin <> '' OR applicant_iin = ?)`, r.AuthorityCode, r.PaidAt, a.ApplicantBIN, a.ApplicantIIN).Scan(&filed).Error
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
