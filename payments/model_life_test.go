package payments_test

import (
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"elicensing/payments"
	"elicensing/payments/bankreceipt"
)

// life is one application, its invoices and what its people do.
type life struct {
	*model
	inv payments.Invoice // the latest

	mu   sync.Mutex
	page string
}

// file is the onPaid of the model: now and then an application cannot be filed just now.
func (m *model) file(tx *gorm.DB, inv payments.Invoice) error {
	if err := file(tx, inv); err != nil {
		return err
	}
	if m.failing.Add(-1) >= 0 {
		m.seen.failedToFile.Add(1)
		return errNoNumber
	}
	return nil
}

// mayAnswer are the refusals that are part of life.
var mayAnswer = []string{"invoice_already_paid", "invoice_cancelled", "payment_voided", "payment_in_process", "gateway_unavailable", "payment_parked", "rate_changed",
	"payment_begun_elsewhere", "case_closed", "refund_asked", "fee_not_refundable", "receipt_waiting", "receipt_judged", "receipt_used", "refund_under_way", "money_gone"}

// step does one thing that somebody may do, or several at once, among them the arrival of notices.
func (l *life) step() {
	l.t.Helper()
	l.wire.set(func(net *wire) {
		net.deaf = 0
		if l.random.IntN(4) == 0 {
			net.deaf = 1
		}
	})
	l.failing.Store(0)
	if l.random.IntN(6) == 0 {
		l.failing.Store(1)
	}
	acts := []func() error{l.act()}
	for range l.random.IntN(3) * l.random.IntN(2) {
		acts = append(acts, l.act())
	}
	if len(acts) > 1 {
		acts = append(acts, func() error {
			for _, n := range l.notices() {
				l.hand(n)
			}
			return nil
		})
	}
	var all sync.WaitGroup
	for _, act := range acts {
		all.Go(func() {
			if err := act(); err != nil && !errors.Is(err, errNoNumber) && !slices.Contains(mayAnswer, codeOf(err)) {
				l.t.Errorf("a step failed: %v", err)
			}
		})
	}
	all.Wait()
	l.failing.Store(0)
	l.wire.set(func(net *wire) { net.deaf = 0 })
}

// act picks what is done next; what is random about it is decided before it races with others.
func (l *life) act() func() error {
	inv := l.inv
	switch l.random.IntN(21) {
	case 0, 1, 2, 3:
		return func() error {
			page, err := l.service.Start(l.ctx(), inv.ID, returnURL)
			if err == nil {
				l.mu.Lock()
				l.page = page
				l.mu.Unlock()
			}
			return err
		}
	case 4, 5, 6, 7, 8:
		choice := []string{"succeeds", "succeeds", "succeeds", "refused", "later", "cancel"}[l.random.IntN(6)]
		return func() error {
			l.mu.Lock()
			page := l.page
			l.mu.Unlock()
			if page != "" {
				l.choose(page, choice)
			}
			return nil
		}
	case 9:
		return func() error { _, err := l.service.Refresh(l.ctx(), inv.ID, l.file); return err }
	case 10:
		return func() error { return l.service.Cancel(l.ctx(), inv.ID, l.file, nil) }
	case 11:
		return func() error { return l.reissue(inv) }
	case 12:
		return func() error { _, err := l.service.RefreshOpen(l.ctx(), 5*time.Minute, l.file); return err }
	case 13, 14:
		return l.atABank(inv)
	case 15:
		pick := l.random.IntN(100)
		return func() error { return l.giveBack(pick) }
	case 16:
		pick, sign := l.random.IntN(100), l.random.IntN(2) == 0
		return func() error { return l.askForCertificate(pick, sign) }
	case 17:
		pick := l.random.IntN(100)
		switch l.random.IntN(3) {
		case 0:
			return func() error { return l.gatewayGivesBack(inv) }
		case 1:
			return func() error { return l.gatewayGivesParkedBack(pick) }
		}
		return func() error { return nil }
	case 18:
		pick, how := l.random.IntN(100), []string{payments.ClosedReturned, payments.ClosedKept, payments.ClosedWrittenOff}[l.random.IntN(3)]
		return func() error { return l.decide(pick, how) }
	}
	by := time.Duration(l.random.IntN(40)) * time.Second
	return func() error { l.clock.advance(by); return nil }
}

func (l *life) reissue(inv payments.Invoice) error {
	fresh, err := l.service.Reissue(l.ctx(), inv.ID, l.file)
	if err != nil {
		return err
	}
	l.seen.reissued.Add(1)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.inv, l.page = fresh, ""
	return nil
}

// atABank takes the next step of paying by a receipt: attach it, or let the official judge it, or take it back.
func (l *life) atABank(inv payments.Invoice) func() error {
	verdict := l.random.IntN(6)
	return func() error {
		if _, err := l.service.StartVia(l.ctx(), payments.ByReceipt, inv.ID, returnURL); err != nil {
			return err
		}
		now, err := l.service.Get(l.ctx(), inv.ID)
		if err != nil || now.Payment.GatewayID == nil {
			return err
		}
		latest, err := l.receipts.Latest(l.ctx(), *now.Payment.GatewayID)
		if err != nil {
			return err
		}
		return l.db.Transaction(func(tx *gorm.DB) error {
			switch {
			case latest == nil || latest.State != bankreceipt.Waiting:
				r := scan(l.world)
				r.Amount = inv.Amount
				if verdict == 0 {
					r.Amount++
				}
				_, err := l.receipts.Attach(tx, *now.Payment.GatewayID, r)
				return err
			case verdict == 1:
				return l.receipts.Reject(tx, latest.ID, "ҮЛГІЛІ", "cannot be read")
			case verdict == 2:
				return l.receipts.GiveUp(tx, latest.ID)
			}
			return l.receipts.Confirm(tx, latest.ID, "ҮЛГІЛІ")
		})
	}
}

// openCase is one of those on the desk about money there, or nil.
func (l *life) openCase(pick int) (*payments.Case, error) {
	return l.caseOf(pick, func(c payments.Case) bool { return c.Reason != payments.ParkedNoticeReused })
}

// caseOf is one of those on the desk that speak of money there, or nil.
func (l *life) caseOf(pick int, which func(payments.Case) bool) (*payments.Case, error) {
	cases, err := l.service.Cases(l.ctx(), false)
	cases = slices.DeleteFunc(cases, func(c payments.Case) bool {
		return c.InvoiceID == nil || c.TheirsState != payments.StatePaid || !which(c)
	})
	if len(cases) == 0 {
		return nil, err
	}
	return &cases[pick%len(cases)], err
}

// giveBack is the head's refund.
func (l *life) giveBack(pick int) error {
	c, err := l.openCase(pick)
	if c == nil {
		return err
	}
	return l.service.RefundCase(l.ctx(), c.ID, "ҮЛГІЛІ", func(*gorm.DB, payments.Case) error {
		l.seen.refunds.Add(1)
		l.went(l.refunded, c.GatewayID)
		return nil
	})
}

// askForCertificate is the payer's giving up, and the head's signature.
func (l *life) askForCertificate(pick int, sign bool) error {
	c, err := l.openCase(pick)
	if c == nil {
		return err
	}
	err = l.db.Transaction(func(tx *gorm.DB) error {
		if _, err := l.service.LockCase(tx, c.ID); err != nil {
			return err
		}
		return askCertificate(tx, *c)
	})
	if err != nil {
		return err
	}
	l.seen.certificates.Add(1)
	l.went(l.certified, c.GatewayID)
	if !sign {
		return nil
	}
	return l.db.Transaction(func(tx *gorm.DB) error {
		if err := l.service.CloseCase(tx, c.ID, payments.Decision{How: payments.ClosedCertificate, By: "ҮЛГІЛІ"}); err != nil {
			return err
		}
		return tx.Exec("UPDATE refund_requests SET state = 'signed', signed_at = now(), signer_name = 'ҮЛГІЛІ', pdf = 'x' WHERE source_id = ? AND state = 'asked'", c.ID).Error
	})
}

// decide is the head's word about money that nobody gives back by the portal.
func (l *life) decide(pick int, how string) error {
	c, err := l.caseOf(pick, func(payments.Case) bool { return true })
	if c == nil {
		return err
	}
	if c.Reason == payments.ParkedNoticeReused {
		how = payments.ClosedExplained
	}
	return l.service.DecideCase(l.ctx(), c.ID, payments.Decision{How: how, By: "ҮЛГІЛІ", Note: "a letter of the gateway"}, l.file, func(*gorm.DB, payments.Case) error {
		l.seen.decided.Add(1)
		return nil
	})
}

func (l *life) went(way map[string]bool, paymentID string) {
	l.model.mu.Lock()
	defer l.model.mu.Unlock()
	way[paymentID] = true
}

// gatewayGivesBack is the gateway's own doing: nobody here asked for it.
func (l *life) gatewayGivesBack(inv payments.Invoice) error {
	now, err := l.service.Get(l.ctx(), inv.ID)
	if err != nil || now.Payment.GatewayID == nil || now.Payment.Gateway != payments.Online {
		return err
	}
	_, err = l.client.Refund(l.ctx(), *now.Payment.GatewayID)
	return err
}

// gatewayGivesParkedBack is the same of money that waits for a person, whatever he is asked for about it.
func (l *life) gatewayGivesParkedBack(pick int) error {
	c, err := l.openCase(pick)
	if c == nil || c.Gateway != payments.Online {
		return err
	}
	_, err = l.client.Refund(l.ctx(), c.GatewayID)
	return err
}

// askCertificate is what the owner of the applications writes when a payer asks for the certificate of non-submission.
func askCertificate(tx *gorm.DB, c payments.Case) error {
	err := tx.Exec(`INSERT INTO authorities (code, bin, created_at) VALUES ('15', '990240003561', now()) ON CONFLICT DO NOTHING`).Error
	if err != nil {
		return err
	}
	return tx.Exec(`INSERT INTO refund_requests (id, application_id, invoice_id, authority_code, source, source_id, payer_kind, payer_id, payer_name, amount_tiyn, paid_at,
			payment_number, state, asked_at) SELECT ?, application_id, id, '15', 'case', ?, 'person', payer_iin, payer_name, amount_tiyn, now(), 'R', 'asked', now()
		FROM invoices WHERE id = ?`, uuid.New(), c.ID, *c.InvoiceID).Error
}
