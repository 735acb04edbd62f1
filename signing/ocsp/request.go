package ocsp

import (
	"errors"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// MaxRequestSize bounds a question, in bytes.
const MaxRequestSize = 16 << 10

// NewRequest writes a question about one certificate in DER. nonce has 16 to 32 bytes from a random
// source (RFC 9654 §2.1) and is given to Verify again; empty sends none.
//
// Errors: a target without serial number, or whose issuer's key cannot be read.
func NewRequest(target Target, nonce []byte) ([]byte, error) {
	id, ok := certID(target.Serial, target.IssuerName, target.IssuerKey, sha256ID)
	if !ok || target.Serial == nil {
		return nil, errors.New("ocsp: certificate cannot be named")
	}
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { // OCSPRequest, RFC 6960 §4.1.1
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { // TBSRequest
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { // requestList
				b.AddASN1(cbasn1.SEQUENCE, id.add)
			})
			if len(nonce) > 0 {
				b.AddASN1(context(2), func(b *cryptobyte.Builder) {
					b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { addNonce(b, nonce) })
				})
			}
		})
	})
	return b.Bytes()
}

// Request is what a responder learns from a question.
type Request struct {
	IDs   []CertID // the certificates that are asked about
	Nonce []byte   // nil when the question has none
}

// ParseRequest reads a question, for responders. A signature of the asker is not looked at.
//
// Errors: ErrMalformed, ErrExtension.
func ParseRequest(der []byte) (Request, error) {
	if len(der) > MaxRequestSize {
		return Request{}, malformed("too large")
	}
	input := cryptobyte.String(der)
	var message, body, list cryptobyte.String
	if !input.ReadASN1(&message, cbasn1.SEQUENCE) || !input.Empty() || !message.ReadASN1(&body, cbasn1.SEQUENCE) ||
		!message.SkipOptionalASN1(context(0)) || !message.Empty() ||
		!readVersion(&body) || !body.SkipOptionalASN1(context(1)) || !body.ReadASN1(&list, cbasn1.SEQUENCE) {
		return Request{}, malformed("request")
	}
	extensions, ok := readExtensions(&body, 2)
	if !ok || !body.Empty() {
		return Request{}, malformed("request extensions")
	}
	var r Request
	for !list.Empty() {
		var single cryptobyte.String
		if len(r.IDs) == maxEntries || !list.ReadASN1(&single, cbasn1.SEQUENCE) {
			return Request{}, malformed("request list")
		}
		id, ok := readCertID(&single)
		if !ok {
			return Request{}, malformed("certificate id")
		}
		own, ok := readExtensions(&single, 0)
		if !ok || !single.Empty() {
			return Request{}, malformed("request extensions")
		}
		if err := understood(own); err != nil {
			return Request{}, err
		}
		r.IDs = append(r.IDs, id)
	}
	if err := understood(extensions, oidNonce); err != nil {
		return Request{}, err
	}
	var err error
	r.Nonce, err = nonceOf(extensions)
	return r, err
}

func (id CertID) add(b *cryptobyte.Builder) {
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier(id.HashAlgorithm.OID)
			b.AddBytes(id.HashAlgorithm.Parameters)
		})
		b.AddASN1OctetString(id.IssuerNameHash)
		b.AddASN1OctetString(id.IssuerKeyHash)
		b.AddASN1BigInt(id.SerialNumber)
	})
}

// addNonce writes the extension of RFC 9654 §2.1: an OCTET STRING in the extension's octets.
func addNonce(b *cryptobyte.Builder, nonce []byte) {
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(oidNonce)
		b.AddASN1(cbasn1.OCTET_STRING, func(b *cryptobyte.Builder) { b.AddASN1OctetString(nonce) })
	})
}

func nonceOf(extensions []extension) ([]byte, error) {
	e, ok := find(extensions, oidNonce)
	if !ok {
		return nil, nil
	}
	value := cryptobyte.String(e.value)
	var nonce cryptobyte.String
	if !value.ReadASN1(&nonce, cbasn1.OCTET_STRING) || !value.Empty() {
		return nil, malformed("nonce")
	}
	return append([]byte{}, nonce...), nil // never nil: an empty nonce is one
}
