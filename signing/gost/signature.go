package gost

import (
	"crypto"
	"io"
	"math/bits"
)

// The signature is r before s, each of Curve.Size bytes with the least significant first, and the
// digest is a number whose least significant byte comes first: what the national authority and its
// programs write. Russian programs (RFC 4491, RFC 9215) write exactly the reverse of these bytes.

// Verify tells whether signature belongs to digest and the key (GOST R 34.10-2012 §6.2, RFC 7091 §6.2).
// The digest has Curve.Size bytes.
func (k *PublicKey) Verify(digest, signature []byte) bool {
	c := k.curve
	if len(digest) != c.size || len(signature) != 2*c.size {
		return false
	}
	o := &c.order
	r, s := decode(signature[:c.size]), decode(signature[c.size:])
	if r == (element{}) || s == (element{}) || !o.below(&r) || !o.below(&s) {
		return false
	}
	e := o.digest(digest)
	var v, m, n element
	o.inverse(&v, &e)
	o.mul(&m, &s, &v)
	o.mul(&n, &r, &v)
	o.negate(&n, &n)
	sum := c.combine(&m, &n, &k.point)
	return c.hasX(&sum, &r)
}

// digest reads a digest as a scalar; zero counts as one (RFC 7091 §6.1 step 2).
func (o *order) digest(digest []byte) element {
	e := decode(digest)
	o.reduce(&e, &e)
	if e == (element{}) {
		e = element{1}
	}
	return e
}

// hasX tells whether the x of a point is r modulo q: whether x·z², for which the point is given without
// dividing, is that of r, r + q, … below p.
func (c *Curve) hasX(p *jacobian, r *element) bool {
	f := &c.field
	if f.zero(&p.z) == 1 {
		return false
	}
	var zz, x element
	f.sqr(&zz, &p.z)
	for candidate := *r; ; {
		f.mul(&x, &candidate, &zz)
		f.sub(&x, &x, &p.x)
		if f.zero(&x) == 1 {
			return true
		}
		var k uint64
		for i := range f.limbs {
			candidate[i], k = bits.Add64(candidate[i], c.order.q[i], k)
		}
		if k == 1 || !f.below(&candidate) {
			return false
		}
	}
}

// Sign signs a digest of Curve.Size bytes. With random the nonce is hedged, without (nil) it depends
// on key and digest alone; neither repeats a nonce nor reveals it when random is bad. opts is not used:
// the key fixes the hash.
//
// Errors: ErrDigest, or what random answers.
func (k *PrivateKey) Sign(random io.Reader, digest []byte, _ crypto.SignerOpts) ([]byte, error) {
	c := k.curve
	if len(digest) != c.size {
		return nil, ErrDigest
	}
	nonces, err := newNonces(k, digest, random)
	if err != nil {
		return nil, err
	}
	o := &c.order
	e := o.digest(digest)
	for {
		nonce := nonces.next()
		point := c.multiplyBase(&nonce)
		var r, s, product element
		o.reduce(&r, &point.x)
		o.mul(&product, &r, &k.secret)
		o.mul(&s, &nonce, &e)
		o.add(&s, &s, &product)
		// Zero happens once in the lifetime of no universe, and the standard says what to do (§6.1).
		if r != (element{}) && s != (element{}) {
			return encode(encode(make([]byte, 0, 2*c.size), &r, c.size), &s, c.size), nil
		}
	}
}
