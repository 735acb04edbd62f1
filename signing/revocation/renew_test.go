package revocation_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"elicensing/signing/revocation"
)

// A list serves until its nextUpdate; after ListAge the authority is asked for a newer one, and whatever
// comes that is not one leaves the good list in its place.
func TestAGoodListIsKeptUntilABetterOneComes(t *testing.T) {
	s := listsOnly(t)
	var warned []error
	c := s.client(t)
	c.ListAge, c.Warn = time.Hour, func(err error) { warned = append(warned, err) }
	person, other := s.ca.issue(t, 7, nil), s.ca.issue(t, 8, nil)
	stranger, another := newAuthority(t, "Authority", "stranger"), newAuthority(t, "Another", "authority")
	s.set(func(s *stand) { s.onCRL = reply(s.ca.list(t, listing{number: 5, revoked: map[int64]int{8: 1}})) })
	expect := func(what string, at time.Time, downloads int, revoked bool) {
		t.Helper()
		answer, err := check(t, c, person, s.ca, at)
		if err != nil || (answer.Status == revocation.Revoked) != revoked || s.count("/crl") != downloads {
			t.Errorf("%s: %q %v after %d downloads", what, answer.Status, err, s.count("/crl"))
		}
		if answer, err := check(t, c, other, s.ca, at); err != nil || answer.Status != revocation.Revoked {
			t.Errorf("%s: the revoked one: %q %v", what, answer.Status, err)
		}
	}
	at := t0
	expect("first", at, 1, false)
	expect("within its age", at.Add(59*time.Minute), 1, false)
	newer := s.ca.list(t, listing{number: 6, at: t0, revoked: map[int64]int{8: 1}})
	downloads := 1
	for name, answer := range map[string]http.HandlerFunc{
		"silence":            silent,
		"cut off in the air": truncated(newer),
		"cut off":            reply(newer[:len(newer)-9]),
		"wrong key":          reply(stranger.list(t, listing{number: 7})),
		"an older one":       reply(s.ca.list(t, listing{number: 4})),
		"stale":              reply(s.ca.list(t, listing{number: 9, at: t0.AddDate(0, 0, -2), until: t0.AddDate(0, 0, -1)})),
		"another name":       reply(another.list(t, listing{number: 7})),
		"from the future":    reply(s.ca.list(t, listing{number: 9, at: t0.AddDate(0, 0, 3), until: t0.AddDate(0, 0, 30)})),
		"a delta":            reply(s.ca.list(t, listing{number: 8, base: 5})),
	} {
		s.set(func(s *stand) { s.onCRL = answer })
		at, downloads, warned = at.Add(2*time.Hour), downloads+1, nil
		expect(name, at, downloads, false)
		expect(name+", a moment later", at.Add(10*time.Second), downloads, false)
		if len(warned) != 1 {
			t.Errorf("%s: warned of %v", name, warned)
		}
	}
	s.set(func(s *stand) { s.onCRL = silent })
	if _, err := check(t, c, person, s.ca, t0.AddDate(0, 0, 8)); !errors.Is(err, revocation.ErrUnavailable) {
		t.Errorf("past its nextUpdate: %v", err)
	}
	s.set(func(s *stand) {
		s.onCRL = reply(s.ca.list(t, listing{number: 6, until: t0.AddDate(0, 0, 20), revoked: map[int64]int{7: 1, 8: 1}}))
	})
	expect("a newer one", t0.AddDate(0, 0, 8), downloads+2, true)
}

// A list of 20 MB that is no good is not downloaded again for each question, a silent authority is asked again.
func TestWhatIsNoGoodIsNotAskedForAgainAtOnce(t *testing.T) {
	s := listsOnly(t)
	c := s.client(t)
	person := s.ca.issue(t, 7, nil)
	for _, step := range []struct {
		answer http.HandlerFunc
		at     time.Duration
		asked  int
		ok     bool
	}{
		{silent, 0, 1, false},
		{silent, 0, 2, false},
		{reply(newAuthority(t, "Authority", "stranger").list(t, listing{})), 0, 3, false},
		{reply(s.ca.list(t, listing{})), 29 * time.Second, 3, false},
		{reply(s.ca.list(t, listing{})), 30 * time.Second, 4, true},
	} {
		s.set(func(s *stand) { s.onCRL = step.answer })
		if _, err := check(t, c, person, s.ca, t0.Add(step.at)); (err == nil) != step.ok || s.count("/crl") != step.asked {
			t.Errorf("after %s: %v, asked %d times", step.at, err, s.count("/crl"))
		}
	}
}

// ETag and Last-Modified of a list are sent back, so that 20 MB come only when they changed.
func TestAnUnchangedListIsNotSentAgain(t *testing.T) {
	s := listsOnly(t)
	der := s.ca.list(t, listing{})
	var conditions []string
	s.set(func(s *stand) {
		s.onCRL = func(w http.ResponseWriter, r *http.Request) {
			conditions = append(conditions, r.Header.Get("If-None-Match")+"|"+r.Header.Get("If-Modified-Since"))
			w.Header().Set("ETag", `"one"`)
			w.Header().Set("Last-Modified", "Thu, 15 Jan 2026 10:00:00 GMT")
			if r.Header.Get("If-None-Match") == `"one"` {
				w.WriteHeader(http.StatusNotModified)
				return
			}
			_, _ = w.Write(der)
		}
	})
	c := s.client(t)
	person := s.ca.issue(t, 7, nil)
	for _, at := range []time.Duration{0, 2 * time.Hour, 2*time.Hour + time.Minute, 4 * time.Hour, 8 * 24 * time.Hour} {
		_, err := check(t, c, person, s.ca, t0.Add(at))
		if (err == nil) != (at < 24*time.Hour) {
			t.Errorf("after %s: %v", at, err)
		}
	}
	want := []string{"|", `"one"|Thu, 15 Jan 2026 10:00:00 GMT`, `"one"|Thu, 15 Jan 2026 10:00:00 GMT`, "|"} // the last: it ran out
	if fmt.Sprint(conditions) != fmt.Sprint(want) {
		t.Errorf("%q", conditions)
	}
}

// waiting is a context that tells when somebody begins to wait on it.
type waiting struct {
	context.Context
	begun func()
}

func (w waiting) Done() <-chan struct{} {
	w.begun()
	return w.Context.Done()
}

// Everybody who needs a list while it comes waits for that one download; who gives up does not spoil it.
func TestOneDownloadAtATime(t *testing.T) {
	s := listsOnly(t)
	release := make(chan struct{})
	der := s.ca.list(t, listing{})
	s.set(func(s *stand) {
		s.onCRL = func(w http.ResponseWriter, _ *http.Request) {
			<-release
			_, _ = w.Write(der)
		}
	})
	source := s.source(t)
	source.OCSP = "" // so that nobody waits for anything but the list
	c := &revocation.Client{Sources: []revocation.Source{source}}
	person, issuer := ours(t, s.ca.issue(t, 7, nil)), ours(t, s.ca)
	const callers = 50
	var gone, all, first, begun sync.WaitGroup
	first.Add(1)
	begun.Add(callers)
	impatient, giveUp := context.WithCancel(t.Context())
	gone.Go(func() {
		ctx := waiting{impatient, sync.OnceFunc(first.Done)}
		if answer, err := c.Check(ctx, person, issuer, t0); !errors.Is(err, context.Canceled) {
			t.Errorf("gave up: %q %v", answer.Status, err)
		}
	})
	first.Wait() // the download is that of who gives up
	for range callers {
		all.Go(func() {
			ctx := waiting{t.Context(), sync.OnceFunc(begun.Done)}
			if answer, err := c.Check(ctx, person, issuer, t0); err != nil || answer.Status != revocation.Good {
				t.Errorf("%q %v", answer.Status, err)
			}
		})
	}
	begun.Wait()
	giveUp()
	gone.Wait() // with the list there too, either might be chosen
	close(release)
	all.Wait()
	if s.count("/crl") != 1 {
		t.Errorf("%d downloads", s.count("/crl"))
	}
}

// A delta adds and removes; without it, or when it does not fit, the complete list speaks alone.
func TestDeltaLists(t *testing.T) {
	s := listsOnly(t)
	s.set(func(s *stand) {
		s.onCRL = reply(s.ca.list(t, listing{number: 5, revoked: map[int64]int{8: 6}}))
		s.onMore = reply(s.ca.list(t, listing{number: 6, base: 5, revoked: map[int64]int{7: 1, 8: 8}})) // 8 is released
	})
	withDelta := func() *revocation.Client {
		source := s.source(t)
		source.Delta = s.base + "/delta"
		return &revocation.Client{Sources: []revocation.Source{source}}
	}
	statuses := func(c *revocation.Client) string {
		text := ""
		for _, serial := range []int64{7, 8, 9} {
			answer, err := check(t, c, s.ca.issue(t, serial, nil), s.ca, t0)
			if err != nil {
				t.Error(err)
			}
			text += fmt.Sprintf("%s/%d ", answer.Status, len(answer.CRLs))
		}
		return text
	}
	if got := statuses(withDelta()); got != "revoked/2 good/2 good/2 " {
		t.Errorf("with the delta: %s", got)
	}
	stranger := newAuthority(t, "Authority", "stranger")
	for name, answer := range map[string]http.HandlerFunc{
		"silent":             silent,
		"forged":             reply(stranger.list(t, listing{number: 6, base: 5, revoked: map[int64]int{8: 8}})),
		"of another base":    reply(s.ca.list(t, listing{number: 9, base: 6, revoked: map[int64]int{8: 8}})),
		"complete":           reply(s.ca.list(t, listing{number: 9})),
		"out of its time":    reply(s.ca.list(t, listing{number: 6, base: 5, at: t0.AddDate(0, 0, -2), until: t0.AddDate(0, 0, -1), revoked: map[int64]int{8: 8}})),
		"cut off in the air": truncated(s.ca.list(t, listing{number: 6, base: 5, revoked: map[int64]int{8: 8}})),
	} {
		s.set(func(s *stand) { s.onMore = answer })
		c, before := withDelta(), s.count("/delta")
		if got := statuses(c); got != "good/1 revoked/1 good/1 " {
			t.Errorf("%s: %s", name, got)
		}
		if tries := s.count("/delta") - before; tries != 1 {
			t.Errorf("%s: asked for %d times", name, tries)
		}
	}
}

func TestRefreshFetchesBeforeAnybodyWaits(t *testing.T) {
	s := listsOnly(t)
	c := s.client(t)
	if err := c.Refresh(t.Context(), t0); err == nil {
		t.Error("a silent authority goes unnoticed")
	}
	s.set(func(s *stand) { s.onCRL = reply(s.ca.list(t, listing{})) })
	if err := c.Refresh(t.Context(), t0); err != nil {
		t.Error(err)
	}
	s.set(func(s *stand) { s.onCRL = silent })
	if _, err := check(t, c, s.ca.issue(t, 7, nil), s.ca, t0); err != nil {
		t.Error(err)
	}
}
