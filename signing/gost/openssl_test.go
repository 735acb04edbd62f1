package gost_test

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"encoding/asn1"
	"fmt"
	"hash"
	"io"
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
	{gost.Curve512(), gost.NewStreebog512, "md_gost12_512", []asn1.ObjectIdentifier{{1, 2, 643, 7, 1, 1, 1, 2}, {1, 2, 643, 7, 1, 2, 1, 2, 1}, {1, 2, 643, 7, 1, 1, 2, 3}}},
	{gost.Curve256(), gost.NewStreebog256, "md_gost12_256", []asn1.ObjectIdentifier{{1, 2, 643, 7, 1, 1, 1, 1}, {1, 2, 643, 7, 1, 2, 1, 1, 1}, {1, 2, 643, 7, 1, 1, 2, 2}}},
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
func (c engineCase) run(p *peer) (agree bool, wrong int, err error) {
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
	accepts, acceptsDamaged, theirs, err := p.ask(c.digest, c.public(&c.key.PublicKey), c.private(c.key), data, reverse(ours), reverse(damaged))
	if err != nil {
		return false, 0, err
	}
	if acceptsDamaged {
		wrong++
	}
	theirs = reverse(theirs)
	agree = accepts && c.key.Verify(digest, theirs)
	theirs[len(theirs)/3] ^= 0x10
	if c.key.Verify(digest, theirs) {
		wrong++
	}
	return agree, wrong, nil
}

func reverse(b []byte) []byte {
	b = bytes.Clone(b)
	slices.Reverse(b)
	return b
}

// peer is OpenSSL's gost engine in a process that answers for many keys: to start one takes longer than to sign.
type peer struct {
	in      io.WriteCloser
	answers *bufio.Scanner
	process *exec.Cmd
}

// buildPeer compiles testdata/gostpeer.c.
func buildPeer(t *testing.T) (program string) {
	t.Helper()
	program = filepath.Join(t.TempDir(), "gostpeer")
	output, err := exec.Command("cc", "-O2", "-o", program, "testdata/gostpeer.c", "-l:libcrypto.so.3").CombinedOutput()
	if err != nil && os.Getenv("CI") == "" {
		t.Skipf("the other side cannot be built without a C compiler and OpenSSL 3: %v\n%s", err, output)
	}
	if err != nil {
		t.Fatalf("the other side cannot be built: %v\n%s", err, output)
	}
	return program
}

func startPeer(t *testing.T, program string) *peer {
	t.Helper()
	p := &peer{process: exec.Command(program)}
	p.process.Stderr = os.Stderr
	var err error
	if p.in, err = p.process.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := p.process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.answers = bufio.NewScanner(out)
	if err := p.process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = p.in.Close()
		if err := p.process.Wait(); err != nil {
			t.Errorf("the other side: %v", err)
		}
	})
	return p
}

// ask lets the engine verify two signatures and make one of its own.
func (p *peer) ask(digest string, public, private, data, ours, damaged []byte) (accepts, acceptsDamaged bool, theirs []byte, err error) {
	if digest == "" {
		digest = "-"
	}
	if _, err := fmt.Fprintf(p.in, "%s x%x x%x x%x x%x x%x\n", digest, public, private, data, ours, damaged); err != nil {
		return false, false, nil, err
	}
	if !p.answers.Scan() {
		return false, false, nil, fmt.Errorf("no answer: %w", p.answers.Err())
	}
	var one, other int
	if _, err := fmt.Sscanf(p.answers.Text(), "%d %d x%x", &one, &other, &theirs); err != nil {
		return false, false, nil, fmt.Errorf("answer %q: %w", p.answers.Text(), err)
	}
	return one == 1, other == 1, theirs, nil
}

// Both ways with an implementation that we did not write: of 1,000 random keys and messages 800 of 512
// bits, 100 of 256 bits, 100 of GOST 34.310-2004. The line it logs is `make conformance`'s.
func TestAgreesWithOpenSSL(t *testing.T) {
	if output, err := exec.Command("openssl", "engine", "-t", "gost").CombinedOutput(); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("%v\n%s", err, output)
		}
		t.Skip("OpenSSL's gost engine is not installed (libengine-gost-openssl)")
	}
	const total = 1000
	var mu sync.Mutex
	right, wrong := 0, 0
	numbers := make(chan int)
	program := buildPeer(t)
	var workers sync.WaitGroup
	for range runtime.NumCPU() {
		engine := startPeer(t, program)
		workers.Go(func() {
			for i := range numbers {
				curve := engineCurves[0]
				if i%10 > 7 {
					curve = engineCurves[i%10-7]
				}
				key, err := gost.GenerateKey(curve.curve, rand.Reader)
				if err != nil {
					t.Error(err)
					continue
				}
				message := make([]byte, i*7%4096)
				_, _ = rand.Read(message)
				agree, accepted, err := engineCase{curve, key, message}.run(engine)
				mu.Lock()
				if err != nil || !agree {
					t.Errorf("%s, message %d: disagreement %v", curve.curve.Name(), i, err)
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
