package certificate

import (
	"encoding/asn1"
	"fmt"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// Extension is one extension as it stands (RFC 5280 §4.1.2.9).
type Extension struct {
	ID       asn1.ObjectIdentifier // what the extension is
	Critical bool                  // whoever does not know it must refuse the certificate
	Value    []byte                // content of extnValue
}

// ReadExtensions reads Extensions: a SEQUENCE of at least one and at most 64, none of them twice (RFC 5280
// §4.2). CRLs and their entries have the same form.
//
// Errors: ErrMalformed, also when one stands twice; ErrTooLarge.
func ReadExtensions(s *cryptobyte.String) ([]Extension, error) {
	var sequence cryptobyte.String
	if !s.ReadASN1(&sequence, cbasn1.SEQUENCE) || sequence.Empty() {
		return nil, malformed("Extensions")
	}
	var all []Extension
	for !sequence.Empty() {
		e, err := readExtension(&sequence)
		if err != nil {
			return nil, err
		}
		for _, other := range all {
			if other.ID.Equal(e.ID) {
				return nil, malformed("an extension twice")
			}
		}
		if all = append(all, e); len(all) > maxExtensions {
			return nil, fmt.Errorf("%w: too many extensions", ErrTooLarge)
		}
	}
	return all, nil
}

func readExtension(s *cryptobyte.String) (Extension, error) {
	var sequence, value cryptobyte.String
	var e Extension
	if !s.ReadASN1(&sequence, cbasn1.SEQUENCE) || !sequence.ReadASN1ObjectIdentifier(&e.ID) {
		return e, malformed("Extension")
	}
	var err error
	if e.Critical, err = readFlag(&sequence, cbasn1.BOOLEAN); err != nil {
		return e, err
	}
	if !sequence.ReadASN1(&value, cbasn1.OCTET_STRING) || !sequence.Empty() {
		return e, malformed("Extension")
	}
	e.Value = value
	return e, nil
}

// Identifiers of the extensions that this package reads (RFC 5280 §4.2.1).
var (
	OIDSubjectKeyID      = asn1.ObjectIdentifier{2, 5, 29, 14} // §4.2.1.2
	OIDKeyUsage          = asn1.ObjectIdentifier{2, 5, 29, 15} // §4.2.1.3
	OIDSubjectAltName    = asn1.ObjectIdentifier{2, 5, 29, 17} // §4.2.1.6
	OIDIssuerAltName     = asn1.ObjectIdentifier{2, 5, 29, 18} // §4.2.1.7
	OIDBasicConstraints  = asn1.ObjectIdentifier{2, 5, 29, 19} // §4.2.1.9
	OIDNameConstraints   = asn1.ObjectIdentifier{2, 5, 29, 30} // §4.2.1.10
	OIDCRLPoints         = asn1.ObjectIdentifier{2, 5, 29, 31} // §4.2.1.13
	OIDPolicies          = asn1.ObjectIdentifier{2, 5, 29, 32} // §4.2.1.4
	OIDPolicyMappings    = asn1.ObjectIdentifier{2, 5, 29, 33} // §4.2.1.5
	OIDAuthorityKeyID    = asn1.ObjectIdentifier{2, 5, 29, 35} // §4.2.1.1
	OIDPolicyConstraints = asn1.ObjectIdentifier{2, 5, 29, 36} // §4.2.1.11
	OIDExtKeyUsage       = asn1.ObjectIdentifier{2, 5, 29, 37} // §4.2.1.12
	OIDFreshestCRL       = asn1.ObjectIdentifier{2, 5, 29, 46} // §4.2.1.15
	OIDInhibitAnyPolicy  = asn1.ObjectIdentifier{2, 5, 29, 54} // §4.2.1.14

	// OIDAnyPolicy stands for every policy (RFC 5280 §4.2.1.4).
	OIDAnyPolicy = asn1.ObjectIdentifier{2, 5, 29, 32, 0}
)

// extensionReaders: what is read of each extension. Each gets the value and must use it up.
var extensionReaders = []struct {
	id   asn1.ObjectIdentifier
	read func(*Certificate, *reader, *cryptobyte.String) error
}{
	{OIDSubjectKeyID, (*Certificate).readSubjectKeyID},
	{OIDKeyUsage, (*Certificate).readKeyUsage},
	{OIDSubjectAltName, (*Certificate).readSubjectAltNames},
	{OIDIssuerAltName, (*Certificate).readIssuerAltNames},
	{OIDBasicConstraints, (*Certificate).readBasicConstraints},
	{OIDNameConstraints, (*Certificate).readNameConstraints},
	{OIDCRLPoints, (*Certificate).readCRLPoints},
	{OIDPolicies, (*Certificate).readPolicies},
	{OIDPolicyMappings, (*Certificate).readPolicyMappings},
	{OIDAuthorityKeyID, (*Certificate).readAuthorityKeyID},
	{OIDPolicyConstraints, (*Certificate).readPolicyConstraints},
	{OIDExtKeyUsage, (*Certificate).readExtKeyUsage},
	{OIDFreshestCRL, (*Certificate).readFreshestCRL},
	{OIDInhibitAnyPolicy, (*Certificate).readInhibitAnyPolicy},
}

func (c *Certificate) readExtensions(r *reader) error {
	for _, e := range c.Extensions {
		known, err := c.readValue(r, e)
		if err != nil {
			return fmt.Errorf("extension %s: %w", e.ID, err)
		}
		if !known && e.Critical {
			c.UnknownCritical = append(c.UnknownCritical, e.ID)
		}
	}
	return nil
}

func (c *Certificate) readValue(r *reader, e Extension) (known bool, err error) {
	for _, row := range extensionReaders {
		if !row.id.Equal(e.ID) {
			continue
		}
		value := cryptobyte.String(e.Value)
		if err := row.read(c, r, &value); err != nil {
			return true, err
		}
		if !value.Empty() {
			return true, malformed("trailing element")
		}
		return true, nil
	}
	return false, nil
}

func (c *Certificate) readSubjectKeyID(_ *reader, s *cryptobyte.String) error {
	var id cryptobyte.String
	if !s.ReadASN1(&id, cbasn1.OCTET_STRING) {
		return malformed("SubjectKeyIdentifier")
	}
	c.SubjectKeyID = id
	return nil
}

func (c *Certificate) readSubjectAltNames(r *reader, s *cryptobyte.String) (err error) {
	c.SubjectAltNames, err = r.readNamesSequence(s)
	return err
}

// readIssuerAltNames only shows that the value is well formed: path validation does not use it (RFC 5280 §4.2.1.7).
func (c *Certificate) readIssuerAltNames(r *reader, s *cryptobyte.String) error {
	_, err := r.readNamesSequence(s)
	return err
}

func (r *reader) readNamesSequence(s *cryptobyte.String) ([]GeneralName, error) {
	var sequence cryptobyte.String
	if !s.ReadASN1(&sequence, cbasn1.SEQUENCE) {
		return nil, malformed("GeneralNames")
	}
	return r.readGeneralNames(sequence)
}

func (c *Certificate) readExtKeyUsage(r *reader, s *cryptobyte.String) error {
	var sequence cryptobyte.String
	if !s.ReadASN1(&sequence, cbasn1.SEQUENCE) || sequence.Empty() {
		return malformed("ExtKeyUsageSyntax")
	}
	for !sequence.Empty() {
		if err := r.take(); err != nil {
			return err
		}
		var id asn1.ObjectIdentifier
		if !sequence.ReadASN1ObjectIdentifier(&id) {
			return malformed("KeyPurposeId")
		}
		c.ExtKeyUsage = append(c.ExtKeyUsage, id)
	}
	return nil
}

// AuthorityKeyIdentifier names the issuer's key (RFC 5280 §4.2.1.1). It is a hint for the search of a path.
type AuthorityKeyIdentifier struct {
	KeyID  []byte        // nil when absent
	Issuer []GeneralName // with Serial: issuer and serial number of the issuer's certificate
	Serial []byte        // content octets
}

func (c *Certificate) readAuthorityKeyID(r *reader, s *cryptobyte.String) (err error) {
	c.AuthorityKeyID, err = r.readAuthorityKeyID(s)
	return err
}

func (r *reader) readAuthorityKeyID(s *cryptobyte.String) (*AuthorityKeyIdentifier, error) {
	var sequence, key, issuer, serial cryptobyte.String
	var hasKey, hasIssuer, hasSerial bool
	if !s.ReadASN1(&sequence, cbasn1.SEQUENCE) ||
		!sequence.ReadOptionalASN1(&key, &hasKey, cbasn1.Tag(0).ContextSpecific()) ||
		!sequence.ReadOptionalASN1(&issuer, &hasIssuer, cbasn1.Tag(1).ContextSpecific().Constructed()) ||
		!sequence.ReadOptionalASN1(&serial, &hasSerial, cbasn1.Tag(2).ContextSpecific()) || !sequence.Empty() {
		return nil, malformed("AuthorityKeyIdentifier")
	}
	id := &AuthorityKeyIdentifier{}
	if hasKey {
		id.KeyID = key
	}
	if hasSerial {
		if !shortest(serial) || len(serial) > maxSerial {
			return nil, malformed("authorityCertSerialNumber")
		}
		id.Serial = serial
	}
	if hasIssuer {
		var err error
		if id.Issuer, err = r.readGeneralNames(issuer); err != nil {
			return nil, err
		}
	}
	return id, nil
}

// ParseAuthorityKeyID reads the value of the extension, which CRLs have too (RFC 5280 §5.2.1).
//
// Errors: ErrMalformed, ErrTooLarge.
func ParseAuthorityKeyID(value []byte) (*AuthorityKeyIdentifier, error) {
	s := cryptobyte.String(value)
	r := &reader{left: maxElements}
	id, err := r.readAuthorityKeyID(&s)
	if err == nil && !s.Empty() {
		err = malformed("AuthorityKeyIdentifier: trailing element")
	}
	return id, err
}
