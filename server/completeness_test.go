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
			r := executor.Do(http.MethodPost, "/api/applications/"+id+"/prepare-refusal", incomplete).Expect(c.status)
			if c.status != http.StatusOK && r.Code() != "two_days_passed" {
				t.Errorf("code %q", r.Code())
			}
		})
	}
	t.Run("after completeness was confirmed", func(t *testing.T) {
		t.Parallel()
		p := servertest.New(t)
		_, id := p.At("in_review")
		p.SignInAs("executor-1").Do(http.MethodPost, "/api/applications/"+id+"/prepare-refusal", incomplete).ExpectProblem(http.StatusUnprocessableEntity, "grounds_invalid")
	})
	t.Run("other grounds wait for the review", func(t *testing.T) {
		t.Parallel()
		p := servertest.New(t)
		_, id := p.At("assigned")
		p.SignInAs("executor-1").Do(http.MethodPost, "/api/applications/"+id+"/prepare-refusal", servertest.Refusal()).ExpectProblem(http.StatusUnprocessableEntity, "grounds_invalid")
	})
}

// The time left of a norm in working days is never more than the norm, and is counted on a day off and before opening as in the middle of a day.
func TestTheDaysLeftOfAStepAreThoseOfItsNorm(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	_, id := p.At("assigned") // Friday 27 March, 10:00; the two working days are Monday and Tuesday
	for _, c := range []struct {
		at   time.Time
		days int
	}{
		{time.Date(2026, 3, 27, 5, 30, 0, 0, time.UTC), 2},  // the day of receipt
		{time.Date(2026, 3, 29, 6, 0, 0, 0, time.UTC), 2},   // a day off before the first
		{time.Date(2026, 3, 30, 2, 0, 0, 0, time.UTC), 1},   // the first, before opening
		{time.Date(2026, 3, 30, 10, 0, 0, 0, time.UTC), 1},  // and in its middle
		{time.Date(2026, 3, 31, 2, 0, 0, 0, time.UTC), 0},   // the second, before opening
		{time.Date(2026, 3, 31, 12, 30, 1, 0, time.UTC), 0}, // over
	} {
		p.Clock.Set(c.at)
		executor := p.SignInAs("executor-1")
		type step struct{ NormWorkingDays, DaysLeft int }
		var file struct{ Step step }
		var queue struct{ Items []struct{ Step step } }
		executor.Do(http.MethodGet, "/api/applications/"+id, nil).Expect(http.StatusOK).JSON(&file)
		executor.Do(http.MethodGet, "/api/authority/queue", nil).Expect(http.StatusOK).JSON(&queue)
		if want := (step{2, c.days}); file.Step != want || len(queue.Items) != 1 || queue.Items[0].Step != want {
			t.Errorf("at %s: the file tells %+v, the queue %+v, want %+v", c.at, file.Step, queue.Items, want)
		}
	}
}

// The steps that officials are counted are those that they do: the last of them is the signature.
func TestTheLastStepOfOfficialsIsTheSignature(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	_, id := p.At("licence_prepared")
	var seen struct{ Step struct{ Number, Of int } }
	p.SignInAs("head").Do(http.MethodGet, "/api/applications/"+id, nil).Expect(http.StatusOK).JSON(&seen)
	if seen.Step.Number != 5 || seen.Step.Of != 5 {
		t.Errorf("the signature is step %d of %d", seen.Step.Number, seen.Step.Of)
	}
}

// A decision that the head returns goes back into the days that have run since the review began, not into as many anew: those would end after the
// whole term (S4.1, R5.4, I14), and what is most urgent would stand last in the work.
func TestAReturnedDecisionHasNoNewDays(t *testing.T) {
	t.Parallel()
	type step struct {
		StartedAt, DueAt time.Time
		DaysLeft         int
		Overdue          bool
	}
	for _, state := range []string{"licence_prepared", "refusal_prepared"} {
		t.Run(state, func(t *testing.T) {
			t.Parallel()
			p := servertest.New(t)
			_, id := p.At(state) // Friday 27 March, 10:00; the eleventh working day is Monday 13 April
			p.Clock.Set(time.Date(2026, 4, 9, 5, 0, 0, 0, time.UTC))
			p.SignInAs("head").Act(id, "return", map[string]any{"remarks": "Проверьте срок договора"})
			read := func() step {
				t.Helper()
				var file struct{ Step step }
				p.SignInAs("executor-1").Do(http.MethodGet, "/api/applications/"+id, nil).Expect(http.StatusOK).JSON(&file)
				return file.Step
			}
			want := step{StartedAt: servertest.Start, DueAt: time.Date(2026, 4, 13, 12, 30, 0, 0, time.UTC), DaysLeft: 2}
			if got := read(); !got.StartedAt.Equal(want.StartedAt) || !got.DueAt.Equal(want.DueAt) || got.DaysLeft != want.DaysLeft || got.Overdue {
				t.Errorf("returned: %+v, want %+v", got, want)
			}
			p.Clock.Set(time.Date(2026, 4, 13, 12, 30, 1, 0, time.UTC))
			if got := read(); !got.Overdue {
				t.Errorf("after its last day: %+v", got)
			}
		})
	}
}
