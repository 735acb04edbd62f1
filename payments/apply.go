package payments

import (
	"fmt"
	"time"

	"gorm.io/gorm"
)

// clockSkew is how far the gateway's clock may be from ours before a moment of payment
// is not believed.
const clockSkew = 5 * time.Minute

// apply brings a locked invoice into line with what the gateway says of its payment. It
// is the only way to become paid, and harmless to repeat: what is late, doubled or known
// changes nothing, what does not fit is parked. onPaid runs once in the life of an
// invoice, in this transaction.
func (s *Service) apply(tx *gorm.DB, inv Invoice, said GatewayStatus, noticeID string, onPaid OnChange) (Invoice, error) {
	ours := inv.Payment.GatewayID != nil && *inv.Payment.GatewayID == said.PaymentID
	switch {
	case ours && said.State == StateRefunded:
		return s.givenBack(tx, inv, said)
	case ours && said.Version < inv.Payment.RefundedVersion:
		return inv, nil // said before the money was given back
	}
	reason, err := s.mismatch(tx, inv, said)
	if err != nil {
		return inv, err
	}
	if reason != "" {
		return inv, s.misfit(tx, &inv, said, noticeID, reason)
	}
	if inv, err = adopt(tx, inv, said); err != nil {
		return inv, err
	}
	if said.State == StateRefunded {
		return s.givenBack(tx, inv, said)
	}
	event, ok := eventOf[said.State]
	if !ok {
		return inv, nil
	}
	t, ok := next(event, inv.State, inv.Payment.State)
	switch {
	case !ok && event == EventPaid && inv.State == InvoiceCancelled:
		return inv, s.park(tx, &inv, said, noticeID, ParkedInvoiceCancelled)
	case !ok && event == EventPaid && inv.State == InvoiceOpen:
		return inv, s.park(tx, &inv, said, noticeID, ParkedPaidAfterVoid)
	case !ok:
		return inv, nil
	case said.Version <= inv.Payment.Version && event != EventPaid:
		// Said before something that we know already. Money is the exception: it does not
		// go away because a later word arrived first.
		return inv, nil
	}
	if t.InTo == InvoicePaid {
		return s.pay(tx, inv, said, noticeID, onPaid)
	}
	inv.Payment, err = s.movePayment(tx, inv, said, t.To)
	return inv, err
}

// pay makes an invoice paid, unless the money is on its way back or was decided about: it goes one way only.
func (s *Service) pay(tx *gorm.DB, inv Invoice, said GatewayStatus, noticeID string, onPaid OnChange) (Invoice, error) {
	goesBack, decided, err := goesBack(tx, said)
	switch {
	case err != nil:
		return inv, err
	case goesBack:
		return inv, s.park(tx, &inv, said, noticeID, ParkedRefundAsked)
	case decided != nil:
		return inv, s.park(tx, &inv, said, noticeID, ParkedAfterDecision)
	}
	if inv.Payment, err = s.movePayment(tx, inv, said, StatePaid); err != nil {
		return inv, err
	}
	if inv, err = s.settle(tx, inv, said.PaidAt); err != nil {
		return inv, err
	}
	s.log.InfoContext(tx.Statement.Context, "invoice paid", "invoice", inv.ID)
	return inv, call(onPaid, tx, inv)
}

// misfit parks a word that does not fit. That money was given back counts all the same: it is there no more, whatever else is said of it.
func (s *Service) misfit(tx *gorm.DB, inv *Invoice, said GatewayStatus, noticeID, reason string) error {
	if said.State == StateRefunded {
		via := Online
		if inv != nil {
			via = inv.Payment.Gateway
		}
		if _, err := s.giveBack(tx, via, inv, s.backOf(said), said.PaidAt); err != nil {
			return err
		}
	}
	return s.park(tx, inv, said, noticeID, reason)
}

// givenBack takes the word that the money was given back, whatever did not fit about it: none is there any more and none can be taken, so
// that nobody may give it back a second time. An open invoice can be replaced.
func (s *Service) givenBack(tx *gorm.DB, inv Invoice, said GatewayStatus) (Invoice, error) {
	if _, err := s.giveBack(tx, inv.Payment.Gateway, &inv, s.backOf(said), said.PaidAt); err != nil || said.Version <= inv.Payment.RefundedVersion {
		return inv, err
	}
	inv.Payment.RefundedVersion = said.Version
	if t, ok := next(EventVoided, inv.State, inv.Payment.State); ok && said.Version > inv.Payment.Version {
		var err error
		inv.Payment, err = s.movePayment(tx, inv, said, t.To)
		return inv, err
	}
	done := tx.Model(&Payment{}).Where("invoice_id = ?", inv.ID).Update("refunded_version", said.Version)
	return inv, oneRow(done, "note that the money was given back")
}

// adopt keeps the name that the gateway gives the payment, from the first word that fits: the answer that named it may be lost for ever.
func adopt(tx *gorm.DB, inv Invoice, said GatewayStatus) (Invoice, error) {
	if inv.Payment.GatewayID != nil || inv.Payment.State == StateNone {
		return inv, nil
	}
	inv.Payment.GatewayID = &said.PaymentID
	done := tx.Model(&Payment{}).Where("invoice_id = ? AND gateway_id IS NULL", inv.ID).Update("gateway_id", said.PaymentID)
	return inv, oneRow(done, "keep the name of the payment")
}

func call(f OnChange, tx *gorm.DB, inv Invoice) error {
	if f == nil {
		return nil
	}
	return f(tx, inv)
}

// mismatch names what does not fit between the invoice and the gateway's word, if
// anything: the signature only proves who speaks, not that it is right (I9).
func (s *Service) mismatch(tx *gorm.DB, inv Invoice, said GatewayStatus) (string, error) {
	if id := inv.Payment.GatewayID; id != nil && *id != said.PaymentID {
		return ParkedOtherPayment, nil
	}
	if inv.Payment.GatewayID == nil {
		var others int64
		err := tx.Model(&Payment{}).Where("gateway_id = ?", said.PaymentID).Count(&others).Error
		if err != nil {
			return "", fmt.Errorf("payments: look for the gateway's payment: %w", err)
		}
		if others > 0 {
			return ParkedOtherPayment, nil
		}
	}
	switch {
	case said.Amount != inv.Amount:
		return ParkedAmount, nil
	case said.Currency != Currency:
		return ParkedCurrency, nil
	case said.BudgetCode != inv.Requisites.BudgetCode, said.PurposeCode != inv.Requisites.PurposeCode:
		return ParkedPurpose, nil
	case said.PayerID != inv.PayerID():
		return ParkedPayer, nil
	case said.State != StatePaid:
		return "", nil
	case said.PaidAt.After(s.now().Add(clockSkew)):
		return ParkedMoment, nil
	case inv.Payment.Gateway == ByReceipt:
		return s.earlierRate(inv, said)
	case said.PaidAt.Before(inv.OpenedAt.Add(-clockSkew)):
		return ParkedMoment, nil
	case !said.PaidAt.Before(inv.PayBefore):
		return ParkedRate, nil
	}
	return "", nil
}

// earlierRate: who pays at a bank may pay before the invoice is opened. The rate of the day
// of payment counts all the same (S7.1), so the amount must be the fee of that day.
func (s *Service) earlierRate(inv Invoice, said GatewayStatus) (string, error) {
	fee, err := s.rates.Fee(inv.Kind, said.PaidAt)
	if err != nil || fee.Amount != said.Amount {
		return ParkedRate, nil //nolint:nilerr // no rate on record for that day: a person decides
	}
	return "", nil
}

// movePayment writes the payment's new state over the state we know it in.
func (s *Service) movePayment(tx *gorm.DB, inv Invoice, said GatewayStatus, to PaymentState) (Payment, error) {
	now := s.now()
	p := inv.Payment
	from := p.State
	p.GatewayID, p.State, p.Version, p.ChangedAt = &said.PaymentID, to, max(p.Version, said.Version), now
	if to == StatePaid {
		p.Receipt = said.Receipt
	}
	if from == StateNone { // the gateway's word outran our note
		p.BegunAt, p.CheckedAt = now, now
		if err := tx.Create(&p).Error; err != nil {
			return p, fmt.Errorf("payments: note the payment: %w", err)
		}
		return p, nil
	}
	done := tx.Model(&Payment{}).Where("invoice_id = ? AND state = ?", p.InvoiceID, from).
		Updates(map[string]any{
			"gateway_id": p.GatewayID, "state": p.State, "version": p.Version,
			"receipt": p.Receipt, "changed_at": p.ChangedAt, "refunded_version": p.RefundedVersion,
		})
	if err := oneRow(done, "move the payment"); err != nil || to != StateRefused || from == to {
		return p, err
	}
	return p, s.meet(tx, inv, PaymentRefused)
}

// settle closes the invoice as paid, books the fee and closes what a person was to find out about the money: it has filed.
func (s *Service) settle(tx *gorm.DB, inv Invoice, paidAt time.Time) (Invoice, error) {
	paidAt = paidAt.UTC().Truncate(time.Microsecond)
	inv.State, inv.PaidAt = InvoicePaid, &paidAt
	done := tx.Model(&Invoice{}).Where("id = ? AND state = ?", inv.ID, InvoiceOpen).
		Updates(map[string]any{"state": inv.State, "paid_at": paidAt})
	if err := oneRow(done, "close the invoice as paid"); err != nil {
		return inv, err
	}
	more, err := bookFee(tx, inv, s.now())
	if err != nil {
		return inv, err
	}
	gatewayID, receipt := *inv.Payment.GatewayID, inv.Payment.Receipt
	if err := s.closeCasesOf(tx, gatewayID, ClosedApplied); err != nil || more == 0 {
		return inv, err
	}
	// The report has another amount than the gateway says now, which is the fee: a difference, as if the fee had been there first.
	w := waiting{Receipt: receipt, Account: accountParked, Amount: more, InvoiceID: &inv.ID}
	if err := bookMove(tx, gatewayID, w, accountDifference, EntryDifference, s.now()); err != nil {
		return inv, err
	}
	theirs := inv.Amount + more
	_, err = s.openCase(tx, &inv, Case{Reason: ParkedAmount, Gateway: inv.Payment.Gateway, GatewayID: gatewayID, Reference: inv.ID.String(), TheirsAmount: &theirs,
		TheirsState: StatePaid, TheirsPaidAt: &paidAt, TheirsReceipt: receipt})
	return inv, err
}

// oneRow turns a guarded update that hit nothing into an error. Under the invoice's lock
// it cannot happen; if it does, the transaction must not go on.
func oneRow(done *gorm.DB, what string) error {
	if done.Error != nil {
		return fmt.Errorf("payments: %s: %w", what, done.Error)
	}
	if done.RowsAffected != 1 {
		return fmt.Errorf("payments: %s: the state is another by now", what)
	}
	return nil
}
