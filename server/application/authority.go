package application

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"elicensing/server/fault"
	"elicensing/server/identity"
	"elicensing/server/journal"
)

// jsonb makes a value fit for a jsonb column of an update.
func jsonb(v any) (any, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("encode: %w", err)
	}
	return gorm.Expr("?::jsonb", string(b)), nil
}

// Register gives the incoming number in the journal of incoming correspondence and passes the request to the head (R5.1).
func (s *Service) Register(ctx context.Context, who identity.Actor, id uuid.UUID, p Press) error {
	return s.act(ctx, who, id, p, Register, func(tx *gorm.DB, a *Application, _ Step) (change, error) {
		now := s.Now()
		n, err := next(tx, "incoming/"+*a.AuthorityCode, s.Calendar.DateOf(now).Year)
		if err != nil {
			return change{}, err
		}
		number := strconv.Itoa(n)
		return change{columns: map[string]any{"incoming_number": number, "registered_at": now}, details: journal.Details{"incomingNumber": number}}, nil
	})
}

// ConfirmComplete ends the check of completeness (S4.3) and begins the review: the checklist is laid out with a line for each requirement
// that concerns this applicant. Afterwards incompleteness is no ground any more.
func (s *Service) ConfirmComplete(ctx context.Context, who identity.Actor, id uuid.UUID, p Press) error {
	return s.act(ctx, who, id, p, Confirm, func(_ *gorm.DB, a *Application, _ Step) (change, error) {
		service, err := s.serviceOf(a)
		if err != nil {
			return change{}, err
		}
		marks := []Mark{}
		for _, r := range service.RequirementsFor(a.ApplicantKind) {
			marks = append(marks, Mark{Requirement: r.ID, Met: Unmarked})
		}
		encoded, err := jsonb(marks)
		if err != nil {
			return change{}, err
		}
		return change{columns: map[string]any{"completeness_confirmed_at": s.Now(), "checklist": encoded, "remarks": ""}}, nil
	})
}

// SaveChecklist stores the executor's marks; each line of the checklist keeps its place, unknown lines are refused (R5.3).
func (s *Service) SaveChecklist(ctx context.Context, who identity.Actor, id uuid.UUID, marks []Mark) error {
	return s.act(ctx, who, id, Press{}, SaveChecklist, func(_ *gorm.DB, a *Application, _ Step) (change, error) {
		at := map[string]int{}
		list := append([]Mark(nil), a.Checklist...)
		said := map[string]string{} // for the journal: which line was marked how, without the notes
		for i, m := range list {
			at[m.Requirement] = i
		}
		for i, m := range marks {
			j, ok := at[m.Requirement]
			if !ok {
				return change{}, fault.Invalid("requirement_unknown").WithField(fmt.Sprintf("marks[%d].requirement", i), "requirement_unknown")
			}
			list[j] = Mark{Requirement: m.Requirement, Met: m.Met, Note: strings.TrimSpace(m.Note)}
			said[m.Requirement] = string(m.Met)
		}
		encoded, err := jsonb(list)
		if err != nil {
			return change{}, err
		}
		return change{columns: map[string]any{"checklist": encoded}, details: journal.Details{"marks": said}}, nil
	})
}

// PrepareLicence proposes to issue; the head signs or returns (R5.4).
func (s *Service) PrepareLicence(ctx context.Context, who identity.Actor, id uuid.UUID, p Press) error {
	return s.act(ctx, who, id, p, PrepareLicence, func(_ *gorm.DB, a *Application, _ Step) (change, error) {
		return s.propose(who, Decision{Kind: ResultLicence})
	})
}

// PrepareRefusal proposes to refuse on grounds of S10, each with its reason (S10.8).
func (s *Service) PrepareRefusal(ctx context.Context, who identity.Actor, id uuid.UUID, p Press, grounds []Ground) error {
	return s.act(ctx, who, id, p, PrepareRefusal, func(_ *gorm.DB, a *Application, _ Step) (change, error) {
		checked, err := s.checkGrounds(a, grounds)
		if err != nil {
			return change{}, err
		}
		return s.propose(who, Decision{Kind: ResultRefusal, Grounds: checked})
	})
}

func (s *Service) propose(who identity.Actor, d Decision) (change, error) {
	d.PreparedAt, d.PreparedBy, d.PreparedByID = s.Now(), who.Name, who.EmployeeID
	encoded, err := jsonb(d)
	if err != nil {
		return change{}, err
	}
	codes := []string{}
	for _, g := range d.Grounds {
		codes = append(codes, g.Code)
	}
	return change{columns: map[string]any{"decision": encoded, "remarks": ""}, details: journal.Details{"kind": string(d.Kind), "grounds": codes, "reasons": d.Grounds}}, nil
}

// ReturnDecision sends a prepared decision back to the executor with remarks (R5.5). The next decision takes the place of this one and of the remarks:
// what was proposed and what was wrong with it stay in the journal.
func (s *Service) ReturnDecision(ctx context.Context, who identity.Actor, id uuid.UUID, p Press, remarks string) error {
	remarks = strings.TrimSpace(remarks)
	if remarks == "" {
		return fault.Invalid("remarks_missing").WithField("remarks", "required")
	}
	return s.act(ctx, who, id, p, Return, func(_ *gorm.DB, a *Application, _ Step) (change, error) {
		return change{columns: map[string]any{"remarks": remarks}, details: journal.Details{"kind": string(a.Decision.Kind), "remarks": remarks, "reasons": a.Decision.Grounds}}, nil
	})
}

// Withdraw takes a filed application back before a decision is prepared. The fee is not returned (S7.1). The numbers that an earlier,
// returned decision took, of licence, order or letter, are voided with the reason (I1).
func (s *Service) Withdraw(ctx context.Context, who identity.Actor, id uuid.UUID, p Press) error {
	return s.act(ctx, who, id, p, Withdraw, func(tx *gorm.DB, a *Application, _ Step) (change, error) {
		if err := voidLicence(tx, a.ID, s.Now(), "withdrawn"); err != nil {
			return change{}, err
		}
		return change{}, outgoingNumbers.void(tx, a.ID, s.Now(), "withdrawn")
	})
}
