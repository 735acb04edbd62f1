package payments

import (
	"fmt"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// oneLive names the index invoices_one_live, so that a second live invoice is a count of
// zero rows and not an error that ruins the caller's transaction.
var oneLive = clause.OnConflict{
	Columns:     []clause.Column{{Name: "application_id"}},
	TargetWhere: clause.Where{Exprs: []clause.Expression{clause.Expr{SQL: "state <> 'cancelled'"}}},
	DoNothing:   true,
}

// OpenInvoice opens the invoice of an application inside the caller's transaction, at
// the rate of now. ErrNoFeeDue when the kind is free; ErrInvoiceExists when the
// application has an invoice that is open or paid; ErrRateUnknown; ErrInvoiceInvalid.
func (s *Service) OpenInvoice(tx *gorm.DB, request InvoiceRequest) (Invoice, error) {
	if err := request.check(); err != nil {
		return Invoice{}, err
	}
	now := s.now()
	at := now
	if !request.RateAt.IsZero() {
		at = request.RateAt
	}
	fee, err := s.rates.Fee(request.Kind, at)
	if err != nil {
		return Invoice{}, err
	}
	if fee.Amount == 0 {
		return Invoice{}, ErrNoFeeDue
	}
	var serial int64
	if err := tx.Raw("SELECT nextval('invoice_numbers')").Scan(&serial).Error; err != nil {
		return Invoice{}, fmt.Errorf("payments: take an invoice number: %w", err)
	}
	id, err := uuid.NewV7()
	if err != nil {
		return Invoice{}, fmt.Errorf("payments: make an id: %w", err)
	}
	inv := Invoice{
		ID:            id,
		Number:        fmt.Sprintf("%s-%06d", fee.RateDay[:4], serial),
		ApplicationID: request.ApplicationID,
		Kind:          request.Kind,
		PayerIIN:      request.PayerIIN,
		PayerBIN:      request.PayerBIN,
		PayerName:     request.PayerName,
		Purpose:       request.Purpose,
		Requisites:    request.Requisites,
		MCI:           fee.MCI,
		Coefficient:   fee.Coefficient,
		Amount:        fee.Amount,
		RateDay:       fee.RateDay,
		PayBefore:     fee.Until,
		State:         InvoiceOpen,
		OpenedAt:      now,
		Payment:       Payment{InvoiceID: id, Gateway: Online},
	}
	inserted := tx.Clauses(oneLive).Create(&inv)
	if inserted.Error != nil {
		return Invoice{}, fmt.Errorf("payments: open invoice: %w", inserted.Error)
	}
	if inserted.RowsAffected == 0 {
		return Invoice{}, ErrInvoiceExists
	}
	return inv, nil
}
