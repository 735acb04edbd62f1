package signing

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/asn1"
	"time"

	"elicensing/signing/algorithms"
	"elicensing/signing/cms"
	"elicensing/signing/profile"
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
	for i, token := range tokens {
		if i == maxStamps {
			e.warn("further time stamps are not looked at")
			break
		}
		s := stampExamination{examination: e.forStamp(), over: e.signer.Signature}
		stamp := s.judge(ctx, token)
		e.report.TimeStamps = append(e.report.TimeStamps, stamp)
		if !stamp.Passed() {
			e.warn("a time stamp proves nothing: " + stamp.Reason)
			e.stampLater = e.stampLater || stamp.Reason == RevocationUnavailable
			continue
		}
		e.keepStamp(token, s.report.Evidence)
		if stamp.Time.Before(e.existed) {
			e.existed, e.stamped = stamp.Time, true
		}
	}
	e.report.BestSignatureTime = e.existed
	return nil
}

// forStamp is an examination of a token in the same world.
func (e *examination) forStamp() examination {
	s := examination{verifier: e.verifier, policy: e.policy, now: e.now, kept: e.kept, contentType: oidTSTInfo}
	s.begin()
	return s
}

func (e *examination) keepStamp(token []byte, found Evidence) {
	kept := &e.report.Evidence
	kept.TimeStamps = append(kept.TimeStamps, token)
	kept.StampChain = appendMissing(kept.StampChain, found.Chain...)
	kept.OCSP = appendMissing(kept.OCSP, found.OCSP...)
	kept.CRLs = appendMissing(kept.CRLs, found.CRLs...)
}

func appendMissing(list [][]byte, more ...[]byte) [][]byte {
	for _, m := range more {
		if !containsBytes(list, m) {
			list = append(list, m)
		}
	}
	return list
}

func containsBytes(list [][]byte, one []byte) bool {
	for _, l := range list {
		if bytes.Equal(l, one) {
			return true
		}
	}
	return false
}

// stampExamination is the work on one token (RFC 3161 §2.4.2): a signature of its own, over a TSTInfo,
// by somebody who may do nothing else.
type stampExamination struct {
	examination
	over []byte // what the imprint must be of
	info tstInfo
}

func (s *stampExamination) judge(ctx context.Context, token []byte) TimeStamp {
	passed := s.run(ctx, s.stampSteps(token))
	r := s.report
	stamp := TimeStamp{Outcome: r.Outcome, SubIndication: r.SubIndication, Reason: r.Reason, Time: s.info.time, Checks: r.Checks}
	if s.certificate != nil {
		stamp.Authority = profile.NamesOf(s.certificate).CommonName
	}
	if !passed && stamp.Outcome == NoSignatureFound { // an empty token is a malformed one
		stamp.Outcome, stamp.SubIndication, stamp.Reason = TotalFailed, subFormatFailure, StampMalformed
	}
	return stamp
}

func (s *stampExamination) stampSteps(token []byte) []step {
	own := func(f func() *failure) func(*examination, context.Context) *failure {
		return func(*examination, context.Context) *failure { return f() }
	}
	return []step{
		{"structure", "RFC 3161 §2.4.2", own(func() *failure { return s.readToken(token) })},
		{"signed-attributes", "RFC 5652 §5.3, §11", (*examination).readAttributes},
		{"content", "RFC 5652 §5.4", (*examination).compareContent},
		{"imprint", "RFC 3161 §2.4.2", own(s.compareImprint)},
		{"signing-certificate", "RFC 5652 §5.3", (*examination).findCertificate},
		{"algorithm", "ETSI TS 119 312 §6", (*examination).findScheme},
		{"signature", "RFC 5652 §5.6", (*examination).verifySignature},
		{"certificate-binding", "RFC 5816 §2.2.1", (*examination).verifyBinding},
		{"binding-present", "RFC 3161 §2.4.2", (*examination).requireBinding},
		{"purpose", "RFC 3161 §2.3", own(s.checkPurpose)},
		{"time", "RFC 3161 §2.4.2", own(s.checkTime)},
		{"path", "RFC 5280 §6.1", (*examination).buildPath},
		{"validity", "RFC 5280 §6.1.3 (a)(2)", (*examination).checkValidity},
		{"algorithm-dates", "ETSI EN 319 102-1 §5.2.8", (*examination).checkAlgorithmDates},
		{"revocation", "RFC 3161 §4", (*examination).checkRevocation},
	}
}

func (s *stampExamination) readToken(token []byte) *failure {
	m := reading{input: token}
	if f := m.read(); f != nil || token[0] != 0x30 { // a token is never text
		return fail(StampMalformed, "token is not a signed message")
	}
	s.der, s.message = m.der, m.message
	if len(m.message.Signers) != 1 {
		return fail(StampMalformed, "token has not exactly one signer")
	}
	if !m.message.ContentType.Equal(oidTSTInfo) || m.message.Detached {
		return fail(StampMalformed, "token does not hold a TSTInfo")
	}
	s.signer, s.content = &m.message.Signers[0], m.message.Content
	info, ok := readTSTInfo(s.content)
	if !ok {
		return fail(StampMalformed, "TSTInfo is malformed")
	}
	s.info = info
	return nil
}

func (s *stampExamination) compareImprint() *failure {
	digest, f := digestOf(s.info.algorithm, s.over)
	if f != nil {
		return f
	}
	if !bytes.Equal(digest, s.info.imprint) {
		return fail(StampOther, "imprint is not that of this signature")
	}
	return nil
}

var oidExtendedKeyUsage = asn1.ObjectIdentifier{2, 5, 29, 37}

// checkPurpose demands the critical and sole extended key usage of RFC 3161 §2.3.
func (s *stampExamination) checkPurpose() *failure {
	c := s.certificate
	sole := len(c.ExtKeyUsage) == 1 && c.ExtKeyUsage[0] == x509.ExtKeyUsageTimeStamping && len(c.UnknownExtKeyUsage) == 0
	for _, e := range c.Extensions {
		if e.Id.Equal(oidExtendedKeyUsage) && e.Critical && sole && !c.IsCA {
			return nil
		}
	}
	return fail(StampAuthority, "certificate is not for time stamps and nothing else")
}

// checkTime takes the stated time as the one to judge the authority at, where the policy says so.
func (s *stampExamination) checkTime() *failure {
	if s.info.time.After(s.now.Add(allowedSkew)) {
		return fail(StampTime, "time stamp is from the future")
	}
	if s.info.time.Before(s.certificate.NotBefore) || s.info.time.After(s.certificate.NotAfter) {
		return fail(StampTime, "time stamp is outside the authority's validity")
	}
	s.stampTime = s.info.time
	if s.policy.StampsOutliveAuthority {
		s.existed = s.info.time
		s.stamped = s.existed.Before(s.now)
	}
	return nil
}

// tstInfo is what matters of a TSTInfo (RFC 3161 §2.4.2).
type tstInfo struct {
	algorithm algorithms.Identifier
	imprint   []byte
	time      time.Time
}
