package server_test

import (
	"net/http"
	"strings"
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

// decision is how a head closes a case.
func decision(outcome, text string) map[string]any {
	return map[string]any{"outcome": outcome, "remark": text}
}

// A case is closed by saying where its money belongs: the journal and the desk tell it, the ledger follows, and who paid is not asked about that money again.
func TestAHeadSaysWhereTheMoneyBelongs(t *testing.T) {
	t.Parallel()
	p, applicant, id := parked(t)
	head := p.SignInAs("head")
	if c := money(head).Cases[0]; strings.Join(c.Outcomes, " ") != "returned kept written_off" {
		t.Errorf("%+v", c)
	}
	path := caseOf(head) + "/close"
	for _, outcome := range []string{"", "explained", "refunded", "certificate", "applied", "x"} {
		head.Do(http.MethodPost, path, decision(outcome, "так"), servertest.Bad()).ExpectProblem(http.StatusUnprocessableEntity, "outcome_invalid")
	}
	p.SignInAs("chancery").Do(http.MethodPost, path, decision("kept", "так")).ExpectProblem(http.StatusForbidden, "not_your_step")
	head.Do(http.MethodPost, path, decision("kept", "Плательщик просит зачесть в доход бюджета")).Expect(http.StatusOK)
	head.Do(http.MethodPost, path, decision("returned", "Ещё раз")).ExpectProblem(http.StatusConflict, "case_closed")
	if d := money(head); len(d.Cases) != 0 || d.Closed[0].ClosedHow != "kept" || d.Closed[0].ClosedBy == "" || d.Closed[0].Note == "" || len(d.Closed[0].Outcomes) != 0 {
		t.Errorf("%+v", d)
	}
	if n := p.Count("SELECT count(*) FROM journal WHERE application_id = ? AND action = 'close_case' AND details->>'outcome' = 'kept'", id); n != 1 {
		t.Errorf("%d rows in the journal", n)
	}
	if m := moneyOf(applicant, id); m.Parked != nil || m.Returned != nil || m.CanGiveUp {
		t.Errorf("%+v", m)
	}
	p.Clock.Move(24 * time.Hour)
	if err := p.Applications.ReconcilePayments(t.Context()); err != nil {
		t.Fatal(err)
	}
	for account, want := range map[string]int64{"parked": 0, "gateway": 4_325_001, "budget/105402/5903": -4_325_001} {
		if n := p.Count("SELECT coalesce(sum(amount_tiyn), 0) FROM ledger_lines WHERE account = ?", account); n != want {
			t.Errorf("%d on %s, want %d", n, account, want)
		}
	}
	if d := money(p.SignInAs("head")); len(d.Cases) != 0 {
		t.Errorf("%+v", d.Cases)
	}
	// The accountant finds what was kept, and by which document.
	export := string(p.SignInAs("head").Do(http.MethodGet, "/api/authority/money/export.csv?from=2026-03-01&to=2026-04-30", nil).Expect(http.StatusOK).Body)
	if !strings.Contains(export, ";зачислено по решению;") || !strings.Contains(export, ";43250,01;онлайн, ПШЭП;R-") {
		t.Errorf("%s", export)
	}

	// What the gateway gave back closes the case by itself: there is nothing to decide.
	p, _, id = parked(t)
	p.Gateway.Switch(mockgateway.Faults{Drop: true})
	p.GiveBack(id)
	head = p.SignInAs("head")
	head.Do(http.MethodPost, caseOf(head)+"/close", decision("returned", "так")).ExpectProblem(http.StatusConflict, "case_closed")
	if d := money(head); len(d.Cases) != 0 || d.Closed[0].ClosedHow != "refunded" {
		t.Errorf("%+v", d)
	}
}

// Money is kept for a budget: an authority whose requisites are not filled in is told so.
func TestNothingIsKeptForNoBudget(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	_, _ = p.Filed(catalog.Person)
	const missing = "the gateway's payment of nobody"
	err := p.DB.Exec(`INSERT INTO money_cases (id, fingerprint, list, reason, gateway, gateway_id, reference, theirs_amount_tiyn, theirs_state, theirs_receipt, found_at)
		SELECT gen_random_uuid(), 'x', 'paid_without_application', 'unknown_invoice', 'online', gateway_id, ?, 4325000, 'paid', 'R-n', now() FROM gateway_payments`, missing).Error
	if err != nil {
		t.Fatal(err)
	}
	head := p.SignInAs("head")
	path := caseOf(head) + "/close"
	const ours = " WHERE code = (SELECT authority_code FROM applications)"
	var before string
	requisites := func(sql string, to ...any) {
		if err := p.DB.Raw(sql+ours+" RETURNING requisites", to...).Scan(&before).Error; err != nil {
			t.Fatal(err)
		}
	}
	requisites("UPDATE authorities SET code = code")
	was := before
	requisites("UPDATE authorities SET requisites = '{}'")
	head.Do(http.MethodPost, path, decision("kept", "так")).ExpectProblem(http.StatusConflict, "requisites_missing")
	requisites("UPDATE authorities SET requisites = ?", was)
	head.Do(http.MethodPost, path, decision("kept", "так")).Expect(http.StatusOK)
}

// S7.1: a request for the certificate ends by itself when the gateway gives the money back by itself, by whatever road that is known: the payer sees it
// at once and is written to once, and nobody can sign or decline any more.
func TestARequestEndsWhenTheGatewayGivesBack(t *testing.T) {
	t.Parallel()
	for name, learn := range map[string]func(p *servertest.Portal) error{
		"notice": func(p *servertest.Portal) error { p.Notify(); return nil },
		"status": func(p *servertest.Portal) error {
			p.Clock.Move(5 * time.Minute)
			return p.Applications.RefreshOpenPayments(t.Context())
		},
		"report": func(p *servertest.Portal) error {
			p.Clock.Move(24 * time.Hour)
			return p.Applications.ReconcilePayments(t.Context())
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, applicant, id := parked(t)
			giveUp(applicant, id).Expect(http.StatusOK)
			head := p.SignInAs("head")
			path := refundOf(head)
			var to servertest.ToSign
			head.Do(http.MethodPost, path+"/document", nil).Expect(http.StatusOK).JSON(&to)
			if name != "notice" {
				p.Gateway.Switch(mockgateway.Faults{Drop: true})
			}
			p.GiveBack(id)
			if err := learn(p); err != nil {
				t.Fatal(err)
			}
			head, applicant = p.SignInAs("head"), p.SignInAs("person")
			if d := money(head); len(d.Refunds) != 0 || len(d.Cases) != 0 || d.Closed[0].ClosedHow != "refunded" {
				t.Errorf("%+v", d)
			}
			if mine := myPayments(applicant)[0]; mine.Refund != "returned" || mine.Refunded != "43250.01" || mine.Parked != "" || mine.MayGiveUp {
				t.Errorf("%+v", mine)
			}
			if m := moneyOf(applicant, id); len(m.Refunds) != 1 || m.Refunds[0].State != "returned" {
				t.Errorf("%+v", m)
			}
			head.Do(http.MethodPost, path+"/sign", map[string]any{"digest": to.Digest, "signature": head.Sign(to.Content)}).ExpectProblem(http.StatusConflict, "state_changed")
			head.Do(http.MethodPost, path+"/decline", remark("нет")).ExpectProblem(http.StatusConflict, "state_changed")
			// Told by another road again, nothing happens again.
			p.Clock.Move(48 * time.Hour)
			for _, again := range []func() error{
				func() error { return p.Applications.ReconcilePayments(t.Context()) },
				func() error { return p.Applications.RefreshOpenPayments(t.Context()) },
			} {
				if err := again(); err != nil {
					t.Fatal(err)
				}
			}
			if n := p.Count("SELECT count(*) FROM journal WHERE application_id = ? AND action = 'money_returned' AND actor_role = 'gateway'", id); n != 1 {
				t.Errorf("%d rows in the journal", n)
			}
			if n := p.Count("SELECT count(*) FROM outbox WHERE payload::text LIKE '%payment_returned%'"); n != 1 {
				t.Errorf("written to %d times", n)
			}
			if n := p.Count("SELECT count(*) FROM ledger_entries WHERE kind = 'refunded'"); n != 1 {
				t.Errorf("booked %d times", n)
			}
		})
	}
}

// A case that is closed does not hold its payer up: the invoice is replaced, and can be paid.
func TestAClosedCaseHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	p, applicant, id := parked(t)
	head := p.SignInAs("head")
	path := caseOf(head)
	p.Gateway.Switch(mockgateway.Faults{Silent: true})
	head.Do(http.MethodPost, path+"/close", decision("returned", "Возвращено банком")).ExpectProblem(http.StatusServiceUnavailable, "gateway_silent")
	p.Gateway.Switch(mockgateway.Faults{})
	head.Do(http.MethodPost, path+"/close", decision("returned", "Возвращено банком")).Expect(http.StatusOK)
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
	head.Do(http.MethodPost, path+"/close", decision("returned", "так")).ExpectProblem(http.StatusConflict, "refund_under_way")
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
	both.Do(http.MethodPost, path+"/close", decision("kept", "так")).Expect(http.StatusNotFound)
	giveUp(director, id).Expect(http.StatusOK)
	refund := refundOf(head)
	if d := money(both); len(d.Refunds) != 0 {
		t.Errorf("he sees %+v", d.Refunds)
	}
	both.Do(http.MethodPost, refund+"/document", nil).Expect(http.StatusNotFound)
	both.Do(http.MethodPost, refund+"/decline", remark("нет")).Expect(http.StatusNotFound)
}
