// Package payments keeps the money of the portal right whatever the gateway, the browser
// or the network does: invoices, their one payment each at a payment gateway, and the
// ledger. It knows nothing of applications but an id, and nothing of HTTP but the notice
// that a gateway sends.
//
// The decisions behind it:
//
//   - One payment at the gateway per invoice, for ever (I8). The invoice's id is the
//     gateway's idempotency key, so pressing "pay" twenty times, or again after an answer
//     that never came, finds the same payment. That we asked is noted before asking.
//   - What the gateway says arrives by three roads: a notice, which it confirms when it is
//     asked (receive.go), the answer to a status question, the answer to a void. All end in
//     one function (apply.go), which locks the invoice, compares every field with it (I9),
//     consults one table (states.go) and, when the invoice becomes paid, writes the ledger
//     and calls the owner of the application in the same transaction. So the order, number
//     and road of messages do not matter.
//   - What does not fit the invoice is parked for a person as a case with both sides
//     (case.go) and answered like any other notice: the gateway cannot help by sending it
//     again.
//   - Money goes back by one road (refund.go), and never when it has filed.
//   - The gateway's report of a day is compared with the ledger line by line
//     (compare.go). What it took and no invoice accounts for is booked on an account of
//     its own, so that the ledger equals the gateway's book.
//   - The network is never used while a row is locked.
//   - The database refuses by itself: two live invoices of an application, two payments of
//     an invoice, two entries for a fee, any change of a closed invoice, of the ledger and
//     of the notices (migrations/0002_payments.sql, 0008_money.sql,
//     0012_ledger_receipts.sql, 0013_receipt_documents.sql).
//
// Locks are taken in the order invoice, payment, book of the payment (lockBook), cases,
// then whatever the callback takes. A caller must not hold a lock on the application
// while it calls anything but OpenInvoice.
package payments

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Via names one of the gateways through which an invoice is paid.
type Via string

const (
	// Online is the payment gateway of e-government (S7.2).
	Online Via = "online"
	// ByReceipt is a bank's receipt that the payer attaches and an official confirms (S7.1, S9.A1).
	ByReceipt Via = "receipt"
)

// Deps is what a Service needs. Receipts, Rates and Log may be left out.
type Deps struct {
	DB       *gorm.DB
	Gateway  Gateway // Online
	Receipts Gateway // ByReceipt; without it nobody pays that way
	Now      func() time.Time
	Rates    *Rates
	Log      *slog.Logger
}

// Service keeps invoices, payments and the ledger.
type Service struct {
	db       *gorm.DB
	gateways map[Via]Gateway
	now      func() time.Time
	rates    *Rates
	log      *slog.Logger
	trouble  func(tx *gorm.DB, inv Invoice, what Trouble) error
	returned func(tx *gorm.DB, c Case) error
}

// Trouble is what a payer should be told although nothing of his invoice was settled.
type Trouble string

const (
	// PaymentRefused: the bank refused the payment.
	PaymentRefused Trouble = "refused"
	// MoneyParked: the gateway took money that waits for a person.
	MoneyParked Trouble = "parked"
	// MoneyReturned: the gateway gave money back, by itself or because a head had it do so.
	MoneyReturned Trouble = "returned"
)

// OnTrouble has f called in the transaction in which a payment of an invoice meets trouble, once for each. It is set before the service is used.
func (s *Service) OnTrouble(f func(tx *gorm.DB, inv Invoice, what Trouble) error) { s.trouble = f }

// OnReturned has f called in the transaction in which a case is closed because the gateway gave its money back by itself, once for each case: nobody
// else has to give it back any more. It is set before the service is used.
func (s *Service) OnReturned(f func(tx *gorm.DB, c Case) error) { s.returned = f }

func (s *Service) meet(tx *gorm.DB, inv Invoice, what Trouble) error {
	if s.trouble == nil {
		return nil
	}
	return s.trouble(tx, inv, what)
}

// OnChange is called in the transaction that changes an invoice, with the invoice as it
// then stands. An error undoes all of it.
type OnChange func(tx *gorm.DB, inv Invoice) error

// New makes a Service.
func New(deps Deps) (*Service, error) {
	if deps.DB == nil || deps.Gateway == nil || deps.Now == nil {
		return nil, errors.New("payments: a database, a gateway and a clock are needed")
	}
	s := &Service{db: deps.DB, gateways: map[Via]Gateway{Online: deps.Gateway}, rates: deps.Rates, log: deps.Log}
	if deps.Receipts != nil {
		s.gateways[ByReceipt] = deps.Receipts
	}
	// PostgreSQL keeps microseconds: what is returned must equal what is read later.
	s.now = func() time.Time { return deps.Now().UTC().Truncate(time.Microsecond) }
	if s.rates == nil {
		rates, err := BuiltInRates()
		if err != nil {
			return nil, err
		}
		s.rates = rates
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	return s, nil
}

// In is the service as it reads within a transaction of the caller's.
func (s *Service) In(tx *gorm.DB) *Service {
	inside := *s
	inside.db = tx
	return &inside
}

// at is the gateway of a payment. One that this installation no longer has is out of reach, not gone.
func (s *Service) at(via Via) (Gateway, error) {
	if g := s.gateways[via]; g != nil {
		return g, nil
	}
	return nil, fmt.Errorf("no gateway %q here: %w", via, ErrGatewayUnavailable)
}

// Fee is the fee of now, at the rates that invoices are opened with.
func (s *Service) Fee(kind Kind) (Fee, error) { return s.rates.Fee(kind, s.now()) }

// FeeAt is the fee of another moment.
func (s *Service) FeeAt(kind Kind, at time.Time) (Fee, error) { return s.rates.Fee(kind, at) }

// Get reads one invoice with its payment.
func (s *Service) Get(ctx context.Context, invoiceID uuid.UUID) (Invoice, error) {
	return read(s.db.WithContext(ctx), invoiceID)
}

// ByApplication reads the invoices of an application, the newest first. At most one of
// them is not cancelled.
func (s *Service) ByApplication(ctx context.Context, applicationID uuid.UUID) ([]Invoice, error) {
	db := s.db.WithContext(ctx)
	var invoices []Invoice
	if err := db.Where("application_id = ?", applicationID).Order("opened_at DESC, id DESC").Find(&invoices).Error; err != nil {
		return nil, fmt.Errorf("payments: read invoices: %w", err)
	}
	for i := range invoices {
		var err error
		if invoices[i].Payment, err = readPayment(db, invoices[i].ID); err != nil {
			return nil, err
		}
	}
	return invoices, nil
}

func read(db *gorm.DB, invoiceID uuid.UUID) (Invoice, error) {
	var inv Invoice
	err := db.Where("id = ?", invoiceID).Take(&inv).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Invoice{}, ErrInvoiceNotFound
	}
	if err != nil {
		return Invoice{}, fmt.Errorf("payments: read invoice: %w", err)
	}
	inv.Payment, err = readPayment(db, inv.ID)
	return inv, err
}

// lock reads an invoice and holds it until the transaction ends; everything that changes
// an invoice or its payment goes through here first. Its key never changes: a row that
// only refers to it, as an entry of the ledger does, waits for nobody (NO KEY).
func lock(tx *gorm.DB, invoiceID uuid.UUID) (Invoice, error) {
	return read(tx.Clauses(clause.Locking{Strength: "NO KEY UPDATE"}).Session(&gorm.Session{}), invoiceID)
}

func readPayment(db *gorm.DB, invoiceID uuid.UUID) (Payment, error) {
	var found []Payment
	if err := db.Where("invoice_id = ?", invoiceID).Limit(1).Find(&found).Error; err != nil {
		return Payment{}, fmt.Errorf("payments: read payment: %w", err)
	}
	if len(found) == 0 {
		return Payment{InvoiceID: invoiceID, Gateway: Online}, nil
	}
	return found[0], nil
}

// transaction runs f and commits, or undoes everything when f fails.
func (s *Service) transaction(ctx context.Context, f func(tx *gorm.DB) error) error {
	return s.db.WithContext(ctx).Transaction(f)
}
