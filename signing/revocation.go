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
	CheckPath(ctx context.Context, q path.RevocationQuestion, now time.Time) (revocation.Answer, error)
}

// Addresses are where an authority answers about the certificates that it issued: http or https. An empty one:
// it has none.
type Addresses struct {
	OCSP  string
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

// checkRevocation asks for each certificate of the path but the root, which is trusted by configuration.
func (e *examination) checkRevocation(ctx context.Context) *failure {
	for i := 0; i+1 < len(e.path); i++ {
		answer, err := e.status(ctx, e.path[i:])
		if err != nil {
			return fail(RevocationUnavailable, "revocation cannot be learnt now")
		}
		kept := &e.report.Evidence
		if answer.OCSP != nil {
			kept.OCSP = appendMissing(kept.OCSP, answer.OCSP)
		}
		kept.CRLs = appendMissing(kept.CRLs, answer.CRLs...)
		switch answer.Status {
		case revocation.Good:
		case revocation.Revoked:
			if f := e.revoked(answer, i == 0); f != nil {
				return f
			}
		default:
			return fail(RevocationUnavailable, "revocation has an unknown status")
		}
	}
	return nil
}

// revoked judges a revocation by the best signature time (EN 319 102-1 §5.5.4, §5.6.2.2): what existed
// before, stays.
func (e *examination) revoked(answer revocation.Answer, own bool) *failure {
	if own && !e.stampTime.IsZero() {
		return e.authorityRevoked(answer)
	}
	switch {
	case e.stamped && answer.RevokedAt.After(e.existed):
		e.warn("a certificate was revoked after the signature existed")
		return nil
	case !own:
		return e.orLater(fail(CertificateRevoked, "certificate of an authority is revoked").as(subRevokedCA))
	case e.stamped:
		return fail(CertificateRevoked, "certificate was revoked before the signature existed").as(subRevokedBefore)
	}
	return e.orLater(fail(CertificateRevoked, "certificate is revoked"))
}

// authorityRevoked: stamps that a time-stamping authority made before it ended for a harmless reason stay
// good; any other revocation casts doubt on all of them (RFC 3161 §4, item 1).
func (e *examination) authorityRevoked(answer revocation.Answer) *failure {
	switch answer.Reason {
	case 0, 3, 4, 5: // unspecified, affiliationChanged, superseded, cessationOfOperation
		if answer.RevokedAt.After(e.stampTime) {
			e.warn("the authority was revoked after it stamped")
			return nil
		}
	}
	return fail(CertificateRevoked, "certificate of the time-stamping authority is revoked")
}

// status learns what is known of chain[0], with its issuers behind it. For one that has ended, and where the
// policy says so, the answers kept with the signature are heard first: authorities forget ended certificates.
func (e *examination) status(ctx context.Context, chain []*certificate.Certificate) (revocation.Answer, error) {
	ended := !within(chain[0], e.now)
	if ended || e.policy.KeptFirst {
		if answer, ok := e.keptStatus(ctx, chain); ok {
			return answer, nil
		}
	}
	if e.verifier.revocation == nil {
		return revocation.Answer{}, revocation.ErrUnavailable
	}
	answer, err := e.verifier.revocation.CheckPath(ctx, path.RevocationQuestion{Chain: chain, At: e.pathAt, Extra: e.hints}, e.now)
	if err == nil && ended && answer.Status == revocation.Good && answer.OCSP == nil && !anyRemembersEnded(answer.CRLs, chain[0]) {
		return revocation.Answer{}, revocation.ErrUnavailable
	}
	return answer, err
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
