// Package cms reads and makes CMS SignedData messages (RFC 5652), the form in which NCALayer,
// OpenSSL and our browser signer hand over an electronic signature.
//
// Reading trusts nothing: a message has at most [MaxSize] bytes, [MaxDepth] levels and
// [MaxElements] elements, all counted by a loop (never by recursion) before any parser sees the
// bytes; BER with indefinite lengths, which the national library writes, becomes DER in one pass;
// bytes after the message are refused. Parse says what a message *is*; whether its signature is
// good is decided by package signing.
//
// Making writes CAdES-BES (ETSI EN 319 122-1 §5): contentType, messageDigest,
// signingCertificateV2 and, unless PAdES forbids it, signingTime, in DER order.
//
// The package compiles to WebAssembly and therefore imports little.
package cms
