package server_test

import (
	"net/http"
	"testing"

	"elicensing/server/catalog"
	"elicensing/server/servertest"
)

// Payment: refused then paid on the same page, reopened before paying, and one payment however often "pay" is pressed (I8, S7.1, S7.2).
func TestPayingWithObstacles(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	applicant := p.SignInAs("person")
	a := applicant.Draft(catalog.Person)
	applicant.SignRequest(a.ID)
	applicant.Pay(a.ID, "card", "refused")
	p.Notify()
	if now := applicant.Read(a.ID); now.State != "awaiting_payment" || now.Invoice.PaymentState != "refused" || now.Invoice.Amount != "43250.00" {
		t.Fatalf("after a refused card: %s %+v", now.State, now.Invoice)
	}
	applicant.Act(a.ID, "reopen", nil)
	if now := applicant.Read(a.ID); now.State != "draft" || now.Invoice != nil {
		t.Fatalf("after reopening: %s %+v", now.State, now.Invoice)
	}
	applicant.SignRequest(a.ID)
	pages := map[string]bool{}
	for range 5 {
		var page struct{ PageURL string }
		applicant.Do(http.MethodPost, "/api/applications/"+a.ID+"/pay", nil).Expect(http.StatusOK).JSON(&page)
		pages[page.PageURL] = true
	}
	if len(pages) != 1 {
		t.Errorf("%d payment pages for one invoice", len(pages))
	}
	applicant.Pay(a.ID, "card", "succeeds") // the browser never returns; the notice comes twice
	p.Notify()
	p.Notify()
	if now := applicant.Read(a.ID); now.State != "filed" || now.Invoice.State != "paid" {
		t.Errorf("after paying: %s %+v", now.State, now.Invoice)
	}
	applicant.Do(http.MethodPost, "/api/applications/"+a.ID+"/reopen", nil).ExpectProblem(http.StatusConflict, "state_changed")
	if n := p.Count("SELECT count(*) FROM journal WHERE action = 'file'"); n != 1 {
		t.Errorf("filed %d times", n)
	}
}
