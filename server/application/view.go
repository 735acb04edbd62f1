package application

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"elicensing/payments"
	"elicensing/server/catalog"
	"elicensing/server/fault"
	"elicensing/server/identity"
	"elicensing/server/journal"
)

// View is one application as one actor may see it, read in one go: what happens now, until when, what may be done. Everything that must not
// be known before the decision is signed is left out here, not on the page.
type View struct {
	Application
	Shown            State // the state under the name that the actor may see
	Official         bool
	Attachments      []Attachment
	Signature        *Signature
	Invoice          *payments.Invoice
	FeeNow           *payments.Fee // of today, while the invoice is open
	Executor         *identity.Employee
	Result           *Result
	Running          *Running
	CompletenessOpen bool // the two working days of S4.3 run and nobody has confirmed
	Grounds          []GroundOffer
	Offers           []Offer
	History          []journal.Entry
}

// Running is the step that waits for somebody now, with its limit (R5).
type Running struct {
	Action      Action
	Role        identity.Role
	StartedAt   time.Time
	DueAt       time.Time
	Norm        catalog.Norm
	Number, Of  int
	UsedPercent int
	MinutesLeft int // working minutes; negative when overdue
	DaysLeft    int // of a norm in working days: those that are still to come, counted as the norm was; 0 on the last day
	Overdue     bool
}

// Read gives the application as the actor may see it.
func (s *Service) Read(ctx context.Context, who identity.Actor, id uuid.UUID) (*View, error) {
	db := s.DB.WithContext(ctx)
	a, err := readVisible(db, who, id)
	if err != nil {
		return nil, err
	}
	now := s.Now()
	v := &View{Application: *a, Shown: ShownState(a, who), Official: who.Capacity == identity.AsOfficial, Offers: Offers(a, who, now)}
	if v.Attachments, err = attachmentsOf(db, id); err != nil {
		return nil, err
	}
	if v.Signature, err = signatureOf(db, id, purposeRequest); err != nil {
		return nil, err
	}
	if err := s.readMoney(ctx, v); err != nil {
		return nil, err
	}
	if a.ExecutorID != nil {
		if v.Executor, err = identity.EmployeeByID(db, *a.ExecutorID); err != nil {
			return nil, err
		}
	}
	if a.State == Issued || a.State == Refused {
		if v.Result, err = resultOf(db, id); err != nil {
			return nil, err
		}
	}
	if v.Running, err = s.Running(asShown(a, v.Shown), now); err != nil {
		return nil, err
	}
	v.CompletenessOpen = incompleteness(a, now) == "" && !a.State.Final()
	if v.Official && (a.State == Assigned || a.State == InReview) {
		v.Grounds = GroundOffers(a, now)
	}
	if v.History, err = history(db, id); err != nil {
		return nil, err
	}
	v.conceal()
	return v, nil
}

// Refused signatures may be tried any number of times; a few of them are history.
const (
	signFailed       = string(Sign) + failedSuffix
	signResultFailed = string(SignResult) + failedSuffix
	failedSuffix     = "_failed"
	failuresShown    = 20
)

// history is every step of an application, and the latest refused signatures, in the order in which they happened.
func history(db *gorm.DB, id uuid.UUID) ([]journal.Entry, error) {
	steps, err := journal.OfApplication(db, id, attachAction, detachAction, string(SaveChecklist), signFailed, signResultFailed)
	if err != nil {
		return nil, err
	}
	failed, err := journal.Latest(db, id, failuresShown, signFailed, signResultFailed)
	if err != nil {
		return nil, err
	}
	all := append(steps, failed...)
	slices.SortFunc(all, func(a, b journal.Entry) int { return cmp.Compare(a.ID, b.ID) })
	return all, nil
}

// Journal gives an official the whole journal of an application, page by page: what the history leaves out, scans that came and went, saved marks
// and every refused signature, is in it too.
func (s *Service) Journal(ctx context.Context, who identity.Actor, id uuid.UUID, after string) (page []journal.Entry, next string, err error) {
	if who.Capacity != identity.AsOfficial {
		return nil, "", fault.Forbidden("officials_only")
	}
	behind := int64(0)
	if after != "" {
		if behind, err = strconv.ParseInt(after, 10, 64); err != nil || behind < 0 {
			return nil, "", fault.Malformed("cursor")
		}
	}
	db := s.DB.WithContext(ctx)
	if _, err := readVisible(db, who, id); err != nil {
		return nil, "", err
	}
	if page, err = journal.Page(db, id, behind, pageSize+1); err != nil {
		return nil, "", err
	}
	if len(page) > pageSize {
		page = page[:pageSize]
		next = strconv.FormatInt(page[pageSize-1].ID, 10)
	}
	return page, next, nil
}

// asShown is the application as if it still stood in the state that its reader is shown: while a refusal for incompleteness waits, the
// applicant sees the check of completeness run on.
func asShown(a *Application, shown State) *Application {
	if shown != Assigned || a.State == Assigned {
		return a
	}
	b := *a
	b.State, b.StepStartedAt, b.StepDueAt = Assigned, a.AssignedAt, a.CompletenessClosesAt
	return &b
}

// conceal takes out what an applicant must not learn before the decision is signed.
func (v *View) conceal() {
	if v.Official {
		return
	}
	v.Resolution, v.Remarks, v.Checklist, v.Grounds = "", "", nil, nil
	if v.Result == nil {
		v.Decision = nil
	}
	if v.Shown == decisionPending {
		v.CompletenessClosesAt, v.CompletenessConfirmedAt, v.CompletenessOpen = nil, nil, false
		v.History = slices.DeleteFunc(v.History, func(e journal.Entry) bool { return e.Action == string(Confirm) })
	}
}

func (s *Service) readMoney(ctx context.Context, v *View) error {
	invoices, err := s.Payments.ByApplication(ctx, v.ID)
	if err != nil {
		return err
	}
	for _, inv := range invoices {
		if inv.State != payments.InvoiceCancelled {
			v.Invoice = &inv
			break
		}
	}
	if v.Invoice == nil || v.Invoice.State != payments.InvoiceOpen {
		return nil
	}
	fee, err := s.Fee(v.Invoice.Kind)
	if err != nil {
		return nil //nolint:nilerr // the rate of today is not known: the invoice stands, paying will say so
	}
	v.FeeNow = &fee
	return nil
}

// Fee is the fee of today for a kind of request.
func (s *Service) Fee(kind payments.Kind) (payments.Fee, error) {
	return s.Payments.Fee(kind)
}

// Running computes the step that waits for somebody, or nil when none does.
func (s *Service) Running(a *Application, now time.Time) (*Running, error) {
	if a.StepStartedAt == nil || a.StepDueAt == nil {
		return nil, nil
	}
	for _, step := range Process {
		if step.From != a.State || step.Norm == "" {
			continue
		}
		kind, err := s.kindOf(a)
		if err != nil {
			return nil, err
		}
		norm, _ := normOf(kind, step.Norm)
		r := &Running{Action: step.Action, Role: step.By, StartedAt: *a.StepStartedAt, DueAt: *a.StepDueAt, Norm: norm, Number: stepNumber[a.State], Of: StepCount,
			Overdue: now.After(*a.StepDueAt)}
		if r.MinutesLeft, err = s.minutes(now, r.DueAt); err != nil {
			return nil, err
		}
		if norm.WorkingDays > 0 {
			if r.DaysLeft, err = s.Calendar.WorkingDaysAfter(s.Calendar.DateOf(now), s.Calendar.DateOf(r.DueAt)); err != nil {
				return nil, err
			}
		}
		whole, err := s.minutes(r.StartedAt, r.DueAt)
		if err != nil {
			return nil, err
		}
		if whole > 0 {
			r.UsedPercent = min(100, max(0, 100*(whole-r.MinutesLeft)/whole))
		}
		return r, nil
	}
	return nil, nil
}

// minutes counts working minutes from a to b; negative when b is past.
func (s *Service) minutes(a, b time.Time) (int, error) {
	if b.Before(a) {
		n, err := s.Calendar.WorkingMinutesBetween(b, a)
		return -n, err
	}
	return s.Calendar.WorkingMinutesBetween(a, b)
}

// StepInTable is one row of the process with the norm that a kind of request declares, for the drawn schemes (RA).
type StepInTable struct {
	Step
	Limit catalog.Norm
}

// Steps lists the process of a kind of request (RA, S16).
func Steps(kind catalog.Kind) []StepInTable {
	list := make([]StepInTable, 0, len(Process))
	for _, step := range Process {
		norm, _ := normOf(kind, step.Norm)
		list = append(list, StepInTable{Step: step, Limit: norm})
	}
	return list
}

// signatureOf reads the signature in force, or nil.
func signatureOf(db *gorm.DB, id uuid.UUID, purpose string) (*Signature, error) {
	var found []Signature
	if err := db.Where("application_id = ? AND purpose = ? AND set_aside_at IS NULL", id, purpose).Limit(1).Find(&found).Error; err != nil {
		return nil, fmt.Errorf("read signature: %w", err)
	}
	if len(found) == 0 {
		return nil, nil
	}
	return &found[0], nil
}
