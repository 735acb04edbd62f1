package pathtest

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"sync/atomic"
	"testing"
	"time"

	"elicensing/signing/certificate"
)

// Now is the time of the tests.
var Now = time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC)

// Holder is a certificate and its key.
type Holder struct {
	Certificate *certificate.Certificate // as our reader reads it
	X509        *x509.Certificate        // the same, for what crypto/x509 issues
	Key         ed25519.PrivateKey       // its private key
}

var lastSerial atomic.Int64

// Change alters the template of a certificate before it is signed.
type Change func(*x509.Certificate)

// Root makes a self-signed authority.
func Root(t testing.TB, name string, changes ...Change) *Holder {
	return issue(t, nil, newKey(t), authority(name, changes))
}

// Authority makes an authority under issuer.
func Authority(t testing.TB, issuer *Holder, name string, changes ...Change) *Holder {
	return issue(t, issuer, newKey(t), authority(name, changes))
}

// Cross certifies the name and key of a holder by another issuer.
func Cross(t testing.TB, issuer, holder *Holder, changes ...Change) *Holder {
	return issue(t, issuer, holder.Key, authority(holder.X509.Subject.CommonName, changes))
}

// Person makes a certificate that is no authority's.
func Person(t testing.TB, issuer *Holder, name string, changes ...Change) *Holder {
	template := &x509.Certificate{
		Subject:  pkix.Name{Country: []string{"KZ"}, CommonName: name},
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment,
	}
	for _, change := range changes {
		change(template)
	}
	return issue(t, issuer, newKey(t), template)
}

func authority(name string, changes []Change) *x509.Certificate {
	template := &x509.Certificate{
		Subject:               pkix.Name{Country: []string{"KZ"}, CommonName: name},
		IsCA:                  true,
		BasicConstraintsValid: true,
		MaxPathLen:            -1,
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	for _, change := range changes {
		change(template)
	}
	return template
}

func newKey(t testing.TB) ed25519.PrivateKey {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func issue(t testing.TB, issuer *Holder, key ed25519.PrivateKey, template *x509.Certificate) *Holder {
	t.Helper()
	if template.SerialNumber == nil {
		template.SerialNumber = big.NewInt(1000 + lastSerial.Add(1))
	}
	if template.NotBefore.IsZero() {
		template.NotBefore, template.NotAfter = Now.AddDate(-1, 0, 0), Now.AddDate(1, 0, 0)
	}
	if template.SubjectKeyId == nil {
		template.SubjectKeyId = key.Public().(ed25519.PublicKey)[:20]
	}
	parent, signer := template, key
	if issuer != nil {
		parent, signer = issuer.X509, issuer.Key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer)
	if err != nil {
		t.Fatalf("issue: %v", err)
	}
	return hold(t, der, template, key)
}

func hold(t testing.TB, der []byte, template *x509.Certificate, key ed25519.PrivateKey) *Holder {
	t.Helper()
	ours, err := certificate.Parse(der)
	if err != nil {
		t.Fatalf("issued certificate: %v", err)
	}
	theirs, err := x509.ParseCertificate(der)
	if err != nil { // crypto/x509 refuses some of what is tested here: enough to issue under it
		theirs = template
		theirs.Raw, theirs.RawSubject, theirs.PublicKey = der, ours.RawSubject, key.Public()
	}
	return &Holder{Certificate: ours, X509: theirs, Key: key}
}

// Certificates gives the certificates of holders.
func Certificates(holders ...*Holder) []*certificate.Certificate {
	var all []*certificate.Certificate
	for _, h := range holders {
		all = append(all, h.Certificate)
	}
	return all
}
