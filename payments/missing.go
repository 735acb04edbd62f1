package payments

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"
)

// missing finds what we booked on the day and the gateway's book does not have, and takes it off our account of the gateway.
func (r *reconciliation) missing(ctx context.Context) error {
	var booked []LedgerEntry
	err := r.db.WithContext(ctx).Where("kind IN ? AND debit = ? AND paid_at >= ? AND paid_at < ?", []EntryKind{EntryFeePaid, EntryParked, EntryParkedTwice},
		accountOf(r.via), r.from, r.from.AddDate(0, 0, 1)).Order("id").Find(&booked).Error
	if err != nil {
		return fmt.Errorf("payments: read the ledger of a day: %w", err)
	}
	var failed []error
	for _, entry := range booked {
		if r.seen[document{entry.GatewayID, entry.Receipt}] == 0 {
			failed = append(failed, r.transaction(ctx, func(tx *gorm.DB) error { return r.isMissing(tx, entry) }))
		}
	}
	return errors.Join(failed...)
}

func (r *reconciliation) isMissing(tx *gorm.DB, entry LedgerEntry) error {
	var inv *Invoice
	if entry.InvoiceID != nil {
		locked, err := lock(tx, *entry.InvoiceID)
		if err != nil {
			return err
		}
		inv = &locked
	}
	if err := lockBook(tx, entry.GatewayID); err != nil {
		return err
	}
	at, err := bookedAt(tx, r.via, entry)
	if err != nil {
		return err
	}
	if at != 0 {
		if err := bookDifference(tx, r.via, entry, entry.PaidAt, -at, r.now()); err != nil {
			return err
		}
	}
	if inv == nil || inv.State != InvoicePaid {
		return r.clear(tx, entry.GatewayID) // money that filed nothing has its case, or had it
	}
	fresh, err := r.openCase(tx, inv, Case{Reason: ParkedMissing, Gateway: r.via, GatewayID: entry.GatewayID, Reference: inv.ID.String(), Day: r.Day, TheirsReceipt: entry.Receipt})
	if fresh {
		r.NewCases++
	}
	if err != nil {
		return err
	}
	return r.clear(tx, entry.GatewayID)
}
