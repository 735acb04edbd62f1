// Package certificate reads X.509 certificates (RFC 5280 §4) within bounds.
//
// It exists beside crypto/x509 because that package refuses lawful certificates this field meets (negative
// serial numbers, DSA keys that inherit their parameters, names relative to a CRL issuer) and has no key for
// GOST ones. Parse keeps the bytes that were signed, types every extension that path validation needs and
// decides nothing: whether a certificate is good is said by package path, whether it is revoked by package crl.
//
//	c, err := certificate.Parse(der)
//	if err != nil { … }                  // wraps ErrMalformed or ErrTooLarge
//	c.Subject.Equal(other.Issuer)        // comparison of RFC 5280 §7.1
//
// The reader is strict where RFC 5280 says MUST and a lax reader could be led astray: DER lengths, one instance
// of each extension, the same signature algorithm inside and outside, times in the two profiles of §4.1.2.5,
// nothing after the certificate. It is tolerant where certificates in use differ and nothing follows from it:
// serial numbers of any sign and up to 64 octets, a DEFAULT value that is encoded, extensions that are critical
// or not against the profile.
//
// All is bounded: MaxSize octets a certificate, a fixed number of elements in all its lists, no recursion.
// A Certificate shares no memory with the input of Parse and is not changed after it: it may be read by many
// goroutines.
package certificate
