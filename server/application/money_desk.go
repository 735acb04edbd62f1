package application

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"elicensing/payments"
	"elicensing/payments/bankreceipt"
	"elicensing/server/identity"
	"elicensing/server/journal"
)

// MoneyDesk is what an authority's officials must look at about money: receipts that wait, differences between the books, requests for the
// certificate of non-submission.
type MoneyDesk struct {
	Receipts []ReceiptRow
	Cases    []CaseRow
	Refunds  []RefundRequest
}

// ReceiptRow is a receipt that waits for an official, beside what it is to prove.
type ReceiptRow struct {
	ID            uuid.UUID
	ApplicationID uuid.UUID
	Invoice       string
	PayerID       string
	PayerName     string
	Due           payments.Tiyn // of the invoice
	Bank          string
	Number        string
	PaidOn        string
	Amount        payments.Tiyn // of the receipt
	AttachedAt    time.Time
}

// CaseRow is a difference with what it is about.
type CaseRow struct {
	payments.Case
	ApplicationID *uuid.UUID
	Application   string // its number; empty before filing
	Invoice       string
	PayerName     string
	Refundable    bool // the gateway may be asked to give it back
	Certificate   bool // the payer has asked for the certificate of non-submission
}

// Money reads the desk of the official's authority. Money that no invoice of ours accounts for belongs to no authority: every one sees it,
// without the payer. An official's own case is left out (I16).
func (s *Service) Money(ctx context.Context, who identity.Actor) (MoneyDesk, error) {
	if err := mayHandleMoney(who); err != nil {
		return MoneyDesk{}, err
	}
	var desk MoneyDesk
	db := s.DB.WithContext(ctx)
	err := db.Raw(`SELECT r.id, a.id AS application_id, i.number AS invoice, CASE WHEN i.payer_bin <> '' THEN i.payer_bin ELSE i.payer_iin END AS payer_id,
			i.payer_name, i.amount_tiyn AS due, r.bank, r.number, r.paid_on, r.amount_tiyn AS amount, r.attached_at
		FROM bank_receipts r JOIN gateway_payments p ON p.gateway = ? AND p.gateway_id = r.order_id::text JOIN invoices i ON i.id = p.invoice_id
			JOIN applications a ON a.id = i.application_id
		WHERE r.state = ? AND a.authority_code = ? AND a.applicant_iin <> ? ORDER BY r.attached_at LIMIT 200`,
		payments.ByReceipt, bankreceipt.Waiting, who.AuthorityCode, who.IIN).Scan(&desk.Receipts).Error
	if err != nil {
		return desk, fmt.Errorf("read receipts: %w", err)
	}
	err = db.Omit("pdf").Where("authority_code = ? AND state = ? AND payer_id <> ?", who.AuthorityCode, RefundAsked, who.IIN).Order("asked_at").Limit(200).Find(&desk.Refunds).Error
	if err != nil {
		return desk, fmt.Errorf("read requests for refund: %w", err)
	}
	open, err := s.Payments.Cases(ctx, false)
	if err != nil {
		return desk, err
	}
	desk.Cases, err = s.casesFor(db, who, open)
	return desk, err
}

// casesFor keeps the cases that concern the official's authority, with what they are about.
func (s *Service) casesFor(db *gorm.DB, who identity.Actor, cases []payments.Case) ([]CaseRow, error) {
	var ids, caseIDs []uuid.UUID
	for _, c := range cases {
		caseIDs = append(caseIDs, c.ID)
		if c.InvoiceID != nil {
			ids = append(ids, *c.InvoiceID)
		}
	}
	type about struct {
		InvoiceID, ApplicationID uuid.UUID
		Invoice, Application     string
		PayerName, Authority     string
		IIN                      string
	}
	found := map[uuid.UUID]about{}
	var rows []about
	err := db.Raw(`SELECT i.id AS invoice_id, i.application_id, i.number AS invoice, coalesce(a.number, '') AS application, i.payer_name,
			coalesce(a.authority_code, '') AS authority, i.payer_iin AS iin
		FROM invoices i LEFT JOIN applications a ON a.id = i.application_id WHERE i.id IN ?`, append(ids, uuid.Nil)).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read what cases are about: %w", err)
	}
	for _, r := range rows {
		found[r.InvoiceID] = r
	}
	var asked []uuid.UUID
	if err := db.Raw("SELECT source_id FROM refund_requests WHERE source_id IN ?", append(caseIDs, uuid.Nil)).Scan(&asked).Error; err != nil {
		return nil, fmt.Errorf("read requests for refund: %w", err)
	}
	var out []CaseRow
	for _, c := range cases {
		row := CaseRow{Case: c, Certificate: slices.Contains(asked, c.ID)}
		row.Refundable = c.Refundable() && !row.Certificate && (c.OursState != payments.InvoicePaid || c.List == payments.PaidWithoutApplication)
		if c.InvoiceID != nil {
			a := found[*c.InvoiceID]
			if a.Authority != "" && a.Authority != who.AuthorityCode || a.IIN == who.IIN {
				continue
			}
			row.ApplicationID, row.Application, row.Invoice, row.PayerName = &a.ApplicationID, a.Application, a.Invoice, a.PayerName
		}
		out = append(out, row)
	}
	return out, nil
}

// caseFor reads a case for the head of its authority. Another authority's looks like none (I19).
func (s *Service) caseFor(ctx context.Context, who identity.Actor, id uuid.UUID) (CaseRow, error) {
	if err := headOnly(who); err != nil {
		return CaseRow{}, err
	}
	c, err := s.Payments.CaseByID(ctx, id)
	if err != nil {
		return CaseRow{}, errNotFound
	}
	rows, err := s.casesFor(s.DB.WithContext(ctx), who, []payments.Case{c})
	if err != nil {
		return CaseRow{}, err
	}
	if len(rows) == 0 {
		return CaseRow{}, errNotFound
	}
	return rows[0], nil
}

// RefundCase has the gateway give back money that filed nothing (S7.1).
func (s *Service) RefundCase(ctx context.Context, who identity.Actor, id uuid.UUID) error {
	row, err := s.caseFor(ctx, who, id)
	if err != nil {
		return err
	}
	if row.Certificate {
		return paymentFault(payments.ErrFeeNotRefundable) // the tax office does
	}
	return paymentFault(s.Payments.RefundCase(ctx, id, who.Name, func(tx *gorm.DB, c payments.Case) error {
		return s.noteCase(tx, row, refundCaseAction, who, journal.Details{"case": id.String(), "reason": c.Reason})
	}))
}

// CloseCase closes a case by what a person found out about it.
func (s *Service) CloseCase(ctx context.Context, who identity.Actor, id uuid.UUID, note string) error {
	row, err := s.caseFor(ctx, who, id)
	if err != nil {
		return err
	}
	return s.DB.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := s.Payments.CloseCase(tx, id, payments.ClosedExplained, who.Name, note); err != nil {
			return paymentFault(err)
		}
		return s.noteCase(tx, row, closeCaseAction, who, journal.Details{"case": id.String(), "reason": row.Reason})
	})
}

func (s *Service) noteCase(tx *gorm.DB, row CaseRow, action string, who identity.Actor, details journal.Details) error {
	return journal.Record(tx, journal.Entry{At: s.Now(), ApplicationID: row.ApplicationID, Action: action,
		ActorRole: string(identity.Head), ActorIIN: who.IIN, ActorName: who.Name, Details: details})
}
