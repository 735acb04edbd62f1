package signing

import (
	"encoding/asn1"

	"elicensing/signing/algorithms"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// oidTSTInfo is id-ct-TSTInfo.
var oidTSTInfo = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 1, 4}

// readTSTInfo reads a TSTInfo in DER, version 1. Accuracy, ordering, nonce and name are of no use for a
// stored token and only held to their tags; an extension that is critical is not understood.
func readTSTInfo(der []byte) (tstInfo, bool) {
	var info tstInfo
	input := cryptobyte.String(der)
	var body, imprint, hash cryptobyte.String
	var version int
	var policy asn1.ObjectIdentifier
	if !input.ReadASN1(&body, cbasn1.SEQUENCE) || !input.Empty() ||
		!body.ReadASN1Integer(&version) || version != 1 ||
		!body.ReadASN1ObjectIdentifier(&policy) ||
		!body.ReadASN1(&imprint, cbasn1.SEQUENCE) {
		return info, false
	}
	var err error
	if info.algorithm, err = algorithms.ReadIdentifier(&imprint); err != nil {
		return info, false
	}
	if !imprint.ReadASN1(&hash, cbasn1.OCTET_STRING) || !imprint.Empty() ||
		!body.SkipASN1(cbasn1.INTEGER) || !body.ReadASN1GeneralizedTime(&info.time) {
		return info, false
	}
	info.imprint, info.time = hash, info.time.UTC()
	context := func(n uint8) cbasn1.Tag { return cbasn1.Tag(n).ContextSpecific().Constructed() }
	var extensions cryptobyte.String
	var present bool
	if !body.SkipOptionalASN1(cbasn1.SEQUENCE) || !body.SkipOptionalASN1(cbasn1.BOOLEAN) ||
		!body.SkipOptionalASN1(cbasn1.INTEGER) || !body.SkipOptionalASN1(context(0)) ||
		!body.ReadOptionalASN1(&extensions, &present, context(1)) || !body.Empty() {
		return info, false
	}
	for !extensions.Empty() {
		var extension cryptobyte.String
		var id asn1.ObjectIdentifier
		if !extensions.ReadASN1(&extension, cbasn1.SEQUENCE) || !extension.ReadASN1ObjectIdentifier(&id) ||
			extension.PeekASN1Tag(cbasn1.BOOLEAN) { // DER leaves FALSE out, so a BOOLEAN says critical
			return info, false
		}
	}
	return info, true
}
