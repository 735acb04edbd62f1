package algorithms

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"encoding/asn1"
	"time"

	"elicensing/signing/gost"
)

// Scheme is one way of signing: a kind of key, a hash, a padding. It comes from ForCertificate or
// ForMessage; the zero value verifies nothing.
type Scheme struct {
	row        *row
	digest     *digest
	saltLength int // of PSS, in bytes
}

// row is a row of the table of signature algorithms.
type row struct {
	name   string
	oid    asn1.ObjectIdentifier
	kind   string  // of the key
	digest *digest // nil: named by the parameters (PSS), or by the signer's digest algorithm
	// parameters says which may stand in the identifier.
	parameters parameterForm
	// message: valid in a SignerInfo only, where digestAlgorithm names the hash.
	message bool
	verify  func(s Scheme, key Key, signed, signature []byte) bool
	dates   dates
}

type parameterForm int

const (
	absent       parameterForm = iota // RFC 5758 §3.2, RFC 8410 §3
	absentOrNull                      // RFC 4055 §5
	pss                               // RFC 4055 §3.1
)

// dates are when signatures of an algorithm may have been made. Zero ends are open.
type dates struct{ from, until time.Time }

// until2004 is for archives: the last national root with GOST 34.310-2004 ended then, so nothing could be
// signed with it any more.
var until2004 = dates{until: time.Date(2025, time.July, 27, 5, 20, 49, 0, time.UTC)}

var signatures = []*row{
	{name: "sha256WithRSAEncryption", oid: asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 11}, kind: RSA, digest: sha256Digest, parameters: absentOrNull, verify: verifyPKCS1},
	{name: "sha384WithRSAEncryption", oid: asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 12}, kind: RSA, digest: sha384Digest, parameters: absentOrNull, verify: verifyPKCS1},
	{name: "sha512WithRSAEncryption", oid: asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 13}, kind: RSA, digest: sha512Digest, parameters: absentOrNull, verify: verifyPKCS1},
	{name: "rsaEncryption", oid: oidRSA, kind: RSA, parameters: absentOrNull, message: true, verify: verifyPKCS1}, // RFC 3370 §3.2
	{name: "RSASSA-PSS", oid: oidPSS, kind: RSA, parameters: pss, verify: verifyPSS},                              // RFC 4056
	{name: "ecdsa-with-SHA256", oid: asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 2}, kind: ECDSA, digest: sha256Digest, verify: verifyECDSA},
	{name: "ecdsa-with-SHA384", oid: asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 3}, kind: ECDSA, digest: sha384Digest, verify: verifyECDSA},
	{name: "ecdsa-with-SHA512", oid: asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 4}, kind: ECDSA, digest: sha512Digest, verify: verifyECDSA},
	// Ed25519 hashes by itself; in a message digestAlgorithm is SHA-512 (RFC 8419 §3).
	{name: "Ed25519", oid: oidEd25519, kind: Ed25519, digest: sha512Digest, verify: verifyEd25519},
	{name: "GOST 34.10-2015-512", oid: gost.OIDSignature512, kind: GOST512, digest: streebog512, parameters: absentOrNull, verify: verifyGOST},
	{name: "GOST 34.10-2015-256", oid: gost.OIDSignature256, kind: GOST256, digest: streebog256, parameters: absentOrNull, verify: verifyGOST},
	{name: "GOST 34.310-2004", oid: gost.OIDSignature2004, kind: GOST2004, digest: gost95, parameters: absentOrNull, verify: verifyGOST, dates: until2004},
	// National programs also name the key alone in messages.
	{name: "GOST 34.10-2015-512", oid: gost.OIDKey512, kind: GOST512, digest: streebog512, parameters: absentOrNull, message: true, verify: verifyGOST},
	{name: "GOST 34.10-2015-256", oid: gost.OIDKey256, kind: GOST256, digest: streebog256, parameters: absentOrNull, message: true, verify: verifyGOST},
	{name: "GOST 34.310-2004", oid: gost.OIDKey2004, kind: GOST2004, digest: gost95, parameters: absentOrNull, message: true, verify: verifyGOST, dates: until2004},
	// Known, so that a refusal says why.
	{name: "sha1WithRSAEncryption", oid: asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 5}, kind: RSA, digest: sha1Digest, parameters: absentOrNull, verify: verifyPKCS1},
	{name: "md5WithRSAEncryption", oid: asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 4}, kind: RSA, digest: md5Digest, parameters: absentOrNull, verify: verifyPKCS1},
	{name: "ecdsa-with-SHA1", oid: asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 1}, kind: ECDSA, digest: sha1Digest, verify: verifyECDSA},
}

// ForCertificate finds the scheme of a certificate, CRL or OCSP answer, whose signature algorithm
// fixes the hash.
//
// Errors: ErrUnknown, ErrMalformed (parameters), ErrWeak (SHA-1, MD5).
func ForCertificate(signature Identifier) (Scheme, error) {
	for _, r := range signatures {
		if r.oid.Equal(signature.OID) && !r.message {
			return r.scheme(signature)
		}
	}
	return Scheme{}, ErrUnknown
}

// ForMessage finds the scheme of a CMS SignerInfo (RFC 5652 §5.3) from its digestAlgorithm, its
// signatureAlgorithm and the signer's key. signature may be the bare identifier of the kind of key
// (RFC 3370 §3.2, and what older national programs write): then digest names the hash.
//
// Errors: ErrUnknown, ErrMalformed, ErrWeak, ErrMismatch (digest and signature name different
// hashes, or the key is of another kind).
func ForMessage(digest, signature Identifier, key Key) (Scheme, error) {
	hash, err := digestOf(digest)
	if err != nil {
		return Scheme{}, err
	}
	if hash.broken {
		return Scheme{}, ErrWeak
	}
	for _, r := range signatures {
		if !r.oid.Equal(signature.OID) {
			continue
		}
		s, err := r.scheme(signature)
		if err != nil {
			return Scheme{}, err
		}
		if s.digest == nil {
			s.digest = hash
		}
		if s.digest != hash || r.kind != key.kind {
			return Scheme{}, ErrMismatch
		}
		return s, nil
	}
	return Scheme{}, ErrUnknown
}

// scheme reads the parameters that stand with a row's identifier.
func (r *row) scheme(id Identifier) (Scheme, error) {
	s := Scheme{row: r, digest: r.digest}
	switch {
	case r.parameters == pss:
		if err := s.readPSS(id.Parameters); err != nil {
			return Scheme{}, err
		}
	case r.parameters == absent && id.Parameters != nil, !id.plain():
		return Scheme{}, ErrMalformed
	}
	if s.digest != nil && s.digest.broken {
		return Scheme{}, ErrWeak
	}
	return s, nil
}

// Name is the name of the signature algorithm in its standard.
func (s Scheme) Name() string {
	if s.row == nil {
		return ""
	}
	return s.row.name
}

// DigestName is the name of the hash, e.g. SHA-256.
func (s Scheme) DigestName() string {
	if s.digest == nil {
		return ""
	}
	return s.digest.name
}

// KeyKind is the kind of key that the scheme needs, as Key.Kind names it.
func (s Scheme) KeyKind() string {
	if s.row == nil {
		return ""
	}
	return s.row.kind
}

// Verify checks the mathematics: that signature was made over the bytes of signed with the private
// part of key. signed is not hashed yet.
//
// Errors: ErrMismatch (kind of key), ErrWeak (size of key), ErrWrong.
func (s Scheme) Verify(key Key, signed, signature []byte) error {
	if s.row == nil || key.kind != s.row.kind {
		return ErrMismatch
	}
	if !key.strong() {
		return ErrWeak
	}
	if !s.row.verify(s, key, signed, signature) {
		return ErrWrong
	}
	return nil
}

// AcceptedAt tells whether a signature of this scheme may have been made at t, which the caller can
// show (a time stamp, or now): algorithms come into use and are given up.
//
// Errors: ErrWeak.
func (s Scheme) AcceptedAt(t time.Time) error {
	if s.row == nil || !s.row.dates.from.IsZero() && t.Before(s.row.dates.from) ||
		!s.row.dates.until.IsZero() && !t.Before(s.row.dates.until) {
		return ErrWeak
	}
	return nil
}

func verifyPKCS1(s Scheme, key Key, signed, signature []byte) bool {
	public, ok := key.public.(*rsa.PublicKey)
	return ok && rsa.VerifyPKCS1v15(public, s.digest.number, s.digest.sum(signed), signature) == nil
}

func verifyPSS(s Scheme, key Key, signed, signature []byte) bool {
	public, ok := key.public.(*rsa.PublicKey)
	return ok && rsa.VerifyPSS(public, s.digest.number, s.digest.sum(signed), signature, &rsa.PSSOptions{SaltLength: s.saltLength}) == nil
}

func verifyECDSA(s Scheme, key Key, signed, signature []byte) bool {
	public, ok := key.public.(*ecdsa.PublicKey)
	return ok && ecdsa.VerifyASN1(public, s.digest.sum(signed), signature)
}

func verifyEd25519(_ Scheme, key Key, signed, signature []byte) bool {
	public, ok := key.public.(ed25519.PublicKey)
	return ok && ed25519.Verify(public, signed, signature)
}

func verifyGOST(s Scheme, key Key, signed, signature []byte) bool {
	public, ok := key.public.(*gost.PublicKey)
	return ok && public.Verify(s.digest.sum(signed), signature)
}
