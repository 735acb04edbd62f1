package identity

import (
	"time"

	"elicensing/server/fault"
	"elicensing/signing"
)

// Refusal is the fault of a signature that did not pass, with what helps its maker to take the right key: the name and the last day of the
// key that was used, and when it was revoked. A signature whose status cannot be learnt now is "not now", never "valid" and never "bad"
// (I6).
func Refusal(report signing.Report) *fault.Error {
	reason := report.Reason
	if reason == "" {
		reason = signing.SignatureMalformed
	}
	if reason == signing.RevocationUnavailable {
		return WithKey(fault.Unavailable(reason), report)
	}
	return WithKey(fault.Invalid(reason), report)
}

// made is one question of the verifier with its answer: what the sender reads under "what was checked".
type made struct {
	Rule    string               `json:"rule"`
	Outcome signing.CheckOutcome `json:"outcome"`
}

// WithKey tells in a refusal which key was used and what was checked. Whoever reads it has sent the certificate himself.
func WithKey(f *fault.Error, report signing.Report) *fault.Error {
	if len(report.Checks) > 0 {
		checks := make([]made, 0, len(report.Checks))
		for _, c := range report.Checks {
			checks = append(checks, made{c.Rule, c.Outcome})
		}
		f = f.With("checks", checks)
	}
	if report.Signer == nil {
		return f
	}
	if name := report.Signer.FullName(); name != "" {
		f = f.With("signer", name)
	}
	if !report.Signer.NotAfter.IsZero() {
		f = f.With("validUntil", report.Signer.NotAfter.UTC().Format(time.RFC3339))
	}
	if report.Reason == signing.CertificateRevoked {
		if at := revokedAt(report); !at.IsZero() {
			f = f.With("revokedAt", at.UTC().Format(time.RFC3339))
		}
	}
	return f
}

// revokedAt is when the signer's own certificate was revoked, as the verifier learnt it. The zero time: it was an authority's.
func revokedAt(report signing.Report) time.Time {
	for _, found := range report.Revocation {
		if found.Serial == report.Signer.SerialNumber && found.Status == signing.StatusRevoked {
			return found.At
		}
	}
	return time.Time{}
}
