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

// both sets a value in both languages: on one line where they fit, else Russian below Kazakh.
func (p *sheet) both(t Text) []styled { return p.bilingual("", t) }

// bilingual sets a value in both languages behind a prefix such as "1) ".
func (p *sheet) bilingual(prefix string, t Text) []styled {
	width := p.width * (1 - labelShare)
	if t.in(ru) == t.in(kk) {
		return p.plain(prefix + t.in(kk))
	}
	if line := prefix + t.in(kk) + " / " + t.in(ru); p.drawing.width(rowValue, line) <= width {
		return []styled{{rowValue, line}}
	}
	s := rowValue
	s.size, s.color = 9.5, quiet
	return append(p.plain(prefix+t.in(kk)), p.set(s, t.in(ru), width)...)
}

// pair is a label with a value that is short in both languages.
type pair struct{ label, value Text }

// pairs draws short facts two in a row.
func (p *sheet) pairs(list []pair) {
	half := p.width / 2
	name := half * 0.5
	for i := 0; i < len(list); i += 2 {
		var xs []float64
		var columns [][]styled
		for j, f := range list[i:min(i+2, len(list))] {
			x := p.left + float64(j)*half
			xs = append(xs, x, x+name)
			value := p.set(cellStyle, f.value.in(kk), half-name-4)
			if f.value.in(ru) != f.value.in(kk) {
				value = append(value, p.set(rowLabelRU, f.value.in(ru), half-name-4)...)
			}
			columns = append(columns, append(p.set(headRU, f.label.KK, name-4), p.set(headRU, f.label.RU, name-4)...), value)
		}
		p.cells(xs, columns, cellPadding, cellPadding, func(_, bottom float64) {
			p.stroke(p.left, bottom, p.left+p.width, bottom, 0.2, hairline)
		})
	}
}
