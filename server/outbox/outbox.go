// Package outbox holds what is to be done outside the database after a change: the row is written in the transaction of the change, so
// nothing is sent for what was rolled back and nothing is lost; a worker sends it afterwards, at least once (I30). A handler must therefore
// bear being called twice with the same message.
//
// All moments here are the database's own: leases are compared between copies of the program, whose clocks may differ (I33).
package outbox

import (
	"encoding/json"
	"errors"
	"fmt"

	"gorm.io/gorm"
)

// Message is one row that waits to be handled.
type Message struct {
	ID       int64
	Kind     string
	Payload  json.RawMessage
	Attempts int // this one included
}

// Put writes a message in the caller's transaction. The payload is stored as JSON; ids and codes, nothing personal.
func Put(tx *gorm.DB, kind string, payload any) error {
	if kind == "" {
		return errors.New("outbox: a message needs a kind")
	}
	raw, err := json.Marshal(payload)
	if err != nil {
		return fmt.Errorf("outbox: payload of %s: %w", kind, err)
	}
	err = tx.Exec(`INSERT INTO outbox (kind, payload, created_at, next_attempt_at) VALUES (?, ?::jsonb, clock_timestamp(), clock_timestamp())`,
		kind, string(raw)).Error
	if err != nil {
		return fmt.Errorf("outbox: put %s: %w", kind, err)
	}
	return nil
}
