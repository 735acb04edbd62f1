package payments

import (
	"fmt"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
)

// LedgerEntry books an amount from one account to another: both sides in one row, so
// that the ledger sums to zero by its shape (I10). Rows are only ever added; the
// database refuses anything else.
type LedgerEntry struct {
	ID         int64 `gorm:"primaryKey"`
	InvoiceID  uuid.UUID
	GatewayID  string
	Kind       string
	Debit      string
	Credit     string
	Amount     Tiyn `gorm:"column:amount_tiyn"`
	PaidAt     time.Time
	RecordedAt time.Time
}

// TableName tells GORM.
func (LedgerEntry) TableName() string { return "ledger_entries" }

// accountGateway is the money that the gateway took and owes to the budget.
const accountGateway = "gateway"

// budgetAccount is the budget's claim: by code of the budget and tax office, as the
// accountant of an authority adds it up.
func budgetAccount(r Requisites) string {
	return "budget/" + r.BudgetCode + "/" + r.TaxOfficeCode
}

// bookFee writes the entry of a paid fee. The unique keys of the table stop a second one.
func bookFee(tx *gorm.DB, inv Invoice, now time.Time) error {
	err := tx.Omit("ID").Create(&LedgerEntry{
		InvoiceID:  inv.ID,
		GatewayID:  *inv.Payment.GatewayID,
		Kind:       "fee_paid",
		Debit:      accountGateway,
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
