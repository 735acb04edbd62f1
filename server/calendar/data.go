package calendar

import (
	"bytes"
	_ "embed"
	"fmt"
	"time"

	"gopkg.in/yaml.v3"
)

//go:embed calendar.yaml
var embedded []byte

// Text is a name in the three languages of the portal.
type Text struct {
	KK string `yaml:"kk" json:"kk"`
	RU string `yaml:"ru" json:"ru"`
	EN string `yaml:"en" json:"en"`
}

func (t Text) complete() bool { return t.KK != "" && t.RU != "" && t.EN != "" }

// file is calendar.yaml.
type file struct {
	Years      struct{ First, Last int } `yaml:"years"`
	Zone       []zoneChange              `yaml:"zone"`
	Schedules  []scheduleData            `yaml:"schedules"`
	Holidays   []holiday                 `yaml:"holidays"`
	KurbanAit  kurbanAit                 `yaml:"kurban_ait"`
	Exceptions []exception               `yaml:"exceptions"`
	Published  []published               `yaml:"published"`
}

type scheduleData struct {
	ID    string `yaml:"id"`
	Week  Week   `yaml:"week"`
	Open  string `yaml:"open"`
	Close string `yaml:"close"`
	Break *struct {
		From string `yaml:"from"`
		To   string `yaml:"to"`
	} `yaml:"break"`
}

type holiday struct {
	ID    string     `yaml:"id"`
	Month time.Month `yaml:"month"`
	Day   int        `yaml:"day"`
	Days  int        `yaml:"days"`
	Moves bool       `yaml:"moves"`
	First int        `yaml:"first"` // year, 0 = no limit
	Last  int        `yaml:"last"`
	Name  Text       `yaml:"name"`
}

func (h holiday) in(year int) bool {
	return (h.First == 0 || year >= h.First) && (h.Last == 0 || year <= h.Last)
}

type kurbanAit struct {
	Name  Text `yaml:"name"`
	Dates []struct {
		Date        Date `yaml:"date"`
		Provisional bool `yaml:"provisional"`
	} `yaml:"dates"`
}

type exception struct {
	Date  Date   `yaml:"date"`
	Kind  string `yaml:"kind"`  // day_off or working
	Weeks []Week `yaml:"weeks"` // empty: both
}

func (e exception) holdsIn(w Week) bool {
	for _, x := range e.Weeks {
		if x == w {
			return true
		}
	}
	return len(e.Weeks) == 0
}

type published struct {
	Year int `yaml:"year"`
	Five struct {
		Moved   []Date `yaml:"moved"`
		Working int    `yaml:"working"`
	} `yaml:"five"`
	Six struct {
		Moved   []Date `yaml:"moved"`
		Working int    `yaml:"working"`
	} `yaml:"six"`
}

// UnmarshalYAML reads a date as text; YAML's own time stamps would bring a zone along.
func (d *Date) UnmarshalYAML(n *yaml.Node) error {
	p, err := ParseDate(n.Value)
	if err != nil {
		return fmt.Errorf("line %d: %w", n.Line, err)
	}
	*d = p
	return nil
}

func decode(raw []byte) (*file, error) {
	d := yaml.NewDecoder(bytes.NewReader(raw))
	d.KnownFields(true)
	var f file
	if err := d.Decode(&f); err != nil {
		return nil, fmt.Errorf("calendar.yaml: %w", err)
	}
	if f.Years.First < 1 || f.Years.Last < f.Years.First {
		return nil, fmt.Errorf("calendar.yaml: years %d..%d", f.Years.First, f.Years.Last)
	}
	if err := f.check(); err != nil {
		return nil, fmt.Errorf("calendar.yaml: %w", err)
	}
	return &f, nil
}

func (f *file) check() error {
	for _, h := range f.Holidays {
		if h.ID == "" || h.Days < 1 || !h.Name.complete() {
			return fmt.Errorf("holiday %q lacks id, days or a name in three languages", h.ID)
		}
		d := Date{2024, h.Month, h.Day} // a leap year, so that 29 February would pass
		if dateIn(d.utc()) != d {
			return fmt.Errorf("holiday %q: no such day", h.ID)
		}
	}
	if !f.KurbanAit.Name.complete() {
		return fmt.Errorf("kurban_ait lacks a name in three languages")
	}
	seen := map[int]bool{}
	for _, k := range f.KurbanAit.Dates {
		if seen[k.Date.Year] {
			return fmt.Errorf("kurban_ait has two dates in %d", k.Date.Year)
		}
		seen[k.Date.Year] = true
	}
	for y := f.Years.First; y <= f.Years.Last; y++ {
		if !seen[y] {
			return fmt.Errorf("kurban_ait has no date in %d", y)
		}
	}
	for _, e := range f.Exceptions {
		if e.Kind != "day_off" && e.Kind != "working" {
			return fmt.Errorf("exception %s: unknown kind %q", e.Date, e.Kind)
		}
		for _, w := range e.Weeks {
			if w != FiveDay && w != SixDay {
				return fmt.Errorf("exception %s: unknown week %q", e.Date, w)
			}
		}
	}
	return nil
}
