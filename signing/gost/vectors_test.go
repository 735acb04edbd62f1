package gost_test

import (
	"encoding/hex"
	"hash"
	"strings"
	"testing"

	"elicensing/signing/gost"
)

func unhex(t testing.TB, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Examples of the standards: RFC 6986 §10, and for GOST 34.311-95 RFC 5831 §7.3 with further ones that
// circulate for its parameters.
func TestHashesOfTheStandards(t *testing.T) {
	m1 := "012345678901234567890123456789012345678901234567890123456789012"
	m2 := string(unhex(t, "d1e520e2e5f2f0e82c20d1f2f0e8e1eee6e820e2edf3f6e82c20e2e5fef2fa20f120eceef0ff20f1f2f0e5ebe0ece820ede020f5f0e0e1f0fbff20efebfaeafb20c8e3eef0e5e2fb"))
	for _, tc := range []struct {
		name    string
		new     func() hash.Hash
		message string
		want    string
	}{
		{"512 M1", gost.NewStreebog512, m1, "1b54d01a4af5b9d5cc3d86d68d285462b19abc2475222f35c085122be4ba1ffa00ad30f8767b3a82384c6574f024c311e2a481332b08ef7f41797891c1646f48"},
		{"256 M1", gost.NewStreebog256, m1, "9d151eefd8590b89daa6ba6cb74af9275dd051026bb149a452fd84e5e57b5500"},
		{"512 M2", gost.NewStreebog512, m2, "1e88e62226bfca6f9994f1f2d51569e0daf8475a3b0fe61a5300eee46d961376035fe83549ada2b8620fcd7c496ce5b33f0cb9dddc2b6460143b03dabac9fb28"},
		{"256 M2", gost.NewStreebog256, m2, "9dd2fe4e90409e5da87f53976d7405b0c0cac628fc669a741d50063c557e8f50"},
		{"95 of 32 bytes", gost.NewGOST95, "This is message, length=32 bytes", "b1c466d37519b82e8319819ff32595e047a28cb6f83eff1c6916a815a637fffa"},
		{"95 of 50 bytes", gost.NewGOST95, "Suppose the original message has length = 50 bytes", "471aba57a60a770d3a76130635c1fbea4ef14de51f78b4ae57dd893b62f55208"},
		{"95 of nothing", gost.NewGOST95, "", "ce85b99cc46752fffee35cab9a7b0278abb4c2d2055cff685af4912c49490f8d"},
		{"95 of a", gost.NewGOST95, "a", "d42c539e367c66e9c88a801f6649349c21871b4344c6a573f849fdce62f314dd"},
		{"95 of 128 U", gost.NewGOST95, strings.Repeat("U", 128), "53a3a3ed25180cef0c1d85a074273e551c25660a87062a52d926a9e8fe5733a4"},
	} {
		h := tc.new()
		h.Write([]byte(tc.message))
		if got := hex.EncodeToString(h.Sum(nil)); got != tc.want {
			t.Errorf("%s: %s, want %s", tc.name, got, tc.want)
		}
	}
}
