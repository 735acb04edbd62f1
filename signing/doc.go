// Package signing decides whether an electronic signature is good and whose it is.
//
// [Verifier.Verify] takes a CMS message, the content that *we* stored and a [Policy], and answers
// with a [Report] in the model of ETSI EN 319 102-1: TOTAL-PASSED, TOTAL-FAILED, INDETERMINATE or
// NO_SIGNATURE_FOUND, the reason as a stable code, each check with its rule, the signer with typed
// fields, each time stamp with its own verdict, and the evidence to show it again later. Only
// TOTAL-PASSED is a yes.
//
//	verifier := signing.NewVerifier(signing.Options{Roots: roots, Intermediates: cas, Revocation: client, Now: clock})
//	report := verifier.Verify(ctx, message, storedBytes, signing.Applicant)
//	if !report.Passed() {
//		return refusal(report.Reason)
//	}
//	use(report.Signer.IIN)
//
// [Verifier.Accept] does the same and gives a good message with its evidence: a time stamp, the
// certificates and the answers about revocation (CAdES-T, -LT). Such a message is judged offline, years
// later, under [Archive]:
//
//	report, accepted, err := verifier.Accept(ctx, message, storedBytes, signing.Applicant)
//	store(accepted.Kept)
//	…
//	report = signing.NewVerifier(signing.Options{Roots: roots}).Verify(ctx, kept, storedBytes, signing.Archive)
//
// Package document does so with whole files: PDF, ASiC-E container, message.
//
// # Time
//
// The best signature time is that of the earliest good time stamp, or now. A certificate must have been
// valid then, and revoked, if at all, later. An answer about revocation that was kept with a signature must
// be from that time on (less a day; for an authority: current then), and the worst of them counts: who sends a message chooses what stands
// in it. An authority that can be asked is asked besides, and overrides them with a revocation. For a
// certificate that has ended since, only kept answers count, or those of an authority that says that it
// remembers ended certificates. Report.Revocation tells what was heard of whom.
//
// A certificate on hold is no final answer, nor is one that its authority does not know: INDETERMINATE /
// TRY_LATER. The stamps of a time-stamping authority that was revoked stay good only for a reason that is
// given and harmless (RFC 3161 §4).
//
// # Trust
//
// It trusts nothing that comes with a message: no roots, no time, no address. Trust comes from
// Options.Roots, time from Options.Now, and revocation is asked at configured addresses only. When
// revocation cannot be learnt the answer is INDETERMINATE, never a pass.
//
// An independent implementation (digitorus/pkcs7) verifies RSA and ECDSA signatures once more, on bytes that
// were bounded and normalised before. It never decides alone; when it disagrees the signature is refused and
// [Options].Alarm is told.
//
// The package imports nothing of the portal. Its parts: algorithms and gost know the mathematics, cms reads
// and makes messages, certificate, path and crl follow RFC 5280, ocsp and tsp speak their protocols,
// revocation asks the authorities, profile knows the national certificates, asice and pades the files,
// pkcs12 opens key files, democa is a certification authority for demonstrations and tests, wasm is the
// signer in the browser. `make conformance` prints what the suites show.
package signing
