package application

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"elicensing/payments"
	"elicensing/payments/bankreceipt"
	"elicensing/server/fault"
	"elicensing/server/identity"
	"elicensing/server/journal"
)

// MoneyDesk is what an authority's officials must look at about money: receipts that wait, differences between the books, requests for the
// certificate of non-submission. What was decided, and how far the books are compared, shows whether an empty desk means anything.
type MoneyDesk struct {
	Receipts   []ReceiptRow
	Cases      []CaseRow
	Closed     []CaseRow // the latest
	Refunds    []RefundRequest
	Reconciled []payments.LastReconciled
}

// ReceiptRow is a receipt that waits for an official, beside what it is to prove.
type ReceiptRow struct {
	ID            uuid.UUID
	ApplicationID uuid.UUID
	Invoice       string
	PayerID       string
	PayerName     string
	Due           payments.Tiyn // of the invoice, at the rate of the day of payment
	RateDay       string
	Bank          string
	Number        string
	PaidOn        string
	Amount        payments.Tiyn // of the receipt
	AttachedAt    time.Time
	Alike         []AlikeReceipt `gorm:"-"`
}

// AlikeReceipt is an application for which a receipt was attached that looks like the same document. Of what is not the official's to see, another authority's or
// his own, only that it exists is told (I16, I19), and whether it was there before.
type AlikeReceipt struct {
	SameFile      bool
	Earlier       bool
	AttachedAt    *time.Time
	ApplicationID *uuid.UUID
	Application   string // its number; empty before filing
	Invoice       string
}

// CaseRow is a difference with what it is about.
type CaseRow struct {
	payments.Case
	ApplicationID *uuid.UUID
	Application   string // its number; empty before filing
	Invoice       string
	PayerName     string
	Certificate   bool // the payer has asked for the certificate of non-submission
	ConcernsPayer bool // he is told what was decided
}

// Refundable tells whether the gateway may be asked to give it back; pressed again, a refund that was cut short goes on.
func (c CaseRow) Refundable() bool {
	return c.Case.Refundable() && !c.Certificate && (c.OursState != payments.InvoicePaid || c.List == payments.PaidWithoutApplication)
}

// Acceptable tells whether the head may take the money for the fee as it is.
func (c CaseRow) Acceptable() bool { return c.Case.Acceptable() && !c.Certificate }

// mostOnDesk bounds what is shown at once of each list; the oldest first, for it waits longest.
const (
	mostOnDesk = 200
	mostClosed = 50
)

// own are the organisations whose cases are the official's own, for SQL: never empty.
func own(who identity.Actor) []string { return append(slices.Clone(who.Organisations), "-") }

// Money reads the desk of the official's authority. Money that no invoice of ours accounts for belongs to no authority: every one sees it,
// without the payer. An official's own case, or his organisation's, is left out (I16).
func (s *Service) Money(ctx context.Context, who identity.Actor) (MoneyDesk, error) {
	if err := mayHandleMoney(who); err != nil {
		return MoneyDesk{}, err
	}
	var desk MoneyDesk
	db := s.DB.WithContext(ctx)
	err := db.Raw(`SELECT r.id, a.id AS application_id, i.number AS invoice, CASE WHEN i.payer_bin <> '' THEN i.payer_bin ELSE i.payer_iin END AS payer_id,
			i.payer_name, i.amount_tiyn AS due, i.rate_day, r.bank, r.number, r.paid_on, r.amount_tiyn AS amount, r.attached_at
		FROM bank_receipts r JOIN gateway_payments p ON p.gateway = ? AND p.gateway_id = r.order_id::text JOIN invoices i ON i.id = p.invoice_id
			JOIN applications a ON a.id = i.application_id
		WHERE r.state = ? AND a.authority_code = ? AND a.applicant_iin <> ? AND a.applicant_bin NOT IN ? ORDER BY r.attached_at, r.id LIMIT ?`,
		payments.ByReceipt, bankreceipt.Waiting, who.AuthorityCode, who.IIN, own(who), mostOnDesk).Scan(&desk.Receipts).Error
	if err != nil {
		return desk, fmt.Errorf("read receipts: %w", err)
	}
	if err := s.findAlike(ctx, who, desk.Receipts); err != nil {
		return desk, err
	}
	err = db.Omit("pdf").Where("authority_code = ? AND state = ? AND payer_id <> ? AND payer_id NOT IN ?", who.AuthorityCode, RefundAsked, who.IIN, own(who)).
		Order("asked_at, id").Limit(mostOnDesk).Find(&desk.Refunds).Error
	if err != nil {
		return desk, fmt.Errorf("read requests for refund: %w", err)
	}
	if desk.Cases, err = casesFor(db, who, "c.closed_at IS NULL", "c.found_at, c.id", mostOnDesk); err != nil {
		return desk, err
	}
	if desk.Closed, err = casesFor(db, who, "c.closed_at IS NOT NULL", "c.closed_at DESC, c.id DESC", mostClosed); err != nil {
		return desk, err
	}
	desk.Reconciled, err = s.Payments.LastReconciliations(ctx)
	return desk, paymentFault(err)
}

// findAlike adds to receipts which others look like the same document.
func (s *Service) findAlike(ctx context.Context, who identity.Actor, receipts []ReceiptRow) error {
	ids := make([]uuid.UUID, len(receipts))
	for i, r := range receipts {
		ids[i] = r.ID
	}
	twins, err := s.receipts.In(s.DB).Alike(ctx, ids...)
	if err != nil {
		return err
	}
	invoices := []uuid.UUID{uuid.Nil}
	for _, list := range twins {
		for _, twin := range list {
			invoices = append(invoices, twin.InvoiceID)
		}
	}
	var rows []struct {
		ID            uuid.UUID
		Number        string
		ApplicationID *uuid.UUID
		Application   string
	}
	err = s.DB.WithContext(ctx).Raw(`SELECT i.id, i.number, a.id AS application_id, coalesce(a.number, '') AS application FROM invoices i LEFT JOIN applications a ON a.id = i.application_id
		WHERE i.id IN ? AND i.authority_code = ? AND i.payer_iin <> ? AND i.payer_bin NOT IN ?`, invoices, who.AuthorityCode, who.IIN, own(who)).Scan(&rows).Error
	if err != nil {
		return fmt.Errorf("read receipts that are alike: %w", err)
	}
	shown := map[uuid.UUID]AlikeReceipt{}
	for _, r := range rows {
		shown[r.ID] = AlikeReceipt{ApplicationID: r.ApplicationID, Application: r.Application, Invoice: r.Number}
	}
	for i, r := range receipts {
		for _, twin := range twins[r.ID] {
			alike := shown[twin.InvoiceID]
			alike.SameFile, alike.Earlier = twin.SameFile, twin.Earlier
			if alike.Invoice != "" {
				alike.AttachedAt = &twin.AttachedAt
			}
			receipts[i].Alike = append(receipts[i].Alike, alike)
		}
	}
	return nil
}

// certificateAsked tells, of a case c, whether a living request for the certificate is about its money.
const certificateAsked = `EXISTS (SELECT FROM refund_requests r JOIN money_cases o ON o.id = r.source_id WHERE o.gateway = c.gateway AND o.gateway_id = c.gateway_id AND ` + livingRefund + `)`

// casesFor reads the cases that concern the official's authority, with what they are about. The authority is the invoice's, whatever became of
// its application.
func casesFor(db *gorm.DB, who identity.Actor, which, order string, most int, args ...any) ([]CaseRow, error) {
	var rows []CaseRow
	err := db.Raw(`SELECT c.*, i.application_id, coalesce(i.number, '') AS invoice, coalesce(a.number, '') AS application,
			CASE WHEN i.authority_code = '' THEN '' ELSE coalesce(i.payer_name, '') END AS payer_name, c.theirs_state = 'paid' AND `+certificateAsked+` AS certificate,
			i.id IS NOT NULL AND `+concernsPayer+` AS concerns_payer
		FROM money_cases c LEFT JOIN invoices i ON i.id = c.invoice_id LEFT JOIN applications a ON a.id = i.application_id
		WHERE (i.id IS NULL OR i.authority_code IN ('', ?) AND i.payer_iin <> ? AND i.payer_bin NOT IN ?) AND `+which+` ORDER BY `+order+` LIMIT ?`,
		append(append([]any{who.AuthorityCode, who.IIN, own(who)}, args...), most)...).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read cases about money: %w", err)
	}
	return rows, nil
}

// caseFor reads a case for the head of its authority. Another authority's looks like none (I19).
func (s *Service) caseFor(ctx context.Context, who identity.Actor, id uuid.UUID) (CaseRow, error) {
	if err := headOnly(who); err != nil {
		return CaseRow{}, err
	}
	rows, err := casesFor(s.DB.WithContext(ctx), who, "c.id = ?", "c.id", 1, id)
	if err != nil {
		return CaseRow{}, err
	}
	if len(rows) == 0 {
		return CaseRow{}, errNotFound
	}
	return rows[0], nil
}

// noCertificate refuses, under the lock of a case, what a living request for the certificate excludes.
func noCertificate(tx *gorm.DB, id uuid.UUID) error {
	var asked int64
	if err := tx.Raw("SELECT count(*) FROM money_cases c WHERE c.id = ? AND "+certificateAsked, id).Scan(&asked).Error; err != nil {
		return fmt.Errorf("look for a request for refund: %w", err)
	}
	if asked > 0 {
		return fault.Conflict("refund_asked")
	}
	return nil
}

// RefundCase has the gateway give back money that filed nothing (S7.1).
func (s *Service) RefundCase(ctx context.Context, who identity.Actor, id uuid.UUID, p Press) error {
	row, err := s.caseFor(ctx, who, id)
	if err != nil {
		return err
	}
	if row.Certificate {
		return fault.Conflict("refund_asked") // the tax office does
	}
	err = s.Payments.RefundCase(ctx, id, who.Name, func(tx *gorm.DB, c payments.Case) error {
		if err := s.noteCase(tx, row, refundCaseAction, who, journal.Details{"case": id.String(), "reason": c.Reason}); err != nil {
			return err
		}
		return s.settle(tx, p)
	})
	if errors.Is(err, gorm.ErrDuplicatedKey) {
		return fault.Conflict("refund_asked") // asked for this very moment (migration 0016)
	}
	return silentFault(err)
}

// AcceptCase takes money for the fee in which only payer, purpose or moment differ: the application is filed by it.
func (s *Service) AcceptCase(ctx context.Context, who identity.Actor, id uuid.UUID, note string, p Press) error {
	row, err := s.caseFor(ctx, who, id)
	if err != nil {
		return err
	}
	guard := func(tx *gorm.DB, c payments.Case) error {
		if err := noCertificate(tx, c.ID); err != nil {
			return err
		}
		return s.noteCase(tx, row, acceptCaseAction, who, journal.Details{"case": id.String(), "reason": c.Reason})
	}
	return silentFault(s.Payments.AcceptCase(ctx, id, who.Name, note, guard, func(tx *gorm.DB, inv payments.Invoice) error {
		if err := s.FilePaid(tx, inv); err != nil {
			return err
		}
		return s.settle(tx, p)
	}))
}

// CloseCase closes a case by what a person found out about it: where money is there, by saying where it belongs, and the ledger follows.
func (s *Service) CloseCase(ctx context.Context, who identity.Actor, id uuid.UUID, how, note string, p Press) error {
	row, err := s.caseFor(ctx, who, id)
	if err != nil {
		return err
	}
	if row.ClosedAt == nil && !slices.Contains(row.Outcomes(), how) {
		return fault.Invalid(payments.ErrOutcomeInvalid.Code).WithField("outcome", payments.ErrOutcomeInvalid.Code)
	}
	decision := payments.Decision{How: how, By: who.Name, Note: note}
	if how == payments.ClosedKept && row.InvoiceID == nil { // then it is the authority's whose head decides
		if decision.Requisites, err = requisitesOf(s.DB.WithContext(ctx), who.AuthorityCode); err != nil {
			return err
		}
	}
	return silentFault(s.Payments.DecideCase(ctx, id, decision, s.FilePaid, func(tx *gorm.DB, c payments.Case) error {
		if err := s.noteCase(tx, row, closeCaseAction, who, journal.Details{"case": id.String(), "reason": c.Reason, "outcome": how}); err != nil {
			return err
		}
		if err := s.tellDecided(tx, row, how); err != nil {
			return err
		}
		return s.settle(tx, p)
	}))
}

func (s *Service) noteCase(tx *gorm.DB, row CaseRow, action string, who identity.Actor, details journal.Details) error {
	return journal.Record(tx, journal.Entry{At: s.Now(), ApplicationID: row.ApplicationID, Action: action,
		ActorRole: string(identity.Head), ActorIIN: who.IIN, ActorName: who.Name, Details: details})
}
