package signing

import (
	"encoding/asn1"
	"errors"
	"fmt"

	"elicensing/signing/cms"
	"elicensing/signing/pades"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// Unsigned attributes that hold evidence (ETSI EN 319 122-1 annex A.1).
var (
	oidCertificateValues = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 23}
	oidRevocationValues  = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 24}
	oidBasicOCSP         = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 1}
)

// MaxEvidence is how many bytes of certificates and answers are put into a message. A national list of 20 MB
// is not: it is kept beside.
const MaxEvidence = 128 << 10

// ErrNoSigner says that evidence belongs to a message with exactly one signer.
var ErrNoSigner = errors.New("signing: message has not exactly one signer")

// SignatureValue is what a time stamp over the message's only signature must be of (EN 319 122-1 §5.3).
//
// Errors: ErrNoSigner, and those of cms.Decode and cms.Parse.
func SignatureValue(message []byte) ([]byte, error) {
	m, err := single(message)
	if err != nil {
		return nil, err
	}
	return m.Signers[0].Signature, nil
}

// SignedAttributes is what the message's only signature is over, as DER (RFC 5652 §5.4). By it one signature is told from
// another: its value does not tell, of an ECDSA signature (r, s) anybody can make (r, n-s).
//
// Errors: as SignatureValue.
func SignedAttributes(message []byte) ([]byte, error) {
	m, err := single(message)
	if err != nil {
		return nil, err
	}
	signed, _, err := m.Signers[0].SignedBytes()
	if err != nil {
		return nil, fmt.Errorf("signing: %w", err)
	}
	return signed, nil
}

func single(message []byte) (*cms.Message, error) {
	der, err := cms.Decode(message)
	if err != nil {
		return nil, fmt.Errorf("signing: %w", err)
	}
	m, err := cms.Parse(der)
	if err != nil {
		return nil, fmt.Errorf("signing: %w", err)
	}
	if len(m.Signers) != 1 {
		return nil, ErrNoSigner
	}
	return m, nil
}

// AddTimeStamp puts a time-stamp token beside the message's only signature: CAdES-T (EN 319 122-1 §5.3).
// Nothing that is signed changes. Whether the token is good is told by verifying the result.
//
// Errors: as SignatureValue.
func AddTimeStamp(message, token []byte) ([]byte, error) {
	m, err := single(message)
	if err != nil {
		return nil, err
	}
	s := &m.Signers[0]
	s.UnsignedAttributes = append(s.UnsignedAttributes, cms.Attribute{Type: cms.OIDTimeStampToken, Values: [][]byte{token}})
	return m.Encode()
}

// AddEvidence puts what a verdict rested on beside the message's only signature, so that it can be reached
// again offline: the certificates of the paths and the answers about revocation (EN 319 122-1 annex A.1.1.2,
// A.1.2.2). What is there already is replaced. Answers that do not fit into MaxEvidence stay out.
//
// Errors: as SignatureValue.
func AddEvidence(message []byte, found Evidence) ([]byte, error) {
	m, err := single(message)
	if err != nil {
		return nil, err
	}
	s := &m.Signers[0]
	var others []cms.Attribute
	for _, a := range s.UnsignedAttributes {
		if !a.Type.Equal(oidCertificateValues) && !a.Type.Equal(oidRevocationValues) {
			others = append(others, a)
		}
	}
	kept := found.Kept().within(MaxEvidence)
	values, err := revocationValues(kept)
	if err != nil {
		return nil, err
	}
	s.UnsignedAttributes = append(others,
		cms.Attribute{Type: oidCertificateValues, Values: [][]byte{sequenceOf(kept.Certificates)}},
		cms.Attribute{Type: oidRevocationValues, Values: [][]byte{values}})
	return m.Encode()
}

// Kept is the evidence as Input takes it.
func (e Evidence) Kept() Kept {
	return Kept{Certificates: appendMissing(appendMissing(nil, e.Chain...), e.StampChain...), OCSP: e.OCSP, CRLs: e.CRLs}
}

// Store is the evidence as the security store of a PDF takes it (PAdES-LT), without answers that do not fit into
// MaxEvidence.
func (e Evidence) Store() pades.Store { return pades.Store(e.Kept().within(MaxEvidence)) }

// within leaves out what does not fit into limit bytes, the shortest kinds first to stay.
func (k Kept) within(limit int) Kept {
	fit := func(list [][]byte) (kept [][]byte) {
		for _, one := range list {
			if len(one) <= limit {
				limit -= len(one)
				kept = append(kept, one)
			}
		}
		return kept
	}
	return Kept{Certificates: fit(k.Certificates), OCSP: fit(k.OCSP), CRLs: fit(k.CRLs)}
}

func sequenceOf(elements [][]byte) []byte {
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		for _, e := range elements {
			b.AddBytes(e)
		}
	})
	return b.BytesOrPanic() // adding bytes cannot fail
}

func explicit(n uint8) cbasn1.Tag { return cbasn1.Tag(n).ContextSpecific().Constructed() }

// revocationValues writes RevocationValues: lists, and basic OCSP responses without their envelope.
func revocationValues(k Kept) ([]byte, error) {
	var answers [][]byte
	for _, response := range k.OCSP {
		basic, ok := basicOf(response)
		if !ok {
			return nil, errors.New("signing: an answer in the evidence is no OCSP response")
		}
		answers = append(answers, basic)
	}
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		if len(k.CRLs) > 0 {
			b.AddASN1(explicit(0), func(b *cryptobyte.Builder) { b.AddBytes(sequenceOf(k.CRLs)) })
		}
		if len(answers) > 0 {
			b.AddASN1(explicit(1), func(b *cryptobyte.Builder) { b.AddBytes(sequenceOf(answers)) })
		}
	})
	return b.Bytes()
}

// basicOf takes the BasicOCSPResponse out of an OCSPResponse (RFC 6960 §4.2.1).
func basicOf(response []byte) ([]byte, bool) {
	input := cryptobyte.String(response)
	var body, wrapped, bytes, basic cryptobyte.String
	var status int
	var kind asn1.ObjectIdentifier
	ok := input.ReadASN1(&body, cbasn1.SEQUENCE) && input.Empty() && body.ReadASN1Enum(&status) && status == 0 &&
		body.ReadASN1(&wrapped, explicit(0)) && wrapped.ReadASN1(&bytes, cbasn1.SEQUENCE) &&
		bytes.ReadASN1ObjectIdentifier(&kind) && kind.Equal(oidBasicOCSP) && bytes.ReadASN1(&basic, cbasn1.OCTET_STRING)
	return basic, ok
}

// responseOf puts a BasicOCSPResponse into its envelope.
func responseOf(basic []byte) []byte {
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1Enum(0)
		b.AddASN1(explicit(0), func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1ObjectIdentifier(oidBasicOCSP)
				b.AddASN1OctetString(basic)
			})
		})
	})
	return b.BytesOrPanic() // our own identifier
}

// keptIn takes the evidence out of a signer's unsigned attributes. What is malformed is not there.
func keptIn(s *cms.SignerInfo) Kept {
	var k Kept
	for _, a := range s.UnsignedAttributes {
		if len(a.Values) != 1 {
			continue
		}
		switch {
		case a.Type.Equal(oidCertificateValues):
			k.Certificates = append(k.Certificates, elements(a.Values[0])...)
		case a.Type.Equal(oidRevocationValues):
			lists, answers := readRevocationValues(a.Values[0])
			k.CRLs = append(k.CRLs, lists...)
			for _, basic := range answers {
				k.OCSP = append(k.OCSP, responseOf(basic))
			}
		}
	}
	return k
}

// elements are the elements of a SEQUENCE OF SEQUENCE, at most maxKept.
func elements(der []byte) [][]byte {
	input := cryptobyte.String(der)
	var body cryptobyte.String
	var found [][]byte
	if !input.ReadASN1(&body, cbasn1.SEQUENCE) || !input.Empty() {
		return nil
	}
	for !body.Empty() && len(found) < maxKept {
		var one cryptobyte.String
		if !body.ReadASN1Element(&one, cbasn1.SEQUENCE) {
			return nil
		}
		found = append(found, one)
	}
	return found
}

func readRevocationValues(der []byte) (lists, answers [][]byte) {
	input := cryptobyte.String(der)
	var body, part cryptobyte.String
	var present bool
	if !input.ReadASN1(&body, cbasn1.SEQUENCE) || !input.Empty() {
		return nil, nil
	}
	if body.ReadOptionalASN1(&part, &present, explicit(0)) && present {
		lists = elements(part)
	}
	if body.ReadOptionalASN1(&part, &present, explicit(1)) && present {
		answers = elements(part)
	}
	return lists, answers
}
