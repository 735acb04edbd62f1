package tsp_test

import (
	"crypto"
	"crypto/sha1"
	sha2 "crypto/sha256"
	"testing"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"elicensing/signing/cms"
	"elicensing/signing/tsp"
)

// forgery is a token whose every part a test may change before it is signed and put together.
type forgery struct {
	info       func(*cryptobyte.Builder) // the fields of TSTInfo
	message    cms.Message
	signer     cms.SignerInfo
	attributes []cms.Attribute
	content    []byte // what messageDigest is of; nil: the content
	signature  func([]byte) []byte
	more       []cms.SignerInfo
}

// tstInfo writes the fields of a TSTInfo over data, and what comes after the time.
func tstInfo(t testing.TB, after func(*cryptobyte.Builder)) func(*cryptobyte.Builder) {
	return func(b *cryptobyte.Builder) {
		b.AddASN1Int64(1)
		b.AddASN1ObjectIdentifier(policy)
		addImprint(b, imprint(t, data))
		b.AddASN1Int64(4711)
		b.AddASN1GeneralizedTime(t0)
		if after != nil {
			after(b)
		}
	}
}

func addImprint(b *cryptobyte.Builder, i tsp.Imprint) {
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier(i.Digest.OID)
			b.AddBytes(i.Digest.Parameters)
		})
		b.AddASN1OctetString(i.Value)
	})
}

// forge makes a token by an authority; change spoils exactly one thing in it.
func forge(t testing.TB, tsa pair, change func(*forgery)) []byte {
	t.Helper()
	f := forgery{
		info: tstInfo(t, nil),
		message: cms.Message{
			DigestAlgorithms: []cms.Algorithm{{OID: cms.OIDSHA256}}, ContentType: tsp.OIDInfo,
			Certificates: [][]byte{tsa.certificate.Raw},
		},
		signer: cms.SignerInfo{
			Version: 1, Issuer: tsa.certificate.RawIssuer, Serial: tsa.certificate.SerialNumber,
			DigestAlgorithm: cms.Algorithm{OID: cms.OIDSHA256}, SignatureAlgorithm: cms.Algorithm{OID: cms.OIDECDSAWithSHA256},
		},
		signature: func(signed []byte) []byte {
			hash := sha2.Sum256(signed)
			signature, err := tsa.key.Sign(nil, hash[:], crypto.SHA256)
			if err != nil {
				t.Fatal(err)
			}
			return signature
		},
	}
	f.attributes = []cms.Attribute{
		{Type: cms.OIDContentType, Values: [][]byte{build(t, func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(tsp.OIDInfo) })}},
		{Type: cms.OIDMessageDigest},
		{Type: cms.OIDSigningCertificateV2, Values: [][]byte{bindingV2(t, tsa.certificate.Raw)}},
	}
	if change != nil {
		change(&f)
	}
	if f.message.Content == nil && !f.message.Detached {
		f.message.Content = build(t, func(b *cryptobyte.Builder) { b.AddASN1(cbasn1.SEQUENCE, f.info) })
	}
	if f.content == nil {
		f.content = f.message.Content
	}
	for i, a := range f.attributes {
		if a.Type.Equal(cms.OIDMessageDigest) && a.Values == nil {
			hash := sha2.Sum256(f.content)
			f.attributes[i].Values = [][]byte{build(t, func(b *cryptobyte.Builder) { b.AddASN1OctetString(hash[:]) })}
		}
	}
	if f.attributes != nil {
		f.signer.RawSignedAttributes = cms.EncodeAttributes(f.attributes)
		f.signer.Signature = f.signature(f.signer.RawSignedAttributes)
	} else {
		f.signer.Signature = f.signature(f.message.Content)
	}
	f.message.Signers = append([]cms.SignerInfo{f.signer}, f.more...)
	der, err := f.message.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// set replaces the values of an attribute; without values it takes the attribute out.
func (f *forgery) set(attribute []int, values ...[]byte) {
	kept := f.attributes[:0:0]
	for _, a := range f.attributes {
		if !a.Type.Equal(attribute) {
			kept = append(kept, a)
		} else if len(values) > 0 {
			kept = append(kept, cms.Attribute{Type: attribute, Values: values})
		}
	}
	f.attributes = kept
}

func (f *forgery) add(attribute []int, values ...[]byte) {
	f.attributes = append(f.attributes, cms.Attribute{Type: attribute, Values: values})
}

func build(t testing.TB, add func(*cryptobyte.Builder)) []byte {
	t.Helper()
	var b cryptobyte.Builder
	add(&b)
	der, err := b.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// binding writes SigningCertificate or, with the default hash, SigningCertificateV2; the forms are one.
func binding(t testing.TB, hash []byte, after func(*cryptobyte.Builder)) []byte {
	return build(t, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
					b.AddASN1OctetString(hash)
					if after != nil {
						after(b)
					}
				})
			})
		})
	})
}

func bindingV1(t testing.TB, certificate []byte) []byte {
	hash := sha1.Sum(certificate)
	return binding(t, hash[:], nil)
}

func bindingV2(t testing.TB, certificate []byte) []byte {
	hash := sha2.Sum256(certificate)
	return binding(t, hash[:], nil)
}

// issuerSerial writes IssuerSerial.
func issuerSerial(issuer []byte, serial int64) func(*cryptobyte.Builder) {
	return func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1(cbasn1.Tag(4).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) { b.AddBytes(issuer) })
			})
			b.AddASN1Int64(serial)
		})
	}
}
