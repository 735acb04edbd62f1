package gost

import "math/bits"

// element is an element of a field, in limbs of 64 bits, the least significant first. A field of
// 256 bits uses the first four. Between operations an element is any number of the limbs' size, not
// always the smallest of its class: canonical makes it so.
//
// No operation of this file branches on a value or looks one up, so secrets may pass through it.
//
// The functions marked norace only compute: whose the elements are is decided by their callers, which the race
// detector watches. Watched themselves, they would make every test with a national signature take four times as long.
type element [8]uint64

// field is the integers modulo p = 2^(64·limbs) − c with a small c, as all curves here have: what
// stands above the limbs is worth c times as much below them.
type field struct {
	limbs int // 8 or 4
	c     uint64
}

func (f *field) mul(z, x, y *element) {
	if f.limbs == 8 {
		var t [16]uint64
		multiply8(&t, x, y)
		reduce8(z, &t, f.c)
		return
	}
	var t [8]uint64
	multiply4(&t, x, y)
	reduce4(z, &t, f.c)
}

func (f *field) sqr(z, x *element) {
	if f.limbs == 8 {
		var t [16]uint64
		square8(&t, x)
		reduce8(z, &t, f.c)
		return
	}
	var t [8]uint64
	square4(&t, x)
	reduce4(z, &t, f.c)
}

// reduce8 brings a product of 16 limbs down to 8.
//
//go:norace
func reduce8(z *element, t *[16]uint64, c uint64) {
	h0, l0 := bits.Mul64(t[8], c)
	h1, l1 := bits.Mul64(t[9], c)
	h2, l2 := bits.Mul64(t[10], c)
	h3, l3 := bits.Mul64(t[11], c)
	h4, l4 := bits.Mul64(t[12], c)
	h5, l5 := bits.Mul64(t[13], c)
	h6, l6 := bits.Mul64(t[14], c)
	h7, l7 := bits.Mul64(t[15], c)
	var k uint64
	l0, k = bits.Add64(l0, t[0], 0)
	l1, k = bits.Add64(l1, t[1], k)
	l2, k = bits.Add64(l2, t[2], k)
	l3, k = bits.Add64(l3, t[3], k)
	l4, k = bits.Add64(l4, t[4], k)
	l5, k = bits.Add64(l5, t[5], k)
	l6, k = bits.Add64(l6, t[6], k)
	l7, k = bits.Add64(l7, t[7], k)
	h7 += k
	l1, k = bits.Add64(l1, h0, 0)
	l2, k = bits.Add64(l2, h1, k)
	l3, k = bits.Add64(l3, h2, k)
	l4, k = bits.Add64(l4, h3, k)
	l5, k = bits.Add64(l5, h4, k)
	l6, k = bits.Add64(l6, h5, k)
	l7, k = bits.Add64(l7, h6, k)
	h7 += k
	// h7 ≤ c: the second folding adds less than 2^21, and a carry out of it leaves limbs so small
	// that the third cannot carry.
	z[0], k = bits.Add64(l0, h7*c, 0)
	z[1], k = bits.Add64(l1, 0, k)
	z[2], k = bits.Add64(l2, 0, k)
	z[3], k = bits.Add64(l3, 0, k)
	z[4], k = bits.Add64(l4, 0, k)
	z[5], k = bits.Add64(l5, 0, k)
	z[6], k = bits.Add64(l6, 0, k)
	z[7], k = bits.Add64(l7, 0, k)
	z[0] += k * c
}

// reduce4 brings a product of 8 limbs down to 4, as reduce8 does.
//
//go:norace
func reduce4(z *element, t *[8]uint64, c uint64) {
	h0, l0 := bits.Mul64(t[4], c)
	h1, l1 := bits.Mul64(t[5], c)
	h2, l2 := bits.Mul64(t[6], c)
	h3, l3 := bits.Mul64(t[7], c)
	var k uint64
	l0, k = bits.Add64(l0, t[0], 0)
	l1, k = bits.Add64(l1, t[1], k)
	l2, k = bits.Add64(l2, t[2], k)
	l3, k = bits.Add64(l3, t[3], k)
	h3 += k
	l1, k = bits.Add64(l1, h0, 0)
	l2, k = bits.Add64(l2, h1, k)
	l3, k = bits.Add64(l3, h2, k)
	h3 += k
	z[0], k = bits.Add64(l0, h3*c, 0)
	z[1], k = bits.Add64(l1, 0, k)
	z[2], k = bits.Add64(l2, 0, k)
	z[3], k = bits.Add64(l3, 0, k)
	z[0] += k * c
}

//go:norace
func (f *field) add(z, x, y *element) {
	if f.limbs == 8 {
		add8(z, x, y, f.c)
		return
	}
	var k uint64
	z0, k := bits.Add64(x[0], y[0], 0)
	z1, k := bits.Add64(x[1], y[1], k)
	z2, k := bits.Add64(x[2], y[2], k)
	z3, k := bits.Add64(x[3], y[3], k)
	z0, k = bits.Add64(z0, k*f.c, 0)
	z[1], k = bits.Add64(z1, 0, k)
	z[2], k = bits.Add64(z2, 0, k)
	z[3], k = bits.Add64(z3, 0, k)
	z[0] = z0 + k*f.c
}

//go:norace
func add8(z, x, y *element, c uint64) {
	z0, k := bits.Add64(x[0], y[0], 0)
	z1, k := bits.Add64(x[1], y[1], k)
	z2, k := bits.Add64(x[2], y[2], k)
	z3, k := bits.Add64(x[3], y[3], k)
	z4, k := bits.Add64(x[4], y[4], k)
	z5, k := bits.Add64(x[5], y[5], k)
	z6, k := bits.Add64(x[6], y[6], k)
	z7, k := bits.Add64(x[7], y[7], k)
	z0, k = bits.Add64(z0, k*c, 0)
	z[1], k = bits.Add64(z1, 0, k)
	z[2], k = bits.Add64(z2, 0, k)
	z[3], k = bits.Add64(z3, 0, k)
	z[4], k = bits.Add64(z4, 0, k)
	z[5], k = bits.Add64(z5, 0, k)
	z[6], k = bits.Add64(z6, 0, k)
	z[7], k = bits.Add64(z7, 0, k)
	z[0] = z0 + k*c
}

//go:norace
func (f *field) sub(z, x, y *element) {
	if f.limbs == 8 {
		sub8(z, x, y, f.c)
		return
	}
	z0, k := bits.Sub64(x[0], y[0], 0)
	z1, k := bits.Sub64(x[1], y[1], k)
	z2, k := bits.Sub64(x[2], y[2], k)
	z3, k := bits.Sub64(x[3], y[3], k)
	z0, k = bits.Sub64(z0, k*f.c, 0)
	z[1], k = bits.Sub64(z1, 0, k)
	z[2], k = bits.Sub64(z2, 0, k)
	z[3], k = bits.Sub64(z3, 0, k)
	z[0] = z0 - k*f.c
}

//go:norace
func sub8(z, x, y *element, c uint64) {
	z0, k := bits.Sub64(x[0], y[0], 0)
	z1, k := bits.Sub64(x[1], y[1], k)
	z2, k := bits.Sub64(x[2], y[2], k)
	z3, k := bits.Sub64(x[3], y[3], k)
	z4, k := bits.Sub64(x[4], y[4], k)
	z5, k := bits.Sub64(x[5], y[5], k)
	z6, k := bits.Sub64(x[6], y[6], k)
	z7, k := bits.Sub64(x[7], y[7], k)
	z0, k = bits.Sub64(z0, k*c, 0)
	z[1], k = bits.Sub64(z1, 0, k)
	z[2], k = bits.Sub64(z2, 0, k)
	z[3], k = bits.Sub64(z3, 0, k)
	z[4], k = bits.Sub64(z4, 0, k)
	z[5], k = bits.Sub64(z5, 0, k)
	z[6], k = bits.Sub64(z6, 0, k)
	z[7], k = bits.Sub64(z7, 0, k)
	z[0] = z0 - k*c
}

// halve sets z to x/2: x or x + p, whichever is even, shifted.
func (f *field) halve(z, x *element) {
	odd := x[0] & 1
	// x + p = x − c + 2^(64·limbs)
	var k uint64
	z[0], k = bits.Sub64(x[0], odd*f.c, 0)
	for i := 1; i < f.limbs; i++ {
		z[i], k = bits.Sub64(x[i], 0, k)
	}
	top := odd - k
	for i := range f.limbs - 1 {
		z[i] = z[i]>>1 | z[i+1]<<63
	}
	z[f.limbs-1] = z[f.limbs-1]>>1 | top<<63
}

// canonical makes x the smallest number of its class.
func (f *field) canonical(x *element) {
	// x ≥ p exactly when x + c overflows, and the sum is then x − p.
	var sum element
	k := f.c
	for i := range f.limbs {
		sum[i], k = bits.Add64(x[i], k, 0)
	}
	choose(x, &sum, x, k)
}

// below tells whether x < p.
func (f *field) below(x *element) bool {
	k := f.c
	for i := range f.limbs {
		_, k = bits.Add64(x[i], k, 0)
	}
	return k == 0
}

// zero is 1 when x is zero, otherwise 0.
func (f *field) zero(x *element) uint64 {
	least := *x
	f.canonical(&least)
	var all uint64
	for i := range f.limbs {
		all |= least[i]
	}
	return 1 ^ (all|-all)>>63
}

// inverse sets z to 1/x, and to 0 for 0, by Fermat: x^(p−2). The exponent is public.
func (f *field) inverse(z, x *element) {
	base, result := *x, element{1}
	for bit := 64*f.limbs - 1; bit >= 0; bit-- {
		f.sqr(&result, &result)
		limb := ^uint64(0)
		if bit < 64 {
			limb = -(f.c + 2)
		}
		if limb>>(bit&63)&1 == 1 {
			f.mul(&result, &result, &base)
		}
	}
	*z = result
}

// choose sets z to x when which is 1, to y when it is 0.
func choose(z, x, y *element, which uint64) {
	mask := -which
	for i := range z {
		z[i] = y[i] ^ mask&(x[i]^y[i])
	}
}
