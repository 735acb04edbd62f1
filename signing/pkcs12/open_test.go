package pkcs12_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"elicensing/signing/algorithms"
	"elicensing/signing/pkcs12"
)

const password = "Qwerty12"

// openssl writes the files: the reader must agree with a program that we did not write.
func opensslFile(t testing.TB, key crypto.Signer, extra ...string) []byte {
	t.Helper()
	folder := t.TempDir()
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: "ТЕСТОВ ТЕСТ"},
		NotBefore: time.Unix(1700000000, 0), NotAfter: time.Unix(1900000000, 0)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	issuer, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template.Subject.CommonName = "ISSUER"
	issuerDER, err := x509.CreateCertificate(rand.Reader, template, template, issuer.Public(), issuer)
	if err != nil {
		t.Fatal(err)
	}
	for name, block := range map[string]*pem.Block{
		"key": {Type: "PRIVATE KEY", Bytes: pkcs8}, "crt": {Type: "CERTIFICATE", Bytes: der}, "ca": {Type: "CERTIFICATE", Bytes: issuerDER},
	} {
		if err := os.WriteFile(filepath.Join(folder, name), pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	args := append([]string{"pkcs12", "-export", "-inkey", "key", "-in", "crt", "-certfile", "ca", "-passout", "pass:" + password, "-out", "p12"}, extra...)
	cmd := exec.Command("openssl", args...)
	cmd.Dir = folder
	if output, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("openssl: %v\n%s", err, output)
	}
	file, err := os.ReadFile(filepath.Join(folder, "p12"))
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func keys(t testing.TB) map[string]crypto.Signer {
	t.Helper()
	r, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	e, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return map[string]crypto.Signer{"RSA": r, "ECDSA": e}
}

func TestOpensFilesOfOpenSSL(t *testing.T) {
	for name, key := range keys(t) {
		for form, extra := range map[string][]string{
			"AES of OpenSSL 3": nil,
			"3DES":             {"-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES", "-macalg", "sha1"},
			"legacy, RC2":      {"-legacy"},
		} {
			got, certificate, chain, err := pkcs12.Open(opensslFile(t, key, extra...), password)
			if err != nil {
				t.Errorf("%s %s: %v", name, form, err)
				continue
			}
			if certificate.Subject.CommonName != "ТЕСТОВ ТЕСТ" || len(chain) != 1 || chain[0].Subject.CommonName != "ISSUER" {
				t.Errorf("%s %s: certificate of %q with a chain of %d", name, form, certificate.Subject.CommonName, len(chain))
			}
			if !got.Public().(interface{ Equal(crypto.PublicKey) bool }).Equal(key.Public()) {
				t.Errorf("%s %s: another key came out", name, form)
			}
		}
	}
}

func TestRefusals(t *testing.T) {
	all := keys(t)
	good := opensslFile(t, all["ECDSA"])
	damaged := bytes.Clone(good)
	damaged[len(damaged)/2] ^= 1
	onlyCertificate := opensslFile(t, all["ECDSA"], "-nokeys")
	for name, tc := range map[string]struct {
		file     []byte
		password string
		want     error
	}{
		"wrong password":      {good, "Qwerty13", pkcs12.ErrWrongPassword},
		"empty password":      {good, "", pkcs12.ErrWrongPassword},
		"damaged":             {damaged, password, pkcs12.ErrWrongPassword}, // its MAC is wrong: the same to a reader
		"nothing":             {nil, password, pkcs12.ErrNotPKCS12},
		"a picture":           {[]byte("\x89PNG\r\n\x1a\n"), password, pkcs12.ErrNotPKCS12},
		"a certificate":       {[]byte{0x30, 0x03, 0x30, 0x01, 0x05}, password, pkcs12.ErrNotPKCS12},
		"bytes behind":        {append(bytes.Clone(good), 0), password, pkcs12.ErrNotPKCS12},
		"nested 20 MB":        {bytes.Repeat([]byte{0x30, 0x80}, 10<<20), password, pkcs12.ErrNotPKCS12},
		"nested 60 KB":        {bytes.Repeat([]byte{0x30, 0x80}, 30<<10), password, pkcs12.ErrNotPKCS12},
		"no key":              {onlyCertificate, password, pkcs12.ErrNoKey},
		"hours of derivation": {opensslFile(t, all["ECDSA"], "-iter", "2000001", "-nomaciter"), password, pkcs12.ErrKeyUnsupported},
		"password not in BMP": {good, strings.Repeat("😀", 3), pkcs12.ErrKeyUnsupported},
	} {
		if _, _, _, err := pkcs12.Open(tc.file, tc.password); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v, want %v", name, err, tc.want)
		}
	}
	for n := range good {
		if _, _, _, err := pkcs12.Open(good[:n], password); err == nil {
			t.Fatalf("the first %d bytes open", n)
		}
	}
}

// Each national file opens with its key, whatever kind that is, and the key is the certificate's.
func TestOpensNationalFiles(t *testing.T) {
	folder := filepath.Join("..", "..", "..", "shared", "kz-pki", "p12")
	files, err := filepath.Glob(filepath.Join(folder, "*.p12"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Fatal("the national sample files are not here")
	}
	kinds := map[string]int{}
	for _, name := range files {
		file, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		key, certificate, _, err := pkcs12.Open(file, password)
		if err != nil {
			t.Errorf("%s: %v", filepath.Base(name), err)
			continue
		}
		public, err := algorithms.ParseKey(certificate.RawSubjectPublicKeyInfo)
		if err != nil {
			t.Fatal(err)
		}
		if held, err := algorithms.KeyOf(key.Public()); err != nil || !held.Equal(public) {
			t.Errorf("%s: the key is not that of the certificate", filepath.Base(name))
		}
		kinds[public.Kind()]++
		for _, wrong := range []string{"Qwerty13", "", "qwerty12", password + " "} {
			if _, _, _, err := pkcs12.Open(file, wrong); !errors.Is(err, pkcs12.ErrWrongPassword) {
				t.Errorf("%s with a wrong password: %v", filepath.Base(name), err)
			}
		}
		for n := range file {
			if _, _, _, err := pkcs12.Open(file[:n], password); err == nil {
				t.Fatalf("%s: the first %d bytes open", filepath.Base(name), n)
			}
		}
	}
	if kinds["GOST2015-512"] < 8 || kinds["GOST2004"] < 1 || kinds["RSA"] < 2 {
		t.Errorf("kinds of keys: %v", kinds)
	}
}

func FuzzOpen(f *testing.F) {
	files, err := filepath.Glob(filepath.Join("..", "..", "..", "shared", "kz-pki", "p12", "*.p12"))
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range files {
		file, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(file)
	}
	f.Add(openly(f)) // without a MAC every change reaches the layers within
	for _, key := range keys(f) {
		for _, extra := range [][]string{nil, {"-legacy"}, {"-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES", "-macalg", "sha1"}, {"-nomac"}, {"-nomac", "-legacy"}} {
			f.Add(opensslFile(f, key, append(extra, "-iter", "1")...)) // many rounds would only slow the search
		}
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		if key, certificate, _, err := pkcs12.Open(file, password); err == nil && (key == nil || certificate == nil) {
			t.Error("half a key is open")
		}
	})
}
