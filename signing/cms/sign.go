package cms

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"errors"
	"hash"
	"time"

	"elicensing/signing/gost"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// SignOptions says who signs and what goes into the message.
type SignOptions struct {
	Key         crypto.Signer       // RSA of 2048 bits or more, ECDSA P-256, P-384, P-521, or GOST 34.10-2015
	Certificate *x509.Certificate   // of Key
	Chain       []*x509.Certificate // further certificates to carry along, e.g. the issuer; the root may stay out
	// SigningTime is written as the signingTime attribute; nil leaves it out, as PAdES demands
	// (ETSI EN 319 142-1 §6.3: the time stands in the signature dictionary).
	SigningTime *time.Time
	Attached    bool // carry content inside the message
}

// Errors of Sign.
var (
	ErrKeyUnsupported = errors.New("cms: this kind of key cannot sign here")          // RSA, ECDSA and GOST 34.10-2015 can
	ErrKeyMismatch    = errors.New("cms: key and certificate do not belong together") // the certificate has another public key
)

// Sign makes a CAdES-BES message (ETSI EN 319 122-1 §5) over content with one signer, in DER. With a
// GOST key, a signing time and no chain it is what NCALayer writes.
//
// Errors: ErrKeyUnsupported, ErrKeyMismatch, or what the key itself answers.
func Sign(content []byte, o SignOptions) ([]byte, error) {
	if o.Key == nil || o.Certificate == nil {
		return nil, ErrKeyUnsupported
	}
	suite, err := suiteOf(o.Key.Public())
	if err != nil {
		return nil, err
	}
	if !Certifies(o.Certificate, o.Key.Public()) {
		return nil, ErrKeyMismatch
	}
	attributes := EncodeAttributes(bestAttributes(content, suite, o))
	signature, err := o.Key.Sign(rand.Reader, suite.sum(attributes), suite.hash)
	if err != nil {
		return nil, err
	}
	message := Message{
		DigestAlgorithms: []Algorithm{suite.digest},
		ContentType:      OIDData,
		Detached:         !o.Attached,
		Certificates:     certificatesToCarry(o),
		Signers: []SignerInfo{{
			Version:             1,
			Issuer:              o.Certificate.RawIssuer,
			Serial:              o.Certificate.SerialNumber,
			DigestAlgorithm:     suite.digest,
			SignatureAlgorithm:  suite.signature,
			RawSignedAttributes: attributes,
			Signature:           signature,
		}},
	}
	if o.Attached {
		message.Content = content
	}
	return message.Encode()
}

// Certifies tells whether key is the public key of a certificate. The standard library does not know
// GOST keys, so comparing with certificate.PublicKey is not enough.
func Certifies(certificate *x509.Certificate, key crypto.PublicKey) bool {
	if national, ok := key.(*gost.PublicKey); ok {
		certified, err := gost.ParsePublicKey(certificate.RawSubjectPublicKeyInfo)
		return err == nil && national.Equal(certified)
	}
	public, ok := key.(interface{ Equal(crypto.PublicKey) bool })
	return ok && public.Equal(certificate.PublicKey)
}

// suite is a hash with its identifiers for a kind of key.
type suite struct {
	new       func() hash.Hash
	hash      crypto.Hash // for the key's options; zero where the key knows by itself
	digest    Algorithm
	signature Algorithm
}

var asn1Null = []byte{0x05, 0x00}

// Parameters by RFC 5754: absent for SHA-2 and ECDSA, NULL for RSA; and NULL wherever the national
// authority and its programs write it.
var (
	rsaSHA256   = suite{sha256.New, crypto.SHA256, Algorithm{OID: OIDSHA256}, Algorithm{OIDSHA256WithRSA, asn1Null}}
	ecdsaSHA256 = suite{sha256.New, crypto.SHA256, Algorithm{OID: OIDSHA256}, Algorithm{OID: OIDECDSAWithSHA256}}
	ecdsaSHA384 = suite{sha512.New384, crypto.SHA384, Algorithm{OID: OIDSHA384}, Algorithm{OID: OIDECDSAWithSHA384}}
	ecdsaSHA512 = suite{sha512.New, crypto.SHA512, Algorithm{OID: OIDSHA512}, Algorithm{OID: OIDECDSAWithSHA512}}
	gost512     = suite{gost.NewStreebog512, 0, Algorithm{gost.OIDStreebog512, asn1Null}, Algorithm{gost.OIDSignature512, asn1Null}}
	gost256     = suite{gost.NewStreebog256, 0, Algorithm{gost.OIDStreebog256, asn1Null}, Algorithm{gost.OIDSignature256, asn1Null}}
)

func suiteOf(key crypto.PublicKey) (suite, error) {
	switch k := key.(type) {
	case *rsa.PublicKey:
		if k.N.BitLen() >= 2048 {
			return rsaSHA256, nil
		}
	case *ecdsa.PublicKey:
		switch k.Curve.Params().BitSize {
		case 256:
			return ecdsaSHA256, nil
		case 384:
			return ecdsaSHA384, nil
		case 521:
			return ecdsaSHA512, nil
		}
	case *gost.PublicKey:
		switch k.Curve() { // not GOST 34.310-2004: it is read in archives, and nothing new is signed with it
		case gost.Curve512():
			return gost512, nil
		case gost.Curve256():
			return gost256, nil
		}
	}
	return suite{}, ErrKeyUnsupported
}

func (s suite) sum(data []byte) []byte {
	h := s.new()
	h.Write(data)
	return h.Sum(nil)
}

// bestAttributes are the signed attributes of CAdES-BES (ETSI EN 319 122-1 §6.3, level B-B).
func bestAttributes(content []byte, s suite, o SignOptions) []Attribute {
	attributes := []Attribute{
		{OIDContentType, [][]byte{encodeValue(func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(OIDData) })}},
		{OIDMessageDigest, [][]byte{encodeValue(func(b *cryptobyte.Builder) { b.AddASN1OctetString(s.sum(content)) })}},
		{OIDSigningCertificateV2, [][]byte{signingCertificateV2(o.Certificate)}},
	}
	if o.SigningTime != nil {
		attributes = append(attributes, Attribute{OIDSigningTime, [][]byte{encodeTime(o.SigningTime.UTC())}})
	}
	return attributes
}

// signingCertificateV2 binds the certificate by its SHA-256, which being the default is not named,
// and by issuer and serial number (RFC 5035 §4).
func signingCertificateV2(certificate *x509.Certificate) []byte {
	hash := sha256.Sum256(certificate.Raw)
	return encodeValue(func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { // SigningCertificateV2
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { // certs
				b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { // ESSCertIDv2
					b.AddASN1OctetString(hash[:])
					b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { // IssuerSerial
						b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
							b.AddASN1(cbasn1.Tag(4).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) {
								b.AddBytes(certificate.RawIssuer)
							})
						})
						b.AddASN1BigInt(certificate.SerialNumber)
					})
				})
			})
		})
	})
}

// encodeTime writes UTCTime up to 2049 and GeneralizedTime from 2050 on (RFC 5652 §11.3).
func encodeTime(t time.Time) []byte {
	return encodeValue(func(b *cryptobyte.Builder) {
		if y := t.Year(); y >= 1950 && y < 2050 {
			b.AddASN1UTCTime(t)
		} else {
			b.AddASN1GeneralizedTime(t)
		}
	})
}

func encodeValue(add func(*cryptobyte.Builder)) []byte {
	var b cryptobyte.Builder
	add(&b)
	return b.BytesOrPanic() // fails only for values that cannot occur: our own OIDs, a time out of range
}

// certificatesToCarry lists the signer's certificate and the chain once each.
func certificatesToCarry(o SignOptions) [][]byte {
	carried := [][]byte{o.Certificate.Raw}
	for _, c := range o.Chain {
		known := false
		for _, k := range carried {
			known = known || bytes.Equal(k, c.Raw)
		}
		if !known {
			carried = append(carried, c.Raw)
		}
	}
	return carried
}
