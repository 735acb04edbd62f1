package path

import (
	"bytes"
	"context"
	"encoding/asn1"
	"errors"
	"fmt"
	"slices"

	"elicensing/signing/certificate"
)

// search is the work of one call of Validate.
type search struct {
	ctx       context.Context
	validator *Validator
	question  Question
	extra     map[string][]*certificate.Certificate
	known     map[edge]error // signatures checked in this call
	left      Limits         // what may still be spent
	result    *Result
	failure   *Failure
}

// edge is a certificate and a key that may have signed it. One key stands in several certificates where authorities
// certify each other.
type edge struct {
	subject *certificate.Certificate
	spki    string
}

func edgeOf(subject, issuer *certificate.Certificate) edge {
	return edge{subject, string(issuer.RawSPKI)}
}

func newSearch(ctx context.Context, v *Validator, q Question) *search {
	return &search{
		ctx:       ctx,
		validator: v,
		question:  q,
		extra:     bySubject(q.Extra),
		known:     make(map[edge]error),
		left:      v.options.Limits,
		failure: &Failure{Rule: RuleIssuer, Section: "§6.1.3(a)(4)", Certificate: q.Target,
			Detail: "no certificate of the issuer is known"},
	}
}

// extend looks for issuers of the last of chain, anchors first. It returns true when the search is over: a path
// is found or nothing may be spent any more.
func (s *search) extend(chain []*certificate.Certificate) bool {
	last := chain[len(chain)-1]
	depth := len(chain) - 1
	for _, anchor := range s.anchorsOf(last) {
		signed, over := s.follow(last, anchor, depth)
		if over {
			return true
		}
		if signed && s.judge(append(slices.Clip(chain), anchor)) {
			return true
		}
	}
	issuers := s.candidatesOf(last, chain)
	if len(issuers) > 0 && len(chain)+2 > s.validator.options.Limits.Length { // an issuer and an anchor would follow
		s.note(s.limit(last, depth, "path too long"))
		return false
	}
	for _, issuer := range issuers {
		signed, over := s.follow(last, issuer, depth)
		if over {
			return true
		}
		if signed && s.extend(append(slices.Clip(chain), issuer)) {
			return true
		}
	}
	if len(issuers) == 0 {
		s.note(&Failure{Rule: RuleIssuer, Section: "§6.1.3(a)(4)", Certificate: last, Depth: depth,
			Detail: "no certificate of the issuer is known"})
	}
	return false
}

func (s *search) anchorsOf(c *certificate.Certificate) []*certificate.Certificate {
	all := s.validator.anchors[c.Issuer.Key()]
	if s.question.Anchor == nil {
		return all
	}
	for _, anchor := range all {
		if anchor.Equal(s.question.Anchor) {
			return []*certificate.Certificate{anchor}
		}
	}
	return nil
}

// candidatesOf lists possible issuers, the likeliest first: the key identifier fits, the time fits, known to us
// before brought along. None of these hints is a rule.
func (s *search) candidatesOf(c *certificate.Certificate, chain []*certificate.Certificate) []*certificate.Certificate {
	var all []*certificate.Certificate
	for _, source := range []map[string][]*certificate.Certificate{s.validator.candidates, s.extra} {
		for _, candidate := range source[c.Issuer.Key()] {
			if !s.isAnchor(candidate) && !repeats(candidate, chain) {
				all = append(all, candidate)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b *certificate.Certificate) int { return s.doubt(c, a) - s.doubt(c, b) })
	return all
}

func (s *search) isAnchor(c *certificate.Certificate) bool {
	return slices.ContainsFunc(s.validator.anchors[c.Subject.Key()], c.Equal)
}

// repeats tells whether a name with its key stands in the chain already: going there again leads nowhere new.
func repeats(candidate *certificate.Certificate, chain []*certificate.Certificate) bool {
	return slices.ContainsFunc(chain, func(c *certificate.Certificate) bool {
		return bytes.Equal(c.RawSPKI, candidate.RawSPKI) && c.Subject.Equal(candidate.Subject)
	})
}

func (s *search) doubt(c, issuer *certificate.Certificate) int {
	doubt := 0
	if c.AuthorityKeyID == nil || c.AuthorityKeyID.KeyID == nil || issuer.SubjectKeyID == nil {
		doubt += 2
	} else if !bytes.Equal(c.AuthorityKeyID.KeyID, issuer.SubjectKeyID) {
		doubt += 4
	}
	if s.question.At.Before(issuer.NotBefore) || s.question.At.After(issuer.NotAfter) {
		doubt++
	}
	return doubt
}

// follow tells whether issuer signed c; over when nothing more may be spent.
func (s *search) follow(c, issuer *certificate.Certificate, depth int) (signed, over bool) {
	if err := s.ctx.Err(); err != nil {
		f := s.limit(c, depth, "cancelled")
		f.Err = err
		s.note(f)
		return false, true
	}
	if s.left.Steps--; s.left.Steps < 0 {
		s.note(s.limit(c, depth, "too many issuers looked at"))
		return false, true
	}
	err, checked := s.known[edgeOf(c, issuer)]
	if !checked {
		if s.left.Signatures--; s.left.Signatures < 0 {
			s.note(s.limit(c, depth, "too many signatures checked"))
			return false, true
		}
		err = s.verify(c, issuer)
		s.known[edgeOf(c, issuer)] = err
	}
	if err != nil && !errors.Is(err, ErrInherited) { // parameters are known when the path is: judge asks again
		s.note(signatureFailure(err, c, depth))
		return false, false
	}
	return true, false
}

// verify checks a signature and that its algorithm is good at the time; only the former may have been kept.
func (s *search) verify(c, issuer *certificate.Certificate) error {
	signatures := s.validator.options.Signatures
	if err := signatures.Accepted(c.SignatureAlgorithm, s.question.At); err != nil {
		return err
	}
	if s.validator.memory.knowsSigned(c, issuer) {
		return nil
	}
	err := signatures.Verify(KeyOf(issuer), c.SignatureAlgorithm, c.RawTBS, c.Signature)
	if err == nil {
		s.validator.memory.keepSigned(c, issuer)
	}
	return err
}

// judge validates a whole path: first all that can be computed, then what must be asked.
func (s *search) judge(chain []*certificate.Certificate) (valid bool) {
	policies, failure := s.validate(chain)
	if failure == nil {
		failure = s.askRevocation(chain)
	}
	if failure != nil {
		s.note(failure)
		return false
	}
	s.validator.memory.keepChain(s.question, chain, policies)
	s.accept(chain, policies)
	return true
}

// accept makes the result.
func (s *search) accept(chain []*certificate.Certificate, policies []asn1.ObjectIdentifier) {
	if len(chain) == 2 && chain[0].Equal(chain[1]) {
		chain = chain[:1]
	}
	s.result = &Result{Chain: slices.Clone(chain), Policies: slices.Clone(policies), NotAfter: chain[0].NotAfter}
	for _, c := range chain {
		if c.NotAfter.Before(s.result.NotAfter) {
			s.result.NotAfter = c.NotAfter
		}
	}
}

// askRevocation asks from the anchor's side: a revoked authority cannot vouch for what it issued.
func (s *search) askRevocation(chain []*certificate.Certificate) *Failure {
	ask := s.validator.options.Revocation
	if s.question.Revocation != nil {
		ask = s.question.Revocation
	}
	if ask == nil {
		return nil
	}
	anchor := chain[len(chain)-1]
	for depth := len(chain) - 2; depth >= 0; depth-- {
		if chain[depth].Equal(anchor) { // trust in it was not given by a certificate, and no list can take it away
			continue
		}
		err := ask(s.ctx, RevocationQuestion{Chain: chain[depth:], At: s.question.At, Extra: s.question.Extra})
		if err == nil {
			continue
		}
		f := &Failure{Rule: RuleRevocationUnknown, Section: "§6.1.3(a)(3)", Certificate: chain[depth], Depth: depth, Err: err}
		var revoked *Revoked
		if errors.As(err, &revoked) {
			f.Rule = RuleRevoked
		}
		return f
	}
	return nil
}

// note keeps the failure of the path that came furthest.
func (s *search) note(f *Failure) {
	further := f.Rule == RuleIssuer && s.failure.Rule == RuleIssuer && f.Depth > s.failure.Depth
	if further || f.progress() > s.failure.progress() {
		s.failure = f
	}
}

func (s *search) limit(c *certificate.Certificate, depth int, what string) *Failure {
	return &Failure{Rule: RuleLimit, Section: "§6.1", Certificate: c, Depth: depth,
		Detail: fmt.Sprintf("%s, path given up", what)}
}
