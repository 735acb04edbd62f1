package cms_test

import (
	"bytes"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"elicensing/signing/cms"
)

// seeds are messages of every form: attached and detached, with a time stamp and evidence, of every encoding, and
// the national ones where they are at hand. The hostile messages A01–A10 of package adversarial lie in
// testdata/fuzz beside what fuzzing found.
func seeds(t testing.TB) [][]byte {
	all := [][]byte{
		{0x30, 0x80, 0x24, 0x80, 0x04, 0x02, 'a', 'b', 0, 0, 0, 0},
		[]byte("-----BEGIN CMS-----\nMAA=\n-----END CMS-----\n"), []byte("MAA="), nested(cms.MaxDepth),
	}
	s := rsaSigner(t)
	for _, attached := range []bool{true, false} {
		der, err := cms.Sign([]byte("content"), cms.SignOptions{Key: s.key, Certificate: s.certificate, SigningTime: &signTime, Attached: attached})
		if err != nil {
			t.Fatal(err)
		}
		m, err := cms.Parse(der)
		if err != nil {
			t.Fatal(err)
		}
		m.Certificates = append(m.Certificates, s.certificate.Raw)
		m.Signers[0].UnsignedAttributes = []cms.Attribute{
			{Type: cms.OIDTimeStampToken, Values: [][]byte{der}},
			{Type: []int{1, 2, 840, 113549, 1, 9, 16, 2, 23}, Values: [][]byte{append([]byte{0x30, 0x82, byte(len(s.certificate.Raw) >> 8), byte(len(s.certificate.Raw))}, s.certificate.Raw...)}},
			{Type: []int{1, 2, 840, 113549, 1, 9, 16, 2, 24}, Values: [][]byte{{0x30, 0x04, 0xa1, 0x02, 0x30, 0x00}}},
		}
		evidence, err := m.Encode()
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, der, evidence, indefinite(der), indefinite(evidence),
			pem.EncodeToMemory(&pem.Block{Type: "CMS", Bytes: der}), []byte(base64.StdEncoding.EncodeToString(der)))
	}
	return append(all, nationalMessages(t)...)
}

func nationalMessages(t testing.TB) [][]byte {
	names, err := filepath.Glob(filepath.Join("..", "..", "..", "shared", "kz-pki", "cms", "*.[dp]e[rm]"))
	if err != nil {
		t.Fatal(err)
	}
	var all [][]byte
	for _, name := range names {
		message, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, message)
	}
	return all
}

// Whatever bytes arrive, reading answers with a message or one of its three errors, what is normalised once
// stays as it is, and a message that is read can be written and read again.
func FuzzDecode(f *testing.F) {
	for _, message := range seeds(f) {
		f.Add(message)
	}
	f.Fuzz(func(t *testing.T, message []byte) {
		der, err := cms.Decode(message)
		if err != nil {
			known(t, err)
			return
		}
		again, err := cms.Normalise(der)
		if err != nil || !bytes.Equal(der, again) {
			t.Fatalf("normalised twice differs (%v)", err)
		}
		m, err := cms.Parse(der)
		if err != nil {
			known(t, err)
			return
		}
		for i := range m.Signers {
			if _, err := m.Signers[i].SignedAttributes(); err != nil {
				known(t, err)
			}
		}
	})
}

func known(t *testing.T, err error) {
	t.Helper()
	if !errors.Is(err, cms.ErrMalformed) && !errors.Is(err, cms.ErrTooDeep) && !errors.Is(err, cms.ErrTooLarge) {
		t.Fatalf("unknown error %v", err)
	}
}
