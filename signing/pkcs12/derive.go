package pkcs12

import (
	"hash"
	"unicode/utf16"
)

// Purposes of derived octets (RFC 7292 appendix B.3).
const (
	forKey = 1
	forIV  = 2
	forMAC = 3
)

// derive makes size octets from a password by the method of PKCS#12 itself (RFC 7292 appendix B.2).
// password is a BMPString with its final zeros.
func derive(new func() hash.Hash, purpose byte, password, salt []byte, iterations, size int) []byte {
	h := new()
	v := h.BlockSize()
	diversifier := make([]byte, v)
	for i := range diversifier {
		diversifier[i] = purpose
	}
	state := append(fill(salt, v), fill(password, v)...)
	var out []byte
	for {
		h.Reset()
		h.Write(diversifier)
		h.Write(state)
		a := h.Sum(nil)
		for range iterations - 1 {
			h.Reset()
			h.Write(a)
			a = h.Sum(a[:0])
		}
		out = append(out, a...)
		if len(out) >= size {
			return out[:size]
		}
		// Each block of the state grows by the block made of a, and one.
		b := fill(a, v)
		for at := 0; at < len(state); at += v {
			carry := 1
			for i := v - 1; i >= 0; i-- {
				carry += int(state[at+i]) + int(b[i])
				state[at+i] = byte(carry)
				carry >>= 8
			}
		}
	}
}

// fill repeats data to the next multiple of v octets; nothing stays nothing.
func fill(data []byte, v int) []byte {
	size := (len(data) + v - 1) / v * v
	out := make([]byte, size)
	for i := range out {
		out[i] = data[i%len(data)]
	}
	return out
}

// bmpString encodes a password as RFC 7292 appendix B.1 wants it; false when it has characters
// beyond the Basic Multilingual Plane.
func bmpString(password string) ([]byte, bool) {
	out := make([]byte, 0, 2*len(password)+2)
	for _, r := range password {
		if r > 0xffff || utf16.IsSurrogate(r) {
			return nil, false
		}
		out = append(out, byte(r>>8), byte(r))
	}
	return append(out, 0, 0), true
}
