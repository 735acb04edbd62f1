package adversarial_test

import (
	"crypto/sha256"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"

	"elicensing/signing/cms"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// bindingParts is a signingCertificateV2 (RFC 5035 §3) with IssuerSerial; its zero value is the right one.
type bindingParts struct {
	serial   int64  // zero: the signer's
	issuer   string // common name; empty: the signer's issuer
	policies bool
	inside   []byte // an element at the end of the ESSCertIDv2
	behind   []byte // an element at the end of the whole
}

// bound lets the message bind the signer's certificate so.
func bound(p bindingParts) func(*scene) {
	return func(s *scene) { s.set(cms.OIDSigningCertificateV2, s.binding(p)) }
}

func (s *scene) binding(p bindingParts) []byte {
	signer := s.signer.certificate
	hash, serial, issuer := sha256.Sum256(signer.Raw), signer.SerialNumber, signer.RawIssuer
	if p.serial != 0 {
		serial = big.NewInt(p.serial)
	}
	if p.issuer != "" {
		der, err := asn1.Marshal(pkix.Name{Country: []string{"KZ"}, CommonName: p.issuer}.ToRDNSequence())
		if err != nil {
			s.t.Fatal(err)
		}
		issuer = der
	}
	return build(s.t, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
					b.AddASN1OctetString(hash[:])
					b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
						b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
							b.AddASN1(tag(4), func(b *cryptobyte.Builder) { b.AddBytes(issuer) })
						})
						b.AddASN1BigInt(serial)
					})
					b.AddBytes(p.inside)
				})
			})
			if p.policies {
				b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
					b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier([]int{1, 2, 398, 3, 3, 2}) })
				})
			}
			b.AddBytes(p.behind)
		})
	})
}
