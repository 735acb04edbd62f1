package signing

import (
	"crypto/x509"
	"encoding/asn1"
	"time"

	"elicensing/signing/ocsp"
)

// Kept is evidence that was stored with a signature. Nothing in it is trusted because it is there: each
// part is believed as far as its own signature goes.
type Kept struct {
	Certificates [][]byte // DER
	OCSP         [][]byte // DER of OCSP responses
	CRLs         [][]byte // DER
}

// maxKept is how many answers of each kind are looked at.
const maxKept = 16

// keptStatus looks for what a kept answer says of the certificate. Such an answer must be from the best
// signature time on, less the age that is accepted of any answer: an older one says nothing about a
// revocation in between.
func (e *examination) keptStatus(certificate, issuer *x509.Certificate) (RevocationAnswer, bool) {
	for i, der := range e.kept.OCSP {
		if i == maxKept {
			break
		}
		if answer, ok := e.keptOCSP(der, certificate, issuer); ok {
			return answer, true
		}
	}
	for i, der := range e.kept.CRLs {
		if i == maxKept {
			break
		}
		if answer, ok := e.keptCRL(der, certificate, issuer); ok {
			return answer, true
		}
	}
	return RevocationAnswer{}, false
}

func (e *examination) keptOCSP(der []byte, certificate, issuer *x509.Certificate) (RevocationAnswer, bool) {
	q := ocsp.Question{Target: ocsp.TargetOf(certificate, issuer), Now: e.existed, MaxAge: defaultMaxAge, Skew: e.now.Sub(e.existed) + allowedSkew}
	answer, err := ocsp.Verify(der, q) // between the best signature time and now
	if err != nil {
		return RevocationAnswer{}, false
	}
	q.Now, q.Skew = answer.ProducedAt, allowedSkew // and sound when it was made
	if answer, err = ocsp.Verify(der, q); err != nil {
		return RevocationAnswer{}, false
	}
	switch answer.Status {
	case ocsp.Good:
		return RevocationAnswer{Status: StatusGood, OCSP: der}, true
	case ocsp.Revoked:
		return RevocationAnswer{Status: StatusRevoked, RevokedAt: answer.RevokedAt, Reason: answer.Reason, OCSP: der}, true
	}
	return RevocationAnswer{}, false
}

func (e *examination) keptCRL(der []byte, certificate, issuer *x509.Certificate) (RevocationAnswer, bool) {
	list, err := x509.ParseRevocationList(der)
	if err != nil || list.NextUpdate.Before(e.existed.Add(-allowedSkew)) || list.ThisUpdate.After(e.now.Add(allowedSkew)) {
		return RevocationAnswer{}, false
	}
	at := e.existed
	if list.ThisUpdate.After(at) {
		at = list.ThisUpdate
	}
	if _, err := acceptCRL(der, certificate, issuer, at, allowedSkew); err != nil {
		return RevocationAnswer{}, false
	}
	for _, entry := range list.RevokedCertificateEntries {
		if entry.SerialNumber.Cmp(certificate.SerialNumber) == 0 {
			return RevocationAnswer{Status: StatusRevoked, RevokedAt: entry.RevocationTime, Reason: entry.ReasonCode, CRL: der}, true
		}
	}
	if list.ThisUpdate.After(certificate.NotAfter) && !remembersEnded(der, certificate) {
		return RevocationAnswer{}, false
	}
	return RevocationAnswer{Status: StatusGood, CRL: der}, true
}

var oidExpiredCertsOnCRL = asn1.ObjectIdentifier{2, 5, 29, 60}

// remembersEnded tells whether a list says that it keeps the revocations of certificates that ended when
// this one did (X.509 §9.5.2.8).
func remembersEnded(der []byte, certificate *x509.Certificate) bool {
	list, err := x509.ParseRevocationList(der)
	if err != nil {
		return false
	}
	for _, extension := range list.Extensions {
		var since time.Time
		if extension.Id.Equal(oidExpiredCertsOnCRL) {
			rest, err := asn1.UnmarshalWithParams(extension.Value, &since, "generalized")
			return err == nil && len(rest) == 0 && !since.After(certificate.NotAfter)
		}
	}
	return false
}
