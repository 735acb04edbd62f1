package signing

import "elicensing/signing/profile"

// Policy says whose certificates are accepted for an act. It is data: a new act is a new value.
type Policy struct {
	Name   string           // stable, snake_case; it stands in Report.Policy, which is stored
	Person bool             // certificates of natural persons (and sole traders)
	Roles  []Role           // certificates of entities whose holder has one of these roles; none: no entities
	Uses   []profile.KeyUse // what the key must be for

	// SeveralSigners accepts messages of more than one signer; otherwise there must be exactly one.
	SeveralSigners bool
	// KeptFirst hears the answers about revocation that were kept with the signature, as of the best signature
	// time. They decide alone when nobody can be asked. Who can be is asked besides, about certificates that have
	// not ended, and what he says of a revocation counts; without a good time stamp he is believed alone.
	KeptFirst bool
	// StampsOutliveAuthority judges the certificate of a time-stamping authority at the time that it
	// stamped, instead of now. Archives live on it between renewals: who fears that the authority's key
	// is stolen after its certificate ended must stamp anew before (EN 319 122-1 §5.5).
	StampsOutliveAuthority bool
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
	// Archive is for documents that were accepted once and are looked at again, perhaps years later and
	// without a network, and for documents that anybody shows: every person's, of one or more signers.
	Archive = Policy{
		Name:   "archive",
		Person: true,
		Roles:  everyRole,
		Uses:   []profile.KeyUse{profile.ForSigning},

		SeveralSigners: true, KeptFirst: true, StampsOutliveAuthority: true,
	}
)

// Policies are the named profiles.
func Policies() []Policy { return []Policy{Applicant, Official, SignIn, Archive} }
