package gost

import "math/bits"

// order is the arithmetic modulo q, the order of the base point, in Montgomery form where R is 2 to
// the power of all bits of the limbs. Scalars are elements below q; the field's rules do not apply
// to them. Nothing here branches on a scalar, except inverse, which is for public ones.
type order struct {
	limbs   int
	q       element
	nPrime  uint64  // −1/q mod 2^64
	rSquare element // R² mod q
}

func newOrder(limbs int, q element) order {
	o := order{limbs: limbs, q: q}
	inverse := uint64(1) // Newton: each step doubles the bits that are right
	for range 6 {
		inverse *= 2 - q[0]*inverse
	}
	o.nPrime = -inverse
	o.rSquare = element{1}
	for range 2 * 64 * limbs {
		o.add(&o.rSquare, &o.rSquare, &o.rSquare)
	}
	return o
}

// montgomery sets z to x·y/R mod q. One of the factors may be any number of the limbs' size.
//
//go:norace
func (o *order) montgomery(z, x, y *element) {
	var t [10]uint64
	n := o.limbs
	for i := range n {
		var high uint64
		for j := range n {
			h, l := bits.Mul64(x[i], y[j])
			var k uint64
			l, k = bits.Add64(l, high, 0)
			h += k
			t[j], k = bits.Add64(t[j], l, 0)
			high = h + k
		}
		var k uint64
		t[n], k = bits.Add64(t[n], high, 0)
		t[n+1] = k
		m := t[0] * o.nPrime
		high = 0
		for j := range n {
			h, l := bits.Mul64(m, o.q[j])
			l, k = bits.Add64(l, high, 0)
			h += k
			t[j], k = bits.Add64(t[j], l, 0)
			high = h + k
		}
		t[n], k = bits.Add64(t[n], high, 0)
		t[n+1] += k
		copy(t[:n+1], t[1:n+2])
	}
	var sum element
	copy(sum[:n], t[:n])
	o.subtractOnce(z, &sum, t[n])
}

// subtractOnce sets z to x − q if x with its carry is not below q, otherwise to x.
func (o *order) subtractOnce(z, x *element, carry uint64) {
	var less element
	var k uint64
	for i := range o.limbs {
		less[i], k = bits.Sub64(x[i], o.q[i], k)
	}
	choose(z, &less, x, carry|(1^k))
}

func (o *order) add(z, x, y *element) {
	var sum element
	var k uint64
	for i := range o.limbs {
		sum[i], k = bits.Add64(x[i], y[i], k)
	}
	o.subtractOnce(z, &sum, k)
}

// mul sets z to x·y mod q; x may be any number of the limbs' size.
func (o *order) mul(z, x, y *element) {
	var t element
	o.montgomery(&t, x, y)
	o.montgomery(z, &t, &o.rSquare)
}

// reduce sets z to x mod q for any number of the limbs' size.
func (o *order) reduce(z, x *element) {
	o.mul(z, x, &element{1})
}

// negate sets z to −x mod q for a scalar.
func (o *order) negate(z, x *element) {
	var difference element
	var k uint64
	for i := range o.limbs {
		difference[i], k = bits.Sub64(o.q[i], x[i], k)
	}
	o.subtractOnce(z, &difference, 0) // −0 = q − 0 becomes 0
}

// below tells whether x < q.
func (o *order) below(x *element) bool {
	var k uint64
	for i := range o.limbs {
		_, k = bits.Sub64(x[i], o.q[i], k)
	}
	return k == 1
}

// inverse sets z to 1/x mod q for a public scalar that is not zero, by the binary Euclidean
// algorithm; its time depends on x.
func (o *order) inverse(z, x *element) {
	// u = a·x and v = b·x modulo q throughout.
	u, v := *x, o.q
	a, b := element{1}, element{}
	for {
		o.halveWhileEven(&u, &a)
		if isOne(&u) {
			*z = a
			return
		}
		o.halveWhileEven(&v, &b)
		if isOne(&v) {
			*z = b
			return
		}
		if o.atLeast(&u, &v) {
			o.subtract(&u, &v)
			o.subtractModulo(&a, &b)
		} else {
			o.subtract(&v, &u)
			o.subtractModulo(&b, &a)
		}
	}
}

func (o *order) halveWhileEven(u, a *element) {
	for u[0]&1 == 0 {
		var carry uint64
		if a[0]&1 == 1 {
			for i := range o.limbs {
				a[i], carry = bits.Add64(a[i], o.q[i], carry)
			}
		}
		for i := 0; i < o.limbs-1; i++ {
			u[i] = u[i]>>1 | u[i+1]<<63
			a[i] = a[i]>>1 | a[i+1]<<63
		}
		u[o.limbs-1] >>= 1
		a[o.limbs-1] = a[o.limbs-1]>>1 | carry<<63
	}
}

func isOne(x *element) bool { return *x == element{1} }

func (o *order) atLeast(x, y *element) bool {
	for i := o.limbs - 1; i >= 0; i-- {
		if x[i] != y[i] {
			return x[i] > y[i]
		}
	}
	return true
}

func (o *order) subtract(x, y *element) {
	var k uint64
	for i := range o.limbs {
		x[i], k = bits.Sub64(x[i], y[i], k)
	}
}

func (o *order) subtractModulo(x, y *element) {
	var minus element
	o.negate(&minus, y)
	o.add(x, x, &minus)
}
