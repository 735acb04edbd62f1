package pades

import (
	"encoding/hex"
	"fmt"
)

// Open takes up a stored file that Prepare made.
// Errors: ErrNotPrepared when it has no signature field, several, a filled one, or bytes after it.
func Open(preparedPDF []byte) (*Prepared, error) {
	found, err := Signatures(preparedPDF)
	if err != nil {
		return nil, err
	}
	if len(found) != 1 || found[0].CMS != nil || !found[0].CoversWholeFile {
		return nil, ErrNotPrepared
	}
	return &Prepared{pdf: preparedPDF, ranges: found[0].ByteRange}, nil
}

// Insert puts a CMS into a prepared file and returns the signed file; preparedPDF is left as it is. The
// caller has checked before that the CMS signs SignedBytes: what is in the file cannot be taken out again.
// Errors: ErrNotPrepared, ErrNotCMS, ErrTooLarge when the room is too small.
func Insert(preparedPDF []byte, cms []byte) ([]byte, error) {
	p, err := Open(preparedPDF)
	if err != nil {
		return nil, err
	}
	n, err := elementLength(cms)
	if err != nil {
		return nil, err
	}
	if n != len(cms) {
		return nil, fmt.Errorf("%w: %d bytes after it", ErrNotCMS, len(cms)-n)
	}
	start, end := p.ranges[1]+1, p.ranges[2]-1 // without the brackets
	if int64(hex.EncodedLen(len(cms))) > end-start {
		return nil, fmt.Errorf("%w: CMS of %d bytes", ErrTooLarge, len(cms))
	}
	out := append([]byte(nil), preparedPDF...)
	hex.Encode(out[start:], cms)
	return out, nil
}
