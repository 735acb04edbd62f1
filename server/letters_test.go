package server_test

import (
	"net/http"
	"strings"
	"testing"

	"elicensing/server/catalog"
	"elicensing/server/servertest"
)

// "Start" leads to the draft that exists already, one per service, kind and applicant.
func TestStartingTwiceGivesTheSameDraft(t *testing.T) {
	p := servertest.New(t)
	person := p.SignInAs("person")
	first := startDraft(t, person)
	var again struct{ ID string }
	person.Do(http.MethodPost, "/api/applications", map[string]string{"service": "medical-activity", "kind": "licence", "applicantKind": "person"}).
		Expect(http.StatusOK).JSON(&again)
	if again.ID != first {
		t.Errorf("draft %s, then %s", first, again.ID)
	}
}

// R10.4: each step sends its letter after the commit, one of each, without anything personal in it.
func TestLettersReachTheApplicant(t *testing.T) {
	p := servertest.New(t)
	_, a := p.Filed(catalog.Person)
	p.Deliver()
	p.InReview(a.ID)
	p.Deliver()
	p.Deliver()
	letters, err := p.Mail.Latest(20)
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, l := range letters {
		all.WriteString(l.To + "\n" + l.Subject + "\n" + l.Text)
	}
	text := all.String()
	for _, want := range []string{"өтініш қабылданды", "тіркелді", "толықтығы тексерілуде", "қаралуда", p.URL + "/applications/" + a.ID, a.Number} {
		if !strings.Contains(text, want) {
			t.Errorf("no letter says %q:\n%s", want, text)
		}
	}
	for _, personal := range []string{"123456789011", "ТЕСТОВ"} {
		if strings.Contains(text, personal) {
			t.Errorf("a letter holds %q", personal)
		}
	}
	if len(letters) != 4 || p.Count("SELECT count(*) FROM outbox WHERE done_at IS NULL") != 0 {
		t.Errorf("%d letters", len(letters))
	}
	var shown struct {
		Letters []struct{ To, Subject, Text, At string }
	}
	p.Anonymous().Do(http.MethodGet, "/api/demo/mail", nil).Expect(http.StatusOK).JSON(&shown)
	if len(shown.Letters) != len(letters) {
		t.Fatalf("%d of %d letters are shown", len(shown.Letters), len(letters))
	}
	for i, l := range shown.Letters {
		if l.To != letters[i].To || l.Subject != letters[i].Subject || l.Text != letters[i].Text || l.At == "" {
			t.Errorf("letter %d is shown as %+v", i, l)
		}
	}
}
