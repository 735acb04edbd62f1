// Package ocsp writes and reads messages of the Online Certificate Status Protocol (RFC 6960,
// nonce by RFC 9654). Verify accepts an answer only from a responder that may speak for the issuer,
// about the certificate asked for, fresh, and carrying the nonce of the question.
package ocsp

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"

	"elicensing/signing/cms"
)

// NewRequest asks about one certificate of issuer. nonce has 16 to 32 bytes from a random source
// (RFC 9654 §2.1) and is given to Verify again.
func NewRequest(certificate, issuer *x509.Certificate, nonce []byte) ([]byte, error) {
	algorithm := pkix.AlgorithmIdentifier{Algorithm: cms.OIDSHA256, Parameters: asn1.NullRawValue}
	id, ok := certID(certificate.SerialNumber, issuer, algorithm)
	if !ok {
		return nil, errors.New("ocsp: issuer's key cannot be named")
	}
	extension, err := nonceExtension(nonce)
	if err != nil {
		return nil, err
	}
	return asn1.Marshal(requestMessage{TBS: requestData{
		List:       []singleRequest{{ID: id}},
		Extensions: []pkix.Extension{extension},
	}})
}

// Request is what a responder learns from a question.
type Request struct {
	IDs   []CertID
	Nonce []byte // nil when the question has none
}

// ParseRequest reads a question, for responders.
func ParseRequest(der []byte) (Request, error) {
	var m requestMessage
	if err := decode(der, &m); err != nil {
		return Request{}, fmt.Errorf("ocsp: request: %w", err)
	}
	var r Request
	for _, single := range m.TBS.List {
		r.IDs = append(r.IDs, single.ID)
	}
	var err error
	r.Nonce, err = nonceOf(m.TBS.Extensions)
	return r, err
}

// Names tells whether id speaks of a certificate of this issuer.
func (id CertID) Names(issuer *x509.Certificate) bool {
	want, ok := certID(id.SerialNumber, issuer, id.HashAlgorithm)
	return ok && id.SerialNumber != nil &&
		bytes.Equal(want.IssuerNameHash, id.IssuerNameHash) && bytes.Equal(want.IssuerKeyHash, id.IssuerKeyHash)
}

func nonceExtension(nonce []byte) (pkix.Extension, error) {
	value, err := asn1.Marshal(nonce)
	return pkix.Extension{Id: oidNonce, Value: value}, err
}

func nonceOf(extensions []pkix.Extension) ([]byte, error) {
	for _, e := range extensions {
		if e.Id.Equal(oidNonce) {
			var nonce []byte
			if err := decodePart(e.Value, &nonce); err != nil {
				return nil, fmt.Errorf("ocsp: nonce: %w", err)
			}
			return nonce, nil
		}
	}
	return nil, nil
}
