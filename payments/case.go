package payments

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// List is one of the three lists in which an official looks for a difference.
type List string

const (
	// PaidWithoutApplication: the gateway has money, and no application was filed by it.
	PaidWithoutApplication List = "paid_without_application"
	// ApplicationWithoutPayment: an application was filed, and the gateway does not have the money (any more).
	ApplicationWithoutPayment List = "application_without_payment"
	// AmountsDiffer: both sides know the payment and say something else of it.
	AmountsDiffer List = "amounts_differ"
)

// listOf puts each reason on its list; what is not here is money without an application.
var listOf = map[string]List{
	ParkedMissing: ApplicationWithoutPayment, ParkedRefunded: ApplicationWithoutPayment,
	ParkedAmount: AmountsDiffer, ParkedCurrency: AmountsDiffer, ParkedPurpose: AmountsDiffer, ParkedPayer: AmountsDiffer,
	ParkedDecided: AmountsDiffer,
}

// Case is a difference between our book and the gateway's that a person decides, with both sides as they were found.
type Case struct {
	ID            uuid.UUID `gorm:"primaryKey"`
	Fingerprint   []byte
	List          List
	Reason        string
	Gateway       Via
	GatewayID     string
	Reference     string
	InvoiceID     *uuid.UUID
	Day           string // of the report; empty when a notice or an answer told it
	OursAmount    *Tiyn  `gorm:"column:ours_amount_tiyn"`
	OursState     InvoiceState
	OursPaidAt    *time.Time
	TheirsAmount  *Tiyn `gorm:"column:theirs_amount_tiyn"`
	TheirsState   PaymentState
	TheirsPaidAt  *time.Time
	TheirsReceipt string
	FoundAt       time.Time
	RefundAskedAt *time.Time
	ClosedAt      *time.Time
	ClosedHow     string
	ClosedBy      string
	Note          string
	SettledTo     string // the account on which its money belongs by the decision

	since string // what makes it another thing than the same found before; not kept but in the fingerprint
}

// TableName tells GORM.
func (Case) TableName() string { return "money_cases" }

// How a case is closed.
const (
	ClosedRefunded    = "refunded"    // the gateway gave the money back
	ClosedReturned    = "returned"    // a person found out that the payer has it back by another road
	ClosedKept        = "kept"        // a person decided that it is income of the budget
	ClosedWrittenOff  = "written_off" // a person found out that it is nobody's money: an error of a book
	ClosedExplained   = "explained"   // what differed was explained; the gateway holds no money of it
	ClosedAccepted    = "accepted"    // a person took the money for the fee
	ClosedCertificate = "certificate" // a certificate of non-submission lets the tax office refund it (S7.1)
	ClosedApplied     = "applied"     // the money fitted in the end, and filed its application
)

// closedByGateway stands for the person where a later word of the gateway closes a case.
const closedByGateway = "gateway"

// Refundable tells whether the gateway may be asked to give the money of this case back: it has it, and the whole of it.
func (c Case) Refundable() bool {
	return c.ClosedAt == nil && c.TheirsState == StatePaid && c.Reason != ParkedDoubled && c.Reason != ParkedNoticeReused && c.Gateway == Online
}

// openCase keeps a difference, once for each thing found however often and by whatever road, and tells whether it is new.
func (s *Service) openCase(tx *gorm.DB, inv *Invoice, found Case) (bool, error) {
	var err error
	if found.ID, err = uuid.NewV7(); err != nil {
		return false, fmt.Errorf("payments: make an id: %w", err)
	}
	if err := lockBook(tx, found.GatewayID); err != nil {
		return false, err
	}
	found.List, found.FoundAt = PaidWithoutApplication, s.now()
	if list, ok := listOf[found.Reason]; ok {
		found.List = list
	}
	if known, err := underCase(tx, found); err != nil || known {
		return false, err
	}
	if inv != nil {
		found.InvoiceID, found.OursAmount, found.OursState, found.OursPaidAt = &inv.ID, &inv.Amount, inv.State, inv.PaidAt
	}
	if found.Fingerprint, err = found.fingerprint(); err != nil {
		return false, err
	}
	if inv != nil && inv.State == InvoicePaid {
		// What was found of an open invoice was closed because its money filed; found of the filed fee, it is another thing.
		var applied int64
		if err := tx.Model(&Case{}).Where("fingerprint = ? AND closed_how = ?", found.Fingerprint, ClosedApplied).Count(&applied).Error; err != nil {
			return false, fmt.Errorf("payments: look for the case before filing: %w", err)
		}
		if applied > 0 {
			found.since = "filed"
			if found.Fingerprint, err = found.fingerprint(); err != nil {
				return false, err
			}
		}
	}
	once := clause.OnConflict{Columns: []clause.Column{{Name: "fingerprint"}}, DoNothing: true}
	done := tx.Clauses(once).Create(&found)
	if done.Error != nil {
		return false, fmt.Errorf("payments: open a case: %w", done.Error)
	}
	if done.RowsAffected == 1 {
		s.log.WarnContext(tx.Statement.Context, "money waits for a person", "reason", found.Reason, "case", found.ID)
		if inv != nil && inv.State != InvoicePaid && found.TheirsState == StatePaid && found.Reason != ParkedNoticeReused {
			return true, s.meet(tx, *inv, MoneyParked)
		}
	}
	return done.RowsAffected == 1, nil
}

// fingerprint is the same for the same thing found.
func (c Case) fingerprint() ([]byte, error) {
	what := []any{c.Reason, c.Gateway, c.GatewayID, c.Reference, c.TheirsAmount, c.TheirsReceipt}
	if c.since != "" {
		what = append(what, c.since)
	}
	text, err := json.Marshal(what)
	if err != nil {
		return nil, fmt.Errorf("payments: fingerprint of a case: %w", err)
	}
	sum := sha256.Sum256(text)
	return sum[:], nil
}

// underCase tells whether money stands under another case already: that its invoice was cancelled meanwhile is no new thing about it, and one payment
// is decided once.
func underCase(tx *gorm.DB, found Case) (bool, error) {
	if found.Reason != ParkedInvoiceCancelled && found.Reason != ParkedPaidAfterVoid {
		return false, nil
	}
	var known int64
	err := tx.Model(&Case{}).Where("gateway = ? AND gateway_id = ? AND theirs_state = ? AND theirs_amount_tiyn = ? AND reason NOT IN (?, ?, ?)",
		found.Gateway, found.GatewayID, found.TheirsState, found.TheirsAmount, found.Reason, ParkedDoubled, ParkedNoticeReused).Count(&known).Error
	if err != nil {
		return false, fmt.Errorf("payments: look for a case of the same money: %w", err)
	}
	return known > 0, nil
}

// caseLimit bounds what is shown at once.
const caseLimit = 500

// Cases reads the open cases, the oldest first, or those closed, the latest first.
func (s *Service) Cases(ctx context.Context, closed bool) ([]Case, error) {
	query := s.db.WithContext(ctx).Limit(caseLimit)
	if closed {
		query = query.Where("closed_at IS NOT NULL").Order("closed_at DESC, id DESC")
	} else {
		query = query.Where("closed_at IS NULL").Order("found_at, id")
	}
	var cases []Case
	if err := query.Find(&cases).Error; err != nil {
		return nil, fmt.Errorf("payments: read cases: %w", err)
	}
	return cases, nil
}

// CaseByID reads one case. ErrCaseNotFound.
func (s *Service) CaseByID(ctx context.Context, id uuid.UUID) (Case, error) {
	return readCase(s.db.WithContext(ctx), id)
}

func readCase(db *gorm.DB, id uuid.UUID) (Case, error) {
	var c Case
	err := db.Where("id = ?", id).Take(&c).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Case{}, ErrCaseNotFound
	}
	if err != nil {
		return Case{}, fmt.Errorf("payments: read a case: %w", err)
	}
	return c, nil
}
