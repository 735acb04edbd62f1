package algorithms

import (
	"encoding/asn1"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

var (
	oidPSS  = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 10}
	oidMGF1 = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 8}
)

// readPSS reads RSASSA-PSS-params (RFC 4055 §3.1). Hash and mask hash must be one (§3.1 recommends
// it, and nobody needs another); left out they are SHA-1, and therefore weak.
func (s *Scheme) readPSS(parameters []byte) error {
	input := cryptobyte.String(parameters)
	var body, hash, mask, salt, trailer cryptobyte.String
	var hasHash, hasMask, hasSalt, hasTrailer bool
	tag := func(n uint8) cbasn1.Tag { return cbasn1.Tag(n).ContextSpecific().Constructed() }
	if !input.ReadASN1(&body, cbasn1.SEQUENCE) || !input.Empty() ||
		!body.ReadOptionalASN1(&hash, &hasHash, tag(0)) ||
		!body.ReadOptionalASN1(&mask, &hasMask, tag(1)) ||
		!body.ReadOptionalASN1(&salt, &hasSalt, tag(2)) ||
		!body.ReadOptionalASN1(&trailer, &hasTrailer, tag(3)) || !body.Empty() {
		return ErrMalformed
	}
	if !hasHash || !hasMask {
		return ErrWeak
	}
	digest, err := readDigest(&hash)
	if err != nil {
		return err
	}
	maskDigest, err := readMask(&mask)
	if err != nil {
		return err
	}
	if digest.number == 0 || digest != maskDigest {
		return ErrMismatch
	}
	s.digest, s.saltLength = digest, 20
	if hasSalt && (!salt.ReadASN1Integer(&s.saltLength) || !salt.Empty()) {
		return ErrMalformed
	}
	if s.saltLength < 1 || s.saltLength > maxRSABits/8 {
		return ErrWeak // rsa.PSSOptions would take zero for "whatever fits"
	}
	one := 1
	if hasTrailer && (!trailer.ReadASN1Integer(&one) || !trailer.Empty() || one != 1) {
		return ErrMalformed // trailerField must be 1 (§3.1)
	}
	return nil
}

func readMask(mask *cryptobyte.String) (*digest, error) {
	var body cryptobyte.String
	var function asn1.ObjectIdentifier
	if !mask.ReadASN1(&body, cbasn1.SEQUENCE) || !mask.Empty() || !body.ReadASN1ObjectIdentifier(&function) {
		return nil, ErrMalformed
	}
	if !function.Equal(oidMGF1) {
		return nil, ErrUnknown
	}
	return readDigest(&body)
}

// readDigest reads the one identifier that input must hold.
func readDigest(input *cryptobyte.String) (*digest, error) {
	id, err := ReadIdentifier(input)
	if err != nil || !input.Empty() {
		return nil, ErrMalformed
	}
	return digestOf(id)
}
