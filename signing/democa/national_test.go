package democa_test

import (
	"bytes"
	"crypto/x509"
	"testing"

	"elicensing/signing/algorithms"
	"elicensing/signing/democa"
	"elicensing/signing/gost"
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
