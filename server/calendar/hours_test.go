package calendar_test

import (
	"testing"

	"elicensing/server/calendar"
)

// R5.1, R5.2, S8.1, S8.4: norms of 15 and 60 minutes count working time only.
func TestAddWorkingMinutes(t *testing.T) {
	c := load(t)
	for _, tc := range []struct {
		from    string
		minutes int
		want    string
	}{
		{"2026-11-26 15:06", 15, "2026-11-26 15:21"}, // as the design shows
		{"2026-11-26 12:45", 15, "2026-11-26 13:00"}, // ends with the break, not after it
		{"2026-11-26 12:46", 15, "2026-11-26 14:31"},
		{"2026-11-26 13:30", 15, "2026-11-26 14:45"}, // comes in the break
		{"2026-11-26 17:30", 15, "2026-11-27 09:15"}, // comes at closing
		{"2026-11-26 17:20", 15, "2026-11-27 09:05"},
		{"2026-11-26 17:00", 60, "2026-11-27 09:30"},
		{"2026-11-26 03:00", 60, "2026-11-26 10:00"},
		{"2026-11-27 18:00", 15, "2026-11-30 09:15"}, // over the weekend
		{"2026-03-06 17:29", 15, "2026-03-10 09:14"}, // over the moved day off
		{"2026-11-28 12:00", 0, "2026-11-30 09:00"},  // from when time runs
		{"2026-11-26 09:00", 420, "2026-11-26 17:30"},
		{"2024-02-29 17:29", 15, "2024-03-01 09:14"}, // over the change of the zone
	} {
		got, err := c.AddWorkingMinutes(at(t, c, tc.from), tc.minutes)
		if err != nil || !got.Equal(at(t, c, tc.want)) {
			t.Errorf("%s + %d min: %s (%v), want %s", tc.from, tc.minutes, got, err, tc.want)
		}
	}
}

func TestWorkingMinutesBetween(t *testing.T) {
	c := load(t)
	for _, tc := range []struct {
		a, b string
		want int
	}{
		{"2026-11-26 09:00", "2026-11-26 17:30", 420}, // seven hours
		{"2026-11-26 12:50", "2026-11-26 14:40", 20},
		{"2026-11-26 17:00", "2026-11-30 09:10", 30 + 420 + 10},
		{"2026-11-28 10:00", "2026-11-29 10:00", 0},
		{"2026-11-26 10:00", "2026-11-26 10:00", 0},
		{"2026-11-26 10:30", "2026-11-26 10:00", -30},
		{"2024-02-29 09:00", "2024-03-01 17:30", 840},
	} {
		got, err := c.WorkingMinutesBetween(at(t, c, tc.a), at(t, c, tc.b))
		if err != nil || got != tc.want {
			t.Errorf("%s … %s: %d (%v), want %d", tc.a, tc.b, got, err, tc.want)
		}
	}
}

func TestOpenNow(t *testing.T) {
	c := load(t)
	for _, tc := range []struct {
		at        string
		authority bool
		centre    bool
	}{
		{"2026-11-26 08:59", false, false},
		{"2026-11-26 09:00", true, true},
		{"2026-11-26 13:00", false, true},
		{"2026-11-26 14:30", true, true},
		{"2026-11-26 17:30", false, true},
		{"2026-11-26 20:00", false, false},
		{"2026-11-28 10:00", false, true}, // Saturday
		{"2026-11-29 10:00", false, false},
		{"2026-12-16 10:00", false, false}, // holiday
		{"2026-03-25 10:00", false, true},  // moved for the five-day week only
	} {
		a, errA := c.OpenAt(at(t, c, tc.at), c.Authority())
		s, errS := c.OpenAt(at(t, c, tc.at), c.Centre())
		if errA != nil || errS != nil || a != tc.authority || s != tc.centre {
			t.Errorf("%s: authority %v, centre %v (%v, %v)", tc.at, a, s, errA, errS)
		}
	}
	if c.Authority().Week != calendar.FiveDay || c.Centre().Week != calendar.SixDay {
		t.Error("the weeks of the schedules")
	}
}
