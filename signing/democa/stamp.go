package democa

import (
	"encoding/asn1"
	"fmt"

	"elicensing/signing/certificate"
	"elicensing/signing/tsp"
)

// oidStampPolicy is the national policy of time stamps with RSA.
var oidStampPolicy = asn1.ObjectIdentifier{1, 2, 398, 3, 3, 2, 6, 2}

// answerStamp answers an RFC 3161 question with a token over its imprint.
func (a *Authority) answerStamp(question []byte) ([]byte, error) {
	stamper, err := a.stamper()
	if err != nil {
		return nil, err
	}
	return stamper.Answer(question)
}

// stamper is the time-stamping authority, whose clock is that of the whole.
func (a *Authority) stamper() (*tsp.Stamper, error) {
	own, err := certificate.Parse(a.stamps.certificate.Raw)
	if err != nil {
		return nil, fmt.Errorf("democa: time-stamping authority: %w", err)
	}
	issuer, err := certificate.Parse(a.issuing.certificate.Raw)
	if err != nil {
		return nil, fmt.Errorf("democa: issuing authority: %w", err)
	}
	sign, err := tsp.SignWith(a.stamps.key)
	if err != nil {
		return nil, fmt.Errorf("democa: time-stamping authority: %w", err)
	}
	return &tsp.Stamper{
		Certificate: own, Chain: []*certificate.Certificate{issuer}, Sign: sign,
		Policy: oidStampPolicy, Accuracy: stampAccuracy, Now: a.now,
	}, nil
}
