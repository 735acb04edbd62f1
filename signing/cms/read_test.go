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

func sample(t testing.TB) []byte {
	t.Helper()
	s := rsaSigner(t)
	der, err := cms.Sign([]byte("content"), cms.SignOptions{Key: s.key, Certificate: s.certificate, SigningTime: &signTime, Attached: true})
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func TestDecodeAcceptsEveryFormThatProgramsHandOver(t *testing.T) {
	der := sample(t)
	text := base64.StdEncoding.EncodeToString(der)
	lines := pem.EncodeToMemory(&pem.Block{Type: "CMS", Bytes: der})
	for name, input := range map[string][]byte{
		"DER":                  der,
		"PEM CMS":              lines,
		"PEM PKCS7":            pem.EncodeToMemory(&pem.Block{Type: "PKCS7", Bytes: der}),
		"PEM with CRLF":        bytes.ReplaceAll(lines, []byte("\n"), []byte("\r\n")),
		"base64":               []byte(text),
		"base64 in lines":      []byte(text[:64] + "\r\n" + text[64:] + "\n"),
		"BER of all sequences": indefinite(der),
	} {
		got, err := cms.Decode(input)
		if err != nil || !bytes.Equal(got, der) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	der := sample(t)
	for name, tc := range map[string]struct {
		input []byte
		want  error
	}{
		"nothing":                      {nil, cms.ErrMalformed},
		"blanks":                       {[]byte(" \n"), cms.ErrMalformed},
		"text":                         {[]byte("not a signature"), cms.ErrMalformed},
		"PEM of a certificate":         {pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), cms.ErrMalformed},
		"PEM without end":              {[]byte("-----BEGIN CMS-----\nMII"), cms.ErrMalformed},
		"two PEM blocks":               {bytes.Repeat(pem.EncodeToMemory(&pem.Block{Type: "CMS", Bytes: der}), 2), cms.ErrMalformed},
		"bytes after DER":              {append(bytes.Clone(der), "garbage"...), cms.ErrMalformed},
		"zeros after DER":              {append(bytes.Clone(der), 0, 0), cms.ErrMalformed},
		"20 MB of open sequences":      {bytes.Repeat([]byte{0x30, 0x80}, 10<<20), cms.ErrTooLarge},
		"200 KB of open sequences":     {bytes.Repeat([]byte{0x30, 0x80}, 100<<10), cms.ErrTooDeep},
		"a level too many":             {nested(cms.MaxDepth + 1), cms.ErrTooDeep},
		"length beyond the end":        {[]byte{0x30, 0x05, 0x02, 0x01, 0x01}, cms.ErrMalformed},
		"length of 2 GB":               {[]byte{0x30, 0x84, 0x7f, 0xff, 0xff, 0xff}, cms.ErrMalformed},
		"length of 5 octets":           {[]byte{0x30, 0x85, 0, 0, 0, 0, 1, 0}, cms.ErrMalformed},
		"indefinite primitive":         {[]byte{0x30, 0x80, 0x04, 0x80, 0, 0, 0, 0}, cms.ErrMalformed},
		"never closed":                 {[]byte{0x30, 0x80, 0x02, 0x01, 0x01}, cms.ErrMalformed},
		"high tag number":              {[]byte{0x30, 0x03, 0x1f, 0x81, 0x00}, cms.ErrMalformed},
		"parts of another type":        {[]byte{0x30, 0x05, 0x24, 0x03, 0x02, 0x01, 0x01}, cms.ErrMalformed},
		"more elements than allowed":   {append([]byte{0x30, 0x83, 0x01, 0x86, 0xa0}, bytes.Repeat([]byte{5, 0}, 50000)...), cms.ErrMalformed},
		"base64 longer than the limit": {bytes.Repeat([]byte("A"), cms.MaxEncodedSize+1), cms.ErrTooLarge},
	} {
		if _, err := cms.Decode(tc.input); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v, want %v", name, err, tc.want)
		}
	}
	if _, err := cms.Decode(nested(cms.MaxDepth)); err != nil {
		t.Errorf("as many levels as allowed, the good twin: %v", err)
	}
}

func TestNoTruncatedMessageIsRead(t *testing.T) {
	der := sample(t)
	ber := indefinite(der)
	for _, message := range [][]byte{der, ber} {
		for n := range message {
			if _, err := cms.Decode(message[:n]); err == nil {
				t.Fatalf("the first %d of %d bytes are read as a message", n, len(message))
			}
		}
	}
}

func TestNormaliseJoinsOctetStrings(t *testing.T) {
	ber := []byte{0x30, 0x80, 0x24, 0x80, 0x04, 0x02, 'a', 'b', 0x24, 0x81, 0x03, 0x04, 0x01, 'c', 0, 0, 0x05, 0x00, 0, 0}
	want := []byte{0x30, 0x07, 0x04, 0x03, 'a', 'b', 'c', 0x05, 0x00}
	got, err := cms.Normalise(ber)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%x (%v), want %x", got, err, want)
	}
}

func TestParseRefusesOtherStructures(t *testing.T) {
	der := sample(t)
	m, err := cms.Parse(der)
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*cms.Message){
		"sid by key id in version 1": func(m *cms.Message) { m.Signers[0].SubjectKeyID = []byte{1} },
		"17 certificates":            func(m *cms.Message) { m.Certificates = many(m.Certificates[0], 17) },
		"17 signers":                 func(m *cms.Message) { m.Signers = many(m.Signers[0], 17) },
	} {
		changed := *m
		changed.Signers = append([]cms.SignerInfo(nil), m.Signers...)
		change(&changed)
		hostile, err := changed.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := cms.Parse(hostile); !errors.Is(err, cms.ErrMalformed) {
			t.Errorf("%s: %v", name, err)
		}
	}
	enveloped := bytes.Replace(der, []byte{0xf7, 0x0d, 1, 7, 2}, []byte{0xf7, 0x0d, 1, 7, 3}, 1)
	if _, err := cms.Parse(enveloped); !errors.Is(err, cms.ErrMalformed) {
		t.Errorf("EnvelopedData: %v", err)
	}
}

// The messages of the national programs themselves: structure and attributes are read.
func TestReadsNationalMessages(t *testing.T) {
	folder := filepath.Join("..", "..", "..", "shared", "kz-pki", "cms")
	if _, err := os.Stat(folder); err != nil && os.Getenv("CI") == "" {
		t.Skip("the national sample messages are not here")
	}
	for name, want := range map[string]struct {
		signers, certificates int
		detached              bool
	}{
		"individual_attached.der":               {1, 1, false},
		"legal_entity_detached.der":             {1, 1, true},
		"individual_gost2004_attached_tsp.pem":  {1, 1, false},
		"two_signers_gost2015_rsa_attached.der": {2, 2, false},
		"rsa_attached.der":                      {1, 1, false},
	} {
		message, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		der, err := cms.Decode(message)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		m, err := cms.Parse(der)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if len(m.Signers) != want.signers || len(m.Certificates) != want.certificates || m.Detached != want.detached {
			t.Errorf("%s: %d signers, %d certificates, detached %v", name, len(m.Signers), len(m.Certificates), m.Detached)
		}
		if attributes, err := m.Signers[0].SignedAttributes(); err != nil || len(attributes) < 3 {
			t.Errorf("%s: %d signed attributes (%v)", name, len(attributes), err)
		}
	}
}

func many[T any](one T, n int) []T {
	all := make([]T, n)
	for i := range all {
		all[i] = one
	}
	return all
}

// nested is n sequences within each other, in DER.
func nested(n int) []byte {
	inner := []byte{}
	for range n {
		switch {
		case len(inner) < 0x80:
			inner = append([]byte{0x30, byte(len(inner))}, inner...)
		default:
			inner = append([]byte{0x30, 0x81, byte(len(inner))}, inner...)
		}
	}
	return inner
}

// indefinite rewrites DER so that every constructed value has an indefinite length.
func indefinite(der []byte) []byte {
	var out []byte
	for len(der) > 0 {
		header, length := 2, int(der[1])
		if der[1] > 0x80 {
			length = 0
			for _, b := range der[2 : 2+int(der[1]&0x7f)] {
				length = length<<8 | int(b)
			}
			header += int(der[1] & 0x7f)
		}
		if der[0]&0x20 == 0 {
			out = append(out, der[:header+length]...)
		} else {
			out = append(out, der[0], 0x80)
			out = append(out, indefinite(der[header:header+length])...)
			out = append(out, 0, 0)
		}
		der = der[header+length:]
	}
	return out
}
