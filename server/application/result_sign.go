package application

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"elicensing/server/fault"
	"elicensing/server/identity"
	"elicensing/server/journal"
	"elicensing/server/licence"
	"elicensing/signing"
	"elicensing/signing/pades"
)

// inserted puts a signature into its place in a PDF. That it has no room there is the signer's affair (a chain or a stamp that is too long); all else
// would be a fault of ours, as the signature has been judged over these very bytes.
func inserted(preparedPDF, signature []byte) ([]byte, error) {
	pdf, err := pades.Insert(preparedPDF, signature)
	if errors.Is(err, pades.ErrTooLarge) {
		return nil, fault.Invalid(signing.SignatureTooLarge).Wrap(err)
	}
	if err != nil {
		return nil, fmt.Errorf("put the signature into the document: %w", err)
	}
	return pdf, nil
}

// SignResult takes the head's signature over the prepared PDF, and in one transaction publishes the result: signed PDF, register entry, state
// (R5.5, R10.6, S10.8). The signer is the head who is signed in, with the authority's certificate.
func (s *Service) SignResult(ctx context.Context, who identity.Actor, id uuid.UUID, p Press, in Signed) error {
	db := s.DB.WithContext(ctx)
	a, err := readVisible(db, who, id)
	if err != nil {
		return err
	}
	if _, err := permit(a, who, SignResult, s.Now()); err != nil {
		return err
	}
	doc, prepared, err := s.preparedResult(db, a, who, in.Digest)
	if err != nil {
		return err
	}
	content := prepared.SignedBytes()
	accepted, report, err := s.accept(ctx, in.Signature, content, signing.Official)
	if err == nil {
		err = mayDecide(db, who, report)
	}
	if err != nil {
		return s.refuseSignature(ctx, a, who, SignResult, report, err)
	}
	// Nothing is added behind what was signed: every reader of PDF then says that the signature covers the whole document. What proves it later is kept
	// beside it, and in the archive copy (resultArchive).
	pdf, err := inserted(doc.PreparedPDF, accepted.Stamped)
	if err != nil {
		return err
	}
	return s.act(ctx, who, id, p, SignResult, func(tx *gorm.DB, a *Application, _ Step) (change, error) {
		// Once more, under the lock: the decision may have changed, and the day ended, while the signature was being checked.
		if s.outdated(a, doc) {
			return change{}, fault.Conflict("document_outdated")
		}
		if err := s.keepSignature(tx, a, purposeResult, content, accepted.Stamped, report); err != nil {
			return change{}, err
		}
		signature, err := signatureOf(tx, a.ID, purposeResult)
		if err != nil {
			return change{}, err
		}
		if doc.Kind == ResultLicence {
			if err := s.enterLicence(tx, a, *doc.LicenceNumber); err != nil {
				return change{}, err
			}
		}
		sum := sha256.Sum256(pdf)
		row := Result{ApplicationID: a.ID, Kind: doc.Kind, PDF: pdf, SHA256: sum[:], SignatureID: signature.ID, LicenceNumber: doc.LicenceNumber, OutgoingNumber: doc.OutgoingNumber,
			SignedAt: signature.SignedAt, SignerName: signature.SignerName}
		if err := tx.Create(&row).Error; err != nil {
			return change{}, fmt.Errorf("publish result: %w", err)
		}
		details := journal.Details{"kind": string(doc.Kind), "certificate": report.Signer.SerialNumber, "sha256": hex.EncodeToString(sum[:])}
		if doc.LicenceNumber != nil {
			details["licence"], details["order"] = *doc.LicenceNumber, *doc.OrderNumber
		}
		return change{details: details}, nil
	})
}

// preparedResult finds the document that the head signed: his own, of today, drawn from the decision as it stands.
func (s *Service) preparedResult(db *gorm.DB, a *Application, who identity.Actor, digest string) (*resultDocument, *pades.Prepared, error) {
	sum, err := hex.DecodeString(digest)
	if err != nil || len(sum) != sha256.Size {
		return nil, nil, fault.Conflict("document_outdated")
	}
	var doc resultDocument
	err = db.Where("application_id = ? AND digest = ? AND prepared_for = ?", a.ID, sum, who.EmployeeID).Take(&doc).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, nil, fault.Conflict("document_outdated")
	}
	if err != nil {
		return nil, nil, fmt.Errorf("read prepared result: %w", err)
	}
	if s.outdated(a, &doc) {
		return nil, nil, fault.Conflict("document_outdated")
	}
	prepared, err := pades.Open(doc.PreparedPDF)
	if err != nil {
		return nil, nil, fmt.Errorf("open prepared result: %w", err)
	}
	return &doc, prepared, nil
}

// outdated tells whether a prepared document no longer says what holds: the decision is another, or the date of issue that is printed in it is
// no longer today's; or a licence names no order.
func (s *Service) outdated(a *Application, doc *resultDocument) bool {
	if doc.Kind == ResultLicence && doc.OrderNumber == nil {
		return true
	}
	return !bytes.Equal(decisionHash(a), doc.DecisionHash) || s.Calendar.DateOf(doc.CreatedAt) != s.today()
}

// mayDecide: the signature is the signed-in head's own, made with the certificate of his authority.
func mayDecide(db *gorm.DB, who identity.Actor, report signing.Report) error {
	var bin string
	if err := db.Table("authorities").Select("bin").Where("code = ?", who.AuthorityCode).Scan(&bin).Error; err != nil {
		return fmt.Errorf("read authority: %w", err)
	}
	if report.Signer.IIN != who.IIN || bin == "" || report.Signer.BIN != bin {
		return identity.WithKey(fault.Invalid("signer_not_official").With("needed", "official"), report)
	}
	return nil
}

// enterLicence enters the licence with its annex into the register.
func (s *Service) enterLicence(tx *gorm.DB, a *Application, number string) error {
	service, err := s.serviceOf(a)
	if err != nil {
		return err
	}
	in := service.Signed(a.ApplicantKind, a.Answers)
	day := s.today()
	on := time.Date(day.Year, day.Month, day.Day, 0, 0, 0, 0, time.UTC)
	l := licence.Licence{Number: number, ApplicationID: a.ID, ServiceCode: service.Code, ServiceVersion: service.Version, AuthorityCode: *a.AuthorityCode, HolderKind: a.ApplicantKind, HolderIIN: a.ApplicantIIN, HolderBIN: a.ApplicantBIN,
		HolderName: a.ApplicantName, AnnexNumber: FirstAnnex, SubActivities: chosenActivities(service, in), Addresses: siteLines(in), Status: licence.Valid,
		IssuedOn: on, FirstIssuedOn: on, CreatedAt: s.Now()}
	return licence.Issue(tx, l)
}
