package print

// field is one column of a table: its title in both languages and its share of the width.
type field struct {
	title Text
	share float64
}

// Styles of tables and labelled rows.
var (
	headKK     = style{face: sansBold, size: 7.5, color: ink, leading: 1.25}
	headRU     = style{face: sans, size: 7.5, color: quiet, leading: 1.25}
	cellStyle  = style{face: sans, size: 8.5, color: ink, leading: 1.3}
	rowLabelKK = style{face: sans, size: 9, color: ink, leading: 1.3}
	rowLabelRU = style{face: sans, size: 8, color: quiet, leading: 1.3}
	rowValue   = style{face: sans, size: 10.5, color: ink, leading: 1.32}
)

const cellPadding = 1.3

// table draws rows under a head that is repeated on each page.
func (p *sheet) table(fields []field, rows [][]string) {
	total := 0.0
	for _, f := range fields {
		total += f.share
	}
	xs, widths := make([]float64, len(fields)), make([]float64, len(fields))
	head := make([][]styled, len(fields))
	x := p.left
	for i, f := range fields {
		w := p.width * f.share / total
		xs[i], widths[i] = x+cellPadding, w-2*cellPadding
		head[i] = append(p.set(headKK, f.title.KK, widths[i]), p.set(headRU, f.title.RU, widths[i])...)
		x += w
	}
	headHeight := 0.0
	for _, h := range head {
		headHeight = max(headHeight, height(h))
	}
	drawHead := func() {
		p.fillBox(p.left, p.y, p.width, headHeight+2*cellPadding, panel)
		for i := range head {
			p.print(xs[i], p.y+cellPadding, head[i])
		}
		p.y += headHeight + 2*cellPadding
		p.stroke(p.left, p.y, p.left+p.width, p.y, 0.3, ink)
	}
	p.need(headHeight + 12)
	drawHead()
	plain := p.begin
	p.begin = func(s *sheet) {
		plain(s)
		drawHead()
	}
	for _, row := range rows {
		columns := make([][]styled, len(fields))
		for i := range fields {
			columns[i] = p.set(cellStyle, row[i], widths[i])
		}
		p.cells(xs, columns, cellPadding, cellPadding, func(_, bottom float64) {
			p.stroke(p.left, bottom, p.left+p.width, bottom, 0.2, hairline)
		})
	}
	p.begin = plain
}

// labelShare is the part of the width that labels take.
const labelShare = 0.36

// labelled draws one row: the label in both languages on the left, the value on the right.
func (p *sheet) labelled(label Text, value ...styled) {
	width := p.width * labelShare
	name := append(p.set(rowLabelKK, label.KK, width-4), p.set(rowLabelRU, label.RU, width-4)...)
	p.cells([]float64{p.left, p.left + width}, [][]styled{name, value}, cellPadding, cellPadding, func(_, bottom float64) {
		p.stroke(p.left, bottom, p.left+p.width, bottom, 0.2, hairline)
	})
}

// plain sets a value that reads the same in both languages.
func (p *sheet) plain(text string) []styled {
	return p.set(rowValue, text, p.width*(1-labelShare))
}

// both sets a value in Kazakh and, where it differs, in Russian below it.
func (p *sheet) both(t Text) []styled {
	lines := p.plain(t.in(kk))
	if t.in(ru) != t.in(kk) {
		s := rowValue
		s.size, s.color = 9.5, quiet
		lines = append(lines, p.set(s, t.in(ru), p.width*(1-labelShare))...)
	}
	return lines
}
