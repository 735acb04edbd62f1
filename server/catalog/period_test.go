package catalog

import (
	"testing"
	"time"
)

// SF5.6: five years, computed; overlaps count once.
func TestExperience(t *testing.T) {
	s := loaded(t)
	type job struct{ hired, dismissed string }
	for _, tc := range []struct {
		name string
		jobs []job
		want Period
	}{
		{"nothing", nil, Period{}},
		{"one day", []job{{"2020-01-01", "2020-01-01"}}, Period{0, 0, 1}},
		{"both ends count", []job{{"2020-01-01", "2024-12-31"}}, Period{5, 0, 0}},
		{"a day short", []job{{"2020-01-01", "2024-12-30"}}, Period{4, 11, 30}},
		{"over a leap day", []job{{"2019-03-01", "2024-02-29"}}, Period{5, 0, 0}},
		{"from a leap day", []job{{"2020-02-29", "2025-02-27"}}, Period{5, 0, 0}},
		{"until today", []job{{"2021-11-27", ""}}, Period{5, 0, 0}},
		{"until today, a day short", []job{{"2021-11-28", ""}}, Period{4, 11, 30}},
		{"overlap", []job{{"2015-01-01", "2018-12-31"}, {"2017-01-01", "2019-12-31"}}, Period{5, 0, 0}},
		{"one within another", []job{{"2015-01-01", "2019-12-31"}, {"2016-01-01", "2016-12-31"}}, Period{5, 0, 0}},
		{"the same twice", []job{{"2015-01-01", "2017-06-30"}, {"2015-01-01", "2017-06-30"}}, Period{2, 6, 0}},
		{"one after another", []job{{"2015-01-01", "2017-06-30"}, {"2017-07-01", "2019-12-31"}}, Period{5, 0, 0}},
		{"in any order", []job{{"2017-07-01", "2019-12-31"}, {"2015-01-01", "2017-06-30"}}, Period{5, 0, 0}},
		{"with a gap", []job{{"2015-01-01", "2017-06-30"}, {"2017-07-02", "2019-12-31"}}, Period{4, 11, 30}},
		{"rests of days add up", []job{{"2015-01-01", "2015-01-20"}, {"2016-01-01", "2016-01-15"}}, Period{0, 1, 5}},
		{"future work is none", []job{{"2026-11-27", ""}, {"2030-01-01", "2040-01-01"}}, Period{}},
		{"a future end counts until today", []job{{"2021-11-27", "2040-01-01"}}, Period{5, 0, 0}},
		{"turned round", []job{{"2020-01-01", "2015-01-01"}}, Period{}},
		{"wrong dates do not count", []job{{"", "2020-01-01"}, {"2015-01-01", "soon"}, {"0001-01-01", "2020-01-01"}}, Period{}},
	} {
		rows := []any{}
		for _, j := range tc.jobs {
			rows = append(rows, map[string]any{"organisation": "x", "hired": j.hired, "dismissed": j.dismissed})
		}
		got, ok := s.Experience(Person, Answers{"experience": rows}, today)
		if !ok || got != tc.want {
			t.Errorf("%s: %+v, want %+v", tc.name, got, tc.want)
		}
	}
	if _, ok := s.Experience(Entity, Answers{}, today); ok {
		t.Error("a legal entity has a work record")
	}
	if got, ok := s.Experience(Person, Answers{"experience": "x"}, today); !ok || got != (Period{}) {
		t.Errorf("a work record that is no table: %+v", got)
	}
}

func TestMonthsEndWhereTheyEnd(t *testing.T) {
	for _, tc := range []struct {
		from string
		n    int
		want string
	}{
		{"2026-01-31", 1, "2026-02-28"},
		{"2024-01-31", 1, "2024-02-29"},
		{"2024-02-29", -60, "2019-02-28"},
		{"2026-11-26", -60, "2021-11-26"},
		{"2026-12-15", 1, "2027-01-15"},
	} {
		from, _ := parseDay(tc.from)
		if got := addMonths(from, tc.n).Format(time.DateOnly); got != tc.want {
			t.Errorf("%s %+d months: %s", tc.from, tc.n, got)
		}
	}
}
