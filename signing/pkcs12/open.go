// Package pkcs12 opens key files (PKCS#12, RFC 7292) with RSA or ECDSA keys, as OpenSSL 3 (AES,
// PBKDF2) and older programs (3DES, RC2) write them.
//
// The package compiles to WebAssembly: in the browser the key is opened in the page and never
// leaves it.
package pkcs12

import (
	"crypto"
	"crypto/x509"
	"errors"

	"elicensing/signing/cms"

	"software.sslmate.com/src/go-pkcs12"
)

// MaxSize bounds a key file in bytes; one with a long chain has about 10 KiB.
const MaxSize = 64 << 10

// Errors of Open; errors.Is tells them apart. None quotes the file or the password.
var (
	ErrWrongPassword  = errors.New("pkcs12: wrong password")
	ErrNotPKCS12      = errors.New("pkcs12: not a PKCS#12 file")
	ErrNoKey          = errors.New("pkcs12: file has no key with its certificate")
	ErrKeyUnsupported = errors.New("pkcs12: kind of key or encryption is not supported")
)

// Open takes the key, its certificate and the further certificates (issuers) out of a file.
//
// Errors: ErrWrongPassword, ErrNotPKCS12, ErrNoKey, ErrKeyUnsupported (e.g. a GOST key).
func Open(file []byte, password string) (crypto.Signer, *x509.Certificate, []*x509.Certificate, error) {
	if len(file) > MaxSize {
		return nil, nil, nil, ErrNotPKCS12
	}
	der, err := cms.Normalise(file)
	if err != nil || !isPFX(der) {
		return nil, nil, nil, ErrNotPKCS12
	}
	if tooMuchWork(der, 0) {
		return nil, nil, nil, ErrKeyUnsupported
	}
	key, first, others, err := pkcs12.DecodeChain(der, password)
	switch {
	case errors.Is(err, pkcs12.ErrIncorrectPassword), errors.Is(err, pkcs12.ErrDecryption):
		return nil, nil, nil, ErrWrongPassword
	case err != nil && (err.Error() == libraryNoKey || err.Error() == libraryNoCertificate):
		return nil, nil, nil, ErrNoKey
	case err != nil:
		// The structure is that of a key file: what is inside is of a kind that we cannot read.
		return nil, nil, nil, ErrKeyUnsupported
	}
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, nil, nil, ErrKeyUnsupported
	}
	certificate, chain := pick(signer, append([]*x509.Certificate{first}, others...))
	if certificate == nil {
		return nil, nil, nil, ErrNoKey
	}
	return signer, certificate, chain, nil
}

// The library has no error values for these; a test holds the words.
const (
	libraryNoKey         = "pkcs12: private key missing"
	libraryNoCertificate = "pkcs12: certificate missing"
)

// pick separates the key's own certificate from the rest: files do not keep an order.
func pick(key crypto.Signer, all []*x509.Certificate) (*x509.Certificate, []*x509.Certificate) {
	public, ok := key.Public().(interface{ Equal(crypto.PublicKey) bool })
	if !ok {
		return nil, nil
	}
	for i, c := range all {
		if public.Equal(c.PublicKey) {
			return c, append(append([]*x509.Certificate(nil), all[:i]...), all[i+1:]...)
		}
	}
	return nil, nil
}
