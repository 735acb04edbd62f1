package signing_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"testing"

	"elicensing/signing"
	"elicensing/signing/cms"
	"elicensing/signing/democa"
	"elicensing/signing/revocation"
)

func TestWeakKeysAreRefused(t *testing.T) {
	short, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	p224, err := ecdsa.GenerateKey(elliptic.P224(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if report := verify(t, forge(t, issue(t, person, democa.IssueOptions{Key: short}), nil)); report.Reason != signing.SignatureAlgorithm {
		t.Errorf("RSA-1024: %s %s", report.Outcome, report.Reason)
	}
	report := verify(t, forge(t, issue(t, person, democa.IssueOptions{Key: p224}), func(f *forgery) {
		f.signer.SignatureAlgorithm = cms.Algorithm{OID: cms.OIDECDSAWithSHA256}
	}))
	if report.Reason != signing.SignatureAlgorithm {
		t.Errorf("P-224: %s %s", report.Outcome, report.Reason)
	}
}

// A strong key below a weak authority is no stronger than the authority.
func TestWeakAuthorityIsRefused(t *testing.T) {
	h := holder(t, "person")
	weak, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	root := &x509.Certificate{SerialNumber: serial(1), Subject: demo(t).Root().Subject, NotBefore: T0.AddDate(-1, 0, 0), NotAfter: T0.AddDate(1, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, root, root, weak.Public(), weak)
	if err != nil {
		t.Fatal(err)
	}
	if root, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	template := *h.Certificate
	if der, err = x509.CreateCertificate(rand.Reader, &template, root, h.Key.Public(), weak); err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	v := signing.NewVerifier(signing.Options{Roots: []*x509.Certificate{root}, Now: clock,
		Revocation: always{revocation.Answer{Status: revocation.Good}}})
	report := v.Verify(context.Background(), forge(t, &democa.Holder{Key: h.Key, Certificate: leaf}, nil), content, signing.Applicant)
	last := report.Checks[len(report.Checks)-1]
	if report.Reason != signing.SignatureAlgorithm || last.Name != "path" {
		t.Errorf("%s at %s", report.Reason, last.Name)
	}
}
