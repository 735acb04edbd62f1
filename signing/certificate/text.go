package certificate

import (
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Universal tags of the string types that stand in names.
const (
	tagUTF8      = 12
	tagNumeric   = 18
	tagPrintable = 19
	tagIA5       = 22
	tagVisible   = 26
	tagBMP       = 30
)

// decodeText gives the characters of a string type whose encoding is sure. TeletexString is none of them: what
// its octets mean differs from writer to writer.
func decodeText(tag uint8, value []byte) (string, bool) {
	switch tag {
	case tagUTF8:
		return string(value), utf8.Valid(value)
	case tagNumeric, tagPrintable, tagIA5, tagVisible:
		for _, b := range value {
			if b >= utf8.RuneSelf {
				return "", false
			}
		}
		return string(value), true
	case tagBMP:
		if len(value)%2 != 0 {
			return "", false
		}
		units := make([]uint16, len(value)/2)
		for i := range units {
			units[i] = uint16(value[2*i])<<8 | uint16(value[2*i+1])
			if utf16.IsSurrogate(rune(units[i])) { // BMPString has no pairs
				return "", false
			}
		}
		return string(utf16.Decode(units)), true
	}
	return "", false
}

// prepare makes a string ready for comparison (RFC 4518 §2.2 to §2.6 as far as RFC 5280 §7.1 needs it): letters
// without case, space compressed, characters without meaning gone. Normalisation (§2.3) is left out.
func prepare(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	space, begun := false, false
	for _, r := range s {
		switch {
		case isSpace(r):
			space = true
			continue
		case isNothing(r):
			continue
		}
		if space && begun {
			b.WriteByte(' ')
		}
		space, begun = false, true
		b.WriteRune(foldCase(r))
	}
	return b.String()
}

// foldCase gives one character for all that differ in case only: the least of them.
func foldCase(r rune) rune {
	if r < utf8.RuneSelf {
		if 'a' <= r && r <= 'z' {
			r -= 'a' - 'A'
		}
		return r
	}
	least := r
	for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
		least = min(least, f)
	}
	return least
}

// isSpace: RFC 4518 §2.2, what is mapped to SPACE.
func isSpace(r rune) bool {
	switch r {
	case '\t', '\n', '\v', '\f', '\r', ' ', 0x85, 0xa0:
		return true
	}
	return r >= utf8.RuneSelf && unicode.In(r, unicode.Z)
}

// isNothing: RFC 4518 §2.2, what is mapped to nothing. ZERO WIDTH SPACE is among them, though Unicode once
// counted it as a space.
func isNothing(r rune) bool {
	if r < utf8.RuneSelf {
		return r < 0x20 || r == 0x7f
	}
	switch {
	case r <= 0x9f, r == 0xad, r == 0x034f, r == 0x06dd, r == 0x070f, r == 0x1806, r == 0xfffc:
		return true
	case r >= 0x180b && r <= 0x180e, r >= 0x200b && r <= 0x200f, r >= 0x202a && r <= 0x202e,
		r >= 0x2060 && r <= 0x2063, r >= 0x206a && r <= 0x206f, r >= 0xfe00 && r <= 0xfe0f, r == 0xfeff,
		r >= 0xfff9 && r <= 0xfffb, r >= 0x1d173 && r <= 0x1d17a, r == 0xe0001, r >= 0xe0020 && r <= 0xe007f:
		return true
	}
	return false
}
