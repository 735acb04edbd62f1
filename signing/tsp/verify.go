package tsp

import (
	"bytes"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"time"

	"elicensing/signing/algorithms"
	"elicensing/signing/certificate"
	"elicensing/signing/cms"
)

// Expectation is what a token is held against.
type Expectation struct {
	// Data is what must be stamped: our bytes, not their hash. For a CAdES signature the value of
	// SignerInfo.signature (ETSI EN 319 122-1 §5.3).
	Data []byte
	// Now is our clock, or the time that a stored token is judged for. A token from later than Now+Skew is
	// refused, and its algorithms must be accepted at Now.
	Now  time.Time
	Skew time.Duration // how far the authority's clock may be ahead of ours; zero: nothing
	// NotBefore refuses tokens from before that time (less Skew), e.g. when the request was sent or when the
	// signer's certificate began. Zero: no bound.
	NotBefore time.Time
	Nonce     *big.Int                // of our request; nil: none was sent
	Policies  []asn1.ObjectIdentifier // accepted ones; empty: any
	// Known are further certificates to find the authority's among, when the token does not carry it.
	Known []*certificate.Certificate
	// Trust decides whether the authority is trusted: a path from its certificate to a root, valid at the
	// time of the token and not revoked. candidates are all certificates at hand, to build the path of. nil
	// trusts nobody.
	Trust func(authority *certificate.Certificate, candidates []*certificate.Certificate, at time.Time) error
}

// Verify accepts the token only if everything holds: the signature and what it is bound to, the kind of
// certificate, trust, imprint, nonce, policy and time. Then Token.Time may be used.
//
// Errors, in the order of the checks: ErrMalformed, ErrSigner, ErrWeak, ErrSignature, ErrImprint,
// ErrNonce, ErrPolicy, ErrTime, ErrUntrusted.
func (t *Token) Verify(e Expectation) error {
	if err := t.VerifySignature(e.Known, e.Now); err != nil {
		return err
	}
	if err := t.Imprint.Covers(e.Data); err != nil {
		return err
	}
	if e.Nonce != nil && (t.Nonce == nil || t.Nonce.Cmp(e.Nonce) != 0) {
		return ErrNonce
	}
	if len(e.Policies) > 0 && !slices.ContainsFunc(e.Policies, t.Policy.Equal) {
		return ErrPolicy
	}
	switch {
	case t.Time.After(e.Now.Add(e.Skew)):
		return because(ErrTime, "in the future")
	case !e.NotBefore.IsZero() && t.Time.Before(e.NotBefore.Add(-e.Skew)):
		return because(ErrTime, "too early")
	}
	if e.Trust == nil {
		return because(ErrUntrusted, "nobody is")
	}
	if err := e.Trust(t.AuthorityCertificate, t.candidates(e.Known), t.Time); err != nil {
		return fmt.Errorf("%w: %w", ErrUntrusted, err)
	}
	return nil
}

// VerifySignature checks the signature only: who signed, with a certificate for time stamps that was
// valid at the time of the token, and the mathematics. It sets AuthorityCertificate. now judges the
// algorithms.
//
// Errors: ErrMalformed, ErrSigner, ErrWeak, ErrSignature.
func (t *Token) VerifySignature(known []*certificate.Certificate, now time.Time) error {
	attributes, err := t.signer.SignedAttributes()
	if err != nil || len(attributes) == 0 {
		return malformed("signed attributes") // RFC 5652 §5.3: mandatory for this content type
	}
	bindings, err := t.checkAttributes(attributes)
	if err != nil {
		return err
	}
	authority, err := t.find(t.candidates(known), bindings)
	if err != nil {
		return err
	}
	if err := t.stampedBy(authority); err != nil {
		return err
	}
	if err := t.checkMathematics(authority, now); err != nil {
		return err
	}
	t.AuthorityCertificate = authority
	return nil
}

// checkAttributes demands what RFC 3161 §2.4.2 does: the content type, the digest of the TSTInfo, and
// the signing certificate in one of its two versions; each at most once with one value.
func (t *Token) checkAttributes(attributes []cms.Attribute) ([]binding, error) {
	if !single(attributes) {
		return nil, malformed("a signed attribute twice, or without exactly one value")
	}
	var bindings []binding
	var contentType, digest bool
	for _, a := range attributes {
		value := a.Values[0]
		switch {
		case a.Type.Equal(cms.OIDContentType):
			oid, err := cms.ObjectIdentifier(value)
			if err != nil || !oid.Equal(OIDInfo) {
				return nil, malformed("signed content type")
			}
			contentType = true
		case a.Type.Equal(cms.OIDMessageDigest):
			if err := t.checkDigest(value); err != nil {
				return nil, err
			}
			digest = true
		case a.Type.Equal(cms.OIDSigningCertificate), a.Type.Equal(cms.OIDSigningCertificateV2):
			b, ok := readBinding(value, a.Type.Equal(cms.OIDSigningCertificateV2))
			if !ok {
				return nil, malformed("signing certificate attribute")
			}
			bindings = append(bindings, b)
		}
	}
	if !contentType || !digest {
		return nil, malformed("signed attributes are missing")
	}
	if len(bindings) == 0 {
		return nil, because(ErrSigner, "it is not signed along")
	}
	return bindings, nil
}

// single tells whether each attribute stands once and has one value: two readers could take two of them.
func single(attributes []cms.Attribute) bool {
	for i, a := range attributes {
		for _, other := range attributes[:i] {
			if other.Type.Equal(a.Type) {
				return false
			}
		}
		if len(a.Values) != 1 {
			return false
		}
	}
	return true
}

func (t *Token) checkDigest(value []byte) error {
	claimed, err := cms.OctetString(value)
	if err != nil {
		return malformed("message digest")
	}
	h, err := algorithms.NewHash(identifier(t.signer.DigestAlgorithm))
	if err != nil {
		return fmt.Errorf("%w: %w", ErrWeak, err)
	}
	h.Write(t.content)
	if !bytes.Equal(h.Sum(nil), claimed) {
		return because(ErrSignature, "digest of the content")
	}
	return nil
}

// candidates are the certificates of the token and those given, bounded by both.
func (t *Token) candidates(known []*certificate.Certificate) []*certificate.Certificate {
	return append(slices.Clone(t.Carried), known...)
}

// find takes the certificate that the signer names and that every binding holds.
func (t *Token) find(candidates []*certificate.Certificate, bindings []binding) (*certificate.Certificate, error) {
	err := because(ErrSigner, "it is not at hand")
	for _, c := range candidates {
		if !t.isNamed(c) {
			continue
		}
		if !slices.ContainsFunc(bindings, func(b binding) bool { return !b.holds(c) }) {
			return c, nil
		}
		err = because(ErrSigner, "another one was signed along")
	}
	return nil, err
}

// isNamed compares a certificate with the SignerIdentifier (RFC 5652 §5.3), which is not signed: octet by
// octet, so that nothing in a token can be changed unnoticed.
func (t *Token) isNamed(c *certificate.Certificate) bool {
	if t.signer.SubjectKeyID != nil {
		return bytes.Equal(t.signer.SubjectKeyID, c.SubjectKeyID)
	}
	return t.signer.Serial != nil && t.signer.Serial.Cmp(c.Serial) == 0 && bytes.Equal(t.signer.Issuer, c.RawIssuer)
}

var (
	oidTimeStamping = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 8}
	errNotCritical  = errors.New("extended key usage is not critical")
)

// stampedBy holds the certificate against RFC 3161 §2.3: extended key usage critical and time stamping
// alone, a key for signing, valid at the time of the token, and named as the token names the authority.
func (t *Token) stampedBy(c *certificate.Certificate) error {
	usage, present := c.Extension(certificate.OIDExtKeyUsage)
	switch {
	case !present || len(c.ExtKeyUsage) != 1 || !c.ExtKeyUsage[0].Equal(oidTimeStamping):
		return because(ErrSigner, "it is not for time stamps alone")
	case !usage.Critical:
		return fmt.Errorf("%w: %w", ErrSigner, errNotCritical)
	case !c.Allows(certificate.DigitalSignature) && !c.Allows(certificate.NonRepudiation):
		return because(ErrSigner, "its key is not for signing")
	case len(c.UnknownCritical) > 0:
		return because(ErrSigner, "it has an unknown critical extension")
	case t.Time.Before(c.NotBefore) || t.Time.After(c.NotAfter):
		return because(ErrSigner, "it was not valid at the time of the token")
	case t.Info.Authority != nil && !t.namesItself(c):
		return because(ErrSigner, "the token names another authority")
	}
	return nil
}

// namesItself compares TSTInfo.tsa with the names of the certificate (RFC 3161 §2.4.2).
func (t *Token) namesItself(c *certificate.Certificate) bool {
	names, err := generalNames(t.Info.Authority)
	if err != nil || len(names) != 1 {
		return false
	}
	if names[0].Kind == certificate.DirectoryName && names[0].Name.Equal(c.Subject) {
		return true
	}
	return slices.ContainsFunc(c.SubjectAltNames, names[0].Equal)
}

func (t *Token) checkMathematics(c *certificate.Certificate, now time.Time) error {
	key, err := algorithms.ParseKey(c.RawSPKI)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrWeak, err)
	}
	scheme, err := algorithms.ForMessage(identifier(t.signer.DigestAlgorithm), identifier(t.signer.SignatureAlgorithm), key)
	if err == nil {
		err = scheme.AcceptedAt(now)
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrWeak, err)
	}
	signed, _, err := t.signer.SignedBytes()
	if err != nil {
		return malformed("signed attributes")
	}
	switch err := scheme.Verify(key, signed, t.signer.Signature); {
	case errors.Is(err, algorithms.ErrWeak):
		return fmt.Errorf("%w: %w", ErrWeak, err)
	case err != nil:
		return fmt.Errorf("%w: %w", ErrSignature, err)
	}
	return nil
}

func identifier(a cms.Algorithm) algorithms.Identifier {
	return algorithms.Identifier{OID: a.OID, Parameters: a.Parameters}
}
