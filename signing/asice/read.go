package asice

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
)

// Container is a container that was read: its structure and every digest are good, its signature has not
// been checked.
type Container struct {
	Manifest      []byte  // the signed bytes
	SignatureName string  // where in the container the signature was found
	Signature     []byte  // detached CMS over Manifest
	Files         []Entry // every signed file, in the order of the manifest
}

// Entry is one file of a container; its bytes have been read once and have the digest that the manifest names.
type Entry struct {
	Name   string // path within the container, with slashes
	MIME   string // as the manifest says, may be empty
	Size   int64  // bytes, unpacked
	Digest []byte // SHA-256

	zipped *zip.File
}

// Open reads the file again, at most its checked size.
//
// Errors: what the source of the container answers: all else was checked by Read.
func (e Entry) Open() (io.ReadCloser, error) {
	r, err := e.zipped.Open()
	if err != nil {
		return nil, fmt.Errorf("asice: open a file: %w", err)
	}
	return r, nil
}

// Read takes a container apart that anyone may have made. Accepted is only what every reader understands
// the same way: one manifest, one signature, exactly the files of the manifest, entries that do not
// overlap, nothing before or behind them.
// Errors: ErrMalformed, ErrName, ErrTooLarge, ErrDigest.
func Read(r io.ReaderAt, size int64) (*Container, error) {
	if size > MaxContainer {
		return nil, ErrTooLarge
	}
	z, err := openZip(r, size)
	if err != nil {
		return nil, err
	}
	entries, err := sortEntries(z)
	if err != nil {
		return nil, err
	}
	c := &Container{}
	if c.Manifest, err = readAll(entries.manifest, MaxManifest); err != nil {
		return nil, err
	}
	m, err := parseManifest(c.Manifest)
	if err != nil {
		return nil, err
	}
	c.SignatureName = m.Signature[0].name
	if entries.signature == nil || entries.signature.Name != c.SignatureName {
		return nil, fmt.Errorf("%w: signature of the manifest is missing", ErrMalformed)
	}
	if c.Signature, err = readAll(entries.signature, MaxSignature); err != nil {
		return nil, err
	}
	if len(m.Files) != len(entries.files) {
		return nil, fmt.Errorf("%w: %d files named, %d present", ErrDigest, len(m.Files), len(entries.files))
	}
	left := int64(MaxContainer)
	for _, want := range m.Files {
		e, err := readFile(entries.files[want.name], want, left)
		if err != nil {
			return nil, err
		}
		left -= e.Size
		c.Files = append(c.Files, e)
	}
	return c, nil
}

// endLength is the length of the end record of a zip without comment (APPNOTE §4.3.16).
const endLength = 22

// openZip looks at the end record before the directory is read, because the reader of the standard library
// would take a directory of any length into memory. Zip64 is refused: it is for files over our limits.
func openZip(r io.ReaderAt, size int64) (*zip.Reader, error) {
	tail := make([]byte, min(size, endLength+1<<16))
	if _, err := r.ReadAt(tail, size-int64(len(tail))); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("asice: read container: %w", err)
	}
	at := bytes.LastIndex(tail, []byte("PK\x05\x06"))
	if at < 0 || len(tail)-at < endLength {
		return nil, fmt.Errorf("%w: no end of directory", ErrMalformed)
	}
	end := tail[at:]
	entries := int(binary.LittleEndian.Uint16(end[10:]))
	length := int64(binary.LittleEndian.Uint32(end[12:]))
	offset := int64(binary.LittleEndian.Uint32(end[16:]))
	comment := int(binary.LittleEndian.Uint16(end[20:]))
	if comment != len(end)-endLength || offset+length != size-int64(len(end)) {
		return nil, fmt.Errorf("%w: bytes around the directory", ErrMalformed)
	}
	if entries > MaxFiles+3 || length > maxDirectory {
		return nil, fmt.Errorf("%w: directory of %d entries", ErrTooLarge, entries)
	}
	first := make([]byte, 30+len(mimetypeName)+len(MediaType))
	if _, err := r.ReadAt(first, 0); err != nil || !bytes.HasPrefix(first, []byte("PK\x03\x04")) ||
		string(first[30:]) != mimetypeName+MediaType {
		return nil, fmt.Errorf("%w: media type is not at the start", ErrMalformed)
	}
	z, err := zip.NewReader(r, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	if z == nil || len(z.File) != entries {
		return nil, fmt.Errorf("%w: directory", ErrMalformed)
	}
	return z, nil
}

// sorted are the entries of a container by their part in it.
type sorted struct {
	manifest, signature *zip.File
	files               map[string]*zip.File
}

func sortEntries(z *zip.Reader) (*sorted, error) {
	s, seen := &sorted{files: map[string]*zip.File{}}, names{}
	if err := apart(z.File); err != nil {
		return nil, err
	}
	for i, f := range z.File {
		if f.Flags&1 != 0 || f.Method != zip.Store && f.Method != zip.Deflate || !f.Mode().IsRegular() {
			return nil, fmt.Errorf("%w: encrypted, special or oddly packed entry", ErrMalformed)
		}
		if err := seen.add(f.Name); err != nil {
			return nil, err
		}
		lower := strings.ToLower(f.Name)
		switch {
		case f.Name == mimetypeName:
			if i != 0 || f.Method != zip.Store {
				return nil, fmt.Errorf("%w: mimetype is not first", ErrMalformed)
			}
		case !reserved(f.Name):
			if err := checkName(f.Name); err != nil {
				return nil, err
			}
			s.files[f.Name] = f
		case s.manifest == nil && matches("meta-inf/asicmanifest*.xml", lower):
			s.manifest = f
		case s.signature == nil && matches("meta-inf/*signature*.p7s", lower):
			s.signature = f
		default:
			return nil, fmt.Errorf("%w: unexpected entry of META-INF", ErrMalformed)
		}
	}
	if s.manifest == nil {
		return nil, fmt.Errorf("%w: no manifest", ErrMalformed)
	}
	return s, nil
}

func matches(pattern, name string) bool {
	ok, err := path.Match(pattern, name)
	return err == nil && ok
}

// apart refuses entries that share bytes: the trick of small bombs and of files with two contents.
func apart(files []*zip.File) error {
	type part struct{ start, end int64 }
	parts := make([]part, 0, len(files))
	for _, f := range files {
		start, err := f.DataOffset()
		if err != nil {
			return fmt.Errorf("%w: %w", ErrMalformed, err)
		}
		if f.CompressedSize64 > MaxContainer {
			return fmt.Errorf("%w: entry", ErrTooLarge)
		}
		parts = append(parts, part{start, start + int64(f.CompressedSize64)})
	}
	slices.SortFunc(parts, func(a, b part) int { return int(a.start - b.start) })
	for i := 1; i < len(parts); i++ {
		if parts[i].start < parts[i-1].end {
			return fmt.Errorf("%w: entries overlap", ErrMalformed)
		}
	}
	return nil
}

// readAll unpacks a small entry.
func readAll(f *zip.File, limit int64) ([]byte, error) {
	var b bytes.Buffer
	if _, err := unpack(&b, f, limit); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// unpack copies an entry and stops at limit, whatever size its header promises.
func unpack(w io.Writer, f *zip.File, limit int64) (int64, error) {
	if f.UncompressedSize64 > uint64(limit) {
		return 0, fmt.Errorf("%w: entry", ErrTooLarge)
	}
	r, err := f.Open()
	if err != nil {
		return 0, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	defer r.Close()
	n, err := io.Copy(w, io.LimitReader(r, limit+1))
	if err != nil {
		return n, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	if n > limit {
		return n, fmt.Errorf("%w: entry", ErrTooLarge)
	}
	return n, nil
}

// readFile unpacks one file, only to learn its digest.
func readFile(f *zip.File, want reference, limit int64) (Entry, error) {
	if f == nil {
		return Entry{}, fmt.Errorf("%w: a file is missing", ErrDigest)
	}
	sum := sha256.New()
	n, err := unpack(sum, f, limit)
	if err != nil {
		return Entry{}, err
	}
	digest := sum.Sum(nil)
	if !bytes.Equal(digest, want.digest) {
		return Entry{}, ErrDigest
	}
	return Entry{Name: want.name, MIME: want.MIME, Size: n, Digest: digest, zipped: f}, nil
}
