package server_test

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"elicensing/payments/mockgateway"
	"elicensing/server/catalog"
	"elicensing/server/database/dbtest"
	"elicensing/server/servertest"
)

// The gateway took a wrong amount: the head sees both sides, the chancery cannot refund, the gateway gives back, nothing is filed.
func TestMoneyThatDoesNotFitIsRefunded(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	applicant, id := p.At("awaiting_payment")
	p.Gateway.Switch(mockgateway.Faults{WrongAmount: true})
	applicant.Pay(id, "card", "succeeds")
	p.Gateway.Switch(mockgateway.Faults{})
	p.Notify()
	if m := moneyOf(applicant, id); m.Parked == nil || m.Parked.Reason != "amount" || m.Parked.Amount != "43250.01" || !m.CanGiveUp {
		t.Errorf("%+v", m)
	}
	head := p.SignInAs("head")
	cases := money(head).Cases
	if len(cases) != 1 || cases[0].List != "amounts_differ" || cases[0].Ours.Amount != "43250.00" || cases[0].Theirs.Amount != "43250.01" || !cases[0].Refundable {
		t.Fatalf("%+v", cases)
	}
	path := "/api/authority/money/cases/" + cases[0].ID
	p.SignInAs("chancery").Do(http.MethodPost, path+"/refund", nil).ExpectProblem(http.StatusForbidden, "not_your_step")
	p.SignInAs("executor-1").Do(http.MethodGet, "/api/authority/money", nil).ExpectProblem(http.StatusForbidden, "not_your_step")
	head.Do(http.MethodPost, path+"/refund", nil).Expect(http.StatusOK)
	head.Do(http.MethodPost, path+"/refund", nil).ExpectProblem(http.StatusConflict, "case_closed")
	if n := len(money(head).Cases); n != 0 {
		t.Errorf("%d cases", n)
	}
	applicant.Do(http.MethodPost, "/api/applications/"+id+"/give-up", nil).ExpectProblem(http.StatusConflict, "nothing_to_refund")
	if n := p.Count("SELECT count(*) FROM journal WHERE action = 'refund_case' AND application_id = ?", id); n != 1 {
		t.Errorf("%d rows in the journal", n)
	}
	if sum := p.Count("SELECT coalesce(sum(amount_tiyn), 0) FROM ledger_lines WHERE account = 'gateway'"); sum != 0 {
		t.Errorf("the gateway still owes %d by the ledger", sum)
	}
}

// Asking for the certificate and for a refund by the gateway exclude each other: the money goes back once.
func TestMoneyGoesBackByOneRoad(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	applicant, id := p.At("awaiting_payment")
	p.Gateway.Switch(mockgateway.Faults{WrongAmount: true})
	applicant.Pay(id, "card", "succeeds")
	p.Notify()
	head := p.SignInAs("head")
	path := "/api/authority/money/cases/" + money(head).Cases[0].ID
	applicant.Do(http.MethodPost, "/api/applications/"+id+"/give-up", nil).Expect(http.StatusOK)
	applicant.Do(http.MethodPost, "/api/applications/"+id+"/give-up", nil).ExpectProblem(http.StatusConflict, "nothing_to_refund")
	if c := money(head).Cases[0]; !c.Certificate || c.Refundable {
		t.Errorf("%+v", c)
	}
	head.Do(http.MethodPost, path+"/refund", nil).ExpectProblem(http.StatusConflict, "refund_asked")
	if state, _ := p.Gateway.State(p.Reference(id)); state != "paid" {
		t.Errorf("at the gateway: %s", state)
	}
}

// A seeded report reaches the officials: exactly what differs, with what it is about; the head closes a case with what was found out.
func TestReportReachesTheDesk(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	_, a := p.Filed(catalog.Person)
	p.Gateway.Switch(mockgateway.Faults{Report: map[string]mockgateway.Seed{invoiceOf(p, a.ID): mockgateway.SeedMissing, uuid.NewString(): mockgateway.SeedExtra}})
	p.Clock.Move(24 * time.Hour)
	if err := p.Applications.ReconcilePayments(t.Context()); err != nil {
		t.Fatal(err)
	}
	head := p.SignInAs("head")
	cases := money(head).Cases
	if len(cases) != 2 {
		t.Fatalf("%+v", cases)
	}
	for _, c := range cases {
		switch c.Reason {
		case "missing_there":
			if c.Application != a.Number || c.List != "application_without_payment" || c.Refundable {
				t.Errorf("%+v", c)
			}
			path := "/api/authority/money/cases/" + c.ID
			head.Do(http.MethodPost, path+"/refund", nil).ExpectProblem(http.StatusConflict, "fee_not_refundable")
			head.Do(http.MethodPost, path+"/close", decision("explained", "Шлюз подтвердил письмом")).Expect(http.StatusOK)
			head.Do(http.MethodPost, path+"/close", decision("explained", "Ещё раз")).ExpectProblem(http.StatusConflict, "case_closed")
		case "unknown_invoice":
			if c.Payer != "" || c.Application != "" {
				t.Errorf("%+v", c)
			}
		default:
			t.Errorf("%+v", c)
		}
	}
	if got := p.SignInAs("person").Read(a.ID); got.State != "filed" {
		t.Errorf("the application became %s", got.State)
	}
}

// I19: another authority's money is neither seen nor touched; nor is one's own (I16). All of it looks like nothing.
func TestMoneyOfOthersLooksLikeNone(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	applicant, id := p.At("awaiting_payment")
	attach(applicant, id, "П-6")
	head := p.SignInAs("head")
	waiting := money(head).Receipts[0].ID
	other, own := otherAuthority(t, p), official(t, p, "123456789011")
	for name, c := range map[string]*servertest.Client{"another authority": other, "his own case": own} {
		if d := money(c); len(d.Receipts)+len(d.Cases)+len(d.Refunds) != 0 {
			t.Errorf("%s sees %+v", name, d)
		}
		for _, act := range []string{"confirm", "reject"} {
			var body any
			if act == "reject" {
				body = map[string]any{"remark": "x"}
			}
			theirs := c.Do(http.MethodPost, "/api/authority/money/receipts/"+waiting+"/"+act, body)
			none := c.Do(http.MethodPost, "/api/authority/money/receipts/"+uuid.NewString()+"/"+act, body)
			if theirs.Status != http.StatusNotFound || theirs.Code() != none.Code() || theirs.Status != none.Status {
				t.Errorf("%s, %s: %d %s, none %d %s", name, act, theirs.Status, theirs.Code(), none.Status, none.Code())
			}
		}
		c.Do(http.MethodGet, "/api/authority/money/receipts/"+waiting+"/scan", nil).Expect(http.StatusNotFound)
	}
	applicant.Do(http.MethodPost, "/api/applications/"+id+"/give-up", nil).Expect(http.StatusOK)
	refund := money(head).Refunds[0].ID
	for name, c := range map[string]*servertest.Client{"another authority": other, "his own case": own} {
		if d := money(c); len(d.Refunds) != 0 {
			t.Errorf("%s sees %+v", name, d)
		}
		c.Do(http.MethodPost, "/api/authority/money/refunds/"+refund+"/document", nil).Expect(http.StatusNotFound)
		c.Do(http.MethodGet, "/api/authority/money/refunds/"+refund+"/draft.pdf", nil).Expect(http.StatusNotFound)
	}
	stranger := p.SignInAs("sole-trader")
	stranger.Do(http.MethodGet, "/api/applications/"+id+"/money", nil).Expect(http.StatusNotFound)
	var mine struct{ Payments []any }
	stranger.Do(http.MethodGet, "/api/payments", nil).Expect(http.StatusOK).JSON(&mine)
	if len(mine.Payments) != 0 {
		t.Errorf("a stranger's payments: %v", mine.Payments)
	}
}

// invoiceOf is the reference under which the gateway knows the payment of an application.
func invoiceOf(p *servertest.Portal, id string) string {
	p.T.Helper()
	var invoice string
	if err := p.DB.Raw("SELECT id FROM invoices WHERE application_id = ? AND state <> 'cancelled'", id).Scan(&invoice).Error; err != nil {
		p.T.Fatal(err)
	}
	return invoice
}

// S7.1: one payment document pays one fee. A receipt that looks like one attached before is shown with a warning: with the other application where it is of the
// same authority, else only that there is one (I19), nor more of what is the official's own (I16).
func TestAReceiptThatWasUsedBefore(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	person, first := p.At("awaiting_payment")
	attach(person, first, "П-60")
	chancery := p.SignInAs("chancery")
	waits := money(chancery).Receipts
	if len(waits) != 1 || len(waits[0].Alike) != 0 {
		t.Fatalf("%+v", waits)
	}
	chancery.Do(http.MethodPost, "/api/authority/money/receipts/"+waits[0].ID+"/confirm", nil).Expect(http.StatusOK)
	filed := person.Read(first)

	trader := p.SignInAs("sole-trader")
	second := trader.Draft(catalog.SoleTrader).ID
	trader.SignRequest(second)
	same := receipt("П 60")
	same["bank"] = "Сынақ" // another bank's name, and another scan: number, day and amount agree
	same["content"] = base64.StdEncoding.EncodeToString(append(servertest.Picture(), 0))
	trader.Do(http.MethodPost, "/api/applications/"+second+"/receipt", same).Expect(http.StatusOK)
	if waits = money(chancery).Receipts; len(waits) != 1 || len(waits[0].Alike) != 1 {
		t.Fatalf("%+v", waits)
	}
	if want := (alike{Earlier: true, AttachedAt: waits[0].Alike[0].AttachedAt, ApplicationID: first, Application: filed.Number, Invoice: filed.Invoice.Number}); waits[0].Alike[0] != want || want.AttachedAt == "" {
		t.Fatalf("%+v, want %+v", waits, want)
	}
	// The applicant of the other one, as an official, sees only that it exists.
	if own := money(official(t, p, "123456789011")).Receipts; len(own) != 1 || len(own[0].Alike) != 1 || own[0].Alike[0] != (alike{Earlier: true}) {
		t.Errorf("his own: %+v", own)
	}
	// Sent back, it may be attached again with the very file of the first.
	chancery.Do(http.MethodPost, "/api/authority/money/receipts/"+waits[0].ID+"/reject", remark("Этот документ уже использован")).Expect(http.StatusOK)
	copied := receipt("П-61")
	trader.Do(http.MethodPost, "/api/applications/"+second+"/receipt", copied).Expect(http.StatusOK)
	if got := money(chancery).Receipts[0].Alike; len(got) != 1 || !got[0].SameFile || got[0].Application != filed.Number {
		t.Errorf("the same file: %+v", got)
	}
	// As if the first were another authority's.
	if err := p.Identity.EnsureAuthority(t.Context(), elsewhere, otherBIN, servertest.Requisites); err != nil {
		t.Fatal(err)
	}
	if err := dbtest.Unguarded(t, p.DB).Exec("UPDATE invoices SET authority_code = ? WHERE application_id = ?", elsewhere, first).Error; err != nil {
		t.Fatal(err)
	}
	raw := string(chancery.Do(http.MethodGet, "/api/authority/money", nil).Expect(http.StatusOK).Body)
	if got := money(chancery).Receipts[0].Alike; len(got) != 1 || got[0] != (alike{SameFile: true, Earlier: true}) || strings.Contains(raw, filed.Number) || strings.Contains(raw, first) {
		t.Errorf("another authority's: %+v", got)
	}
	// The genuine one of two is not said to have been used before, because a copy of it comes later.
	third := p.SignInAs("director")
	draft := third.Draft(catalog.Entity).ID
	third.SignRequest(draft)
	third.Do(http.MethodPost, "/api/applications/"+draft+"/receipt", receipt("П-62")).Expect(http.StatusOK)
	for _, r := range money(chancery).Receipts {
		for _, other := range r.Alike {
			if later := other.ApplicationID == draft; later == other.Earlier {
				t.Errorf("%+v of %s", other, r.ID)
			}
		}
	}
}
