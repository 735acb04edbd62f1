package pades

import (
	"bytes"
	"fmt"
	"strconv"
)

// Bounds of one dictionary; a hostile file must cost time in proportion to its size, and no stack.
const (
	maxDepth   = 64
	maxEntries = 4096
)

// span is a piece of the file, end exclusive.
type span struct{ start, end int }

// of returns the bytes of the span.
func (s span) of(b []byte) []byte { return b[s.start:s.end] }

// dictionary is a parsed PDF dictionary: keys with the place of each value.
type dictionary struct {
	span
	values map[string]span
}

func isSpace(c byte) bool {
	return c == 0 || c == '\t' || c == '\n' || c == '\f' || c == '\r' || c == ' '
}

func isDelimiter(c byte) bool { return bytes.IndexByte([]byte("()<>[]{}/%"), c) >= 0 }

// skipSpace passes white space and comments (ISO 32000-1 §7.2.2).
func skipSpace(b []byte, at int) int {
	for at < len(b) {
		switch {
		case isSpace(b[at]):
			at++
		case b[at] == '%':
			for at < len(b) && b[at] != '\n' && b[at] != '\r' {
				at++
			}
		default:
			return at
		}
	}
	return at
}

// skipRegular passes one run of regular characters: a number, a keyword, the body of a name.
func skipRegular(b []byte, at int) int {
	for at < len(b) && !isSpace(b[at]) && !isDelimiter(b[at]) {
		at++
	}
	return at
}

// skipString passes a literal string whose opening parenthesis is at at.
func skipString(b []byte, at int) (int, error) {
	open := 0
	for ; at < len(b); at++ {
		switch b[at] {
		case '\\':
			at++
		case '(':
			open++
		case ')':
			open--
			if open == 0 {
				return at + 1, nil
			}
		}
	}
	return 0, fmt.Errorf("%w: unclosed string", ErrMalformed)
}

// skipToken passes one token other than a dictionary or array bracket.
func skipToken(b []byte, at int) (int, error) {
	switch c := b[at]; {
	case c == '(':
		return skipString(b, at)
	case c == '<':
		end := bytes.IndexByte(b[at:], '>')
		if end < 0 {
			return 0, fmt.Errorf("%w: unclosed hexadecimal string", ErrMalformed)
		}
		return at + end + 1, nil
	case c == '/':
		return skipRegular(b, at+1), nil
	case isDelimiter(c):
		return 0, fmt.Errorf("%w: unexpected %q", ErrMalformed, c)
	default:
		return skipRegular(b, at), nil
	}
}

// skipValue passes one value, a reference "12 0 R" included. It keeps a stack of open brackets instead of
// recursing, so that nesting costs no stack.
func skipValue(b []byte, at int) (int, error) {
	var open []byte
	for at = skipSpace(b, at); at < len(b); at = skipSpace(b, at) {
		var err error
		switch {
		case bytes.HasPrefix(b[at:], []byte("<<")):
			open, at = append(open, '>'), at+2
		case b[at] == '[':
			open, at = append(open, ']'), at+1
		case len(open) > 0 && bytes.HasPrefix(b[at:], []byte(">>")) && open[len(open)-1] == '>':
			open, at = open[:len(open)-1], at+2
		case len(open) > 0 && b[at] == ']' && open[len(open)-1] == ']':
			open, at = open[:len(open)-1], at+1
		default:
			if len(open) == 0 {
				if end, ok := skipReference(b, at); ok {
					return end, nil
				}
			}
			if at, err = skipToken(b, at); err != nil {
				return 0, err
			}
		}
		if len(open) == 0 {
			return at, nil
		}
		if len(open) > maxDepth {
			return 0, fmt.Errorf("%w: nesting", ErrMalformed)
		}
	}
	return 0, fmt.Errorf("%w: value ends with the file", ErrMalformed)
}

// skipReference passes "number generation R" when it stands at at.
func skipReference(b []byte, at int) (int, bool) {
	for range 2 {
		end := skipRegular(b, at)
		if _, err := digits(b[at:end]); err != nil {
			return 0, false
		}
		at = skipSpace(b, end)
	}
	end := skipRegular(b, at)
	return end, string(b[at:end]) == "R"
}

// parseDictionary reads the dictionary whose "<<" is at at. A key that stands twice is refused: readers
// differ in which one they believe.
func parseDictionary(b []byte, at int) (dictionary, error) {
	d := dictionary{values: map[string]span{}}
	at = skipSpace(b, at)
	if !bytes.HasPrefix(b[min(at, len(b)):], []byte("<<")) {
		return d, fmt.Errorf("%w: no dictionary", ErrMalformed)
	}
	d.start = at
	for at = skipSpace(b, at+2); at < len(b); at = skipSpace(b, at) {
		if bytes.HasPrefix(b[at:], []byte(">>")) {
			d.end = at + 2
			return d, nil
		}
		if b[at] != '/' {
			return d, fmt.Errorf("%w: key is not a name", ErrMalformed)
		}
		end := skipRegular(b, at+1)
		key := decodeName(b[at+1 : end])
		start := skipSpace(b, end)
		end, err := skipValue(b, start)
		if err != nil {
			return d, err
		}
		if _, twice := d.values[key]; twice {
			return d, fmt.Errorf("%w: key twice", ErrMalformed)
		}
		if len(d.values) == maxEntries {
			return d, fmt.Errorf("%w: too many keys", ErrMalformed)
		}
		d.values[key], at = span{start, end}, end
	}
	return d, fmt.Errorf("%w: unclosed dictionary", ErrMalformed)
}

// decodeName replaces #xx in a name by its byte (ISO 32000-1 §7.3.5).
func decodeName(raw []byte) string {
	if bytes.IndexByte(raw, '#') < 0 {
		return string(raw)
	}
	var out []byte
	for i := 0; i < len(raw); i++ {
		if raw[i] == '#' && i+2 < len(raw) {
			if v, err := strconv.ParseUint(string(raw[i+1:i+3]), 16, 8); err == nil {
				out, i = append(out, byte(v)), i+2
				continue
			}
		}
		out = append(out, raw[i])
	}
	return string(out)
}

// digits reads a non-negative number of at most 12 digits: enough for any offset, too few to overflow.
func digits(b []byte) (int64, error) {
	if len(b) == 0 || len(b) > 12 {
		return 0, fmt.Errorf("%w: number", ErrMalformed)
	}
	var n int64
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, fmt.Errorf("%w: number", ErrMalformed)
		}
		n = n*10 + int64(c-'0')
	}
	return n, nil
}

// reference reads "12 0 R".
func reference(b []byte) (number, generation int64, err error) {
	f := bytes.Fields(b)
	if len(f) != 3 || string(f[2]) != "R" {
		return 0, 0, fmt.Errorf("%w: no reference", ErrMalformed)
	}
	if number, err = digits(f[0]); err != nil {
		return 0, 0, err
	}
	generation, err = digits(f[1])
	return number, generation, err
}
