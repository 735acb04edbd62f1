package application

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"elicensing/server/fault"
	"elicensing/server/identity"
)

// pageSize is how many rows a list gives at once.
const pageSize = 50

// cursor marks the last row of a page: a moment and an id, compared as a row, so that page 5,000 costs what page 1 costs.
type cursor struct {
	at time.Time
	id uuid.UUID
}

func (c cursor) String() string {
	return base64.RawURLEncoding.EncodeToString([]byte(c.at.UTC().Format(time.RFC3339Nano) + " " + c.id.String()))
}

func parseCursor(s string) (*cursor, error) {
	if s == "" {
		return nil, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return nil, fault.Malformed("cursor")
	}
	at, id, ok := strings.Cut(string(b), " ")
	if !ok {
		return nil, fault.Malformed("cursor")
	}
	c := cursor{}
	if c.at, err = time.Parse(time.RFC3339Nano, at); err != nil {
		return nil, fault.Malformed("cursor")
	}
	if c.id, err = uuid.Parse(id); err != nil {
		return nil, fault.Malformed("cursor")
	}
	return &c, nil
}

// listColumns leaves the answers out of lists.
const listColumns = "id, service_code, service_version, kind, channel, state, applicant_kind, applicant_iin, applicant_bin, applicant_name, representative, authority_code, " +
	"number, filed_at, due_at, incoming_number, registered_at, executor_id, completeness_closes_at, completeness_confirmed_at, assigned_at, step_started_at, step_due_at, result_opened_at, " +
	"saved_at, created_at, updated_at"

// OwnRow is one line of an applicant's list.
type OwnRow struct {
	Application
	PaymentUnderWay bool // begun and not confirmed yet: nobody is asked to pay a second time
}

// Mine lists the applicant's own applications, newest first.
func (s *Service) Mine(ctx context.Context, who identity.Actor, after string) (page []OwnRow, nextCursor string, err error) {
	c, err := parseCursor(after)
	if err != nil {
		return nil, "", err
	}
	q := s.DB.WithContext(ctx).Model(&Application{}).Select(listColumns + `, state = 'awaiting_payment' AND EXISTS (
		SELECT FROM invoices i JOIN gateway_payments p ON p.invoice_id = i.id
		WHERE i.application_id = applications.id AND i.state = 'open' AND p.state = 'pending') AS payment_under_way`)
	switch who.Capacity {
	case identity.AsPerson:
		q = q.Where("applicant_bin = '' AND applicant_iin = ?", who.IIN)
	case identity.AsEntity:
		q = q.Where("applicant_bin <> '' AND applicant_bin = ?", who.BIN)
	default:
		return nil, "", fault.Forbidden("not_an_applicant")
	}
	if c != nil {
		q = q.Where("(created_at, id) < (?, ?)", c.at, c.id)
	}
	if err := q.Order("created_at DESC, id DESC").Limit(pageSize + 1).Find(&page).Error; err != nil {
		return nil, "", fmt.Errorf("list applications: %w", err)
	}
	if len(page) > pageSize {
		page = page[:pageSize]
		last := page[pageSize-1]
		nextCursor = cursor{last.CreatedAt, last.ID}.String()
	}
	return page, nextCursor, nil
}

// Show chooses what an official's list holds.
type Show string

const (
	ShowMine Show = "mine" // the next step is this official's
	ShowAll  Show = "all"  // all that moves in the authority
	ShowDone Show = "done" // ended, newest first
)

// Urgency groups the work of a day.
type Urgency string

const (
	Overdue Urgency = "overdue"
	Today   Urgency = "today"
	Later   Urgency = "later"
	Done    Urgency = "done"
)

// QueueRow is one line of an official's work.
type QueueRow struct {
	Application
	ExecutorName string
	Returned     bool    // the head sent the prepared decision back with remarks, and the executor has it again
	Mine         bool    `gorm:"-"`
	Urgency      Urgency `gorm:"-"`
}

// Counts sum up what moves in the authority; Check and Sign wait for the executors' check of completeness and for the head's signature.
type Counts struct{ All, Mine, Overdue, Today, Check, Sign int }

// workStates are the states that wait for an official.
var workStates = []State{Filed, Registered, Assigned, InReview, LicencePrepared, RefusalPrepared}

// Queue lists the authority's work: by the limit of the running step, the most urgent first. An official's own application is not in it.
func (s *Service) Queue(ctx context.Context, who identity.Actor, w Wanted) (rows []QueueRow, counts Counts, nextCursor string, err error) {
	if who.Capacity != identity.AsOfficial {
		return nil, Counts{}, "", fault.Forbidden("officials_only")
	}
	c, err := parseCursor(w.After)
	if err != nil {
		return nil, Counts{}, "", err
	}
	show, now := w.Show, s.Now()
	db := s.DB.WithContext(ctx)
	columns := "a." + strings.ReplaceAll(listColumns, ", ", ", a.")
	q := db.Table("applications AS a").Select(columns+", coalesce(e.name, '') AS executor_name, a.remarks <> '' AND a.state IN ('assigned', 'in_review') AS returned").Joins("LEFT JOIN employees e ON e.id = a.executor_id").
		Where("a.authority_code = ? AND a.applicant_iin <> ? AND a.applicant_bin NOT IN ?", who.AuthorityCode, who.IIN, ownBINs(who))
	if show == ShowDone {
		q = q.Where("a.state IN ('issued', 'refused', 'withdrawn')").Order("a.updated_at DESC, a.id DESC")
		if c != nil {
			q = q.Where("(a.updated_at, a.id) < (?, ?)", c.at, c.id)
		}
	} else {
		q = q.Where("a.state IN ('filed', 'registered', 'assigned', 'in_review', 'licence_prepared', 'refusal_prepared')").Order("a.step_due_at, a.id")
		if show == ShowMine {
			q = mineOnly(q, who)
		}
		if c != nil {
			q = q.Where("(a.step_due_at, a.id) > (?, ?)", c.at, c.id)
		}
	}
	if q, err = s.narrow(q, w, now); err != nil {
		return nil, Counts{}, "", err
	}
	if err := q.Limit(pageSize + 1).Find(&rows).Error; err != nil {
		return nil, Counts{}, "", fmt.Errorf("list work: %w", err)
	}
	if len(rows) > pageSize {
		rows = rows[:pageSize]
		last := rows[pageSize-1]
		at := last.UpdatedAt
		if show != ShowDone {
			at = *last.StepDueAt
		}
		nextCursor = cursor{at, last.ID}.String()
	}
	for i := range rows {
		rows[i].Mine, rows[i].Urgency = nextStepIs(&rows[i].Application, who), s.urgency(&rows[i].Application, now)
	}
	counts, err = s.counts(db, who, now)
	return rows, counts, nextCursor, err
}

// ownBINs are the organisations whose cases an official does not see (ownCase, in SQL); never an empty list, which SQL has no word for.
func ownBINs(who identity.Actor) []string { return append([]string{"none"}, who.Organisations...) }

// mineOnly narrows the work to what waits for one of the official's roles; the same rule as nextStepIs, in SQL.
func mineOnly(q *gorm.DB, who identity.Actor) *gorm.DB {
	var states []State
	own := []State{}
	for _, state := range workStates {
		switch role := waitsFor(state); {
		case role == identity.Executor && who.Has(identity.Executor):
			own = append(own, state)
		case who.Has(role):
			states = append(states, state)
		}
	}
	return q.Where("(a.state IN ? OR (a.state IN ? AND a.executor_id = ?))", append(states, ""), append(own, ""), who.EmployeeID)
}

// waitsFor is the role whose step is next in a state.
func waitsFor(state State) identity.Role {
	for _, step := range Process {
		if step.From == state && step.Norm != "" {
			return step.By
		}
	}
	return ""
}

func nextStepIs(a *Application, who identity.Actor) bool {
	role := waitsFor(a.State)
	return role != "" && holds(a, who, role)
}

func (s *Service) urgency(a *Application, now time.Time) Urgency {
	switch {
	case a.State.Final() || a.StepDueAt == nil:
		return Done
	case now.After(*a.StepDueAt):
		return Overdue
	case s.Calendar.DateOf(*a.StepDueAt) == s.Calendar.DateOf(now):
		return Today
	default:
		return Later
	}
}

func (s *Service) counts(db *gorm.DB, who identity.Actor, now time.Time) (Counts, error) {
	base := func() *gorm.DB {
		return db.Table("applications AS a").Where("a.authority_code = ? AND a.applicant_iin <> ? AND a.applicant_bin NOT IN ? AND a.state IN ?", who.AuthorityCode, who.IIN, ownBINs(who), workStates)
	}
	var c Counts
	var mine int64
	err := base().Select("count(*), count(*) FILTER (WHERE a.step_due_at < ?), count(*) FILTER (WHERE a.step_due_at >= ? AND a.step_due_at < ?), "+
		"count(*) FILTER (WHERE a.state IN ?), count(*) FILTER (WHERE a.state IN ?)", now, now, s.endOfDay(now), statesOf("check"), statesOf("sign")).
		Row().Scan(&c.All, &c.Overdue, &c.Today, &c.Check, &c.Sign)
	if err != nil {
		return c, fmt.Errorf("count work: %w", err)
	}
	if err := mineOnly(base(), who).Count(&mine).Error; err != nil {
		return c, fmt.Errorf("count own work: %w", err)
	}
	c.Mine = int(mine)
	return c, nil
}

// Incoming is one line of the journal of incoming correspondence (R5.1).
type Incoming struct {
	ID             uuid.UUID
	IncomingNumber string
	RegisteredAt   time.Time
	Number         string
	ApplicantName  string
	RegisteredBy   string
}

// IncomingJournal lists what was registered, newest first.
func (s *Service) IncomingJournal(ctx context.Context, who identity.Actor, after string) (rows []Incoming, nextCursor string, err error) {
	if who.Capacity != identity.AsOfficial {
		return nil, "", fault.Forbidden("officials_only")
	}
	c, err := parseCursor(after)
	if err != nil {
		return nil, "", err
	}
	q := s.DB.WithContext(ctx).Table("applications AS a").
		Select("a.id, a.incoming_number, a.registered_at, a.number, a.applicant_name, "+
			"(SELECT j.actor_name FROM journal j WHERE j.application_id = a.id AND j.action = 'register' LIMIT 1) AS registered_by").
		Where("a.authority_code = ? AND a.applicant_iin <> ? AND a.applicant_bin NOT IN ? AND a.registered_at IS NOT NULL", who.AuthorityCode, who.IIN, ownBINs(who))
	if c != nil {
		q = q.Where("(a.registered_at, a.id) < (?, ?)", c.at, c.id)
	}
	if err := q.Order("a.registered_at DESC, a.id DESC").Limit(pageSize + 1).Find(&rows).Error; err != nil {
		return nil, "", fmt.Errorf("read incoming journal: %w", err)
	}
	if len(rows) > pageSize {
		rows = rows[:pageSize]
		last := rows[pageSize-1]
		nextCursor = cursor{last.RegisteredAt, last.ID}.String()
	}
	return rows, nextCursor, nil
}
