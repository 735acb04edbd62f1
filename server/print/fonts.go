package print

import (
	"embed"
	"encoding/binary"
	"fmt"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

//go:embed assets
var assets embed.FS

// face is one font file with what layout must know of it: which characters it has, and how wide they are.
type face struct {
	family, style string // names under which the drawing knows it
	file          string
	ttf           []byte
	glyphs        map[rune]uint16 // advance in thousandths of the size
}

// The faces of all documents. PT Sans and PT Serif hold every Kazakh letter; Noto Sans stands in for what
// they lack: the tenge sign, Greek, rarer Latin.
const (
	sans      = "sans"
	sansBold  = "sansB"
	serif     = "serif"
	serifBold = "serifB"
	reserve   = "reserve"
)

// replacement is printed for a character that no face has.
const replacement = '\uFFFD'

// loadFaces parses the fonts once for the process; they never change.
var loadFaces = sync.OnceValues(func() (map[string]*face, error) {
	all := map[string]*face{}
	for _, f := range []*face{
		{family: "sans", file: "PTSans-Regular.ttf"},
		{family: "sans", style: "B", file: "PTSans-Bold.ttf"},
		{family: "serif", file: "PTSerif-Regular.ttf"},
		{family: "serif", style: "B", file: "PTSerif-Bold.ttf"},
		{family: "reserve", file: "NotoSans-Regular.ttf"},
	} {
		var err error
		if f.ttf, err = assets.ReadFile("assets/" + f.file); err != nil {
			return nil, fmt.Errorf("print: font: %w", err)
		}
		if f.glyphs, err = readAdvances(f.ttf); err != nil {
			return nil, fmt.Errorf("print: font %s: %w", f.file, err)
		}
		all[f.family+f.style] = f
	}
	return all, nil
})

// readAdvances reads character map and widths of a TrueType file of our own (OpenType 1.9: head, hhea,
// hmtx, cmap format 4).
func readAdvances(ttf []byte) (map[rune]uint16, error) {
	tables := map[string][]byte{}
	for i := range int(binary.BigEndian.Uint16(ttf[4:])) {
		entry := ttf[12+16*i:]
		offset, length := binary.BigEndian.Uint32(entry[8:]), binary.BigEndian.Uint32(entry[12:])
		tables[string(entry[:4])] = ttf[offset : offset+length]
	}
	for _, name := range []string{"head", "hhea", "hmtx", "cmap"} {
		if tables[name] == nil {
			return nil, fmt.Errorf("no table %s", name)
		}
	}
	unit := int(binary.BigEndian.Uint16(tables["head"][18:]))
	last := int(binary.BigEndian.Uint16(tables["hhea"][34:])) - 1
	advance := func(glyph int) uint16 {
		return uint16(int(binary.BigEndian.Uint16(tables["hmtx"][4*min(glyph, last):])) * 1000 / unit)
	}
	cmap := tables["cmap"]
	for i := range int(binary.BigEndian.Uint16(cmap[2:])) {
		sub := cmap[binary.BigEndian.Uint32(cmap[4+8*i+4:]):]
		if binary.BigEndian.Uint16(sub) == 4 {
			return readSegments(sub, advance), nil
		}
	}
	return nil, fmt.Errorf("no character map of format 4")
}

// readSegments walks the segments of a character map of format 4.
func readSegments(sub []byte, advance func(glyph int) uint16) map[rune]uint16 {
	at := func(offset int) int { return int(binary.BigEndian.Uint16(sub[offset:])) }
	double := at(6) // twice the number of segments
	found := map[rune]uint16{}
	for s := 0; s < double; s += 2 {
		end, start := at(14+s), at(16+double+s)
		delta, offset := at(16+2*double+s), at(16+3*double+s)
		for c := start; c <= end && c != 0xFFFF; c++ {
			glyph := c
			if offset != 0 {
				if glyph = at(16 + 3*double + s + offset + 2*(c-start)); glyph == 0 {
					continue
				}
			}
			if glyph = (glyph + delta) & 0xFFFF; glyph != 0 {
				found[rune(c)] = advance(glyph)
			}
		}
	}
	return found
}

// clean makes a text of anyone printable on one line: composed letters, white space as one space, and a
// visible sign in place of every mark that would turn the writing direction or hide something.
func clean(s string) string {
	var b strings.Builder
	space := false
	for _, r := range norm.NFC.String(strings.ToValidUTF8(s, string(replacement))) {
		switch {
		case r == '\u00ad' || r == '\ufeff': // soft hyphen, byte order mark: leftovers of copying
			continue
		case r == '\u00a0' || r == '\u202f':
			b.WriteRune('\u00a0')
			space = false
			continue
		case unicode.IsSpace(r):
			if !space && b.Len() > 0 {
				b.WriteByte(' ')
			}
			space = true
			continue
		case unicode.Is(unicode.C, r):
			r = replacement
		}
		b.WriteRune(r)
		space = false
	}
	return strings.TrimRight(b.String(), " ")
}
