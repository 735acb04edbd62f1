package server_test

import (
	"net/http"
	"testing"
	"time"

	"elicensing/payments/mockgateway"
	"elicensing/server/catalog"
	"elicensing/server/servertest"
)

// myPayment is what a test reads of "my payments".
type myPayment struct {
	ID, ApplicationID, Invoice, State, PaymentState, Receipt, Parked, Refunded, Refund, RefundID, Remark string
	Gone, MayGiveUp                                                                                      bool
	Decided                                                                                              *struct{ Outcome, Amount, Note, At string }
}

func myPayments(c *servertest.Client) []myPayment {
	c.Portal.T.Helper()
	var mine struct{ Payments []myPayment }
	c.Do(http.MethodGet, "/api/payments", nil).Expect(http.StatusOK).JSON(&mine)
	return mine.Payments
}

// parked is an application whose payment the gateway took with one tiyn too much: money is held, nothing is filed.
func parked(t *testing.T) (p *servertest.Portal, applicant *servertest.Client, id string) {
	t.Helper()
	p = servertest.New(t)
	applicant, id = p.At("awaiting_payment")
	p.Gateway.Switch(mockgateway.Faults{WrongAmount: true})
	applicant.Pay(id, "card", "succeeds")
	p.Gateway.Switch(mockgateway.Faults{})
	p.Notify()
	return p, applicant, id
}

// odd is one whose payment was taken at a moment that cannot be: the sum is right.
func odd(t *testing.T) (p *servertest.Portal, applicant *servertest.Client, id string) {
	t.Helper()
	p = servertest.New(t)
	applicant, id = p.At("awaiting_payment")
	applicant.Pay(id, "card", "succeeds")
	p.Clock.Move(-10 * time.Minute)
	applicant.Do(http.MethodPost, "/api/applications/"+id+"/payment", nil).Expect(http.StatusOK)
	if m := moneyOf(applicant, id); m.Parked == nil || m.Parked.Reason != "moment" {
		t.Fatalf("%+v", m)
	}
	return p, applicant, id
}

func giveUp(c *servertest.Client, id string) *servertest.Response {
	return c.Do(http.MethodPost, "/api/applications/"+id+"/give-up", nil)
}

func remark(text string) map[string]any { return map[string]any{"remark": text} }

// caseOf is the path of the one open case.
func caseOf(head *servertest.Client) string {
	head.Portal.T.Helper()
	cases := money(head).Cases
	if len(cases) != 1 {
		head.Portal.T.Fatalf("%+v", cases)
	}
	return "/api/authority/money/cases/" + cases[0].ID
}

func refundOf(head *servertest.Client) string {
	head.Portal.T.Helper()
	asked := money(head).Refunds
	if len(asked) != 1 {
		head.Portal.T.Fatalf("%+v", asked)
	}
	return "/api/authority/money/refunds/" + asked[0].ID
}

func signCertificate(head *servertest.Client, path string) *servertest.Response {
	head.Portal.T.Helper()
	var to servertest.ToSign
	head.Do(http.MethodPost, path+"/document", nil).Expect(http.StatusOK).JSON(&to)
	return head.Do(http.MethodPost, path+"/sign", map[string]any{"digest": to.Digest, "signature": head.Sign(to.Content)})
}

// The purpose: who has paid is told so, everywhere, and is not asked to pay again; what was given back is told as given back.
func TestWhoHasPaidIsToldSo(t *testing.T) {
	t.Parallel()
	p, applicant, id := parked(t)
	if m := moneyOf(applicant, id); m.Parked == nil || m.Parked.Amount != "43250.01" || m.Parked.Receipt == "" || m.Parked.RefundUnderWay || m.Returned != nil || !m.CanGiveUp {
		t.Errorf("%+v", m)
	}
	if mine := myPayments(applicant); mine[0].Parked != "43250.01" || mine[0].Receipt == "" || mine[0].State != "open" || mine[0].Refunded != "" {
		t.Errorf("%+v", mine)
	}
	applicant.Do(http.MethodPost, "/api/applications/"+id+"/pay", nil).ExpectProblem(http.StatusConflict, "payment_parked")
	applicant.Do(http.MethodPost, "/api/applications/"+id+"/receipt", receipt("П-20")).ExpectProblem(http.StatusConflict, "payment_parked")
	head := p.SignInAs("head")
	head.Do(http.MethodPost, caseOf(head)+"/refund", nil).Expect(http.StatusOK)
	if m := moneyOf(applicant, id); m.Parked != nil || m.Returned == nil || m.Returned.Amount != "43250.01" || m.CanGiveUp {
		t.Errorf("given back: %+v", m)
	}
	if mine := myPayments(applicant); mine[0].Refunded != "43250.01" || mine[0].Parked != "" {
		t.Errorf("given back: %+v", mine)
	}
	closed := money(head).Closed
	if len(closed) != 1 || closed[0].ClosedHow != "refunded" || closed[0].ClosedBy == "" || closed[0].ClosedAt == "" {
		t.Errorf("%+v", closed)
	}
	// And the fee can be paid anew; the invoice of now was not given back.
	applicant.Do(http.MethodPost, "/api/applications/"+id+"/payment", nil).Expect(http.StatusOK)
	applicant.Pay(id, "card", "succeeds")
	p.Notify()
	if a := applicant.Read(id); a.State != "filed" {
		t.Errorf("paid anew: %s", a.State)
	}
	if m := moneyOf(applicant, id); m.Returned != nil {
		t.Errorf("the paid one was given back: %+v", m.Returned)
	}
	if mine := myPayments(applicant); len(mine) != 2 || mine[0].State != "paid" || mine[0].Refunded != "" || mine[1].Refunded != "43250.01" {
		t.Errorf("%+v", mine)
	}
}

// While the gateway is silent nothing is said about money that it may have: "not taken" only before anybody could pay.
func TestSilenceIsNotANo(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	applicant, id := p.At("awaiting_payment")
	silent, speaks := mockgateway.Faults{Silent: true}, mockgateway.Faults{}
	do := func(what string) *servertest.Response {
		return applicant.Do(http.MethodPost, "/api/applications/"+id+"/"+what, nil)
	}
	p.Gateway.Switch(silent)
	do("pay").ExpectProblem(http.StatusServiceUnavailable, "gateway_unavailable")
	p.Gateway.Switch(speaks)
	do("pay").Expect(http.StatusOK)
	p.Gateway.Switch(silent)
	do("payment").ExpectProblem(http.StatusServiceUnavailable, "payment_unknown")
	do("reopen").ExpectProblem(http.StatusServiceUnavailable, "payment_unknown")
	applicant.Do(http.MethodPost, "/api/applications/"+id+"/receipt", receipt("П-21")).ExpectProblem(http.StatusServiceUnavailable, "payment_unknown")
	p.Gateway.Switch(speaks)
	applicant.Pay(id, "card", "succeeds")
	if do("payment").Expect(http.StatusOK); applicant.Read(id).State != "filed" {
		t.Error("not filed")
	}
}

// S7.1: who gives up while the gateway holds his money has a draft at once; the certificate then lets the tax office refund it, and stays to be had
// when the draft is gone. Another road is closed to that money for ever.
func TestGivingUpParkedMoneyEndsInADraft(t *testing.T) {
	t.Parallel()
	p, applicant, id := parked(t)
	giveUp(applicant, id).Expect(http.StatusOK)
	if a := applicant.Read(id); a.State != "draft" || a.Invoice != nil {
		t.Fatalf("%s, %+v", a.State, a.Invoice)
	}
	head := p.SignInAs("head")
	path := caseOf(head)
	head.Do(http.MethodPost, path+"/refund", nil).ExpectProblem(http.StatusConflict, "refund_asked")
	head.Do(http.MethodPost, path+"/close", decision("kept", "так")).ExpectProblem(http.StatusConflict, "refund_asked")
	signCertificate(head, refundOf(head)).Expect(http.StatusOK)
	if d := money(head); len(d.Cases) != 0 || len(d.Refunds) != 0 || d.Closed[0].ClosedHow != "certificate" {
		t.Errorf("%+v", d)
	}
	applicant.Do(http.MethodDelete, "/api/applications/"+id, nil).Expect(http.StatusNoContent)
	mine := myPayments(applicant)[0]
	if !mine.Gone || mine.Refund != "signed" || mine.Parked != "" || mine.MayGiveUp {
		t.Errorf("%+v", mine)
	}
	certificate := "/api/payments/refunds/" + mine.RefundID + "/certificate.pdf"
	judgeStoredPDF(t, applicant.Do(http.MethodGet, certificate, nil).Expect(http.StatusOK).Body)
	for _, stranger := range []string{"sole-trader", "head", "director"} {
		p.SignInAs(stranger).Do(http.MethodGet, certificate, nil).ExpectProblem(http.StatusNotFound, "not_found")
	}
	// The gateway tells of the money again, when the day is compared: it is decided, and no new case.
	p.Clock.Move(24 * time.Hour)
	if err := p.Applications.ReconcilePayments(t.Context()); err != nil {
		t.Fatal(err)
	}
	if d := money(p.SignInAs("head")); len(d.Cases) != 0 {
		t.Errorf("%+v", d.Cases)
	}
}

// Beside another draft there is no going back to a draft, so nothing is asked for: no half action.
func TestGivingUpBesideAnotherDraft(t *testing.T) {
	t.Parallel()
	p, applicant, id := parked(t)
	other := applicant.Begin(catalog.Person)
	giveUp(applicant, id).ExpectProblem(http.StatusConflict, "draft_exists")
	if n := p.Count("SELECT count(*) FROM refund_requests"); n != 0 {
		t.Errorf("%d requests stand", n)
	}
	applicant.Do(http.MethodDelete, "/api/applications/"+other.ID, nil).Expect(http.StatusNoContent)
	giveUp(applicant, id).Expect(http.StatusOK)
}

// The gateway is asked before anybody promises its money: what it gave back by itself the tax office must not give back again.
func TestNoCertificateForMoneyThatIsGone(t *testing.T) {
	t.Parallel()
	p, applicant, id := parked(t)
	p.Gateway.Switch(mockgateway.Faults{Silent: true})
	giveUp(applicant, id).ExpectProblem(http.StatusServiceUnavailable, "payment_unknown")
	p.Gateway.Switch(mockgateway.Faults{Drop: true})
	giveUp(applicant, id).Expect(http.StatusOK)
	head := p.SignInAs("head")
	path := refundOf(head)
	var to servertest.ToSign
	head.Do(http.MethodPost, path+"/document", nil).Expect(http.StatusOK).JSON(&to)
	p.Gateway.Switch(mockgateway.Faults{Silent: true})
	head.Do(http.MethodPost, path+"/sign", map[string]any{"digest": to.Digest, "signature": head.Sign(to.Content)}).ExpectProblem(http.StatusServiceUnavailable, "gateway_silent")
	p.Gateway.Switch(mockgateway.Faults{Drop: true})
	p.GiveBack(id)
	head.Do(http.MethodPost, path+"/document", nil).ExpectProblem(http.StatusConflict, "money_gone")
	head.Do(http.MethodPost, path+"/sign", map[string]any{"digest": to.Digest, "signature": head.Sign(to.Content)}).ExpectProblem(http.StatusConflict, "money_gone")
	head.Do(http.MethodPost, path+"/decline", remark("Шлюз вернул деньги")).Expect(http.StatusOK)
	if mine := myPayments(applicant)[0]; mine.Refund != "declined" || mine.Remark != "Шлюз вернул деньги" {
		t.Errorf("%+v", mine)
	}

	p, applicant, id = parked(t)
	p.Gateway.Switch(mockgateway.Faults{Drop: true})
	p.GiveBack(id)
	giveUp(applicant, id).ExpectProblem(http.StatusConflict, "money_gone")
}

// A request that ends without a certificate frees the money, and a receipt's document: by the head with a reason, by the payer without.
func TestARequestMayEndWithoutACertificate(t *testing.T) {
	t.Parallel()
	p, applicant, id := parked(t)
	giveUp(applicant, id).Expect(http.StatusOK)
	head := p.SignInAs("head")
	path := refundOf(head)
	p.SignInAs("chancery").Do(http.MethodPost, path+"/decline", remark("нет")).ExpectProblem(http.StatusForbidden, "not_your_step")
	otherAuthority(t, p).Do(http.MethodPost, path+"/decline", remark("нет")).Expect(http.StatusNotFound)
	head.Do(http.MethodPost, path+"/decline", remark(" "), servertest.Bad()).ExpectProblem(http.StatusUnprocessableEntity, "remarks_missing")
	// Filed by another payment meanwhile: no certificate may be signed, and the gateway gives back.
	applicant.SignRequest(id)
	applicant.Pay(id, "card", "succeeds")
	p.Notify()
	head.Do(http.MethodPost, path+"/document", nil).ExpectProblem(http.StatusConflict, "application_filed")
	head.Do(http.MethodPost, path+"/decline", remark("Заявление подано")).Expect(http.StatusOK)
	head.Do(http.MethodPost, path+"/decline", remark("Заявление подано")).ExpectProblem(http.StatusConflict, "state_changed")
	head.Do(http.MethodPost, caseOf(head)+"/refund", nil).Expect(http.StatusOK)

	p = servertest.New(t)
	applicant, id = p.At("awaiting_payment")
	attach(applicant, id, "П-22")
	giveUp(applicant, id).Expect(http.StatusOK)
	withdraw := "/api/payments/refunds/" + myPayments(applicant)[0].RefundID + "/withdraw"
	p.SignInAs("sole-trader").Do(http.MethodPost, withdraw, nil).Expect(http.StatusNotFound)
	applicant.Do(http.MethodPost, withdraw, nil).Expect(http.StatusOK)
	applicant.Do(http.MethodPost, withdraw, nil).ExpectProblem(http.StatusConflict, "state_changed")
	if n := len(money(p.SignInAs("head")).Refunds); n != 0 {
		t.Errorf("%d requests wait", n)
	}
	applicant.SignRequest(id)
	attach(applicant, id, "П-22")
}

// Parked money of a draft that is gone can be given up from "my payments".
func TestMoneyOfADiscardedDraft(t *testing.T) {
	t.Parallel()
	p, applicant, id := parked(t)
	giveUp(applicant, id).Expect(http.StatusOK)
	mine := myPayments(applicant)[0]
	applicant.Do(http.MethodPost, "/api/payments/refunds/"+mine.RefundID+"/withdraw", nil).Expect(http.StatusOK)
	applicant.Do(http.MethodDelete, "/api/applications/"+id, nil).Expect(http.StatusNoContent)
	if mine = myPayments(applicant)[0]; !mine.Gone || !mine.MayGiveUp || mine.Parked != "43250.01" || mine.Refund != "withdrawn" {
		t.Errorf("%+v", mine)
	}
	// Its authority is the invoice's: no other one learns who paid.
	if d := money(otherAuthority(t, p)); len(d.Cases) != 0 {
		t.Errorf("another authority sees %+v", d.Cases)
	}
	head := p.SignInAs("head")
	if c := money(head).Cases; len(c) != 1 || c[0].Payer == "" {
		t.Errorf("%+v", c)
	}
	path := "/api/payments/" + mine.ID + "/give-up"
	p.SignInAs("sole-trader").Do(http.MethodPost, path, nil).Expect(http.StatusNotFound)
	applicant.Do(http.MethodPost, path, nil).Expect(http.StatusOK)
	applicant.Do(http.MethodPost, path, nil).ExpectProblem(http.StatusConflict, "nothing_to_refund")
	signCertificate(head, refundOf(head)).Expect(http.StatusOK)
}
