package revocation

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"elicensing/signing/certificate"
	"elicensing/signing/ocsp"
	"elicensing/signing/path"
)

// ErrUnavailable says that nobody could tell now whether a certificate is revoked. It never means that it
// is not. The causes are wrapped with it.
var ErrUnavailable = errors.New("revocation: cannot be learnt now")

// Source says where an authority answers. Addresses come from configuration only.
type Source struct {
	Issuer *certificate.Certificate // the authority
	OCSP   string                   // http or https; empty: it has none
	CRL    string                   // its complete list, used when OCSP is silent; empty: it has none
	Delta  string                   // its delta list, used with the complete one; empty: it has none
}

// Client asks the sources. Its exported fields are set before first use and not changed after; zero
// values mean the defaults named here. It is safe for use by many goroutines and must not be copied.
type Client struct {
	Sources []Source      // where each authority is asked
	HTTP    *http.Client  // nil: one of its own. Redirects are never followed.
	Timeout time.Duration // for an OCSP answer, and for a delta list; default 5 s
	Skew    time.Duration // tolerated difference of clocks; default 5 min

	MaxAge time.Duration // oldest acceptable thisUpdate of an OCSP answer; default 24 h
	Reuse  time.Duration // how long a good OCSP answer may be used again, at most 10 min; zero: it is asked each time

	Folder      string        // where lists are kept over restarts; empty: in memory only
	ListTimeout time.Duration // for the download of a complete list; default 60 s
	ListAge     time.Duration // after which a list is asked for anew though it is still current; default 1 h
	MaxList     int64         // greatest list, in bytes; default 32 MiB. The national one has about 20 MB.

	// Warn is told of what need not keep an answer from being given: a list that could not be renewed or stored.
	// Many goroutines may call it. nil: nobody is told.
	Warn func(error)

	start   sync.Once
	answers *answers
	lists   map[string]*lists // by issuer
}

const (
	defaultTimeout     = 5 * time.Second
	defaultSkew        = 5 * time.Minute
	defaultMaxAge      = 24 * time.Hour
	defaultListTimeout = time.Minute
	defaultListAge     = time.Hour
	defaultMaxList     = 32 << 20
)

// Status is what is known of a certificate.
type Status string

const (
	Good    Status = "good"    // not revoked
	Revoked Status = "revoked" // for good, or on hold
)

// NoReason is the Reason of a revocation whose authority gives none: not "unspecified", which is said.
const NoReason = ocsp.NoReason

// Answer is knowledge with its proof.
type Answer struct {
	Status      Status    // what was learnt
	RevokedAt   time.Time // of Revoked
	Reason      int       // CRLReason of Revoked (RFC 5280 §5.3.1), or NoReason
	NeverIssued bool      // of Revoked: the authority does not know the certificate (RFC 6960 §2.2)
	// OCSP is the DER of the answer that says so, with CRLs those that clear its responder, if they had to be
	// asked. Without OCSP, CRLs are the lists that say so, the complete one first. Both nil: it was learnt before
	// that the certificate is revoked, and what is said now cannot undo it.
	OCSP []byte
	CRLs [][]byte // DER of the lists that were used
	// ThisUpdate is when the authority knew it so: that of the OCSP answer, or of the newest list. Zero: it was
	// learnt before.
	ThisUpdate time.Time
	// Until is when the answer ends: no conclusion may outlive it. Zero: it was good for this moment only.
	Until time.Time
}

// Validate tells what is wrong with a source, all at once.
//
// Errors: for people who configure: no issuer, no address at all, one that is not of HTTP.
func (s Source) Validate() error {
	var errs []error
	if s.Issuer == nil {
		errs = append(errs, errors.New("revocation: source has no issuer"))
	}
	for kind, address := range map[string]string{"OCSP": s.OCSP, "CRL": s.CRL, "delta": s.Delta} {
		u, err := url.Parse(address)
		if address != "" && (err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https")) {
			errs = append(errs, fmt.Errorf("revocation: %s address is not one of HTTP", kind))
		}
	}
	if s.OCSP == "" && s.CRL == "" {
		errs = append(errs, errors.New("revocation: source has neither OCSP nor a list"))
	}
	return errors.Join(errs...)
}

// Validate tells what is wrong with the configuration, all at once, for a program that starts.
//
// Errors: those of Source.Validate, each with the number of its source from 0.
func (c *Client) Validate() error {
	var errs []error
	for i, s := range c.Sources {
		if err := s.Validate(); err != nil {
			errs = append(errs, fmt.Errorf("source %d: %w", i, err))
		}
	}
	return errors.Join(errs...)
}

// Check asks about a certificate that issuer issued, at the time at of our clock. The answer is good or
// revoked.
//
// Errors: ErrUnavailable with its causes.
func (c *Client) Check(ctx context.Context, subject, issuer *certificate.Certificate, at time.Time) (Answer, error) {
	return c.CheckPath(ctx, path.RevocationQuestion{Chain: []*certificate.Certificate{subject, issuer}, At: at}, at)
}

// CheckPath asks about the first certificate of a path that may be judged for an earlier time than now:
// the answers must be current now, by our clock.
//
// Errors: ErrUnavailable with its causes.
func (c *Client) CheckPath(ctx context.Context, q path.RevocationQuestion, now time.Time) (Answer, error) {
	c.start.Do(c.begin)
	if len(q.Chain) < 2 {
		return Answer{}, fmt.Errorf("%w: the issuer is not given", ErrUnavailable)
	}
	source, ok := c.sourceOf(q.Chain[1])
	if !ok {
		return Answer{}, fmt.Errorf("%w: no source is configured for the issuer", ErrUnavailable)
	}
	key := keyOf(q.Chain[0], q.Chain[1])
	if known, ok := c.answers.find(key, now); ok {
		return known, nil
	}
	answer, err := c.ask(ctx, source, q, now)
	if err != nil {
		if known, ok := c.answers.revocation(key); ok { // silence does not undo it
			return known, nil
		}
		return Answer{}, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return c.answers.keep(key, answer, now, c.reuse()), nil
}

// ask asks OCSP, and the lists when it is silent. A list that is at hand anyway is heard in both cases.
func (c *Client) ask(ctx context.Context, source Source, q path.RevocationQuestion, now time.Time) (Answer, error) {
	answer, ocspErr := c.askOCSP(ctx, source, q, now)
	if ocspErr == nil {
		return c.unlessListed(ctx, source, q, now, answer), nil
	}
	answer, listErr := c.askLists(ctx, source, q, now)
	switch {
	case listErr != nil:
		return Answer{}, fmt.Errorf("%w; %w", ocspErr, listErr)
	case errors.Is(ocspErr, errStatusUnknown) && answer.Status != Revoked:
		return Answer{}, ocspErr // the authority does not know it: its absence from a list proves nothing
	}
	return answer, nil
}

var (
	errStatusUnknown = errors.New("ocsp: responder does not know the certificate")
	errNoAddress     = errors.New("no address is configured")
)

// Refresh downloads the lists of all sources that are not at hand or not of today, so that nobody has to
// wait for them. Failures of sources are joined; the others are refreshed nevertheless.
//
// Errors: of each source: no answer in time, or one that is no list of its issuer for now.
func (c *Client) Refresh(ctx context.Context, now time.Time) error {
	c.start.Do(c.begin)
	var errs []error
	for _, s := range c.Sources {
		if s.CRL != "" && s.Issuer != nil {
			_, err := c.lists[issuerKey(s.Issuer)].current(ctx, c, now)
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

func (c *Client) warn(err error) {
	if c.Warn != nil {
		c.Warn(err)
	}
}

func (c *Client) begin() {
	c.answers = newAnswers()
	c.lists = make(map[string]*lists)
	for _, s := range c.Sources {
		if s.Issuer != nil && c.lists[issuerKey(s.Issuer)] == nil {
			c.lists[issuerKey(s.Issuer)] = newLists(s)
		}
	}
}

// sourceOf finds the configuration by the issuer's key and name, not by anything the subject chose.
func (c *Client) sourceOf(issuer *certificate.Certificate) (Source, bool) {
	for _, s := range c.Sources {
		if s.Issuer != nil && s.Issuer.Subject.Equal(issuer.Subject) && bytes.Equal(s.Issuer.RawSPKI, issuer.RawSPKI) {
			return s, true
		}
	}
	return Source{}, false
}

func (c *Client) reuse() time.Duration { return min(c.Reuse, maxReuse) }

func orDefault[T int64 | time.Duration](value, standard T) T {
	if value == 0 {
		return standard
	}
	return value
}
