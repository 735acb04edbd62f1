package revocation_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"elicensing/signing/ocsp"
	"elicensing/signing/revocation"
)

// A good answer is used again only if the configuration says so, and never beyond its nextUpdate, MaxAge
// or ten minutes.
func TestGoodAnswersEnd(t *testing.T) {
	for name, tc := range map[string]struct {
		reuse, maxAge time.Duration
		until         time.Duration // nextUpdate; negative: none
		stillUsed     time.Duration
		askedAgain    time.Duration
	}{
		"not allowed":         {0, 0, time.Hour, -1, 0},
		"as configured":       {time.Minute, 0, time.Hour, 59 * time.Second, time.Minute},
		"ten minutes at most": {time.Hour, 0, time.Hour, 10*time.Minute - time.Second, 10 * time.Minute},
		"until nextUpdate":    {time.Hour, 0, 2 * time.Minute, 2*time.Minute - time.Second, 2 * time.Minute},
		"until MaxAge":        {time.Hour, 3 * time.Minute, time.Hour, 3*time.Minute - time.Second, 3 * time.Minute},
		"without nextUpdate":  {5 * time.Minute, 0, -1, 5*time.Minute - time.Second, 5 * time.Minute},
		"not before it came":  {5 * time.Minute, 0, time.Hour, 0, -time.Second},
	} {
		s := newStand(t)
		s.set(func(s *stand) {
			s.entry = func(e *ocsp.Entry) {
				e.NextUpdate = time.Time{}
				if tc.until >= 0 {
					e.NextUpdate = e.ThisUpdate.Add(tc.until)
				}
			}
		})
		c := s.client(t)
		c.Reuse, c.MaxAge = tc.reuse, tc.maxAge
		person := s.ca.issue(t, 7, nil)
		if _, err := check(t, c, person, s.ca, t0); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if tc.stillUsed >= 0 {
			if answer, err := check(t, c, person, s.ca, t0.Add(tc.stillUsed)); err != nil || answer.OCSP == nil || s.count("/ocsp") != 1 {
				t.Errorf("%s: after %s: %v, asked %d times", name, tc.stillUsed, err, s.count("/ocsp"))
			}
		}
		before := s.count("/ocsp")
		s.set(func(s *stand) { s.now = t0.Add(tc.askedAgain) })
		if _, err := check(t, c, person, s.ca, t0.Add(tc.askedAgain)); err != nil || s.count("/ocsp") != before+1 {
			t.Errorf("%s: after %s: %v, asked %d times", name, tc.askedAgain, err, s.count("/ocsp")-before)
		}
		if _, err := check(t, c, s.ca.issue(t, 8, nil), s.ca, t0.Add(tc.askedAgain)); err != nil || s.count("/ocsp") != before+2 {
			t.Errorf("%s: another certificate: %v", name, err)
		}
	}
}

// What was once learnt to be revoked stays so: neither silence, nor an older list, nor a later good answer
// undoes it.
func TestARevocationIsNeverLost(t *testing.T) {
	s := newStand(t)
	c := s.client(t)
	c.Reuse = 10 * time.Minute
	person := s.ca.issue(t, 7, nil)
	if answer, err := check(t, c, person, s.ca, t0); err != nil || answer.Status != revocation.Good {
		t.Fatalf("%q %v", answer.Status, err)
	}
	s.set(func(s *stand) {
		s.entry = func(e *ocsp.Entry) { e.Status, e.RevokedAt, e.Reason = ocsp.Revoked, t0, 1 }
		s.now = t0.Add(11 * time.Minute)
	})
	// In this order: each change stays for the ones after it.
	for _, tc := range []struct {
		what   string
		change func(*stand)
	}{
		{"as said", func(*stand) {}},
		{"silence", func(s *stand) { s.onOCSP = silent }},
		{"a list from before", func(s *stand) { s.onOCSP, s.onCRL = silent, reply(s.ca.list(t, listing{})) }},
		{"a good answer", func(s *stand) { s.onOCSP, s.entry = onOCSP(t, s), nil }},
		{"an answer of unknown", func(s *stand) { s.onOCSP, s.entry = onOCSP(t, s), func(e *ocsp.Entry) { e.Status = ocsp.Unknown } }},
	} {
		if answer, err := check(t, c, person, s.ca, t0.Add(11*time.Minute)); err != nil || answer.Status != revocation.Revoked {
			t.Fatalf("%q %v", answer.Status, err)
		}
		s.set(tc.change)
		answer, err := check(t, c, person, s.ca, t0.Add(12*time.Minute))
		if err != nil || answer.Status != revocation.Revoked || answer.Reason != 1 || !answer.RevokedAt.Equal(t0) {
			t.Errorf("%s: %q %v", tc.what, answer.Status, err)
		}
		if proof := answer.OCSP != nil || answer.CRLs != nil; proof != (tc.what == "as said") {
			t.Errorf("%s: proof is %v", tc.what, proof)
		}
	}
}

// A revocation that arrives after a good answer to a later question counts from then on.
func TestARevocationOvertakenByAGoodAnswerCounts(t *testing.T) {
	s := newStand(t)
	c := s.client(t)
	c.Reuse = 10 * time.Minute
	person := s.ca.issue(t, 7, nil)
	begun, release := make(chan struct{}), make(chan struct{})
	s.set(func(s *stand) {
		s.onOCSP = func(w http.ResponseWriter, r *http.Request) {
			close(begun)
			<-release
			s.set(func(s *stand) { s.entry = func(e *ocsp.Entry) { e.Status, e.RevokedAt = ocsp.Revoked, t0 } })
			s.answer(t, w, r)
			s.set(func(s *stand) { s.entry = nil })
		}
	})
	first := make(chan revocation.Status)
	subject, issuer := ours(t, person), ours(t, s.ca)
	go func() {
		answer, err := c.Check(t.Context(), subject, issuer, t0)
		if err != nil {
			t.Error(err)
		}
		first <- answer.Status
	}()
	<-begun
	s.set(func(s *stand) { s.onOCSP = onOCSP(t, s) })
	if answer, err := check(t, c, person, s.ca, t0); err != nil || answer.Status != revocation.Good {
		t.Errorf("overtaking: %q %v", answer.Status, err)
	}
	close(release)
	if status := <-first; status != revocation.Revoked {
		t.Errorf("overtaken: %q", status)
	}
	if answer, err := check(t, c, person, s.ca, t0); err != nil || answer.Status != revocation.Revoked {
		t.Errorf("afterwards: %q %v", answer.Status, err)
	}
}

// A list that is at hand and revokes for good counts against a responder that lags behind it. It is not
// downloaded for that, and what it has on hold the responder may have released.
func TestAListAtHandCountsAgainstALaggingResponder(t *testing.T) {
	s := newStand(t)
	c := s.client(t)
	s.set(func(s *stand) { s.onCRL = reply(s.ca.list(t, listing{revoked: map[int64]int{7: 1, 8: 6}})) })
	expect := func(what string, at time.Time, want map[int64]revocation.Status) {
		t.Helper()
		for serial, status := range want {
			if answer, err := check(t, c, s.ca.issue(t, serial, nil), s.ca, at); err != nil || answer.Status != status {
				t.Errorf("%s, %d: %q %v", what, serial, answer.Status, err)
			}
		}
	}
	expect("no list at hand", t0, map[int64]revocation.Status{7: revocation.Good})
	if s.count("/crl") != 0 {
		t.Error("a list was downloaded")
	}
	if err := c.Refresh(t.Context(), t0); err != nil {
		t.Fatal(err)
	}
	expect("a list at hand", t0, map[int64]revocation.Status{8: revocation.Good, 9: revocation.Good, 7: revocation.Revoked})
	c = s.client(t)
	if err := c.Refresh(t.Context(), t0); err != nil {
		t.Fatal(err)
	}
	later := t0.AddDate(0, 0, 8)
	s.set(func(s *stand) { s.now = later })
	expect("a list that has run out", later, map[int64]revocation.Status{7: revocation.Good})
}

func onOCSP(t *testing.T, s *stand) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { s.answer(t, w, r) }
}

// A certificate on hold can be released, and one that was never issued can be issued.
func TestWhatIsNotForGoodCanBeTakenBack(t *testing.T) {
	for name, at := range map[string]time.Time{"on hold": t0, "never issued": time.Unix(0, 0)} {
		s := newStand(t)
		c := s.client(t)
		c.Reuse = 10 * time.Minute
		person := s.ca.issue(t, 7, nil)
		s.set(func(s *stand) {
			s.entry = func(e *ocsp.Entry) { e.Status, e.RevokedAt, e.Reason = ocsp.Revoked, at, 6 }
		})
		if answer, err := check(t, c, person, s.ca, t0); err != nil || answer.Status != revocation.Revoked {
			t.Fatalf("%s: %q %v", name, answer.Status, err)
		}
		s.set(func(s *stand) { s.onOCSP = silent })
		if answer, err := check(t, c, person, s.ca, t0); !errors.Is(err, revocation.ErrUnavailable) {
			t.Errorf("%s, silence: %q %v", name, answer.Status, err)
		}
		s.set(func(s *stand) { s.onOCSP, s.entry = onOCSP(t, s), nil })
		if answer, err := check(t, c, person, s.ca, t0); err != nil || answer.Status != revocation.Good {
			t.Errorf("%s, released: %q %v", name, answer.Status, err)
		}
	}
}
