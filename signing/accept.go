package signing

import (
	"context"
	"fmt"
	"time"

	"elicensing/signing/certificate"
	"elicensing/signing/path"
	"elicensing/signing/tsp"
)

// Stamper gives a time-stamp token over data from a configured authority. *tsp.Client is one.
type Stamper interface {
	Stamp(ctx context.Context, data []byte) (*tsp.Token, error)
}

// Accept verifies a message like Verify and, when it passed, returns it with its evidence: a time stamp of
// now, unless a good one came with it, and what the verdict rests on (CAdES-T and -LT). The result says the
// same as the message, byte for byte in all that is signed, and can be verified offline under Archive.
//
// A time-stamping authority that does not answer, or is not trusted, does not cost the signer his
// signature: the result then has the evidence without a time stamp, and the check "own-time-stamp" of the
// report warns. stamper nil: no time stamp is asked for.
//
// The error is about the bytes of the message only, and cannot occur for one that passed.
func (v *Verifier) Accept(ctx context.Context, message, content []byte, p Policy, stamper Stamper) (Report, []byte, error) {
	report := v.Verify(ctx, message, content, p)
	if !report.Passed() {
		return report, nil, nil
	}
	check := Check{Name: "own-time-stamp", Rule: "ETSI EN 319 122-1 §5.3", Outcome: CheckPassed}
	switch {
	case len(report.Evidence.TimeStamps) > 0:
		check.Outcome, check.Detail = CheckSkipped, "message has a time stamp"
	case stamper == nil:
		check.Outcome, check.Detail = CheckSkipped, "no authority is configured"
	default:
		stamped, err := v.stamp(ctx, message, content, p, stamper)
		if err != nil {
			check.Outcome, check.Detail = CheckWarning, err.Error()
			break
		}
		message, report = stamped.message, stamped.report
	}
	report.Checks = append(report.Checks, check)
	kept, err := AddEvidence(message, report.Evidence)
	return report, kept, err
}

// stamped is a message with a time stamp of our own, and what is said of it.
type stamped struct {
	message []byte
	report  Report
}

func (v *Verifier) stamp(ctx context.Context, message, content []byte, p Policy, stamper Stamper) (stamped, error) {
	value, err := SignatureValue(message)
	if err != nil {
		return stamped{}, err
	}
	token, err := stamper.Stamp(ctx, value)
	if err != nil {
		return stamped{}, fmt.Errorf("no time stamp now: %w", err)
	}
	s := stamped{}
	if s.message, err = AddTimeStamp(message, token.Raw); err != nil {
		return stamped{}, err
	}
	s.report = v.Verify(ctx, s.message, content, p)
	switch {
	case !s.report.Passed():
		return stamped{}, fmt.Errorf("with the time stamp: %s", s.report.Reason)
	case len(s.report.Evidence.TimeStamps) == 0:
		return stamped{}, fmt.Errorf("time stamp is not good: %s", s.report.TimeStamps[len(s.report.TimeStamps)-1].Reason)
	}
	return s, nil
}

// TrustStamper is for tsp.Client.Trust: it tells whether a path leads from the authority to one of our
// roots. Revocation is judged with the message, see Accept.
func (v *Verifier) TrustStamper(authority *certificate.Certificate, candidates []*certificate.Certificate, at time.Time) error {
	_, err := v.paths.Validate(context.Background(), path.Question{Target: authority, At: at, Extra: candidates})
	return err
}
