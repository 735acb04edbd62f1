// Package signing decides whether an electronic signature is good and whose it is.
//
// [Verifier.Verify] takes a CMS message, the content that *we* stored and a [Policy], and answers
// with a [Report] in the model of ETSI EN 319 102-1: TOTAL-PASSED, TOTAL-FAILED or INDETERMINATE,
// the reason as a stable code, each check with its rule, the signer with typed fields, and the
// evidence to show it again later. Only TOTAL-PASSED is a yes.
//
//	verifier := signing.NewVerifier(signing.Options{Roots: roots, Intermediates: cas, Revocation: ocsp, Now: clock})
//	report := verifier.Verify(ctx, message, storedBytes, signing.Applicant)
//	if !report.Passed() {
//		return refusal(report.Reason)
//	}
//	use(report.Signer.IIN)
//
// It trusts nothing that comes with a message: no roots, no time, no address. Trust comes from
// Options.Roots, time from Options.Now, and revocation is asked at configured addresses only. When
// revocation cannot be learnt the answer is INDETERMINATE, never a pass.
//
// The package imports nothing of the portal. Its parts: cms reads and makes messages, profile knows
// the national certificates, ocsp speaks the status protocol, pkcs12 opens key files, democa is a
// certification authority for demonstrations and tests, wasm is the signer in the browser.
package signing
