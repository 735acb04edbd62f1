package cms

import (
	"encoding/asn1"
	"math/big"
)

// Message is a SignedData (RFC 5652 §5.1) taken apart; nothing in it is verified. Byte fields
// point into the bytes that Parse was given.
type Message struct {
	DigestAlgorithms []Algorithm           // as the message announces them; what counts stands with each signer
	ContentType      asn1.ObjectIdentifier // eContentType; id-data for everything that people sign
	Content          []byte                // value octets of eContent; nil when Detached
	Detached         bool                  // the message carries no content
	Certificates     [][]byte              // DER of the X.509 certificates
	// OtherCertificates tells that the message carries certificates of other kinds too (attribute
	// certificates and the like, RFC 5652 §10.2.2), which are skipped.
	OtherCertificates bool
	Signers           []SignerInfo // one for each signature; none in a message of certificates alone
}

// Algorithm is an AlgorithmIdentifier (RFC 5280 §4.1.1.2).
type Algorithm struct {
	OID        asn1.ObjectIdentifier // what the algorithm is called
	Parameters []byte                // DER, with tag; nil when absent
}

// SignerInfo is one signature of a message (RFC 5652 §5.3).
type SignerInfo struct {
	Version int // 1: Issuer and Serial name the certificate; 3: SubjectKeyID does
	// Issuer is the DER of the issuer's Name, to be compared with Certificate.RawIssuer.
	Issuer       []byte
	Serial       *big.Int // serial number of the signer's certificate, with Issuer
	SubjectKeyID []byte   // instead of Issuer and Serial, in version 3

	DigestAlgorithm    Algorithm // of the content
	SignatureAlgorithm Algorithm // of Signature
	Signature          []byte    // the signature value as the algorithm writes it

	// RawSignedAttributes holds the signed attributes as they stand in the message, with the tag of
	// a SET OF in place of [0] (RFC 5652 §5.4): the bytes that were signed, if they are in DER order.
	// Nil when the message has none.
	RawSignedAttributes []byte
	UnsignedAttributes  []Attribute // what was added later: time stamps, evidence; nobody vouches for them
}

// Attribute is a type with its values (RFC 5652 §5.3), each value in DER with its tag.
type Attribute struct {
	Type   asn1.ObjectIdentifier // what the attribute is
	Values [][]byte              // DER of each value
}
