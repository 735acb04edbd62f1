package path

import (
	"encoding/asn1"

	"elicensing/signing/algorithms"
	"elicensing/signing/certificate"
)

// state holds the variables of RFC 5280 §6.1.2.
type state struct {
	search         *search
	length         int // n: certificates of the path without the anchor
	policies       *policyGraph
	names          *nameState
	explicitPolicy int
	inhibitAny     int
	policyMapping  int
	maxPathLength  int
	key            PublicKey
	inherited      bool // the key has parameters from above
	keyAlgorithm   algorithms.Identifier
	issuer         certificate.Name
}

// validate is RFC 5280 §6.1 without revocation. chain has the target first and the anchor last.
func (s *search) validate(chain []*certificate.Certificate) ([]asn1.ObjectIdentifier, *Failure) {
	anchor := chain[len(chain)-1]
	st, failure := s.begin(anchor, len(chain)-1)
	if failure != nil {
		return nil, failure
	}
	for depth := len(chain) - 2; depth >= 0; depth-- {
		c := chain[depth]
		if f := st.process(c, chain[depth+1], depth); f != nil {
			return nil, f
		}
		if depth > 0 {
			if f := st.prepareNext(c, depth); f != nil {
				return nil, f
			}
		}
	}
	return st.wrapUp(chain[0])
}

// begin is §6.1.2, with what RFC 5937 §3 adds for an anchor that is a certificate.
func (s *search) begin(anchor *certificate.Certificate, n int) (*state, *Failure) {
	inputs := s.policyInputs()
	options := s.validator.options
	st := &state{
		search:         s,
		length:         n,
		policies:       newPolicyGraph(),
		names:          newNameState(options.Permitted, options.Excluded, options.Limits.Names),
		explicitPolicy: n + 1,
		inhibitAny:     n + 1,
		policyMapping:  n + 1,
		maxPathLength:  n,
		key:            KeyOf(anchor),
		keyAlgorithm:   anchor.PublicKeyAlgorithm,
		issuer:         anchor.Subject,
	}
	for _, input := range []struct {
		set     bool
		counter *int
	}{{inputs.RequireExplicit, &st.explicitPolicy}, {inputs.InhibitAny, &st.inhibitAny}, {inputs.InhibitMapping, &st.policyMapping}} {
		if input.set {
			*input.counter = 0
		}
	}
	if f := st.checkValidity(anchor, n); f != nil {
		return nil, f
	}
	if anchor.BasicConstraints != nil && anchor.BasicConstraints.PathLen != nil {
		st.maxPathLength = min(st.maxPathLength, *anchor.BasicConstraints.PathLen)
	}
	return st, st.constrainNames(anchor, n)
}

func (s *search) policyInputs() PolicyInputs {
	if s.question.Policies != nil {
		return *s.question.Policies
	}
	return s.validator.options.Policies
}

// process is §6.1.3, basic certificate processing, save (a)(3).
func (st *state) process(c, issuer *certificate.Certificate, depth int) *Failure {
	if f := st.checkSignature(c, issuer, depth); f != nil { // (a)(1)
		return f
	}
	if f := st.checkValidity(c, depth); f != nil { // (a)(2)
		return f
	}
	if !c.Issuer.Equal(st.issuer) { // (a)(4)
		return &Failure{Rule: RuleIssuer, Section: "§6.1.3(a)(4)", Certificate: c, Depth: depth}
	}
	selfIssued := c.SelfIssued()
	if !selfIssued || depth == 0 { // (b), (c)
		if err := st.names.accept(c); err != nil {
			return nameFailure(err, c, depth)
		}
	}
	anyAllowed := st.inhibitAny > 0 || depth > 0 && selfIssued
	st.policies.process(c.Policies, anyAllowed)       // (d), (e)
	if st.explicitPolicy <= 0 && st.policies.null() { // (f)
		return &Failure{Rule: RulePolicy, Section: "§6.1.3(f)", Certificate: c, Depth: depth}
	}
	return nil
}

// checkSignature asks again only where the search could not know the parameters of the key: every other edge of
// the path is there because its signature was right.
func (st *state) checkSignature(c, issuer *certificate.Certificate, depth int) *Failure {
	if known, checked := st.search.known[edgeOf(c, issuer)]; checked && known == nil && !st.inherited {
		return nil
	}
	s := st.search
	if s.left.Signatures--; s.left.Signatures < 0 {
		return s.limit(c, depth, "too many signatures checked")
	}
	err := s.validator.options.Signatures.Verify(st.key, c.SignatureAlgorithm, c.RawTBS, c.Signature)
	if err != nil {
		return signatureFailure(err, c, depth)
	}
	return nil
}

func (st *state) checkValidity(c *certificate.Certificate, depth int) *Failure {
	at := st.search.question.At
	switch {
	case at.Before(c.NotBefore):
		return &Failure{Rule: RuleNotYetValid, Section: "§6.1.3(a)(2)", Certificate: c, Depth: depth}
	case at.After(c.NotAfter):
		return &Failure{Rule: RuleExpired, Section: "§6.1.3(a)(2)", Certificate: c, Depth: depth}
	}
	return nil
}

// prepareNext is §6.1.4.
func (st *state) prepareNext(c *certificate.Certificate, depth int) *Failure {
	for _, m := range c.PolicyMappings { // (a)
		if m.IssuerDomain.Equal(certificate.OIDAnyPolicy) || m.SubjectDomain.Equal(certificate.OIDAnyPolicy) {
			return &Failure{Rule: RulePolicyMapping, Section: "§6.1.4(a)", Certificate: c, Depth: depth}
		}
	}
	st.policies.mapPolicies(c.PolicyMappings, st.policyMapping > 0) // (b)
	st.issuer = c.Subject                                           // (c)
	st.key, st.inherited = nextKey(st.key, st.keyAlgorithm, c)      // (d) to (f)
	st.keyAlgorithm = c.PublicKeyAlgorithm
	if f := st.constrainNames(c, depth); f != nil { // (g)
		return f
	}
	selfIssued := c.SelfIssued()
	if !selfIssued { // (h)
		for _, counter := range []*int{&st.explicitPolicy, &st.policyMapping, &st.inhibitAny} {
			if *counter > 0 {
				*counter--
			}
		}
	}
	st.constrainPolicies(c) // (i), (j)
	// (k) A certificate of version 1 or 2 has no basic constraints; nothing else tells us that it is an authority's.
	if !c.IsCA() {
		return &Failure{Rule: RuleBasicConstraints, Section: "§6.1.4(k)", Certificate: c, Depth: depth}
	}
	if !selfIssued { // (l)
		if st.maxPathLength <= 0 {
			return &Failure{Rule: RulePathLength, Section: "§6.1.4(l)", Certificate: c, Depth: depth}
		}
		st.maxPathLength--
	}
	if limit := c.BasicConstraints.PathLen; limit != nil { // (m)
		st.maxPathLength = min(st.maxPathLength, *limit)
	}
	if !c.Allows(certificate.KeyCertSign) { // (n)
		return &Failure{Rule: RuleKeyUsage, Section: "§6.1.4(n)", Certificate: c, Depth: depth}
	}
	return checkCritical(c, depth, "§6.1.4(o)") // (o)
}

func (st *state) constrainPolicies(c *certificate.Certificate) {
	if p := c.PolicyConstraint; p != nil {
		if p.RequireExplicit != nil {
			st.explicitPolicy = min(st.explicitPolicy, *p.RequireExplicit)
		}
		if p.InhibitMapping != nil {
			st.policyMapping = min(st.policyMapping, *p.InhibitMapping)
		}
	}
	if c.InhibitAnyPolicy != nil {
		st.inhibitAny = min(st.inhibitAny, *c.InhibitAnyPolicy)
	}
}

func (st *state) constrainNames(c *certificate.Certificate, depth int) *Failure {
	if c.NameConstraints == nil {
		return nil
	}
	if err := st.names.constrain(c.NameConstraints.Permitted, c.NameConstraints.Excluded); err != nil {
		f := nameFailure(err, c, depth)
		f.Section = "§6.1.4(g)"
		return f
	}
	return nil
}

func checkCritical(c *certificate.Certificate, depth int, section string) *Failure {
	if len(c.UnknownCritical) == 0 {
		return nil
	}
	return &Failure{Rule: RuleCriticalExtension, Section: section, Certificate: c, Depth: depth,
		Detail: c.UnknownCritical[0].String()}
}

// wrapUp is §6.1.5.
func (st *state) wrapUp(target *certificate.Certificate) ([]asn1.ObjectIdentifier, *Failure) {
	if st.explicitPolicy > 0 { // (a)
		st.explicitPolicy--
	}
	if p := target.PolicyConstraint; p != nil && p.RequireExplicit != nil && *p.RequireExplicit == 0 { // (b)
		st.explicitPolicy = 0
	}
	if f := checkCritical(target, 0, "§6.1.5(f)"); f != nil {
		return nil, f
	}
	policies := st.policies.acceptable(st.search.policyInputs().Acceptable) // (g)
	if st.explicitPolicy <= 0 && len(policies) == 0 {
		return nil, &Failure{Rule: RulePolicy, Section: "§6.1.5(g)", Certificate: target}
	}
	return policies, nil
}
