package application

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"elicensing/server/fault"
	"elicensing/server/identity"
	"elicensing/signing/pades"
)

// PrepareResult draws the decision for the head and fixes the bytes to sign (R5.5). Its number is part of what is signed, so it is taken
// first, in a transaction of its own that does nothing else; it stays with the application until it is signed or voided with the reason
// (I1). Nothing is locked while the PDF is drawn.
func (s *Service) PrepareResult(ctx context.Context, who identity.Actor, id uuid.UUID) (ToSign, error) {
	db := s.DB.WithContext(ctx)
	a, err := readVisible(db, who, id)
	if err != nil {
		return ToSign{}, err
	}
	if _, err := permit(a, who, SignResult, s.Now()); err != nil {
		return ToSign{}, err
	}
	before, err := s.preparedBefore(db, a, who)
	if err != nil {
		return ToSign{}, err
	}
	if before != nil {
		return toSignOf(before)
	}
	doc := &resultDocument{ID: uuid.Must(uuid.NewV7()), ApplicationID: a.ID, Kind: a.Decision.Kind, DecisionHash: decisionHash(a), PreparedFor: who.EmployeeID}
	if err := s.whileUndecided(db, who, doc, func(tx *gorm.DB, a *Application) error { return s.takeNumber(tx, a, doc) }); err != nil {
		return ToSign{}, err
	}
	if err := s.drawResult(db, a, who, doc); err != nil {
		return ToSign{}, err
	}
	if err := s.whileUndecided(db, who, doc, func(tx *gorm.DB, _ *Application) error { return keepPreparedResult(tx, doc) }); err != nil {
		return ToSign{}, err
	}
	return toSignOf(doc)
}

// whileUndecided does its work with the application locked, if the head may still sign the decision that the document is made from.
func (s *Service) whileUndecided(db *gorm.DB, who identity.Actor, doc *resultDocument, do func(tx *gorm.DB, a *Application) error) error {
	return db.Transaction(func(tx *gorm.DB) error {
		a, err := lockVisible(tx, who, doc.ApplicationID)
		if err != nil {
			return err
		}
		if _, err := permit(a, who, SignResult, s.Now()); err != nil {
			return err
		}
		if !bytes.Equal(decisionHash(a), doc.DecisionHash) {
			return fault.Conflict("document_outdated")
		}
		return do(tx, a)
	})
}

// preparedBefore finds the document that the same head was given for the same decision, or nil: as long as it is not outdated, what he reads is what he
// signs, however long he reads, and pressing twice draws once.
func (s *Service) preparedBefore(db *gorm.DB, a *Application, who identity.Actor) (*resultDocument, error) {
	var doc resultDocument
	err := db.Where("application_id = ? AND prepared_for = ? AND decision_hash = ?", a.ID, who.EmployeeID, decisionHash(a)).
		Order("created_at DESC").Take(&doc).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read prepared result: %w", err)
	}
	if s.outdated(a, &doc) {
		return nil, nil
	}
	return &doc, nil
}

// keepPreparedResult stores the document. Drawn twice in one second for one head, it is the same document, and the first row stands.
func keepPreparedResult(tx *gorm.DB, doc *resultDocument) error {
	made := tx.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "application_id"}, {Name: "digest"}, {Name: "prepared_for"}}, DoNothing: true}).Create(doc)
	if made.Error != nil {
		return fmt.Errorf("keep prepared result: %w", made.Error)
	}
	return nil
}

// drawResult makes the PDF with the room for the signature.
func (s *Service) drawResult(db *gorm.DB, a *Application, who identity.Actor, doc *resultDocument) error {
	doc.CreatedAt = s.Now()
	authority, err := s.Directory.Authority(*a.AuthorityCode)
	if err != nil {
		return err
	}
	var pdf []byte
	if doc.Kind == ResultLicence {
		pdf, err = s.drawLicence(a, authority, *doc.LicenceNumber, *doc.OrderNumber, who, doc.CreatedAt)
	} else {
		pdf, err = s.drawRefusal(db, a, authority, *doc.OutgoingNumber, who, doc.CreatedAt, a.Decision.Grounds)
	}
	if err != nil {
		return err
	}
	prepared, err := pades.Prepare(pdf, pades.Options{Name: who.Name, Reason: "Standard, paragraph 6", Location: authority.Place.RU, SignedAt: doc.CreatedAt.In(s.Calendar.Zone())})
	if err != nil {
		return fmt.Errorf("prepare signature: %w", err)
	}
	sum := sha256.Sum256(prepared.SignedBytes())
	doc.PreparedPDF, doc.Digest = prepared.PDF(), sum[:]
	return nil
}

func toSignOf(doc *resultDocument) (ToSign, error) {
	prepared, err := pades.Open(doc.PreparedPDF)
	if err != nil {
		return ToSign{}, fmt.Errorf("open prepared result: %w", err)
	}
	return ToSign{Content: prepared.SignedBytes(), Digest: hex.EncodeToString(doc.Digest), PreparedAt: doc.CreatedAt}, nil
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
