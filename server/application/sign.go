package application

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"elicensing/payments"
	"elicensing/server/catalog"
	"elicensing/server/fault"
	"elicensing/server/identity"
	"elicensing/server/journal"
	"elicensing/signing"
	"elicensing/signing/cms"
)

// Signature is an accepted signature with what proves it later: the CMS as it came, and the report with chain and revocation answer.
type Signature struct {
	ID                uuid.UUID `gorm:"primaryKey"`
	ApplicationID     uuid.UUID
	Purpose           string // "request" or "result"
	ContentDigest     []byte // SHA-256 of the signed bytes
	CMS               []byte `gorm:"column:cms"`
	CMSDigest         []byte `gorm:"column:cms_digest"`
	ValueDigest       []byte // of the signature's value, whatever evidence stands beside it
	SignedDigest      []byte // of the attributes that are signed, whatever form the value was given
	SignerIIN         string `gorm:"column:signer_iin"`
	SignerBIN         string `gorm:"column:signer_bin"`
	SignerName        string
	Organisation      string
	CertificateSerial string
	Issuer            string
	SignedAt          time.Time // when the server accepted it
	Report            json.RawMessage
	SetAsideAt        *time.Time
}

// What a signature in the table is for.
const (
	purposeRequest = "request"
	purposeResult  = "result"
)

// Signed is a signature as the client sends it: the digest of the bytes it believes it signed, and the CMS.
type Signed struct {
	Digest    string // SHA-256, hex
	Signature string // detached CMS, base64 or PEM
}

// Sign takes the applicant's signature over the prepared document (R10.3): the signature is checked over the bytes that we stored, the signer
// must be the applicant or may act for the organisation, and the request is locked. With a fee due the invoice is opened (S7.1).
func (s *Service) Sign(ctx context.Context, who identity.Actor, id uuid.UUID, p Press, in Signed) error {
	db := s.DB.WithContext(ctx)
	a, err := readVisible(db, who, id)
	if err != nil {
		return err
	}
	if _, err := permit(a, who, Sign, s.Now()); err != nil {
		return err
	}
	doc, err := preparedRequest(db, a, in.Digest)
	if err != nil {
		return err
	}
	accepted, report, err := s.accept(ctx, in.Signature, doc.Manifest, signing.Applicant)
	if err != nil {
		return s.refuseSignature(ctx, a, who, Sign, report, err)
	}
	if f := mayApply(a, report.Signer); f != nil {
		return s.refuseSignature(ctx, a, who, Sign, report, identity.WithKey(f, report))
	}
	err = s.act(ctx, who, id, p, Sign, func(tx *gorm.DB, a *Application, _ Step) (change, error) {
		// The form bears the day of its making, and what it says was checked on that day.
		if a.DocumentID == nil || *a.DocumentID != doc.ID || !s.madeToday(doc) {
			return change{}, fault.Conflict("document_outdated")
		}
		if err := s.keepSignature(tx, a, purposeRequest, doc.Manifest, accepted.Kept, report); err != nil {
			return change{}, err
		}
		invoice, err := s.openInvoice(tx, a)
		if err != nil {
			return change{}, err
		}
		columns := map[string]any{}
		if a.ApplicantKind == catalog.Entity {
			// Who signed for the organisation has a part in the case, whoever began it (I16).
			columns["applicant_iin"], columns["representative"] = report.Signer.IIN, report.Signer.FullName()
			if err := identity.NoteBelonging(tx, report.Signer.IIN, report.Signer.BIN, report.Signer.NotAfter); err != nil {
				return change{}, err
			}
		}
		return change{columns: columns, details: journal.Details{"document": doc.ID.String(), "certificate": report.Signer.SerialNumber, "invoice": invoice.Number}}, nil
	})
	return err
}

// preparedRequest reads the document that the draft is to be signed as; the digest shows that the client means the same one.
func preparedRequest(db *gorm.DB, a *Application, digest string) (*requestDocument, error) {
	if a.DocumentID == nil {
		return nil, fault.Conflict("document_outdated")
	}
	doc, err := readRequest(db, *a.DocumentID)
	if err != nil {
		return nil, err
	}
	if sum, err := hex.DecodeString(digest); err != nil || !bytes.Equal(sum, doc.Digest) {
		return nil, fault.Conflict("document_outdated")
	}
	return doc, nil
}

// accept checks a CMS over bytes that we stored, and gives it with the evidence to keep. A signature that could not be checked now is "try later",
// never "invalid" (I6). A time stamp that could not be had is no reason to turn a signer away: the report warns of it.
func (s *Service) accept(ctx context.Context, signature string, content []byte, policy signing.Policy) (signing.Accepted, signing.Report, error) {
	der, err := cms.Decode([]byte(signature))
	if err != nil {
		return signing.Accepted{}, signing.Report{}, fault.Invalid(decodeReason(err)).Wrap(err)
	}
	r, accepted, err := s.Verifier.Accept(ctx, der, content, policy)
	if err != nil {
		return signing.Accepted{}, r, fmt.Errorf("keep evidence: %w", err)
	}
	if !r.Passed() || r.Signer == nil {
		return signing.Accepted{}, r, identity.Refusal(r)
	}
	return accepted, r, nil
}

// mayApply holds I3: the signer is the applicant, or acts for the organisation by a certificate with its BIN and the right to sign.
func mayApply(a *Application, signer *signing.Signer) *fault.Error {
	if a.ApplicantKind == catalog.Entity {
		if signer.BIN != a.ApplicantBIN {
			return fault.Invalid("signer_not_applicant").With("needed", "entity")
		}
		if !signer.Has(signing.RoleHead) && !signer.Has(signing.RoleRightToSign) {
			return fault.Invalid("signer_without_right").With("needed", "entity_right")
		}
		return nil
	}
	if signer.IIN != a.ApplicantIIN || signer.BIN != "" {
		return fault.Invalid("signer_not_applicant").With("needed", "person")
	}
	return nil
}

// refuseSignature journals a refused signature, so that an attempt with a wrong key is not lost with the refusal. The row names both, who was signed
// in and whose key it was (I3); the journal is the one place for that.
func (s *Service) refuseSignature(ctx context.Context, a *Application, who identity.Actor, action Action, report signing.Report, refusal error) error {
	f, ok := fault.From(refusal)
	if !ok {
		return refusal
	}
	role := identity.Applicant
	if who.Capacity == identity.AsOfficial {
		role = identity.Head
	}
	details := journal.Details{"reason": f.Code}
	if key := report.Signer; key != nil {
		details["certificate"], details["signerName"], details["signerIin"], details["signerBin"] = key.SerialNumber, key.FullName(), key.IIN, key.BIN
	}
	err := journal.Record(s.DB.WithContext(ctx), journal.Entry{At: s.Now(), ApplicationID: &a.ID, Action: string(action) + failedSuffix, FromState: string(a.State), ToState: string(a.State),
		ActorRole: string(role), ActorIIN: who.IIN, ActorName: who.Name, Details: details})
	if err != nil {
		return errors.Join(refusal, err)
	}
	return refusal
}

// keepSignature stores an accepted signature with its evidence. The same signature is never accepted twice (I5): what it is over tells, which
// neither added evidence nor another form of its value can change.
func (s *Service) keepSignature(tx *gorm.DB, a *Application, purpose string, content, der []byte, r signing.Report) error {
	value, err := signing.SignatureValue(der)
	if err != nil {
		return fmt.Errorf("read signature: %w", err)
	}
	signed, err := signing.SignedAttributes(der)
	if err != nil {
		return fmt.Errorf("read signed attributes: %w", err)
	}
	contentSum, cmsSum, valueSum, signedSum := sha256.Sum256(content), sha256.Sum256(der), sha256.Sum256(value), sha256.Sum256(signed)
	row := Signature{ID: uuid.Must(uuid.NewV7()), ApplicationID: a.ID, Purpose: purpose, ContentDigest: contentSum[:], CMS: der, CMSDigest: cmsSum[:], ValueDigest: valueSum[:], SignedDigest: signedSum[:],
		SignerIIN: r.Signer.IIN, SignerBIN: r.Signer.BIN, SignerName: r.Signer.FullName(), Organisation: r.Signer.Organisation,
		CertificateSerial: r.Signer.SerialNumber, Issuer: issuerOf(r.Signer.Certificate), SignedAt: s.Now()}
	small := r
	small.Evidence.CRLs = nil // kept beside
	if row.Report, err = json.Marshal(small); err != nil {
		return fmt.Errorf("encode report: %w", err)
	}
	err = tx.Create(&row).Error
	if errors.Is(err, gorm.ErrDuplicatedKey) {
		return fault.Conflict("signature_used")
	}
	if err != nil {
		return fmt.Errorf("keep signature: %w", err)
	}
	return keepLists(tx, row.ID, r.Evidence.CRLs)
}

// openInvoice opens the invoice of a request that costs a fee, with the requisites of its authority frozen on it.
func (s *Service) openInvoice(tx *gorm.DB, a *Application) (payments.Invoice, error) {
	kind, err := s.kindOf(a)
	if err != nil {
		return payments.Invoice{}, err
	}
	requisites, err := requisitesOf(tx, *a.AuthorityCode)
	if err != nil {
		return payments.Invoice{}, err
	}
	invoice, err := s.Payments.OpenInvoice(tx, payments.InvoiceRequest{ApplicationID: a.ID, PayerIIN: a.ApplicantIIN, PayerBIN: a.ApplicantBIN, PayerName: a.ApplicantName,
		Kind: payments.Kind(kind.Fee.Kind), Purpose: purposeOfFee, Requisites: requisites})
	return invoice, paymentFault(err)
}

// requisitesOf are where the fees of an authority go.
func requisitesOf(db *gorm.DB, authorityCode string) (payments.Requisites, error) {
	var row struct{ Requisites json.RawMessage }
	if err := db.Table("authorities").Select("requisites").Where("code = ?", authorityCode).Take(&row).Error; err != nil {
		return payments.Requisites{}, fmt.Errorf("read requisites: %w", err)
	}
	var requisites payments.Requisites
	if err := json.Unmarshal(row.Requisites, &requisites); err != nil {
		return payments.Requisites{}, fmt.Errorf("read requisites: %w", err)
	}
	requisites.Authority = authorityCode
	return requisites, nil
}

// The purpose of payment on invoice and receipt (КНП 911). The gateway is told the Russian one, the language of payment documents.
const (
	purposeOfFee   = "Лицензионный сбор за право занятия отдельными видами деятельности (медицинская деятельность)"
	purposeOfFeeKK = "Жекелеген қызмет түрлерімен айналысу құқығы үшін лицензиялық алым (медициналық қызмет)"
)

// decodeReason is the reason why bytes cannot even be looked at as a message.
func decodeReason(err error) string {
	switch {
	case errors.Is(err, cms.ErrTooLarge):
		return signing.SignatureTooLarge
	case errors.Is(err, cms.ErrTooDeep):
		return signing.SignatureTooDeep
	default:
		return signing.SignatureMalformed
	}
}

// issuerOf names who issued a certificate, for people.
func issuerOf(der []byte) string {
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return "" // verified a moment ago by a reader of its own; a name we cannot read is not shown
	}
	return certificate.Issuer.CommonName
}
