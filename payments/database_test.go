package payments_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"elicensing/payments"
	"elicensing/payments/mockgateway"
)

// What the database refuses by itself, should the code ever be wrong (I10, I15).
func TestDatabaseRefuses(t *testing.T) {
	w := newWorld(t)
	open, page := w.started()
	paid, page2 := w.started()
	_ = page
	w.choose(page2, "succeeds")
	w.deliver()
	w.wantPaidOnce(paid.ID)

	const entry = `INSERT INTO ledger_entries (invoice_id, gateway_id, kind, debit, credit, amount_tiyn, paid_at, recorded_at) VALUES `
	const denied, unique, checked, null = "42501", "23505", "23514", "23502"
	for name, c := range map[string]struct {
		sqlState, sql string
		args          []any
	}{
		"change the ledger":    {denied, "UPDATE ledger_entries SET amount_tiyn = 1", nil},
		"delete from it":       {denied, "DELETE FROM ledger_entries", nil},
		"truncate it":          {denied, "TRUNCATE ledger_entries", nil},
		"truncate with others": {denied, "TRUNCATE invoices CASCADE", nil},
		"book a fee twice":     {unique, entry + "(?, 'other', 'fee_paid', 'gateway', 'budget', 1, now(), now())", []any{paid.ID}},
		"book a payment twice": {unique, entry + "(?, ?, 'fee_paid', 'gateway', 'budget', 1, now(), now())",
			[]any{open.ID, *paid.Payment.GatewayID}},
		"one-sided entry":    {null, entry + "(?, 'g', 'fee_paid', 'gateway', NULL, 1, now(), now())", []any{open.ID}},
		"entry to itself":    {checked, entry + "(?, 'g', 'fee_paid', 'gateway', 'gateway', 1, now(), now())", []any{open.ID}},
		"entry of nothing":   {checked, entry + "(?, 'g', 'fee_paid', 'gateway', 'budget', 0, now(), now())", []any{open.ID}},
		"change a notice":    {denied, "UPDATE gateway_notices SET body = ''", nil},
		"delete a notice":    {denied, "DELETE FROM gateway_notices", nil},
		"truncate notices":   {denied, "TRUNCATE gateway_notices CASCADE", nil},
		"change an amount":   {denied, "UPDATE invoices SET amount_tiyn = 100, mci_tiyn = 100, coefficient = 100 WHERE id = ?", []any{open.ID}},
		"change a payer":     {denied, "UPDATE invoices SET payer_name = 'x' WHERE id = ?", []any{open.ID}},
		"change requisites":  {denied, "UPDATE invoices SET account = 'x' WHERE id = ?", []any{open.ID}},
		"reopen a paid one":  {denied, "UPDATE invoices SET state = 'open', paid_at = NULL WHERE id = ?", []any{paid.ID}},
		"cancel a paid one":  {denied, "UPDATE invoices SET state = 'cancelled', paid_at = NULL, cancelled_at = now() WHERE id = ?", []any{paid.ID}},
		"delete an invoice":  {denied, "DELETE FROM invoices WHERE id = ?", []any{open.ID}},
		"paid without when":  {checked, "UPDATE invoices SET state = 'paid' WHERE id = ?", []any{open.ID}},
		"open with paid_at":  {checked, "UPDATE invoices SET paid_at = now() WHERE id = ?", []any{open.ID}},
		"unknown state":      {checked, "UPDATE invoices SET state = 'lost' WHERE id = ?", []any{open.ID}},
		"wrong arithmetic":   {checked, copyOf("invoices", "amount_tiyn", "amount_tiyn + 1"), []any{open.ID}},
		"amount of zero":     {checked, copyOf("invoices", "amount_tiyn", "0"), []any{open.ID}},
		"second live":        {unique, copyOf("invoices", "", ""), []any{open.ID}},
		"second of a paid":   {unique, copyOf("invoices", "", ""), []any{paid.ID}},
		"second payment":     {unique, "INSERT INTO gateway_payments SELECT * FROM gateway_payments WHERE invoice_id = ?", []any{open.ID}},
		"forget a payment":   {denied, "DELETE FROM gateway_payments WHERE invoice_id = ?", []any{open.ID}},
		"another gateway id": {denied, "UPDATE gateway_payments SET gateway_id = 'other' WHERE invoice_id = ?", []any{open.ID}},
		"unpay a payment":    {denied, "UPDATE gateway_payments SET state = 'refused' WHERE invoice_id = ?", []any{paid.ID}},
	} {
		err := w.db.Exec(c.sql, c.args...).Error
		if err == nil {
			t.Errorf("%s: done", name)
		} else if !strings.Contains(err.Error(), c.sqlState) && !translated(err, c.sqlState) {
			t.Errorf("%s: %v, want SQLSTATE %s", name, err, c.sqlState)
		}
	}
	w.wantPaidOnce(paid.ID)
}

// copyOf inserts an open copy of an invoice under another id and number, with one column
// changed.
func copyOf(table, column, expression string) string {
	columns := strings.Fields(`id number application_id kind payer_iin payer_bin payer_name purpose tax_office_code
		budget_code purpose_code beneficiary beneficiary_bin account bank_code mci_tiyn coefficient amount_tiyn
		rate_day pay_before state opened_at`)
	values := make([]string, len(columns))
	for i, name := range columns {
		switch name {
		case "id":
			values[i] = "'" + uuid.NewString() + "'"
		case "number":
			values[i] = "'copy-" + uuid.NewString() + "'"
		case "state":
			values[i] = "'open'"
		case column:
			values[i] = expression
		default:
			values[i] = name
		}
	}
	return "INSERT INTO " + table + " (" + strings.Join(columns, ", ") + ") SELECT " +
		strings.Join(values, ", ") + " FROM " + table + " WHERE id = ?"
}

// translated recognises the two violations that GORM renames.
func translated(err error, sqlState string) bool {
	text := err.Error()
	return sqlState == "23505" && strings.Contains(text, "duplicated key") ||
		sqlState == "23514" && strings.Contains(text, "check constraint")
}

// I10 by the database: cases are never deleted, what was found does not change, closed ones not at all.
func TestDatabaseGuardsCases(t *testing.T) {
	w := newWorld(t)
	w.mock.Switch(mockgateway.Faults{Report: map[string]mockgateway.Seed{uuid.NewString(): mockgateway.SeedExtra}})
	w.paid()
	w.clock.advance(24 * time.Hour)
	w.reconcile(today)
	c := w.cases()[0]
	for _, sql := range []string{"DELETE FROM money_cases", "TRUNCATE money_cases", "UPDATE money_cases SET theirs_amount_tiyn = 1", "UPDATE money_cases SET reason = 'x'",
		"UPDATE ledger_entries SET kind = 'parked'", "UPDATE money_cases SET closed_at = now()"} {
		if err := w.db.Exec(sql).Error; err == nil {
			t.Errorf("%s: done", sql)
		}
	}
	check(t, w.db.Transaction(func(tx *gorm.DB) error {
		return w.service.CloseCase(tx, c.ID, payments.Decision{How: payments.ClosedWrittenOff, By: "ҮЛГІЛІ", Note: "a test"})
	}))
	if err := w.db.Exec("UPDATE money_cases SET note = 'x' WHERE id = ?", c.ID).Error; err == nil {
		t.Error("a closed case was changed")
	}
	wantError(t, w.db.Transaction(func(tx *gorm.DB) error {
		return w.service.CloseCase(tx, c.ID, payments.Decision{How: payments.ClosedWrittenOff, By: "ҮЛГІЛІ", Note: "again"})
	}), payments.ErrCaseClosed)
}
