package signing_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"testing"
	"time"

	"elicensing/signing"
	"elicensing/signing/algorithms"
	"elicensing/signing/certificate"
	"elicensing/signing/cms"
	"elicensing/signing/democa"
	"elicensing/signing/gost"
	"elicensing/signing/path"
	"elicensing/signing/revocation"
	"elicensing/signing/tsp"
)

// endOf2004 is when GOST 34.310-2004 ended: package algorithms accepts nothing that was signed with it from then on.
var endOf2004 = time.Date(2025, time.July, 27, 5, 20, 49, 0, time.UTC)

// The certificate is still good and nobody revoked it: that the algorithm has ended is all that is amiss. A stamp from
// before its end keeps the signature good; without it, or with a later one, it might have been made yesterday by
// whoever can break the algorithm by now.
func TestStampFromBeforeTheEndOfAnAlgorithmKeepsASignature(t *testing.T) {
	key, err := gost.GenerateKey(gost.Curve2004(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	h := issue(t, person, democa.IssueOptions{Key: key, NotBefore: endOf2004.AddDate(0, -6, 0), NotAfter: T0.AddDate(0, 6, 0)})
	message := forge(t, h, signedWith2004(t, key))
	authority := newStampingAuthority(t)
	a := demo(t)
	v := signing.NewVerifier(signing.Options{
		Roots: append(a.Roots(), authority.root), Intermediates: a.Intermediates(), Now: clock,
		Revocation: besides{a.Revocation(), authority},
	})
	for name, tc := range map[string]struct {
		at     time.Time // of the stamp; zero: there is none
		reason string
	}{
		"a month before its end": {endOf2004.AddDate(0, -1, 0), ""},
		"a second before":        {endOf2004.Add(-time.Second), ""},
		"at its end":             {endOf2004, signing.SignatureAlgorithm},
		"a year after":           {endOf2004.AddDate(1, 0, 0), signing.SignatureAlgorithm},
		"without a stamp":        {time.Time{}, signing.SignatureAlgorithm},
	} {
		stamped := message
		if !tc.at.IsZero() {
			stamped = authority.stamp(t, message, tc.at)
		}
		r := v.Verify(context.Background(), stamped, content, signing.Archive)
		if r.Passed() != (tc.reason == "") || r.Reason != tc.reason {
			t.Errorf("%s: %s %s %q %+v", name, r.Outcome, r.SubIndication, r.Reason, r.TimeStamps)
		}
		if !r.Passed() && (r.Outcome != signing.Indeterminate || r.SubIndication != "CRYPTO_CONSTRAINTS_FAILURE_NO_POE") {
			t.Errorf("%s: %s %s", name, r.Outcome, r.SubIndication)
		}
		if !tc.at.IsZero() && (len(r.TimeStamps) != 1 || !r.TimeStamps[0].Passed() || !r.BestSignatureTime.Equal(tc.at)) {
			t.Errorf("%s: stamps %+v, best time %v", name, r.TimeStamps, r.BestSignatureTime)
		}
	}
}

// A message of a national program of 2018, whose algorithm, certificate and authorities have all ended, with a stamp
// by us in the place of the national one.
func TestNationalMessageOf2018KeepsGoodByOurStamp(t *testing.T) {
	file := "individual_gost2004_attached_tsp.pem"
	der, err := cms.Decode(nationalFile(t, "cms", file))
	if err != nil {
		t.Fatal(err)
	}
	m, err := cms.Parse(der)
	if err != nil {
		t.Fatal(err)
	}
	m.Signers[0].UnsignedAttributes = nil // the national stamp
	bare := encode(t, m)
	authority := newStampingAuthority(t)
	v := signing.NewVerifier(signing.Options{
		Roots:         []*x509.Certificate{nationalCertificate(t, "ca", "prod_root_gost2004_2015.crt"), authority.root},
		Intermediates: []*x509.Certificate{nationalCertificate(t, "ca", "prod_nca_gost2004_2018.crt")},
		// No answer of that time is among the samples: an authority is played that remembers ended certificates.
		Revocation: always{revocation.Answer{Status: revocation.Good, OCSP: []byte{0x30, 0}}}, Now: clock,
	})
	signedAt := time.Date(2018, time.December, 22, 0, 0, 0, 0, time.UTC) // the signer states a time some hours before
	altered := authority.stamp(t, bare, signedAt)
	altered[len(altered)-1] ^= 1 // of the signature of the stamp, which stands last
	for name, tc := range map[string]struct {
		message []byte
		over    []byte
		reason  string
	}{
		"stamped in its time":               {authority.stamp(t, bare, signedAt), m.Content, ""},
		"without a stamp":                   {bare, m.Content, signing.CertificateExpired},
		"with an altered stamp":             {altered, m.Content, signing.CertificateExpired},
		"with a stamp of another signature": {stampOf(t, bare, authority.token(t, []byte("another"), signedAt)), m.Content, signing.CertificateExpired},
		"stamped after the certificate":     {authority.stamp(t, bare, signedAt.AddDate(2, 0, 0)), m.Content, signing.CertificateExpired},
		"stamped after the algorithm":       {authority.stamp(t, bare, endOf2004.AddDate(0, 1, 0)), m.Content, signing.CertificateExpired},
		"over other content":                {authority.stamp(t, bare, signedAt), append([]byte("x"), m.Content...), signing.SignatureContentDiffers},
	} {
		r := v.Verify(context.Background(), tc.message, tc.over, signing.Archive)
		if r.Passed() != (tc.reason == "") || r.Reason != tc.reason {
			t.Errorf("%s: %s %s %q %+v %+v", name, r.Outcome, r.SubIndication, r.Reason, r.Checks[len(r.Checks)-1], r.TimeStamps)
		}
		if r.Passed() && (r.Algorithm != "GOST 34.310-2004" || !r.BestSignatureTime.Equal(signedAt) || r.Signer.IIN != "123456789012") {
			t.Errorf("%s: %s at %v by %s", name, r.Algorithm, r.BestSignatureTime, r.Signer.IIN)
		}
	}
}

// signedWith2004 makes a message by GOST 34.310-2004, as programs wrote it before 2024; cms.Sign does not any more.
func signedWith2004(t *testing.T, key *gost.PrivateKey) func(*forgery) {
	digest := func(data []byte) []byte {
		h := gost.NewGOST95()
		h.Write(data)
		return h.Sum(nil)
	}
	null := []byte{5, 0}
	return func(f *forgery) {
		f.message.DigestAlgorithms = []cms.Algorithm{{OID: gost.OIDGOST95, Parameters: null}}
		f.signer.DigestAlgorithm = f.message.DigestAlgorithms[0]
		f.signer.SignatureAlgorithm = cms.Algorithm{OID: gost.OIDSignature2004, Parameters: null}
		f.set(cms.OIDMessageDigest, octets(t, digest(content)))
		f.set(cms.OIDSigningTime)
		f.sign = func(data []byte) []byte {
			signature, err := key.Sign(rand.Reader, digest(data), crypto.Hash(0))
			if err != nil {
				t.Fatal(err)
			}
			return signature
		}
	}
}

// stampingAuthority stands in for a time-stamping authority whose clock a test may set.
type stampingAuthority struct {
	root *x509.Certificate
	own  *certificate.Certificate
	sign tsp.Signer
}

func newStampingAuthority(t *testing.T) stampingAuthority {
	t.Helper()
	rootKey, root := selfIssued(t)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := stampTemplate("TSA")
	template.KeyUsage = x509.KeyUsageDigitalSignature
	template.ExtraExtensions = []pkix.Extension{{ // extendedKeyUsage { timeStamping } alone and critical, RFC 3161 §2.3
		Id: asn1.ObjectIdentifier{2, 5, 29, 37}, Critical: true,
		Value: []byte{0x30, 0x0a, 0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x08},
	}}
	der, err := x509.CreateCertificate(rand.Reader, template, root, key.Public(), rootKey)
	if err != nil {
		t.Fatal(err)
	}
	own, err := certificate.Parse(der)
	if err != nil {
		t.Fatal(err)
	}
	sign, err := tsp.SignWith(key)
	if err != nil {
		t.Fatal(err)
	}
	return stampingAuthority{root, own, sign}
}

func selfIssued(t *testing.T) (*ecdsa.PrivateKey, *x509.Certificate) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := stampTemplate("TSA root")
	template.IsCA, template.BasicConstraintsValid, template.KeyUsage = true, true, x509.KeyUsageCertSign
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	root, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return key, root
}

func stampTemplate(name string) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Date(2018, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: T0.AddDate(1, 0, 0),
	}
}

// token is a stamp over data at a time.
func (a stampingAuthority) token(t *testing.T, data []byte, at time.Time) []byte {
	t.Helper()
	imprint, err := tsp.ImprintOf(algorithms.Identifier{OID: cms.OIDSHA256}, data)
	if err != nil {
		t.Fatal(err)
	}
	stamper := tsp.Stamper{Certificate: a.own, Sign: a.sign, Policy: asn1.ObjectIdentifier{1, 2, 398, 3, 3, 2, 6, 2}, Now: func() time.Time { return at }}
	token, err := stamper.Stamp(tsp.Request{Imprint: imprint, Certificates: true})
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// stamp is a message with a token over its signature at a time.
func (a stampingAuthority) stamp(t *testing.T, message []byte, at time.Time) []byte {
	t.Helper()
	value, err := signing.SignatureValue(message)
	if err != nil {
		t.Fatal(err)
	}
	return stampOf(t, message, a.token(t, value, at))
}

func stampOf(t *testing.T, message, token []byte) []byte {
	t.Helper()
	stamped, err := signing.AddTimeStamp(message, token)
	if err != nil {
		t.Fatal(err)
	}
	return stamped
}

// besides asks the demo authority, and of the stamping authority knows that nobody revoked it.
type besides struct {
	signing.Revocation
	stamps stampingAuthority
}

func (b besides) CheckPath(ctx context.Context, q path.RevocationQuestion, now time.Time) (revocation.Answer, error) {
	if q.Chain[0].Equal(b.stamps.own) {
		return revocation.Answer{Status: revocation.Good}, nil
	}
	return b.Revocation.CheckPath(ctx, q, now)
}
