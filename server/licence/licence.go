// Package licence is the register of what was issued: licences with their annex, and what anyone may learn of them by number (S6.1, I22).
package licence

import (
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"elicensing/server/calendar"
	"elicensing/server/catalog"
	"elicensing/server/fault"
)

// Status is how a licence stands today.
type Status string

const (
	Valid      Status = "valid"
	Suspended  Status = "suspended"
	Terminated Status = "terminated"
	Expired    Status = "expired" // derived: valid until a day that has passed
)

// Licence is one licence with its annex. The row is made in the transaction in which the head's signature is accepted, never otherwise (I15).
type Licence struct {
	Number        string `gorm:"primaryKey"`
	ApplicationID uuid.UUID
	// The edition of the service in which it was asked for: its words are the licence's.
	ServiceCode    string
	ServiceVersion int
	AuthorityCode  string
	HolderKind     catalog.ApplicantKind
	HolderIIN      string `gorm:"column:holder_iin"`
	HolderBIN      string `gorm:"column:holder_bin"`
	HolderName     string
	AnnexNumber    string         // three digits from 001
	SubActivities  []catalog.Item `gorm:"serializer:json"` // code and names as they were on the day of issue
	Addresses      []string       `gorm:"serializer:json"`
	Status         Status
	IssuedOn       time.Time `gorm:"type:date"`
	FirstIssuedOn  time.Time `gorm:"type:date"`
	ValidUntil     *time.Time
	CreatedAt      time.Time
}

// TableName is the table's name for GORM.
func (Licence) TableName() string { return "licences" }

// StatusOn is the status on a day: a dated licence whose last day has passed is expired.
func (l Licence) StatusOn(day calendar.Date) Status {
	if l.Status == Valid && l.ValidUntil != nil && day.After(calendar.Date{Year: l.ValidUntil.Year(), Month: l.ValidUntil.Month(), Day: l.ValidUntil.Day()}) {
		return Expired
	}
	return l.Status
}

// Issue enters a licence into the register in the caller's transaction.
func Issue(tx *gorm.DB, l Licence) error {
	if err := tx.Create(&l).Error; err != nil {
		return fmt.Errorf("enter licence: %w", err)
	}
	return nil
}

// ByNumber finds a licence by the number that a person typed or a QR code held. A number whose check digits are wrong is told as such, so
// that a typing error is not taken for a licence that does not exist.
func ByNumber(db *gorm.DB, typed string) (Licence, error) {
	number := Normalise(typed)
	if !ValidNumber(number) {
		return Licence{}, fault.Invalid("licence_number_wrong")
	}
	var l Licence
	err := db.Where("number = ?", number).Take(&l).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Licence{}, fault.NotFound("licence_not_found")
	}
	if err != nil {
		return Licence{}, fmt.Errorf("read licence: %w", err)
	}
	return l, nil
}

// OfHolder lists the licences of a person (bin "") or an organisation, newest first.
func OfHolder(db *gorm.DB, iin, bin string) ([]Licence, error) {
	q := db.Where("holder_bin = ?", bin)
	if bin == "" {
		q = q.Where("holder_iin = ?", iin)
	}
	var found []Licence
	if err := q.Order("issued_on DESC, number DESC").Limit(200).Find(&found).Error; err != nil {
		return nil, fmt.Errorf("list licences: %w", err)
	}
	return found, nil
}
