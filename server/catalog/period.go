package catalog

import (
	"slices"
	"time"
)

// Period is a length of work in the speciality (SF5.6).
type Period struct {
	Years  int `json:"years"`
	Months int `json:"months"`
	Days   int `json:"days"`
}

// Experience adds up the work record of the form (SF5.6). The first and the last day of work both
// count; a row without a last day lasts until today; days that several rows cover count once. Full
// months and days are counted by the calendar within each unbroken stretch; where several stretches
// leave a rest of days, the rests are added with 30 days to a month. So one stretch that is a day
// short of five years stays short, and broken work is not cut down. Rows whose dates are missing or
// wrong do not count. False when the form for this applicant asks for no work record.
func (s *Service) Experience(kind ApplicantKind, answers Answers, today time.Time) (Period, bool) {
	for _, sec := range s.Sections {
		if !appliesTo(sec.For, kind) {
			continue
		}
		for _, f := range sec.Fields {
			if f.Length != nil && appliesTo(f.For, kind) {
				return f.Length.total(answers.Rows(f.ID), today), true
			}
		}
	}
	return Period{}, false
}

func (v *validation) period(path string, f Field, value any) {
	if f.Length == nil {
		return
	}
	total := f.Length.total(rowsOf(value), v.today)
	if total.Years < f.Length.MinYears {
		v.fail(path, CodePeriodTooShort, "min", f.Length.MinYears, "years", total.Years, "months", total.Months, "days", total.Days)
	}
}

type stretch struct{ from, until time.Time } // until is the day after the last

func (l Length) total(rows []Answers, today time.Time) Period {
	tomorrow := civil(today).AddDate(0, 0, 1)
	var list []stretch
	for _, row := range rows {
		from, ok := parseDay(row.String(l.From))
		if !ok {
			continue
		}
		until := tomorrow
		if last := row.String(l.To); last != "" {
			day, ok := parseDay(last)
			if !ok {
				continue
			}
			until = day.AddDate(0, 0, 1)
		}
		if until.After(tomorrow) {
			until = tomorrow // work that is still to come is not experience
		}
		if from.Before(until) {
			list = append(list, stretch{from, until})
		}
	}
	slices.SortFunc(list, func(a, b stretch) int { return a.from.Compare(b.from) })

	var merged []stretch
	for _, s := range list {
		if n := len(merged); n > 0 && !s.from.After(merged[n-1].until) {
			if s.until.After(merged[n-1].until) {
				merged[n-1].until = s.until
			}
			continue
		}
		merged = append(merged, s)
	}
	var months, days, rests int
	for _, s := range merged {
		m := (s.until.Year()-s.from.Year())*12 + int(s.until.Month()) - int(s.from.Month())
		if addMonths(s.from, m).After(s.until) {
			m--
		}
		months += m
		if rest := int(s.until.Sub(addMonths(s.from, m)) / (24 * time.Hour)); rest > 0 {
			days += rest
			rests++
		}
	}
	if rests > 1 {
		months, days = months+days/30, days%30
	}
	return Period{Years: months / 12, Months: months % 12, Days: days}
}

func parseDay(s string) (time.Time, bool) {
	if !isDate(s) {
		return time.Time{}, false
	}
	t, err := time.Parse(time.DateOnly, s)
	return t, err == nil
}

// civil is the day of t, at midnight UTC, so that days can be subtracted.
func civil(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// addMonths keeps to the last day of a shorter month: 31 January and one month is 28 February.
func addMonths(t time.Time, n int) time.Time {
	y, m, d := t.Date()
	first := time.Date(y, m+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(d, last)-1)
}
