package server_test

import (
	"net/http"
	"testing"
	"time"

	"elicensing/server/servertest"
)

// The two working days of S4.3 and S4.4 to the second: the ground S10.7 is open at the last second and closed at the next (I13).
func TestIncompletenessClosesAfterTwoWorkingDays(t *testing.T) {
	t.Parallel()
	grounds := map[string]any{"grounds": []any{map[string]any{"code": "S10.7", "reason": "Нет справки о регистрации"}}}
	for _, c := range []struct {
		name   string
		at     time.Time // filed Friday 27 March 2026, 10:00; the second working day is Tuesday 31 March, to 17:30
		status int
	}{
		{"the last second", time.Date(2026, 3, 31, 12, 29, 59, 0, time.UTC), http.StatusOK},
		{"the first second after", time.Date(2026, 3, 31, 12, 30, 0, 0, time.UTC), http.StatusConflict},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := servertest.New(t)
			_, id := p.At("assigned")
			p.Clock.Set(c.at)
			executor := p.SignInAs("executor-1")
			seen := executor.Read(id)
			for _, g := range seen.Grounds {
				if g.Code == "S10.7" && g.Open != (c.status == http.StatusOK) {
					t.Errorf("the page is told open=%v", g.Open)
				}
			}
			r := executor.Do(http.MethodPost, "/api/applications/"+id+"/prepare-refusal", grounds).Expect(c.status)
			if c.status != http.StatusOK && r.Code() != "two_days_passed" {
				t.Errorf("code %q", r.Code())
			}
		})
	}
	t.Run("after completeness was confirmed", func(t *testing.T) {
		t.Parallel()
		p := servertest.New(t)
		_, id := p.At("in_review")
		p.SignInAs("executor-1").Do(http.MethodPost, "/api/applications/"+id+"/prepare-refusal", grounds).ExpectProblem(http.StatusUnprocessableEntity, "grounds_invalid")
	})
	t.Run("other grounds wait for the review", func(t *testing.T) {
		t.Parallel()
		p := servertest.New(t)
		_, id := p.At("assigned")
		p.SignInAs("executor-1").Do(http.MethodPost, "/api/applications/"+id+"/prepare-refusal", servertest.Refusal()).ExpectProblem(http.StatusUnprocessableEntity, "grounds_invalid")
	})
}
