package ocsp

import (
	"crypto"
	"crypto/sha1" // #nosec: RFC 6960 fixes SHA-1 for responder key identifiers; nothing is trusted by it
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"time"

	"elicensing/signing/cms"
)

var (
	oidBasicResponse = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 1} // RFC 6960 §4.2.1
	oidNonce         = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 2} // RFC 9654 §2.1
)

// CertID names a certificate by its issuer and serial number (RFC 6960 §4.1.1).
type CertID struct {
	HashAlgorithm  pkix.AlgorithmIdentifier
	IssuerNameHash []byte
	IssuerKeyHash  []byte
	SerialNumber   *big.Int
}

// request structures, RFC 6960 §4.1.1.
type requestMessage struct {
	TBS       requestData
	Signature asn1.RawValue `asn1:"explicit,tag:0,optional"`
}

type requestData struct {
	Version    int           `asn1:"explicit,tag:0,default:0,optional"`
	Requestor  asn1.RawValue `asn1:"explicit,tag:1,optional"`
	List       []singleRequest
	Extensions []pkix.Extension `asn1:"explicit,tag:2,optional"`
}

type singleRequest struct {
	ID         CertID
	Extensions []pkix.Extension `asn1:"explicit,tag:0,optional"`
}

// response structures, RFC 6960 §4.2.1.
type responseMessage struct {
	Status asn1.Enumerated
	Bytes  responseBytes `asn1:"explicit,tag:0,optional"`
}

type responseBytes struct {
	Type     asn1.ObjectIdentifier
	Response []byte
}

type basicResponse struct {
	Data         asn1.RawValue
	Algorithm    pkix.AlgorithmIdentifier
	Signature    asn1.BitString
	Certificates []asn1.RawValue `asn1:"explicit,tag:0,optional"`
}

type responseData struct {
	Version    int `asn1:"optional,default:0,explicit,tag:0"`
	Responder  asn1.RawValue
	ProducedAt time.Time `asn1:"generalized"`
	Responses  []singleResponse
	Extensions []pkix.Extension `asn1:"explicit,tag:1,optional"`
}

type singleResponse struct {
	ID         CertID
	Good       asn1.Flag        `asn1:"tag:0,optional"`
	Revoked    revokedInfo      `asn1:"tag:1,optional"`
	Unknown    asn1.Flag        `asn1:"tag:2,optional"`
	ThisUpdate time.Time        `asn1:"generalized"`
	NextUpdate time.Time        `asn1:"generalized,explicit,tag:0,optional"`
	Extensions []pkix.Extension `asn1:"explicit,tag:1,optional"`
}

type revokedInfo struct {
	At     time.Time       `asn1:"generalized"`
	Reason asn1.Enumerated `asn1:"explicit,tag:0,optional"`
}

// idHashes are the hashes that may name an issuer in a CertID. SHA-1 stands here because it only
// names: a collision yields no other certificate of the same issuer.
var idHashes = []struct {
	oid  asn1.ObjectIdentifier
	hash crypto.Hash
}{
	{cms.OIDSHA256, crypto.SHA256},
	{cms.OIDSHA384, crypto.SHA384},
	{cms.OIDSHA512, crypto.SHA512},
	{cms.OIDSHA1, crypto.SHA1},
}

func certID(serial *big.Int, issuer *x509.Certificate, algorithm pkix.AlgorithmIdentifier) (CertID, bool) {
	for _, row := range idHashes {
		if !row.oid.Equal(algorithm.Algorithm) {
			continue
		}
		key, ok := keyBits(issuer)
		if !ok {
			return CertID{}, false
		}
		return CertID{algorithm, sum(row.hash, issuer.RawSubject), sum(row.hash, key), serial}, true
	}
	return CertID{}, false
}

func sum(hash crypto.Hash, data []byte) []byte {
	h := hash.New()
	h.Write(data)
	return h.Sum(nil)
}

// keyBits is the value of subjectPublicKey without tag, length and unused bits (RFC 6960 §4.1.1).
func keyBits(certificate *x509.Certificate) ([]byte, bool) {
	var info struct {
		Algorithm pkix.AlgorithmIdentifier
		Key       asn1.BitString
	}
	rest, err := asn1.Unmarshal(certificate.RawSubjectPublicKeyInfo, &info)
	return info.Key.Bytes, err == nil && len(rest) == 0
}

func keyID(certificate *x509.Certificate) ([]byte, bool) {
	key, ok := keyBits(certificate)
	hash := sha1.Sum(key) // #nosec
	return hash[:], ok
}

// decode reads exactly one value of the message's structure from bounded bytes.
func decode(der []byte, into any) error {
	der, err := cms.Normalise(der)
	if err != nil {
		return err
	}
	return decodePart(der, into)
}

func decodePart(der []byte, into any) error {
	rest, err := asn1.Unmarshal(der, into)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return asn1.SyntaxError{Msg: "trailing data"}
	}
	return nil
}
