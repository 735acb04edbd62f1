package gost

import (
	"encoding/binary"
	"hash"
	"math/bits"
)

// GOST95Size is the size of a digest of GOST 34.311-95 in bytes.
const GOST95Size = 32

// gost95 is GOST R 34.11-94 (RFC 5831) with the substitution of its test parameters, which is what
// GOST 34.311-95 of Kazakhstan is.
type gost95 struct {
	state    [4]uint64 // H, the least significant word first
	checksum [4]uint64
	length   uint64 // in bytes
	rest     [32]byte
	filled   int
}

// NewGOST95 gives GOST 34.311-95: GOST R 34.11-94 with id-GostR3411-94-TestParamSet (RFC 4357 §11.2).
// It is for verifying archives only.
func NewGOST95() hash.Hash { return &gost95{} }

func (g *gost95) Size() int      { return GOST95Size }
func (g *gost95) BlockSize() int { return 32 }
func (g *gost95) Reset()         { *g = gost95{} }

func (g *gost95) Write(data []byte) (int, error) {
	n := len(data)
	g.length += uint64(n)
	if g.filled > 0 {
		copied := copy(g.rest[g.filled:], data)
		g.filled += copied
		data = data[copied:]
		if g.filled < len(g.rest) {
			return n, nil
		}
		g.block(g.rest[:])
		g.filled = 0
	}
	for len(data) >= 32 {
		g.block(data[:32])
		data = data[32:]
	}
	g.filled = copy(g.rest[:], data)
	return n, nil
}

func (g *gost95) block(data []byte) {
	var m [4]uint64
	var carry uint64
	for i := range m {
		m[i] = binary.LittleEndian.Uint64(data[8*i:])
		g.checksum[i], carry = bits.Add64(g.checksum[i], m[i], carry)
	}
	step95(&g.state, &m)
}

func (g *gost95) Sum(in []byte) []byte {
	last := *g // the caller may go on writing
	if last.filled > 0 {
		clear(last.rest[last.filled:])
		last.block(last.rest[:])
	}
	step95(&last.state, &[4]uint64{last.length << 3, last.length >> 61})
	step95(&last.state, &last.checksum)
	for _, word := range last.state {
		in = binary.LittleEndian.AppendUint64(in, word)
	}
	return in
}

// step95 is the step function χ (RFC 5831 §6).
func step95(h, m *[4]uint64) {
	s := encrypt95(h, m)
	// χ(M, H) = ψ^61(H ⊕ ψ(M ⊕ ψ^12(S)))
	for range 12 {
		shift95(&s)
	}
	xor95(&s, m)
	shift95(&s)
	xor95(&s, h)
	for range 61 {
		shift95(&s)
	}
	*h = s
}

// c3 is the constant C_3 of the key generation, the others being zero (RFC 5831 §5.1).
var c3 = [4]uint64{0xff00ff00ff00ff00, 0x00ff00ff00ff00ff, 0xff0000ff00ffff00, 0xff00ffff000000ff}

// encrypt95 makes four keys of H and M and encrypts each quarter of H with one (RFC 5831 §5.1, §5.2).
func encrypt95(h, m *[4]uint64) (s [4]uint64) {
	u, v := *h, *m
	for i := range s {
		if i > 0 {
			quarter95(&u)
			if i == 2 {
				xor95(&u, &c3)
			}
			quarter95(&v)
			quarter95(&v)
		}
		w := u
		xor95(&w, &v)
		key := transpose95(&w)
		s[i] = cipher95(h[i], &key)
	}
	return s
}

// quarter95 is the transformation A: (y1 ⊕ y2) ‖ y4 ‖ y3 ‖ y2, of words where y1 is the least significant.
func quarter95(y *[4]uint64) {
	*y = [4]uint64{y[1], y[2], y[3], y[0] ^ y[1]}
}

// transpose95 is the transformation P: byte i + 4·k takes the place of byte 8·i + k.
func transpose95(w *[4]uint64) (key [8]uint32) {
	for k := range key {
		for i := range w {
			key[k] |= uint32(byte(w[i]>>(8*k))) << (8 * i)
		}
	}
	return key
}

// shift95 is the transformation ψ: 16 bits to the right, the feedback of six words on the left.
func shift95(y *[4]uint64) {
	feedback := y[0] ^ y[0]>>16 ^ y[0]>>32 ^ y[0]>>48 ^ y[3] ^ y[3]>>48
	y[0] = y[0]>>16 | y[1]<<48
	y[1] = y[1]>>16 | y[2]<<48
	y[2] = y[2]>>16 | y[3]<<48
	y[3] = y[3]>>16 | feedback<<48
}

func xor95(x, y *[4]uint64) {
	for i := range x {
		x[i] ^= y[i]
	}
}

// cipher95 encrypts one block with GOST 28147-89 (RFC 5830 §6): the keys three times forwards, once
// backwards.
func cipher95(block uint64, key *[8]uint32) uint64 {
	a, b := uint32(block), uint32(block>>32)
	for round := range 32 {
		k := key[round&7]
		if round >= 24 {
			k = key[31-round]
		}
		a, b = b^substitute95(a+k), a
	}
	return uint64(a)<<32 | uint64(b)
}

// box95 is the substitution of id-GostR3411-94-TestParamSet, K1 first (RFC 5831 §7.1, RFC 4357 §11.2).
var box95 = [8][16]byte{
	{4, 10, 9, 2, 13, 8, 0, 14, 6, 11, 1, 12, 7, 15, 5, 3},
	{14, 11, 4, 12, 6, 13, 15, 10, 2, 3, 8, 1, 0, 7, 5, 9},
	{5, 8, 1, 13, 10, 3, 4, 2, 14, 15, 12, 7, 6, 0, 9, 11},
	{7, 13, 10, 1, 0, 8, 9, 15, 14, 4, 6, 12, 11, 2, 5, 3},
	{6, 12, 7, 1, 5, 15, 13, 8, 4, 10, 9, 14, 0, 3, 11, 2},
	{4, 11, 10, 0, 7, 2, 1, 13, 3, 6, 8, 5, 9, 12, 15, 14},
	{13, 11, 4, 1, 3, 15, 5, 9, 0, 10, 14, 7, 6, 8, 2, 12},
	{1, 15, 13, 0, 5, 7, 10, 4, 9, 2, 3, 14, 6, 11, 8, 12},
}

// bytes95 is box95 for two neighbours at once, in its place and rotated by the cipher's 11 bits.
var bytes95 = func() (table [4][256]uint32) {
	for place := range table {
		for b := range table[place] {
			pair := uint32(box95[2*place][b&15]) | uint32(box95[2*place+1][b>>4])<<4
			table[place][b] = bits.RotateLeft32(pair<<(8*place), 11)
		}
	}
	return table
}()

func substitute95(x uint32) uint32 {
	return bytes95[0][byte(x)] ^ bytes95[1][byte(x>>8)] ^ bytes95[2][byte(x>>16)] ^ bytes95[3][byte(x>>24)]
}
