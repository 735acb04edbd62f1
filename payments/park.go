package payments

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Why a word of the gateway was parked: a stable code for the official's page.
const (
	ParkedUnknownInvoice   = "unknown_invoice"     // no invoice of ours has this reference
	ParkedOtherPayment     = "other_payment"       // the invoice's payment has another id
	ParkedAmount           = "amount"              // not the invoice's amount
	ParkedCurrency         = "currency"            // not tenge
	ParkedPurpose          = "purpose"             // another КБК or КНП
	ParkedPayer            = "payer"               // another IIN or BIN
	ParkedMoment           = "moment"              // paid in the future, or before the invoice
	ParkedRate             = "rate"                // paid when the invoice's rate had ended
	ParkedInvoiceCancelled = "invoice_cancelled"   // paid although the invoice is cancelled
	ParkedPaidAfterVoid    = "paid_after_void"     // paid although the gateway had closed it
	ParkedNoticeReused     = "notice_reused"       // a known notice id with another content: the gateway was not asked, so no money is known by it
	ParkedUnconfirmed      = "unconfirmed"         // the report has money that the gateway, asked about it, does not confirm yet
	ParkedAfterDecision    = "paid_after_decision" // fits, although a person has decided about that money: the payer waits, so somebody must decide anew
	ParkedDoubled          = "doubled"             // the money of one payment was taken twice
	ParkedRefunded         = "refunded_filed"      // given back although it filed an application
	ParkedDecided          = "refunded_decided"    // given back although it was decided otherwise: it may go back twice
	ParkedMissing          = "missing_there"       // booked here, not in the gateway's book
	ParkedRefundAsked      = "refund_asked"        // paid, and on its way back already: it has its case
)

// ParkedNotice is a word of the gateway that moved nothing and waits for a person.
type ParkedNotice struct {
	ID          uuid.UUID `gorm:"primaryKey"`
	Fingerprint []byte
	Reason      string
	NoticeID    *string    // nil when it was the answer to a question of ours
	InvoiceID   *uuid.UUID // nil when there is no such invoice
	Reference   string
	GatewayID   string
	State       PaymentState
	Amount      Tiyn `gorm:"column:amount_tiyn"`
	Currency    string
	BudgetCode  string
	PurposeCode string
	PayerID     string `gorm:"column:payer_id"`
	PaidAt      *time.Time
	ParkedAt    time.Time
}

// TableName tells GORM.
func (ParkedNotice) TableName() string { return "parked_notices" }

// park keeps what the gateway said and has a person look at it when it speaks of money, once for each thing said; it changes nothing else.
func (s *Service) park(tx *gorm.DB, inv *Invoice, said GatewayStatus, noticeID, reason string) error {
	fresh, err := s.keepWord(tx, inv, said, noticeID, reason)
	if err != nil || said.State != StatePaid || reason == ParkedRefundAsked {
		return err // no money, or money that has its case: the row is evidence enough
	}
	found := wordOf(inv, said, reason)
	if inv != nil && inv.State == InvoiceOpen && reason != ParkedNoticeReused && (inv.Payment.GatewayID == nil || *inv.Payment.GatewayID == said.PaymentID) {
		goesBack, decided, err := goesBack(tx, said)
		if err != nil {
			return err
		}
		if decided != nil && !goesBack {
			return s.reconsider(tx, inv, found, *decided)
		}
	}
	if !fresh {
		return nil // its case was opened then
	}
	_, err = s.openCase(tx, inv, found)
	return err
}

// reconsider has a person decide anew about money that the gateway says it holds for an open invoice, although he decided that it belongs elsewhere: the payer
// waits, and nothing of it is under way. It waits in the ledger again, once for each decision that it contradicts.
func (s *Service) reconsider(tx *gorm.DB, inv *Invoice, found Case, decided Case) error {
	found.since = decided.ID.String()
	fresh, err := s.openCase(tx, inv, found)
	if err != nil || !fresh {
		return err
	}
	return s.unsettle(tx, found.GatewayID, found.TheirsReceipt)
}

// wordOf is a case about what the gateway said.
func wordOf(inv *Invoice, said GatewayStatus, reason string) Case {
	found := Case{Reason: reason, Gateway: Online, GatewayID: said.PaymentID, Reference: said.Reference,
		TheirsAmount: &said.Amount, TheirsState: said.State, TheirsReceipt: said.Receipt}
	if inv != nil && inv.Payment.State != StateNone {
		found.Gateway = inv.Payment.Gateway
	}
	if !said.PaidAt.IsZero() {
		found.TheirsPaidAt = &said.PaidAt
	}
	return found
}

// keepWord keeps what the gateway said, once for each thing said, and tells whether it is new.
func (s *Service) keepWord(tx *gorm.DB, inv *Invoice, said GatewayStatus, noticeID, reason string) (fresh bool, err error) {
	fingerprint, err := fingerprintOf(said, reason)
	if err != nil {
		return false, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return false, fmt.Errorf("payments: make an id: %w", err)
	}
	row := ParkedNotice{
		ID: id, Fingerprint: fingerprint, Reason: reason,
		Reference: said.Reference, GatewayID: said.PaymentID, State: said.State,
		Amount: said.Amount, Currency: said.Currency,
		BudgetCode: said.BudgetCode, PurposeCode: said.PurposeCode, PayerID: said.PayerID,
		ParkedAt: s.now(),
	}
	if noticeID != "" {
		row.NoticeID = &noticeID
	}
	if inv != nil {
		row.InvoiceID = &inv.ID
	}
	if !said.PaidAt.IsZero() {
		row.PaidAt = &said.PaidAt
	}
	done := tx.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "fingerprint"}}, DoNothing: true}).Create(&row)
	if done.Error != nil {
		return false, fmt.Errorf("payments: park a notice: %w", done.Error)
	}
	if done.RowsAffected == 1 {
		s.log.WarnContext(tx.Statement.Context, "payment parked for a person", "reason", reason, "parked", id)
	}
	return done.RowsAffected == 1, nil
}

// word is what a word of the gateway is known by. It is a list of its own, so that a field which a status gains makes no known word a new one.
type word struct {
	PaymentID, Reference              string
	State                             PaymentState
	Version                           int64 // of every word 0
	Amount                            Tiyn
	Currency, BudgetCode, PurposeCode string
	PayerID                           string
	PaidAt                            time.Time
	Receipt                           string
}

// fingerprintOf is the same for the same thing said by whatever road and however often.
func fingerprintOf(said GatewayStatus, reason string) ([]byte, error) {
	text, err := json.Marshal([]any{reason, word{PaymentID: said.PaymentID, Reference: said.Reference, State: said.State, Amount: said.Amount, Currency: said.Currency,
		BudgetCode: said.BudgetCode, PurposeCode: said.PurposeCode, PayerID: said.PayerID, PaidAt: said.PaidAt.UTC(), Receipt: said.Receipt}})
	if err != nil {
		return nil, fmt.Errorf("payments: fingerprint of a notice: %w", err)
	}
	sum := sha256.Sum256(text)
	return sum[:], nil
}
