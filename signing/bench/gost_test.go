package bench_test

import (
	"crypto/rand"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"elicensing/signing/gost"
)

// engine is the rate of OpenSSL's gost engine at an operation of testdata/gostengine.c.
func engine(b *testing.B, operation string) rate {
	b.Helper()
	program := filepath.Join(b.TempDir(), "gostengine")
	// The interface of engines is deprecated and has no successor that this engine serves.
	compile := exec.Command("cc", "-O2", "-Wno-deprecated-declarations", "-o", program, "testdata/gostengine.c", "-lcrypto")
	if output, err := compile.CombinedOutput(); err != nil {
		b.Skipf("the reference cannot be built (gcc, libssl-dev): %v\n%s", err, output)
	}
	return func(b *testing.B) float64 {
		output, err := exec.Command(program, operation, strconv.FormatFloat(slice.Seconds(), 'f', -1, 64)).Output()
		if err != nil {
			b.Skipf("the reference does not run (libengine-gost-openssl): %v", err)
		}
		perSecond, err := strconv.ParseFloat(strings.TrimSpace(string(output)), 64)
		if err != nil {
			b.Fatal(err)
		}
		return perSecond
	}
}

// BenchmarkRatioGOST512Verify: GOST 34.10-2015 with 512 bits against the engine; goal 0.60, near the limit 1.0.
func BenchmarkRatioGOST512Verify(b *testing.B) {
	key, err := gost.GenerateKey(gost.Curve512(), rand.Reader)
	if err != nil {
		b.Fatal(err)
	}
	digest := make([]byte, gost.Streebog512Size)
	signature, err := key.Sign(rand.Reader, digest, nil)
	if err != nil {
		b.Fatal(err)
	}
	ratio(b, repeat(func(b *testing.B) {
		if !key.Verify(digest, signature) {
			b.Fatal("our own signature is wrong")
		}
	}), engine(b, "verify"))
}

// BenchmarkRatioStreebog512: 1 MiB against the engine; goal 0.60, near the limit 1.0.
func BenchmarkRatioStreebog512(b *testing.B) {
	data := make([]byte, 1<<20)
	h := gost.NewStreebog512()
	ratio(b, repeat(func(*testing.B) {
		h.Reset()
		h.Write(data)
		h.Sum(nil)
	}), engine(b, "streebog"))
}
