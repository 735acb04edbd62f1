package cms

import (
	"encoding/asn1"
	"math/big"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

var (
	context0     = cbasn1.Tag(0).ContextSpecific().Constructed()
	context1     = cbasn1.Tag(1).ContextSpecific().Constructed()
	context0Prim = cbasn1.Tag(0).ContextSpecific()
)

// Parse takes apart the DER of a SignedData, as Decode returns it. It accepts no byte more than
// the structure has, and keeps to the limits of this package even when der did not come from Decode.
//
// Errors: ErrTooLarge, ErrTooDeep, ErrMalformed.
func Parse(der []byte) (*Message, error) {
	der, err := Normalise(der)
	if err != nil {
		return nil, err
	}
	input := cryptobyte.String(der)
	var info, wrapped, body cryptobyte.String
	var contentType asn1.ObjectIdentifier
	if !input.ReadASN1(&info, cbasn1.SEQUENCE) || !input.Empty() ||
		!info.ReadASN1ObjectIdentifier(&contentType) {
		return nil, malformed("not a ContentInfo")
	}
	if !contentType.Equal(OIDSignedData) {
		return nil, malformed("content is not SignedData")
	}
	if !info.ReadASN1(&wrapped, context0) || !info.Empty() ||
		!wrapped.ReadASN1(&body, cbasn1.SEQUENCE) || !wrapped.Empty() {
		return nil, malformed("not a SignedData")
	}
	return parseSignedData(body)
}

func parseSignedData(body cryptobyte.String) (*Message, error) {
	var m Message
	var version int
	var digests, encapsulated, certificates, signers cryptobyte.String
	var hasCertificates bool
	if !body.ReadASN1Integer(&version) ||
		!body.ReadASN1(&digests, cbasn1.SET) ||
		!body.ReadASN1(&encapsulated, cbasn1.SEQUENCE) ||
		!body.ReadOptionalASN1(&certificates, &hasCertificates, context0) ||
		!body.SkipOptionalASN1(context1) || // CRLs that a signer brings are no evidence: we ask ourselves
		!body.ReadASN1(&signers, cbasn1.SET) || !body.Empty() {
		return nil, malformed("SignedData has another structure")
	}
	for !digests.Empty() {
		algorithm, ok := readAlgorithm(&digests)
		if !ok || len(m.DigestAlgorithms) == maxSigners {
			return nil, malformed("digest algorithms")
		}
		m.DigestAlgorithms = append(m.DigestAlgorithms, algorithm)
	}
	if err := m.readContent(encapsulated); err != nil {
		return nil, err
	}
	least := 1
	for !certificates.Empty() {
		var certificate cryptobyte.String
		var tag cbasn1.Tag
		if !certificates.ReadAnyASN1Element(&certificate, &tag) || len(m.Certificates) == maxCertificates {
			return nil, malformed("certificates")
		}
		if tag == cbasn1.SEQUENCE {
			m.Certificates = append(m.Certificates, certificate)
		} else {
			m.OtherCertificates = true
			least = max(least, versionWith(tag))
		}
	}
	for !signers.Empty() {
		if len(m.Signers) == maxSigners {
			return nil, malformed("too many signers")
		}
		signer, err := readSignerInfo(&signers)
		if err != nil {
			return nil, err
		}
		m.Signers = append(m.Signers, signer)
	}
	if version != max(least, int(m.version())) {
		return nil, malformed("version does not go with the content")
	}
	return &m, nil
}

// versionWith is the version that a message must have for another kind of certificate (RFC 5652 §5.1).
func versionWith(choice cbasn1.Tag) int {
	switch choice {
	case cbasn1.Tag(1).ContextSpecific().Constructed():
		return 3
	case cbasn1.Tag(2).ContextSpecific().Constructed():
		return 4
	}
	return 5
}

func (m *Message) readContent(encapsulated cryptobyte.String) error {
	var wrapped, content cryptobyte.String
	var present bool
	if !encapsulated.ReadASN1ObjectIdentifier(&m.ContentType) ||
		!encapsulated.ReadOptionalASN1(&wrapped, &present, context0) || !encapsulated.Empty() {
		return malformed("encapsulated content")
	}
	if !present {
		m.Detached = true
		return nil
	}
	if !wrapped.ReadASN1(&content, cbasn1.OCTET_STRING) || !wrapped.Empty() {
		return malformed("encapsulated content is not an octet string")
	}
	m.Content = append([]byte{}, content...) // never nil: empty content is content
	return nil
}

func readSignerInfo(signers *cryptobyte.String) (SignerInfo, error) {
	var s SignerInfo
	var body cryptobyte.String
	if !signers.ReadASN1(&body, cbasn1.SEQUENCE) || !body.ReadASN1Integer(&s.Version) {
		return s, malformed("signer")
	}
	if err := s.readIdentifier(&body); err != nil {
		return s, err
	}
	var ok bool
	if s.DigestAlgorithm, ok = readAlgorithm(&body); !ok {
		return s, malformed("signer's digest algorithm")
	}
	if body.PeekASN1Tag(context0) {
		var raw cryptobyte.String
		if !body.ReadASN1Element(&raw, context0) {
			return s, malformed("signed attributes")
		}
		s.RawSignedAttributes = append([]byte{byte(cbasn1.SET)}, raw[1:]...)
	}
	if s.SignatureAlgorithm, ok = readAlgorithm(&body); !ok {
		return s, malformed("signature algorithm")
	}
	var signature cryptobyte.String
	if !body.ReadASN1(&signature, cbasn1.OCTET_STRING) {
		return s, malformed("signature value")
	}
	s.Signature = signature
	var unsigned cryptobyte.String
	var present bool
	if !body.ReadOptionalASN1(&unsigned, &present, context1) || !body.Empty() {
		return s, malformed("unsigned attributes")
	}
	var err error
	s.UnsignedAttributes, err = readAttributes(unsigned)
	return s, err
}

// readIdentifier reads the SignerIdentifier; its choice and the version go together (RFC 5652 §5.3).
func (s *SignerInfo) readIdentifier(body *cryptobyte.String) error {
	if body.PeekASN1Tag(context0Prim) {
		var id cryptobyte.String
		if s.Version != 3 || !body.ReadASN1(&id, context0Prim) || len(id) == 0 {
			return malformed("signer identifier")
		}
		s.SubjectKeyID = id
		return nil
	}
	var pair, issuer cryptobyte.String
	s.Serial = new(big.Int)
	if s.Version != 1 || !body.ReadASN1(&pair, cbasn1.SEQUENCE) ||
		!pair.ReadASN1Element(&issuer, cbasn1.SEQUENCE) ||
		!pair.ReadASN1Integer(s.Serial) || !pair.Empty() {
		return malformed("signer identifier")
	}
	s.Issuer = issuer
	return nil
}

func readAlgorithm(from *cryptobyte.String) (Algorithm, bool) {
	var a Algorithm
	var body, parameters cryptobyte.String
	var tag cbasn1.Tag
	if !from.ReadASN1(&body, cbasn1.SEQUENCE) || !body.ReadASN1ObjectIdentifier(&a.OID) {
		return a, false
	}
	if !body.Empty() {
		if !body.ReadAnyASN1Element(&parameters, &tag) || !body.Empty() {
			return a, false
		}
		a.Parameters = parameters
	}
	return a, true
}
