package application

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"elicensing/server/fault"
	"elicensing/server/identity"
	"elicensing/server/licence"
)

// Licence finds a licence by the number that anyone typed.
func (s *Service) Licence(ctx context.Context, number string) (licence.Licence, error) {
	return licence.ByNumber(s.DB.WithContext(ctx), number)
}

// MyLicences lists the applicant's own licences.
func (s *Service) MyLicences(ctx context.Context, who identity.Actor) ([]licence.Licence, error) {
	switch who.Capacity {
	case identity.AsPerson:
		return licence.OfHolder(s.DB.WithContext(ctx), who.IIN, "")
	case identity.AsEntity:
		return licence.OfHolder(s.DB.WithContext(ctx), "", who.BIN)
	default:
		return nil, fault.Forbidden("not_an_applicant")
	}
}

// Load is an executor with the number of applications on the desk, for the head who chooses one (R5.2).
type Load struct {
	ID               uuid.UUID
	Name             string
	OpenApplications int
}

// Executors lists the executors of the official's own authority.
func (s *Service) Executors(ctx context.Context, who identity.Actor) ([]Load, error) {
	if who.Capacity != identity.AsOfficial {
		return nil, fault.Forbidden("officials_only")
	}
	var found []Load
	err := s.DB.WithContext(ctx).Raw(`SELECT e.id, e.name, (SELECT count(*) FROM applications a WHERE a.executor_id = e.id
			AND a.state IN ('assigned', 'in_review', 'licence_prepared', 'refusal_prepared')) AS open_applications
		FROM employees e WHERE e.authority_code = ? AND e.active AND 'executor' = ANY(e.roles) ORDER BY e.name`, who.AuthorityCode).Scan(&found).Error
	if err != nil {
		return nil, fmt.Errorf("list executors: %w", err)
	}
	return found, nil
}
