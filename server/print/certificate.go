package print

import (
	"fmt"
	"strings"
)

// heading is the upper part of a certificate.
type heading struct {
	title, under Text
	number       string
	extra        []Text
	size         float64 // of the title, points
	emblem       float64 // width
}

// Styles of a certificate at full size.
var (
	captionStyle = style{face: sans, size: 9, color: quiet, leading: 1.4}
	labelStyle   = style{face: sans, size: 8.5, color: quiet, leading: 1.3}
	valueStyle   = style{face: sans, size: 10.5, color: ink, leading: 1.32}
	strongStyle  = style{face: sansBold, size: 10.5, color: ink, leading: 1.32}
	underStyle   = style{face: sans, size: 10, color: quiet, leading: 1.4}
	numberStyle  = style{face: serifBold, size: 17, color: ink, leading: 1.2, spacing: 0.68}
	noteStyle    = style{face: sans, size: 9, color: ink, leading: 1.4}
	noteBold     = style{face: sansBold, size: 9.5, color: ink, leading: 1.4}
	smallStyle   = style{face: sans, size: 7, color: quiet, leading: 1.3}
)

// half is the width of one language's text, halfAt where the second begins.
func (c *certificate) half() float64   { return c.width/2 - gutter }
func (c *certificate) halfAt() float64 { return c.left + c.width/2 + gutter }

func (h heading) titleStyle(k float64) style {
	return style{face: serifBold, size: h.size * min(1, k+0.1), color: ink, leading: 1.15, spacing: h.size * 0.06}
}

// headingHeight measures what heading draws.
func (c *certificate) headingHeight(h heading, k float64) float64 {
	lines := max(len(c.wrap(h.titleStyle(k), h.title.KK, c.half())), len(c.wrap(h.titleStyle(k), h.title.RU, c.half())))
	return h.emblem*k + 1.5*k + captionStyle.scaled(k).line() + 3*k + float64(lines)*h.titleStyle(k).line() +
		underStyle.scaled(k).line() + float64(len(h.extra))*strongStyle.scaled(k).line() + 4*k + numberStyle.scaled(k).line() + 4*k
}

// heading draws emblem, title in both languages and number.
func (c *certificate) heading(h heading, k float64) {
	c.emblem(c.left+(c.width-h.emblem*k)/2, c.y, h.emblem*k)
	c.y += (h.emblem + 1.5) * k
	place := c.word("lic.emblem")
	c.y = c.lines(c.left, c.y, c.width, captionStyle.scaled(k), center, []string{place.KK + " · " + place.RU}) + 3*k
	top, below := c.y, c.y
	for _, side := range []struct {
		x float64
		l language
	}{{c.left, kk}, {c.halfAt(), ru}} {
		y := c.paragraph(side.x, top, c.half(), h.titleStyle(k), center, h.title.in(side.l))
		y = c.printIn(side.x, y, c.half(), center, c.setAtMost(1, underStyle.scaled(k), h.under.in(side.l), c.half()))
		for _, e := range h.extra {
			y = c.printIn(side.x, y, c.half(), center, c.setAtMost(1, strongStyle.scaled(k), e.in(side.l), c.half()))
		}
		below = max(below, y)
	}
	c.y = c.printIn(c.left, below+4*k, c.width, center, c.setAtMost(1, numberStyle.scaled(k), h.number, c.width)) + 4*k
}

// runningHead names the document on the pages after its first.
func (c *certificate) runningHead(h heading) {
	line := h.title.KK + " · " + h.title.RU + " · " + h.number
	if h.number != c.l.Number {
		line += " · " + c.l.Number
	}
	c.y = c.printIn(c.left, c.y, c.width, center, c.setAtMost(2, strongStyle, line, c.width)) + 3
}

// column sets one language of a row.
func (c *certificate) column(f fact, l language, k float64) []styled {
	value := valueStyle
	if f.strong {
		value = strongStyle
	}
	lines := c.set(labelStyle.scaled(k), f.label.in(l), c.half())
	lines = append(lines, c.set(value.scaled(k), f.value.in(l), c.half())...)
	return append(lines, c.set(valueStyle.scaled(k), f.more.in(l), c.half())...)
}

const rowPadding = 1.45

func (c *certificate) factsHeight(facts []fact, k float64) float64 {
	h := 0.0
	for _, f := range facts {
		h += max(height(c.column(f, kk, k)), height(c.column(f, ru, k))) + 2*rowPadding*k
	}
	return h
}

// fact draws one row with its rule above and the line between the languages.
func (c *certificate) fact(f fact, k float64) {
	c.cells([]float64{c.left, c.halfAt()}, [][]styled{c.column(f, kk, k), c.column(f, ru, k)}, rowPadding*k, rowPadding*k,
		func(top, bottom float64) {
			c.stroke(c.left, top, c.left+c.width, top, 0.25, hairline)
			c.stroke(c.left+c.width/2, top, c.left+c.width/2, bottom, 0.25, hairline)
		})
}

// numbered makes a list of one text; a single entry carries no number.
func numbered(list []Text) Text {
	if len(list) == 1 {
		return list[0]
	}
	var k, r []string
	for i, t := range list {
		k = append(k, fmt.Sprintf("%d) %s", i+1, t.in(kk)))
		r = append(r, fmt.Sprintf("%d) %s", i+1, t.in(ru)))
	}
	return Text{KK: strings.Join(k, "\n"), RU: strings.Join(r, "\n")}
}

// Measures of the foot.
const (
	footGap    = 4.0
	notePad    = 3.0
	codeSize   = 27.0
	paperWidth = 56.0
)

// signature sets the note about the electronic signature in one language.
func (c *certificate) signature(l language, k float64) []styled {
	width := c.half() - 2*notePad
	lines := c.set(noteBold.scaled(k), c.word("lic.signed").in(l), width)
	signer := fill(c.word("lic.signer"), map[string]Text{"name": Same(c.l.Signature.Signer)})
	at := fill(c.word("lic.signed_at"), map[string]Text{"at": stamp(c.l.Signature.At)})
	lines = append(lines, c.setAtMost(3, noteStyle.scaled(k), signer.in(l), width)...)
	return append(lines, c.set(noteStyle.scaled(k), at.in(l), width)...)
}

func (c *certificate) signatureHeight(k float64) float64 {
	return max(height(c.signature(kk, k)), height(c.signature(ru, k))) + 2*notePad*k
}

// equal is the sentence that makes the electronic document equal to paper.
func (c *certificate) equal(l language) []styled {
	return c.set(smallStyle, c.word("lic.equal").in(l), c.half())
}

func (c *certificate) footHeight(k float64) float64 {
	return footGap*k + c.signatureHeight(k) + footGap*k + codeSize + footGap*k + max(height(c.equal(kk)), height(c.equal(ru)))
}

// foot draws signature notes, QR code, how to check, and the places for seal and hand on a paper copy. It
// stands at the lower edge of the page.
func (c *certificate) foot(k float64) {
	y := c.bottom - c.footHeight(k) + footGap*k
	h := c.signatureHeight(k)
	for _, side := range []struct {
		x float64
		l language
	}{{c.left, kk}, {c.halfAt(), ru}} {
		c.box(side.x, y, c.half(), h, 0.26, ink)
		c.print(side.x+notePad, y+notePad*k, c.signature(side.l, k))
		c.print(side.x, c.bottom-max(height(c.equal(kk)), height(c.equal(ru))), c.equal(side.l))
	}
	y += h + footGap*k
	c.qrCode(c.left, y, codeSize, c.l.CheckURL)
	c.howToCheck(c.left+codeSize+8, y, c.width-codeSize-8-paperWidth-6)
	c.paperCopy(c.left+c.width-paperWidth, y)
}

// howToCheck tells how to see that the document is genuine, Kazakh first.
func (c *certificate) howToCheck(x, y, width float64) {
	values := map[string]Text{"site": Same(c.l.CheckSite), "number": Same(c.l.Number)}
	text, title := fill(c.word("lic.verify"), values), c.word("lic.verify.title")
	for _, l := range []language{kk, ru} {
		bold := noteStyle
		bold.face = sansBold
		y = c.paragraph(x, y, width, bold, left, title.in(l))
		y = c.print(x, y, c.setAtMost(3, noteStyle, text.in(l), width)) + 1
	}
}

// paperCopy draws the places for seal and signature on a print (S6.2).
func (c *certificate) paperCopy(x, y float64) {
	s := labelStyle
	c.pdf.SetDashPattern([]float64{0.8, 0.6}, 0)
	c.box(x, y, paperWidth, codeSize, 0.26, edge)
	c.pdf.SetDashPattern(nil, 0)
	paper, seal, hand := c.word("lic.paper"), c.word("lic.seal"), c.word("lic.hand")
	c.paragraph(x+2, y+1.5, paperWidth-4, s, left, paper.KK+" / "+paper.RU)
	line := y + codeSize - s.line() - 2
	c.stroke(x+2, line, x+paperWidth-2, line, 0.2, edge)
	c.text(x+2, line+0.6, s, seal.KK+" / "+seal.RU)
	c.lines(x+2, line+0.6, paperWidth-4, s, right, []string{hand.KK + " / " + hand.RU})
}
