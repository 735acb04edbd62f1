package calendar

import (
	"fmt"
	"time"
)

// Date is a day of the civil calendar without time or zone. It is comparable, so it can be a
// map key; use Before and After to order.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// ParseDate reads "2006-01-02".
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf("calendar: %q is not a date", s)
	}
	return dateIn(t), nil
}

// String gives "2006-01-02".
func (d Date) String() string {
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day)
}

// Before is true when d is an earlier day than e.
func (d Date) Before(e Date) bool { return d.utc().Before(e.utc()) }

// After is true when d is a later day than e.
func (d Date) After(e Date) bool { return e.Before(d) }

// AddDays gives the day n calendar days later, or earlier for a negative n.
func (d Date) AddDays(n int) Date { return dateIn(d.utc().AddDate(0, 0, n)) }

// Weekday tells the day of the week.
func (d Date) Weekday() time.Weekday { return d.utc().Weekday() }

// MarshalText writes "2006-01-02", so that JSON holds a plain string.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads "2006-01-02".
func (d *Date) UnmarshalText(b []byte) error {
	p, err := ParseDate(string(b))
	if err != nil {
		return err
	}
	*d = p
	return nil
}

func (d Date) utc() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

func dateIn(t time.Time) Date {
	y, m, day := t.Date()
	return Date{Year: y, Month: m, Day: day}
}
