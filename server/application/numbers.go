package application

import (
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"elicensing/server/licence"
)

// next takes the next number of a series within a year. The row stays locked to the end of the transaction, so that a rollback gives the
// number back and no other transaction can skip it (I1): take it as the last thing.
func next(tx *gorm.DB, series string, year int) (int, error) {
	var n int
	err := tx.Raw(`INSERT INTO counters (series, year, last) VALUES (?, ?, 1)
		ON CONFLICT (series, year) DO UPDATE SET last = counters.last + 1 RETURNING last`, series, year).Scan(&n).Error
	if err != nil {
		return 0, fmt.Errorf("take number of %s: %w", series, err)
	}
	return n, nil
}

// takeNumber gives a prepared document its number, and voids the one that a decision of the other kind took before.
func (s *Service) takeNumber(tx *gorm.DB, a *Application, doc *resultDocument) error {
	if doc.Kind == ResultLicence {
		if err := voidOutgoingNumber(tx, a.ID, s.Now(), "licence"); err != nil {
			return err
		}
		number, err := s.licenceNumber(tx, a)
		doc.LicenceNumber = &number
		return err
	}
	if err := voidLicenceNumber(tx, a.ID, s.Now(), "refused"); err != nil {
		return err
	}
	number, err := s.outgoingNumber(tx, a)
	doc.OutgoingNumber = &number
	return err
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
	var held []struct{ Year, Number int }
	if err := tx.Raw("SELECT year, number FROM outgoing_numbers WHERE application_id = ? AND voided_at IS NULL", a.ID).Scan(&held).Error; err != nil {
		return "", fmt.Errorf("read outgoing number: %w", err)
	}
	year := s.today().Year
	if len(held) > 0 && held[0].Year == year {
		return strconv.Itoa(held[0].Number), nil
	}
	if err := voidOutgoingNumber(tx, a.ID, s.Now(), "year_ended"); err != nil {
		return "", err
	}
	n, err := next(tx, "outgoing/"+*a.AuthorityCode, year)
	if err != nil {
		return "", err
	}
	err = tx.Exec("INSERT INTO outgoing_numbers (authority_code, year, number, application_id, taken_at) VALUES (?, ?, ?, ?, ?)", *a.AuthorityCode, year, n, a.ID, s.Now()).Error
	if err != nil {
		return "", fmt.Errorf("take outgoing number: %w", err)
	}
	return strconv.Itoa(n), nil
}

// voidOutgoingNumber records why the number of a letter will not be used (I1).
func voidOutgoingNumber(tx *gorm.DB, id uuid.UUID, now time.Time, reason string) error {
	err := tx.Exec("UPDATE outgoing_numbers SET voided_at = ?, void_reason = ? WHERE application_id = ? AND voided_at IS NULL", now, reason, id).Error
	if err != nil {
		return fmt.Errorf("void outgoing number: %w", err)
	}
	return nil
}
