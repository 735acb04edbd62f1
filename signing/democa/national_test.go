package democa_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"testing"

	"elicensing/signing"
	"elicensing/signing/algorithms"
	"elicensing/signing/democa"
	"elicensing/signing/gost"
	"elicensing/signing/revocation"
)

// The lists of both branches are signed by their own authority and name the revoked certificates.
func TestListsOfBothBranches(t *testing.T) {
	a := authority(t)
	base := serve(t, a)
	bad, err := a.GOSTHolder("revoked")
	if err != nil {
		t.Fatal(err)
	}
	for path, tc := range map[string]struct {
		issuer *x509.Certificate
		scheme algorithms.Identifier
	}{
		democa.PathGOSTCRL:     {a.Intermediates()[1], algorithms.Identifier{OID: gost.OIDSignature512}},
		democa.PathGOSTRootCRL: {a.Roots()[1], algorithms.Identifier{OID: gost.OIDSignature512}},
		democa.PathCRL:         {a.Intermediates()[0], algorithms.Identifier{OID: []int{1, 2, 840, 113549, 1, 1, 11}}},
	} {
		list, err := x509.ParseRevocationList(get(t, base+path))
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		key, err := algorithms.ParseKey(tc.issuer.RawSubjectPublicKeyInfo)
		if err != nil {
			t.Fatal(err)
		}
		scheme, err := algorithms.ForCertificate(tc.scheme)
		if err != nil {
			t.Fatal(err)
		}
		if err := scheme.Verify(key, list.RawTBSRevocationList, list.Signature); err != nil || !bytes.Equal(list.RawIssuer, tc.issuer.RawSubject) {
			t.Errorf("%s: %v", path, err)
		}
		found := false
		for _, entry := range list.RevokedCertificateEntries {
			found = found || entry.SerialNumber.Cmp(bad.Certificate.SerialNumber) == 0
		}
		if !found {
			t.Errorf("%s: the revoked certificate is not on it", path)
		}
	}
}

// Each branch answers OCSP by its own responder: no list helps out here.
func TestOCSPOfBothBranches(t *testing.T) {
	a := authority(t)
	sources := a.Sources(serve(t, a))
	for i := range sources {
		sources[i].CRL = ""
	}
	verifier := signing.NewVerifier(signing.Options{Roots: a.Roots(), Intermediates: a.Intermediates(), Now: clock,
		Revocation: &revocation.Client{Sources: sources}})
	for id, want := range map[string]string{"person": "", "revoked": signing.CertificateRevoked} {
		for name, holder := range map[string]func(string) (*democa.Holder, error){"RSA": a.Holder, "GOST": a.GOSTHolder} {
			h, err := holder(id)
			if err != nil {
				t.Fatal(err)
			}
			report := verifier.Verify(context.Background(), sign(t, h, []byte("x")), []byte("x"), signing.Applicant)
			if report.Reason != want {
				t.Errorf("%s with %s: %s %q", id, name, report.Outcome, report.Reason)
			}
		}
	}
}
