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

// exported is one fee of the ledger with its invoice, or one that was given back.
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

// budgetOf is the account of the budget that an invoice i names, for SQL.
const budgetOf = "'budget/' || i.budget_code || '/' || i.tax_office_code"

// ExportPayments writes the fees of an authority that were paid, or given back, from one day to another, both included, as CSV for the accountant: one
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
	var rows []exported
	err := s.DB.WithContext(ctx).Raw(`SELECT e.recorded_at, e.kind, e.paid_at, i.number AS invoice, coalesce(a.number, '') AS application,
			CASE WHEN i.payer_bin <> '' THEN i.payer_bin ELSE i.payer_iin END AS payer, i.payer_name, CASE WHEN e.kind = 'refunded' OR e.debit = `+budgetOf+` THEN -e.amount_tiyn ELSE e.amount_tiyn END AS amount, p.gateway, e.receipt,
			i.tax_office_code AS tax_office, i.budget_code AS budget, i.purpose_code AS purpose, i.beneficiary, i.beneficiary_bin AS bin, i.account, i.bank_code AS bank
		FROM ledger_entries e JOIN invoices i ON i.id = e.invoice_id LEFT JOIN applications a ON a.id = i.application_id JOIN gateway_payments p ON p.invoice_id = i.id
		WHERE (e.kind = ? OR e.kind = ? AND (i.state = 'paid' AND e.gateway_id = p.gateway_id OR e.debit = `+budgetOf+`) OR e.kind = ? AND `+budgetOf+` IN (e.debit, e.credit)) AND i.authority_code = ? AND e.paid_at >= ? AND e.paid_at < ? ORDER BY e.paid_at, e.id`,
		payments.EntryFeePaid, payments.EntryRefunded, payments.EntrySettled, who.AuthorityCode, first, last.AddDate(0, 0, 1)).Scan(&rows).Error
	if err != nil {
		return Paper{}, fmt.Errorf("read the ledger: %w", err)
	}
	var out bytes.Buffer
	out.WriteString("\uFEFF") // a spreadsheet takes the file for UTF-8 by it
	w := csv.NewWriter(&out)
	w.Comma, w.UseCRLF = ';', true
	lines := [][]string{exportHeader}
	for _, r := range rows {
		lines = append(lines, []string{r.RecordedAt.In(payments.Zone).Format("02.01.2006 15:04:05"), exportedKind[r.Kind], r.PaidAt.In(payments.Zone).Format("02.01.2006 15:04:05"), r.Invoice, r.Application, "'" + r.Payer, asText(r.PayerName),
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
