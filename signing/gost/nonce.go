package gost

import (
	"crypto/hmac"
	"crypto/sha512"
	"io"
)

// nonces makes the secret numbers of signatures by RFC 6979 §3.2, fed with fresh random bytes where there
// are some (§3.6). It uses HMAC-SHA-512, which §3.6 leaves open, and not the hash of the signature: our
// Streebog reads tables at places that depend on what is hashed, and here the secret key is.
type nonces struct {
	curve *Curve
	key   []byte
	value []byte
}

func newNonces(k *PrivateKey, digest []byte, random io.Reader) (*nonces, error) {
	seed := append(k.Bytes(), digest...)
	if random != nil {
		fresh := make([]byte, 64)
		if _, err := io.ReadFull(random, fresh); err != nil {
			return nil, err
		}
		seed = append(seed, fresh...)
	}
	n := &nonces{curve: k.curve, key: make([]byte, sha512.Size), value: make([]byte, sha512.Size)}
	for i := range n.value {
		n.value[i] = 1
	}
	n.update(0, seed)
	n.update(1, seed)
	return n, nil
}

func (n *nonces) update(mark byte, seed []byte) {
	n.key = n.mac(n.value, []byte{mark}, seed)
	n.value = n.mac(n.value)
}

func (n *nonces) mac(parts ...[]byte) []byte {
	h := hmac.New(sha512.New, n.key)
	for _, part := range parts {
		h.Write(part)
	}
	return h.Sum(nil)
}

// next gives the next number between 0 and q. Numbers out of range are passed over; that tells
// nothing about the one that is taken.
func (n *nonces) next() element {
	for {
		n.value = n.mac(n.value)
		candidate := decode(n.value[:n.curve.size])
		good := n.curve.order.below(&candidate) && candidate != element{}
		n.update(0, nil)
		if good {
			return candidate
		}
	}
}
