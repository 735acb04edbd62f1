package signing

import (
	"context"
	"errors"

	"elicensing/signing/profile"
)

// checkValidity holds the best signature time against the signer's validity. Without a time stamp that
// is now: a claimed time proves nothing.
func (e *examination) checkValidity(context.Context) *failure {
	switch {
	case e.existed.Before(e.certificate.NotBefore):
		f := fail(CertificateNotYetValid, "certificate is not yet valid")
		if e.stamped { // shown to be older than the right to sign: nothing can heal it
			f.as(subNotYetValid)
		}
		return f
	case e.existed.After(e.certificate.NotAfter):
		return e.orLater(fail(CertificateExpired, "certificate has expired"))
	}
	return nil
}

// orLater answers "try later" instead of a refusal that a time stamp, which could not be checked now, may
// turn round.
func (e *examination) orLater(f *failure) *failure {
	if e.stampLater && !e.stamped {
		return fail(RevocationUnavailable, "time stamp cannot be checked now; without it: "+f.detail)
	}
	return f
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
	case claimed.After(e.existed.Add(allowedSkew)):
		return fail(SignatureAttributes, "signingTime is later than the signature existed").as(subSignatureConstraints)
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
		return fail(CertificateProfile, err.Error()) // words of package profile only, which quote nothing
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
