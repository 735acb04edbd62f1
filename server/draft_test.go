package server_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"elicensing/server/catalog"
	"elicensing/server/servertest"
)

// An authority that begins to take applications after a draft has named it: the draft needs no second saving.
func TestAnAuthorityThatCameLater(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	c := p.SignInAs("person")
	a := c.Begin(catalog.Person)
	answers := servertest.Answers(catalog.Person)
	answers["licensor"] = "03"
	c.Do(http.MethodPut, "/api/applications/"+a.ID+"/answers", map[string]any{"revision": a.Revision, "answers": answers}).Expect(http.StatusOK)
	c.Do(http.MethodPost, "/api/applications/"+a.ID+"/document", nil).ExpectProblem(http.StatusUnprocessableEntity, "answers_incomplete")
	otherAuthority(t, p)
	if now := c.SignRequest(a.ID); now.State != "awaiting_payment" {
		t.Errorf("state %s", now.State)
	}
	if n := p.Count("SELECT count(*) FROM applications WHERE id = ? AND authority_code = '03'", a.ID); n != 1 {
		t.Error("the application is not the authority's")
	}
}

func TestDraftsThatCannotBeBegun(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	begin := func(who, service, kind, applicant string) *servertest.Response {
		return p.SignInAs(who).Do(http.MethodPost, "/api/applications", map[string]any{"service": service, "kind": kind, "applicantKind": applicant}, servertest.Bad())
	}
	begin("person", "medical-activity", "licence", "nobody").ExpectProblem(http.StatusUnprocessableEntity, "applicant_kind_differs")
	begin("person", "medical-activity", "licence", "").ExpectProblem(http.StatusUnprocessableEntity, "applicant_kind_differs")
	begin("person", "medical-activity", "licence", "entity").ExpectProblem(http.StatusUnprocessableEntity, "applicant_kind_differs")
	begin("director", "medical-activity", "licence", "person").ExpectProblem(http.StatusUnprocessableEntity, "applicant_kind_differs")
	begin("person", "medical-activity", "duplicate of a", "person").ExpectProblem(http.StatusUnprocessableEntity, "unknown_kind")
	begin("person", "fishing", "licence", "person").ExpectProblem(http.StatusUnprocessableEntity, "unknown_service")
	begin("head", "medical-activity", "licence", "person").ExpectProblem(http.StatusForbidden, "officials_do_not_apply")
	if n := p.Count("SELECT count(*) FROM applications"); n != 0 {
		t.Errorf("%d drafts", n)
	}
}

// Only the document that was prepared last can be signed; the ones before it are not kept, however often it is prepared.
func TestPreparingManyTimes(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	c := p.SignInAs("person")
	a := c.Draft(catalog.Person)
	first := c.Prepare(a.ID, "document")
	for range 3 {
		if again := c.Prepare(a.ID, "document"); again.Digest != first.Digest {
			t.Error("what was read is not what is asked to be signed, though nothing has changed")
		}
	}
	save := func() {
		now := c.Read(a.ID)
		c.Do(http.MethodPut, "/api/applications/"+a.ID+"/answers", map[string]any{"revision": now.Revision, "answers": servertest.Answers(catalog.Person)}).Expect(http.StatusOK)
	}
	save()
	changed := c.Prepare(a.ID, "document")
	if changed.Digest == first.Digest {
		t.Error("a changed draft is signed as what it was before")
	}
	// The form is dated: yesterday's is not signed, and another is made.
	p.Clock.Move(24 * time.Hour)
	c.SignIn("person").Expect(http.StatusOK)
	c.Do(http.MethodPost, "/api/applications/"+a.ID+"/sign", map[string]any{"digest": changed.Digest, "signature": c.Sign(changed.Content)}).
		ExpectProblem(http.StatusConflict, "document_outdated")
	if c.Prepare(a.ID, "document").Digest == changed.Digest {
		t.Error("the form of yesterday is signed today")
	}
	if n := p.Count("SELECT count(*) FROM request_documents WHERE application_id = ?", a.ID); n != 1 {
		t.Errorf("%d documents are kept", n)
	}
	c.Do(http.MethodPost, "/api/applications/"+a.ID+"/sign", map[string]any{"digest": first.Digest, "signature": c.Sign(first.Content)}).
		ExpectProblem(http.StatusConflict, "document_outdated")
	c.SignRequest(a.ID)
	c.Act(a.ID, "reopen", nil)
	c.SignRequest(a.ID)
	if n := p.Count("SELECT count(*) FROM request_documents d JOIN signatures s ON s.content_digest = d.digest WHERE d.application_id = ?", a.ID); n != 2 {
		t.Errorf("%d of 2 signed documents are kept", n)
	}
}

// What one confirms can be read before, as it will be signed and marked as a draft; of a draft that lacks more there is nothing to read.
func TestTheRequestIsReadBeforeItsConfirmations(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	c := p.SignInAs("person")
	a := c.Begin(catalog.Person)
	save := func(change func(map[string]any)) {
		answers := servertest.Answers(catalog.Person)
		change(answers)
		c.Do(http.MethodPut, "/api/applications/"+a.ID+"/answers", map[string]any{"revision": c.Read(a.ID).Revision, "answers": answers}).Expect(http.StatusOK)
	}
	unconfirmed := func(answers map[string]any) {
		for _, one := range []string{"confirmContacts", "confirmNoBan", "confirmDocuments"} {
			delete(answers, one)
		}
	}
	read := func() *servertest.Response {
		return c.Do(http.MethodGet, "/api/applications/"+a.ID+"/request-draft.pdf", nil, servertest.Bad())
	}
	save(unconfirmed)
	text := strings.Join(strings.Fields(tool(t, "pdftotext", "-raw", "-enc", "UTF-8", write(t, "draft.pdf", read().Expect(http.StatusOK).Body), "-")), " ")
	for _, part := range []string{"Черновик для чтения", "Оқуға арналған нобай", "ТЕСТОВ ТЕСТ ТЕСТОВИЧ"} {
		if !strings.Contains(text, part) {
			t.Errorf("the draft does not say %q: %.300s", part, text)
		}
	}
	c.Do(http.MethodPost, "/api/applications/"+a.ID+"/document", nil).ExpectProblem(http.StatusUnprocessableEntity, "answers_incomplete")
	if n := p.Count("SELECT count(*) FROM request_documents WHERE application_id = ?", a.ID); n != 0 {
		t.Errorf("%d documents are kept of a draft that was only read", n)
	}
	save(func(answers map[string]any) { unconfirmed(answers); delete(answers, "email") })
	read().ExpectProblem(http.StatusUnprocessableEntity, "answers_incomplete")

	save(func(map[string]any) {})
	c.SignRequest(a.ID)
	read().ExpectProblem(http.StatusConflict, "state_changed")
}

// One cell that is too long, or into which something unseen came with a paste, keeps nothing else from being saved. It is named, and not signed.
func TestOneBadCellDoesNotKeepTheDraftFromBeingSaved(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	c := p.SignInAs("person")
	a := c.Draft(catalog.Person)
	answers := servertest.Answers(catalog.Person)
	row := answers["equipment"].([]any)[0].(map[string]any)
	row["unit"], row["name"] = "комплект (стол, стул, лампа, тумба, набор)", "Тонометр\u200b"
	answers["phone"] = "+77150000099"
	var saved struct {
		Revision int
		Issues   []struct{ Path, Code string }
	}
	c.Do(http.MethodPut, "/api/applications/"+a.ID+"/answers", map[string]any{"revision": a.Revision, "answers": answers}).Expect(http.StatusOK).JSON(&saved)
	told := fmt.Sprint(saved.Issues)
	if !strings.Contains(told, "{equipment[0].unit too_long}") || !strings.Contains(told, "{equipment[0].name bad_characters}") || saved.Revision != a.Revision+1 {
		t.Errorf("saved as %+v", saved)
	}
	c.Do(http.MethodPost, "/api/applications/"+a.ID+"/document", nil).ExpectProblem(http.StatusUnprocessableEntity, "answers_incomplete")
	var read struct {
		Answers struct {
			Phone     string
			Equipment []struct{ Unit string }
		}
	}
	c.Do(http.MethodGet, "/api/applications/"+a.ID, nil).Expect(http.StatusOK).JSON(&read)
	if read.Answers.Phone != "+77150000099" || read.Answers.Equipment[0].Unit != row["unit"] {
		t.Errorf("kept %+v", read.Answers)
	}
}
