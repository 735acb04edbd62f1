package revocation_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"math/big"
	"testing"
	"time"

	"elicensing/signing/certificate"
	"elicensing/signing/revocation"
)

var t0 = time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC)

// pair is a key with its certificate, made for one test.
type pair struct {
	key         crypto.Signer
	certificate *x509.Certificate
}

// keyOf is the key of a name, always the same, so that all messages of these tests are repeatable.
func keyOf(t testing.TB, name string) crypto.Signer {
	t.Helper()
	scalar := sha256.Sum256([]byte(name))
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), scalar[:])
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func newAuthority(t testing.TB, name, secret string) pair {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name},
		NotBefore: t0.AddDate(-5, 0, 0), NotAfter: t0.AddDate(5, 0, 0), SubjectKeyId: []byte(secret),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	key := keyOf(t, secret)
	return pair{key, certify(t, template, template, key.Public(), key)}
}

// issue makes a certificate in which an address stands that nobody may call.
func (p pair) issue(t testing.TB, serial int64, change func(*x509.Certificate)) pair {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: fmt.Sprint("Person ", serial)},
		NotBefore: t0.AddDate(-1, 0, 0), NotAfter: t0.AddDate(1, 0, 0), KeyUsage: x509.KeyUsageDigitalSignature,
	}
	if change != nil {
		change(template)
	}
	key := keyOf(t, fmt.Sprint(serial))
	return pair{key, certify(t, template, p.certificate, key.Public(), p.key)}
}

func certify(t testing.TB, template, parent *x509.Certificate, key crypto.PublicKey, by crypto.Signer) *x509.Certificate {
	t.Helper()
	der, err := x509.CreateCertificate(nil, template, parent, key, by)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func ours(t testing.TB, p pair) *certificate.Certificate {
	t.Helper()
	parsed, err := certificate.Parse(p.certificate.Raw)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// listing is a list to be made; the zero value is complete, number 1, current for a week and empty.
type listing struct {
	number  int64
	at      time.Time
	until   time.Time
	revoked map[int64]int // serial number to reason
	base    int64         // of a delta
	change  func(*x509.RevocationList)
}

func (p pair) list(t testing.TB, l listing) []byte {
	t.Helper()
	if l.at.IsZero() {
		l.at = t0.Add(-time.Hour)
	}
	if l.until.IsZero() {
		l.until = t0.AddDate(0, 0, 7)
	}
	template := &x509.RevocationList{Number: big.NewInt(max(l.number, 1)), ThisUpdate: l.at, NextUpdate: l.until}
	for serial, reason := range l.revoked {
		template.RevokedCertificateEntries = append(template.RevokedCertificateEntries,
			x509.RevocationListEntry{SerialNumber: big.NewInt(serial), RevocationTime: t0.Add(-2 * time.Hour), ReasonCode: reason})
	}
	if l.base > 0 {
		value, err := asn1.Marshal(big.NewInt(l.base))
		if err != nil {
			t.Fatal(err)
		}
		template.ExtraExtensions = append(template.ExtraExtensions,
			pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, 27}, Critical: true, Value: value})
	}
	if l.change != nil {
		l.change(template)
	}
	der, err := x509.CreateRevocationList(nil, template, p.certificate, p.key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func check(t testing.TB, c *revocation.Client, subject, issuer pair, at time.Time) (revocation.Answer, error) {
	t.Helper()
	return c.Check(t.Context(), ours(t, subject), ours(t, issuer), at)
}

func sign(t testing.TB, p pair, tbs []byte) []byte {
	t.Helper()
	hash := sha256.Sum256(tbs)
	signature, err := p.key.Sign(nil, hash[:], crypto.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	return signature
}
