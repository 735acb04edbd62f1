package server_test

import (
	"net/http"
	"sync"
	"testing"
	"time"

	"elicensing/payments/mockgateway"
	"elicensing/server/catalog"
	"elicensing/server/servertest"
)

// A head may take money for the fee in which only payer, purpose or moment differ; the books go over, the application is filed, once.
func TestAHeadAcceptsMoney(t *testing.T) {
	t.Parallel()
	p, applicant, id := odd(t)
	head := p.SignInAs("head")
	path := caseOf(head)
	p.SignInAs("chancery").Do(http.MethodPost, path+"/accept", remark("да")).ExpectProblem(http.StatusForbidden, "not_your_step")
	otherAuthority(t, p).Do(http.MethodPost, path+"/accept", remark("да")).Expect(http.StatusNotFound)
	p.Gateway.Switch(mockgateway.Faults{Silent: true})
	head.Do(http.MethodPost, path+"/accept", remark("Банк подтвердил")).ExpectProblem(http.StatusServiceUnavailable, "gateway_silent")
	p.Gateway.Switch(mockgateway.Faults{})
	if !money(head).Cases[0].Acceptable {
		t.Error("not offered")
	}
	head.Do(http.MethodPost, path+"/accept", remark("Банк подтвердил")).Expect(http.StatusOK)
	head.Do(http.MethodPost, path+"/accept", remark("Банк подтвердил")).ExpectProblem(http.StatusConflict, "case_closed")
	a := applicant.Read(id)
	if a.State != "filed" || a.Number == "" {
		t.Fatalf("%s", a.State)
	}
	if c := money(head).Closed[0]; c.ClosedHow != "accepted" || c.Note != "Банк подтвердил" {
		t.Errorf("%+v", c)
	}
	for account, want := range map[string]int64{"parked": 0, "gateway": 4_325_000, "budget/105402/5903": -4_325_000} {
		if sum := p.Count("SELECT coalesce(sum(amount_tiyn), 0) FROM ledger_lines WHERE account = ?", account); sum != want {
			t.Errorf("%s: %d, want %d", account, sum, want)
		}
	}
	judgePDF(t, applicant.Do(http.MethodGet, "/api/applications/"+id+"/files/payment-receipt.pdf", nil).Expect(http.StatusOK).Body)
	p.Clock.Move(34 * time.Hour)
	if err := p.Applications.ReconcilePayments(t.Context()); err != nil {
		t.Fatal(err)
	}
	if cases := money(p.SignInAs("head")).Cases; len(cases) != 0 {
		t.Errorf("found again: %+v", cases)
	}
	// Another sum is never taken for the fee.
	p, _, _ = parked(t)
	head = p.SignInAs("head")
	head.Do(http.MethodPost, caseOf(head)+"/accept", remark("да")).ExpectProblem(http.StatusConflict, "case_not_acceptable")
}

// Nobody accepts what a certificate is asked for, or what was given back.
func TestNoAcceptanceBesideAnotherRoad(t *testing.T) {
	t.Parallel()
	p, applicant, id := odd(t)
	head := p.SignInAs("head")
	path := caseOf(head)
	giveUp(applicant, id).Expect(http.StatusOK)
	head.Do(http.MethodPost, path+"/accept", remark("да")).ExpectProblem(http.StatusConflict, "refund_asked")
	p, _, id = odd(t)
	head = p.SignInAs("head")
	path = caseOf(head)
	p.Gateway.Switch(mockgateway.Faults{Drop: true})
	p.GiveBack(id)
	head.Do(http.MethodPost, path+"/accept", remark("да")).ExpectProblem(http.StatusConflict, "money_gone")
}

// A case that is closed as explained does not hold its payer up: the invoice is replaced, and can be paid.
func TestAClosedCaseHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	p, applicant, id := parked(t)
	head := p.SignInAs("head")
	path := caseOf(head)
	p.Gateway.Switch(mockgateway.Faults{Silent: true})
	head.Do(http.MethodPost, path+"/close", remark("Возвращено банком")).ExpectProblem(http.StatusServiceUnavailable, "gateway_silent")
	p.Gateway.Switch(mockgateway.Faults{})
	head.Do(http.MethodPost, path+"/close", remark("Возвращено банком")).Expect(http.StatusOK)
	applicant.Pay(id, "card", "succeeds")
	p.Notify()
	if a := applicant.Read(id); a.State != "filed" {
		t.Errorf("%s", a.State)
	}
}

// A refund whose answer was lost is under way: nothing else may be done about the case until it ends, and pressing again ends it.
func TestARefundUnderWay(t *testing.T) {
	t.Parallel()
	p, applicant, id := parked(t)
	head := p.SignInAs("head")
	path := caseOf(head)
	p.Gateway.Switch(mockgateway.Faults{FailAfterTaking: true, Drop: true})
	head.Do(http.MethodPost, path+"/refund", nil).ExpectProblem(http.StatusServiceUnavailable, "gateway_silent")
	p.Gateway.Switch(mockgateway.Faults{Drop: true})
	if m := moneyOf(applicant, id); m.Parked == nil || !m.Parked.RefundUnderWay || m.CanGiveUp {
		t.Errorf("%+v", m)
	}
	giveUp(applicant, id).ExpectProblem(http.StatusConflict, "nothing_to_refund")
	head.Do(http.MethodPost, path+"/close", remark("так")).ExpectProblem(http.StatusConflict, "refund_under_way")
	head.Do(http.MethodPost, path+"/refund", nil).Expect(http.StatusOK)
	if m := moneyOf(applicant, id); m.Returned == nil {
		t.Errorf("%+v", m)
	}
}

// The payer asks for the certificate and the head for the gateway's refund at one moment, eight hands each: one road is taken, never both.
func TestBothRoadsAtOnce(t *testing.T) {
	t.Parallel()
	p, applicant, id := parked(t)
	head := p.SignInAs("head")
	path := caseOf(head)
	var all sync.WaitGroup
	certificates, refunds := make([]int, 8), make([]int, 8)
	for i := range certificates {
		all.Go(func() {
			certificates[i] = applicant.Do(http.MethodPost, "/api/applications/"+id+"/give-up", nil).Status
		})
		all.Go(func() { refunds[i] = head.Do(http.MethodPost, path+"/refund", nil).Status })
	}
	all.Wait()
	state, _ := p.Gateway.State(p.Reference(id))
	asked := p.Count("SELECT count(*) FROM refund_requests WHERE state IN ('asked', 'signed')")
	if (state == "refunded") == (asked == 1) {
		t.Errorf("at the gateway %s, certificates asked for: %d (%v, %v)", state, asked, certificates, refunds)
	}
}

// A head of the organisation that applies has a part in its money: he neither sees nor moves it (I16).
func TestAnOrganisationsMoneyIsItsPeoplesOwn(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	const iin = "123456789055"
	director := p.SignInAs("director")
	colleague(t, p, iin).Begin(catalog.Entity) // known to belong to it
	id := director.Draft(catalog.Entity).ID
	director.SignRequest(id)
	p.Gateway.Switch(mockgateway.Faults{WrongAmount: true})
	director.Pay(id, "card", "succeeds")
	p.Gateway.Switch(mockgateway.Faults{})
	p.Notify()
	head, both := p.SignInAs("head"), official(t, p, iin)
	path := caseOf(head)
	if d := money(both); len(d.Cases) != 0 {
		t.Errorf("he sees %+v", d.Cases)
	}
	both.Do(http.MethodPost, path+"/refund", nil).Expect(http.StatusNotFound)
	both.Do(http.MethodPost, path+"/close", remark("так")).Expect(http.StatusNotFound)
	giveUp(director, id).Expect(http.StatusOK)
	refund := refundOf(head)
	if d := money(both); len(d.Refunds) != 0 {
		t.Errorf("he sees %+v", d.Refunds)
	}
	both.Do(http.MethodPost, refund+"/document", nil).Expect(http.StatusNotFound)
	both.Do(http.MethodPost, refund+"/decline", remark("нет")).Expect(http.StatusNotFound)
}
