package calendar_test

import (
	"testing"
	"time"

	"elicensing/server/calendar"
)

func at(t *testing.T, c *calendar.Calendar, s string) time.Time {
	t.Helper()
	v, err := time.ParseInLocation("2006-01-02 15:04", s, c.Zone())
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestTerms(t *testing.T) {
	c := load(t)
	for _, tc := range []struct {
		filed string
		days  int
		start calendar.StartRule
		first string
		due   string
	}{
		// The example of facts.md §9, both readings.
		{"2026-03-02 10:00", 15, calendar.NextWorkingDay, "2026-03-03", "2026-03-27 17:30"},
		{"2026-03-02 10:00", 15, calendar.FilingDay, "2026-03-02", "2026-03-26 17:30"},
		// The example of the design: 16 December is skipped.
		{"2026-11-26 15:06", 15, calendar.NextWorkingDay, "2026-11-27", "2026-12-18 17:30"},
		// Filed on a day off, or after closing: the next working day is day 1 under both rules.
		{"2026-11-28 12:00", 2, calendar.NextWorkingDay, "2026-11-30", "2026-12-01 17:30"},
		{"2026-11-28 12:00", 2, calendar.FilingDay, "2026-11-30", "2026-12-01 17:30"},
		{"2026-11-26 17:30", 2, calendar.FilingDay, "2026-11-27", "2026-11-30 17:30"},
		{"2026-11-26 17:29", 2, calendar.FilingDay, "2026-11-26", "2026-11-27 17:30"},
		{"2026-11-26 08:00", 1, calendar.FilingDay, "2026-11-26", "2026-11-26 17:30"},
		{"2026-11-26 08:00", 1, calendar.NextWorkingDay, "2026-11-27", "2026-11-27 17:30"},
		// Over the change of the zone.
		{"2024-02-29 10:00", 2, calendar.NextWorkingDay, "2024-03-01", "2024-03-04 17:30"},
		// A swapped Saturday counts.
		{"2018-04-27 10:00", 2, calendar.NextWorkingDay, "2018-04-28", "2018-05-02 17:30"},
	} {
		term, err := c.Term(at(t, c, tc.filed), tc.days, tc.start)
		if err != nil {
			t.Errorf("%s: %v", tc.filed, err)
			continue
		}
		if term.FirstDay.String() != tc.first || !term.Due.Equal(at(t, c, tc.due)) {
			t.Errorf("filed %s, %d days, %s: first %s, due %s; want %s, %s", tc.filed, tc.days, tc.start, term.FirstDay, term.Due, tc.first, tc.due)
		}
	}
}

func TestTheDaysOfATermAreAllThereWithTheirReasons(t *testing.T) {
	c := load(t)
	term, err := c.Term(at(t, c, "2026-11-26 15:06"), 15, calendar.NextWorkingDay)
	if err != nil {
		t.Fatal(err)
	}
	if len(term.Days) != 23 || term.Days[0].Kind != calendar.Filed || term.Days[22].Kind != calendar.Due {
		t.Fatalf("%d days: %+v", len(term.Days), term.Days)
	}
	number := 0
	for i, d := range term.Days {
		if d.Date != date(t, "2026-11-26").AddDays(i) {
			t.Errorf("day %d is %s", i, d.Date)
		}
		if d.Kind == calendar.Counted || d.Kind == calendar.Due {
			if number++; d.Number != number {
				t.Errorf("%s has number %d, want %d", d.Date, d.Number, number)
			}
		}
		if d.Kind == calendar.Skipped && d.Reason.KK == "" {
			t.Errorf("%s is skipped without a reason", d.Date)
		}
	}
	sixteenth := term.Days[20]
	if sixteenth.Kind != calendar.Skipped || sixteenth.Reason.RU != "День Независимости" || sixteenth.Reason.KK != "Тәуелсіздік күні" {
		t.Errorf("16 December: %+v", sixteenth)
	}
}

func TestATermRefusesNonsense(t *testing.T) {
	c := load(t)
	for _, n := range []int{0, -1} {
		if _, err := c.Term(at(t, c, "2026-03-02 10:00"), n, calendar.NextWorkingDay); err == nil {
			t.Errorf("a term of %d days", n)
		}
		if _, err := c.EndOfWorkingDay(at(t, c, "2026-03-02 10:00"), n); err == nil {
			t.Errorf("the end of day %d", n)
		}
	}
	if _, err := c.Term(at(t, c, "2026-03-02 10:00"), 2, ""); err == nil {
		t.Error("a term without a start rule")
	}
}

// S4.3, S4.4: the last moment of the completeness check.
func TestTheEndOfTheSecondWorkingDay(t *testing.T) {
	c := load(t)
	for _, tc := range []struct{ received, end string }{
		{"2026-11-26 15:06", "2026-11-30 17:30"}, // as the design shows
		{"2026-11-27 23:59", "2026-12-01 17:30"},
		{"2026-11-28 00:00", "2026-12-01 17:30"}, // Saturday
		{"2026-03-05 09:00", "2026-03-10 17:30"}, // 8 March moved to Monday
		{"2024-02-28 10:00", "2024-03-01 17:30"}, // over the change of the zone
		{"2024-02-29 23:30", "2024-03-04 17:30"},
		{"2025-12-31 10:00", "2026-01-06 17:30"},
	} {
		end, err := c.EndOfWorkingDay(at(t, c, tc.received), 2)
		if err != nil || !end.Equal(at(t, c, tc.end)) {
			t.Errorf("received %s: %s (%v), want %s", tc.received, end, err, tc.end)
		}
	}
}

// I13: for every day of the known years the due date equals one counted over a plain list of
// working days, which knows nothing of how Term walks.
func TestEveryTermEqualsAPlainCount(t *testing.T) {
	c := load(t)
	first, last := c.Years()
	var working []calendar.Date
	for d := (calendar.Date{Year: first, Month: 1, Day: 1}); d.Year <= last; d = d.AddDays(1) {
		if day, err := c.Day(d, calendar.FiveDay); err != nil {
			t.Fatal(err)
		} else if day.Kind == calendar.Working {
			working = append(working, d)
		}
	}
	next := 0 // index of the first working day after d
	for d := (calendar.Date{Year: first, Month: 1, Day: 1}); ; d = d.AddDays(1) {
		for next < len(working) && !working[next].After(d) {
			next++
		}
		if next+15 > len(working) {
			break
		}
		filed := time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, c.Zone())
		for _, n := range []int{2, 15} {
			term, err := c.Term(filed, n, calendar.NextWorkingDay)
			if err != nil {
				t.Fatal(err)
			}
			want := working[next+n-1]
			if c.DateOf(term.Due) != want || term.Due.Format("15:04") != "17:30" {
				t.Fatalf("filed %s, %d days: due %s, want %s", d, n, term.Due, want)
			}
		}
	}
}

// 8 and 9 March 2026 are days off: Friday the 6th is followed by Tuesday the 10th.
func TestWorkingDaysAfter(t *testing.T) {
	c := load(t)
	for _, tc := range []struct {
		from, to string
		want     int
	}{
		{"2026-03-05", "2026-03-10", 2},
		{"2026-03-06", "2026-03-10", 1},
		{"2026-03-08", "2026-03-10", 1},
		{"2026-03-10", "2026-03-10", 0},
		{"2026-03-11", "2026-03-10", 0},
	} {
		got, err := c.WorkingDaysAfter(date(t, tc.from), date(t, tc.to))
		if err != nil || got != tc.want {
			t.Errorf("%s to %s: %d (%v), want %d", tc.from, tc.to, got, err, tc.want)
		}
	}
}

func TestAddWorkingDays(t *testing.T) {
	c := load(t)
	for _, tc := range []struct {
		from string
		n    int
		want string
	}{
		{"2026-03-06", 1, "2026-03-10"},
		{"2026-03-06", 0, "2026-03-06"},
		{"2026-03-07", 0, "2026-03-10"},
		{"2026-03-10", -1, "2026-03-06"},
		{"2026-03-09", -2, "2026-03-05"},
	} {
		got, err := c.AddWorkingDays(date(t, tc.from), tc.n)
		if err != nil || got.String() != tc.want {
			t.Errorf("%s %+d: %s (%v), want %s", tc.from, tc.n, got, err, tc.want)
		}
	}
}
