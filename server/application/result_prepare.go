package application

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"elicensing/server/identity"
	"elicensing/server/licence"
	"elicensing/signing/pades"
)

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

// outgoingNumber gives the outgoing number of the application's letter, the same at each drawing. The series begins anew each year, so
// a letter that waited over New Year takes a number of the year whose date it bears.
func (s *Service) outgoingNumber(tx *gorm.DB, a *Application) (string, error) {
	var held []string
	year := s.today().Year
	newYear := time.Date(year, time.January, 1, 0, 0, 0, 0, s.Calendar.Zone())
	err := tx.Raw("SELECT outgoing_number FROM result_documents WHERE application_id = ? AND outgoing_number IS NOT NULL AND created_at >= ? ORDER BY created_at LIMIT 1", a.ID, newYear).
		Scan(&held).Error
	if err != nil {
		return "", fmt.Errorf("read outgoing number: %w", err)
	}
	if len(held) > 0 {
		return held[0], nil
	}
	n, err := next(tx, "outgoing/"+*a.AuthorityCode, year)
	return strconv.Itoa(n), err
}
