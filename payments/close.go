package payments

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// A case is closed by a person, or by a later word of the gateway. What waited in the ledger for it goes in the same transaction to where it belongs.

// Decision is what a person decides about a case.
type Decision struct {
	How        string // one of the case's Outcomes, or ClosedCertificate
	By         string
	Note       string     // what was found out, and by which document
	Requisites Requisites // of the budget that gets what is kept, where no invoice tells
}

// Outcomes are the ways in which a person may close the case by his word alone: where money is there, he says where it belongs.
func (c Case) Outcomes() []string {
	switch {
	case c.ClosedAt != nil:
		return nil
	case c.TheirsState != StatePaid, c.Reason == ParkedNoticeReused:
		return []string{ClosedExplained}
	}
	return []string{ClosedReturned, ClosedKept, ClosedWrittenOff}
}

// DecideCase closes a case by a person's decision, and calls then in the transaction that does. The gateway is asked first, and what it says is applied: the
// money may fit by now, or be given back, and then there is nothing to decide (ErrCaseClosed). An invoice that waits for money which the gateway holds and
// which belongs elsewhere now is replaced, so that its payer is not held up. ErrMoneyGone: nothing is there to keep. Else the errors of CloseCase.
func (s *Service) DecideCase(ctx context.Context, id uuid.UUID, d Decision, onPaid OnChange, then func(tx *gorm.DB, c Case) error) error {
	c, err := s.CaseByID(ctx, id)
	switch {
	case err != nil:
		return err
	case c.ClosedAt != nil:
		return ErrCaseClosed
	case !slices.Contains(c.Outcomes(), d.How):
		return ErrOutcomeInvalid
	case c.RefundAskedAt != nil:
		return ErrRefundUnderWay
	}
	held, err := s.askedAgain(ctx, c, onPaid)
	if err != nil {
		return err
	}
	return s.transaction(ctx, func(tx *gorm.DB) error {
		if held && c.InvoiceID != nil && c.Reason != ParkedDoubled {
			if err := s.ReplaceHeld(tx, *c.InvoiceID, c.GatewayID); err != nil {
				return err
			}
		}
		now, err := s.HoldCase(tx, id)
		if err != nil {
			return err
		}
		if d.How == ClosedKept && !held && now.OursState != InvoicePaid {
			return ErrMoneyGone
		}
		if err := s.CloseCase(tx, id, d); err != nil {
			return err
		}
		return then(tx, c)
	})
}

// askedAgain asks the gateway about the money of a case, applies what it says, and tells whether it holds that money. One that does not know the payment holds
// none of it.
func (s *Service) askedAgain(ctx context.Context, c Case, onPaid OnChange) (held bool, err error) {
	if c.TheirsState != StatePaid || c.Reason == ParkedNoticeReused {
		return false, nil
	}
	said, err := s.statusOf(ctx, c)
	if errors.Is(err, ErrGatewayRefused) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	err = s.transaction(ctx, func(tx *gorm.DB) error { return s.take(tx, said, "", onPaid) })
	return holds(said, c), err
}

// CloseCase closes a case by a person's decision in the caller's transaction and books where its money belongs. ErrCaseClosed when somebody was faster,
// ErrRefundUnderWay and ErrRefundAsked when the money is on another road, ErrOutcomeInvalid when the case cannot be closed like that.
func (s *Service) CloseCase(tx *gorm.DB, id uuid.UUID, d Decision) error {
	c, err := s.HoldCase(tx, id)
	if err != nil {
		return err
	}
	asked, err := certificateAsked(tx, c.GatewayID)
	switch {
	case err != nil:
		return err
	case asked && d.How != ClosedCertificate && c.TheirsState == StatePaid:
		return ErrRefundAsked
	case !slices.Contains(c.Outcomes(), d.How) && (d.How != ClosedCertificate || c.TheirsState != StatePaid || c.InvoiceID == nil):
		return ErrOutcomeInvalid
	}
	account, err := belongs(tx, c, d)
	if err != nil {
		return err
	}
	if err := s.endCase(tx, id, d.How, d.By, d.Note, account); err != nil {
		return err
	}
	return s.clear(tx, c.GatewayID)
}

// belongs names the account on which the money of a case belongs by a decision.
func belongs(tx *gorm.DB, c Case, d Decision) (string, error) {
	if c.Reason == ParkedNoticeReused {
		return "", nil // it is about no money
	}
	switch d.How {
	case ClosedReturned:
		return accountReturned, nil
	case ClosedKept, ClosedCertificate:
	default:
		return accountWrittenOff, nil
	}
	requisites := d.Requisites
	if c.InvoiceID != nil {
		inv, err := read(tx, *c.InvoiceID)
		if err != nil {
			return "", err
		}
		requisites = inv.Requisites
	}
	if requisites.BudgetCode == "" || requisites.TaxOfficeCode == "" {
		return "", ErrRequisitesMissing
	}
	if d.How == ClosedCertificate {
		return taxOfficeAccount(requisites), nil
	}
	return BudgetAccount(requisites), nil
}

// endCase notes that a case is closed, and nothing else.
func (s *Service) endCase(tx *gorm.DB, id uuid.UUID, how, by, note, account string) error {
	done := tx.Model(&Case{}).Where("id = ? AND closed_at IS NULL", id).
		Updates(map[string]any{"closed_at": s.now(), "closed_how": how, "closed_by": by, "note": note, "settled_to": account})
	if done.Error != nil {
		return fmt.Errorf("payments: close a case: %w", done.Error)
	}
	if done.RowsAffected == 0 {
		return ErrCaseClosed
	}
	return nil
}

// closeCasesOf closes the open cases about money that a payment had at the gateway, because a later word tells what became of it. Money taken
// a second time and a notice that contradicts another are not explained by that: they stay for a person.
func (s *Service) closeCasesOf(tx *gorm.DB, gatewayID, how string) error {
	return s.closeBy(tx, gatewayID, how, "theirs_state = ? AND reason NOT IN ?", StatePaid, []string{ParkedDoubled, ParkedNoticeReused})
}

// closeCasesOn closes the cases of one reason and of one payment document.
func (s *Service) closeCasesOn(tx *gorm.DB, gatewayID, reason, receipt, how string) error {
	return s.closeBy(tx, gatewayID, how, "reason = ? AND theirs_receipt = ?", reason, receipt)
}

func (s *Service) closeBy(tx *gorm.DB, gatewayID, how, which string, args ...any) error {
	if err := lockBook(tx, gatewayID); err != nil {
		return err
	}
	var closed []Case
	err := tx.Model(&closed).Clauses(clause.Returning{}).Where("gateway_id = ? AND closed_at IS NULL", gatewayID).Where(which, args...).
		Updates(map[string]any{"closed_at": s.now(), "closed_how": how, "closed_by": closedByGateway}).Error
	if err != nil {
		return fmt.Errorf("payments: close the cases of a payment: %w", err)
	}
	if how != ClosedRefunded || s.returned == nil {
		return nil
	}
	for _, c := range closed {
		if err := s.returned(tx, c); err != nil {
			return err
		}
	}
	return nil
}

// waiting is money of one payment document on an account of money that waits for a person.
type waiting struct {
	Receipt   string
	Account   string
	Amount    Tiyn // less than nothing: more was taken off the account than came
	InvoiceID *uuid.UUID
	Belongs   string // by the latest decision about it; "" when there was none
}

// clear moves what stands on the accounts of waiting money by a payment to where the latest decision about each of its documents says it belongs,
// unless a case is open about it. So nothing waits in the ledger without a person who knows of it, whatever was decided before the money was booked.
func (s *Service) clear(tx *gorm.DB, gatewayID string) error {
	return s.clearTo(tx, gatewayID, accountWrittenOff)
}

// clearTo is clear with the account of that about which nobody has decided; "" leaves it where it is.
func (s *Service) clearTo(tx *gorm.DB, gatewayID, undecided string) error {
	if err := lockBook(tx, gatewayID); err != nil {
		return err
	}
	var rest []waiting
	err := tx.Raw(`SELECT l.receipt, l.account, -sum(l.amount_tiyn) AS amount, max(l.invoice_id::text)::uuid AS invoice_id,
			(SELECT d.settled_to FROM money_cases d WHERE d.gateway_id = ? AND d.settled_to <> '' AND d.theirs_receipt IN (l.receipt, '')
				ORDER BY d.theirs_receipt = l.receipt DESC, d.closed_at DESC, d.id DESC LIMIT 1) AS belongs
		FROM ledger_lines l
		WHERE l.gateway_id = ? AND l.account IN (?, ?) AND NOT EXISTS (SELECT FROM money_cases o WHERE o.gateway_id = l.gateway_id AND o.closed_at IS NULL AND o.reason <> ?
			AND (o.theirs_receipt IN (l.receipt, '') OR NOT EXISTS (SELECT FROM money_cases k WHERE k.gateway_id = l.gateway_id AND k.theirs_receipt = l.receipt AND k.reason <> ?)))
		GROUP BY l.receipt, l.account HAVING sum(l.amount_tiyn) <> 0 ORDER BY l.receipt, l.account`,
		gatewayID, gatewayID, accountParked, accountDifference, ParkedNoticeReused, ParkedNoticeReused).Scan(&rest).Error
	if err != nil {
		return fmt.Errorf("payments: look for money that waits: %w", err)
	}
	for _, w := range rest {
		to := cmp.Or(w.Belongs, undecided)
		if to == "" {
			continue
		}
		if err := bookMove(tx, gatewayID, w, to, EntrySettled, s.now()); err != nil {
			return err
		}
	}
	return nil
}

// unsettle takes the money of one document back from where it was settled: a person is to decide about it anew.
func (s *Service) unsettle(tx *gorm.DB, gatewayID, receipt string) error {
	var settled []waiting
	err := tx.Raw(`SELECT l.receipt, l.account, -sum(l.amount_tiyn) AS amount, max(l.invoice_id::text)::uuid AS invoice_id FROM ledger_lines l
		WHERE l.gateway_id = ? AND l.receipt = ? AND l.account NOT IN (?, ?, ?, ?) GROUP BY l.receipt, l.account HAVING sum(l.amount_tiyn) <> 0 ORDER BY l.account`,
		gatewayID, receipt, accountOf(Online), accountOf(ByReceipt), accountParked, accountDifference).Scan(&settled).Error
	if err != nil {
		return fmt.Errorf("payments: look for money that was decided: %w", err)
	}
	for _, w := range settled {
		if err := bookMove(tx, gatewayID, w, accountParked, EntrySettled, s.now()); err != nil {
			return err
		}
	}
	return nil
}

// bookMove books waiting money over to another account.
func bookMove(tx *gorm.DB, gatewayID string, w waiting, to string, kind EntryKind, now time.Time) error {
	entry := LedgerEntry{InvoiceID: w.InvoiceID, GatewayID: gatewayID, Receipt: w.Receipt, Kind: kind, Debit: w.Account, Credit: to, Amount: w.Amount, PaidAt: now, RecordedAt: now}
	if w.Amount < 0 {
		entry.Debit, entry.Credit, entry.Amount = entry.Credit, entry.Debit, -w.Amount
	}
	if err := tx.Omit("ID").Create(&entry).Error; err != nil {
		return fmt.Errorf("payments: book money over: %w", err)
	}
	return nil
}
