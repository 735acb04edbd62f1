package crl

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"elicensing/signing/certificate"
	"elicensing/signing/path"
)

var (
	errIssuerRevoked = errors.New("issuer of the list is revoked")
	errForeignIssuer = errors.New("issuer of the list is certified by an authority that has no part in the path")
)

// maxIssuers is how many certificates of a list's issuer are tried: each costs a pass over the list.
const maxIssuers = 8

// issuerKey finds the certificate whose key signed the list and shows that it may: §6.3.3 (f) and (g).
func (e *examination) issuerKey(point certificate.DistributionPoint, l *List) (path.PublicKey, error) {
	reason := errListIssuer
	for _, candidate := range e.issuersOf(l) {
		key := e.keyOf(candidate)
		err := e.accept(point, l, candidate, key)
		if err == nil {
			return key, nil
		}
		reason = err
	}
	return path.PublicKey{}, reason
}

// keyOf gives a candidate's key with what it inherits in the path in question.
func (e *examination) keyOf(candidate *certificate.Certificate) path.PublicKey {
	chain := e.question.Chain
	if i := slices.IndexFunc(chain, candidate.Equal); i >= 0 {
		return path.WorkingKey(chain[i:])
	}
	return path.KeyOf(candidate)
}

// issuersOf lists the certificates of the name that the list gives: of the path in question first, its direct
// issuer before all, and those whose key the list names before others.
func (e *examination) issuersOf(l *List) []*certificate.Certificate {
	var all []*certificate.Certificate
	add := func(c *certificate.Certificate) {
		if c.Subject.Equal(l.Issuer) && !slices.ContainsFunc(all, c.Equal) {
			all = append(all, c)
		}
	}
	for _, c := range e.question.Chain[1:] {
		add(c)
	}
	inPath := len(all)
	add(e.certificate())
	if e.checker.Paths != nil {
		for _, c := range e.checker.Paths.Named(l.Issuer, e.question.Extra) {
			add(c)
		}
	}
	slices.SortStableFunc(all[inPath:], func(a, b *certificate.Certificate) int { return doubt(l, a) - doubt(l, b) })
	return all[:min(len(all), maxIssuers)]
}

func doubt(l *List, c *certificate.Certificate) int {
	if id := keyID(l); id == nil || c.SubjectKeyID == nil || bytes.Equal(id, c.SubjectKeyID) {
		return 0
	}
	return 1
}

// accept: the candidate's key signed the list, may sign lists, and is vouched for by the same anchor.
func (e *examination) accept(point certificate.DistributionPoint, l *List, candidate *certificate.Certificate, key path.PublicKey) error {
	if !candidate.Allows(certificate.CRLSign) {
		return errMayNotIssue
	}
	if err := e.signed(l, key); err != nil {
		return fmt.Errorf("signature of the list: %w", err)
	}
	chain := e.question.Chain
	if slices.ContainsFunc(chain[1:], candidate.Equal) {
		return nil // valid: the path in question was validated from the anchor down to here
	}
	if candidate.Equal(chain[0]) {
		// The issuer of this very certificate says that its status stands in a list of its own making. That is a
		// circle, but one that the authority drew: elsewhere nobody may vouch for himself.
		if point.CRLIssuer != nil {
			return nil
		}
		return errCircle
	}
	return e.validateIssuer(candidate)
}

// validateIssuer validates the path of a list's issuer that does not stand in the path in question. The anchor
// must be the same, and beyond RFC 5280 so must be the authority that certified it: one of the path in question.
// Else any authority under the anchor could certify a key of its own by another's name and clear what that revoked.
func (e *examination) validateIssuer(candidate *certificate.Certificate) error {
	if slices.ContainsFunc(e.pending, candidate.Equal) {
		return errCircle
	}
	if len(e.pending) > maxNesting {
		return errTooManyNestings
	}
	if e.checker.Paths == nil {
		return errListIssuer
	}
	chain := e.question.Chain
	result, err := e.checker.Paths.Validate(e.ctx, path.Question{
		Target:     candidate,
		At:         e.question.At,
		Extra:      append(chain[1:len(chain):len(chain)], e.question.Extra...), // it is often certified by the same authority
		Anchor:     chain[len(chain)-1],
		Policies:   &path.PolicyInputs{},
		Revocation: e.nested,
	})
	if err != nil {
		return fmt.Errorf("issuer of the list: %w", err)
	}
	certifier := result.Chain[min(1, len(result.Chain)-1)]
	if !slices.ContainsFunc(chain[1:], func(c *certificate.Certificate) bool {
		return bytes.Equal(c.RawSPKI, certifier.RawSPKI) && c.Subject.Equal(certifier.Subject)
	}) {
		return errForeignIssuer
	}
	return nil
}

// nested asks about the certificates of a list issuer's path. They are looked up in the same lists, save those that
// stand in the path in question too: they were asked about before.
func (e *examination) nested(ctx context.Context, q path.RevocationQuestion) error {
	if slices.ContainsFunc(e.question.Chain[1:], q.Chain[0].Equal) {
		return nil
	}
	status, err := e.checker.status(ctx, q, e.pending)
	if err != nil {
		return err
	}
	if status.Revoked {
		return errIssuerRevoked // not *path.Revoked: it is not the certificate in question that is revoked
	}
	e.status.Lists = append(e.status.Lists, status.Lists...)
	if e.status.Until.IsZero() || status.Until.Before(e.status.Until) {
		e.status.Until = status.Until
	}
	return nil
}
