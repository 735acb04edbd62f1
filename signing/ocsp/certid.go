package ocsp

import (
	"bytes"
	"crypto/sha1" // #nosec: RFC 6960 §4.2.1 fixes SHA-1 for key identifiers; nothing is trusted by it
	"crypto/x509"
	"math/big"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"elicensing/signing/algorithms"
	"elicensing/signing/certificate"
	"elicensing/signing/cms"
)

// Target is the certificate that is asked about, as RFC 6960 §4.1.1 names it: by its issuer and its
// serial number.
type Target struct {
	Serial     *big.Int // serial number of the certificate
	IssuerName []byte   // DER of the issuer's subject Name
	IssuerKey  []byte   // DER of the issuer's SubjectPublicKeyInfo
	// NotBefore and NotAfter are the certificate's validity. An answer made outside it says "good" of a
	// certificate that the responder need not remember any more (RFC 6960 §4.4.4). Zero: not compared.
	NotBefore, NotAfter time.Time
}

// TargetOf names subject, which issuer issued.
func TargetOf(subject, issuer *x509.Certificate) Target {
	return Target{
		Serial:     subject.SerialNumber,
		IssuerName: issuer.RawSubject,
		IssuerKey:  issuer.RawSubjectPublicKeyInfo,
		NotBefore:  subject.NotBefore,
		NotAfter:   subject.NotAfter,
	}
}

// Of names c, which issuer issued.
func Of(c, issuer *certificate.Certificate) Target {
	return Target{Serial: c.Serial, IssuerName: issuer.RawSubject, IssuerKey: issuer.RawSPKI, NotBefore: c.NotBefore, NotAfter: c.NotAfter}
}

// CertID names a certificate in a message (RFC 6960 §4.1.1).
type CertID struct {
	HashAlgorithm  algorithms.Identifier // of both hashes
	IssuerNameHash []byte                // over the DER of the issuer's name
	IssuerKeyHash  []byte                // over the issuer's key, without tag, length and unused bits
	SerialNumber   *big.Int              // of the certificate in question
}

// Names tells whether id speaks of a certificate of this issuer.
func (id CertID) Names(issuer *x509.Certificate) bool {
	return id.ofIssuer(issuer.RawSubject, issuer.RawSubjectPublicKeyInfo)
}

func (id CertID) ofIssuer(name, spki []byte) bool {
	want, ok := certID(nil, name, spki, id.HashAlgorithm)
	return ok && bytes.Equal(want.IssuerNameHash, id.IssuerNameHash) && bytes.Equal(want.IssuerKeyHash, id.IssuerKeyHash)
}

// about tells whether id speaks of the certificate asked for. A serial number of zero names nothing.
func (id CertID) about(t Target) bool {
	return id.SerialNumber != nil && t.Serial != nil && t.Serial.Sign() != 0 &&
		t.Serial.Cmp(id.SerialNumber) == 0 && id.ofIssuer(t.IssuerName, t.IssuerKey)
}

func certID(serial *big.Int, name, spki []byte, hash algorithms.Identifier) (CertID, bool) {
	key, ok := keyBits(spki)
	if !ok {
		return CertID{}, false
	}
	nameHash, ok := idHash(hash, name)
	if !ok {
		return CertID{}, false
	}
	keyHash, ok := idHash(hash, key)
	return CertID{HashAlgorithm: hash, IssuerNameHash: nameHash, IssuerKeyHash: keyHash, SerialNumber: serial}, ok
}

// idHash hashes a part of a CertID. SHA-1 is accepted here, where it only names: a collision yields
// no other certificate of the same issuer.
func idHash(algorithm algorithms.Identifier, data []byte) ([]byte, bool) {
	h, err := algorithms.NewNamingHash(algorithm)
	if err != nil {
		return nil, false
	}
	h.Write(data)
	return h.Sum(nil), true
}

// sha256ID is the hash of our own questions, the one that the national responder uses (FACTS §2).
var sha256ID = algorithms.Identifier{OID: cms.OIDSHA256, Parameters: []byte{5, 0}}

// keyBits is the value of subjectPublicKey without tag, length and unused bits (RFC 6960 §4.1.1).
func keyBits(spki []byte) ([]byte, bool) {
	input := cryptobyte.String(spki)
	var info cryptobyte.String
	var key []byte
	ok := input.ReadASN1(&info, cbasn1.SEQUENCE) && input.Empty() &&
		info.SkipASN1(cbasn1.SEQUENCE) && info.ReadASN1BitStringAsBytes(&key) && info.Empty()
	return key, ok
}

// keyID is the KeyHash of RFC 6960 §4.2.1.
func keyID(spki []byte) ([]byte, bool) {
	key, ok := keyBits(spki)
	hash := sha1.Sum(key) // #nosec
	return hash[:], ok
}
