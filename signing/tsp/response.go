package tsp

import (
	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"elicensing/signing/cms"
)

// MaxSize bounds an answer and a token, in bytes; national tokens have 1.3 to 3 KiB.
const MaxSize = 64 << 10

const rejection = 2 // PKIStatus

// ParseResponse reads a TimeStampResp (RFC 3161 §2.4.2) and returns the DER of the token in it, unverified.
//
// Errors: ErrMalformed, *Refusal.
func ParseResponse(message []byte) (token []byte, err error) {
	if len(message) > MaxSize {
		return nil, malformed("response is too large")
	}
	der, err := cms.Normalise(message) // the token may be BER, RFC 5652 §2
	if err != nil {
		return nil, malformed("response")
	}
	input := cryptobyte.String(der)
	var body, info, rest cryptobyte.String
	if !input.ReadASN1(&body, cbasn1.SEQUENCE) || !input.Empty() || !body.ReadASN1(&info, cbasn1.SEQUENCE) {
		return nil, malformed("response")
	}
	status, failure, ok := readStatus(info)
	if !ok {
		return nil, malformed("status")
	}
	if status > 1 { // neither granted nor grantedWithMods
		if !body.Empty() {
			return nil, malformed("a refusal with a token")
		}
		return nil, &Refusal{Status: status, Failure: failure}
	}
	if !body.ReadASN1Element(&rest, cbasn1.SEQUENCE) || !body.Empty() {
		return nil, malformed("granted without a token")
	}
	return rest, nil
}

// readStatus reads a PKIStatusInfo. What the authority says in words is not kept: it is text from outside.
func readStatus(body cryptobyte.String) (status int, failure Failure, ok bool) {
	failure = NoFailure
	if !body.ReadASN1Integer(&status) || status < 0 || status > 5 || !body.SkipOptionalASN1(cbasn1.SEQUENCE) {
		return 0, failure, false
	}
	if body.Empty() {
		return status, failure, true
	}
	var bits cryptobyte.String
	if !body.ReadASN1(&bits, cbasn1.BIT_STRING) || !body.Empty() || len(bits) == 0 || len(bits) > 5 {
		return 0, failure, false
	}
	for i := range 8 * (len(bits) - 1) {
		if bits[1+i/8]&(0x80>>(i%8)) != 0 {
			return status, Failure(i), true
		}
	}
	return status, failure, true
}

// encodeResponse writes a TimeStampResp; token is nil in a refusal.
func encodeResponse(status int, failure Failure, token []byte) ([]byte, error) {
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1Int64(int64(status))
			if failure != NoFailure {
				b.AddASN1(cbasn1.BIT_STRING, func(b *cryptobyte.Builder) {
					octets := make([]byte, 2+failure/8)
					octets[0] = byte(7 - failure%8) // unused bits
					octets[1+failure/8] = 0x80 >> (failure % 8)
					b.AddBytes(octets)
				})
			}
		})
		b.AddBytes(token)
	})
	return b.Bytes()
}
