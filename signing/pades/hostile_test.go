package pades_test

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"testing"

	"elicensing/signing/pades"
)

var byteRange = regexp.MustCompile(`/ByteRange \[[^\]]*\] *`)

// withRange writes another ByteRange of the same width into a signed file.
func withRange(pdf []byte, ranges string) []byte {
	at := byteRange.FindIndex(pdf)
	return append(append(bytes.Clone(pdf[:at[0]]), fmt.Sprintf("%-*s", at[1]-at[0], "/ByteRange "+ranges)...), pdf[at[1]:]...)
}

func TestSignaturesRefuseAmbiguousRanges(t *testing.T) {
	pdf := signed(t, "")
	found, err := pades.Signatures(pdf)
	if err != nil {
		t.Fatal(err)
	}
	r := found[0].ByteRange
	for name, ranges := range map[string]string{
		"overlapping (H04)":        fmt.Sprintf("[0 %d %d %d]", r[1], r[1]-10, r[3]),
		"negative (H04)":           fmt.Sprintf("[0 %d -1 %d]", r[1], r[3]),
		"wide gap (H02)":           fmt.Sprintf("[0 %d %d %d]", r[1]-10, r[2], r[3]),
		"gap to the right (H02)":   fmt.Sprintf("[0 %d %d %d]", r[1], r[2]+9, r[3]-9),
		"not from the start":       fmt.Sprintf("[1 %d %d %d]", r[1]-1, r[2], r[3]),
		"behind the end":           fmt.Sprintf("[0 %d %d %d]", r[1], r[2], r[3]+1),
		"overflow":                 "[0 99999999999999999999 1 1]",
		"huge":                     fmt.Sprintf("[0 %d %d 999999999999]", r[1], r[2]),
		"three numbers":            fmt.Sprintf("[0 %d %d]", r[1], r[2]),
		"words":                    "[a b c d]",
		"empty":                    "[]",
		"no second part":           fmt.Sprintf("[0 %d %d 0]", r[1], r[2]),
		"ends in the dictionary":   fmt.Sprintf("[0 %d %d 5]", r[1], r[2]),
		"another key with the end": fmt.Sprintf("[0 %d %d 9]", r[1], r[2]),
	} {
		if got, err := pades.Signatures(withRange(pdf, ranges)); !errors.Is(err, pades.ErrMalformed) {
			t.Errorf("%s: %d signatures, %v", name, len(got), err)
		}
	}
	// The same numbers are accepted, so the refusals above are not about the rewriting.
	if _, err := pades.Signatures(withRange(pdf, fmt.Sprintf("[%d %d %d %d]", r[0], r[1], r[2], r[3]))); err != nil {
		t.Errorf("the true range: %v", err)
	}
}

func TestSignaturesRefuseBrokenContents(t *testing.T) {
	pdf := signed(t, "")
	found, err := pades.Signatures(pdf)
	if err != nil {
		t.Fatal(err)
	}
	start, end := found[0].ByteRange[1], found[0].ByteRange[2]
	set := func(at int64, b string) []byte {
		out := bytes.Clone(pdf)
		copy(out[at:], b)
		return out
	}
	for name, c := range map[string][]byte{
		"bytes after the CMS (H06)": set(end-3, "01"),
		"not hexadecimal":           set(start+1, "zz"),
		"no SEQUENCE":               set(start+1, "31"),
		"longer than its room":      set(start+3, "84"),
		"key twice":                 bytes.Replace(pdf, []byte("/Filter /Adobe.PPKLite"), []byte("/Contents <00>/F /Adob"), 1),
		"literal string":            bytes.Replace(pdf, []byte("/Contents <"), []byte("/Contents ("), 1),
	} {
		if got, err := pades.Signatures(c); !errors.Is(err, pades.ErrMalformed) {
			t.Errorf("%s: %d signatures, %v", name, len(got), err)
		}
	}
}

func TestSeveralSignaturesAreReportedEach(t *testing.T) {
	first := signed(t, "")
	// A second revision, as an editor appends it: an update with its own signature over everything.
	head := "\n20 0 obj\n<</Type /Sig /SubFilter /adbe.pkcs7.detached /Contents "
	contents := "<3003020105" + "0000>"
	tail := "endobj\nxref\n0 0\ntrailer\n<</Size 21>>\nstartxref\n0\n%%EOF\n"
	middle := func(a, b, c int) string { return fmt.Sprintf(" /ByteRange [0 %06d %06d %06d]>>\n", a, b, c) }
	a := len(first) + len(head)
	b := a + len(contents)
	c := len(middle(0, 0, 0)) + len(tail)
	file := append(bytes.Clone(first), head+contents+middle(a, b, c)+tail...)
	found, err := pades.Signatures(file)
	if err != nil || len(found) != 2 {
		t.Fatalf("%d signatures, %v", len(found), err)
	}
	if found[0].CoversWholeFile || !found[1].CoversWholeFile {
		t.Error("only the second covers the whole file (H01)")
	}
	if !bytes.Equal(found[0].SignedBytes[len(found[0].SignedBytes)-6:], []byte("%%EOF\n")) {
		t.Error("the first revision is not given as it was signed")
	}
}

func TestSignaturesRefuseFloods(t *testing.T) {
	header := []byte("%PDF-1.7\n1 0 obj\n<<")
	for name, file := range map[string][]byte{
		"too large":      append(bytes.Clone(header), make([]byte, pades.MaxFile)...),
		"the word":       append(bytes.Clone(header), bytes.Repeat([]byte("/ByteRange"), 2<<20)...),
		"deep arrays":    append(append(bytes.Clone(header), bytes.Repeat([]byte("/A ["), 1<<20)...), "/ByteRange [0 1 2 3]"...),
		"deep dicts":     append(append(bytes.Clone(header), bytes.Repeat([]byte("/A <<"), 1<<10)...), "/ByteRange [0 1 2 3]"...),
		"many keys":      append(manyKeys(header), "/ByteRange [0 1 2 3]>>"...),
		"not a PDF":      []byte("hello"),
		"empty":          nil,
		"unclosed":       append(bytes.Clone(header), "/ByteRange [0 1 2 3]"...),
		"unclosed text":  append(bytes.Clone(header), "/ByteRange [0 1 2 3] /Reason (((("...),
		"no CMS":         append(bytes.Clone(header), "/ByteRange [0 1 2 3]>>"...),
		"many of them":   bytes.Repeat(append([]byte("%PDF-1.7"), "\n1 0 obj\n<</ByteRange [0 1 2 3]>>endobj"...), 100),
		"odd delimiters": append(bytes.Clone(header), "/ByteRange [0 1 } 3]>>"...),
	} {
		found, err := pades.Signatures(file)
		if err == nil && len(found) > 0 || err == nil && name != "deep arrays" {
			t.Errorf("%s: %d signatures, %v", name, len(found), err)
		}
	}
}

func manyKeys(b []byte) []byte {
	b = bytes.Clone(b)
	for i := range 5000 {
		b = fmt.Appendf(b, "/K%d 0 ", i)
	}
	return b
}

func TestWordsInStreamsAreNoSignatures(t *testing.T) {
	pdf := bytes.Replace(document(""), []byte("(KZ80DEM00000418)"), []byte("(/ByteRange [0 1])"), 1)
	if found, err := pades.Signatures(pdf); err != nil || len(found) != 0 {
		t.Errorf("%d signatures, %v", len(found), err)
	}
}

func FuzzSignatures(f *testing.F) {
	p, err := pades.Prepare(document(""), pades.Options{ContentsSize: 16, SignedAt: options.SignedAt})
	if err != nil {
		f.Fatal(err)
	}
	filled := bytes.Replace(p.PDF(), []byte("/Contents <0000000000"), []byte("/Contents <3003020105"), 1)
	f.Add(document(""))
	f.Add(p.PDF())
	f.Add(filled)
	f.Add(withStore(f, filled))
	f.Add(licence(f))
	f.Add(withStore(f, licence(f)))
	f.Fuzz(func(t *testing.T, b []byte) {
		found, err := pades.Signatures(b)
		for _, s := range found {
			if err == nil && s.CoversWholeFile && int64(len(b)) != s.ByteRange[2]+s.ByteRange[3] {
				t.Error("covers the whole file and does not")
			}
		}
		if p, err := pades.Prepare(b, pades.Options{}); err == nil {
			if _, err := pades.Signatures(p.PDF()); err != nil && !errors.Is(err, pades.ErrMalformed) && !errors.Is(err, pades.ErrTooLarge) {
				t.Error(err)
			}
		}
	})
}
