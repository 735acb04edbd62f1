package gost

import (
	"crypto"
	"crypto/subtle"
	"errors"
	"io"
)

// Errors of this package; errors.Is tells them apart.
var (
	// ErrMalformed: bytes that are no key, or a point that is not on its curve.
	ErrMalformed = errors.New("gost: malformed key")
	// ErrUnknown: a key of another algorithm or with other parameters.
	ErrUnknown = errors.New("gost: algorithm or parameters are not known")
	// ErrDigest: Sign was given something that is no digest for its key.
	ErrDigest = errors.New("gost: digest has a wrong length")
)

// PublicKey is a point of a curve. It is not to be changed once made.
type PublicKey struct {
	curve *Curve
	point affine
}

// Curve is the curve of the key.
func (k *PublicKey) Curve() *Curve { return k.curve }

// NewPublicKey reads a point from its coordinates, x before y, each of Curve.Size bytes with the least
// significant first, as certificates have them.
//
// Errors: ErrMalformed (length, coordinate not below the field's prime, not on the curve, of small order).
func NewPublicKey(curve *Curve, coordinates []byte) (*PublicKey, error) {
	if len(coordinates) != 2*curve.size {
		return nil, ErrMalformed
	}
	k := &PublicKey{curve, affine{decode(coordinates[:curve.size]), decode(coordinates[curve.size:])}}
	if !curve.field.below(&k.point.x) || !curve.field.below(&k.point.y) || !curve.contains(&k.point) || curve.smallOrder(&k.point) {
		return nil, ErrMalformed
	}
	return k, nil
}

// smallOrder tells whether 4·p is neutral: the cofactor of Curve256 is 4, that of the others is 1.
func (c *Curve) smallOrder(p *affine) bool {
	multiple := jacobian{p.x, p.y, element{1}}
	c.double(&multiple)
	c.double(&multiple)
	return c.field.zero(&multiple.z) == 1
}

// Bytes are the coordinates as NewPublicKey reads them.
func (k *PublicKey) Bytes() []byte {
	return encode(encode(make([]byte, 0, 2*k.curve.size), &k.point.x, k.curve.size), &k.point.y, k.curve.size)
}

// Equal tells whether other is the same *PublicKey on the same curve.
func (k *PublicKey) Equal(other crypto.PublicKey) bool {
	o, ok := other.(*PublicKey)
	return ok && k.curve == o.curve && k.point == o.point
}

// PrivateKey is a secret scalar with its public key. It is a crypto.Signer.
type PrivateKey struct {
	PublicKey
	secret element
}

// NewPrivateKey reads a secret scalar of Curve.Size bytes, the least significant first, as the
// national authority writes it.
//
// Errors: ErrMalformed (length; zero or not below the order).
func NewPrivateKey(curve *Curve, secret []byte) (*PrivateKey, error) {
	if len(secret) != curve.size {
		return nil, ErrMalformed
	}
	d := decode(secret)
	if !curve.order.below(&d) || d == (element{}) {
		return nil, ErrMalformed
	}
	return &PrivateKey{PublicKey{curve, curve.multiplyBase(&d)}, d}, nil
}

// GenerateKey makes a key from random, which must be a cryptographic source.
//
// Errors: what random answers.
func GenerateKey(curve *Curve, random io.Reader) (*PrivateKey, error) {
	secret := make([]byte, curve.size)
	for {
		if _, err := io.ReadFull(random, secret); err != nil {
			return nil, err
		}
		// Out of range happens once in 2^256, with Curve256 (an order of 254 bits) three times of four.
		if k, err := NewPrivateKey(curve, secret); err == nil {
			return k, nil
		}
	}
}

// Bytes is the secret scalar as NewPrivateKey reads it.
func (k *PrivateKey) Bytes() []byte {
	return encode(make([]byte, 0, k.curve.size), &k.secret, k.curve.size)
}

// Public is the key's *PublicKey.
func (k *PrivateKey) Public() crypto.PublicKey { return &k.PublicKey }

// Equal tells in constant time whether other is the same *PrivateKey.
func (k *PrivateKey) Equal(other crypto.PrivateKey) bool {
	o, ok := other.(*PrivateKey)
	return ok && k.curve == o.curve && subtle.ConstantTimeCompare(k.Bytes(), o.Bytes()) == 1
}
