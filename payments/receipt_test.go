package payments_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"elicensing/payments"
	"elicensing/payments/bankreceipt"
)

// byReceipt opens an invoice, chooses the bank and attaches a receipt.
func (w *world) byReceipt(change func(*bankreceipt.Receipt)) (payments.Invoice, bankreceipt.Receipt) {
	w.t.Helper()
	inv := w.open(request())
	_, err := w.service.StartVia(w.ctx(), payments.ByReceipt, inv.ID, returnURL)
	check(w.t, err)
	inv = w.get(inv.ID)
	r := scan(w)
	if change != nil {
		change(&r)
	}
	return inv, w.attach(w.receipts, *inv.Payment.GatewayID, r)
}

func (w *world) tx(f func(tx *gorm.DB) error) error { return w.db.Transaction(f) }

func (w *world) confirm(r bankreceipt.Receipt) error {
	return w.tx(func(tx *gorm.DB) error { return w.receipts.Confirm(tx, r.ID, "ҮЛГІЛІ") })
}

// S9.A1: the fee paid at a bank files the application when an official has confirmed the receipt, once.
func TestReceiptOfABankPays(t *testing.T) {
	w := newWorld(t)
	inv, r := w.byReceipt(nil)
	got, err := w.service.Refresh(w.ctx(), inv.ID, file)
	check(t, err)
	if got.Payment.State != payments.StatePending {
		t.Errorf("attached: %s", got.Payment.State)
	}
	w.wantUntouched(inv.ID)
	check(t, w.confirm(r))
	wantError(t, w.confirm(r), payments.ErrReceiptJudged)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if _, err := w.service.Refresh(w.ctx(), inv.ID, file); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := w.get(inv.ID); got.State != payments.InvoicePaid || got.Payment.Receipt != r.Number {
		t.Errorf("%+v", got)
	}
	if n, m := w.count("SELECT count(*) FROM filed"), w.count("SELECT count(*) FROM ledger_entries WHERE debit = 'bank'"); n != 1 || m != 1 {
		t.Errorf("filed %d times, booked %d times", n, m)
	}
	w.clock.advance(24 * time.Hour)
	check(t, w.service.ReconcileEnded(w.ctx(), file))
	w.wantCases()
}

// The portal died between the official's word and the filing: the job completes it.
func TestConfirmedReceiptIsNotForgotten(t *testing.T) {
	w := newWorld(t)
	inv, r := w.byReceipt(nil)
	check(t, w.confirm(r))
	w.clock.advance(10 * time.Minute)
	_, err := w.service.RefreshOpen(w.ctx(), time.Minute, file)
	check(t, err)
	if w.get(inv.ID).State != payments.InvoicePaid || w.count("SELECT count(*) FROM filed") != 1 {
		t.Error("not filed")
	}
}

func TestRejectedReceiptMakesRoomForAnother(t *testing.T) {
	w := newWorld(t)
	inv, r := w.byReceipt(nil)
	check(t, w.tx(func(tx *gorm.DB) error { return w.receipts.Reject(tx, r.ID, "ҮЛГІЛІ", "another payer") }))
	got, err := w.service.Refresh(w.ctx(), inv.ID, file)
	check(t, err)
	if got.Payment.State != payments.StateRefused {
		t.Errorf("rejected: %s", got.Payment.State)
	}
	again := w.attach(w.receipts, *inv.Payment.GatewayID, scan(w))
	wantError(t, w.confirm(r), payments.ErrReceiptJudged)
	check(t, w.confirm(again))
	_, err = w.service.Refresh(w.ctx(), inv.ID, file)
	check(t, err)
	if w.get(inv.ID).State != payments.InvoicePaid {
		t.Error("not paid")
	}
}

// One payment document pays one fee, also after it was given up for a refund; what is no receipt is refused.
func TestReceiptsAreRefused(t *testing.T) {
	w := newWorld(t)
	inv, r := w.byReceipt(nil)
	other := w.open(request())
	_, err := w.service.StartVia(w.ctx(), payments.ByReceipt, other.ID, returnURL)
	check(t, err)
	payment := *w.get(other.ID).Payment.GatewayID
	attach := func(paymentID string, change func(*bankreceipt.Receipt)) error {
		next := scan(w)
		change(&next)
		return w.tx(func(tx *gorm.DB) error { _, err := w.receipts.Attach(tx, paymentID, next); return err })
	}
	same := func(n *bankreceipt.Receipt) { n.Number = r.Number }
	wantError(t, attach(payment, same), payments.ErrReceiptUsed)
	wantError(t, attach(*inv.Payment.GatewayID, func(*bankreceipt.Receipt) {}), payments.ErrReceiptWaiting)
	check(t, w.tx(func(tx *gorm.DB) error { return w.receipts.GiveUp(tx, r.ID) }))
	wantError(t, attach(payment, same), payments.ErrReceiptUsed)
	for name, change := range map[string]func(*bankreceipt.Receipt){
		"no bank":       func(r *bankreceipt.Receipt) { r.Bank = " " },
		"control":       func(r *bankreceipt.Receipt) { r.Number = "1\n2" },
		"no number":     func(r *bankreceipt.Receipt) { r.Number = "" },
		"tomorrow":      func(r *bankreceipt.Receipt) { r.PaidOn = "2026-11-23" },
		"long ago":      func(r *bankreceipt.Receipt) { r.PaidOn = "2023-01-01" },
		"no such day":   func(r *bankreceipt.Receipt) { r.PaidOn = "2026-02-30" },
		"nothing paid":  func(r *bankreceipt.Receipt) { r.Amount = 0 },
		"nothing shown": func(r *bankreceipt.Receipt) { r.Content = nil },
		"too large":     func(r *bankreceipt.Receipt) { r.Content = make([]byte, bankreceipt.MaxContent+1) },
	} {
		if err := attach(payment, change); codeOf(err) != "receipt_invalid" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// One payment document pays one fee, however its bank's name and its number are typed; under the name of another bank it is another document,
// and the official is told.
func TestDocumentIsKnownHoweverItIsSpelt(t *testing.T) {
	w := newWorld(t)
	first, r := w.byReceipt(func(r *bankreceipt.Receipt) { r.Bank, r.Number = "АО «Kaspi Bank»", "№ АВ-00127" })
	attach := func(bank, number string) (bankreceipt.Receipt, error) {
		inv := w.open(request())
		_, err := w.service.StartVia(w.ctx(), payments.ByReceipt, inv.ID, returnURL)
		check(t, err)
		next := scan(w)
		next.Bank, next.Number, next.Content = bank, number, []byte(bank+number) // another scan each
		err = w.tx(func(tx *gorm.DB) (err error) {
			next, err = w.receipts.Attach(tx, *w.get(inv.ID).Payment.GatewayID, next)
			return err
		})
		return next, err
	}
	for _, c := range [][2]string{
		{"АО «Kaspi Bank»", "№ АВ-00127"}, {"kaspi bank", "ав 00127"}, {"KASPI", "AB00127"}, {"Kaspi Bank JSC", "ab-00127"}, {"«Kaspi Bank» АҚ", "АВ/00127"},
		{"Каsрi Ваnk", "AB-00127"}, // some letters are Cyrillic
	} {
		if _, err := attach(c[0], c[1]); !errors.Is(err, payments.ErrReceiptUsed) {
			t.Errorf("%q, %q: %v", c[0], c[1], err)
		}
	}
	for _, c := range [][2]string{{"АО «Kaspi Bank»", "АВ-00128"}, {"Банк", "7"}, {"АО Банк", "8"}} {
		if next, err := attach(c[0], c[1]); err != nil {
			t.Errorf("%q, %q: %v", c[0], c[1], err)
		} else if alike, err := w.receipts.Alike(w.ctx(), next.ID); err != nil || len(alike) != 0 {
			t.Errorf("%q, %q: like %v, %v", c[0], c[1], alike, err)
		}
	}
	if _, err := attach("Қазақстан Халық банкі", "9"); err != nil {
		t.Error(err)
	}
	if _, err := attach("Казакстан Халык банк", "9"); !errors.Is(err, payments.ErrReceiptUsed) {
		t.Errorf("Kazakh letters typed as Russian ones: %v", err)
	}
	other, err := attach("Каспи", "AB 00127")
	check(t, err)
	alike, err := w.receipts.Alike(w.ctx(), other.ID, r.ID)
	if err != nil || len(alike) != 2 || len(alike[other.ID]) != 1 || alike[other.ID][0] != (bankreceipt.Twin{InvoiceID: first.ID, AttachedAt: r.AttachedAt, Earlier: true}) {
		t.Errorf("%v, %v; want invoice %s", alike, err, first.ID)
	}
	again, err := attach("Halyk Bank", "10")
	check(t, err)
	copied := w.open(request())
	_, err = w.service.StartVia(w.ctx(), payments.ByReceipt, copied.ID, returnURL)
	check(t, err)
	same := scan(w)
	same.Bank, same.Number, same.Content = "Halyk Bank", "11", again.Content // written over
	check(t, w.tx(func(tx *gorm.DB) (err error) {
		same, err = w.receipts.Attach(tx, *w.get(copied.ID).Payment.GatewayID, same)
		return err
	}))
	if alike, err := w.receipts.Alike(w.ctx(), again.ID); err != nil || len(alike[again.ID]) != 1 || alike[again.ID][0] != (bankreceipt.Twin{InvoiceID: copied.ID, SameFile: true, AttachedAt: same.AttachedAt}) {
		t.Errorf("the same file: %v, %v", alike, err)
	}
	check(t, w.tx(func(tx *gorm.DB) error { return w.receipts.Reject(tx, r.ID, "ҮЛГІЛІ", "another payer") }))
	if alike, err := w.receipts.Alike(w.ctx(), other.ID); err != nil || len(alike) != 0 {
		t.Errorf("like a rejected one: %v, %v", alike, err)
	}
}

// I9 for receipts: a receipt of another amount, or of a day with another rate, is a case and files nothing (S7.1).
func TestConfirmedReceiptThatDoesNotFitIsParked(t *testing.T) {
	for reason, change := range map[string]func(*bankreceipt.Receipt){
		payments.ParkedAmount: func(r *bankreceipt.Receipt) { r.Amount-- },
		payments.ParkedRate:   func(r *bankreceipt.Receipt) { r.PaidOn = "2025-12-31" },
	} {
		w := newWorld(t)
		inv, r := w.byReceipt(change)
		check(t, w.confirm(r))
		_, err := w.service.Refresh(w.ctx(), inv.ID, file)
		check(t, err)
		w.wantUntouched(inv.ID)
		w.wantCases(reason)
		if w.cases()[0].Refundable() {
			t.Error("a bank's money is offered to be given back by the gateway")
		}
	}
}

// Paid at the bank last month, at the same rate: that is in order, where an online payment before its invoice is not.
func TestReceiptMayBeOlderThanItsInvoice(t *testing.T) {
	w := newWorld(t)
	inv, r := w.byReceipt(func(r *bankreceipt.Receipt) { r.PaidOn = "2026-10-20" })
	check(t, w.confirm(r))
	_, err := w.service.Refresh(w.ctx(), inv.ID, file)
	check(t, err)
	if w.get(inv.ID).State != payments.InvoicePaid {
		t.Error("not paid")
	}
}

// The fee cannot be taken at both: the other gateway's payment is closed first, and a receipt that waits holds the invoice.
func TestOneGatewayAtATime(t *testing.T) {
	w := newWorld(t)
	inv, page := w.started()
	_, err := w.service.StartVia(w.ctx(), payments.ByReceipt, inv.ID, returnURL)
	wantError(t, err, payments.ErrBegunElsewhere)
	fresh, err := w.service.Reissue(w.ctx(), inv.ID, file)
	check(t, err)
	_, err = w.service.StartVia(w.ctx(), payments.ByReceipt, fresh.ID, returnURL)
	check(t, err)
	if status := w.choose(page, "succeeds"); status != 409 {
		t.Errorf("the closed page took money: %d", status)
	}
	fresh = w.get(fresh.ID)
	r := w.attach(w.receipts, *fresh.Payment.GatewayID, scan(w))
	_, err = w.service.Reissue(w.ctx(), fresh.ID, file)
	wantError(t, err, payments.ErrPaymentInProcess)
	check(t, w.tx(func(tx *gorm.DB) error { return w.receipts.GiveUp(tx, r.ID) }))
	check(t, w.service.Cancel(w.ctx(), fresh.ID, file, nil))
	// Without receipts configured nobody pays that way.
	alone, err := payments.New(payments.Deps{DB: w.db, Gateway: w.client, Now: w.clock.Now})
	check(t, err)
	_, err = alone.StartVia(w.ctx(), payments.ByReceipt, w.open(request()).ID, returnURL)
	wantError(t, err, payments.ErrGatewayUnavailable)
}
