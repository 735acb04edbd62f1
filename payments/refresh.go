package payments

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
)

// Refresh asks the gateway how an open invoice stands and applies the answer: when the
// payer's browser comes back, and for notices that never arrive (I8). The invoice is
// returned as it stands then; ErrGatewayUnavailable leaves everything as it was.
func (s *Service) Refresh(ctx context.Context, invoiceID uuid.UUID, onPaid OnChange) (Invoice, error) {
	inv, err := s.Get(ctx, invoiceID)
	if err != nil {
		return Invoice{}, err
	}
	if inv.State != InvoiceOpen || inv.Payment.State == StateNone {
		held, err := s.holdsMoney(ctx, inv)
		if err != nil || !held {
			return inv, err
		}
	}
	paymentID, err := s.paymentID(ctx, inv)
	if s.neverCame(inv, err) {
		if err := s.closeUnknown(ctx, invoiceID); err != nil {
			return inv, err
		}
		return s.Get(ctx, invoiceID)
	}
	if err != nil {
		return inv, err
	}
	gateway, err := s.at(inv.Payment.Gateway)
	if err != nil {
		return inv, err
	}
	said, err := gateway.Status(ctx, paymentID)
	if err != nil {
		return inv, fmt.Errorf("ask the gateway for a status: %w", err)
	}
	return s.applyAnswer(ctx, inv.ID, said, onPaid)
}

// waitsThere are the open cases of money that a gateway holds, for SQL: it may give it back by itself.
const waitsThere = "c.closed_at IS NULL AND c.theirs_state = 'paid' AND c.reason NOT IN ('doubled', 'notice_reused')"

// holdsMoney tells whether the gateway holds money of the payment of an invoice that is not open any more, until a person decides.
func (s *Service) holdsMoney(ctx context.Context, inv Invoice) (held bool, err error) {
	if inv.Payment.GatewayID == nil {
		return false, nil
	}
	err = s.db.WithContext(ctx).Raw("SELECT EXISTS (SELECT FROM money_cases c WHERE c.gateway_id = ? AND c.invoice_id = ? AND "+waitsThere+")", *inv.Payment.GatewayID, inv.ID).Scan(&held).Error
	if err != nil {
		return false, fmt.Errorf("payments: look for money that waits: %w", err)
	}
	return held, nil
}

// paymentID is the gateway's id of a payment that was begun. When the answer that named
// it was lost, asking for the payment again names it.
func (s *Service) paymentID(ctx context.Context, inv Invoice) (string, error) {
	if inv.Payment.GatewayID != nil {
		return *inv.Payment.GatewayID, nil
	}
	made, err := s.create(ctx, inv)
	return made.ID, err
}

// applyAnswer applies what the gateway answered to a question about an invoice.
func (s *Service) applyAnswer(ctx context.Context, invoiceID uuid.UUID, said GatewayStatus, onPaid OnChange) (Invoice, error) {
	if said.Reference != invoiceID.String() {
		return Invoice{}, fmt.Errorf("the gateway answered about another invoice than %s: %w", invoiceID, ErrGatewayNonsense)
	}
	var inv Invoice
	err := s.transaction(ctx, func(tx *gorm.DB) (err error) {
		if inv, err = lock(tx, invoiceID); err != nil {
			return err
		}
		inv, err = s.apply(tx, inv, said, "", onPaid)
		return err
	})
	if err != nil {
		return Invoice{}, err
	}
	return inv, nil
}

// One run of RefreshOpen asks about so many payments of a gateway, and gives a gateway up that was out of reach so often in a row.
const (
	refreshBatch = 100
	mostFailures = 3
)

// RefreshOpen refreshes the open invoices whose payment was begun, and others whose money waits at the gateway for a person, not looked at for
// olderThan, the longest ago first, and tells how many are paid by now. What has not
// moved for an hour is asked about less often, what has not for a day seldom. It is the
// periodic job's; several copies of the portal may run it at once, each payment is then
// looked at by one of them. One bad payment does not stop the others, nor does one
// gateway that is out of reach stop another: its payments that were not asked about are
// first in the next run.
func (s *Service) RefreshOpen(ctx context.Context, olderThan time.Duration, onPaid OnChange) (paid int, err error) {
	var failed []error
	for _, via := range slices.Sorted(maps.Keys(s.gateways)) {
		n, err := s.refreshAt(ctx, via, olderThan, onPaid)
		paid += n
		failed = append(failed, err)
	}
	return paid, errors.Join(failed...)
}

func (s *Service) refreshAt(ctx context.Context, via Via, olderThan time.Duration, onPaid OnChange) (paid int, err error) {
	claimed, err := s.claimUnsettled(ctx, via, olderThan)
	if err != nil {
		return 0, err
	}
	var failed []error
	inARow := 0
	for i, c := range claimed {
		inv, err := s.Refresh(ctx, c.InvoiceID, onPaid)
		if err != nil {
			failed = append(failed, fmt.Errorf("refresh invoice %s: %w", c.InvoiceID, err))
		}
		if inv.State == InvoicePaid {
			paid++
		}
		if errors.Is(err, ErrGatewayUnavailable) {
			inARow++
		} else {
			inARow = 0
		}
		if inARow == mostFailures || ctx.Err() != nil {
			failed = append(failed, s.release(ctx, claimed[i+1:]))
			break
		}
	}
	return paid, errors.Join(failed...)
}

// claim is a payment that this copy of the portal is going to ask about.
type claim struct {
	InvoiceID uuid.UUID
	Before    time.Time // when it was looked at last
	Claimed   time.Time
}

// claimUnsettled marks the payments as looked at before looking, so that no other copy
// takes them too. A crash in between delays them by one period.
func (s *Service) claimUnsettled(ctx context.Context, via Via, olderThan time.Duration) ([]claim, error) {
	now := s.now()
	var claimed []claim
	err := s.db.WithContext(ctx).Raw(`
		WITH due AS (
			SELECT p.invoice_id, p.checked_at FROM gateway_payments p
			WHERE p.gateway = ? AND p.invoice_id IN (
					SELECT i.id FROM invoices i JOIN gateway_payments o ON o.invoice_id = i.id WHERE i.state = ? AND o.state NOT IN (?, ?)
					UNION SELECT h.invoice_id FROM money_cases c JOIN gateway_payments h ON h.invoice_id = c.invoice_id AND h.gateway_id = c.gateway_id WHERE `+waitsThere+`)
				AND p.checked_at <= CASE WHEN p.changed_at > ? THEN ?::timestamptz WHEN p.changed_at > ? THEN ?::timestamptz ELSE ?::timestamptz END
			ORDER BY p.checked_at, p.invoice_id LIMIT ? FOR UPDATE OF p SKIP LOCKED)
		UPDATE gateway_payments g SET checked_at = ? FROM due WHERE g.invoice_id = due.invoice_id
		RETURNING g.invoice_id, due.checked_at AS before, g.checked_at AS claimed`,
		via, InvoiceOpen, StatePaid, StateVoided,
		now.Add(-time.Hour), now.Add(-olderThan), now.Add(-24*time.Hour), now.Add(-5*olderThan), now.Add(-30*olderThan),
		refreshBatch, now).Scan(&claimed).Error
	if err != nil {
		return nil, fmt.Errorf("payments: find open payments: %w", err)
	}
	slices.SortFunc(claimed, func(a, b claim) int {
		return cmp.Or(a.Before.Compare(b.Before), bytes.Compare(a.InvoiceID[:], b.InvoiceID[:]))
	})
	return claimed, nil
}

// release gives back what was claimed and not looked at, also when the portal is being stopped.
func (s *Service) release(ctx context.Context, claimed []claim) error {
	db := s.db.WithContext(context.WithoutCancel(ctx))
	for _, c := range claimed {
		err := db.Model(&Payment{}).Where("invoice_id = ? AND checked_at = ?", c.InvoiceID, c.Claimed).Update("checked_at", c.Before).Error
		if err != nil {
			return fmt.Errorf("payments: release an open payment: %w", err)
		}
	}
	return nil
}
