package ocsp

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"errors"
	"hash"

	"elicensing/signing/algorithms"
	"elicensing/signing/cms"
	"elicensing/signing/gost"
)

// suite is how a kind of key signs.
type suite struct {
	signature algorithms.Identifier
	new       func() hash.Hash
	number    crypto.Hash // as the standard library names the hash
}

// SignWith signs with an RSA key (SHA-256), an ECDSA key (the hash of its curve, RFC 5758 §3.2) or a key of
// GOST 34.10-2015 (Streebog of its size).
func SignWith(key crypto.Signer) Signer {
	return func(data []byte) (algorithms.Identifier, []byte, error) {
		s, ok := suiteOf(key.Public())
		if !ok {
			return algorithms.Identifier{}, nil, errors.New("ocsp: this kind of key cannot sign here")
		}
		h := s.new()
		h.Write(data)
		signature, err := key.Sign(rand.Reader, h.Sum(nil), s.number)
		return s.signature, signature, err
	}
}

func suiteOf(key crypto.PublicKey) (suite, bool) {
	null := []byte{5, 0}
	switch public := key.(type) {
	case *rsa.PublicKey:
		return suite{algorithms.Identifier{OID: cms.OIDSHA256WithRSA, Parameters: null}, sha256.New, crypto.SHA256}, true
	case *ecdsa.PublicKey:
		switch public.Curve.Params().BitSize {
		case 256:
			return suite{algorithms.Identifier{OID: cms.OIDECDSAWithSHA256}, sha256.New, crypto.SHA256}, true
		case 384:
			return suite{algorithms.Identifier{OID: cms.OIDECDSAWithSHA384}, sha512.New384, crypto.SHA384}, true
		case 521:
			return suite{algorithms.Identifier{OID: cms.OIDECDSAWithSHA512}, sha512.New, crypto.SHA512}, true
		}
	case *gost.PublicKey:
		switch public.Curve() { // not GOST 34.310-2004, with which nothing new is signed
		case gost.Curve512():
			return suite{algorithms.Identifier{OID: gost.OIDSignature512, Parameters: null}, gost.NewStreebog512, 0}, true
		case gost.Curve256():
			return suite{algorithms.Identifier{OID: gost.OIDSignature256, Parameters: null}, gost.NewStreebog256, 0}, true
		}
	}
	return suite{}, false
}
