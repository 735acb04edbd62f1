package path_test

import (
	"crypto/dsa" //lint:ignore SA1019 PKITS 4.1.4 to 4.1.6 need it; no program of ours does
	"crypto/sha1"
	"encoding/asn1"
	"errors"
	"math/big"
	"time"

	"elicensing/signing/algorithms"
	"elicensing/signing/path"
)

// withDSA adds DSA with SHA-1, and keys that inherit their parameters, to the table of algorithms.
type withDSA struct{ path.Table }

var (
	oidDSA         = asn1.ObjectIdentifier{1, 2, 840, 10040, 4, 1}
	oidDSAWithSHA1 = asn1.ObjectIdentifier{1, 2, 840, 10040, 4, 3}
)

func (s withDSA) Accepted(algorithm algorithms.Identifier, at time.Time) error {
	if algorithm.OID.Equal(oidDSAWithSHA1) {
		return nil
	}
	return s.Table.Accepted(algorithm, at)
}

func (s withDSA) Verify(key path.PublicKey, algorithm algorithms.Identifier, signed, signature []byte) error {
	if !algorithm.OID.Equal(oidDSAWithSHA1) {
		return s.Table.Verify(key, algorithm, signed, signature)
	}
	public, err := dsaKey(key)
	if err != nil {
		return err
	}
	var value struct{ R, S *big.Int }
	if rest, err := asn1.Unmarshal(signature, &value); err != nil || len(rest) > 0 {
		return algorithms.ErrWrong
	}
	digest := sha1.Sum(signed)
	if !dsa.Verify(public, digest[:], value.R, value.S) {
		return algorithms.ErrWrong
	}
	return nil
}

func dsaKey(key path.PublicKey) (*dsa.PublicKey, error) {
	var spki struct {
		Algorithm struct {
			ID         asn1.ObjectIdentifier
			Parameters asn1.RawValue `asn1:"optional"`
		}
		Key asn1.BitString
	}
	if _, err := asn1.Unmarshal(key.SPKI, &spki); err != nil || !spki.Algorithm.ID.Equal(oidDSA) {
		return nil, errors.New("not a DSA key")
	}
	if key.Parameters == nil {
		return nil, path.ErrInherited
	}
	var parameters struct{ P, Q, G *big.Int }
	if _, err := asn1.Unmarshal(key.Parameters, &parameters); err != nil {
		return nil, err
	}
	var y *big.Int
	if _, err := asn1.Unmarshal(spki.Key.Bytes, &y); err != nil {
		return nil, err
	}
	return &dsa.PublicKey{Parameters: dsa.Parameters{P: parameters.P, Q: parameters.Q, G: parameters.G}, Y: y}, nil
}
