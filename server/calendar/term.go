package calendar

import (
	"fmt"
	"time"
)

// StartRule says which day is day 1 of a term. The Standard can be read both ways, so it is a
// setting of the service's declaration (facts.md §4).
type StartRule string

// The start rules.
const (
	NextWorkingDay StartRule = "next_working_day" // the default: day 1 is the first working day after the day of filing
	FilingDay      StartRule = "filing_day"       // day 1 is the day of filing, when filed before closing on a working day
)

// TermDayKind is the role of a day in a term.
type TermDayKind string

// The roles. The day of filing is Filed even when it is also day 1; the last day is Due.
const (
	Filed   TermDayKind = "filed"
	Counted TermDayKind = "counted"
	Skipped TermDayKind = "skipped"
	Due     TermDayKind = "due"
)

// TermDay is one day between filing and due date, as the receipt and the cabinet show it (R6.2).
type TermDay struct {
	Date    Date        `json:"date"`
	Kind    TermDayKind `json:"kind"`
	Number  int         `json:"number,omitempty"` // 1… for days that count
	DayKind DayKind     `json:"dayKind"`
	Reason  Text        `json:"reason"` // why the day is off; empty for a working day
}

// Term is a limit in working days from filing.
type Term struct {
	Start       StartRule `json:"start"`
	WorkingDays int       `json:"workingDays"`
	FirstDay    Date      `json:"firstDay"`
	Due         time.Time `json:"due"`         // the authority's closing time on the last day
	Days        []TermDay `json:"days"`        // every day from filing to due date
	Provisional bool      `json:"provisional"` // a day of the term is not announced yet
}

// Term counts working days of the authorities' five-day week from the moment of filing (S4.1).
// A filing on a day off, or after closing under FilingDay, lets day 1 be the next working day.
func (c *Calendar) Term(filed time.Time, workingDays int, start StartRule) (Term, error) {
	if workingDays < 1 {
		return Term{}, fmt.Errorf("calendar: a term of %d working days", workingDays)
	}
	if start != NextWorkingDay && start != FilingDay {
		return Term{}, fmt.Errorf("calendar: unknown start rule %q", start)
	}
	s := c.Authority()
	closing := s.Periods[len(s.Periods)-1].Close
	t := Term{Start: start, WorkingDays: workingDays}
	filedOn := c.DateOf(filed)
	for d, n := filedOn, 0; ; d = d.AddDays(1) {
		day, err := c.Day(d, s.Week)
		if err != nil {
			return Term{}, err
		}
		t.Provisional = t.Provisional || day.Provisional
		counts := day.Kind == Working
		if d == filedOn {
			counts = counts && start == FilingDay && filed.Before(c.at(d, closing))
		}
		td := TermDay{Date: d, Kind: Skipped, DayKind: day.Kind, Reason: day.Reason}
		if counts {
			n++
			td.Kind, td.Number = Counted, n
			if n == 1 {
				t.FirstDay = d
			}
		}
		if d == filedOn {
			td.Kind = Filed
		}
		if n == workingDays {
			td.Kind = Due
			t.Days = append(t.Days, td)
			t.Due = c.at(d, closing)
			return t, nil
		}
		t.Days = append(t.Days, td)
	}
}

// AddWorkingDays gives the n-th working day of the five-day week after d, or before it for a
// negative n. For 0 it is d itself when that is a working day, else the next one.
func (c *Calendar) AddWorkingDays(d Date, n int) (Date, error) {
	step := 1
	if n < 0 {
		step, n = -1, -n
	}
	if n == 0 {
		d, n = d.AddDays(-1), 1
	}
	for {
		d = d.AddDays(step)
		day, err := c.Day(d, FiveDay)
		if err != nil {
			return Date{}, err
		}
		if day.Kind == Working {
			if n--; n == 0 {
				return d, nil
			}
		}
	}
}

// WorkingDaysAfter counts the working days of the five-day week behind a, up to and with b: how many days of a term that ends on b are left
// on day a. Zero from the last day on.
func (c *Calendar) WorkingDaysAfter(a, b Date) (int, error) {
	n := 0
	for d := a.AddDays(1); !d.After(b); d = d.AddDays(1) {
		day, err := c.Day(d, FiveDay)
		if err != nil {
			return 0, err
		}
		if day.Kind == Working {
			n++
		}
	}
	return n, nil
}

// EndOfWorkingDay is the authority's closing time on the n-th working day after the day of
// receipt. With n = 2 it is the last moment at which the check of completeness may end in a
// refusal (S4.3); after it incompleteness is no longer a ground (S4.4).
func (c *Calendar) EndOfWorkingDay(received time.Time, n int) (time.Time, error) {
	if n < 1 {
		return time.Time{}, fmt.Errorf("calendar: the end of working day %d", n)
	}
	d, err := c.AddWorkingDays(c.DateOf(received), n)
	if err != nil {
		return time.Time{}, err
	}
	s := c.Authority()
	return c.at(d, s.Periods[len(s.Periods)-1].Close), nil
}
