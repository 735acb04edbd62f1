package application

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"elicensing/server/fault"
	"elicensing/server/identity"
)

// Press is one press of a button: the key that the client made for it and what was sent with it. The same press twice is one action with one
// answer, byte for byte.
type Press struct {
	Key  string
	What string // the route with its ids
	Body []byte
	// Reply makes the answer out of how things stand when the action is done. It reads through the service that it is given, which stands in
	// the transaction of the action.
	Reply func(at *Service) (PressAnswer, error)

	run *pressRun
}

// pressRun is one carrying out of a press.
type pressRun struct {
	actor  string
	claim  uuid.UUID
	answer *PressAnswer
}

// PressAnswer is what was answered to a press.
type PressAnswer struct {
	Status int
	Body   []byte
}

func (p Press) hash() []byte {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n", p.What)
	h.Write(p.Body)
	return h.Sum(nil)
}

type idempotencyKey struct {
	Actor       string `gorm:"primaryKey"`
	Key         string `gorm:"primaryKey"`
	RequestHash []byte
	CreatedAt   time.Time
	Claim       uuid.UUID
	ClaimedAt   time.Time
	Status      *int
	Answer      []byte
}

func (idempotencyKey) TableName() string { return "idempotency_keys" }

// pressLease is how long a press may be under way before it counts as cut short: longer than any request lives.
const pressLease = 2 * time.Minute

// Once carries out a press, unless it was carried out before: then the answer of that time is given. A key that was used for something else is
// refused, a press that is under way is told so. One that was cut short runs again: what it did not finish is not done, for the answer is
// written in the transaction of the action (settle). A refusal is not an answer: the same press may be tried again.
func (s *Service) Once(ctx context.Context, who identity.Actor, p Press, do func(p Press) error) (PressAnswer, error) {
	p.run = &pressRun{actor: who.Key(), claim: uuid.Must(uuid.NewV7())}
	db := s.DB.WithContext(ctx)
	before, err := s.claimPress(db, p)
	if err != nil {
		return PressAnswer{}, err
	}
	if before != nil {
		return *before, nil
	}
	err = do(p)
	if err == nil {
		err = s.settle(db, p) // what acts outside a transaction of ours is answered when the answer is known
	}
	if p.run.answer != nil && err == nil {
		return *p.run.answer, nil
	}
	// Also after the client has left: nothing was done under this key.
	free := s.DB.WithContext(context.WithoutCancel(ctx)).Where("actor = ? AND key = ? AND claim = ? AND status IS NULL", p.run.actor, p.Key, p.run.claim).Delete(&idempotencyKey{})
	if free.Error != nil {
		return PressAnswer{}, errors.Join(err, fmt.Errorf("free key: %w", free.Error))
	}
	return PressAnswer{}, err
}

// claimPress takes a press to carry it out, or gives the answer that it got before.
func (s *Service) claimPress(db *gorm.DB, p Press) (*PressAnswer, error) {
	now := s.Now()
	row := idempotencyKey{Actor: p.run.actor, Key: p.Key, RequestHash: p.hash(), CreatedAt: now, Claim: p.run.claim, ClaimedAt: now}
	made := db.Clauses(clause.OnConflict{DoNothing: true}).Create(&row)
	if made.Error != nil {
		return nil, fmt.Errorf("claim key: %w", made.Error)
	}
	if made.RowsAffected == 1 {
		return nil, nil
	}
	var found []idempotencyKey
	if err := db.Where("actor = ? AND key = ?", p.run.actor, p.Key).Limit(1).Find(&found).Error; err != nil {
		return nil, fmt.Errorf("read key: %w", err)
	}
	if len(found) == 0 {
		return nil, fault.Conflict("press_under_way") // refused this very moment: the client asks again
	}
	known := found[0]
	if string(known.RequestHash) != string(p.hash()) {
		return nil, fault.Invalid("idempotency_key_reused")
	}
	if known.Status != nil {
		return &PressAnswer{Status: *known.Status, Body: known.Answer}, nil
	}
	if now.Sub(known.ClaimedAt) < pressLease {
		return nil, fault.Conflict("press_under_way")
	}
	taken := db.Model(&idempotencyKey{}).Where("actor = ? AND key = ? AND claim = ? AND status IS NULL", p.run.actor, p.Key, known.Claim).
		Updates(map[string]any{"claim": p.run.claim, "claimed_at": now})
	if taken.Error != nil {
		return nil, fmt.Errorf("take key over: %w", taken.Error)
	}
	if taken.RowsAffected == 0 {
		return nil, fault.Conflict("press_under_way")
	}
	return nil, nil
}

// settle writes the answer of a press beside its key, in the transaction of its action: the two are done together or not at all. Who lost the
// press to another copy of it undoes all.
func (s *Service) settle(tx *gorm.DB, p Press) error {
	if p.run == nil || p.run.answer != nil {
		return nil
	}
	answer, err := p.Reply(s.in(tx))
	if err != nil {
		return err
	}
	done := tx.Model(&idempotencyKey{}).Where("actor = ? AND key = ? AND claim = ? AND status IS NULL", p.run.actor, p.Key, p.run.claim).
		Updates(map[string]any{"status": answer.Status, "answer": answer.Body})
	if done.Error != nil {
		return fmt.Errorf("keep answer: %w", done.Error)
	}
	if done.RowsAffected != 1 {
		return fault.Conflict("press_under_way")
	}
	p.run.answer = &answer
	return nil
}

// in is the service as it reads within a transaction.
func (s *Service) in(tx *gorm.DB) *Service {
	inside := *s
	inside.DB, inside.Payments, inside.receipts = tx, s.Payments.In(tx), s.receipts.In(tx)
	return &inside
}

// keepKeys is how long a press is remembered: far longer than any client repeats one.
const keepKeys = 7 * 24 * time.Hour

// SweepPresses forgets presses that nobody repeats any more; a job calls it.
func (s *Service) SweepPresses(ctx context.Context) error {
	if err := s.DB.WithContext(ctx).Where("created_at < ?", s.Now().Add(-keepKeys)).Delete(&idempotencyKey{}).Error; err != nil {
		return fmt.Errorf("sweep presses: %w", err)
	}
	return nil
}
