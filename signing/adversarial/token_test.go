package adversarial_test

import (
	"crypto/sha256"
	"time"

	"elicensing/signing/cms"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// oidTSTInfo is id-ct-TSTInfo (RFC 3161 §2.4.2).
var oidTSTInfo = []int{1, 2, 840, 113549, 1, 9, 16, 1, 4}

// token is a time-stamp token to be; its zero value is a good one over the signature, at T0 less an hour.
type token struct {
	at          time.Time
	over        []byte // default: the signature value
	by          pair   // default: T
	contentType []int  // default: id-ct-TSTInfo
	bare        bool   // carry no certificates
	spoil       func(signature []byte)
}

// stamped lets the message carry the token.
func (s *scene) stamped(o token) {
	if o.at.IsZero() {
		o.at = T0.Add(-time.Hour)
	}
	s.set(cms.OIDSigningTime, utcTime(s.t, o.at.Add(-time.Minute)))
	s.unsigned = func(signature []byte) []cms.Attribute {
		return []cms.Attribute{{Type: cms.OIDTimeStampToken, Values: [][]byte{s.token(o, signature)}}}
	}
}

func (s *scene) token(o token, signature []byte) []byte {
	if o.over == nil {
		o.over = signature
	}
	if o.by.certificate == nil {
		o.by = s.pki.stamper
	}
	if o.contentType == nil {
		o.contentType = oidTSTInfo
	}
	imprint := sha256.Sum256(o.over)
	info := build(s.t, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1Int64(1)
			b.AddASN1ObjectIdentifier([]int{1, 2, 398, 3, 3, 2, 6, 2})
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				addAlgorithm(b, cms.Algorithm{OID: cms.OIDSHA256})
				b.AddASN1OctetString(imprint[:])
			})
			b.AddASN1Int64(77)
			b.AddASN1GeneralizedTime(o.at)
		})
	})
	digest := sha256.Sum256(info)
	attributes := cms.EncodeAttributes([]cms.Attribute{
		{Type: cms.OIDContentType, Values: [][]byte{objectID(s.t, o.contentType)}},
		{Type: cms.OIDMessageDigest, Values: [][]byte{octets(s.t, digest[:])}},
		{Type: cms.OIDSigningCertificateV2, Values: [][]byte{bindingV2(s.t, o.by.certificate.Raw)}},
	})
	value := signSHA256(s.t, o.by.key, attributes)
	if o.spoil != nil {
		o.spoil(value)
	}
	message := cms.Message{
		DigestAlgorithms: []cms.Algorithm{{OID: cms.OIDSHA256}}, ContentType: o.contentType, Content: info,
		Signers: []cms.SignerInfo{{
			Version: 1, Issuer: o.by.certificate.RawIssuer, Serial: o.by.certificate.SerialNumber,
			DigestAlgorithm: cms.Algorithm{OID: cms.OIDSHA256}, SignatureAlgorithm: signatureAlgorithm("RSA-2048"),
			RawSignedAttributes: attributes, Signature: value,
		}},
	}
	if !o.bare {
		message.Certificates = [][]byte{o.by.certificate.Raw}
	}
	der, err := message.Encode()
	if err != nil {
		s.t.Fatal(err)
	}
	return der
}
