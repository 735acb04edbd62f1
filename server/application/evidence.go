package application

import (
	"encoding/json"
	"fmt"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"elicensing/signing"
)

// revocationList is a list that verdicts rested on, kept once for all of them: the national one has 20 MB.
type revocationList struct {
	Digest []byte `gorm:"primaryKey"` // SHA-256 of DER
	DER    []byte `gorm:"column:der"`
}

type signatureList struct {
	SignatureID uuid.UUID
	Position    int // a complete list before its delta
	Digest      []byte
}

func (revocationList) TableName() string { return "revocation_lists" }
func (signatureList) TableName() string  { return "signature_lists" }

// keepLists stores the lists that a verdict rested on beside its signature.
func keepLists(tx *gorm.DB, signature uuid.UUID, lists [][]byte) error {
	for i, der := range lists {
		list := revocationList{Digest: digestOf(der), DER: der}
		if err := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&list).Error; err != nil {
			return fmt.Errorf("keep revocation list: %w", err)
		}
		if err := tx.Create(&signatureList{SignatureID: signature, Position: i, Digest: list.Digest}).Error; err != nil {
			return fmt.Errorf("keep revocation list: %w", err)
		}
	}
	return nil
}

// evidenceOf is what the verdict on an accepted signature rested on.
func evidenceOf(db *gorm.DB, signature uuid.UUID) (signing.Evidence, error) {
	var row Signature
	if err := db.Select("report").Where("id = ?", signature).Take(&row).Error; err != nil {
		return signing.Evidence{}, fmt.Errorf("read evidence: %w", err)
	}
	var report signing.Report
	if err := json.Unmarshal(row.Report, &report); err != nil {
		return signing.Evidence{}, fmt.Errorf("read evidence: %w", err)
	}
	var lists [][]byte
	err := db.Table("signature_lists k").Joins("JOIN revocation_lists l USING (digest)").Where("k.signature_id = ?", signature).Order("k.position").Pluck("l.der", &lists).Error
	if err != nil {
		return signing.Evidence{}, fmt.Errorf("read evidence: %w", err)
	}
	report.Evidence.CRLs = append(report.Evidence.CRLs, lists...)
	return report.Evidence, nil
}
