package signing

import (
	"context"
	"encoding/asn1"
	"errors"
	"time"

	"elicensing/signing/certificate"
	"elicensing/signing/crl"
	"elicensing/signing/ocsp"
	"elicensing/signing/path"
	"elicensing/signing/revocation"
)

// Kept is evidence that was stored with a signature. Nothing in it is trusted because it is there: each
// part is believed as far as its own signature goes.
type Kept struct {
	Certificates [][]byte // DER
	OCSP         [][]byte // DER of OCSP responses
	CRLs         [][]byte // DER
}

func (k Kept) and(other Kept) Kept {
	return Kept{
		Certificates: appendMissing(k.Certificates[:len(k.Certificates):len(k.Certificates)], other.Certificates...),
		OCSP:         appendMissing(k.OCSP[:len(k.OCSP):len(k.OCSP)], other.OCSP...),
		CRLs:         appendMissing(k.CRLs[:len(k.CRLs):len(k.CRLs)], other.CRLs...),
	}
}

// maxAnswerAge is the oldest acceptable thisUpdate of an OCSP answer before the time that it is to speak for.
const maxAnswerAge = 24 * time.Hour

// maxKept is how many parts of each kind are looked at.
const maxKept = 32

// keptAnswers are all that the kept answers say of chain[0], with its issuers behind it: who brings them chooses
// which, so the worst of them counts. Such an answer must be from the best signature time on, less the age that is
// accepted of any answer: an older one says nothing about a revocation in between. A root lists its authorities
// once in months: of them a list counts that was current at the best signature time (RFC 5280 §6.3.3 (a)).
func (e *examination) keptAnswers(ctx context.Context, chain []*certificate.Certificate) []finding {
	var found []finding
	for _, der := range atMost(e.kept.OCSP) {
		if answer, ok := e.keptOCSP(ctx, der, chain); ok {
			found = append(found, finding{answer, true})
		}
	}
	complete, deltas := e.keptLists()
	for _, list := range complete {
		if answer, ok := e.keptCRL(ctx, list, deltas, chain); ok {
			found = append(found, finding{answer, true})
		}
	}
	return found
}

// keptLists are the kept lists that can be read.
func (e *examination) keptLists() (complete, deltas []*crl.List) {
	for _, der := range atMost(e.kept.CRLs) {
		list, err := crl.Parse(der)
		switch {
		case err != nil:
		case list.Delta():
			deltas = append(deltas, list)
		default:
			complete = append(complete, list)
		}
	}
	return complete, deltas
}

func atMost(list [][]byte) [][]byte { return list[:min(len(list), maxKept)] }

func (e *examination) keptOCSP(ctx context.Context, der []byte, chain []*certificate.Certificate) (revocation.Answer, bool) {
	asked, issuer := chain[0], chain[1]
	q := ocsp.Question{
		Target: ocsp.Target{Serial: asked.Serial, IssuerName: issuer.RawSubject, IssuerKey: issuer.RawSPKI, NotBefore: asked.NotBefore, NotAfter: asked.NotAfter},
		Now:    e.existed, MaxAge: maxAnswerAge, Skew: e.now.Sub(e.existed) + allowedSkew,
		Delegate: func(responder *certificate.Certificate) error { return e.keptDelegate(ctx, responder, chain[1:]) },
	}
	answer, err := ocsp.Verify(der, q) // between the best signature time and now
	if err != nil {
		return revocation.Answer{}, false
	}
	q.Now, q.Skew = answer.ProducedAt, allowedSkew // and sound when it was made
	if answer, err = ocsp.Verify(der, q); err != nil {
		return revocation.Answer{}, false
	}
	kept := revocation.Answer{OCSP: der, ThisUpdate: answer.ThisUpdate, Until: answer.NextUpdate}
	switch answer.Status {
	case ocsp.Good:
		kept.Status = revocation.Good
		return kept, true
	case ocsp.Revoked:
		kept.Status, kept.RevokedAt, kept.Reason, kept.NeverIssued = revocation.Revoked, answer.RevokedAt, answer.Reason, answer.NeverIssued
		return kept, true
	}
	return revocation.Answer{}, false
}

// keptDelegate learns from the kept lists whether a responder's own certificate is revoked: one must say that it is
// not, and none that it is.
func (e *examination) keptDelegate(ctx context.Context, responder *certificate.Certificate, issuers []*certificate.Certificate) error {
	chain := append([]*certificate.Certificate{responder}, issuers...)
	good := false
	complete, deltas := e.keptLists()
	for _, list := range complete {
		answer, ok := e.keptCRL(ctx, list, deltas, chain)
		if ok && answer.Status == revocation.Revoked {
			return errors.New("responder's certificate is revoked")
		}
		good = good || ok
	}
	if !good {
		return errors.New("revocation of the responder is not known")
	}
	return nil
}

// keptCRL asks a complete list, with the deltas that go with it, about chain[0]. The newest of those that answer
// tells how fresh the answer is.
func (e *examination) keptCRL(ctx context.Context, complete *crl.List, deltas []*crl.List, chain []*certificate.Certificate) (revocation.Answer, bool) {
	at := e.existed
	if complete.ThisUpdate.After(at) {
		at = complete.ThisUpdate
	}
	checker := crl.Checker{Lists: crl.NewSet(append([]*crl.List{complete}, deltas...)...), Paths: e.verifier.paths, Skew: allowedSkew}
	status, err := checker.Status(ctx, path.RevocationQuestion{Chain: chain, At: at, Extra: e.hints})
	if err != nil {
		return revocation.Answer{}, false
	}
	kept := revocation.Answer{Status: revocation.Good, Until: status.Until}
	for _, l := range status.Lists {
		kept.CRLs = append(kept.CRLs, l.Raw)
		if l.ThisUpdate.After(kept.ThisUpdate) {
			kept.ThisUpdate = l.ThisUpdate
		}
	}
	switch {
	case kept.ThisUpdate.After(e.now.Add(allowedSkew)), !chain[0].IsCA() && kept.ThisUpdate.Before(e.existed.Add(-maxAnswerAge)):
		return revocation.Answer{}, false
	case status.Revoked:
		kept.Status, kept.RevokedAt, kept.Reason = revocation.Revoked, status.Entry.RevokedAt, int(status.Entry.Reason)
	case kept.ThisUpdate.After(chain[0].NotAfter) && !remembersEnded(complete, chain[0]):
		return revocation.Answer{}, false
	}
	return kept, true
}

var oidExpiredCertsOnCRL = asn1.ObjectIdentifier{2, 5, 29, 60}

// remembersEnded tells whether a list says that it keeps the revocations of certificates that ended when
// this one did (X.509 §9.5.2.8).
func remembersEnded(list *crl.List, certificate *certificate.Certificate) bool {
	for _, extension := range list.Extensions {
		var since time.Time
		if extension.ID.Equal(oidExpiredCertsOnCRL) {
			rest, err := asn1.UnmarshalWithParams(extension.Value, &since, "generalized")
			return err == nil && len(rest) == 0 && !since.After(certificate.NotAfter)
		}
	}
	return false
}
