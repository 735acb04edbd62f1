package gost

import (
	"crypto/rand"
	"math/big"
	"slices"
	"testing"
)

// reference is the scheme of RFC 7091 written down plainly over big numbers, for any curve: the
// standards' own examples are for curves that nobody uses and that the fast fields do not know. It is
// held to those examples, and the fast arithmetic is held to it.
type reference struct{ p, a, b, q, x, y *big.Int }

func (r reference) add(x1, y1, x2, y2 *big.Int) (*big.Int, *big.Int) {
	mod := func(v *big.Int) *big.Int { return v.Mod(v, r.p) }
	switch {
	case x1 == nil:
		return x2, y2
	case x2 == nil:
		return x1, y1
	}
	slope := new(big.Int)
	if x1.Cmp(x2) == 0 {
		if mod(new(big.Int).Add(y1, y2)).Sign() == 0 {
			return nil, nil
		}
		slope.Mul(x1, x1).Mul(slope, big.NewInt(3)).Add(slope, r.a)
		slope.Mul(slope, new(big.Int).ModInverse(mod(new(big.Int).Lsh(y1, 1)), r.p))
	} else {
		slope.Sub(y2, y1)
		slope.Mul(slope, new(big.Int).ModInverse(mod(new(big.Int).Sub(x2, x1)), r.p))
	}
	x := new(big.Int).Mul(slope, slope)
	mod(x.Sub(x, x1).Sub(x, x2))
	y := new(big.Int).Sub(x1, x)
	return x, mod(y.Mul(y, slope).Sub(y, y1))
}

func (r reference) multiply(k, x, y *big.Int) (sumX, sumY *big.Int) {
	for i := k.BitLen() - 1; i >= 0; i-- {
		sumX, sumY = r.add(sumX, sumY, sumX, sumY)
		if k.Bit(i) == 1 {
			sumX, sumY = r.add(sumX, sumY, x, y)
		}
	}
	return sumX, sumY
}

func (r reference) digest(e *big.Int) *big.Int {
	e = new(big.Int).Mod(e, r.q)
	if e.Sign() == 0 {
		e.SetInt64(1)
	}
	return e
}

func (r reference) sign(e, d, k *big.Int) (R, s *big.Int) {
	x, _ := r.multiply(k, r.x, r.y)
	R = new(big.Int).Mod(x, r.q)
	s = new(big.Int).Mul(R, d)
	s.Add(s, new(big.Int).Mul(k, r.digest(e)))
	return R, s.Mod(s, r.q)
}

func (r reference) verify(e, qx, qy, R, s *big.Int) bool {
	if R.Sign() <= 0 || s.Sign() <= 0 || R.Cmp(r.q) >= 0 || s.Cmp(r.q) >= 0 {
		return false
	}
	v := new(big.Int).ModInverse(r.digest(e), r.q)
	z1 := new(big.Int).Mul(s, v)
	z2 := new(big.Int).Mul(new(big.Int).Neg(R), v)
	x1, y1 := r.multiply(z1.Mod(z1, r.q), r.x, r.y)
	x2, y2 := r.multiply(z2.Mod(z2, r.q), qx, qy)
	x, _ := r.add(x1, y1, x2, y2)
	return x != nil && x.Mod(x, r.q).Cmp(R) == 0
}

func hexNumber(text string) *big.Int {
	n, ok := new(big.Int).SetString(text, 16)
	if !ok {
		panic(text)
	}
	return n
}

// The examples of RFC 7091 §7.1 (256 bits) and of GOST R 34.10-2012 appendix A.2 (512 bits).
func TestReferenceHoldsTheExamplesOfTheStandard(t *testing.T) {
	for _, tc := range []struct {
		reference
		d, e, k, r, s, qx, qy string
	}{
		{
			reference{
				hexNumber("8000000000000000000000000000000000000000000000000000000000000431"), big.NewInt(7),
				hexNumber("5fbff498aa938ce739b8e022fbafef40563f6e6a3472fc2a514c0ce9dae23b7e"),
				hexNumber("8000000000000000000000000000000150fe8a1892976154c59cfc193accf5b3"),
				big.NewInt(2), hexNumber("8e2a8a0e65147d4bd6316030e16d19c85c97f0a9ca267122b96abbcea7e8fc8"),
			},
			"7a929ade789bb9be10ed359dd39a72c11b60961f49397eee1d19ce9891ec3b28",
			"2dfbc1b372d89a1188c09c52e0eec61fce52032ab1022e8e67ece6672b043ee5",
			"77105c9b20bcd3122823c8cf6fcc7b956de33814e95b7fe64fed924594dceab3",
			"41aa28d2f1ab148280cd9ed56feda41974053554a42767b83ad043fd39dc0493",
			"1456c64ba4642a1653c235a98a60249bcd6d3f746b631df928014f6c5bf9c40",
			"7f2b49e270db6d90d8595bec458b50c58585ba1d4e9b788f6689dbd8e56fd80b",
			"26f1b489d6701dd185c8413a977b3cbbaf64d1c593d26627dffb101a87ff77da",
		},
		{
			reference{
				hexNumber("4531acd1fe0023c7550d267b6b2fee80922b14b2ffb90f04d4eb7c09b5d2d15df1d852741af4704a0458047e80e4546d35b8336fac224dd81664bbf528be6373"), big.NewInt(7),
				hexNumber("1cff0806a31116da29d8cfa54e57eb748bc5f377e49400fdd788b649eca1ac4361834013b2ad7322480a89ca58e0cf74bc9e540c2add6897fad0a3084f302adc"),
				hexNumber("4531acd1fe0023c7550d267b6b2fee80922b14b2ffb90f04d4eb7c09b5d2d15da82f2d7ecb1dbac719905c5eecc423f1d86e25edbe23c595d644aaf187e6e6df"),
				hexNumber("24d19cc64572ee30f396bf6ebbfd7a6c5213b3b3d7057cc825f91093a68cd762fd60611262cd838dc6b60aa7eee804e28bc849977fac33b4b530f1b120248a9a"),
				hexNumber("2bb312a43bd2ce6e0d020613c857acddcfbf061e91e5f2c3f32447c259f39b2c83ab156d77f1496bf7eb3351e1ee4e43dc1a18b91b24640b6dbb92cb1add371e"),
			},
			"ba6048aadae241ba40936d47756d7c93091a0e8514669700ee7508e508b102072e8123b2200a0563322dad2827e2714a2636b7bfd18aadfc62967821fa18dd4",
			"3754f3cfacc9e0615c4f4a7c4d8dab531b09b6f9c170c533a71d147035b0c5917184ee536593f4414339976c647c5d5a407adedb1d560c4fc6777d2972075b8c",
			"359e7f4b1410feacc570456c6801496946312120b39d019d455986e364f365886748ed7a44b3e794434006011842286212273a6d14cf70ea3af71bb1ae679f1",
			"2f86fa60a081091a23dd795e1e3c689ee512a3c82ee0dcc2643c78eea8fcacd35492558486b20f1c9ec197c90699850260c93bcbcd9c5c3317e19344e173ae36",
			"1081b394696ffe8e6585e7a9362d26b6325f56778aadbc081c0bfbe933d52ff5823ce288e8c4f362526080df7f70ce406a6eeb1f56919cb92a9853bde73e5b4a",
			"115dc5bc96760c7b48598d8ab9e740d4c4a85a65be33c1815b5c320c854621dd5a515856d13314af69bc5b924c8b4ddff75c45415c1d9dd9dd33612cd530efe1",
			"37c7c90cd40b0f5621dc3ac1b751cfa0e2634fa0503b3d52639f5d7fb72afd61ea199441d943ffe7f0c70a2759a3cdb84c114e1f9339fdf27f35eca93677beec",
		},
	} {
		r, s := tc.sign(hexNumber(tc.e), hexNumber(tc.d), hexNumber(tc.k))
		if r.Cmp(hexNumber(tc.r)) != 0 || s.Cmp(hexNumber(tc.s)) != 0 {
			t.Errorf("signature %x %x", r, s)
		}
		qx, qy := tc.multiply(hexNumber(tc.d), tc.x, tc.y)
		if qx.Cmp(hexNumber(tc.qx)) != 0 || qy.Cmp(hexNumber(tc.qy)) != 0 {
			t.Errorf("key %x %x", qx, qy)
		}
		if !tc.verify(hexNumber(tc.e), qx, qy, r, s) {
			t.Error("the example does not verify")
		}
	}
}

func toBig(e *element) *big.Int {
	b := encode(nil, e, 64)
	slices.Reverse(b)
	return new(big.Int).SetBytes(b)
}

func fromBig(n *big.Int) element {
	b := n.FillBytes(make([]byte, 64))
	slices.Reverse(b)
	return decode(b)
}

func referenceOf(c *Curve) reference {
	p := new(big.Int).Lsh(big.NewInt(1), uint(c.Bits()))
	p.Sub(p, new(big.Int).SetUint64(c.field.c))
	return reference{p, toBig(&c.a), toBig(&c.b), toBig(&c.order.q), toBig(&c.base.x), toBig(&c.base.y)}
}

var curvesOfTests = []*Curve{Curve512(), Curve256(), Curve2004()}

// edges are numbers at which carries run through, and some random ones.
func edges(t *testing.T, size int, around ...*big.Int) []*big.Int {
	limit := new(big.Int).Lsh(big.NewInt(1), uint(size))
	var all []*big.Int
	for _, n := range append(around, big.NewInt(0), limit, new(big.Int).Rsh(limit, 1), new(big.Int).Rsh(limit, 64)) {
		for d := int64(-2); d <= 2; d++ {
			if v := new(big.Int).Add(n, big.NewInt(d)); v.Sign() >= 0 && v.Cmp(limit) < 0 {
				all = append(all, v)
			}
		}
	}
	for range 30 {
		v, err := rand.Int(rand.Reader, limit)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, v)
	}
	return all
}

func TestFieldAgreesWithBigNumbers(t *testing.T) {
	for _, c := range curvesOfTests {
		f, p := &c.field, referenceOf(c).p
		check := func(name string, got element, want *big.Int) {
			t.Helper()
			f.canonical(&got)
			if want.Mod(want, p); toBig(&got).Cmp(want) != 0 {
				t.Errorf("%s %s: %x, want %x", c.Name(), name, toBig(&got), want)
			}
		}
		all := edges(t, c.Bits(), p)
		for _, x := range all {
			ex := fromBig(x)
			var z element
			f.sqr(&z, &ex)
			check("square", z, new(big.Int).Mul(x, x))
			f.halve(&z, &ex)
			f.add(&z, &z, &z)
			check("twice the half", z, new(big.Int).Set(x))
			if (f.zero(&ex) == 1) != (new(big.Int).Mod(x, p).Sign() == 0) {
				t.Errorf("%s: zero(%x)", c.Name(), x)
			}
			for _, y := range all {
				ey := fromBig(y)
				f.mul(&z, &ex, &ey)
				check("product", z, new(big.Int).Mul(x, y))
				f.add(&z, &ex, &ey)
				check("sum", z, new(big.Int).Add(x, y))
				f.sub(&z, &ex, &ey)
				check("difference", z, new(big.Int).Sub(x, y))
			}
		}
		for _, x := range all[len(all)-3:] {
			ex := fromBig(x)
			f.inverse(&ex, &ex)
			check("inverse", ex, new(big.Int).ModInverse(x, p))
		}
	}
}

func TestOrderAgreesWithBigNumbers(t *testing.T) {
	for _, c := range curvesOfTests {
		o, q := &c.order, toBig(&c.order.q)
		all := edges(t, c.Bits(), q)
		for _, x := range all {
			ex := fromBig(x)
			var z element
			o.reduce(&z, &ex)
			if want := new(big.Int).Mod(x, q); toBig(&z).Cmp(want) != 0 {
				t.Errorf("%s: %x mod q is %x", c.Name(), x, toBig(&z))
			}
			if o.below(&ex) != (x.Cmp(q) < 0) {
				t.Errorf("%s: below(%x)", c.Name(), x)
			}
			small := z
			if small != (element{}) {
				o.inverse(&z, &small)
				if want := new(big.Int).ModInverse(x, q); toBig(&z).Cmp(want) != 0 {
					t.Errorf("%s: 1/%x is %x", c.Name(), x, toBig(&z))
				}
			}
			o.negate(&z, &small)
			if want := new(big.Int).Neg(x); toBig(&z).Cmp(want.Mod(want, q)) != 0 {
				t.Errorf("%s: −%x is %x", c.Name(), x, toBig(&z))
			}
			for _, y := range all {
				ey := fromBig(new(big.Int).Mod(y, q))
				o.mul(&z, &ex, &ey)
				if want := new(big.Int).Mul(x, y); toBig(&z).Cmp(want.Mod(want, q)) != 0 {
					t.Errorf("%s: %x·%x", c.Name(), x, y)
				}
				o.add(&z, &small, &ey)
				if want := new(big.Int).Add(x, y); toBig(&z).Cmp(want.Mod(want, q)) != 0 {
					t.Errorf("%s: %x+%x", c.Name(), x, y)
				}
			}
		}
	}
}

// Multiples at which formulas break when they are not complete: 1, 2, q−1, and sums whose parts meet.
func TestPointsAgreeWithBigNumbers(t *testing.T) {
	for _, c := range curvesOfTests {
		r := referenceOf(c)
		one := big.NewInt(1)
		scalars := []*big.Int{one, big.NewInt(2), big.NewInt(3), big.NewInt(15), big.NewInt(16), big.NewInt(255), new(big.Int).Sub(r.q, one), new(big.Int).Rsh(r.q, 1)}
		for range 8 {
			k, err := rand.Int(rand.Reader, r.q)
			if err != nil {
				t.Fatal(err)
			}
			scalars = append(scalars, k)
		}
		multiples := make([][2]*big.Int, len(scalars)) // of the base point, by the plain code, which takes its time
		for i, k := range scalars {
			ek := fromBig(k)
			point := c.multiplyBase(&ek)
			x, y := r.multiply(k, r.x, r.y)
			multiples[i] = [2]*big.Int{x, y}
			if toBig(&point.x).Cmp(x) != 0 || toBig(&point.y).Cmp(y) != 0 {
				t.Errorf("%s: %x·G", c.Name(), k)
			}
		}
		for i, m := range scalars {
			for j, n := range scalars[:8] {
				em, en := fromBig(m), fromBig(n)
				// The key is the base point itself: m·G and n·G meet as equal, opposite and twice another.
				sum := c.combine(&em, &en, &c.base)
				x, _ := r.add(multiples[i][0], multiples[i][1], multiples[j][0], multiples[j][1])
				if x == nil {
					if c.field.zero(&sum.z) != 1 {
						t.Errorf("%s: %x·G + %x·G is not neutral", c.Name(), m, n)
					}
					continue
				}
				if want := fromBig(new(big.Int).Mod(x, r.q)); !c.hasX(&sum, &want) {
					t.Errorf("%s: %x·G + %x·G", c.Name(), m, n)
				}
			}
		}
	}
}

// Signatures of the fast code are judged by the plain one and the other way round.
func TestSignaturesAgreeWithTheReference(t *testing.T) {
	for _, c := range curvesOfTests {
		r := referenceOf(c)
		key, err := GenerateKey(c, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		digests := [][]byte{make([]byte, c.Size()), encode(nil, &c.order.q, c.Size())} // zero, and zero modulo q
		for range 4 {
			digest := make([]byte, c.Size())
			_, _ = rand.Read(digest)
			digests = append(digests, digest)
		}
		for _, digest := range digests {
			e := decode(digest)
			signature, err := key.Sign(rand.Reader, digest, nil)
			if err != nil {
				t.Fatal(err)
			}
			R, s := decode(signature[:c.Size()]), decode(signature[c.Size():])
			if !r.verify(toBig(&e), toBig(&key.point.x), toBig(&key.point.y), toBig(&R), toBig(&s)) {
				t.Errorf("%s: the reference refuses our signature", c.Name())
			}
			k, err := rand.Int(rand.Reader, r.q)
			if err != nil {
				t.Fatal(err)
			}
			bigR, bigS := r.sign(toBig(&e), toBig(&key.secret), k)
			R, s = fromBig(bigR), fromBig(bigS)
			if !key.Verify(digest, encode(encode(nil, &R, c.Size()), &s, c.Size())) {
				t.Errorf("%s: a signature of the reference is refused", c.Name())
			}
		}
	}
}
