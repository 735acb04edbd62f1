package algorithms_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"math/big"
	"testing"

	"elicensing/signing/algorithms"
	"elicensing/signing/gost"
)

type bigInt = big.Int

var null = []byte{0x05, 0x00}

func oid(arcs ...int) asn1.ObjectIdentifier { return arcs }

var (
	sha1          = algorithms.Identifier{OID: oid(1, 3, 14, 3, 2, 26)}
	sha256        = algorithms.Identifier{OID: oid(2, 16, 840, 1, 101, 3, 4, 2, 1)}
	sha384        = algorithms.Identifier{OID: oid(2, 16, 840, 1, 101, 3, 4, 2, 2)}
	sha512        = algorithms.Identifier{OID: oid(2, 16, 840, 1, 101, 3, 4, 2, 3), Parameters: null}
	rsaKey        = algorithms.Identifier{OID: oid(1, 2, 840, 113549, 1, 1, 1), Parameters: null}
	sha256RSA     = algorithms.Identifier{OID: oid(1, 2, 840, 113549, 1, 1, 11), Parameters: null}
	sha384RSA     = algorithms.Identifier{OID: oid(1, 2, 840, 113549, 1, 1, 12)}
	sha512RSA     = algorithms.Identifier{OID: oid(1, 2, 840, 113549, 1, 1, 13), Parameters: null}
	sha1RSA       = algorithms.Identifier{OID: oid(1, 2, 840, 113549, 1, 1, 5), Parameters: null}
	md5RSA        = algorithms.Identifier{OID: oid(1, 2, 840, 113549, 1, 1, 4), Parameters: null}
	ecdsaSHA256   = algorithms.Identifier{OID: oid(1, 2, 840, 10045, 4, 3, 2)}
	ecdsaSHA384   = algorithms.Identifier{OID: oid(1, 2, 840, 10045, 4, 3, 3)}
	ecdsaSHA512   = algorithms.Identifier{OID: oid(1, 2, 840, 10045, 4, 3, 4)}
	pureEd25519   = algorithms.Identifier{OID: oid(1, 3, 101, 112)}
	unknownObject = algorithms.Identifier{OID: oid(1, 2, 3, 4)}
)

// pssOf writes RSASSA-PSS-params (RFC 4055 §3.1).
func pssOf(hash, mask algorithms.Identifier, salt, trailer int) algorithms.Identifier {
	type identifier struct {
		Algorithm  asn1.ObjectIdentifier
		Parameters asn1.RawValue `asn1:"optional"`
	}
	type maskFunction struct {
		Algorithm asn1.ObjectIdentifier
		Hash      identifier
	}
	parameters, err := asn1.Marshal(struct {
		Hash    identifier   `asn1:"explicit,tag:0"`
		Mask    maskFunction `asn1:"explicit,tag:1"`
		Salt    int          `asn1:"explicit,tag:2"`
		Trailer int          `asn1:"explicit,tag:3,optional"`
	}{identifier{Algorithm: hash.OID}, maskFunction{oid(1, 2, 840, 113549, 1, 1, 8), identifier{Algorithm: mask.OID}}, salt, trailer})
	if err != nil {
		panic(err)
	}
	return algorithms.Identifier{OID: oid(1, 2, 840, 113549, 1, 1, 10), Parameters: parameters}
}

func keyOf(t *testing.T, public crypto.PublicKey) algorithms.Key {
	t.Helper()
	spki, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	key, err := algorithms.ParseKey(spki)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func TestEveryAlgorithmOfTheTable(t *testing.T) {
	rsa2048 := must[*rsa.PrivateKey](t)(rsa.GenerateKey(rand.Reader, 2048))
	_, edwards, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	onCurve := func(c elliptic.Curve) crypto.Signer {
		return must[*ecdsa.PrivateKey](t)(ecdsa.GenerateKey(c, rand.Reader))
	}
	pssOptions := func(h crypto.Hash, salt int) crypto.SignerOpts {
		return &rsa.PSSOptions{Hash: h, SaltLength: salt}
	}
	for name, tc := range map[string]struct {
		key       crypto.Signer
		signature algorithms.Identifier
		digest    algorithms.Identifier
		bare      *algorithms.Identifier // the form in messages that leaves the hash to the digest algorithm
		options   crypto.SignerOpts
		kind      string
		bits      int
	}{
		"RSA SHA-256":   {rsa2048, sha256RSA, sha256, &rsaKey, crypto.SHA256, "RSA", 2048},
		"RSA SHA-384":   {rsa2048, sha384RSA, sha384, &rsaKey, crypto.SHA384, "RSA", 2048},
		"RSA SHA-512":   {rsa2048, sha512RSA, sha512, &rsaKey, crypto.SHA512, "RSA", 2048},
		"PSS SHA-256":   {rsa2048, pssOf(sha256, sha256, 32, 1), sha256, nil, pssOptions(crypto.SHA256, 32), "RSA", 2048},
		"PSS SHA-512":   {rsa2048, pssOf(sha512, sha512, 20, 1), sha512, nil, pssOptions(crypto.SHA512, 20), "RSA", 2048},
		"P-256":         {onCurve(elliptic.P256()), ecdsaSHA256, sha256, nil, crypto.SHA256, "ECDSA", 256},
		"P-384":         {onCurve(elliptic.P384()), ecdsaSHA384, sha384, nil, crypto.SHA384, "ECDSA", 384},
		"P-521":         {onCurve(elliptic.P521()), ecdsaSHA512, sha512, nil, crypto.SHA512, "ECDSA", 521},
		"P-521 SHA-256": {onCurve(elliptic.P521()), ecdsaSHA256, sha256, nil, crypto.SHA256, "ECDSA", 521},
		"Ed25519":       {edwards, pureEd25519, sha512, nil, crypto.Hash(0), "Ed25519", 256},
	} {
		t.Run(name, func(t *testing.T) {
			signed := []byte("content that is signed")
			toSign := signed
			if hash := tc.options.HashFunc(); hash != 0 {
				h := hash.New()
				h.Write(signed)
				toSign = h.Sum(nil)
			}
			signature := must[[]byte](t)(tc.key.Sign(rand.Reader, toSign, tc.options))
			key := keyOf(t, tc.key.Public())
			if key.Kind() != tc.kind || key.Bits() != tc.bits {
				t.Errorf("key is %s of %d bits", key.Kind(), key.Bits())
			}
			if known := must[algorithms.Key](t)(algorithms.KeyOf(tc.key.Public())); !known.Equal(key) || known.Kind() != key.Kind() {
				t.Error("the key at hand differs from the one that was read")
			}
			schemes := []algorithms.Scheme{
				must[algorithms.Scheme](t)(algorithms.ForCertificate(tc.signature)),
				must[algorithms.Scheme](t)(algorithms.ForMessage(tc.digest, tc.signature, key)),
			}
			if tc.bare != nil {
				schemes = append(schemes, must[algorithms.Scheme](t)(algorithms.ForMessage(tc.digest, *tc.bare, key)))
			}
			for _, scheme := range schemes {
				if err := scheme.Verify(key, signed, signature); err != nil {
					t.Errorf("%s: %v", scheme.Name(), err)
				}
				if err := scheme.Verify(key, append(bytes.Clone(signed), 0), signature); !errors.Is(err, algorithms.ErrWrong) {
					t.Errorf("other content: %v", err)
				}
				for _, i := range []int{0, len(signature) / 2, len(signature) - 1} {
					damaged := bytes.Clone(signature)
					damaged[i] ^= 1
					if err := scheme.Verify(key, signed, damaged); !errors.Is(err, algorithms.ErrWrong) {
						t.Errorf("damaged at %d: %v", i, err)
					}
				}
				for n := range signature {
					if err := scheme.Verify(key, signed, signature[:n]); !errors.Is(err, algorithms.ErrWrong) {
						t.Fatalf("cut to %d: %v", n, err)
					}
				}
				if err := scheme.Verify(algorithms.Key{}, signed, signature); !errors.Is(err, algorithms.ErrMismatch) {
					t.Errorf("no key: %v", err)
				}
			}
		})
	}
}

func TestSchemesThatAreRefused(t *testing.T) {
	key := keyOf(t, must[*rsa.PrivateKey](t)(rsa.GenerateKey(rand.Reader, 2048)).Public())
	with := func(id algorithms.Identifier, parameters []byte) algorithms.Identifier {
		id.Parameters = parameters
		return id
	}
	number := []byte{0x02, 0x01, 0x05}
	good := pssOf(sha256, sha256, 32, 1)
	for name, tc := range map[string]struct {
		digest, signature algorithms.Identifier
		want              error
	}{
		"unknown signature":                {sha256, unknownObject, algorithms.ErrUnknown},
		"unknown digest":                   {unknownObject, sha256RSA, algorithms.ErrUnknown},
		"SHA-1 with RSA":                   {sha1, sha1RSA, algorithms.ErrWeak},
		"SHA-1 with the bare key":          {sha1, rsaKey, algorithms.ErrWeak},
		"SHA-1 named by the signature":     {sha256, sha1RSA, algorithms.ErrWeak},
		"MD5":                              {sha256, md5RSA, algorithms.ErrWeak},
		"two hashes":                       {sha512, sha256RSA, algorithms.ErrMismatch},
		"signature of another kind of key": {sha256, ecdsaSHA256, algorithms.ErrMismatch},
		"Ed25519 with an RSA key":          {sha512, pureEd25519, algorithms.ErrMismatch},
		"digest with parameters":           {with(sha256, number), sha256RSA, algorithms.ErrMalformed},
		"RSA with parameters":              {sha256, with(sha256RSA, number), algorithms.ErrMalformed},
		"ECDSA with NULL":                  {sha256, with(ecdsaSHA256, null), algorithms.ErrMalformed},
		"PSS without parameters":           {sha256, with(good, nil), algorithms.ErrMalformed},
		"PSS with its defaults, SHA-1":     {sha256, with(good, []byte{0x30, 0x00}), algorithms.ErrWeak},
		"PSS cut":                          {sha256, with(good, good.Parameters[:len(good.Parameters)-1]), algorithms.ErrMalformed},
		"PSS with two hashes":              {sha256, pssOf(sha256, sha512, 32, 1), algorithms.ErrMismatch},
		"PSS against the digest":           {sha512, good, algorithms.ErrMismatch},
		"PSS over SHA-1":                   {sha256, pssOf(sha1, sha1, 20, 1), algorithms.ErrWeak},
		"PSS without salt":                 {sha256, pssOf(sha256, sha256, 0, 1), algorithms.ErrWeak},
		"PSS with a negative salt":         {sha256, pssOf(sha256, sha256, -1, 1), algorithms.ErrWeak},
		"PSS with a huge salt":             {sha256, pssOf(sha256, sha256, 1<<30, 1), algorithms.ErrWeak},
		"PSS with another trailer":         {sha256, pssOf(sha256, sha256, 32, 2), algorithms.ErrMalformed},
	} {
		if _, err := algorithms.ForMessage(tc.digest, tc.signature, key); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v, want %v", name, err, tc.want)
		}
	}
	for name, tc := range map[string]struct {
		signature algorithms.Identifier
		want      error
	}{
		"bare key": {rsaKey, algorithms.ErrUnknown}, // names no hash
		"SHA-1":    {sha1RSA, algorithms.ErrWeak},
		"unknown":  {unknownObject, algorithms.ErrUnknown},
		"a digest": {sha256, algorithms.ErrUnknown},
	} {
		if _, err := algorithms.ForCertificate(tc.signature); !errors.Is(err, tc.want) {
			t.Errorf("certificate, %s: %v, want %v", name, err, tc.want)
		}
	}
	if (algorithms.Scheme{}).Verify(key, nil, nil) == nil || (algorithms.Scheme{}).Verify(algorithms.Key{}, nil, nil) == nil {
		t.Error("the zero scheme verifies")
	}
}

func TestKeysThatAreRefused(t *testing.T) {
	small := must[*rsa.PrivateKey](t)(rsa.GenerateKey(rand.Reader, 1024))
	sum := crypto.SHA256.New()
	sum.Write([]byte("x"))
	signature := must[[]byte](t)(rsa.SignPKCS1v15(nil, small, crypto.SHA256, sum.Sum(nil)))
	scheme := must[algorithms.Scheme](t)(algorithms.ForCertificate(sha256RSA))
	if err := scheme.Verify(keyOf(t, small.Public()), []byte("x"), signature); !errors.Is(err, algorithms.ErrWeak) {
		t.Errorf("RSA of 1024 bits: %v", err)
	}
	huge := &rsa.PublicKey{N: new(bigInt).SetBit(new(bigInt).SetInt64(1), 8200, 1), E: 65537}
	if err := scheme.Verify(keyOf(t, huge), []byte("x"), make([]byte, 1026)); !errors.Is(err, algorithms.ErrWeak) {
		t.Errorf("RSA of 8201 bits: %v", err)
	}

	ec := must[*ecdsa.PrivateKey](t)(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	spki := must[[]byte](t)(x509.MarshalPKIXPublicKey(ec.Public()))
	offCurve := bytes.Clone(spki)
	offCurve[len(offCurve)-1] ^= 1
	p224 := must[*ecdsa.PrivateKey](t)(ecdsa.GenerateKey(elliptic.P224(), rand.Reader))
	otherCurve := must[[]byte](t)(x509.MarshalPKIXPublicKey(p224.Public()))
	even := must[[]byte](t)(x509.MarshalPKIXPublicKey(&rsa.PublicKey{N: new(bigInt).SetBit(new(bigInt), 2047, 1), E: 65537}))
	exponentOne := must[[]byte](t)(x509.MarshalPKIXPublicKey(&rsa.PublicKey{N: small.N, E: 1}))
	for name, tc := range map[string]struct {
		spki []byte
		want error
	}{
		"nothing":           {nil, algorithms.ErrMalformed},
		"a number":          {[]byte{2, 1, 1}, algorithms.ErrMalformed},
		"bytes behind":      {append(bytes.Clone(spki), 0), algorithms.ErrMalformed},
		"off the curve":     {offCurve, algorithms.ErrMalformed},
		"another curve":     {otherCurve, algorithms.ErrUnknown},
		"an even modulus":   {even, algorithms.ErrMalformed},
		"an exponent of 1":  {exponentOne, algorithms.ErrMalformed},
		"larger than a key": {make([]byte, 5000), algorithms.ErrMalformed},
	} {
		if _, err := algorithms.ParseKey(tc.spki); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v, want %v", name, err, tc.want)
		}
	}
	for n := range spki {
		if _, err := algorithms.ParseKey(spki[:n]); err == nil {
			t.Fatalf("the first %d bytes are a key", n)
		}
	}
}

func TestHashesThatAreRefused(t *testing.T) {
	for _, id := range []algorithms.Identifier{sha256, sha384, sha512} {
		if _, err := algorithms.NewHash(id); err != nil {
			t.Error(err)
		}
	}
	if _, err := algorithms.NewHash(sha1); !errors.Is(err, algorithms.ErrWeak) {
		t.Errorf("SHA-1: %v", err)
	}
	if h, err := algorithms.NewNamingHash(sha1); err != nil || h.Size() != 20 {
		t.Errorf("SHA-1 as a name: %v", err)
	}
	if _, err := algorithms.NewNamingHash(algorithms.Identifier{OID: oid(1, 2, 840, 113549, 2, 5)}); !errors.Is(err, algorithms.ErrWeak) {
		t.Errorf("MD5 as a name: %v", err)
	}
	if _, err := algorithms.NewHash(unknownObject); !errors.Is(err, algorithms.ErrUnknown) {
		t.Errorf("unknown: %v", err)
	}
}

// FuzzParseKey: no public key of a stranger ends the program.
func FuzzParseKey(f *testing.F) {
	for _, public := range []crypto.PublicKey{
		&rsa.PublicKey{N: new(bigInt).SetBit(new(bigInt).SetInt64(1), 2047, 1), E: 65537},
		ed25519.NewKeyFromSeed(make([]byte, 32)).Public(),
	} {
		spki, err := x509.MarshalPKIXPublicKey(public)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(spki)
	}
	for _, curve := range []elliptic.Curve{elliptic.P256(), elliptic.P384(), elliptic.P521()} {
		key, err := ecdsa.GenerateKey(curve, rand.Reader)
		if err != nil {
			f.Fatal(err)
		}
		spki, err := x509.MarshalPKIXPublicKey(key.Public())
		if err != nil {
			f.Fatal(err)
		}
		f.Add(spki)
	}
	for _, curve := range []*gost.Curve{gost.Curve512(), gost.Curve256(), gost.Curve2004()} {
		key, err := gost.GenerateKey(curve, rand.Reader)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(key.PublicKey.Marshal())
	}
	f.Fuzz(func(t *testing.T, spki []byte) {
		key, err := algorithms.ParseKey(spki)
		if err == nil && (key.Kind() == "" || key.Bits() == 0 || key.Public() == nil || !key.Equal(key)) {
			t.Errorf("half a key: %q", key.Kind())
		}
	})
}
