package signing_test

import (
	"bytes"
	"context"
	"math/rand/v2"
	"runtime"
	"testing"

	"elicensing/signing"
	"elicensing/signing/cms"
	"elicensing/signing/document"
)

// samples are good files of each kind, with their evidence.
func samples(t *testing.T) map[string][]byte {
	h := holder(t, "person")
	attached, err := cms.Sign(content, cms.SignOptions{Key: h.Key, Certificate: h.Certificate, Attached: true})
	if err != nil {
		t.Fatal(err)
	}
	return map[string][]byte{
		"message":               attached,
		"message with evidence": accept(t, attached, content, signing.Applicant),
	}
}

func judge(t *testing.T, file []byte) document.Report {
	return document.Verify(context.Background(), later(t, T0), document.Input{File: file, Content: content, Policy: signing.Archive})
}

// Each message cut at each byte, and 10,000 messages with one bit turned: no panic, none accepted that says
// another thing, memory within its bound. A bit may be turned in what is neither signed nor evidence needed.
func TestTruncatedAndDamagedMessages(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for name, good := range samples(t) {
		for n := range good {
			if r := judge(t, good[:n]); r.Passed() {
				t.Fatalf("%s: the first %d of %d bytes pass", name, n, len(good))
			}
		}
		var start, end runtime.MemStats
		for i := range 5_000 {
			damaged := bytes.Clone(good)
			bit := random.IntN(8 * len(damaged))
			damaged[bit/8] ^= 1 << (bit % 8)
			runtime.ReadMemStats(&start)
			report := judge(t, damaged)
			runtime.ReadMemStats(&end)
			if used, most := end.TotalAlloc-start.TotalAlloc, uint64(4*len(damaged)+1<<20); used > most {
				t.Fatalf("%s: bit %d: %d bytes allocated for %d of input", name, bit, used, len(damaged))
			}
			if report.Passed() && !sameSigned(t, good, damaged) {
				t.Fatalf("%s: bit %d (change %d) passes", name, bit, i)
			}
		}
	}
}

// sameSigned tells whether two messages say the same in all that is signed: the change then is in an unsigned
// attribute or a certificate that the verdict did not need.
func sameSigned(t *testing.T, a, b []byte) bool {
	t.Helper()
	strip := func(message []byte) []byte {
		m, err := cms.Parse(message)
		if err != nil || len(m.Signers) != 1 {
			t.Fatalf("a message that passed cannot be read (%v)", err)
		}
		m.Signers[0].UnsignedAttributes = nil
		m.Certificates = nil // which one is meant is signed (ESS); its bytes may stand in the evidence, too
		return encode(t, m)
	}
	return bytes.Equal(strip(a), strip(b))
}
