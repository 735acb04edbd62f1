package certificate

import (
	"bytes"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"elicensing/signing/algorithms"
)

// MaxSize is the greatest certificate that is read, in octets. Certificates of people have about 2 KiB.
const MaxSize = 64 << 10

const (
	maxSerial     = 64   // octets; RFC 5280 §4.1.2.2 allows 20, authorities have erred
	maxExtensions = 64   // a certificate
	maxElements   = 2048 // names, attributes, policies and so on of one certificate together
)

var (
	// ErrMalformed says that the bytes are not what RFC 5280 calls a certificate (or part of one).
	ErrMalformed = errors.New("malformed")
	// ErrTooLarge says that a bound of this package was exceeded.
	ErrTooLarge = errors.New("too large")
)

// Certificate is one certificate as read. Fields that are absent in it are nil, or as their comment says.
type Certificate struct {
	Raw        []byte // the whole, DER
	RawTBS     []byte // what is signed: DER of TBSCertificate
	RawSPKI    []byte // DER of SubjectPublicKeyInfo
	RawIssuer  []byte // DER of the Name
	RawSubject []byte // DER of the Name
	RawSerial  []byte // content octets of the serial number, at most 64; the key to look it up in revocation data

	Version   int       // 1, 2 or 3
	Serial    *big.Int  // serial number (RFC 5280 §4.1.2.2)
	Issuer    Name      // who issued it (§4.1.2.4)
	Subject   Name      // whose it is (§4.1.2.6)
	NotBefore time.Time // UTC
	NotAfter  time.Time // UTC

	PublicKeyAlgorithm algorithms.Identifier // of the subject's key
	SignatureAlgorithm algorithms.Identifier // the same inside and outside of what is signed
	Signature          []byte                // nil when its bits are no whole octets: such a one is wrong for every key

	Extensions       []Extension             // all, in the order of the certificate
	BasicConstraints *BasicConstraints       // §4.2.1.9
	KeyUsage         *KeyUsage               // §4.2.1.3
	ExtKeyUsage      []asn1.ObjectIdentifier // §4.2.1.12
	Policies         []PolicyInformation     // §4.2.1.4; nil when the extension is absent
	PolicyMappings   []PolicyMapping         // §4.2.1.5
	PolicyConstraint *PolicyConstraints      // §4.2.1.11
	InhibitAnyPolicy *int                    // §4.2.1.14, skipped certificates
	NameConstraints  *NameConstraints        // §4.2.1.10
	SubjectAltNames  []GeneralName           // §4.2.1.6
	AuthorityKeyID   *AuthorityKeyIdentifier // §4.2.1.1
	SubjectKeyID     []byte                  // §4.2.1.2
	CRLPoints        []DistributionPoint     // §4.2.1.13; addresses in them are names to compare, never to call
	FreshestCRL      []DistributionPoint     // §4.2.1.15
	UnknownCritical  []asn1.ObjectIdentifier // critical extensions that this package does not read
}

// Parse reads one certificate that fills der wholly. Errors wrap ErrMalformed or ErrTooLarge and hold no
// values of the certificate.
func Parse(der []byte) (*Certificate, error) {
	if len(der) > MaxSize {
		return nil, fmt.Errorf("certificate: %w", ErrTooLarge)
	}
	c := &Certificate{Raw: bytes.Clone(der)}
	r := &reader{left: maxElements}
	if err := c.read(r); err != nil {
		return nil, fmt.Errorf("certificate: %w", err)
	}
	return c, nil
}

func (c *Certificate) read(r *reader) error {
	whole := cryptobyte.String(c.Raw)
	var outer, tbs cryptobyte.String
	if !whole.ReadASN1(&outer, cbasn1.SEQUENCE) || !whole.Empty() {
		return malformed("Certificate")
	}
	if !outer.ReadASN1Element(&tbs, cbasn1.SEQUENCE) {
		return malformed("tbsCertificate")
	}
	c.RawTBS = tbs
	var err error
	if c.SignatureAlgorithm, err = readIdentifier(&outer); err != nil {
		return fmt.Errorf("signatureAlgorithm: %w", err)
	}
	if c.Signature, err = ReadSignature(&outer); err != nil {
		return fmt.Errorf("signatureValue: %w", err)
	}
	if !outer.Empty() {
		return malformed("Certificate: trailing element")
	}
	if !tbs.ReadASN1(&tbs, cbasn1.SEQUENCE) {
		return malformed("tbsCertificate")
	}
	return c.readTBS(r, tbs)
}

func (c *Certificate) readTBS(r *reader, tbs cryptobyte.String) error {
	if err := c.readVersionAndSerial(&tbs); err != nil {
		return err
	}
	algorithm, err := readIdentifier(&tbs)
	if err != nil {
		return fmt.Errorf("signature: %w", err)
	}
	// RFC 5280 §4.1.1.2: the two must be the same, or the one that is not signed could be exchanged.
	if !algorithm.Equal(c.SignatureAlgorithm) {
		return malformed("signature algorithm inside and outside differ")
	}
	if c.Issuer, err = r.readName(&tbs); err != nil {
		return fmt.Errorf("issuer: %w", err)
	}
	if err := c.readValidity(&tbs); err != nil {
		return err
	}
	if c.Subject, err = r.readName(&tbs); err != nil {
		return fmt.Errorf("subject: %w", err)
	}
	c.RawIssuer, c.RawSubject = c.Issuer.Raw, c.Subject.Raw
	var spki cryptobyte.String
	if !tbs.ReadASN1Element(&spki, cbasn1.SEQUENCE) {
		return malformed("subjectPublicKeyInfo")
	}
	c.RawSPKI = spki
	if c.PublicKeyAlgorithm, err = readKeyAlgorithm(spki); err != nil {
		return fmt.Errorf("subjectPublicKeyInfo: %w", err)
	}
	return c.readOptional(r, tbs)
}

// readOptional reads the unique identifiers, which RFC 5280 §4.1.2.8 has parsed and not used, and the extensions.
func (c *Certificate) readOptional(r *reader, tbs cryptobyte.String) error {
	for _, tag := range []uint8{1, 2} {
		var identifier cryptobyte.String
		var present bool
		if !tbs.ReadOptionalASN1(&identifier, &present, cbasn1.Tag(tag).ContextSpecific()) || (present && c.Version < 2) {
			return malformed("unique identifier")
		}
	}
	var explicit cryptobyte.String
	var present bool
	if !tbs.ReadOptionalASN1(&explicit, &present, cbasn1.Tag(3).ContextSpecific().Constructed()) || !tbs.Empty() {
		return malformed("tbsCertificate: unexpected element")
	}
	if !present {
		return nil
	}
	if c.Version != 3 {
		return malformed("extensions in a certificate that is not of version 3")
	}
	var err error
	if c.Extensions, err = ReadExtensions(&explicit); err != nil {
		return fmt.Errorf("extensions: %w", err)
	}
	if !explicit.Empty() {
		return malformed("extensions: trailing element")
	}
	return c.readExtensions(r)
}

func (c *Certificate) readVersionAndSerial(tbs *cryptobyte.String) error {
	c.Version = 1
	var explicit cryptobyte.String
	var present bool
	if !tbs.ReadOptionalASN1(&explicit, &present, cbasn1.Tag(0).ContextSpecific().Constructed()) {
		return malformed("version")
	}
	if present {
		var version int
		if !explicit.ReadASN1Integer(&version) || !explicit.Empty() || version < 0 || version > 2 {
			return malformed("version")
		}
		c.Version = version + 1
	}
	var err error
	if c.RawSerial, err = ReadSerial(tbs); err != nil {
		return err
	}
	c.Serial = bigInt(c.RawSerial)
	return nil
}

func (c *Certificate) readValidity(tbs *cryptobyte.String) error {
	var validity cryptobyte.String
	if !tbs.ReadASN1(&validity, cbasn1.SEQUENCE) {
		return malformed("validity")
	}
	var err error
	if c.NotBefore, err = ReadTime(&validity); err != nil {
		return fmt.Errorf("notBefore: %w", err)
	}
	if c.NotAfter, err = ReadTime(&validity); err != nil {
		return fmt.Errorf("notAfter: %w", err)
	}
	if !validity.Empty() {
		return malformed("validity: trailing element")
	}
	return nil
}

// Equal tells whether two certificates are the same bytes.
func (c *Certificate) Equal(other *Certificate) bool { return bytes.Equal(c.Raw, other.Raw) }

// SelfIssued tells whether issuer and subject are one name (RFC 5280 §6.1), whoever signed it.
func (c *Certificate) SelfIssued() bool { return c.Issuer.Equal(c.Subject) }

// IsCA tells whether the certificate says that its subject is an authority (RFC 5280 §4.2.1.9).
func (c *Certificate) IsCA() bool { return c.BasicConstraints != nil && c.BasicConstraints.CA }

// Extension returns the extension of that identifier, whether this package reads it or not.
func (c *Certificate) Extension(id asn1.ObjectIdentifier) (Extension, bool) {
	for _, e := range c.Extensions {
		if e.ID.Equal(id) {
			return e, true
		}
	}
	return Extension{}, false
}
