package adversarial_test

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"testing"
	"time"

	"elicensing/signing"
)

var (
	tryLater      = verdict{signing.Indeterminate, "TRY_LATER", signing.RevocationUnavailable}
	revokedBefore = verdict{signing.TotalFailed, "REVOKED", signing.CertificateRevoked}
	revokedNoPOE  = verdict{signing.Indeterminate, "REVOKED_NO_POE", signing.CertificateRevoked}
	revokedCA     = verdict{signing.Indeterminate, "REVOKED_CA_NO_POE", signing.CertificateRevoked}
)

func TestF(t *testing.T) {
	play(t, []attackCase{
		{"F01", "revoked-before-signing", []defect{
			{name: "by the list", want: revokedBefore, apply: func(s *scene) { s.revokedAndStamped(T0.Add(-2 * time.Hour)) }, twin: func(s *scene) {
				s.revokedAndStamped(T0.Add(-30 * time.Minute)) // revoked after the time stamp stays valid
			}},
		}},
		{"F02", "revoked-no-poe", []defect{
			{name: "by the list", want: revokedNoPOE, apply: func(s *scene) {
				s.onlyList(listing(T0.Add(-2*time.Hour), s.signer.certificate))
			}, twin: func(s *scene) { s.onlyList(listing(T0.Add(-2*time.Hour), s.pki.responder.certificate)) }},
			{name: "by OCSP", want: revokedNoPOE, apply: func(s *scene) {
				s.world.ocsp = func(question) ocspAnswer { return ocspAnswer{status: "revoked", revokedAt: T0.Add(-2 * time.Hour)} }
			}},
		}},
		{"F03", "ca-revoked", []defect{{name: "I", want: revokedCA, apply: func(s *scene) {
			s.world.ofRoot = func(t testing.TB) []byte { return list(t, s.pki.root, listing(before(1), s.pki.ca.certificate)) }
		}}}},
		{"F04", "no-revocation-data", []defect{
			{name: "nobody answers", want: tryLater, apply: func(s *scene) { s.world.ocsp, s.world.list, s.world.ofRoot = nil, nil, nil }},
			{name: "I does not answer", want: tryLater, apply: func(s *scene) { s.world.ocsp, s.world.list = nil, nil }},
			{name: "R does not answer", want: tryLater, apply: func(s *scene) { s.world.ofRoot = nil }},
		}},
		{"F05", "crl-stale", []defect{{name: "nextUpdate past", want: tryLater, twin: goodList, apply: func(s *scene) {
			s.onlyList(func(l *x509.RevocationList) { l.ThisUpdate, l.NextUpdate = before(9), before(2) })
		}}}},
		{"F06", "crl-bad-signature", []defect{{name: "another key", want: tryLater, twin: goodList, apply: func(s *scene) {
			other := issue(s.t, authorityTemplate("TEST AUTHORITY I", 2), s.pki.foreign.key, s.pki.root)
			s.world.ocsp = nil
			s.world.list = func(t testing.TB) []byte { return list(t, other, nil) }
		}}}},
		{"F07", "crl-unknown-critical", []defect{{name: "critical", want: tryLater, twin: func(s *scene) { s.onlyList(extendedBy(oidUnknown, false, null)) },
			apply: func(s *scene) { s.onlyList(extendedBy(oidUnknown, true, null)) }}}},
		{"F08", "ocsp-other-cert", []defect{{name: "another serial", want: tryLater, twin: goodOCSP, apply: func(s *scene) {
			s.onlyOCSP(ocspAnswer{serial: big.NewInt(4711)})
		}}}},
		{"F09", "ocsp-unsigned-or-bad-sig", []defect{
			{name: "altered", want: tryLater, twin: goodOCSP, apply: func(s *scene) { s.onlyOCSP(ocspAnswer{spoil: func(v []byte) { v[9] ^= 1 }}) }},
			{name: "zeros", want: tryLater, twin: goodOCSP, apply: func(s *scene) { s.onlyOCSP(ocspAnswer{spoil: func(v []byte) { clear(v) }}) }},
		}},
		{"F10", "ocsp-delegate-no-eku", []defect{
			{name: "no usage", want: tryLater, twin: goodOCSP, apply: func(s *scene) { s.onlyOCSP(ocspAnswer{by: s.delegate(nil, s.pki.ca)}) }},
			{name: "another usage", want: tryLater, twin: goodOCSP, apply: func(s *scene) {
				s.onlyOCSP(ocspAnswer{by: s.delegate([]x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, s.pki.ca)})
			}},
			{name: "another authority's", want: tryLater, twin: goodOCSP, apply: func(s *scene) {
				s.onlyOCSP(ocspAnswer{by: s.delegate([]x509.ExtKeyUsage{x509.ExtKeyUsageOCSPSigning}, s.pki.foreign)})
			}},
		}},
		{"F11", "ocsp-stale", []defect{
			{name: "nextUpdate past", want: tryLater, twin: goodOCSP, apply: func(s *scene) {
				s.onlyOCSP(ocspAnswer{thisUpdate: before(3), nextUpdate: before(2)})
			}},
			{name: "thisUpdate too old", want: tryLater, twin: goodOCSP, apply: func(s *scene) {
				s.onlyOCSP(ocspAnswer{thisUpdate: before(30)})
			}},
		}},
		{"F12", "ocsp-unknown-status", []defect{
			{name: "list silent", want: tryLater, twin: goodOCSP, apply: func(s *scene) { s.onlyOCSP(ocspAnswer{status: "unknown"}) }},
			{name: "not on the list", want: tryLater, apply: func(s *scene) {
				s.world.ocsp = func(question) ocspAnswer { return ocspAnswer{status: "unknown"} }
			}},
		}},
		{"F13", "crl-partial-scope", []defect{{name: "onlyContainsCACerts", want: tryLater,
			twin:  func(s *scene) { s.onlyList(extendedBy([]int{2, 5, 29, 28}, true, []byte{0x30, 3, 0x81, 1, 0xff})) }, // onlyContainsUserCerts
			apply: func(s *scene) { s.onlyList(extendedBy([]int{2, 5, 29, 28}, true, []byte{0x30, 3, 0x82, 1, 0xff})) }}}},
	})
}

// onlyList silences OCSP and lets I publish a list.
func (s *scene) onlyList(change func(*x509.RevocationList)) {
	s.world.ocsp = nil
	s.world.list = func(t testing.TB) []byte { return list(t, s.pki.ca, change) }
}

func goodList(s *scene) { s.onlyList(nil) }

// onlyOCSP silences the list of I.
func (s *scene) onlyOCSP(a ocspAnswer) {
	s.world.list = nil
	s.world.ocsp = func(question) ocspAnswer { return a }
}

func goodOCSP(s *scene) { s.onlyOCSP(ocspAnswer{}) }

func extendedBy(id []int, critical bool, value []byte) func(*x509.RevocationList) {
	return func(l *x509.RevocationList) {
		l.ExtraExtensions = append(l.ExtraExtensions, pkix.Extension{Id: id, Critical: critical, Value: value})
	}
}

// delegate is a responder's certificate with other usages, or by another authority.
func (s *scene) delegate(usages []x509.ExtKeyUsage, issuer pair) pair {
	template := responderTemplate()
	template.ExtKeyUsage = usages
	return issue(s.t, template, s.pki.responder.key, issuer)
}

// revokedAndStamped revokes the signer at a time by the list, with a time stamp of an hour ago.
func (s *scene) revokedAndStamped(at time.Time) {
	s.onlyList(listing(at, s.signer.certificate))
	s.stamped(token{})
}
