package identity

import (
	"context"
	"fmt"
)

// AuthorityCodes lists the authorities that take applications on this portal.
func (s *Service) AuthorityCodes(ctx context.Context) ([]string, error) {
	var codes []string
	if err := s.db.WithContext(ctx).Model(&Authority{}).Order("code").Pluck("code", &codes).Error; err != nil {
		return nil, fmt.Errorf("identity: list authorities: %w", err)
	}
	return codes, nil
}
