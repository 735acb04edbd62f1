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
	"encoding/pem"
	"math/big"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"elicensing/signing"
	"elicensing/signing/gost"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// published is a list of the authority, as the national one makes them: numbered, signed with GOST 34.10-2015, the
// delta with a critical indicator of the complete list that it changes (RFC 5280 §5.2.3, §5.2.4).
type published struct {
	number int64
	base   int64 // of a delta; zero: the list is complete
	reason int   // of the only entry, about the person; negative: there is none
}

const (
	unlisted      = -1
	keyCompromise = 1 // RFC 5280 §5.3.1
	onHold        = 6
	removed       = 8 // removeFromCRL
)

// The national authority publishes a complete list and, more often, what changed since. What the two say together is
// what the verifier decides by, online and again from what was kept.
func TestCompleteListWithItsChanges(t *testing.T) {
	h, err := demo(t).GOSTHolder("person")
	if err != nil {
		t.Fatal(err)
	}
	ca := gostAuthority(t)
	message := signed(t, h, content)
	for name, tc := range map[string]struct {
		complete, delta published
		reason, sub     string
		lists           int // that the verdict rests on
	}{
		"in neither":                         {published{10, 0, unlisted}, published{12, 10, unlisted}, "", "", 2},
		"revoked since":                      {published{10, 0, unlisted}, published{12, 10, keyCompromise}, signing.CertificateRevoked, "REVOKED_NO_POE", 2},
		"held since":                         {published{10, 0, unlisted}, published{12, 10, onHold}, signing.CertificateSuspended, "TRY_LATER", 2},
		"on hold, and released since":        {published{10, 0, onHold}, published{12, 10, removed}, "", "", 2},
		"on hold, and revoked since":         {published{10, 0, onHold}, published{12, 10, keyCompromise}, signing.CertificateRevoked, "REVOKED_NO_POE", 2},
		"revoked before":                     {published{10, 0, keyCompromise}, published{12, 10, unlisted}, signing.CertificateRevoked, "REVOKED_NO_POE", 2},
		"changes to an earlier list":         {published{10, 0, unlisted}, published{12, 8, keyCompromise}, signing.CertificateRevoked, "REVOKED_NO_POE", 2},
		"changes that are older: revoked":    {published{10, 0, keyCompromise}, published{9, 8, removed}, signing.CertificateRevoked, "REVOKED_NO_POE", 1},
		"changes that are older: on hold":    {published{10, 0, onHold}, published{9, 8, removed}, signing.CertificateSuspended, "TRY_LATER", 1},
		"changes with the list's number":     {published{10, 0, onHold}, published{10, 8, removed}, signing.CertificateSuspended, "TRY_LATER", 1},
		"changes to a later list release":    {published{10, 0, onHold}, published{14, 12, removed}, signing.CertificateSuspended, "TRY_LATER", 1},
		"changes to a later list say no":     {published{10, 0, unlisted}, published{14, 12, unlisted}, "", "", 1},
		"the numbers of the national sample": {published{166, 0, onHold}, published{10, 14, removed}, signing.CertificateSuspended, "TRY_LATER", 1},
	} {
		t.Run(name, func(t *testing.T) {
			a := demo(t)
			client := serveWith(t, a, func(next http.Handler, w http.ResponseWriter, r *http.Request) {
				switch r.URL.Path {
				case "/complete":
					_, _ = w.Write(ca.list(t, tc.complete, h.Certificate))
				case "/delta":
					_, _ = w.Write(ca.list(t, tc.delta, h.Certificate))
				default:
					next.ServeHTTP(w, r) // the root answers about the authority
				}
			})
			source, err := signing.SourceOf(ca.certificate, signing.Addresses{CRL: "http://" + configured + "/complete", Delta: "http://" + configured + "/delta"})
			if err != nil {
				t.Fatal(err)
			}
			for i := range client.Sources {
				if client.Sources[i].Issuer.Equal(source.Issuer) {
					client.Sources[i] = source // without a responder: the lists decide
				}
			}
			v := signing.NewVerifier(signing.Options{Roots: a.Roots(), Intermediates: a.Intermediates(), Revocation: client, Now: clock})
			report, accepted, err := v.Accept(context.Background(), message, content, signing.Applicant)
			if err != nil || report.Reason != tc.reason || report.SubIndication != tc.sub || report.Passed() != (tc.reason == "") {
				t.Fatalf("%s %s %q (%v)", report.Outcome, report.SubIndication, report.Reason, err)
			}
			if found := report.Revocation[0]; found.Source != signing.SourceCRL || len(report.Evidence.CRLs) != tc.lists {
				t.Errorf("by %s, %d lists", found.Source, len(report.Evidence.CRLs))
			}
			if !report.Passed() {
				return
			}
			// The same lists, kept: a minute later nobody needs to be asked.
			if r := later(t, T0.Add(time.Minute)).Verify(context.Background(), accepted.Kept, content, signing.Archive); !r.Passed() {
				t.Errorf("from what was kept: %s %s", r.Outcome, r.Reason)
			}
		})
	}
}

// issuer is an issuing authority with its key, which signs lists in these tests.
type issuer struct {
	key         *gost.PrivateKey
	certificate *x509.Certificate
}

// gostAuthority takes the key of the demo authority out of the folder that it can be stored in.
func gostAuthority(t *testing.T) issuer {
	t.Helper()
	key, certificate := storedPair(t, "gost-nca.pem")
	national, err := gost.ParsePrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return issuer{national, certificate}
}

// storedPair are the PKCS #8 key and the certificate in a file of the demo authority's folder.
func storedPair(t *testing.T, name string) (pkcs8 []byte, certificate *x509.Certificate) {
	t.Helper()
	folder := t.TempDir()
	if err := demo(t).Save(folder); err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		t.Fatal(err)
	}
	key, rest := pem.Decode(file)
	own, _ := pem.Decode(rest)
	if key == nil || own == nil {
		t.Fatalf("%s is no pair", name)
	}
	if certificate, err = x509.ParseCertificate(own.Bytes); err != nil {
		t.Fatal(err)
	}
	return key.Bytes, certificate
}

// list makes a list of the authority, current for a day. crypto/x509 writes it with a key that is thrown away, and
// the authority signs it anew with its own, of which crypto/x509 knows nothing.
func (i issuer) list(t *testing.T, p published, about *x509.Certificate) []byte {
	t.Helper()
	template := &x509.RevocationList{Number: big.NewInt(p.number), ThisUpdate: T0.Add(-time.Hour), NextUpdate: T0.AddDate(0, 0, 1)}
	if p.reason != unlisted {
		template.RevokedCertificateEntries = []x509.RevocationListEntry{
			{SerialNumber: about.SerialNumber, RevocationTime: T0.Add(-2 * time.Hour), ReasonCode: p.reason}}
	}
	if p.base > 0 {
		base, err := asn1.Marshal(p.base)
		if err != nil {
			t.Fatal(err)
		}
		template.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 27}, Critical: true, Value: base}}
	}
	stand, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateRevocationList(rand.Reader, template, i.certificate, stand)
	if err != nil {
		t.Fatal(err)
	}
	return i.signAnew(t, der)
}

func (i issuer) signAnew(t *testing.T, der []byte) []byte {
	t.Helper()
	whole := cryptobyte.String(der)
	var list, tbs, version cryptobyte.String
	if !whole.ReadASN1(&list, cbasn1.SEQUENCE) || !list.ReadASN1(&tbs, cbasn1.SEQUENCE) ||
		!tbs.ReadASN1Element(&version, cbasn1.INTEGER) || !tbs.SkipASN1(cbasn1.SEQUENCE) { // TBSCertList, RFC 5280 §5.1
		t.Fatal("crypto/x509 wrote another list")
	}
	algorithm := build(t, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier(gost.OIDSignature512)
			b.AddASN1NULL()
		})
	})
	toSign := build(t, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddBytes(version)
			b.AddBytes(algorithm)
			b.AddBytes(tbs)
		})
	})
	h := gost.NewStreebog512()
	h.Write(toSign)
	signature, err := i.key.Sign(rand.Reader, h.Sum(nil), crypto.Hash(0))
	if err != nil {
		t.Fatal(err)
	}
	return build(t, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddBytes(toSign)
			b.AddBytes(algorithm)
			b.AddASN1BitString(signature)
		})
	})
}
