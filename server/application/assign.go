package application

import (
	"context"
	"strings"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"elicensing/server/fault"
	"elicensing/server/identity"
	"elicensing/server/journal"
)

// Assign names the responsible executor with the head's resolution (R5.2).
func (s *Service) Assign(ctx context.Context, who identity.Actor, id uuid.UUID, p Press, executor uuid.UUID, resolution string) error {
	resolution, err := resolutionOf(resolution)
	if err != nil {
		return err
	}
	return s.act(ctx, who, id, p, Assign, func(tx *gorm.DB, a *Application, _ Step) (change, error) {
		e, err := s.executorFor(tx, a, executor)
		if err != nil {
			return change{}, err
		}
		return change{columns: map[string]any{"executor_id": e.ID, "resolution": resolution, "assigned_at": s.Now()},
			details: journal.Details{"executor": e.ID.String(), "executorName": e.Name, "resolution": resolution}}, nil
	})
}

// Reassign gives the file to another executor, because the one who has it was dismissed, is away or ill (R5.2): the former one loses it at
// once, the checklist and every limit stay as they are. Why, is the resolution; the former ones stay in the journal.
func (s *Service) Reassign(ctx context.Context, who identity.Actor, id uuid.UUID, p Press, executor uuid.UUID, resolution string) error {
	resolution, err := resolutionOf(resolution)
	if err != nil {
		return err
	}
	return s.act(ctx, who, id, p, Reassign, func(tx *gorm.DB, a *Application, _ Step) (change, error) {
		if *a.ExecutorID == executor {
			return change{}, fault.Invalid("executor_same").WithField("executorId", "executor_same")
		}
		e, err := s.executorFor(tx, a, executor)
		if err != nil {
			return change{}, err
		}
		former, err := identity.EmployeeByID(tx, *a.ExecutorID)
		if err != nil {
			return change{}, err
		}
		details := journal.Details{"executor": e.ID.String(), "executorName": e.Name, "former": a.ExecutorID.String(), "resolution": resolution}
		if former != nil {
			details["formerName"] = former.Name
		}
		return change{columns: map[string]any{"executor_id": e.ID, "resolution": resolution}, details: details}, nil
	})
}

func resolutionOf(typed string) (string, error) {
	resolution := strings.TrimSpace(typed)
	if resolution == "" {
		return "", fault.Invalid("resolution_missing").WithField("resolution", "required")
	}
	return resolution, nil
}

// executorFor gives an executor who may have the application: active, of the same authority, without a part in the case (I16).
func (s *Service) executorFor(tx *gorm.DB, a *Application, id uuid.UUID) (*identity.Employee, error) {
	e, err := identity.EmployeeByID(tx, id)
	if err != nil {
		return nil, err
	}
	if e == nil || !e.Active || e.AuthorityCode != *a.AuthorityCode || !e.Has(identity.Executor) {
		return nil, fault.Invalid("executor_unknown").WithField("executorId", "executor_unknown")
	}
	organisations, err := identity.OrganisationsOf(tx, e.IIN, s.Now())
	if err != nil {
		return nil, err
	}
	if a.ownCase(identity.Actor{IIN: e.IIN, Organisations: organisations}) {
		return nil, fault.Invalid("executor_own_case").WithField("executorId", "executor_own_case")
	}
	return e, nil
}
