package server_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"elicensing/server/servertest"
)

type journalEvent struct {
	Action, ActorName string
	Params            map[string]any
}

// wholeJournal reads the journal of an application to its end.
func wholeJournal(c *servertest.Client, id string) (events []journalEvent, pages int) {
	c.Portal.T.Helper()
	for next := ""; ; {
		var page struct {
			Events []journalEvent
			Next   string
		}
		c.Do(http.MethodGet, "/api/applications/"+id+"/journal?cursor="+next, nil).Expect(http.StatusOK).JSON(&page)
		events, pages, next = append(events, page.Events...), pages+1, page.Next
		if next == "" {
			return events, pages
		}
	}
}

// What the head wrote on returning a decision, and what the returned decision said, stay readable after the next one is prepared: by officials. The
// applicant learns of neither, not even when all is signed.
func TestReturnedDecisionsStayInTheJournal(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	applicant, id := p.At("refusal_prepared")
	head, executor := p.SignInAs("head"), p.SignInAs("executor-1")
	head.Act(id, "return", map[string]any{"remarks": "Проверьте срок договора ещё раз"})
	executor.Act(id, "prepare-licence", nil)
	head.SignResult(id)

	said := map[string][]string{}
	events, _ := wholeJournal(executor, id)
	for _, e := range events {
		remarks, _ := e.Params["remarks"].(string)
		said[e.Action] = append(said[e.Action], remarks)
		if reasons, ok := e.Params["reasons"].([]any); ok {
			for _, r := range reasons {
				ground := r.(map[string]any)
				said[e.Action] = append(said[e.Action], ground["code"].(string)+" "+ground["reason"].(string)+" "+ground["requirement"].(string))
			}
		}
	}
	const ground = "S10.3 Срок договора аренды истёк premises"
	for action, want := range map[string]string{"prepare_refusal": ground, "return": "Проверьте срок договора ещё раз|" + ground} {
		if got := strings.TrimPrefix(strings.Join(said[action], "|"), "|"); got != want {
			t.Errorf("the journal says of %s: %q, want %q", action, got, want)
		}
	}
	mine := string(applicant.Do(http.MethodGet, "/api/applications/"+id, nil).Expect(http.StatusOK).Body)
	for _, secret := range []string{"Проверьте срок", "аренды истёк", "prepare_refusal", `"return"`, "remarks"} {
		if strings.Contains(mine, secret) {
			t.Errorf("the applicant reads %q", secret)
		}
	}
	applicant.Do(http.MethodGet, "/api/applications/"+id+"/journal", nil).ExpectProblem(http.StatusForbidden, "officials_only")
}

// The journal tells which requirement was marked and how; the note stays in the checklist.
func TestTheJournalNamesTheMarkedRequirements(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	_, id := p.At("in_review")
	executor := p.SignInAs("executor-1")
	mark := map[string]any{"requirement": "premises", "met": "no", "note": "Договор ТЕСТОВА истёк"}
	executor.Do(http.MethodPut, "/api/applications/"+id+"/checklist", map[string]any{"marks": []any{mark}}).Expect(http.StatusOK)
	events, _ := wholeJournal(executor, id)
	last := events[len(events)-1]
	said, err := json.Marshal(last.Params)
	if err != nil {
		t.Fatal(err)
	}
	if last.Action != "save_checklist" || string(said) != `{"marks":{"premises":"no"}}` {
		t.Errorf("%s %s", last.Action, said)
	}
}

// Whoever has a returned decision to prepare anew sees so in the work, among the rest, until it is prepared, the work goes on with the review, or the
// applicant takes the application back.
func TestAReturnedDecisionIsMarkedInTheWork(t *testing.T) {
	t.Parallel()
	remarks := map[string]any{"remarks": "Проверьте срок договора"}
	for _, c := range []struct{ state, prepare, then, show string }{
		{"licence_prepared", "", "prepare-licence", "all"},
		{"refusal_prepared", "", "prepare-licence", "all"},
		{"assigned", "prepare-refusal", "confirm-complete", "all"},
		{"licence_prepared", "", "withdraw", "done"},
	} {
		t.Run(c.state+" "+c.then, func(t *testing.T) {
			t.Parallel()
			p := servertest.New(t)
			applicant, id := p.At(c.state)
			head, executor := p.SignInAs("head"), p.SignInAs("executor-1")
			marked := func(when, show string, want bool) {
				t.Helper()
				var list struct {
					Items []struct {
						ID       string
						Returned bool
					}
				}
				executor.Do(http.MethodGet, "/api/authority/queue?show="+show, nil).Expect(http.StatusOK).JSON(&list)
				if len(list.Items) != 1 || list.Items[0].ID != id || list.Items[0].Returned != want {
					t.Errorf("%s: %+v", when, list.Items)
				}
			}
			if c.prepare != "" {
				executor.Act(id, c.prepare, incomplete)
			}
			marked("prepared", "all", false)
			head.Act(id, "return", remarks)
			marked("returned", "all", true)
			who := executor
			if c.then == "withdraw" {
				who = applicant
			}
			who.Act(id, c.then, nil)
			marked("after "+c.then, c.show, false)
		})
	}
}

// Officials read the whole journal: scans that came and went, saved marks, every refused signature. Page by page, each row once.
func TestTheWholeJournal(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	person := p.SignInAs("person")
	a := person.Begin("person")
	if err := p.DB.Exec(`INSERT INTO journal (at, application_id, action, from_state, to_state, actor_role)
		SELECT now(), ?, (ARRAY['attach', 'detach', 'sign_failed'])[1 + i % 3], 'draft', 'draft', 'applicant' FROM generate_series(1, 180) i`, a.ID).Error; err != nil {
		t.Fatal(err)
	}
	_, id := p.At("in_review")
	head := p.SignInAs("head")
	events, pages := wholeJournal(head, id)
	if want := p.Count("SELECT count(*) FROM journal WHERE application_id = ?", id); id != a.ID || int64(len(events)) != want || pages != 4 {
		t.Errorf("%d rows on %d pages, the journal holds %d", len(events), pages, want)
	}
	count := map[string]int{}
	for _, e := range events {
		count[e.Action]++
	}
	if count["attach"] != 60 || count["detach"] != 60 || count["sign_failed"] != 60 || count["save_checklist"] != 1 || count["create"] != 1 {
		t.Errorf("%v", count)
	}
	for _, cursor := range []string{"x", "-1", "99999999999999999999"} {
		head.Do(http.MethodGet, "/api/applications/"+id+"/journal?cursor="+cursor, nil).ExpectProblem(http.StatusBadRequest, "cursor")
	}
}

// I3: the record of a signature with another's key names both, who was signed in and whose key it was. Officials read it; neither the applicant's
// page nor the log does.
func TestAWrongKeyIsNamedInTheJournal(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	person, id := p.At("draft")
	to := person.Prepare(id, "document")
	wrong := base64.StdEncoding.EncodeToString(p.SignAs("sole-trader", to.Content, true))
	person.Do(http.MethodPost, "/api/applications/"+id+"/sign", map[string]any{"digest": to.Digest, "signature": wrong}).
		ExpectProblem(http.StatusUnprocessableEntity, "signer_not_applicant")
	holder, err := p.CA.Holder("sole-trader")
	if err != nil {
		t.Fatal(err)
	}
	iin := strings.TrimPrefix(holder.Certificate.Subject.SerialNumber, "IIN")
	if n := p.Count(`SELECT count(*) FROM journal WHERE application_id = ? AND action = 'sign_failed' AND actor_iin = '123456789011'
		AND details->>'signerIin' = ? AND details->>'certificate' = ? AND details->>'signerName' <> ''`, id, iin, holder.Certificate.SerialNumber.Text(16)); n != 1 {
		t.Errorf("%d rows name both", n)
	}
	if strings.Contains(p.Log.String(), iin) {
		t.Error("the log holds the IIN")
	}
	if body := string(person.Do(http.MethodGet, "/api/applications/"+id, nil).Expect(http.StatusOK).Body); strings.Contains(body, iin) {
		t.Error("the applicant's page names the other person")
	}
	person.SignRequest(id)
	person.Pay(id, "card", "succeeds")
	p.Notify()
	events, _ := wholeJournal(p.SignInAs("chancery"), id)
	named := false
	for _, e := range events {
		named = named || e.Action == "sign_failed" && e.Params["signerIin"] == iin
	}
	if !named {
		t.Error("officials do not read whose key it was")
	}
}
