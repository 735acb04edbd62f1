package pades

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
)

// Signature is one signature dictionary of a file. Its CMS has not been checked.
type Signature struct {
	// ByteRange is offset and length of the bytes before and after the CMS, as the file states them;
	// it has been checked against the file and the place of the CMS.
	ByteRange [4]int64
	// CMS is the signature without the padding; nil while the file waits for its signature.
	CMS []byte
	// SignedBytes are the bytes of the ByteRange.
	SignedBytes []byte
	// CoversWholeFile is true when nothing but the CMS itself is outside the ByteRange. False means that
	// something was appended after signing.
	CoversWholeFile bool
	// CoversWhatIsShown is true when, besides, nothing but a security store was appended after signing, to the
	// byte as AddStore writes it: evidence, which shows nothing to a reader.
	CoversWhatIsShown bool
	// Store is the evidence in that store; empty without one.
	Store Store
	// SubFilter is the format by name: "ETSI.CAdES.detached", "adbe.pkcs7.detached", …
	SubFilter string
	// SignedAt is the claimed time (/M), zero when absent or unreadable. It proves nothing.
	SignedAt time.Time
}

// Signatures finds the signatures of a PDF that anyone may have made. An empty result means an unsigned
// file. A signature dictionary must lie in the file in plain, since its CMS is at a byte offset, so the
// dictionaries are found by their ByteRange without trusting any cross-reference.
// Errors: ErrTooLarge; ErrMalformed when a ByteRange is not exactly "everything around its own CMS, from
// the first byte": overlapping, negative and huge ranges and wide gaps hide unsigned bytes.
func Signatures(pdf []byte) ([]Signature, error) {
	if len(pdf) > MaxFile {
		return nil, ErrTooLarge
	}
	if !bytes.Contains(pdf[:min(len(pdf), 1024)], []byte("%PDF-")) {
		return nil, fmt.Errorf("%w: no PDF header", ErrMalformed)
	}
	var found []Signature
	key, seen, words := []byte("/ByteRange"), -1, 0
	for at := bytes.Index(pdf, key); at >= 0; {
		if words++; words > maxWords {
			return nil, fmt.Errorf("%w: too many signatures", ErrMalformed)
		}
		d, ok, err := enclosing(pdf, at)
		if err != nil {
			return nil, err
		}
		if ok && d.start != seen {
			seen = d.start
			if len(found) == MaxSignatures {
				return nil, fmt.Errorf("%w: too many signatures", ErrMalformed)
			}
			s, err := readSignature(pdf, d)
			if err != nil {
				return nil, err
			}
			found = append(found, s)
		}
		behind := at + len(key)
		next := bytes.Index(pdf[behind:], key)
		if next < 0 {
			break
		}
		at = behind + next
	}
	return found, nil
}

// maxWords bounds how often the word ByteRange is looked into, and maxBefore how far before and after it
// the signature dictionary may reach: the room for the CMS in hexadecimal and some text. Without them a
// file made of nothing but this word would take hours.
const (
	maxWords  = 4 * MaxSignatures
	maxBefore = 2*maxContents + 64<<10
)

// enclosing returns the object dictionary that the ByteRange at at belongs to. False means that the words
// stand somewhere else: in a stream, in a string, deeper in another object.
func enclosing(b []byte, at int) (dictionary, bool, error) {
	from := max(0, at-maxBefore)
	obj := bytes.LastIndex(b[from:at], []byte(" obj"))
	if obj < 0 {
		return dictionary{}, false, nil
	}
	start := skipSpace(b, from+obj+len(" obj"))
	if !bytes.HasPrefix(b[start:], []byte("<<")) {
		return dictionary{}, false, nil
	}
	d, err := parseDictionary(b[:min(len(b), at+maxBefore)], start)
	if err != nil {
		return d, false, err
	}
	value, ok := d.values["ByteRange"]
	return d, ok && value.start > at && d.end > at, nil
}

// readSignature takes the signature apart and holds its ByteRange against the place of its CMS.
func readSignature(b []byte, d dictionary) (Signature, error) {
	s := Signature{SubFilter: decodeName(bytes.TrimPrefix(d.values["SubFilter"].of(b), []byte("/")))}
	fields := bytes.Fields(bytes.Trim(d.values["ByteRange"].of(b), "[]"))
	if len(fields) != 4 {
		return s, fmt.Errorf("%w: ByteRange has %d numbers", ErrMalformed, len(fields))
	}
	for i, f := range fields {
		n, err := digits(f)
		if err != nil {
			return s, err
		}
		s.ByteRange[i] = n
	}
	room, ok := d.values["Contents"]
	if !ok || b[room.start] != '<' {
		return s, fmt.Errorf("%w: no CMS in hexadecimal", ErrMalformed)
	}
	r, size := s.ByteRange, int64(len(b))
	if r[0] != 0 || r[1] != int64(room.start) || r[2] != int64(room.end) || r[3] > size-r[2] {
		return s, fmt.Errorf("%w: ByteRange does not fit its CMS", ErrMalformed)
	}
	if r[2]+r[3] < int64(d.end) {
		return s, fmt.Errorf("%w: ByteRange ends inside its dictionary", ErrMalformed)
	}
	var err error
	if s.CMS, err = contents(room.of(b)); err != nil {
		return s, err
	}
	s.CoversWholeFile = r[2]+r[3] == size
	s.CoversWhatIsShown = s.CoversWholeFile
	if !s.CoversWholeFile {
		s.Store, s.CoversWhatIsShown = storeBehind(b, int(r[2]+r[3]))
	}
	s.SignedBytes = signedBytes(b, r)
	s.SignedAt = readTime(d.values["M"].of(b))
	return s, nil
}

// signedBytes joins the two parts of a checked range.
func signedBytes(b []byte, r [4]int64) []byte {
	out := make([]byte, 0, r[1]+r[3])
	out = append(out, b[r[0]:r[0]+r[1]]...)
	return append(out, b[r[2]:r[2]+r[3]]...)
}

// contents decodes "<hex>". Only zeros may follow the CMS (ISO 32000-2 §12.8.3.3); all zeros is the room
// of a prepared file and gives nil.
func contents(raw []byte) ([]byte, error) {
	if len(raw) > 2*maxContents+2 {
		return nil, fmt.Errorf("%w: CMS", ErrTooLarge)
	}
	cms := make([]byte, hex.DecodedLen(len(raw)-2))
	if _, err := hex.Decode(cms, raw[1:len(raw)-1]); err != nil {
		return nil, fmt.Errorf("%w: CMS is not hexadecimal", ErrMalformed)
	}
	if len(bytes.Trim(cms, "\x00")) == 0 {
		return nil, nil
	}
	n, err := elementLength(cms)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	if len(bytes.Trim(cms[n:], "\x00")) > 0 {
		return nil, fmt.Errorf("%w: bytes after the CMS", ErrMalformed)
	}
	return cms[:n:n], nil
}

// readTime reads a date such as (D:20261218114207+05'00').
func readTime(raw []byte) time.Time {
	s := strings.NewReplacer("'", "", "Z", "+0000").Replace(strings.Trim(string(raw), "()"))
	t, err := time.Parse("D:20060102150405-0700", s)
	if err != nil {
		return time.Time{}
	}
	return t
}
