// Package bankreceipt is the receipt of a bank as a payment gateway (S7.1, S9.A1): the payer pays at a bank, attaches the
// receipt, and an official who has seen it confirms it. To package payments it is a gateway like any other: it has a book of
// its own (receipt_orders, bank_receipts), answers status questions and reports, and never files anything by itself.
//
// It differs from the mock in all that an interface could hide: a person confirms, hours or days later; it sends no notices;
// the money is with the budget at once, so that it cannot give any back (the tax office does, on a certificate of
// non-submission); and the payer may have paid before the invoice was opened.
package bankreceipt

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"elicensing/payments"
)

// Gateway implements payments.Gateway. Several copies may stand on one database.
type Gateway struct {
	db  *gorm.DB
	now func() time.Time
}

var _ payments.Gateway = (*Gateway)(nil)

// New makes a Gateway.
func New(db *gorm.DB, now func() time.Time) (*Gateway, error) {
	if db == nil || now == nil {
		return nil, errors.New("bankreceipt: a database and a clock are needed")
	}
	return &Gateway{db: db, now: func() time.Time { return now().UTC().Truncate(time.Microsecond) }}, nil
}

// In is the gateway as it reads within a transaction of the caller's.
func (g *Gateway) In(tx *gorm.DB) *Gateway { return &Gateway{db: tx, now: g.now} }

// order is what the payer is to pay at a bank.
type order struct {
	ID          uuid.UUID `gorm:"primaryKey"`
	Reference   string
	Amount      payments.Tiyn `gorm:"column:amount_tiyn"`
	Currency    string
	BudgetCode  string
	PurposeCode string
	PayerID     string
	ReturnURL   string
	State       payments.PaymentState
	Version     int64
	CreatedAt   time.Time
}

func (order) TableName() string { return "receipt_orders" }

// Create implements payments.Gateway. Its page is the one the payer came from: the receipt is attached there.
func (g *Gateway) Create(ctx context.Context, o payments.Order) (payments.GatewayPayment, error) {
	if o.Reference == "" || o.Amount <= 0 || o.ReturnURL == "" {
		return payments.GatewayPayment{}, fmt.Errorf("an order without reference, amount or page: %w", payments.ErrGatewayRefused)
	}
	id, err := uuid.NewV7()
	if err != nil {
		return payments.GatewayPayment{}, fmt.Errorf("bankreceipt: make an id: %w", err)
	}
	row := order{
		ID: id, Reference: o.Reference, Amount: o.Amount, Currency: o.Currency, BudgetCode: o.Requisites.BudgetCode, PurposeCode: o.Requisites.PurposeCode,
		PayerID: o.PayerID, ReturnURL: o.ReturnURL, State: payments.StateCreated, Version: 1, CreatedAt: g.now(),
	}
	db := g.db.WithContext(ctx)
	once := clause.OnConflict{Columns: []clause.Column{{Name: "reference"}}, DoNothing: true}
	if err := db.Clauses(once).Create(&row).Error; err != nil {
		return payments.GatewayPayment{}, unavailable(err)
	}
	var known order
	if err := db.Where("reference = ?", o.Reference).Take(&known).Error; err != nil {
		return payments.GatewayPayment{}, unavailable(err)
	}
	if known.Amount != row.Amount || known.Currency != row.Currency || known.PayerID != row.PayerID ||
		known.BudgetCode != row.BudgetCode || known.PurposeCode != row.PurposeCode {
		return payments.GatewayPayment{}, fmt.Errorf("the reference has another order: %w", payments.ErrGatewayRefused)
	}
	return payments.GatewayPayment{ID: known.ID.String(), PageURL: known.ReturnURL}, nil
}

// Status implements payments.Gateway.
func (g *Gateway) Status(ctx context.Context, paymentID string) (payments.GatewayStatus, error) {
	db := g.db.WithContext(ctx)
	o, err := find(db, paymentID)
	if err != nil {
		return payments.GatewayStatus{}, err
	}
	return statusOf(db, o)
}

// Void implements payments.Gateway: while a receipt waits for an official it tells so.
func (g *Gateway) Void(ctx context.Context, paymentID string) (status payments.GatewayStatus, err error) {
	err = g.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		o, err := find(locked(tx), paymentID)
		if err != nil {
			return err
		}
		if o.State == payments.StateCreated || o.State == payments.StateRefused {
			if err := move(tx, &o, payments.StateVoided); err != nil {
				return err
			}
		}
		status, err = statusOf(tx, o)
		return err
	})
	return status, err
}

// Refund implements payments.Gateway: the money went to the budget, only the tax office gives it back (S7.1).
func (g *Gateway) Refund(context.Context, string) (payments.GatewayStatus, error) {
	return payments.GatewayStatus{}, fmt.Errorf("the tax office refunds what was paid at a bank: %w", payments.ErrGatewayRefused)
}

// ReadNotice implements payments.Gateway: it sends none, so that every one is forged.
func (g *Gateway) ReadNotice(http.Header, []byte, time.Time) (payments.Notice, error) {
	return payments.Notice{}, payments.ErrNoticeSignature
}

// Report implements payments.Gateway: the receipts of payments made on the day that were confirmed so far.
func (g *Gateway) Report(ctx context.Context, day string) ([]payments.ReportLine, error) {
	from, err := time.ParseInLocation(time.DateOnly, day, payments.Zone)
	if err != nil {
		return nil, fmt.Errorf("no day: %w", payments.ErrGatewayRefused)
	}
	if g.now().Before(from.AddDate(0, 0, 1)) {
		return nil, payments.ErrReportNotReady
	}
	var rows []struct {
		OrderID, Reference, Number string
		Amount                     int64
		Currency                   string
	}
	err = g.db.WithContext(ctx).Raw(`SELECT o.id AS order_id, o.reference, r.number, r.amount_tiyn AS amount, o.currency
		FROM bank_receipts r JOIN receipt_orders o ON o.id = r.order_id WHERE r.state = ? AND r.paid_on = ? ORDER BY r.id`, Confirmed, day).Scan(&rows).Error
	if err != nil {
		return nil, unavailable(err)
	}
	lines := make([]payments.ReportLine, len(rows))
	for i, r := range rows {
		lines[i] = payments.ReportLine{PaymentID: r.OrderID, Reference: r.Reference, State: payments.StatePaid,
			Amount: payments.Tiyn(r.Amount), Currency: r.Currency, At: from.UTC(), Receipt: r.Number}
	}
	return lines, nil
}

func locked(tx *gorm.DB) *gorm.DB {
	return tx.Clauses(clause.Locking{Strength: "UPDATE"}).Session(&gorm.Session{})
}

func find(db *gorm.DB, paymentID string) (order, error) {
	id, err := uuid.Parse(paymentID)
	if err != nil {
		return order{}, fmt.Errorf("no such payment: %w", payments.ErrGatewayRefused)
	}
	var o order
	err = db.Where("id = ?", id).Take(&o).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return order{}, fmt.Errorf("no such payment: %w", payments.ErrGatewayRefused)
	}
	if err != nil {
		return order{}, unavailable(err)
	}
	return o, nil
}

// statusOf tells what the confirmed receipt says; before that, what is to be paid.
func statusOf(db *gorm.DB, o order) (payments.GatewayStatus, error) {
	s := payments.GatewayStatus{
		PaymentID: o.ID.String(), Reference: o.Reference, State: o.State, Version: o.Version, Amount: o.Amount, Currency: o.Currency,
		BudgetCode: o.BudgetCode, PurposeCode: o.PurposeCode, PayerID: o.PayerID,
	}
	if o.State != payments.StatePaid {
		return s, nil
	}
	r, err := receiptIn(db, o.ID, Confirmed)
	if err != nil {
		return s, err
	}
	if r == nil {
		return s, fmt.Errorf("order %s is paid by no receipt: %w", o.ID, payments.ErrGatewayNonsense)
	}
	s.Amount, s.Receipt, s.PaidAt = r.Amount, r.Number, r.paidAt()
	return s, nil
}

// move changes an order that the caller has locked.
func move(tx *gorm.DB, o *order, to payments.PaymentState) error {
	done := tx.Model(&order{}).Where("id = ? AND version = ?", o.ID, o.Version).Updates(map[string]any{"state": to, "version": o.Version + 1})
	if done.Error != nil {
		return unavailable(done.Error)
	}
	if done.RowsAffected != 1 {
		return fmt.Errorf("order %s has another version by now: %w", o.ID, payments.ErrGatewayUnavailable)
	}
	o.State, o.Version = to, o.Version+1
	return nil
}

func unavailable(err error) error {
	return fmt.Errorf("%w: %w", payments.ErrGatewayUnavailable, err)
}
