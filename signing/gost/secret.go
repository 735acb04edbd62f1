package gost

// projective is the point (x/z, y/z); z = 0 is the neutral one.
type projective struct{ x, y, z element }

// addComplete sets r to p + q by the complete formulas of Renes, Costello and Batina (2015, algorithm
// 1): one sequence of operations for all points of odd order, equal, opposite and neutral ones
// included, so that it tells nothing about them. r may be p or q.
func (c *Curve) addComplete(r, p, q *projective) {
	f := &c.field
	var t0, t1, t2, t3, t4, t5, x, y, z element
	f.mul(&t0, &p.x, &q.x)
	f.mul(&t1, &p.y, &q.y)
	f.mul(&t2, &p.z, &q.z)
	f.add(&t3, &p.x, &p.y)
	f.add(&t4, &q.x, &q.y)
	f.mul(&t3, &t3, &t4)
	f.add(&t4, &t0, &t1)
	f.sub(&t3, &t3, &t4)
	f.add(&t4, &p.x, &p.z)
	f.add(&t5, &q.x, &q.z)
	f.mul(&t4, &t4, &t5)
	f.add(&t5, &t0, &t2)
	f.sub(&t4, &t4, &t5)
	f.add(&t5, &p.y, &p.z)
	f.add(&x, &q.y, &q.z)
	f.mul(&t5, &t5, &x)
	f.add(&x, &t1, &t2)
	f.sub(&t5, &t5, &x)
	f.mul(&z, &c.a, &t4)
	f.mul(&x, &c.tripleB, &t2)
	f.add(&z, &x, &z)
	f.sub(&x, &t1, &z)
	f.add(&z, &t1, &z)
	f.mul(&y, &x, &z)
	f.add(&t1, &t0, &t0)
	f.add(&t1, &t1, &t0)
	f.mul(&t2, &c.a, &t2)
	f.mul(&t4, &c.tripleB, &t4)
	f.add(&t1, &t1, &t2)
	f.sub(&t2, &t0, &t2)
	f.mul(&t2, &c.a, &t2)
	f.add(&t4, &t4, &t2)
	f.mul(&t0, &t1, &t4)
	f.add(&y, &y, &t0)
	f.mul(&t0, &t5, &t4)
	f.mul(&x, &t3, &x)
	f.sub(&x, &x, &t0)
	f.mul(&t0, &t3, &t1)
	f.mul(&z, &t5, &z)
	f.add(&z, &z, &t0)
	r.x, r.y, r.z = x, y, z
}

// multiplyBase gives k·G for a secret k, in windows of 4 bits: the same operations and the same
// memory for every k. k must not be a multiple of q.
func (c *Curve) multiplyBase(k *element) affine {
	sum := projective{y: element{1}}
	for at := c.Bits() - 4; at >= 0; at -= 4 {
		for range 4 {
			c.addComplete(&sum, &sum, &sum)
		}
		var chosen projective
		c.lookUp(&chosen, k[at/64]>>(at%64)&15)
		c.addComplete(&sum, &sum, &chosen)
	}
	f := &c.field
	var inverse element
	var p affine
	f.inverse(&inverse, &sum.z)
	f.mul(&p.x, &sum.x, &inverse)
	f.mul(&p.y, &sum.y, &inverse)
	f.canonical(&p.x)
	f.canonical(&p.y)
	return p
}

// lookUp reads the whole table, whichever entry is wanted.
func (c *Curve) lookUp(p *projective, index uint64) {
	for i := range c.window {
		difference := uint64(i) ^ index
		hit := 1 ^ (difference|-difference)>>63
		entry := &c.window[i]
		choose(&p.x, &entry.x, &p.x, hit)
		choose(&p.y, &entry.y, &p.y, hit)
		choose(&p.z, &entry.z, &p.z, hit)
	}
}
