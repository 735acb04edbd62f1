package gost_test

import (
	"bytes"
	"crypto/rand"
	"encoding/asn1"
	"fmt"
	"hash"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"testing"

	"elicensing/signing/gost"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// russian is how OpenSSL's gost engine knows a curve: by the identifiers of RFC 9215 and RFC 4491.
type russian struct {
	curve  *gost.Curve
	new    func() hash.Hash
	digest string // of the engine; empty where its hash has other parameters, and digests are handed over
	oids   []asn1.ObjectIdentifier
}

var engineCurves = []russian{
	{gost.Curve512(), gost.NewStreebog512, "-md_gost12_512", []asn1.ObjectIdentifier{{1, 2, 643, 7, 1, 1, 1, 2}, {1, 2, 643, 7, 1, 2, 1, 2, 1}, {1, 2, 643, 7, 1, 1, 2, 3}}},
	{gost.Curve256(), gost.NewStreebog256, "-md_gost12_256", []asn1.ObjectIdentifier{{1, 2, 643, 7, 1, 1, 1, 1}, {1, 2, 643, 7, 1, 2, 1, 1, 1}, {1, 2, 643, 7, 1, 1, 2, 2}}},
	{gost.Curve2004(), gost.NewGOST95, "", []asn1.ObjectIdentifier{{1, 2, 643, 2, 2, 19}, {1, 2, 643, 2, 2, 35, 1}, {1, 2, 643, 2, 2, 30, 1}}},
}

func (r russian) addAlgorithm(b *cryptobyte.Builder) {
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(r.oids[0])
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier(r.oids[1])
			b.AddASN1ObjectIdentifier(r.oids[2])
		})
	})
}

func (r russian) public(k *gost.PublicKey) []byte {
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		r.addAlgorithm(b)
		b.AddASN1(cbasn1.BIT_STRING, func(b *cryptobyte.Builder) {
			b.AddUint8(0)
			b.AddASN1OctetString(k.Bytes())
		})
	})
	return b.BytesOrPanic()
}

func (r russian) private(k *gost.PrivateKey) []byte {
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1Int64(0)
		r.addAlgorithm(b)
		b.AddASN1OctetString(k.Bytes())
	})
	return b.BytesOrPanic()
}

// engineCase is one key and one message, signed on both sides and verified on the other.
type engineCase struct {
	russian
	key     *gost.PrivateKey
	message []byte
}

// run answers whether both sides agree, and how many damaged signatures either accepted.
func (c engineCase) run(folder string) (agree bool, wrong int, err error) {
	h := c.new()
	h.Write(c.message)
	digest := h.Sum(nil)
	ours, err := c.key.Sign(rand.Reader, digest, nil)
	if err != nil {
		return false, 0, err
	}
	damaged := bytes.Clone(ours)
	damaged[len(damaged)/3] ^= 0x10
	data := c.message
	if c.digest == "" {
		data = digest
	}
	for name, content := range map[string][]byte{
		"public": c.public(&c.key.PublicKey), "private": c.private(c.key), "data": data, "ours": reverse(ours), "damaged": reverse(damaged),
	} {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o600); err != nil {
			return false, 0, err
		}
	}
	verify := func(signature string) bool {
		if c.digest == "" {
			return openssl(folder, "pkeyutl", "-engine", "gost", "-verify", "-pubin", "-inkey", "public", "-keyform", "DER", "-in", "data", "-sigfile", signature) == nil
		}
		return openssl(folder, "dgst", "-engine", "gost", c.digest, "-verify", "public", "-keyform", "DER", "-signature", signature, "data") == nil
	}
	sign := []string{"dgst", "-engine", "gost", c.digest, "-sign", "private", "-keyform", "DER", "-out", "theirs", "data"}
	if c.digest == "" {
		sign = []string{"pkeyutl", "-engine", "gost", "-sign", "-inkey", "private", "-keyform", "DER", "-in", "data", "-out", "theirs"}
	}
	if err := openssl(folder, sign...); err != nil {
		return false, 0, err
	}
	theirs, err := os.ReadFile(filepath.Join(folder, "theirs"))
	if err != nil {
		return false, 0, err
	}
	theirs = reverse(theirs)
	agree = verify("ours") && c.key.Verify(digest, theirs)
	theirs[len(theirs)/3] ^= 0x10
	if c.key.Verify(digest, theirs) {
		wrong++
	}
	if verify("damaged") {
		wrong++
	}
	return agree, wrong, nil
}

func reverse(b []byte) []byte {
	b = bytes.Clone(b)
	slices.Reverse(b)
	return b
}

func openssl(folder string, args ...string) error {
	cmd := exec.Command("openssl", args...)
	cmd.Dir = folder
	if output, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("openssl %s: %w: %s", args[0], err, output)
	}
	return nil
}

// Both ways with an implementation that we did not write: of 1,000 random keys and messages 800 of 512
// bits, 100 of 256 bits, 100 of GOST 34.310-2004. The line it logs is `make conformance`'s.
func TestAgreesWithOpenSSL(t *testing.T) {
	if err := openssl(t.TempDir(), "engine", "-t", "gost"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip("OpenSSL's gost engine is not installed (libengine-gost-openssl)")
	}
	const total = 1000
	var mu sync.Mutex
	right, wrong := 0, 0
	numbers := make(chan int)
	var workers sync.WaitGroup
	for range runtime.NumCPU() {
		folder := t.TempDir()
		workers.Go(func() {
			for i := range numbers {
				engine := engineCurves[0]
				if i%10 > 7 {
					engine = engineCurves[i%10-7]
				}
				key, err := gost.GenerateKey(engine.curve, rand.Reader)
				if err != nil {
					t.Error(err)
					continue
				}
				message := make([]byte, i*7%4096)
				_, _ = rand.Read(message)
				agree, accepted, err := engineCase{engine, key, message}.run(folder)
				mu.Lock()
				if err != nil || !agree {
					t.Errorf("%s, message %d: disagreement %v", engine.curve.Name(), i, err)
				} else {
					right++
				}
				wrong += accepted
				mu.Unlock()
			}
		})
	}
	for i := range total {
		numbers <- i
	}
	close(numbers)
	workers.Wait()
	t.Logf("gost-openssl %d/%d %d", right, total, wrong)
	if wrong > 0 {
		t.Errorf("%d damaged signatures accepted", wrong)
	}
}
