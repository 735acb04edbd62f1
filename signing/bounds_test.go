package signing_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"elicensing/signing"
)

func TestNoContentIsNoMatch(t *testing.T) {
	message := forge(t, holder(t, "person"), nil)
	for _, none := range [][]byte{nil, {}} {
		report := verifier(t).Verify(context.Background(), message, none, signing.Applicant)
		if report.Reason != signing.SignatureContentMissing || report.SubIndication != "SIGNED_DATA_NOT_FOUND" || report.Outcome != signing.Indeterminate {
			t.Errorf("%s %s %s", report.Outcome, report.SubIndication, report.Reason)
		}
	}
}

func TestSizesAndDepthsAreBounded(t *testing.T) {
	for name, tc := range map[string]struct {
		message []byte
		reason  string
	}{
		"20 MB of open sequences":  {bytes.Repeat([]byte{0x30, 0x80}, 10<<20), signing.SignatureTooLarge},
		"200 KB of open sequences": {bytes.Repeat([]byte{0x30, 0x80}, 100<<10), signing.SignatureTooDeep},
		"257 KB":                   {append([]byte{0x30, 0x83, 0x04, 0x04, 0x00}, make([]byte, 263168)...), signing.SignatureTooLarge},
		"nothing":                  {nil, signing.SignatureMalformed},
	} {
		if report := verify(t, tc.message); report.Reason != tc.reason || report.Outcome != signing.TotalFailed {
			t.Errorf("%s: %s %s", name, report.Outcome, report.Reason)
		}
	}
}

func TestVerifierWithoutTrustOrRevocationRefuses(t *testing.T) {
	message, a := forge(t, holder(t, "person"), nil), demo(t)
	now := func() time.Time { return T0 }
	for name, tc := range map[string]struct {
		options signing.Options
		reason  string
	}{
		"no roots":      {signing.Options{Intermediates: a.Intermediates(), Revocation: a.Revocation(), Now: now}, signing.CertificateUntrusted},
		"no revocation": {signing.Options{Roots: a.Roots(), Intermediates: a.Intermediates(), Now: now}, signing.RevocationUnavailable},
	} {
		report := signing.NewVerifier(tc.options).Verify(context.Background(), message, content, signing.Applicant)
		if report.Passed() || report.Reason != tc.reason {
			t.Errorf("%s: %s", name, report.Reason)
		}
	}
}
