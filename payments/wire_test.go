package payments_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"
)

type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) { c.set(c.Now().Add(d)) }

func (c *clock) set(to time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = to
}

// wire is the network to the gateway, which can break.
type wire struct {
	to http.RoundTripper

	mu       sync.Mutex
	down     bool // nothing gets through
	deaf     int  // so many answers are lost after the gateway did its work
	babble   int  // so many answers are nonsense, after the gateway did its work
	requests []string

	says map[string]string // answers of the gateway about payments, instead of its own

	meddleBefore func(*http.Request) // just before the gateway is asked
	meddle       func(*http.Request) // when it has done its work, before we know
}

// inProcess is a network without sockets: quick, and the same on every machine.
type inProcess http.HandlerFunc

func (h inProcess) RoundTrip(r *http.Request) (response *http.Response, err error) {
	defer func() { // as a server does when a handler hangs up
		if gone := recover(); gone == http.ErrAbortHandler {
			response, err = nil, errBroken
		} else if gone != nil {
			panic(gone)
		}
	}()
	recorder := httptest.NewRecorder()
	if r.Body == nil {
		r.Body = http.NoBody
	}
	r.RequestURI = r.URL.RequestURI()
	h(recorder, r)
	return recorder.Result(), nil
}

var errBroken = errors.New("the wire is broken")

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	w.mu.Lock()
	w.requests = append(w.requests, r.Method+" "+r.URL.Path)
	down, before, meddle := w.down, w.meddleBefore, w.meddle
	said, instead := w.says[r.Method+" "+r.URL.Path]
	deaf := w.deaf > 0
	if deaf {
		w.deaf--
	}
	babble := w.babble > 0
	if babble {
		w.babble--
	}
	w.mu.Unlock()
	if down {
		return nil, errBroken
	}
	if before != nil {
		before(r)
	}
	response := &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(said)), Request: r}
	if !instead {
		var err error
		if response, err = w.to.RoundTrip(r); err != nil {
			return nil, err
		}
	}
	if meddle != nil {
		meddle(r)
	}
	if babble {
		response.Body = io.NopCloser(strings.NewReader("<html>"))
		response.StatusCode = http.StatusOK
	}
	if deaf {
		return nil, errors.Join(errBroken, response.Body.Close())
	}
	return response, nil
}

func (w *wire) set(change func(w *wire)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	change(w)
}
