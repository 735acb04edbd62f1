package pkcs12_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"math/big"
	"time"

	"elicensing/signing/pkcs12"
)

// A person's key file is opened by his password, which nothing else can tell from a wrong one.
func Example() {
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
	file, err := pkcs12.Write(key, certificate, nil, "Qwerty12", rand.Reader)
	if err != nil {
		panic(err)
	}

	opened, own, issuers, err := pkcs12.Open(file, "Qwerty12")
	fmt.Println(key.Equal(opened), own.Subject.CommonName, len(issuers), err)
	_, _, _, err = pkcs12.Open(file, "qwerty12")
	fmt.Println(errors.Is(err, pkcs12.ErrWrongPassword))
	_, _, _, err = pkcs12.Open(der, "Qwerty12")
	fmt.Println(errors.Is(err, pkcs12.ErrNotPKCS12))
	// Output:
	// true ТЕСТОВ ТЕСТ 0 <nil>
	// true
	// true
}
