package adversarial_test

import (
	"bytes"
	"crypto/sha256"
	"slices"
	"testing"

	"elicensing/signing"
	"elicensing/signing/cms"
)

var (
	malformed  = verdict{signing.TotalFailed, "FORMAT_FAILURE", signing.SignatureMalformed}
	tooDeep    = verdict{signing.TotalFailed, "FORMAT_FAILURE", signing.SignatureTooDeep}
	tooLarge   = verdict{signing.TotalFailed, "FORMAT_FAILURE", signing.SignatureTooLarge}
	hashFailed = verdict{signing.TotalFailed, "HASH_FAILURE", signing.SignatureContentDiffers}
)

func TestA(t *testing.T) {
	play(t, []attackCase{
		{"A01", "trailing-garbage-outer", []defect{{
			name: "garbage", want: malformed,
			apply: func(s *scene) { s.encoded = func(der []byte) []byte { return append(der, "garbage"...) } },
		}}},
		{"A02", "depth-bomb", []defect{
			{name: "4,000,000 levels", bytes: opened(4_000_000), want: tooLarge},
			{name: "200,000 levels", bytes: opened(200_000), want: tooLarge},
			{name: "131,072 levels, of the largest size that is read", bytes: opened(cms.MaxSize / 2), want: tooDeep},
			{name: "a level too many", bytes: opened(cms.MaxDepth + 1), want: tooDeep},
			{name: "a level too many, closed and of definite length", want: tooDeep, bytes: func() []byte {
				e := &element{tag: 0x30}
				for range cms.MaxDepth {
					e = &element{tag: 0x30, children: []*element{e}}
				}
				return e.encode()
			}},
		}},
		{"A03", "quadratic-reencode", []defect{{
			name: "20,000 closed levels", want: tooDeep,
			bytes: func() []byte {
				return append(bytes.Repeat([]byte{0x30, 0x80}, 20_000), bytes.Repeat([]byte{0, 0}, 20_000)...)
			},
		}}},
		{"A04", "length-overrun", []defect{
			{name: "one byte", want: malformed, apply: func(s *scene) {
				s.encoded = func(der []byte) []byte { return der[:len(der)-1] }
			}},
			{name: "0x7fffffff", want: malformed, apply: func(s *scene) {
				s.encoded = func(der []byte) []byte { return append([]byte{0x30, 0x84, 0x7f, 0xff, 0xff, 0xff}, der[4:]...) }
			}},
		}},
		{"A05", "ber-constructed-octets", []defect{{
			name: "two segments", want: passed, noTwin: true, forms: attachedOnly,
			apply: func(s *scene) { s.encoded = s.segmented },
		}}},
		{"A06", "ber-first-segment-only", []defect{{
			name: "digest of the first segment", want: hashFailed, forms: attachedOnly,
			twin: func(s *scene) { s.encoded = s.segmented },
			apply: func(s *scene) {
				digest := sha256.Sum256(s.content[:len(s.content)/2])
				s.set(cms.OIDMessageDigest, octets(s.t, digest[:]))
				s.encoded = s.segmented
			},
		}}},
		{"A07", "wrong-outer-type", []defect{{
			name: "id-envelopedData", want: malformed, apply: func(s *scene) {
				s.encoded = func(der []byte) []byte {
					return rewrite(s.t, der, func(info *element) {
						oid := slices.Clone(info.children[0].body)
						oid[len(oid)-1] = 3
						info.children[0].body = oid
					})
				}
			},
		}}},
		{"A08", "signed-attrs-not-der", []defect{{
			name: "other order", want: passed, noTwin: true, apply: disorder,
			also: func(t testing.TB, r signing.Report) {
				if !warned(r, "signature") {
					t.Error("no warning about the order")
				}
			},
		}}},
		{"A09", "attr-cert-in-bag", []defect{{
			name: "v2 attribute certificate", want: passed, noTwin: true,
			apply: func(s *scene) {
				s.encoded = func(der []byte) []byte { return rewrite(s.t, der, carryAttributeCertificate) }
			},
		}}},
		{"A10", "trailing-inside-signeddata", []defect{{
			name: "NULL behind the signers", want: malformed, apply: func(s *scene) {
				s.encoded = func(der []byte) []byte {
					return rewrite(s.t, der, func(info *element) {
						info.signedData().children = append(info.signedData().children, &element{tag: 5})
					})
				}
			},
		}}},
	})
}

func opened(levels int) func() []byte {
	return func() []byte { return bytes.Repeat([]byte{0x30, 0x80}, levels) }
}

// segmented splits the content into a constructed octet string of two segments.
func (s *scene) segmented(der []byte) []byte {
	half := len(s.content) / 2
	return rewrite(s.t, der, func(info *element) {
		wrapped := info.signedData().children[2].children[1] // [0] of encapContentInfo
		wrapped.children = []*element{{tag: 0x24, children: []*element{
			{tag: 4, body: s.content[:half]}, {tag: 4, body: s.content[half:]},
		}}}
	})
}

// disorder turns the signed attributes round in the message; the signature stays over their DER.
func disorder(s *scene) {
	set := parse(s.t, cms.EncodeAttributes(s.attributes))[0]
	slices.Reverse(set.children)
	s.raw = set.encode()
}

func warned(r signing.Report, check string) bool {
	return slices.ContainsFunc(r.Checks, func(c signing.Check) bool {
		return c.Name == check && c.Outcome == signing.CheckWarning
	})
}

// carryAttributeCertificate adds a [2] to the certificates, which makes the message one of version 4.
func carryAttributeCertificate(info *element) {
	data := info.signedData()
	data.children[0].body = []byte{4}
	data.children[3].children = append(data.children[3].children, &element{tag: 0xa2, children: []*element{{tag: 0x30}}})
}
