package servertest

import (
	"io"
	"net/http"
	"sync"
)

// Notify lets the gateway settle what is due and send the notices that wait, one after the other.
func (p *Portal) Notify() {
	p.T.Helper()
	if err := p.Gateway.Tick(p.T.Context()); err != nil {
		p.T.Fatal(err)
	}
}

// NotifyAtOnce has the notices that wait arrive in one moment, and gives the portal's answers to them. The gateway does not learn of these, and
// sends them again when it is time.
func (p *Portal) NotifyAtOnce() (statuses []int) {
	p.T.Helper()
	p.post.held = true
	_ = p.Gateway.Tick(p.T.Context()) // nothing was taken, it says
	held := p.post.lies
	p.post.held, p.post.lies = false, nil
	sender := p.Anonymous()
	statuses = make([]int, len(held))
	var all sync.WaitGroup
	for i, notice := range held {
		options := []Option{Header("Idempotency-Key", "")}
		for name := range notice.header {
			options = append(options, Header(name, notice.header.Get(name)))
		}
		all.Go(func() { statuses[i] = sender.Do(http.MethodPost, notice.path, notice.body, options...).Status })
	}
	all.Wait()
	return statuses
}

// post carries the gateway's notices to the portal; while it is held, they lie there.
type post struct {
	held bool
	lies []letter
}

type letter struct {
	path   string
	header http.Header
	body   []byte
}

// RoundTrip implements http.RoundTripper.
func (p *post) RoundTrip(r *http.Request) (*http.Response, error) {
	if !p.held {
		return http.DefaultTransport.RoundTrip(r)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	p.lies = append(p.lies, letter{r.URL.Path, r.Header, body})
	return &http.Response{StatusCode: http.StatusServiceUnavailable, Body: http.NoBody, Request: r}, r.Body.Close()
}
