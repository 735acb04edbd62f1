package print

import (
	"fmt"
	"strings"
)

// Receipt draws the receipt of acceptance (R6.2; forms §5, letters §2): number, moment, the day and time of
// the result and the rule by which it was counted. Errors: ErrIncomplete.
func Receipt(r FilingReceipt) ([]byte, error) {
	if r.Number == "" || r.AcceptedAt.IsZero() || r.DueAt.IsZero() || r.Applicant.Name.isEmpty() {
		return nil, ErrIncomplete
	}
	r.tidy()
	p, err := drawReceipt(r, false)
	if err != nil {
		return nil, err
	}
	// What only just needs a second page stands on one, closer together.
	if p.pdf.PageCount() > 1 {
		closer, err := drawReceipt(r, true)
		if err != nil {
			return nil, err
		}
		if closer.pdf.PageCount() == 1 {
			p = closer
		}
	}
	p.numberPages(pageHeight-12, "№ "+r.Number)
	return p.finish(about{title: p.word("rec.title").in(ru) + " № " + r.Number, at: r.AcceptedAt})
}

// drawReceipt draws all but the numbers of the pages, which need their count.
func drawReceipt(r FilingReceipt, closer bool) (*slip, error) {
	d, err := newDrawing()
	if err != nil {
		return nil, err
	}
	p := &slip{sheet: &sheet{drawing: d, left: 20, width: pageWidth - 36}, authority: r.Authority, demo: r.Demo, closer: closer}
	p.begin = func(*sheet) { p.frame() }
	p.newPage()
	p.head(d.word("rec.title"), r.Number, r.CheckURL)
	p.accepted(r)
	p.term(r)
	p.documents(r.Documents)
	return p, nil
}

// slip draws what receipts share: the letterhead, the title, rows and sentences.
type slip struct {
	*sheet
	authority Authority
	demo      bool
	closer    bool // blocks stand closer together, so that all fits on one page
}

// gap is the room between two blocks.
func (p *slip) gap(mm float64) float64 {
	if p.closer {
		return mm / 2
	}
	return mm
}

// Styles of the one fact that a receipt is kept for.
var (
	bigLabel = style{face: sans, size: 9.5, color: quiet, leading: 1.35}
	bigFact  = style{face: serifBold, size: 13, color: ink, leading: 1.3}
	sentence = style{face: sans, size: 9.5, color: ink, leading: 1.4}
	whisper  = style{face: sans, size: 9, color: quiet, leading: 1.4}
)

func (p *slip) frame() {
	p.y, p.bottom = 12, pageHeight-16
	if p.demo {
		p.demoMark(8)
		p.y = 18
	}
}

// head prints who gives the receipt, its title and number and, when there is something to check, the QR code.
func (p *slip) head(title Text, number, checkURL string) {
	const sign = 14.0
	p.emblem(p.left, p.y, sign)
	x := p.left + sign + 5
	y := p.print(x, p.y, p.setAtMost(3, metaBold, p.authority.Name.in(kk), p.width-sign-5))
	if p.authority.Name.in(ru) != p.authority.Name.in(kk) {
		y = p.print(x, y, p.setAtMost(3, whisper, p.authority.Name.in(ru), p.width-sign-5))
	}
	p.y = max(y, p.y+sign) + p.gap(3)
	p.stroke(p.left, p.y, p.left+p.width, p.y, 0.5, ink)
	p.y += p.gap(5)
	width := p.width
	top := p.y
	if checkURL != "" {
		const code = 22.0
		p.qrCode(p.left+p.width-code, top, code, checkURL)
		width -= code + 6
	}
	p.y = p.paragraph(p.left, p.y, width, letterTitle, left, title.KK)
	p.y = p.paragraph(p.left, p.y, width, titleRU, left, title.RU)
	p.y = p.print(p.left, p.y+1, p.setAtMost(2, bigFact, "№ "+number, width)) + p.gap(3)
	if checkURL != "" {
		p.y = max(p.y, top+25)
	}
}

// panel prints the facts that a receipt is kept for, side by side.
func (p *slip) panel(facts ...fact) {
	width := p.width / float64(len(facts))
	columns := make([][]styled, len(facts))
	xs := make([]float64, len(facts))
	tall := 0.0
	for i, f := range facts {
		xs[i] = p.left + float64(i)*width + 4
		columns[i] = p.set(bigLabel, f.label.KK+" · "+f.label.RU, width-8)
		columns[i] = append(columns[i], p.set(bigFact, f.value.in(kk), width-8)...)
		if f.value.in(ru) != f.value.in(kk) {
			columns[i] = append(columns[i], p.set(bigLabel, f.value.in(ru), width-8)...)
		}
		if !f.more.isEmpty() {
			columns[i] = append(columns[i], p.set(bigLabel, f.more.KK+" · "+f.more.RU, width-8)...)
		}
		tall = max(tall, height(columns[i]))
	}
	edge := p.gap(3)
	p.need(tall + 2*edge)
	p.fillBox(p.left, p.y, p.width, tall+2*edge, panel)
	for i := range columns {
		p.print(xs[i], p.y+edge, columns[i])
	}
	p.y += tall + 2*edge + p.gap(3)
}

// say prints a sentence in both languages.
func (p *slip) say(t Text) {
	lines := p.set(sentence, t.in(kk), p.width)
	if t.in(ru) != t.in(kk) {
		lines = append(lines, p.set(whisper, t.in(ru), p.width)...)
	}
	for _, line := range lines {
		p.need(line.line())
		p.y = p.print(p.left, p.y, []styled{line})
	}
	p.y += p.gap(1.5)
}

// accepted prints what was accepted from whom.
func (p *slip) accepted(r FilingReceipt) {
	p.panel(
		fact{label: p.word("rec.accepted"), value: p.moment(r.AcceptedAt)},
		fact{label: p.word("rec.due"), value: p.moment(r.DueAt)},
	)
	p.stroke(p.left, p.y, p.left+p.width, p.y, 0.3, ink)
	p.labelled(p.word("rec.service"), p.both(r.Service)...)
	p.labelled(p.word("rec.kind"), p.both(r.Kind)...)
	id := p.idWord(r.Applicant.Kind)
	applicant := append(p.both(r.Applicant.Name), p.plain(id.KK+" / "+id.RU+" "+r.Applicant.ID)...)
	p.labelled(p.word("rec.applicant"), applicant...)
	if len(r.Contacts) > 0 {
		p.labelled(p.word("rec.contacts"), p.plain(strings.Join(r.Contacts, ", "))...)
	}
	p.labelled(p.word("rec.place"), p.both(r.Place.or(p.word("rec.cabinet")))...)
	if r.Clerk != "" {
		p.labelled(p.word("rec.clerk"), p.plain(r.Clerk)...)
	}
	p.labelled(p.word("rec.provider"), append(p.both(r.Authority.Address), p.plain(r.Authority.Phone)...)...)
	p.y += p.gap(4)
}

// term prints the rule by which the due date was counted, and the days off that it skips.
func (p *slip) term(r FilingReceipt) {
	rule := "acc.rule." + string(r.Start)
	if r.Start == "" {
		rule = "acc.rule." + string(StartNextWorkingDay)
	}
	p.say(fill(p.word(rule), map[string]Text{"term": r.Term, "first_day": p.date(r.FirstDay)}))
	if !r.Registered.IsZero() {
		p.say(fill(p.word("acc.out_of_hours"), map[string]Text{"date": p.date(r.Registered)}))
	}
	if len(r.Skipped) > 0 {
		label := p.word("rec.skipped")
		days := p.skipped(r.Skipped)
		p.say(label.each(func(l language, s string) string { return s + ": " + days.in(l) }))
	}
	if r.Clerk == "" {
		p.say(p.word("acc.cabinet"))
	} else {
		p.say(p.word("acc.collect"))
	}
	if r.CheckURL != "" {
		p.say(p.word("rec.verify"))
	}
}

// skipped lists runs of days off, in figures and each reason once: "27.12.2026, 02.01.2027–03.01.2027 (демалыс)".
func (p *slip) skipped(runs []SkippedDays) Text {
	var reasons []Text
	days := map[Text][]string{}
	for _, run := range runs {
		first := run.First.In(kazakhstan).Format("02.01.2006")
		if last := run.Last.In(kazakhstan).Format("02.01.2006"); last != first && !run.Last.IsZero() {
			first += "–" + last
		}
		if len(days[run.Why]) == 0 {
			reasons = append(reasons, run.Why)
		}
		days[run.Why] = append(days[run.Why], first)
	}
	out := make([]Text, len(reasons))
	for i, reason := range reasons {
		those := strings.Join(days[reason], ", ")
		out[i] = reason.each(func(_ language, why string) string {
			if why == "" {
				return those
			}
			return those + " (" + why + ")"
		})
	}
	return join(out, "; ")
}

// documents lists what was filed.
func (p *slip) documents(list []ReceiptDocument) {
	count := p.word("rec.count")
	p.y += p.gap(2)
	p.need(30)
	p.y = p.paragraph(p.left, p.y, p.width, sectionK, left, fmt.Sprintf("%s · %s: %d", count.KK, count.RU, len(list))) + 1.5
	if len(list) == 0 {
		return
	}
	covered := p.word("rec.doc_table.not_needed")
	var rows [][]string
	for i, d := range list {
		name := d.Name.in(kk)
		if other := d.Name.in(ru); other != name {
			name += " / " + other
		}
		file := d.FileName
		if d.Covered {
			file = covered.KK + " / " + covered.RU
		}
		rows = append(rows, []string{fmt.Sprint(i + 1), name, file})
	}
	p.table([]field{{p.word("f5.2.no"), 10}, {p.word("rec.doc_table.name"), 100}, {p.word("f3.file"), 64}}, rows)
}
