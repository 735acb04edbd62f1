package revocation

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"elicensing/signing/certificate"
	"elicensing/signing/crl"
	"elicensing/signing/path"
)

// lists are the complete list of an issuer and its delta.
type lists struct {
	complete *list
	delta    *list // nil: the source has none

	mu  sync.Mutex
	set *crl.Set // of the two below
	of  [2]*crl.List
}

func newLists(s Source) *lists {
	l := &lists{complete: &list{address: s.CRL, issuer: s.Issuer}}
	if s.Delta != "" {
		l.delta = &list{address: s.Delta, issuer: s.Issuer, delta: true}
	}
	return l
}

// askLists looks a certificate up in the lists of its issuer (RFC 5280 §6.3.3).
func (c *Client) askLists(ctx context.Context, source Source, q path.RevocationQuestion, now time.Time) (Answer, error) {
	if source.CRL == "" {
		return Answer{}, fmt.Errorf("crl: %w", errNoAddress)
	}
	set, err := c.lists[issuerKey(source.Issuer)].current(ctx, c, now)
	if err != nil {
		return Answer{}, fmt.Errorf("crl: %w", err)
	}
	return c.lookUp(ctx, set, q, now)
}

// unlessListed gives the answer of OCSP, unless it is good and a list that is in memory revokes the
// certificate for good: an authority whose responder lags behind its list has revoked nevertheless. Nothing
// is downloaded for this.
func (c *Client) unlessListed(ctx context.Context, source Source, q path.RevocationQuestion, now time.Time, answer Answer) Answer {
	if answer.Status != Good {
		return answer
	}
	set := c.lists[issuerKey(source.Issuer)].atHand()
	if set == nil {
		return answer
	}
	listed, err := c.lookUp(ctx, set, q, now)
	if err != nil || listed.Status != Revoked || !final(listed) {
		return answer // a list that cannot be used, or has run out, says nothing against OCSP
	}
	return listed
}

// atHand are the lists that were last used; nil: none.
func (l *lists) atHand() *crl.Set {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.set
}

func (c *Client) lookUp(ctx context.Context, set *crl.Set, q path.RevocationQuestion, now time.Time) (Answer, error) {
	checker := crl.Checker{Lists: set, FreshAt: now, Skew: orDefault(c.Skew, defaultSkew)}
	status, err := checker.Status(ctx, q)
	if err != nil {
		return Answer{}, err
	}
	answer := Answer{Status: Good, Until: status.Until}
	if status.Revoked {
		answer.Status, answer.RevokedAt, answer.Reason = Revoked, status.Entry.RevokedAt, int(status.Entry.Reason)
	}
	for _, l := range status.Lists {
		answer.CRLs = append(answer.CRLs, l.Raw)
		if l.ThisUpdate.After(answer.ThisUpdate) {
			answer.ThisUpdate = l.ThisUpdate
		}
	}
	return answer, nil
}

// current gives the lists of now. Without a delta the complete list speaks alone, as long as it is current
// (RFC 5280 §5.2.4).
func (l *lists) current(ctx context.Context, c *Client, now time.Time) (*crl.Set, error) {
	complete, err := l.complete.current(ctx, c, now)
	if err != nil {
		return nil, err
	}
	of := [2]*crl.List{complete, nil}
	if l.delta != nil {
		if delta, err := l.delta.current(ctx, c, now); err == nil { // else Warn was told
			of[1] = delta
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.set == nil || l.of != of { // a Set remembers the signatures that it checked: a new one costs
		if of[1] == nil {
			l.set = crl.NewSet(of[0])
		} else {
			l.set = crl.NewSet(of[:]...)
		}
		l.of = of
	}
	return l.set, nil
}

// list is one list of an issuer, kept until there is a newer one.
type list struct {
	address string
	issuer  *certificate.Certificate
	delta   bool

	mu      sync.Mutex
	loaded  bool      // the folder has been looked at
	held    *held     // nil: none
	failed  time.Time // when the last download failed; zero: it did not
	refused bool      // what came last was no good
	flight  *flight   // nil: none is under way
}

// held is a list at hand with what the server said of it.
type held struct {
	list *crl.List
	kept
}

// flight is a download for which many may wait.
type flight struct {
	done chan struct{}
	err  error // set before done is closed
}

// retryAfter is how long after a failed download the next one begins, for a list that one can do without (a
// delta, or one that is still current), and for one that came and was no good: it may have 20 MB.
const retryAfter = 30 * time.Second

var errJustFailed = errors.New("crl: the list could not be had a moment ago")

// current gives the list if it is current: the one at hand, or after Client.ListAge a newer one if there is
// one. A failed download does not spoil the list at hand.
func (l *list) current(ctx context.Context, c *Client, now time.Time) (*crl.List, error) {
	l.mu.Lock()
	if !l.loaded {
		l.loaded = true
		l.load(c, now)
	}
	if l.held != nil && usable(l.held.list, now, c) == nil && !l.due(c, now) {
		defer l.mu.Unlock()
		return l.held.list, nil
	}
	if (l.delta || l.refused) && l.justFailed(now) {
		defer l.mu.Unlock()
		return nil, errJustFailed
	}
	f := l.flight
	if f == nil {
		f = &flight{done: make(chan struct{})}
		l.flight = f
		go l.renew(context.WithoutCancel(ctx), c, f, l.held, now)
	}
	l.mu.Unlock()
	var err error
	select {
	case <-f.done:
		err = f.err
	case <-ctx.Done():
		err = ctx.Err()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held == nil {
		return nil, err
	}
	if stale := usable(l.held.list, now, c); stale != nil {
		if err == nil {
			err = stale
		}
		return nil, err
	}
	return l.held.list, nil
}

// due tells whether the authority is to be asked for a newer list than the one at hand.
func (l *list) due(c *Client, now time.Time) bool {
	age := now.Sub(l.held.Fetched)
	if age >= 0 && age < orDefault(c.ListAge, defaultListAge) {
		return false
	}
	return !l.justFailed(now)
}

func (l *list) justFailed(now time.Time) bool {
	since := now.Sub(l.failed)
	return !l.failed.IsZero() && since >= 0 && since < retryAfter
}

// renew downloads the list and puts it in the place of the one at hand. It ends within its time-out,
// also when everybody who waited has gone.
func (l *list) renew(ctx context.Context, c *Client, f *flight, old *held, now time.Time) {
	timeout := orDefault(c.ListTimeout, defaultListTimeout)
	if l.delta {
		timeout = orDefault(c.Timeout, defaultTimeout)
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	fresh, err := l.download(ctx, c, old, now)
	if err != nil {
		err = fmt.Errorf("list: %w", err)
		c.warn(err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	f.err, l.flight, l.failed, l.refused = err, nil, time.Time{}, errors.Is(err, errRefused)
	if err != nil {
		l.failed = now
	} else {
		l.held = fresh
	}
	close(f.done)
}
