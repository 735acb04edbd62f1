package ocsp

import (
	"bytes"
	"encoding/asn1"
	"fmt"
	"slices"

	"elicensing/signing/algorithms"
	"elicensing/signing/certificate"
)

// verifySignature finds who signed and checks the signature over the response data as it came. It
// returns the certificate of a delegate, nil when the issuer signed itself.
func (b *basicResponse) verifySignature(q Question) (*certificate.Certificate, error) {
	key := q.IssuerKey
	var delegate *certificate.Certificate
	if !b.isNamed(q.IssuerName, q.IssuerKey) {
		var err error
		if delegate, err = b.delegate(q); err != nil {
			return nil, err
		}
		key = delegate.RawSPKI
	}
	if err := q.verify(b.algorithm, key, b.data, b.signature); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSignature, err)
	}
	return delegate, nil
}

// isNamed compares a name and a key with the ResponderID.
func (b *basicResponse) isNamed(name, spki []byte) bool {
	if b.byName != nil {
		return sameName(b.byName, name)
	}
	own, ok := keyID(spki)
	return ok && bytes.Equal(b.byKey, own)
}

// sameName compares two names by RFC 5280 §7.1.
func sameName(a, b []byte) bool {
	if bytes.Equal(a, b) {
		return true
	}
	one, errOne := certificate.ParseName(a)
	two, errTwo := certificate.ParseName(b)
	return errOne == nil && errTwo == nil && one.Equal(two)
}

// verify checks one signature with the table of algorithms at the time of the question.
func (q Question) verify(algorithm algorithms.Identifier, spki, signed, signature []byte) error {
	if q.Signature != nil {
		return q.Signature(algorithm, spki, signed, signature)
	}
	key, err := algorithms.ParseKey(spki)
	if err != nil {
		return err
	}
	scheme, err := algorithms.ForCertificate(algorithm)
	if err != nil {
		return err
	}
	if err := scheme.AcceptedAt(q.Now); err != nil {
		return err
	}
	return scheme.Verify(key, signed, signature)
}

// delegate finds a certificate that is named as the responder and that the issuer itself issued for
// signing OCSP answers (RFC 6960 §4.2.2.2). A certificate that somebody else issued speaks for nobody.
// Several may bear the name; the first authorised one is taken, whose key then decides.
func (b *basicResponse) delegate(q Question) (*certificate.Certificate, error) {
	err := because(ErrResponder, "its certificate is not in the answer")
	for _, der := range b.certificates {
		c, parseErr := certificate.Parse(der)
		if parseErr != nil || !b.isNamed(c.RawSubject, c.RawSPKI) {
			continue
		}
		if err = q.authorised(c); err == nil {
			return c, nil
		}
	}
	return nil, err
}

var oidOCSPSigning = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 9} // RFC 6960 §4.2.2.2

func (q Question) authorised(c *certificate.Certificate) error {
	switch {
	case !sameName(c.RawIssuer, q.IssuerName):
		return because(ErrResponder, "its certificate is by another issuer")
	case !slices.ContainsFunc(c.ExtKeyUsage, oidOCSPSigning.Equal):
		return because(ErrResponder, "its certificate is not for OCSP signing")
	case !c.Allows(certificate.DigitalSignature) && !c.Allows(certificate.NonRepudiation):
		return because(ErrResponder, "its key is not for signing")
	case q.Now.Before(c.NotBefore) || q.Now.After(c.NotAfter):
		return because(ErrResponder, "its certificate is out of its time")
	}
	for _, id := range c.UnknownCritical {
		if !id.Equal(oidNoCheck) {
			return because(ErrResponder, "its certificate has an unknown critical extension")
		}
	}
	if err := q.verify(c.SignatureAlgorithm, q.IssuerKey, c.RawTBS, c.Signature); err != nil {
		return fmt.Errorf("%w: its certificate is not by the issuer: %w", ErrResponder, err)
	}
	if _, exempt := c.Extension(oidNoCheck); exempt { // its value is NULL; an old national responder leaves it empty
		return nil
	}
	if q.Delegate == nil {
		return because(ErrResponder, "its own revocation cannot be learnt")
	}
	if err := q.Delegate(c); err != nil {
		return fmt.Errorf("%w: %w", ErrResponder, err)
	}
	return nil
}
