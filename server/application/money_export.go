package application

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"strings"
	"time"

	"elicensing/payments"
	"elicensing/server/fault"
	"elicensing/server/identity"
)

// exportHeader names the columns for the accountant, in Russian as the forms of the treasury are.
var exportHeader = []string{"Дата проводки", "Операция", "Дата оплаты", "Счёт", "Заявление", "ИИН/БИН плательщика", "Плательщик", "Сумма, тенге", "Способ", "Платёжный документ",
	"КНО", "КБК", "КНП", "Бенефициар", "БИН бенефициара", "ИИК", "БИК"}

// mostExported bounds the days of one export.
const mostExported = 366

// exportedVia and exportedKind are the words for it.
var (
	exportedVia  = map[payments.Via]string{payments.Online: "онлайн, ПШЭП", payments.ByReceipt: "квитанция банка"}
	exportedKind = map[payments.EntryKind]string{payments.EntryFeePaid: "поступление", payments.EntryRefunded: "возврат", payments.EntrySettled: "зачислено по решению"}
)

// exported is one entry of the ledger with its invoice, if there is one.
type exported struct {
	RecordedAt  time.Time
	Kind        payments.EntryKind
	PaidAt      time.Time
	Invoice     string
	Application string
	Payer       string
	PayerName   string
	Amount      payments.Tiyn
	Gateway     payments.Via
	Receipt     string
	TaxOffice   string
	Budget      string
	Purpose     string
	Beneficiary string
	Bin         string
	Account     string
	Bank        string
}

// exportedLines are the entries of the ledger that move the account of an authority's budget, and what was given back of a fee that had filed; @budget is
// that account today. An entry without an invoice is money that a head decided to keep.
const exportedLines = `SELECT e.recorded_at, e.kind, e.paid_at, coalesce(i.number, '') AS invoice, coalesce(a.number, '') AS application,
		coalesce(nullif(i.payer_bin, ''), i.payer_iin, '') AS payer, coalesce(i.payer_name, '') AS payer_name,
		CASE WHEN e.kind = 'refunded' OR e.debit = of.budget THEN -e.amount_tiyn ELSE e.amount_tiyn END AS amount, coalesce(p.gateway, 'online') AS gateway, e.receipt,
		coalesce(i.tax_office_code, @tax_office) AS tax_office, coalesce(i.budget_code, @budget_code) AS budget, coalesce(i.purpose_code, @purpose) AS purpose,
		coalesce(i.beneficiary, @beneficiary) AS beneficiary, coalesce(i.beneficiary_bin, @bin) AS bin, coalesce(i.account, @account) AS account, coalesce(i.bank_code, @bank) AS bank
	FROM ledger_entries e LEFT JOIN invoices i ON i.id = e.invoice_id LEFT JOIN applications a ON a.id = i.application_id LEFT JOIN gateway_payments p ON p.invoice_id = i.id
		CROSS JOIN LATERAL (SELECT coalesce('budget/' || i.budget_code || '/' || i.tax_office_code, @budget) AS budget) of
	WHERE (i.authority_code = @authority OR i.id IS NULL) AND e.paid_at >= @first AND e.paid_at < @end
		AND (of.budget IN (e.debit, e.credit) OR e.kind = 'refunded' AND e.debit = 'difference' AND i.state = 'paid' AND e.gateway_id = p.gateway_id)
	ORDER BY e.paid_at, e.id`

// ExportPayments writes what came to the budget of an authority, or was given back of it, from one day to another, both included, as CSV for the accountant: one
// line an entry of the ledger, what was given back with a minus. Money that filed nothing counts only where a head decided that the budget keeps it. Whatever a person could have typed is text to a spreadsheet (I23).
func (s *Service) ExportPayments(ctx context.Context, who identity.Actor, from, to string) (Paper, error) {
	if err := mayHandleMoney(who); err != nil {
		return Paper{}, err
	}
	first, badFirst := time.ParseInLocation(time.DateOnly, from, payments.Zone)
	last, badLast := time.ParseInLocation(time.DateOnly, to, payments.Zone)
	if badFirst != nil || badLast != nil || last.Before(first) || last.Sub(first) > mostExported*24*time.Hour {
		return Paper{}, fault.Invalid("period_invalid").WithField("to", "period_invalid")
	}
	db := s.DB.WithContext(ctx)
	own, err := requisitesOf(db, who.AuthorityCode)
	if err != nil {
		return Paper{}, err
	}
	var rows []exported
	err = db.Raw(exportedLines, map[string]any{
		"authority": who.AuthorityCode, "first": first, "end": last.AddDate(0, 0, 1), "budget": payments.BudgetAccount(own), "tax_office": own.TaxOfficeCode,
		"budget_code": own.BudgetCode, "purpose": own.PurposeCode, "beneficiary": own.Beneficiary, "bin": own.BeneficiaryBIN, "account": own.Account, "bank": own.BankCode,
	}).Scan(&rows).Error
	if err != nil {
		return Paper{}, fmt.Errorf("read the ledger: %w", err)
	}
	var out bytes.Buffer
	out.WriteString("\uFEFF") // a spreadsheet takes the file for UTF-8 by it
	w := csv.NewWriter(&out)
	w.Comma, w.UseCRLF = ';', true
	lines := [][]string{exportHeader}
	for _, r := range rows {
		payer := ""
		if r.Payer != "" {
			payer = "'" + r.Payer // a number of twelve digits is text
		}
		lines = append(lines, []string{r.RecordedAt.In(payments.Zone).Format("02.01.2006 15:04:05"), exportedKind[r.Kind], r.PaidAt.In(payments.Zone).Format("02.01.2006 15:04:05"), r.Invoice, r.Application, payer, asText(r.PayerName),
			strings.Replace(r.Amount.String(), ".", ",", 1), exportedVia[r.Gateway], asText(r.Receipt), "'" + r.TaxOffice, "'" + r.Budget, "'" + r.Purpose, asText(r.Beneficiary),
			"'" + r.Bin, asText(r.Account), asText(r.Bank)})
	}
	if err := w.WriteAll(lines); err != nil {
		return Paper{}, fmt.Errorf("write the export: %w", err)
	}
	return Paper{Name: "payments-" + from + "-" + to + ".csv", MIME: "text/csv; charset=utf-8", Data: out.Bytes()}, nil
}

// asText keeps a spreadsheet from taking a text for a formula (OWASP, CSV injection): an apostrophe before what begins with a sign of one, also
// after white space, in its full-width form, or on a line of its own.
func asText(s string) string {
	s = strings.Map(func(r rune) rune {
		if r == '\r' || r == '\n' || r == '\t' || r == 0 {
			return ' '
		}
		return r
	}, s)
	begin := strings.TrimLeft(s, " \u00a0\u200b\ufeff\"';,|")
	if begin != "" && strings.ContainsRune("=+-@%＝＋－＠", []rune(begin)[0]) {
		return "'" + s
	}
	return s
}
