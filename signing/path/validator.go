package path

import (
	"context"
	"encoding/asn1"
	"time"

	"elicensing/signing/certificate"
)

// Options are the inputs of RFC 5280 §6.1.1 that do not change from question to question.
type Options struct {
	Anchors    []*certificate.Certificate // the only trust there is
	Candidates []*certificate.Certificate // authorities that are known; preferred to those of a Question
	Policies   PolicyInputs               // the inputs of §6.1.1 about policies
	Permitted  []certificate.Subtree      // initial-permitted-subtrees; of a kind that is not in it every name is permitted
	Excluded   []certificate.Subtree      // initial-excluded-subtrees
	Revocation Revocation                 // nil: revocation is not checked, which only its own checker may want
	Signatures Signatures                 // nil: Table
	Limits     Limits                     // zero values: the defaults
	// Remember is how many targets, and signatures of authorities' certificates, are kept between calls with what
	// stays true of them (see the package); 0: none. A target costs some 2 KiB.
	Remember int
}

// PolicyInputs are the inputs about policies, RFC 5280 §6.1.1 (c) and (e) to (g). The zero value is any policy.
type PolicyInputs struct {
	Acceptable      []asn1.ObjectIdentifier // user-initial-policy-set; empty: any policy
	RequireExplicit bool                    // initial-explicit-policy: the path must be valid for one of Acceptable
	InhibitMapping  bool                    // initial-policy-mapping-inhibit
	InhibitAny      bool                    // initial-any-policy-inhibit
}

// Limits bound one call of Validate.
type Limits struct {
	Length     int // certificates of a path, anchor included; default 12
	Signatures int // signatures checked; default 400
	Steps      int // issuers looked at; default 20,000
	Names      int // comparisons of names with constraints, of each path; default 250,000
}

func (l Limits) withDefaults() Limits {
	set := func(value *int, standard int) {
		if *value <= 0 {
			*value = standard
		}
	}
	set(&l.Length, 12)
	set(&l.Signatures, 400)
	set(&l.Steps, 20_000)
	set(&l.Names, 250_000)
	return l
}

// Revocation tells whether the first certificate of the question is revoked: nil when it is not, an error that
// is or wraps *Revoked when it is, any other error when that cannot be learnt.
type Revocation func(ctx context.Context, q RevocationQuestion) error

// RevocationQuestion asks about a certificate of a path that holds in all but revocation.
type RevocationQuestion struct {
	Chain []*certificate.Certificate // the certificate in question, its issuer, and so on to the anchor
	At    time.Time                  // of the validation
	Extra []*certificate.Certificate // what came with the message; issuers of lists may be among them
}

// Question is one path to be found.
type Question struct {
	Target *certificate.Certificate   // the certificate whose path is sought
	At     time.Time                  // at which all of the path must be valid
	Extra  []*certificate.Certificate // that came with the message: no more than hints
	// Anchor, when set, is the only one of the anchors that counts (RFC 5280 §6.3.3 (f)).
	Anchor *certificate.Certificate
	// Revocation, when set, takes the place of that of the Options.
	Revocation Revocation
	// Policies, when set, take the place of those of the Options.
	Policies *PolicyInputs
}

// Result is a valid path and what it is valid for.
type Result struct {
	Chain    []*certificate.Certificate // target first, anchor last; a target that is an anchor stands alone
	Policies []asn1.ObjectIdentifier    // user-constrained-policy-set; holds anyPolicy when nothing limits it
	NotAfter time.Time                  // when the first of the chain expires
}

// Anchor is the certificate that the trust came from.
func (r *Result) Anchor() *certificate.Certificate { return r.Chain[len(r.Chain)-1] }

// Validator finds valid paths. It is safe for concurrent use.
type Validator struct {
	options    Options
	anchors    map[string][]*certificate.Certificate // by subject
	candidates map[string][]*certificate.Certificate // by subject
	memory     *memory                               // nil: none
}

// New makes a Validator. The slices of options are not to be changed after.
func New(options Options) *Validator {
	options.Limits = options.Limits.withDefaults()
	if options.Signatures == nil {
		options.Signatures = Table{}
	}
	return &Validator{
		options:    options,
		anchors:    bySubject(options.Anchors),
		candidates: bySubject(options.Candidates),
		memory:     newMemory(options.Remember),
	}
}

func bySubject(all []*certificate.Certificate) map[string][]*certificate.Certificate {
	index := make(map[string][]*certificate.Certificate)
	seen := make(map[string]bool)
	for _, c := range all {
		if c == nil || seen[string(c.Raw)] {
			continue
		}
		seen[string(c.Raw)] = true
		index[c.Subject.Key()] = append(index[c.Subject.Key()], c)
	}
	return index
}

// Named lists the known certificates of a subject, anchors first: of use to find the issuer of a list.
func (v *Validator) Named(subject certificate.Name, extra []*certificate.Certificate) []*certificate.Certificate {
	all := append([]*certificate.Certificate(nil), v.anchors[subject.Key()]...)
	all = append(all, v.candidates[subject.Key()]...)
	for _, c := range extra {
		if c.Subject.Equal(subject) {
			all = append(all, c)
		}
	}
	return all
}

// Signatures gives the check of signatures that the validator uses.
func (v *Validator) Signatures() Signatures { return v.options.Signatures }

// Validate finds a valid path. The error is a *Failure.
func (v *Validator) Validate(ctx context.Context, q Question) (*Result, error) {
	s := newSearch(ctx, v, q)
	if !s.recall() {
		s.extend([]*certificate.Certificate{q.Target})
	}
	if s.result != nil {
		return s.result, nil
	}
	return nil, s.failure
}
