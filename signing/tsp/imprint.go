package tsp

import (
	"crypto/subtle"
	"fmt"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"elicensing/signing/algorithms"
)

// Imprint is a MessageImprint (RFC 3161 §2.4.1): the hash of what is stamped.
type Imprint struct {
	Digest algorithms.Identifier // algorithm of Value
	Value  []byte                // digest of the data
}

const maxImprint = 64 // bytes, SHA-512 and Streebog-512

// ImprintOf hashes data.
//
// Errors: those of algorithms.NewHash.
func ImprintOf(digest algorithms.Identifier, data []byte) (Imprint, error) {
	h, err := algorithms.NewHash(digest)
	if err != nil {
		return Imprint{}, fmt.Errorf("tsp: imprint: %w", err)
	}
	h.Write(data)
	return Imprint{Digest: digest, Value: h.Sum(nil)}, nil
}

// Covers tells whether the imprint is of data.
//
// Errors: ErrWeak, ErrImprint.
func (i Imprint) Covers(data []byte) error {
	own, err := ImprintOf(i.Digest, data)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrWeak, err)
	}
	if subtle.ConstantTimeCompare(own.Value, i.Value) != 1 {
		return ErrImprint
	}
	return nil
}

func readImprint(from *cryptobyte.String) (Imprint, bool) {
	var i Imprint
	var body, value cryptobyte.String
	if !from.ReadASN1(&body, cbasn1.SEQUENCE) {
		return i, false
	}
	var err error
	if i.Digest, err = algorithms.ReadIdentifier(&body); err != nil ||
		!body.ReadASN1(&value, cbasn1.OCTET_STRING) || !body.Empty() || len(value) == 0 || len(value) > maxImprint {
		return i, false
	}
	i.Value = value
	return i, true
}

func (i Imprint) add(b *cryptobyte.Builder) {
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		addIdentifier(b, i.Digest)
		b.AddASN1OctetString(i.Value)
	})
}

func addIdentifier(b *cryptobyte.Builder, id algorithms.Identifier) {
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(id.OID)
		b.AddBytes(id.Parameters)
	})
}
