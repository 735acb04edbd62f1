package tsp_test

import (
	"bytes"
	"runtime"
	"testing"

	"golang.org/x/crypto/cryptobyte"

	"elicensing/signing/cms"
	"elicensing/signing/tsp"
)

// No token takes more memory than four times its size and 1 MiB.
func TestHostileTokensTakeLittleMemory(t *testing.T) {
	w := newWorld(t)
	e := w.expectation()
	large := func(change func(*forgery)) []byte { return forge(t, w.tsa, change) }
	for name, message := range map[string][]byte{
		"certificates": large(func(f *forgery) {
			for range 15 {
				f.message.Certificates = append(f.message.Certificates, w.tsa.certificate.Raw)
			}
			f.signer.Serial = w.root.certificate.SerialNumber
		}),
		"attributes": large(func(f *forgery) {
			for i := range 60 {
				f.add([]int{1, 2, 3, i}, bytes.Repeat([]byte{5, 0}, 1))
			}
			f.set(cms.OIDSigningCertificateV2)
		}),
		"bindings": large(func(f *forgery) {
			one := bindingV2(t, w.root.certificate.Raw)[4:] // an ESSCertIDv2
			f.set(cms.OIDSigningCertificateV2, build(t, func(b *cryptobyte.Builder) {
				b.AddASN1(0x30, func(b *cryptobyte.Builder) {
					b.AddASN1(0x30, func(b *cryptobyte.Builder) { b.AddBytes(bytes.Repeat(one, 1000)) })
				})
			}))
		}),
		"content":     large(func(f *forgery) { f.message.Content = bytes.Repeat([]byte{0x30, 0}, 30_000) }),
		"nested":      bytes.Repeat([]byte{0x30, 0x80}, tsp.MaxSize/2),
		"many pieces": append([]byte{0x30, 0x83, 0x00, 0xff, 0xf0}, bytes.Repeat([]byte{0x30, 0}, 0xfff0/2)...),
		"1 MiB":       make([]byte, 1<<20),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := verify(t, message, e)
		runtime.ReadMemStats(&after)
		if allocated, limit := after.TotalAlloc-before.TotalAlloc, uint64(4*len(message)+1<<20); err == nil || allocated > limit {
			t.Errorf("%s: %v, %d bytes allocated for %d", name, err, allocated, len(message))
		}
	}
}
