package signing

import (
	"encoding/hex"
	"time"

	"elicensing/signing/certificate"
	"elicensing/signing/crl"
	"elicensing/signing/revocation"
)

// RevocationFinding is what one source says of one certificate of the path (EN 319 102-1 §5.1.4: a revoked
// certificate is reported with the time and the reason of its revocation).
type RevocationFinding struct {
	Serial     string           `json:"serial"`              // of the certificate, lower-case hexadecimal
	Status     RevocationStatus `json:"status"`              // what this source says, also when another one says worse
	At         time.Time        `json:"at,omitzero"`         // of revocation or suspension
	Reason     string           `json:"reason,omitempty"`    // by its name in RFC 5280 §5.3.1; empty when none is given
	Source     RevocationSource `json:"source"`              // who says so; the proof of OCSP and of lists stands in Report.Evidence
	Kept       bool             `json:"kept,omitempty"`      // the answer came with the signature, nobody was asked
	ThisUpdate time.Time        `json:"thisUpdate,omitzero"` // when the source knew it so (RFC 6960 §4.2.2.1, RFC 5280 §5.1.2.4)
	Until      time.Time        `json:"until,omitzero"`      // when there is to be newer information; zero: the source does not say
}

// RevocationStatus is what a certificate is said to be.
type RevocationStatus string

const (
	StatusGood        RevocationStatus = "good"         // not revoked as of ThisUpdate; no more is said (RFC 6960 §2.2)
	StatusRevoked     RevocationStatus = "revoked"      // for good: RFC 5280 §5.3.1 lets only a hold be taken back
	StatusSuspended   RevocationStatus = "suspended"    // on hold: it may be released
	StatusNeverIssued RevocationStatus = "never_issued" // the authority does not know it (RFC 6960 §2.2)
)

// RevocationSource is who says so.
type RevocationSource string

const (
	SourceOCSP     RevocationSource = "ocsp"       // a responder (RFC 6960)
	SourceCRL      RevocationSource = "crl"        // a list, perhaps with its delta (RFC 5280 §5.2.4, §6.3)
	SourceRemember RevocationSource = "remembered" // it was learnt before that the certificate is revoked
)

// reasonNames are those of RFC 5280 §5.3.1.
var reasonNames = map[crl.Reason]string{
	crl.Unspecified: "unspecified", crl.KeyCompromise: "keyCompromise", crl.CACompromise: "cACompromise",
	crl.AffiliationChanged: "affiliationChanged", crl.Superseded: "superseded", crl.CessationOfOperation: "cessationOfOperation",
	crl.CertificateHold: "certificateHold", crl.RemoveFromCRL: "removeFromCRL", crl.PrivilegeWithdrawn: "privilegeWithdrawn",
	crl.AACompromise: "aACompromise",
}

// keepsStamps are the reasons for which a time-stamping authority may end while what it stamped before stays good.
// Any other reason, and a revocation without one, casts doubt on all its stamps (RFC 3161 §4, item 1).
var keepsStamps = map[crl.Reason]bool{crl.Unspecified: true, crl.AffiliationChanged: true, crl.Superseded: true, crl.CessationOfOperation: true}

// finding is an answer about a certificate, and whether it was kept with the signature.
type finding struct {
	revocation.Answer
	kept bool
}

func (f finding) status() RevocationStatus {
	switch {
	case f.Status == revocation.Good:
		return StatusGood
	case f.NeverIssued:
		return StatusNeverIssued
	case crl.Reason(f.Reason) == crl.CertificateHold:
		return StatusSuspended
	}
	return StatusRevoked
}

// of tells it in the words of the report.
func (f finding) of(c *certificate.Certificate) RevocationFinding {
	found := RevocationFinding{Serial: hex.EncodeToString(c.Serial.Bytes()), Status: f.status(), Source: SourceRemember, Kept: f.kept,
		ThisUpdate: f.ThisUpdate, Until: f.Until}
	switch {
	case f.OCSP != nil:
		found.Source = SourceOCSP
	case f.CRLs != nil:
		found.Source = SourceCRL
	}
	if f.Status == revocation.Revoked {
		found.At, found.Reason = f.RevokedAt, reasonNames[crl.Reason(f.Reason)]
	}
	return found
}

// worst is what the findings about one certificate mean together. own: it is the one that signed, or stamped.
func (e *examination) worst(found []finding, own bool) (worst *failure, remark string) {
	for _, one := range found {
		f, note := e.weigh(one, own)
		if note != "" {
			remark = note
		}
		if f != nil && (worst == nil || worst.verdict().sub == subTryLater) {
			worst = f
		}
	}
	return worst, remark
}

// weigh judges a finding by the best signature time (EN 319 102-1 §5.5.4, §5.6.2.2): what existed before a
// revocation, stays. Without a failure there may be a remark.
func (e *examination) weigh(found finding, own bool) (*failure, string) {
	stamping := own && !e.stampTime.IsZero()
	switch status := found.status(); {
	case status == StatusGood:
		return nil, ""
	case status == StatusNeverIssued:
		return fail(CertificateNeverIssued, "the authority does not know the certificate"), ""
	case stamping && keepsStamps[crl.Reason(found.Reason)] && found.RevokedAt.After(e.stampTime):
		return nil, "the authority was revoked after it stamped"
	case !stamping && e.stamped && found.RevokedAt.After(e.existed):
		return nil, "a certificate was revoked after the signature existed"
	case status == StatusSuspended: // EN 319 102-1 §5.2.6: it may be released, or revoked
		return fail(CertificateSuspended, "certificate is on hold"+found.since()), ""
	case stamping:
		return fail(CertificateRevoked, "certificate of the time-stamping authority is revoked"+found.since()), ""
	case !own:
		return e.orLater(fail(CertificateRevoked, "certificate of an authority is revoked"+found.since()).as(subRevokedCA)), ""
	case e.stamped:
		return fail(CertificateRevoked, "certificate was revoked before the signature existed"+found.since()).as(subRevokedBefore), ""
	}
	return e.orLater(fail(CertificateRevoked, "certificate is revoked"+found.since())), ""
}

// since tells time and reason of a revocation for the detail of a check.
func (f finding) since() string {
	reason := reasonNames[crl.Reason(f.Reason)]
	if reason == "" {
		reason = "no reason given"
	}
	return " since " + f.RevokedAt.UTC().Format(time.RFC3339) + ", " + reason
}
