package signing

import (
	"context"
	"crypto/x509"
	"errors"
	"time"
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
	if e.verifier.revocation == nil {
		return fail(RevocationUnavailable, "no source of revocation is configured")
	}
	for i := 0; i+1 < len(e.path); i++ {
		answer, err := e.verifier.revocation.Check(ctx, e.path[i], e.path[i+1], e.now)
		if err != nil {
			return fail(RevocationUnavailable, "revocation cannot be learnt now")
		}
		if answer.OCSP != nil {
			e.report.Evidence.OCSP = append(e.report.Evidence.OCSP, answer.OCSP)
		}
		if answer.CRL != nil {
			e.report.Evidence.CRLs = append(e.report.Evidence.CRLs, answer.CRL)
		}
		switch {
		case answer.Status == StatusGood:
		case answer.Status == StatusRevoked && i == 0:
			return fail(CertificateRevoked, "certificate is revoked")
		case answer.Status == StatusRevoked:
			return fail(CertificateRevoked, "certificate of an authority is revoked").as(subRevokedCA)
		default:
			return fail(RevocationUnavailable, "revocation has an unknown status")
		}
	}
	return nil
}
