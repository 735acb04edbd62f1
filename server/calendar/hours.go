package calendar

import (
	"fmt"
	"time"
)

const (
	authoritySchedule = "authority"
	centreSchedule    = "centre"
)

// Schedule is a week and the hours of each of its working days.
type Schedule struct {
	Week    Week     `json:"week"`
	Periods []Period `json:"periods"` // in order, without overlap; a break is the gap between two
}

// Period is a span of working time within a day, in minutes after midnight.
type Period struct {
	Open  int `json:"open"`
	Close int `json:"close"`
}

// Authority is the schedule of the authorities (S8.1): Monday to Friday, with a break.
func (c *Calendar) Authority() Schedule { return c.schedules[authoritySchedule] }

// Centre is the schedule of the service centres (S8.2): Monday to Saturday, without a break.
func (c *Calendar) Centre() Schedule { return c.schedules[centreSchedule] }

func (s scheduleData) schedule() (Schedule, error) {
	if s.Week != FiveDay && s.Week != SixDay {
		return Schedule{}, fmt.Errorf("schedule %q: unknown week %q", s.ID, s.Week)
	}
	marks := []string{s.Open, s.Close}
	if s.Break != nil {
		marks = []string{s.Open, s.Break.From, s.Break.To, s.Close}
	}
	var minutes []int
	for _, m := range marks {
		t, err := time.Parse("15:04", m)
		if err != nil {
			return Schedule{}, fmt.Errorf("schedule %q: %q is not a time", s.ID, m)
		}
		n := t.Hour()*60 + t.Minute()
		if len(minutes) > 0 && n <= minutes[len(minutes)-1] {
			return Schedule{}, fmt.Errorf("schedule %q: %s is out of order", s.ID, m)
		}
		minutes = append(minutes, n)
	}
	out := Schedule{Week: s.Week}
	for i := 0; i < len(minutes); i += 2 {
		out.Periods = append(out.Periods, Period{Open: minutes[i], Close: minutes[i+1]})
	}
	return out, nil
}

// OpenAt is true when the moment is within working time of the schedule; the closing minute
// itself is not.
func (c *Calendar) OpenAt(t time.Time, s Schedule) (bool, error) {
	spans, err := c.spans(c.DateOf(t), s)
	if err != nil {
		return false, err
	}
	for _, sp := range spans {
		if !t.Before(sp.open) && t.Before(sp.close) {
			return true, nil
		}
	}
	return false, nil
}

type span struct{ open, close time.Time }

// spans are the working times of one day; none on a day off.
func (c *Calendar) spans(d Date, s Schedule) ([]span, error) {
	day, err := c.Day(d, s.Week)
	if err != nil || day.Kind != Working {
		return nil, err
	}
	out := make([]span, len(s.Periods))
	for i, p := range s.Periods {
		out[i] = span{c.at(d, p.Open), c.at(d, p.Close)}
	}
	return out, nil
}

func (c *Calendar) at(d Date, minute int) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, minute, 0, 0, c.zone)
}

// AddWorkingMinutes is the moment when so many minutes of the authority's working time have
// passed since from (norms of 15 and 60 minutes, R5.1). What comes outside working time starts
// at the next opening (S8.4). Zero or fewer minutes give the moment from which time runs.
func (c *Calendar) AddWorkingMinutes(from time.Time, minutes int) (time.Time, error) {
	left := time.Duration(max(minutes, 0)) * time.Minute
	from = from.In(c.zone)
	for d := c.DateOf(from); ; d = d.AddDays(1) {
		spans, err := c.spans(d, c.Authority())
		if err != nil {
			return time.Time{}, err
		}
		for _, sp := range spans {
			start := later(from, sp.open)
			if !start.Before(sp.close) {
				continue
			}
			if end := start.Add(left); !end.After(sp.close) {
				return end, nil
			}
			left -= sp.close.Sub(start)
		}
	}
}

// WorkingMinutesBetween counts the whole minutes of the authority's working time from a to b;
// negative when b is before a.
func (c *Calendar) WorkingMinutesBetween(a, b time.Time) (int, error) {
	if b.Before(a) {
		n, err := c.WorkingMinutesBetween(b, a)
		return -n, err
	}
	var total time.Duration
	last := c.DateOf(b)
	for d := c.DateOf(a); !d.After(last); d = d.AddDays(1) {
		spans, err := c.spans(d, c.Authority())
		if err != nil {
			return 0, err
		}
		for _, sp := range spans {
			start, end := later(a, sp.open), earlier(b, sp.close)
			if end.After(start) {
				total += end.Sub(start)
			}
		}
	}
	return int(total / time.Minute), nil
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
