package gost

// Points for verifying. Everything in a signature and in a public key is public, so this arithmetic
// is as fast as it can be and tells its way by its time; secrets go through secret.go.

// affine is a point by its coordinates; it cannot be the neutral one.
type affine struct{ x, y element }

// jacobian is the point (x/z², y/z³); z = 0 is the neutral one.
type jacobian struct{ x, y, z element }

// prepared is a point to be added often: with the powers of its z.
type prepared struct {
	jacobian
	zz, zzz element
}

const (
	baseWindow = 8 // for the base point, whose multiples are kept
	keyWindow  = 6 // for a key, whose multiples are made anew
)

// double sets p to 2·p (the formulas dbl-2001-b, rearranged for cheap squares).
func (c *Curve) double(p *jacobian) {
	f := &c.field
	var alpha, t, twice, square, beta element
	f.sqr(&t, &p.z)
	if c.minusThree { // α = 3·x² + a·z⁴ = 3·(x−z²)·(x+z²)
		var u element
		f.sub(&u, &p.x, &t)
		f.add(&t, &p.x, &t)
		f.mul(&t, &t, &u)
		f.add(&u, &t, &t)
		f.add(&alpha, &u, &t)
	} else {
		f.sqr(&t, &t)
		f.mul(&t, &t, &c.a)
		f.sqr(&alpha, &p.x)
		f.add(&t, &t, &alpha)
		f.add(&alpha, &alpha, &alpha)
		f.add(&alpha, &alpha, &t)
	}
	f.add(&twice, &p.y, &p.y)
	f.mul(&p.z, &p.z, &twice)
	f.sqr(&square, &twice)      // 4·y²
	f.mul(&beta, &p.x, &square) // 4·x·y²
	f.sqr(&square, &square)     // 16·y⁴
	f.halve(&square, &square)   // 8·y⁴
	f.sqr(&p.x, &alpha)
	f.sub(&p.x, &p.x, &beta)
	f.sub(&p.x, &p.x, &beta)
	f.sub(&t, &beta, &p.x)
	f.mul(&t, &t, &alpha)
	f.sub(&p.y, &t, &square)
}

// addAffine sets p to p + q, or to p − q (formulas madd-2004-hmv).
func (c *Curve) addAffine(p *jacobian, q *affine, minus bool) {
	f := &c.field
	y := q.y
	if minus {
		f.sub(&y, &element{}, &y)
	}
	if f.zero(&p.z) == 1 {
		p.x, p.y, p.z = q.x, y, element{1}
		return
	}
	var zz, u, s element
	f.sqr(&zz, &p.z)
	f.mul(&u, &q.x, &zz)
	f.mul(&s, &zz, &p.z)
	f.mul(&s, &s, &y)
	if c.join(p, &p.x, &p.y, &u, &s) {
		f.mul(&p.z, &p.z, &u)
	}
}

// addPrepared sets p to p + q, or to p − q.
func (c *Curve) addPrepared(p *jacobian, q *prepared, minus bool) {
	f := &c.field
	y := q.y
	if minus {
		f.sub(&y, &element{}, &y)
	}
	if f.zero(&p.z) == 1 {
		p.x, p.y, p.z = q.x, y, q.z
		return
	}
	var zz, u1, u2, s1, s2 element
	f.sqr(&zz, &p.z)
	f.mul(&u1, &p.x, &q.zz)
	f.mul(&u2, &q.x, &zz)
	f.mul(&s1, &p.y, &q.zzz)
	f.mul(&s2, &zz, &p.z)
	f.mul(&s2, &s2, &y)
	if c.join(p, &u1, &s1, &u2, &s2) {
		f.mul(&p.z, &p.z, &q.z)
		f.mul(&p.z, &p.z, &u2)
	}
}

// join finishes an addition of points whose coordinates over a common z are (u1, s1) and (u2, s2).
// The caller still has to multiply z by the difference of the u, which is left in u2; unless join
// answers false, when p is complete: the points were equal or opposite.
func (c *Curve) join(p *jacobian, u1, s1, u2, s2 *element) bool {
	f := &c.field
	f.sub(u2, u2, u1)
	f.sub(s2, s2, s1)
	if f.zero(u2) == 1 {
		if f.zero(s2) == 1 {
			c.double(p)
		} else {
			*p = jacobian{x: element{1}, y: element{1}}
		}
		return false
	}
	var square, cube, v element
	f.sqr(&square, u2)
	f.mul(&cube, &square, u2)
	f.mul(&v, u1, &square)
	f.mul(&p.y, s1, &cube)
	f.sqr(&p.x, s2)
	f.sub(&p.x, &p.x, &cube)
	f.sub(&p.x, &p.x, &v)
	f.sub(&p.x, &p.x, &v)
	f.sub(&v, &v, &p.x)
	f.mul(&v, &v, s2)
	f.sub(&p.y, &v, &p.y)
	return true
}

// prepare lists the odd multiples of a point: p, 3·p, 5·p …
func (c *Curve) prepare(table []prepared, p *affine) {
	sum := jacobian{p.x, p.y, element{1}}
	twice := sum
	c.double(&twice)
	step := c.prepared(&twice)
	for i := range table {
		if i > 0 {
			c.addPrepared(&sum, &step, false)
		}
		table[i] = c.prepared(&sum)
	}
}

func (c *Curve) prepared(p *jacobian) prepared {
	q := prepared{jacobian: *p}
	c.field.sqr(&q.zz, &p.z)
	c.field.mul(&q.zzz, &q.zz, &p.z)
	return q
}

// tabulate fills the tables of the base point.
func (c *Curve) tabulate() {
	f := &c.field
	var multiples [len(c.multiples)]prepared
	c.prepare(multiples[:], &c.base)
	for i := range multiples {
		var z element
		m := &multiples[i]
		f.inverse(&z, &m.zzz)
		f.mul(&c.multiples[i].y, &m.y, &z)
		f.mul(&z, &z, &m.z)
		f.mul(&c.multiples[i].x, &m.x, &z)
	}
	c.window[0] = projective{y: element{1}}
	base := projective{c.base.x, c.base.y, element{1}}
	for i := 1; i < len(c.window); i++ {
		c.addComplete(&c.window[i], &c.window[i-1], &base)
	}
}

// combine gives m·G + n·Q for public scalars.
func (c *Curve) combine(m, n *element, q *affine) jacobian {
	var table [1 << (keyWindow - 2)]prepared
	c.prepare(table[:], q)
	var forBase, forKey [513]int8
	top := max(signedDigits(&forBase, m, c.Bits(), baseWindow), signedDigits(&forKey, n, c.Bits(), keyWindow))
	sum := jacobian{x: element{1}, y: element{1}}
	for i := top; i >= 0; i-- {
		c.double(&sum)
		if d := forBase[i]; d != 0 {
			c.addAffine(&sum, &c.multiples[abs(d)/2], d < 0)
		}
		if d := forKey[i]; d != 0 {
			c.addPrepared(&sum, &table[abs(d)/2], d < 0)
		}
	}
	return sum
}

func abs(d int8) int { return max(int(d), -int(d)) }

// signedDigits writes k as a sum of odd digits d·2^i with |d| < 2^(width−1), of which any width
// neighbours hold at most one (the w-NAF), and gives the place of the highest; −1 for zero.
func signedDigits(digits *[513]int8, k *element, size int, width uint) int {
	top, carry := -1, uint64(0)
	for at := 0; at <= size; {
		if bitsAt(k, at, 1) == carry {
			at++
			continue
		}
		digit := bitsAt(k, at, width) + carry
		carry = digit >> (width - 1)
		digits[at] = int8(int64(digit) - int64(carry<<width))
		top = at
		at += int(width)
	}
	return top
}

func bitsAt(k *element, at int, width uint) uint64 {
	limb, shift := at/64, uint(at%64)
	if limb >= len(k) {
		return 0
	}
	value := k[limb] >> shift
	if shift+width > 64 && limb+1 < len(k) {
		value |= k[limb+1] << (64 - shift)
	}
	return value & (1<<width - 1)
}
