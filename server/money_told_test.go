package server_test

import (
	"net/http"
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
