package certificate_test

import (
	"bytes"
	"errors"
	"math/big"
	"runtime"
	"testing"
	"time"

	"elicensing/signing/certificate"
)

// tlv writes one element with a definite length in the shortest form.
func tlv(tag byte, parts ...[]byte) []byte {
	content := bytes.Join(parts, nil)
	n := len(content)
	var length []byte
	switch {
	case n < 0x80:
		length = []byte{byte(n)}
	case n < 0x100:
		length = []byte{0x81, byte(n)}
	case n < 0x10000:
		length = []byte{0x82, byte(n >> 8), byte(n)}
	default:
		length = []byte{0x83, byte(n >> 16), byte(n >> 8), byte(n)}
	}
	return append(append([]byte{tag}, length...), content...)
}

// draft is a certificate in parts, each of which a test may spoil. Its signature is none.
type draft struct {
	version, serial, inner, issuer, validity, subject, spki, unique, extensions, outer, signature []byte
}

var ed25519ID = tlv(0x30, tlv(6, []byte{0x2b, 0x65, 0x70}))

func newDraft() *draft {
	return &draft{
		version:   tlv(0xa0, tlv(2, []byte{2})),
		serial:    tlv(2, []byte{1}),
		inner:     ed25519ID,
		issuer:    nameOf(tagUTF8, "CA"),
		validity:  tlv(0x30, tlv(0x17, []byte("250101000000Z")), tlv(0x17, []byte("260101000000Z"))),
		subject:   nameOf(tagUTF8, "Person"),
		spki:      tlv(0x30, ed25519ID, tlv(3, make([]byte, 33))),
		outer:     ed25519ID,
		signature: tlv(3, make([]byte, 65)),
	}
}

func (d *draft) der() []byte {
	tbs := tlv(0x30, d.version, d.serial, d.inner, d.issuer, d.validity, d.subject, d.spki, d.unique, d.extensions)
	return tlv(0x30, tbs, d.outer, d.signature)
}

const (
	tagUTF8      = 12
	tagPrintable = 19
	tagTeletex   = 20
	tagIA5       = 22
	tagBMP       = 30
)

func attribute(tag byte, text string) []byte {
	return tlv(0x30, tlv(6, []byte{0x55, 4, 3}), tlv(tag, []byte(text)))
}

// nameOf is a name of one part a text.
func nameOf(tag byte, texts ...string) []byte {
	var parts [][]byte
	for _, text := range texts {
		parts = append(parts, tlv(0x31, attribute(tag, text)))
	}
	return tlv(0x30, parts...)
}

func (d *draft) with(extensions ...[]byte) *draft {
	d.extensions = tlv(0xa3, tlv(0x30, extensions...))
	return d
}

// extension of 2.5.29.
func extension(id byte, value ...byte) []byte {
	return tlv(0x30, tlv(6, []byte{0x55, 0x1d, id}), tlv(4, value))
}

func repeat(n int, part []byte) []byte { return bytes.Repeat(part, n) }

func TestDraftsThatAreRead(t *testing.T) {
	for name, d := range map[string]*draft{
		"plain":                 newDraft(),
		"a DEFAULT is encoded":  newDraft().with(tlv(0x30, tlv(6, []byte{0x55, 0x1d, 14}), []byte{1, 1, 0}, tlv(4, tlv(4, []byte{1})))),
		"serial number zero":    newDraft().change(func(d *draft) { d.serial = tlv(2, []byte{0}) }),
		"serial number below 0": newDraft().change(func(d *draft) { d.serial = tlv(2, []byte{0xff}) }),
		"serial of 64 octets":   newDraft().change(func(d *draft) { d.serial = tlv(2, append([]byte{1}, make([]byte, 63)...)) }),
		"NULL outside only":     newDraft().change(func(d *draft) { d.outer = tlv(0x30, tlv(6, []byte{0x2b, 0x65, 0x70}), []byte{5, 0}) }),
		"empty subject":         newDraft().change(func(d *draft) { d.subject = tlv(0x30) }),
		"unique identifiers":    newDraft().change(func(d *draft) { d.unique = tlv(0x81, []byte{0, 1}) }),
		"key usage none":        newDraft().with(extension(15, 3, 1, 0)),
		"a long pathLen":        newDraft().with(extension(19, tlv(0x30, []byte{1, 1, 0xff}, tlv(2, []byte{1, 0, 0, 0, 0, 0}))...)),
	} {
		if _, err := certificate.Parse(d.der()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	c, err := certificate.Parse(newDraft().change(func(d *draft) { d.serial = tlv(2, []byte{0xff}) }).der())
	if err != nil || c.Serial.Cmp(big.NewInt(-1)) != 0 {
		t.Errorf("serial number %v, %v", c.Serial, err)
	}
}

func (d *draft) change(change func(*draft)) *draft {
	change(d)
	return d
}

func TestDraftsThatAreRefused(t *testing.T) {
	validity := func(from, to []byte) func(*draft) {
		return func(d *draft) { d.validity = tlv(0x30, from, to) }
	}
	good := tlv(0x17, []byte("250101000000Z"))
	for name, change := range map[string]func(*draft){
		"version 4":                        func(d *draft) { d.version = tlv(0xa0, tlv(2, []byte{3})) },
		"version below 0":                  func(d *draft) { d.version = tlv(0xa0, tlv(2, []byte{0xff})) },
		"extensions in version 1":          func(d *draft) { d.with(extension(14, 4, 1, 1)); d.version = nil },
		"unique identifier in version 1":   func(d *draft) { d.unique = tlv(0x81, []byte{0, 1}); d.version = nil },
		"serial number not shortest":       func(d *draft) { d.serial = tlv(2, []byte{0, 1}) },
		"serial number empty":              func(d *draft) { d.serial = tlv(2) },
		"another algorithm inside":         func(d *draft) { d.inner = tlv(0x30, tlv(6, []byte{0x2b, 0x65, 0x71})) },
		"other parameters inside":          func(d *draft) { d.inner = tlv(0x30, tlv(6, []byte{0x2b, 0x65, 0x70}), []byte{2, 1, 1}) },
		"31 June":                          validity(tlv(0x17, []byte("250631000000Z")), good),
		"month 13":                         validity(tlv(0x17, []byte("251301000000Z")), good),
		"second 60":                        validity(tlv(0x17, []byte("250101000060Z")), good),
		"time without seconds":             validity(tlv(0x17, []byte("2501010000Z")), good),
		"time with an offset":              validity(tlv(0x17, []byte("250101000000+0500")), good),
		"local time":                       validity(tlv(0x18, []byte("20250101000000")), good),
		"fractions of a second":            validity(tlv(0x18, []byte("20250101000000.5Z")), good),
		"a sign for a digit":               validity(tlv(0x17, []byte("25-101000000Z")), good),
		"three times":                      func(d *draft) { d.validity = tlv(0x30, good, good, good) },
		"key of a part of an octet":        func(d *draft) { d.spki = tlv(0x30, ed25519ID, tlv(3, []byte{4, 0xf0})) },
		"an element more":                  func(d *draft) { d.extensions = tlv(0x84, nil) },
		"an element after the signature":   func(d *draft) { d.signature = append(d.signature, 5, 0) },
		"a part of a name without content": func(d *draft) { d.subject = tlv(0x30, tlv(0x31)) },
		"no extension in the list":         func(d *draft) { d.with() },
		"an extension twice":               func(d *draft) { d.with(extension(14, 4, 1, 1), extension(14, 4, 1, 1)) },
		"critical neither true nor false":  func(d *draft) { d.with(tlv(0x30, tlv(6, []byte{0x55, 0x1d, 14}), []byte{1, 1, 1}, tlv(4, tlv(4)))) },
		"octets after a value":             func(d *draft) { d.with(extension(14, 4, 1, 1, 5, 0)) },
		"pathLen below 0":                  func(d *draft) { d.with(extension(19, tlv(0x30, []byte{1, 1, 0xff, 2, 1, 0xff})...)) },
		"key usage without content":        func(d *draft) { d.with(extension(15, 3, 0)) },
		"key usage with wrong padding":     func(d *draft) { d.with(extension(15, 3, 2, 7, 0xff)) },
		"policies without one":             func(d *draft) { d.with(extension(32, 0x30, 0)) },
		"a policy twice": func(d *draft) {
			policy := tlv(0x30, tlv(6, []byte{0x2a, 3}))
			d.with(extension(32, tlv(0x30, policy, policy)...))
		},
		"policy constraints without one": func(d *draft) { d.with(extension(36, 0x30, 0)) },
		"name constraints without one":   func(d *draft) { d.with(extension(30, 0x30, 0)) },
		"alternative names without one":  func(d *draft) { d.with(extension(17, 0x30, 0)) },
		"a name of an unknown kind":      func(d *draft) { d.with(extension(17, tlv(0x30, tlv(0x89, []byte{1}))...)) },
		"letters outside ASCII":          func(d *draft) { d.with(extension(17, tlv(0x30, tlv(0x82, []byte("ә.kz")))...)) },
		"a point of reasons alone":       func(d *draft) { d.with(extension(31, tlv(0x30, tlv(0x30, tlv(0x81, []byte{0, 0x40})))...)) },
		"inhibitAnyPolicy below 0":       func(d *draft) { d.with(extension(54, 2, 1, 0xff)) },
		"extended key usage without one": func(d *draft) { d.with(extension(37, 0x30, 0)) },
		"indefinite length":              func(d *draft) { d.subject = append([]byte{0x30, 0x80}, 0, 0) },
		"a length not shortest":          func(d *draft) { d.subject = []byte{0x30, 0x81, 0} },
	} {
		if _, err := certificate.Parse(newDraft().change(change).der()); !errors.Is(err, certificate.ErrMalformed) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestBounds(t *testing.T) {
	attributes := func(n int) []byte { return tlv(0x30, repeat(n, tlv(0x31, attribute(tagUTF8, "")))) }
	purposes := func(n int) []byte { return extension(37, tlv(0x30, repeat(n, []byte{6, 1, 0x2a}))...) }
	var distinct [][]byte
	for i := range byte(65) {
		distinct = append(distinct, tlv(0x30, tlv(6, []byte{0x2a, i}), tlv(4, []byte{5, 0})))
	}
	for name, c := range map[string]struct {
		d        *draft
		expected error
	}{
		"2,047 parts of a name":  {newDraft().change(func(d *draft) { d.issuer, d.subject = attributes(1), attributes(2047) }), nil},
		"2,048":                  {newDraft().change(func(d *draft) { d.issuer, d.subject = attributes(1), attributes(2048) }), certificate.ErrTooLarge},
		"2,000 purposes":         {newDraft().with(purposes(2000)), nil},
		"5,000 purposes":         {newDraft().with(purposes(5000)), certificate.ErrTooLarge},
		"64 extensions":          {newDraft().with(distinct[:64]...), nil},
		"65 extensions":          {newDraft().with(distinct...), certificate.ErrTooLarge},
		"serial of 65 octets":    {newDraft().change(func(d *draft) { d.serial = tlv(2, append([]byte{1}, make([]byte, 64)...)) }), certificate.ErrTooLarge},
		"more than 64 KiB":       {newDraft().change(func(d *draft) { d.signature = tlv(3, make([]byte, 64<<10)) }), certificate.ErrTooLarge},
		"twenty thousand names":  {newDraft().with(extension(17, tlv(0x30, repeat(20_000, tlv(0x82)))...)), certificate.ErrTooLarge},
		"ten thousand mappings":  {newDraft().with(extension(33, tlv(0x30, repeat(6000, tlv(0x30, []byte{6, 1, 0x2a, 6, 1, 0x2a})))...)), certificate.ErrTooLarge},
		"five thousand subtrees": {newDraft().with(extension(30, tlv(0x30, tlv(0xa0, repeat(5000, tlv(0x30, tlv(0x82)))))...)), certificate.ErrTooLarge},
	} {
		der := c.d.der()
		used := allocated(func() {
			if _, err := certificate.Parse(der); !errors.Is(err, c.expected) {
				t.Errorf("%s: %v", name, err)
			}
		})
		if most := uint64(4*len(der) + 1<<20); used > most {
			t.Errorf("%s: %d octets allocated for %d", name, used, len(der))
		}
	}
}

func allocated(work func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	work()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func TestYears(t *testing.T) {
	for text, year := range map[string]int{"500101000000Z": 1950, "491231235959Z": 2049, "990101000000Z": 1999} {
		c, err := certificate.Parse(newDraft().change(func(d *draft) {
			d.validity = tlv(0x30, tlv(0x17, []byte(text)), tlv(0x18, []byte("99991231235959Z")))
		}).der())
		if err != nil || c.NotBefore.Year() != year || !c.NotAfter.Equal(time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)) {
			t.Errorf("%s: %v", text, err)
		}
	}
}
