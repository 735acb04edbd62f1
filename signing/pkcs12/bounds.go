package pkcs12

import (
	"elicensing/signing/cms"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// maxIterations bounds the work that a file may demand before its password is tested. OpenSSL 3
// writes 2048, careful programs up to 600 000.
const maxIterations = 2_000_000

// maxWrapping is how often structures are wrapped in octet strings in a PFX: the safe, its parts.
const maxWrapping = 4

// isPFX tells whether der has the outline of a PFX of version 3 (RFC 7292 §4): everything else is
// not a key file, whatever a decoder would say of it.
func isPFX(der []byte) bool {
	input := cryptobyte.String(der)
	var pfx, safe cryptobyte.String
	var version int
	return input.ReadASN1(&pfx, cbasn1.SEQUENCE) && pfx.ReadASN1Integer(&version) && version == 3 &&
		pfx.ReadASN1(&safe, cbasn1.SEQUENCE)
}

// tooMuchWork looks for key derivation parameters, SEQUENCE { OCTET STRING salt, INTEGER iterations,
// … } (RFC 8018 appendix A, RFC 7292 §4), in the parts of a file that lie open, and in octet strings
// that wrap further structures.
func tooMuchWork(der []byte, wrapping int) bool {
	if wrapping > maxWrapping {
		return false // no decoder looks so deep
	}
	der, err := cms.Normalise(der)
	if err != nil {
		return false // encrypted or text: nothing to derive from
	}
	stack := []cryptobyte.String{der}
	for len(stack) > 0 {
		values := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		afterSalt := false
		for !values.Empty() {
			var element, value cryptobyte.String
			var tag cbasn1.Tag
			if !values.ReadAnyASN1Element(&element, &tag) {
				break
			}
			body := element
			if !body.ReadAnyASN1(&value, &tag) {
				break
			}
			switch {
			case tag == cbasn1.INTEGER && afterSalt:
				var iterations int
				if !element.ReadASN1Integer(&iterations) || iterations < 1 || iterations > maxIterations {
					return true
				}
			case tag == cbasn1.OCTET_STRING && tooMuchWork(value, wrapping+1):
				return true
			case tag&0x20 != 0:
				stack = append(stack, value)
			}
			afterSalt = tag == cbasn1.OCTET_STRING
		}
	}
	return false
}
