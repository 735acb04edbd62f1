package pkcs12_test

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"elicensing/signing/pkcs12"
)

// A national key written anew opens as it did; OpenSSL reads the certificates of the file and agrees
// with its MAC.
func TestWrites(t *testing.T) {
	for _, name := range []string{"individual_valid.p12", "ncanode_head_gost2004_sign_revoked_2022.p12", "ncanode_individual_rsa_sign_2021.p12"} {
		original, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "kz-pki", "p12", name))
		if err != nil {
			t.Fatal(err)
		}
		key, certificate, _, err := pkcs12.Open(original, password)
		if err != nil {
			t.Fatal(err)
		}
		file, err := pkcs12.Write(key, certificate, nil, "Құпия 1", rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		again, sameCertificate, chain, err := pkcs12.Open(file, "Құпия 1")
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(sameCertificate.Raw, certificate.Raw) || len(chain) != 0 ||
			!again.(interface{ Equal(crypto.PrivateKey) bool }).Equal(key) {
			t.Errorf("%s: something else comes back", name)
		}
		if _, _, _, err := pkcs12.Open(file, "Құпия 2"); !errors.Is(err, pkcs12.ErrWrongPassword) {
			t.Errorf("%s with a wrong password: %v", name, err)
		}
		folder := t.TempDir()
		if err := os.WriteFile(filepath.Join(folder, "p12"), file, 0o600); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command("openssl", "pkcs12", "-legacy", "-in", "p12", "-passin", "pass:Құпия 1", "-nokeys")
		cmd.Dir = folder
		if output, err := cmd.Output(); err != nil || !bytes.Contains(output, []byte("BEGIN CERTIFICATE")) {
			t.Errorf("%s: openssl: %v", name, err)
		}
	}
}

func TestDoesNotWrite(t *testing.T) {
	original, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "kz-pki", "p12", "individual_valid.p12"))
	if err != nil {
		t.Fatal(err)
	}
	key, certificate, _, err := pkcs12.Open(original, password)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := pkcs12.Write(keys(t)["ECDSA"], certificate, nil, password, rand.Reader); !errors.Is(err, pkcs12.ErrNoKey) {
		t.Errorf("somebody else's certificate: %v", err)
	}
	if _, err := pkcs12.Write(key, certificate, nil, "😀", rand.Reader); !errors.Is(err, pkcs12.ErrKeyUnsupported) {
		t.Errorf("a password that cannot be written: %v", err)
	}
	if _, err := pkcs12.Write(key, certificate, nil, password, bytes.NewReader(nil)); !errors.Is(err, io.EOF) {
		t.Errorf("no random bytes: %v", err)
	}
}
