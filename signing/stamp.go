package signing

import (
	"context"
	"errors"
	"slices"
	"time"

	"elicensing/signing/certificate"
	"elicensing/signing/cms"
	"elicensing/signing/profile"
	"elicensing/signing/tsp"
)

// maxStamps is how many time stamps of one signature are looked at.
const maxStamps = 4

// judgeStamps judges the time stamps over the signature. A bad one does not spoil the signature: it
// proves no time, and the report says why.
func (e *examination) judgeStamps(ctx context.Context) *failure {
	var tokens [][]byte
	for _, a := range e.signer.UnsignedAttributes {
		if a.Type.Equal(cms.OIDTimeStampToken) {
			tokens = append(tokens, a.Values...)
		}
	}
	if len(tokens) == 0 {
		e.skip("message has no time stamp")
		return nil
	}
	if e.hopeless(ctx) {
		e.skip("whenever he signed, the signer is not accepted")
		return nil
	}
	for i, token := range tokens {
		if i == maxStamps {
			e.warn("further time stamps are not looked at")
			break
		}
		stamp, found := e.judgeStamp(ctx, token)
		e.report.TimeStamps = append(e.report.TimeStamps, stamp)
		if !stamp.Passed() {
			e.warn("a time stamp proves nothing: " + stamp.Reason)
			e.stampLater = e.stampLater || stamp.SubIndication == subTryLater
			continue
		}
		e.keepStamp(token, found)
		if stamp.Time.Before(e.existed) {
			e.existed, e.stamped = stamp.Time, true
		}
	}
	e.report.BestSignatureTime = e.existed
	return nil
}

// hopeless tells whether nothing that a time stamp can show makes the signer acceptable: no path leads from him to a
// root, or profile or policy refuse him; the checks after this one say so. Whoever can put a message together can
// put our time stamps into it, and shall not make us ask the authority about them.
func (e *examination) hopeless(ctx context.Context) bool {
	if _, f := e.findPath(ctx, e.inItsTime()); f != nil && f.reason == CertificateUntrusted {
		return true
	}
	holder, err := profile.Read(e.certificate)
	return err != nil || e.policy.accept(holder) != nil
}

func (e *examination) keepStamp(token []byte, found Evidence) {
	kept := &e.report.Evidence
	kept.TimeStamps = append(kept.TimeStamps, token)
	kept.StampChain = appendMissing(kept.StampChain, found.Chain...)
	kept.OCSP = appendMissing(kept.OCSP, found.OCSP...)
	kept.CRLs = appendMissing(kept.CRLs, found.CRLs...)
}

// judgeStamp holds one token against the value of the signature (EN 319 122-1 §5.3). Package tsp judges
// the token, this package whether its authority is trusted.
func (e *examination) judgeStamp(ctx context.Context, raw []byte) (TimeStamp, Evidence) {
	token, err := tsp.Parse(raw)
	if err != nil {
		return stampVerdict(TimeStamp{}, fail(StampMalformed, "token cannot be read")), Evidence{}
	}
	stamp := TimeStamp{Time: token.Time}
	trust := stampTrust{ctx: ctx, e: e}
	err = token.Verify(tsp.Expectation{Data: e.signer.Signature, Now: e.now, Skew: allowedSkew, Known: slices.Concat(e.hints, e.verifier.known), Trust: trust.judge})
	if token.AuthorityCertificate != nil {
		stamp.Authority = commonName(token.AuthorityCertificate)
	}
	stamp.Revocation = trust.revocation
	if trust.failure != nil {
		return stampVerdict(stamp, trust.failure), Evidence{}
	}
	return stampVerdict(stamp, stampFailure(err)), trust.found
}

// stampFailure tells in our words what package tsp refused.
func stampFailure(err error) *failure {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, tsp.ErrImprint):
		return fail(StampOther, "imprint is not that of this signature")
	case errors.Is(err, tsp.ErrSignature):
		return fail(SignatureWrong, "signature of the token is wrong")
	case errors.Is(err, tsp.ErrWeak):
		return fail(SignatureAlgorithm, "algorithm of the token is not accepted")
	case errors.Is(err, tsp.ErrSigner), errors.Is(err, tsp.ErrUntrusted):
		return fail(StampAuthority, "certificate of the time-stamping authority: missing, or not for time stamps")
	case errors.Is(err, tsp.ErrTime):
		return fail(StampTime, "time of the token is impossible")
	}
	return fail(StampMalformed, "token is malformed")
}

func stampVerdict(s TimeStamp, f *failure) TimeStamp {
	if f == nil {
		s.Outcome = TotalPassed
		return s
	}
	v := f.verdict()
	s.Outcome, s.SubIndication, s.Reason, s.Detail = v.outcome, v.sub, f.reason, f.detail
	return s
}

// stampTrust decides about the authority of a token as about a signer: path, validity, revocation.
type stampTrust struct {
	ctx        context.Context
	e          *examination // of the signature that is stamped
	failure    *failure
	found      Evidence
	revocation []RevocationFinding
}

// stampTrustSteps are what is left to ask when package tsp has verified the token.
var stampTrustSteps = []step{
	{"path", "RFC 5280 §6.1", (*examination).buildPath},
	{"validity", "RFC 5280 §6.1.3 (a)(2)", (*examination).checkValidity},
	{"revocation", "RFC 3161 §4", (*examination).checkRevocation},
}

func (t *stampTrust) judge(authority *certificate.Certificate, candidates []*certificate.Certificate, at time.Time) error {
	s := examination{verifier: t.e.verifier, policy: t.e.policy, now: t.e.now, kept: t.e.kept, hints: candidates, certificate: authority, stampTime: at}
	s.begin()
	if s.policy.StampsOutliveAuthority {
		s.existed, s.stamped = at, at.Before(s.now)
	}
	for _, step := range stampTrustSteps {
		s.current = &Check{}
		t.failure = step.run(&s, t.ctx)
		t.revocation = s.report.Revocation
		if t.failure != nil {
			return errors.New(t.failure.detail)
		}
	}
	t.found = s.report.Evidence
	return nil
}
