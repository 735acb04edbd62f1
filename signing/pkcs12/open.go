// Package pkcs12 opens key files (PKCS#12, RFC 7292) with RSA, ECDSA or GOST keys: those of the national
// authority (BER, SHA-1, 3DES, RC2), of OpenSSL 3 (AES, PBKDF2) and of older programs, and writes files
// such as the national ones.
//
//	key, certificate, issuers, err := pkcs12.Open(file, password)
//
// A file comes from anywhere: its size, its nesting, the number of its parts and the rounds of hashing
// that it may demand are bounded.
//
// The package compiles to WebAssembly: in the browser the key is opened in the page and never
// leaves it.
package pkcs12

import (
	"crypto"
	"crypto/x509"
	"errors"

	"elicensing/signing/cms"
	"elicensing/signing/gost"
)

// MaxSize bounds a key file in bytes; one with a long chain has about 10 KiB.
const MaxSize = 64 << 10

// Errors of Open; errors.Is tells them apart. None quotes the file or the password.
var (
	ErrWrongPassword  = errors.New("pkcs12: wrong password")                             // or the file is damaged: its MAC cannot tell
	ErrNotPKCS12      = errors.New("pkcs12: not a PKCS#12 file")                         // or larger than MaxSize, or with bytes behind
	ErrNoKey          = errors.New("pkcs12: file has no key with its certificate")       // nothing to sign with
	ErrKeyUnsupported = errors.New("pkcs12: kind of key or encryption is not supported") // or more rounds of derivation than a browser should do
)

// Open takes the key, its certificate and the further certificates (issuers) out of a file. The key is
// *rsa.PrivateKey, *ecdsa.PrivateKey or *gost.PrivateKey.
//
// Errors: ErrWrongPassword, ErrNotPKCS12, ErrNoKey, ErrKeyUnsupported.
func Open(file []byte, password string) (crypto.Signer, *x509.Certificate, []*x509.Certificate, error) {
	if len(file) > MaxSize {
		return nil, nil, nil, ErrNotPKCS12
	}
	bmp, ok := bmpString(password)
	if !ok {
		return nil, nil, nil, ErrKeyUnsupported
	}
	found, err := read(file, &secret{utf8: password, bmp: bmp, left: maxWork})
	if err != nil {
		return nil, nil, nil, err
	}
	if len(found.keys) == 0 || len(found.certificates) == 0 {
		return nil, nil, nil, ErrNoKey
	}
	key, err := parseKey(found.keys[0])
	if err != nil {
		return nil, nil, nil, err
	}
	return pick(key, found.certificates)
}

// parseKey reads a PrivateKeyInfo (RFC 5208 §5).
func parseKey(ber []byte) (crypto.Signer, error) {
	der, err := cms.Normalise(ber)
	if err != nil {
		return nil, ErrNotPKCS12
	}
	national, err := gost.ParsePrivateKey(der)
	if err == nil {
		return national, nil
	}
	if !errors.Is(err, gost.ErrUnknown) {
		return nil, ErrNotPKCS12
	}
	key, err := x509.ParsePKCS8PrivateKey(der)
	if signer, ok := key.(crypto.Signer); ok && err == nil {
		return signer, nil
	}
	return nil, ErrKeyUnsupported
}

// pick separates the key's own certificate from the rest: files do not keep an order.
func pick(key crypto.Signer, all [][]byte) (crypto.Signer, *x509.Certificate, []*x509.Certificate, error) {
	var own *x509.Certificate
	var others []*x509.Certificate
	for _, der := range all {
		certificate, err := x509.ParseCertificate(der)
		if err != nil {
			return nil, nil, nil, ErrNotPKCS12
		}
		if own == nil && cms.Certifies(certificate, key.Public()) {
			own = certificate
		} else {
			others = append(others, certificate)
		}
	}
	if own == nil {
		return nil, nil, nil, ErrNoKey
	}
	return key, own, others, nil
}
