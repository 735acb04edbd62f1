package application

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"elicensing/server/directory"
	"elicensing/server/fault"
	"elicensing/server/identity"
	"elicensing/server/journal"
	"elicensing/server/licence"
	"elicensing/server/print"
	"elicensing/signing"
	"elicensing/signing/pades"
)

// resultDocument is a licence or refusal drawn for a head's signature: a PDF with the room for the CMS. The head signs exactly these bytes.
type resultDocument struct {
	ID             uuid.UUID `gorm:"primaryKey"`
	ApplicationID  uuid.UUID
	Kind           ResultKind
	PreparedPDF    []byte `gorm:"column:prepared_pdf"`
	Digest         []byte // SHA-256 of the bytes to sign
	DecisionHash   []byte // of the decision it was drawn from
	PreparedFor    uuid.UUID
	LicenceNumber  *string
	OutgoingNumber *string
	CreatedAt      time.Time
}

func (resultDocument) TableName() string { return "result_documents" }

// Result is the signed end of an application: never changed, published in the moment in which the signature is accepted (I15).
type Result struct {
	ApplicationID  uuid.UUID `gorm:"primaryKey"`
	Kind           ResultKind
	PDF            []byte `gorm:"column:pdf"`
	SHA256         []byte `gorm:"column:sha256"`
	SignatureID    uuid.UUID
	LicenceNumber  *string
	OutgoingNumber *string
	SignedAt       time.Time
	SignerName     string
}

// TableName is the table's name for GORM.
func (Result) TableName() string { return "results" }

// FirstAnnex is the number of the annex that comes with a new licence (facts §10).
const FirstAnnex = "001"

// PrepareResult draws the decision for the head and fixes the bytes to sign (R5.5). The number of a licence is taken here, because it is part of
// what is signed; it stays with the application until it is signed or the decision becomes another one.
func (s *Service) PrepareResult(ctx context.Context, who identity.Actor, id uuid.UUID) (ToSign, error) {
	var to ToSign
	err := s.DB.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		a, err := lockVisible(tx, who, id)
		if err != nil {
			return err
		}
		if _, err := permit(a, who, SignResult, s.Now()); err != nil {
			return err
		}
		doc, prepared, err := s.drawResult(tx, a, who)
		if err != nil {
			return err
		}
		if err := tx.Create(doc).Error; err != nil {
			return fmt.Errorf("keep prepared result: %w", err)
		}
		to = ToSign{Content: prepared.SignedBytes(), Digest: hex.EncodeToString(doc.Digest), PreparedAt: doc.CreatedAt}
		return nil
	})
	return to, err
}

func (s *Service) drawResult(tx *gorm.DB, a *Application, who identity.Actor) (*resultDocument, *pades.Prepared, error) {
	now := s.Now()
	doc := &resultDocument{ID: uuid.Must(uuid.NewV7()), ApplicationID: a.ID, Kind: a.Decision.Kind, DecisionHash: decisionHash(a), PreparedFor: who.EmployeeID, CreatedAt: now}
	authority, err := s.Directory.Authority(*a.AuthorityCode)
	if err != nil {
		return nil, nil, err
	}
	var pdf []byte
	if a.Decision.Kind == ResultLicence {
		number, err := s.licenceNumber(tx, a)
		if err != nil {
			return nil, nil, err
		}
		doc.LicenceNumber = &number
		pdf, err = s.drawLicence(a, authority, number, who, now)
		if err != nil {
			return nil, nil, err
		}
	} else {
		if err := voidLicenceNumber(tx, a.ID, now, "refused"); err != nil {
			return nil, nil, err
		}
		number, err := s.outgoingNumber(tx, a)
		if err != nil {
			return nil, nil, err
		}
		doc.OutgoingNumber = &number
		pdf, err = s.drawRefusal(tx, a, authority, number, who, now, a.Decision.Grounds)
		if err != nil {
			return nil, nil, err
		}
	}
	prepared, err := pades.Prepare(pdf, pades.Options{Name: who.Name, Reason: "Standard, paragraph 6", Location: authority.Place.RU, SignedAt: s.localNow()})
	if err != nil {
		return nil, nil, fmt.Errorf("prepare signature: %w", err)
	}
	sum := sha256.Sum256(prepared.SignedBytes())
	doc.PreparedPDF, doc.Digest = prepared.PDF(), sum[:]
	return doc, prepared, nil
}

// decisionHash tells whether a decision is still the one that a document was drawn from.
func decisionHash(a *Application) []byte {
	b, err := json.Marshal(a.Decision)
	if err != nil {
		return nil // strings and times always encode; nil equals no stored hash
	}
	sum := sha256.Sum256(b)
	return sum[:]
}

func (s *Service) drawLicence(a *Application, authority directory.Authority, number string, head identity.Actor, now time.Time) ([]byte, error) {
	service, err := s.serviceOf(a)
	if err != nil {
		return nil, err
	}
	in := service.Signed(a.ApplicantKind, a.Answers)
	annex := print.Annex{Number: FirstAnnex, IssuedOn: now}
	for _, item := range chosenActivities(service, in) {
		annex.SubActivities = append(annex.SubActivities, printText(item.Name))
	}
	for _, site := range siteLines(in) {
		annex.Objects = append(annex.Objects, print.Same(site))
	}
	pdf, err := print.Licence(print.LicenceDocument{Number: number, IssuedOn: now, FirstIssuedOn: now, Holder: applicantParty(a, in), Activity: printText(service.Activity),
		Licensor: print.Text{KK: authority.Name.KK, RU: authority.Name.RU}, Head: head.Name, Place: print.Text{KK: authority.Place.KK, RU: authority.Place.RU},
		Annexes: []print.Annex{annex}, Signature: print.EDS{Signer: head.Name, At: now}, CheckURL: s.PortalURL + "/check/" + number, CheckSite: s.host(), Demo: s.Demo})
	if err != nil {
		return nil, fmt.Errorf("draw licence: %w", err)
	}
	return pdf, nil
}

func (s *Service) drawRefusal(db *gorm.DB, a *Application, authority directory.Authority, outgoing string, head identity.Actor, now time.Time, grounds []Ground) ([]byte, error) {
	service, err := s.serviceOf(a)
	if err != nil {
		return nil, err
	}
	kind, err := s.kindOf(a)
	if err != nil {
		return nil, err
	}
	in := service.Signed(a.ApplicantKind, a.Answers)
	letter := print.RefusalLetter{Applicant: applicantParty(a, in), OutNumber: outgoing, Date: now, Application: *a.Number, InNumber: *a.IncomingNumber, Filed: *a.FiledAt,
		Authority: printAuthority(authority), Kind: printText(kind.Title), Sites: siteLines(in), FeePaid: kind.Fee.Kind != "", Head: head.Name,
		Signature: print.EDS{Signer: head.Name, At: now}, CheckURL: s.PortalURL + "/check", CheckSite: s.host(), Demo: s.Demo}
	for _, item := range chosenActivities(service, in) {
		letter.SubActivities = append(letter.SubActivities, printText(item.Name))
	}
	if a.ExecutorID != nil {
		e, err := identity.EmployeeByID(db, *a.ExecutorID)
		if err != nil {
			return nil, err
		}
		if e != nil {
			letter.Executor, letter.ExecutorPhone = e.Name, e.Phone
		}
	}
	for _, g := range grounds {
		printed := print.Ground{Code: g.Code, Basis: print.Same(g.Basis), Reason: print.Same(g.Reason), Remedy: print.Same(g.Remedy)}
		for _, r := range service.Requirements {
			if r.ID == g.Requirement {
				printed.Requirement = printText(r.Text)
			}
		}
		if g.Code == "S10.7" && a.CompletenessClosesAt != nil {
			printed.Deadline = *a.CompletenessClosesAt
		}
		letter.Grounds = append(letter.Grounds, printed)
	}
	pdf, err := print.Refusal(letter)
	if err != nil {
		return nil, fmt.Errorf("draw refusal: %w", err)
	}
	return pdf, nil
}

func printAuthority(a directory.Authority) print.Authority {
	return print.Authority{Name: print.Text{KK: a.Name.KK, RU: a.Name.RU}, Address: print.Text{KK: a.Address.KK, RU: a.Address.RU}, Phone: a.Phone}
}

// host is the portal's address as a person types it.
func (s *Service) host() string {
	u, err := url.Parse(s.PortalURL)
	if err != nil {
		return s.PortalURL
	}
	return u.Host
}

// PreviewRefusal draws the letter as it would be signed, with what the executor has typed so far.
func (s *Service) PreviewRefusal(ctx context.Context, who identity.Actor, id uuid.UUID, grounds []Ground) ([]byte, error) {
	db := s.DB.WithContext(ctx)
	a, err := readVisible(db, who, id)
	if err != nil {
		return nil, err
	}
	if _, err := permit(a, who, PrepareRefusal, s.Now()); err != nil {
		return nil, err
	}
	checked, err := s.checkGrounds(a, grounds)
	if err != nil {
		return nil, err
	}
	authority, err := s.Directory.Authority(*a.AuthorityCode)
	if err != nil {
		return nil, err
	}
	return s.drawRefusal(db, a, authority, "—", identity.Actor{Name: "—"}, s.Now(), checked)
}

// ResultDraft gives the prepared decision as it would be signed, for the head to read.
func (s *Service) ResultDraft(ctx context.Context, who identity.Actor, id uuid.UUID) ([]byte, error) {
	db := s.DB.WithContext(ctx)
	a, err := readVisible(db, who, id)
	if err != nil {
		return nil, err
	}
	if who.Capacity != identity.AsOfficial {
		return nil, errNotFound
	}
	if a.Decision == nil || (a.State != LicencePrepared && a.State != RefusalPrepared) {
		return nil, fault.Conflict("state_changed")
	}
	authority, err := s.Directory.Authority(*a.AuthorityCode)
	if err != nil {
		return nil, err
	}
	if a.Decision.Kind == ResultLicence {
		return s.drawLicence(a, authority, numberToCome, who, s.Now())
	}
	return s.drawRefusal(db, a, authority, "—", who, s.Now(), a.Decision.Grounds)
}

// numberToCome stands in a draft where the number will be: its check digits are wrong on purpose, so that a draft is never found in the register.
const numberToCome = "KZ00DEM00000000"

// licenceNumber gives the number taken for the application, or takes the next of the series.
func (s *Service) licenceNumber(tx *gorm.DB, a *Application) (string, error) {
	var held []string
	if err := tx.Raw("SELECT number FROM licence_numbers WHERE application_id = ? AND voided_at IS NULL", a.ID).Scan(&held).Error; err != nil {
		return "", fmt.Errorf("read licence number: %w", err)
	}
	if len(held) > 0 {
		return held[0], nil
	}
	serial, err := next(tx, "licence/"+s.Series, 0)
	if err != nil {
		return "", err
	}
	number, err := licence.Number(s.Series, serial)
	if err != nil {
		return "", err
	}
	if err := tx.Exec("INSERT INTO licence_numbers (number, application_id, taken_at) VALUES (?, ?, ?)", number, a.ID, s.Now()).Error; err != nil {
		return "", fmt.Errorf("take licence number: %w", err)
	}
	return number, nil
}

// voidLicenceNumber records why a number that was taken will not be used (I1).
func voidLicenceNumber(tx *gorm.DB, id uuid.UUID, now time.Time, reason string) error {
	err := tx.Exec("UPDATE licence_numbers SET voided_at = ?, void_reason = ? WHERE application_id = ? AND voided_at IS NULL", now, reason, id).Error
	if err != nil {
		return fmt.Errorf("void licence number: %w", err)
	}
	return nil
}

// outgoingNumber gives the outgoing number of the application's letter, the same at each drawing.
func (s *Service) outgoingNumber(tx *gorm.DB, a *Application) (string, error) {
	var held []string
	err := tx.Raw("SELECT outgoing_number FROM result_documents WHERE application_id = ? AND outgoing_number IS NOT NULL ORDER BY created_at LIMIT 1", a.ID).Scan(&held).Error
	if err != nil {
		return "", fmt.Errorf("read outgoing number: %w", err)
	}
	if len(held) > 0 {
		return held[0], nil
	}
	n, err := next(tx, "outgoing/"+*a.AuthorityCode, s.today().Year)
	return strconv.Itoa(n), err
}

// SignResult takes the head's signature over the prepared PDF, and in one transaction publishes the result: signed PDF, register entry, state
// (R5.5, R10.6, S10.8). The signer is the head who is signed in, with the authority's certificate.
func (s *Service) SignResult(ctx context.Context, who identity.Actor, id uuid.UUID, p Press, in Signed) error {
	db := s.DB.WithContext(ctx)
	a, err := readVisible(db, who, id)
	if err != nil {
		return err
	}
	if done, err := s.pressed(db, who, p, SignResult, id); err != nil || done {
		return err
	}
	if _, err := permit(a, who, SignResult, s.Now()); err != nil {
		return err
	}
	doc, prepared, err := s.preparedResult(db, a, in.Digest)
	if err != nil {
		return err
	}
	content := prepared.SignedBytes()
	der, report, err := s.verify(ctx, in.Signature, content, signing.Official)
	if err == nil {
		err = mayDecide(db, who, report.Signer)
	}
	if err != nil {
		return s.refuseSignature(ctx, a, who, SignResult, err)
	}
	pdf, err := pades.Insert(doc.PreparedPDF, der)
	if err != nil {
		return fault.Invalid(signing.SignatureTooLarge).Wrap(err)
	}
	return s.act(ctx, who, id, p, SignResult, func(tx *gorm.DB, a *Application, _ Step) (change, error) {
		if !bytes.Equal(decisionHash(a), doc.DecisionHash) {
			return change{}, fault.Conflict("document_outdated")
		}
		if err := s.keepSignature(tx, a, purposeResult, content, der, report); err != nil {
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
			details["licence"] = *doc.LicenceNumber
		}
		return change{details: details}, nil
	})
}

// preparedResult finds the document that the head signed: his own, of today, drawn from the decision as it stands.
func (s *Service) preparedResult(db *gorm.DB, a *Application, digest string) (*resultDocument, *pades.Prepared, error) {
	sum, err := hex.DecodeString(digest)
	if err != nil || len(sum) != sha256.Size {
		return nil, nil, fault.Conflict("document_outdated")
	}
	var doc resultDocument
	err = db.Where("application_id = ? AND digest = ?", a.ID, sum).Take(&doc).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, nil, fault.Conflict("document_outdated")
	}
	if err != nil {
		return nil, nil, fmt.Errorf("read prepared result: %w", err)
	}
	// The date of issue is printed in the document: it is signed on that day or drawn anew.
	if !bytes.Equal(decisionHash(a), doc.DecisionHash) || s.Calendar.DateOf(doc.CreatedAt) != s.today() {
		return nil, nil, fault.Conflict("document_outdated")
	}
	prepared, err := pades.Open(doc.PreparedPDF)
	if err != nil {
		return nil, nil, fmt.Errorf("open prepared result: %w", err)
	}
	return &doc, prepared, nil
}

// mayDecide: the signature is the signed-in head's own, made with the certificate of his authority.
func mayDecide(db *gorm.DB, who identity.Actor, signer *signing.Signer) error {
	var bin string
	if err := db.Table("authorities").Select("bin").Where("code = ?", who.AuthorityCode).Scan(&bin).Error; err != nil {
		return fmt.Errorf("read authority: %w", err)
	}
	if signer.IIN != who.IIN || bin == "" || signer.BIN != bin {
		return fault.Invalid("signer_not_official")
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
	l := licence.Licence{Number: number, ApplicationID: a.ID, AuthorityCode: *a.AuthorityCode, HolderKind: a.ApplicantKind, HolderIIN: a.ApplicantIIN, HolderBIN: a.ApplicantBIN,
		HolderName: a.ApplicantName, AnnexNumber: FirstAnnex, SubActivities: chosenActivities(service, in), Addresses: siteLines(in), Status: licence.Valid,
		IssuedOn: on, FirstIssuedOn: on, CreatedAt: s.Now()}
	return licence.Issue(tx, l)
}

func resultOf(db *gorm.DB, id uuid.UUID) (*Result, error) {
	var found []Result
	if err := db.Omit("pdf").Where("application_id = ?", id).Limit(1).Find(&found).Error; err != nil {
		return nil, fmt.Errorf("read result: %w", err)
	}
	if len(found) == 0 {
		return nil, nil
	}
	return &found[0], nil
}
