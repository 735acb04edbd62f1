package certificate

import (
	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// NameConstraints bounds the names of certificates that follow (RFC 5280 §4.2.1.10).
type NameConstraints struct {
	Permitted []Subtree // names of these kinds must lie within one of them
	Excluded  []Subtree // names must lie within none of them
}

// Subtree is one set of names.
type Subtree struct {
	Base GeneralName // the name at the top of the tree
	// Distances is true when minimum is not 0 or a maximum is given: RFC 5280 has no meaning for them, and a
	// constraint that is not understood must refuse.
	Distances bool
}

func (c *Certificate) readNameConstraints(r *reader, s *cryptobyte.String) error {
	var sequence cryptobyte.String
	// RFC 5280 §4.2.1.10: an empty sequence is not allowed.
	if !s.ReadASN1(&sequence, cbasn1.SEQUENCE) || sequence.Empty() {
		return malformed("NameConstraints")
	}
	constraints := &NameConstraints{}
	for tag, target := range []*[]Subtree{&constraints.Permitted, &constraints.Excluded} {
		var subtrees cryptobyte.String
		var present bool
		if !sequence.ReadOptionalASN1(&subtrees, &present, cbasn1.Tag(tag).ContextSpecific().Constructed()) {
			return malformed("GeneralSubtrees")
		}
		if !present {
			continue
		}
		var err error
		if *target, err = r.readSubtrees(subtrees); err != nil {
			return err
		}
	}
	if !sequence.Empty() {
		return malformed("NameConstraints")
	}
	c.NameConstraints = constraints
	return nil
}

func (r *reader) readSubtrees(s cryptobyte.String) ([]Subtree, error) {
	if s.Empty() {
		return nil, malformed("GeneralSubtrees without one")
	}
	var all []Subtree
	for !s.Empty() {
		var sequence cryptobyte.String
		if !s.ReadASN1(&sequence, cbasn1.SEQUENCE) {
			return nil, malformed("GeneralSubtree")
		}
		base, err := r.readGeneralName(&sequence)
		if err != nil {
			return nil, err
		}
		subtree := Subtree{Base: base}
		if sequence.PeekASN1Tag(cbasn1.Tag(0).ContextSpecific()) {
			minimum, err := readCount(&sequence, cbasn1.Tag(0).ContextSpecific())
			if err != nil {
				return nil, err
			}
			subtree.Distances = minimum != 0
		}
		if sequence.PeekASN1Tag(cbasn1.Tag(1).ContextSpecific()) {
			if _, err := readCount(&sequence, cbasn1.Tag(1).ContextSpecific()); err != nil {
				return nil, err
			}
			subtree.Distances = true
		}
		if !sequence.Empty() {
			return nil, malformed("GeneralSubtree")
		}
		all = append(all, subtree)
	}
	return all, nil
}
