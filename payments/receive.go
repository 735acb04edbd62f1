package payments

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// noticeRow is an authentic notice as it came.
type noticeRow struct {
	ID         string `gorm:"primaryKey"`
	Reference  string
	GatewayID  string
	State      PaymentState
	Version    int64
	Body       []byte
	ReceivedAt time.Time
}

func (noticeRow) TableName() string { return "gateway_notices" }

// Receive takes a notice of the gateway. No error means "understood, do not send it
// again", also for a notice that was doubled, late or parked. ErrNoticeSignature,
// ErrNoticeStale and ErrNoticeMalformed mean that it is not believed and nothing was
// touched; any other error, that the gateway should send it again later.
//
// A good signature proves who had the key, not that it is so. The gateway is asked, and
// what it answers is applied: a notice is believed to the extent that the gateway confirms
// it (I9), and the order in which notices arrive does not matter. A gateway that does not
// answer in time, or does not know of it yet, has its notice refused and sends it again;
// RefreshOpen would find the payment as well. The question comes before any lock is taken.
//
// onPaid is called in the transaction in which the invoice becomes paid, once in its
// life; if it fails the notice counts as not received.
func (s *Service) Receive(ctx context.Context, header http.Header, body []byte, onPaid OnChange) error {
	notice, err := s.gateways[Online].ReadNotice(header, body, s.now())
	if err != nil {
		return err
	}
	said, err := s.confirmed(ctx, notice)
	if err != nil {
		return err
	}
	return s.transaction(ctx, func(tx *gorm.DB) error {
		fresh, err := s.keepNotice(tx, notice, body)
		if err != nil || !fresh {
			return err
		}
		return s.take(tx, said, notice.ID, onPaid)
	})
}

// take applies what the gateway says of a payment to the invoice that it names, or parks it when there is none.
func (s *Service) take(tx *gorm.DB, said GatewayStatus, noticeID string, onPaid OnChange) error {
	inv, err := lockByReference(tx, said.Reference)
	if errors.Is(err, ErrInvoiceNotFound) {
		return s.misfit(tx, nil, said, noticeID, ParkedUnknownInvoice)
	}
	if err != nil {
		return err
	}
	_, err = s.apply(tx, inv, said, noticeID, onPaid)
	return err
}

// confirmWithin bounds the question about a notice: shorter than the sender waits for our answer.
const confirmWithin = 5 * time.Second

// confirmed is what the gateway says when it is asked about a notice of its own. ErrGatewayUnavailable unless it knows at least as much as the
// notice tells. A notice that was taken before is not asked about again: it will not be applied.
func (s *Service) confirmed(ctx context.Context, notice Notice) (GatewayStatus, error) {
	var known int64
	if err := s.db.WithContext(ctx).Model(&noticeRow{}).Where("id = ?", notice.ID).Count(&known).Error; err != nil {
		return GatewayStatus{}, fmt.Errorf("payments: look for a notice: %w", err)
	}
	if known > 0 {
		return notice.GatewayStatus, nil
	}
	ctx, cancel := context.WithTimeout(ctx, confirmWithin)
	defer cancel()
	said, err := s.gateways[Online].Status(ctx, notice.PaymentID)
	if err == nil && (said.Reference != notice.Reference || said.Version < notice.Version) {
		err = errors.New("it says something else")
	}
	if err != nil {
		s.log.WarnContext(ctx, "the gateway does not confirm its notice", "notice", notice.ID, "error", err)
		return said, fmt.Errorf("%w: a notice is not confirmed: %w", ErrGatewayUnavailable, err)
	}
	return said, nil
}

// keepNotice stores a notice by its id and tells whether it is the first time. Of two
// copies at once the second waits here for the first one's commit.
func (s *Service) keepNotice(tx *gorm.DB, notice Notice, body []byte) (fresh bool, err error) {
	done := tx.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "id"}}, DoNothing: true}).Create(&noticeRow{
		ID: notice.ID, Reference: notice.Reference, GatewayID: notice.PaymentID,
		State: notice.State, Version: notice.Version, Body: body, ReceivedAt: s.now(),
	})
	if done.Error != nil {
		return false, fmt.Errorf("payments: keep a notice: %w", done.Error)
	}
	if done.RowsAffected == 1 {
		return true, nil
	}
	var known noticeRow
	if err := tx.Where("id = ?", notice.ID).Take(&known).Error; err != nil {
		return false, fmt.Errorf("payments: read a notice: %w", err)
	}
	same := known.Reference == notice.Reference && known.GatewayID == notice.PaymentID &&
		known.State == notice.State && known.Version == notice.Version
	if same {
		return false, nil
	}
	inv, err := lockByPayment(tx, known.GatewayID)
	if err != nil {
		return false, err
	}
	return false, s.park(tx, inv, notice.GatewayStatus, notice.ID, ParkedNoticeReused)
}

// lockByPayment locks the invoice of a payment at its gateway, so that its authority alone looks at it; nil when there is none.
func lockByPayment(tx *gorm.DB, gatewayID string) (*Invoice, error) {
	var ids []uuid.UUID
	if err := tx.Model(&Payment{}).Where("gateway_id = ?", gatewayID).Pluck("invoice_id", &ids).Error; err != nil {
		return nil, fmt.Errorf("payments: look for the invoice of a payment: %w", err)
	}
	if len(ids) == 0 {
		return nil, nil
	}
	inv, err := lock(tx, ids[0])
	return &inv, err
}

func lockByReference(tx *gorm.DB, reference string) (Invoice, error) {
	id, err := uuid.Parse(reference)
	if err != nil || id.String() != reference {
		return Invoice{}, ErrInvoiceNotFound
	}
	return lock(tx, id)
}
