package adversarial_test

import (
	"crypto/elliptic"
	"encoding/asn1"
	"math/big"
	"slices"
	"testing"

	"elicensing/signing"
	"elicensing/signing/cms"
)

var (
	severalSigners = verdict{signing.Indeterminate, "SIG_CONSTRAINTS_FAILURE", signing.SignatureSeveralSigners}
	duplicated     = verdict{signing.Indeterminate, "SIG_CONSTRAINTS_FAILURE", signing.SignatureDuplicated}
)

func TestD(t *testing.T) {
	play(t, []attackCase{
		{"D01", "second-signer-bad", []defect{
			{name: "each for himself", want: wrongSignature, twin: func(s *scene) { s.policy = signing.Archive; s.signsToo(nil) },
				apply: func(s *scene) {
					s.policy = signing.Archive
					s.signsToo(func(v []byte) { v[len(v)-1] ^= 1 })
				},
				also: func(t testing.TB, r signing.Report) {
					if len(r.Signatures) != 2 || !r.Signatures[0].Passed() || r.Signatures[1].Outcome != signing.TotalFailed {
						t.Errorf("signatures: %+v", r.Signatures)
					}
				}},
			{name: "where one is demanded", want: severalSigners, apply: func(s *scene) { s.signsToo(nil) }},
		}},
		{"D02", "same-signerinfo-twice", []defect{
			{name: "twice", want: duplicated, twin: func(s *scene) { s.policy = signing.Archive; s.signsToo(nil) }, apply: func(s *scene) {
				s.policy = signing.Archive
				s.second = func(first cms.SignerInfo) cms.SignerInfo { return first }
			}},
			{name: "with the other half of its value", forms: ecdsaOnly, want: duplicated, twin: func(s *scene) { s.policy = signing.Archive; s.signsToo(nil) },
				apply: func(s *scene) {
					s.policy = signing.Archive
					s.second = func(first cms.SignerInfo) cms.SignerInfo {
						first.Signature = otherHalf(s.t, first.Signature)
						return first
					}
				},
				also: firstAloneIsGood},
			{name: "with the other half of its value and the attributes in another order", forms: ecdsaOnly, want: duplicated, apply: func(s *scene) {
				s.policy = signing.Archive
				s.second = func(first cms.SignerInfo) cms.SignerInfo {
					first.Signature = otherHalf(s.t, first.Signature)
					first.RawSignedAttributes = rewrite(s.t, first.RawSignedAttributes, func(set *element) { slices.Reverse(set.children) })
					return first
				}
			}, also: firstAloneIsGood},
			{name: "the other half alone", forms: ecdsaOnly, want: passed, noTwin: true, apply: func(s *scene) {
				sign := s.sign
				s.sign = func(data []byte) []byte { return otherHalf(s.t, sign(data)) }
			}},
			{name: "where one is demanded", want: severalSigners, apply: func(s *scene) {
				s.second = func(first cms.SignerInfo) cms.SignerInfo { return first }
			}},
		}},
		{"D03", "signer-cert-missing", []defect{{name: "no certificate", want: noCertificate, apply: func(s *scene) { s.message.Certificates = nil }}}},
	})
}

func firstAloneIsGood(t testing.TB, r signing.Report) {
	if len(r.Signatures) != 2 || !r.Signatures[0].Passed() || r.Signatures[1].Passed() {
		t.Errorf("signatures: %+v", r.Signatures)
	}
}

// otherHalf makes (r, n-s) of an ECDSA signature (r, s), which is as good, and for which no key is needed.
func otherHalf(t testing.TB, signature []byte) []byte {
	t.Helper()
	var value struct{ R, S *big.Int }
	if rest, err := asn1.Unmarshal(signature, &value); err != nil || len(rest) > 0 {
		t.Fatal("not a signature")
	}
	value.S.Sub(elliptic.P256().Params().N, value.S)
	der, err := asn1.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// signsToo lets the official sign the same content beside the applicant.
func (s *scene) signsToo(spoil func([]byte)) {
	official := newScene(s.t, s.form)
	official.by(s.pki.people["official/"+s.form.key])
	s.message.Certificates = append(s.message.Certificates, official.signer.certificate.Raw)
	s.second = func(cms.SignerInfo) cms.SignerInfo {
		info := official.info
		info.RawSignedAttributes = cms.EncodeAttributes(official.attributes)
		info.Signature = official.sign(info.RawSignedAttributes)
		if spoil != nil {
			spoil(info.Signature)
		}
		return info
	}
}
