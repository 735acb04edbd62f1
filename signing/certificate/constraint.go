package certificate

import (
	"encoding/asn1"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// BasicConstraints tells authorities from others (RFC 5280 §4.2.1.9).
type BasicConstraints struct {
	CA      bool // its key may issue certificates
	PathLen *int // certificates of authorities that may follow; nil: any number
}

// KeyUsage is the set of purposes of a key (RFC 5280 §4.2.1.3): bit n of the standard is 1<<n.
type KeyUsage uint16

const (
	DigitalSignature KeyUsage = 1 << iota // signatures that are no commitment, e.g. of authentication
	NonRepudiation                        // contentCommitment in newer editions of X.509
	KeyEncipherment                       // encrypts keys
	DataEncipherment                      // encrypts data
	KeyAgreement                          // agrees on keys
	KeyCertSign                           // signs certificates
	CRLSign                               // signs revocation lists
	EncipherOnly                          // with KeyAgreement: encrypts only
	DecipherOnly                          // with KeyAgreement: decrypts only
)

// Allows tells whether a key may be used for a purpose: it may for all when the extension is absent.
func (c *Certificate) Allows(use KeyUsage) bool { return c.KeyUsage == nil || *c.KeyUsage&use == use }

// PolicyInformation is one policy of a certificate (RFC 5280 §4.2.1.4).
type PolicyInformation struct {
	ID         asn1.ObjectIdentifier // the policy
	Qualifiers []byte                // DER of the SEQUENCE, nil when absent
}

// PolicyMapping says which policy of the subject's domain counts as which of the issuer's (RFC 5280 §4.2.1.5).
type PolicyMapping struct {
	IssuerDomain  asn1.ObjectIdentifier // the policy in the issuer's words
	SubjectDomain asn1.ObjectIdentifier // the equal policy in the subject's words
}

// PolicyConstraints: after how many certificates a rule begins; nil: never (RFC 5280 §4.2.1.11).
type PolicyConstraints struct {
	RequireExplicit *int // certificates that may follow before a policy must be named; nil: not said
	InhibitMapping  *int // certificates that may follow before mapping ends; nil: not said
}

func (c *Certificate) readBasicConstraints(_ *reader, s *cryptobyte.String) error {
	var sequence cryptobyte.String
	if !s.ReadASN1(&sequence, cbasn1.SEQUENCE) {
		return malformed("BasicConstraints")
	}
	constraints := &BasicConstraints{}
	var err error
	if constraints.CA, err = readFlag(&sequence, cbasn1.BOOLEAN); err != nil {
		return err
	}
	if !sequence.Empty() {
		length, err := readCount(&sequence, cbasn1.INTEGER)
		if err != nil {
			return err
		}
		constraints.PathLen = &length
	}
	if !sequence.Empty() {
		return malformed("BasicConstraints: trailing element")
	}
	c.BasicConstraints = constraints
	return nil
}

func (c *Certificate) readKeyUsage(_ *reader, s *cryptobyte.String) error {
	flags, err := readFlags(s, cbasn1.BIT_STRING)
	if err != nil {
		return err
	}
	usage := KeyUsage(flags)
	c.KeyUsage = &usage
	return nil
}

func (c *Certificate) readPolicies(r *reader, s *cryptobyte.String) error {
	var sequence cryptobyte.String
	if !s.ReadASN1(&sequence, cbasn1.SEQUENCE) || sequence.Empty() {
		return malformed("CertificatePolicies")
	}
	seen := make(map[string]bool)
	for !sequence.Empty() {
		if err := r.take(); err != nil {
			return err
		}
		var information, rawID, qualifiers cryptobyte.String
		var p PolicyInformation
		if !sequence.ReadASN1(&information, cbasn1.SEQUENCE) || !information.ReadASN1Element(&rawID, cbasn1.OBJECT_IDENTIFIER) {
			return malformed("PolicyInformation")
		}
		if seen[string(rawID)] {
			return malformed("a policy twice") // RFC 5280 §4.2.1.4
		}
		seen[string(rawID)] = true
		if !rawID.ReadASN1ObjectIdentifier(&p.ID) {
			return malformed("policy identifier")
		}
		if !information.Empty() {
			if !information.ReadASN1Element(&qualifiers, cbasn1.SEQUENCE) || !information.Empty() {
				return malformed("policyQualifiers")
			}
			p.Qualifiers = qualifiers
		}
		c.Policies = append(c.Policies, p)
	}
	return nil
}

func (c *Certificate) readPolicyMappings(r *reader, s *cryptobyte.String) error {
	var sequence cryptobyte.String
	if !s.ReadASN1(&sequence, cbasn1.SEQUENCE) || sequence.Empty() {
		return malformed("PolicyMappings")
	}
	for !sequence.Empty() {
		if err := r.take(); err != nil {
			return err
		}
		var pair cryptobyte.String
		var m PolicyMapping
		if !sequence.ReadASN1(&pair, cbasn1.SEQUENCE) || !pair.ReadASN1ObjectIdentifier(&m.IssuerDomain) ||
			!pair.ReadASN1ObjectIdentifier(&m.SubjectDomain) || !pair.Empty() {
			return malformed("PolicyMappings")
		}
		c.PolicyMappings = append(c.PolicyMappings, m)
	}
	return nil
}

func (c *Certificate) readPolicyConstraints(_ *reader, s *cryptobyte.String) error {
	var sequence cryptobyte.String
	// RFC 5280 §4.2.1.11: an empty sequence is not allowed.
	if !s.ReadASN1(&sequence, cbasn1.SEQUENCE) || sequence.Empty() {
		return malformed("PolicyConstraints")
	}
	constraints := &PolicyConstraints{}
	for tag, target := range []**int{&constraints.RequireExplicit, &constraints.InhibitMapping} {
		tag := cbasn1.Tag(tag).ContextSpecific()
		if !sequence.PeekASN1Tag(tag) {
			continue
		}
		skip, err := readCount(&sequence, tag)
		if err != nil {
			return err
		}
		*target = &skip
	}
	if !sequence.Empty() {
		return malformed("PolicyConstraints")
	}
	c.PolicyConstraint = constraints
	return nil
}

func (c *Certificate) readInhibitAnyPolicy(_ *reader, s *cryptobyte.String) error {
	skip, err := readCount(s, cbasn1.INTEGER)
	if err != nil {
		return err
	}
	c.InhibitAnyPolicy = &skip
	return nil
}
