package gost_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"hash"
	"io"
	"slices"
	"testing"

	"elicensing/signing/gost"
)

var curves = []*gost.Curve{gost.Curve512(), gost.Curve256(), gost.Curve2004()}

func newKey(t testing.TB, curve *gost.Curve) *gost.PrivateKey {
	t.Helper()
	key, err := gost.GenerateKey(curve, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// orders of the curves, the least significant byte first.
func orderOf(t *testing.T, curve *gost.Curve) []byte {
	q := map[*gost.Curve]string{
		gost.Curve512():  "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff27e69532f48d89116ff22b8d4e0560609b4b38abfad2b85dcacdb1411f10b275",
		gost.Curve256():  "400000000000000000000000000000000fd8cddfc87b6635c115af556c360c67",
		gost.Curve2004(): "ffffffffffffffffffffffffffffffff6c611070995ad10045841b09b761b893",
	}[curve]
	order := unhex(t, q)
	slices.Reverse(order)
	return order
}

// addTo adds two numbers, the least significant byte first; false when the sum needs more bytes.
func addTo(sum, other []byte) bool {
	carry := 0
	for i := range sum {
		carry += int(sum[i]) + int(other[i])
		sum[i] = byte(carry)
		carry >>= 8
	}
	return carry == 0
}

func TestSignaturesThatAreRefused(t *testing.T) {
	for _, curve := range curves {
		n := curve.Size()
		key, other := newKey(t, curve), newKey(t, curve)
		digest := make([]byte, n)
		_, _ = rand.Read(digest)
		good, err := key.Sign(rand.Reader, digest, nil)
		if err != nil {
			t.Fatal(err)
		}
		zero, order := make([]byte, n), orderOf(t, curve)
		r, s := good[:n], good[n:]
		join := func(a, b []byte) []byte { return append(bytes.Clone(a), b...) }
		reversed := bytes.Clone(good)
		slices.Reverse(reversed)
		another := bytes.Clone(digest)
		another[0] ^= 1
		for name, tc := range map[string]struct {
			digest, signature []byte
		}{
			"r zero":                          {digest, join(zero, s)},
			"s zero":                          {digest, join(r, zero)},
			"both zero":                       {digest, join(zero, zero)},
			"r is the order":                  {digest, join(order, s)},
			"s is the order":                  {digest, join(r, order)},
			"all ones":                        {digest, bytes.Repeat([]byte{0xff}, 2*n)},
			"s before r":                      {digest, join(s, r)},
			"the order of bytes of Russia":    {digest, reversed},
			"nothing":                         {digest, nil},
			"a byte short":                    {digest, good[:2*n-1]},
			"a byte long":                     {digest, append(bytes.Clone(good), 0)},
			"another digest":                  {another, good},
			"a short digest":                  {digest[:n-1], good},
			"no digest":                       {nil, good},
			"the digest in its other reading": {func() []byte { d := bytes.Clone(digest); slices.Reverse(d); return d }(), good},
		} {
			if key.Verify(tc.digest, tc.signature) {
				t.Errorf("%s: %s is accepted", curve.Name(), name)
			}
		}
		// Where the order leaves room, the same signature can be written in other numbers.
		for name, part := range map[string]int{"r": 0, "s": n} {
			again := bytes.Clone(good)
			if !addTo(again[part:part+n], order) {
				continue
			}
			if key.Verify(digest, again) {
				t.Errorf("%s: %s and the order is accepted", curve.Name(), name)
			}
		}
		if other.Verify(digest, good) {
			t.Errorf("%s: another key accepts", curve.Name())
		}
		for bit := 0; bit < 16*n; bit += 37 {
			damaged := bytes.Clone(good)
			damaged[bit/8] ^= 1 << (bit % 8)
			if key.Verify(digest, damaged) {
				t.Errorf("%s: bit %d of the signature does not matter", curve.Name(), bit)
			}
		}
		if !key.Verify(digest, good) {
			t.Errorf("%s: the good one is refused", curve.Name())
		}
		if _, err := key.Sign(rand.Reader, digest[:n-1], nil); !errors.Is(err, gost.ErrDigest) {
			t.Errorf("%s: signs a short digest: %v", curve.Name(), err)
		}
	}
}

func TestKeysThatAreRefused(t *testing.T) {
	for _, curve := range curves {
		n := curve.Size()
		key := newKey(t, curve)
		good := key.PublicKey.Bytes()
		offCurve := bytes.Clone(good)
		offCurve[0] ^= 1
		tooLarge := bytes.Repeat([]byte{0xff}, 2*n) // not below the field's prime
		for name, coordinates := range map[string][]byte{
			"nothing": nil, "short": good[:2*n-1], "long": append(bytes.Clone(good), 0), "off the curve": offCurve,
			"not reduced": tooLarge, "zero": make([]byte, 2*n),
		} {
			if _, err := gost.NewPublicKey(curve, coordinates); !errors.Is(err, gost.ErrMalformed) {
				t.Errorf("%s, public, %s: %v", curve.Name(), name, err)
			}
		}
		for name, secret := range map[string][]byte{
			"nothing": nil, "short": make([]byte, n-1), "zero": make([]byte, n), "the order": orderOf(t, curve), "all ones": bytes.Repeat([]byte{0xff}, n),
		} {
			if _, err := gost.NewPrivateKey(curve, secret); !errors.Is(err, gost.ErrMalformed) {
				t.Errorf("%s, private, %s: %v", curve.Name(), name, err)
			}
		}

		spki, pkcs8 := key.PublicKey.Marshal(), key.Marshal()
		if read, err := gost.ParsePublicKey(spki); err != nil || !read.Equal(key.Public()) {
			t.Errorf("%s: public key does not come back: %v", curve.Name(), err)
		}
		if read, err := gost.ParsePrivateKey(pkcs8); err != nil || !read.Equal(key) {
			t.Errorf("%s: private key does not come back: %v", curve.Name(), err)
		}
		for i := range spki {
			if _, err := gost.ParsePublicKey(spki[:i]); err == nil {
				t.Fatalf("%s: %d bytes are a public key", curve.Name(), i)
			}
		}
		for i := range pkcs8 {
			if _, err := gost.ParsePrivateKey(pkcs8[:i]); err == nil {
				t.Fatalf("%s: %d bytes are a private key", curve.Name(), i)
			}
		}
		if _, err := gost.ParsePublicKey(append(spki, 0)); !errors.Is(err, gost.ErrMalformed) {
			t.Errorf("%s: bytes behind a public key: %v", curve.Name(), err)
		}
		set := bytes.Index(pkcs8, []byte{0x2a, 0x83, 0x0e}) // 1.2.398, the kind of key
		pkcs8[set+2] = 0x0f
		if _, err := gost.ParsePrivateKey(pkcs8); !errors.Is(err, gost.ErrUnknown) {
			t.Errorf("%s: another arc: %v", curve.Name(), err)
		}
	}
}

// A point of order 2 is on the curve with cofactor 4, and would make signatures say little.
func TestPointOfSmallOrderIsRefused(t *testing.T) {
	// x of a point with y = 0 on Curve256, found as a root of x³ + a·x + b.
	x := unhex(t, "0100fe73f595ff158e974b44d478d9588744fe5c192ac47ea63075dce7a14aaa")
	slices.Reverse(x)
	if _, err := gost.NewPublicKey(gost.Curve256(), append(x, make([]byte, 32)...)); !errors.Is(err, gost.ErrMalformed) {
		t.Error("a point of order 2 is a key")
	}
}

// The base points have small x: plus the field's prime it still fits, and would be the same point in other
// bytes, in certificates that compare as different.
func TestCoordinatesBeyondThePrimeAreRefused(t *testing.T) {
	for _, curve := range []*gost.Curve{gost.Curve512(), gost.Curve2004()} {
		one := make([]byte, curve.Size())
		one[0] = 1
		base, err := gost.NewPrivateKey(curve, one)
		if err != nil {
			t.Fatal(err)
		}
		coordinates := base.PublicKey.Bytes()
		if _, err := gost.NewPublicKey(curve, coordinates); err != nil {
			t.Fatal(err)
		}
		prime := bytes.Repeat([]byte{0xff}, curve.Size()) // 2^512 − 569 and 2^256 − 617
		c := map[*gost.Curve]int{gost.Curve512(): 569, gost.Curve2004(): 617}[curve] - 1
		prime[0], prime[1] = 0xff-byte(c), 0xff-byte(c>>8)
		if !addTo(coordinates[:curve.Size()], prime) {
			t.Fatalf("%s: the base point has a large x", curve.Name())
		}
		if _, err := gost.NewPublicKey(curve, coordinates); !errors.Is(err, gost.ErrMalformed) {
			t.Errorf("%s: %v", curve.Name(), err)
		}
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestNonces(t *testing.T) {
	key := newKey(t, gost.Curve512())
	digest := make([]byte, 64)
	sign := func(random io.Reader, digest []byte) []byte {
		signature, err := key.Sign(random, digest, nil)
		if err != nil {
			t.Fatal(err)
		}
		return signature
	}
	if !bytes.Equal(sign(nil, digest), sign(nil, digest)) {
		t.Error("without a random source the nonce is not a function of key and digest")
	}
	stuck := bytes.NewReader(make([]byte, 256))
	another := bytes.Clone(digest)
	another[63] = 1
	if bytes.Equal(sign(stuck, digest)[:64], sign(stuck, another)[:64]) {
		t.Error("a stuck random source repeats the nonce for another digest: the key can be computed")
	}
	if bytes.Equal(sign(rand.Reader, digest)[:64], sign(rand.Reader, digest)[:64]) {
		t.Error("the random source does not enter")
	}
	if _, err := key.Sign(failing{}, digest, nil); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("signs without the random bytes it was promised: %v", err)
	}
	if _, err := gost.GenerateKey(gost.Curve512(), failing{}); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("makes a key without random bytes: %v", err)
	}
}

// Hashes take their data in any pieces, and Sum leaves them as they were.
func TestHashesInPieces(t *testing.T) {
	data := make([]byte, 300)
	_, _ = rand.Read(data)
	for _, new := range []func() hash.Hash{gost.NewStreebog512, gost.NewStreebog256, gost.NewGOST95} {
		for length := range len(data) {
			whole, pieces := new(), new()
			whole.Write(data[:length])
			for rest := data[:length]; len(rest) > 0; {
				n := min(len(rest), 1+length%47)
				pieces.Write(rest[:n])
				pieces.Sum(nil)
				rest = rest[n:]
			}
			if !bytes.Equal(whole.Sum([]byte("x")), append([]byte("x"), pieces.Sum(nil)...)) {
				t.Fatalf("%d bytes in pieces differ", length)
			}
		}
	}
}

func FuzzParsePublicKey(f *testing.F) {
	for _, curve := range curves {
		f.Add(newKey(f, curve).PublicKey.Marshal())
	}
	f.Fuzz(func(t *testing.T, spki []byte) {
		if key, err := gost.ParsePublicKey(spki); err == nil {
			if again, err := gost.ParsePublicKey(key.Marshal()); err != nil || !again.Equal(key) {
				t.Error("what is read does not come back")
			}
		}
	})
}

func FuzzParsePrivateKey(f *testing.F) {
	for _, curve := range curves {
		f.Add(newKey(f, curve).Marshal())
	}
	f.Fuzz(func(t *testing.T, pkcs8 []byte) {
		if key, err := gost.ParsePrivateKey(pkcs8); err == nil {
			if again, err := gost.ParsePrivateKey(key.Marshal()); err != nil || !again.Equal(key) {
				t.Error("what is read does not come back")
			}
		}
	})
}
