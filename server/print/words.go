package print

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/goccy/go-yaml"
)

//go:embed texts.yaml
var textsYAML []byte

//go:embed months.yaml
var monthsYAML []byte

// month holds the forms of a month's name that a document needs.
type month struct {
	KK   string `yaml:"kk"`
	Attr string `yaml:"attr"` // Kazakh before a noun: «27 наурыздағы № 15 өтініш»
	RU   string `yaml:"ru"`   // genitive
}

// vocabulary is the parsed data; it never changes.
type vocabulary struct {
	texts  map[string]Text
	months []month
}

// loadWords parses the embedded data once for the process.
var loadWords = sync.OnceValues(func() (*vocabulary, error) {
	v := &vocabulary{}
	if err := yaml.UnmarshalWithOptions(textsYAML, &v.texts, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("print: texts: %w", err)
	}
	if err := yaml.UnmarshalWithOptions(monthsYAML, &v.months, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("print: months: %w", err)
	}
	if len(v.months) != 12 {
		return nil, fmt.Errorf("print: %d months", len(v.months))
	}
	return v, nil
})

// language is one of the two languages of a document.
type language string

const (
	kk language = "kk"
	ru language = "ru"
)

// in returns the text in one language, or in the other one when it is missing.
func (t Text) in(l language) string {
	if l == kk && t.KK != "" || t.RU == "" {
		return t.KK
	}
	return t.RU
}

// isEmpty is true when neither language has a text.
func (t Text) isEmpty() bool { return t.KK == "" && t.RU == "" }

// or returns the text, or another one when it is empty.
func (t Text) or(other Text) Text {
	if t.isEmpty() {
		return other
	}
	return t
}

// each changes both languages.
func (t Text) each(change func(language, string) string) Text {
	return Text{KK: change(kk, t.in(kk)), RU: change(ru, t.in(ru))}
}

// join lists texts with a separator in both languages.
func join(list []Text, separator string) Text {
	var k, r []string
	for _, t := range list {
		k, r = append(k, t.in(kk)), append(r, t.in(ru))
	}
	return Text{KK: strings.Join(k, separator), RU: strings.Join(r, separator)}
}

// fill puts values into {…}. It passes the template once, so a value that itself holds braces stays as it is.
func fill(template Text, values map[string]Text) Text {
	return template.each(func(l language, s string) string {
		pairs := make([]string, 0, 2*len(values))
		for name, value := range values {
			pairs = append(pairs, "{"+name+"}", value.in(l))
		}
		return strings.NewReplacer(pairs...).Replace(s)
	})
}

// kazakhstan is the time of the whole country since 1 March 2024 (facts §8).
var kazakhstan = time.FixedZone("UTC+5", 5*60*60)

// date writes a day in full: "2026 жылғы 27 наурыз", "27 марта 2026 года".
func (v *vocabulary) date(t time.Time) Text {
	t = t.In(kazakhstan)
	m := v.months[t.Month()-1]
	return Text{
		KK: fmt.Sprintf("%d жылғы %d %s", t.Year(), t.Day(), m.KK),
		RU: fmt.Sprintf("%d %s %d года", t.Day(), m.RU, t.Year()),
	}
}

// dateOf writes a day before a noun: "2026 жылғы 27 наурыздағы", "от 27 марта 2026 года".
func (v *vocabulary) dateOf(t time.Time) Text {
	t = t.In(kazakhstan)
	m := v.months[t.Month()-1]
	return Text{
		KK: fmt.Sprintf("%d жылғы %d %s", t.Year(), t.Day(), m.Attr),
		RU: fmt.Sprintf("от %d %s %d года", t.Day(), m.RU, t.Year()),
	}
}

// moment writes a day with its time.
func (v *vocabulary) moment(t time.Time) Text {
	clock := t.In(kazakhstan).Format(", 15:04")
	return v.date(t).each(func(_ language, s string) string { return s + clock })
}

// stamp writes a moment in figures, with its zone, as signature notes do.
func stamp(t time.Time) Text {
	t = t.In(kazakhstan)
	return Text{KK: t.Format("2006.01.02, 15:04"), RU: t.Format("02.01.2006, 15:04")}.each(
		func(_ language, s string) string { return s + " (UTC+5)" })
}

// figures turns "2026-03-27" as typed into a form into "27.03.2026"; anything else stays as it is.
func figures(typed string) string {
	t, err := time.Parse(time.DateOnly, typed)
	if err != nil {
		return typed
	}
	return t.Format("02.01.2006")
}

// tenge writes an amount of tiyn: "43 250 ₸", with tiyn only when there are some.
func tenge(tiyn int64) string {
	sign := ""
	if tiyn < 0 {
		sign = "−"
	}
	whole, rest := tiyn/100, tiyn%100
	if tiyn < 0 {
		whole, rest = -whole, -rest
	}
	digits := fmt.Sprint(whole)
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteRune('\u00a0')
		}
		b.WriteRune(d)
	}
	if rest != 0 {
		fmt.Fprintf(&b, ",%02d", rest)
	}
	return sign + b.String() + "\u00a0₸"
}
