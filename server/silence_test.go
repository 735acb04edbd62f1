package server_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"elicensing/server/servertest"
)

// Until the decision is signed its applicant sees the same, whichever it is (R6, I19).
func TestNobodyLearnsOfARefusalBeforeItIsSigned(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	applicant, first := p.At("licence_prepared")
	_, second := p.At("refusal_prepared")
	for _, id := range []string{first, second} {
		body := string(applicant.Do(http.MethodGet, "/api/applications/"+id, nil).Expect(http.StatusOK).Body)
		for _, secret := range []string{"refus", "licence_prepared", "prepare_", "S10", "checklist", "decision\"", "remarks", "resolution", "Рассмотреть", "withdraw"} {
			if strings.Contains(body, secret) {
				t.Errorf("the applicant reads %q:\n%s", secret, body)
			}
		}
		applicant.Do(http.MethodGet, "/api/applications/"+id+"/files/result.pdf", nil).Expect(http.StatusNotFound)
		applicant.Do(http.MethodGet, "/api/applications/"+id+"/result-draft.pdf", nil).Expect(http.StatusForbidden)
		refused := applicant.Do(http.MethodPost, "/api/applications/"+id+"/withdraw", nil).ExpectProblem(http.StatusConflict, "state_changed")
		if state := applicant.Read(id).State; state != "decision_prepared" || strings.Contains(string(refused.Body), "_prepared\"") && !strings.Contains(string(refused.Body), "decision_prepared") {
			t.Errorf("shown as %s, refused with %s", state, refused.Body)
		}
	}
}

// A refusal for incompleteness would show itself by what has not happened before it. So nothing at all that the applicant can see changes
// while it is proposed, returned and proposed again: not the page, not the list, no letter (S4.3, S10.7).
func TestAProposedRefusalForIncompletenessShowsNothing(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	applicant, id := p.At("assigned")
	p.Deliver()
	executor, head := p.SignInAs("executor-1"), p.SignInAs("head")
	look := func() string {
		t.Helper()
		p.Deliver()
		letters, err := p.Mail.Latest(50)
		if err != nil {
			t.Fatal(err)
		}
		var all strings.Builder
		for _, l := range letters {
			all.WriteString(l.Subject + "\n")
		}
		for _, path := range []string{"/api/applications/" + id, "/api/applications"} {
			all.Write(applicant.Do(http.MethodGet, path, nil).Expect(http.StatusOK).Body)
		}
		return all.String()
	}
	before := look()
	same := func(after string) {
		t.Helper()
		if now := look(); now != before {
			t.Errorf("after %s the applicant sees\n%s\nbefore:\n%s", after, now, before)
		}
	}
	p.Clock.Move(0)
	executor.Act(id, "prepare-refusal", incomplete)
	same("the proposal")
	head.Prepare(id, "result-document")
	same("the drawing")
	head.Act(id, "return", map[string]any{"remarks": "Проверьте ещё раз"})
	same("the return")
	executor.Act(id, "prepare-refusal", incomplete)
	same("the second proposal")
	if s := head.Read(id); s.State != "refusal_prepared" || !s.Offers("sign_result") {
		t.Errorf("the head sees %s", s.State)
	}
}

// The clock may move between the steps: what the applicant sees of the running check still counts from the day of the resolution.
func TestAReturnedProposalDoesNotBeginTheTwoDaysAnew(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	applicant, id := p.At("assigned")
	var before, after struct {
		UpdatedAt string
		Step      struct{ Action, StartedAt, DueAt string }
	}
	applicant.Do(http.MethodGet, "/api/applications/"+id, nil).JSON(&before)
	p.Clock.Move(5 * time.Minute)
	p.SignInAs("executor-1").Act(id, "prepare-refusal", incomplete)
	p.Clock.Move(5 * time.Minute)
	applicant.Do(http.MethodGet, "/api/applications/"+id, nil).JSON(&after)
	if before != after {
		t.Errorf("while proposed: %+v, before %+v", after, before)
	}
	p.SignInAs("head").Act(id, "return", map[string]any{"remarks": "Проверьте ещё раз"})
	applicant.Do(http.MethodGet, "/api/applications/"+id, nil).JSON(&after)
	if before != after {
		t.Errorf("after the return: %+v, before %+v", after, before)
	}
}

// Whoever is shown "completeness is being checked" may take the request back, also while a refusal waits unsigned.
func TestTakingBackWhileIncompletenessIsProposed(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	applicant, id := p.At("assigned")
	p.SignInAs("executor-1").Act(id, "prepare-refusal", incomplete)
	head := p.SignInAs("head")
	to := head.Prepare(id, "result-document")
	if !applicant.Read(id).Offers("withdraw") {
		t.Error("taking back is not offered")
	}
	if done := applicant.Act(id, "withdraw", nil); done.State != "withdrawn" || done.Decision != nil {
		t.Errorf("%+v", done)
	}
	head.Do(http.MethodPost, "/api/applications/"+id+"/sign-result", map[string]any{"digest": to.Digest, "signature": head.Sign(to.Content)}).
		ExpectProblem(http.StatusConflict, "state_changed")
	if n := p.Count("SELECT count(*) FROM outgoing_numbers WHERE application_id = ? AND void_reason = 'withdrawn'", id); n != 1 {
		t.Errorf("%d numbers of letters voided", n)
	}
}
