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
	ParkedUnknownInvoice   = "unknown_invoice"   // no invoice of ours has this reference
	ParkedOtherPayment     = "other_payment"     // the invoice's payment has another id
	ParkedAmount           = "amount"            // not the invoice's amount
	ParkedCurrency         = "currency"          // not tenge
	ParkedPurpose          = "purpose"           // another КБК or КНП
	ParkedPayer            = "payer"             // another IIN or BIN
	ParkedMoment           = "moment"            // paid in the future, or before the invoice
	ParkedRate             = "rate"              // paid when the invoice's rate had ended
	ParkedInvoiceCancelled = "invoice_cancelled" // paid although the invoice is cancelled
	ParkedPaidAfterVoid    = "paid_after_void"   // paid although the gateway had closed it
	ParkedNoticeReused     = "notice_reused"     // a known notice id with another content
	ParkedDoubled          = "doubled"           // the money of one payment was taken twice
	ParkedRefunded         = "refunded_filed"    // given back although it filed an application
	ParkedDecided          = "refunded_decided"  // given back although it was decided otherwise: it may go back twice
	ParkedMissing          = "missing_there"     // booked here, not in the gateway's book
	ParkedRefundAsked      = "refund_asked"      // paid, and on its way back already: it has its case
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

// park keeps what the gateway said, once for each thing said, and changes nothing else.
func (s *Service) park(tx *gorm.DB, inv *Invoice, said GatewayStatus, noticeID, reason string) error {
	fingerprint, err := fingerprintOf(said, reason)
	if err != nil {
		return err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("payments: make an id: %w", err)
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
		return fmt.Errorf("payments: park a notice: %w", done.Error)
	}
	if done.RowsAffected == 0 {
		return nil
	}
	s.log.WarnContext(tx.Statement.Context, "payment parked for a person", "reason", reason, "parked", id)
	if said.State != StatePaid || reason == ParkedRefundAsked {
		return nil // no money, or money that has its case: the row is evidence enough
	}
	found := Case{Reason: reason, Gateway: Online, GatewayID: said.PaymentID, Reference: said.Reference,
		TheirsAmount: &said.Amount, TheirsState: said.State, TheirsReceipt: said.Receipt}
	if inv != nil && inv.Payment.State != StateNone {
		found.Gateway = inv.Payment.Gateway
	}
	if !said.PaidAt.IsZero() {
		found.TheirsPaidAt = &said.PaidAt
	}
	_, err = s.openCase(tx, inv, found)
	return err
}

// fingerprintOf is the same for the same thing said by whatever road and however often.
func fingerprintOf(said GatewayStatus, reason string) ([]byte, error) {
	said.Version, said.PaidAt = 0, said.PaidAt.UTC()
	text, err := json.Marshal([]any{reason, said})
	if err != nil {
		return nil, fmt.Errorf("payments: fingerprint of a notice: %w", err)
	}
	sum := sha256.Sum256(text)
	return sum[:], nil
}
