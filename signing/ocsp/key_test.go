package ocsp_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"testing"

	"elicensing/signing/algorithms"
	"elicensing/signing/gost"
	"elicensing/signing/ocsp"
)

// Whatever a responder signs with, the table of algorithms verifies; kinds that it may not sign with it refuses.
func TestKeysOfResponders(t *testing.T) {
	key := func(k crypto.Signer, err error) crypto.Signer {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	curve := func(c elliptic.Curve) crypto.Signer { return key(ecdsa.GenerateKey(c, rand.Reader)) }
	national := func(c *gost.Curve) crypto.Signer { return key(gost.GenerateKey(c, rand.Reader)) }
	_, edwards, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		key crypto.Signer
		ok  bool
	}{
		"RSA":              {key(rsa.GenerateKey(rand.Reader, 2048)), true},
		"P-256":            {curve(elliptic.P256()), true},
		"P-384":            {curve(elliptic.P384()), true},
		"P-521":            {curve(elliptic.P521()), true},
		"GOST 512":         {national(gost.Curve512()), true},
		"GOST 256":         {national(gost.Curve256()), true},
		"GOST 34.310-2004": {national(gost.Curve2004()), false},
		"P-224":            {curve(elliptic.P224()), false},
		"Ed25519":          {edwards, false},
	} {
		algorithm, signature, err := ocsp.SignWith(tc.key)([]byte("data"))
		if (err == nil) != tc.ok {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil {
			continue
		}
		spki, err := x509.MarshalPKIXPublicKey(tc.key.Public())
		if public, ok := tc.key.Public().(*gost.PublicKey); ok {
			spki, err = public.Marshal(), nil
		}
		if err != nil {
			t.Fatal(err)
		}
		public, err := algorithms.ParseKey(spki)
		if err != nil {
			t.Fatal(err)
		}
		scheme, err := algorithms.ForCertificate(algorithm)
		if err != nil {
			t.Fatal(err)
		}
		if err := scheme.Verify(public, []byte("data"), signature); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if scheme.Verify(public, []byte("date"), signature) == nil {
			t.Errorf("%s: other data", name)
		}
	}
}
