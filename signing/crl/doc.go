// Package crl reads certificate revocation lists and decides by them (RFC 5280 §5 and §6.3).
//
//	list, err := crl.Parse(der)                                  // once; keeps der and 4 octets an entry
//	err = list.VerifySignature(path.Table{}, path.KeyOf(issuer)) // once
//	entry, revoked := list.Find(c.RawSerial, c.Issuer)           // in a microsecond, from any goroutine
//
// Find answers what a list says. Whether that list may speak about a certificate at all (issuer, scope, reasons,
// freshness, deltas) is decided by Checker, which is RFC 5280 §6.3.3 whole; its Check has the form of path.Revocation:
//
//	checker := &crl.Checker{Lists: crl.NewSet(lists...), Paths: validator}
//	validator.Validate(ctx, path.Question{…, Revocation: checker.Check})
//
// Parse exists beside crypto/x509 because that holds every entry as a structure with a big.Int (some 20 times the
// octets of a national list), and refuses lists of the national authority, in which the algorithm has parameters
// NULL outside and none inside of what is signed. Here the list stays the bytes it came as.
//
// Nothing is fetched: lists come from the caller, who takes them from configured addresses only.
//
// # What may be cached
//
// A parsed list and the truth of its signature: until a newer one (greater Number) takes its place. What a list
// says about a certificate: never beyond the NextUpdate of that list and of the delta it was combined with.
// Cached chain verdicts must not outlive their revocation data: see package path.
package crl
