package payments

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Money goes back by one road only: the gateway gives it back (RefundCase), or the tax office does on a certificate of non-submission
// (refund_requests, written by the owner of the applications). Whoever begins either locks the cases of the payment and asks for the other
// first; whoever files with the money does the same (goesBack). Several cases may be about one payment, so all of them are locked.

// LockCase locks a case and every other about the same money until the transaction ends, and demands that nothing has become of it: it is open,
// no refund is asked for or under way, no application was filed by it. Else ErrCaseNotFound, ErrCaseClosed, ErrRefundAsked, ErrFeeNotRefundable.
// Whoever asks for a certificate calls it in the transaction that keeps the request.
func (s *Service) LockCase(tx *gorm.DB, id uuid.UUID) (Case, error) {
	c, all, err := lockCases(tx, id)
	if err != nil {
		return c, err
	}
	for _, other := range all {
		if other.ClosedAt == nil && other.RefundAskedAt != nil {
			return c, ErrRefundAsked
		}
	}
	return c, notCommitted(tx, c)
}

// lockCases locks the invoice of a case and then the cases about its money, in the order of their ids: as everything does that takes a word of the gateway.
func lockCases(tx *gorm.DB, id uuid.UUID) (Case, []Case, error) {
	c, err := readCase(tx, id)
	if err != nil {
		return c, nil, err
	}
	if c.InvoiceID != nil {
		if _, err := lock(tx, *c.InvoiceID); err != nil {
			return c, nil, err
		}
	}
	all, err := lockCasesOf(tx, c.GatewayID)
	for _, locked := range all {
		if locked.ID == id {
			c = locked
		}
	}
	return c, all, err
}

// lockCasesOf holds the book of the payment too, so that what is booked fits the cases.
func lockCasesOf(tx *gorm.DB, gatewayID string) ([]Case, error) {
	if err := lockBook(tx, gatewayID); err != nil {
		return nil, err
	}
	var all []Case
	err := tx.Clauses(clause.Locking{Strength: "UPDATE"}).Where("gateway_id = ?", gatewayID).Order("id").Find(&all).Error
	if err != nil {
		return nil, fmt.Errorf("payments: lock the cases of a payment: %w", err)
	}
	return all, nil
}

// notCommitted refuses a locked case whose money has found another way.
func notCommitted(tx *gorm.DB, c Case) error {
	if c.ClosedAt != nil {
		return ErrCaseClosed
	}
	asked, err := certificateAsked(tx, c.GatewayID)
	if err != nil {
		return err
	}
	if asked {
		return ErrRefundAsked
	}
	var filed int64
	err = tx.Model(&LedgerEntry{}).Where("gateway_id = ? AND kind = ?", c.GatewayID, EntryFeePaid).Count(&filed).Error
	if err != nil {
		return fmt.Errorf("payments: look for the fee: %w", err)
	}
	if filed > 0 {
		return ErrFeeNotRefundable
	}
	return nil
}

// certificateAsked tells whether the certificate of non-submission is asked for or signed, and not declined or withdrawn, for the money of a payment, under whichever of its
// cases. The money of a receipt that was given up is another matter: its document pays nothing any more.
func certificateAsked(tx *gorm.DB, gatewayID string) (asked bool, err error) {
	err = tx.Raw(`SELECT EXISTS (SELECT FROM refund_requests r JOIN money_cases c ON r.source = 'case' AND r.source_id = c.id
			WHERE c.gateway_id = ? AND r.state IN ('asked', 'signed'))`,
		gatewayID).Scan(&asked).Error
	if err != nil {
		return false, fmt.Errorf("payments: look for a request for refund: %w", err)
	}
	return asked, nil
}

// Of the decisions about a payment document, back means that its money goes back by one of the roads of the portal, and elsewhere that it belongs elsewhere
// by a person's word.
var (
	back      = []string{ClosedRefunded, ClosedCertificate}
	elsewhere = []string{ClosedReturned, ClosedKept, ClosedWrittenOff}
)

// about tells whether a case is about the money of one payment document. A notice that contradicts another is about no money; a case or a word without a
// document is about the first taking, not about the second.
func (c Case) about(receipt string) bool {
	if c.Reason == ParkedNoticeReused {
		return false
	}
	return c.TheirsReceipt == receipt || (c.TheirsReceipt == "" || receipt == "") && c.Reason != ParkedDoubled
}

// goesBack tells whether the money that a gateway speaks of was given back or is asked to be, or else by which decision it belongs elsewhere, and holds the
// cases of the payment so that nothing can be asked or decided meanwhile.
func goesBack(tx *gorm.DB, said GatewayStatus) (goes bool, decided *Case, err error) {
	all, err := lockCasesOf(tx, said.PaymentID)
	if err != nil || len(all) == 0 {
		return false, nil, err
	}
	for _, c := range all {
		switch {
		case c.ClosedAt == nil && c.RefundAskedAt != nil, c.about(said.Receipt) && slices.Contains(back, c.ClosedHow):
			return true, nil, nil
		case c.about(said.Receipt) && slices.Contains(elsewhere, c.ClosedHow) && (decided == nil || !c.ClosedAt.Before(*decided.ClosedAt)):
			decided = &c
		}
	}
	goes, err = certificateAsked(tx, said.PaymentID)
	return goes, decided, err
}

// RefundCase has the gateway give the money of a case back, books it and closes the case. It may be pressed again after
// ErrGatewayUnavailable. ErrRefundAsked when the tax office is to do it; ErrFeeNotRefundable when the money filed an application (S7.1), or the
// gateway does not have it.
func (s *Service) RefundCase(ctx context.Context, id uuid.UUID, by string, onRefunded func(tx *gorm.DB, c Case) error) error {
	var c Case
	err := s.transaction(ctx, func(tx *gorm.DB) (err error) {
		if c, _, err = lockCases(tx, id); err != nil {
			return err
		}
		if err := notCommitted(tx, c); err != nil {
			return err
		}
		if !c.Refundable() {
			return ErrFeeNotRefundable
		}
		// Noted before asking: from this commit on the money may be gone from there.
		err = tx.Model(&Case{}).Where("id = ?", id).Update("refund_asked_at", s.now()).Error
		if err != nil {
			return fmt.Errorf("payments: note a refund: %w", err)
		}
		return nil
	})
	if err != nil {
		return err
	}
	gateway, err := s.at(c.Gateway)
	if err != nil {
		return err
	}
	said, err := gateway.Refund(ctx, c.GatewayID)
	if err == nil && said.State != StateRefunded {
		err = ErrFeeNotRefundable
	}
	if errors.Is(err, ErrGatewayRefused) || errors.Is(err, ErrFeeNotRefundable) {
		// A clear no: the money is still there, and the other road is open again.
		err = errors.Join(err, s.transaction(ctx, func(tx *gorm.DB) error { return notRefunded(tx, c) }))
	}
	if err != nil {
		return fmt.Errorf("ask the gateway for a refund: %w", err)
	}
	return s.transaction(ctx, func(tx *gorm.DB) error { return s.refunded(tx, c, said, by, onRefunded) })
}

// notRefunded takes the note back that the gateway was asked.
func notRefunded(tx *gorm.DB, c Case) error {
	err := tx.Model(&Case{}).Where("id = ? AND closed_at IS NULL", c.ID).Update("refund_asked_at", nil).Error
	if err != nil {
		return fmt.Errorf("payments: note that there is no refund: %w", err)
	}
	return nil
}

// refunded books what the gateway gave back at our request and closes the case. The gateway's own word may have been faster: then it is booked and
// closed, and only the act is noted.
func (s *Service) refunded(tx *gorm.DB, c Case, said GatewayStatus, by string, onRefunded func(tx *gorm.DB, c Case) error) error {
	var inv *Invoice
	if c.InvoiceID != nil {
		locked, err := lock(tx, *c.InvoiceID)
		if err != nil {
			return err
		}
		inv = &locked
	}
	now, _, err := lockCases(tx, c.ID)
	if err != nil {
		return err
	}
	switch {
	case now.ClosedAt == nil:
		if err := s.endCase(tx, c.ID, ClosedRefunded, by, "", ""); err != nil {
			return err
		}
	case now.ClosedHow != ClosedRefunded || now.ClosedBy != closedByGateway:
		return ErrCaseClosed
	}
	takenAt := said.PaidAt
	if takenAt.IsZero() && c.TheirsPaidAt != nil {
		takenAt = *c.TheirsPaidAt
	}
	if _, err := s.giveBack(tx, c.Gateway, inv, s.backOf(said), takenAt); err != nil {
		return err
	}
	return onRefunded(tx, c)
}

// backOf is the line of the gateway's book about money that it says it gave back. A gateway that does not tell when is believed to have done so now.
func (s *Service) backOf(said GatewayStatus) ReportLine {
	line := ReportLine{PaymentID: said.PaymentID, Reference: said.Reference, State: StateRefunded, Amount: said.Amount, Currency: said.Currency, At: said.RefundedAt, Receipt: said.Receipt}
	if line.At.IsZero() {
		line.At = s.now()
	}
	return line
}

// decidedOtherwise tells whether it was decided that the payer has the money of a line by another road, or that the budget has it. What was decided counts and
// not where the money stands: it may not be booked yet. Who was asked to decide anew, and has the gateway give it back, knows.
func decidedOtherwise(tx *gorm.DB, line ReportLine) (bool, error) {
	all, err := lockCasesOf(tx, line.PaymentID)
	otherwise, at := false, time.Time{}
	for _, c := range all {
		if c.ClosedAt == nil || c.ClosedAt.Before(at) || !c.about(line.Receipt) {
			continue
		}
		switch {
		case c.ClosedHow == ClosedCertificate, c.ClosedHow == ClosedReturned, c.ClosedHow == ClosedKept:
			otherwise, at = true, *c.ClosedAt
		case c.ClosedHow == ClosedRefunded && c.Reason == ParkedAfterDecision:
			otherwise, at = false, *c.ClosedAt
		}
	}
	return otherwise, err
}

// giveBack takes it that the gateway gave money back, by whatever road it is known and however often: booked and told once, and what a person was to
// find out about that money is closed. If it had filed, or was decided otherwise, a person must know. takenAt is when the money was taken, where that is
// known: it may not be in the book yet.
func (s *Service) giveBack(tx *gorm.DB, via Via, inv *Invoice, line ReportLine, takenAt time.Time) (newCase bool, err error) {
	if err := lockBook(tx, line.PaymentID); err != nil {
		return false, err
	}
	takings, err := takingsOf(tx, line.PaymentID)
	if err != nil {
		return false, err
	}
	if len(takings) == 0 && !takenAt.IsZero() {
		taken := line
		taken.At = takenAt
		if _, err := bookLine(tx, via, EntryParked, idOf(inv), taken, s.now()); err != nil {
			return false, err
		}
	}
	filed, twice := false, false
	for _, t := range takings {
		if t.Receipt == line.Receipt || len(takings) == 1 {
			line.Receipt = t.Receipt
			filed, twice = filed || t.Kind == EntryFeePaid, t.Kind == EntryParkedTwice
		}
	}
	// What was decided before the money was booked is booked now.
	if err := s.clearTo(tx, line.PaymentID, ""); err != nil {
		return false, err
	}
	otherwise, err := decidedOtherwise(tx, line)
	if err != nil {
		return false, err
	}
	fresh, err := bookLine(tx, via, EntryRefunded, idOf(inv), line, s.now())
	if err != nil {
		return false, err
	}
	if twice {
		err = s.closeCasesOn(tx, line.PaymentID, ParkedDoubled, line.Receipt, ClosedRefunded)
	} else {
		err = s.closeCasesOf(tx, line.PaymentID, ClosedRefunded)
	}
	if err == nil && fresh && inv != nil {
		err = s.meet(tx, *inv, MoneyReturned)
	}
	if err != nil {
		return false, err
	}
	reason := ""
	switch {
	case filed:
		reason = ParkedRefunded
	case fresh && otherwise:
		reason = ParkedDecided
	}
	if reason != "" {
		newCase, err = s.openCase(tx, inv, Case{Reason: reason, Gateway: via, GatewayID: line.PaymentID, Reference: line.Reference, Day: line.At.In(Zone).Format(dayLayout),
			TheirsAmount: &line.Amount, TheirsState: StateRefunded, TheirsPaidAt: &line.At, TheirsReceipt: line.Receipt})
		if err != nil {
			return false, err
		}
	}
	return newCase, s.clear(tx, line.PaymentID)
}
