package outbox

import (
	"bytes"
	_ "embed"
	"fmt"
	"strings"
	"sync"
	"time"

	"gopkg.in/yaml.v3"
)

//go:embed notices.yaml
var noticesYAML []byte

type text struct {
	KK string `yaml:"kk"`
	RU string `yaml:"ru"`
	EN string `yaml:"en"`
}

func (t text) in(language string) string {
	return map[string]string{"kk": t.KK, "ru": t.RU, "en": t.EN}[language]
}

type letter struct {
	Subject text   `yaml:"subject"`
	Lines   []text `yaml:"lines"`
}

type wording struct {
	Months  map[string][]string `yaml:"months"`
	Link    text                `yaml:"link"`
	Footer  text                `yaml:"footer"`
	Letters map[string]letter   `yaml:"letters"` // by event
}

// words are read once; a mistake in them is an error of every letter, and a test reads them.
var words = sync.OnceValues(func() (wording, error) {
	var w wording
	d := yaml.NewDecoder(bytes.NewReader(noticesYAML))
	d.KnownFields(true)
	if err := d.Decode(&w); err != nil {
		return w, fmt.Errorf("outbox: notices.yaml: %w", err)
	}
	return w, nil
})

// languages is the order of a letter: Kazakh, Russian, English. A person has no profile with a language yet, so every letter says it in all
// three.
var languages = []string{"kk", "ru", "en"}

// zone is the time of Kazakhstan, UTC+5 in the whole country since 1 March 2024.
var zone = time.FixedZone("UTC+5", 5*60*60)

// facts are what letters may tell of an application.
type facts struct {
	Number               string
	Invoice              string // its number, in letters about money
	FiledAt              *time.Time
	DueAt                *time.Time
	IncomingNumber       string
	RegisteredAt         *time.Time
	CompletenessClosesAt *time.Time
	Email                string
}

// write makes subject and body of the letter about an event; ok is false when the event has none.
func write(event string, f facts, link string) (subject, body string, ok bool, err error) {
	w, err := words()
	if err != nil {
		return "", "", false, err
	}
	l, known := w.Letters[event]
	if !known {
		return "", "", false, nil
	}
	subjects := make([]string, 0, len(languages))
	var b strings.Builder
	for _, language := range languages {
		fill := w.filler(language, f, link)
		subjects = append(subjects, fill(l.Subject))
		for _, line := range append(append([]text(nil), l.Lines...), w.Link, w.Footer) {
			b.WriteString(fill(line) + "\n")
		}
		b.WriteString("\n")
	}
	return strings.Join(subjects, " / "), strings.TrimSpace(b.String()) + "\n", true, nil
}

// filler puts the facts into the texts of one language.
func (w wording) filler(language string, f facts, link string) func(text) string {
	moment := func(t *time.Time, withTime bool) string {
		if t == nil {
			return "—"
		}
		at := t.In(zone)
		month := w.Months[language][at.Month()-1]
		day := map[string]string{
			"kk": fmt.Sprintf("%d жылғы %d %s", at.Year(), at.Day(), month),
			"ru": fmt.Sprintf("%d %s %d года", at.Day(), month, at.Year()),
			"en": fmt.Sprintf("%d %s %d", at.Day(), month, at.Year()),
		}[language]
		if !withTime {
			return day
		}
		return day + ", " + at.Format("15:04")
	}
	r := strings.NewReplacer("{number}", f.Number, "{invoice}", f.Invoice, "{in_no}", f.IncomingNumber, "{link}", link,
		"{accepted}", moment(f.FiledAt, true), "{due}", moment(f.DueAt, true), "{registered}", moment(f.RegisteredAt, true),
		"{deadline}", moment(f.CompletenessClosesAt, false))
	return func(t text) string { return r.Replace(t.in(language)) }
}
