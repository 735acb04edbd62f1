package tsp_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	sha2 "crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"math/big"
	"sync"
	"testing"
	"time"

	"elicensing/signing/algorithms"
	"elicensing/signing/certificate"
	"elicensing/signing/cms"
	"elicensing/signing/tsp"
)

var (
	t0     = time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC)
	policy = asn1.ObjectIdentifier{1, 2, 398, 3, 3, 2, 6, 4}
	data   = []byte("the value of a signature")
	sha256 = algorithms.Identifier{OID: cms.OIDSHA256}
)

func clock() time.Time { return t0 }

// pair is a key with its certificate, made for one test.
type pair struct {
	key         crypto.Signer
	certificate *x509.Certificate
}

// rsaKey is made once: it takes longer than all tests together.
var rsaKey = sync.OnceValues(func() (crypto.Signer, error) { return rsa.GenerateKey(rand.Reader, 2048) })

// keyOf is the key of a name, always the same, so that all messages of these tests are repeatable.
func keyOf(t testing.TB, name string) crypto.Signer {
	t.Helper()
	scalar := sha2.Sum256([]byte(name))
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), scalar[:])
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func root(t testing.TB, name, secret string) pair {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name},
		NotBefore: t0.AddDate(-5, 0, 0), NotAfter: t0.AddDate(5, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	key := keyOf(t, secret)
	return pair{key, certify(t, template, template, key.Public(), key)}
}

// stamping is extendedKeyUsage { timeStamping }.
func stamping(critical bool, more ...byte) pkix.Extension {
	value := append([]byte{0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x08}, more...)
	return pkix.Extension{Id: certificate.OIDExtKeyUsage, Critical: critical, Value: append([]byte{0x30, byte(len(value))}, value...)}
}

// authority issues the certificate of a time-stamping authority; change may spoil it before it is signed.
func (p pair) authority(t testing.TB, key crypto.Signer, change func(*x509.Certificate)) pair {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(77), Subject: pkix.Name{CommonName: "TSA"},
		NotBefore: t0.AddDate(-1, 0, 0), NotAfter: t0.AddDate(1, 0, 0), KeyUsage: x509.KeyUsageDigitalSignature,
		ExtraExtensions: []pkix.Extension{stamping(true)}, SubjectKeyId: []byte{1, 2, 3},
	}
	if change != nil {
		change(template)
	}
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

func ours(t testing.TB, c *x509.Certificate) *certificate.Certificate {
	t.Helper()
	parsed, err := certificate.Parse(c.Raw)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// trust accepts authorities whose certificate a root signed: as much of a path as these tests have.
func trust(r pair) func(*certificate.Certificate, []*certificate.Certificate, time.Time) error {
	return func(c *certificate.Certificate, _ []*certificate.Certificate, _ time.Time) error {
		parsed, err := x509.ParseCertificate(c.Raw)
		if err != nil {
			return err
		}
		if parsed.CheckSignatureFrom(r.certificate) != nil {
			return errors.New("no path to a root")
		}
		return nil
	}
}

func stamper(t testing.TB, p pair) *tsp.Stamper {
	t.Helper()
	sign, err := tsp.SignWith(p.key)
	if err != nil {
		t.Fatal(err)
	}
	return &tsp.Stamper{Certificate: ours(t, p.certificate), Sign: sign, Policy: policy, Accuracy: 1500 * time.Millisecond, Now: clock}
}

// world is a root with a time-stamping authority.
type world struct{ root, tsa pair }

func newWorld(t testing.TB) world {
	t.Helper()
	r := root(t, "Root", "root")
	return world{r, r.authority(t, keyOf(t, "tsa"), nil)}
}

func (w world) expectation() tsp.Expectation {
	return tsp.Expectation{Data: data, Now: t0.Add(time.Minute), Trust: trust(w.root)}
}

func imprint(t testing.TB, of []byte) tsp.Imprint {
	t.Helper()
	i, err := tsp.ImprintOf(sha256, of)
	if err != nil {
		t.Fatal(err)
	}
	return i
}
