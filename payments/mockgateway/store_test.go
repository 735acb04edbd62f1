package mockgateway

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"elicensing/payments"
	"elicensing/payments/egov"
)

// A notice is told until it is taken: the same bytes, a fresh signature, longer waits.
func TestNoticeIsRepeatedUntilTaken(t *testing.T) {
	s := newStage(t)
	s.answers(http.StatusServiceUnavailable)
	s.created()
	first, err := s.told()
	if len(first) != 1 || err == nil {
		t.Fatalf("%d notices, %v", len(first), err)
	}
	for _, wait := range []time.Duration{time.Second, 2 * time.Second, 4 * time.Second} {
		s.advance(wait - time.Millisecond)
		if early, _ := s.told(); len(early) != 0 {
			t.Fatalf("told again before %s", wait)
		}
		s.advance(time.Millisecond)
		again, _ := s.told()
		if len(again) != 1 || again[0].body != first[0].body {
			t.Fatalf("after %s: %v", wait, again)
		}
		if again[0].header.Get(egov.HeaderTimestamp) == first[0].header.Get(egov.HeaderTimestamp) {
			t.Fatal("an old time stamp")
		}
	}
	s.answers(http.StatusOK)
	s.advance(time.Hour)
	if last, err := s.told(); len(last) != 1 || err != nil {
		t.Fatalf("%v, %v", last, err)
	}
	s.advance(time.Hour)
	if after, _ := s.told(); len(after) != 0 {
		t.Fatal("told after it was taken")
	}
}

func TestWaitIsBounded(t *testing.T) {
	s := newStage(t)
	s.answers(http.StatusBadGateway)
	s.created()
	for range 80 { // a shift of 80 would overflow
		s.advance(lastWait)
		if got, _ := s.told(); len(got) != 1 {
			t.Fatal("given up")
		}
	}
}

// I28, I30: a restart loses neither a payment nor a notice, nor tells a taken one again.
func TestRestartForgetsNothing(t *testing.T) {
	s := newStage(t)
	p := s.created()
	taken, err := s.told()
	must(t, err)
	s.answers(http.StatusInternalServerError)
	s.press(p.PageURL, url.Values{"action": {"later"}})
	pending, _ := s.told()
	s.restart()
	if got := s.state(p); got != payments.StatePending {
		t.Fatalf("after the restart it is %s", got)
	}
	if status, again := s.ask(http.MethodPost, "/api/payments", order()); status != http.StatusOK || again.ID != p.ID || again.PageURL != p.PageURL {
		t.Fatalf("%d: another payment after the restart", status)
	}
	s.answers(http.StatusOK)
	s.advance(time.Minute)
	got, err := s.told() // what was not taken, and the confirmation that fell due meanwhile
	must(t, err)
	if len(taken) != 1 || len(pending) != 1 || len(got) != 2 || got[0].body != pending[0].body || !strings.Contains(got[1].body, `"state":"paid"`) {
		t.Fatalf("told %v", got)
	}
}

func TestHalfALineOfACrashIsCutOff(t *testing.T) {
	s := newStage(t)
	p := s.created()
	must(t, s.gateway.Close())
	path := filepath.Join(s.config.Dir, storeFile)
	whole, err := os.ReadFile(path)
	must(t, err)
	must(t, os.WriteFile(path, append(whole, []byte(`{"payment":{"id":"`+strings.Repeat("x", 8<<10))...), 0o600))
	s.start()
	if now, err := os.ReadFile(path); err != nil || string(now) != string(whole) {
		t.Fatalf("%d bytes instead of %d, %v", len(now), len(whole), err)
	}
	s.press(p.PageURL, byCard("succeeds"))
	s.restart()
	if got := s.state(p); got != payments.StatePaid {
		t.Fatal(got)
	}
}

func TestDamagedStorageIsNotGuessedAt(t *testing.T) {
	s := newStage(t)
	s.created()
	must(t, s.gateway.Close())
	path := filepath.Join(s.config.Dir, storeFile)
	whole, err := os.ReadFile(path)
	must(t, err)
	must(t, os.WriteFile(path, append([]byte("rubbish\n"), whole...), 0o600))
	if g, err := New(s.config); err == nil || !strings.Contains(err.Error(), "line 1") {
		t.Errorf("%v, %v", g, err)
	}
	must(t, os.WriteFile(path, whole, 0o600))
	s.start()
}

func TestFolderBelongsToOneCopy(t *testing.T) {
	s := newStage(t)
	if g, err := New(s.config); err == nil || !strings.Contains(err.Error(), "belongs to a running copy") {
		t.Fatalf("%v, %v", g, err)
	}
}

// I29: what cannot be written has not happened, and nobody is told of it.
func TestFullDiskTakesNoMoney(t *testing.T) {
	s := newStage(t)
	p := s.created()
	if _, err := s.told(); err != nil {
		t.Fatal(err)
	}
	good := s.gateway.store
	use := func(st *store) {
		s.gateway.mu.Lock()
		defer s.gateway.mu.Unlock()
		s.gateway.store = st
	}
	broken, err := os.Open(filepath.Join(s.config.Dir, storeFile)) // for reading only
	must(t, err)
	use(&store{file: broken, size: good.size})
	if status, _, _ := s.press(p.PageURL, byCard("succeeds")); status != http.StatusInternalServerError {
		t.Errorf("%d", status)
	}
	if status, _ := s.ask(http.MethodPost, "/api/payments/"+p.ID+"/void", nil); status != http.StatusInternalServerError {
		t.Errorf("void: %d", status)
	}
	if got := s.state(p); got != payments.StateCreated {
		t.Errorf("it became %s", got)
	}
	if told, err := s.told(); len(told) != 0 || err != nil {
		t.Errorf("told %v, %v", told, err)
	}
	must(t, broken.Close())
	use(good)
	if status, _, _ := s.press(p.PageURL, byCard("succeeds")); status != http.StatusSeeOther {
		t.Errorf("with room again: %d", status)
	}
}

func TestConfigurationIsCheckedAtOnce(t *testing.T) {
	_, err := New(Config{PublicURL: "x", ReturnOrigins: []string{"http://portal.test/path"}})
	for _, part := range []string{"no folder", "no clock", "keys of requests", "key of notices", "address for notices", "address of the pages", "return origin"} {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("%q is missing in: %v", part, err)
		}
	}
}

// Run serves, tells the portal by itself and ends when asked to.
func TestRunServesAndStops(t *testing.T) {
	s := newStage(t)
	heardOne := make(chan struct{}, 8)
	portal := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.hear(w, r)
		heardOne <- struct{}{}
	})
	s.config.Transport = roundTrip(portal)
	s.config.Addr = "127.0.0.1:0"
	s.config.Dir = t.TempDir()
	running, err := New(s.config)
	must(t, err)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- running.Run(ctx) }()
	if _, _, err := running.create(order()); err != nil {
		t.Fatal(err)
	}
	<-heardOne
	stop()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	again, err := New(s.config) // the folder is free again
	must(t, err)
	must(t, again.Close())
}
