package signing

import (
	"context"
	"crypto/x509"
	"fmt"
	"time"

	"elicensing/signing/certificate"
	"elicensing/signing/crl"
	"elicensing/signing/path"
	"elicensing/signing/revocation"
)

// Revocation tells whether the first certificate of a path is revoked; *revocation.Client is one.
// Implementations ask configured addresses only, never ones that stand in a certificate, and answer
// revocation.ErrUnavailable unless they know.
type Revocation interface {
	// CheckPath asks about q.Chain[0], which q.Chain[1] issued. The answer must be current at now, though the path
	// may be judged for the earlier time q.At. It must end when ctx does. Any error counts as
	// revocation.ErrUnavailable, and so does an answer that is neither Good nor Revoked: nothing passes by silence.
	CheckPath(ctx context.Context, q path.RevocationQuestion, now time.Time) (revocation.Answer, error)
}

// Addresses are where an authority answers about the certificates that it issued: http or https. An empty one:
// it has none.
type Addresses struct {
	OCSP  string // of its responder (RFC 6960 appendix A), which is asked before the lists
	CRL   string // of its complete list
	Delta string // of its delta list (RFC 5280 §5.2.4)
}

// SourceOf is an authority with its addresses.
//
// Errors: those of certificate.Parse; an address that is not one of HTTP, or none at all.
func SourceOf(issuer *x509.Certificate, a Addresses) (revocation.Source, error) {
	own, err := certificate.Parse(issuer.Raw)
	if err != nil {
		return revocation.Source{}, fmt.Errorf("signing: authority: %w", err)
	}
	source := revocation.Source{Issuer: own, OCSP: a.OCSP, CRL: a.CRL, Delta: a.Delta}
	return source, source.Validate()
}

// checkRevocation learns of each certificate of the path but the root, which is trusted by configuration.
func (e *examination) checkRevocation(ctx context.Context) *failure {
	for i := 0; i+1 < len(e.path); i++ {
		found := e.learn(ctx, e.path[i:])
		if len(found) == 0 {
			return fail(RevocationUnavailable, "revocation cannot be learnt now")
		}
		for _, f := range found {
			e.report.Evidence.add(f.Answer)
			e.report.Revocation = append(e.report.Revocation, f.of(e.path[i]))
		}
		f, remark := e.worst(found, i == 0)
		if f != nil {
			return f
		}
		if remark != "" {
			e.warn(remark)
		}
	}
	return nil
}

func (e *Evidence) add(a revocation.Answer) {
	if a.OCSP != nil {
		e.OCSP = appendMissing(e.OCSP, a.OCSP)
	}
	e.CRLs = appendMissing(e.CRLs, a.CRLs...)
}

// learn gathers what is known of chain[0], with its issuers behind it.
//
// Answers that came with the signature are heard where the policy says so, and for a certificate that has ended:
// authorities forget those. Whoever brings them chooses them. So one who is still known is asked about nevertheless,
// and they count beside what is answered only when a time stamp shows from when on they must be; when nobody
// answers, they decide alone.
func (e *examination) learn(ctx context.Context, chain []*certificate.Certificate) []finding {
	ended := !within(chain[0], e.now)
	var kept []finding
	if ended || e.policy.KeptFirst {
		kept = e.keptAnswers(ctx, chain)
	}
	if ended && len(kept) > 0 {
		return kept
	}
	answer, ok := e.ask(ctx, chain, ended)
	switch {
	case !ok:
		return kept
	case !e.stamped:
		return []finding{{answer, false}}
	}
	return append(kept, finding{answer, false})
}

// ask asks the authority about chain[0]. It is false when that does not tell.
func (e *examination) ask(ctx context.Context, chain []*certificate.Certificate, ended bool) (revocation.Answer, bool) {
	if e.verifier.revocation == nil {
		return revocation.Answer{}, false
	}
	answer, err := e.verifier.revocation.CheckPath(ctx, path.RevocationQuestion{Chain: chain, At: e.pathAt, Extra: e.hints}, e.now)
	switch {
	case err != nil:
		return revocation.Answer{}, false
	case answer.Status == revocation.Revoked:
		return answer, true
	case answer.Status != revocation.Good:
		return revocation.Answer{}, false
	}
	return answer, !ended || answer.OCSP != nil || anyRemembersEnded(answer.CRLs, chain[0])
}

// anyRemembersEnded: absence from lists means nothing for a certificate that has ended, unless a list says so.
func anyRemembersEnded(lists [][]byte, c *certificate.Certificate) bool {
	for _, der := range lists {
		if list, err := crl.Parse(der); err == nil && remembersEnded(list, c) {
			return true
		}
	}
	return false
}
