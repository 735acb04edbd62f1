package ocsp

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"time"

	"elicensing/signing/cms"
)

// Entry is what a responder says of one certificate.
type Entry struct {
	ID         CertID
	Status     Status
	RevokedAt  time.Time
	Reason     int
	ThisUpdate time.Time
	NextUpdate time.Time // zero leaves it out
}

// Response is an answer to be made.
type Response struct {
	Responder  *x509.Certificate // named by its key and carried along
	ProducedAt time.Time
	Nonce      []byte // of the question, echoed; nil leaves it out
	Entries    []Entry
}

// CreateResponse signs an answer with an RSA key, for responders.
func CreateResponse(r Response, key crypto.Signer) ([]byte, error) {
	if _, ok := key.Public().(*rsa.PublicKey); !ok {
		return nil, errors.New("ocsp: responder's key is not RSA")
	}
	id, ok := keyID(r.Responder)
	if !ok {
		return nil, errors.New("ocsp: responder's key cannot be named")
	}
	responder, err := asn1.MarshalWithParams(id, "explicit,tag:2")
	if err != nil {
		return nil, err
	}
	data := responseData{Responder: asn1.RawValue{FullBytes: responder}, ProducedAt: whole(r.ProducedAt)}
	for _, e := range r.Entries {
		single := singleResponse{ID: e.ID, ThisUpdate: whole(e.ThisUpdate), NextUpdate: whole(e.NextUpdate)}
		switch e.Status {
		case Good:
			single.Good = true
		case Revoked:
			single.Revoked = revokedInfo{At: whole(e.RevokedAt), Reason: asn1.Enumerated(e.Reason)}
		default:
			single.Unknown = true
		}
		data.Responses = append(data.Responses, single)
	}
	if r.Nonce != nil {
		extension, err := nonceExtension(r.Nonce)
		if err != nil {
			return nil, err
		}
		data.Extensions = []pkix.Extension{extension}
	}
	return sign(data, r.Responder, key)
}

func sign(data responseData, responder *x509.Certificate, key crypto.Signer) ([]byte, error) {
	tbs, err := asn1.Marshal(data)
	if err != nil {
		return nil, err
	}
	hash := sha256.Sum256(tbs)
	signature, err := key.Sign(rand.Reader, hash[:], crypto.SHA256)
	if err != nil {
		return nil, err
	}
	basic, err := asn1.Marshal(basicResponse{
		Data:         asn1.RawValue{FullBytes: tbs},
		Algorithm:    pkix.AlgorithmIdentifier{Algorithm: cms.OIDSHA256WithRSA, Parameters: asn1.NullRawValue},
		Signature:    asn1.BitString{Bytes: signature, BitLength: 8 * len(signature)},
		Certificates: []asn1.RawValue{{FullBytes: responder.Raw}},
	})
	if err != nil {
		return nil, err
	}
	return asn1.Marshal(responseMessage{Bytes: responseBytes{oidBasicResponse, basic}})
}

// CreateError is an answer without content, e.g. 1 malformedRequest, 2 internalError, 6 unauthorized.
func CreateError(status int) ([]byte, error) {
	return asn1.Marshal(struct{ Status asn1.Enumerated }{asn1.Enumerated(status)})
}

// whole cuts a time to seconds in UTC, as GeneralizedTime of RFC 5280 §4.1.2.5.2 wants it.
func whole(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.UTC().Truncate(time.Second)
}
