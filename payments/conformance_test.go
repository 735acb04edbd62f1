package payments_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"elicensing/payments"
	"elicensing/payments/bankreceipt"
	"elicensing/payments/egov"
	"elicensing/payments/gatewaytest"
	"elicensing/payments/mockgateway"
)

// The adapter of the e-government gateway keeps the contract against the mock, over HTTP.
func TestEgovConforms(t *testing.T) {
	gatewaytest.Run(t, func(t *testing.T) gatewaytest.Subject {
		w := newWorld(t)
		return gatewaytest.Subject{
			Gateway: w.client, Now: w.clock.Now, Advance: w.clock.advance,
			Pay:  func(_ *testing.T, made payments.GatewayPayment) { w.choose(made.PageURL, "succeeds") },
			Fail: func(_ *testing.T, made payments.GatewayPayment) { w.choose(made.PageURL, "refused") },
			Wait: func(_ *testing.T, made payments.GatewayPayment) { w.choose(made.PageURL, "later") },
			Confirm: func(t *testing.T, _ payments.GatewayPayment) {
				w.clock.advance(time.Minute)
				check(t, w.mock.Tick(t.Context()))
			},
			TryToPay:   func(_ *testing.T, made payments.GatewayPayment) { w.choose(made.PageURL, "succeeds") },
			Cut:        func() { w.wire.set(func(net *wire) { net.deaf = 1 }) },
			Babble:     func() { w.wire.set(func(net *wire) { net.babble = 1 }) },
			Rotate:     func(*testing.T) { w.mock.Switch(mockgateway.Faults{NextKey: true}) },
			ReportPage: egov.ReportPage,
			Notices: func(*testing.T) (sent []gatewaytest.Notice) {
				for _, n := range w.notices() {
					sent = append(sent, gatewaytest.Notice{Header: n.header, Body: n.body})
				}
				return sent
			},
		}
	})
}

// The receipt from a bank keeps the same contract with nothing in common but the interface.
func TestBankReceiptConforms(t *testing.T) {
	gatewaytest.Run(t, func(t *testing.T) gatewaytest.Subject {
		w := newWorld(t)
		receipts, err := bankreceipt.New(w.db, w.clock.Now)
		check(t, err)
		return gatewaytest.Subject{
			Gateway: receipts, Now: w.clock.Now, Advance: w.clock.advance, NoRefund: true,
			Pay: func(t *testing.T, made payments.GatewayPayment) {
				r := w.attach(receipts, made.ID, scan(w))
				check(t, w.db.Transaction(func(tx *gorm.DB) error { return receipts.Confirm(tx, r.ID, "ҮЛГІЛІ") }))
			},
			Wait: func(_ *testing.T, made payments.GatewayPayment) { w.attach(receipts, made.ID, scan(w)) },
			Confirm: func(t *testing.T, made payments.GatewayPayment) {
				r, err := receipts.Latest(t.Context(), made.ID)
				check(t, err)
				check(t, w.db.Transaction(func(tx *gorm.DB) error { return receipts.Confirm(tx, r.ID, "ҮЛГІЛІ") }))
			},
			TryToPay: func(t *testing.T, made payments.GatewayPayment) {
				err := w.db.Transaction(func(tx *gorm.DB) error { _, err := receipts.Attach(tx, made.ID, scan(w)); return err })
				wantError(t, err, payments.ErrReceiptJudged)
			},
			Fail: func(t *testing.T, made payments.GatewayPayment) {
				r := w.attach(receipts, made.ID, scan(w))
				check(t, w.db.Transaction(func(tx *gorm.DB) error { return receipts.Reject(tx, r.ID, "ҮЛГІЛІ", "cannot be read") }))
			},
		}
	})
}

// scan is a good receipt of a bank; each has a number of its own.
func scan(w *world) bankreceipt.Receipt {
	return bankreceipt.Receipt{Bank: "Банк", Number: uuid.NewString(), PaidOn: w.clock.Now().In(payments.Zone).Format(time.DateOnly),
		Amount: 4_325_000, MediaType: "application/pdf", Content: []byte("%PDF-1.7")}
}

func (w *world) attach(g *bankreceipt.Gateway, paymentID string, r bankreceipt.Receipt) bankreceipt.Receipt {
	w.t.Helper()
	check(w.t, w.db.Transaction(func(tx *gorm.DB) (err error) {
		r, err = g.Attach(tx, paymentID, r)
		return err
	}))
	return r
}
