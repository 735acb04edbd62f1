package document_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"sync"
	"testing"
	"time"

	"elicensing/signing"
	"elicensing/signing/cms"
	"elicensing/signing/democa"
	"elicensing/signing/document"
)

func clock() time.Time { return time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC) }

var authority = sync.OnceValues(func() (*democa.Authority, error) { return democa.New(clock) })

// desk is a demo person with both keys, and a verifier that trusts them.
type desk struct {
	t  *testing.T
	ca *democa.Authority
}

func newDesk(t *testing.T) desk {
	t.Helper()
	ca, err := authority()
	if err != nil {
		t.Fatal(err)
	}
	return desk{t, ca}
}

func (d desk) verifier() *signing.Verifier {
	return signing.NewVerifier(signing.Options{Roots: d.ca.Roots(), Intermediates: d.ca.Intermediates(), Revocation: d.ca.Revocation(), Now: clock})
}

func (d desk) sign(content []byte, attached bool, holder func(string) (*democa.Holder, error)) []byte {
	d.t.Helper()
	h, err := holder("person")
	if err != nil {
		d.t.Fatal(err)
	}
	message, err := cms.Sign(content, cms.SignOptions{Key: h.Key, Certificate: h.Certificate, Attached: attached})
	if err != nil {
		d.t.Fatal(err)
	}
	return message
}

var paper = []byte("%PDF-1.7\nтіркеу")

func TestTwoFilesAreJudgedTogetherInEitherOrder(t *testing.T) {
	d := newDesk(t)
	detached, attached := d.sign(paper, false, d.ca.GOSTHolder), d.sign(paper, true, d.ca.Holder)
	over := d.sign(detached, false, d.ca.Holder) // a signature over a signature
	damaged := bytes.Clone(detached)
	damaged[len(damaged)-1] ^= 1
	pemText := pem.EncodeToMemory(&pem.Block{Type: "CMS", Bytes: detached})
	for name, tc := range map[string]struct {
		one, other []byte
		reason     string
	}{
		"signature and document":           {detached, paper, ""},
		"as base64":                        {[]byte(base64.StdEncoding.EncodeToString(detached)), paper, ""},
		"as PEM":                           {pemText, paper, ""},
		"attached, with the same document": {attached, paper, ""},
		"a signature over a signature":     {over, detached, ""},
		"a signature over a full message":  {d.sign(attached, false, d.ca.Holder), attached, ""},
		"another document":                 {detached, []byte("%PDF-1.7\nother"), signing.SignatureContentDiffers},
		"a document with a byte more":      {detached, append(bytes.Clone(paper), '\n'), signing.SignatureContentDiffers},
		"attached, with another document":  {attached, []byte("other"), signing.SignatureContentDiffers},
		"two signatures without document":  {detached, d.sign(paper, false, d.ca.Holder), signing.SignatureContentDiffers},
		"an empty document":                {detached, []byte{}, signing.SignatureContentMissing},
		"a signature that is wrong":        {damaged, paper, signing.SignatureWrong},
	} {
		for _, files := range [][2][]byte{{tc.one, tc.other}, {tc.other, tc.one}} {
			report, err := document.VerifyTogether(context.Background(), d.verifier(), files[0], files[1], signing.Applicant)
			if err != nil || report.Kind != document.Message || report.Reason != tc.reason || report.Passed() != (tc.reason == "") {
				t.Errorf("%s: %s %q (%v)", name, report.Outcome, report.Reason, err)
			}
		}
	}
}

func TestTwoFilesWithoutAMessageAreNotJudged(t *testing.T) {
	d := newDesk(t)
	cut := d.sign(paper, false, d.ca.Holder)
	cut = cut[:len(cut)-1]
	for name, files := range map[string][2][]byte{
		"two documents":                     {paper, []byte("other")},
		"nothing":                           {nil, nil},
		"a message that cannot be read":     {cut, paper},
		"bytes behind the message":          {append(d.sign(paper, false, d.ca.Holder), 0), paper},
		"a document and a container's head": {[]byte("PK\x03\x04"), paper},
	} {
		if report, err := document.VerifyTogether(context.Background(), d.verifier(), files[0], files[1], signing.Archive); !errors.Is(err, document.ErrNoMessage) || report.Passed() {
			t.Errorf("%s: %s (%v)", name, report.Outcome, err)
		}
	}
}

// A message may carry a PDF within its first kilobyte; it is a message all the same.
func TestMessageWithPDFInsideIsAMessage(t *testing.T) {
	d := newDesk(t)
	attached := d.sign(paper, true, d.ca.GOSTHolder)
	report := document.Verify(context.Background(), d.verifier(), document.Input{File: attached, Policy: signing.Applicant})
	if report.Kind != document.Message || !report.Passed() {
		t.Errorf("%s: %s %q", report.Kind, report.Outcome, report.Reason)
	}
	for name, file := range map[string][]byte{"a PDF": paper, "behind other bytes": append([]byte("0\r\n"), paper...), "behind a cut message": append(attached[:40:40], paper...)} {
		if kind := document.KindOf(file); kind != document.PDF {
			t.Errorf("%s is taken for %s", name, kind)
		}
	}
}
