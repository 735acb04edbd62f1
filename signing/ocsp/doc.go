// Package ocsp writes and reads messages of the Online Certificate Status Protocol (RFC 6960, nonce
// by RFC 9654).
//
// [Verify] accepts an answer only if it is signed by the issuer of the certificate or by a responder
// that this very issuer authorised, is about the certificate asked for, is fresh, and carries the
// nonce of the question:
//
//	target := ocsp.TargetOf(certificate, issuer)
//	question, err := ocsp.NewRequest(target, nonce) // POST it as application/ocsp-request
//	...
//	answer, err := ocsp.Verify(body, ocsp.Question{Target: target, Nonce: nonce, Now: clock(), MaxAge: 24 * time.Hour})
//	switch {
//	case err != nil: // nothing is known
//	case answer.Status == ocsp.Good:
//	}
//
// An error never means good and never means revoked. The reader takes DER only, as RFC 6960 demands of
// what is signed, without recursion and within [MaxSize]. Addresses are no business of this package:
// nothing in a message or a certificate is ever called.
package ocsp
