package tsp

import (
	"encoding/asn1"
	"math/big"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"elicensing/signing/certificate"
)

// MaxRequestSize bounds a request, in bytes.
const MaxRequestSize = 4 << 10

const maxInteger = 64 // octets of a nonce or serial number; RFC 3161 §2.4.2 wants room for 20

// Request is a TimeStampReq (RFC 3161 §2.4.1).
type Request struct {
	Imprint      Imprint               // of the data to be stamped
	Policy       asn1.ObjectIdentifier // asked for; nil: any
	Nonce        *big.Int              // nil: none
	Certificates bool                  // certReq: put the authority's certificate into the token
}

// Encode writes the request in DER.
//
// Errors: what has no DER, e.g. a policy of one number.
func (r Request) Encode() ([]byte, error) {
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1Int64(1)
		r.Imprint.add(b)
		if r.Policy != nil {
			b.AddASN1ObjectIdentifier(r.Policy)
		}
		if r.Nonce != nil {
			b.AddASN1BigInt(r.Nonce)
		}
		if r.Certificates {
			b.AddASN1Boolean(true)
		}
	})
	return b.Bytes()
}

// ParseRequest reads a request, for authorities.
//
// Errors: ErrMalformed; a Refusal with UnacceptedExtension when it has a critical extension.
func ParseRequest(der []byte) (Request, error) {
	if len(der) > MaxRequestSize {
		return Request{}, malformed("request is too large")
	}
	input := cryptobyte.String(der)
	var body cryptobyte.String
	var r Request
	var version int
	var ok bool
	if !input.ReadASN1(&body, cbasn1.SEQUENCE) || !input.Empty() || !body.ReadASN1Integer(&version) || version != 1 {
		return Request{}, malformed("request")
	}
	if r.Imprint, ok = readImprint(&body); !ok {
		return Request{}, malformed("imprint")
	}
	if body.PeekASN1Tag(cbasn1.OBJECT_IDENTIFIER) && !body.ReadASN1ObjectIdentifier(&r.Policy) {
		return Request{}, malformed("policy")
	}
	if r.Nonce, ok = readOptionalInteger(&body); !ok {
		return Request{}, malformed("nonce")
	}
	if body.PeekASN1Tag(cbasn1.BOOLEAN) && !body.ReadASN1Boolean(&r.Certificates) {
		return Request{}, malformed("certReq")
	}
	extensions, ok := readExtensions(&body, 0)
	if !ok || !body.Empty() {
		return Request{}, malformed("request extensions")
	}
	for _, e := range extensions {
		if e.Critical {
			return Request{}, &Refusal{Status: rejection, Failure: UnacceptedExtension}
		}
	}
	return r, nil
}

// readOptionalInteger reads a bounded INTEGER if one comes next.
func readOptionalInteger(from *cryptobyte.String) (*big.Int, bool) {
	if !from.PeekASN1Tag(cbasn1.INTEGER) {
		return nil, true
	}
	return readInteger(from)
}

func readInteger(from *cryptobyte.String) (*big.Int, bool) {
	var element cryptobyte.String
	number := new(big.Int)
	ok := from.ReadASN1Element(&element, cbasn1.INTEGER) && len(element) <= maxInteger+2 && element.ReadASN1Integer(number)
	return number, ok
}

// readExtensions reads extensions under an implicit tag, if there are any (RFC 3161 §2.4.1).
func readExtensions(from *cryptobyte.String, tag uint8) ([]certificate.Extension, bool) {
	var element cryptobyte.String
	if !from.PeekASN1Tag(constructed(tag)) {
		return nil, true
	}
	if !from.ReadASN1Element(&element, constructed(tag)) {
		return nil, false
	}
	sequence := append(cryptobyte.String{byte(cbasn1.SEQUENCE)}, element[1:]...)
	extensions, err := certificate.ReadExtensions(&sequence)
	return extensions, err == nil && sequence.Empty()
}

func constructed(tag uint8) cbasn1.Tag { return cbasn1.Tag(tag).ContextSpecific().Constructed() }
