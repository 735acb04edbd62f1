package signing

import "elicensing/signing/profile"

// Policy says whose certificates are accepted for an act. It is data: a new act is a new value.
type Policy struct {
	Name   string
	Person bool             // certificates of natural persons (and sole traders)
	Roles  []Role           // certificates of entities whose holder has one of these roles; none: no entities
	Uses   []profile.KeyUse // what the key must be for
}

// everyRole are the roles of people; an information system is nobody's.
var everyRole = []Role{RoleHead, RoleRightToSign, RoleRightToSignMoney, RoleHumanResources, RoleEmployee}

var (
	// Applicant is for requests and other documents of applicants (R10.3). It accepts every person: that
	// he is the applicant, or his role in the report binds the entity that applies, is for the caller to
	// hold against the application, and to refuse in words that name the applicant.
	Applicant = Policy{
		Name:   "applicant",
		Person: true,
		Roles:  everyRole,
		Uses:   []profile.KeyUse{profile.ForSigning},
	}
	// Official is for documents of the authority, signed with the certificate that names the
	// authority; what the official may sign follows from his role in the portal.
	Official = Policy{
		Name:  "official",
		Roles: everyRole,
		Uses:  []profile.KeyUse{profile.ForSigning},
	}
	// SignIn is for answering the sign-in challenge. It accepts authentication keys, and signing keys
	// as well because the national authority no longer issues separate ones (S14).
	SignIn = Policy{
		Name:   "sign_in",
		Person: true,
		Roles:  everyRole,
		Uses:   []profile.KeyUse{profile.ForSigning, profile.ForAuthentication},
	}
)
