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
// not taken is due again later and holds up no other.
func (g *Gateway) deliverDue(ctx context.Context) error {
	var failed []error
	for _, o := range g.dueNotices() {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		err := g.send(ctx, o.notice)
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

func (g *Gateway) dueNotices() []outgoing {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.config.Now()
	var due []outgoing
	for _, o := range g.outbox {
		if !now.Before(o.due) {
			due = append(due, *o)
		}
	}
	slices.SortFunc(due, func(a, b outgoing) int { return cmp.Compare(a.position, b.position) })
	return due
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

func (g *Gateway) send(ctx context.Context, n notice) (err error) {
	body := []byte(n.Body)
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, g.config.NoticeURL, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("make the request: %w", err)
	}
	request.Header.Set("Content-Type", "application/json")
	egov.Sign(request.Header, g.config.Keys.Notice, g.config.Now(), egov.SubjectNotice, body)
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
