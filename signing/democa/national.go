package democa

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"fmt"

	"elicensing/signing/algorithms"
	"elicensing/signing/cms"
	"elicensing/signing/gost"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// The standard library cannot write structures with GOST keys. They are written by it with a key that is
// thrown away; then signature algorithm, key and signature are put in anew.

// Places of what is put in anew, counted in the outermost sequence of what is signed.
const (
	placeOfAlgorithm       = 2 // certificate: version, serial number, algorithm … (RFC 5280 §4.1)
	placeOfKey             = 6
	placeOfAlgorithmOfList = 1 // CRL: version, algorithm … (RFC 5280 §5.1)
)

// isGOST tells whether a key is one that the standard library does not know.
func isGOST(key crypto.PublicKey) bool {
	_, ok := key.(*gost.PublicKey)
	return ok
}

// subjectPublicKey writes a SubjectPublicKeyInfo of any kind of key.
func subjectPublicKey(key crypto.PublicKey) ([]byte, error) {
	if national, ok := key.(*gost.PublicKey); ok {
		return national.Marshal(), nil
	}
	return x509.MarshalPKIXPublicKey(key)
}

// createCertificate is x509.CreateCertificate for any kind of key, of the subject and of the issuer.
func createCertificate(template, parent *x509.Certificate, key crypto.PublicKey, issuer crypto.Signer) ([]byte, error) {
	if !isGOST(key) && !isGOST(issuer.Public()) {
		template.SignatureAlgorithm = x509.SHA256WithRSA
		return x509.CreateCertificate(rand.Reader, template, parent, key, issuer)
	}
	stand, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	bare := *parent
	bare.PublicKey = nil // the library compares it with the key that is thrown away
	template.SignatureAlgorithm = 0
	der, err := x509.CreateCertificate(rand.Reader, template, &bare, stand.Public(), stand)
	if err != nil {
		return nil, err
	}
	spki, err := subjectPublicKey(key)
	if err != nil {
		return nil, err
	}
	return signAnew(der, issuer, placeOfAlgorithm, map[int][]byte{placeOfKey: spki})
}

// createList is x509.CreateRevocationList for any kind of issuer.
func createList(template *x509.RevocationList, issuer pair) ([]byte, error) {
	if !isGOST(issuer.key.Public()) {
		template.SignatureAlgorithm = x509.SHA256WithRSA
		return x509.CreateRevocationList(rand.Reader, template, issuer.certificate, issuer.key)
	}
	stand, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	der, err := x509.CreateRevocationList(rand.Reader, template, issuer.certificate, stand)
	if err != nil {
		return nil, err
	}
	return signAnew(der, issuer.key, placeOfAlgorithmOfList, nil)
}

// signAnew replaces the elements at the given places and signs the result.
func signAnew(der []byte, key crypto.Signer, placeOfAlgorithm int, replace map[int][]byte) ([]byte, error) {
	input := cryptobyte.String(der)
	var whole, tbs cryptobyte.String
	if !input.ReadASN1(&whole, cbasn1.SEQUENCE) || !whole.ReadASN1(&tbs, cbasn1.SEQUENCE) {
		return nil, errors.New("democa: the library wrote something else")
	}
	algorithm, err := algorithmOf(key)
	if err != nil {
		return nil, err
	}
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		for place := 0; !tbs.Empty(); place++ {
			var element cryptobyte.String
			var tag cbasn1.Tag
			if !tbs.ReadAnyASN1Element(&element, &tag) {
				b.SetError(errors.New("democa: the library wrote something else"))
				return
			}
			switch other, ok := replace[place]; {
			case place == placeOfAlgorithm:
				b.AddBytes(algorithm)
			case ok:
				b.AddBytes(other)
			default:
				b.AddBytes(element)
			}
		}
	})
	signed, err := b.Bytes()
	if err != nil {
		return nil, err
	}
	signature, err := signBytes(key, signed)
	if err != nil {
		return nil, err
	}
	var out cryptobyte.Builder
	out.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddBytes(signed)
		b.AddBytes(algorithm)
		b.AddASN1BitString(signature)
	})
	return out.Bytes()
}

func identifierOf(key crypto.Signer) algorithms.Identifier {
	if isGOST(key.Public()) {
		return algorithms.Identifier{OID: gost.OIDSignature512, Parameters: []byte{0x05, 0x00}}
	}
	return algorithms.Identifier{OID: cms.OIDSHA256WithRSA, Parameters: []byte{0x05, 0x00}}
}

func algorithmOf(key crypto.Signer) ([]byte, error) {
	id := identifierOf(key)
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(id.OID)
		b.AddBytes(id.Parameters)
	})
	return b.Bytes()
}

// signBytes signs with the algorithm of identifierOf.
func signBytes(key crypto.Signer, data []byte) ([]byte, error) {
	if isGOST(key.Public()) {
		h := gost.NewStreebog512()
		h.Write(data)
		return key.Sign(rand.Reader, h.Sum(nil), crypto.Hash(0))
	}
	digest := sha256.Sum256(data)
	return key.Sign(rand.Reader, digest[:], crypto.SHA256)
}

// signAnswer signs the answers of a responder with any kind of key.
func signAnswer(key crypto.Signer) func([]byte) (algorithms.Identifier, []byte, error) {
	return func(data []byte) (algorithms.Identifier, []byte, error) {
		signature, err := signBytes(key, data)
		return identifierOf(key), signature, err
	}
}

// generateGOST makes n keys of GOST 34.10-2015 with 512 bits.
func generateGOST(n int) ([]crypto.Signer, error) {
	keys := make([]crypto.Signer, n)
	for i := range keys {
		key, err := gost.GenerateKey(gost.Curve512(), rand.Reader)
		if err != nil {
			return nil, fmt.Errorf("democa: make a key: %w", err)
		}
		keys[i] = key
	}
	return keys, nil
}
