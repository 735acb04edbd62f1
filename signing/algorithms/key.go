package algorithms

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/asn1"
	"errors"
	"math"
	"math/big"

	"elicensing/signing/gost"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// Kinds of keys, as Key.Kind names them.
const (
	RSA     = "RSA"     // PKCS #1 v1.5 and PSS (RFC 8017)
	ECDSA   = "ECDSA"   // over P-256, P-384 and P-521 (FIPS 186-5)
	Ed25519 = "Ed25519" // RFC 8032

	GOST512  = "GOST2015-512" // GOST 34.10-2015, parameter set A of 512 bits
	GOST256  = "GOST2015-256" // the same, 256 bits
	GOST2004 = "GOST2004"     // GOST 34.310-2004
)

// Limits of keys: below, a key is too weak (ETSI TS 119 312 §6.2); above, verifying is an attack on
// our time.
const (
	minRSABits = 2048
	maxRSABits = 8192
)

// maxSPKI bounds an encoded public key, in bytes: RSA of maxRSABits has about 1,100.
const maxSPKI = 4096

// Key is a public key. The zero value is no key: nothing verifies with it.
type Key struct {
	kind   string
	bits   int
	public crypto.PublicKey
}

// Kind names the algorithm of the key: RSA, ECDSA, Ed25519, GOST2015-512, GOST2015-256, GOST2004.
func (k Key) Kind() string { return k.kind }

// Bits is the size of the key: the modulus of RSA, the field of a curve.
func (k Key) Bits() int { return k.bits }

// Public gives the key as the standard library or package gost has it: *rsa.PublicKey,
// *ecdsa.PublicKey, ed25519.PublicKey, *gost.PublicKey.
func (k Key) Public() crypto.PublicKey { return k.public }

// Equal tells whether both are the same key.
func (k Key) Equal(other Key) bool {
	public, ok := k.public.(interface{ Equal(crypto.PublicKey) bool })
	return ok && k.kind == other.kind && public.Equal(other.public)
}

// keyForm is how a kind of key is written in a SubjectPublicKeyInfo.
type keyForm struct {
	oid  asn1.ObjectIdentifier
	read func(spki, parameters, subjectPublicKey []byte) (Key, error)
}

var (
	oidRSA         = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1} // RFC 3279 §2.3.1
	oidECPublicKey = asn1.ObjectIdentifier{1, 2, 840, 10045, 2, 1}     // RFC 5480 §2.1
	oidEd25519     = asn1.ObjectIdentifier{1, 3, 101, 112}             // RFC 8410 §3
)

var keyForms = []keyForm{
	{oidRSA, readRSA},
	{oidECPublicKey, readECDSA},
	{oidEd25519, readEd25519},
	{gost.OIDKey512, readGOST},
	{gost.OIDKey256, readGOST},
	{gost.OIDKey2004, readGOST},
}

// ParseKey reads the DER of a SubjectPublicKeyInfo (RFC 5280 §4.1.2.7) and checks that it is a
// possible key: a point on its curve, an odd modulus. Strength is judged by Scheme.Verify.
//
// Errors: ErrUnknown, ErrMalformed.
func ParseKey(spki []byte) (Key, error) {
	if len(spki) > maxSPKI {
		return Key{}, ErrMalformed
	}
	input := cryptobyte.String(spki)
	var body cryptobyte.String
	if !input.ReadASN1(&body, cbasn1.SEQUENCE) || !input.Empty() {
		return Key{}, ErrMalformed
	}
	id, err := ReadIdentifier(&body)
	if err != nil {
		return Key{}, err
	}
	var bits []byte
	if !body.ReadASN1BitStringAsBytes(&bits) || !body.Empty() {
		return Key{}, ErrMalformed
	}
	for _, form := range keyForms {
		if form.oid.Equal(id.OID) {
			return form.read(spki, id.Parameters, bits)
		}
	}
	return Key{}, ErrUnknown
}

// KeyOf takes a key that is at hand in the form of Key.Public.
//
// Errors: ErrUnknown.
func KeyOf(public crypto.PublicKey) (Key, error) {
	switch k := public.(type) {
	case *rsa.PublicKey:
		return Key{RSA, k.N.BitLen(), k}, nil
	case *ecdsa.PublicKey:
		for _, curve := range curves {
			if k.Curve == curve.curve {
				return Key{ECDSA, curve.curve.Params().BitSize, k}, nil
			}
		}
	case ed25519.PublicKey:
		return Key{Ed25519, 256, k}, nil
	case *gost.PublicKey:
		return gostKey(k), nil
	}
	return Key{}, ErrUnknown
}

func readGOST(spki, _, _ []byte) (Key, error) {
	public, err := gost.ParsePublicKey(spki)
	switch {
	case errors.Is(err, gost.ErrUnknown):
		return Key{}, ErrUnknown
	case err != nil:
		return Key{}, ErrMalformed
	}
	return gostKey(public), nil
}

func gostKey(public *gost.PublicKey) Key {
	kind := GOST2004
	switch public.Curve() {
	case gost.Curve512():
		kind = GOST512
	case gost.Curve256():
		kind = GOST256
	}
	return Key{kind, public.Curve().Bits(), public}
}

// readRSA reads RSAPublicKey (RFC 8017 appendix A.1.1).
func readRSA(_, parameters, subjectPublicKey []byte) (Key, error) {
	id := Identifier{Parameters: parameters}
	input := cryptobyte.String(subjectPublicKey)
	var body cryptobyte.String
	n, e := new(big.Int), new(big.Int)
	if !id.plain() || !input.ReadASN1(&body, cbasn1.SEQUENCE) || !input.Empty() ||
		!body.ReadASN1Integer(n) || !body.ReadASN1Integer(e) || !body.Empty() {
		return Key{}, ErrMalformed
	}
	if n.Sign() <= 0 || n.Bit(0) == 0 || !e.IsInt64() || e.Int64() < 3 || e.Int64() > math.MaxInt32 || e.Bit(0) == 0 {
		return Key{}, ErrMalformed
	}
	return Key{RSA, n.BitLen(), &rsa.PublicKey{N: n, E: int(e.Int64())}}, nil
}

var curves = []struct {
	oid   asn1.ObjectIdentifier // RFC 5480 §2.1.1.1
	curve elliptic.Curve
}{
	{asn1.ObjectIdentifier{1, 2, 840, 10045, 3, 1, 7}, elliptic.P256()},
	{asn1.ObjectIdentifier{1, 3, 132, 0, 34}, elliptic.P384()},
	{asn1.ObjectIdentifier{1, 3, 132, 0, 35}, elliptic.P521()},
}

// readECDSA reads a point in uncompressed form on a named curve (RFC 5480 §2.1.1, §2.2).
func readECDSA(_, parameters, subjectPublicKey []byte) (Key, error) {
	input := cryptobyte.String(parameters)
	var name asn1.ObjectIdentifier
	if !input.ReadASN1ObjectIdentifier(&name) || !input.Empty() {
		return Key{}, ErrMalformed // explicit parameters are forbidden (§2.1.1)
	}
	for _, row := range curves {
		if !row.oid.Equal(name) {
			continue
		}
		public, err := ecdsa.ParseUncompressedPublicKey(row.curve, subjectPublicKey)
		if err != nil {
			return Key{}, ErrMalformed
		}
		return Key{ECDSA, row.curve.Params().BitSize, public}, nil
	}
	return Key{}, ErrUnknown
}

// readEd25519 reads the 32 octets of RFC 8410 §4; parameters must be absent (§3).
func readEd25519(_, parameters, subjectPublicKey []byte) (Key, error) {
	if parameters != nil || len(subjectPublicKey) != ed25519.PublicKeySize {
		return Key{}, ErrMalformed
	}
	return Key{Ed25519, 256, ed25519.PublicKey(bytes.Clone(subjectPublicKey))}, nil
}

// strong tells whether a key may be relied on at all.
func (k Key) strong() bool {
	return k.kind != RSA || k.bits >= minRSABits && k.bits <= maxRSABits
}
