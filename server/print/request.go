package print

import (
	"fmt"
	"strings"
	"time"
)

// Request draws the application by form 3 (natural person, sole trader) or 4 (legal entity) with the form of
// details (form 5), as the applicant reads it before signing (R10.3). Errors: ErrIncomplete.
func Request(r RequestForm) ([]byte, error) {
	if r.Applicant.Name.isEmpty() || r.Applicant.ID == "" || r.Licensor.isEmpty() {
		return nil, ErrIncomplete
	}
	d, err := newDrawing()
	if err != nil {
		return nil, err
	}
	r.tidy()
	f := form{sheet: &sheet{drawing: d, left: 20, width: pageWidth - 36}, r: r}
	f.begin = func(*sheet) { f.frame() }
	f.newPage()
	f.application()
	f.closing()
	f.details()
	f.attached()
	f.numberPages(pageHeight-12, r.Reference)
	return d.finish(about{title: f.title().in(ru), at: r.FilledOn})
}

// form draws the pages of a request.
type form struct {
	*sheet
	r RequestForm
}

// Styles of titles in forms and receipts.
var (
	titleKK  = style{face: serifBold, size: 13, color: ink, leading: 1.25}
	titleRU  = style{face: sans, size: 11, color: quiet, leading: 1.25}
	smallKK  = style{face: sans, size: 8, color: quiet, leading: 1.3}
	sectionK = style{face: sansBold, size: 10, color: ink, leading: 1.3}
	sectionR = style{face: sans, size: 9, color: quiet, leading: 1.3}
)

func (f *form) frame() {
	f.y, f.bottom = 12, pageHeight-16
	if f.r.Demo {
		f.demoMark(8)
		f.y = 18
	}
	if f.r.Draft {
		f.y = f.mark(f.y, "draft.mark", ink, panel) + 2
	}
}

func (f *form) entity() bool { return f.r.Applicant.Kind == Entity }

// pick returns the text of form 4 for an entity, of form 3 otherwise.
func (f *form) pick(person, entity string) Text {
	if f.entity() {
		return f.word(entity)
	}
	return f.word(person)
}

func (f *form) title() Text { return f.pick("f3.title", "f4.title") }

// application draws forms 3 and 4 (SF3, SF4).
func (f *form) application() {
	number := "3"
	if f.entity() {
		number = "4"
	}
	f.formMark(number)
	f.heading(f.title())
	f.labelled(f.word("f3.licensor"), f.both(f.r.Licensor)...)
	applicant := f.plain(f.r.Applicant.Name.in(kk))
	if other := f.r.Applicant.Name.in(ru); other != f.r.Applicant.Name.in(kk) {
		applicant = append(applicant, f.plain(other)...)
	}
	id := f.idWord(f.r.Applicant.Kind)
	applicant = append(applicant, f.plain(id.KK+" / "+id.RU+" "+f.r.Applicant.ID)...)
	if f.r.Applicant.Kind == SoleTrader {
		applicant = append(applicant, f.both(f.word("f3.sole_trader"))...)
	}
	f.labelled(f.word("f3.applicant"), applicant...)
	f.labelled(f.word("f3.request"), f.both(f.r.Activity.or(f.word("lic.activity.value")))...)
	f.labelled(f.word("f3.subactivities"), f.list(f.r.SubActivities)...)
	f.tickRow(f.word("f3.paper"), f.r.Paper)
	f.labelled(f.pick("f3.home_address", "f4.legal_address"), f.orNone(f.r.Applicant.Address.in(kk))...)
	f.labelled(f.word("f3.email"), f.orNone(f.r.Email)...)
	f.labelled(f.word("f3.phones"), f.orNone(strings.Join(f.r.Phones, ", "))...)
	if f.r.Fax != "" {
		f.labelled(f.word("f3.fax"), f.plain(f.r.Fax)...)
	}
	f.labelled(f.word("f3.bank_account"), f.orNone(f.r.BankAccount)...)
	f.labelled(f.word("f3.sites"), f.sites()...)
	// The form counts sheets of paper; what is attached here has none.
	count := fill(f.word("f3.files"), map[string]Text{"n": Same(fmt.Sprint(len(f.r.Documents)))})
	f.y += 2
	f.need(2 * sectionR.line())
	f.y = f.paragraph(f.left, f.y, f.width, sectionR, left, count.KK+" · "+count.RU)
}

// formMark prints which form this is, in the upper right corner as the Standard does.
func (f *form) formMark(number string) {
	annex := fill(f.word("f3.annex"), map[string]Text{"n": Same(number)})
	mark := f.word("f3.form")
	line := annex.KK + ", " + strings.ToLower(mark.KK) + " · " + annex.RU + ", " + strings.ToLower(mark.RU)
	f.y = f.lines(f.left, f.y, f.width, smallKK, right, []string{line}) + 1.5
}

// heading prints a title in both languages.
func (p *sheet) heading(t Text) {
	k, r := p.wrap(titleKK, t.KK, p.width), p.wrap(titleRU, t.RU, p.width)
	p.need(float64(len(k))*titleKK.line() + float64(len(r))*titleRU.line() + 20)
	p.y = p.lines(p.left, p.y, p.width, titleKK, left, k)
	p.y = p.lines(p.left, p.y+0.6, p.width, titleRU, left, r) + 3
	p.stroke(p.left, p.y, p.left+p.width, p.y, 0.5, ink)
}

func (f *form) orNone(value string) []styled {
	if value == "" {
		return f.both(f.word("none"))
	}
	return f.plain(value)
}

// list sets texts one below the other, numbered when there are several.
func (f *form) list(texts []Text) []styled {
	var out []styled
	for i, t := range texts {
		number := ""
		if len(texts) > 1 {
			number = fmt.Sprintf("%d) ", i+1)
		}
		out = append(out, f.bilingual(number, t)...)
	}
	return out
}

func (f *form) sites() []styled {
	if len(f.r.Sites) == 0 {
		return f.orNone("")
	}
	var texts []Text
	for _, s := range f.r.Sites {
		texts = append(texts, Same(s))
	}
	return f.list(texts)
}

// tick draws a box, crossed when the applicant has marked it: the Standard asks for an X.
func (p *sheet) tick(x, y float64, marked bool) {
	const side = 3.6
	p.box(x, y, side, side, 0.25, edge)
	if marked {
		p.stroke(x+0.7, y+0.7, x+side-0.7, y+side-0.7, 0.5, ink)
		p.stroke(x+side-0.7, y+0.7, x+0.7, y+side-0.7, 0.5, ink)
	}
}

func (f *form) tickRow(label Text, marked bool) {
	answer := f.word("no")
	if marked {
		answer = f.word("yes")
	}
	f.need(14)
	y := f.y
	f.labelled(label, styled{rowValue, "      " + answer.KK + " / " + answer.RU})
	f.tick(f.left+f.width*labelShare, y+cellPadding+0.7, marked)
}

// closing draws the confirmations and the signature's place, together on one page.
func (f *form) closing() {
	title := f.word("f3.confirm.title")
	confirmations := make([][]styled, len(f.r.Confirmed))
	total := 3 + sectionK.line() + 2 + 30
	for i := range f.r.Confirmed {
		t := f.word(fmt.Sprintf("f3.confirm.%d", i+1))
		confirmations[i] = append(f.set(cellStyle, t.KK, f.width-8), f.set(rowLabelRU, t.RU, f.width-8)...)
		total += height(confirmations[i]) + 1.5
	}
	f.y += 3
	f.need(total)
	f.y = f.paragraph(f.left, f.y, f.width, sectionK, left, title.KK+" · "+title.RU) + 2
	for i, lines := range confirmations {
		f.tick(f.left, f.y+0.5, f.r.Confirmed[i])
		f.y = f.print(f.left+7, f.y, lines) + 1.5
	}
	who, name := f.word("f3.person"), f.r.Applicant.Name.in(kk)
	if f.entity() {
		who = f.word("f4.head")
	}
	if f.r.Head != "" {
		name = f.r.Head
	}
	on, note := f.filledOn(), f.word("f3.eds_note")
	f.stroke(f.left, f.y, f.left+f.width, f.y, 0.3, ink)
	f.labelled(who, f.plain(name)...)
	f.labelled(f.word("f3.date"), f.plain(on.KK+" / "+on.RU)...)
	f.labelled(f.word("f3.signed_eds"), append(f.set(cellStyle, note.KK, f.width*(1-labelShare)), f.set(rowLabelRU, note.RU, f.width*(1-labelShare))...)...)
}

func (f *form) filledOn() Text {
	if f.r.FilledOn.IsZero() {
		return f.word("none")
	}
	return f.date(f.r.FilledOn)
}

// asOf writes the day of a list: "по состоянию на 1 марта 2026 года".
func (f *form) asOf(typed string) Text {
	t, err := time.ParseInLocation(time.DateOnly, typed, kazakhstan)
	if err != nil {
		return Text{}
	}
	day, of := f.date(t), f.dateOf(t)
	return fill(f.word("f5.2.as_of"), map[string]Text{"date": day, "date.attr": of})
}
