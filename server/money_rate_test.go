package server_test

import (
	"net/http"
	"testing"
	"time"

	"elicensing/server/servertest"
)

// S7.1: the rate of the day of payment counts. Paid at a bank on 31 December at the rate of that day, attached on 1 January: right, whichever of the two
// rates the invoice was opened at; the desk shows what was due on the day.
func TestAReceiptIsJudgedByItsOwnDay(t *testing.T) {
	t.Parallel()
	for name, opened := range map[string]time.Time{
		"invoice of December": time.Date(2026, 12, 31, 10, 0, 0, 0, time.UTC), "invoice of January": time.Date(2027, 1, 1, 5, 0, 0, 0, time.UTC),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := servertest.New(t)
			p.Clock.Set(opened)
			_, id := p.At("awaiting_payment")
			p.Clock.Set(time.Date(2027, 1, 1, 6, 0, 0, 0, time.UTC))
			applicant := p.SignInAs("person")
			in := receipt("П-31")
			in["paidOn"] = "2026-12-31"
			applicant.Do(http.MethodPost, "/api/applications/"+id+"/receipt", in).Expect(http.StatusOK)
			chancery := p.SignInAs("chancery")
			waits := money(chancery).Receipts
			if len(waits) != 1 || waits[0].Due != "43250.00" || waits[0].RateDay != "2026-12-31" {
				t.Fatalf("%+v", waits)
			}
			chancery.Do(http.MethodPost, "/api/authority/money/receipts/"+waits[0].ID+"/confirm", nil).Expect(http.StatusOK)
			if a := applicant.Read(id); a.State != "filed" {
				t.Errorf("%s, %+v", a.State, money(chancery).Cases)
			}
		})
	}
}

// The old rate is for the old day only: a receipt of today pays today's fee, and online the rate of now is told first.
func TestAReceiptDoesNotKeepAnOldRate(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	p.Clock.Set(time.Date(2026, 12, 31, 10, 0, 0, 0, time.UTC))
	_, id := p.At("awaiting_payment")
	p.Clock.Set(time.Date(2027, 1, 1, 6, 0, 0, 0, time.UTC))
	applicant := p.SignInAs("person")
	in := receipt("П-32")
	in["paidOn"] = "2027-01-01"
	applicant.Do(http.MethodPost, "/api/applications/"+id+"/receipt", in).Expect(http.StatusOK)
	head := p.SignInAs("head")
	waits := money(head).Receipts
	if len(waits) != 1 || waits[0].Due != "45000.00" {
		t.Fatalf("%+v", waits)
	}
	head.Do(http.MethodPost, "/api/authority/money/receipts/"+waits[0].ID+"/reject", map[string]any{"remark": "Сумма не та"}).Expect(http.StatusOK)
	in["paidOn"], in["number"] = "2026-12-31", "П-33"
	applicant.Do(http.MethodPost, "/api/applications/"+id+"/receipt", in).Expect(http.StatusOK)
	waits = money(head).Receipts
	head.Do(http.MethodPost, "/api/authority/money/receipts/"+waits[0].ID+"/reject", map[string]any{"remark": "Не видно"}).Expect(http.StatusOK)
	// The invoice of now is at the old rate; online nobody pays by it.
	applicant.Do(http.MethodPost, "/api/applications/"+id+"/pay", nil).ExpectProblem(http.StatusConflict, "rate_changed")
	applicant.Pay(id, "card", "succeeds")
	p.Notify()
	if n := p.Count("SELECT amount_tiyn FROM ledger_entries"); n != 4_500_000 {
		t.Errorf("paid %d", n)
	}
}
