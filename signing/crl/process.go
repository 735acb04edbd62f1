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

// examination is RFC 5280 §6.3.3 for one certificate.
type examination struct {
	checker  *Checker
	ctx      context.Context
	question path.RevocationQuestion
	pending  []*certificate.Certificate // whose status is being looked for, this one last
	reasons  certificate.Reasons        // reasons_mask
	status   Status
	refused  []error // why lists were not used
}

var (
	errStale           = errors.New("list is not current")
	errNotYet          = errors.New("list is from the future")
	errCritical        = errors.New("critical extension that is not understood")
	errScope           = errors.New("list does not cover the certificate")
	errListIssuer      = errors.New("no valid issuer of the list is known")
	errNoList          = errors.New("no list of the issuer at hand")
	errMayNotIssue     = errors.New("key of the issuer may not sign lists")
	errCircle          = errors.New("status of the issuer of the list depends on the list")
	errTooManyNestings = errors.New("issuers of lists are nested too deep")
)

func (e *examination) certificate() *certificate.Certificate { return e.question.Chain[0] }

func (e *examination) refuse(l *List, err error) {
	if l != nil && l.Number != nil {
		err = fmt.Errorf("list %s: %w", l.Number, err)
	}
	e.refused = append(e.refused, err)
}

// consult takes the lists that a distribution point leads to, the newest first.
func (e *examination) consult(point certificate.DistributionPoint) {
	found := false
	for _, issuer := range e.listIssuers(point) {
		for _, l := range e.checker.Lists.complete[issuer.Key()] {
			found = true
			if err := e.take(point, l); err != nil {
				e.refuse(l, err)
			}
			if e.status.Revoked || e.reasons == certificate.AllReasons {
				return
			}
		}
	}
	if !found {
		e.refuse(nil, errNoList)
	}
}

// listIssuers is (b)(1): whose lists the point means.
func (e *examination) listIssuers(point certificate.DistributionPoint) []certificate.Name {
	if point.CRLIssuer == nil {
		return []certificate.Name{e.certificate().Issuer}
	}
	var names []certificate.Name
	for _, n := range point.CRLIssuer {
		if n.Kind == certificate.DirectoryName {
			names = append(names, n.Name)
		}
	}
	return names
}

// take is (b) to (l) for one complete list.
func (e *examination) take(point certificate.DistributionPoint, l *List) error {
	if l.UnknownCritical {
		return errCritical
	}
	if err := e.inScope(point, l); err != nil { // (b)
		return err
	}
	interim := point.Reasons // (d)
	if l.Point != nil {
		interim &= l.Point.Reasons
	}
	if interim&^e.reasons == 0 { // (e)
		return nil
	}
	deltas := e.deltasFor(l)                                                      // (a), (c)
	if err := e.current(l); err != nil && (err != errStale || len(deltas) == 0) { // (a)
		return err
	}
	key, err := e.issuerKey(point, l) // (f), (g)
	if err != nil {
		return err
	}
	delta, err := e.signedDelta(l, deltas, key) // (h)
	if err != nil {
		return err
	}
	e.status.use(l, delta)
	if entry, revoked := e.find(l, delta); revoked {
		e.status.Revoked, e.status.Entry = true, entry
		return nil
	}
	e.reasons |= interim // (l)
	return nil
}

// find is (i) to (k). An entry removed by the delta is gone, whatever the complete list says; in a complete list
// there is nothing to remove from (§5.3.1), and such an entry counts as revoked.
func (e *examination) find(l, delta *List) (Entry, bool) {
	serial, issuer := e.certificate().RawSerial, e.certificate().Issuer
	if delta != nil {
		if entry, found := delta.Find(serial, issuer); found {
			return entry, entry.Reason != RemoveFromCRL
		}
	}
	return l.Find(serial, issuer)
}

// current: the list is of now.
func (e *examination) current(l *List) error {
	at := e.checker.FreshAt
	if at.IsZero() {
		at = e.question.At
	}
	switch {
	case l.ThisUpdate.After(at.Add(e.checker.Skew)):
		return errNotYet
	case l.NextUpdate.IsZero() || l.NextUpdate.Before(at.Add(-e.checker.Skew)):
		return errStale
	}
	return nil
}

// inScope is (b)(1) and (b)(2).
func (e *examination) inScope(point certificate.DistributionPoint, l *List) error {
	if point.CRLIssuer != nil && (l.Point == nil || !l.Point.Indirect) {
		return fmt.Errorf("%w: it is not indirect", errScope)
	}
	if l.Point == nil {
		return nil
	}
	switch ca := e.certificate().IsCA(); {
	case l.Point.OnlyAttributes:
		return fmt.Errorf("%w: it has no public key certificates", errScope)
	case l.Point.OnlyUsers && ca:
		return fmt.Errorf("%w: it is not about authorities", errScope)
	case l.Point.OnlyAuthorities && !ca:
		return fmt.Errorf("%w: it is about authorities", errScope)
	}
	if l.Point.Name == nil {
		return nil
	}
	ours, err := l.Point.Name.Names(l.Issuer)
	if err != nil {
		return fmt.Errorf("%w: %w", errScope, err)
	}
	theirs, err := e.pointNames(point)
	if err != nil {
		return fmt.Errorf("%w: %w", errScope, err)
	}
	for _, name := range ours {
		if slices.ContainsFunc(theirs, name.Equal) {
			return nil
		}
	}
	return fmt.Errorf("%w: it is of another distribution point", errScope)
}

// pointNames are the names by which a certificate asks for its list: those of the point, or where it has none its
// CRL issuers.
func (e *examination) pointNames(point certificate.DistributionPoint) ([]certificate.GeneralName, error) {
	if point.Name == nil {
		return point.CRLIssuer, nil
	}
	base := e.certificate().Issuer
	if issuers := e.listIssuers(point); len(issuers) > 0 {
		base = issuers[0]
	}
	return point.Name.Names(base)
}

// deltasFor finds the current deltas that a complete list can be combined with, the newest first: (c) and §5.2.4.
func (e *examination) deltasFor(l *List) []*List {
	if e.checker.WithoutDeltas || l.Number == nil {
		return nil
	}
	var fitting []*List
	for _, d := range e.checker.Lists.deltas[l.Issuer.Key()] {
		fits := !d.UnknownCritical && d.Number != nil && d.Number.Cmp(l.Number) > 0 && d.BaseNumber.Cmp(l.Number) <= 0 &&
			bytes.Equal(d.rawPoint, l.rawPoint) && bytes.Equal(keyID(d), keyID(l)) && e.current(d) == nil
		if fits {
			fitting = append(fitting, d)
		}
	}
	return fitting
}

// signedDelta takes the newest delta that the issuer of the complete list signed. A forged one is as good as none:
// then the complete list must be current by itself.
func (e *examination) signedDelta(l *List, deltas []*List, key path.PublicKey) (*List, error) {
	for _, d := range deltas {
		err := e.signed(d, key)
		if err == nil {
			return d, nil
		}
		e.refuse(d, fmt.Errorf("delta: %w", err))
	}
	return nil, e.current(l)
}

func keyID(l *List) []byte {
	if l.AuthorityKeyID == nil {
		return nil
	}
	return l.AuthorityKeyID.KeyID
}

// use keeps the lists that the answer rests on. Until follows the newest information: a delta stands in for a
// complete list that has run out.
func (s *Status) use(l, delta *List) {
	until := l.NextUpdate
	s.Lists = append(s.Lists, l)
	if delta != nil {
		s.Lists = append(s.Lists, delta)
		until = delta.NextUpdate
	}
	if s.Until.IsZero() || until.Before(s.Until) {
		s.Until = until
	}
}

// signed checks a list's signature and that its algorithm is good at the time of the question or now.
func (e *examination) signed(l *List, key path.PublicKey) error {
	at := e.question.At
	if !e.checker.FreshAt.IsZero() {
		at = e.checker.FreshAt
	}
	signatures := e.checker.signatures()
	if err := signatures.Accepted(l.Algorithm, at); err != nil {
		return err
	}
	return e.checker.Lists.verify(l, signatures, key)
}
