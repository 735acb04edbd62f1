package gost_test

import (
	"crypto/rand"
	"errors"
	"fmt"

	"elicensing/signing/gost"
)

// A message is hashed with Streebog of the key's size, and the digest is signed (GOST 34.10-2015).
func Example() {
	key, err := gost.GenerateKey(gost.Curve512(), rand.Reader)
	if err != nil {
		panic(err)
	}
	h := gost.NewStreebog512()
	h.Write([]byte("письмо"))
	digest := h.Sum(nil)
	signature, err := key.Sign(rand.Reader, digest, nil)
	if err != nil {
		panic(err)
	}
	fmt.Println(len(signature), key.PublicKey.Verify(digest, signature))
	signature[0] ^= 1
	fmt.Println(key.PublicKey.Verify(digest, signature))
	// Output:
	// 128 true
	// false
}

// The first example of the standard (RFC 6986 §10.1.2).
func ExampleNewStreebog256() {
	h := gost.NewStreebog256()
	h.Write([]byte("012345678901234567890123456789012345678901234567890123456789012"))
	fmt.Printf("%x\n", h.Sum(nil))
	// Output:
	// 9d151eefd8590b89daa6ba6cb74af9275dd051026bb149a452fd84e5e57b5500
}

// A key travels in the SubjectPublicKeyInfo of a certificate; what is no key is refused, also a point that is not on
// its curve.
func ExampleParsePublicKey() {
	key, err := gost.GenerateKey(gost.Curve512(), rand.Reader)
	if err != nil {
		panic(err)
	}
	spki := key.PublicKey.Marshal()
	read, err := gost.ParsePublicKey(spki)
	fmt.Println(read.Curve().Name(), read.Equal(&key.PublicKey), err)

	spki[len(spki)-1] ^= 1
	_, err = gost.ParsePublicKey(spki)
	fmt.Println(errors.Is(err, gost.ErrMalformed))
	// Output:
	// GOST 34.10-2015-512 A true <nil>
	// true
}
