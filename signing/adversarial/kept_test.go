package adversarial_test

import (
	"crypto/x509"
	"testing"
	"time"

	"elicensing/signing"
	"elicensing/signing/ocsp"
)

// Whoever sends a message chooses the evidence in it: genuine answers, and those that suit him. In each case here
// the answers are genuine and the choice is the attack.
func TestChosenEvidence(t *testing.T) {
	for name, stamped := range map[string]bool{"stamped": true, "unstamped": false} {
		since, revokedAlready := T0, revokedNoPOE // from when on an answer must be
		if stamped {
			since, revokedAlready = stampedAt, revokedBefore
		}
		archived := func(change func(*scene)) func(*scene) {
			return func(s *scene) {
				s.policy = signing.Archive
				if stamped {
					s.stamped(token{at: stampedAt})
				}
				change(s)
			}
		}
		holdAll(t, name, []defect{
			{name: "a list from long before the revocation", want: tryLater,
				apply: archived(func(s *scene) { s.silent(); s.keeps(s.listOf(before(100)), s.rootList(before(0))) }),
				twin:  archived(func(s *scene) { s.silent(); s.keeps(s.listOf(since.Add(-time.Hour)), s.rootList(before(0))) })},
			{name: "a list that is a second too old", want: tryLater,
				apply: archived(func(s *scene) {
					s.silent()
					s.keeps(s.listOf(since.Add(-24*time.Hour-time.Second)), s.rootList(before(0)))
				}),
				twin: archived(func(s *scene) { s.silent(); s.keeps(s.listOf(since.Add(-24*time.Hour)), s.rootList(before(0))) })},
			{name: "a list of authorities that had run out", want: tryLater,
				apply: archived(func(s *scene) { s.silent(); s.keeps(s.listOf(before(0)), s.rootList(before(400))) }),
				twin:  archived(func(s *scene) { s.silent(); s.keeps(s.listOf(before(0)), s.rootList(before(100))) })},
			{name: "a good answer before one of revoked", want: revokedAlready,
				apply: archived(func(s *scene) {
					s.silent()
					s.keeps(s.goodAnswer(since.Add(-time.Hour)), s.listOf(before(0), s.signer.certificate), s.rootList(before(0)))
				}),
				twin: archived(func(s *scene) {
					s.silent()
					s.keeps(s.goodAnswer(since.Add(-time.Hour)), s.listOf(before(0)), s.rootList(before(0)))
				})},
			{name: "a good list before one of revoked", want: revokedAlready,
				apply: archived(func(s *scene) {
					s.silent()
					s.keeps(s.listOf(since.Add(-time.Hour)), s.listOf(before(0), s.signer.certificate), s.rootList(before(0)))
				}),
				twin: archived(func(s *scene) {
					s.silent()
					s.keeps(s.listOf(since.Add(-time.Hour)), s.listOf(before(0)), s.rootList(before(0)))
				})},
			{name: "a list of on hold before one of revoked", want: revokedAlready,
				apply: archived(func(s *scene) {
					s.silent()
					onHold := s.oldList(s.pki.ca, before(0), onHoldSince(before(60), s.signer.certificate))
					s.keeps(onHold, s.listOf(before(0), s.signer.certificate), s.rootList(before(0)))
				})},
			{name: "a good answer while the authority says revoked", want: revokedAlready,
				apply: archived(func(s *scene) {
					s.keeps(s.goodAnswer(since.Add(-20*time.Hour)), s.rootList(before(0)))
					s.world.ocsp = s.answering(s.signer.certificate, ocspAnswer{status: "revoked", revokedAt: since.Add(-5 * time.Hour), reason: reason(1)})
				}),
				twin: archived(func(s *scene) { s.keeps(s.goodAnswer(since.Add(-20*time.Hour)), s.rootList(before(0))) }),
				also: told(signing.RevocationFinding{Status: signing.StatusRevoked, At: since.Add(-5 * time.Hour), Reason: "keyCompromise", Source: signing.SourceOCSP})},
			{name: "a good answer while the authority's list says revoked", want: revokedAlready,
				apply: archived(func(s *scene) {
					s.keeps(s.goodAnswer(since.Add(-20*time.Hour)), s.rootList(before(0)))
					s.onlyList(listing(since.Add(-5*time.Hour), s.signer.certificate))
				}),
				twin: archived(func(s *scene) {
					s.keeps(s.goodAnswer(since.Add(-20*time.Hour)), s.rootList(before(0)))
					s.onlyList(nil)
				})},
			{name: "an old list of authorities while the root says revoked", want: revokedCA,
				apply: archived(func(s *scene) {
					s.keeps(s.listOf(before(0)), s.rootList(since.Add(-20*time.Hour)))
					s.world.ofRoot = func(t testing.TB) []byte {
						return list(t, s.pki.root, listing(since.Add(-5*time.Hour), s.pki.ca.certificate))
					}
				}),
				twin: archived(func(s *scene) { s.keeps(s.listOf(before(0)), s.rootList(since.Add(-20*time.Hour))) })},
		})
	}
	holdAll(t, "stamped", []defect{{name: "revoked after the stamp, by the authority", want: passed, noTwin: true,
		apply: func(s *scene) {
			s.policy = signing.Archive
			s.stamped(token{at: stampedAt})
			s.keeps(s.goodAnswer(stampedAt), s.rootList(before(0)))
			s.world.ocsp = s.answering(s.signer.certificate, ocspAnswer{status: "revoked", revokedAt: stampedAt.Add(time.Hour)})
		},
		also: told(signing.RevocationFinding{Status: signing.StatusRevoked, At: stampedAt.Add(time.Hour), Source: signing.SourceOCSP})}})
}

// A certificate on hold may be released: that is "try later" with the time of suspension, unless the signature is
// shown to be older. One that its authority does not know is told by its own reason (RFC 6960 §2.2).
func TestWhatIsNotRevokedForGood(t *testing.T) {
	suspended := verdict{signing.Indeterminate, "TRY_LATER", signing.CertificateSuspended}
	neverIssued := verdict{signing.Indeterminate, "TRY_LATER", signing.CertificateNeverIssued}
	onHold := func(at time.Time) ocspAnswer { return ocspAnswer{status: "revoked", revokedAt: at, reason: reason(6)} }
	answered := func(a ocspAnswer, stamped bool) func(*scene) {
		return func(s *scene) {
			if stamped {
				s.stamped(token{at: stampedAt})
			}
			s.world.ocsp = s.answering(s.signer.certificate, a)
		}
	}
	yesterday := told(signing.RevocationFinding{Status: signing.StatusSuspended, At: before(1), Reason: "certificateHold", Source: signing.SourceOCSP})
	holdAll(t, "", []defect{
		{name: "on hold", want: suspended, apply: answered(onHold(before(1)), false), also: yesterday},
		{name: "on hold by the list", want: suspended, apply: func(s *scene) {
			s.onlyList(onHoldSince(before(1), s.signer.certificate))
		}, twin: goodList, also: told(signing.RevocationFinding{Status: signing.StatusSuspended, At: before(1), Reason: "certificateHold", Source: signing.SourceCRL})},
		{name: "on hold before the stamp", want: suspended, apply: answered(onHold(stampedAt.Add(-time.Minute)), true),
			twin: answered(onHold(stampedAt.Add(time.Minute)), true)},
		{name: "authority on hold", want: suspended, apply: func(s *scene) {
			s.world.ofRoot = func(t testing.TB) []byte {
				return list(t, s.pki.root, onHoldSince(before(1), s.pki.ca.certificate))
			}
		}},
		{name: "never issued", want: neverIssued, apply: answered(onHold(time.Unix(0, 0)), false),
			also: told(signing.RevocationFinding{Status: signing.StatusNeverIssued, At: time.Unix(0, 0), Reason: "certificateHold", Source: signing.SourceOCSP})},
		{name: "never issued, stamped", want: neverIssued, apply: answered(onHold(time.Unix(0, 0)), true), twin: answered(ocspAnswer{}, true)},
	})
}

// stampedAt is a while ago, so that there is time before and after it.
var stampedAt = T0.AddDate(0, 0, -5)

// holdAll plays cases that the list of 77 does not have, in two forms between which everything differs.
func holdAll(t *testing.T, prefix string, defects []defect) {
	t.Helper()
	for _, d := range defects {
		d.name = prefix + ": " + d.name
		for _, f := range []form{{"RSA-2048", true}, {"P-256", false}} {
			d.play(t, f)
		}
	}
}

// told tells whether a report has a finding about the signer, whatever the times of the answer itself.
func told(want signing.RevocationFinding) func(testing.TB, signing.Report) {
	return func(t testing.TB, r signing.Report) {
		t.Helper()
		for _, found := range r.Revocation {
			if found.Serial == r.Signer.SerialNumber && found.Status == want.Status && found.At.Equal(want.At) && found.Reason == want.Reason &&
				found.Source == want.Source && found.Kept == want.Kept && !found.ThisUpdate.IsZero() && found.Until.After(found.ThisUpdate) {
				return
			}
		}
		t.Errorf("%+v, want %+v", r.Revocation, want)
	}
}

func onHoldSince(at time.Time, c *x509.Certificate) func(*x509.RevocationList) {
	return func(l *x509.RevocationList) {
		l.RevokedCertificateEntries = append(l.RevokedCertificateEntries, x509.RevocationListEntry{SerialNumber: c.SerialNumber, RevocationTime: at, ReasonCode: 6})
	}
}

func reason(code int) *int { return &code }

// silent lets nobody answer.
func (s *scene) silent() { s.world.ocsp, s.world.list, s.world.ofRoot = nil, nil, nil }

// answering answers good for everybody but one.
func (s *scene) answering(about *x509.Certificate, a ocspAnswer) func(question) ocspAnswer {
	return func(q question) ocspAnswer {
		if q.serial.Cmp(about.SerialNumber) == 0 {
			return a
		}
		return ocspAnswer{}
	}
}

// keeps puts evidence beside the signature.
func (s *scene) keeps(evidence ...signing.Evidence) {
	var all signing.Evidence
	for _, e := range evidence {
		all.OCSP, all.CRLs = append(all.OCSP, e.OCSP...), append(all.CRLs, e.CRLs...)
	}
	s.encoded = func(der []byte) []byte {
		with, err := signing.AddEvidence(der, all)
		if err != nil {
			s.t.Fatal(err)
		}
		return with
	}
}

// listOf is the list of I of some time, good for a year. Whom it lists was revoked 60 days before the control time.
func (s *scene) listOf(at time.Time, revoked ...*x509.Certificate) signing.Evidence {
	return s.oldList(s.pki.ca, at, listing(before(60), revoked...))
}

func (s *scene) rootList(at time.Time) signing.Evidence {
	return s.oldList(s.pki.root, at, listing(at))
}

func (s *scene) oldList(issuer pair, at time.Time, entries func(*x509.RevocationList)) signing.Evidence {
	der := list(s.t, issuer, func(l *x509.RevocationList) {
		l.ThisUpdate, l.NextUpdate = at, at.AddDate(1, 0, 0)
		entries(l)
	})
	return signing.Evidence{CRLs: [][]byte{der}}
}

// goodAnswer says good of the signer, as of some time.
func (s *scene) goodAnswer(at time.Time) signing.Evidence { return s.goodAnswerBy(s.pki.responder, at) }

func (s *scene) goodAnswerBy(responder pair, at time.Time) signing.Evidence {
	request, err := ocsp.NewRequest(ocsp.TargetOf(s.signer.certificate, s.pki.ca.certificate), nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return signing.Evidence{OCSP: [][]byte{ocspAnswer{by: responder, thisUpdate: at, nextUpdate: T0.AddDate(0, 0, 1)}.encode(s.t, s.pki, readQuestion(s.t, request))}}
}
