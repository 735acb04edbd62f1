package signing

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// askCRL fetches the issuer's complete list and looks the certificate up in it (RFC 5280 §6.3.3).
func (c *OCSPClient) askCRL(ctx context.Context, source RevocationSource, certificate, issuer *x509.Certificate, at time.Time) (RevocationAnswer, error) {
	if source.CRL == "" {
		return RevocationAnswer{}, fmt.Errorf("crl: %w", errNoAddress)
	}
	der, err := c.fetch(ctx, http.MethodGet, source.CRL, "", nil, maxCRLSize)
	if err != nil {
		return RevocationAnswer{}, fmt.Errorf("crl: %w", err)
	}
	list, err := acceptCRL(der, certificate, issuer, at, orDefault(c.Skew, allowedSkew))
	if err != nil {
		return RevocationAnswer{}, fmt.Errorf("crl: %w", err)
	}
	for _, entry := range list.RevokedCertificateEntries {
		if entry.SerialNumber.Cmp(certificate.SerialNumber) == 0 {
			return RevocationAnswer{Status: StatusRevoked, RevokedAt: entry.RevocationTime, Reason: entry.ReasonCode, CRL: der}, nil
		}
	}
	return RevocationAnswer{Status: StatusGood, CRL: der}, nil
}

// acceptCRL takes a list only if it is by the issuer, complete for this certificate, and fresh.
func acceptCRL(der []byte, certificate, issuer *x509.Certificate, at time.Time, skew time.Duration) (*x509.RevocationList, error) {
	list, err := x509.ParseRevocationList(der)
	if err != nil {
		return nil, fmt.Errorf("malformed: %w", err)
	}
	if !bytes.Equal(list.RawIssuer, issuer.RawSubject) {
		return nil, errors.New("by another issuer")
	}
	if err := list.CheckSignatureFrom(issuer); err != nil {
		return nil, fmt.Errorf("signature: %w", err)
	}
	switch {
	case list.ThisUpdate.After(at.Add(skew)):
		return nil, errors.New("from the future")
	case list.NextUpdate.IsZero() || list.NextUpdate.Before(at.Add(-skew)):
		return nil, errors.New("stale")
	}
	for _, extension := range list.Extensions {
		if err := acceptCRLExtension(extension.Id, extension.Critical, extension.Value, certificate); err != nil {
			return nil, err
		}
	}
	for _, entry := range list.RevokedCertificateEntries {
		for _, extension := range entry.Extensions {
			if extension.Critical && !extension.Id.Equal(oidReasonCode) {
				return nil, errors.New("entry with a critical extension that is not understood")
			}
		}
	}
	return list, nil
}

var (
	oidReasonCode               = asn1.ObjectIdentifier{2, 5, 29, 21}
	oidIssuingDistributionPoint = asn1.ObjectIdentifier{2, 5, 29, 28}
	oidDeltaCRLIndicator        = asn1.ObjectIdentifier{2, 5, 29, 27}
)

// issuingDistributionPoint, RFC 5280 §5.2.5.
type issuingDistributionPoint struct {
	DistributionPoint asn1.RawValue  `asn1:"optional,tag:0"`
	OnlyUsers         bool           `asn1:"optional,tag:1"`
	OnlyCAs           bool           `asn1:"optional,tag:2"`
	OnlySomeReasons   asn1.BitString `asn1:"optional,tag:3"`
	Indirect          bool           `asn1:"optional,tag:4"`
	OnlyAttributes    bool           `asn1:"optional,tag:5"`
}

// acceptCRLExtension refuses lists that do not cover the certificate: deltas, lists of some reasons
// or of other kinds of certificates, and whatever is critical and unknown.
func acceptCRLExtension(id asn1.ObjectIdentifier, critical bool, value []byte, certificate *x509.Certificate) error {
	switch {
	case id.Equal(oidDeltaCRLIndicator):
		return errors.New("a delta list only")
	case id.Equal(oidIssuingDistributionPoint):
		var point issuingDistributionPoint
		if rest, err := asn1.Unmarshal(value, &point); err != nil || len(rest) > 0 {
			return errors.New("malformed issuing distribution point")
		}
		if point.Indirect || point.OnlyAttributes || point.OnlySomeReasons.BitLength > 0 ||
			(point.OnlyCAs && !certificate.IsCA) || (point.OnlyUsers && certificate.IsCA) {
			return errors.New("list does not cover this certificate")
		}
		return nil
	case critical:
		return errors.New("critical extension that is not understood")
	}
	return nil
}
