package gost

import (
	"encoding/binary"
	"hash"
	"math/bits"
)

// Sizes of the digests in bytes.
const (
	Streebog512Size = 64 // bytes of a digest
	Streebog256Size = 32 // bytes of a digest
)

// block is a block or the state of Streebog, the least significant word first.
type block [8]uint64

// streebog is GOST R 34.11-2012 (RFC 6986), which is GOST 34.11-2015 of Kazakhstan.
type streebog struct {
	size     int
	state    block // h
	length   block // N: bits hashed so far
	checksum block // Σ: the sum of all blocks
	rest     [64]byte
	filled   int
}

// NewStreebog512 gives GOST 34.11-2015 with 512 bits (Streebog-512, RFC 6986).
func NewStreebog512() hash.Hash { return newStreebog(Streebog512Size) }

// NewStreebog256 gives GOST 34.11-2015 with 256 bits (Streebog-256, RFC 6986).
func NewStreebog256() hash.Hash { return newStreebog(Streebog256Size) }

func newStreebog(size int) *streebog {
	s := &streebog{size: size}
	s.Reset()
	return s
}

func (s *streebog) Size() int      { return s.size }
func (s *streebog) BlockSize() int { return 64 }

func (s *streebog) Reset() {
	*s = streebog{size: s.size}
	if s.size == Streebog256Size { // IV (RFC 6986 §5)
		for i := range s.state {
			s.state[i] = 0x0101010101010101
		}
	}
}

func (s *streebog) Write(data []byte) (int, error) {
	n := len(data)
	if s.filled > 0 {
		copied := copy(s.rest[s.filled:], data)
		s.filled += copied
		data = data[copied:]
		if s.filled < len(s.rest) {
			return n, nil
		}
		s.stage(s.rest[:], 512)
		s.filled = 0
	}
	for len(data) >= 64 {
		s.stage(data[:64], 512)
		data = data[64:]
	}
	s.filled = copy(s.rest[:], data)
	return n, nil
}

// stage takes in one block of which count bits are message (RFC 6986 §8, stages 2 and 3).
func (s *streebog) stage(data []byte, count uint64) {
	var m block
	for i := range m {
		m[i] = binary.LittleEndian.Uint64(data[8*i:])
	}
	compress(&s.state, &s.length, &m)
	addBlock(&s.length, &block{count})
	addBlock(&s.checksum, &m)
}

func (s *streebog) Sum(in []byte) []byte {
	last := *s // the caller may go on writing
	clear(last.rest[last.filled:])
	last.rest[last.filled] = 1
	last.stage(last.rest[:], 8*uint64(last.filled))
	var zero block
	compress(&last.state, &zero, &last.length)
	compress(&last.state, &zero, &last.checksum)
	for _, word := range last.state[8-last.size/8:] { // the most significant part
		in = binary.LittleEndian.AppendUint64(in, word)
	}
	return in
}

// addBlock adds modulo 2^512.
func addBlock(x, y *block) {
	var carry uint64
	for i := range x {
		x[i], carry = bits.Add64(x[i], y[i], carry)
	}
}

// compress is g_N(h, m) (RFC 6986 §7): state becomes E(LPS(h ⊕ N), m) ⊕ h ⊕ m.
func compress(state, n, m *block) {
	var key, text block
	transform(&key, state, n)
	text = *m
	for round := range streebogC {
		transform(&text, &text, &key)
		transform(&key, &key, &streebogC[round])
	}
	for i := range state {
		state[i] ^= text[i] ^ key[i] ^ m[i]
	}
}

// streebogLPS holds what byte b at place i of a word becomes after substitution and linear
// transformation; transposition is in which bytes transform puts together.
var streebogLPS = func() (table [8][256]uint64) {
	for place := range table {
		for b := range table[place] {
			substituted := streebogPi[b]
			for bit := range 8 {
				if substituted>>bit&1 == 1 {
					table[place][b] ^= streebogA[63-8*place-bit]
				}
			}
		}
	}
	return table
}()

// transform sets out to LPS(x ⊕ y) (RFC 6986 §6): byte i of word j goes to place j of word i. Written out,
// because this is where all the time goes.
func transform(out, x, y *block) {
	w0, w1, w2, w3 := x[0]^y[0], x[1]^y[1], x[2]^y[2], x[3]^y[3]
	w4, w5, w6, w7 := x[4]^y[4], x[5]^y[5], x[6]^y[6], x[7]^y[7]
	t0, t1, t2, t3 := &streebogLPS[0], &streebogLPS[1], &streebogLPS[2], &streebogLPS[3]
	t4, t5, t6, t7 := &streebogLPS[4], &streebogLPS[5], &streebogLPS[6], &streebogLPS[7]
	out[0] = t0[byte(w0)] ^ t1[byte(w1)] ^ t2[byte(w2)] ^ t3[byte(w3)] ^
		t4[byte(w4)] ^ t5[byte(w5)] ^ t6[byte(w6)] ^ t7[byte(w7)]
	out[1] = t0[byte(w0>>8)] ^ t1[byte(w1>>8)] ^ t2[byte(w2>>8)] ^ t3[byte(w3>>8)] ^
		t4[byte(w4>>8)] ^ t5[byte(w5>>8)] ^ t6[byte(w6>>8)] ^ t7[byte(w7>>8)]
	out[2] = t0[byte(w0>>16)] ^ t1[byte(w1>>16)] ^ t2[byte(w2>>16)] ^ t3[byte(w3>>16)] ^
		t4[byte(w4>>16)] ^ t5[byte(w5>>16)] ^ t6[byte(w6>>16)] ^ t7[byte(w7>>16)]
	out[3] = t0[byte(w0>>24)] ^ t1[byte(w1>>24)] ^ t2[byte(w2>>24)] ^ t3[byte(w3>>24)] ^
		t4[byte(w4>>24)] ^ t5[byte(w5>>24)] ^ t6[byte(w6>>24)] ^ t7[byte(w7>>24)]
	out[4] = t0[byte(w0>>32)] ^ t1[byte(w1>>32)] ^ t2[byte(w2>>32)] ^ t3[byte(w3>>32)] ^
		t4[byte(w4>>32)] ^ t5[byte(w5>>32)] ^ t6[byte(w6>>32)] ^ t7[byte(w7>>32)]
	out[5] = t0[byte(w0>>40)] ^ t1[byte(w1>>40)] ^ t2[byte(w2>>40)] ^ t3[byte(w3>>40)] ^
		t4[byte(w4>>40)] ^ t5[byte(w5>>40)] ^ t6[byte(w6>>40)] ^ t7[byte(w7>>40)]
	out[6] = t0[byte(w0>>48)] ^ t1[byte(w1>>48)] ^ t2[byte(w2>>48)] ^ t3[byte(w3>>48)] ^
		t4[byte(w4>>48)] ^ t5[byte(w5>>48)] ^ t6[byte(w6>>48)] ^ t7[byte(w7>>48)]
	out[7] = t0[byte(w0>>56)] ^ t1[byte(w1>>56)] ^ t2[byte(w2>>56)] ^ t3[byte(w3>>56)] ^
		t4[byte(w4>>56)] ^ t5[byte(w5>>56)] ^ t6[byte(w6>>56)] ^ t7[byte(w7>>56)]
}
