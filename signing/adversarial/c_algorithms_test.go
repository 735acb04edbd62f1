package adversarial_test

import (
	"crypto"
	"crypto/md5"  // #nosec: the defect
	"crypto/sha1" // #nosec: the defect
	"testing"

	"elicensing/signing"
	"elicensing/signing/cms"
)

var (
	weakAlgorithm      = verdict{signing.Indeterminate, "CRYPTO_CONSTRAINTS_FAILURE_NO_POE", signing.SignatureAlgorithm}
	malformedAlgorithm = verdict{signing.TotalFailed, "FORMAT_FAILURE", signing.SignatureAlgorithm}

	oidMD5           = []int{1, 2, 840, 113549, 2, 5}
	oidMD5WithRSA    = []int{1, 2, 840, 113549, 1, 1, 4}
	oidSHA1WithRSA   = []int{1, 2, 840, 113549, 1, 1, 5}
	oidECDSAWithSHA1 = []int{1, 2, 840, 10045, 4, 1}
)

func TestC(t *testing.T) {
	play(t, []attackCase{
		{"C01", "weak-hash-sha1", []defect{
			{name: "sha1WithRSA", want: weakAlgorithm, forms: rsaOnly, apply: func(s *scene) { sha1Message(s, oidSHA1WithRSA) }},
			{name: "ecdsa-with-SHA1", want: weakAlgorithm, forms: ecdsaOnly, apply: func(s *scene) { sha1Message(s, oidECDSAWithSHA1) }},
		}},
		{"C02", "weak-hash-md5", []defect{{name: "md5WithRSA", want: weakAlgorithm, forms: rsaOnly, apply: func(s *scene) {
			s.useDigest(oidMD5, oidMD5WithRSA, crypto.MD5, func(data []byte) []byte { d := md5.Sum(data); return d[:] }) // #nosec
		}}}},
		{"C03", "weak-key-rsa1024", []defect{{name: "1,024 bits", want: weakAlgorithm, forms: rsaOnly, apply: func(s *scene) {
			s.by(issue(s.t, applicantTemplate(), key(s.t, "weak-rsa"), s.pki.ca))
		}}}},
		{"C04", "digest-vs-sigalg", []defect{
			{name: "sha512WithRSA", want: malformedAlgorithm, forms: rsaOnly, apply: func(s *scene) {
				s.info.SignatureAlgorithm.OID = cms.OIDSHA512WithRSA
			}},
			{name: "ecdsa-with-SHA512", want: malformedAlgorithm, forms: ecdsaOnly, apply: func(s *scene) {
				s.info.SignatureAlgorithm.OID = cms.OIDECDSAWithSHA512
			}},
		}},
		{"C05", "rsa-pss-good", []defect{{name: "SHA-256, salt 32", want: passed, noTwin: true, forms: rsaOnly, apply: func(s *scene) {
			s.usePSS(cms.OIDSHA256, 32, 32)
		}}}},
		{"C06", "sid-ski", []defect{{name: "subjectKeyIdentifier", want: passed, noTwin: true, apply: func(s *scene) {
			s.info.Version, s.info.SubjectKeyID = 3, s.signer.certificate.SubjectKeyId
		}}}},
		{"C07", "ecdsa-null-params", []defect{{name: "NULL", want: malformedAlgorithm, forms: ecdsaOnly, apply: func(s *scene) {
			s.info.SignatureAlgorithm.Parameters = null
		}}}},
		{"C08", "rsa-pss-mgf-mismatch", []defect{
			{name: "MGF1 with SHA-1", want: weakAlgorithm, forms: rsaOnly, apply: func(s *scene) { s.usePSS(cms.OIDSHA1, 32, 32) },
				twin: func(s *scene) { s.usePSS(cms.OIDSHA256, 32, 32) }},
			{name: "salt of another length", want: wrongSignature, forms: rsaOnly, apply: func(s *scene) { s.usePSS(cms.OIDSHA256, 32, 20) },
				twin: func(s *scene) { s.usePSS(cms.OIDSHA256, 20, 20) }},
		}},
	})
}

func sha1Message(s *scene, signature []int) {
	s.useDigest(cms.OIDSHA1, signature, crypto.SHA1, func(data []byte) []byte { d := sha1.Sum(data); return d[:] }) // #nosec
}

// useDigest makes a message that is sound in itself, with another hash throughout.
func (s *scene) useDigest(digest, signature []int, hash crypto.Hash, sum func([]byte) []byte) {
	s.message.DigestAlgorithms = []cms.Algorithm{{OID: digest}}
	s.info.DigestAlgorithm.OID, s.info.SignatureAlgorithm.OID = digest, signature
	s.set(cms.OIDMessageDigest, octets(s.t, sum(s.content)))
	s.sign = func(data []byte) []byte { return signDigest(s.t, s.signer.key, hash, sum(data)) }
}
