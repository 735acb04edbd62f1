// Package algorithms is the table of signature and digest algorithms: which are known, which are
// good enough, for which time, and how a signature of each is checked.
//
//	key, err := algorithms.ParseKey(spki)               // SubjectPublicKeyInfo of the signer
//	scheme, err := algorithms.ForCertificate(signature) // AlgorithmIdentifier of the certificate, CRL, OCSP answer
//	err = scheme.Verify(key, tbs, signatureBytes)
//	err = scheme.AcceptedAt(signingTime)
//
// For a CMS message, where the hash is named apart from the signature, ForMessage takes the place of
// ForCertificate. A scheme never takes the hash from the signature value: it is fixed before the key
// is used.
//
// Strength (ETSI TS 119 312, adapted to what the national authority issues): RSA of 2048 to 8192
// bits, ECDSA on P-256, P-384 and P-521, Ed25519, SHA-2; SHA-1 and MD5 never, whatever the date, as
// nothing made today shows that a signature with them was made before they were broken.
//
// The package knows no certificates, no clock and no network. It is safe for concurrent use.
package algorithms
