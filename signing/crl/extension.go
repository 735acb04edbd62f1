package crl

import (
	"encoding/asn1"
	"math/big"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"elicensing/signing/certificate"
)

// Identifiers of RFC 5280 §5.2 and §5.3.
var (
	oidNumber            = asn1.ObjectIdentifier{2, 5, 29, 20}
	oidReason            = asn1.ObjectIdentifier{2, 5, 29, 21}
	oidInvalidityDate    = asn1.ObjectIdentifier{2, 5, 29, 24}
	oidDelta             = asn1.ObjectIdentifier{2, 5, 29, 27}
	oidIssuingPoint      = asn1.ObjectIdentifier{2, 5, 29, 28}
	oidCertificateIssuer = asn1.ObjectIdentifier{2, 5, 29, 29}
)

// readListExtensions reads crlExtensions [0] EXPLICIT, the rest of tbsCertList.
func (l *List) readListExtensions(tbs cryptobyte.String, version int) error {
	if !tbs.Empty() {
		var explicit cryptobyte.String
		if version != 2 || !tbs.ReadASN1(&explicit, cbasn1.Tag(0).ContextSpecific().Constructed()) || !tbs.Empty() {
			return malformed("crlExtensions")
		}
		var err error
		if l.Extensions, err = certificate.ReadExtensions(&explicit); err != nil || !explicit.Empty() {
			return malformed("crlExtensions")
		}
	}
	for _, e := range l.Extensions {
		if err := l.readListExtension(e); err != nil {
			return err
		}
	}
	// RFC 5280 §5.3.3: only an indirect list has entries of other issuers. In another list we could not tell whose
	// certificate an entry revokes.
	if len(l.issuers) > 0 && (l.Point == nil || !l.Point.Indirect) {
		return malformed("entries of other issuers in a list that is not indirect")
	}
	return nil
}

func (l *List) readListExtension(e certificate.Extension) (err error) {
	switch {
	case e.ID.Equal(oidNumber):
		l.Number, err = readNumber(e.Value)
	case e.ID.Equal(oidDelta):
		l.BaseNumber, err = readNumber(e.Value)
	case e.ID.Equal(oidIssuingPoint):
		l.rawPoint = e.Value
		l.Point, err = certificate.ParseIssuingPoint(e.Value)
	case e.ID.Equal(certificate.OIDAuthorityKeyID):
		l.AuthorityKeyID, err = certificate.ParseAuthorityKeyID(e.Value)
	case e.ID.Equal(certificate.OIDFreshestCRL):
		l.Freshest, err = certificate.ParsePoints(e.Value)
	case e.ID.Equal(certificate.OIDIssuerAltName):
		_, err = certificate.ParseGeneralNames(e.Value)
	case e.Critical:
		l.UnknownCritical = true
	}
	if err != nil {
		return malformed("extension " + e.ID.String())
	}
	return nil
}

// readNumber reads a CRLNumber: not negative, at most 20 octets (RFC 5280 §5.2.3).
func readNumber(value []byte) (*big.Int, error) {
	s := cryptobyte.String(value)
	n := new(big.Int)
	if len(value) > 23 || !s.ReadASN1Integer(n) || !s.Empty() || n.Sign() < 0 {
		return nil, ErrMalformed
	}
	return n, nil
}
