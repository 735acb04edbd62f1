package cms

import (
	"bytes"
	"encoding/asn1"
	"math/big"
	"slices"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// SignedAttributes reads the attributes out of RawSignedAttributes. Repeated types are returned as
// they stand: refusing them is the verifier's business.
//
// Errors: ErrMalformed.
func (s *SignerInfo) SignedAttributes() ([]Attribute, error) {
	input := cryptobyte.String(s.RawSignedAttributes)
	var set cryptobyte.String
	if len(input) == 0 {
		return nil, nil
	}
	if !input.ReadASN1(&set, cbasn1.SET) || !input.Empty() {
		return nil, malformed("signed attributes")
	}
	return readAttributes(set)
}

// SignedBytes returns what the signature is over (RFC 5652 §5.4): the DER of the signed attributes.
// Attributes that stand in another order than DER's are sorted, as the RFC demands, and inOrder is
// false.
//
// Errors: ErrMalformed, also when there are no signed attributes.
func (s *SignerInfo) SignedBytes() (signed []byte, inOrder bool, err error) {
	input := cryptobyte.String(s.RawSignedAttributes)
	var set cryptobyte.String
	if !input.ReadASN1(&set, cbasn1.SET) || !input.Empty() {
		return nil, false, malformed("signed attributes")
	}
	var elements [][]byte
	for !set.Empty() {
		var element cryptobyte.String
		if !set.ReadASN1Element(&element, cbasn1.SEQUENCE) || len(elements) == maxAttributes {
			return nil, false, malformed("signed attributes")
		}
		elements = append(elements, element)
	}
	if slices.IsSortedFunc(elements, compareDER) {
		return s.RawSignedAttributes, true, nil
	}
	return encodeSetOf(elements), false, nil
}

func readAttributes(set cryptobyte.String) ([]Attribute, error) {
	var attributes []Attribute
	for !set.Empty() {
		var a Attribute
		var body, values cryptobyte.String
		if !set.ReadASN1(&body, cbasn1.SEQUENCE) || !body.ReadASN1ObjectIdentifier(&a.Type) ||
			!body.ReadASN1(&values, cbasn1.SET) || !body.Empty() || len(attributes) == maxAttributes {
			return nil, malformed("attribute")
		}
		for !values.Empty() {
			var value cryptobyte.String
			var tag cbasn1.Tag
			if !values.ReadAnyASN1Element(&value, &tag) || len(a.Values) == maxAttributes {
				return nil, malformed("attribute value")
			}
			a.Values = append(a.Values, value)
		}
		attributes = append(attributes, a)
	}
	return attributes, nil
}

// ObjectIdentifier reads an attribute's value as an OBJECT IDENTIFIER (contentType).
//
// Errors: ErrMalformed.
func ObjectIdentifier(value []byte) (asn1.ObjectIdentifier, error) {
	input := cryptobyte.String(value)
	var oid asn1.ObjectIdentifier
	if !input.ReadASN1ObjectIdentifier(&oid) || !input.Empty() {
		return nil, malformed("not an object identifier")
	}
	return oid, nil
}

// OctetString reads an attribute's value as an OCTET STRING (messageDigest).
//
// Errors: ErrMalformed.
func OctetString(value []byte) ([]byte, error) {
	input := cryptobyte.String(value)
	var octets cryptobyte.String
	if !input.ReadASN1(&octets, cbasn1.OCTET_STRING) || !input.Empty() {
		return nil, malformed("not an octet string")
	}
	return octets, nil
}

// Time reads an attribute's value as UTCTime or GeneralizedTime (signingTime, RFC 5652 §11.3).
//
// Errors: ErrMalformed.
func Time(value []byte) (time.Time, error) {
	input := cryptobyte.String(value)
	var t time.Time
	if input.PeekASN1Tag(cbasn1.UTCTime) {
		if input.ReadASN1UTCTime(&t) && input.Empty() {
			return t.UTC(), nil
		}
	} else if input.ReadASN1GeneralizedTime(&t) && input.Empty() {
		return t.UTC(), nil
	}
	return time.Time{}, malformed("not a time")
}

// CertificateID is one ESSCertID or ESSCertIDv2 (RFC 5035 §4): which certificate the signer meant.
type CertificateID struct {
	HashAlgorithm asn1.ObjectIdentifier // of Hash; SHA-1 in version 1 of the attribute
	Hash          []byte                // digest over the whole certificate
	Issuer        []byte                // DER of the issuer's Name; nil when IssuerSerial is absent
	Serial        *big.Int              // nil with it
}

// SigningCertificate reads the value of signingCertificate or signingCertificateV2; the first
// certificate in it is the signer's own (RFC 5035 §5.4). Of the certificates policies may follow, and
// nothing else.
//
// Errors: ErrMalformed, also when it names no certificate.
func SigningCertificate(attribute asn1.ObjectIdentifier, value []byte) ([]CertificateID, error) {
	v2 := attribute.Equal(OIDSigningCertificateV2)
	input := cryptobyte.String(value)
	var body, list cryptobyte.String
	if !input.ReadASN1(&body, cbasn1.SEQUENCE) || !input.Empty() || !body.ReadASN1(&list, cbasn1.SEQUENCE) ||
		!body.SkipOptionalASN1(cbasn1.SEQUENCE) || !body.Empty() {
		return nil, malformed("signing certificate attribute")
	}
	var ids []CertificateID
	for !list.Empty() {
		var entry, hash cryptobyte.String
		if !list.ReadASN1(&entry, cbasn1.SEQUENCE) || len(ids) == maxCertificates {
			return nil, malformed("signing certificate attribute")
		}
		id := CertificateID{HashAlgorithm: OIDSHA1}
		if v2 {
			id.HashAlgorithm = OIDSHA256 // DEFAULT
			if entry.PeekASN1Tag(cbasn1.SEQUENCE) {
				algorithm, ok := readAlgorithm(&entry)
				if !ok {
					return nil, malformed("signing certificate attribute")
				}
				id.HashAlgorithm = algorithm.OID
			}
		}
		if !entry.ReadASN1(&hash, cbasn1.OCTET_STRING) || !entry.Empty() && !id.readIssuerSerial(&entry) || !entry.Empty() {
			return nil, malformed("signing certificate attribute")
		}
		id.Hash = hash
		ids = append(ids, id)
	}
	if len(ids) == 0 {
		return nil, malformed("signing certificate attribute names no certificate")
	}
	return ids, nil
}

// readIssuerSerial reads IssuerSerial (RFC 5035 §4); for an X.509 certificate the issuer is one directoryName.
func (id *CertificateID) readIssuerSerial(from *cryptobyte.String) bool {
	var pair, names, wrapped, name cryptobyte.String
	id.Serial = new(big.Int)
	if !from.ReadASN1(&pair, cbasn1.SEQUENCE) || !pair.ReadASN1(&names, cbasn1.SEQUENCE) ||
		!names.ReadASN1(&wrapped, cbasn1.Tag(4).ContextSpecific().Constructed()) || !names.Empty() ||
		!wrapped.ReadASN1Element(&name, cbasn1.SEQUENCE) || !wrapped.Empty() {
		return false
	}
	id.Issuer = name
	return pair.ReadASN1Integer(id.Serial) && pair.Empty()
}

// compareDER orders elements of a SET OF (X.690 §11.6): as octet strings, a shorter one padded
// with zeros; TLVs that differ in length differ before the padding matters.
func compareDER(a, b []byte) int { return bytes.Compare(a, b) }
