package payments

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
)

// Money that a gateway holds and no application was filed by: what the payer and the head of an authority may do with it.

// StillHeld asks the gateway whether it holds the money of a case. ErrMoneyGone: it was given back meanwhile, or it is another sum.
func (s *Service) StillHeld(ctx context.Context, c Case) error {
	_, err := s.held(ctx, c)
	return err
}

func (s *Service) held(ctx context.Context, c Case) (GatewayStatus, error) {
	said, err := s.statusOf(ctx, c)
	if err == nil && !holds(said, c) {
		err = ErrMoneyGone
	}
	return said, err
}

// statusOf asks the gateway about the payment of a case.
func (s *Service) statusOf(ctx context.Context, c Case) (GatewayStatus, error) {
	gateway, err := s.at(c.Gateway)
	if err != nil {
		return GatewayStatus{}, err
	}
	said, err := gateway.Status(ctx, c.GatewayID)
	if err != nil {
		return GatewayStatus{}, fmt.Errorf("ask the gateway whether it holds the money: %w", err)
	}
	return said, nil
}

// holds tells whether the gateway says that it has the money of a case.
func holds(said GatewayStatus, c Case) bool {
	return said.State == StatePaid && c.TheirsAmount != nil && said.Amount == *c.TheirsAmount
}

// HoldCase locks a case and every other about the same money in the caller's transaction and demands that nobody has decided about it: ErrCaseClosed, or
// ErrRefundUnderWay when the gateway was asked to give the money back. Unlike LockCase it takes no notice of a certificate that is asked for: who signs
// it holds the case, too.
func (s *Service) HoldCase(tx *gorm.DB, id uuid.UUID) (Case, error) {
	c, all, err := lockCases(tx, id)
	if err != nil {
		return c, err
	}
	if c.ClosedAt != nil {
		return c, ErrCaseClosed
	}
	for _, other := range all {
		if other.ClosedAt == nil && other.RefundAskedAt != nil {
			return c, ErrRefundUnderWay
		}
	}
	return c, nil
}

// Abandon cancels an open invoice in the caller's transaction although its payment was not closed at the gateway: the caller knows that the
// gateway has the money of that one payment, so that it takes none any more, or has closed the payment himself. Abandoning an invoice that is
// cancelled does nothing.
func (s *Service) Abandon(tx *gorm.DB, invoiceID uuid.UUID, onCancelled OnChange) error {
	unknown := fmt.Errorf("payments: invoice %s cannot be given up as it stands", invoiceID)
	return s.cancel(tx, invoiceID, EventAbandon, unknown, onCancelled)
}

// ReplaceHeld gives an open invoice up for a new one at the rate of now, when its payment is the one of which the gateway holds the money and a
// person has decided about it otherwise. Any other invoice stays as it is.
func (s *Service) ReplaceHeld(tx *gorm.DB, invoiceID uuid.UUID, gatewayID string) error {
	inv, err := lock(tx, invoiceID)
	if err != nil {
		return err
	}
	if inv.State != InvoiceOpen || inv.Payment.GatewayID == nil || *inv.Payment.GatewayID != gatewayID {
		return nil
	}
	return s.Abandon(tx, invoiceID, func(tx *gorm.DB, old Invoice) error {
		_, err := s.OpenInvoice(tx, old.again())
		return err
	})
}

// again asks for the same fee anew.
func (i Invoice) again() InvoiceRequest {
	return InvoiceRequest{ApplicationID: i.ApplicationID, PayerIIN: i.PayerIIN, PayerBIN: i.PayerBIN, PayerName: i.PayerName,
		Kind: i.Kind, Purpose: i.Purpose, Requisites: i.Requisites}
}

// acceptable are the reasons that a person may overlook: the sum is right, and it is in the budget of the state, or nothing differs but what was decided.
var acceptable = map[string]bool{ParkedPayer: true, ParkedPurpose: true, ParkedMoment: true, ParkedAfterDecision: true}

// Acceptable tells whether a person may take the money of this case for the fee all the same.
func (c Case) Acceptable() bool {
	return c.ClosedAt == nil && c.RefundAskedAt == nil && c.TheirsState == StatePaid && acceptable[c.Reason] && c.InvoiceID != nil && c.OursAmount != nil &&
		c.TheirsAmount != nil && *c.TheirsAmount == *c.OursAmount
}

// AcceptCase takes the money of a case for the fee by a person's word: only payer, purpose or moment differ. The money goes in the books from where
// it was parked to the budget, the invoice is paid, onPaid files the application, and the case is closed, in one transaction. ErrNotAcceptable when
// more than that differs or the invoice is not open any more; ErrMoneyGone; guard says what else must hold, under the locks.
func (s *Service) AcceptCase(ctx context.Context, id uuid.UUID, by, note string, guard func(tx *gorm.DB, c Case) error, onPaid OnChange) error {
	c, err := s.CaseByID(ctx, id)
	if err != nil {
		return err
	}
	if c.ClosedAt != nil {
		return ErrCaseClosed
	}
	if !c.Acceptable() {
		return ErrNotAcceptable
	}
	said, err := s.held(ctx, c)
	if err != nil {
		return err
	}
	return s.transaction(ctx, func(tx *gorm.DB) error {
		inv, err := lock(tx, *c.InvoiceID)
		if err != nil {
			return err
		}
		if _, err := s.HoldCase(tx, id); err != nil {
			return err
		}
		if err := guard(tx, c); err != nil {
			return err
		}
		t, ok := next(EventAccept, inv.State, inv.Payment.State)
		if !ok || said.Amount != inv.Amount || said.Currency != Currency {
			return ErrNotAcceptable
		}
		if id := inv.Payment.GatewayID; id != nil && *id != said.PaymentID {
			return ErrNotAcceptable
		}
		if inv.Payment, err = s.movePayment(tx, inv, said, t.To); err != nil {
			return err
		}
		// Of the day that the gateway's report has it under, which may be another than that of the fee.
		line := ReportLine{PaymentID: said.PaymentID, Receipt: said.Receipt, Amount: said.Amount, At: said.PaidAt}
		if _, err := bookLine(tx, c.Gateway, EntryParked, &inv.ID, line, s.now()); err != nil {
			return err
		}
		if err := s.endCase(tx, id, ClosedAccepted, by, note, ""); err != nil {
			return err
		}
		// A moment that lies ahead is not printed on a receipt: the money was there when it was found.
		paidAt := said.PaidAt
		if paidAt.IsZero() || paidAt.After(c.FoundAt) {
			paidAt = c.FoundAt
		}
		if inv, err = s.settle(tx, inv, paidAt); err != nil {
			return err
		}
		return call(onPaid, tx, inv)
	})
}

// Returned tells which of some invoices' money was given back, by the ledger.
func (s *Service) Returned(ctx context.Context, invoiceIDs ...uuid.UUID) (map[uuid.UUID]LedgerEntry, error) {
	var entries []LedgerEntry
	if err := s.db.WithContext(ctx).Where("kind = ? AND invoice_id IN ?", EntryRefunded, append(invoiceIDs, uuid.Nil)).Order("id").Find(&entries).Error; err != nil {
		return nil, fmt.Errorf("payments: read what was given back: %w", err)
	}
	found := map[uuid.UUID]LedgerEntry{}
	for _, e := range entries {
		found[*e.InvoiceID] = e
	}
	return found, nil
}

// LastReconciled is the last comparison of the books with one source.
type LastReconciled struct {
	Gateway      Via
	Day          string
	ReconciledAt *time.Time // nil: none yet
	Behind       bool       // a day that has ended is not compared yet
}

// LastReconciliations tells for each source of money how far its books are compared.
func (s *Service) LastReconciliations(ctx context.Context) ([]LastReconciled, error) {
	var out []LastReconciled
	for _, via := range []Via{Online, ByReceipt} {
		if _, err := s.at(via); err != nil {
			continue
		}
		var last ReconciledDay
		err := s.db.WithContext(ctx).Where("gateway = ?", via).Order("day DESC").Take(&last).Error
		row := LastReconciled{Gateway: via}
		if err == nil {
			row.Day, row.ReconciledAt = last.Day, &last.ReconciledAt
		} else if !errors.Is(err, gorm.ErrRecordNotFound) {
			return nil, fmt.Errorf("payments: find the last day reconciled: %w", err)
		}
		waiting, err := s.daysToReconcile(ctx, via)
		if err != nil {
			return nil, err
		}
		row.Behind = len(waiting) > 0
		out = append(out, row)
	}
	return out, nil
}
