package server_test

import (
	"net/http"
	"testing"
	"time"

	"elicensing/server/catalog"
	"elicensing/server/servertest"
)

// I1, S8: numbers begin anew with the year of Kazakhstan, five hours before that of UTC.
func TestNumbersBeginAnewWithKazakhstansYear(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	p.Clock.Set(time.Date(2026, 12, 31, 18, 30, 0, 0, time.UTC)) // 23:30 of 31 December
	_, old := p.At("licence_prepared")
	p.SignInAs("head").SignResult(old)
	_, a := p.Filed(catalog.Person)
	p.Clock.Set(time.Date(2026, 12, 31, 19, 30, 0, 0, time.UTC)) // 0:30 of 1 January
	_, b := p.Filed(catalog.SoleTrader)
	if a.Number != "13-2026-000002" || b.Number != "13-2027-000001" {
		t.Errorf("applications %s and %s", a.Number, b.Number)
	}
	chancery := p.SignInAs("chancery")
	for i, id := range []string{a.ID, b.ID} {
		if got, want := chancery.Act(id, "register", nil).IncomingNumber, []string{"1", "2"}[i]; got != want {
			t.Errorf("the incoming number is %s, want %s", got, want)
		}
	}
	head, executor := p.SignInAs("head"), p.SignInAs("executor-1")
	head.Act(b.ID, "assign", map[string]any{"executorId": p.ExecutorID("executor-1"), "resolution": "Рассмотреть"})
	executor.Act(b.ID, "confirm-complete", nil)
	executor.MarkAll(b.ID, "yes")
	executor.Act(b.ID, "prepare-licence", nil)
	head.Do(http.MethodPost, "/api/applications/"+b.ID+"/result-document", nil).Expect(http.StatusOK)
	if n := p.Count("SELECT count(*) FROM order_numbers WHERE application_id = ? AND year = 2027 AND number = 1", b.ID); n != 1 {
		t.Error("the order of 1 January is not the first of its year")
	}
}
