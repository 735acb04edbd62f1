package cms_test

import (
	"bytes"
	"errors"
	"testing"

	"elicensing/signing/cms"
)

// Whatever bytes arrive, reading answers with a message or one of its three errors, and what is
// normalised once stays as it is.
func FuzzDecode(f *testing.F) {
	f.Add([]byte{0x30, 0x80, 0x24, 0x80, 0x04, 0x02, 'a', 'b', 0, 0, 0, 0})
	f.Add([]byte("-----BEGIN CMS-----\nMAA=\n-----END CMS-----\n"))
	f.Add([]byte("MAA="))
	f.Add(nested(cms.MaxDepth))
	f.Fuzz(func(t *testing.T, message []byte) {
		der, err := cms.Decode(message)
		if err != nil {
			known(t, err)
			return
		}
		again, err := cms.Normalise(der)
		if err != nil || !bytes.Equal(der, again) {
			t.Fatalf("normalised twice differs (%v)", err)
		}
		m, err := cms.Parse(der)
		if err != nil {
			known(t, err)
			return
		}
		for i := range m.Signers {
			if _, err := m.Signers[i].SignedAttributes(); err != nil {
				known(t, err)
			}
		}
	})
}

func known(t *testing.T, err error) {
	t.Helper()
	if !errors.Is(err, cms.ErrMalformed) && !errors.Is(err, cms.ErrTooDeep) && !errors.Is(err, cms.ErrTooLarge) {
		t.Fatalf("unknown error %v", err)
	}
}
