package server_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"elicensing/server/catalog"
	"elicensing/server/servertest"
	"elicensing/signing"
	"elicensing/signing/democa"
)

// colleague is another person who may sign for the director's organisation.
func colleague(t *testing.T, p *servertest.Portal, iin string) *servertest.Client {
	t.Helper()
	director, err := p.CA.Holder("director")
	if err != nil {
		t.Fatal(err)
	}
	subject := director.Certificate.Subject
	holder, err := p.CA.Issue(democa.Person{Surname: "ҮЛГІЛІ", GivenName: "АДАМ", IIN: iin, BIN: strings.TrimPrefix(subject.OrganizationalUnit[0], "BIN"), Organisation: subject.Organization[0]},
		democa.IssueOptions{Role: signing.RoleRightToSign})
	if err != nil {
		t.Fatal(err)
	}
	return p.SignInWith(holder)
}

// An organisation has one draft, whoever of its people begins; the one who signs is named in the request and has a part in the case: as an
// official he neither sees nor gets it (I16).
func TestWhoSignsForAnOrganisationDoesNotDecide(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	const iin = "123456789055"
	director, second := p.SignInAs("director"), colleague(t, p, iin)
	a := director.Draft(catalog.Entity)
	if b := second.Begin(catalog.Entity); b.ID != a.ID {
		t.Fatal("the organisation has two drafts")
	}
	second.SignRequest(a.ID)
	second.Pay(a.ID, "card", "succeeds")
	p.Notify()
	var seen struct {
		Applicant struct{ IIN, Representative string }
	}
	director.Do(http.MethodGet, "/api/applications/"+a.ID, nil).Expect(http.StatusOK).JSON(&seen)
	if seen.Applicant.IIN != iin || seen.Applicant.Representative != "ҮЛГІЛІ АДАМ" {
		t.Errorf("acts for the organisation: %+v", seen.Applicant)
	}
	both := official(t, p, iin)
	both.Do(http.MethodGet, "/api/applications/"+a.ID, nil).Expect(http.StatusNotFound)
	both.Do(http.MethodPost, "/api/applications/"+a.ID+"/register", nil).Expect(http.StatusNotFound)
	if list := string(both.Do(http.MethodGet, "/api/authority/queue?show=all", nil).Expect(http.StatusOK).Body); strings.Contains(list, a.ID) {
		t.Error("his own case is in his queue")
	}
	p.SignInAs("chancery").Act(a.ID, "register", nil)
	var employee uuid.UUID
	if err := p.DB.Raw("SELECT id FROM employees WHERE iin = ?", iin).Row().Scan(&employee); err != nil {
		t.Fatal(err)
	}
	p.SignInAs("head").Do(http.MethodPost, "/api/applications/"+a.ID+"/assign", map[string]any{"executorId": employee, "resolution": "Рассмотреть"}).
		ExpectProblem(http.StatusUnprocessableEntity, "executor_own_case")
}

// Whoever of an organisation's people reads the draft of its request finds himself as the signer, and changes nothing by reading; the page of ours
// shows it, and no cache keeps it.
func TestADraftIsReadInTheReadersName(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	director, second := p.SignInAs("director"), colleague(t, p, "123456789055")
	a := director.Draft(catalog.Entity)
	before := p.Count("SELECT count(*) FROM applications WHERE id = ? AND representative <> 'ҮЛГІЛІ АДАМ' AND document_id IS NULL", a.ID)
	for reader, named := range map[*servertest.Client]bool{director: false, second: true} {
		r := reader.Do(http.MethodGet, "/api/applications/"+a.ID+"/request-draft.pdf", nil).Expect(http.StatusOK)
		if text := tool(t, "pdftotext", "-raw", "-enc", "UTF-8", write(t, "draft.pdf", r.Body), "-"); strings.Contains(text, "ҮЛГІЛІ АДАМ") != named {
			t.Errorf("the colleague is named (want %t): %s", named, text)
		}
		if r.Header.Get("Cache-Control") != "no-store" || !strings.HasPrefix(r.Header.Get("Content-Disposition"), "inline") || r.Header.Get("X-Frame-Options") != "SAMEORIGIN" {
			t.Errorf("headers: %v", r.Header)
		}
	}
	if before != 1 || p.Count("SELECT count(*) FROM applications WHERE id = ? AND representative <> 'ҮЛГІЛІ АДАМ' AND document_id IS NULL", a.ID) != 1 {
		t.Error("reading the draft has changed it")
	}
}
