package signing

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	_ "crypto/sha256" // the hashes of the tables
	_ "crypto/sha512"
	"encoding/asn1"

	"elicensing/signing/cms"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// Limits of keys: below, a key is too weak (ETSI TS 119 312 §6.2); above, verifying is an attack on
// our time.
const (
	minRSABits = 2048
	maxRSABits = 8192
)

// digestAlgorithms are the accepted hashes (RFC 5754 §2; SHA-1 and MD5 never).
var digestAlgorithms = []struct {
	oid  asn1.ObjectIdentifier
	hash crypto.Hash
}{
	{cms.OIDSHA256, crypto.SHA256},
	{cms.OIDSHA384, crypto.SHA384},
	{cms.OIDSHA512, crypto.SHA512},
}

func hashOf(oid asn1.ObjectIdentifier) (crypto.Hash, bool) {
	for _, row := range digestAlgorithms {
		if row.oid.Equal(oid) {
			return row.hash, true
		}
	}
	return 0, false
}

type keyType string

const (
	rsaKey   keyType = "RSA"
	ecdsaKey keyType = "ECDSA"
)

// signatureAlgorithm is a row of the table of accepted algorithms.
type signatureAlgorithm struct {
	oid      asn1.ObjectIdentifier
	key      keyType
	hash     crypto.Hash // zero: the signer's digest algorithm names it
	pss      bool
	nullable bool // NULL parameters are allowed; otherwise they must be absent
}

var signatureAlgorithms = []signatureAlgorithm{
	{oid: cms.OIDRSA, key: rsaKey, nullable: true}, // RFC 3370 §3.2
	{oid: cms.OIDSHA256WithRSA, key: rsaKey, hash: crypto.SHA256, nullable: true},
	{oid: cms.OIDSHA384WithRSA, key: rsaKey, hash: crypto.SHA384, nullable: true},
	{oid: cms.OIDSHA512WithRSA, key: rsaKey, hash: crypto.SHA512, nullable: true},
	{oid: cms.OIDRSAPSS, key: rsaKey, pss: true},                      // RFC 4056
	{oid: cms.OIDECDSAWithSHA256, key: ecdsaKey, hash: crypto.SHA256}, // RFC 5758 §3.2
	{oid: cms.OIDECDSAWithSHA384, key: ecdsaKey, hash: crypto.SHA384},
	{oid: cms.OIDECDSAWithSHA512, key: ecdsaKey, hash: crypto.SHA512},
}

var curveBits = []int{256, 384, 521} // P-256, P-384, P-521: the only ones that crypto/ecdsa reads with these sizes

// scheme is how one signature is to be verified.
type scheme struct {
	signatureAlgorithm
	digest     crypto.Hash
	saltLength int // PSS
}

// schemeOf finds the scheme of a signer and refuses what is not in the tables, or contradicts itself.
func schemeOf(s cms.SignerInfo) (scheme, *failure) {
	digest, ok := hashOf(s.DigestAlgorithm.OID)
	if !ok {
		return scheme{}, fail(SignatureAlgorithm, "digest algorithm is not accepted")
	}
	if !absentOrNull(s.DigestAlgorithm.Parameters) {
		return scheme{}, fail(SignatureAlgorithm, "digest algorithm has parameters").as(subFormatFailure)
	}
	for _, row := range signatureAlgorithms {
		if !row.oid.Equal(s.SignatureAlgorithm.OID) {
			continue
		}
		found := scheme{signatureAlgorithm: row, digest: digest}
		parameters := s.SignatureAlgorithm.Parameters
		switch {
		case row.pss:
			return found, found.readPSS(parameters)
		case row.hash != 0 && row.hash != digest:
			return scheme{}, fail(SignatureAlgorithm, "signature algorithm and digest algorithm name different hashes").as(subFormatFailure)
		case len(parameters) > 0 && !(row.nullable && absentOrNull(parameters)):
			return scheme{}, fail(SignatureAlgorithm, "signature algorithm has parameters").as(subFormatFailure)
		}
		return found, nil
	}
	return scheme{}, fail(SignatureAlgorithm, "signature algorithm is not accepted")
}

func absentOrNull(parameters []byte) bool {
	return len(parameters) == 0 || bytes.Equal(parameters, []byte{0x05, 0x00})
}

// readPSS reads RSASSA-PSS-params (RFC 4055 §3.1). Hash, mask hash and digest algorithm must be
// one; the defaults are SHA-1 and therefore never accepted.
func (s *scheme) readPSS(parameters []byte) *failure {
	refuse := fail(SignatureAlgorithm, "RSASSA-PSS parameters are not accepted")
	input := cryptobyte.String(parameters)
	var body, hash, mask, salt cryptobyte.String
	var hasHash, hasMask, hasSalt bool
	tag := func(n uint8) cbasn1.Tag { return cbasn1.Tag(n).ContextSpecific().Constructed() }
	if !input.ReadASN1(&body, cbasn1.SEQUENCE) || !input.Empty() ||
		!body.ReadOptionalASN1(&hash, &hasHash, tag(0)) ||
		!body.ReadOptionalASN1(&mask, &hasMask, tag(1)) ||
		!body.ReadOptionalASN1(&salt, &hasSalt, tag(2)) ||
		!body.SkipOptionalASN1(tag(3)) || !body.Empty() || !hasHash || !hasMask {
		return refuse
	}
	var maskBody cryptobyte.String
	var maskOID asn1.ObjectIdentifier
	if h, ok := readHash(&hash); !ok || h != s.digest || !hash.Empty() {
		return refuse
	}
	if !mask.ReadASN1(&maskBody, cbasn1.SEQUENCE) || !mask.Empty() ||
		!maskBody.ReadASN1ObjectIdentifier(&maskOID) || !maskOID.Equal(cms.OIDMGF1) {
		return refuse
	}
	if h, ok := readHash(&maskBody); !ok || h != s.digest || !maskBody.Empty() {
		return refuse
	}
	s.saltLength = 20
	if hasSalt && (!salt.ReadASN1Integer(&s.saltLength) || !salt.Empty()) {
		return refuse
	}
	if s.saltLength < 1 || s.saltLength > maxRSABits/8 {
		return refuse
	}
	return nil
}

func readHash(from *cryptobyte.String) (crypto.Hash, bool) {
	var body cryptobyte.String
	var oid asn1.ObjectIdentifier
	if !from.ReadASN1(&body, cbasn1.SEQUENCE) || !body.ReadASN1ObjectIdentifier(&oid) || !absentOrNull(body) {
		return 0, false
	}
	return hashOf(oid)
}

// verify checks the mathematics: signature over signed by key.
func (s scheme) verify(key crypto.PublicKey, signed, signature []byte) *failure {
	if f := acceptKey(key); f != nil {
		return f
	}
	digest := hashSum(s.digest, signed)
	good := false
	switch k := key.(type) {
	case *rsa.PublicKey:
		if s.key != rsaKey {
			return fail(SignatureAlgorithm, "key and signature algorithm do not go together").as(subFormatFailure)
		}
		if s.pss {
			good = rsa.VerifyPSS(k, s.digest, digest, signature, &rsa.PSSOptions{SaltLength: s.saltLength}) == nil
		} else {
			good = rsa.VerifyPKCS1v15(k, s.digest, digest, signature) == nil
		}
	case *ecdsa.PublicKey:
		if s.key != ecdsaKey {
			return fail(SignatureAlgorithm, "key and signature algorithm do not go together").as(subFormatFailure)
		}
		good = ecdsa.VerifyASN1(k, digest, signature)
	}
	if !good {
		return fail(SignatureWrong, "signature does not belong to these attributes and this key")
	}
	return nil
}

// acceptKey holds for signers and for authorities alike.
func acceptKey(key crypto.PublicKey) *failure {
	switch k := key.(type) {
	case *rsa.PublicKey:
		if bits := k.N.BitLen(); bits < minRSABits || bits > maxRSABits {
			return fail(SignatureAlgorithm, "RSA key has a size that is not accepted")
		}
		return nil
	case *ecdsa.PublicKey:
		for _, bits := range curveBits {
			if k.Curve.Params().BitSize == bits {
				return nil
			}
		}
	}
	return fail(SignatureAlgorithm, "kind of key is not accepted")
}

func hashSum(hash crypto.Hash, data []byte) []byte {
	h := hash.New()
	h.Write(data)
	return h.Sum(nil)
}
