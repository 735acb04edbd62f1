package calendar

import "time"

// Week is the working week of an organisation.
type Week string

// The five-day week rests on Saturday and Sunday, the six-day week on Sunday.
const (
	FiveDay Week = "five"
	SixDay  Week = "six"
)

func (w Week) rests(d time.Weekday) bool {
	return d == time.Sunday || (w == FiveDay && d == time.Saturday)
}

// DayKind says whether a day counts, and if not, why.
type DayKind string

// The kinds of day. Only Working counts towards a term.
const (
	Working DayKind = "working"
	Weekend DayKind = "weekend"
	Holiday DayKind = "holiday"
	Moved   DayKind = "moved" // a day off moved here, from a holiday on a weekend or by the Government
)

// Day is what the calendar knows of one date.
type Day struct {
	Date        Date    `json:"date"`
	Kind        DayKind `json:"kind"`
	Holiday     string  `json:"holiday,omitempty"` // id of the holiday, for Holiday and a Moved one
	Reason      Text    `json:"reason"`            // why it is a day off; empty for a working day
	Provisional bool    `json:"provisional"`       // rests on what is not announced yet
}

var (
	weekendText     = Text{KK: "демалыс күні", RU: "выходной день", EN: "day off"}
	movedByDecision = Text{KK: "ауыстырылған демалыс күні", RU: "перенесённый выходной день", EN: "day off moved by the Government"}
)

func movedText(holiday Text) Text {
	return Text{
		KK: "ауыстырылған демалыс күні: " + holiday.KK,
		RU: "перенос выходного дня: " + holiday.RU,
		EN: "day off moved: " + holiday.EN,
	}
}

// provisionalYears is for how many years behind the data the holidays of the law are laid out.
const provisionalYears = 50

// Day tells about the date in the given week. ErrOutOfRange before the known years, and long after.
func (c *Calendar) Day(d Date, w Week) (Day, error) {
	if d.Year < c.first || d.Year > c.last+provisionalYears {
		return Day{}, ErrOutOfRange
	}
	day, special := c.days[w][d]
	switch {
	case special:
	case w.rests(d.Weekday()):
		day = Day{Date: d, Kind: Weekend, Reason: weekendText}
	default:
		day = Day{Date: d, Kind: Working}
	}
	day.Provisional = day.Provisional || d.Year > c.last
	return day, nil
}

// special builds every day that the weekday alone does not tell: holidays,
// days moved by the rule of facts.md §9, then the Government's exceptions, which overrule all.
func (f *file) special(w Week) map[Date]Day {
	days := map[Date]Day{}
	type movable struct {
		date Date
		h    holiday
	}
	var toMove []movable
	for year := f.Years.First; year <= f.Years.Last+provisionalYears; year++ {
		for _, h := range f.Holidays {
			if !h.in(year) {
				continue
			}
			for i := range h.Days {
				d := Date{year, h.Month, h.Day}.AddDays(i)
				days[d] = Day{Date: d, Kind: Holiday, Holiday: h.ID, Reason: h.Name}
				if h.Moves && w.rests(d.Weekday()) {
					toMove = append(toMove, movable{d, h})
				}
			}
		}
	}
	for _, k := range f.KurbanAit.Dates {
		if _, taken := days[k.Date]; !taken {
			days[k.Date] = Day{Date: k.Date, Kind: Holiday, Holiday: "kurban_ait", Reason: f.KurbanAit.Name, Provisional: k.Provisional}
		}
	}
	for _, m := range toMove {
		d := m.date.AddDays(1)
		for w.rests(d.Weekday()) || days[d].Kind != "" {
			d = d.AddDays(1)
		}
		days[d] = Day{Date: d, Kind: Moved, Holiday: m.h.ID, Reason: movedText(m.h.Name)}
	}
	for _, e := range f.Exceptions {
		if !e.holdsIn(w) {
			continue
		}
		if e.Kind == "working" {
			days[e.Date] = Day{Date: e.Date, Kind: Working}
		} else {
			days[e.Date] = Day{Date: e.Date, Kind: Moved, Reason: movedByDecision}
		}
	}
	return days
}
