package ocsp

import (
	"bytes"
	"encoding/asn1"
	"fmt"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"elicensing/signing/algorithms"
	"elicensing/signing/certificate"
)

// Status is what the responder says of the certificate.
type Status string

const (
	Good    Status = "good"    // not revoked
	Revoked Status = "revoked" // for good, or on hold
	Unknown Status = "unknown" // the responder knows no such certificate
)

// NoReason stands where a CRLReason would, when the responder gives none. It is not "unspecified", which is
// said: stamps of an authority revoked so stay good, of one revoked without a reason they do not (RFC 3161 §4).
const NoReason = -1

// Answer is a verified answer.
type Answer struct {
	Status    Status    // what the responder says
	RevokedAt time.Time // of Revoked
	Reason    int       // CRLReason of Revoked (RFC 5280 §5.3.1), or NoReason
	// NeverIssued: the authority never issued such a certificate. It is told as revoked on 1970-01-01
	// with certificateHold (RFC 6960 §2.2), which is how the national responder speaks of a certificate
	// that it does not know; Status is Revoked.
	NeverIssued bool
	ProducedAt  time.Time // when the answer was signed
	ThisUpdate  time.Time // when this was known to be so
	NextUpdate  time.Time // zero when the responder always has newer information
	// Responder is the certificate of the delegate that signed; nil: the issuer itself did.
	Responder *certificate.Certificate
}

// Question is what was asked, and when: what an answer must fit.
type Question struct {
	Target
	Nonce []byte    // of the request; empty: none was sent and none is demanded
	Now   time.Time // our clock, or the time that stored evidence is judged for
	// MaxAge is the oldest acceptable thisUpdate before Now; zero: no limit but nextUpdate.
	MaxAge time.Duration
	Skew   time.Duration // how far the responder's clock may be from ours

	// Delegate is asked whether the certificate of a responder is revoked, when the issuer has not
	// exempted it by id-pkix-ocsp-nocheck (RFC 6960 §4.2.2.2.1). nil, or an error: it may not answer.
	Delegate func(*certificate.Certificate) error
	// Signature replaces the table of package algorithms, for suites whose answers are signed with what
	// is not accepted any more. Leave it nil for anything that counts.
	Signature func(algorithm algorithms.Identifier, spki, signed, signature []byte) error
}

// Verify reads an answer and accepts it only if its signature is by the issuer or by a responder
// that the issuer authorised, and it is about this certificate, fresh and ours. If several entries
// speak of the certificate the worst counts.
//
// Errors: ErrNoResponse, or one of those that are ErrResponse. An error never means good and never
// means revoked.
func Verify(der []byte, q Question) (Answer, error) {
	if len(der) > MaxSize {
		return Answer{}, malformed("too large")
	}
	status, basic, err := readResponse(der)
	if err != nil {
		return Answer{}, err
	}
	if status != 0 {
		return Answer{}, fmt.Errorf("%w: status %d", ErrNoResponse, status)
	}
	responder, err := basic.verifySignature(q)
	if err != nil {
		return Answer{}, err
	}
	if err := understood(basic.extensions, oidNonce); err != nil {
		return Answer{}, err
	}
	nonce, err := nonceOf(basic.extensions)
	if err != nil {
		return Answer{}, err
	}
	if len(q.Nonce) > 0 && !bytes.Equal(nonce, q.Nonce) {
		return Answer{}, because(ErrNonce, "an old answer played again")
	}
	answer, err := basic.answer(q)
	answer.Responder = responder
	return answer, err
}

// severity orders what several entries say of one certificate.
var severity = map[Status]int{Good: 0, Unknown: 1, Revoked: 2}

func (b *basicResponse) answer(q Question) (Answer, error) {
	var found *Answer
	for _, e := range b.entries {
		if !e.id.about(q.Target) {
			continue
		}
		// The transparency list says nothing of the status; it may be critical (RFC 6962 §3.3).
		if err := understood(e.extensions, oidArchiveCutoff, oidTimestamps); err != nil {
			return Answer{}, err
		}
		a := Answer{
			Status: e.status, RevokedAt: e.revokedAt, Reason: e.reason,
			ProducedAt: b.producedAt, ThisUpdate: e.thisUpdate, NextUpdate: e.nextUpdate,
		}
		a.NeverIssued = a.Status == Revoked && a.Reason == certificateHold && a.RevokedAt.Equal(time.Unix(0, 0))
		if err := a.fresh(q); err != nil {
			return Answer{}, err
		}
		if err := a.producedInTime(q, e.extensions); err != nil {
			return Answer{}, err
		}
		if found == nil || severity[a.Status] > severity[found.Status] {
			found = &a
		}
	}
	if found == nil {
		return Answer{}, ErrOtherCertificate
	}
	return *found, nil
}

const certificateHold = 6 // CRLReason, RFC 5280 §5.3.1

// oidTimestamps holds signed certificate timestamps (RFC 6962 §3.3).
var oidTimestamps = asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 11129, 2, 4, 5}

// understood refuses critical extensions that are not listed.
func understood(extensions []extension, known ...asn1.ObjectIdentifier) error {
	for _, e := range extensions {
		handled := !e.critical
		for _, id := range known {
			handled = handled || id.Equal(e.id)
		}
		if !handled {
			return ErrExtension
		}
	}
	return nil
}

// fresh follows RFC 6960 §4.2.2.1: not from the future, not past nextUpdate, not older than MaxAge.
func (a Answer) fresh(q Question) error {
	switch {
	case a.ThisUpdate.After(q.Now.Add(q.Skew)):
		return because(ErrNotFresh, "from the future")
	case !a.NextUpdate.IsZero() && a.NextUpdate.Before(a.ThisUpdate):
		return because(ErrNotFresh, "ends before it begins")
	case !a.NextUpdate.IsZero() && a.NextUpdate.Before(q.Now.Add(-q.Skew)):
		return because(ErrNotFresh, "past its nextUpdate")
	case q.MaxAge > 0 && a.ThisUpdate.Before(q.Now.Add(-q.MaxAge)):
		return because(ErrNotFresh, "too old")
	}
	return nil
}

// producedInTime refuses answers signed in the future, and those that say "good" or "unknown" from
// outside of the certificate's validity: a responder forgets expired certificates, unless it says by
// an archive cutoff that it does not (RFC 6960 §4.4.4). What it says of a revocation counts always.
func (a Answer) producedInTime(q Question, extensions []extension) error {
	switch {
	case a.ProducedAt.After(q.Now.Add(q.Skew)):
		return because(ErrProducedAt, "in the future")
	case a.Status == Revoked:
		return nil
	case !q.NotBefore.IsZero() && a.ProducedAt.Before(q.NotBefore.Add(-q.Skew)):
		return because(ErrProducedAt, "before the certificate")
	case !q.NotAfter.IsZero() && a.ProducedAt.After(q.NotAfter.Add(q.Skew)):
		cutoff, err := archiveCutoff(extensions)
		if err != nil {
			return err
		}
		if cutoff.IsZero() || cutoff.After(q.NotAfter) {
			return because(ErrProducedAt, "after the certificate expired")
		}
	}
	return nil
}

// archiveCutoff is since when expired certificates are remembered; zero: it is not said.
func archiveCutoff(extensions []extension) (time.Time, error) {
	var cutoff time.Time
	if e, ok := find(extensions, oidArchiveCutoff); ok {
		value := cryptobyte.String(e.value)
		if !value.PeekASN1Tag(cbasn1.GeneralizedTime) || !readTime(&value, &cutoff) || !value.Empty() {
			return time.Time{}, dataError("archive cutoff")
		}
	}
	return cutoff, nil
}
