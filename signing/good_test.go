package signing_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha1"
	"testing"

	"elicensing/signing"
	"elicensing/signing/cms"
	"elicensing/signing/democa"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// The good twins: without the defect, or with a harmless one, the same messages pass.
func TestGoodMessagesPass(t *testing.T) {
	h := holder(t, "person")
	for name, change := range map[string]func(*forgery){
		"plain":           nil,
		"no signing time": func(f *forgery) { f.set(cms.OIDSigningTime) },
		"content inside":  func(f *forgery) { f.message.Detached, f.message.Content = false, content },
		"with the issuer": func(f *forgery) { f.message.Certificates = append(f.message.Certificates, h.Chain[0].Raw) },
		"unknown signed attribute": func(f *forgery) {
			f.attributes = append(f.attributes, cms.Attribute{Type: []int{1, 2, 3, 4}, Values: [][]byte{{5, 0}, {1, 1, 0xff}}})
		},
		"named by key identifier": func(f *forgery) { f.signer.Version, f.signer.SubjectKeyID = 3, h.Certificate.SubjectKeyId },
		"rsaEncryption":           func(f *forgery) { f.signer.SignatureAlgorithm.OID = cms.OIDRSA },
		"NULL digest parameters": func(f *forgery) {
			f.signer.DigestAlgorithm.Parameters = []byte{5, 0}
			f.message.DigestAlgorithms[0].Parameters = []byte{5, 0}
		},
		"PSS": func(f *forgery) { usePSS(t, h, f, pssParameters(t, cms.OIDSHA256, cms.OIDSHA256, 32), 32) },
		"both versions of the binding": func(f *forgery) {
			sum := sha1.Sum(h.Certificate.Raw)
			f.attributes = append(f.attributes, cms.Attribute{Type: cms.OIDSigningCertificate, Values: [][]byte{binding(t, sum[:])}})
		},
		"attribute certificate beside": func(f *forgery) {
			f.after = func(m *cms.Message) []byte { return withAttributeCertificate(t, encode(t, m)) }
		},
		"unsigned attribute": func(f *forgery) {
			f.signer.UnsignedAttributes = []cms.Attribute{{Type: []int{1, 2, 3, 4}, Values: [][]byte{{5, 0}}}}
		},
		"attributes stand in another order, signed in DER's": func(f *forgery) {
			f.raw, f.toSign = reversed(t, f.attributes), cms.EncodeAttributes(f.attributes)
		},
	} {
		if h.Certificate.SubjectKeyId == nil {
			t.Fatal("the certificate has no key identifier")
		}
		report := verify(t, forge(t, h, change))
		if !report.Passed() {
			t.Errorf("%s: %s %s: %+v", name, report.SubIndication, report.Reason, report.Checks[len(report.Checks)-1])
		}
	}
}

// withAttributeCertificate puts a [2] choice behind the certificates and raises the version to 4
// (RFC 5652 §5.1, §10.2.2).
func withAttributeCertificate(t *testing.T, der []byte) []byte {
	t.Helper()
	tag := func(n uint8) cbasn1.Tag { return cbasn1.Tag(n).ContextSpecific().Constructed() }
	input := cryptobyte.String(der)
	var info, wrapped, body, digests, encapsulated, certificates, signers cryptobyte.String
	var version int
	if !input.ReadASN1(&info, cbasn1.SEQUENCE) || !info.SkipASN1(cbasn1.OBJECT_IDENTIFIER) || !info.ReadASN1(&wrapped, tag(0)) ||
		!wrapped.ReadASN1(&body, cbasn1.SEQUENCE) || !body.ReadASN1Integer(&version) || !body.ReadASN1Element(&digests, cbasn1.SET) ||
		!body.ReadASN1Element(&encapsulated, cbasn1.SEQUENCE) || !body.ReadASN1(&certificates, tag(0)) ||
		!body.ReadASN1Element(&signers, cbasn1.SET) {
		t.Fatal("not a message")
	}
	return build(t, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier(cms.OIDSignedData)
			b.AddASN1(tag(0), func(b *cryptobyte.Builder) {
				b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
					b.AddASN1Int64(4)
					b.AddBytes(digests)
					b.AddBytes(encapsulated)
					b.AddASN1(tag(0), func(b *cryptobyte.Builder) {
						b.AddBytes(certificates)
						b.AddASN1(tag(2), func(b *cryptobyte.Builder) { b.AddASN1Int64(1) })
					})
					b.AddBytes(signers)
				})
			})
		})
	})
}

func TestAcceptedCurves(t *testing.T) {
	for _, curve := range []elliptic.Curve{elliptic.P256(), elliptic.P384(), elliptic.P521()} {
		key, err := ecdsa.GenerateKey(curve, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		h := issue(t, person, democa.IssueOptions{Key: key})
		message, err := cms.Sign(content, cms.SignOptions{Key: h.Key, Certificate: h.Certificate, SigningTime: &T0})
		if err != nil {
			t.Fatal(err)
		}
		if report := verify(t, message); !report.Passed() {
			t.Errorf("%s: %s %+v", curve.Params().Name, report.Reason, report.Checks)
		}
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	h := issue(t, person, democa.IssueOptions{Key: key})
	report := verify(t, forge(t, h, func(f *forgery) {
		f.signer.SignatureAlgorithm = cms.Algorithm{OID: cms.OIDECDSAWithSHA256, Parameters: []byte{5, 0}}
	}))
	if report.Reason != signing.SignatureAlgorithm {
		t.Errorf("NULL parameters of ECDSA: %s", report.Reason)
	}
}
