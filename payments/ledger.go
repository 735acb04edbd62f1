package payments

import (
	"fmt"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// LedgerEntry books an amount from one account to another: both sides in one row, so
// that the ledger sums to zero by its shape (I10). Rows are only ever added; the
// database refuses anything else.
type LedgerEntry struct {
	ID         int64      `gorm:"primaryKey"`
	InvoiceID  *uuid.UUID // nil for money that no invoice of ours accounts for
	GatewayID  string
	Kind       EntryKind
	Debit      string
	Credit     string
	Amount     Tiyn `gorm:"column:amount_tiyn"`
	PaidAt     time.Time
	RecordedAt time.Time
}

// TableName tells GORM.
func (LedgerEntry) TableName() string { return "ledger_entries" }

// EntryKind says what an entry books.
type EntryKind string

const (
	// EntryFeePaid: the gateway took a fee; the budget has a claim to it.
	EntryFeePaid EntryKind = "fee_paid"
	// EntryParked: the gateway took money that waits for a person.
	EntryParked EntryKind = "parked"
	// EntryParkedTwice: the gateway took the money of one payment a second time.
	EntryParkedTwice EntryKind = "parked_twice"
	// EntryRefunded: the gateway gave money back.
	EntryRefunded EntryKind = "refunded"
)

// accountParked holds money that waits for a person.
const accountParked = "parked"

// accountOf is the money that a gateway took and owes: to the budget, or back.
func accountOf(via Via) string {
	if via == ByReceipt {
		return "bank"
	}
	return "gateway"
}

// budgetAccount is the budget's claim: by code of the budget and tax office, as the
// accountant of an authority adds it up.
func budgetAccount(r Requisites) string {
	return "budget/" + r.BudgetCode + "/" + r.TaxOfficeCode
}

// bookFee writes the entry of a paid fee. The unique keys of the table stop a second one.
func bookFee(tx *gorm.DB, inv Invoice, now time.Time) error {
	err := tx.Omit("ID").Create(&LedgerEntry{
		InvoiceID:  &inv.ID,
		GatewayID:  *inv.Payment.GatewayID,
		Kind:       EntryFeePaid,
		Debit:      accountOf(inv.Payment.Gateway),
		Credit:     budgetAccount(inv.Requisites),
		Amount:     inv.Amount,
		PaidAt:     *inv.PaidAt,
		RecordedAt: now,
	}).Error
	if err != nil {
		return fmt.Errorf("payments: book the fee: %w", err)
	}
	return nil
}

// bookLine writes a line of the gateway's book that is no fee, once.
func bookLine(tx *gorm.DB, via Via, kind EntryKind, invoiceID *uuid.UUID, line ReportLine, now time.Time) error {
	entry := LedgerEntry{
		InvoiceID: invoiceID, GatewayID: line.PaymentID, Kind: kind, Debit: accountOf(via), Credit: accountParked,
		Amount: line.Amount, PaidAt: line.At.UTC().Truncate(time.Microsecond), RecordedAt: now,
	}
	if kind == EntryRefunded {
		entry.Debit, entry.Credit = entry.Credit, entry.Debit
	}
	once := clause.OnConflict{Columns: []clause.Column{{Name: "gateway_id"}, {Name: "kind"}}, DoNothing: true}
	if err := tx.Clauses(once).Omit("ID").Create(&entry).Error; err != nil {
		return fmt.Errorf("payments: book money that is %s: %w", kind, err)
	}
	return nil
}
