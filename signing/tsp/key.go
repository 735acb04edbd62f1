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
)

// SignWith signs with an RSA key (SHA-256) or an ECDSA key (the hash of its curve, RFC 5758 §3.2).
func SignWith(key crypto.Signer) (Signer, error) {
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
		return Signer{}, errors.New("tsp: this kind of key cannot sign here")
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
