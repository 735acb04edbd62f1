package identity

import (
	"context"

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
			return Signer{}, Refusal(report)
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
