// Package tsp asks for, reads, verifies and makes time stamps by the Time-Stamp Protocol (RFC 3161,
// updated by RFC 5816).
//
// A token says: these bytes existed at this time. It proves nothing until [Token.Verify] has held it
// against the bytes, and until the certificate of its authority is trusted, which is for the caller to
// decide by [Expectation.Trust] (a path to a root, at the time of the token, not revoked):
//
//	token, err := tsp.Parse(attributeValue)
//	...
//	err = token.Verify(tsp.Expectation{Data: signatureValue, Now: clock(), Trust: pathToARoot})
//	if err == nil {
//		useAsLatestPossibleTime(token.Time)
//	}
//
// [Client] asks an authority at a configured address, [Stamper] is an authority. Nothing in a token or
// a certificate is ever called. Readers are bounded; nothing panics on hostile bytes.
package tsp
