package pades

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
)

// Store is the security store of a document (DSS, ETSI EN 319 142-1 §5.4.2): what its signature needs to be
// verified later without a network. All in DER.
type Store struct {
	Certificates [][]byte // DER
	OCSP         [][]byte // OCSPResponse
	CRLs         [][]byte // DER of revocation lists
}

// Bounds of a store.
const (
	maxStored    = 64      // certificates, answers and lists together
	maxStoreSize = 4 << 20 // bytes
)

// ErrStoreExists means that the file has a security store already.
var ErrStoreExists = errors.New("pades: the file already has a security store")

func (s Store) all() [][]byte {
	return append(append(append([][]byte{}, s.Certificates...), s.OCSP...), s.CRLs...)
}

// AddStore appends a security store to a signed file as an incremental update (PAdES-LT). Every byte of the
// signed file stays, so its signature does too. The same input gives the same output.
// Errors: ErrTooLarge, ErrStoreExists, ErrMalformed, ErrUnsupported.
func AddStore(signed []byte, s Store) ([]byte, error) {
	streams, size := s.all(), 0
	for _, one := range streams {
		size += len(one)
	}
	if len(streams) > maxStored || size > maxStoreSize {
		return nil, fmt.Errorf("%w: security store", ErrTooLarge)
	}
	f, err := open(signed)
	if err != nil {
		return nil, err
	}
	catalog, catalogNo, err := f.follow(f.trailer, "Root")
	if err != nil {
		return nil, err
	}
	if _, ok := catalog.values["DSS"]; ok {
		return nil, ErrStoreExists
	}
	next, err := digits(f.trailer.values["Size"].of(signed))
	if err != nil {
		return nil, err
	}
	u := update{out: bytes.NewBuffer(make([]byte, 0, len(signed)+size+4096)), offsets: map[int64]int{}}
	u.out.Write(signed)
	if !bytes.HasSuffix(signed, []byte("\n")) {
		u.out.WriteByte('\n')
	}
	kind := func(key string, list [][]byte) string {
		refs := make([]string, 0, len(list))
		for _, one := range list {
			u.object(next, fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", len(one), one))
			refs = append(refs, fmt.Sprintf("%d 0 R", next))
			next++
		}
		return fmt.Sprintf(" /%s [%s]", key, strings.Join(refs, " "))
	}
	entries := kind("Certs", s.Certificates) + kind("OCSPs", s.OCSP) + kind("CRLs", s.CRLs)
	u.object(next, "<</Type /DSS"+entries+">>")
	u.object(catalogNo, withEntry(catalog.of(signed), fmt.Sprintf("/DSS %d 0 R", next)))
	u.trailer(f, next+1)
	if u.out.Len() > MaxFile {
		return nil, ErrTooLarge
	}
	return u.out.Bytes(), nil
}

// storeBehind reads a security store that stands behind the first end bytes. It is believed to be nothing
// else only if writing it again gives the same file: what an update may hide is not argued about.
func storeBehind(pdf []byte, end int) (Store, bool) {
	tail := pdf[end:]
	if len(tail) > maxStoreSize+64<<10 {
		return Store{}, false
	}
	var streams [][]byte
	for len(streams) <= maxStored {
		content, rest, ok := leadingStream(tail)
		if !ok {
			break
		}
		streams, tail = append(streams, content), rest
	}
	at := bytes.Index(tail, []byte("<</Type /DSS"))
	if at < 0 {
		return Store{}, false
	}
	d, err := parseDictionary(tail, at)
	if err != nil {
		return Store{}, false
	}
	var s Store
	for _, k := range []struct {
		key  string
		list *[][]byte
	}{{"Certs", &s.Certificates}, {"OCSPs", &s.OCSP}, {"CRLs", &s.CRLs}} {
		n := bytes.Count(d.values[k.key].of(tail), []byte(" 0 R"))
		if n > len(streams) {
			return Store{}, false
		}
		*k.list, streams = streams[:n:n], streams[n:]
	}
	again, err := AddStore(pdf[:end], s)
	if err != nil || !bytes.Equal(again, pdf) {
		return Store{}, false
	}
	return s, true
}

// leadingStream reads one stream object as AddStore writes it from the front of b.
func leadingStream(b []byte) (content, rest []byte, ok bool) {
	b = bytes.TrimPrefix(b, []byte("\n"))
	var number, length int64
	at := bytes.Index(b[:min(len(b), 64)], []byte(">>\nstream\n"))
	if at < 0 {
		return nil, nil, false
	}
	if _, err := fmt.Sscanf(string(b[:at+2]), "%d 0 obj\n<</Length %d>>", &number, &length); err != nil {
		return nil, nil, false
	}
	from, closing := at+len(">>\nstream\n"), []byte("\nendstream\nendobj\n")
	if length < 0 || length > int64(len(b)-from) || !bytes.HasPrefix(b[from+int(length):], closing) {
		return nil, nil, false
	}
	to := from + int(length)
	return b[from:to:to], b[to+len(closing):], true
}
