package mockgateway

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"elicensing/payments/egov"
)

// notice is what the portal is to be told. Its bytes are fixed when it is made: each
// repetition carries the same ones under a new time stamp and signature.
type notice struct {
	ID   string `json:"id"`
	Body string `json:"body"`
}

// outgoing is a notice that was not taken yet.
type outgoing struct {
	notice   notice
	position int
	attempts int
	due      time.Time
}

// The wait between two attempts doubles from the first to the last of these.
const (
	firstWait = time.Second
	lastWait  = time.Minute
)

// deliverDue sends the notices that are due, the oldest first, each once. One that is
// not taken is due again later and holds up no other. The switchboard may spoil any of it.
func (g *Gateway) deliverDue(ctx context.Context) error {
	due, faults := g.dueNotices()
	var failed []error
	for _, o := range due {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		err := g.deliver(ctx, o.notice, faults)
		if err == nil {
			err = g.delivered(o.notice.ID)
		} else {
			g.postpone(o.notice.ID)
		}
		if err != nil {
			failed = append(failed, fmt.Errorf("notice %s: %w", o.notice.ID, err))
		}
	}
	return errors.Join(failed...)
}

func (g *Gateway) deliver(ctx context.Context, n notice, faults Faults) error {
	key := g.config.Keys.Notice
	if faults.NextKey && g.config.Keys.Next.ID != "" {
		key = g.config.Keys.Next
	}
	if faults.Drop {
		return nil
	}
	if faults.Forge {
		if err := g.sendForged(ctx, n); err != nil {
			return err
		}
	}
	err := g.send(ctx, n.Body, key)
	if err == nil && faults.Double {
		err = g.send(ctx, n.Body, key)
	}
	return err
}

func (g *Gateway) dueNotices() ([]outgoing, Faults) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.faults.Silent {
		return nil, g.faults
	}
	now := g.config.Now().Add(-time.Duration(g.faults.DelaySeconds) * time.Second)
	var due []outgoing
	for _, o := range g.outbox {
		if !now.Before(o.due) {
			due = append(due, *o)
		}
	}
	slices.SortFunc(due, func(a, b outgoing) int { return cmp.Compare(a.position, b.position) })
	if g.faults.Reorder {
		slices.Reverse(due)
	}
	return due, g.faults
}

func (g *Gateway) delivered(id string) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	r := record{Delivered: id}
	if err := g.store.append(r); err != nil {
		return err // it is sent again: the portal knows it by its id
	}
	g.replay(r)
	return nil
}

func (g *Gateway) postpone(id string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	o := g.outbox[id]
	if o == nil {
		return
	}
	wait := lastWait
	if o.attempts < 6 {
		wait = min(firstWait<<o.attempts, lastWait)
	}
	o.attempts++
	o.due = g.config.Now().Add(wait)
}

func (g *Gateway) send(ctx context.Context, text string, key egov.Key) (err error) {
	body := []byte(text)
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, g.config.NoticeURL, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("make the request: %w", err)
	}
	request.Header.Set("Content-Type", "application/json")
	egov.Sign(request.Header, key, g.config.Now(), egov.SubjectNotice, body)
	response, err := g.client.Do(request)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, response.Body.Close()) }()
	if _, err := io.Copy(io.Discard, io.LimitReader(response.Body, egov.MaxMessage)); err != nil {
		return fmt.Errorf("read the answer: %w", err)
	}
	if response.StatusCode < 200 || response.StatusCode > 299 {
		return fmt.Errorf("the portal answered %d", response.StatusCode)
	}
	return nil
}
