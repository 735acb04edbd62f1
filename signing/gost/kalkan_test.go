package gost_test

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"hash"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"elicensing/signing/gost"
)

func sum(new func() hash.Hash, data []byte) []byte {
	h := new()
	h.Write(data)
	return h.Sum(nil)
}

// nationalData is the folder of the national samples.
var nationalData = filepath.Join("..", "..", "..", "shared", "kz-pki")

// A key, a message and its signature made by the nation's own library.
func TestVectorOfTheNationalLibrary(t *testing.T) {
	file, err := os.ReadFile(filepath.Join(nationalData, "certs", "fedor35_test_gost512.vectors"))
	if err != nil {
		t.Fatal(err)
	}
	field := map[string]string{}
	for _, line := range strings.Split(string(file), "\n") {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok {
			field[name] = value
		}
	}
	number := func(name string) []byte { // big-endian there, little-endian here
		b := unhex(t, field[name])
		slices.Reverse(b)
		return b
	}
	digest := sum(gost.NewStreebog512, []byte(field["msg"]))
	if got := hex.EncodeToString(digest); got != field["digest"] {
		t.Errorf("digest %s", got)
	}
	key, err := gost.NewPrivateKey(gost.Curve512(), number("d"))
	if err != nil {
		t.Fatal(err)
	}
	if want := append(number("qx"), number("qy")...); !bytes.Equal(key.PublicKey.Bytes(), want) {
		t.Errorf("d·G is %x, want %x", key.PublicKey.Bytes(), want)
	}
	signature := unhex(t, field["sig"])
	if !key.Verify(digest, signature) {
		t.Error("the national signature does not verify")
	}
	signature[0] ^= 1
	if key.Verify(digest, signature) {
		t.Error("a damaged signature verifies")
	}
}

func TestSignedIsVerified(t *testing.T) {
	for _, curve := range []*gost.Curve{gost.Curve512(), gost.Curve256(), gost.Curve2004()} {
		key, err := gost.GenerateKey(curve, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		digest := sum(gost.NewStreebog512, []byte("x"))[:curve.Size()]
		signature, err := key.Sign(rand.Reader, digest, nil)
		if err != nil {
			t.Fatal(err)
		}
		if !key.Verify(digest, signature) {
			t.Errorf("%s: own signature does not verify", curve.Name())
		}
	}
}
