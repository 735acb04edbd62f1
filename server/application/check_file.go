package application

import (
	"context"
	"crypto/sha256"
	"fmt"
	"time"

	"gorm.io/gorm"

	"elicensing/server/licence"
	"elicensing/signing"
	"elicensing/signing/pades"
)

// Answer is one of the three answers about a document that somebody dropped. "Could not be checked now" is never "bad" and never "good".
type Answer string

const (
	Good       Answer = "good"
	Bad        Answer = "bad"
	NotChecked Answer = "not_checked"
)

// Verdict answers three questions about a file: is the signature good, is this the document in the register, is the licence in force.
type Verdict struct {
	Signature Answer
	Reason    string // why not good
	Signer    *signing.Signer
	SignedAt  time.Time

	Registered bool // byte for byte a result that this portal published
	Known      bool // made of such a result at least: it holds the signature or the signed bytes of one
	Kind       ResultKind
	Licence    *licence.Licence // the register's entry of that result
}

// published is the policy for documents that officials signed once and anybody holds against us later: they are judged by the evidence in them.
func published() signing.Policy {
	p := signing.Official
	p.KeptFirst, p.StampsOutliveAuthority = true, true
	return p
}

// CheckFile looks at a PDF that anyone dropped. The file is not kept.
func (s *Service) CheckFile(ctx context.Context, pdf []byte) (Verdict, error) {
	v := Verdict{Signature: Bad}
	signatures, unreadable := pades.Signatures(pdf)
	kept, err := s.findPublished(ctx, &v, pdf, signatures)
	if err != nil {
		return v, err
	}
	switch {
	case unreadable != nil:
		v.Reason = "file_malformed"
		return v, nil //nolint:nilerr // a bad file is an answer, not our failure
	case len(signatures) == 0:
		v.Reason = "file_unsigned"
		return v, nil
	case signatures[0].CMS == nil: // the signature was taken out, what was signed may be whole
		v.Reason = "file_unsigned"
	case len(signatures) > 1:
		v.Reason = "file_several_signatures"
	case !signatures[0].CoversWhatIsShown:
		v.Reason = "file_changed_after_signing"
	default:
		s.judgeSignature(ctx, &v, signatures[0], kept)
	}
	return v, s.findOriginal(ctx, &v, signatures[0])
}

func (s *Service) judgeSignature(ctx context.Context, v *Verdict, signature pades.Signature, kept signing.Kept) {
	v.SignedAt = signature.SignedAt
	report := s.Verifier.VerifyWith(ctx, signing.Input{Message: signature.CMS, Content: signature.SignedBytes, Policy: published(), Kept: kept})
	v.Signer = report.Signer
	switch {
	case report.Passed():
		v.Signature = Good
	case report.Reason == signing.RevocationUnavailable:
		v.Signature, v.Reason = NotChecked, report.Reason
	default:
		v.Reason = report.Reason
	}
}

// findPublished looks for the document in the register, as it was signed or as the archive copy, and gives the evidence about its signature: what we
// kept when it was accepted, and of a file that we do not know what came in it.
func (s *Service) findPublished(ctx context.Context, v *Verdict, pdf []byte, signatures []pades.Signature) (signing.Kept, error) {
	signed := pdf
	var kept signing.Kept
	if len(signatures) == 1 && signatures[0].CoversWhatIsShown {
		signed = pdf[:signatures[0].ByteRange[2]+signatures[0].ByteRange[3]]
		kept = signing.Kept(signatures[0].Store)
	}
	db := s.DB.WithContext(ctx)
	var found []Result
	if err := db.Omit("pdf").Where("sha256 IN ?", [][]byte{digestOf(pdf), digestOf(signed)}).Limit(1).Find(&found).Error; err != nil {
		return kept, fmt.Errorf("look for document: %w", err)
	}
	if len(found) == 0 {
		return kept, nil
	}
	v.Registered = true
	if err := v.entry(db, found[0]); err != nil {
		return kept, err
	}
	evidence, err := evidenceOf(db, found[0].SignatureID)
	return evidence.Kept(), err
}

// findOriginal finds the result of which a file is made that is not one itself, by its signature or by the digest of the signed bytes: whoever was
// handed a document that somebody has changed is told so, and which entry of the register is the true one.
func (s *Service) findOriginal(ctx context.Context, v *Verdict, signature pades.Signature) error {
	if v.Known {
		return nil
	}
	sum := sha256.Sum256(signature.SignedBytes)
	db := s.DB.WithContext(ctx)
	var found []Result
	err := db.Omit("pdf").Where("signature_id IN (SELECT id FROM signatures WHERE purpose = ? AND (content_digest = ? OR cms_digest = ?))", purposeResult, sum[:], digestOf(signature.CMS)).
		Limit(1).Find(&found).Error
	if err != nil {
		return fmt.Errorf("look for document: %w", err)
	}
	if len(found) == 0 {
		return nil
	}
	return v.entry(db, found[0])
}

// entry notes the result that the register holds.
func (v *Verdict) entry(db *gorm.DB, found Result) error {
	v.Known, v.Kind = true, found.Kind
	if found.LicenceNumber == nil {
		return nil
	}
	l, err := licence.ByNumber(db, *found.LicenceNumber)
	if err != nil {
		return err
	}
	v.Licence = &l
	return nil
}

func digestOf(b []byte) []byte {
	sum := sha256.Sum256(b)
	return sum[:]
}
