package print

import (
	"fmt"
	"slices"
)

// Refusal draws the reasoned refusal (S10.8, letters §1): the letter in Kazakh, then in Russian from a new
// page. Errors: ErrIncomplete, also for a ground without reason, because a refusal must give it.
func Refusal(l RefusalLetter) ([]byte, error) {
	if l.Authority.Name.isEmpty() || l.Applicant.Name.isEmpty() || l.OutNumber == "" || l.CheckURL == "" || len(l.Grounds) == 0 {
		return nil, ErrIncomplete
	}
	d, err := newDrawing()
	if err != nil {
		return nil, err
	}
	l.tidy()
	for _, g := range l.Grounds {
		if _, known := d.texts["ref."+g.Code]; !known || g.Reason.isEmpty() {
			return nil, fmt.Errorf("%w: ground %q", ErrIncomplete, g.Code)
		}
	}
	p := letter{sheet: &sheet{drawing: d, left: 22, width: pageWidth - 40}, l: l}
	p.begin = func(*sheet) { p.frame() }
	for _, p.lang = range []language{kk, ru} {
		p.newPage()
		p.letterhead()
		blocks := p.body()
		p.flow(blocks, p.fitting(blocks))
		p.foot()
	}
	p.numberPages(pageHeight-12, "№ "+l.OutNumber)
	return d.finish(about{title: d.word("ref.title").in(ru) + " № " + l.OutNumber, at: l.Signature.At})
}

// letter draws a letter in one language at a time.
type letter struct {
	*sheet
	l    RefusalLetter
	lang language
}

// Styles of letters.
var (
	letterTitle = style{face: serifBold, size: 15, color: ink, leading: 1.25}
	letterBold  = style{face: serifBold, size: 10.5, color: ink, leading: 1.4}
	letterText  = style{face: serif, size: 10.5, color: ink, leading: 1.4}
	fromBold    = style{face: sansBold, size: 10.5, color: ink, leading: 1.35}
	fromText    = style{face: sans, size: 9.5, color: ink, leading: 1.35}
	metaBold    = style{face: sansBold, size: 10.5, color: ink, leading: 1.4}
	metaText    = style{face: sans, size: 10.5, color: ink, leading: 1.4}
)

func (p *letter) frame() {
	p.y, p.bottom = 12, pageHeight-16
	if p.l.Demo {
		p.demoMark(9)
		p.y = 18.5
	}
}

// letterhead draws who writes, in both languages, then number, date and addressee.
func (p *letter) letterhead() {
	const sign = 20.0
	side := (p.width - sign - 12) / 2
	var heads [2][]styled
	tall := sign
	for i, l := range []language{kk, ru} {
		heads[i] = append(p.setAtMost(5, fromBold, p.l.Authority.Name.in(l), side), p.setAtMost(4, fromText, p.l.Authority.Address.in(l), side)...)
		tall = max(tall, height(heads[i]))
	}
	for i, x := range []float64{p.left, p.left + p.width - side} {
		y := p.y + (tall-height(heads[i]))/2
		p.printIn(x, y, side, center, heads[i])
	}
	p.emblem(p.left+(p.width-sign)/2, p.y+(tall-sign)/2, sign)
	p.y += tall + 3.5
	p.stroke(p.left, p.y, p.left+p.width, p.y, 0.5, ink)
	p.y += 5
	half := p.width/2 - 4
	about := append(p.set(metaText, p.date(p.l.Date).in(p.lang), half), p.set(metaText, "№ "+p.l.OutNumber, half)...)
	if p.l.Application != "" {
		about = append(about, p.set(labelStyle, p.phrase("ref.application", map[string]Text{"number": Same(p.l.Application)}), half)...)
	}
	to := p.set(metaBold, p.l.Applicant.Name.in(p.lang), half)
	to = append(to, p.set(metaText, p.idWord(p.l.Applicant.Kind).in(p.lang)+" "+p.l.Applicant.ID, half)...)
	to = append(to, p.set(metaText, p.l.Applicant.Address.in(p.lang), half)...)
	p.cells([]float64{p.left, p.left + p.width/2 + 4}, [][]styled{about, to}, 0, 5, func(_, _ float64) {})
}

// block is one paragraph of a letter. A heading stands a little apart and stays with what follows.
type block struct {
	style
	text    string
	heading bool
}

const blockGap = 1.6

// flow prints blocks, going on over pages line by line.
func (p *letter) flow(blocks []block, k float64) {
	for _, b := range blocks {
		if b.heading {
			p.y += blockGap * k
			p.need(4 * b.scaled(k).line())
		}
		for _, line := range p.set(b.scaled(k), b.text, p.width) {
			p.need(line.line())
			p.y = p.print(p.left, p.y, []styled{line})
		}
		p.y += blockGap * k
	}
}

// blocksHeight measures what flow prints.
func (p *letter) blocksHeight(blocks []block, k float64) float64 {
	h := 0.0
	for _, b := range blocks {
		h += height(p.set(b.scaled(k), b.text, p.width)) + blockGap*k
		if b.heading {
			h += blockGap * k
		}
	}
	return h
}

// letterScales are tried until the letter fits on its page; a longer one goes on at full size.
var letterScales = []float64{1.08, 1.04, 1, 0.96, 0.92, 0.88}

// fitting returns the largest scale at which blocks and foot fit on this page.
func (p *letter) fitting(blocks []block) float64 {
	for _, k := range letterScales {
		if p.y+p.blocksHeight(blocks, k)+p.footHeight() <= p.bottom {
			return k
		}
	}
	return 1
}

func (p *letter) phrase(key string, values map[string]Text) string {
	return fill(p.word(key), values).in(p.lang)
}

// body is the letter in the order of letters §1.
func (p *letter) body() []block {
	l := p.l
	out := []block{
		{letterTitle, p.phrase("ref.title", nil), true},
		{letterText, p.phrase("ref.intro", map[string]Text{"filed.attr": p.dateOf(l.Filed), "in_no": Same(l.InNumber)}), false},
	}
	for _, part := range []struct {
		key, name string
		value     Text
	}{
		{"ref.kind", "kind", l.Kind},
		{"ref.subactivities", "subactivities", join(l.SubActivities, "; ")},
		{"ref.site", "site", join(sameEach(l.Sites), "; ")},
	} {
		if !part.value.isEmpty() {
			out = append(out, block{letterText, p.phrase(part.key, map[string]Text{part.name: part.value}), false})
		}
	}
	decision := "ref.decision.one"
	if len(l.Grounds) > 1 {
		decision = "ref.decision.many"
	}
	out = append(out, block{letterText, p.phrase(decision, nil), false})
	for i, g := range l.Grounds {
		out = append(out, p.ground(i, g)...)
	}
	out = append(out, p.consequences()...)
	out = append(out, p.appeal()...)
	if len(l.Attachments) > 0 {
		out = append(out, block{letterText, p.phrase("ref.attached", map[string]Text{"attachments": join(l.Attachments, "; ")}), false})
	}
	return out
}

// ground is one ground of S10 with what the letter must say of it.
func (p *letter) ground(i int, g Ground) []block {
	name := p.phrase("ref."+g.Code, nil)
	if len(p.l.Grounds) > 1 {
		name = fmt.Sprintf("%d. %s", i+1, name)
	}
	out := []block{{letterBold, name, true}}
	var deadline Text
	if !g.Deadline.IsZero() {
		deadline = p.date(g.Deadline)
	}
	for _, part := range []struct {
		key   string
		value Text
	}{
		{"ref." + g.Code + ".requirement", g.Requirement}, {"ref." + g.Code + ".basis", g.Basis}, {"ref." + g.Code + ".amount", g.Amount},
		{"ref." + g.Code + ".reason", g.Reason}, {"ref." + g.Code + ".deadline", deadline}, {"ref.remedy", g.Remedy},
	} {
		if _, printed := p.texts[part.key]; printed && !part.value.isEmpty() {
			out = append(out, block{letterText, p.phrase(part.key, map[string]Text{"value": part.value}), false})
		}
	}
	return out
}

// repairable are the grounds after which a new application makes sense (letters §1, ref.again).
var repairable = []string{"S10.2", "S10.3", "S10.4", "S10.7"}

func (p *letter) consequences() []block {
	var out []block
	if slices.ContainsFunc(p.l.Grounds, func(g Ground) bool { return slices.Contains(repairable, g.Code) }) {
		out = append(out, block{letterText, p.phrase("ref.again", nil), false})
	}
	if p.l.FeePaid {
		out = append(out, block{letterText, p.phrase("ref.fee", nil), false})
	}
	return out
}

// appeal tells how and when to complain: the rules in force since 1 July 2021.
func (p *letter) appeal() []block {
	place := map[string]Text{"authority_address": p.l.Authority.Address, "authority_phone": Same(p.l.Authority.Phone)}
	out := []block{
		{letterBold, p.phrase("ref.appeal.title", nil), true},
		{letterText, p.phrase("ref.appeal.way", nil), false},
		{letterText, p.phrase("ref.appeal.place", place), false},
	}
	for _, key := range []string{"ref.appeal.2021.term", "ref.appeal.2021.pass", "ref.appeal.2021.court"} {
		out = append(out, block{letterText, p.phrase(key, nil), false})
	}
	return out
}

// note sets the note about the electronic signature and who prepared the letter.
func (p *letter) note(width float64) []styled {
	l := p.l
	out := p.set(noteBold, p.phrase("lic.signed", nil), width)
	out = append(out, p.setAtMost(3, noteStyle, p.phrase("lic.signer", map[string]Text{"name": Same(l.Head)}), width)...)
	out = append(out, p.set(noteStyle, p.phrase("lic.signed_at", map[string]Text{"at": stamp(l.Signature.At)}), width)...)
	if l.Executor == "" {
		return out
	}
	executor := p.phrase("ref.executor", map[string]Text{"executor": Same(l.Executor), "phone": Same(l.ExecutorPhone)})
	if l.ExecutorPhone == "" {
		executor = p.phrase("ref.executor.name", map[string]Text{"executor": Same(l.Executor)})
	}
	return append(out, p.setAtMost(3, noteStyle, executor, width)...)
}

// check tells where the letter can be checked.
func (p *letter) check() []styled {
	return p.setAtMost(2, captionStyle, p.phrase("ref.check", map[string]Text{"site": Same(p.l.CheckSite)}), p.width)
}

func (p *letter) noteWidth() float64 { return p.width - codeSize - 8 }

func (p *letter) noteHeight() float64 {
	return max(codeSize, height(p.note(p.noteWidth()-8))+2*notePad)
}

func (p *letter) footHeight() float64 { return 4 + p.noteHeight() + 3 + height(p.check()) }

// foot draws the signature note and the QR code at the lower edge of the language's last page.
func (p *letter) foot() {
	p.need(p.footHeight())
	tall := p.noteHeight()
	y := p.bottom - p.footHeight() + 4
	p.box(p.left, y, p.noteWidth(), tall, 0.26, ink)
	p.print(p.left+4, y+notePad, p.note(p.noteWidth()-8))
	p.qrCode(p.left+p.width-codeSize, y+tall-codeSize, codeSize, p.l.CheckURL)
	p.print(p.left, y+tall+3, p.check())
}

func sameEach(list []string) []Text {
	var out []Text
	for _, s := range list {
		out = append(out, Same(s))
	}
	return out
}
