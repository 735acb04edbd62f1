package identity

import (
	"fmt"
	"time"

	"gorm.io/gorm"
)

// NoteBelonging remembers that a certificate accepted here names its holder as one of an organisation's people, until that certificate ends:
// as an official he has no say in the organisation's cases (I16). An authority's own people are not meant: they are its employees.
func NoteBelonging(db *gorm.DB, iin, bin string, until time.Time) error {
	if iin == "" || bin == "" {
		return nil
	}
	err := db.Exec(`INSERT INTO organisation_people (bin, iin, until) SELECT ?, ?, ? WHERE NOT EXISTS (SELECT FROM authorities WHERE bin = ?)
		ON CONFLICT (iin, bin) DO UPDATE SET until = greatest(organisation_people.until, EXCLUDED.until)`, bin, iin, until, bin).Error
	if err != nil {
		return fmt.Errorf("identity: note organisation: %w", err)
	}
	return nil
}

// OrganisationsOf lists the BINs of the organisations to which a person is known to belong at a moment.
func OrganisationsOf(db *gorm.DB, iin string, at time.Time) ([]string, error) {
	var bins []string
	if err := db.Raw("SELECT bin FROM organisation_people WHERE iin = ? AND until > ? ORDER BY bin", iin, at).Scan(&bins).Error; err != nil {
		return nil, fmt.Errorf("identity: read organisations: %w", err)
	}
	return bins, nil
}
