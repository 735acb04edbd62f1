package gost

import (
	"encoding/binary"
	"hash"
	"math/bits"
)

// Sizes of the digests in bytes.
const (
	Streebog512Size = 64
	Streebog256Size = 32
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
	var key, text, t block
	for i := range t {
		t[i] = state[i] ^ n[i]
	}
	transform(&key, &t)
	text = *m
	for round := range streebogC {
		c := &streebogC[round]
		for i := range t {
			t[i] = text[i] ^ key[i]
		}
		transform(&text, &t)
		for i := range t {
			t[i] = key[i] ^ c[i]
		}
		transform(&key, &t)
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

// transform is L·P·S of RFC 6986 §6 in one: byte i of word j goes to place j of word i.
func transform(out, in *block) {
	w0, w1, w2, w3, w4, w5, w6, w7 := in[0], in[1], in[2], in[3], in[4], in[5], in[6], in[7]
	for i := range out {
		out[i] = streebogLPS[0][byte(w0)] ^ streebogLPS[1][byte(w1)] ^ streebogLPS[2][byte(w2)] ^ streebogLPS[3][byte(w3)] ^
			streebogLPS[4][byte(w4)] ^ streebogLPS[5][byte(w5)] ^ streebogLPS[6][byte(w6)] ^ streebogLPS[7][byte(w7)]
		w0, w1, w2, w3, w4, w5, w6, w7 = w0>>8, w1>>8, w2>>8, w3>>8, w4>>8, w5>>8, w6>>8, w7>>8
	}
}
