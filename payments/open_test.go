package payments_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"elicensing/payments"
)

func TestOpenInvoiceFreezesTheDay(t *testing.T) {
	w := newWorld(t)
	r := request()
	r.PayerBIN = "123456789021"
	opened := w.open(r)
	inv := w.get(opened.ID)
	if inv.Amount.String() != "43250.00" || inv.MCI.String() != "4325.00" || inv.Coefficient.String() != "10" ||
		inv.RateDay != "2026-11-22" || !inv.PayBefore.Equal(time.Date(2027, 1, 1, 0, 0, 0, 0, payments.Zone)) {
		t.Errorf("the arithmetic: %+v", inv)
	}
	if inv.State != payments.InvoiceOpen || inv.Payment.State != payments.StateNone || inv.Requisites != r.Requisites {
		t.Errorf("the invoice: %+v", inv)
	}
	if inv.PayerID() != r.PayerBIN || !strings.HasPrefix(inv.Number, "2026-") || !inv.OpenedAt.Equal(opened.OpenedAt) {
		t.Errorf("payer %s, number %s, opened %s and %s", inv.PayerID(), inv.Number, inv.OpenedAt, opened.OpenedAt)
	}
	list, err := w.service.ByApplication(w.ctx(), r.ApplicationID)
	if err != nil || len(list) != 1 || list[0].ID != inv.ID {
		t.Errorf("by application: %v, %v", list, err)
	}
}

func TestOpenInvoiceRefuses(t *testing.T) {
	w := newWorld(t)
	for name, c := range map[string]struct {
		change func(*payments.InvoiceRequest)
		want   error
	}{
		"no application":    {func(r *payments.InvoiceRequest) { r.ApplicationID = uuid.Nil }, payments.ErrInvoiceInvalid},
		"no payer":          {func(r *payments.InvoiceRequest) { r.PayerIIN = "" }, payments.ErrInvoiceInvalid},
		"short IIN":         {func(r *payments.InvoiceRequest) { r.PayerIIN = "90010130012" }, payments.ErrInvoiceInvalid},
		"letters in BIN":    {func(r *payments.InvoiceRequest) { r.PayerBIN = "12345678902x" }, payments.ErrInvoiceInvalid},
		"no name":           {func(r *payments.InvoiceRequest) { r.PayerName = "  " }, payments.ErrInvoiceInvalid},
		"control character": {func(r *payments.InvoiceRequest) { r.PayerName = "A\x00B" }, payments.ErrInvoiceInvalid},
		"broken UTF-8":      {func(r *payments.InvoiceRequest) { r.Purpose = "\xff" }, payments.ErrInvoiceInvalid},
		"long purpose":      {func(r *payments.InvoiceRequest) { r.Purpose = strings.Repeat("я", 501) }, payments.ErrInvoiceInvalid},
		"no tax office":     {func(r *payments.InvoiceRequest) { r.Requisites.TaxOfficeCode = "" }, payments.ErrInvoiceInvalid},
		"short budget code": {func(r *payments.InvoiceRequest) { r.Requisites.BudgetCode = "10540" }, payments.ErrInvoiceInvalid},
		"no purpose code":   {func(r *payments.InvoiceRequest) { r.Requisites.PurposeCode = "" }, payments.ErrInvoiceInvalid},
		"no account":        {func(r *payments.InvoiceRequest) { r.Requisites.Account = "" }, payments.ErrInvoiceInvalid},
		"unknown kind":      {func(r *payments.InvoiceRequest) { r.Kind = "x" }, payments.ErrRateUnknown},
		"free of charge":    {func(r *payments.InvoiceRequest) { r.Kind = payments.KindAnnex }, payments.ErrNoFeeDue},
	} {
		r := request()
		c.change(&r)
		_, err := w.service.OpenInvoice(w.db, r)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	w.clock.set(time.Date(2027, 1, 1, 0, 0, 0, 0, payments.Zone))
	_, err := w.service.OpenInvoice(w.db, request())
	wantError(t, err, payments.ErrRateUnknown)
	if n := w.count("SELECT count(*) FROM invoices"); n != 0 {
		t.Errorf("%d invoices were opened", n)
	}
}

func TestSecondInvoiceLeavesTheTransactionUsable(t *testing.T) {
	w := newWorld(t)
	r := request()
	w.open(r)
	check(t, w.db.Transaction(func(tx *gorm.DB) error {
		_, err := w.service.OpenInvoice(tx, r)
		wantError(t, err, payments.ErrInvoiceExists)
		return tx.Exec("SELECT 1").Error
	}))
}

func TestParallelOpeningMakesOneInvoice(t *testing.T) {
	w := newWorld(t)
	r := request()
	var group sync.WaitGroup
	for range 12 {
		group.Go(func() {
			_, err := w.service.OpenInvoice(w.db, r)
			if err != nil && !errors.Is(err, payments.ErrInvoiceExists) {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if n := w.count("SELECT count(*) FROM invoices"); n != 1 {
		t.Fatalf("%d invoices", n)
	}
}

// A paid application is never asked for money again, not even after its invoice closed.
func TestPaidApplicationGetsNoSecondInvoice(t *testing.T) {
	w := newWorld(t)
	r := request()
	inv := w.open(r)
	page, err := w.service.Start(w.ctx(), inv.ID, returnURL)
	check(t, err)
	w.choose(page, "succeeds")
	w.deliver()
	w.wantPaidOnce(inv.ID)
	_, err = w.service.OpenInvoice(w.db, r)
	wantError(t, err, payments.ErrInvoiceExists)
}
