package ocsp

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"fmt"
	"slices"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"elicensing/signing/algorithms"
)

// verifySignature finds who signed and checks the signature over the response data as it came. It
// returns the certificate of a delegate, nil when the issuer signed itself.
func (b *basicResponse) verifySignature(q Question) (delegate []byte, err error) {
	key := q.IssuerKey
	if !b.isNamed(q.IssuerName, q.IssuerKey) {
		if delegate, key, err = b.delegate(q); err != nil {
			return nil, err
		}
	}
	if err := q.verify(b.algorithm, key, b.data, b.signature); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSignature, err)
	}
	return delegate, nil
}

// isNamed compares a name and a key with the ResponderID.
func (b *basicResponse) isNamed(name, spki []byte) bool {
	if b.byName != nil {
		return bytes.Equal(b.byName, name)
	}
	own, ok := keyID(spki)
	return ok && bytes.Equal(b.byKey, own)
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
// Several may bear the name; the first authorised one is taken, whose signature then decides.
func (b *basicResponse) delegate(q Question) (certificate, key []byte, err error) {
	err = because(ErrResponder, "its certificate is not in the answer")
	for _, der := range b.certificates {
		c, parseErr := x509.ParseCertificate(der)
		if parseErr != nil || !b.isNamed(c.RawSubject, c.RawSubjectPublicKeyInfo) {
			continue
		}
		if err = q.authorised(c); err == nil {
			return c.Raw, c.RawSubjectPublicKeyInfo, nil
		}
	}
	return nil, nil, err
}

func (q Question) authorised(c *x509.Certificate) error {
	switch {
	case !bytes.Equal(c.RawIssuer, q.IssuerName):
		return because(ErrResponder, "its certificate is by another issuer")
	case !slices.Contains(c.ExtKeyUsage, x509.ExtKeyUsageOCSPSigning):
		return because(ErrResponder, "its certificate is not for OCSP signing")
	case c.KeyUsage != 0 && c.KeyUsage&(x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment) == 0:
		return because(ErrResponder, "its key is not for signing")
	case q.Now.Before(c.NotBefore) || q.Now.After(c.NotAfter):
		return because(ErrResponder, "its certificate is out of its time")
	}
	exempt := false
	for _, e := range c.Extensions {
		exempt = exempt || e.Id.Equal(oidNoCheck) // its value is NULL; an old national responder leaves it empty
	}
	for _, id := range c.UnhandledCriticalExtensions {
		if !id.Equal(oidNoCheck) {
			return because(ErrResponder, "its certificate has an unknown critical extension")
		}
	}
	algorithm, err := outerAlgorithm(c.Raw)
	if err != nil {
		return because(ErrResponder, "its certificate is malformed")
	}
	if err := q.verify(algorithm, q.IssuerKey, c.RawTBSCertificate, c.Signature); err != nil {
		return fmt.Errorf("%w: its certificate is not by the issuer: %w", ErrResponder, err)
	}
	if exempt {
		return nil
	}
	if q.Delegate == nil {
		return because(ErrResponder, "its own revocation cannot be learnt")
	}
	if err := q.Delegate(c.Raw); err != nil {
		return fmt.Errorf("%w: %w", ErrResponder, err)
	}
	return nil
}

func outerAlgorithm(der []byte) (algorithms.Identifier, error) {
	input := cryptobyte.String(der)
	var body cryptobyte.String
	if !input.ReadASN1(&body, cbasn1.SEQUENCE) || !body.SkipASN1(cbasn1.SEQUENCE) {
		return algorithms.Identifier{}, asn1.SyntaxError{Msg: "certificate"}
	}
	return algorithms.ReadIdentifier(&body)
}
