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
	Receipt    string // the payment document: one payment at a gateway may have been taken more than once
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
	// EntryDifference: what the gateway's book has more or less of a payment than ours.
	EntryDifference EntryKind = "difference"
	// EntrySettled: money that waited for a person went to where his decision says it belongs.
	EntrySettled EntryKind = "settled"
)

const (
	// accountParked holds money that waits for a person.
	accountParked = "parked"
	// accountDifference holds what the gateway's book has more (credit) or less (debit) of fees that were filed, until a person finds out why.
	accountDifference = "difference"
	// accountReturned is money that the payer has back by another road than the gateway: by his bank, or by the treasury.
	accountReturned = "returned"
	// accountWrittenOff is what a person found to be nobody's money: an error of one of the books.
	accountWrittenOff = "written_off"
)

// accountOf is the money that a gateway took and owes: to the budget, or back.
func accountOf(via Via) string {
	if via == ByReceipt {
		return "bank"
	}
	return "gateway"
}

// BudgetAccount is the budget's claim: by code of the budget and tax office, as the
// accountant of an authority adds it up.
func BudgetAccount(r Requisites) string {
	return "budget/" + r.BudgetCode + "/" + r.TaxOfficeCode
}

// taxOfficeAccount is money of the budget that the tax office gives back on a certificate of non-submission (S7.1).
func taxOfficeAccount(r Requisites) string {
	return "tax_office/" + r.BudgetCode + "/" + r.TaxOfficeCode
}

// bookFee writes the entry of a paid fee. The unique keys of the table stop a second one. Money that stands on the account "parked" already,
// because the gateway's report knew it first, comes from there: the gateway took it once. What was parked more than the fee, or less, is told.
func bookFee(tx *gorm.DB, inv Invoice, now time.Time) (more Tiyn, err error) {
	debit, held, err := standsOn(tx, *inv.Payment.GatewayID, inv.Payment.Receipt)
	if err != nil {
		return 0, err
	}
	if debit == "" {
		debit = accountOf(inv.Payment.Gateway)
	}
	if debit != accountParked {
		held = inv.Amount
	}
	err = tx.Omit("ID").Create(&LedgerEntry{
		InvoiceID:  &inv.ID,
		GatewayID:  *inv.Payment.GatewayID,
		Receipt:    inv.Payment.Receipt,
		Kind:       EntryFeePaid,
		Debit:      debit,
		Credit:     BudgetAccount(inv.Requisites),
		Amount:     inv.Amount,
		PaidAt:     *inv.PaidAt,
		RecordedAt: now,
	}).Error
	if err != nil {
		return 0, fmt.Errorf("payments: book the fee: %w", err)
	}
	return held - inv.Amount, nil
}

// standsOn is the account on which the money of one payment document stands, beside the gateway's and that of differences; "" when it is booked
// nowhere.
func standsOn(tx *gorm.DB, gatewayID, receipt string) (account string, amount Tiyn, err error) {
	var found []struct {
		Account string
		Amount  Tiyn
	}
	err = tx.Raw(`SELECT account, -sum(amount_tiyn) AS amount FROM ledger_lines WHERE gateway_id = ? AND receipt = ? AND account NOT IN (?, ?, ?)
		GROUP BY account HAVING sum(amount_tiyn) < 0 ORDER BY sum(amount_tiyn), account LIMIT 1`,
		gatewayID, receipt, accountOf(Online), accountOf(ByReceipt), accountDifference).Scan(&found).Error
	if err != nil {
		return "", 0, fmt.Errorf("payments: look for booked money: %w", err)
	}
	if len(found) == 0 {
		return "", 0, nil
	}
	return found[0].Account, found[0].Amount, nil
}

// lineOnce names the index ledger_entries_line_once: a line that is booked is not booked again. (A difference and what is settled may be.)
var lineOnce = clause.OnConflict{
	Columns:     []clause.Column{{Name: "gateway_id"}, {Name: "kind"}, {Name: "receipt"}},
	TargetWhere: clause.Where{Exprs: []clause.Expression{clause.Expr{SQL: "kind NOT IN ('difference', 'settled')"}}},
	DoNothing:   true,
}

// bookLine writes a line of the gateway's book that is no fee, once, and tells whether it is new. What is given back comes from the account
// that holds it.
func bookLine(tx *gorm.DB, via Via, kind EntryKind, invoiceID *uuid.UUID, line ReportLine, now time.Time) (bool, error) {
	entry := LedgerEntry{
		InvoiceID: invoiceID, GatewayID: line.PaymentID, Receipt: line.Receipt, Kind: kind, Debit: accountOf(via), Credit: accountParked,
		Amount: line.Amount, PaidAt: line.At.UTC().Truncate(time.Microsecond), RecordedAt: now,
	}
	if kind == EntryRefunded {
		held, err := heldOn(tx, line)
		if err != nil {
			return false, err
		}
		entry.Debit, entry.Credit = held, accountOf(via)
	}
	done := tx.Clauses(lineOnce).Omit("ID").Create(&entry)
	if done.Error != nil {
		return false, fmt.Errorf("payments: book money that is %s: %w", kind, done.Error)
	}
	return done.RowsAffected == 1, nil
}

// heldOn is the account from which money is given back: it was parked, or a person has decided about it; or it is the gateway's business, for the fee
// went to the budget.
func heldOn(tx *gorm.DB, line ReportLine) (string, error) {
	takings, err := takingsOf(tx, line.PaymentID)
	if err != nil {
		return "", err
	}
	for _, t := range takings {
		if t.Receipt == line.Receipt && t.Kind == EntryFeePaid {
			return accountDifference, nil
		}
	}
	account, _, err := standsOn(tx, line.PaymentID, line.Receipt)
	if account == "" {
		account = accountDifference
	}
	return account, err
}

// bookDifference books what the gateway's book has more of a payment than ours; less when it is negative.
func bookDifference(tx *gorm.DB, via Via, of LedgerEntry, at time.Time, more Tiyn, now time.Time) error {
	entry := LedgerEntry{
		InvoiceID: of.InvoiceID, GatewayID: of.GatewayID, Receipt: of.Receipt, Kind: EntryDifference, Debit: accountOf(via), Credit: accountDifference,
		Amount: more, PaidAt: at.UTC().Truncate(time.Microsecond), RecordedAt: now,
	}
	if more < 0 {
		entry.Debit, entry.Credit, entry.Amount = entry.Credit, entry.Debit, -more
	}
	if err := tx.Omit("ID").Create(&entry).Error; err != nil {
		return fmt.Errorf("payments: book a difference: %w", err)
	}
	return nil
}

// takingsOf reads what is booked as taken by one payment at its gateway: the fee first, for a document that was parked and then filed counts as filed.
func takingsOf(tx *gorm.DB, gatewayID string) ([]LedgerEntry, error) {
	var takings []LedgerEntry
	err := tx.Where("gateway_id = ? AND kind IN ?", gatewayID, []EntryKind{EntryFeePaid, EntryParked, EntryParkedTwice}).Order("kind <> 'fee_paid', id").Find(&takings).Error
	if err != nil {
		return nil, fmt.Errorf("payments: read what a payment took: %w", err)
	}
	return takings, nil
}

// bookedAt is what our book says that the gateway took by one document of a payment.
func bookedAt(tx *gorm.DB, via Via, of LedgerEntry) (sum Tiyn, err error) {
	account := accountOf(via)
	err = tx.Raw(`SELECT coalesce(sum(CASE ? WHEN debit THEN amount_tiyn WHEN credit THEN -amount_tiyn ELSE 0 END), 0)
		FROM ledger_entries WHERE gateway_id = ? AND receipt = ? AND kind <> ?`, account, of.GatewayID, of.Receipt, EntryRefunded).Scan(&sum).Error
	if err != nil {
		return 0, fmt.Errorf("payments: sum up what a payment took: %w", err)
	}
	return sum, nil
}
