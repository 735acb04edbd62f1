package pades

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
	"unicode/utf16"
)

// Options describe the signature to whoever opens its panel in a reader.
type Options struct {
	Name     string // of the signer
	Reason   string // why it is signed; may be empty
	Location string // where it is signed; may be empty
	// SignedAt goes to /M: PAdES baseline takes the claimed time from there and forbids the signing-time
	// attribute in the CMS (EN 319 142-1 §6.3).
	SignedAt time.Time
	// ContentsSize is the room for the CMS in bytes; 0 means DefaultContents.
	ContentsSize int
}

// maxText bounds a text of Options, in characters; longer is cut.
const maxText = 500

// Prepared is a PDF that waits for its CMS.
type Prepared struct {
	pdf    []byte
	ranges [4]int64
}

// PDF is the whole file with empty room for the CMS; it may be stored and opened again.
func (p *Prepared) PDF() []byte { return p.pdf }

// SignedBytes are the bytes that the CMS signs: everything but the room itself.
func (p *Prepared) SignedBytes() []byte { return signedBytes(p.pdf, p.ranges) }

// Prepare appends an invisible signature field over the whole file as an incremental update, which leaves
// every byte of pdf as it is. The same input gives the same output.
// Errors: ErrTooLarge, ErrMalformed, ErrUnsupported, ErrFormExists.
func Prepare(pdf []byte, o Options) (*Prepared, error) {
	if o.ContentsSize == 0 {
		o.ContentsSize = DefaultContents
	}
	if o.ContentsSize < 0 || o.ContentsSize > maxContents {
		return nil, fmt.Errorf("%w: room for the CMS", ErrTooLarge)
	}
	f, err := open(pdf)
	if err != nil {
		return nil, err
	}
	catalog, catalogNo, err := f.follow(f.trailer, "Root")
	if err != nil {
		return nil, err
	}
	if _, ok := catalog.values["AcroForm"]; ok {
		return nil, ErrFormExists
	}
	page, pageNo, err := f.firstPage(catalog)
	if err != nil {
		return nil, err
	}
	size, err := digits(f.trailer.values["Size"].of(pdf))
	if err != nil {
		return nil, err
	}
	widgetNo, signatureNo := size, size+1
	annotated, err := withAnnotation(pdf, page, widgetNo)
	if err != nil {
		return nil, err
	}

	u := update{out: bytes.NewBuffer(make([]byte, 0, len(pdf)+2*o.ContentsSize+4096)), offsets: map[int64]int{}}
	u.out.Write(pdf)
	if !bytes.HasSuffix(pdf, []byte("\n")) {
		u.out.WriteByte('\n')
	}
	u.object(catalogNo, withEntry(catalog.of(pdf), fmt.Sprintf("/AcroForm <</Fields [%d 0 R] /SigFlags 3>>", widgetNo)))
	u.object(pageNo, annotated)
	// No appearance is needed for a rectangle without area (ISO 19005-2 §6.3.3); 132 is Print and Locked.
	u.object(widgetNo, fmt.Sprintf("<</Type /Annot /Subtype /Widget /FT /Sig /T (Signature1) /F 132 /Rect [0 0 0 0] /P %d 0 R /V %d 0 R>>",
		pageNo, signatureNo))
	room, rangeAt := u.signature(signatureNo, o)
	u.trailer(f, size+2)

	out := u.out.Bytes()
	p := &Prepared{pdf: out, ranges: [4]int64{0, int64(room.start), int64(room.end), int64(len(out) - room.end)}}
	if len(out) > MaxFile {
		return nil, ErrTooLarge
	}
	r := p.ranges
	copy(out[rangeAt:], fmt.Sprintf("[%d %d %d %d]", r[0], r[1], r[2], r[3]))
	return p, nil
}

// update writes the objects of one incremental update and remembers where they are.
type update struct {
	out     *bytes.Buffer
	order   []int64
	offsets map[int64]int
}

func (u *update) object(number int64, body string) {
	u.offsets[number] = u.out.Len()
	u.order = append(u.order, number)
	fmt.Fprintf(u.out, "%d 0 obj\n%s\nendobj\n", number, body)
}

// rangeRoom is as wide as the widest ByteRange of a file within MaxFile.
const rangeRoom = len("[0 12345678 12345678 12345678]")

// signature writes the signature dictionary and tells where the room for the CMS (with its brackets) and
// the place of the ByteRange are.
func (u *update) signature(number int64, o Options) (room span, rangeAt int) {
	u.offsets[number] = u.out.Len()
	u.order = append(u.order, number)
	fmt.Fprintf(u.out, "%d 0 obj\n<</Type /Sig /Filter /Adobe.PPKLite /SubFilter /%s\n/ByteRange ", number, SubFilter)
	rangeAt = u.out.Len()
	u.out.WriteString(strings.Repeat(" ", rangeRoom) + "\n/Contents ")
	room.start = u.out.Len()
	u.out.WriteString("<" + strings.Repeat("0", 2*o.ContentsSize) + ">")
	room.end = u.out.Len()
	fmt.Fprintf(u.out, "\n/M (%s)", pdfTime(o.SignedAt))
	for _, t := range []struct{ key, text string }{{"Name", o.Name}, {"Reason", o.Reason}, {"Location", o.Location}} {
		if t.text != "" {
			fmt.Fprintf(u.out, "\n/%s %s", t.key, textString(t.text))
		}
	}
	u.out.WriteString(">>\nendobj\n")
	return room, rangeAt
}

// trailer closes the update. The second /ID part is new for each revision (ISO 32000-1 §14.4); it is taken
// from the bytes, not from a clock, so that the output stays the same.
func (u *update) trailer(f *file, size int64) {
	sum := sha256.Sum256(u.out.Bytes())
	now := hex.EncodeToString(sum[:16])
	first := "<" + now + ">"
	if id, ok := f.trailer.values["ID"]; ok {
		inside := bytes.TrimLeft(id.of(f.b), "[ \r\n\t")
		if end, err := skipValue(inside, 0); err == nil {
			first = string(inside[:end])
		}
	}
	at := u.out.Len()
	u.out.WriteString("xref\n")
	for _, number := range u.order {
		fmt.Fprintf(u.out, "%d 1\n%010d 00000 n \n", number, u.offsets[number])
	}
	fmt.Fprintf(u.out, "trailer\n<</Size %d /Root %s", size, f.trailer.values["Root"].of(f.b))
	if info, ok := f.trailer.values["Info"]; ok {
		fmt.Fprintf(u.out, " /Info %s", info.of(f.b))
	}
	fmt.Fprintf(u.out, " /Prev %d /ID [%s <%s>]>>\nstartxref\n%d\n%%%%EOF\n", f.xref, first, now, at)
}

// withEntry adds an entry to the end of a dictionary.
func withEntry(dict []byte, entry string) string {
	return string(dict[:len(dict)-2]) + " " + entry + ">>"
}

// withAnnotation adds the widget to the page's annotations, after those that are there.
func withAnnotation(b []byte, page dictionary, widget int64) (string, error) {
	ref := fmt.Sprintf("%d 0 R", widget)
	old, ok := page.values["Annots"]
	if !ok {
		return withEntry(page.of(b), "/Annots ["+ref+"]"), nil
	}
	if b[old.start] != '[' {
		return "", fmt.Errorf("%w: annotations elsewhere", ErrUnsupported)
	}
	return string(b[page.start:old.end-1]) + " " + ref + string(b[old.end-1:page.end]), nil
}

// pdfTime writes a date as ISO 32000-1 §7.9.4 wants it.
func pdfTime(t time.Time) string {
	_, offset := t.Zone()
	sign := '+'
	if offset < 0 {
		sign, offset = '-', -offset
	}
	return fmt.Sprintf("D:%s%c%02d'%02d'", t.Format("20060102150405"), sign, offset/3600, offset/60%60)
}

// textString writes a text in UTF-16 as a hexadecimal string: no character of it can be taken for syntax.
func textString(s string) string {
	r := []rune(s)
	if len(r) > maxText {
		r = r[:maxText]
	}
	var b strings.Builder
	b.WriteString("<FEFF")
	for _, u := range utf16.Encode(r) {
		fmt.Fprintf(&b, "%04X", u)
	}
	return b.String() + ">"
}
