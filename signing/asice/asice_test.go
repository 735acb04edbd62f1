package asice_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"elicensing/signing/asice"
)

func request() []asice.File {
	return []asice.File{
		{Name: "request.json", MIME: "application/json", Content: []byte(`{"kind":"licence"}`)},
		{Name: "request.pdf", MIME: "application/pdf", Content: bytes.Repeat([]byte("%PDF"), 1000)},
		{Name: "documents/Диплом № 1 & қосымша.jpg", MIME: "image/jpeg", Content: []byte{0xff, 0xd8, 0}},
	}
}

func build(t *testing.T, files []asice.File, signature []byte) []byte {
	t.Helper()
	manifest, err := asice.Manifest(files)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := asice.Build(&b, manifest, signature, files...); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func readBack(b []byte) (*asice.Container, error) {
	return asice.Read(bytes.NewReader(b), int64(len(b)))
}

func write(t *testing.T, name string, b []byte) {
	t.Helper()
	if err := os.WriteFile(name, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// run runs a program of others, which must be installed.
func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8") // unzip writes Cyrillic names only so
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

// sign makes a detached CMS over content with openssl and a throwaway key, and returns its certificate file.
func sign(t *testing.T, content []byte) (cms []byte, certificate string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "TEST"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	d := t.TempDir()
	certificate = filepath.Join(d, "cert.pem")
	write(t, certificate, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert}))
	write(t, filepath.Join(d, "key.pem"), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	write(t, filepath.Join(d, "content"), content)
	run(t, "openssl", "cms", "-sign", "-cades", "-binary", "-outform", "DER", "-md", "sha256", "-signer", certificate,
		"-inkey", filepath.Join(d, "key.pem"), "-in", filepath.Join(d, "content"), "-out", filepath.Join(d, "cms"))
	cms, err = os.ReadFile(filepath.Join(d, "cms"))
	if err != nil {
		t.Fatal(err)
	}
	return cms, certificate
}

var dataObject = regexp.MustCompile(`(?s)URI="([^"]*)">\s*<ds:DigestMethod[^>]*>\s*<ds:DigestValue>([^<]*)<`)

func TestContainerIsGoodForOtherPrograms(t *testing.T) {
	files := request()
	manifest, err := asice.Manifest(files)
	if err != nil {
		t.Fatal(err)
	}
	cms, certificate := sign(t, manifest)
	d := t.TempDir()
	write(t, filepath.Join(d, "request.asice"), build(t, files, cms))
	run(t, "unzip", "-q", filepath.Join(d, "request.asice"), "-d", filepath.Join(d, "out"))
	said := run(t, "openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", filepath.Join(d, "out", asice.SignatureName),
		"-content", filepath.Join(d, "out", asice.ManifestName), "-CAfile", certificate, "-purpose", "any", "-out", os.DevNull)
	if !strings.Contains(said, "successful") {
		t.Errorf("openssl: %s", said)
	}
	unpacked, err := os.ReadFile(filepath.Join(d, "out", asice.ManifestName))
	if err != nil {
		t.Fatal(err)
	}
	found := dataObject.FindAllSubmatch(unpacked, -1)
	if len(found) != len(files) {
		t.Fatalf("%d references", len(found))
	}
	for i, m := range found {
		b, err := os.ReadFile(filepath.Join(d, "out", files[i].Name))
		if err != nil {
			t.Fatal(err)
		}
		if sum := sha256.Sum256(b); base64.StdEncoding.EncodeToString(sum[:]) != string(m[2]) {
			t.Errorf("%s has another digest than the manifest", m[1])
		}
	}
	mimetype, err := os.ReadFile(filepath.Join(d, "out", "mimetype"))
	if err != nil || string(mimetype) != asice.MediaType {
		t.Errorf("mimetype %q, %v", mimetype, err)
	}
	if said := run(t, "unzip", "-t", filepath.Join(d, "request.asice")); !strings.Contains(said, "No errors") {
		t.Error(said)
	}
}

func TestReadBackWhatWasBuilt(t *testing.T) {
	files := request()
	c, err := readBack(build(t, files, []byte("cms")))
	if err != nil {
		t.Fatal(err)
	}
	manifest, _ := asice.Manifest(files)
	if !bytes.Equal(c.Manifest, manifest) || string(c.Signature) != "cms" || len(c.Files) != len(files) {
		t.Fatalf("read back differs: %d files", len(c.Files))
	}
	for i, f := range c.Files {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil || f.Name != files[i].Name || f.MIME != files[i].MIME || !bytes.Equal(b, files[i].Content) {
			t.Errorf("file %d differs: %v", i, err)
		}
	}
}

func TestDigestAndStreamGiveTheSameContainer(t *testing.T) {
	files := request()
	streamed := request()
	closed := 0
	for i, f := range files {
		sum := sha256.Sum256(f.Content)
		streamed[i].Content, streamed[i].Digest = nil, sum[:]
		streamed[i].Open = func() (io.ReadCloser, error) {
			return closing{bytes.NewReader(f.Content), &closed}, nil
		}
	}
	if !bytes.Equal(build(t, files, []byte("cms")), build(t, streamed, []byte("cms"))) {
		t.Error("the containers differ")
	}
	if closed != len(files) {
		t.Errorf("%d readers closed", closed)
	}
}

type closing struct {
	io.Reader
	closed *int
}

func (c closing) Close() error { *c.closed++; return nil }

func TestManifestRefuses(t *testing.T) {
	good := asice.File{Name: "a.pdf", MIME: "application/pdf", Content: []byte("a")}
	with := func(change func(*asice.File)) []asice.File {
		f := good
		change(&f)
		return []asice.File{f}
	}
	for name, c := range map[string]struct {
		files []asice.File
		want  error
	}{
		"nothing":           {nil, asice.ErrMalformed},
		"no digest":         {with(func(f *asice.File) { f.Content = nil }), asice.ErrMalformed},
		"short digest":      {with(func(f *asice.File) { f.Content, f.Digest = nil, []byte("abc") }), asice.ErrMalformed},
		"no type":           {with(func(f *asice.File) { f.MIME = "" }), asice.ErrMalformed},
		"twice":             {[]asice.File{good, good}, asice.ErrName},
		"twice, other case": {append(with(func(f *asice.File) { f.Name = "A.PDF" }), good), asice.ErrName},
		"too many":          {make([]asice.File, asice.MaxFiles+1), asice.ErrTooLarge},
	} {
		if _, err := asice.Manifest(c.files); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	for _, name := range unsafeNames {
		if _, err := asice.Manifest(with(func(f *asice.File) { f.Name = name })); !errors.Is(err, asice.ErrName) {
			t.Errorf("name %q: %v", name, err)
		}
	}
}

var unsafeNames = []string{"", "/etc/passwd", "../a", "a/../b", "a/./b", "a//b", "a/", `a\b`, "C:a", "a\x00.pdf", "a\nb",
	"mimetype", "MimeType", "META-INF/x", "meta-inf/x", "a\u202efdp.exe", "a\u200b.pdf", "a.", "a ", "\xff", strings.Repeat("a", 256)}

func TestBuildRefuses(t *testing.T) {
	files := request()
	manifest, err := asice.Manifest(files)
	if err != nil {
		t.Fatal(err)
	}
	other := request()
	other[1].Content = []byte("another")
	broken := request()
	broken[1].Open = func() (io.ReadCloser, error) { return nil, io.ErrUnexpectedEOF }
	for name, c := range map[string]struct {
		manifest  []byte
		signature []byte
		files     []asice.File
		want      error
	}{
		"another content":   {manifest, []byte("cms"), other, asice.ErrDigest},
		"a file is missing": {manifest, []byte("cms"), files[:2], asice.ErrDigest},
		"a file too many":   {manifest, []byte("cms"), append(request(), asice.File{Name: "x.pdf"}), asice.ErrDigest},
		"the same twice":    {manifest, []byte("cms"), append(request(), files[0]), asice.ErrDigest},
		"no signature":      {manifest, nil, files, asice.ErrTooLarge},
		"large signature":   {manifest, make([]byte, asice.MaxSignature+1), files, asice.ErrTooLarge},
		"no manifest":       {[]byte("<a/>"), []byte("cms"), files, asice.ErrMalformed},
		"store fails":       {manifest, []byte("cms"), broken, io.ErrUnexpectedEOF},
	} {
		var b bytes.Buffer
		if err := asice.Build(&b, c.manifest, c.signature, c.files...); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		if _, err := readBack(b.Bytes()); err == nil {
			t.Errorf("%s: left a container that can be read", name)
		}
	}
}
