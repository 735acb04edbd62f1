package profile

import (
	"encoding/asn1"
	"slices"

	"elicensing/signing/certificate"
)

// Sources of the rows below. "FACTS" is ../../../shared/kz-pki/FACTS.md §2, which names the programs and samples.
const (
	order      = "order № 1187 of 9 December 2015, item 6"
	seen       = "FACTS §2, seen in certificates of the authority"
	secondHand = "FACTS §2, by other programs only: no certificate of it was seen"
)

// Extended key usages for kinds and roles (1.2.398.3.3.4.1).
var (
	oidPerson = asn1.ObjectIdentifier{1, 2, 398, 3, 3, 4, 1, 1}
	oidEntity = asn1.ObjectIdentifier{1, 2, 398, 3, 3, 4, 1, 2}
)

// RoleOID is a row of the table of roles.
type RoleOID struct {
	Role   Role                  // what the holder is in the entity
	OID    asn1.ObjectIdentifier // extended key usage that says so, below 1.2.398.3.3.4.1.2
	Source string                // how it is known: seen in certificates of the authority, or told by other programs
}

var roleOIDs = []RoleOID{
	{Head, asn1.ObjectIdentifier{1, 2, 398, 3, 3, 4, 1, 2, 1}, seen},
	{RightToSign, asn1.ObjectIdentifier{1, 2, 398, 3, 3, 4, 1, 2, 2}, seen},
	{RightToSignMoney, asn1.ObjectIdentifier{1, 2, 398, 3, 3, 4, 1, 2, 3}, secondHand},
	{HumanResources, asn1.ObjectIdentifier{1, 2, 398, 3, 3, 4, 1, 2, 4}, seen},
	{Employee, asn1.ObjectIdentifier{1, 2, 398, 3, 3, 4, 1, 2, 5}, seen},
	{InformationSystem, asn1.ObjectIdentifier{1, 2, 398, 3, 3, 4, 1, 2, 6}, seen}, // of the Treasury's client
}

// policy is a certificate policy of the authority for people.
type policy struct {
	OID            asn1.ObjectIdentifier
	ToAuthenticate bool // its keys answer challenges and sign nothing
	Source         string
}

// policies: another one, such as that of another system, is for that system only (order № 1187, item 6).
var policies = []policy{
	{OID: asn1.ObjectIdentifier{1, 2, 398, 3, 3, 2}, Source: seen},
	{OID: asn1.ObjectIdentifier{1, 2, 398, 3, 3, 2, 1}, Source: seen},                             // entity, signing, before 2022
	{OID: asn1.ObjectIdentifier{1, 2, 398, 3, 3, 2, 2}, ToAuthenticate: true, Source: secondHand}, // entity, authentication
	{OID: asn1.ObjectIdentifier{1, 2, 398, 3, 3, 2, 3}, Source: seen},                             // person, signing
	{OID: asn1.ObjectIdentifier{1, 2, 398, 3, 3, 2, 4}, ToAuthenticate: true, Source: seen},       // person, authentication
}

var (
	oidClientAuth      = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 2}
	oidEmailProtection = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 4}
)

// useRule is a rule on what a key is for.
type useRule struct {
	use    KeyUse
	usages certificate.KeyUsage // bits that must be set
	also   func(*certificate.Certificate) bool
	source string
}

// useRules: the first that fits decides. Whatever speaks for authentication only comes first: a key that answers
// the challenges of strangers must not sign documents. Certificates since 2022 have further bits beside the first
// pair, and one key for both uses (FACTS §2): sign-in accepts a key for signing.
var useRules = []useRule{
	{ForAuthentication, certificate.DigitalSignature, forAuthenticationByPolicy, seen + "; " + order},
	{ForAuthentication, certificate.DigitalSignature, forClientsOnly, seen},
	{ForSigning, certificate.DigitalSignature | certificate.NonRepudiation, nil, order},
	{ForAuthentication, certificate.DigitalSignature | certificate.KeyEncipherment, nil, order},
}

// useOf tells signing from authentication keys.
func useOf(c *certificate.Certificate) (KeyUse, error) {
	if c.IsCA() {
		return "", mismatch("certificate of an authority")
	}
	for _, rule := range useRules {
		if c.KeyUsage != nil && c.Allows(rule.usages) && (rule.also == nil || rule.also(c)) {
			return rule.use, nil
		}
	}
	return "", mismatch("key usage is neither for signing nor for authentication")
}

func forAuthenticationByPolicy(c *certificate.Certificate) bool {
	return slices.ContainsFunc(c.Policies, func(p certificate.PolicyInformation) bool {
		return slices.ContainsFunc(policies, func(row policy) bool { return row.ToAuthenticate && row.OID.Equal(p.ID) })
	})
}

func forClientsOnly(c *certificate.Certificate) bool {
	return slices.ContainsFunc(c.ExtKeyUsage, oidClientAuth.Equal) && !slices.ContainsFunc(c.ExtKeyUsage, oidEmailProtection.Equal)
}
