package adversarial_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"elicensing/signing"
	"elicensing/signing/cms"
	"elicensing/signing/document"
	"elicensing/signing/pades"
)

// pdfCase spoils a signed PDF. file is signed, prepared the file before, whose room takes other messages.
type pdfCase struct {
	id, name string
	spoil    map[string]func(t testing.TB, file []byte, s pades.Signature) []byte
	want     verdict
	revision verdict // of the signed revision by itself; zero: there is none to speak of
}

var (
	documentMalformed = verdict{signing.TotalFailed, "FORMAT_FAILURE", signing.DocumentMalformed}
	documentChanged   = verdict{signing.Indeterminate, "SIG_CONSTRAINTS_FAILURE", signing.DocumentChanged}
)

func TestH(t *testing.T) {
	for _, c := range []pdfCase{
		{"H01", "pdf-incremental-page-change", map[string]func(testing.TB, []byte, pades.Signature) []byte{
			"other text on the page": func(t testing.TB, file []byte, _ pades.Signature) []byte { return replacePage(t, file, "") },
			"behind a true security store": func(t testing.TB, file []byte, _ pades.Signature) []byte {
				stored, err := pades.AddStore(file, pades.Store{Certificates: [][]byte{{0x30, 0}}})
				if err != nil {
					t.Fatal(err)
				}
				return replacePage(t, stored, "")
			},
			"under a security store": func(t testing.TB, file []byte, _ pades.Signature) []byte {
				return replacePage(t, file, "<</Type /DSS /Certs [] /OCSPs [] /CRLs []>>")
			},
		}, documentChanged, passed},
		{"H02", "pdf-byterange-gap", map[string]func(testing.TB, []byte, pades.Signature) []byte{
			"to the left": func(t testing.TB, file []byte, s pades.Signature) []byte {
				r := s.ByteRange
				return withRange(t, file, r, [4]int64{0, r[1] - 10, r[2], r[3]})
			},
			"to the right": func(t testing.TB, file []byte, s pades.Signature) []byte {
				r := s.ByteRange
				return withRange(t, file, r, [4]int64{0, r[1], r[2] + 9, r[3] - 9})
			},
		}, documentMalformed, verdict{}},
		{"H03", "pdf-tail-uncovered", map[string]func(testing.TB, []byte, pades.Signature) []byte{
			"objects behind": func(_ testing.TB, file []byte, _ pades.Signature) []byte {
				return append(bytes.Clone(file), "99 0 obj\n<</Type /Annot>>\nendobj\n"...)
			},
			"one space": func(_ testing.TB, file []byte, _ pades.Signature) []byte { return append(bytes.Clone(file), ' ') },
		}, documentChanged, passed},
		{"H04", "pdf-byterange-overlap", map[string]func(testing.TB, []byte, pades.Signature) []byte{
			"overlapping": func(t testing.TB, file []byte, s pades.Signature) []byte {
				r := s.ByteRange
				return withRange(t, file, r, [4]int64{0, r[1], r[1] - 10, r[3]})
			},
			"negative": func(t testing.TB, file []byte, s pades.Signature) []byte {
				r := s.ByteRange
				return withRange(t, file, r, [4]int64{0, r[1], -1, r[3]})
			},
		}, documentMalformed, verdict{}},
		{"H06", "pdf-contents-trailing", map[string]func(testing.TB, []byte, pades.Signature) []byte{
			"a byte that is not zero": func(_ testing.TB, file []byte, s pades.Signature) []byte {
				changed := bytes.Clone(file)
				changed[s.ByteRange[2]-3] = '1'
				return changed
			},
		}, documentMalformed, verdict{}},
	} {
		t.Run(c.id+"-"+c.name, func(t *testing.T) {
			accepted := false
			for _, f := range forms {
				if !f.attached { // a signature in a PDF is detached
					accepted = c.play(t, f) || accepted
				}
			}
			record(c.id, !t.Failed(), accepted)
		})
	}
	t.Run("H05-pdf-cms-not-for-this-pdf", embedCase)
}

func (c pdfCase) play(t *testing.T, f form) (wrongAccept bool) {
	s, file := signedPDF(t, f)
	found, err := pades.Signatures(file)
	if err != nil || len(found) != 1 {
		t.Fatalf("%d signatures (%v)", len(found), err)
	}
	stored, err := pades.AddStore(file, pades.Store{Certificates: [][]byte{s.pki.ca.certificate.Raw}})
	if err != nil {
		t.Fatal(err)
	}
	for name, good := range map[string][]byte{"as signed": file, "with a security store": stored} {
		if r := s.verifyFile(good); !r.Passed() {
			t.Errorf("good twin %s: %s %s %s", name, r.Outcome, r.Reason, r.Detail)
		}
	}
	for name, spoil := range c.spoil {
		spoiled := spoil(t, file, found[0])
		var start, end runtime.MemStats
		runtime.ReadMemStats(&start)
		report := s.verifyFile(spoiled)
		runtime.ReadMemStats(&end)
		if used, most := end.TotalAlloc-start.TotalAlloc, uint64(4*len(spoiled)+1<<20); used > most {
			t.Errorf("%s: %d bytes allocated for %d of input", name, used, len(spoiled))
		}
		var group sync.WaitGroup
		for range 16 {
			group.Go(func() {
				r := s.verifyFile(spoiled)
				if got := (verdict{r.Outcome, r.SubIndication, r.Reason}); got != c.want {
					t.Errorf("%s, %s: %v, want %v (%s)", name, f, got, c.want, r.Detail)
				}
			})
		}
		group.Wait()
		if c.revision.outcome != "" && (len(report.Signatures) != 1 || !report.Signatures[0].Passed() || report.Signatures[0].CoversWholeFile) {
			t.Errorf("%s: the signed revision is not reported by itself: %+v", name, report.Signatures)
		}
		wrongAccept = wrongAccept || report.Passed()
	}
	return wrongAccept
}

// embedCase: a message over another file is offered for embedding. The step before Insert refuses it, and so does
// Insert itself.
func embedCase(t *testing.T) {
	accepted := false
	for _, f := range forms {
		if f.attached {
			continue
		}
		s := newScene(t, f)
		goodOfficial(s)
		mine, another := prepare(t, "ours"), prepare(t, "another")
		s.content = another.SignedBytes()
		message := s.pdfMessage()
		s.content = mine.SignedBytes()
		report := s.expect("message over another file", hashFailed, nil, message, 16)
		accepted = accepted || report.Passed()
		s.content = another.SignedBytes()
		s.expect("good twin", passed, nil, message, 16)
		if _, err := pades.Insert(mine.PDF(), message); !errors.Is(err, pades.ErrOtherFile) {
			accepted = accepted || err == nil
			t.Errorf("%s: Insert answers %v", f, err)
		}
		if _, err := pades.Insert(another.PDF(), message); err != nil {
			t.Errorf("%s: Insert into the file that was signed: %v", f, err)
		}
	}
	record("H05", !t.Failed(), accepted)
}

func prepare(t testing.TB, reason string) *pades.Prepared {
	t.Helper()
	file, err := os.ReadFile(filepath.Join("..", "pades", "testdata", "licence.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	p, err := pades.Prepare(file, pades.Options{Name: "ТЕСТТОВ ТЕСТТ", Reason: reason, SignedAt: T0, ContentsSize: 8192})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// signedPDF is a licence that the official signed.
func signedPDF(t testing.TB, f form) (*scene, []byte) {
	s := newScene(t, f)
	p := prepare(t, "licence")
	goodOfficial(s)
	s.content = p.SignedBytes()
	pdf, err := pades.Insert(p.PDF(), s.pdfMessage())
	if err != nil {
		t.Fatal(err)
	}
	return s, pdf
}

// pdfMessage is a good message over the scene's content, without the signing time that PAdES forbids.
func (s *scene) pdfMessage() []byte {
	s.reissue(s.signer.certificate, s.pki.ca)
	s.set(cms.OIDSigningTime)
	return s.bytes()
}

func (s *scene) verifyFile(file []byte) document.Report {
	return document.Verify(context.Background(), s.verifier(), document.Input{File: file, Policy: s.policy})
}

// replacePage appends an incremental update with a page of its own in the place of the signed one.
func replacePage(t testing.TB, file []byte, before string) []byte {
	t.Helper()
	var b bytes.Buffer
	b.Write(file)
	b.WriteString(before)
	at := bytes.Index(file, []byte("/Type /Page\n"))
	if at < 0 {
		at = bytes.Index(file, []byte("/Type /Page"))
	}
	from := bytes.LastIndex(file[:at], []byte(" 0 obj"))
	number := file[bytes.LastIndexByte(file[:from], '\n')+1 : from]
	where := b.Len()
	fmt.Fprintf(&b, "%s 0 obj\n<</Type /Page /MediaBox [0 0 10 10]>>\nendobj\n", number)
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n%s 1\n%010d 00000 n \ntrailer\n<</Size 999>>\nstartxref\n%d\n%%%%EOF\n", number, where, xref)
	return b.Bytes()
}

// withRange writes another ByteRange in the place of the true one, of the same width.
func withRange(t testing.TB, file []byte, from, to [4]int64) []byte {
	t.Helper()
	text := func(r [4]int64) string { return fmt.Sprintf("[%d %d %d %d]", r[0], r[1], r[2], r[3]) }
	old, changed := text(from), text(to)
	for len(changed) < len(old) {
		changed += " "
	}
	old += strings.Repeat(" ", max(0, len(changed)-len(old))) // the room is wider than the numbers
	if !bytes.Contains(file, []byte(old)) {
		t.Fatalf("no room for %s", changed)
	}
	return bytes.Replace(file, []byte(old), []byte(changed), 1)
}
