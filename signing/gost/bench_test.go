package gost_test

import (
	"crypto/rand"
	"testing"

	"elicensing/signing/gost"
)

func benchmarkVerify(b *testing.B, curve *gost.Curve) {
	key, err := gost.GenerateKey(curve, rand.Reader)
	if err != nil {
		b.Fatal(err)
	}
	digest := make([]byte, curve.Size())
	_, _ = rand.Read(digest)
	signature, err := key.Sign(rand.Reader, digest, nil)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if !key.Verify(digest, signature) {
			b.Fatal("wrong")
		}
	}
}

func BenchmarkGOST512Verify(b *testing.B)  { benchmarkVerify(b, gost.Curve512()) }
func BenchmarkGOST256Verify(b *testing.B)  { benchmarkVerify(b, gost.Curve256()) }
func BenchmarkGOST2004Verify(b *testing.B) { benchmarkVerify(b, gost.Curve2004()) }

func BenchmarkGOST512Sign(b *testing.B) {
	key, err := gost.GenerateKey(gost.Curve512(), rand.Reader)
	if err != nil {
		b.Fatal(err)
	}
	digest := make([]byte, 64)
	for b.Loop() {
		if _, err := key.Sign(rand.Reader, digest, nil); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkStreebog512(b *testing.B) {
	data := make([]byte, 1<<20)
	h := gost.NewStreebog512()
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		h.Reset()
		h.Write(data)
		h.Sum(nil)
	}
}

func BenchmarkGOST95(b *testing.B) {
	data := make([]byte, 1<<20)
	h := gost.NewGOST95()
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		h.Reset()
		h.Write(data)
		h.Sum(nil)
	}
}
