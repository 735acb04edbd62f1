package application

import (
	"errors"
	"fmt"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"elicensing/server/fault"
	"elicensing/server/identity"
)

// errNotFound is the one answer for what is not there and for what belongs to somebody else (I19).
var errNotFound = fault.NotFound("not_found")

// lockVisible reads an application that the actor may see and holds it until the transaction ends.
func lockVisible(tx *gorm.DB, who identity.Actor, id uuid.UUID) (*Application, error) {
	return readVisible(tx.Clauses(clause.Locking{Strength: "UPDATE"}), who, id)
}

// readVisible reads an application that the actor may see. An official's own case is not there for him as an official: he follows it in his cabinet (I16).
func readVisible(db *gorm.DB, who identity.Actor, id uuid.UUID) (*Application, error) {
	a, err := read(db, id)
	if err != nil {
		return nil, err
	}
	if a.visibleTo(who) {
		return a, nil
	}
	return nil, errNotFound
}

func read(db *gorm.DB, id uuid.UUID) (*Application, error) {
	var a Application
	err := db.Where("id = ?", id).Take(&a).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, errNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("read application: %w", err)
	}
	return &a, nil
}
