package crl

import (
	"context"
	"errors"
	"fmt"
	"time"

	"elicensing/signing/certificate"
	"elicensing/signing/path"
)

// ErrUndetermined says that the lists at hand do not tell whether the certificate is revoked. It is never a "no".
var ErrUndetermined = errors.New("crl: revocation cannot be determined")

// Checker decides by the lists of a Set (RFC 5280 §6.3). It is safe for concurrent use.
type Checker struct {
	Lists *Set // where complete lists and their changes are found
	// Paths finds and validates the paths of issuers of lists that do not stand in the path in question
	// (§6.3.3 (f)). Its own Revocation is not asked: the lists decide about their issuers too. nil: no such issuers.
	Paths *path.Validator
	// Signatures checks signatures of lists; nil: those of Paths, or path.Table.
	Signatures path.Signatures
	// FreshAt is the time at which lists must be current; zero: the time of the question. They differ when a
	// path is validated at an earlier time with the lists of today.
	FreshAt time.Time
	// Skew is the tolerated difference of clocks.
	Skew time.Duration
	// WithoutDeltas leaves delta lists out (use-deltas of §6.3.1 (b) not set).
	WithoutDeltas bool
}

// Status is what the lists say.
type Status struct {
	Revoked bool    // an entry that counts was found
	Entry   Entry   // of a revoked certificate
	Lists   []*List // that the answer rests on, deltas too: the evidence to keep
	// Until is when the first of Lists must have been replaced: no conclusion may outlive it.
	Until time.Time
}

// maxNesting bounds lists whose issuers must be looked up in lists whose issuers …
const maxNesting = 4

// Check is a path.Revocation.
//
// Errors: *path.Revoked with time and reason; those of Status.
func (c *Checker) Check(ctx context.Context, q path.RevocationQuestion) error {
	status, err := c.Status(ctx, q)
	if err != nil {
		return err
	}
	if status.Revoked {
		return &path.Revoked{At: status.Entry.RevokedAt, Reason: int(status.Entry.Reason)}
	}
	return nil
}

// Status tells whether q.Chain[0] is revoked. It presumes that the rest of q.Chain is valid and not revoked, as
// path.Validator sees to. Chain needs the certificate, its issuer and, if lists have other issuers, the anchor as
// its last. The error is or wraps ErrUndetermined, with what was wrong with each list that came into question.
func (c *Checker) Status(ctx context.Context, q path.RevocationQuestion) (Status, error) {
	return c.status(ctx, q, nil)
}

func (c *Checker) status(ctx context.Context, q path.RevocationQuestion, pending []*certificate.Certificate) (Status, error) {
	if len(q.Chain) < 2 {
		return Status{}, fmt.Errorf("%w: the issuer is not given", ErrUndetermined)
	}
	e := &examination{checker: c, ctx: ctx, question: q, pending: append(pending[:len(pending):len(pending)], q.Chain[0])}
	certified := q.Chain[0]
	// §6.3.3: what the certificate names, and then lists that it does not name, as if it named its issuer.
	points := append(certified.CRLPoints[:len(certified.CRLPoints):len(certified.CRLPoints)], certificate.DistributionPoint{
		Name: &certificate.PointName{Full: []certificate.GeneralName{
			{Kind: certificate.DirectoryName, Name: certified.Issuer}}},
		Reasons: certificate.AllReasons,
	})
	for _, point := range points {
		e.consult(point)
		if e.status.Revoked || e.reasons == certificate.AllReasons {
			return e.status, nil
		}
	}
	if e.reasons != 0 {
		e.refuse(nil, errors.New("the lists do not cover all reasons"))
	}
	return Status{}, fmt.Errorf("%w: %w", ErrUndetermined, errors.Join(e.refused...))
}

func (c *Checker) signatures() path.Signatures {
	switch {
	case c.Signatures != nil:
		return c.Signatures
	case c.Paths != nil:
		return c.Paths.Signatures()
	}
	return path.Table{}
}
