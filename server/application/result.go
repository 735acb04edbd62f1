package application

import (
	"fmt"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
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
	OrderNumber    *string // with which the licence is issued: the basis that its annex names
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
