package application

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"elicensing/server/catalog"
	"elicensing/server/directory"
	"elicensing/server/fault"
	"elicensing/server/identity"
	"elicensing/server/print"
	"elicensing/signing/asice"
)

// requestDocument is the request as it is signed: the manifest of an ASiC-E container (ETSI EN 319 162-1) with the digests of request.json,
// request.pdf and the scans. The applicant signs exactly these stored bytes.
type requestDocument struct {
	ID            uuid.UUID `gorm:"primaryKey"`
	ApplicationID uuid.UUID
	Revision      int
	Manifest      []byte
	Digest        []byte         // SHA-256 of the manifest
	RequestJSON   []byte         `gorm:"column:request_json"`
	RequestPDF    []byte         `gorm:"column:request_pdf"`
	Attachments   []attachedFile `gorm:"serializer:json"`
	CreatedAt     time.Time
}

func (requestDocument) TableName() string { return "request_documents" }

// attachedFile binds a scan to its name inside the container.
type attachedFile struct {
	ID     uuid.UUID `json:"id"`
	Slot   string    `json:"slot"`
	Name   string    `json:"name"` // inside the container: generated, never the applicant's
	Title  string    `json:"title"`
	MIME   string    `json:"mime"`
	Size   int64     `json:"size"`
	SHA256 string    `json:"sha256"`
}

// requestContent is request.json: what a machine reads. Purpose, application and document bind the signature to this one use (I5).
type requestContent struct {
	Purpose     string           `json:"purpose"`
	Document    uuid.UUID        `json:"document"`
	Application uuid.UUID        `json:"application"`
	Portal      string           `json:"portal"`
	Service     string           `json:"service"`
	Version     int              `json:"serviceVersion"`
	Kind        string           `json:"kind"`
	Authority   string           `json:"authority"`
	Applicant   requestApplicant `json:"applicant"`
	Answers     catalog.Answers  `json:"answers"`
	Attachments []attachedFile   `json:"attachments"`
	PreparedAt  time.Time        `json:"preparedAt"`
}

type requestApplicant struct {
	Kind           catalog.ApplicantKind `json:"kind"`
	Name           string                `json:"name"`
	IIN            string                `json:"iin"`
	BIN            string                `json:"bin,omitempty"`
	Representative string                `json:"representative,omitempty"`
}

// ToSign are the exact bytes that somebody is asked to sign.
type ToSign struct {
	Content     []byte
	Digest      string // SHA-256, hex
	SigningTime bool   // whether the CMS may carry the signing-time attribute; never in PAdES (EN 319 142-1 §6.3)
	PreparedAt  time.Time
	Files       []NamedDigest
}

// NamedDigest is one file that a document to sign covers.
type NamedDigest struct {
	Name   string
	Size   int64
	SHA256 string
}

// PrepareDocument checks the whole draft and fixes the bytes to be signed (R10.3). Any later change of the draft makes them void; until then whoever
// asks again on the same day is given the same bytes, so that what was read is what is signed.
func (s *Service) PrepareDocument(ctx context.Context, who identity.Actor, id uuid.UUID) (ToSign, error) {
	db := s.DB.WithContext(ctx)
	draft, err := s.readComplete(db, who, id, func(fault.Field) bool { return true })
	if err != nil {
		return ToSign{}, err
	}
	a := draft.application
	fixed, err := s.preparedToday(db, a)
	if err != nil {
		return ToSign{}, err
	}
	if fixed != nil && !draft.readdressed {
		return fixed.toSign(), nil
	}
	doc, err := s.buildRequest(draft)
	if err != nil {
		return ToSign{}, err
	}
	err = db.Transaction(func(tx *gorm.DB) error {
		// Locked first: two who prepare at once take turns, and the later document stands.
		if _, err := lockVisible(tx, who, id); err != nil {
			return err
		}
		if err := tx.Create(doc).Error; err != nil {
			return fmt.Errorf("keep document: %w", err)
		}
		// The draft must still be what the document was built from: same revision, no scan added or removed meanwhile.
		done := tx.Model(&Application{}).Where("id = ? AND state = ? AND revision = ? AND updated_at = ?", id, Draft, a.Revision, a.UpdatedAt).
			Updates(map[string]any{"document_id": doc.ID, "authority_code": a.AuthorityCode, "applicant_iin": a.ApplicantIIN, "representative": a.Representative})
		if done.Error != nil {
			return fmt.Errorf("fix document: %w", done.Error)
		}
		if done.RowsAffected != 1 {
			return fault.Conflict("draft_changed_elsewhere")
		}
		return dropSuperseded(tx, doc)
	})
	if err != nil {
		return ToSign{}, err
	}
	return doc.toSign(), nil
}

// completeDraft is a draft with everything that its request is drawn from, addressed as of now.
type completeDraft struct {
	application *Application
	service     *catalog.Service
	attachments []Attachment
	authority   directory.Authority
	readdressed bool // to another authority or in another person's name than was stored
}

// readComplete reads a draft that its reader may sign, once none of the issues that matter stands in the way.
func (s *Service) readComplete(db *gorm.DB, who identity.Actor, id uuid.UUID, matters func(fault.Field) bool) (*completeDraft, error) {
	a, err := readVisible(db, who, id)
	if err != nil {
		return nil, err
	}
	if _, err := permit(a, who, Sign, s.Now()); err != nil {
		return nil, err
	}
	d := &completeDraft{application: a}
	if d.attachments, err = attachmentsOf(db, id); err != nil {
		return nil, err
	}
	if d.service, err = s.serviceOf(a); err != nil {
		return nil, err
	}
	issues, err := s.issues(db, d.service, a, d.attachments)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(issues, matters) {
		return nil, invalidAnswers("answers_incomplete", issues)
	}
	had := a.AuthorityCode
	// The authority may have begun to take applications after the answers were saved.
	if a.AuthorityCode, err = s.authorityIn(db, d.service, a.Answers); err != nil {
		return nil, err
	}
	d.readdressed = had == nil || *had != *a.AuthorityCode
	if a.ApplicantKind == catalog.Entity {
		// Whoever of the organisation's people prepares the document acts for it, and is named in it.
		d.readdressed = d.readdressed || a.ApplicantIIN != who.IIN || a.Representative != who.Name
		a.ApplicantIIN, a.Representative = who.IIN, who.Name
	}
	d.authority, err = s.Directory.Authority(*a.AuthorityCode)
	return d, err
}

// RequestDraft draws the request for reading before the confirmations are made: what one confirms can be read as it will be signed. It is marked as
// a draft and kept nowhere.
func (s *Service) RequestDraft(ctx context.Context, who identity.Actor, id uuid.UUID) ([]byte, error) {
	draft, err := s.readComplete(s.DB.WithContext(ctx), who, id, func(issue fault.Field) bool { return issue.Code != catalog.CodeConfirm })
	if err != nil {
		return nil, err
	}
	form := s.printForm(draft, "", s.localNow())
	form.Draft = true
	pdf, err := print.Request(form)
	if err != nil {
		return nil, fmt.Errorf("draw draft of request: %w", err)
	}
	return pdf, nil
}

// preparedToday is the document that the draft is fixed as, or nil when there is none, or only one with another day's date in its form.
func (s *Service) preparedToday(db *gorm.DB, a *Application) (*requestDocument, error) {
	if a.DocumentID == nil {
		return nil, nil
	}
	doc, err := readRequest(db, *a.DocumentID)
	if errors.Is(err, errNotFound) {
		return nil, nil // superseded this moment
	}
	if err != nil {
		return nil, err
	}
	if doc.Revision != a.Revision || !s.madeToday(doc) {
		return nil, nil
	}
	return doc, nil
}

func (s *Service) madeToday(doc *requestDocument) bool {
	return s.Calendar.DateOf(doc.CreatedAt) == s.today()
}

// toSign tells what is signed, with each file that it covers.
func (d *requestDocument) toSign() ToSign {
	digest := func(content []byte) string {
		sum := sha256.Sum256(content)
		return hex.EncodeToString(sum[:])
	}
	files := []NamedDigest{{requestJSONName, int64(len(d.RequestJSON)), digest(d.RequestJSON)}, {requestPDFName, int64(len(d.RequestPDF)), digest(d.RequestPDF)}}
	for _, x := range d.Attachments {
		files = append(files, NamedDigest{x.Title, x.Size, x.SHA256})
	}
	return ToSign{Content: d.Manifest, Digest: hex.EncodeToString(d.Digest), SigningTime: true, PreparedAt: d.CreatedAt, Files: files}
}

// dropSuperseded removes the documents that nobody can sign any more; those that were signed stay as long as their signatures.
func dropSuperseded(tx *gorm.DB, doc *requestDocument) error {
	err := tx.Exec(`DELETE FROM request_documents d WHERE d.application_id = ? AND d.id <> ?
		AND NOT EXISTS (SELECT FROM signatures s WHERE s.application_id = d.application_id AND s.content_digest = d.digest)`, doc.ApplicationID, doc.ID).Error
	if err != nil {
		return fmt.Errorf("drop documents that were not signed: %w", err)
	}
	return nil
}

// Names inside the container.
const (
	requestJSONName = "request.json"
	requestPDFName  = "request.pdf"
)

func (s *Service) buildRequest(draft *completeDraft) (*requestDocument, error) {
	a, service, attachments := draft.application, draft.service, draft.attachments
	now := s.Now()
	doc := &requestDocument{ID: uuid.Must(uuid.NewV7()), ApplicationID: a.ID, Revision: a.Revision, Attachments: attachedFiles(attachments), CreatedAt: now}
	var err error
	doc.RequestPDF, err = print.Request(s.printForm(draft, doc.ID.String(), s.localNow()))
	if err != nil {
		return nil, fmt.Errorf("draw request: %w", err)
	}
	doc.RequestJSON, err = json.MarshalIndent(requestContent{Purpose: "application for a licence", Document: doc.ID, Application: a.ID, Portal: s.PortalURL,
		Service: a.ServiceCode, Version: a.ServiceVersion, Kind: a.Kind, Authority: *a.AuthorityCode,
		Applicant: requestApplicant{Kind: a.ApplicantKind, Name: a.ApplicantName, IIN: a.ApplicantIIN, BIN: a.ApplicantBIN, Representative: a.Representative},
		Answers:   service.Signed(a.ApplicantKind, a.Answers), Attachments: doc.Attachments, PreparedAt: now}, "", " ")
	if err != nil {
		return nil, fmt.Errorf("encode request: %w", err)
	}
	jsonSum, pdfSum := sha256.Sum256(doc.RequestJSON), sha256.Sum256(doc.RequestPDF)
	files := []asice.File{{Name: requestJSONName, MIME: "application/json", Digest: jsonSum[:]}, {Name: requestPDFName, MIME: "application/pdf", Digest: pdfSum[:]}}
	for i, x := range doc.Attachments {
		files = append(files, asice.File{Name: x.Name, MIME: x.MIME, Digest: attachments[i].SHA256})
	}
	if doc.Manifest, err = asice.Manifest(files); err != nil {
		return nil, fmt.Errorf("make manifest: %w", err)
	}
	sum := sha256.Sum256(doc.Manifest)
	doc.Digest = sum[:]
	return doc, nil
}

// extensions of the types that a scan can have.
var extensions = map[string]string{"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}

func attachedFiles(attachments []Attachment) []attachedFile {
	files := make([]attachedFile, 0, len(attachments))
	for i, x := range attachments {
		name := path.Join("scans", strconv.Itoa(i+1)+"-"+x.Slot+extensions[x.MIME])
		files = append(files, attachedFile{ID: x.ID, Slot: x.Slot, Name: name, Title: x.Name, MIME: x.MIME, Size: x.Size, SHA256: hex.EncodeToString(x.SHA256)})
	}
	return files
}

func readRequest(db *gorm.DB, id uuid.UUID) (*requestDocument, error) {
	var doc requestDocument
	err := db.Where("id = ?", id).Take(&doc).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, errNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("read document: %w", err)
	}
	return &doc, nil
}

// container gives the writer of the signed request as .asice: the stored manifest, the stored signature, and the files whose digests they hold.
// It streams, because the scans may be 100 MB together. What can be seen to be wrong is told before the first byte; a scan that is not the
// one that was signed stops the writing.
func (s *Service) container(doc *requestDocument, signature *Signature) (func(io.Writer) error, error) {
	bytesOf := func(b []byte) func() (io.ReadCloser, error) {
		return func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }
	}
	files := []asice.File{{Name: requestJSONName, MIME: "application/json", Open: bytesOf(doc.RequestJSON)}, {Name: requestPDFName, MIME: "application/pdf", Open: bytesOf(doc.RequestPDF)}}
	for _, x := range doc.Attachments {
		if size, err := s.Blobs.Size(x.ID.String()); err != nil || size != x.Size {
			return nil, fmt.Errorf("scan %s is not what was signed (%d bytes): %w", x.ID, size, errors.Join(errScanChanged, err))
		}
		files = append(files, asice.File{Name: x.Name, MIME: x.MIME, Open: func() (io.ReadCloser, error) {
			f, _, err := s.Blobs.Open(x.ID.String())
			return f, err
		}})
	}
	return func(w io.Writer) error {
		if err := asice.Build(w, doc.Manifest, signature.CMS, files...); err != nil {
			return fmt.Errorf("make container: %w", err)
		}
		return nil
	}, nil
}

// errScanChanged is our failure, never the reader's: the store lost or changed what was signed.
var errScanChanged = errors.New("the stored scan differs")
