package gost

import (
	"encoding/asn1"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// Object identifiers of the national authority, arc 1.2.398.3.10.1.
var (
	OIDKey512       = asn1.ObjectIdentifier{1, 2, 398, 3, 10, 1, 1, 2, 2}    // key of GOST 34.10-2015, 512 bits
	OIDKey256       = asn1.ObjectIdentifier{1, 2, 398, 3, 10, 1, 1, 2, 1}    // the same, 256 bits
	OIDKey2004      = asn1.ObjectIdentifier{1, 2, 398, 3, 10, 1, 1, 1, 1}    // key of GOST 34.310-2004
	OIDSignature512 = asn1.ObjectIdentifier{1, 2, 398, 3, 10, 1, 1, 2, 3, 2} // with Streebog-512
	OIDSignature256 = asn1.ObjectIdentifier{1, 2, 398, 3, 10, 1, 1, 2, 3, 1} // with Streebog-256
	// OIDSignature2004 is GOST 34.310-2004 with GOST 34.311-95.
	OIDSignature2004 = asn1.ObjectIdentifier{1, 2, 398, 3, 10, 1, 1, 1, 2}
	OIDStreebog512   = asn1.ObjectIdentifier{1, 2, 398, 3, 10, 1, 3, 3} // GOST R 34.11-2012, 64 octets (RFC 6986)
	OIDStreebog256   = asn1.ObjectIdentifier{1, 2, 398, 3, 10, 1, 3, 2} // GOST R 34.11-2012, 32 octets
	OIDGOST95        = asn1.ObjectIdentifier{1, 2, 398, 3, 10, 1, 3, 1} // GOST 34.311-95, 32 octets (RFC 5831)
)

// form is how the keys of a curve are written in ASN.1.
type form struct {
	key        asn1.ObjectIdentifier
	parameters asn1.ObjectIdentifier
	digest     asn1.ObjectIdentifier
	curve      func() *Curve
}

var forms = []form{
	{OIDKey512, asn1.ObjectIdentifier{1, 2, 398, 3, 10, 1, 1, 2, 2, 1}, OIDStreebog512, Curve512},
	{OIDKey256, asn1.ObjectIdentifier{1, 2, 398, 3, 10, 1, 1, 2, 1, 1}, OIDStreebog256, Curve256},
	{OIDKey2004, asn1.ObjectIdentifier{1, 2, 398, 3, 10, 1, 1, 1, 1, 1}, asn1.ObjectIdentifier{1, 2, 398, 3, 10, 1, 3, 1, 1, 0}, Curve2004},
}

func (c *Curve) form() form {
	for _, f := range forms {
		if f.curve() == c {
			return f
		}
	}
	return form{} // no curve is made outside of this package
}

// readForm reads the AlgorithmIdentifier of a key: its kind, and as parameters the set of the curve
// and the digest, of which the digest may be left out.
func readForm(input *cryptobyte.String) (form, error) {
	var id, parameters cryptobyte.String
	var key, set, digest asn1.ObjectIdentifier
	if !input.ReadASN1(&id, cbasn1.SEQUENCE) || !id.ReadASN1ObjectIdentifier(&key) {
		return form{}, ErrMalformed
	}
	for _, f := range forms {
		if !f.key.Equal(key) {
			continue
		}
		if !id.ReadASN1(&parameters, cbasn1.SEQUENCE) || !id.Empty() || !parameters.ReadASN1ObjectIdentifier(&set) {
			return form{}, ErrMalformed
		}
		if !parameters.Empty() && (!parameters.ReadASN1ObjectIdentifier(&digest) || !parameters.Empty()) {
			return form{}, ErrMalformed
		}
		if !f.parameters.Equal(set) || digest != nil && !f.digest.Equal(digest) {
			return form{}, ErrUnknown
		}
		return f, nil
	}
	return form{}, ErrUnknown
}

func (f form) add(b *cryptobyte.Builder) {
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(f.key)
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier(f.parameters)
			b.AddASN1ObjectIdentifier(f.digest)
		})
	})
}

// ParsePublicKey reads the DER of a SubjectPublicKeyInfo as national certificates have it.
//
// Errors: ErrUnknown (another algorithm or parameter set), ErrMalformed.
func ParsePublicKey(spki []byte) (*PublicKey, error) {
	input := cryptobyte.String(spki)
	var body, point cryptobyte.String
	if !input.ReadASN1(&body, cbasn1.SEQUENCE) || !input.Empty() {
		return nil, ErrMalformed
	}
	f, err := readForm(&body)
	if err != nil {
		return nil, err
	}
	var bits []byte
	if !body.ReadASN1BitStringAsBytes(&bits) || !body.Empty() {
		return nil, ErrMalformed
	}
	octets := cryptobyte.String(bits)
	if !octets.ReadASN1(&point, cbasn1.OCTET_STRING) || !octets.Empty() {
		return nil, ErrMalformed
	}
	return NewPublicKey(f.curve(), point)
}

// Marshal writes the DER of the SubjectPublicKeyInfo.
func (k *PublicKey) Marshal() []byte {
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		k.curve.form().add(b)
		b.AddASN1(cbasn1.BIT_STRING, func(b *cryptobyte.Builder) {
			b.AddUint8(0) // no unused bits
			b.AddASN1OctetString(k.Bytes())
		})
	})
	return b.BytesOrPanic() // fails only for an impossible OID of ours
}

// ParsePrivateKey reads the DER of a PrivateKeyInfo (PKCS#8, RFC 5208 §5) as it stands in national key
// files: the scalar in an octet string within privateKey, the least significant byte first; keys of
// GOST 34.310-2004 have it as an INTEGER.
//
// Errors: ErrUnknown (another algorithm or parameter set), ErrMalformed.
func ParsePrivateKey(pkcs8 []byte) (*PrivateKey, error) {
	input := cryptobyte.String(pkcs8)
	var body, wrapped cryptobyte.String
	var version int
	if !input.ReadASN1(&body, cbasn1.SEQUENCE) || !input.Empty() || !body.ReadASN1Integer(&version) || version != 0 {
		return nil, ErrMalformed
	}
	f, err := readForm(&body)
	if err != nil {
		return nil, err
	}
	attributes := cbasn1.Tag(0).ContextSpecific().Constructed()
	if !body.ReadASN1(&wrapped, cbasn1.OCTET_STRING) || !body.SkipOptionalASN1(attributes) || !body.Empty() {
		return nil, ErrMalformed
	}
	curve := f.curve()
	secret, ok := readSecret(wrapped, curve.size)
	if !ok {
		return nil, ErrMalformed
	}
	return NewPrivateKey(curve, secret)
}

// readSecret reads the scalar in either of its forms, and gives it with the least significant byte first.
func readSecret(wrapped cryptobyte.String, size int) ([]byte, bool) {
	var secret cryptobyte.String
	if wrapped.PeekASN1Tag(cbasn1.OCTET_STRING) {
		ok := wrapped.ReadASN1(&secret, cbasn1.OCTET_STRING) && wrapped.Empty()
		return secret, ok
	}
	if !wrapped.ReadASN1(&secret, cbasn1.INTEGER) || !wrapped.Empty() {
		return nil, false
	}
	if len(secret) > size && secret[0] == 0 {
		secret = secret[1:] // the sign
	}
	if len(secret) > size || len(secret) == 0 {
		return nil, false
	}
	scalar := make([]byte, size)
	for i, b := range secret {
		scalar[len(secret)-1-i] = b
	}
	return scalar, true
}

// Marshal writes the DER of the PrivateKeyInfo.
func (k *PrivateKey) Marshal() []byte {
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1Int64(0)
		k.curve.form().add(b)
		b.AddASN1(cbasn1.OCTET_STRING, func(b *cryptobyte.Builder) { b.AddASN1OctetString(k.Bytes()) })
	})
	return b.BytesOrPanic()
}
