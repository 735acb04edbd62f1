package adversarial_test

import (
	"crypto/sha1" // #nosec: signingCertificate (RFC 2634 §5.4) is defined with it
	"crypto/sha256"
	"slices"
	"testing"
	"time"

	"elicensing/signing"
	"elicensing/signing/cms"
)

var (
	noSignature     = verdict{signing.NoSignatureFound, "", signing.SignatureNone}
	wrongSignature  = verdict{signing.TotalFailed, "SIG_CRYPTO_FAILURE", signing.SignatureWrong}
	wrongAttributes = verdict{signing.TotalFailed, "FORMAT_FAILURE", signing.SignatureAttributes}
	weakAttributes  = verdict{signing.Indeterminate, "SIG_CONSTRAINTS_FAILURE", signing.SignatureAttributes}
	contentNotFound = verdict{signing.Indeterminate, "SIGNED_DATA_NOT_FOUND", signing.SignatureContentMissing}
	noCertificate   = verdict{signing.Indeterminate, "NO_SIGNING_CERTIFICATE_FOUND", signing.CertificateUntrusted}
	oidUnknown      = []int{1, 2, 398, 99, 1}
	oidTypeOfOthers = []int{1, 2, 398, 99, 2}
)

func TestB(t *testing.T) {
	play(t, []attackCase{
		{"B01", "zero-signers", []defect{{name: "certificates only", want: noSignature, apply: func(s *scene) {
			s.encoded = func(der []byte) []byte {
				return rewrite(s.t, der, func(info *element) {
					children := info.signedData().children
					children[len(children)-1].children = nil
				})
			}
		}}}},
		{"B02", "content-altered", []defect{
			{name: "content that we stored", want: hashFailed, forms: detachedOnly, apply: flipContent},
			{name: "content that we stored differs from that inside", want: hashFailed, forms: attachedOnly, apply: flipContent},
			{name: "both", want: hashFailed, forms: attachedOnly, apply: func(s *scene) { flipContent(s); s.message.Content = s.content }},
		}},
		{"B03", "signature-bit-flip", []defect{{name: "last byte", want: wrongSignature, apply: func(s *scene) {
			sign := s.sign
			s.sign = func(data []byte) []byte { v := sign(data); v[len(v)-1] ^= 1; return v }
		}}}},
		{"B04", "content-type-mismatch", []defect{{name: "attribute of another type", want: wrongAttributes, apply: func(s *scene) {
			s.set(cms.OIDContentType, objectID(s.t, cms.OIDSignedData))
		}}}},
		{"B05", "content-type-missing", []defect{{name: "missing", want: wrongAttributes, apply: func(s *scene) { s.set(cms.OIDContentType) }}}},
		{"B06", "message-digest-missing", []defect{{name: "missing", want: wrongAttributes, apply: func(s *scene) { s.set(cms.OIDMessageDigest) }}}},
		{"B07", "message-digest-two-values", []defect{{name: "two values", want: wrongAttributes, apply: func(s *scene) {
			s.set(cms.OIDMessageDigest, octets(s.t, s.digest()), octets(s.t, make([]byte, 32)))
		}}}},
		{"B08", "message-digest-twice", []defect{{name: "twice", want: wrongAttributes, apply: func(s *scene) {
			second := append(s.digest()[:31:31], 0xff) // sorts behind or before: both orders are the DER of some digest
			s.attributes = append(s.attributes, cms.Attribute{Type: cms.OIDMessageDigest, Values: [][]byte{octets(s.t, second)}})
		}}}},
		{"B09", "attrs-stripped-forgery", []defect{{name: "attributes as content", want: wrongAttributes, apply: func(s *scene) {
			s.toSign = cms.EncodeAttributes(s.attributes)
			s.content, s.attributes = s.toSign, nil
			if s.form.attached {
				s.message.Content = s.content
			}
		}}}},
		{"B10", "no-signed-attrs-nondata", []defect{{name: "no attributes", want: wrongAttributes, apply: func(s *scene) {
			s.message.ContentType, s.attributes, s.toSign = oidTypeOfOthers, nil, s.content
		}}}},
		{"B11", "no-signed-attrs-data", []defect{{name: "no attributes", want: weakAttributes, apply: func(s *scene) {
			s.attributes, s.toSign = nil, s.content
		}}}},
		{"B12", "ess-cert-absent", []defect{{name: "absent", want: weakAttributes, apply: func(s *scene) { s.set(cms.OIDSigningCertificateV2) }}}},
		{"B13", "ess-cert-wrong-hash", []defect{{name: "another certificate", want: weakAttributes, apply: func(s *scene) {
			s.set(cms.OIDSigningCertificateV2, bindingV2(s.t, s.pki.ca.certificate.Raw))
		}},
			{name: "another serial number beside the hash", want: weakAttributes, twin: bound(bindingParts{}), apply: bound(bindingParts{serial: 4711})},
			{name: "another issuer beside the hash", want: weakAttributes, twin: bound(bindingParts{}), apply: bound(bindingParts{issuer: "TEST ROOT R"})},
			{name: "an element behind the policies", want: wrongAttributes, twin: bound(bindingParts{policies: true}), apply: bound(bindingParts{policies: true, behind: null})},
			{name: "an element instead of policies", want: wrongAttributes, apply: bound(bindingParts{behind: null})},
			{name: "an element inside the identifier", want: wrongAttributes, apply: bound(bindingParts{inside: null})},
		}},
		{"B14", "cert-substitution", []defect{
			{name: "the other alone", want: weakAttributes, apply: func(s *scene) { s.message.Certificates = [][]byte{s.double()} }},
			{name: "both", want: noCertificate, apply: func(s *scene) { s.message.Certificates = append(s.message.Certificates, s.double()) }},
		}},
		{"B15", "signing-time-future", []defect{{name: "in 20 hours", want: weakAttributes, apply: func(s *scene) {
			s.set(cms.OIDSigningTime, utcTime(s.t, T0.Add(20*time.Hour)))
		}, twin: func(s *scene) { s.set(cms.OIDSigningTime, utcTime(s.t, T0.Add(4*time.Minute))) }}}},
		{"B16", "unknown-signed-attr", []defect{{name: "unknown", want: passed, noTwin: true, apply: func(s *scene) {
			s.attributes = append(s.attributes, cms.Attribute{Type: oidUnknown, Values: [][]byte{null}})
		}}}},
		{"B17", "empty-content-detached", []defect{
			{name: "nil", want: contentNotFound, forms: detachedOnly, apply: func(s *scene) { s.content = nil }},
			{name: "digest of nothing", want: contentNotFound, forms: detachedOnly, apply: func(s *scene) {
				nothing := sha256.Sum256(nil)
				s.content = nil
				s.set(cms.OIDMessageDigest, octets(s.t, nothing[:]))
			}},
		}},
		{"B18", "ess-v1-and-v2-disagree", []defect{
			{name: "V1 binds another", want: weakAttributes, apply: func(s *scene) { s.bindV1(s.pki.ca.certificate.Raw) },
				twin: func(s *scene) { s.bindV1(s.signer.certificate.Raw) }},
			{name: "V2 binds another", want: weakAttributes, apply: func(s *scene) {
				s.bindV1(s.signer.certificate.Raw)
				s.set(cms.OIDSigningCertificateV2, bindingV2(s.t, s.pki.ca.certificate.Raw))
			}},
		}},
	})
}

func flipContent(s *scene) {
	s.content = slices.Clone(s.content)
	s.content[0] ^= 1
}

func (s *scene) digest() []byte {
	digest := sha256.Sum256(s.content)
	return digest[:]
}

// bindV1 adds a signingCertificate attribute.
func (s *scene) bindV1(certificate []byte) {
	hash := sha1.Sum(certificate) // #nosec
	s.attributes = append(s.attributes, cms.Attribute{Type: cms.OIDSigningCertificate, Values: [][]byte{binding(s.t, hash[:])}})
}

// double is a certificate with the signer's key, issuer and serial number, and another subject.
func (s *scene) double() []byte {
	template := applicantTemplate()
	template.Subject = officialTemplate().Subject
	return issue(s.t, template, s.signer.key, s.pki.ca).certificate.Raw
}
