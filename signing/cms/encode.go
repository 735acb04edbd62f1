package cms

import (
	"slices"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// Encode writes the message as the DER of a ContentInfo. It writes what it is told, sound or not,
// so that tests can make hostile messages with it; Sign is the way to a good one.
//
// Errors: what has no DER, e.g. an identifier of one number.
func (m *Message) Encode() ([]byte, error) {
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(OIDSignedData)
		b.AddASN1(context0, func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.SEQUENCE, m.addSignedData)
		})
	})
	return b.Bytes()
}

func (m *Message) addSignedData(b *cryptobyte.Builder) {
	b.AddASN1Int64(m.version())
	b.AddASN1(cbasn1.SET, func(b *cryptobyte.Builder) {
		for _, a := range m.DigestAlgorithms {
			addAlgorithm(b, a)
		}
	})
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(m.ContentType)
		if !m.Detached {
			b.AddASN1(context0, func(b *cryptobyte.Builder) { b.AddASN1OctetString(m.Content) })
		}
	})
	if len(m.Certificates) > 0 {
		certificates := slices.Clone(m.Certificates)
		slices.SortFunc(certificates, compareDER)
		b.AddASN1(context0, func(b *cryptobyte.Builder) {
			for _, c := range certificates {
				b.AddBytes(c)
			}
		})
	}
	b.AddASN1(cbasn1.SET, func(b *cryptobyte.Builder) {
		for i := range m.Signers {
			b.AddASN1(cbasn1.SEQUENCE, m.Signers[i].add)
		}
	})
}

// version follows RFC 5652 §5.1 for messages with X.509 certificates only.
func (m *Message) version() int64 {
	if !m.ContentType.Equal(OIDData) {
		return 3
	}
	for _, s := range m.Signers {
		if s.Version == 3 {
			return 3
		}
	}
	return 1
}

func (s *SignerInfo) add(b *cryptobyte.Builder) {
	b.AddASN1Int64(int64(s.Version))
	if s.SubjectKeyID != nil {
		b.AddASN1(context0Prim, func(b *cryptobyte.Builder) { b.AddBytes(s.SubjectKeyID) })
	} else {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddBytes(s.Issuer)
			b.AddASN1BigInt(s.Serial)
		})
	}
	addAlgorithm(b, s.DigestAlgorithm)
	if s.RawSignedAttributes != nil {
		b.AddBytes([]byte{byte(context0)})
		b.AddBytes(s.RawSignedAttributes[1:])
	}
	addAlgorithm(b, s.SignatureAlgorithm)
	b.AddASN1OctetString(s.Signature)
	if len(s.UnsignedAttributes) > 0 {
		set := EncodeAttributes(s.UnsignedAttributes)
		b.AddBytes([]byte{byte(context1)})
		b.AddBytes(set[1:])
	}
}

func addAlgorithm(b *cryptobyte.Builder, a Algorithm) {
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(a.OID)
		b.AddBytes(a.Parameters)
	})
}

// EncodeAttributes writes attributes as the DER of a SET OF Attribute, in the order of DER
// (X.690 §11.6), which is the form that is signed.
func EncodeAttributes(attributes []Attribute) []byte {
	elements := make([][]byte, 0, len(attributes))
	for _, a := range attributes {
		var b cryptobyte.Builder
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier(a.Type)
			values := slices.Clone(a.Values)
			slices.SortFunc(values, compareDER)
			b.AddASN1(cbasn1.SET, func(b *cryptobyte.Builder) {
				for _, v := range values {
					b.AddBytes(v)
				}
			})
		})
		elements = append(elements, b.BytesOrPanic()) // fails only for an impossible OID of ours
	}
	return encodeSetOf(elements)
}

// encodeSetOf writes elements as a SET OF in DER order.
func encodeSetOf(elements [][]byte) []byte {
	sorted := slices.Clone(elements)
	slices.SortFunc(sorted, compareDER)
	length := 0
	for _, e := range sorted {
		length += len(e)
	}
	out := appendLength([]byte{byte(cbasn1.SET)}, length)
	for _, e := range sorted {
		out = append(out, e...)
	}
	return out
}
