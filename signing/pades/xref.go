package pades

import (
	"bytes"
	"fmt"
)

// maxSections bounds the chain of cross-reference sections, so that a loop of /Prev ends.
const maxSections = 32

// file is a PDF with a classic cross-reference table, as our printer makes it.
type file struct {
	b       []byte
	xref    int64 // offset of the newest section
	trailer dictionary
	offsets map[int64]int64 // object number → offset; newest section wins, 0 means free
}

// open reads the cross-reference chain from the end of the file (ISO 32000-1 §7.5).
func open(b []byte) (*file, error) {
	if len(b) > MaxFile {
		return nil, ErrTooLarge
	}
	if !bytes.HasPrefix(b, []byte("%PDF-1.")) {
		return nil, fmt.Errorf("%w: no PDF header", ErrMalformed)
	}
	at := bytes.LastIndex(b, []byte("startxref"))
	if at < 0 {
		return nil, fmt.Errorf("%w: no startxref", ErrMalformed)
	}
	f := &file{b: b, offsets: map[int64]int64{}}
	next, _, err := f.number(at + len("startxref"))
	if err != nil {
		return nil, err
	}
	f.xref = next
	for section := 0; ; section++ {
		if section == maxSections {
			return nil, fmt.Errorf("%w: too many cross-reference sections", ErrMalformed)
		}
		trailer, err := f.section(next)
		if err != nil {
			return nil, err
		}
		if section == 0 {
			f.trailer = trailer
		}
		prev, more := trailer.values["Prev"]
		if !more {
			return f, nil
		}
		if next, err = digits(prev.of(b)); err != nil {
			return nil, err
		}
	}
}

// number reads the number after white space at at and returns the place behind it.
func (f *file) number(at int) (int64, int, error) {
	at = skipSpace(f.b, at)
	end := skipRegular(f.b, at)
	n, err := digits(f.b[at:end])
	return n, end, err
}

// section reads one cross-reference table and its trailer.
func (f *file) section(offset int64) (dictionary, error) {
	none := dictionary{}
	if offset >= int64(len(f.b)) {
		return none, fmt.Errorf("%w: cross-reference outside the file", ErrMalformed)
	}
	at := int(offset)
	if !bytes.HasPrefix(f.b[at:], []byte("xref")) {
		return none, fmt.Errorf("%w: no cross-reference table", ErrUnsupported)
	}
	for at = skipSpace(f.b, at+4); !bytes.HasPrefix(f.b[at:], []byte("trailer")); at = skipSpace(f.b, at) {
		first, end, err := f.number(at)
		if err != nil {
			return none, err
		}
		count, end, err := f.number(end)
		if err != nil {
			return none, err
		}
		if count > int64(len(f.b))/20+1 {
			return none, fmt.Errorf("%w: more entries than the file can hold", ErrMalformed)
		}
		for i := range count {
			var where int64
			if where, end, err = f.number(end); err != nil {
				return none, err
			}
			if _, end, err = f.number(end); err != nil {
				return none, err
			}
			end = skipSpace(f.b, end)
			kind := skipRegular(f.b, end)
			if _, newer := f.offsets[first+i]; !newer {
				if string(f.b[end:kind]) != "n" {
					where = 0
				}
				f.offsets[first+i] = where
			}
			end = kind
		}
		at = end
	}
	trailer, err := parseDictionary(f.b, at+len("trailer"))
	if err != nil {
		return none, err
	}
	for _, key := range []string{"XRefStm", "Encrypt"} {
		if _, ok := trailer.values[key]; ok {
			return none, fmt.Errorf("%w: %s", ErrUnsupported, key)
		}
	}
	return trailer, nil
}

// object returns the dictionary that a reference points to, and its number.
func (f *file) object(ref []byte) (dictionary, int64, error) {
	none := dictionary{}
	number, generation, err := reference(ref)
	if err != nil {
		return none, 0, err
	}
	if generation != 0 {
		return none, 0, fmt.Errorf("%w: generation", ErrUnsupported)
	}
	at := f.offsets[number]
	if at == 0 || at >= int64(len(f.b)) {
		return none, 0, fmt.Errorf("%w: object %d is not in the table", ErrMalformed, number)
	}
	head := fmt.Appendf(nil, "%d 0 obj", number)
	if !bytes.HasPrefix(f.b[at:], head) {
		return none, 0, fmt.Errorf("%w: object %d is not at its place", ErrMalformed, number)
	}
	d, err := parseDictionary(f.b, int(at)+len(head))
	return d, number, err
}

// follow returns the object that the key of d refers to.
func (f *file) follow(d dictionary, key string) (dictionary, int64, error) {
	value, ok := d.values[key]
	if !ok {
		return dictionary{}, 0, fmt.Errorf("%w: no /%s", ErrMalformed, key)
	}
	return f.object(value.of(f.b))
}

// firstPage walks from the catalog to the first leaf of the page tree.
func (f *file) firstPage(catalog dictionary) (dictionary, int64, error) {
	node, number, err := f.follow(catalog, "Pages")
	for range maxDepth {
		if err != nil {
			return node, 0, err
		}
		if string(node.values["Type"].of(f.b)) == "/Page" {
			return node, number, nil
		}
		kids := bytes.TrimLeft(node.values["Kids"].of(f.b), "[ \r\n\t")
		end, ok := skipReference(kids, 0)
		if !ok {
			return node, 0, fmt.Errorf("%w: no first page", ErrMalformed)
		}
		node, number, err = f.object(kids[:end])
	}
	return node, 0, fmt.Errorf("%w: page tree too deep", ErrMalformed)
}
