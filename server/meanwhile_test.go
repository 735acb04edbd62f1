package server_test

import (
	"context"
	"net/http"
	"slices"
	"testing"
	"time"

	"elicensing/server"
	"elicensing/server/application"
	"elicensing/server/catalog"
	"elicensing/server/servertest"
	"elicensing/signing"
)

// interrupted is a verifier in the middle of whose work something else happens, once.
type interrupted struct {
	application.Verifier
	meanwhile *func()
}

func (v interrupted) Accept(ctx context.Context, cms, content []byte, policy signing.Policy) (signing.Report, signing.Accepted, error) {
	if do := *v.meanwhile; do != nil {
		*v.meanwhile = nil
		do()
	}
	return v.Verifier.Accept(ctx, cms, content, policy)
}

// atEachLook runs before each time that the use cases look at the clock: between two of them something else may happen.
func atEachLook(look *func()) servertest.Setting {
	return func(d *server.Deps) {
		now := d.Applications.Now
		d.Applications.Now = func() time.Time {
			if do := *look; do != nil {
				do()
			}
			return now()
		}
	}
}

// I7: a draft that changes in another window while its signature is being checked is not filed with what was signed before, also when the other
// window has prepared it anew.
func TestTheDraftChangesWhileItsSignatureIsChecked(t *testing.T) {
	t.Parallel()
	var meanwhile func()
	p := servertest.New(t, func(d *server.Deps) { d.Applications.Verifier = interrupted{d.Applications.Verifier, &meanwhile} })
	applicant := p.SignInAs("person")
	a := applicant.Draft(catalog.Person)
	for _, anew := range []bool{false, true} {
		to := applicant.Prepare(a.ID, "document")
		var done []int
		meanwhile = func() {
			done = append(done, applicant.Attach(a.ID, "diplomas", "диплом.png", servertest.Picture()).Status)
			if anew {
				done = append(done, applicant.Do(http.MethodPost, "/api/applications/"+a.ID+"/document", nil).Status)
			}
		}
		r := applicant.Do(http.MethodPost, "/api/applications/"+a.ID+"/sign", map[string]any{"digest": to.Digest, "signature": applicant.Sign(to.Content)})
		if len(done) == 0 || done[0] != http.StatusNoContent || anew && done[1] != http.StatusOK {
			t.Fatalf("the draft did not change meanwhile: %v", done)
		}
		if r.Status != http.StatusConflict || r.Code() != "document_outdated" {
			t.Errorf("prepared anew %v: %d %s", anew, r.Status, r.Code())
		}
		if now := applicant.Read(a.ID); now.State != "draft" || p.Count("SELECT count(*) FROM signatures") != 0 {
			t.Fatalf("prepared anew %v: the request is %s", anew, now.State)
		}
	}
	if signed := applicant.SignRequest(a.ID); signed.State != "awaiting_payment" {
		t.Errorf("as it is now it is not signed: %s", signed.State)
	}
}

// I7: a draft that changes while its document is drawn is not fixed as that document, whether an answer was saved or a scan was added.
func TestTheDraftChangesWhileItsDocumentIsDrawn(t *testing.T) {
	t.Parallel()
	var look func()
	p := servertest.New(t, atEachLook(&look))
	applicant := p.SignInAs("person")
	a := applicant.Draft(catalog.Person)
	looks := 0
	look = func() { looks++ }
	applicant.Prepare(a.ID, "document")
	look = nil
	last := looks // the document is dated then
	for name, change := range map[string]func() *servertest.Response{
		"an answer is saved": func() *servertest.Response {
			answers := servertest.Answers(catalog.Person)
			answers["email"] = "other@example.kz"
			return applicant.Do(http.MethodPut, "/api/applications/"+a.ID+"/answers", map[string]any{"revision": applicant.Read(a.ID).Revision, "answers": answers})
		},
		"a scan is added": func() *servertest.Response {
			p.Clock.Move(time.Second)
			return applicant.Attach(a.ID, "diplomas", "диплом.png", servertest.Picture())
		},
	} {
		p.Clock.Move(time.Minute)
		applicant.Attach(a.ID, "trainingPapers", "курс.png", servertest.Picture()).Expect(http.StatusNoContent) // what was prepared before is void
		var changed *servertest.Response
		looks = 0
		look = func() {
			if looks++; looks == last {
				look = nil
				changed = change()
			}
		}
		r := applicant.Do(http.MethodPost, "/api/applications/"+a.ID+"/document", nil)
		look = nil
		if changed == nil || changed.Status >= http.StatusBadRequest {
			t.Fatalf("%s: the draft did not change meanwhile: %+v", name, changed)
		}
		if r.Status != http.StatusConflict || r.Code() != "draft_changed_elsewhere" {
			t.Errorf("%s: %d %s", name, r.Status, r.Code())
		}
		if n := p.Count("SELECT count(*) FROM applications WHERE id = ? AND document_id IS NOT NULL", a.ID); n != 0 {
			t.Errorf("%s: fixed as a document that is not the draft", name)
		}
	}
	if signed := applicant.SignRequest(a.ID); signed.State != "awaiting_payment" {
		t.Errorf("as it is now it is not signed: %s", signed.State)
	}
}

// I15: a decision that is returned and replaced while the head's document is drawn is not the one that he is given.
func TestTheDecisionChangesWhileItsDocumentIsDrawn(t *testing.T) {
	t.Parallel()
	var look func()
	p := servertest.New(t, atEachLook(&look))
	_, id := p.At("licence_prepared")
	head, executor := p.SignInAs("head"), p.SignInAs("executor-1")
	var changed []int
	look = func() {
		// Its number has been taken and the application is free again: now it is drawn.
		if p.Count("SELECT count(*) FROM order_numbers WHERE application_id = ?", id) == 0 {
			return
		}
		look = nil
		changed = append(changed, head.Do(http.MethodPost, "/api/applications/"+id+"/return", map[string]any{"remarks": "Срок аренды истёк"}).Status,
			executor.Do(http.MethodPost, "/api/applications/"+id+"/prepare-refusal", servertest.Refusal()).Status)
	}
	r := head.Do(http.MethodPost, "/api/applications/"+id+"/result-document", nil)
	if !slices.Equal(changed, []int{http.StatusOK, http.StatusOK}) {
		t.Fatalf("the decision did not change meanwhile: %v", changed)
	}
	r.ExpectProblem(http.StatusConflict, "document_outdated")
	if n := p.Count("SELECT count(*) FROM result_documents WHERE application_id = ?", id); n != 0 {
		t.Errorf("%d documents kept of a decision that was replaced", n)
	}
	if done := head.SignResult(id); done.State != "refused" {
		t.Errorf("as it is now it is not signed: %s", done.State)
	}
}
