package pades_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"math/big"
	"os"
	"time"

	"elicensing/signing/cms"
	"elicensing/signing/pades"
)

// The server prepares the file, the official's own program signs the bytes, the server puts the signature into its
// place.
func Example() {
	licence, err := os.ReadFile("testdata/licence.pdf")
	if err != nil {
		panic(err)
	}
	signedAt := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	prepared, err := pades.Prepare(licence, pades.Options{Name: "ТЕСТТОВ ТЕСТТ", Reason: "Лицензия", SignedAt: signedAt})
	if err != nil {
		panic(err)
	}

	signature := signElsewhere(prepared.SignedBytes())

	signed, err := pades.Insert(prepared.PDF(), signature)
	if err != nil {
		panic(err)
	}
	found, err := pades.Signatures(signed)
	if err != nil {
		panic(err)
	}
	fmt.Println(len(found), found[0].SubFilter, found[0].CoversWholeFile, found[0].SignedAt.Format(time.RFC3339))
	_, err = pades.Insert(signed, signature)
	fmt.Println(errors.Is(err, pades.ErrNotPrepared))
	// Output:
	// 1 ETSI.CAdES.detached true 2026-11-23T10:00:00Z
	// true
}

// signElsewhere stands for the official's program: it makes a detached CMS without signing time, which PAdES wants in
// the file.
func signElsewhere(content []byte) []byte {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "ТЕСТТОВ ТЕСТТ"},
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
	message, err := cms.Sign(content, cms.SignOptions{Key: key, Certificate: certificate})
	if err != nil {
		panic(err)
	}
	return message
}
