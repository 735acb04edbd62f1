package gost

import (
	"bytes"
	"encoding/hex"
	"io"
	"slices"
	"testing"
)

// The numbers come from RFC 6979 §3.2 written down apart, in Python, with HMAC-SHA-512. On the smaller curve several
// candidates are out of range and passed over.
func TestNoncesOfAnotherProgram(t *testing.T) {
	for _, tc := range []struct {
		name   string
		curve  *Curve
		random io.Reader
		want   string
	}{
		{"512", Curve512(), nil,
			"8dd9f88ef02cbc4ca92e6b283775edea1567dfe5dd7397362624fbc8e490f80fb1d023960465f6b8e4e61e33b2b3f47bbb09a81e0797cd6687dccb35991a1dcf"},
		{"512, hedged", Curve512(), bytes.NewReader(bytes.Repeat([]byte{7}, 64)),
			"f59762f7e94c8470f97d9196939ca5af4d7fdc541034709fd5e29e4cb031877fc2ae4f407c9d9ea8f51335ada8bcf3a7f7358c00345dbbf5d67dd8376ce326c4"},
		{"256", Curve256(), nil, "2090efbb80c5a882bf8437f35bd49d82e58e5ed9a08fa838a838143153ea8d26"},
		{"256, hedged", Curve256(), bytes.NewReader(bytes.Repeat([]byte{7}, 64)), "3855fdf8e2841e02fa0af7a307ace70be2b8dfabe9317ec6ac94f8ce2f113f66"},
	} {
		secret := make([]byte, tc.curve.size)
		for i := range secret {
			secret[i] = byte(i + 1)
		}
		digest := slices.Clone(secret)
		slices.Reverse(digest)
		key, err := NewPrivateKey(tc.curve, secret)
		if err != nil {
			t.Fatal(err)
		}
		nonces, err := newNonces(key, digest, tc.random)
		if err != nil {
			t.Fatal(err)
		}
		nonce := nonces.next()
		got := encode(nil, &nonce, tc.curve.size)
		slices.Reverse(got)
		if hex.EncodeToString(got) != tc.want {
			t.Errorf("%s: %x", tc.name, got)
		}
	}
}
