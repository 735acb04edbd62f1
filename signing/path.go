package signing

import (
	"context"
	"crypto/x509"
	"errors"
	"time"

	"elicensing/signing/algorithms"
)

// allowedSkew is how far a signer's clock may be ahead of ours.
const allowedSkew = 5 * time.Minute

// buildPath finds a path from the signer to one of our roots (RFC 5280 §6.1). Whether the signer's
// certificate is in its time is asked afterwards, so that "expired" and "not trusted" are told apart:
// for one out of its time the path is built at the middle of its validity.
func (e *examination) buildPath(context.Context) *failure {
	at := e.now
	if !within(e.certificate, at) && e.stamped {
		at = e.existed
	}
	if !within(e.certificate, at) {
		at = e.certificate.NotBefore.Add(e.certificate.NotAfter.Sub(e.certificate.NotBefore) / 2)
	}
	path, f := e.findPath(at)
	if f != nil && f.reason == CertificateExpired && e.stamped && !at.Equal(e.existed) {
		path, f = e.findPath(e.existed) // an authority ended since; what it issued before stays (EN 319 102-1 §5.6.2.1)
	}
	if f != nil {
		return f
	}
	e.path = path
	for _, c := range path {
		e.report.Evidence.Chain = append(e.report.Evidence.Chain, c.Raw)
	}
	return nil
}

func within(c *x509.Certificate, at time.Time) bool {
	return !at.Before(c.NotBefore) && !at.After(c.NotAfter)
}

func (e *examination) findPath(at time.Time) ([]*x509.Certificate, *failure) {
	pool := x509.NewCertPool()
	for _, c := range e.verifier.intermediates {
		pool.AddCert(c)
	}
	for _, bag := range [][][]byte{e.message.Certificates, e.kept.Certificates} {
		for _, der := range bag { // they help to find a path, and are trusted only through a root
			if c, err := x509.ParseCertificate(der); err == nil {
				pool.AddCert(c)
			}
		}
	}
	paths, err := e.certificate.Verify(x509.VerifyOptions{
		Roots:         e.verifier.roots,
		Intermediates: pool,
		CurrentTime:   at,
		KeyUsages:     []x509.ExtKeyUsage{x509.ExtKeyUsageAny}, // the national profile decides, see checkProfile
	})
	if err != nil {
		return nil, pathFailure(err)
	}
	for _, c := range paths[0] {
		key, err := algorithms.ParseKey(c.RawSubjectPublicKeyInfo)
		if err != nil || key.Kind() == algorithms.RSA && key.Bits() < 2048 {
			return nil, fail(SignatureAlgorithm, "key of a certificate of the path is not accepted")
		}
	}
	return paths[0], nil
}

func pathFailure(err error) *failure {
	var unknown x509.UnknownAuthorityError
	var invalid x509.CertificateInvalidError
	var critical x509.UnhandledCriticalExtension
	switch {
	case errors.As(err, &unknown):
		return fail(CertificateUntrusted, "no path to a trusted root")
	case errors.As(err, &critical):
		return fail(CertificateUntrusted, "certificate has a critical extension that is not understood").as(subChainConstraints)
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		// The signer's own time is not in question here, see buildPath: an authority's is.
		return fail(CertificateExpired, "certificate of an authority is out of its time")
	case errors.As(err, &invalid):
		return fail(CertificateUntrusted, "a certificate of the path breaks a constraint").as(subChainGeneral)
	}
	return fail(CertificateUntrusted, "no valid path to a trusted root")
}
