package payments

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
)

// reconciliation compares one report with the ledger.
type reconciliation struct {
	ReconciledDay
	*Service
	via    Via
	onPaid OnChange
	from   time.Time
	inARow int              // questions that did not reach the gateway
	seen   map[document]int // takings of the report so far
}

// document is one taking of a payment: by its number, a payment may have several.
type document struct{ paymentID, receipt string }

// line deals with one line of the report. An invoice that is open here is first asked about once more, for a report is not enough to pay it: it
// names neither payer nor purpose.
func (r *reconciliation) line(ctx context.Context, line ReportLine) error {
	compare := r.refunded
	if line.State == StatePaid {
		compare = r.paid
		r.Balance += line.Amount
		key := document{line.PaymentID, line.Receipt}
		r.seen[key]++
		if n := r.seen[key]; n > 1 { // the same document once more: a taking of its own, whatever its number
			line.Receipt = fmt.Sprintf("%s/%d", line.Receipt, n)
			r.seen[document{line.PaymentID, line.Receipt}]++
		}
	} else {
		r.Balance -= line.Amount
	}
	inv, err := r.invoiceOf(ctx, line)
	if err == nil {
		err = r.heal(ctx, inv, line)
	}
	if err != nil {
		return err
	}
	return r.transaction(ctx, func(tx *gorm.DB) error {
		if inv != nil {
			locked, err := lock(tx, inv.ID)
			if err != nil {
				return err
			}
			inv = &locked
		}
		if err := lockBook(tx, line.PaymentID); err != nil {
			return err
		}
		if err := compare(tx, inv, line); err != nil {
			return err
		}
		return r.clear(tx, line.PaymentID)
	})
}

// lockBook lets one reconciliation at a time book a payment: what is to be booked is the difference to what is.
func lockBook(tx *gorm.DB, paymentID string) error {
	if err := tx.Exec("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", paymentID).Error; err != nil {
		return fmt.Errorf("payments: lock the book of a payment: %w", err)
	}
	return nil
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

// heal asks the gateway once more about an invoice that is open here, and applies its full answer.
func (r *reconciliation) heal(ctx context.Context, inv *Invoice, line ReportLine) error {
	if inv == nil || inv.State != InvoiceOpen || inv.Payment.State == StateNone || inv.Payment.State == StateVoided || inv.Payment.Gateway != r.via {
		return nil
	}
	if inv.Payment.GatewayID != nil && *inv.Payment.GatewayID != line.PaymentID {
		return nil
	}
	if r.inARow >= mostFailures {
		return fmt.Errorf("heal invoice %s: %w", inv.ID, ErrGatewayUnavailable)
	}
	fresh, err := r.Refresh(ctx, inv.ID, r.onPaid)
	if errors.Is(err, ErrGatewayUnavailable) {
		r.inARow++
	} else {
		r.inARow = 0
	}
	if err != nil {
		return fmt.Errorf("heal invoice %s: %w", inv.ID, err)
	}
	if fresh.State == InvoicePaid {
		r.Healed++
	}
	return nil
}

// paid looks at money that the gateway took: it is booked already by its document, or it becomes a case.
func (r *reconciliation) paid(tx *gorm.DB, inv *Invoice, line ReportLine) error {
	takings, err := takingsOf(tx, line.PaymentID)
	if err != nil {
		return err
	}
	for pass := 0; pass < 2; pass++ {
		for _, t := range takings {
			same, err := r.same(tx, t, line)
			if err != nil {
				return err
			}
			if same {
				return r.agree(tx, inv, t, line)
			}
		}
		known := false
		for _, t := range takings {
			known = known || t.Receipt == line.Receipt
		}
		if !known {
			break
		}
		// The number of another day's document: a taking of its own all the same.
		line.Receipt += "@" + r.Day
	}
	reason, kind := r.stranger(inv, line, takings)
	back, err := goneBack(tx, inv, line)
	if err != nil {
		return err
	}
	if _, err := bookLine(tx, r.via, kind, idOf(inv), line, r.now()); err != nil {
		return err
	}
	r.seen[document{line.PaymentID, line.Receipt}]++
	if back && reason != ParkedDoubled {
		return nil // given back before the report of its taking came: nobody has to do anything
	}
	if reason == "" {
		if reason, err = unconfirmed(tx, line); err != nil {
			return err
		}
	}
	return r.find(tx, inv, line, reason)
}

// same tells whether a line is the taking that an entry books: by its document, on the day on which it was booked unless that day's report did
// not have it; an entry without a document is known by its moment.
func (r *reconciliation) same(tx *gorm.DB, t LedgerEntry, line ReportLine) (bool, error) {
	if t.Receipt == "" || line.Receipt == "" {
		return t.PaidAt.Equal(line.At.Truncate(time.Microsecond)), nil
	}
	if t.Receipt != line.Receipt {
		return false, nil
	}
	if !t.PaidAt.Before(r.from) && t.PaidAt.Before(r.from.AddDate(0, 0, 1)) {
		return true, nil
	}
	booked, err := bookedAt(tx, r.via, t)
	return booked == 0, err
}

// agree brings our account of the gateway to what its book says of a taking that is booked. A person is told when that is another amount.
func (r *reconciliation) agree(tx *gorm.DB, inv *Invoice, t LedgerEntry, line ReportLine) error {
	r.seen[document{t.GatewayID, t.Receipt}]++
	booked, err := bookedAt(tx, r.via, t)
	if err != nil {
		return err
	}
	if booked != line.Amount {
		if err := bookDifference(tx, r.via, t, line.At, line.Amount-booked, r.now()); err != nil {
			return err
		}
	}
	// An earlier report may have been without it, or with another amount.
	for _, reason := range []string{ParkedMissing, ParkedAmount} {
		if reason == ParkedAmount && line.Amount != t.Amount || t.Kind != EntryFeePaid {
			continue
		}
		if err := r.closeCasesOn(tx, t.GatewayID, reason, t.Receipt, ClosedExplained); err != nil {
			return err
		}
	}
	switch {
	case line.Amount != t.Amount:
		return r.find(tx, inv, line, ParkedAmount)
	case line.Currency != Currency:
		return r.find(tx, inv, line, ParkedCurrency)
	}
	return nil
}

// stranger names why a line that is not booked yet is no fee, and how it is booked.
func (r *reconciliation) stranger(inv *Invoice, line ReportLine, takings []LedgerEntry) (string, EntryKind) {
	switch {
	case len(takings) > 0:
		return ParkedDoubled, EntryParkedTwice
	case inv == nil:
		return ParkedUnknownInvoice, EntryParked
	case inv.Payment.GatewayID == nil || *inv.Payment.GatewayID != line.PaymentID || inv.Payment.Gateway != r.via:
		return ParkedOtherPayment, EntryParked
	case line.Amount != inv.Amount:
		return ParkedAmount, EntryParked
	case inv.State == InvoiceCancelled:
		return ParkedInvoiceCancelled, EntryParked
	case inv.Payment.State == StateVoided:
		return ParkedPaidAfterVoid, EntryParked
	}
	// Open still: the answer to the status question was parked with its own reason, which has a case.
	return "", EntryParked
}

// unconfirmed is the reason for money that fits an open invoice, of which the gateway, asked just now, has told something else: unless a person looks at that
// money already, or it goes back. That it belongs elsewhere by a decision does not count, for then nobody would know that the payer waits.
func unconfirmed(tx *gorm.DB, line ReportLine) (string, error) {
	all, err := lockCasesOf(tx, line.PaymentID)
	for _, c := range all {
		if c.about(line.Receipt) && (c.ClosedAt == nil || slices.Contains(back, c.ClosedHow)) {
			return "", nil
		}
	}
	return ParkedUnconfirmed, err
}

// goneBack tells whether the money of a line was given back, by the ledger or by the gateway's word.
func goneBack(tx *gorm.DB, inv *Invoice, line ReportLine) (bool, error) {
	if inv != nil && inv.Payment.RefundedVersion > 0 && inv.Payment.GatewayID != nil && *inv.Payment.GatewayID == line.PaymentID {
		return true, nil
	}
	var back int64
	if err := tx.Model(&LedgerEntry{}).Where("gateway_id = ? AND kind = ?", line.PaymentID, EntryRefunded).Count(&back).Error; err != nil {
		return false, fmt.Errorf("payments: look for a refund: %w", err)
	}
	return back > 0, nil
}

// find opens a case about a line of the report.
func (r *reconciliation) find(tx *gorm.DB, inv *Invoice, line ReportLine, reason string) error {
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
}

// refunded looks at money that the gateway gave back. If it had filed an application, a person must know; if a person was to look at it, nobody
// has to any more.
func (r *reconciliation) refunded(tx *gorm.DB, inv *Invoice, line ReportLine) error {
	fresh, err := r.giveBack(tx, r.via, inv, line, time.Time{})
	if fresh {
		r.NewCases++
	}
	return err
}

func idOf(inv *Invoice) *uuid.UUID {
	if inv == nil {
		return nil
	}
	return &inv.ID
}
