package signing

import (
	"context"
	"errors"
	"time"

	"elicensing/signing/certificate"
	"elicensing/signing/path"
)

// allowedSkew is how far a signer's clock may be ahead of ours.
const allowedSkew = 5 * time.Minute

// buildPath finds a path from the signer to one of our roots (RFC 5280 §6.1). Whether the signer's
// certificate is in its time is asked afterwards, so that "expired" and "not trusted" are told apart:
// for one out of its time the path is built at the middle of its validity.
func (e *examination) buildPath(ctx context.Context) *failure {
	at := e.inItsTime()
	if !within(e.certificate, e.now) && e.stamped && within(e.certificate, e.existed) {
		at = e.existed
	}
	e.pathAt = at
	found, f := e.findPath(ctx, at)
	if f != nil && f.reason == CertificateExpired && e.stamped && !at.Equal(e.existed) {
		e.pathAt = e.existed
		found, f = e.findPath(ctx, e.existed) // an authority ended since; what it issued before stays (EN 319 102-1 §5.6.2.1)
	}
	if f != nil {
		return f
	}
	e.path = found
	for _, c := range found {
		e.report.Evidence.Chain = append(e.report.Evidence.Chain, c.Raw)
	}
	return nil
}

// inItsTime is now, or a time when the certificate was valid.
func (e *examination) inItsTime() time.Time {
	if within(e.certificate, e.now) {
		return e.now
	}
	return e.certificate.NotBefore.Add(e.certificate.NotAfter.Sub(e.certificate.NotBefore) / 2)
}

func within(c *certificate.Certificate, at time.Time) bool {
	return !at.Before(c.NotBefore) && !at.After(c.NotAfter)
}

func (e *examination) findPath(ctx context.Context, at time.Time) ([]*certificate.Certificate, *failure) {
	result, err := e.verifier.paths.Validate(ctx, path.Question{Target: e.certificate, At: at, Extra: e.hints})
	if ctx.Err() != nil {
		return nil, fail(RevocationUnavailable, "checking was interrupted")
	}
	if err != nil {
		return nil, pathFailure(err)
	}
	return result.Chain, nil
}

// pathFailure tells a broken path in our words and in those of EN 319 102-1.
func pathFailure(err error) *failure {
	var broken *path.Failure
	if !errors.As(err, &broken) {
		return fail(CertificateUntrusted, "no valid path to a trusted root")
	}
	switch broken.Rule {
	case path.RuleAlgorithm:
		return fail(SignatureAlgorithm, "a certificate of the path is signed by an algorithm that is not accepted")
	case path.RuleExpired, path.RuleNotYetValid:
		// The signer's own time is not in question here, see buildPath: an authority's is.
		return fail(CertificateExpired, "certificate of an authority is out of its time")
	case path.RuleNames, path.RulePolicy, path.RulePolicyMapping, path.RuleCriticalExtension:
		return fail(CertificateUntrusted, "a certificate of the path breaks a constraint: "+string(broken.Rule)).as(subChainConstraints)
	case path.RuleBasicConstraints, path.RulePathLength, path.RuleKeyUsage:
		return fail(CertificateUntrusted, "a certificate of the path is no authority's: "+string(broken.Rule)).as(subChainGeneral)
	}
	return fail(CertificateUntrusted, "no path to a trusted root")
}
