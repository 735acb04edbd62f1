package pades_test

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"elicensing/signing/pades"
)

// testdata/licence.pdf is a demo licence as the portal's printer draws it: with metadata, output intent,
// embedded fonts and several pages.
func TestPrintedLicenceIsSignedWhole(t *testing.T) {
	p, err := pades.Prepare(read(t, filepath.Join("testdata", "licence.pdf")), options)
	if err != nil {
		t.Fatal(err)
	}
	pdf, err := pades.Insert(p.PDF(), newSigner(t).sign(t, p.SignedBytes()))
	if err != nil {
		t.Fatal(err)
	}
	if said := pdfsig(t, pdf); !strings.Contains(said, "Signature is Valid") || !strings.Contains(said, "Total document signed") {
		t.Errorf("pdfsig: %s", said)
	}
	name := filepath.Join(t.TempDir(), "licence.pdf")
	write(t, name, pdf)
	if said := run(t, "qpdf", "--check", name); strings.Contains(said, "WARNING") || !strings.Contains(said, "No syntax or stream encoding errors") {
		t.Errorf("qpdf: %s", said)
	}
	if info := run(t, "pdfinfo", name); !strings.Contains(info, "KZ80DEM00000418") || !strings.Contains(info, "Pages:           2") {
		t.Errorf("pdfinfo: %s", info)
	}
	for _, at := range []int{20, len(pdf) / 3, len(pdf) - 20} { // in the first revision and in the update
		damaged := bytes.Clone(pdf)
		damaged[at] ^= 1
		if said := pdfsig(t, damaged); strings.Contains(said, "Signature is Valid") {
			t.Errorf("byte %d flipped: %s", at, said)
		}
	}
}
