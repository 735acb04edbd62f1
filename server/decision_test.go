package server_test

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"elicensing/server"
	"elicensing/server/application"
	"elicensing/server/servertest"
	"elicensing/signing"
	"elicensing/signing/pades"
)

var incomplete = map[string]any{"grounds": []any{map[string]any{"code": "S10.7", "reason": "Нет справки о регистрации"}}}

// A decision is printed with the name of the head for whom it was drawn: a colleague's signature under it would make a document that contradicts itself.
func TestAHeadSignsOnlyWhatWasDrawnForHim(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	_, id := p.At("licence_prepared")
	to := p.SignInAs("head").Prepare(id, "result-document")
	colleague := official(t, p, "123456789066")
	colleague.Do(http.MethodPost, "/api/applications/"+id+"/sign-result", map[string]any{"digest": to.Digest, "signature": colleague.Sign(to.Content)}).
		ExpectProblem(http.StatusConflict, "document_outdated")
	if done := colleague.SignResult(id); done.State != "issued" {
		t.Errorf("with a document of his own: %s", done.State)
	}
}

// What the head is shown after he has asked for the document is what he signs, byte for byte; a colleague reads the draft without a number.
func TestAHeadReadsWhatHeSigns(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	_, id := p.At("licence_prepared")
	head, colleague := p.SignInAs("head"), official(t, p, "123456789066")
	read := func(c *servertest.Client) []byte {
		return c.Do(http.MethodGet, "/api/applications/"+id+"/result-draft.pdf", nil).Expect(http.StatusOK).Body
	}
	if _, err := pades.Open(read(head)); err == nil {
		t.Error("before it is asked for there is a document to sign")
	}
	to := head.Prepare(id, "result-document")
	shown, err := pades.Open(read(head))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(shown.SignedBytes(), to.Content) {
		t.Error("the head is shown another document than he signs")
	}
	p.Clock.Move(12 * time.Minute) // a decision takes its time to read, within the session
	if later := head.Prepare(id, "result-document"); !bytes.Equal(later.Content, to.Content) {
		t.Error("after a while the head signs another document than the one he has read")
	}
	if _, err := pades.Open(read(colleague)); err == nil {
		t.Error("a colleague is shown the document of another head")
	}
}

// S4.3: the refusal for incompleteness is given within the two working days; what was proposed in time and lay unsigned is not signed later (I13).
func TestIncompletenessIsSignedWithinTwoWorkingDays(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		at   time.Time
		open bool
	}{
		"the last second":        {time.Date(2026, 3, 31, 12, 29, 59, 0, time.UTC), true},
		"the first second after": {time.Date(2026, 3, 31, 12, 30, 0, 0, time.UTC), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := servertest.New(t)
			_, id := p.At("assigned")
			p.Clock.Set(c.at.Add(-5 * time.Minute))
			executor, head := p.SignInAs("executor-1"), p.SignInAs("head")
			executor.Act(id, "prepare-refusal", incomplete)
			to := head.Prepare(id, "result-document")
			body := map[string]any{"digest": to.Digest, "signature": head.Sign(to.Content)}
			p.Clock.Set(c.at)
			if head.Read(id).Offers("sign_result") != c.open {
				t.Errorf("signing is offered: %v", !c.open)
			}
			if c.open {
				head.Act(id, "sign-result", body)
				return
			}
			head.Do(http.MethodPost, "/api/applications/"+id+"/sign-result", body).ExpectProblem(http.StatusConflict, "two_days_passed")
			head.Do(http.MethodPost, "/api/applications/"+id+"/result-document", nil).ExpectProblem(http.StatusConflict, "two_days_passed")
			head.Act(id, "return", map[string]any{"remarks": "Срок прошёл"})
			if now := executor.Act(id, "confirm-complete", nil); now.State != "in_review" {
				t.Errorf("the work does not go on: %s", now.State)
			}
		})
	}
}

// nightfall is a verification that lasts until the next day.
type nightfall struct {
	application.Verifier
	until func()
}

func (n nightfall) Accept(ctx context.Context, cms, content []byte, p signing.Policy) (signing.Report, signing.Accepted, error) {
	r, accepted, err := n.Verifier.Accept(ctx, cms, content, p)
	n.until()
	return r, accepted, err
}

// The date of issue in the register is the one that is printed, also when midnight in Kazakhstan passes while the signature is being checked.
func TestSigningAtMidnight(t *testing.T) {
	t.Parallel()
	until := func() {}
	p := servertest.New(t, func(d *server.Deps) {
		deps := d.Applications.Deps
		deps.Verifier = nightfall{deps.Verifier, func() { until() }}
		made, err := application.New(deps)
		if err != nil {
			t.Fatal(err)
		}
		d.Applications = made
	})
	_, id := p.At("licence_prepared")
	p.Clock.Set(time.Date(2026, 3, 30, 18, 59, 59, 0, time.UTC)) // 23:59:59 in Kazakhstan
	head := p.SignInAs("head")
	to := head.Prepare(id, "result-document")
	until = func() { p.Clock.Set(time.Date(2026, 3, 30, 19, 0, 0, 0, time.UTC)) }
	head.Do(http.MethodPost, "/api/applications/"+id+"/sign-result", map[string]any{"digest": to.Digest, "signature": head.Sign(to.Content)}).
		ExpectProblem(http.StatusConflict, "document_outdated")
	done := head.SignResult(id)
	var l struct{ IssuedOn string }
	p.Anonymous().Do(http.MethodGet, "/api/licences/"+done.Result.LicenceNumber, nil).Expect(http.StatusOK).JSON(&l)
	if l.IssuedOn != "2026-03-31" {
		t.Errorf("issued on %s", l.IssuedOn)
	}
}

// A number that was taken and will not be used has a record of why (I1).
func TestNumbersThatAreNotUsed(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	applicant, id := p.At("licence_prepared")
	head := p.SignInAs("head")
	head.Prepare(id, "result-document")
	head.Act(id, "return", map[string]any{"remarks": "Уточните"})
	applicant.Act(id, "withdraw", nil)
	if n := p.Count("SELECT count(*) FROM licence_numbers WHERE application_id = ? AND voided_at IS NOT NULL AND void_reason = 'withdrawn'", id); n != 1 {
		t.Errorf("%d numbers voided by the withdrawal", n)
	}
	if n := p.Count("SELECT count(*) FROM order_numbers WHERE application_id = ? AND number = 1 AND void_reason = 'withdrawn'", id); n != 1 {
		t.Errorf("%d orders voided by the withdrawal", n)
	}
	_, id = p.At("refusal_prepared")
	head.Prepare(id, "result-document")
	p.Clock.Set(time.Date(2027, 1, 5, 5, 0, 0, 0, time.UTC))
	head = p.SignInAs("head")
	head.Prepare(id, "result-document")
	if n := p.Count("SELECT count(*) FROM counters WHERE series = 'outgoing/13' AND last = 1"); n != 2 {
		t.Errorf("a letter of January has the number of the year before: %d years counted", n)
	}
}

// The annex names the order with which the licence is issued (facts §10). Its number is of a series of the authority and the year, without gaps: one
// that the decision did not come to use is voided with the reason (I1).
func TestTheOrderOfALicence(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	head, executor := p.SignInAs("head"), p.SignInAs("executor-1")
	issue := func(id, number string, dates ...string) {
		t.Helper()
		head.SignResult(id)
		pdf := head.Do(http.MethodGet, "/api/applications/"+id+"/files/result.pdf", nil).Expect(http.StatusOK).Body
		text := strings.Join(strings.Fields(tool(t, "pdftotext", "-raw", "-enc", "UTF-8", write(t, "licence.pdf", pdf), "-")), " ")
		for _, want := range dates {
			if !strings.Contains(text, want) {
				t.Errorf("the annex does not say %q: %s", want, text)
			}
		}
		if n := p.Count("SELECT count(*) FROM journal WHERE application_id = ? AND action = 'sign_result' AND details->>'order' = ?", id, number); n != 1 {
			t.Errorf("%d rows of the journal name the order %s", n, number)
		}
	}
	_, first := p.At("licence_prepared")
	issue(first, "1", "приказ от 27 марта 2026 года № 1", "2026 жылғы 27 наурыздағы № 1 бұйрық")

	_, second := p.At("licence_prepared")
	head.Prepare(second, "result-document")
	head.Act(second, "return", map[string]any{"remarks": "Уточните"})
	executor.Act(second, "prepare-refusal", servertest.Refusal())
	head.Prepare(second, "result-document")
	if n := p.Count("SELECT count(*) FROM order_numbers WHERE application_id = ? AND number = 2 AND void_reason = 'refused'", second); n != 1 {
		t.Errorf("%d orders voided by the refusal", n)
	}

	_, third := p.At("licence_prepared")
	head.Prepare(third, "result-document")
	p.Clock.Set(time.Date(2027, 1, 5, 5, 0, 0, 0, time.UTC))
	head = p.SignInAs("head")
	issue(third, "1", "приказ от 5 января 2027 года № 1")
	if n := p.Count("SELECT count(*) FROM order_numbers WHERE application_id = ? AND year = 2026 AND number = 3 AND void_reason = 'year_ended'", third); n != 1 {
		t.Errorf("%d orders voided by the end of the year", n)
	}
}

// However often a draft's scans were changed, and a checklist saved, the history holds every step.
func TestHistoryIsNotCrowdedOut(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	applicant := p.SignInAs("person")
	a := applicant.Begin("person")
	err := p.DB.Exec(`INSERT INTO journal (at, application_id, action, from_state, to_state, actor_role)
		SELECT now(), ?, (ARRAY['attach', 'detach'])[1 + i % 2], 'draft', 'draft', 'applicant' FROM generate_series(1, 1500) i`, a.ID).Error
	if err != nil {
		t.Fatal(err)
	}
	err = p.DB.Exec(`INSERT INTO journal (at, application_id, action, from_state, to_state, actor_role)
		SELECT now(), ?, 'sign_failed', 'draft', 'draft', 'applicant' FROM generate_series(1, 1500) i`, a.ID).Error
	if err != nil {
		t.Fatal(err)
	}
	_, again := p.At("registered")
	if again != a.ID {
		t.Fatal("another draft")
	}
	for who, c := range map[string]*servertest.Client{"applicant": applicant, "head": p.SignInAs("head")} {
		var steps []string
		for _, e := range c.Read(a.ID).History {
			if e.Action != "sign_failed" {
				steps = append(steps, e.Action)
			}
		}
		if failed := len(c.Read(a.ID).History) - len(steps); (who == "head" && failed != 20) || (who != "head" && failed != 0) {
			t.Errorf("%s reads %d refused signatures", who, failed)
		}
		if got := strings.Join(steps, " "); got != "create sign file register" {
			t.Errorf("%s reads %s", who, got)
		}
	}
}

// What a refusal says of a requirement is one of the declared ones, on every ground.
func TestRequirementsOfARefusalAreDeclared(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	_, id := p.At("in_review")
	executor := p.SignInAs("executor-1")
	for _, requirement := range []string{"unknown", strings.Repeat("x", 60)} {
		executor.Do(http.MethodPost, "/api/applications/"+id+"/prepare-refusal", map[string]any{"grounds": []any{
			map[string]any{"code": "S10.1", "reason": "Запрещено законом", "basis": "Закон № 1", "requirement": requirement}}}).
			ExpectProblem(http.StatusUnprocessableEntity, "grounds_invalid")
	}
}

// Opening the result is recorded once, when its applicant reads it; an official's reading and a HEAD record nothing (R10.7, I21).
func TestOpeningTheResult(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	applicant, id := p.At("refused")
	path := "/api/applications/" + id + "/files/result.pdf"
	opened := func() int64 {
		return p.Count("SELECT count(*) FROM journal WHERE application_id = ? AND action = 'open_result'", id)
	}
	applicant.Do(http.MethodHead, path, nil, servertest.Bad())
	p.SignInAs("head").Do(http.MethodGet, path, nil).Expect(http.StatusOK)
	if n := opened(); n != 0 || applicant.Read(id).Result.OpenedAt != "" {
		t.Errorf("%d openings before the applicant opened it", n)
	}
	for range 3 {
		applicant.Do(http.MethodGet, path, nil).Expect(http.StatusOK)
	}
	if n := opened(); n != 1 || applicant.Read(id).Result.OpenedAt == "" {
		t.Errorf("%d openings in the journal", n)
	}
}
