package identity

import (
	"context"
	"fmt"
	"time"
)

// keepEnded is how long an ended session is kept, so that a question about yesterday can be answered.
const keepEnded = 30 * 24 * time.Hour

// Sweep removes challenges that nobody can use any more and sessions that ended long ago; a job calls it.
func (s *Service) Sweep(ctx context.Context) error {
	now := s.now()
	if err := s.db.WithContext(ctx).Exec("DELETE FROM challenges WHERE expires_at < ?", now.Add(-time.Hour)).Error; err != nil {
		return fmt.Errorf("identity: sweep challenges: %w", err)
	}
	if err := s.db.WithContext(ctx).Exec("DELETE FROM sessions WHERE expires_at < ?", now.Add(-keepEnded)).Error; err != nil {
		return fmt.Errorf("identity: sweep sessions: %w", err)
	}
	return nil
}
