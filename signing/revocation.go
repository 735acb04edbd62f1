package signing

import (
	"context"
	"crypto/x509"
	"errors"
	"time"

	"elicensing/signing/certificate"
	"elicensing/signing/crl"
)

// ErrRevocationUnavailable says that nobody could tell now whether a certificate is revoked. It never
// means that it is not.
var ErrRevocationUnavailable = errors.New("signing: revocation cannot be learnt now")

// Revocation tells whether a certificate is revoked. Implementations ask configured addresses only,
// never ones that stand in a certificate, and answer an error unless they know.
type Revocation interface {
	// Check asks about certificate, which issuer issued, at the time at of our clock.
	Check(ctx context.Context, certificate, issuer *x509.Certificate, at time.Time) (RevocationAnswer, error)
}

// RevocationStatus is what is known of a certificate.
type RevocationStatus string

const (
	StatusGood    RevocationStatus = "good"
	StatusRevoked RevocationStatus = "revoked"
)

// RevocationAnswer is knowledge with its proof.
type RevocationAnswer struct {
	Status    RevocationStatus
	RevokedAt time.Time // of StatusRevoked
	Reason    int       // of StatusRevoked, RFC 5280 §5.3.1
	OCSP      []byte    // DER of the OCSP response that says so; nil when a CRL does
	CRL       []byte    // DER of the CRL that says so; nil when OCSP does
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
		if answer.CRL != nil {
			kept.CRLs = appendMissing(kept.CRLs, answer.CRL)
		}
		switch answer.Status {
		case StatusGood:
		case StatusRevoked:
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
func (e *examination) revoked(answer RevocationAnswer, own bool) *failure {
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
func (e *examination) authorityRevoked(answer RevocationAnswer) *failure {
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
func (e *examination) status(ctx context.Context, chain []*certificate.Certificate) (RevocationAnswer, error) {
	ended := !within(chain[0], e.now)
	if ended || e.policy.KeptFirst {
		if answer, ok := e.keptStatus(ctx, chain); ok {
			return answer, nil
		}
	}
	if e.verifier.revocation == nil {
		return RevocationAnswer{}, ErrRevocationUnavailable
	}
	asked, err := x509.ParseCertificate(chain[0].Raw)
	if err != nil {
		return RevocationAnswer{}, errors.Join(ErrRevocationUnavailable, err)
	}
	issuer, err := x509.ParseCertificate(chain[1].Raw)
	if err != nil {
		return RevocationAnswer{}, errors.Join(ErrRevocationUnavailable, err)
	}
	answer, err := e.verifier.revocation.Check(ctx, asked, issuer, e.now)
	if err == nil && ended && answer.Status == StatusGood && answer.CRL != nil {
		// Absence from a list means nothing for a certificate that has ended, unless the list says so.
		if list, err := crl.Parse(answer.CRL); err != nil || !remembersEnded(list, chain[0]) {
			return RevocationAnswer{}, ErrRevocationUnavailable
		}
	}
	return answer, err
}
