package adversarial_test

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"testing"
	"time"

	"elicensing/signing"
	"elicensing/signing/cms"
	"elicensing/signing/ocsp"
)

var beforeCertificate = verdict{signing.TotalFailed, "NOT_YET_VALID", signing.CertificateNotYetValid}

func TestG(t *testing.T) {
	play(t, []attackCase{
		{"G01", "tst-over-other-data", noProof(signing.TotalFailed, "HASH_FAILURE", func(*scene) token { return token{over: []byte("other data")} })},
		{"G02", "tst-bad-signature", append(
			noProof(signing.TotalFailed, "SIG_CRYPTO_FAILURE", func(*scene) token { return token{spoil: func(v []byte) { clear(v) }} }),
			noProof(signing.TotalFailed, "SIG_CRYPTO_FAILURE", func(s *scene) token {
				s.intermediates = append(s.intermediates, s.pki.stamper.certificate) // so that nothing but the signature is amiss
				return token{bare: true, spoil: func(v []byte) { clear(v) }}
			})...)},
		{"G03", "tst-untrusted-tsa", noProof(signing.Indeterminate, "NO_CERTIFICATE_CHAIN_FOUND", func(s *scene) token {
			return token{by: issue(s.t, stamperTemplate(), s.pki.stamper.key, s.pki.foreign)}
		})},
		{"G04", "tst-no-eku", append(append(
			noProof(signing.Indeterminate, "CHAIN_CONSTRAINTS_FAILURE", func(s *scene) token { return token{by: s.stamperWith()} }),
			noProof(signing.Indeterminate, "CHAIN_CONSTRAINTS_FAILURE", func(s *scene) token {
				return token{by: s.stamperWith(extendedKeyUsage(false, oidTimeStamping))} // not critical
			})...),
			noProof(signing.Indeterminate, "CHAIN_CONSTRAINTS_FAILURE", func(s *scene) token {
				return token{by: s.stamperWith(extendedKeyUsage(true, oidTimeStamping, oidServerAuth))} // not sole
			})...)},
		{"G05", "tst-wrong-econtent-type", noProof(signing.TotalFailed, "FORMAT_FAILURE", func(*scene) token { return token{contentType: cms.OIDData} })},
		{"G06", "tst-before-cert", []defect{{name: "a year ago", want: beforeCertificate, apply: func(s *scene) {
			s.stamped(token{at: before(365)})
			s.set(cms.OIDSigningTime, utcTime(s.t, T0))
		},
			twin: func(s *scene) { s.stamped(token{at: before(100)}) }}}},
		{"G07", "tst-saves-expired", []defect{{name: "expired yesterday", want: passed, noTwin: true, apply: func(s *scene) {
			s.expired()
			s.stamped(token{at: before(10)})
		}, also: func(t testing.TB, r signing.Report) {
			if !r.BestSignatureTime.Equal(before(10)) {
				t.Errorf("best signature time is %v", r.BestSignatureTime)
			}
		}}, {name: "nobody remembers expired certificates", want: tryLater, apply: func(s *scene) {
			s.expired()
			s.world.ocsp = func(question) ocspAnswer { return ocspAnswer{} }
			s.stamped(token{at: before(10)})
		}, twin: func(s *scene) { s.expired(); s.stamped(token{at: before(10)}) }}, {name: "kept answer from before the time stamp", want: tryLater, apply: func(s *scene) { s.withKeptAnswer(before(9)) }, twin: func(s *scene) {
			s.withKeptAnswer(before(4))
		}}, {name: "stamped after its end", want: expired, apply: func(s *scene) {
			s.expired()
			s.stamped(token{})
			s.set(cms.OIDSigningTime, utcTime(s.t, before(10)))
		}, twin: func(s *scene) {
			s.expired()
			s.stamped(token{at: before(2)})
		}}}},
	})
}

// noProof shows twice that a spoiled token proves no time: with an expired certificate the message is refused
// for it, which the good token would have saved; with a valid one it passes without the time.
func noProof(outcome signing.Outcome, sub string, spoiled func(*scene) token) []defect {
	judged := func(t testing.TB, r signing.Report) {
		if len(r.TimeStamps) != 1 || r.TimeStamps[0].Outcome != outcome || r.TimeStamps[0].SubIndication != sub || r.TimeStamps[0].Reason == "" {
			t.Errorf("time stamps: %+v, want %s %s", r.TimeStamps, outcome, sub)
		}
		if !r.BestSignatureTime.Equal(T0) {
			t.Errorf("best signature time is %v", r.BestSignatureTime)
		}
	}
	return []defect{
		{name: "expired certificate", want: expired, also: judged,
			apply: func(s *scene) {
				s.expired()
				o := spoiled(s)
				o.at = before(10)
				s.stamped(o)
			},
			twin: func(s *scene) { s.expired(); s.stamped(token{at: before(10)}) }},
		{name: "valid certificate", want: passed, also: judged, apply: func(s *scene) { s.stamped(spoiled(s)) },
			twin: func(s *scene) { s.stamped(token{}) }},
	}
}

// expired gives the signer a certificate that ended yesterday.
func (s *scene) expired() {
	s.reissue(validFor(before(180), before(1)), s.pki.ca)
	s.set(cms.OIDSigningTime, utcTime(s.t, before(11)))
	s.world.ocsp = func(question) ocspAnswer { return ocspAnswer{cutoff: before(720)} }
}

// withKeptAnswer lets an expired signer, stamped five days ago, bring an OCSP answer of some day, good until tomorrow,
// while nobody can be asked about him any more.
func (s *scene) withKeptAnswer(at time.Time) {
	s.expired()
	s.stamped(token{at: before(5)})
	request, err := ocsp.NewRequest(ocsp.TargetOf(s.signer.certificate, s.pki.ca.certificate), nil)
	if err != nil {
		s.t.Fatal(err)
	}
	q := readQuestion(s.t, request)
	kept := ocspAnswer{thisUpdate: at, nextUpdate: T0.AddDate(0, 0, 1)}.encode(s.t, s.pki, q)
	s.world.ocsp = func(asked question) ocspAnswer {
		if asked.serial.Cmp(s.signer.certificate.SerialNumber) == 0 {
			return ocspAnswer{status: "unknown"}
		}
		return ocspAnswer{}
	}
	s.encoded = func(der []byte) []byte {
		with, err := signing.AddEvidence(der, signing.Evidence{OCSP: [][]byte{kept}})
		if err != nil {
			s.t.Fatal(err)
		}
		return with
	}
}

func validFor(from, to time.Time) *x509.Certificate {
	template := applicantTemplate()
	template.NotBefore, template.NotAfter = from, to
	return template
}

// stamperWith is T with other usages.
func (s *scene) stamperWith(usages ...pkix.Extension) pair {
	template := stamperTemplate()
	template.ExtraExtensions = usages
	return issue(s.t, template, s.pki.stamper.key, s.pki.ca)
}
