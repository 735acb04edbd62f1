package server_test

import (
	"net/http"
	"testing"

	"github.com/google/uuid"

	"elicensing/server/catalog"
	"elicensing/server/servertest"
)

func reassignment(executor string) map[string]any {
	return map[string]any{"executorId": executor, "resolution": "Исполнитель болен, передать"}
}

// R5.2: the file of an executor who is away goes to another one; nothing that was done is lost and no limit moves (I14).
func TestReassigning(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	applicant, id := p.At("in_review")
	head, former, next := p.SignInAs("head"), p.SignInAs("executor-1"), p.SignInAs("executor-2")
	before := head.Read(id)
	limits := func() string {
		var s string
		p.DB.Raw("SELECT concat(step_started_at, step_due_at, due_at, completeness_closes_at, checklist) FROM applications WHERE id = ?", id).Scan(&s)
		return s
	}
	held := limits()
	if !before.Offers("reassign") || former.Read(id).Offers("reassign") {
		t.Fatal("reassigning is the head's alone")
	}
	head.Act(id, "reassign", reassignment(p.ExecutorID("executor-2")))
	if limits() != held {
		t.Errorf("limits or checklist moved:\n%s\n%s", held, limits())
	}
	former.Do(http.MethodPost, "/api/applications/"+id+"/prepare-licence", nil).ExpectProblem(http.StatusForbidden, "not_your_step")
	if done := next.Act(id, "prepare-licence", nil); done.State != "licence_prepared" {
		t.Errorf("the new executor's step: %s", done.State)
	}
	for reader, c := range map[string]*servertest.Client{"applicant": applicant, "head": head} {
		var seen struct {
			Executor struct{ ID string }
			History  []struct {
				Action, ActorName string
				Params            map[string]any
			}
		}
		c.Do(http.MethodGet, "/api/applications/"+id, nil).Expect(http.StatusOK).JSON(&seen)
		found := 0
		for _, e := range seen.History {
			if e.Action != "reassign" {
				continue
			}
			found++
			if reader == "head" && (e.Params["former"] != p.ExecutorID("executor-1") || e.Params["executor"] != p.ExecutorID("executor-2") || e.Params["resolution"] == "" || e.ActorName == "") {
				t.Errorf("the journal says %+v", e)
			}
			if reader == "applicant" && (len(e.Params) > 0 || e.ActorName != "") {
				t.Errorf("the applicant reads %+v", e)
			}
		}
		if found != 1 || seen.Executor.ID != p.ExecutorID("executor-2") {
			t.Errorf("%s sees %d reassignments, executor %s", reader, found, seen.Executor.ID)
		}
	}
}

// The case it is for: the executor was dismissed, and nobody else can do anything.
func TestReassigningAfterADismissal(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	_, id := p.At("assigned")
	if err := p.Identity.DismissEmployee(t.Context(), uuid.MustParse(p.ExecutorID("executor-1"))); err != nil {
		t.Fatal(err)
	}
	head := p.SignInAs("head")
	head.Do(http.MethodPost, "/api/applications/"+id+"/reassign", reassignment(p.ExecutorID("executor-1"))).
		ExpectProblem(http.StatusUnprocessableEntity, "executor_same")
	head.Act(id, "reassign", reassignment(p.ExecutorID("executor-2")))
	if done := p.SignInAs("executor-2").Act(id, "confirm-complete", nil); done.State != "in_review" {
		t.Error(done.State)
	}
}

func TestWhatReassigningRefuses(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	_, id := p.At("assigned")
	head := p.SignInAs("head")
	path := "/api/applications/" + id + "/reassign"
	otherAuthority(t, p)
	var foreign, chancery string
	p.DB.Raw("SELECT id FROM employees WHERE authority_code = '03'").Scan(&foreign)
	p.DB.Raw("SELECT id FROM employees WHERE roles = '{chancery}'").Scan(&chancery)
	for name, who := range map[string]string{"nobody": uuid.NewString(), "of another authority": foreign, "not an executor": chancery, "no id": "x"} {
		if r := head.Do(http.MethodPost, path, reassignment(who)); r.Status != http.StatusUnprocessableEntity || r.Code() != "executor_unknown" {
			t.Errorf("%s: %d %s", name, r.Status, r.Code())
		}
	}
	head.Do(http.MethodPost, path, map[string]any{"executorId": p.ExecutorID("executor-2"), "resolution": " \n"}).ExpectProblem(http.StatusUnprocessableEntity, "resolution_missing")
	if n := p.Count("SELECT count(*) FROM journal WHERE action = 'reassign'"); n != 0 {
		t.Errorf("%d rows for refused reassignments", n)
	}
}

// I16: an executor is not given the case of his own organisation, whoever of it signed.
func TestNobodyGetsTheCaseOfHisOrganisation(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	const iin = "123456789055"
	_, a := p.Filed(catalog.Entity)
	colleague(t, p, iin) // signs in for the organisation, and does nothing else
	both := official(t, p, iin)
	both.Do(http.MethodGet, "/api/applications/"+a.ID, nil).Expect(http.StatusNotFound)
	for _, list := range []string{"/api/authority/queue?show=all", "/api/authority/journal"} {
		p.SignInAs("chancery").Do(http.MethodPost, "/api/applications/"+a.ID+"/register", nil)
		if seen := both.Do(http.MethodGet, list, nil).Expect(http.StatusOK); containsID(seen, a.ID) {
			t.Errorf("the case of his organisation is in %s", list)
		}
	}
	var employee string
	p.DB.Raw("SELECT id FROM employees WHERE iin = ?", iin).Scan(&employee)
	head := p.SignInAs("head")
	head.Do(http.MethodPost, "/api/applications/"+a.ID+"/assign", reassignment(employee)).ExpectProblem(http.StatusUnprocessableEntity, "executor_own_case")
	head.Act(a.ID, "assign", reassignment(p.ExecutorID("executor-1")))
	head.Do(http.MethodPost, "/api/applications/"+a.ID+"/reassign", reassignment(employee)).ExpectProblem(http.StatusUnprocessableEntity, "executor_own_case")
}

// R5.2, R7: who was dismissed is offered to no head and gets no case, neither a new one nor one of a colleague.
func TestADismissedExecutorGetsNoCase(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	_, fresh := p.At("registered")
	_, held := p.At("assigned")
	head, dismissed := p.SignInAs("head"), p.ExecutorID("executor-2")
	if r := head.Do(http.MethodGet, "/api/authority/executors", nil).Expect(http.StatusOK); !containsID(r, dismissed) {
		t.Fatalf("the executor is not offered at all: %s", r.Body)
	}
	if err := p.Identity.DismissEmployee(t.Context(), uuid.MustParse(dismissed)); err != nil {
		t.Fatal(err)
	}
	if r := head.Do(http.MethodGet, "/api/authority/executors", nil).Expect(http.StatusOK); containsID(r, dismissed) || !containsID(r, p.ExecutorID("executor-1")) {
		t.Errorf("offered: %s", r.Body)
	}
	for id, action := range map[string]string{fresh: "assign", held: "reassign"} {
		if r := head.Do(http.MethodPost, "/api/applications/"+id+"/"+action, reassignment(dismissed)); r.Status != http.StatusUnprocessableEntity || r.Code() != "executor_unknown" {
			t.Errorf("%s: %d %s", action, r.Status, r.Code())
		}
	}
}
