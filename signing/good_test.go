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
