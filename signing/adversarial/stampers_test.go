package adversarial_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"fmt"
	"testing"
	"time"

	"elicensing/signing"
)

// What a time-stamping authority stamped before it was revoked stays good for four reasons that are given. Any other
// reason, and a revocation without one, makes all its stamps worthless (RFC 3161 §4, item 1).
func TestStampsOfRevokedAuthorities(t *testing.T) {
	for _, tc := range []struct {
		reason *int
		keeps  bool
		why    signing.Reason
	}{
		{nil, false, signing.CertificateRevoked},
		{reason(0), true, ""}, // unspecified
		{reason(1), false, signing.CertificateRevoked},
		{reason(2), false, signing.CertificateRevoked},
		{reason(3), true, ""}, // affiliationChanged
		{reason(4), true, ""}, // superseded
		{reason(5), true, ""}, // cessationOfOperation
		{reason(6), false, signing.CertificateSuspended},
		{reason(8), false, signing.CertificateRevoked},
		{reason(9), false, signing.CertificateRevoked},
		{reason(10), false, signing.CertificateRevoked},
	} {
		for _, after := range []bool{true, false} {
			at, keeps, why := stampedAt.Add(time.Hour), tc.keeps, tc.why
			if !after {
				at, keeps = stampedAt.Add(-time.Hour), false
				if why == "" {
					why = signing.CertificateRevoked
				}
			}
			for source, answer := range map[string]func(*scene){
				"OCSP": func(s *scene) {
					s.world.ocsp = s.answering(s.pki.stamper.certificate, ocspAnswer{status: "revoked", revokedAt: at, reason: tc.reason})
				},
				"list": func(s *scene) { s.byListAlone(s.stamperListed(at, tc.reason)) },
				"list, with a kept one of before": func(s *scene) {
					s.byListAlone(s.stamperListed(at, tc.reason))
					s.keeps(s.listOf(stampedAt.Add(-2*time.Hour)), s.rootList(stampedAt))
				},
				"OCSP, with a kept list of before": func(s *scene) {
					s.world.ocsp = s.answering(s.pki.stamper.certificate, ocspAnswer{status: "revoked", revokedAt: at, reason: tc.reason})
					s.keeps(s.listOf(stampedAt.Add(-2*time.Hour)), s.rootList(stampedAt))
				},
			} {
				for _, policy := range []signing.Policy{signing.Applicant, signing.Archive} {
					s := newScene(t, form{"RSA-2048", false})
					s.policy = policy
					s.stamped(token{at: stampedAt})
					answer(s)
					report := s.verifier().Verify(context.Background(), s.bytes(), s.content, policy)
					code := "no reason"
					if tc.reason != nil {
						code = fmt.Sprint("reason ", *tc.reason)
					}
					stamp := report.TimeStamps[0]
					if !report.Passed() || stamp.Passed() != keeps || stamp.Reason != why || report.BestSignatureTime.Equal(stampedAt) != keeps {
						t.Errorf("%s by %s, after the stamp: %t, %s: %s %s, want passed %t %s", code, source, after, policy.Name, stamp.Outcome, stamp.Reason, keeps, why)
					}
					if len(stamp.Revocation) == 0 {
						t.Errorf("%s by %s: nothing is told of the revocation", code, source)
					}
				}
			}
		}
	}
}

// stamperListed is a list of I that revokes T, with the reason written out also where it is unspecified: the standard
// library leaves that one away, so another is written and exchanged.
func (s *scene) stamperListed(at time.Time, reason *int) func(testing.TB) []byte {
	entry := x509.RevocationListEntry{SerialNumber: s.pki.stamper.certificate.SerialNumber, RevocationTime: at}
	if reason != nil {
		entry.ReasonCode = 1
	}
	return func(t testing.TB) []byte {
		der := list(t, s.pki.ca, func(l *x509.RevocationList) { l.RevokedCertificateEntries = append(l.RevokedCertificateEntries, entry) })
		if reason == nil {
			return der
		}
		return rewrite(t, der, func(whole *element) {
			tbs, ofKeyCompromise := whole.children[0].encode(), []byte{0x03, 0x55, 0x1d, 0x15, 0x04, 0x03, 0x0a, 1, 1}
			where := bytes.Index(tbs, ofKeyCompromise)
			tbs[where+len(ofKeyCompromise)-1] = byte(*reason)
			whole.children[0] = parse(t, tbs)[0]
			whole.children[2].body = append([]byte{0}, signSHA256(t, s.pki.ca.key, tbs)...)
		})
	}
}

// byListAlone silences OCSP.
func (s *scene) byListAlone(list func(testing.TB) []byte) { s.world.ocsp, s.world.list = nil, list }
