package server_test

import (
	"net/http"
	"testing"
	"time"

	"elicensing/server/servertest"
)

// stay lets time pass while a person works on, so that no session ends for being idle.
func stay(p *servertest.Portal, d time.Duration, clients ...*servertest.Client) {
	p.T.Helper()
	for passed := time.Duration(0); passed < d; passed += 10 * time.Minute {
		p.Clock.Move(min(10*time.Minute, d-passed))
		for _, c := range clients {
			c.Do(http.MethodGet, "/api/session", nil).Expect(http.StatusOK)
		}
	}
}

func signedIn(c *servertest.Client) bool {
	var s struct{ SignedIn bool }
	c.Do(http.MethodGet, "/api/session", nil).Expect(http.StatusOK).JSON(&s)
	return s.SignedIn
}

// I20: whose certificate is revoked is out within the hour, in every browser; "cannot be learnt now" puts nobody out (I6).
func TestTheSessionOfARevokedCertificateEnds(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	head, again, person := p.SignInAs("head"), p.SignInAs("head"), p.SignInAs("person")
	ask := func() {
		t.Helper()
		if err := p.Identity.RecheckCertificates(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	holder, err := p.CA.Holder("head")
	if err != nil {
		t.Fatal(err)
	}
	p.CA.Revoke(holder.Certificate, p.Clock.Now(), 1)
	stay(p, 59*time.Minute, head, again, person)
	ask()
	if !signedIn(head) {
		t.Fatal("the authority is asked more often than once an hour")
	}
	p.StopRevocation()
	stay(p, 2*time.Minute, head, again, person)
	ask()
	if !signedIn(head) || !signedIn(person) {
		t.Fatal("a silent authority ends sessions")
	}
	p.ResumeRevocation()
	ask()
	if !signedIn(head) {
		t.Fatal("asked again at once after silence")
	}
	stay(p, 10*time.Minute, head, again, person)
	ask()
	for name, c := range map[string]*servertest.Client{"one browser": head, "another": again} {
		if signedIn(c) {
			t.Errorf("%s: the revoked certificate still opens the desk", name)
		}
		c.Do(http.MethodGet, "/api/authority/queue", nil).ExpectProblem(http.StatusUnauthorized, "session_ended")
	}
	if !signedIn(person) {
		t.Error("somebody else's session ended")
	}
	if n := p.Count("SELECT count(*) FROM journal WHERE action = 'session_ended' AND details->>'reason' = 'certificate_revoked' AND (details->>'sessions')::int = 2"); n != 1 {
		t.Errorf("%d rows in the journal", n)
	}
	stay(p, 2*time.Hour, person)
	ask()
	if !signedIn(person) {
		t.Error("a good certificate's session ended")
	}
}

// A change of capacity does not lose what the session was opened with.
func TestARevokedDirectorIsOutInEveryCapacity(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	director := p.SignInAs("director")
	director.Do(http.MethodPut, "/api/session/capacity", map[string]string{"capacity": "person"}).Expect(http.StatusOK)
	holder, err := p.CA.Holder("director")
	if err != nil {
		t.Fatal(err)
	}
	p.CA.Revoke(holder.Certificate, p.Clock.Now(), 1)
	stay(p, time.Hour, director)
	if err := p.Identity.RecheckCertificates(t.Context()); err != nil {
		t.Fatal(err)
	}
	if signedIn(director) {
		t.Error("still signed in")
	}
}
