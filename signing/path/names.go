package path

import (
	"encoding/asn1"
	"errors"
	"fmt"

	"elicensing/signing/certificate"
)

var (
	errNameExcluded      = errors.New("a name is in an excluded subtree")
	errNameNotPermitted  = errors.New("a name is in no permitted subtree")
	errNameNotJudged     = errors.New("a constraint on a kind of name that cannot be judged")
	errConstraintInvalid = errors.New("a constraint that has no meaning")
	errTooManyNames      = errors.New("too many names and constraints")
)

// nameState holds permitted_subtrees and excluded_subtrees of RFC 5280 §6.1.2 (b) and (c). Each set that permits is
// kept by itself: a name must be in one subtree of every set that speaks of its kind, which is the intersection.
type nameState struct {
	permitted []subtrees
	excluded  subtrees
	left      int // comparisons that may still be made
	err       error
}

// subtrees by the kind of their base.
type subtrees map[certificate.NameKind][]certificate.Subtree

func newNameState(permitted, excluded []certificate.Subtree, limit int) *nameState {
	s := &nameState{excluded: make(subtrees), left: limit}
	s.err = s.constrain(permitted, excluded)
	return s
}

// constrain is §6.1.4 (g).
func (s *nameState) constrain(permitted, excluded []certificate.Subtree) error {
	set := make(subtrees)
	for _, list := range []struct {
		from []certificate.Subtree
		to   subtrees
	}{{permitted, set}, {excluded, s.excluded}} {
		for _, subtree := range list.from {
			if subtree.Distances || !validBase(subtree.Base) {
				return errConstraintInvalid
			}
			list.to[subtree.Base.Kind] = append(list.to[subtree.Base.Kind], subtree)
		}
	}
	if len(set) > 0 {
		s.permitted = append(s.permitted, set)
	}
	return nil
}

// accept is §6.1.3 (b) and (c): every name of the certificate is permitted, and none excluded.
func (s *nameState) accept(c *certificate.Certificate) error {
	if s.err != nil {
		return s.err
	}
	if len(s.permitted) == 0 && len(s.excluded) == 0 {
		return nil
	}
	if !c.Subject.Empty() {
		if err := s.acceptName(certificate.GeneralName{Kind: certificate.DirectoryName, Name: c.Subject}); err != nil {
			return err
		}
	}
	for _, name := range c.SubjectAltNames {
		if err := s.acceptName(name); err != nil {
			return err
		}
	}
	return s.acceptMailOfSubject(c)
}

// emailAddress, an attribute of old certificates (PKCS #9).
var oidEmailAddress = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 1}

// acceptMailOfSubject holds constraints on mail against addresses in the subject (§4.2.1.10). The standard asks for
// it where there is no alternative name; we do wherever such an attribute stands, as software reads it there.
func (s *nameState) acceptMailOfSubject(c *certificate.Certificate) error {
	for _, a := range c.Subject.Attributes() {
		if !a.Type.Equal(oidEmailAddress) {
			continue
		}
		if err := s.acceptName(certificate.GeneralName{Kind: certificate.RFC822Name, Value: a.Value}); err != nil {
			return err
		}
	}
	return nil
}

// oidSmtpUTF8Mailbox names mail addresses with letters outside ASCII (RFC 9598).
var oidSmtpUTF8Mailbox = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 8, 9}

func (s *nameState) acceptName(name certificate.GeneralName) error {
	if name.OtherNameType().Equal(oidSmtpUTF8Mailbox) && s.constrains(certificate.RFC822Name) {
		return errNameNotJudged // RFC 9598 §6 puts it under the constraints on mail
	}
	for _, subtree := range s.excluded[name.Kind] {
		within, err := s.within(name, subtree.Base, true)
		if err != nil {
			return err
		}
		if within {
			return errNameExcluded
		}
	}
	for _, set := range s.permitted {
		permitted := len(set[name.Kind]) == 0
		for _, subtree := range set[name.Kind] {
			within, err := s.within(name, subtree.Base, false)
			if err != nil {
				return err
			}
			if within {
				permitted = true
				break
			}
		}
		if !permitted {
			return errNameNotPermitted
		}
	}
	return nil
}

func (s *nameState) constrains(kind certificate.NameKind) bool {
	for _, set := range s.permitted {
		if len(set[kind]) > 0 {
			return true
		}
	}
	return len(s.excluded[kind]) > 0
}

func (s *nameState) within(name, base certificate.GeneralName, excluded bool) (bool, error) {
	if s.left--; s.left < 0 {
		return false, errTooManyNames
	}
	return within(name, base, excluded)
}

func nameFailure(err error, c *certificate.Certificate, depth int) *Failure {
	f := &Failure{Rule: RuleNames, Section: "§6.1.3(b),(c)", Certificate: c, Depth: depth, Err: err}
	if errors.Is(err, errTooManyNames) {
		f.Rule = RuleLimit
		f.Err = fmt.Errorf("name constraints: %w", err)
	}
	return f
}
