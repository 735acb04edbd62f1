package calendar_test

import (
	"errors"
	"testing"
	"time"

	"elicensing/server/calendar"
)

func load(t *testing.T) *calendar.Calendar {
	t.Helper()
	c, err := calendar.Load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func date(t *testing.T, s string) calendar.Date {
	t.Helper()
	d, err := calendar.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// The counts of facts.md §9.
func TestWorkingDaysOfTheYears(t *testing.T) {
	c := load(t)
	for _, tc := range []struct {
		year      int
		five, six int
		offFive   int
	}{
		{2024, 249, 301, 117},
		{2025, 246, 298, 119},
		{2026, 247, 299, 118},
		{2027, 247, 299, 118},
	} {
		got := map[calendar.Week]int{}
		off := 0
		for d := (calendar.Date{Year: tc.year, Month: 1, Day: 1}); d.Year == tc.year; d = d.AddDays(1) {
			for _, w := range []calendar.Week{calendar.FiveDay, calendar.SixDay} {
				day, err := c.Day(d, w)
				if err != nil {
					t.Fatal(err)
				}
				if day.Kind == calendar.Working {
					got[w]++
				} else if w == calendar.FiveDay {
					off++
				}
				if (day.Kind == calendar.Working) != (day.Reason == calendar.Text{}) {
					t.Errorf("%s: kind %s with reason %+v", d, day.Kind, day.Reason)
				}
			}
		}
		if got[calendar.FiveDay] != tc.five || got[calendar.SixDay] != tc.six || off != tc.offFive {
			t.Errorf("%d: %v working, %d off; want %d, %d and %d", tc.year, got, off, tc.five, tc.six, tc.offFive)
		}
	}
}

func TestKindsOfDays(t *testing.T) {
	c := load(t)
	for _, tc := range []struct {
		date string
		week calendar.Week
		kind calendar.DayKind
		why  string // holiday id
	}{
		{"2026-03-08", calendar.FiveDay, calendar.Holiday, "womens_day"},
		{"2026-03-09", calendar.FiveDay, calendar.Moved, "womens_day"},
		{"2026-03-14", calendar.FiveDay, calendar.Weekend, ""},
		{"2026-03-14", calendar.SixDay, calendar.Working, ""},
		{"2026-03-25", calendar.FiveDay, calendar.Moved, "nauryz"},
		{"2026-03-25", calendar.SixDay, calendar.Working, ""},
		// 7 January and Kurban Ait do not move.
		{"2024-01-08", calendar.FiveDay, calendar.Working, ""}, // 7 January 2024 was a Sunday
		{"2024-06-16", calendar.FiveDay, calendar.Holiday, "kurban_ait"},
		{"2024-06-17", calendar.FiveDay, calendar.Working, ""},
		// Constitution Day: until 2025 in August, none in 2026, in March from 2027.
		{"2025-08-30", calendar.FiveDay, calendar.Holiday, "constitution_day"},
		{"2025-09-01", calendar.FiveDay, calendar.Moved, "constitution_day"},
		{"2026-08-31", calendar.FiveDay, calendar.Working, ""}, // 30 August 2026 is a Sunday
		{"2026-03-16", calendar.FiveDay, calendar.Working, ""}, // 15 March 2026 is a Sunday
		{"2027-03-15", calendar.FiveDay, calendar.Holiday, "constitution_day_march"},
		// Holidays that came and went.
		{"2021-12-17", calendar.FiveDay, calendar.Holiday, "independence_day_two"},
		{"2021-12-01", calendar.FiveDay, calendar.Holiday, "first_president_day"},
		{"2022-12-01", calendar.FiveDay, calendar.Working, ""},
		{"2021-10-25", calendar.FiveDay, calendar.Working, ""},
		{"2022-10-25", calendar.FiveDay, calendar.Holiday, "republic_day"},
		// 1 January 2017 was a Sunday, and the 2nd is a holiday too.
		{"2017-01-03", calendar.FiveDay, calendar.Moved, "new_year"},
		// Swaps by the Government: a Saturday that works, a Friday that does not.
		{"2018-03-03", calendar.FiveDay, calendar.Working, ""},
		{"2018-03-09", calendar.FiveDay, calendar.Moved, ""},
		{"2018-03-09", calendar.SixDay, calendar.Working, ""},
		// 9 May 2020 moved to Monday the 11th, which the Government swapped with the 8th.
		{"2020-05-11", calendar.FiveDay, calendar.Working, ""},
		{"2020-05-08", calendar.FiveDay, calendar.Moved, ""},
	} {
		day, err := c.Day(date(t, tc.date), tc.week)
		if err != nil || day.Kind != tc.kind || day.Holiday != tc.why {
			t.Errorf("%s, %s-day week: %s %q (%v), want %s %q", tc.date, tc.week, day.Kind, day.Holiday, err, tc.kind, tc.why)
		}
	}
}

func TestAnUnannouncedDateSaysSo(t *testing.T) {
	day, err := load(t).Day(date(t, "2027-05-16"), calendar.FiveDay)
	if err != nil || !day.Provisional || day.Kind != calendar.Holiday {
		t.Errorf("%+v, %v", day, err)
	}
}

// Behind the data the law's holidays and the moving rule go on, every day of them provisional: whoever has paid is filed in any year.
func TestYearsNotDecreedYetAreProvisional(t *testing.T) {
	c := load(t)
	for _, tc := range []struct {
		date string
		kind calendar.DayKind
		why  string
	}{
		{"2028-01-01", calendar.Holiday, "new_year"},
		{"2028-01-03", calendar.Moved, "new_year"}, // Saturday the 1st and Sunday the 2nd move to the next two free days
		{"2028-01-04", calendar.Moved, "new_year"},
		{"2028-01-05", calendar.Working, ""},
		{"2028-01-07", calendar.Holiday, "orthodox_christmas"},
		{"2028-01-08", calendar.Weekend, ""},
		{"2028-03-15", calendar.Holiday, "constitution_day_march"},
		{"2028-08-30", calendar.Working, ""},
	} {
		day, err := c.Day(date(t, tc.date), calendar.FiveDay)
		if err != nil || day.Kind != tc.kind || day.Holiday != tc.why || !day.Provisional {
			t.Errorf("%s: %+v (%v), want %s %q, provisional", tc.date, day, err, tc.kind, tc.why)
		}
	}
	if day, err := c.Day(date(t, "2027-12-31"), calendar.FiveDay); err != nil || day.Provisional {
		t.Errorf("the last known day: %+v, %v", day, err)
	}
	term, err := c.Term(time.Date(2027, 12, 20, 10, 0, 0, 0, c.Zone()), 15, calendar.NextWorkingDay)
	if err != nil || c.DateOf(term.Due).String() != "2028-01-13" || !term.Provisional {
		t.Errorf("a term over the end: %s, provisional %v (%v)", term.Due, term.Provisional, err)
	}
	if want := time.Date(2028, 1, 1, 0, 0, 0, 0, c.Zone()); !c.KnownUntil().Equal(want) {
		t.Errorf("known until %s, want %s", c.KnownUntil(), want)
	}
}

func TestOutsideTheDataIsAnErrorEverywhere(t *testing.T) {
	c := load(t)
	late := time.Date(2077, 12, 24, 10, 0, 0, 0, c.Zone())
	early := time.Date(2013, 12, 31, 10, 0, 0, 0, c.Zone())
	for name, err := range map[string]error{
		"day before":      second(c.Day(date(t, "2013-12-31"), calendar.FiveDay)),
		"day after":       second(c.Day(date(t, "2078-01-01"), calendar.FiveDay)),
		"term over end":   second(c.Term(late, 15, calendar.NextWorkingDay)),
		"term too early":  second(c.Term(early, 15, calendar.NextWorkingDay)),
		"working days":    second(c.AddWorkingDays(date(t, "2077-12-30"), 5)),
		"back":            second(c.AddWorkingDays(date(t, "2014-01-06"), -5)),
		"minutes":         second(c.AddWorkingMinutes(late, 60*24*30)),
		"minutes between": second(c.WorkingMinutesBetween(late, late.AddDate(1, 0, 0))),
		"end of day":      second(c.EndOfWorkingDay(time.Date(2077, 12, 31, 10, 0, 0, 0, c.Zone()), 2)),
		"open":            second(c.OpenAt(early, c.Authority())),
	} {
		if !errors.Is(err, calendar.ErrOutOfRange) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

// The zone is ours, not the machine's: UTC+6 before 1 March 2024, UTC+5 from then on.
func TestTheZoneChangesOnTheFirstOfMarch2024(t *testing.T) {
	c := load(t)
	border := time.Date(2024, 2, 29, 18, 0, 0, 0, time.UTC)
	for _, tc := range []struct {
		at     time.Time
		offset int
		local  string
	}{
		{time.Date(2014, 7, 1, 0, 0, 0, 0, time.UTC), 6, "2014-07-01 06:00"},
		{border.Add(-time.Second), 6, "2024-02-29 23:59"},
		{border, 5, "2024-02-29 23:00"},
		{border.Add(time.Hour), 5, "2024-03-01 00:00"},
		{time.Date(2035, 7, 1, 0, 0, 0, 0, time.UTC), 5, "2035-07-01 05:00"},
	} {
		local := tc.at.In(c.Zone())
		_, offset := local.Zone()
		if offset != tc.offset*3600 || local.Format("2006-01-02 15:04") != tc.local {
			t.Errorf("%s: offset %d, %s", tc.at, offset/3600, local)
		}
	}
	if got := c.DateOf(time.Date(2026, 12, 31, 19, 0, 0, 0, time.UTC)); got != (calendar.Date{Year: 2027, Month: 1, Day: 1}) {
		t.Errorf("19:00 UTC is %s in the country", got)
	}
}

func TestDatesThatAreNot(t *testing.T) {
	for _, s := range []string{"", "2026-02-29", "2026-13-01", "26-01-01", "2026-1-1", "2026-01-01T00:00:00Z", "01.02.2026"} {
		if d, err := calendar.ParseDate(s); err == nil {
			t.Errorf("%q was read as %s", s, d)
		}
	}
}
