package signing

import (
	"bytes"
	"context"
	"encoding/asn1"
	"time"

	"elicensing/signing/algorithms"
	"elicensing/signing/certificate"
	"elicensing/signing/cms"
	"elicensing/signing/profile"
)

// examination is the work on one signature, of a person or of a time-stamping authority; each step
// fills in what the next ones need.
type examination struct {
	verifier    *Verifier
	policy      Policy
	now         time.Time // control time
	kept        Kept
	content     []byte
	contentType asn1.ObjectIdentifier // that the signature must be over

	report  Report
	current *Check

	message     *cms.Message
	earlier     []cms.SignerInfo // of the same message
	signer      *cms.SignerInfo
	attributes  attributes
	certificate *certificate.Certificate
	hints       []*certificate.Certificate // that came with the message or were kept: trusted through a root only
	key         algorithms.Key
	holder      profile.Holder
	scheme      algorithms.Scheme
	existed     time.Time                  // best signature time: since when the signature is shown to exist
	stamped     bool                       // existed is proven by a time stamp
	stampLater  bool                       // a time stamp could not be checked now
	stampTime   time.Time                  // of a time stamp under examination: what it states
	path        []*certificate.Certificate // signer first, root last
	pathAt      time.Time                  // at which it is valid
}

func (e *examination) begin() {
	e.existed = e.now
	e.report = Report{Policy: e.policy.Name, BestSignatureTime: e.now, Evidence: Evidence{CheckedAt: e.now}}
}

// run makes the checks up to the first that does not hold, and tells whether all do.
func (e *examination) run(ctx context.Context, steps []step) bool {
	for _, s := range steps {
		check := Check{Name: s.name, Rule: s.rule, Outcome: CheckPassed}
		e.current = &check
		f := s.run(e, ctx)
		if f != nil {
			check.Outcome, check.Detail = CheckFailed, f.detail
		}
		e.report.Checks = append(e.report.Checks, check)
		if f != nil {
			verdict := f.verdict()
			e.report.Outcome, e.report.SubIndication, e.report.Reason = verdict.outcome, verdict.sub, f.reason
			return false
		}
	}
	e.report.Outcome = TotalPassed
	return true
}

// warn lets the current check hold with a remark.
func (e *examination) warn(detail string) {
	e.current.Outcome, e.current.Detail = CheckWarning, detail
}

// skip notes that the current check does not apply.
func (e *examination) skip(detail string) {
	e.current.Outcome, e.current.Detail = CheckSkipped, detail
}

// countSigners holds the number of signers against the policy.
func (e *examination) countSigners(context.Context) *failure {
	switch n := len(e.message.Signers); {
	case n == 0:
		return fail(SignatureNone, "message has no signer")
	case n > 1 && !e.policy.SeveralSigners:
		return fail(SignatureSeveralSigners, "message has more than one signer")
	}
	return nil
}

// refuseDuplicate does not count the same signature twice: two signers are two persons' acts. What is signed binds
// the signer's certificate (RFC 5035 §5.4), so the same attributes are the same act, however they are ordered and
// whatever the signature's value: anybody can make (r, n-s) of an ECDSA signature (r, s).
func (e *examination) refuseDuplicate(context.Context) *failure {
	for i := range e.earlier {
		if bytes.Equal(e.earlier[i].Signature, e.signer.Signature) || sameSigned(&e.earlier[i], e.signer) {
			return fail(SignatureDuplicated, "the same signature stands in the message before")
		}
	}
	return nil
}

func sameSigned(a, b *cms.SignerInfo) bool {
	one, _, err := a.SignedBytes()
	other, _, otherErr := b.SignedBytes()
	return err == nil && otherErr == nil && bytes.Equal(one, other)
}

// worst is the verdict over a message of several signatures (RFC 5652 §5.6): that of the worst, with
// each one's own report.
func worst(reports []Report) Report {
	rank := map[Outcome]int{TotalPassed: 0, Indeterminate: 1, TotalFailed: 2}
	found := reports[0]
	for _, r := range reports[1:] {
		if rank[r.Outcome] > rank[found.Outcome] {
			found = r
		}
	}
	found.Signatures = reports
	return found
}

// gather reads what may help besides the signer: evidence in his unsigned attributes and the certificates
// of the message. What cannot be read helps nobody and is left out.
func (e *examination) gather() {
	e.kept = e.kept.and(keptIn(e.signer))
	for _, bag := range [][][]byte{e.message.Certificates, atMost(e.kept.Certificates)} {
		for _, der := range bag {
			if c, err := e.verifier.readCertificate(der); err == nil {
				e.hints = append(e.hints, c)
			}
		}
	}
}
