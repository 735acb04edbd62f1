package identity

import (
	"crypto/x509"
	"math/big"
	"time"

	"golang.org/x/crypto/ocsp"

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

// WithKey tells in a refusal which key was used. Whoever reads it has sent the certificate himself.
func WithKey(f *fault.Error, report signing.Report) *fault.Error {
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

// revokedAt reads the moment of revocation out of the answers that the verifier has accepted. The zero time when they are in a form that is
// not read here: the refusal stands without it.
func revokedAt(report signing.Report) time.Time {
	serial, ok := new(big.Int).SetString(report.Signer.SerialNumber, 16)
	if !ok {
		return time.Time{}
	}
	for _, der := range report.Evidence.OCSP {
		answer, err := ocsp.ParseResponse(der, nil)
		if err == nil && answer.Status == ocsp.Revoked && answer.SerialNumber.Cmp(serial) == 0 {
			return answer.RevokedAt
		}
	}
	for _, der := range report.Evidence.CRLs {
		list, err := x509.ParseRevocationList(der)
		if err != nil {
			continue
		}
		for _, entry := range list.RevokedCertificateEntries {
			if entry.SerialNumber.Cmp(serial) == 0 {
				return entry.RevocationTime
			}
		}
	}
	return time.Time{}
}
