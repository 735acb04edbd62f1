package print

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"codeberg.org/go-pdf/fpdf"
)

// Page geometry in millimetres (A4).
const (
	pageWidth  = 210.0
	pageHeight = 297.0
)

// point is one typographic point in millimetres.
const point = 25.4 / 72

// color is red, green, blue.
type color [3]int

// Colours of print, from the design's tokens.
var (
	ink      = color{0x13, 0x21, 0x1f}
	quiet    = color{0x4a, 0x5b, 0x58}
	hairline = color{0xd3, 0xdb, 0xd9}
	edge     = color{0x5f, 0x70, 0x6d}
	panel    = color{0xf3, 0xf6, 0xf5}
	gold     = color{0xa9, 0x7c, 0x22}
	ornament = color{0x6d, 0x9c, 0x9d} // the colour of action, lightened: nothing here is transparent
	demoBack = color{0xff, 0xe9, 0xa6}
	demoText = color{0x3b, 0x2e, 0x00}
)

// style says how a text looks.
type style struct {
	face    string
	size    float64 // points
	color   color
	leading float64 // line height as a multiple of size
	spacing float64 // extra space between letters, points
}

// line is the height of one line in millimetres.
func (s style) line() float64 { return s.size * s.leading * point }

// scaled returns the style at another size.
func (s style) scaled(k float64) style {
	s.size *= k
	return s
}

// drawing is a PDF in the making. Lengths are in millimetres from the upper left corner.
type drawing struct {
	*vocabulary
	pdf   *fpdf.Fpdf
	faces map[string]*face
	used  map[string]bool // faces that the file needs
	err   error           // the first mistake; drawing goes on, finish reports it
}

func newDrawing() (*drawing, error) {
	words, err := loadWords()
	if err != nil {
		return nil, err
	}
	faces, err := loadFaces()
	if err != nil {
		return nil, err
	}
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetCatalogSort(true)
	pdf.SetCellMargin(0)
	return &drawing{vocabulary: words, pdf: pdf, faces: faces, used: map[string]bool{}}, nil
}

// word returns a text of texts.yaml. A missing one is a mistake in the program and fails the document.
func (d *drawing) word(key string) Text {
	t, ok := d.texts[key]
	if !ok && d.err == nil {
		d.err = fmt.Errorf("print: no text %q", key)
	}
	return t
}

// faceFor returns the face that has a character, and what is printed for it.
func (d *drawing) faceFor(s style, r rune) (*face, rune, uint16) {
	for _, f := range [2]*face{d.faces[s.face], d.faces[reserve]} {
		if w, ok := f.glyphs[r]; ok {
			return f, r, w
		}
	}
	f := d.faces[reserve]
	return f, replacement, f.glyphs[replacement]
}

// width measures a text on one line.
func (d *drawing) width(s style, text string) float64 {
	var thousandths, letters int
	for _, r := range text {
		_, _, w := d.faceFor(s, r)
		thousandths += int(w)
		letters++
	}
	return (float64(thousandths)*s.size/1000 + float64(letters)*s.spacing) * point
}

// text prints one line with its left end at x and its line box from y; it returns the right end.
func (d *drawing) text(x, y float64, s style, text string) float64 {
	baseline := y + s.line()/2 + 0.35*s.size*point // 0.7 is the height of capitals in PT
	var run strings.Builder
	var current *face
	flush := func() {
		if run.Len() == 0 {
			return
		}
		d.setFace(current, s)
		d.pdf.Text(x, baseline, run.String())
		x += d.width(s, run.String())
		run.Reset()
	}
	for _, r := range text {
		f, r, _ := d.faceFor(s, r)
		if f != current {
			flush()
			current = f
		}
		run.WriteRune(r)
	}
	flush()
	return x
}

// setFace selects font, size, colour and letter spacing.
func (d *drawing) setFace(f *face, s style) {
	if name := f.family + f.style; !d.used[name] {
		d.used[name] = true
		d.pdf.AddUTF8FontFromBytes(f.family, f.style, f.ttf)
	}
	d.pdf.SetFont(f.family, f.style, s.size)
	d.pdf.SetTextColor(s.color[0], s.color[1], s.color[2])
	d.pdf.RawWriteStr(fmt.Sprintf("%.3f Tc", s.spacing))
}

// wrap breaks a text into lines no wider than width: at spaces, after hyphens, and inside a word that is
// wider than a line. Line breaks of our own texts ("\n") are kept; clean removes those of others.
func (d *drawing) wrap(s style, text string, width float64) []string {
	var lines []string
	for part := range strings.SplitSeq(text, "\n") {
		lines = append(lines, d.wrapPart(s, part, width)...)
	}
	return lines
}

func (d *drawing) wrapPart(s style, text string, width float64) []string {
	var lines []string
	line, used := "", 0.0
	for _, piece := range pieces(text) {
		w := d.width(s, piece)
		if line != "" && used+d.width(s, strings.TrimRight(piece, " ")) > width {
			lines = append(lines, strings.TrimRight(line, " "))
			line, used = "", 0
		}
		if w > width && line == "" {
			for _, r := range piece {
				rw := d.width(s, string(r))
				if used+rw > width && line != "" {
					lines = append(lines, line)
					line, used = "", 0
				}
				line += string(r)
				used += rw
			}
			continue
		}
		line += piece
		used += w
	}
	return append(lines, strings.TrimRight(line, " "))
}

// pieces cuts a text where a line may end; each piece keeps its space or hyphen. A line does not end after
// "№" or inside "7-бабы" or "к-сі", and the last word does not stand alone when it is as short as a house number.
func pieces(text string) []string {
	const alone = 3
	var out []string
	start := 0
	var before rune
	letters := 0 // in a row before this place
	for i, r := range text {
		rest := text[i+utf8.RuneLen(r):]
		space := r == ' ' && before != '№' && (len(rest) >= utf8.UTFMax*alone || utf8.RuneCountInString(rest) >= alone)
		hyphen := r == '-' && letters >= alone && startsWithLetters(rest, alone)
		if letters++; !unicode.IsLetter(r) {
			letters = 0
		}
		if space || hyphen {
			out = append(out, text[start:i+1])
			start = i + 1
		}
		before = r
	}
	if start < len(text) {
		out = append(out, text[start:])
	}
	return out
}

// startsWithLetters tells whether a text begins with n letters.
func startsWithLetters(text string, n int) bool {
	for _, r := range text {
		if n == 0 {
			return true
		}
		if !unicode.IsLetter(r) {
			return false
		}
		n--
	}
	return n == 0
}

// align is where lines stand in their width.
type align int

const (
	left align = iota
	center
	right
)

// lines prints lines from y downwards in the given width and returns the y below them.
func (d *drawing) lines(x, y, width float64, s style, a align, lines []string) float64 {
	for _, l := range lines {
		at := x
		switch a {
		case center:
			at = x + (width-d.width(s, l))/2
		case right:
			at = x + width - d.width(s, l)
		}
		d.text(at, y, s, l)
		y += s.line()
	}
	return y
}

// paragraph wraps and prints a text and returns the y below it.
func (d *drawing) paragraph(x, y, width float64, s style, a align, text string) float64 {
	return d.lines(x, y, width, s, a, d.wrap(s, text, width))
}

// stroke draws a straight line.
func (d *drawing) stroke(x1, y1, x2, y2, width float64, c color) {
	d.pdf.SetDrawColor(c[0], c[1], c[2])
	d.pdf.SetLineWidth(width)
	d.pdf.Line(x1, y1, x2, y2)
}

// box draws a frame.
func (d *drawing) box(x, y, w, h, width float64, c color) {
	d.pdf.SetDrawColor(c[0], c[1], c[2])
	d.pdf.SetLineWidth(width)
	d.pdf.Rect(x, y, w, h, "D")
}

// fillBox draws a filled rectangle without frame.
func (d *drawing) fillBox(x, y, w, h float64, c color) {
	d.pdf.SetFillColor(c[0], c[1], c[2])
	d.pdf.Rect(x, y, w, h, "F")
}
