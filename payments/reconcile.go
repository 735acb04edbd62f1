package payments

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm/clause"
)

// ReconciledDay tells what comparing the books of one day gave.
type ReconciledDay struct {
	Gateway      Via    `gorm:"primaryKey"`
	Day          string `gorm:"primaryKey"`
	ReconciledAt time.Time
	Lines        int  // of the gateway's report
	Healed       int  // finished there, open here: paid by now
	NewCases     int  `gorm:"column:cases"`        // differences for a person, found first now
	Balance      Tiyn `gorm:"column:balance_tiyn"` // taken less given back, by the report
	Failed       int  // lines that could not be dealt with, or the report itself: the day is compared again
}

// TableName tells GORM.
func (ReconciledDay) TableName() string { return "reconciled_days" }

// Reconcile compares the gateway's book of an ended day with ours, line by line in both directions (I10). What is finished
// there and open here is healed through the same road as any other word of the gateway; the rest becomes cases with both
// sides, and our account of the gateway follows its book. It may be repeated: what is known is not reported again. A line
// that cannot be dealt with holds up no other; the day is then noted as incomplete, and the failures are returned.
func (s *Service) Reconcile(ctx context.Context, via Via, day string, onPaid OnChange) (ReconciledDay, error) {
	r := reconciliation{Service: s, via: via, onPaid: onPaid, seen: map[document]int{}}
	r.Gateway, r.Day = via, day
	gateway, err := s.at(via)
	if err != nil {
		return r.ReconciledDay, err
	}
	if r.from, err = time.ParseInLocation(dayLayout, day, Zone); err != nil {
		return r.ReconciledDay, fmt.Errorf("payments: %q is not a day: %w", clip(day), err)
	}
	lines, err := gateway.Report(ctx, day)
	if err != nil {
		return r.ReconciledDay, fmt.Errorf("ask the gateway for its report of %s: %w", day, err)
	}
	r.Lines = len(lines)
	var failed []error
	for _, state := range []PaymentState{StatePaid, StateRefunded} {
		for _, line := range lines {
			if line.State == state {
				failed = append(failed, r.line(ctx, line))
			}
		}
	}
	failed = slices.DeleteFunc(append(failed, r.missing(ctx)), func(err error) bool { return err == nil })
	r.Failed = len(failed)
	if err := s.noteDay(ctx, &r.ReconciledDay); err != nil {
		return r.ReconciledDay, errors.Join(append(failed, err)...)
	}
	s.log.InfoContext(ctx, "reconciled", "gateway", via, "day", day, "lines", r.Lines, "healed", r.Healed, "cases", r.NewCases, "failed", r.Failed)
	return r.ReconciledDay, errors.Join(failed...)
}

func (s *Service) noteDay(ctx context.Context, day *ReconciledDay) error {
	day.ReconciledAt = s.now()
	replace := clause.OnConflict{Columns: []clause.Column{{Name: "gateway"}, {Name: "day"}},
		DoUpdates: clause.AssignmentColumns([]string{"reconciled_at", "lines", "healed", "cases", "balance_tiyn", "failed"})}
	if err := s.db.WithContext(ctx).Clauses(replace).Create(day).Error; err != nil {
		return fmt.Errorf("payments: note the reconciliation: %w", err)
	}
	return nil
}

// mostDays bounds one run of ReconcileEnded: a month, for a portal that was off for long.
const mostDays = 31

// ReconcileEnded reconciles every ended day that was not yet, since the first payment was begun at each gateway, and those again that remained
// incomplete. It is the daily job's; copies of the portal may run it at once. A report that is not ready, or a gateway out of reach, is asked for
// again at the next run; a day that fails otherwise holds up no later one.
func (s *Service) ReconcileEnded(ctx context.Context, onPaid OnChange) error {
	var failed []error
	for via := range s.gateways {
		days, err := s.daysToReconcile(ctx, via)
		if err != nil {
			return err
		}
		for _, day := range days {
			done, err := s.Reconcile(ctx, via, day, onPaid)
			if errors.Is(err, ErrReportNotReady) {
				break
			}
			if err == nil {
				continue
			}
			failed = append(failed, err)
			if done.Failed > 0 {
				continue // noted with the day
			}
			if errors.Is(err, ErrGatewayUnavailable) || ctx.Err() != nil {
				break
			}
			done.Failed = 1 // no report of that day
			if err := s.noteDay(ctx, &done); err != nil {
				failed = append(failed, err)
				break
			}
		}
	}
	return errors.Join(failed...)
}

// daysToReconcile are those to be compared again, because a line failed or a payment of the day was booked only afterwards, and then those that
// were never compared, the oldest first.
func (s *Service) daysToReconcile(ctx context.Context, via Via) ([]string, error) {
	var began, last sql.NullTime
	db := s.db.WithContext(ctx)
	if err := db.Raw("SELECT min(begun_at) FROM gateway_payments WHERE gateway = ?", via).Scan(&began).Error; err != nil {
		return nil, fmt.Errorf("payments: find the first payment: %w", err)
	}
	if !began.Valid {
		return nil, nil
	}
	if err := db.Raw("SELECT max(day)::date FROM reconciled_days WHERE gateway = ?", via).Scan(&last).Error; err != nil {
		return nil, fmt.Errorf("payments: find the last day reconciled: %w", err)
	}
	first := began.Time.In(Zone)
	day := time.Date(first.Year(), first.Month(), first.Day(), 0, 0, 0, 0, Zone)
	if last.Valid {
		day = time.Date(last.Time.Year(), last.Time.Month(), last.Time.Day()+1, 0, 0, 0, 0, Zone)
	}
	var days, again []string
	for !s.now().Before(day.AddDate(0, 0, 1)) && len(days) < mostDays {
		days = append(days, day.Format(dayLayout))
		day = day.AddDate(0, 0, 1)
	}
	err := db.Raw(`SELECT d.day FROM reconciled_days d WHERE d.gateway = ? AND (d.failed > 0 OR EXISTS (
			SELECT FROM ledger_entries e WHERE e.kind = ? AND e.debit = ? AND e.recorded_at > d.reconciled_at
				AND e.paid_at >= d.day::timestamp AT TIME ZONE ? AND e.paid_at < (d.day::date + 1)::timestamp AT TIME ZONE ?))
		ORDER BY d.reconciled_at, d.day LIMIT ?`, via, EntryFeePaid, accountOf(via), zoneOffset, zoneOffset, mostDays).Scan(&again).Error
	if err != nil {
		return nil, fmt.Errorf("payments: find days to reconcile again: %w", err)
	}
	return append(again, days...), nil // a report that is not ready ends the run
}

// zoneOffset is Zone in PostgreSQL's words: its signs are those of POSIX.
const zoneOffset = "UTC-5"
