package ocsp

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"time"

	"elicensing/signing/cms"
)

// MaxSize bounds an answer in bytes; national ones have 2 to 4 KiB.
const MaxSize = 64 << 10

// Status is what the responder says of the certificate.
type Status string

const (
	Good    Status = "good"
	Revoked Status = "revoked"
	Unknown Status = "unknown"
)

// Answer is a verified answer.
type Answer struct {
	Status     Status
	RevokedAt  time.Time // of Revoked; 1970-01-01 with certificateHold means "never issued" (RFC 6960 §4.4.8)
	Reason     int       // CRLReason of Revoked (RFC 5280 §5.3.1)
	ProducedAt time.Time
	ThisUpdate time.Time
	NextUpdate time.Time // zero when the responder always has newer information
}

// Question is what was asked, and when: what an answer must fit.
type Question struct {
	Certificate *x509.Certificate
	Issuer      *x509.Certificate
	Nonce       []byte    // of the request; empty: none was sent and none is demanded
	Now         time.Time // our clock
	MaxAge      time.Duration
	Skew        time.Duration // how far the responder's clock may be from ours
}

// Errors of Verify.
var (
	ErrResponse   = errors.New("ocsp: answer cannot be used")
	ErrNoResponse = errors.New("ocsp: responder refused to answer")
)

func unusable(why string) error { return fmt.Errorf("%w: %s", ErrResponse, why) }

// Verify reads an answer and accepts it only if its signature is by the issuer or by a responder
// that the issuer authorised, and it is about this certificate, fresh and ours.
//
// Errors: ErrResponse, ErrNoResponse. An error never means good and never means revoked.
func Verify(der []byte, q Question) (Answer, error) {
	if len(der) > MaxSize {
		return Answer{}, unusable("too large")
	}
	var message responseMessage
	if err := decode(der, &message); err != nil {
		return Answer{}, unusable("malformed")
	}
	if message.Status != 0 {
		return Answer{}, fmt.Errorf("%w: status %d", ErrNoResponse, message.Status)
	}
	if !message.Bytes.Type.Equal(oidBasicResponse) {
		return Answer{}, unusable("not a basic response")
	}
	var basic basicResponse
	var data responseData
	if decode(message.Bytes.Response, &basic) != nil || decodePart(basic.Data.FullBytes, &data) != nil {
		return Answer{}, unusable("malformed")
	}
	if data.Version != 0 {
		return Answer{}, unusable("unknown version")
	}
	if err := verifySignature(basic, data, q); err != nil {
		return Answer{}, err
	}
	if err := verifyExtensions(data, q); err != nil {
		return Answer{}, err
	}
	return answerFor(data, q)
}

// signatureAlgorithms are those accepted from a responder (SHA-1 never).
var signatureAlgorithms = []struct {
	oid       asn1.ObjectIdentifier
	algorithm x509.SignatureAlgorithm
}{
	{cms.OIDSHA256WithRSA, x509.SHA256WithRSA},
	{cms.OIDSHA384WithRSA, x509.SHA384WithRSA},
	{cms.OIDSHA512WithRSA, x509.SHA512WithRSA},
	{cms.OIDECDSAWithSHA256, x509.ECDSAWithSHA256},
	{cms.OIDECDSAWithSHA384, x509.ECDSAWithSHA384},
	{cms.OIDECDSAWithSHA512, x509.ECDSAWithSHA512},
}

func verifySignature(basic basicResponse, data responseData, q Question) error {
	algorithm := x509.UnknownSignatureAlgorithm
	for _, row := range signatureAlgorithms {
		if row.oid.Equal(basic.Algorithm.Algorithm) {
			algorithm = row.algorithm
		}
	}
	if algorithm == x509.UnknownSignatureAlgorithm {
		return unusable("signature algorithm")
	}
	responder, err := responderOf(basic, data, q)
	if err != nil {
		return err
	}
	if key, ok := responder.PublicKey.(*rsa.PublicKey); ok && key.N.BitLen() < 2048 {
		return unusable("responder's key is too short")
	}
	if responder.CheckSignature(algorithm, basic.Data.FullBytes, basic.Signature.RightAlign()) != nil {
		return unusable("signature is wrong")
	}
	return nil
}

// responderOf finds who signed: the issuer itself, or a certificate that the issuer itself issued
// for OCSP signing (RFC 6960 §4.2.2.2). A certificate that somebody else issued speaks for nobody.
func responderOf(basic basicResponse, data responseData, q Question) (*x509.Certificate, error) {
	if isResponder(q.Issuer, data.Responder) {
		return q.Issuer, nil
	}
	for i, raw := range basic.Certificates {
		if i == 8 {
			break
		}
		delegate, err := x509.ParseCertificate(raw.FullBytes)
		if err != nil || !isResponder(delegate, data.Responder) {
			continue
		}
		switch {
		case delegate.CheckSignatureFrom(q.Issuer) != nil || !bytes.Equal(delegate.RawIssuer, q.Issuer.RawSubject):
			return nil, unusable("responder's certificate is not by the issuer")
		case !slices.Contains(delegate.ExtKeyUsage, x509.ExtKeyUsageOCSPSigning):
			return nil, unusable("responder is not authorised")
		case q.Now.Before(delegate.NotBefore) || q.Now.After(delegate.NotAfter):
			return nil, unusable("responder's certificate is out of its time")
		case len(delegate.UnhandledCriticalExtensions) > 0:
			return nil, unusable("responder's certificate has an unknown critical extension")
		}
		return delegate, nil
	}
	return nil, unusable("responder is not known")
}

// isResponder compares a certificate with the ResponderID: [1] Name or [2] key hash.
func isResponder(certificate *x509.Certificate, id asn1.RawValue) bool {
	if id.Class != asn1.ClassContextSpecific {
		return false
	}
	switch id.Tag {
	case 1:
		return bytes.Equal(id.Bytes, certificate.RawSubject)
	case 2:
		var named []byte
		own, ok := keyID(certificate)
		return ok && decodePart(id.Bytes, &named) == nil && bytes.Equal(named, own)
	}
	return false
}

func verifyExtensions(data responseData, q Question) error {
	for _, e := range data.Extensions {
		if e.Critical && !e.Id.Equal(oidNonce) {
			return unusable("unknown critical extension")
		}
	}
	nonce, err := nonceOf(data.Extensions)
	if err != nil {
		return unusable("malformed nonce")
	}
	if len(q.Nonce) > 0 && !bytes.Equal(nonce, q.Nonce) {
		return unusable("nonce is not ours: an old answer played again")
	}
	return nil
}

// answerFor takes what is said of this certificate. If several entries speak of it, the worst counts.
func answerFor(data responseData, q Question) (Answer, error) {
	var found *Answer
	for i, single := range data.Responses {
		if i == 64 {
			return Answer{}, unusable("too many entries")
		}
		if !about(single.ID, q) {
			continue
		}
		for _, e := range single.Extensions {
			if e.Critical {
				return Answer{}, unusable("unknown critical extension")
			}
		}
		a := Answer{ProducedAt: data.ProducedAt, ThisUpdate: single.ThisUpdate, NextUpdate: single.NextUpdate}
		switch {
		case !single.Revoked.At.IsZero():
			a.Status, a.RevokedAt, a.Reason = Revoked, single.Revoked.At, int(single.Revoked.Reason)
		case bool(single.Good):
			a.Status = Good
		default:
			a.Status = Unknown
		}
		if err := fresh(a, q); err != nil {
			return Answer{}, err
		}
		if found == nil || severity[a.Status] > severity[found.Status] {
			found = &a
		}
	}
	if found == nil {
		return Answer{}, unusable("about another certificate")
	}
	return *found, nil
}

var severity = map[Status]int{Good: 0, Unknown: 1, Revoked: 2}

func about(id CertID, q Question) bool {
	serial := q.Certificate.SerialNumber
	return id.SerialNumber != nil && serial.Cmp(id.SerialNumber) == 0 &&
		serial.Cmp(new(big.Int)) != 0 && id.Names(q.Issuer)
}

// fresh follows RFC 6960 §4.2.2.1: not from the future, not past nextUpdate, and without nextUpdate
// not older than MaxAge.
func fresh(a Answer, q Question) error {
	latest := q.Now.Add(q.Skew)
	switch {
	case a.ThisUpdate.After(latest) || a.ProducedAt.After(latest):
		return unusable("from the future")
	case !a.NextUpdate.IsZero() && a.NextUpdate.Before(a.ThisUpdate):
		return unusable("ends before it begins")
	case !a.NextUpdate.IsZero() && a.NextUpdate.Before(q.Now.Add(-q.Skew)):
		return unusable("stale")
	case q.MaxAge > 0 && a.ThisUpdate.Before(q.Now.Add(-q.MaxAge)):
		return unusable("stale")
	}
	return nil
}
