package crl_test

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"testing"
	"time"

	"elicensing/signing/crl"
	kit "elicensing/signing/path/pathtest"
)

// TestAnEntryWithEverything: reason, invalidity date, and an extension that nobody knows and that makes the entry long.
func TestAnEntryWithEverything(t *testing.T) {
	s := newScene(t)
	invalid := kit.Now.Add(-100 * time.Hour).Truncate(time.Second)
	date, err := asn1.MarshalWithParams(invalid, "generalized")
	if err != nil {
		t.Fatal(err)
	}
	der := kit.List(t, s.ca, kit.Revoking(1, kit.Person(t, s.ca, "Before")), func(l *x509.RevocationList) {
		l.RevokedCertificateEntries = append(l.RevokedCertificateEntries, x509.RevocationListEntry{
			SerialNumber: s.person.X509.SerialNumber, RevocationTime: kit.Now.Add(-time.Hour), ReasonCode: 9,
			ExtraExtensions: []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 24}, Value: date},
				{Id: asn1.ObjectIdentifier{1, 2, 3}, Value: make([]byte, 300)}}})
	}, kit.Revoking(1, kit.Person(t, s.ca, "After")))
	entry, found := parse(t, der).Find(s.person.Certificate.RawSerial, s.ca.Certificate.Subject)
	expected := crl.Entry{RevokedAt: kit.Now.Add(-time.Hour), Reason: crl.PrivilegeWithdrawn, InvalidityDate: invalid}
	if !found || entry != expected {
		t.Errorf("%+v, %v", entry, found)
	}
	s.lists = [][]byte{der}
	s.expectRevoked(t)
}

// TestTheIssuerAmongNamesakes: of many certificates of the name, the one whose key the list names is tried first, and
// not all the others after it.
func TestTheIssuerAmongNamesakes(t *testing.T) {
	s := newScene(t)
	second := kit.Person(t, s.root, "CA", mayList)
	for range 20 {
		s.extra = append(s.extra, kit.Person(t, s.root, "CA", mayList).Certificate)
	}
	s.extra = append(s.extra, second.Certificate)
	s.lists = [][]byte{kit.List(t, s.root), kit.List(t, second)}
	s.expectGood(t)

	verified := 0
	s.checker.Signatures = counted{&verified}
	s.lists[1] = kit.List(t, kit.Person(t, kit.Root(t, "Other"), "CA", mayList))
	s.expectUnknown(t)
	if verified > 8 {
		t.Errorf("%d passes over a list of nobody", verified)
	}
}
