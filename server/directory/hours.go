package directory

import (
	"fmt"
	"time"
)

// Opening is what a visitor wants to know of a place: its hours in words and whether it is open.
type Opening struct {
	Hours Text `json:"hours"`
	Open  bool `json:"open"`
}

var (
	authorityHours = Text{
		KK: "Дүйсенбі–жұма 9:00–17:30, түскі үзіліс 13:00–14:30",
		RU: "Понедельник–пятница 9:00–17:30, перерыв 13:00–14:30",
		EN: "Monday to Friday 9:00–17:30, break 13:00–14:30",
	}
	centreHours = Text{
		KK: "Дүйсенбі–сенбі 9:00–20:00, үзіліссіз",
		RU: "Понедельник–суббота 9:00–20:00, без перерыва",
		EN: "Monday to Saturday 9:00–20:00, no break",
	}
)

// OpenAt tells whether a place works at a moment: calendar.OpenAt with its schedule bound.
type OpenAt func(t time.Time) (bool, error)

// AuthorityOpening tells the hours of the authorities (S8.1) and whether they are open now.
func AuthorityOpening(now time.Time, openAt OpenAt) (Opening, error) {
	return opening(authorityHours, now, openAt)
}

// CentreOpening tells the hours of the service centres (S8.2) and whether they are open now.
func CentreOpening(now time.Time, openAt OpenAt) (Opening, error) {
	return opening(centreHours, now, openAt)
}

func opening(hours Text, now time.Time, openAt OpenAt) (Opening, error) {
	open, err := openAt(now)
	if err != nil {
		return Opening{}, fmt.Errorf("directory: open now: %w", err)
	}
	return Opening{Hours: hours, Open: open}, nil
}
