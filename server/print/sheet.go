package print

import "fmt"

// styled is one printed line with its look.
type styled struct {
	style
	text string
}

// height is the sum of the lines' heights.
func height(lines []styled) float64 {
	h := 0.0
	for _, l := range lines {
		h += l.line()
	}
	return h
}

// sheet is a drawing that flows down pages: blocks are put at y until bottom, then a new page begins.
type sheet struct {
	*drawing
	left, width float64
	y, bottom   float64
	begin       func(p *sheet) // draws what each page has and sets y and bottom
}

// newPage begins a page.
func (p *sheet) newPage() {
	p.pdf.AddPage()
	p.begin(p)
}

// need begins a new page when less than h is left on this one.
func (p *sheet) need(h float64) {
	if p.y+h > p.bottom {
		p.newPage()
	}
}

// set wraps a text of others or our own into styled lines.
func (p *sheet) set(s style, text string, width float64) []styled {
	if text == "" {
		return nil
	}
	var out []styled
	for _, l := range p.wrap(s, text, width) {
		out = append(out, styled{s, l})
	}
	return out
}

// setAtMost wraps a text into at most n lines; what is cut shows by its ellipsis. It is for names and numbers
// in places of fixed size, which stand in full elsewhere in the document or come from our own data.
func (d *drawing) setAtMost(n int, s style, text string, width float64) []styled {
	lines := d.wrap(s, text, width)
	if len(lines) > n {
		last := []rune(lines[n-1])
		for len(last) > 0 && d.width(s, string(last)+"…") > width {
			last = last[:len(last)-1]
		}
		lines = append(lines[:n-1:n-1], string(last)+"…")
	}
	out := make([]styled, len(lines))
	for i, l := range lines {
		out[i] = styled{s, l}
	}
	return out
}

// print puts lines at x from y downwards.
func (p *sheet) print(x, y float64, lines []styled) float64 {
	return p.printIn(x, y, 0, left, lines)
}

// printIn puts lines in a width by their alignment.
func (p *sheet) printIn(x, y, width float64, a align, lines []styled) float64 {
	for _, l := range lines {
		y = p.lines(x, y, width, l.style, a, []string{l.text})
	}
	return y
}

// cells puts columns of lines side by side as one row, which may go on over pages when it is taller than one.
// Columns begin at the given places; rule draws the row's lines for the part of it that is on a page.
func (p *sheet) cells(xs []float64, columns [][]styled, above, below float64, rule func(top, bottom float64)) {
	tallest := 0.0
	for _, c := range columns {
		tallest = max(tallest, height(c))
	}
	const firstLines = 14.0 // a row that is broken shows at least this much of itself
	if p.y+above+tallest+below > p.bottom && (above+tallest+below < p.bottom/2 || p.y+firstLines > p.bottom) {
		p.newPage()
	}
	for {
		top, rest := p.y, false
		y := top + above
		for i := range columns {
			at := y
			for len(columns[i]) > 0 && at+columns[i][0].line()+below <= p.bottom+0.01 {
				l := columns[i][0]
				p.text(xs[i], at, l.style, l.text)
				at += l.line()
				columns[i] = columns[i][1:]
			}
			rest = rest || len(columns[i]) > 0
			p.y = max(p.y, at+below)
		}
		rule(top, p.y)
		if !rest {
			return
		}
		p.newPage()
	}
}

// demoMark prints the bar that says that this is no document.
func (p *sheet) demoMark(y float64) {
	p.mark(y, "demo.mark", demoText, demoBack)
}

// mark prints a band with a text in both languages; gives where it ends.
func (p *sheet) mark(y float64, key string, text, back color) float64 {
	s := style{face: sans, size: 9, color: text, leading: 1.4}
	h := s.line() + 2
	p.fillBox(p.left, y, p.width, h, back)
	word := p.word(key)
	p.lines(p.left, y+1, p.width, s, center, []string{word.KK + " · " + word.RU})
	return y + h
}

// numberPages prints "page n of all" at the foot of every page once their number is known. It overwrites
// nothing: begin keeps the place free.
func (p *sheet) numberPages(y float64, note string) {
	s := style{face: sans, size: 8, color: quiet, leading: 1.3}
	all := p.pdf.PageCount()
	for n := 1; n <= all; n++ {
		p.pdf.SetPage(n)
		page := fill(p.word("page"), map[string]Text{"n": Same(fmt.Sprint(n)), "all": Same(fmt.Sprint(all))})
		line := page.KK + " · " + page.RU
		p.lines(p.left, y, p.width, s, right, []string{line})
		if note != "" {
			room := p.width - p.drawing.width(s, line) - 4
			p.text(p.left, y, s, p.wrap(s, note, room)[0])
		}
	}
}
