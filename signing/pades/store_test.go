package pades_test

import (
	"bytes"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"elicensing/signing/pades"
)

var stored = pades.Store{
	Certificates: [][]byte{{0x30, 1, 0}, []byte("0\x82\x00\x05\nendstream\nendobj\n")}, // what looks like the end of a stream is none
	OCSP:         [][]byte{{0x30, 0}},
	CRLs:         [][]byte{},
}

func withStore(t testing.TB, pdf []byte) []byte {
	t.Helper()
	longer, err := pades.AddStore(pdf, stored)
	if err != nil {
		t.Fatal(err)
	}
	return longer
}

func only(t *testing.T, pdf []byte) pades.Signature {
	t.Helper()
	found, err := pades.Signatures(pdf)
	if err != nil || len(found) != 1 {
		t.Fatalf("%d signatures (%v)", len(found), err)
	}
	return found[0]
}

func TestStoreIsKeptBesideTheSignature(t *testing.T) {
	for name, pdf := range map[string][]byte{"small": signed(t, ""), "licence": licence(t)} {
		longer := withStore(t, pdf)
		if !bytes.HasPrefix(longer, pdf) {
			t.Errorf("%s: signed bytes moved", name)
		}
		s := only(t, longer)
		if s.CoversWholeFile || !s.CoversWhatIsShown || len(s.Store.Certificates) != 2 || len(s.Store.OCSP) != 1 || len(s.Store.CRLs) != 0 {
			t.Errorf("%s: %v %v %+v", name, s.CoversWholeFile, s.CoversWhatIsShown, s.Store)
		}
		if !bytes.Equal(s.Store.Certificates[1], stored.Certificates[1]) {
			t.Errorf("%s: %q", name, s.Store.Certificates)
		}
		if said := pdfsig(t, longer); !strings.Contains(said, "Signature is Valid") {
			t.Errorf("%s: pdfsig: %s", name, said)
		}
		file := filepath.Join(t.TempDir(), "stored.pdf")
		write(t, file, longer)
		if said := run(t, "qpdf", "--check", file); strings.Contains(said, "WARNING") {
			t.Errorf("%s: qpdf: %s", name, said)
		}
		if _, err := pades.AddStore(longer, stored); !errors.Is(err, pades.ErrStoreExists) {
			t.Errorf("%s: second store: %v", name, err)
		}
	}
}

func licence(t testing.TB) []byte {
	t.Helper()
	p, err := pades.Prepare(read(t, filepath.Join("testdata", "licence.pdf")), options)
	if err != nil {
		t.Fatal(err)
	}
	pdf, err := pades.Insert(p.PDF(), newSigner(t).sign(t, p.SignedBytes()))
	if err != nil {
		t.Fatal(err)
	}
	return pdf
}

// Whatever differs from a store as we write it may show something: each byte of the update counts.
func TestOnlyAnExactStoreIsHarmless(t *testing.T) {
	pdf := signed(t, "")
	longer := withStore(t, pdf)
	for at := len(pdf); at < len(longer); at++ {
		changed := bytes.Clone(longer)
		changed[at] ^= 1
		found, err := pades.Signatures(changed)
		if err == nil && len(found) == 1 && found[0].CoversWhatIsShown && bytes.Equal(joined(found[0].Store), joined(stored)) {
			t.Fatalf("byte %d of the update may change", at-len(pdf))
		}
	}
	for name, tail := range map[string]string{
		"a page more":   "3 0 obj\n<</Type /Page>>\nendobj\n",
		"bytes behind":  "\n",
		"second update": string(longer[len(pdf):]),
	} {
		if s := only(t, append(bytes.Clone(longer), tail...)); s.CoversWhatIsShown {
			t.Errorf("%s: taken for a store", name)
		}
	}
	if s := only(t, append(bytes.Clone(pdf), "3 0 obj\n<</Type /DSS /Certs []>>\nendobj\n"...)); s.CoversWhatIsShown {
		t.Error("a page under the name of a store")
	}
}

func joined(s pades.Store) []byte {
	return bytes.Join([][]byte{bytes.Join(s.Certificates, nil), bytes.Join(s.OCSP, nil), bytes.Join(s.CRLs, nil)}, []byte("|"))
}

func TestStoreIsBounded(t *testing.T) {
	for name, s := range map[string]pades.Store{
		"too many":  {Certificates: make([][]byte, 65)},
		"too large": {CRLs: [][]byte{make([]byte, 4<<20+1)}},
	} {
		if _, err := pades.AddStore(signed(t, ""), s); !errors.Is(err, pades.ErrTooLarge) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
