package bench_test

import (
	"context"
	"crypto"
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

// messages is a verifier with a message over 2 KiB by a demo person's key.
func messages(b *testing.B, holder func(*democa.Authority) (*democa.Holder, error)) (verify func(b *testing.B), key crypto.Signer) {
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
	message, err := cms.Sign(content, cms.SignOptions{Key: h.Key, Certificate: h.Certificate, Chain: h.Chain})
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
	verify, key := messages(b, func(a *democa.Authority) (*democa.Holder, error) { return a.Holder("person") })
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

// BenchmarkRatioCMSWithGOST: the same with GOST 34.10-2015, against its raw verification.
func BenchmarkRatioCMSWithGOST(b *testing.B) {
	verify, key := messages(b, func(a *democa.Authority) (*democa.Holder, error) { return a.GOSTHolder("person") })
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
