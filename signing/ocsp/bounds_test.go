package ocsp_test

import (
	"runtime"
	"testing"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"elicensing/signing/ocsp"
)

// No message takes more memory than four times its size and 1 MiB.
func TestHostileAnswersTakeLittleMemory(t *testing.T) {
	q := newWorld(t).question()
	tagged := func(b *cryptobyte.Builder, n uint8, add cryptobyte.BuilderContinuation) {
		b.AddASN1(cbasn1.Tag(n).ContextSpecific().Constructed(), add)
	}
	sequence := func(b *cryptobyte.Builder, add cryptobyte.BuilderContinuation) { b.AddASN1(cbasn1.SEQUENCE, add) }
	many := func(n int, part ...byte) cryptobyte.BuilderContinuation {
		return func(b *cryptobyte.Builder) {
			for range n {
				b.AddBytes(part)
			}
		}
	}
	// answer is an answer whose entries, extensions and certificates are what is given.
	answer := func(entries, extensions, certificates cryptobyte.BuilderContinuation) []byte {
		var basic, b cryptobyte.Builder
		sequence(&basic, func(b *cryptobyte.Builder) {
			sequence(b, func(b *cryptobyte.Builder) {
				tagged(b, 2, func(b *cryptobyte.Builder) { b.AddASN1OctetString(make([]byte, 20)) })
				b.AddASN1GeneralizedTime(t0)
				sequence(b, entries)
				tagged(b, 1, func(b *cryptobyte.Builder) { sequence(b, extensions) })
			})
			sequence(b, func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier([]int{1, 2, 3}) })
			b.AddASN1BitString(nil)
			tagged(b, 0, func(b *cryptobyte.Builder) { sequence(b, certificates) })
		})
		sequence(&b, func(b *cryptobyte.Builder) {
			b.AddASN1Enum(0)
			tagged(b, 0, func(b *cryptobyte.Builder) {
				sequence(b, func(b *cryptobyte.Builder) {
					b.AddASN1ObjectIdentifier([]int{1, 3, 6, 1, 5, 5, 7, 48, 1, 1})
					b.AddASN1OctetString(basic.BytesOrPanic())
				})
			})
		})
		return b.BytesOrPanic()
	}
	nothing := many(0)
	for name, message := range map[string][]byte{
		"entries":      answer(many(30_000, 0x30, 0x00), nothing, nothing),
		"extensions":   answer(nothing, many(6_000, 0x30, 0x08, 0x06, 0x02, 0x2a, 0x03, 0x04, 0x02, 0x05, 0x00), nothing),
		"certificates": answer(nothing, nothing, many(30_000, 0x30, 0x00)),
		"zeros":        make([]byte, ocsp.MaxSize),
		"1 MiB":        make([]byte, 1<<20),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := ocsp.Verify(message, q)
		runtime.ReadMemStats(&after)
		if allocated, limit := after.TotalAlloc-before.TotalAlloc, uint64(4*len(message)+1<<20); err == nil || allocated > limit {
			t.Errorf("%s: %v, %d bytes allocated for %d", name, err, allocated, len(message))
		}
	}
}
