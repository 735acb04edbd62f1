package identity

import (
	"context"

	"elicensing/server/fault"
	"elicensing/signing"
)

// Verifier is what is needed of signing.Verifier.
type Verifier interface {
	Verify(ctx context.Context, cms, content []byte, p signing.Policy) signing.Report
}

// VerifyWith checks challenges with the portal's verifier, under the policy for signing in.
func VerifyWith(v Verifier) Verify {
	return func(ctx context.Context, cms, content []byte) (Signer, error) {
		report := v.Verify(ctx, cms, content, signing.SignIn)
		if !report.Passed() || report.Signer == nil {
			return Signer{}, refusalOf(report)
		}
		s := report.Signer
		out := Signer{IIN: s.IIN, Name: s.FullName(), Serial: s.SerialNumber, NotAfter: s.NotAfter}
		if s.Kind == signing.KindEntity {
			out.BIN, out.Organisation = s.BIN, s.Organisation
			out.MaySignForEntity = s.Has(signing.RoleHead) || s.Has(signing.RoleRightToSign)
		}
		return out, nil
	}
}

// refusalOf tells a bad signature from one whose status cannot be learnt now: that is "not now", never "valid" and never "bad" (I6).
func refusalOf(report signing.Report) error {
	switch report.Reason {
	case signing.RevocationUnavailable:
		return fault.Unavailable(report.Reason)
	case "":
		return fault.Invalid(signing.SignatureMalformed)
	}
	return fault.Invalid(report.Reason)
}
