package gost

import "math/bits"

// Products of 8 and of 4 limbs, column by column, so that three registers carry the sum.

// addProduct adds x·y to the three limbs c0, c1, c2.
func addProduct(c0, c1, c2, x, y uint64) (uint64, uint64, uint64) {
	high, low := bits.Mul64(x, y)
	var carry uint64
	c0, carry = bits.Add64(c0, low, 0)
	c1, carry = bits.Add64(c1, high, carry)
	c2, _ = bits.Add64(c2, 0, carry)
	return c0, c1, c2
}

// addTwice adds 2·x·y.
func addTwice(c0, c1, c2, x, y uint64) (uint64, uint64, uint64) {
	high, low := bits.Mul64(x, y)
	var carry uint64
	c0, carry = bits.Add64(c0, low, 0)
	c1, carry = bits.Add64(c1, high, carry)
	c2, _ = bits.Add64(c2, 0, carry)
	c0, carry = bits.Add64(c0, low, 0)
	c1, carry = bits.Add64(c1, high, carry)
	c2, _ = bits.Add64(c2, 0, carry)
	return c0, c1, c2
}

//go:norace
func multiply8(t *[16]uint64, x, y *element) {
	var c0, c1, c2 uint64
	c0, c1, c2 = addProduct(c0, c1, c2, x[0], y[0])
	t[0], c0, c1, c2 = c0, c1, c2, 0
	c0, c1, c2 = addProduct(c0, c1, c2, x[0], y[1])
	c0, c1, c2 = addProduct(c0, c1, c2, x[1], y[0])
	t[1], c0, c1, c2 = c0, c1, c2, 0
	c0, c1, c2 = addProduct(c0, c1, c2, x[0], y[2])
	c0, c1, c2 = addProduct(c0, c1, c2, x[1], y[1])
	c0, c1, c2 = addProduct(c0, c1, c2, x[2], y[0])
	t[2], c0, c1, c2 = c0, c1, c2, 0
	c0, c1, c2 = addProduct(c0, c1, c2, x[0], y[3])
	c0, c1, c2 = addProduct(c0, c1, c2, x[1], y[2])
	c0, c1, c2 = addProduct(c0, c1, c2, x[2], y[1])
	c0, c1, c2 = addProduct(c0, c1, c2, x[3], y[0])
	t[3], c0, c1, c2 = c0, c1, c2, 0
	c0, c1, c2 = addProduct(c0, c1, c2, x[0], y[4])
	c0, c1, c2 = addProduct(c0, c1, c2, x[1], y[3])
	c0, c1, c2 = addProduct(c0, c1, c2, x[2], y[2])
	c0, c1, c2 = addProduct(c0, c1, c2, x[3], y[1])
	c0, c1, c2 = addProduct(c0, c1, c2, x[4], y[0])
	t[4], c0, c1, c2 = c0, c1, c2, 0
	c0, c1, c2 = addProduct(c0, c1, c2, x[0], y[5])
	c0, c1, c2 = addProduct(c0, c1, c2, x[1], y[4])
	c0, c1, c2 = addProduct(c0, c1, c2, x[2], y[3])
	c0, c1, c2 = addProduct(c0, c1, c2, x[3], y[2])
	c0, c1, c2 = addProduct(c0, c1, c2, x[4], y[1])
	c0, c1, c2 = addProduct(c0, c1, c2, x[5], y[0])
	t[5], c0, c1, c2 = c0, c1, c2, 0
	c0, c1, c2 = addProduct(c0, c1, c2, x[0], y[6])
	c0, c1, c2 = addProduct(c0, c1, c2, x[1], y[5])
	c0, c1, c2 = addProduct(c0, c1, c2, x[2], y[4])
	c0, c1, c2 = addProduct(c0, c1, c2, x[3], y[3])
	c0, c1, c2 = addProduct(c0, c1, c2, x[4], y[2])
	c0, c1, c2 = addProduct(c0, c1, c2, x[5], y[1])
	c0, c1, c2 = addProduct(c0, c1, c2, x[6], y[0])
	t[6], c0, c1, c2 = c0, c1, c2, 0
	c0, c1, c2 = addProduct(c0, c1, c2, x[0], y[7])
	c0, c1, c2 = addProduct(c0, c1, c2, x[1], y[6])
	c0, c1, c2 = addProduct(c0, c1, c2, x[2], y[5])
	c0, c1, c2 = addProduct(c0, c1, c2, x[3], y[4])
	c0, c1, c2 = addProduct(c0, c1, c2, x[4], y[3])
	c0, c1, c2 = addProduct(c0, c1, c2, x[5], y[2])
	c0, c1, c2 = addProduct(c0, c1, c2, x[6], y[1])
	c0, c1, c2 = addProduct(c0, c1, c2, x[7], y[0])
	t[7], c0, c1, c2 = c0, c1, c2, 0
	c0, c1, c2 = addProduct(c0, c1, c2, x[1], y[7])
	c0, c1, c2 = addProduct(c0, c1, c2, x[2], y[6])
	c0, c1, c2 = addProduct(c0, c1, c2, x[3], y[5])
	c0, c1, c2 = addProduct(c0, c1, c2, x[4], y[4])
	c0, c1, c2 = addProduct(c0, c1, c2, x[5], y[3])
	c0, c1, c2 = addProduct(c0, c1, c2, x[6], y[2])
	c0, c1, c2 = addProduct(c0, c1, c2, x[7], y[1])
	t[8], c0, c1, c2 = c0, c1, c2, 0
	c0, c1, c2 = addProduct(c0, c1, c2, x[2], y[7])
	c0, c1, c2 = addProduct(c0, c1, c2, x[3], y[6])
	c0, c1, c2 = addProduct(c0, c1, c2, x[4], y[5])
	c0, c1, c2 = addProduct(c0, c1, c2, x[5], y[4])
	c0, c1, c2 = addProduct(c0, c1, c2, x[6], y[3])
	c0, c1, c2 = addProduct(c0, c1, c2, x[7], y[2])
	t[9], c0, c1, c2 = c0, c1, c2, 0
	c0, c1, c2 = addProduct(c0, c1, c2, x[3], y[7])
	c0, c1, c2 = addProduct(c0, c1, c2, x[4], y[6])
	c0, c1, c2 = addProduct(c0, c1, c2, x[5], y[5])
	c0, c1, c2 = addProduct(c0, c1, c2, x[6], y[4])
	c0, c1, c2 = addProduct(c0, c1, c2, x[7], y[3])
	t[10], c0, c1, c2 = c0, c1, c2, 0
	c0, c1, c2 = addProduct(c0, c1, c2, x[4], y[7])
	c0, c1, c2 = addProduct(c0, c1, c2, x[5], y[6])
	c0, c1, c2 = addProduct(c0, c1, c2, x[6], y[5])
	c0, c1, c2 = addProduct(c0, c1, c2, x[7], y[4])
	t[11], c0, c1, c2 = c0, c1, c2, 0
	c0, c1, c2 = addProduct(c0, c1, c2, x[5], y[7])
	c0, c1, c2 = addProduct(c0, c1, c2, x[6], y[6])
	c0, c1, c2 = addProduct(c0, c1, c2, x[7], y[5])
	t[12], c0, c1, c2 = c0, c1, c2, 0
	c0, c1, c2 = addProduct(c0, c1, c2, x[6], y[7])
	c0, c1, c2 = addProduct(c0, c1, c2, x[7], y[6])
	t[13], c0, c1, c2 = c0, c1, c2, 0
	c0, c1, _ = addProduct(c0, c1, c2, x[7], y[7])
	t[14], t[15] = c0, c1
}

//go:norace
func square8(t *[16]uint64, x *element) {
	var c0, c1, c2 uint64
	c0, c1, c2 = addProduct(c0, c1, c2, x[0], x[0])
	t[0], c0, c1, c2 = c0, c1, c2, 0
	c0, c1, c2 = addTwice(c0, c1, c2, x[0], x[1])
	t[1], c0, c1, c2 = c0, c1, c2, 0
	c0, c1, c2 = addTwice(c0, c1, c2, x[0], x[2])
	c0, c1, c2 = addProduct(c0, c1, c2, x[1], x[1])
	t[2], c0, c1, c2 = c0, c1, c2, 0
	c0, c1, c2 = addTwice(c0, c1, c2, x[0], x[3])
	c0, c1, c2 = addTwice(c0, c1, c2, x[1], x[2])
	t[3], c0, c1, c2 = c0, c1, c2, 0
	c0, c1, c2 = addTwice(c0, c1, c2, x[0], x[4])
	c0, c1, c2 = addTwice(c0, c1, c2, x[1], x[3])
	c0, c1, c2 = addProduct(c0, c1, c2, x[2], x[2])
	t[4], c0, c1, c2 = c0, c1, c2, 0
	c0, c1, c2 = addTwice(c0, c1, c2, x[0], x[5])
	c0, c1, c2 = addTwice(c0, c1, c2, x[1], x[4])
	c0, c1, c2 = addTwice(c0, c1, c2, x[2], x[3])
	t[5], c0, c1, c2 = c0, c1, c2, 0
	c0, c1, c2 = addTwice(c0, c1, c2, x[0], x[6])
	c0, c1, c2 = addTwice(c0, c1, c2, x[1], x[5])
	c0, c1, c2 = addTwice(c0, c1, c2, x[2], x[4])
	c0, c1, c2 = addProduct(c0, c1, c2, x[3], x[3])
	t[6], c0, c1, c2 = c0, c1, c2, 0
	c0, c1, c2 = addTwice(c0, c1, c2, x[0], x[7])
	c0, c1, c2 = addTwice(c0, c1, c2, x[1], x[6])
	c0, c1, c2 = addTwice(c0, c1, c2, x[2], x[5])
	c0, c1, c2 = addTwice(c0, c1, c2, x[3], x[4])
	t[7], c0, c1, c2 = c0, c1, c2, 0
	c0, c1, c2 = addTwice(c0, c1, c2, x[1], x[7])
	c0, c1, c2 = addTwice(c0, c1, c2, x[2], x[6])
	c0, c1, c2 = addTwice(c0, c1, c2, x[3], x[5])
	c0, c1, c2 = addProduct(c0, c1, c2, x[4], x[4])
	t[8], c0, c1, c2 = c0, c1, c2, 0
	c0, c1, c2 = addTwice(c0, c1, c2, x[2], x[7])
	c0, c1, c2 = addTwice(c0, c1, c2, x[3], x[6])
	c0, c1, c2 = addTwice(c0, c1, c2, x[4], x[5])
	t[9], c0, c1, c2 = c0, c1, c2, 0
	c0, c1, c2 = addTwice(c0, c1, c2, x[3], x[7])
	c0, c1, c2 = addTwice(c0, c1, c2, x[4], x[6])
	c0, c1, c2 = addProduct(c0, c1, c2, x[5], x[5])
	t[10], c0, c1, c2 = c0, c1, c2, 0
	c0, c1, c2 = addTwice(c0, c1, c2, x[4], x[7])
	c0, c1, c2 = addTwice(c0, c1, c2, x[5], x[6])
	t[11], c0, c1, c2 = c0, c1, c2, 0
	c0, c1, c2 = addTwice(c0, c1, c2, x[5], x[7])
	c0, c1, c2 = addProduct(c0, c1, c2, x[6], x[6])
	t[12], c0, c1, c2 = c0, c1, c2, 0
	c0, c1, c2 = addTwice(c0, c1, c2, x[6], x[7])
	t[13], c0, c1, c2 = c0, c1, c2, 0
	c0, c1, _ = addProduct(c0, c1, c2, x[7], x[7])
	t[14], t[15] = c0, c1
}

//go:norace
func multiply4(t *[8]uint64, x, y *element) {
	var c0, c1, c2 uint64
	c0, c1, c2 = addProduct(c0, c1, c2, x[0], y[0])
	t[0], c0, c1, c2 = c0, c1, c2, 0
	c0, c1, c2 = addProduct(c0, c1, c2, x[0], y[1])
	c0, c1, c2 = addProduct(c0, c1, c2, x[1], y[0])
	t[1], c0, c1, c2 = c0, c1, c2, 0
	c0, c1, c2 = addProduct(c0, c1, c2, x[0], y[2])
	c0, c1, c2 = addProduct(c0, c1, c2, x[1], y[1])
	c0, c1, c2 = addProduct(c0, c1, c2, x[2], y[0])
	t[2], c0, c1, c2 = c0, c1, c2, 0
	c0, c1, c2 = addProduct(c0, c1, c2, x[0], y[3])
	c0, c1, c2 = addProduct(c0, c1, c2, x[1], y[2])
	c0, c1, c2 = addProduct(c0, c1, c2, x[2], y[1])
	c0, c1, c2 = addProduct(c0, c1, c2, x[3], y[0])
	t[3], c0, c1, c2 = c0, c1, c2, 0
	c0, c1, c2 = addProduct(c0, c1, c2, x[1], y[3])
	c0, c1, c2 = addProduct(c0, c1, c2, x[2], y[2])
	c0, c1, c2 = addProduct(c0, c1, c2, x[3], y[1])
	t[4], c0, c1, c2 = c0, c1, c2, 0
	c0, c1, c2 = addProduct(c0, c1, c2, x[2], y[3])
	c0, c1, c2 = addProduct(c0, c1, c2, x[3], y[2])
	t[5], c0, c1, c2 = c0, c1, c2, 0
	c0, c1, _ = addProduct(c0, c1, c2, x[3], y[3])
	t[6], t[7] = c0, c1
}

//go:norace
func square4(t *[8]uint64, x *element) {
	var c0, c1, c2 uint64
	c0, c1, c2 = addProduct(c0, c1, c2, x[0], x[0])
	t[0], c0, c1, c2 = c0, c1, c2, 0
	c0, c1, c2 = addTwice(c0, c1, c2, x[0], x[1])
	t[1], c0, c1, c2 = c0, c1, c2, 0
	c0, c1, c2 = addTwice(c0, c1, c2, x[0], x[2])
	c0, c1, c2 = addProduct(c0, c1, c2, x[1], x[1])
	t[2], c0, c1, c2 = c0, c1, c2, 0
	c0, c1, c2 = addTwice(c0, c1, c2, x[0], x[3])
	c0, c1, c2 = addTwice(c0, c1, c2, x[1], x[2])
	t[3], c0, c1, c2 = c0, c1, c2, 0
	c0, c1, c2 = addTwice(c0, c1, c2, x[1], x[3])
	c0, c1, c2 = addProduct(c0, c1, c2, x[2], x[2])
	t[4], c0, c1, c2 = c0, c1, c2, 0
	c0, c1, c2 = addTwice(c0, c1, c2, x[2], x[3])
	t[5], c0, c1, c2 = c0, c1, c2, 0
	c0, c1, _ = addProduct(c0, c1, c2, x[3], x[3])
	t[6], t[7] = c0, c1
}
