package tsp

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	_ "crypto/sha256" // for the hashes of SignWith
	_ "crypto/sha512"
	"errors"

	"elicensing/signing/algorithms"
	"elicensing/signing/cms"
	"elicensing/signing/gost"
)

var errKey = errors.New("tsp: this kind of key cannot sign here")

// SignWith signs with an RSA key (SHA-256), an ECDSA key (the hash of its curve, RFC 5758 §3.2) or a key of
// GOST 34.10-2015 (Streebog of its size).
//
// Errors: when the key is of another kind.
func SignWith(key crypto.Signer) (Signer, error) {
	if national, ok := key.Public().(*gost.PublicKey); ok {
		return signWithGOST(key, national)
	}
	digest, signature, hash := cms.OIDSHA256, algorithms.Identifier{}, crypto.SHA256
	switch public := key.Public().(type) {
	case *rsa.PublicKey:
		signature = algorithms.Identifier{OID: cms.OIDSHA256WithRSA, Parameters: []byte{5, 0}}
	case *ecdsa.PublicKey:
		switch public.Curve.Params().BitSize {
		case 256:
			signature.OID = cms.OIDECDSAWithSHA256
		case 384:
			digest, signature.OID, hash = cms.OIDSHA384, cms.OIDECDSAWithSHA384, crypto.SHA384
		case 521:
			digest, signature.OID, hash = cms.OIDSHA512, cms.OIDECDSAWithSHA512, crypto.SHA512
		}
	}
	if signature.OID == nil {
		return Signer{}, errKey
	}
	return Signer{
		Digest: algorithms.Identifier{OID: digest},
		Sign: func(signed []byte) (algorithms.Identifier, []byte, error) {
			h := hash.New()
			h.Write(signed)
			value, err := key.Sign(rand.Reader, h.Sum(nil), hash)
			return signature, value, err
		},
	}, nil
}

func signWithGOST(key crypto.Signer, public *gost.PublicKey) (Signer, error) {
	null := []byte{5, 0} // as the national authority writes it
	s := Signer{Digest: algorithms.Identifier{OID: gost.OIDStreebog512, Parameters: null}}
	signature := algorithms.Identifier{OID: gost.OIDSignature512, Parameters: null}
	hash := gost.NewStreebog512
	switch public.Curve() { // not GOST 34.310-2004, with which nothing new is signed
	case gost.Curve512():
	case gost.Curve256():
		s.Digest.OID, signature.OID, hash = gost.OIDStreebog256, gost.OIDSignature256, gost.NewStreebog256
	default:
		return Signer{}, errKey
	}
	s.Sign = func(signed []byte) (algorithms.Identifier, []byte, error) {
		h := hash()
		h.Write(signed)
		value, err := key.Sign(rand.Reader, h.Sum(nil), crypto.Hash(0))
		return signature, value, err
	}
	return s, nil
}
