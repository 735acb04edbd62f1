package signing

import (
	"context"
	"crypto/x509"
	"time"

	"elicensing/signing/cms"
	"elicensing/signing/profile"
)

// Options say whom a verifier trusts and whom it asks. What is missing makes it refuse, never pass.
type Options struct {
	Roots         []*x509.Certificate // trust anchors; without any, nothing is trusted
	Intermediates []*x509.Certificate // issuing authorities, to complete paths; trusted only through a root
	Revocation    Revocation          // nil: every signature ends as revocation_unavailable
	Now           func() time.Time    // our clock; nil: the system's
}

// Verifier verifies messages. It holds no state of messages and is safe for use by many goroutines.
type Verifier struct {
	roots         *x509.CertPool
	intermediates []*x509.Certificate
	revocation    Revocation
	now           func() time.Time
}

// NewVerifier makes a verifier.
func NewVerifier(o Options) *Verifier {
	v := &Verifier{
		roots:         x509.NewCertPool(), // never nil: nil would mean the roots of the system
		intermediates: o.Intermediates,
		revocation:    o.Revocation,
		now:           o.Now,
	}
	for _, root := range o.Roots {
		v.roots.AddCert(root)
	}
	if v.now == nil {
		v.now = time.Now
	}
	return v
}

// Verify answers whether cmsBytes (DER, base64 or PEM) is a good signature over content by somebody
// whom the policy accepts. content is what we stored, never what came with the message: a message
// that carries content passes only if it carries exactly this one. Empty content is refused.
//
// The network is asked at most once per certificate of the path, and only when everything else holds;
// a cancelled ctx ends as revocation_unavailable.
func (v *Verifier) Verify(ctx context.Context, cmsBytes, content []byte, p Policy) Report {
	e := examination{verifier: v, input: cmsBytes, content: content, policy: p, now: v.now()}
	e.report = Report{Policy: p.Name, Evidence: Evidence{CheckedAt: e.now}}
	for _, s := range steps {
		check := Check{Name: s.name, Rule: s.rule, Outcome: CheckPassed}
		e.current = &check
		if f := s.run(&e, ctx); f != nil {
			check.Outcome, check.Detail = CheckFailed, f.detail
			e.report.Checks = append(e.report.Checks, check)
			verdict := f.verdict()
			e.report.Outcome, e.report.SubIndication, e.report.Reason = verdict.outcome, verdict.sub, f.reason
			return e.report
		}
		e.report.Checks = append(e.report.Checks, check)
	}
	e.report.Outcome = TotalPassed
	return e.report
}

// steps are the checks in their order: what costs nothing first, what the network is needed for
// last. Each may rely on those before it.
var steps = []struct {
	name string
	rule string
	run  func(*examination, context.Context) *failure
}{
	{"structure", "RFC 5652 §5.1", (*examination).readMessage},
	{"one-signer", "RFC 5652 §5.3", (*examination).findSigner},
	{"signed-attributes", "RFC 5652 §5.3, §11", (*examination).readAttributes},
	{"content", "RFC 5652 §5.4, §5.6", (*examination).compareContent},
	{"signing-certificate", "ETSI EN 319 102-1 §5.2.3", (*examination).findCertificate},
	{"algorithm", "ETSI TS 119 312 §6", (*examination).findScheme},
	{"signature", "RFC 5652 §5.6", (*examination).verifySignature},
	{"certificate-binding", "RFC 5035 §5.4", (*examination).verifyBinding},
	{"path", "RFC 5280 §6.1", (*examination).buildPath},
	{"validity", "RFC 5280 §6.1.3 (a)(2)", (*examination).checkValidity},
	{"binding-present", "ETSI EN 319 122-1 §6.3, level B-B", (*examination).requireBinding},
	{"signing-time", "ETSI EN 319 102-1 §5.2.8", (*examination).checkSigningTime},
	{"profile", "order № 1187 of 9 December 2015, item 6", (*examination).checkProfile},
	{"second-opinion", "independent implementation (digitorus/pkcs7)", (*examination).askSecondOpinion},
	{"revocation", "RFC 5280 §6.1.3 (a)(3), RFC 6960", (*examination).checkRevocation},
}

// examination is the work on one message; each step fills in what the next ones need.
type examination struct {
	verifier *Verifier
	input    []byte
	content  []byte
	policy   Policy
	now      time.Time

	report  Report
	current *Check

	der         []byte
	message     *cms.Message
	signer      *cms.SignerInfo
	attributes  attributes
	certificate *x509.Certificate
	holder      profile.Holder
	scheme      scheme
	path        []*x509.Certificate // signer first, root last
}

// warn lets the current check hold with a remark.
func (e *examination) warn(detail string) {
	e.current.Outcome, e.current.Detail = CheckWarning, detail
}

// skip notes that the current check does not apply.
func (e *examination) skip(detail string) {
	e.current.Outcome, e.current.Detail = CheckSkipped, detail
}
