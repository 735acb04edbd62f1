package gost

import (
	"encoding/hex"
	"sync"
)

// Curve is one of the national curves, y² = x³ + a·x + b over a field of 256 or 512 bits.
type Curve struct {
	name  string
	size  int // of a coordinate and of a scalar, in bytes
	field field
	order order
	a, b  element
	// minusThree: a = −3, which makes doubling cheaper.
	minusThree bool
	tripleB    element // 3·b, for the complete formulas
	base       affine
	multiples  [1 << (baseWindow - 2)]affine // 1·G, 3·G, 5·G …: for verifying
	window     [16]projective                // 0·G, 1·G … 15·G: for secret scalars
}

// Name is the name of the parameter set.
func (c *Curve) Name() string { return c.name }

// Size is the length of a coordinate and of a secret scalar in bytes; a signature has twice as many.
func (c *Curve) Size() int { return c.size }

// Bits is the size of the field in bits.
func (c *Curve) Bits() int { return 8 * c.size }

// Curve512 is parameter set A of GOST 34.10-2015 with 512 bits: id-tc26-gost-3410-12-512-paramSetA of
// RFC 7836 appendix A.2.
var Curve512 = sync.OnceValue(func() *Curve {
	return newCurve("GOST 34.10-2015-512 A", 8, 569,
		"fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffdc4",
		"e8c2505dedfc86ddc1bd0b2b6667f1da34b82574761cb0e879bd081cfd0b6265ee3cb090f30d27614cb4574010da90dd862ef9d4ebee4761503190785a71c760",
		"ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff27e69532f48d89116ff22b8d4e0560609b4b38abfad2b85dcacdb1411f10b275",
		"3",
		"7503cfe87a836ae3a61b8816e25450e6ce5e1c93acf1abc1778064fdcbefa921df1626be4fd036e93d75e6a50e3a41e98028fe5fc235f5b889a589cb5215f2a4")
})

// Curve256 is parameter set A of GOST 34.10-2015 with 256 bits: id-tc26-gost-3410-2012-256-paramSetA of
// RFC 7836 appendix A.2. Its order has the cofactor 4.
var Curve256 = sync.OnceValue(func() *Curve {
	return newCurve("GOST 34.10-2015-256 A", 4, 617,
		"c2173f1513981673af4892c23035a27ce25e2013bf95aa33b22c656f277e7335",
		"295f9bae7428ed9ccc20e7c359a9d41a22fccd9108e17bf7ba9337a6f8ae9513",
		"400000000000000000000000000000000fd8cddfc87b6635c115af556c360c67",
		"91e38443a5e82c0d880923425712b2bb658b9196932e02c78b2582fe742daa28",
		"32879423ab1a0375895786c4bb46e9565fde0b5344766740af268adb32322e5c")
})

// Curve2004 is the curve of GOST 34.310-2004: id-GostR3410-2001-CryptoPro-A-ParamSet of RFC 4357 §11.4.
var Curve2004 = sync.OnceValue(func() *Curve {
	return newCurve("GOST 34.310-2004 A", 4, 617,
		"fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffd94",
		"a6",
		"ffffffffffffffffffffffffffffffff6c611070995ad10045841b09b761b893",
		"1",
		"8d91e471e0989cda27df505a453f2b7635294f2ddf23e3b122acc99c9e9f1e14")
})

func newCurve(name string, limbs int, c uint64, a, b, q, x, y string) *Curve {
	curve := &Curve{name: name, size: 8 * limbs, field: field{limbs, c}, a: number(a), b: number(b), base: affine{number(x), number(y)}}
	curve.order = newOrder(limbs, number(q))
	f := &curve.field
	three := element{3}
	var sum element
	f.add(&sum, &curve.a, &three)
	curve.minusThree = f.zero(&sum) == 1
	f.mul(&curve.tripleB, &three, &curve.b)
	curve.tabulate()
	return curve
}

// number reads a constant of this package.
func number(text string) element {
	if len(text)%2 == 1 {
		text = "0" + text
	}
	value, err := hex.DecodeString(text)
	if err != nil {
		panic("gost: constant is no number: " + text) // a mistake in this file, seen by any test
	}
	var e element
	for i, b := range value {
		place := len(value) - 1 - i
		e[place/8] |= uint64(b) << (place % 8 * 8)
	}
	return e
}

// decode reads a number from its bytes, the least significant first, as all national formats have them.
func decode(value []byte) element {
	var e element
	for i, b := range value {
		e[i/8] |= uint64(b) << (i % 8 * 8)
	}
	return e
}

// encode appends the least significant bytes of e, the least significant first.
func encode(out []byte, e *element, size int) []byte {
	for i := range size {
		out = append(out, byte(e[i/8]>>(i%8*8)))
	}
	return out
}

// contains tells whether the point satisfies the equation of the curve.
func (c *Curve) contains(p *affine) bool {
	f := &c.field
	var left, right element
	f.sqr(&right, &p.x)
	f.add(&right, &right, &c.a)
	f.mul(&right, &right, &p.x)
	f.add(&right, &right, &c.b)
	f.sqr(&left, &p.y)
	f.sub(&left, &left, &right)
	return f.zero(&left) == 1
}
