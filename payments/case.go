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
}

// TableName tells GORM.
func (Case) TableName() string { return "money_cases" }

// How a case is closed.
const (
	ClosedRefunded    = "refunded"    // the gateway gave the money back
	ClosedExplained   = "explained"   // a person found out and says what
	ClosedCertificate = "certificate" // a certificate of non-submission lets the tax office refund it (S7.1)
)

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
	found.List, found.FoundAt = PaidWithoutApplication, s.now()
	if list, ok := listOf[found.Reason]; ok {
		found.List = list
	}
	if inv != nil {
		found.InvoiceID, found.OursAmount, found.OursState, found.OursPaidAt = &inv.ID, &inv.Amount, inv.State, inv.PaidAt
	}
	text, err := json.Marshal([]any{found.Reason, found.Gateway, found.GatewayID, found.Reference, found.TheirsAmount})
	if err != nil {
		return false, fmt.Errorf("payments: fingerprint of a case: %w", err)
	}
	sum := sha256.Sum256(text)
	found.Fingerprint = sum[:]
	once := clause.OnConflict{Columns: []clause.Column{{Name: "fingerprint"}}, DoNothing: true}
	done := tx.Clauses(once).Create(&found)
	if done.Error != nil {
		return false, fmt.Errorf("payments: open a case: %w", done.Error)
	}
	if done.RowsAffected == 1 {
		s.log.WarnContext(tx.Statement.Context, "money waits for a person", "reason", found.Reason, "case", found.ID)
	}
	return done.RowsAffected == 1, nil
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

// CloseCase closes a case in the caller's transaction: by whom, how, and what was found out. ErrCaseClosed when somebody
// was faster.
func (s *Service) CloseCase(tx *gorm.DB, id uuid.UUID, how, by, note string) error {
	done := tx.Model(&Case{}).Where("id = ? AND closed_at IS NULL", id).
		Updates(map[string]any{"closed_at": s.now(), "closed_how": how, "closed_by": by, "note": note})
	if done.Error != nil {
		return fmt.Errorf("payments: close a case: %w", done.Error)
	}
	if done.RowsAffected == 0 {
		return ErrCaseClosed
	}
	return nil
}

// RefundCase has the gateway give the money of a case back, books it and closes the case. It may be pressed again after
// ErrGatewayUnavailable. ErrFeeNotRefundable when the money filed an application (S7.1), or the gateway does not have it.
func (s *Service) RefundCase(ctx context.Context, id uuid.UUID, by string, onRefunded func(tx *gorm.DB, c Case) error) error {
	var c Case
	err := s.transaction(ctx, func(tx *gorm.DB) (err error) {
		if c, err = readCase(tx.Clauses(clause.Locking{Strength: "UPDATE"}).Session(&gorm.Session{}), id); err != nil {
			return err
		}
		if err := s.refundable(tx, c); err != nil {
			return err
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
	if err != nil {
		return fmt.Errorf("ask the gateway for a refund: %w", err)
	}
	if said.State != StateRefunded {
		return ErrFeeNotRefundable
	}
	return s.transaction(ctx, func(tx *gorm.DB) error {
		line := ReportLine{PaymentID: said.PaymentID, Amount: said.Amount, At: said.PaidAt}
		for _, kind := range []EntryKind{EntryParked, EntryRefunded} {
			if err := bookLine(tx, c.Gateway, kind, c.InvoiceID, line, s.now()); err != nil {
				return err
			}
			line.At = s.now()
		}
		if err := s.CloseCase(tx, id, ClosedRefunded, by, ""); err != nil {
			return err
		}
		return onRefunded(tx, c)
	})
}

func (s *Service) refundable(tx *gorm.DB, c Case) error {
	if c.ClosedAt != nil {
		return ErrCaseClosed
	}
	var filed int64
	err := tx.Model(&LedgerEntry{}).Where("gateway_id = ? AND kind = ?", c.GatewayID, EntryFeePaid).Count(&filed).Error
	if err != nil {
		return fmt.Errorf("payments: look for the fee: %w", err)
	}
	if filed > 0 || !c.Refundable() {
		return ErrFeeNotRefundable
	}
	return nil
}
