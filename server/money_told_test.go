package server_test

import (
	"encoding/csv"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"elicensing/payments/mockgateway"
	"elicensing/server/catalog"
	"elicensing/server/servertest"
)

// "Nothing waits" means something only beside how far the books are compared.
func TestTheDeskSaysHowFarTheBooksAreCompared(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	_, _ = p.Filed(catalog.Person)
	head := p.SignInAs("head")
	if r := money(head).Reconciled; len(r) != 2 || r[0].Via != "online" || r[0].Day != "" || r[0].Behind {
		t.Errorf("%+v", r)
	}
	p.Clock.Move(24 * time.Hour)
	head = p.SignInAs("head")
	if r := money(head).Reconciled; !r[0].Behind || r[1].Behind {
		t.Errorf("the day has ended: %+v", r)
	}
	if err := p.Applications.ReconcilePayments(t.Context()); err != nil {
		t.Fatal(err)
	}
	if r := money(head).Reconciled; r[0].Behind || r[0].Day != "2026-03-27" || r[0].At == "" {
		t.Errorf("compared: %+v", r)
	}
}

// The accountant's file: a fee that the gateway gave back stands with a minus, in Russian words, with the day of booking.
func TestExportTellsWhatWasGivenBack(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	_, a := p.Filed(catalog.Person)
	p.Gateway.Switch(mockgateway.Faults{Drop: true})
	p.GiveBack(a.ID)
	p.Clock.Move(24 * time.Hour)
	if err := p.Applications.ReconcilePayments(t.Context()); err != nil {
		t.Fatal(err)
	}
	export := string(p.SignInAs("head").Do(http.MethodGet, "/api/authority/money/export.csv?from=2026-03-27&to=2026-03-28", nil).Expect(http.StatusOK).Body)
	for _, want := range []string{"Дата проводки;Операция;", ";поступление;27.03.2026", ";43250,00;онлайн, ПШЭП;", ";возврат;27.03.2026", ";-43250,00;онлайн, ПШЭП;"} {
		if !strings.Contains(export, want) {
			t.Errorf("lacks %q:\n%s", want, export)
		}
	}
	if strings.Contains(export, ";online;") {
		t.Errorf("%s", export)
	}
}

// exported are the lines of the accountant's file, without their heading.
func exported(t *testing.T, c *servertest.Client) [][]string {
	t.Helper()
	export := c.Do(http.MethodGet, "/api/authority/money/export.csv?from=2026-03-01&to=2026-06-30", nil).Expect(http.StatusOK)
	reader := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(export.Body), "\uFEFF")))
	reader.Comma = ';'
	lines, err := reader.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return lines[1:]
}

// What the accountant's file sums up to is what the ledger has on the account of the authority's budget: also with money that a head kept and no invoice accounts
// for, and with what of an invoice was kept that was never begun at a gateway. Money that came back from where it waited takes no fee away.
func TestExportIsTheBudgetsAccount(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	_, a := p.Filed(catalog.Person)
	_, unbegun := p.At("awaiting_payment")
	const entry = `INSERT INTO ledger_entries (invoice_id, gateway_id, receipt, kind, debit, credit, amount_tiyn, paid_at, recorded_at) VALUES `
	for _, row := range []struct {
		sql     string
		invoice any
	}{
		{entry + "(?, 'stranger', 'R-s', 'settled', 'parked', 'budget/105402/5903', 700, '2026-03-28', '2026-03-28')", nil},
		{entry + "(?, 'elsewhere', 'R-e', 'settled', 'parked', 'budget/105402/0000', 900, '2026-03-28', '2026-03-28')", nil},
		{entry + "(?, 'other', 'R-o', 'settled', 'parked', 'budget/105402/5903', 50, '2026-03-28', '2026-03-28')", invoiceOf(p, unbegun)},
		{entry + "(?, (SELECT gateway_id FROM ledger_entries WHERE kind = 'fee_paid'), 'R-2', 'refunded', 'parked', 'gateway', 4325000, '2026-03-28', '2026-03-28')", invoiceOf(p, a.ID)},
	} {
		if err := p.DB.Exec(row.sql, row.invoice).Error; err != nil {
			t.Fatal(err)
		}
	}
	sum, lines := 0.0, exported(t, p.SignInAs("head"))
	for _, line := range lines {
		amount, err := strconv.ParseFloat(strings.Replace(line[7], ",", ".", 1), 64)
		if err != nil {
			t.Fatal(err)
		}
		sum += amount
	}
	want := float64(-p.Count("SELECT coalesce(sum(amount_tiyn), 0) FROM ledger_lines WHERE account = 'budget/105402/5903'")) / 100
	if len(lines) != 3 || sum != want {
		t.Errorf("the file comes to %.2f, the ledger to %.2f: %q", sum, want, lines)
	}
	for _, line := range lines {
		if line[9] == "R-s" && (line[10] != "'5903" || line[11] != "'105402" || line[13] == "" || line[3] != "") {
			t.Errorf("%q", line)
		}
	}
}

// Letters about money reach the payer, without anything personal, before the application has a number.
func TestLettersAboutMoney(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	applicant, id := p.At("awaiting_payment")
	applicant.Pay(id, "card", "refused")
	p.Notify()
	p.Gateway.Switch(mockgateway.Faults{WrongAmount: true})
	applicant.Pay(id, "card", "succeeds")
	p.Gateway.Switch(mockgateway.Faults{})
	p.Notify()
	head := p.SignInAs("head")
	giveUp(applicant, id).Expect(http.StatusOK)
	head.Do(http.MethodPost, refundOf(head)+"/decline", remark("Деньги вернёт шлюз")).Expect(http.StatusOK)
	head.Do(http.MethodPost, caseOf(head)+"/refund", nil).Expect(http.StatusOK)
	applicant.SignRequest(id)
	attach(applicant, id, "П-41")
	giveUp(applicant, id).Expect(http.StatusOK)
	signCertificate(head, refundOf(head)).Expect(http.StatusOK)
	p.Deliver()
	p.Deliver()
	letters, err := p.Mail.Latest(20)
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, l := range letters {
		all.WriteString(l.Subject + "\n" + l.Text + "\n")
	}
	text := all.String()
	for _, want := range []string{"платёж не прошёл", "платёж проверяет сотрудник", "в подтверждении отказано", "деньги возвращены", "Подтверждение о непредставлении документов готово", p.URL + "/payments"} {
		if !strings.Contains(text, want) {
			t.Errorf("no letter says %q:\n%s", want, text)
		}
	}
	for _, personal := range []string{"123456789011", "ТЕСТОВ", "Деньги вернёт шлюз"} {
		if strings.Contains(text, personal) {
			t.Errorf("a letter holds %q", personal)
		}
	}
	if len(letters) != 5 {
		t.Errorf("%d letters:\n%s", len(letters), text)
	}
}

// Whose money a head has decided about is written to, once, without the grounds; these are in his cabinet. So is he whose money was taken twice.
func TestThePayerIsToldWhatWasDecided(t *testing.T) {
	t.Parallel()
	for outcome, said := range map[string]string{"returned": "через банк или казначейство", "kept": "оставлены в доходе бюджета", "written_off": "ошибкой учёта"} {
		t.Run(outcome, func(t *testing.T) {
			t.Parallel()
			p, applicant, id := parked(t)
			head := p.SignInAs("head")
			head.Do(http.MethodPost, caseOf(head)+"/close", decision(outcome, "Письмо шлюза № 5")).Expect(http.StatusOK)
			p.Deliver()
			letters, err := p.Mail.Latest(20)
			if err != nil || len(letters) != 2 { // parked, and decided
				t.Fatalf("%d letters, %v", len(letters), err)
			}
			text := letters[0].Subject + letters[0].Text + letters[1].Subject + letters[1].Text
			if !strings.Contains(text, said) || strings.Contains(text, "Письмо шлюза") || strings.Contains(text, "ТЕСТОВ") {
				t.Errorf("%s", text)
			}
			mine := myPayments(applicant)
			if len(mine) != 2 || mine[0].Decided != nil || mine[1].ApplicationID != id {
				t.Fatalf("%+v", mine)
			}
			if d := mine[1].Decided; d == nil || d.Outcome != outcome || d.Amount != "43250.01" || d.Note != "Письмо шлюза № 5" || d.At == "" || mine[1].Receipt == "" {
				t.Errorf("%+v", mine[1])
			}
		})
	}
	t.Run("taken twice", func(t *testing.T) {
		t.Parallel()
		p := servertest.New(t)
		_, a := p.Filed(catalog.Person)
		p.Gateway.Switch(mockgateway.Faults{Report: map[string]mockgateway.Seed{invoiceOf(p, a.ID): mockgateway.SeedDoubled}})
		p.Clock.Move(24 * time.Hour)
		if err := p.Applications.ReconcilePayments(t.Context()); err != nil {
			t.Fatal(err)
		}
		head := p.SignInAs("head")
		head.Do(http.MethodPost, caseOf(head)+"/close", decision("returned", "Вернул банк")).Expect(http.StatusOK)
		if n := p.Count("SELECT count(*) FROM outbox WHERE payload::text LIKE '%payment_decided_returned%'"); n != 1 {
			t.Errorf("written to %d times", n)
		}
		if mine := myPayments(p.SignInAs("person")); mine[0].State != "paid" || mine[0].Decided == nil || mine[0].Decided.Outcome != "returned" {
			t.Errorf("%+v", mine)
		}
	})
}
