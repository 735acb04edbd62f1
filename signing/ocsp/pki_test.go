package ocsp_test

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

	"elicensing/signing/ocsp"
)

var (
	t0     = time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC)
	nonce  = []byte("0123456789abcdef")
	exempt = pkix.Extension{Id: asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 5}, Value: []byte{5, 0}}
)

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

// authority is an authority that nobody else issued, with the key of a secret.
func authority(t testing.TB, name, secret string) pair {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name},
		NotBefore: t0.AddDate(-5, 0, 0), NotAfter: t0.AddDate(5, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	key := keyOf(t, secret)
	return pair{key, certify(t, template, template, key.Public(), key)}
}

// issue makes a certificate that change may spoil before it is signed.
func (p pair) issue(t testing.TB, serial int64, name string, change func(*x509.Certificate)) pair {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: name},
		NotBefore: t0.AddDate(-1, 0, 0), NotAfter: t0.AddDate(1, 0, 0), KeyUsage: x509.KeyUsageDigitalSignature,
	}
	if change != nil {
		change(template)
	}
	key := keyOf(t, fmt.Sprint(name, serial))
	return pair{key, certify(t, template, p.certificate, key.Public(), p.key)}
}

func certify(t testing.TB, template, parent *x509.Certificate, key crypto.PublicKey, by crypto.Signer) *x509.Certificate {
	t.Helper()
	der, err := x509.CreateCertificate(nil, template, parent, key, by)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return certificate
}

// forOCSP makes a certificate one of a responder, exempt from revocation.
func forOCSP(c *x509.Certificate) {
	c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageOCSPSigning}
	c.ExtraExtensions = []pkix.Extension{exempt}
}

// world is an authority with a person and a responder, and a good answer about the person.
type world struct {
	ca, person, responder pair
}

func newWorld(t testing.TB) world {
	t.Helper()
	ca := authority(t, "Authority", "one")
	return world{ca, ca.issue(t, 7, "Person", nil), ca.issue(t, 8, "Responder", forOCSP)}
}

func (w world) target() ocsp.Target { return ocsp.TargetOf(w.person.certificate, w.ca.certificate) }

func (w world) question() ocsp.Question {
	return ocsp.Question{Target: w.target(), Nonce: nonce, Now: t0, MaxAge: time.Hour, Skew: 5 * time.Minute}
}

func (w world) answer(t testing.TB) ocsp.Response {
	return ocsp.Response{
		Responder: w.responder.certificate, ProducedAt: t0, Nonce: nonce,
		Entries: []ocsp.Entry{{ID: idOf(t, w.target()), Status: ocsp.Good, ThisUpdate: t0, NextUpdate: t0.Add(time.Minute)}},
	}
}

func idOf(t testing.TB, target ocsp.Target) ocsp.CertID {
	t.Helper()
	question, err := ocsp.NewRequest(target, nonce)
	if err != nil {
		t.Fatal(err)
	}
	request, err := ocsp.ParseRequest(question)
	if err != nil {
		t.Fatal(err)
	}
	return request.IDs[0]
}

func create(t testing.TB, r ocsp.Response, key crypto.Signer) []byte {
	t.Helper()
	der, err := ocsp.CreateResponse(r, key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}
