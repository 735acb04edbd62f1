package bench_test

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"testing"
	"time"

	"elicensing/signing"
	"elicensing/signing/cms"
	"elicensing/signing/democa"
	"elicensing/signing/gost"
	"elicensing/signing/path"
	"elicensing/signing/revocation"
)

// nobodyRevoked stands for the answers about revocation, which come from elsewhere and are measured there.
type nobodyRevoked struct{}

func (nobodyRevoked) CheckPath(context.Context, path.RevocationQuestion, time.Time) (revocation.Answer, error) {
	return revocation.Answer{Status: revocation.Good}, nil
}

// signed is a message over content by a demo person's key.
func signed(content []byte, h *democa.Holder) ([]byte, error) {
	return cms.Sign(content, cms.SignOptions{Key: h.Key, Certificate: h.Certificate, Chain: h.Chain})
}

// messages is a verifier with a message over 2 KiB by a demo person's key.
func messages(b *testing.B, holder func(*democa.Authority) (*democa.Holder, error),
	sign func(content []byte, h *democa.Holder) ([]byte, error)) (verify func(b *testing.B), key crypto.Signer) {
	b.Helper()
	a, err := democa.New(time.Now)
	if err != nil {
		b.Fatal(err)
	}
	h, err := holder(a)
	if err != nil {
		b.Fatal(err)
	}
	content := make([]byte, 2<<10)
	message, err := sign(content, h)
	if err != nil {
		b.Fatal(err)
	}
	verifier := signing.NewVerifier(signing.Options{Roots: a.Roots(), Intermediates: a.Intermediates(), Revocation: nobodyRevoked{}, Now: time.Now})
	return func(b *testing.B) {
		if report := verifier.Verify(context.Background(), message, content, signing.Applicant); !report.Passed() {
			b.Fatal(report.Reason)
		}
	}, h.Key
}

// BenchmarkRatioCMSWithRSA: a whole verdict with the certificate chain, RSA-2048, 2 KiB, against the raw
// public-key operation; goal 0.75, near the limit 0.85. The verdict holds an independent second opinion,
// which is such an operation too.
func BenchmarkRatioCMSWithRSA(b *testing.B) {
	verify, key := messages(b, func(a *democa.Authority) (*democa.Holder, error) { return a.Holder("person") }, signed)
	digest := sha256.Sum256(nil)
	signature, err := key.Sign(nil, digest[:], crypto.SHA256)
	if err != nil {
		b.Fatal(err)
	}
	public, ok := key.Public().(*rsa.PublicKey)
	if !ok {
		b.Fatal("the demo person's key is not RSA")
	}
	ratio(b, repeat(verify), repeat(func(b *testing.B) {
		if rsa.VerifyPKCS1v15(public, crypto.SHA256, digest[:], signature) != nil {
			b.Fatal("wrong signature")
		}
	}))
}

// BenchmarkRatioCMSWithRSAPSS: the same with RSASSA-PSS (RFC 4056), against its raw verification. The other
// implementation does not know PSS, so this is what a verdict with RSA costs without the second opinion.
func BenchmarkRatioCMSWithRSAPSS(b *testing.B) {
	verify, key := messages(b, func(a *democa.Authority) (*democa.Holder, error) { return a.Holder("person") }, signedPSS)
	digest := sha256.Sum256(nil)
	signature, err := key.Sign(rand.Reader, digest[:], &pssOptions)
	if err != nil {
		b.Fatal(err)
	}
	public, ok := key.Public().(*rsa.PublicKey)
	if !ok {
		b.Fatal("the demo person's key is not RSA")
	}
	ratio(b, repeat(verify), repeat(func(b *testing.B) {
		if rsa.VerifyPSS(public, crypto.SHA256, digest[:], signature, &pssOptions) != nil {
			b.Fatal("wrong signature")
		}
	}))
}

var pssOptions = rsa.PSSOptions{SaltLength: sha256.Size, Hash: crypto.SHA256}

// pssParameters are RSASSA-PSS-params (RFC 4055 §3.1) of pssOptions: hash and mask hash SHA-256, a salt of 32 bytes.
var pssParameters = []byte{
	0x30, 0x34,
	0xa0, 0x0f, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00,
	0xa1, 0x1c, 0x30, 0x1a, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x08,
	0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00,
	0xa2, 0x03, 0x02, 0x01, 0x20,
}

// signedPSS is signed, with a PSS signature over the same attributes.
func signedPSS(content []byte, h *democa.Holder) ([]byte, error) {
	der, err := signed(content, h)
	if err != nil {
		return nil, err
	}
	message, err := cms.Parse(der)
	if err != nil {
		return nil, err
	}
	signer := &message.Signers[0]
	digest := sha256.Sum256(signer.RawSignedAttributes)
	signer.SignatureAlgorithm = cms.Algorithm{OID: cms.OIDRSAPSS, Parameters: pssParameters}
	if signer.Signature, err = h.Key.Sign(rand.Reader, digest[:], &pssOptions); err != nil {
		return nil, err
	}
	return message.Encode()
}

// BenchmarkRatioCMSWithGOST: the same with GOST 34.10-2015, against its raw verification.
func BenchmarkRatioCMSWithGOST(b *testing.B) {
	verify, key := messages(b, func(a *democa.Authority) (*democa.Holder, error) { return a.GOSTHolder("person") }, signed)
	digest := make([]byte, gost.Streebog512Size)
	signature, err := key.Sign(nil, digest, crypto.Hash(0))
	if err != nil {
		b.Fatal(err)
	}
	public, ok := key.Public().(*gost.PublicKey)
	if !ok {
		b.Fatal("the demo person's key is not GOST")
	}
	ratio(b, repeat(verify), repeat(func(b *testing.B) {
		if !public.Verify(digest, signature) {
			b.Fatal("wrong signature")
		}
	}))
}
