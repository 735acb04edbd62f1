package pades_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"elicensing/signing/pades"
)

var options = pades.Options{
	Name: "ТЕСТОВ БАҚЫТ", Reason: "Лицензия", Location: "Петропавл",
	SignedAt: time.Date(2026, 12, 18, 11, 42, 7, 0, time.FixedZone("", 5*3600)),
}

// document makes a small correct PDF; extra goes into its page dictionary.
func document(extra string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	text := "BT /F1 18 Tf 72 720 Td (KZ80DEM00000418) Tj ET"
	var at []int
	for i, body := range []string{
		"<</Type /Catalog /Pages 2 0 R>>",
		"<</Type /Pages /Count 1 /Kids [3 0 R]>>",
		"<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources <</Font <</F1 5 0 R>>>>" + extra + ">>",
		fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", len(text), text),
		"<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>",
		"<</Producer (test)>>",
	} {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, body)
	}
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, o := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d /Root 1 0 R /Info 6 0 R /ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>]>>\nstartxref\n%d\n%%%%EOF\n",
		len(at)+1, xref)
	return b.Bytes()
}

// signer is a throwaway key with its certificate in files, for openssl.
type signer struct{ cert, key string }

func newSigner(t testing.TB) signer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "TEST HEAD"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment,
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	s := signer{filepath.Join(t.TempDir(), "cert.pem"), filepath.Join(t.TempDir(), "key.pem")}
	write(t, s.cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert}))
	write(t, s.key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	return s
}

// sign makes a detached CAdES signature with a program that we did not write.
func (s signer) sign(t testing.TB, content []byte) []byte {
	t.Helper()
	return s.signWith(t, content, "-cades", "-md", "sha256")
}

func (s signer) signWith(t testing.TB, content []byte, options ...string) []byte {
	t.Helper()
	in, out := filepath.Join(t.TempDir(), "content"), filepath.Join(t.TempDir(), "cms")
	write(t, in, content)
	run(t, "openssl", append([]string{"cms", "-sign", "-binary", "-outform", "DER",
		"-signer", s.cert, "-inkey", s.key, "-in", in, "-out", out}, options...)...)
	return read(t, out)
}

// indefinite gives the outer two elements of a CMS an indefinite length, as the national signing program does.
func indefinite(t *testing.T, cms []byte) []byte {
	t.Helper()
	var info struct {
		Type    asn1.ObjectIdentifier
		Content asn1.RawValue // [0] EXPLICIT, whose content is the SignedData
	}
	if _, err := asn1.Unmarshal(cms, &info); err != nil {
		t.Fatal(err)
	}
	oid, err := asn1.Marshal(info.Type)
	if err != nil {
		t.Fatal(err)
	}
	out := append([]byte{0x30, 0x80}, oid...)
	out = append(append(out, 0xa0, 0x80), info.Content.Bytes...)
	return append(out, 0, 0, 0, 0)
}

func write(t testing.TB, name string, b []byte) {
	t.Helper()
	if err := os.WriteFile(name, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

func read(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// run runs a program of others, which must be installed, and returns what it says.
func run(t testing.TB, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

// pdfsig tells what poppler thinks of a file.
func pdfsig(t *testing.T, pdf []byte) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "signed.pdf")
	write(t, name, pdf)
	out, _ := exec.Command("pdfsig", "-nocert", name).CombinedOutput() // says by its exit code that something is wrong
	return string(out)
}

func signed(t testing.TB, extra string) []byte {
	t.Helper()
	p, err := pades.Prepare(document(extra), options)
	if err != nil {
		t.Fatal(err)
	}
	out, err := pades.Insert(p.PDF(), newSigner(t).sign(t, p.SignedBytes()))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestSignedFileIsGoodForOtherPrograms(t *testing.T) {
	pdf := signed(t, "")
	said := pdfsig(t, pdf)
	for _, want := range []string{"Signature is Valid", "Total document signed", "ETSI.CAdES.detached"} {
		if !strings.Contains(said, want) {
			t.Errorf("pdfsig does not say %q:\n%s", want, said)
		}
	}
	name := filepath.Join(t.TempDir(), "signed.pdf")
	write(t, name, pdf)
	if said := run(t, "qpdf", "--check", name); !strings.Contains(said, "No syntax or stream encoding errors") {
		t.Errorf("qpdf: %s", said)
	}
	if !bytes.HasPrefix(pdf, document("")) {
		t.Error("the update changed the bytes before it")
	}
}

func TestFlippedByteIsReported(t *testing.T) {
	pdf := signed(t, "")
	pdf[bytes.Index(pdf, []byte("KZ80"))+3] ^= 1
	if said := pdfsig(t, pdf); !strings.Contains(said, "Digest Mismatch") {
		t.Errorf("pdfsig: %s", said)
	}
}

func TestCMSOfIndefiniteLengthIsKeptAsItIs(t *testing.T) {
	p, err := pades.Prepare(document(""), options)
	if err != nil {
		t.Fatal(err)
	}
	cms := indefinite(t, newSigner(t).sign(t, p.SignedBytes()))
	pdf, err := pades.Insert(p.PDF(), cms)
	if err != nil {
		t.Fatal(err)
	}
	found, err := pades.Signatures(pdf)
	if err != nil || len(found) != 1 || !bytes.Equal(found[0].CMS, cms) {
		t.Fatalf("read back %d signatures: %v", len(found), err)
	}
	if said := pdfsig(t, pdf); !strings.Contains(said, "Signature is Valid") {
		t.Errorf("pdfsig: %s", said)
	}
}

func TestReadBackWhatWasInserted(t *testing.T) {
	p, err := pades.Prepare(document(" /Annots [6 0 R]"), options)
	if err != nil {
		t.Fatal(err)
	}
	again, err := pades.Open(p.PDF())
	if err != nil || !bytes.Equal(again.SignedBytes(), p.SignedBytes()) {
		t.Fatalf("a stored file gives other bytes to sign: %v", err)
	}
	cms := newSigner(t).sign(t, p.SignedBytes())
	pdf, err := pades.Insert(p.PDF(), cms)
	if err != nil {
		t.Fatal(err)
	}
	found, err := pades.Signatures(pdf)
	if err != nil || len(found) != 1 {
		t.Fatalf("%d signatures, %v", len(found), err)
	}
	s := found[0]
	if !bytes.Equal(s.CMS, cms) || !bytes.Equal(s.SignedBytes, p.SignedBytes()) || !s.CoversWholeFile ||
		s.SubFilter != pades.SubFilter || !s.SignedAt.Equal(options.SignedAt) {
		t.Errorf("read back differs: %+v", s.ByteRange)
	}
	if !bytes.Contains(pdf, []byte("/Annots [6 0 R 8 0 R]")) && !bytes.Contains(pdf, []byte("/Annots [6 0 R 7 0 R]")) {
		t.Error("the annotation that was there is lost")
	}
	if tail, err := pades.Signatures(append(bytes.Clone(pdf), "\n% more"...)); err != nil || tail[0].CoversWholeFile {
		t.Errorf("bytes after the signature are not noticed (H03): %v", err)
	}
}

func TestSameInputSameOutput(t *testing.T) {
	a, errA := pades.Prepare(document(""), options)
	b, errB := pades.Prepare(document(""), options)
	if errA != nil || errB != nil || !bytes.Equal(a.PDF(), b.PDF()) {
		t.Error("two runs differ")
	}
}

func TestPrepareRefuses(t *testing.T) {
	good := document("")
	change := func(old, new string) []byte { return bytes.Replace(good, []byte(old), []byte(new), 1) }
	p, err := pades.Prepare(good, options)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		pdf  []byte
		size int
		want error
	}{
		"nothing":             {nil, 0, pades.ErrMalformed},
		"no PDF":              {[]byte("PK\x03\x04"), 0, pades.ErrMalformed},
		"prepared already":    {p.PDF(), 0, pades.ErrFormExists},
		"too large":           {make([]byte, pades.MaxFile+1), 0, pades.ErrTooLarge},
		"room too large":      {good, 10 << 20, pades.ErrTooLarge},
		"room negative":       {good, -1, pades.ErrTooLarge},
		"encrypted":           {change("/Info 6 0 R", "/Encrypt 6 0 R"), 0, pades.ErrUnsupported},
		"no table":            {change("xref\n0 7", "xxef\n0 7"), 0, pades.ErrUnsupported},
		"table elsewhere":     {change("startxref\n", "startxref\n99999"), 0, pades.ErrMalformed},
		"huge table":          {change("xref\n0 7", "xref\n0 999999999"), 0, pades.ErrMalformed},
		"no root":             {change("/Root 1 0 R", "/Toor 1 0 R"), 0, pades.ErrMalformed},
		"page tree in circle": {change("/Kids [3 0 R]", "/Kids [2 0 R]"), 0, pades.ErrMalformed},
		"previous is itself":  {change("/Root", fmt.Sprintf("/Prev %d /Root", bytes.Index(good, []byte("xref\n0")))), 0, pades.ErrMalformed},
	} {
		o := options
		o.ContentsSize = c.size
		if _, err := pades.Prepare(c.pdf, o); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func TestInsertRefuses(t *testing.T) {
	p, err := pades.Prepare(document(""), options)
	if err != nil {
		t.Fatal(err)
	}
	small := options
	small.ContentsSize = 8
	narrow, err := pades.Prepare(document(""), small)
	if err != nil {
		t.Fatal(err)
	}
	by := newSigner(t)
	cms := by.sign(t, p.SignedBytes())
	filled, err := pades.Insert(p.PDF(), cms)
	if err != nil {
		t.Fatal(err)
	}
	other := bytes.Clone(p.SignedBytes())
	other[len(other)-1] ^= 1
	for name, c := range map[string]struct {
		pdf, cms []byte
		want     error
	}{
		"unprepared":          {document(""), cms, pades.ErrNotPrepared},
		"signed already":      {filled, cms, pades.ErrNotPrepared},
		"bytes after":         {append(bytes.Clone(p.PDF()), '\n'), cms, pades.ErrNotPrepared},
		"larger than room":    {narrow.PDF(), []byte{0x30, 7, 4, 5, 1, 1, 1, 1, 1}, pades.ErrTooLarge},
		"no CMS":              {p.PDF(), []byte("hello"), pades.ErrNotCMS},
		"an element":          {p.PDF(), []byte{0x30, 3, 2, 1, 5}, pades.ErrNotCMS},
		"empty":               {p.PDF(), nil, pades.ErrNotCMS},
		"two CMS":             {p.PDF(), append(bytes.Clone(cms), cms...), pades.ErrNotCMS},
		"cut CMS":             {p.PDF(), cms[:4], pades.ErrNotCMS},
		"nested without end":  {p.PDF(), bytes.Repeat([]byte{0x30, 0x80}, 1<<20), pades.ErrNotCMS},
		"length of four GiB":  {p.PDF(), []byte{0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 0}, pades.ErrNotCMS},
		"length of length 20": {p.PDF(), append([]byte{0x30, 0x94}, make([]byte, 20)...), pades.ErrNotCMS},

		"over a file that differs in one bit (H05)": {p.PDF(), by.sign(t, other), pades.ErrOtherFile},
		"over the file with its empty room (H05)":   {p.PDF(), by.sign(t, p.PDF()), pades.ErrOtherFile},
		"over a prefix of it (H05)":                 {p.PDF(), by.sign(t, document("")), pades.ErrOtherFile},
		"without signed attributes":                 {p.PDF(), by.signWith(t, p.SignedBytes(), "-noattr", "-md", "sha256"), pades.ErrOtherFile},
		"with SHA-1":                                {p.PDF(), by.signWith(t, p.SignedBytes(), "-cades", "-md", "sha1"), pades.ErrOtherFile},
	} {
		if _, err := pades.Insert(c.pdf, c.cms); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}
