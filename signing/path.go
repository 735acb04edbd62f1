package signing

import (
	"context"
	"crypto/sha1" // #nosec: signingCertificate (RFC 2634 §5.4) is defined with SHA-1
	"crypto/x509"
	"errors"
	"time"

	"elicensing/signing/profile"
)

// allowedSkew is how far a signer's clock may be ahead of ours.
const allowedSkew = 5 * time.Minute

func sha1Of(data []byte) []byte {
	hash := sha1.Sum(data) // #nosec
	return hash[:]
}

// buildPath finds a path from the signer to one of our roots (RFC 5280 §6.1). Whether the signer's
// certificate is in its time is asked afterwards, so that "expired" and "not trusted" are told apart:
// for one out of its time the path is built at the middle of its validity.
func (e *examination) buildPath(context.Context) *failure {
	at := e.now
	if at.Before(e.certificate.NotBefore) || at.After(e.certificate.NotAfter) {
		at = e.certificate.NotBefore.Add(e.certificate.NotAfter.Sub(e.certificate.NotBefore) / 2)
	}
	pool := x509.NewCertPool()
	for _, c := range e.verifier.intermediates {
		pool.AddCert(c)
	}
	for _, der := range e.message.Certificates { // they help to find a path, and are trusted only through a root
		if c, err := x509.ParseCertificate(der); err == nil {
			pool.AddCert(c)
		}
	}
	paths, err := e.certificate.Verify(x509.VerifyOptions{
		Roots:         e.verifier.roots,
		Intermediates: pool,
		CurrentTime:   at,
		KeyUsages:     []x509.ExtKeyUsage{x509.ExtKeyUsageAny}, // the national profile decides, see checkProfile
	})
	if err != nil {
		return pathFailure(err)
	}
	e.path = paths[0]
	for _, c := range e.path {
		if f := acceptKey(c.PublicKey); f != nil {
			return f
		}
		e.report.Evidence.Chain = append(e.report.Evidence.Chain, c.Raw)
	}
	return nil
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

func (e *examination) checkValidity(context.Context) *failure {
	switch {
	case e.now.Before(e.certificate.NotBefore):
		return fail(CertificateNotYetValid, "certificate is not yet valid")
	case e.now.After(e.certificate.NotAfter):
		return fail(CertificateExpired, "certificate has expired")
	}
	return nil
}

// checkSigningTime refuses a claimed time that cannot be: the claim proves nothing, but a false one
// shows a broken clock or a forger.
func (e *examination) checkSigningTime(context.Context) *failure {
	claimed := e.attributes.signingTime
	if claimed.IsZero() {
		e.skip("message claims no signing time")
		return nil
	}
	switch {
	case claimed.After(e.now.Add(allowedSkew)):
		return fail(SignatureAttributes, "signingTime is in the future").as(subSignatureConstraints)
	case claimed.Before(e.certificate.NotBefore.Add(-allowedSkew)) || claimed.After(e.certificate.NotAfter):
		return fail(SignatureAttributes, "signingTime is outside the certificate's validity").as(subSignatureConstraints)
	}
	return nil
}

// checkProfile holds the certificate against the national profile and the policy of the act.
func (e *examination) checkProfile(context.Context) *failure {
	holder, err := profile.Read(e.certificate)
	switch {
	case errors.Is(err, profile.ErrNotForPeople):
		return fail(CertificateNotForPeople, "certificate of an information system")
	case err != nil:
		return fail(CertificateProfile, err.Error())
	}
	e.holder = holder
	e.report.Signer.Kind, e.report.Signer.Roles = holder.Kind, holder.Roles
	return e.policy.accept(holder)
}

func (p Policy) accept(h profile.Holder) *failure {
	usable := false
	for _, use := range p.Uses {
		usable = usable || use == h.Use
	}
	switch {
	case !usable && h.Use == profile.ForAuthentication:
		return fail(CertificateAuthOnly, "key is for authentication only")
	case !usable:
		return fail(CertificateProfile, "key is not for this use")
	case h.Kind == profile.Person && !p.Person:
		return fail(CertificateProfile, "a natural person's certificate is not accepted for this act")
	case h.Kind == profile.Person:
		return nil
	}
	for _, accepted := range p.Roles {
		for _, role := range h.Roles {
			if role == accepted {
				return nil
			}
		}
	}
	return fail(CertificateProfile, "the holder's role in the entity is not accepted for this act")
}
