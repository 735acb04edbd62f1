// Package journal is the append-only record of who did what. Every change of state writes its row in the same transaction, so the history
// shown is the history that happened; if the row cannot be written the change does not happen (I31, I32).
package journal

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
)

// Entry is one row. Names and roles are frozen as they were at that moment.
type Entry struct {
	ID            int64 `gorm:"primaryKey;autoIncrement"`
	At            time.Time
	ApplicationID *uuid.UUID
	Action        string
	FromState     string
	ToState       string
	ActorRole     string
	ActorIIN      string `gorm:"column:actor_iin"`
	ActorName     string
	RequestID     string
	Details       Details `gorm:"serializer:json"`
}

// TableName is the table's name for GORM.
func (Entry) TableName() string { return "journal" }

// Details are the facts of one action: numbers, codes, ids, the words of officials about it, whose key was refused. Never answers, never key material.
// Who may read which of them is decided where they are shown.
type Details map[string]any

// ErrNoActor is given when an entry names nobody.
var ErrNoActor = errors.New("journal: an entry needs an action and an actor's role")

type requestIDKey struct{}

// WithRequestID marks the context of one HTTP request, so that its journal rows and its log line can be brought together.
func WithRequestID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestIDKey{}, id)
}

// RequestID gives the id set by WithRequestID, or "".
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}

// Record writes one entry in the caller's transaction. The moment and the actor are the caller's; the request id comes from the
// transaction's context.
func Record(tx *gorm.DB, e Entry) error {
	if e.Action == "" || e.ActorRole == "" || e.At.IsZero() {
		return ErrNoActor
	}
	if e.Details == nil {
		e.Details = Details{}
	}
	if _, err := json.Marshal(e.Details); err != nil {
		return fmt.Errorf("journal: details of %s: %w", e.Action, err)
	}
	if tx.Statement != nil && tx.Statement.Context != nil {
		e.RequestID = RequestID(tx.Statement.Context)
	}
	if err := tx.Create(&e).Error; err != nil {
		return fmt.Errorf("journal: record %s: %w", e.Action, err)
	}
	return nil
}

// longestHistory bounds what is read at once; of a longer history the newest rows are given.
const longestHistory = 1000

// Latest reads the newest rows of the actions named, oldest first: of what may happen any number of times.
func Latest(db *gorm.DB, id uuid.UUID, most int, actions ...string) ([]Entry, error) {
	var entries []Entry
	err := db.Where("application_id = ? AND action IN ?", id, actions).Order("id DESC").Limit(most).Find(&entries).Error
	if err != nil {
		return nil, fmt.Errorf("journal: latest: %w", err)
	}
	slices.Reverse(entries)
	return entries, nil
}

// Page reads rows of one application behind the row named, oldest first, whatever was done: the whole journal, in pages.
func Page(db *gorm.DB, id uuid.UUID, behind int64, most int) ([]Entry, error) {
	var entries []Entry
	if err := db.Where("application_id = ? AND id > ?", id, behind).Order("id").Limit(most).Find(&entries).Error; err != nil {
		return nil, fmt.Errorf("journal: page: %w", err)
	}
	return entries, nil
}

// OfApplication reads the history of one application, oldest first, without the actions named. Leave out what may happen any number of times
// without meaning anything later, or it would crowd out what matters.
func OfApplication(db *gorm.DB, id uuid.UUID, without ...string) ([]Entry, error) {
	var entries []Entry
	q := db.Where("application_id = ?", id)
	if len(without) > 0 {
		q = q.Where("action NOT IN ?", without)
	}
	if err := q.Order("id DESC").Limit(longestHistory).Find(&entries).Error; err != nil {
		return nil, fmt.Errorf("journal: history: %w", err)
	}
	slices.Reverse(entries)
	return entries, nil
}
