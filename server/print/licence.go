package print

import (
	"errors"
	"slices"
	"time"
)

// ErrIncomplete means that a value is missing without which the document would say something untrue.
var ErrIncomplete = errors.New("print: incomplete document")

// Licence draws a licence and its annexes (S6.1, facts §10): both languages side by side, Kazakh on the left.
// Errors: ErrIncomplete; anything else is a mistake in the program.
func Licence(l LicenceDocument) ([]byte, error) {
	if l.Number == "" || l.CheckURL == "" || l.Holder.Name.isEmpty() || l.IssuedOn.IsZero() || l.Licensor.isEmpty() || slices.ContainsFunc(l.Annexes, func(a Annex) bool { return a.Basis.isEmpty() }) {
		return nil, ErrIncomplete
	}
	d, err := newDrawing()
	if err != nil {
		return nil, err
	}
	l.tidy()
	p := &sheet{drawing: d, left: 17, width: pageWidth - 34}
	c := certificate{sheet: p, l: l}
	c.licencePage()
	for _, a := range l.Annexes {
		c.annexPage(a)
	}
	return d.finish(about{title: d.word("lic.title").in(ru) + " " + l.Number, at: l.Signature.At})
}

// Order is the basis of issue that an annex names: the authority's order with number and date (facts §10).
func Order(number string, day time.Time) (Text, error) {
	words, err := loadWords()
	if err != nil {
		return Text{}, err
	}
	return fill(words.texts["ann.order"], map[string]Text{"date": words.dateOf(day), "number": Same(number)}), nil
}

// tidy cleans every text that people have typed.
func (l *LicenceDocument) tidy() {
	l.Number, l.Head, l.Replaces = clean(l.Number), clean(l.Head), clean(l.Replaces)
	l.CheckSite, l.Signature.Signer = clean(l.CheckSite), clean(l.Signature.Signer)
	l.Holder = l.Holder.cleaned()
	for _, t := range []*Text{&l.Activity, &l.Conditions, &l.Note, &l.Licensor, &l.Place} {
		*t = t.cleaned()
	}
	annexes := make([]Annex, len(l.Annexes))
	for i, a := range l.Annexes {
		a.Number, a.Conditions, a.Basis = clean(a.Number), a.Conditions.cleaned(), a.Basis.cleaned()
		a.SubActivities, a.Objects = cleanAll(a.SubActivities), cleanAll(a.Objects)
		annexes[i] = a
	}
	l.Annexes = annexes
}

// certificate draws licence and annex, which share frame, rows and foot.
type certificate struct {
	*sheet
	l LicenceDocument
}

// fact is one row: a label and a value in both languages, and a second, plain part of the value.
type fact struct {
	label, value, more Text
	strong             bool
}

// scales are tried in turn until everything fits on one page; a longer document goes on over pages.
var scales = []float64{1, 0.97, 0.94, 0.91, 0.88, 0.85, 0.8, 0.75}

// flowScale is for a document that goes on over pages.
const flowScale = 0.9

const (
	certificateTop    = 9.0
	certificateBottom = pageHeight - 8
	gutter            = 5.0 // on either side of the line between the languages
)

// frame draws what every page has.
func (c *certificate) frame() {
	y := certificateTop
	if c.l.Demo {
		c.demoMark(y)
		y += 9.5
	}
	c.ramsHorn(c.left, y+4.6, c.width, true)
	c.ramsHorn(c.left, certificateBottom-4.6, c.width, false)
	c.y, c.bottom = y+4.6+3, certificateBottom-4.6-3
}

// licencePage draws the licence itself.
func (c *certificate) licencePage() {
	l := c.l
	issued, first := c.date(l.IssuedOn), c.date(l.FirstIssuedOn)
	if l.FirstIssuedOn.IsZero() {
		first = issued
	}
	facts := []fact{
		{label: c.word("lic.date"), value: issued},
		{label: c.word("lic.first_issue"), value: first},
		{label: c.word("lic.issued_to"), value: c.holder(), more: l.Holder.Address, strong: true},
		{label: c.word("lic.activity"), value: l.Activity.or(c.word("lic.activity.value")), strong: true},
		{label: c.word("lic.conditions"), value: l.Conditions.or(c.word("lic.conditions.value"))},
		{label: c.word("lic.note"), value: l.Note.or(c.word("lic.note.value"))},
		{label: c.word("lic.licensor"), value: l.Licensor},
		{label: c.word("lic.head"), value: Same(l.Head)},
		{label: c.word("lic.place"), value: l.Place},
	}
	var extra []Text
	if l.Duplicate {
		extra = append(extra, c.word("lic.duplicate"))
	}
	if l.Replaces != "" {
		extra = append(extra, fill(c.word("lic.reissued"), map[string]Text{"number": Same(l.Replaces)}))
	}
	c.page(heading{title: c.word("lic.title"), under: c.word("lic.subtitle"), number: l.Number, extra: extra, size: 25, emblem: 22}, facts)
}

// annexPage draws one annex.
func (c *certificate) annexPage(a Annex) {
	l := c.l
	facts := []fact{
		{label: c.word("ann.date"), value: c.date(a.IssuedOn)},
		{label: c.word("ann.licence_number"), value: Same(l.Number)},
		{label: c.word("ann.licence_date"), value: c.date(l.IssuedOn)},
		{label: c.word("ann.subactivities"), value: numbered(a.SubActivities), strong: true},
		{label: c.word("ann.licensee"), value: c.holder(), strong: true},
		{label: c.word("ann.licensee_address"), value: l.Holder.Address},
		{label: c.word("ann.base"), value: numbered(a.Objects)},
		{label: c.word("ann.conditions"), value: a.Conditions.or(c.word("ann.conditions.value"))},
		{label: c.word("ann.basis"), value: a.Basis},
		{label: c.word("ann.licensor"), value: l.Licensor},
		{label: c.word("ann.head"), value: Same(l.Head)},
		{label: c.word("ann.place"), value: l.Place},
	}
	c.page(heading{
		title: c.word("ann.title"), number: "№ " + a.Number, size: 15, emblem: 15,
		under: fill(c.word("ann.subtitle"), map[string]Text{"number": Same(l.Number)}),
	}, facts)
}

// holder is name and number of the licensee.
func (c *certificate) holder() Text {
	id := c.idWord(c.l.Holder.Kind)
	return c.l.Holder.Name.each(func(l language, name string) string {
		return name + ", " + id.in(l) + "\u00a0" + c.l.Holder.ID
	})
}

// idWord is "IIN" or "BIN".
func (d *drawing) idWord(kind ApplicantKind) Text {
	if kind == Entity {
		return d.word("id.bin")
	}
	return d.word("id.iin")
}

// page draws one certificate from its own page on, as large as fits.
func (c *certificate) page(h heading, facts []fact) {
	k := flowScale
	c.begin = func(*sheet) { c.frame() }
	c.newPage()
	start := c.y
	for _, try := range scales {
		if start+c.headingHeight(h, try)+c.factsHeight(facts, try)+c.footHeight(try) <= c.bottom {
			k = try
			break
		}
	}
	c.begin = func(*sheet) {
		c.frame()
		c.runningHead(h)
	}
	c.heading(h, k)
	for _, f := range facts {
		c.fact(f, k)
	}
	c.stroke(c.left, c.y, c.left+c.width, c.y, 0.25, hairline)
	c.need(c.footHeight(k))
	c.foot(k)
}
