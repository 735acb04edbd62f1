package cms_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"time"

	"elicensing/signing/cms"
)

// newSigner makes a key with a certificate of its own; people's are issued by an authority.
func newSigner() (*ecdsa.PrivateKey, *x509.Certificate) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "ТЕСТОВ ТЕСТ"},
		NotBefore: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		panic(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		panic(err)
	}
	return key, certificate
}

// A detached message says who signed and over which digest; the content stays where it is.
func ExampleSign() {
	key, certificate := newSigner()
	at := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	der, err := cms.Sign([]byte("письмо"), cms.SignOptions{Key: key, Certificate: certificate, SigningTime: &at})
	if err != nil {
		panic(err)
	}
	message, err := cms.Parse(der)
	if err != nil {
		panic(err)
	}
	signer := message.Signers[0]
	fmt.Println(message.Detached, len(message.Certificates), signer.SignatureAlgorithm.OID.Equal(cms.OIDECDSAWithSHA256))
	attributes, err := signer.SignedAttributes()
	if err != nil {
		panic(err)
	}
	for _, a := range attributes {
		if a.Type.Equal(cms.OIDSigningTime) {
			fmt.Println(cms.Time(a.Values[0]))
		}
	}
	// Output:
	// true 1 true
	// 2026-11-23 10:00:00 +0000 UTC <nil>
}

// Programs hand a message over as DER, PEM or base64, in BER or DER. Decode gives DER of them all, within its limits.
// Parse says what the message is, not that it is good: that is package signing's.
func ExampleDecode() {
	key, certificate := newSigner()
	der, err := cms.Sign([]byte("письмо"), cms.SignOptions{Key: key, Certificate: certificate, Attached: true})
	if err != nil {
		panic(err)
	}
	decoded, err := cms.Decode(pem.EncodeToMemory(&pem.Block{Type: "CMS", Bytes: der}))
	fmt.Println(bytes.Equal(decoded, der), err)
	message, err := cms.Parse(decoded)
	if err != nil {
		panic(err)
	}
	fmt.Printf("%s\n", message.Content)

	_, err = cms.Decode(der[:len(der)-1])
	fmt.Println(errors.Is(err, cms.ErrMalformed))
	_, err = cms.Decode(bytes.Repeat([]byte{0x30, 0x80}, 1000))
	fmt.Println(errors.Is(err, cms.ErrTooDeep))
	// Output:
	// true <nil>
	// письмо
	// true
	// true
}
