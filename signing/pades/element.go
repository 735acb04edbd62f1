package pades

import "fmt"

// maxNesting bounds the open elements of indefinite length in a CMS.
const maxNesting = 64

// elementLength returns the length of the one BER element that b starts with. Indefinite lengths are
// accepted, because signing programs of the national authority make them; they are walked without
// recursion, so that nested "30 80" cannot exhaust the stack. A CMS is a SEQUENCE, so 0x30 comes first.
func elementLength(b []byte) (int, error) {
	if len(b) == 0 || b[0] != 0x30 {
		return 0, fmt.Errorf("%w: no SEQUENCE", ErrNotCMS)
	}
	at, openEnded := 0, 0
	for {
		header, length, indefinite, err := elementHeader(b[at:])
		if err != nil {
			return 0, err
		}
		switch {
		case indefinite:
			if openEnded++; openEnded > maxNesting {
				return 0, fmt.Errorf("%w: nesting", ErrNotCMS)
			}
			at += header
		case b[at] == 0 && length == 0 && openEnded > 0: // end of contents
			openEnded--
			at += header
		default:
			if length > len(b)-at-header {
				return 0, fmt.Errorf("%w: ends too early", ErrNotCMS)
			}
			at += header + length
		}
		if openEnded == 0 {
			return at, nil
		}
	}
}

// elementHeader reads tag and length (ITU-T X.690 §8.1.2, §8.1.3).
func elementHeader(b []byte) (header, length int, indefinite bool, err error) {
	short := fmt.Errorf("%w: ends too early", ErrNotCMS)
	if len(b) < 2 {
		return 0, 0, false, short
	}
	at := 1
	if b[0]&0x1f == 0x1f {
		for at < len(b) && b[at]&0x80 != 0 && at < 4 {
			at++
		}
		at++
	}
	if at >= len(b) {
		return 0, 0, false, short
	}
	first := b[at]
	at++
	switch {
	case first < 0x80:
		return at, int(first), false, nil
	case first == 0x80:
		if b[0]&0x20 == 0 {
			return 0, 0, false, fmt.Errorf("%w: primitive of indefinite length", ErrNotCMS)
		}
		return at, 0, true, nil
	case first > 0x84:
		return 0, 0, false, fmt.Errorf("%w: length", ErrNotCMS)
	}
	for range first & 0x7f {
		if at >= len(b) {
			return 0, 0, false, short
		}
		length = length<<8 | int(b[at])
		at++
	}
	return at, length, false, nil
}
