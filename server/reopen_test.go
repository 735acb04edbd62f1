package server_test

import (
	"errors"
	"net/http"
	"slices"
	"testing"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"elicensing/payments"
	"elicensing/server/catalog"
	"elicensing/server/servertest"
)

// A request that cannot be reopened, because another draft has been begun, stays as it was: signed, and payable on the same page.
func TestReopeningBesideAnotherDraft(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	applicant, id := p.At("awaiting_payment")
	applicant.Do(http.MethodPost, "/api/applications/"+id+"/pay", nil).Expect(http.StatusOK)
	other := applicant.Begin(catalog.Person)
	applicant.Do(http.MethodPost, "/api/applications/"+id+"/reopen", nil).ExpectProblem(http.StatusConflict, "draft_exists")
	if now := applicant.Read(id); now.State != "awaiting_payment" || now.Invoice == nil || now.Invoice.State != "open" {
		t.Fatalf("after the refusal: %s %+v", now.State, now.Invoice)
	}
	if n := p.Count("SELECT count(*) FROM gateway_payments WHERE state = 'voided'"); n != 0 {
		t.Error("the payment was closed for nothing")
	}
	applicant.Do(http.MethodDelete, "/api/applications/"+other.ID, nil).Expect(http.StatusNoContent)
	if now := applicant.Act(id, "reopen", nil); now.State != "draft" {
		t.Errorf("without the other draft: %s", now.State)
	}
}

// A reopening that was cut short after the gateway had closed the payment leaves a request that can still be paid: on a new page, without a
// word of a rate that has not changed (I8, I28).
func TestPayingAfterAReopeningWasCutShort(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	applicant, id := p.At("awaiting_payment")
	applicant.Do(http.MethodPost, "/api/applications/"+id+"/pay", nil).Expect(http.StatusOK)
	invoices, err := p.Payments.ByApplication(t.Context(), uuid.MustParse(id))
	if err != nil || len(invoices) != 1 {
		t.Fatal(invoices, err)
	}
	killed := errors.New("killed here")
	err = p.Payments.Cancel(t.Context(), invoices[0].ID, p.Applications.FilePaid, func(*gorm.DB, payments.Invoice) error { return killed })
	if !errors.Is(err, killed) {
		t.Fatal(err)
	}
	applicant.Pay(id, "card", "succeeds")
	p.Notify()
	if now := applicant.Read(id); now.State != "filed" || now.Invoice.State != "paid" || now.Invoice.Amount != "43250.00" {
		t.Errorf("after paying: %s %+v", now.State, now.Invoice)
	}
}

// Pressed in several windows at once a request is reopened once, and only the press that did it is told so.
func TestReopeningAtOnce(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	applicant, id := p.At("awaiting_payment")
	applicant.Do(http.MethodPost, "/api/applications/"+id+"/pay", nil).Expect(http.StatusOK)
	answers := make(chan int, 8)
	for range 8 {
		go func() { answers <- applicant.Do(http.MethodPost, "/api/applications/"+id+"/reopen", nil).Status }()
	}
	var got []int
	for range 8 {
		got = append(got, <-answers)
	}
	slices.Sort(got)
	if got[0] != http.StatusOK || got[1] != http.StatusConflict || got[7] != http.StatusConflict {
		t.Errorf("answers %v, want one 200 and seven 409", got)
	}
	if n := p.Count("SELECT count(*) FROM journal WHERE action = 'reopen'"); n != 1 {
		t.Errorf("reopened %d times", n)
	}
}

// Browsers that return while the notice files the application are shown the filed application, not a conflict.
func TestReturningFromPayingAtOnce(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	applicant, id := p.At("awaiting_payment")
	applicant.Pay(id, "card", "succeeds")
	answers := make(chan int, 12)
	for range 12 {
		go func() { answers <- applicant.Do(http.MethodPost, "/api/applications/"+id+"/payment", nil).Status }()
	}
	for range 12 {
		if status := <-answers; status != http.StatusOK {
			t.Errorf("answer %d", status)
		}
	}
	if now := applicant.Read(id); now.State != "filed" {
		t.Errorf("state %s", now.State)
	}
}

// A reopened draft may be thrown away: nothing was filed, its signature was set aside, and the journal keeps that all of it happened.
func TestDiscardingAReopenedDraft(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	applicant, id := p.At("awaiting_payment")
	applicant.Do(http.MethodDelete, "/api/applications/"+id, nil).ExpectProblem(http.StatusConflict, "state_changed")
	applicant.Act(id, "reopen", nil)
	applicant.Do(http.MethodDelete, "/api/applications/"+id, nil).Expect(http.StatusNoContent)
	applicant.Do(http.MethodGet, "/api/applications/"+id, nil).Expect(http.StatusNotFound)
	if n := p.Count("SELECT count(*) FROM journal WHERE application_id = ? AND action IN ('create', 'sign', 'reopen', 'discard')", id); n != 4 {
		t.Errorf("%d rows in the journal", n)
	}
	if again := applicant.Begin(catalog.Person); again.ID == id {
		t.Error("the discarded draft is back")
	}
}
