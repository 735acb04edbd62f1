package path

import (
	"fmt"
	"time"

	"elicensing/signing/certificate"
)

// Rule is a stable code of what did not hold. In the words of ETSI EN 319 102-1 table 6:
//
//	RuleIssuer, RuleSignature, RuleLimit         NO_CERTIFICATE_CHAIN_FOUND: what is not signed is no chain
//	RuleBasicConstraints, RulePathLength,
//	RuleKeyUsage                                 CERTIFICATE_CHAIN_GENERAL_FAILURE
//	RuleNames, RulePolicy, RulePolicyMapping,
//	RuleCriticalExtension                        CHAIN_CONSTRAINTS_FAILURE
//	RuleAlgorithm                                CRYPTO_CONSTRAINTS_FAILURE
//	RuleNotYetValid, RuleExpired                 OUT_OF_BOUNDS_NO_POE
//	RuleRevoked                                  REVOKED_NO_POE, REVOKED_CA_NO_POE when Depth > 0
//	RuleRevocationUnknown                        TRY_LATER
type Rule string

const (
	RuleIssuer            Rule = "issuer"             // no path to an anchor: some issuer is not known
	RuleSignature         Rule = "signature"          // the certificate is not signed by the only issuers known
	RuleAlgorithm         Rule = "algorithm"          // of the signature: unknown, too weak, or not accepted at the time
	RuleNotYetValid       Rule = "not-yet-valid"      // §6.1.3 (a)(2): before its time
	RuleExpired           Rule = "expired"            // §6.1.3 (a)(2): after its time
	RuleNames             Rule = "name-constraints"   // a name is excluded, not permitted, or cannot be judged
	RulePolicy            Rule = "policy"             // no policy is left though one is required
	RulePolicyMapping     Rule = "policy-mapping"     // from or to anyPolicy
	RuleBasicConstraints  Rule = "basic-constraints"  // an issuer that is no authority
	RulePathLength        Rule = "path-length"        // §6.1.4 (l), (m)
	RuleKeyUsage          Rule = "key-usage"          // an issuer whose key may not sign certificates
	RuleCriticalExtension Rule = "critical-extension" // not understood
	RuleRevoked           Rule = "revoked"            // §6.1.3 (a)(3)
	RuleRevocationUnknown Rule = "revocation-unknown" // §6.1.3 (a)(3): nobody could say
	RuleLimit             Rule = "limit"              // the search ended at its bounds or was cancelled
)

// Failure says why there is no valid path. When several paths were tried it is of the one that came furthest.
type Failure struct {
	Rule        Rule                     // what was broken
	Section     string                   // of RFC 5280
	Certificate *certificate.Certificate // the one that breaks the rule
	Depth       int                      // its place in the path: 0 the target, 1 its issuer …
	Detail      string                   // English, without personal data; may be empty
	Err         error                    // cause; nil when the rule itself is all
}

// Error names the rule and the place in the path, without names of people.
func (f *Failure) Error() string {
	text := fmt.Sprintf("certification path: %s at depth %d (RFC 5280 %s)", f.Rule, f.Depth, f.Section)
	if f.Detail != "" {
		text += ": " + f.Detail
	}
	if f.Err != nil {
		text += ": " + f.Err.Error()
	}
	return text
}

// Unwrap is the error behind the failure, if there was one.
func (f *Failure) Unwrap() error { return f.Err }

// progress orders failures by how far a path came.
func (f *Failure) progress() int {
	switch f.Rule {
	case RuleIssuer:
		return 0
	case RuleSignature:
		return 1
	case RuleAlgorithm:
		return 2
	case RuleLimit:
		return 3
	case RuleRevocationUnknown:
		return 5
	case RuleRevoked:
		return 6
	}
	return 4
}

// Revoked is the error by which a Revocation says that a certificate is revoked.
type Revoked struct {
	At     time.Time // when it was revoked
	Reason int       // CRLReason, RFC 5280 §5.3.1; negative when none is given
}

// Error says since when.
func (r *Revoked) Error() string {
	return fmt.Sprintf("revoked at %s, reason %d", r.At.UTC().Format(time.RFC3339), r.Reason)
}
