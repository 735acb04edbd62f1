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
		if err := outgoingNumbers.void(tx, a.ID, s.Now(), "licence"); err != nil {
			return err
		}
		order, err := s.yearly(tx, a, orderNumbers)
		if err != nil {
			return err
		}
		number, err := s.licenceNumber(tx, a)
		doc.LicenceNumber, doc.OrderNumber = &number, &order
		return err
	}
	if err := voidLicence(tx, a.ID, s.Now(), "refused"); err != nil {
		return err
	}
	number, err := s.yearly(tx, a, outgoingNumbers)
	doc.OutgoingNumber = &number
	return err
}

// voidLicence records why the numbers of a licence, its own and its order's, will not be used (I1).
func voidLicence(tx *gorm.DB, id uuid.UUID, now time.Time, reason string) error {
	if err := voidLicenceNumber(tx, id, now, reason); err != nil {
		return err
	}
	return orderNumbers.void(tx, id, now, reason)
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

// numberSeries is a gapless series of an authority that begins anew each year.
type numberSeries struct{ table, counter string }

var (
	outgoingNumbers = numberSeries{"outgoing_numbers", "outgoing/"} // letters
	orderNumbers    = numberSeries{"order_numbers", "order/"}       // orders to issue a licence
)

// yearly gives the number of the application's letter or order, the same at each drawing. What waited over New Year takes a number of the
// year whose date it bears.
func (s *Service) yearly(tx *gorm.DB, a *Application, series numberSeries) (string, error) {
	var held []struct{ Year, Number int }
	if err := tx.Table(series.table).Select("year", "number").Where("application_id = ? AND voided_at IS NULL", a.ID).Scan(&held).Error; err != nil {
		return "", fmt.Errorf("read %s: %w", series.table, err)
	}
	year := s.today().Year
	if len(held) > 0 && held[0].Year == year {
		return strconv.Itoa(held[0].Number), nil
	}
	if err := series.void(tx, a.ID, s.Now(), "year_ended"); err != nil {
		return "", err
	}
	n, err := next(tx, series.counter+*a.AuthorityCode, year)
	if err != nil {
		return "", err
	}
	err = tx.Table(series.table).Create(map[string]any{"authority_code": *a.AuthorityCode, "year": year, "number": n, "application_id": a.ID, "taken_at": s.Now()}).Error
	if err != nil {
		return "", fmt.Errorf("take a number of %s: %w", series.table, err)
	}
	return strconv.Itoa(n), nil
}

// void records why a number that was taken will not be used (I1).
func (series numberSeries) void(tx *gorm.DB, id uuid.UUID, now time.Time, reason string) error {
	err := tx.Table(series.table).Where("application_id = ? AND voided_at IS NULL", id).Updates(map[string]any{"voided_at": now, "void_reason": reason}).Error
	if err != nil {
		return fmt.Errorf("void a number of %s: %w", series.table, err)
	}
	return nil
}
