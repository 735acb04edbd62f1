package revocation

import (
	"crypto/sha256"
	"sync"
	"time"

	"elicensing/signing/certificate"
	"elicensing/signing/crl"
)

const (
	maxReuse   = 10 * time.Minute // of a good OCSP answer
	maxAnswers = 10_000           // good ones at hand
)

// answers are what OCSP and lists said before.
type answers struct {
	mu      sync.Mutex
	good    map[string]goodAnswer
	revoked map[string]Answer // for ever, without proof: a list of 20 MB must not stay for one entry
}

type goodAnswer struct {
	answer      Answer
	from, until time.Time
}

func newAnswers() *answers {
	return &answers{good: make(map[string]goodAnswer), revoked: make(map[string]Answer)}
}

// keyOf names a certificate by all that its issuer signed of it and by the issuer's key.
func keyOf(subject, issuer *certificate.Certificate) string {
	sum := sha256.Sum256(subject.Raw)
	return issuerKey(issuer) + string(sum[:])
}

func issuerKey(issuer *certificate.Certificate) string {
	h := sha256.New()
	h.Write(issuer.RawSPKI)
	h.Write([]byte(issuer.Subject.Key()))
	return string(h.Sum(nil))
}

// find is what may be answered without asking: a good answer that is kept and not over. There is none of
// what is known to be revoked; that is asked about again, so that its newest proof is at hand.
func (a *answers) find(key string, now time.Time) (Answer, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	kept, ok := a.good[key]
	if !ok || now.Before(kept.from) || !now.Before(kept.until) {
		return Answer{}, false
	}
	return kept.answer, true
}

// revocation is what was learnt before about a certificate that is revoked for good.
func (a *answers) revocation(key string) (Answer, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	known, ok := a.revoked[key]
	return known, ok
}

// keep remembers an answer and returns what counts: a revocation that was learnt before, whatever is said
// now, e.g. by a list that is older than it.
func (a *answers) keep(key string, answer Answer, now time.Time, reuse time.Duration) Answer {
	a.mu.Lock()
	defer a.mu.Unlock()
	if answer.Status == Revoked {
		delete(a.good, key)
		if final(answer) {
			a.revoked[key] = Answer{Status: Revoked, RevokedAt: answer.RevokedAt, Reason: answer.Reason}
		}
		return answer
	}
	if known, ok := a.revoked[key]; ok {
		return known
	}
	until := now.Add(reuse)
	if answer.Until.Before(until) {
		until = answer.Until
	}
	if answer.OCSP != nil && now.Before(until) { // what lists say is found again in them
		if len(a.good) >= maxAnswers {
			a.forget(now)
		}
		a.good[key] = goodAnswer{answer, now, until}
	}
	return answer
}

// final tells whether a revocation cannot be taken back: a certificate on hold can be released (RFC 5280
// §5.3.1), and one that was "never issued" yesterday, which is told as a hold, may be issued today.
func final(answer Answer) bool { return answer.Reason != int(crl.CertificateHold) }

// forget makes room: all that is over, and a tenth besides.
func (a *answers) forget(now time.Time) {
	more := maxAnswers / 10
	for key, kept := range a.good {
		if !now.Before(kept.until) || more > 0 {
			delete(a.good, key)
			more--
		}
	}
}
