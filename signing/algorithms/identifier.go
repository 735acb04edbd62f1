package algorithms

import (
	"bytes"
	"encoding/asn1"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// Identifier is an AlgorithmIdentifier (RFC 5280 §4.1.1.2).
type Identifier struct {
	OID        asn1.ObjectIdentifier // what the algorithm is called
	Parameters []byte                // DER with tag and length; nil when absent
}

// ReadIdentifier reads an AlgorithmIdentifier from the front of input and moves past it.
//
// Errors: ErrMalformed.
func ReadIdentifier(input *cryptobyte.String) (Identifier, error) {
	var id Identifier
	var body, parameters cryptobyte.String
	var tag cbasn1.Tag
	if !input.ReadASN1(&body, cbasn1.SEQUENCE) || !body.ReadASN1ObjectIdentifier(&id.OID) {
		return Identifier{}, ErrMalformed
	}
	if !body.Empty() {
		if !body.ReadAnyASN1Element(&parameters, &tag) || !body.Empty() {
			return Identifier{}, ErrMalformed
		}
		id.Parameters = parameters
	}
	return id, nil
}

// Equal tells whether two identifiers say the same; absent parameters and NULL are the same.
func (id Identifier) Equal(other Identifier) bool {
	return id.OID.Equal(other.OID) &&
		(bytes.Equal(id.Parameters, other.Parameters) || id.plain() && other.plain())
}

// plain tells that parameters are absent or NULL: writers differ on it for hashes (RFC 5754 §2) and
// for RSA (RFC 4055 §5: both must be accepted).
func (id Identifier) plain() bool {
	return len(id.Parameters) == 0 || bytes.Equal(id.Parameters, []byte{0x05, 0x00})
}
