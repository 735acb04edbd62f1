package payments

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// ReconciledDay tells what comparing the books of one day gave.
type ReconciledDay struct {
	Gateway      Via    `gorm:"primaryKey"`
	Day          string `gorm:"primaryKey"`
	ReconciledAt time.Time
	Lines        int // of the gateway's report
	Healed       int // finished there, open here: paid by now
	NewCases     int `gorm:"column:cases"` // differences for a person, found first now
}

// TableName tells GORM.
func (ReconciledDay) TableName() string { return "reconciled_days" }

// Reconcile compares the gateway's book of an ended day with ours, line by line in both directions (I10). What is finished
// there and open here is healed through the same road as any other word of the gateway; the rest becomes cases with both
// sides. It may be repeated: what is known is not reported again.
func (s *Service) Reconcile(ctx context.Context, via Via, day string, onPaid OnChange) (ReconciledDay, error) {
	r := reconciliation{Service: s, via: via, onPaid: onPaid, taken: map[string]bool{}}
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
	for _, line := range lines {
		if line.State != StatePaid {
			continue
		}
		if err := r.paid(ctx, line); err != nil {
			return r.ReconciledDay, err
		}
	}
	for _, line := range lines {
		if line.State != StateRefunded {
			continue
		}
		if err := r.refunded(ctx, line); err != nil {
			return r.ReconciledDay, err
		}
	}
	if err := r.missing(ctx); err != nil {
		return r.ReconciledDay, err
	}
	r.ReconciledAt = s.now()
	replace := clause.OnConflict{Columns: []clause.Column{{Name: "gateway"}, {Name: "day"}},
		DoUpdates: clause.AssignmentColumns([]string{"reconciled_at", "lines", "healed", "cases"})}
	if err := s.db.WithContext(ctx).Clauses(replace).Create(&r.ReconciledDay).Error; err != nil {
		return r.ReconciledDay, fmt.Errorf("payments: note the reconciliation: %w", err)
	}
	s.log.InfoContext(ctx, "reconciled", "gateway", via, "day", day, "lines", r.Lines, "healed", r.Healed, "cases", r.NewCases)
	return r.ReconciledDay, nil
}

type reconciliation struct {
	ReconciledDay
	*Service
	via    Via
	onPaid OnChange
	from   time.Time
	taken  map[string]bool // payments of the report so far
}

// paid looks at money that the gateway took.
func (r *reconciliation) paid(ctx context.Context, line ReportLine) error {
	again := r.taken[line.PaymentID]
	r.taken[line.PaymentID] = true
	inv, err := r.invoiceOf(ctx, line)
	if err != nil {
		return err
	}
	if again {
		return r.differ(ctx, inv, line, ParkedDoubled, EntryParkedTwice)
	}
	if inv, err = r.heal(ctx, inv, line); err != nil {
		return err
	}
	switch {
	case inv == nil:
		return r.differ(ctx, nil, line, ParkedUnknownInvoice, EntryParked)
	case inv.Payment.GatewayID == nil || *inv.Payment.GatewayID != line.PaymentID || inv.Payment.Gateway != r.via:
		return r.differ(ctx, inv, line, ParkedOtherPayment, EntryParked)
	case inv.State == InvoicePaid && inv.Amount == line.Amount && line.Currency == Currency:
		return nil // the books agree
	case inv.State == InvoicePaid:
		return r.differ(ctx, inv, line, ParkedAmount, "")
	case line.Amount != inv.Amount:
		return r.differ(ctx, inv, line, ParkedAmount, EntryParked)
	case inv.State == InvoiceCancelled:
		return r.differ(ctx, inv, line, ParkedInvoiceCancelled, EntryParked)
	case inv.Payment.State == StateVoided:
		return r.differ(ctx, inv, line, ParkedPaidAfterVoid, EntryParked)
	}
	// Open still: the answer to the status question was parked with its own reason, which has a case.
	return r.differ(ctx, inv, line, "", EntryParked)
}

func (r *reconciliation) invoiceOf(ctx context.Context, line ReportLine) (*Invoice, error) {
	id, err := uuid.Parse(line.Reference)
	if err != nil || id.String() != line.Reference {
		return nil, nil //nolint:nilerr // a reference that is not ours: no invoice
	}
	inv, err := r.Get(ctx, id)
	if errors.Is(err, ErrInvoiceNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &inv, nil
}

// heal asks the gateway once more about an invoice that is open here, and applies its full answer. A report is not enough
// to pay an invoice: it names neither payer nor purpose.
func (r *reconciliation) heal(ctx context.Context, inv *Invoice, line ReportLine) (*Invoice, error) {
	if inv == nil || inv.State != InvoiceOpen || inv.Payment.State == StateNone || inv.Payment.Gateway != r.via {
		return inv, nil
	}
	if inv.Payment.GatewayID != nil && *inv.Payment.GatewayID != line.PaymentID {
		return inv, nil
	}
	fresh, err := r.Refresh(ctx, inv.ID, r.onPaid)
	if err != nil {
		return nil, fmt.Errorf("heal invoice %s: %w", inv.ID, err)
	}
	if fresh.State == InvoicePaid {
		r.Healed++
	}
	return &fresh, nil
}

// differ opens a case and books the money of the line, if it is not accounted for yet.
func (r *reconciliation) differ(ctx context.Context, inv *Invoice, line ReportLine, reason string, book EntryKind) error {
	return r.transaction(ctx, func(tx *gorm.DB) error {
		if book != "" {
			var id *uuid.UUID
			if inv != nil {
				id = &inv.ID
			}
			if err := bookLine(tx, r.via, book, id, line, r.now()); err != nil {
				return err
			}
		}
		if reason == "" {
			return nil
		}
		fresh, err := r.openCase(tx, inv, Case{
			Reason: reason, Gateway: r.via, GatewayID: line.PaymentID, Reference: line.Reference, Day: r.Day,
			TheirsAmount: &line.Amount, TheirsState: line.State, TheirsPaidAt: &line.At, TheirsReceipt: line.Receipt,
		})
		if fresh {
			r.NewCases++
		}
		return err
	})
}

// refunded looks at money that the gateway gave back. If it had filed an application, a person must know.
func (r *reconciliation) refunded(ctx context.Context, line ReportLine) error {
	inv, err := r.invoiceOf(ctx, line)
	if err != nil {
		return err
	}
	reason := ""
	if inv != nil && inv.State == InvoicePaid && inv.Payment.GatewayID != nil && *inv.Payment.GatewayID == line.PaymentID {
		reason = ParkedRefunded
	}
	return r.differ(ctx, inv, line, reason, EntryRefunded)
}

// missing finds what we booked on the day and the gateway does not have.
func (r *reconciliation) missing(ctx context.Context) error {
	var booked []LedgerEntry
	err := r.db.WithContext(ctx).Where("kind = ? AND debit = ? AND paid_at >= ? AND paid_at < ?", EntryFeePaid, accountOf(r.via), r.from, r.from.AddDate(0, 0, 1)).
		Order("id").Find(&booked).Error
	if err != nil {
		return fmt.Errorf("payments: read the ledger of a day: %w", err)
	}
	for _, entry := range booked {
		if r.taken[entry.GatewayID] {
			continue
		}
		inv, err := r.Get(ctx, *entry.InvoiceID)
		if err != nil {
			return err
		}
		err = r.transaction(ctx, func(tx *gorm.DB) error {
			fresh, err := r.openCase(tx, &inv, Case{Reason: ParkedMissing, Gateway: r.via, GatewayID: entry.GatewayID, Reference: inv.ID.String(), Day: r.Day})
			if fresh {
				r.NewCases++
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// mostDays bounds one run of ReconcileEnded: a month, for a portal that was off for long.
const mostDays = 31

// ReconcileEnded reconciles every ended day that was not yet, since the first payment was begun at each gateway. It is the
// daily job's; copies of the portal may run it at once. A report that is not ready, or a gateway out of reach, is asked for
// again at the next run.
func (s *Service) ReconcileEnded(ctx context.Context, onPaid OnChange) error {
	var failed []error
	for via := range s.gateways {
		days, err := s.daysToReconcile(ctx, via)
		if err != nil {
			return err
		}
		for _, day := range days {
			_, err := s.Reconcile(ctx, via, day, onPaid)
			if errors.Is(err, ErrReportNotReady) {
				break
			}
			if err != nil {
				failed = append(failed, err)
				break
			}
		}
	}
	return errors.Join(failed...)
}

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
	var days []string
	for !s.now().Before(day.AddDate(0, 0, 1)) && len(days) < mostDays {
		days = append(days, day.Format(dayLayout))
		day = day.AddDate(0, 0, 1)
	}
	return days, nil
}
