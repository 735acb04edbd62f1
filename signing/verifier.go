package signing

import (
	"bytes"
	"context"
	"crypto/x509"
	"time"

	"elicensing/signing/certificate"
	"elicensing/signing/cms"
	"elicensing/signing/path"
)

// Options say whom a verifier trusts and whom it asks. What is missing makes it refuse, never pass.
type Options struct {
	Roots         []*x509.Certificate // trust anchors; without any, nothing is trusted
	Intermediates []*x509.Certificate // issuing authorities, to complete paths; trusted only through a root
	Revocation    Revocation          // nil: nobody is asked; only answers kept with a signature count
	Stamps        Stamper             // gives time stamps to what Accept keeps; nil: nobody does
	Now           func() time.Time    // our clock; nil: the system's
	// Alarm is told when the independent implementation disagrees with this one about a signature. The
	// signature is refused anyway; that two readers differ is for a person to look into. detail holds no
	// personal data. Nil: nobody is told. It is called from the goroutine of Verify and must not block.
	Alarm func(ctx context.Context, detail string)
}

// Verifier verifies messages. It holds no state of messages and is safe for use by many goroutines.
type Verifier struct {
	paths      *path.Validator
	known      []*certificate.Certificate // authorities by configuration
	revocation Revocation
	stamps     Stamper
	now        func() time.Time
	alarm      func(context.Context, string)
}

// rememberedSigners is for how many signers the way to a root is kept. Their revocation is asked each time.
const rememberedSigners = 1024

// NewVerifier makes a verifier.
func NewVerifier(o Options) *Verifier {
	v := &Verifier{
		paths: path.New(path.Options{Anchors: readable(o.Roots), Candidates: readable(o.Intermediates),
			Remember: rememberedSigners}),
		known:      readable(o.Intermediates),
		revocation: o.Revocation,
		stamps:     o.Stamps,
		now:        o.Now,
		alarm:      o.Alarm,
	}
	if v.now == nil {
		v.now = time.Now
	}
	if v.alarm == nil {
		v.alarm = func(context.Context, string) {}
	}
	return v
}

// readable takes certificates over to our own reader. One that it refuses is trusted for nothing.
func readable(all []*x509.Certificate) []*certificate.Certificate {
	var read []*certificate.Certificate
	for _, c := range all {
		if own, err := certificate.Parse(c.Raw); err == nil {
			read = append(read, own)
		}
	}
	return read
}

// readCertificate takes a certificate apart, unless it is an authority's by configuration or a remembered
// signer's: those are at hand.
//
// Errors: those of certificate.Parse.
func (v *Verifier) readCertificate(der []byte) (*certificate.Certificate, error) {
	for _, c := range v.known {
		if bytes.Equal(c.Raw, der) {
			return c, nil
		}
	}
	if c := v.paths.Remembered(der); c != nil {
		return c, nil
	}
	return certificate.Parse(der)
}

// Verify answers whether cmsBytes (DER, base64 or PEM) is a good signature over content by somebody
// whom the policy accepts. content is what we stored, never what came with the message: a message
// that carries content passes only if it carries exactly this one. Empty content is refused.
//
// Each signer is judged on his own; of several the worst verdict is that of the message, and a policy
// may demand exactly one. The network is asked at most once per certificate of a path, and only when
// everything that costs nothing holds: about the signer last of all, and before that, because the rest
// depends on the time, about the authorities of at most four good time stamps of a signer who can be
// accepted. A cancelled ctx ends as revocation_unavailable.
func (v *Verifier) Verify(ctx context.Context, cmsBytes, content []byte, p Policy) Report {
	return v.VerifyWith(ctx, Input{Message: cmsBytes, Content: content, Policy: p})
}

// Input is what a verdict is about.
type Input struct {
	Message []byte // CMS: DER, BER, base64 or PEM
	Content []byte // what was signed, as we have it
	Policy  Policy // whose certificates are accepted for the act; the zero value accepts nobody's
	// Kept are certificates and answers about revocation that were kept beside the message, e.g. in the
	// security store of a PDF. Those inside the message need not be named. They are believed only as far
	// as their own signatures go.
	Kept Kept
}

// VerifyWith is Verify with evidence that was kept beside the message.
func (v *Verifier) VerifyWith(ctx context.Context, in Input) Report {
	m := reading{input: in.Message}
	first := examination{verifier: v, policy: in.Policy, now: v.now(), kept: in.Kept, content: in.Content, contentType: cms.OIDData}
	first.begin()
	if !first.run(ctx, []step{{"structure", "RFC 5652 §5.1", func(e *examination, _ context.Context) *failure { return m.read() }}}) {
		return first.report
	}
	first.message = m.message
	if !first.run(ctx, []step{{"signers", "RFC 5652 §5.1, §5.3", (*examination).countSigners}}) {
		return first.report
	}
	reports := make([]Report, len(m.message.Signers))
	for i := range m.message.Signers {
		e := first
		e.report.Checks = append([]Check(nil), first.report.Checks...)
		e.signer = &m.message.Signers[i]
		e.earlier = m.message.Signers[:i]
		e.gather()
		e.run(ctx, steps)
		reports[i] = e.report
	}
	if len(reports) == 1 {
		return reports[0]
	}
	return worst(reports)
}

// step is one check with its rule.
type step struct {
	name string
	rule string
	run  func(*examination, context.Context) *failure
}

// steps are the checks of one signer in their order. Each may rely on those before it. What costs nothing comes
// first and what the network is needed for last, but for time stamps: validity, dates of algorithms and signing time
// are judged by the time that they show. They are looked at only of a signer who can be accepted, see hopeless.
var steps = []step{
	{"signature-once", "ETSI EN 319 102-1 §5.2.2", (*examination).refuseDuplicate},
	{"signed-attributes", "RFC 5652 §5.3, §11", (*examination).readAttributes},
	{"content", "RFC 5652 §5.4, §5.6", (*examination).compareContent},
	{"signing-certificate", "ETSI EN 319 102-1 §5.2.3", (*examination).findCertificate},
	{"algorithm", "ETSI TS 119 312 §6", (*examination).findScheme},
	{"signature", "RFC 5652 §5.6", (*examination).verifySignature},
	{"certificate-binding", "RFC 5035 §5.4", (*examination).verifyBinding},
	{"time-stamps", "ETSI EN 319 102-1 §5.4, §5.5.4", (*examination).judgeStamps},
	{"path", "RFC 5280 §6.1", (*examination).buildPath},
	{"profile", "order № 1187 of 9 December 2015, item 6", (*examination).checkProfile},
	{"validity", "RFC 5280 §6.1.3 (a)(2)", (*examination).checkValidity},
	{"algorithm-dates", "ETSI EN 319 102-1 §5.2.8", (*examination).checkAlgorithmDates},
	{"binding-present", "ETSI EN 319 122-1 §6.3, level B-B", (*examination).requireBinding},
	{"signing-time", "ETSI EN 319 102-1 §5.2.8", (*examination).checkSigningTime},
	{"second-opinion", "independent implementation (digitorus/pkcs7)", (*examination).askSecondOpinion},
	{"revocation", "RFC 5280 §6.1.3 (a)(3), RFC 6960", (*examination).checkRevocation},
}
