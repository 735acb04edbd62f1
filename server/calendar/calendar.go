// Package calendar knows working days, working hours and due dates of the Republic. Everything
// dated is data (calendar.yaml); the arithmetic is here. It is pure: the caller brings the time.
// Before the data a date is an error. Behind them the holidays of the law and their moving rule go
// on as they are: such a day says that it is provisional, because Kurban Ait of that year is not
// announced and the Government may yet swap days. A paid request must be filed in any year.
package calendar

import (
	"errors"
	"fmt"
	"time"
)

// ErrOutOfRange means that the calendar has no data for a day that was asked about.
var ErrOutOfRange = errors.New("calendar: the date is outside the known years")

// Calendar answers questions about days and working time. It is safe for concurrent use.
type Calendar struct {
	zone      *time.Location
	first     int
	last      int
	days      map[Week]map[Date]Day // every day that is not an ordinary working day or weekend
	schedules map[string]Schedule
}

// Load builds the calendar from the embedded data and checks it against the published tables.
func Load() (*Calendar, error) { return parse(embedded) }

func parse(raw []byte) (*Calendar, error) {
	f, err := decode(raw)
	if err != nil {
		return nil, err
	}
	zone, err := buildZone(f.Zone)
	if err != nil {
		return nil, fmt.Errorf("calendar.yaml: %w", err)
	}
	c := &Calendar{
		zone: zone, first: f.Years.First, last: f.Years.Last,
		days:      map[Week]map[Date]Day{FiveDay: f.special(FiveDay), SixDay: f.special(SixDay)},
		schedules: map[string]Schedule{},
	}
	for _, s := range f.Schedules {
		schedule, err := s.schedule()
		if err != nil {
			return nil, fmt.Errorf("calendar.yaml: %w", err)
		}
		c.schedules[s.ID] = schedule
	}
	for _, id := range []string{authoritySchedule, centreSchedule} {
		if _, ok := c.schedules[id]; !ok {
			return nil, fmt.Errorf("calendar.yaml: no schedule %q", id)
		}
	}
	if err := c.checkPublished(f.Published); err != nil {
		return nil, fmt.Errorf("calendar.yaml: %w", err)
	}
	return c, nil
}

// Zone is the one time zone of the country: UTC+6 until 1 March 2024, UTC+5 from then on.
func (c *Calendar) Zone() *time.Location { return c.zone }

// Years are the first and last years with data; what comes later is provisional.
func (c *Calendar) Years() (first, last int) { return c.first, c.last }

// KnownUntil is the first moment of the years without data.
func (c *Calendar) KnownUntil() time.Time {
	return time.Date(c.last+1, time.January, 1, 0, 0, 0, 0, c.zone)
}

// DateOf is the day in the country at the moment t.
func (c *Calendar) DateOf(t time.Time) Date { return dateIn(t.In(c.zone)) }

// checkPublished compares what the moving rule made with the official tables.
func (c *Calendar) checkPublished(tables []published) error {
	for _, p := range tables {
		for w, want := range map[Week]struct {
			moved   []Date
			working int
		}{
			FiveDay: {p.Five.Moved, p.Five.Working},
			SixDay:  {p.Six.Moved, p.Six.Working},
		} {
			var moved []Date
			working := 0
			for d := (Date{p.Year, time.January, 1}); d.Year == p.Year; d = d.AddDays(1) {
				day, err := c.Day(d, w)
				if err != nil {
					return err
				}
				switch day.Kind {
				case Moved:
					moved = append(moved, d)
				case Working:
					working++
				}
			}
			if fmt.Sprint(moved) != fmt.Sprint(want.moved) || working != want.working {
				return fmt.Errorf("%d, %s-day week: the rule gives %v and %d working days, published %v and %d",
					p.Year, w, moved, working, want.moved, want.working)
			}
		}
	}
	return nil
}
