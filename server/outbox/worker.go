package outbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"gorm.io/gorm"

	"elicensing/server/fault"
)

// Handler does what a message asks for. An error means: later again.
type Handler func(ctx context.Context, m Message) error

// Worker hands waiting messages to the handlers of their kinds. Any number of workers may run on one database: a message is leased to one
// of them, and comes back when the lease runs out, for instance because the machine died.
type Worker struct {
	DB       *gorm.DB
	Log      *slog.Logger
	Handlers map[string]Handler // kinds without a handler are left to other copies of the program

	Poll        time.Duration // between two looks when nothing waits; 1 s when zero
	Lease       time.Duration // a handler must be done within half of it; 2 min when zero
	MaxAttempts int           // then the message is given up and stays for a person to see; 150 when zero, some five days (RFC 5321 §4.5.4.1)
}

// Hopeless marks an error that no later attempt can mend: the message is given up at once.
func Hopeless(err error) error { return hopeless{err} }

type hopeless struct{ error }

func (h hopeless) Unwrap() error { return h.error }

// batch is how many messages are leased at once; they are handled one after the other.
const batch = 8

// Run works until the context ends, and then finishes the message in hand.
func (w *Worker) Run(ctx context.Context) error {
	poll := orElse(w.Poll, time.Second)
	wait := time.NewTimer(0)
	defer wait.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-wait.C:
		}
		n, err := w.RunOnce(ctx)
		switch {
		case err != nil && ctx.Err() == nil:
			w.Log.ErrorContext(ctx, "outbox cannot be read", slog.String("error", reason(err)))
			wait.Reset(5 * poll)
		case n > 0:
			wait.Reset(0)
		default:
			wait.Reset(poll)
		}
	}
}

// RunOnce handles the messages that are due now, one batch of them, and tells how many it took.
func (w *Worker) RunOnce(ctx context.Context) (int, error) {
	lease := orElse(w.Lease, 2*time.Minute)
	messages, err := w.take(ctx, lease)
	if err != nil {
		return 0, err
	}
	for i, m := range messages {
		if ctx.Err() != nil {
			return i, w.giveBack(context.WithoutCancel(ctx), messages[i:])
		}
		if err := w.handle(context.WithoutCancel(ctx), m, lease/(2*batch)); err != nil {
			return i, err
		}
	}
	return len(messages), nil
}

// take leases messages: whoever takes one moves its next attempt behind the lease in the same statement.
func (w *Worker) take(ctx context.Context, lease time.Duration) ([]Message, error) {
	kinds := make([]string, 0, len(w.Handlers))
	for kind := range w.Handlers {
		kinds = append(kinds, kind)
	}
	if len(kinds) == 0 {
		return nil, errors.New("outbox: a worker without handlers")
	}
	var taken []Message
	err := w.DB.WithContext(ctx).Raw(`
		UPDATE outbox SET attempts = attempts + 1, next_attempt_at = clock_timestamp() + make_interval(secs => ?)
		WHERE id IN (
			SELECT id FROM outbox
			WHERE done_at IS NULL AND given_up_at IS NULL AND next_attempt_at <= clock_timestamp() AND kind IN ?
			ORDER BY next_attempt_at, id LIMIT ? FOR UPDATE SKIP LOCKED)
		RETURNING id, kind, payload, attempts`, lease.Seconds(), kinds, batch).Scan(&taken).Error
	if err != nil {
		return nil, fmt.Errorf("outbox: take: %w", err)
	}
	return taken, nil
}

func (w *Worker) handle(ctx context.Context, m Message, limit time.Duration) error {
	bounded, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	failure := w.call(bounded, m)
	if failure == nil {
		return w.settle(ctx, m, `done_at = clock_timestamp(), last_error = ''`)
	}
	attrs := []any{slog.Int64("message", m.ID), slog.String("kind", m.Kind), slog.Int("attempt", m.Attempts), slog.String("error", reason(failure))}
	var never hopeless
	if errors.As(failure, &never) || m.Attempts >= orElse(w.MaxAttempts, 150) {
		w.Log.ErrorContext(ctx, "outbox message given up", attrs...)
		return w.settle(ctx, m, `given_up_at = clock_timestamp(), last_error = ?`, reason(failure))
	}
	w.Log.WarnContext(ctx, "outbox message put off", attrs...)
	return w.settle(ctx, m, `next_attempt_at = clock_timestamp() + make_interval(secs => ?), last_error = ?`,
		backOff(m.Attempts).Seconds(), reason(failure))
}

// call makes an error of a panic: one bad message must not stop the others.
func (w *Worker) call(ctx context.Context, m Message) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("panic: %v", v)
		}
	}()
	return w.Handlers[m.Kind](ctx, m)
}

// settle writes the outcome, unless the lease ran out and another worker has taken the message since.
func (w *Worker) settle(ctx context.Context, m Message, set string, args ...any) error {
	args = append(args, m.ID, m.Attempts)
	err := w.DB.WithContext(ctx).Exec(`UPDATE outbox SET `+set+` WHERE id = ? AND attempts = ? AND done_at IS NULL AND given_up_at IS NULL`, args...).Error
	if err != nil {
		return fmt.Errorf("outbox: settle: %w", err)
	}
	return nil
}

// giveBack returns leased messages untried.
func (w *Worker) giveBack(ctx context.Context, messages []Message) error {
	for _, m := range messages {
		if err := w.settle(ctx, m, `attempts = attempts - 1, next_attempt_at = clock_timestamp()`); err != nil {
			return err
		}
	}
	return nil
}

// backOff doubles from 2 s to 1 h, with a jitter so that what failed together does not come back together.
func backOff(attempt int) time.Duration {
	wait := min(time.Second<<min(attempt, 12), time.Hour)
	return wait/2 + rand.N(wait/2)
}

// reason is what is kept of an error: the code of a fault, else its beginning.
func reason(err error) string {
	if f, ok := fault.From(err); ok {
		return f.Error()
	}
	text := []rune(err.Error())
	return string(text[:min(len(text), 300)])
}

func orElse[T comparable](v, otherwise T) T {
	var zero T
	if v == zero {
		return otherwise
	}
	return v
}

// decode reads a payload.
func decode[T any](m Message) (T, error) {
	var v T
	if err := json.Unmarshal(m.Payload, &v); err != nil {
		return v, fmt.Errorf("outbox: payload of message %d: %w", m.ID, err)
	}
	return v, nil
}
