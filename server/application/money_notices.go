package application

import (
	"github.com/google/uuid"
	"gorm.io/gorm"

	"elicensing/payments"
	"elicensing/server/outbox"
)

// What a payer is written about money beside the states of his application (letters.md §7).
const (
	noticeFailed      = "payment_failed"
	noticeParked      = "payment_parked"
	noticeReturned    = "payment_returned"
	noticeRejected    = "receipt_rejected"
	noticeCertificate = "non_submission"
	noticeDeclined    = "non_submission_declined"
)

// noticesOfDecision are the letters about what a head decided about a payer's money.
var noticesOfDecision = map[string]string{
	payments.ClosedReturned: "payment_decided_returned", payments.ClosedKept: "payment_decided_kept", payments.ClosedWrittenOff: "payment_decided_written_off",
}

// concernsPayer tells, of a case c about an invoice i, whether it is about money that its payer misses: it filed nothing, or was taken a second time. Of what differs
// about a filed fee nothing is the payer's to do.
const concernsPayer = "c.theirs_state = 'paid' AND c.reason <> 'notice_reused' AND (c.reason = 'doubled' OR c.ours_state <> 'paid')"

// tellDecided writes to the payer what a head decided about his money; the grounds are in his cabinet.
func (s *Service) tellDecided(tx *gorm.DB, row CaseRow, how string) error {
	event, ok := noticesOfDecision[how]
	if !ok || row.ApplicationID == nil || !row.ConcernsPayer {
		return nil
	}
	return s.tell(tx, *row.ApplicationID, row.Invoice, event)
}

// tell puts a letter about money into the transaction that made it so.
func (s *Service) tell(tx *gorm.DB, applicationID uuid.UUID, invoice, event string) error {
	return outbox.Put(tx, outbox.KindNotice, outbox.Notice{ApplicationID: applicationID, Event: event, At: s.Now(), Invoice: invoice})
}

// tellOfTrouble writes to the payer when the bank refused or when money waits for a person. A receipt that an official sends back has a letter of its
// own.
func (s *Service) tellOfTrouble(tx *gorm.DB, inv payments.Invoice, what payments.Trouble) error {
	switch {
	case what == payments.MoneyReturned:
		return s.tellReturned(tx, inv)
	case what == payments.MoneyParked:
		return s.tell(tx, inv.ApplicationID, inv.Number, noticeParked)
	case inv.Payment.Gateway == payments.Online:
		return s.tell(tx, inv.ApplicationID, inv.Number, noticeFailed)
	}
	return nil
}

// tellReturned writes that the gateway gave money back, whoever had it do so. Of a filed application's fee the officials are told first: nothing of it is
// the payer's to do.
func (s *Service) tellReturned(tx *gorm.DB, inv payments.Invoice) error {
	if inv.State == payments.InvoicePaid {
		return nil
	}
	return s.tell(tx, inv.ApplicationID, inv.Number, noticeReturned)
}

// tellOfRequest writes about a request for the certificate.
func (s *Service) tellOfRequest(tx *gorm.DB, r RefundRequest, event string) error {
	var number string
	if err := tx.Raw("SELECT number FROM invoices WHERE id = ?", r.InvoiceID).Scan(&number).Error; err != nil {
		return err //nolint:wrapcheck // the caller's transaction tells
	}
	return s.tell(tx, r.ApplicationID, number, event)
}
