package signing

import (
	"context"
	"fmt"
	"time"

	"elicensing/signing/certificate"
	"elicensing/signing/tsp"
)

// Stamper gives a time-stamp token over data from a configured authority. *tsp.Client is one.
type Stamper interface {
	// Stamp asks for a token over data (RFC 3161 §2.4), which is not hashed yet: for Accept it is the value of a
	// signature. It must end when ctx does; Accept waits for it. Whatever its error, the signature is accepted
	// without a time stamp, and the error's text stands in the report: it must not hold personal data.
	Stamp(ctx context.Context, data []byte) (*tsp.Token, error)
}

// StampsFrom asks the authority at an address of our configuration, http or https. Whether that authority is
// trusted is decided where its token is used: Accept keeps none that the verifier would not believe.
func StampsFrom(address string, now func() time.Time) *tsp.Client {
	return &tsp.Client{Address: address, Now: now, Timeout: stampTimeout, Trust: func(*certificate.Certificate, []*certificate.Certificate, time.Time) error { return nil }}
}

// stampTimeout is how long a signer waits at most for a time stamp that he can do without.
const stampTimeout = 5 * time.Second

// Accepted is a message that passed, in the forms that are kept. Both say the same as the message, byte for
// byte in all that is signed.
type Accepted struct {
	// Stamped has a time stamp (CAdES-T): what came, or with one of ours.
	Stamped []byte
	// Kept has what the verdict rests on, besides (CAdES-LT), and can be verified offline under Archive.
	Kept []byte
}

// Accept verifies a message like Verify and, when it passed, gives it the evidence to show that again: a time
// stamp of now, unless a good one came with it, certificates, and answers about revocation.
//
// A time-stamping authority that does not answer, or is not trusted, does not cost the signer his
// signature: the result then has the evidence without a time stamp, and the check "own-time-stamp" of the
// report warns.
//
// The error is about the bytes of the message only, and cannot occur for one that passed.
func (v *Verifier) Accept(ctx context.Context, message, content []byte, p Policy) (Report, Accepted, error) {
	report := v.Verify(ctx, message, content, p)
	if !report.Passed() {
		return report, Accepted{}, nil
	}
	check := Check{Name: "own-time-stamp", Rule: "ETSI EN 319 122-1 §5.3", Outcome: CheckPassed}
	switch {
	case len(report.Evidence.TimeStamps) > 0:
		check.Outcome, check.Detail = CheckSkipped, "message has a time stamp"
	case v.stamps == nil:
		check.Outcome, check.Detail = CheckSkipped, "no authority is configured"
	default:
		stamped, better, err := v.stamp(ctx, message, content, p)
		if err != nil {
			check.Outcome, check.Detail = CheckWarning, err.Error()
			break
		}
		message, report = stamped, better
	}
	report.Checks = append(report.Checks, check, evidenceFits(report.Evidence))
	kept, err := AddEvidence(message, report.Evidence)
	return report, Accepted{Stamped: message, Kept: kept}, err
}

// evidenceFits warns when Accepted.Kept cannot hold all that the verdict rested on: Report.Evidence does.
func evidenceFits(e Evidence) Check {
	check := Check{Name: "evidence", Rule: "ETSI EN 319 122-1 annex A.1.2.2", Outcome: CheckPassed}
	if all := e.Kept(); len(all.within(MaxEvidence).CRLs) < len(all.CRLs) {
		check.Outcome, check.Detail = CheckWarning, "a revocation list is too large to stand in the message, and is to be kept beside it"
	}
	return check
}

// stamp adds a time stamp of now and judges the message with it.
func (v *Verifier) stamp(ctx context.Context, message, content []byte, p Policy) ([]byte, Report, error) {
	value, err := SignatureValue(message)
	if err != nil {
		return nil, Report{}, err
	}
	token, err := v.stamps.Stamp(ctx, value)
	if err != nil {
		return nil, Report{}, fmt.Errorf("no time stamp now: %w", err)
	}
	stamped, err := AddTimeStamp(message, token.Raw)
	if err != nil {
		return nil, Report{}, err
	}
	report := v.Verify(ctx, stamped, content, p)
	switch {
	case !report.Passed():
		return nil, Report{}, fmt.Errorf("with the time stamp: %s", report.Reason)
	case len(report.Evidence.TimeStamps) == 0:
		return nil, Report{}, fmt.Errorf("time stamp is not good: %s", report.TimeStamps[len(report.TimeStamps)-1].Reason)
	}
	return stamped, report, nil
}
