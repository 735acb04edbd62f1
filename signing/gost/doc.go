// Package gost is the national cryptography of Kazakhstan: the signatures GOST 34.10-2015 (512 and
// 256 bits) and GOST 34.310-2004, the hashes GOST 34.11-2015 (Streebog) and GOST 34.311-95, and their
// keys as the national authority encodes them.
//
//	key, err := gost.GenerateKey(gost.Curve512(), rand.Reader)
//	h := gost.NewStreebog512()
//	h.Write(message)
//	signature, err := key.Sign(rand.Reader, h.Sum(nil), nil)
//	good := key.PublicKey.Verify(h.Sum(nil), signature)
//
// The mathematics is that of GOST R 34.10-2012 (RFC 7091, curves of RFC 7836) and GOST R 34.10-2001
// (RFC 5832, curve of RFC 4357); the hashes are RFC 6986 and RFC 5831, the latter with its test
// parameters. National is the encoding: all numbers have their least significant byte first, and r
// stands before s. GOST 34.310-2004 is for archives; nothing new should be signed with it.
//
// Verifying uses fixed-size limbs and takes its time from public numbers only. Signing and making
// keys take the same steps and touch the same memory whatever the secret. Nonces are made by RFC 6979, with
// HMAC-SHA-512 and with fresh random bytes added, so a bad random source repeats none. Our Streebog reads
// tables: what is hashed with it should be no secret.
//
// All functions are safe for concurrent use, except that a hash belongs to one goroutine.
package gost
