package signing_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"strings"
	"testing"

	"elicensing/signing"
	"elicensing/signing/cms"
	"elicensing/signing/democa"
	"elicensing/signing/revocation"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// witnessed is a verifier that trusts one root, with the alarms that it raised.
func witnessed(root *x509.Certificate) (*signing.Verifier, *[]string) {
	var alarms []string
	return signing.NewVerifier(signing.Options{
		Roots: []*x509.Certificate{root}, Now: clock, Revocation: always{revocation.Answer{Status: revocation.Good}},
		Alarm: func(_ context.Context, detail string) { alarms = append(alarms, detail) },
	}), &alarms
}

// ofAnotherWorld is a person's certificate under a root of its own. An address in it may be one that the standard
// library, and with it the other implementation, refuses to read; our reader does not look at addresses.
func ofAnotherWorld(t testing.TB, who string, key crypto.Signer, address string) (root *x509.Certificate, h *democa.Holder) {
	t.Helper()
	rootKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: serial(1), Subject: pkix.Name{Country: []string{"KZ"}, CommonName: "ROOT"},
		NotBefore: T0.AddDate(-1, 0, 0), NotAfter: T0.AddDate(1, 0, 0), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, template, template, rootKey.Public(), rootKey)
	if err != nil {
		t.Fatal(err)
	}
	if root, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	leaf := *holder(t, who).Certificate
	leaf.SignatureAlgorithm = x509.UnknownSignatureAlgorithm // that of the root's key
	leaf.SubjectKeyId = []byte("key of this test")
	leaf.ExtraExtensions = []pkix.Extension{{Id: []int{2, 5, 29, 17}, Value: build(t, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.Tag(6).ContextSpecific(), func(b *cryptobyte.Builder) { b.AddBytes([]byte(address)) })
		})
	})}}
	if der, err = x509.CreateCertificate(rand.Reader, &leaf, root, key.Public(), rootKey); err != nil {
		t.Fatal(err)
	}
	return root, &democa.Holder{Key: key, Certificate: &x509.Certificate{
		Raw: der, RawIssuer: root.RawSubject, SerialNumber: leaf.SerialNumber, SubjectKeyId: leaf.SubjectKeyId,
	}}
}

const (
	readableAddress   = "http://pki.test/"
	unreadableAddress = "http://[pki.test/"
)

// What two readers see differently is refused, and somebody is told; it takes no names to tell it. How the signer is
// named in the message is not signed: it cannot switch the second opinion off.
func TestReadersThatDisagree(t *testing.T) {
	p256, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for kind, key := range map[string]crypto.Signer{"RSA": holder(t, "person").Key, "P-256": p256} {
		for _, attached := range []bool{false, true} {
			for _, byKeyID := range []bool{false, true} {
				for _, address := range []string{readableAddress, unreadableAddress} {
					root, h := ofAnotherWorld(t, "person", key, address)
					message := forge(t, h, func(f *forgery) {
						if kind == "P-256" {
							f.signer.SignatureAlgorithm = cms.Algorithm{OID: cms.OIDECDSAWithSHA256}
						}
						if attached {
							f.message.Detached, f.message.Content = false, content
						}
						if byKeyID {
							f.signer.Version, f.signer.SubjectKeyID = 3, h.Certificate.SubjectKeyId
						}
					})
					v, alarms := witnessed(root)
					report := v.Verify(context.Background(), message, content, signing.Applicant)
					name := kind + ", " + address
					if address == readableAddress {
						if !report.Passed() || len(*alarms) != 0 || outcomeOf(report, "second-opinion") != signing.CheckPassed {
							t.Errorf("%s, by key identifier: %t: %s %s %q", name, byKeyID, report.Outcome, report.Reason, *alarms)
						}
						continue
					}
					last := report.Checks[len(report.Checks)-1]
					if report.Reason != signing.SignatureWrong || last.Name != "second-opinion" || len(*alarms) != 1 {
						t.Errorf("%s, by key identifier: %t: %s at %s, alarms %q", name, byKeyID, report.Reason, last.Name, *alarms)
						continue
					}
					for _, personal := range []string{report.Signer.IIN, report.Signer.Surname, report.Signer.SerialNumber} {
						if personal == "" || strings.Contains((*alarms)[0]+last.Detail, personal) {
							t.Errorf("%s: %q is told in %q and %q", name, personal, (*alarms)[0], last.Detail)
						}
					}
				}
			}
		}
	}
}

func outcomeOf(r signing.Report, check string) signing.CheckOutcome {
	for _, c := range r.Checks {
		if c.Name == check {
			return c.Outcome
		}
	}
	return ""
}

// Certificates that nobody needs may be whatever they like.
func TestJunkBesideTheSignersCertificate(t *testing.T) {
	root, h := ofAnotherWorld(t, "person", holder(t, "person").Key, readableAddress)
	_, other := ofAnotherWorld(t, "sole-trader", holder(t, "person").Key, unreadableAddress)
	other.Certificate.Raw[len(other.Certificate.Raw)-1] ^= 1
	for name, junk := range map[string][]byte{
		"one that the other reader refuses": other.Certificate.Raw,
		"an empty sequence":                 {0x30, 0},
		"a sequence of numbers":             {0x30, 6, 2, 1, 1, 2, 1, 2},
	} {
		v, alarms := witnessed(root)
		report := v.Verify(context.Background(), forge(t, h, func(f *forgery) {
			f.message.Certificates = append(f.message.Certificates, junk)
		}), content, signing.Applicant)
		if !report.Passed() || len(*alarms) != 0 {
			t.Errorf("%s: %s %s, alarms %q", name, report.Outcome, report.Reason, *alarms)
		}
	}
}
