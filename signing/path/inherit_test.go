package path

import (
	"bytes"
	"encoding/asn1"
	"testing"

	"elicensing/signing/algorithms"
	"elicensing/signing/certificate"
)

// TestParametersAreInheritedWithinOneAlgorithm: RFC 5280 §6.1.4 (d) to (f).
func TestParametersAreInheritedWithinOneAlgorithm(t *testing.T) {
	dsa, ec := asn1.ObjectIdentifier{1, 2, 840, 10040, 4, 1}, asn1.ObjectIdentifier{1, 2, 840, 10045, 2, 1}
	above, null, own := []byte{0x30, 1, 1}, []byte{5, 0}, []byte{0x30, 1, 2}
	for name, c := range map[string]struct {
		algorithm  asn1.ObjectIdentifier // of the key above
		above, own []byte
		expected   []byte
		inherited  bool
	}{
		"absent":               {dsa, above, nil, above, true},
		"NULL":                 {dsa, above, null, above, true},
		"its own":              {dsa, above, own, own, false},
		"of another algorithm": {ec, above, nil, nil, false},
		"nothing to inherit":   {dsa, null, nil, nil, false},
	} {
		child := &certificate.Certificate{PublicKeyAlgorithm: algorithms.Identifier{OID: dsa, Parameters: c.own}}
		got, inherited := nextKey(PublicKey{Parameters: c.above}, algorithms.Identifier{OID: c.algorithm}, child)
		if !bytes.Equal(got.Parameters, c.expected) || inherited != c.inherited {
			t.Errorf("%s: %x, inherited %v", name, got.Parameters, inherited)
		}
	}
}
