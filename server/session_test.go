package server_test

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"elicensing/server"
	"elicensing/server/identity"
	"elicensing/server/servertest"
	"elicensing/signing/democa"
	"elicensing/signing/profile"
)

type sessionBody struct {
	SignedIn      bool
	Name          string
	IIN           string
	BIN           string
	Organisation  string
	Capacity      string
	Capacities    []string
	Roles         []string
	AuthorityCode string
	AuthorityName map[string]string
	IdleMinutes   int
}

type challengeBody struct {
	ID      string
	Content []byte
}

func challenge(c *servertest.Client) challengeBody {
	var body challengeBody
	c.Do(http.MethodPost, "/api/session/challenge", nil).Expect(http.StatusOK).JSON(&body)
	return body
}

func send(c *servertest.Client, id string, signature []byte) *servertest.Response {
	return c.Do(http.MethodPost, "/api/session", map[string]string{"challengeId": id, "signature": base64.StdEncoding.EncodeToString(signature)})
}

// R10.1, S14: with a real signature; name, number and role come from the certificate and the table of employees.
func TestEveryDemoPersonComesInAsWhoTheyAre(t *testing.T) {
	p := servertest.New(t)
	for _, tc := range []struct {
		id, capacity string
		capacities   []string
		roles        []string
		idle         int
	}{
		{"person", "person", []string{"person"}, nil, 30},
		{"sole-trader", "person", []string{"person"}, nil, 30},
		{"director", "entity", []string{"person", "entity"}, nil, 30},
		{"chancery", "official", []string{"person", "official"}, []string{"chancery"}, 15},
		{"head", "official", []string{"person", "official"}, []string{"head"}, 15},
		{"executor-1", "official", []string{"person", "official"}, []string{"executor"}, 15},
		{"auth-only", "person", []string{"person"}, nil, 30},
	} {
		who, _ := democa.PersonByID(tc.id)
		c := p.SignInAs(tc.id)
		var got sessionBody
		c.Do(http.MethodGet, "/api/session", nil).Expect(http.StatusOK).JSON(&got)
		if !got.SignedIn || got.Name != who.Name() || got.IIN != who.IIN || got.BIN != who.BIN || got.Organisation != who.Organisation {
			t.Errorf("%s: %+v", tc.id, got)
		}
		if got.Capacity != tc.capacity || !slices.Equal(got.Capacities, tc.capacities) || !slices.Equal(got.Roles, tc.roles) || got.IdleMinutes != tc.idle {
			t.Errorf("%s: %+v", tc.id, got)
		}
		if (tc.capacity == "official") != (got.AuthorityCode == servertest.DemoAuthority && got.AuthorityName["kk"] != "") {
			t.Errorf("%s: authority %q %v", tc.id, got.AuthorityCode, got.AuthorityName)
		}
	}
}

// I4, I5, I6: each refusal under its own code, and nobody is signed in by it.
func TestSignInRefusals(t *testing.T) {
	p := servertest.New(t)
	c := p.Anonymous()
	machine, err := p.CA.Issue(democa.Person{Surname: "СИСТЕМА", GivenName: "А", IIN: "123456789099", BIN: democa.ClinicBIN, Organisation: "А"},
		democa.IssueOptions{Role: profile.InformationSystem})
	if err != nil {
		t.Fatal(err)
	}
	ch := challenge(c)
	good := p.SignAs("person", ch.Content, true)
	flipped := slices.Clone(good)
	flipped[len(flipped)-10] ^= 1
	for name, tc := range map[string]struct {
		cms  []byte
		code string
	}{
		"expired":                      {p.SignAs("expired", ch.Content, true), "certificate_expired"},
		"revoked":                      {p.SignAs("revoked", ch.Content, true), "certificate_revoked"},
		"not trusted":                  {p.SignAs("untrusted", ch.Content, true), "certificate_untrusted"},
		"of a machine":                 {p.SignWith(machine, ch.Content, true), "certificate_not_for_people"},
		"other content":                {p.SignAs("person", append(slices.Clone(ch.Content), ' '), true), "signature_content_differs"},
		"of another challenge":         {p.SignAs("person", challenge(c).Content, true), "signature_content_differs"},
		"damaged":                      {flipped, "signature_wrong"},
		"not a signature":              {[]byte("hello"), "signature_malformed"},
		"cut short":                    {good[:len(good)/2], "signature_malformed"},
		"nested as deep as a stranger": {[]byte(strings.Repeat("\x30\x80", 100_000)), "signature_too_deep"},
	} {
		got := send(c, ch.ID, tc.cms)
		if got.Status != http.StatusUnprocessableEntity || got.Code() != tc.code {
			t.Errorf("%s: %d %s, want 422 %s", name, got.Status, got.Code(), tc.code)
		}
	}
	p.StopRevocation()
	send(c, ch.ID, good).ExpectProblem(http.StatusServiceUnavailable, "revocation_unavailable")
	p.ResumeRevocation()
	c.Do(http.MethodPost, "/api/session", map[string]string{"challengeId": ch.ID, "signature": ""}).ExpectProblem(http.StatusUnprocessableEntity, "signature_malformed")
	send(c, uuid.NewString(), good).ExpectProblem(http.StatusUnprocessableEntity, "challenge_unknown")
	send(c, "../../x\x00", good).ExpectProblem(http.StatusBadRequest, "text_not_allowed")
	send(c, "not a uuid", good).ExpectProblem(http.StatusUnprocessableEntity, "challenge_unknown")
	if n := p.Count("SELECT count(*) FROM sessions"); n != 0 {
		t.Fatalf("%d sessions after refusals", n)
	}
	send(c, ch.ID, good).Expect(http.StatusOK)
	send(c, ch.ID, good).ExpectProblem(http.StatusConflict, "challenge_used")
	old := challenge(c)
	p.Clock.Move(5 * time.Minute)
	send(c, old.ID, p.SignAs("person", old.Content, true)).ExpectProblem(http.StatusUnprocessableEntity, "challenge_expired")
}

// I5: the same signed challenge many times at once, one session.
func TestOneChallengeOneSessionInParallel(t *testing.T) {
	p := servertest.New(t)
	c := p.Anonymous()
	ch := challenge(c)
	cms := p.SignAs("person", ch.Content, true)
	const tries = 8
	var wg sync.WaitGroup
	statuses := make([]int, tries)
	for i := range tries {
		browser := p.Anonymous()
		wg.Go(func() { statuses[i] = send(browser, ch.ID, cms).Status })
	}
	wg.Wait()
	slices.Sort(statuses)
	if statuses[0] != http.StatusOK || statuses[1] != http.StatusConflict || statuses[tries-1] != http.StatusConflict {
		t.Errorf("statuses %v", statuses)
	}
	if n := p.Count("SELECT count(*) FROM sessions"); n != 1 {
		t.Errorf("%d sessions", n)
	}
}

// I20: a planted cookie is not adopted, the token changes at sign-in and with the capacity, sign-out kills it on the server.
func TestSessionFixation(t *testing.T) {
	p := servertest.New(t)
	c := p.Anonymous()
	const planted = "planted-by-somebody-who-waits-0123456789abcd"
	c.SetToken(planted)
	c.Do(http.MethodGet, "/api/session", nil).Expect(http.StatusOK)
	c.SignIn("director").Expect(http.StatusOK)
	first := c.Token()
	if first == planted || first == "" {
		t.Fatalf("token %q after sign-in", first)
	}
	attacker := p.Anonymous()
	attacker.SetToken(planted)
	attacker.Do(http.MethodGet, "/api/applications", nil).ExpectProblem(http.StatusUnauthorized, "session_ended")

	c.Do(http.MethodPut, "/api/session/capacity", map[string]string{"capacity": "person"}).Expect(http.StatusOK)
	second := c.Token()
	if second == first {
		t.Error("the token survived a change of capacity")
	}
	for name, token := range map[string]string{"before the change": first, "planted": planted} {
		other := p.Anonymous()
		other.SetToken(token)
		var got sessionBody
		other.Do(http.MethodGet, "/api/session", nil).Expect(http.StatusOK).JSON(&got)
		if got.SignedIn {
			t.Errorf("the token of %s signs in", name)
		}
	}
	c.SignIn("person").Expect(http.StatusOK)
	third := c.Token()
	copied := p.Anonymous()
	copied.SetToken(second)
	copied.Do(http.MethodGet, "/api/applications", nil).ExpectProblem(http.StatusUnauthorized, "session_ended")
	copied.SetToken(third)
	copied.Do(http.MethodGet, "/api/applications", nil).Expect(http.StatusOK)
	c.Do(http.MethodDelete, "/api/session", nil).Expect(http.StatusNoContent)
	if c.Token() != "" {
		t.Error("the browser keeps the cookie after sign-out")
	}
	copied.Do(http.MethodGet, "/api/applications", nil).ExpectProblem(http.StatusUnauthorized, "session_ended")
	c.Do(http.MethodGet, "/api/applications", nil).ExpectProblem(http.StatusUnauthorized, "sign_in_required")
	c.Do(http.MethodDelete, "/api/session", nil).Expect(http.StatusNoContent)
}

// I20: with the clock moved.
func TestSessionLimitsOverHTTP(t *testing.T) {
	p := servertest.New(t)
	citizen, official := p.SignInAs("person"), p.SignInAs("head")
	p.Clock.Move(15 * time.Minute)
	official.Do(http.MethodGet, "/api/authority/queue", nil).ExpectProblem(http.StatusUnauthorized, "session_ended")
	citizen.Do(http.MethodGet, "/api/applications", nil).Expect(http.StatusOK)
	p.Clock.Move(30 * time.Minute)
	citizen.Do(http.MethodGet, "/api/applications", nil).ExpectProblem(http.StatusUnauthorized, "session_ended")
}

// I20: a role withdrawn is gone at once.
func TestAWithdrawnRoleIsGoneAtOnce(t *testing.T) {
	p := servertest.New(t)
	head := p.SignInAs("head")
	head.Do(http.MethodGet, "/api/authority/queue", nil).Expect(http.StatusOK)
	who, _ := democa.PersonByID("head")
	if err := p.DB.Exec("UPDATE employees SET active = false WHERE iin = ?", who.IIN).Error; err != nil {
		t.Fatal(err)
	}
	head.Do(http.MethodGet, "/api/authority/queue", nil).ExpectProblem(http.StatusUnauthorized, "session_ended")
	again := p.SignInAs("head")
	again.Do(http.MethodGet, "/api/authority/queue", nil).ExpectProblem(http.StatusForbidden, "officials_only")
}

func TestCapacityRefusals(t *testing.T) {
	p := servertest.New(t)
	person := p.SignInAs("person")
	for _, to := range []string{"entity", "official"} {
		person.Do(http.MethodPut, "/api/session/capacity", map[string]string{"capacity": to}).ExpectProblem(http.StatusForbidden, "capacity_not_allowed")
	}
	person.Do(http.MethodPut, "/api/session/capacity", map[string]string{"capacity": "administrator"}, servertest.Bad()).
		ExpectProblem(http.StatusBadRequest, "body_not_as_expected")
	person.Do(http.MethodPut, "/api/session/capacity", `{"capacity":"person","iin":"123456789012"}`, servertest.Bad()).
		ExpectProblem(http.StatusBadRequest, "unknown_field")
	p.SignInAs("director").Do(http.MethodGet, "/api/authority/queue", nil).ExpectProblem(http.StatusForbidden, "officials_only")
	p.Anonymous().Do(http.MethodPut, "/api/session/capacity", map[string]string{"capacity": "person"}).
		ExpectProblem(http.StatusUnauthorized, "sign_in_required")
}

// I20: the cookie over TLS is bound to the host; nothing of the page can read it.
func TestTheCookie(t *testing.T) {
	p := servertest.New(t)
	c := p.Anonymous()
	cookie := c.SignIn("person").Expect(http.StatusOK).Header.Get("Set-Cookie")
	for _, want := range []string{"elicensing=", "HttpOnly", "SameSite=Lax", "Path=/"} {
		if !strings.Contains(cookie, want) {
			t.Errorf("cookie %q lacks %s", cookie, want)
		}
	}
	secure := servertest.New(t, func(d *server.Deps) { d.PortalURL = "https://licences.example" })
	answer := secure.Anonymous().SignIn("person").Expect(http.StatusOK)
	cookie = answer.Header.Get("Set-Cookie")
	for _, want := range []string{"__Host-elicensing=", "HttpOnly", "SameSite=Lax", "Path=/", "Secure"} {
		if !strings.Contains(cookie, want) {
			t.Errorf("cookie %q lacks %s", cookie, want)
		}
	}
	if strings.Contains(cookie, "Domain") || answer.Header.Get("Strict-Transport-Security") == "" {
		t.Errorf("cookie %q, headers %v", cookie, answer.Header)
	}
}

func TestTooManySignIns(t *testing.T) {
	p := servertest.New(t, func(d *server.Deps) { d.SignIns = identity.NewLimiter(d.Now, 4, time.Minute, 10) })
	c := p.Anonymous()
	c.SignIn("person").Expect(http.StatusOK)
	c.SignIn("person").Expect(http.StatusOK)
	answer := c.Do(http.MethodPost, "/api/session/challenge", nil).ExpectProblem(http.StatusTooManyRequests, "too_many_tries")
	if answer.Header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	// An address that the client claims for itself is not believed.
	c.Do(http.MethodPost, "/api/session/challenge", nil, servertest.Header("X-Forwarded-For", "192.0.2.7")).
		ExpectProblem(http.StatusTooManyRequests, "too_many_tries")
	p.Clock.Move(time.Minute)
	c.Do(http.MethodPost, "/api/session/challenge", nil).Expect(http.StatusOK)
}

// I22: each of the three public checks is bounded by address, so that nobody walks through the register.
func TestTooManyPublicChecks(t *testing.T) {
	t.Parallel()
	p := servertest.New(t, func(d *server.Deps) { d.Checks = identity.NewLimiter(d.Now, 1, time.Minute, 10) })
	c := p.Anonymous()
	pdf := servertest.Header("Content-Type", "application/pdf")
	body, multipart := form(t, part{"file", []byte("%PDF-1.7")})
	for name, check := range map[string]func() *servertest.Response{
		"number": func() *servertest.Response { return c.Do(http.MethodGet, "/api/licences/KZ80DEM00000001", nil) },
		"file": func() *servertest.Response {
			return c.Do(http.MethodPost, "/api/licences/check-file", []byte("%PDF-1.7"), pdf)
		},
		"signature": func() *servertest.Response { return c.Do(http.MethodPost, "/api/signatures/check", body, multipart) },
	} {
		if r := check(); r.Status == http.StatusTooManyRequests || r.Status >= http.StatusInternalServerError {
			t.Errorf("%s: the first answer is %d", name, r.Status)
		}
		if r := check(); r.Status != http.StatusTooManyRequests || r.Code() != "too_many_tries" || r.Header.Get("Retry-After") == "" {
			t.Errorf("%s: the second answer is %d %s", name, r.Status, r.Code())
		}
		p.Clock.Move(time.Minute)
	}
}

// I20, R7: an official's session is for the post that it was opened in. When the authority's BIN passes to another authority, and he with it, he
// signs in anew.
func TestASessionIsForOnePost(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	head := p.SignInAs("head")
	who, _ := democa.PersonByID("head")
	var post uuid.UUID
	if err := p.DB.Raw("SELECT id FROM employees WHERE iin = ?", who.IIN).Row().Scan(&post); err != nil {
		t.Fatal(err)
	}
	if err := p.Identity.DismissEmployee(t.Context(), post); err != nil {
		t.Fatal(err)
	}
	for _, authority := range []struct{ code, bin string }{{servertest.DemoAuthority, otherBIN}, {elsewhere, democa.AuthorityBIN}} {
		if err := p.Identity.EnsureAuthority(t.Context(), authority.code, authority.bin, servertest.Requisites); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := p.Identity.EnsureEmployee(t.Context(), identity.Employee{AuthorityCode: elsewhere, IIN: who.IIN, Name: who.Name(), Roles: []identity.Role{identity.Head}}); err != nil {
		t.Fatal(err)
	}
	head.Do(http.MethodGet, "/api/authority/queue", nil).ExpectProblem(http.StatusUnauthorized, "session_ended")
	p.SignInAs("head").Do(http.MethodGet, "/api/authority/queue", nil).Expect(http.StatusOK)
}
