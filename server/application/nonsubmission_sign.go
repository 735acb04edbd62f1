package application

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"elicensing/payments"
	"elicensing/server/catalog"
	"elicensing/server/fault"
	"elicensing/server/identity"
	"elicensing/server/journal"
	"elicensing/server/print"
	"elicensing/signing"
	"elicensing/signing/pades"
)

// refundDocument is a certificate drawn for a head's signature.
type refundDocument struct {
	ID          uuid.UUID `gorm:"primaryKey"`
	RequestID   uuid.UUID
	PreparedPDF []byte `gorm:"column:prepared_pdf"`
	Digest      []byte
	PreparedFor uuid.UUID
	OutNumber   string
	CreatedAt   time.Time
}

func (refundDocument) TableName() string { return "refund_documents" }

// PrepareCertificate draws the certificate of non-submission for the head and fixes the bytes to sign. Its number belongs to the request from
// the first drawing on.
func (s *Service) PrepareCertificate(ctx context.Context, who identity.Actor, id uuid.UUID) (ToSign, error) {
	db := s.DB.WithContext(ctx)
	r, a, err := s.refundFor(db, who, id)
	if err != nil {
		return ToSign{}, err
	}
	if err := s.certifiable(ctx, a, r); err != nil {
		return ToSign{}, err
	}
	doc := refundDocument{ID: uuid.Must(uuid.NewV7()), RequestID: id, PreparedFor: who.EmployeeID, CreatedAt: s.Now()}
	err = db.Transaction(func(tx *gorm.DB) (err error) {
		if err := s.hold(tx, r); err != nil {
			return err
		}
		doc.OutNumber, err = s.certificateNumber(tx, r)
		return err
	})
	if err != nil {
		return ToSign{}, err
	}
	prepared, err := s.drawCertificate(ctx, r, a, who, &doc)
	if err != nil {
		return ToSign{}, err
	}
	if err := db.Create(&doc).Error; err != nil {
		return ToSign{}, fmt.Errorf("keep prepared certificate: %w", err)
	}
	return ToSign{Content: prepared.SignedBytes(), Digest: hex.EncodeToString(doc.Digest), PreparedAt: doc.CreatedAt}, nil
}

// refundFor reads a request for the head of its authority. Another authority's looks like none (I19).
func (s *Service) refundFor(db *gorm.DB, who identity.Actor, id uuid.UUID) (RefundRequest, *Application, error) {
	if err := headOnly(who); err != nil {
		return RefundRequest{}, nil, err
	}
	var r RefundRequest
	err := db.Omit("pdf").Where("id = ? AND authority_code = ?", id, who.AuthorityCode).Take(&r).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return r, nil, errNotFound
	}
	if err != nil {
		return r, nil, fmt.Errorf("read request for refund: %w", err)
	}
	a, err := read(db, r.ApplicationID)
	if err != nil {
		a = shellFor(r) // the draft was discarded; the request keeps all that the certificate says
	}
	if a.ownCase(who) || shellFor(r).ownCase(who) {
		return r, nil, errNotFound // his own case (I16)
	}
	return r, a, nil
}

// certifiable: nothing was filed, and the gateway, asked now, holds the money that the tax office is to give back.
func (s *Service) certifiable(ctx context.Context, a *Application, r RefundRequest) error {
	if r.State != RefundAsked {
		return fault.Conflict("state_changed")
	}
	if err := s.noneFiledSince(s.DB.WithContext(ctx), a, r); err != nil {
		return err
	}
	if r.Source != refundOfCase {
		return nil
	}
	c, err := s.Payments.CaseByID(ctx, r.SourceID)
	if err != nil {
		return paymentFault(err)
	}
	return silentFault(s.Payments.StillHeld(ctx, c))
}

// hold keeps the money of a request from every other road until the transaction ends.
func (s *Service) hold(tx *gorm.DB, r RefundRequest) error {
	if r.Source != refundOfCase {
		return nil
	}
	_, err := s.Payments.HoldCase(tx, r.SourceID)
	return paymentFault(err)
}

// CertificateDraft draws the certificate as it would be signed, for the head to read; the number comes with the signature.
func (s *Service) CertificateDraft(ctx context.Context, who identity.Actor, id uuid.UUID) ([]byte, error) {
	r, a, err := s.refundFor(s.DB.WithContext(ctx), who, id)
	if err != nil {
		return nil, err
	}
	doc := refundDocument{OutNumber: "—", CreatedAt: s.Now()}
	if r.OutNumber != "" {
		doc.OutNumber = r.OutNumber
	}
	return s.certificatePDF(ctx, r, a, who, doc)
}

// certificateNumber gives the request its number, once.
func (s *Service) certificateNumber(tx *gorm.DB, r RefundRequest) (string, error) {
	var held []string
	if err := tx.Clauses(clause.Locking{Strength: "UPDATE"}).Omit("pdf").Where("id = ?", r.ID).Take(&RefundRequest{}).Error; err != nil {
		return "", fmt.Errorf("lock request for refund: %w", err)
	}
	if err := tx.Raw("SELECT out_number FROM refund_documents WHERE request_id = ? UNION SELECT out_number FROM refund_requests WHERE id = ? AND out_number <> ''", r.ID, r.ID).Scan(&held).Error; err != nil {
		return "", fmt.Errorf("read number of certificate: %w", err)
	}
	if len(held) > 0 {
		return held[0], nil
	}
	year := s.today().Year
	n, err := next(tx, "non-submission/"+r.AuthorityCode, year)
	if err != nil {
		return "", err
	}
	number := fmt.Sprintf("НП-%s-%d-%d", r.AuthorityCode, year, n)
	if err := tx.Model(&RefundRequest{}).Where("id = ?", r.ID).Update("out_number", number).Error; err != nil {
		return "", fmt.Errorf("keep number of certificate: %w", err)
	}
	return number, nil
}

func (s *Service) certificatePDF(ctx context.Context, r RefundRequest, a *Application, head identity.Actor, doc refundDocument) ([]byte, error) {
	authority, err := s.Directory.Authority(r.AuthorityCode)
	if err != nil {
		return nil, err
	}
	inv, err := s.Payments.Get(ctx, r.InvoiceID)
	if err != nil {
		return nil, paymentFault(err)
	}
	q := inv.Requisites
	pdf, err := print.CertificateOfNonSubmission(print.NonSubmission{
		Number: doc.OutNumber, Date: doc.CreatedAt, Payer: print.Party{Kind: print.ApplicantKind(a.ApplicantKind), Name: print.Same(r.PayerName), ID: r.PayerID},
		Authority: printAuthority(authority), AmountTiyn: int64(r.Amount), PaidAt: r.PaidAt, Document: r.PaymentNumber,
		Requisites: print.Requisites{Beneficiary: print.Same(q.Beneficiary), BeneficiaryBIN: q.BeneficiaryBIN, BIC: q.BankCode, Account: q.Account, TaxOffice: q.TaxOfficeCode,
			Budget: q.BudgetCode, Purpose: q.PurposeCode},
		Head: head.Name, Signature: print.EDS{Signer: head.Name, At: doc.CreatedAt}, Demo: s.Demo,
	})
	if err != nil {
		return nil, fmt.Errorf("draw certificate of non-submission: %w", err)
	}
	return pdf, nil
}

// drawCertificate makes the PDF with the room for the signature.
func (s *Service) drawCertificate(ctx context.Context, r RefundRequest, a *Application, head identity.Actor, doc *refundDocument) (*pades.Prepared, error) {
	authority, err := s.Directory.Authority(r.AuthorityCode)
	if err != nil {
		return nil, err
	}
	pdf, err := s.certificatePDF(ctx, r, a, head, *doc)
	if err != nil {
		return nil, err
	}
	prepared, err := pades.Prepare(pdf, pades.Options{Name: head.Name, Reason: "Standard, paragraph 7", Location: authority.Place.RU, SignedAt: doc.CreatedAt.In(s.Calendar.Zone())})
	if err != nil {
		return nil, fmt.Errorf("prepare signature: %w", err)
	}
	sum := sha256.Sum256(prepared.SignedBytes())
	doc.PreparedPDF, doc.Digest = prepared.PDF(), sum[:]
	return prepared, nil
}

// SignCertificate takes the head's signature over the prepared certificate and hands it out (S7.1): the case about the money is closed. It is the document of one day: on the next it is drawn anew.
func (s *Service) SignCertificate(ctx context.Context, who identity.Actor, id uuid.UUID, p Press, in Signed) error {
	db := s.DB.WithContext(ctx)
	r, a, err := s.refundFor(db, who, id)
	if err != nil {
		return err
	}
	if err := s.certifiable(ctx, a, r); err != nil {
		return err
	}
	sum, err := hex.DecodeString(in.Digest)
	if err != nil || len(sum) != sha256.Size {
		return fault.Conflict("document_outdated")
	}
	var doc refundDocument
	err = db.Where("request_id = ? AND digest = ? AND prepared_for = ?", id, sum, who.EmployeeID).Take(&doc).Error
	if errors.Is(err, gorm.ErrRecordNotFound) || err == nil && s.Calendar.DateOf(doc.CreatedAt) != s.today() {
		return fault.Conflict("document_outdated")
	}
	if err != nil {
		return fmt.Errorf("read prepared certificate: %w", err)
	}
	prepared, err := pades.Open(doc.PreparedPDF)
	if err != nil {
		return fmt.Errorf("open prepared certificate: %w", err)
	}
	accepted, report, err := s.accept(ctx, in.Signature, prepared.SignedBytes(), signing.Official)
	if err == nil {
		err = mayDecide(db, who, report)
	}
	if err != nil {
		return s.refuseSignature(ctx, a, who, certifyAction, report, err)
	}
	pdf, err := provable(doc.PreparedPDF, accepted, report)
	if err != nil {
		return err
	}
	return db.Transaction(func(tx *gorm.DB) error {
		if err := s.publishCertificate(tx, who, a, r, doc, pdf); err != nil {
			return err
		}
		return s.settle(tx, p)
	})
}

func (s *Service) publishCertificate(tx *gorm.DB, who identity.Actor, a *Application, r RefundRequest, doc refundDocument, pdf []byte) error {
	now := s.Now()
	if err := s.hold(tx, r); err != nil {
		return err
	}
	if err := s.noneFiledSince(tx, a, r); err != nil {
		return err
	}
	done := tx.Model(&RefundRequest{}).Where("id = ? AND state = ?", r.ID, RefundAsked).
		Updates(map[string]any{"state": RefundSigned, "signed_at": now, "signer_name": who.Name, "out_number": doc.OutNumber, "pdf": pdf})
	if done.Error != nil {
		return fmt.Errorf("publish certificate: %w", done.Error)
	}
	if done.RowsAffected == 0 {
		return fault.Conflict("state_changed")
	}
	if r.Source == refundOfCase {
		if err := s.Payments.CloseCase(tx, r.SourceID, payments.Decision{How: payments.ClosedCertificate, By: who.Name, Note: doc.OutNumber}); err != nil {
			return paymentFault(err)
		}
	}
	if err := s.tellOfRequest(tx, r, noticeCertificate); err != nil {
		return err
	}
	return s.note(tx, a.ID, a.State, certifyAction, identity.Head, who, journal.Details{"certificate": doc.OutNumber, "amount": r.Amount.String()})
}

// shellFor stands for a discarded draft with what a request keeps of it.
func shellFor(r RefundRequest) *Application {
	a := &Application{ID: r.ApplicationID, AuthorityCode: &r.AuthorityCode, State: Gone, ApplicantKind: catalog.ApplicantKind(r.PayerKind), ApplicantName: r.PayerName}
	if a.ApplicantKind == catalog.Entity {
		a.ApplicantBIN = r.PayerID
	} else {
		a.ApplicantIIN = r.PayerID
	}
	return a
}

// provable puts an accepted signature into its place in a PDF, and behind it what proves it later (PAdES-LT): the certificate goes to the tax office,
// which asks nobody here, and is not in a register of ours.
func provable(preparedPDF []byte, accepted signing.Accepted, report signing.Report) ([]byte, error) {
	pdf, err := inserted(preparedPDF, accepted.Stamped)
	if err != nil {
		return nil, err
	}
	if pdf, err = pades.AddStore(pdf, report.Evidence.Store()); err != nil {
		return nil, fmt.Errorf("add the security store: %w", err)
	}
	return pdf, nil
}
