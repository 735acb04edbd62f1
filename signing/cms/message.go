package cms

import (
	"encoding/asn1"
	"math/big"
)

// Message is a SignedData (RFC 5652 §5.1) taken apart; nothing in it is verified. Byte fields
// point into the bytes that Parse was given.
type Message struct {
	DigestAlgorithms []Algorithm
	ContentType      asn1.ObjectIdentifier // eContentType; id-data for everything that people sign
	Content          []byte                // value octets of eContent; nil when Detached
	Detached         bool                  // the message carries no content
	Certificates     [][]byte              // DER of the X.509 certificates
	// OtherCertificates tells that the message carries certificates of other kinds too (attribute
	// certificates and the like, RFC 5652 §10.2.2), which are skipped.
	OtherCertificates bool
	Signers           []SignerInfo
}

// Algorithm is an AlgorithmIdentifier (RFC 5280 §4.1.1.2).
type Algorithm struct {
	OID        asn1.ObjectIdentifier
	Parameters []byte // DER, with tag; nil when absent
}

// SignerInfo is one signature of a message (RFC 5652 §5.3).
type SignerInfo struct {
	Version int // 1: Issuer and Serial name the certificate; 3: SubjectKeyID does
	// Issuer is the DER of the issuer's Name, to be compared with Certificate.RawIssuer.
	Issuer       []byte
	Serial       *big.Int
	SubjectKeyID []byte

	DigestAlgorithm    Algorithm
	SignatureAlgorithm Algorithm
	Signature          []byte

	// RawSignedAttributes holds the signed attributes as they stand in the message, with the tag of
	// a SET OF in place of [0] (RFC 5652 §5.4): the bytes that were signed, if they are in DER order.
	// Nil when the message has none.
	RawSignedAttributes []byte
	UnsignedAttributes  []Attribute
}

// Attribute is a type with its values (RFC 5652 §5.3), each value in DER with its tag.
type Attribute struct {
	Type   asn1.ObjectIdentifier
	Values [][]byte
}
