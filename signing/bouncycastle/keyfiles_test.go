package bouncycastle_test

import (
	"bytes"
	"crypto"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"testing"

	"elicensing/signing/democa"
	"elicensing/signing/gost"
	"elicensing/signing/pkcs12"
)

const password = "Құпия-Qwerty12"

// BouncyCastle opens the key files of demo people and those that we write, and finds the certificate's key inside.
func TestBouncyCastleOpensOurKeyFiles(t *testing.T) {
	for name, h := range map[string]*democa.Holder{
		"RSA": holder(t, "person"), "P-256": curve(t, elliptic.P256()), "P-521": curve(t, elliptic.P521()),
		"GOST 512": nationalHolder(t, "person"), "GOST 256": national(t, gost.Curve256()),
	} {
		for form, write := range map[string]func(string) ([]byte, error){"AES": h.PKCS12, "3DES": h.LegacyPKCS12} {
			file, err := write(password)
			if err != nil {
				t.Fatal(err)
			}
			name := name + ", " + form
			accepts(t, name, "certificates: 2", "open-keys", file, []byte(password), h.Certificate.Raw)
			refuses(t, name+", wrong password", "wrong password", "open-keys", file, []byte(democa.Password), h.Certificate.Raw)
			refuses(t, name+", damaged", "wrong password", "open-keys", flipped(file, 0.5), []byte(password), h.Certificate.Raw) // its MAC is wrong
		}
	}
	for _, id := range []string{"person", "head"} {
		rsa, err := demo(t).KeyFile(id)
		if err != nil {
			t.Fatal(err)
		}
		accepts(t, id, "certificates: 2", "open-keys", rsa, []byte(democa.Password), holder(t, id).Certificate.Raw)
		refuses(t, id+" as somebody else", "another certificate", "open-keys", rsa, []byte(democa.Password), holder(t, "sole-trader").Certificate.Raw)
		file, err := demo(t).GOSTKeyFile(id)
		if err != nil {
			t.Fatal(err)
		}
		accepts(t, id+" with GOST", "certificates: 2", "open-keys", file, []byte(democa.Password), nationalHolder(t, id).Certificate.Raw)
	}
}

// A file that holds the certificate of one and the key of another.
func TestBouncyCastleSeesAnothersKey(t *testing.T) {
	h, other := holder(t, "person"), holder(t, "head")
	file, err := (&democa.Holder{Key: other.Key, Certificate: h.Certificate}).PKCS12(password)
	if err != nil {
		t.Fatal(err)
	}
	refuses(t, "RSA", "key is not the certificate's", "open-keys", file, []byte(password), h.Certificate.Raw)
	if _, _, _, err := pkcs12.Open(file, password); !errors.Is(err, pkcs12.ErrNoKey) {
		t.Errorf("RSA: we say %v", err)
	}
	h, other = nationalHolder(t, "person"), nationalHolder(t, "head")
	if file, err = pkcs12.Write(other.Key, other.Certificate, []*x509.Certificate{h.Certificate}, password, rand.Reader); err != nil {
		t.Fatal(err)
	}
	refuses(t, "GOST 512", "key is not the certificate's", "open-keys", file, []byte(password), h.Certificate.Raw)
}

// Files of BouncyCastle are of the kind that national programs write: BER, 3DES for the key, RC2 for certificates.
func TestKeyFilesOfBouncyCastleOpen(t *testing.T) {
	for name, h := range map[string]*democa.Holder{"RSA": holder(t, "person"), "P-384": curve(t, elliptic.P384())} {
		file := makes(t, "write-keys", []byte(password), pkcs8(t, h.Key), h.Certificate.Raw, h.Chain[0].Raw)
		key, certificate, chain, err := pkcs12.Open(file, password)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !key.(interface{ Equal(crypto.PrivateKey) bool }).Equal(h.Key) || !bytes.Equal(certificate.Raw, h.Certificate.Raw) ||
			len(chain) != 1 || !bytes.Equal(chain[0].Raw, h.Chain[0].Raw) {
			t.Errorf("%s: something else comes out", name)
		}
		if _, _, _, err := pkcs12.Open(file, democa.Password); !errors.Is(err, pkcs12.ErrWrongPassword) {
			t.Errorf("%s, wrong password: %v", name, err)
		}
	}
}
