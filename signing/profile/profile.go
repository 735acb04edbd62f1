// Package profile reads certificates of Kazakhstan's national certification authority (НУЦ РК):
// who the holder is, in which role the certificate lets him act, and whether the key signs or only
// authenticates. What is accepted stands in tables, each row with its source; nothing is decided
// here about trust, time or revocation.
//
// The rules follow the order on verifying electronic signatures (№ 1187 of 9 December 2015,
// item 6) and the certificates that the authority issues.
package profile

import (
	"encoding/asn1"
	"errors"
	"slices"

	"elicensing/signing/certificate"
)

// Kind tells what a certificate was issued for.
type Kind string

const (
	// Person is a certificate of a natural person. A sole trader signs with it, too.
	Person Kind = "person"
	// Entity is a certificate of a legal entity's head or employee: it names the person and the entity.
	Entity Kind = "entity"
)

// Role is what an entity's certificate says that its holder is in the entity.
type Role string

const (
	Head              Role = "head"                // first head of the entity, signs everything
	RightToSign       Role = "right_to_sign"       // empowered to sign for the entity
	RightToSignMoney  Role = "right_to_sign_money" // empowered to sign its payment documents
	HumanResources    Role = "human_resources"     // of the personnel service
	Employee          Role = "employee"            // employee without the right to sign for the entity
	InformationSystem Role = "information_system"  // a machine's certificate; no person stands behind it
)

// KeyUse is what the key may be used for, by the rules on uses.
type KeyUse string

const (
	ForSigning        KeyUse = "signing"        // digitalSignature and nonRepudiation; it may sign in, too
	ForAuthentication KeyUse = "authentication" // digitalSignature with keyEncipherment, or by usage or policy for clients only: it signs no document
)

// Errors of Read; errors.Is tells them apart.
var (
	// ErrNotForPeople: a certificate of an information system.
	ErrNotForPeople = errors.New("profile: certificate of an information system")
	// ErrProfile: not a certificate of the national profile, or one that contradicts itself.
	ErrProfile = errors.New("profile: certificate does not fit the national profile")
)

// mismatch is ErrProfile with what does not fit. It never quotes the certificate.
type mismatch string

func (m mismatch) Error() string        { return "profile: " + string(m) }
func (m mismatch) Is(target error) bool { return target == ErrProfile }

// Extended key usage and policies for who makes certificates in this profile (the demo authority).

// KindOID is the extended key usage of a kind.
func KindOID(k Kind) asn1.ObjectIdentifier {
	if k == Entity {
		return oidEntity
	}
	return oidPerson
}

// OIDOfRole is the extended key usage of a role; nil for an unknown one.
func OIDOfRole(r Role) asn1.ObjectIdentifier {
	for _, row := range roleOIDs {
		if row.Role == r {
			return row.OID
		}
	}
	return nil
}

// PolicyOID is the policy of certificates issued today.
func PolicyOID() asn1.ObjectIdentifier { return policies[0].OID }

// Holder is what a certificate says about its holder.
type Holder struct {
	Names
	Kind  Kind   // from the extended key usage
	Roles []Role // of an Entity, at least one; empty for a Person
	Use   KeyUse // from key usage, extended key usage and policy together
}

// Read takes the holder from a certificate and refuses what the profile does not know.
//
// Errors: ErrNotForPeople, ErrProfile.
func Read(c *certificate.Certificate) (Holder, error) {
	s := readSubject(c)
	h := Holder{Names: s.names()}
	var err error
	if h.Kind, h.Roles, err = kindAndRoles(c.ExtKeyUsage); err != nil {
		return h, err
	}
	if h.Use, err = useOf(c); err != nil {
		return h, err
	}
	if !slices.ContainsFunc(c.Policies, isNational) {
		return h, mismatch("certificate policy is not one of the national authority for people")
	}
	return h, s.identify(h)
}

func isNational(p certificate.PolicyInformation) bool {
	return slices.ContainsFunc(policies, func(row policy) bool { return row.OID.Equal(p.ID) })
}

func kindAndRoles(usages []asn1.ObjectIdentifier) (Kind, []Role, error) {
	var person, entity bool
	var roles []Role
	for _, usage := range usages {
		person = person || usage.Equal(oidPerson)
		entity = entity || usage.Equal(oidEntity)
		for _, row := range roleOIDs {
			if usage.Equal(row.OID) {
				roles = append(roles, row.Role)
			}
		}
	}
	switch {
	case slices.Contains(roles, InformationSystem):
		return "", nil, ErrNotForPeople
	case person == entity:
		return "", nil, mismatch("extended key usage names neither or both of person and entity")
	case person && len(roles) > 0:
		return "", nil, mismatch("a person's certificate with an entity's role")
	case entity && len(roles) == 0:
		return "", nil, mismatch("an entity's certificate without a role")
	case entity:
		return Entity, roles, nil
	}
	return Person, nil, nil
}
