package certificate

import (
	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// Reasons is a set of revocation reasons, ReasonFlags of RFC 5280 §4.2.1.13: bit n of the standard is 1<<n.
type Reasons uint16

// AllReasons is every reason a distribution point can name: bits 1 (keyCompromise) to 8 (aACompromise).
const AllReasons Reasons = 0x1fe

// DistributionPoint tells which lists hold a certificate (RFC 5280 §4.2.1.13). What stands in it is compared
// with what stands in lists; no address of it is ever called.
type DistributionPoint struct {
	Name      *PointName    // nil when absent
	Reasons   Reasons       // AllReasons when absent
	CRLIssuer []GeneralName // nil when the issuer of the certificate issues the list
}

// PointName is a DistributionPointName: one of its two forms is given.
type PointName struct {
	Full     []GeneralName // names of the list, mostly addresses
	relative []byte        // content of the RelativeDistinguishedName
}

// Names lists the names the point has. base is the name that a relative one continues: of the CRL issuer, or
// of the certificate's issuer when the point names no other (RFC 5280 §4.2.1.13).
//
// Errors: ErrMalformed, ErrTooLarge: of a relative name that does not continue base to a Name.
func (p *PointName) Names(base Name) ([]GeneralName, error) {
	if p.relative == nil {
		return p.Full, nil
	}
	name, err := base.relative(p.relative)
	if err != nil {
		return nil, err
	}
	return []GeneralName{{Kind: DirectoryName, Name: name}}, nil
}

func (c *Certificate) readCRLPoints(r *reader, s *cryptobyte.String) (err error) {
	c.CRLPoints, err = r.readPoints(s)
	return err
}

func (c *Certificate) readFreshestCRL(r *reader, s *cryptobyte.String) (err error) {
	c.FreshestCRL, err = r.readPoints(s)
	return err
}

func (r *reader) readPoints(s *cryptobyte.String) ([]DistributionPoint, error) {
	var sequence cryptobyte.String
	if !s.ReadASN1(&sequence, cbasn1.SEQUENCE) || sequence.Empty() {
		return nil, malformed("CRLDistributionPoints")
	}
	var points []DistributionPoint
	for !sequence.Empty() {
		if err := r.take(); err != nil {
			return nil, err
		}
		point, err := r.readPoint(&sequence)
		if err != nil {
			return nil, err
		}
		points = append(points, point)
	}
	return points, nil
}

func (r *reader) readPoint(s *cryptobyte.String) (DistributionPoint, error) {
	point := DistributionPoint{Reasons: AllReasons}
	var sequence cryptobyte.String
	if !s.ReadASN1(&sequence, cbasn1.SEQUENCE) {
		return point, malformed("DistributionPoint")
	}
	var err error
	if point.Name, err = r.readOptionalPointName(&sequence); err != nil {
		return point, err
	}
	if tag := cbasn1.Tag(1).ContextSpecific(); sequence.PeekASN1Tag(tag) {
		flags, err := readFlags(&sequence, tag)
		if err != nil {
			return point, err
		}
		point.Reasons = Reasons(flags) & AllReasons
	}
	var issuer cryptobyte.String
	var present bool
	if !sequence.ReadOptionalASN1(&issuer, &present, cbasn1.Tag(2).ContextSpecific().Constructed()) || !sequence.Empty() {
		return point, malformed("DistributionPoint")
	}
	if present {
		if point.CRLIssuer, err = r.readGeneralNames(issuer); err != nil {
			return point, err
		}
	}
	// RFC 5280 §4.2.1.13: a point does not consist of reasons alone.
	if point.Name == nil && !present {
		return point, malformed("DistributionPoint without name and issuer")
	}
	return point, nil
}

// readOptionalPointName reads distributionPoint [0] DistributionPointName OPTIONAL, explicit as all choices are.
func (r *reader) readOptionalPointName(s *cryptobyte.String) (*PointName, error) {
	var explicit, content cryptobyte.String
	var present bool
	if !s.ReadOptionalASN1(&explicit, &present, cbasn1.Tag(0).ContextSpecific().Constructed()) {
		return nil, malformed("DistributionPointName")
	}
	if !present {
		return nil, nil
	}
	var tag cbasn1.Tag
	if !explicit.ReadAnyASN1(&content, &tag) || !explicit.Empty() {
		return nil, malformed("DistributionPointName")
	}
	switch tag {
	case cbasn1.Tag(0).ContextSpecific().Constructed():
		names, err := r.readGeneralNames(content)
		if err != nil {
			return nil, err
		}
		return &PointName{Full: names}, nil
	case cbasn1.Tag(1).ContextSpecific().Constructed():
		if _, err := r.canonicalPart(content); err != nil {
			return nil, err
		}
		return &PointName{relative: content}, nil
	}
	return nil, malformed("DistributionPointName")
}

// IssuingPoint is the scope of a list, IssuingDistributionPoint (RFC 5280 §5.2.5).
type IssuingPoint struct {
	Name            *PointName // nil when absent
	OnlyUsers       bool       // of the three "only" at most one is lawful; a list with more holds nothing
	OnlyAuthorities bool       // the list is about certificates of authorities alone
	OnlyAttributes  bool       // the list is about attribute certificates alone
	Indirect        bool       // its entries may be about certificates of other issuers
	OnlySomeReasons bool       // whether the field is there
	Reasons         Reasons    // AllReasons when it is not
}

// ParseIssuingPoint reads the value of the extension of a list.
//
// Errors: ErrMalformed, ErrTooLarge.
func ParseIssuingPoint(value []byte) (*IssuingPoint, error) {
	r := &reader{left: maxElements}
	s := cryptobyte.String(value)
	var sequence cryptobyte.String
	if !s.ReadASN1(&sequence, cbasn1.SEQUENCE) || !s.Empty() {
		return nil, malformed("IssuingDistributionPoint")
	}
	point := &IssuingPoint{Reasons: AllReasons}
	var err error
	if point.Name, err = r.readOptionalPointName(&sequence); err != nil {
		return nil, err
	}
	if err := point.readScope(&sequence); err != nil {
		return nil, err
	}
	if !sequence.Empty() {
		return nil, malformed("IssuingDistributionPoint")
	}
	return point, nil
}

func (p *IssuingPoint) readScope(s *cryptobyte.String) (err error) {
	if p.OnlyUsers, err = readFlag(s, cbasn1.Tag(1).ContextSpecific()); err != nil {
		return err
	}
	if p.OnlyAuthorities, err = readFlag(s, cbasn1.Tag(2).ContextSpecific()); err != nil {
		return err
	}
	if tag := cbasn1.Tag(3).ContextSpecific(); s.PeekASN1Tag(tag) {
		flags, err := readFlags(s, tag)
		if err != nil {
			return err
		}
		p.OnlySomeReasons, p.Reasons = true, Reasons(flags)&AllReasons
	}
	if p.Indirect, err = readFlag(s, cbasn1.Tag(4).ContextSpecific()); err != nil {
		return err
	}
	p.OnlyAttributes, err = readFlag(s, cbasn1.Tag(5).ContextSpecific())
	return err
}

// ParsePoints reads the value of a freshestCRL extension of a list (RFC 5280 §5.2.6).
//
// Errors: ErrMalformed, ErrTooLarge.
func ParsePoints(value []byte) ([]DistributionPoint, error) {
	s := cryptobyte.String(value)
	r := &reader{left: maxElements}
	points, err := r.readPoints(&s)
	if err == nil && !s.Empty() {
		err = malformed("CRLDistributionPoints: trailing element")
	}
	return points, err
}

// ParseGeneralNames reads GeneralNames that fill value wholly.
//
// Errors: ErrMalformed, ErrTooLarge.
func ParseGeneralNames(value []byte) ([]GeneralName, error) {
	s := cryptobyte.String(value)
	r := &reader{left: maxElements}
	names, err := r.readNamesSequence(&s)
	if err == nil && !s.Empty() {
		err = malformed("GeneralNames: trailing element")
	}
	return names, err
}
