package application

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"gorm.io/gorm"

	"elicensing/server/fault"
)

// Wanted is the part of an authority's work that an official wants to see. Its zero fields narrow nothing.
type Wanted struct {
	Show    Show
	Urgency Urgency // Overdue or Today
	Step    string  // a norm of the process: "check" and "sign" stand as filters on the page
	Words   string  // each is in a number, the applicant's name, IIN or BIN, or the executor's name
	After   string  // the cursor of the page before
}

// Limits of a search: what a person types, not what a machine sends.
const (
	longestWords = 100
	mostWords    = 6
)

// Capital letters of Kazakh and Russian with their small ones, and quotation marks, which nobody types as they stand in a name. The database
// cannot be asked for it: under the locale C it knows no letters beyond ASCII.
const (
	capitals = "АӘБВГҒДЕЁЖЗИЙКҚЛМНҢОӨПРСТУҰҮФХҺЦЧШЩЪЫІЬЭЮЯ"
	smalls   = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
	quotes   = "«»\"„“”"
)

// searched is what the words are looked for in, folded as foldWords folds them.
const searched = "translate(lower(concat_ws(' ', a.number, a.incoming_number, a.applicant_iin, a.applicant_bin, a.applicant_name, e.name)), '" + capitals + quotes + "', '" + smalls + "')"

// foldWords gives the words of a search in small letters and without quotation marks.
func foldWords(text string) ([]string, error) {
	if utf8.RuneCountInString(text) > longestWords {
		return nil, fault.Malformed("query").WithField("words", "too_long")
	}
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return nil, fault.Malformed("query").WithField("words", "unknown")
	}
	unquoted := strings.Map(func(r rune) rune {
		if strings.ContainsRune(quotes, r) {
			return -1
		}
		return r
	}, strings.ToLower(text))
	words := strings.Fields(unquoted)
	if len(words) > mostWords {
		return nil, fault.Malformed("query").WithField("words", "too_many_words")
	}
	return words, nil
}

// narrow leaves the rows that are wanted. The rows come by the index of the authority's work in its order, so that a page is read only as
// far as it is filled, and never from another authority.
func (s *Service) narrow(q *gorm.DB, w Wanted, now time.Time) (*gorm.DB, error) {
	switch w.Urgency {
	case "":
	case Overdue:
		q = q.Where("a.step_due_at < ?", now)
	case Today:
		q = q.Where("a.step_due_at >= ? AND a.step_due_at < ?", now, s.endOfDay(now))
	default:
		return nil, fault.Malformed("query").WithField("urgency", "unknown")
	}
	if w.Step != "" {
		states := statesOf(w.Step)
		if len(states) == 0 {
			return nil, fault.Malformed("query").WithField("step", "unknown")
		}
		q = q.Where("a.state IN ?", states)
	}
	words, err := foldWords(w.Words)
	if err != nil {
		return nil, err
	}
	for _, word := range words {
		q = q.Where(fmt.Sprintf("position(? IN %s) > 0", searched), word)
	}
	return q, nil
}

// statesOf are the states in which the norm of a step runs.
func statesOf(norm string) []State {
	var states []State
	for _, state := range workStates {
		for _, step := range Process {
			if step.From == state && step.Norm == norm {
				states = append(states, state)
				break
			}
		}
	}
	return states
}

// endOfDay is the midnight that ends the day of a moment.
func (s *Service) endOfDay(now time.Time) time.Time {
	local := now.In(s.Calendar.Zone())
	return time.Date(local.Year(), local.Month(), local.Day()+1, 0, 0, 0, 0, local.Location())
}
