package bankreceipt

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"elicensing/payments"
)

// State is where a receipt stands.
type State string

const (
	// Waiting for an official.
	Waiting State = "waiting"
	// Confirmed: an official has seen that the fee was paid. Final.
	Confirmed State = "confirmed"
	// Rejected with a remark; another one may be attached. Final.
	Rejected State = "rejected"
	// GivenUp: the payer does not file and asks for the certificate of non-submission; the document pays nothing any more. Final, unless no certificate
	// comes of it (Release).
	GivenUp State = "given_up"
)

// Receipt is a payment document of a bank, with the scan of it.
type Receipt struct {
	ID         uuid.UUID `gorm:"primaryKey"`
	OrderID    uuid.UUID
	Bank       string
	Number     string
	PaidOn     string        // the day in Kazakhstan: "2026-11-22"
	Amount     payments.Tiyn `gorm:"column:amount_tiyn"` // as the receipt says
	MediaType  string
	Content    []byte
	State      State
	AttachedAt time.Time
	JudgedAt   *time.Time
	JudgedBy   string
	Remark     string
}

// TableName tells GORM.
func (Receipt) TableName() string { return "bank_receipts" }

// paidAt is the first moment of the day of payment: a receipt names no hour.
func (r Receipt) paidAt() time.Time {
	day, err := time.ParseInLocation(time.DateOnly, r.PaidOn, payments.Zone)
	if err != nil {
		return time.Time{} // the table takes days only
	}
	return day.UTC()
}

// PaidAt is the moment under which the payment is booked.
func (r Receipt) PaidAt() time.Time { return r.paidAt() }

// MaxContent is the largest scan in bytes.
const MaxContent = 5 << 20

// oldest is how long ago a fee may have been paid: three years, in which the tax office would give it back.
const oldest = 3 * 366 * 24 * time.Hour

func (r Receipt) check(now time.Time) error {
	day, err := time.ParseInLocation(time.DateOnly, r.PaidOn, payments.Zone)
	problem := ""
	switch {
	case !printable(r.Bank, 200):
		problem = "no bank"
	case !printable(r.Number, 60):
		problem = "no number"
	case err != nil || day.After(now) || now.Sub(day) > oldest:
		problem = "no day of payment, or in the future"
	case r.Amount <= 0:
		problem = "no amount"
	case len(r.Content) == 0 || len(r.Content) > MaxContent || r.MediaType == "":
		problem = "no scan, or too large"
	}
	if problem != "" {
		return fmt.Errorf("%s: %w", problem, payments.ErrReceiptInvalid)
	}
	return nil
}

func printable(s string, most int) bool {
	return strings.TrimSpace(s) == s && s != "" && utf8.ValidString(s) && utf8.RuneCountInString(s) <= most &&
		strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f }) < 0
}

// Attach takes the receipt of an order in the caller's transaction; it then waits for an official. ErrReceiptInvalid,
// ErrReceiptWaiting, ErrReceiptUsed; ErrReceiptJudged when the order is paid or closed.
func (g *Gateway) Attach(tx *gorm.DB, paymentID string, r Receipt) (Receipt, error) {
	now := g.now()
	if err := r.check(now); err != nil {
		return Receipt{}, err
	}
	o, err := find(locked(tx), paymentID)
	if err != nil {
		return Receipt{}, err
	}
	switch o.State {
	case payments.StatePending:
		return Receipt{}, payments.ErrReceiptWaiting
	case payments.StateCreated, payments.StateRefused:
	default:
		return Receipt{}, payments.ErrReceiptJudged
	}
	if r.ID, err = uuid.NewV7(); err != nil {
		return Receipt{}, fmt.Errorf("bankreceipt: make an id: %w", err)
	}
	r.OrderID, r.State, r.AttachedAt, r.JudgedAt, r.JudgedBy, r.Remark = o.ID, Waiting, now, nil, "", ""
	err = tx.Create(&r).Error
	if errors.Is(err, gorm.ErrDuplicatedKey) {
		return Receipt{}, payments.ErrReceiptUsed
	}
	if err != nil {
		return Receipt{}, fmt.Errorf("bankreceipt: keep a receipt: %w", err)
	}
	return r, move(tx, &o, payments.StatePending)
}

// Confirm is the official's word that the receipt proves the payment. The invoice follows when payments asks for the status.
func (g *Gateway) Confirm(tx *gorm.DB, id uuid.UUID, by string) error {
	return g.judge(tx, id, Confirmed, by, "", payments.StatePaid)
}

// Reject sends the receipt back with a remark; another one may be attached.
func (g *Gateway) Reject(tx *gorm.DB, id uuid.UUID, by, remark string) error {
	return g.judge(tx, id, Rejected, by, remark, payments.StateRefused)
}

// GiveUp takes the receipt out of the payment and closes the payment: the payer does not file and wants the fee back (S7.1).
func (g *Gateway) GiveUp(tx *gorm.DB, id uuid.UUID) error {
	return g.judge(tx, id, GivenUp, "", "", payments.StateVoided)
}

// Release frees a receipt that was given up, because no certificate came of it: its document may pay again.
func (g *Gateway) Release(tx *gorm.DB, id uuid.UUID, by, remark string) error {
	done := tx.Model(&Receipt{}).Where("id = ? AND state = ?", id, GivenUp).
		Updates(map[string]any{"state": Rejected, "judged_at": g.now(), "judged_by": by, "remark": remark})
	if done.Error != nil {
		return fmt.Errorf("bankreceipt: free a receipt: %w", done.Error)
	}
	if done.RowsAffected == 0 {
		return payments.ErrReceiptJudged
	}
	return nil
}

func (g *Gateway) judge(tx *gorm.DB, id uuid.UUID, to State, by, remark string, state payments.PaymentState) error {
	r, err := g.Receipt(tx, id)
	if err != nil {
		return err
	}
	o, err := find(locked(tx), r.OrderID.String())
	if err != nil {
		return err
	}
	changes := map[string]any{"state": to, "remark": remark}
	if to != GivenUp {
		changes["judged_at"], changes["judged_by"] = g.now(), by
	}
	done := tx.Model(&Receipt{}).Where("id = ? AND state = ?", id, Waiting).Updates(changes)
	if done.Error != nil {
		return fmt.Errorf("bankreceipt: judge a receipt: %w", done.Error)
	}
	if done.RowsAffected == 0 {
		return payments.ErrReceiptJudged
	}
	return move(tx, &o, state)
}

// Receipt reads one receipt with its scan. ErrReceiptNotFound.
func (g *Gateway) Receipt(db *gorm.DB, id uuid.UUID) (Receipt, error) {
	var r Receipt
	err := db.Where("id = ?", id).Take(&r).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Receipt{}, payments.ErrReceiptNotFound
	}
	if err != nil {
		return Receipt{}, fmt.Errorf("bankreceipt: read a receipt: %w", err)
	}
	return r, nil
}

// Latest reads the receipt attached last to an order, without its scan, or nil.
func (g *Gateway) Latest(ctx context.Context, paymentID string) (*Receipt, error) {
	return latest(g.db.WithContext(ctx).Omit("content"), "order_id = ?", paymentID)
}

// receiptIn reads the receipt of a state of an order, with its scan, or nil.
func receiptIn(db *gorm.DB, orderID uuid.UUID, state State) (*Receipt, error) {
	return latest(db, "order_id = ? AND state = ?", orderID, state)
}

func latest(db *gorm.DB, where string, args ...any) (*Receipt, error) {
	var found []Receipt
	if err := db.Where(where, args...).Order("attached_at DESC, id DESC").Limit(1).Find(&found).Error; err != nil {
		return nil, unavailable(err)
	}
	if len(found) == 0 {
		return nil, nil
	}
	return &found[0], nil
}

// Twin is another receipt that looks like the same payment document, by the invoice for which it was attached.
type Twin struct {
	InvoiceID uuid.UUID
	SameFile  bool // its scan is the same file; else number, day and amount agree, and the bank's name is another
	// AttachedAt is when it was attached first, Earlier that this was before the receipt that it looks like: of two copies the first may be the genuine one.
	AttachedAt time.Time
	Earlier    bool
}

// Alike tells, of each receipt, those that were attached for another invoice and look like the same document: with the same file, or with the same number,
// day and amount under another bank's name. A name can be spelt in more ways than the table knows, so an official should look at both. Rejected ones do
// not count.
func (g *Gateway) Alike(ctx context.Context, ids ...uuid.UUID) (map[uuid.UUID][]Twin, error) {
	var rows []struct {
		ID uuid.UUID
		Twin
	}
	err := g.db.WithContext(ctx).Raw(`SELECT r.id, o.reference AS invoice_id, bool_or(other.content_digest = r.content_digest) AS same_file,
			min(other.attached_at) AS attached_at, (min(other.attached_at), min(other.id::text)) < (r.attached_at, r.id::text) AS earlier
		FROM bank_receipts r JOIN bank_receipts other ON other.content_digest = r.content_digest
				OR other.number_key = r.number_key AND other.paid_on = r.paid_on AND other.amount_tiyn = r.amount_tiyn
			JOIN receipt_orders o ON o.id = other.order_id
		WHERE r.id IN ? AND other.order_id <> r.order_id AND other.state <> ? GROUP BY r.id, o.reference ORDER BY r.id, min(other.attached_at), o.reference`,
		append(ids, uuid.Nil), Rejected).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("bankreceipt: look for receipts that are alike: %w", err)
	}
	alike := map[uuid.UUID][]Twin{}
	for _, r := range rows {
		alike[r.ID] = append(alike[r.ID], r.Twin)
	}
	return alike, nil
}
