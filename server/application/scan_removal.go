package application

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"elicensing/server/outbox"
)

// KindRemoveScans are the outbox's rows of scans whose bytes are to be removed. They are written in the transaction that drops the scans' rows:
// a crash after it leaves nobody's papers behind in the store, one before it loses nothing.
const KindRemoveScans = "remove_scans"

type removal struct {
	Scans []uuid.UUID `json:"scans"`
}

func dropScans(tx *gorm.DB, ids ...uuid.UUID) error {
	if len(ids) == 0 {
		return nil
	}
	return outbox.Put(tx, KindRemoveScans, removal{ids})
}

// RemoveScans is the outbox's handler of KindRemoveScans; it may be called again for the same row.
func (s *Service) RemoveScans(_ context.Context, m outbox.Message) error {
	var r removal
	if err := json.Unmarshal(m.Payload, &r); err != nil {
		return fmt.Errorf("scans to remove: %w", err)
	}
	for _, id := range r.Scans {
		if err := s.Blobs.Remove(id.String()); err != nil {
			return fmt.Errorf("remove scan: %w", err)
		}
	}
	return nil
}
