package application

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"elicensing/payments"
	"elicensing/payments/bankreceipt"
	"elicensing/server/blob"
	"elicensing/server/calendar"
	"elicensing/server/catalog"
	"elicensing/server/directory"
	"elicensing/server/fault"
	"elicensing/server/identity"
	"elicensing/server/journal"
	"elicensing/server/outbox"
	"elicensing/signing"
)

// Verifier decides whether a signature is good, whose it is, and gives the reasons (package signing).
type Verifier interface {
	// Accept verifies a signature and gives a good one with the evidence that proves it later.
	Accept(ctx context.Context, cms, content []byte, p signing.Policy) (signing.Report, signing.Accepted, error)
	// VerifyWith judges a document that is kept, with its evidence.
	VerifyWith(ctx context.Context, in signing.Input) signing.Report
}

// Deps is what the use cases need.
type Deps struct {
	DB        *gorm.DB
	Catalog   *catalog.Catalog
	Calendar  *calendar.Calendar
	Directory *directory.Directory
	Payments  *payments.Service
	Verifier  Verifier
	Blobs     blob.Store
	Now       func() time.Time
	PortalURL string // "https://licences.example": goes into QR codes and return addresses
	Series    string // three letters of the licence numbers of this installation
	Demo      bool   // documents carry the demo mark
}

// Service holds the use cases.
type Service struct {
	Deps
	receipts *bankreceipt.Gateway // holds nothing itself; the one that Payments speaks to stands on the same database
}

// New checks that nothing is missing.
func New(d Deps) (*Service, error) {
	if d.DB == nil || d.Catalog == nil || d.Calendar == nil || d.Directory == nil || d.Payments == nil || d.Verifier == nil || d.Blobs == nil || d.Now == nil {
		return nil, errors.New("application: a dependency is missing")
	}
	if len(d.Series) != 3 || strings.ToUpper(d.Series) != d.Series {
		return nil, fmt.Errorf("application: licence series %q is not three capital letters", d.Series)
	}
	now := d.Now
	// PostgreSQL keeps microseconds: what is answered must equal what is read later.
	d.Now = func() time.Time { return now().UTC().Truncate(time.Microsecond) }
	receipts, err := bankreceipt.New(d.DB, d.Now)
	if err != nil {
		return nil, err
	}
	s := &Service{Deps: d, receipts: receipts}
	d.Payments.OnTrouble(s.tellOfTrouble)
	d.Payments.OnReturned(s.returnedUnasked)
	return s, nil
}

// change is what an action does to the row beside its state, and what the journal says of it.
type change struct {
	columns map[string]any
	details journal.Details
}

// act carries out one action: permission by the table, the caller's own work, guarded update, journal and notice in one transaction (I12,
// I28, I31). do runs with the application locked; it must not use the network.
func (s *Service) act(ctx context.Context, who identity.Actor, id uuid.UUID, p Press, action Action,
	do func(tx *gorm.DB, a *Application, step Step) (change, error)) error {
	return s.DB.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		a, err := lockVisible(tx, who, id)
		if err != nil {
			return err
		}
		now := s.Now()
		step, err := permit(a, who, action, now)
		if err != nil {
			return err
		}
		c, err := do(tx, a, step)
		if err != nil {
			return err
		}
		if err := s.move(tx, a, step, who, now, c); err != nil {
			return err
		}
		return s.settle(tx, p)
	})
}

// move writes a step of the process: the row over the state it was read in, the running norm, the journal and the notice.
func (s *Service) move(tx *gorm.DB, a *Application, step Step, who identity.Actor, now time.Time, c change) error {
	columns := map[string]any{}
	if !step.hidden() {
		columns["updated_at"] = now
	}
	for k, v := range c.columns {
		columns[k] = v
	}
	if step.To != step.From {
		columns["state"] = step.To
		started, due, err := s.norm(a, step.To, columns, now)
		if err != nil {
			return err
		}
		columns["step_started_at"], columns["step_due_at"] = started, due
	}
	done := tx.Model(&Application{}).Where("id = ? AND state = ?", a.ID, step.From).Updates(columns)
	if done.Error != nil {
		return fmt.Errorf("%s: %w", step.Action, done.Error)
	}
	if done.RowsAffected != 1 {
		return fault.Conflict("state_changed")
	}
	err := journal.Record(tx, journal.Entry{At: now, ApplicationID: &a.ID, Action: string(step.Action), FromState: string(step.From), ToState: string(step.To),
		ActorRole: string(step.By), ActorIIN: who.IIN, ActorName: who.Name, Details: c.details})
	if err != nil {
		return err
	}
	if step.To == step.From || step.hidden() {
		return nil
	}
	return outbox.Put(tx, outbox.KindNotice, outbox.Notice{ApplicationID: a.ID, Event: string(step.To), At: now})
}

// norm computes the limit of the step that runs while the application waits in a state, from the norms that the service declares (R5).
func (s *Service) norm(a *Application, state State, columns map[string]any, now time.Time) (started, due *time.Time, err error) {
	name := ""
	for _, step := range Process {
		if step.From == state && step.Norm != "" {
			name = step.Norm
			break
		}
	}
	if name == "" {
		return nil, nil, nil
	}
	kind, err := s.kindOf(a)
	if err != nil {
		return nil, nil, err
	}
	norm, ok := normOf(kind, name)
	if !ok {
		return nil, nil, fmt.Errorf("service %s declares no norm %q", a.ServiceCode, name)
	}
	begin, end := now, time.Time{}
	// Returned to the executor, a norm has not begun anew: neither the two days of the check nor those of preparing (S4.3, R5.4).
	if name == "check" && a.AssignedAt != nil {
		begin = *a.AssignedAt
	} else if name == "prepare" && a.CompletenessConfirmedAt != nil {
		begin = *a.CompletenessConfirmedAt
	}
	if closes, ok := columns["completeness_closes_at"].(time.Time); ok && name == "check" {
		end = closes
	} else if name == "check" && a.CompletenessClosesAt != nil {
		end = *a.CompletenessClosesAt
	} else if norm.Minutes > 0 {
		end, err = s.Calendar.AddWorkingMinutes(begin, norm.Minutes)
	} else {
		end, err = s.Calendar.EndOfWorkingDay(begin, norm.WorkingDays)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("norm %s: %w", name, err)
	}
	return &begin, &end, nil
}

func normOf(kind catalog.Kind, name string) (catalog.Norm, bool) {
	for _, n := range kind.Norms {
		if n.Step == name {
			return n, true
		}
	}
	return catalog.Norm{}, false
}

// serviceOf gives the declaration under which the application was begun.
func (s *Service) serviceOf(a *Application) (*catalog.Service, error) {
	service, err := s.Catalog.Version(a.ServiceCode, a.ServiceVersion)
	if err != nil {
		// An application never outlives its declaration; that is our mistake, not the reader's.
		return nil, fmt.Errorf("declaration %s version %d is gone: %s", a.ServiceCode, a.ServiceVersion, err.Error())
	}
	return service, nil
}

func (s *Service) kindOf(a *Application) (catalog.Kind, error) {
	service, err := s.serviceOf(a)
	if err != nil {
		return catalog.Kind{}, err
	}
	return service.Kind(a.Kind)
}

// today is the day in Kazakhstan.
func (s *Service) today() calendar.Date { return s.Calendar.DateOf(s.Now()) }

// localNow is now in the time of Kazakhstan, for what is judged by the day.
func (s *Service) localNow() time.Time { return s.Now().In(s.Calendar.Zone()) }
