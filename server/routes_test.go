package server_test

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"elicensing/server"
	"elicensing/server/servertest"
)

var pathParameter = regexp.MustCompile(`\{[A-Za-z]+\}`)

// fill puts one value into every parameter of a path template.
func fill(template, value string) string { return pathParameter.ReplaceAllString(template, value) }

func safe(method string) bool { return method == http.MethodGet || method == http.MethodHead }

// rows counts every table, so that a test can show that nothing was written.
func rows(t *testing.T, p *servertest.Portal) string {
	t.Helper()
	var tables []string
	err := p.DB.Raw("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1").Scan(&tables).Error
	if err != nil || len(tables) < 10 {
		t.Fatal(tables, err)
	}
	var b strings.Builder
	for _, table := range tables {
		fmt.Fprintf(&b, "%s %d %d\n", table, p.Count("SELECT count(*) FROM "+table), p.Count("SELECT coalesce(sum(hashtext(x::text)), 0) FROM "+table+" x"))
	}
	return b.String()
}

// The contract and the routes name the same operations: neither may grow without the other.
func TestTheContractAndTheRoutesAreTheSame(t *testing.T) {
	t.Parallel()
	var engine *gin.Engine
	servertest.New(t, func(d *server.Deps) {
		h, err := server.New(*d)
		if err != nil {
			t.Fatal(err)
		}
		engine, _ = h.(*gin.Engine)
	})
	if engine == nil {
		t.Fatal("the handler is no longer gin's: compare its routes in another way")
	}
	param := regexp.MustCompile(`:([A-Za-z]+)`)
	var have, want []string
	for _, r := range engine.Routes() {
		have = append(have, r.Method+" "+param.ReplaceAllString(r.Path, "{$1}"))
	}
	for _, o := range servertest.Operations(t) {
		want = append(want, o.Method+" "+o.Path)
	}
	slices.Sort(have)
	slices.Sort(want)
	for _, r := range have {
		if !slices.Contains(want, r) {
			t.Errorf("%s is not in the contract", r)
		}
	}
	for _, o := range want {
		if !slices.Contains(have, o) {
			t.Errorf("%s has no route", o)
		}
	}
}

// I21: no other site's page changes anything, whatever it pretends; and nothing was written.
func TestCrossOriginRequestsAreRefusedOnEveryRoute(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	person, head := p.SignInAs("person"), p.SignInAs("head")
	id := startDraft(t, person)
	before := rows(t, p)
	own := strings.TrimPrefix(p.URL, "http://")
	foreign := map[string][]servertest.Option{
		"cross-site":        {servertest.Header("Sec-Fetch-Site", "cross-site")},
		"same-site":         {servertest.Header("Sec-Fetch-Site", "same-site")},
		"foreign origin":    {servertest.Header("Origin", "https://evil.example")},
		"null origin":       {servertest.Header("Origin", "null")},
		"other port":        {servertest.Header("Origin", "http://localhost:1")},
		"suffix of our own": {servertest.Header("Origin", "http://"+own+".evil.example")},
		"form": {servertest.Header("Origin", "https://evil.example"), servertest.Header("Sec-Fetch-Site", "cross-site"),
			servertest.Header("Content-Type", "application/x-www-form-urlencoded")},
		"text/plain": {servertest.Header("Origin", "https://evil.example"), servertest.Header("Content-Type", "text/plain")},
		"override":   {servertest.Header("Origin", "https://evil.example"), servertest.Header("X-HTTP-Method-Override", "GET")},
	}
	tried := 0
	for _, o := range servertest.Operations(t) {
		if safe(o.Method) {
			continue
		}
		for name, options := range foreign {
			for _, c := range []*servertest.Client{person, head} {
				tried++
				r := c.Do(o.Method, fill(o.Path, id), "{}", append(options, servertest.Bad())...)
				if r.Status != http.StatusForbidden || r.Code() != "cross_origin" {
					t.Errorf("%s %s, %s: %d %s", o.Method, o.Path, name, r.Status, r.Code())
				}
			}
		}
	}
	if tried < 200 {
		t.Errorf("only %d requests were tried", tried)
	}
	if after := rows(t, p); after != before {
		t.Errorf("something was written:\n%s\nbefore:\n%s", after, before)
	}
	person.Do(http.MethodPost, "/api/session/challenge", nil, servertest.Header("Origin", p.URL), servertest.Header("Sec-Fetch-Site", "same-origin")).Expect(http.StatusOK)
}

// A page without Sec-Fetch-Site and Origin cannot send JSON either: a form's content types are not taken.
func TestFormsAreNotTakenForJSON(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	person := p.SignInAs("person")
	id := startDraft(t, person)
	for _, o := range servertest.Operations(t) {
		if o.Takes != "application/json" || o.ID == "receivePaymentNotice" || slices.Contains(o.Tags, "authority") {
			continue
		}
		for _, contentType := range []string{"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""} {
			r := person.Do(o.Method, fill(o.Path, id), `{"a":1}`, servertest.Header("Content-Type", contentType), servertest.Bad())
			if r.Status != http.StatusBadRequest || r.Code() != "content_type" {
				t.Errorf("%s %s as %q: %d %s", o.Method, o.Path, contentType, r.Status, r.Code())
			}
		}
	}
}

// I21: looking changes nothing, whoever looks and whether or not he may: every address that is read, with what it shows there, by every role. One look
// is an act: when the applicant first opens the result, that is recorded (R10.7).
func TestReadingChangesNothing(t *testing.T) {
	t.Parallel()
	every := 1
	if testing.Short() {
		every = sparse / 2
	}
	s := newScene(t)
	stage := newStage(t, s.p)
	// look reads an address as everybody named and gives the tables that changed; the owner must find something there.
	look := func(method, path, query, owner string, by ...string) []string {
		t.Helper()
		s.p.Clock.Move(time.Second) // so that a moment that is noted anew is seen
		before := held(t, s.p)
		for _, role := range by {
			for _, way := range slices.Compact([]string{method, http.MethodHead}) {
				r := s.clients[role].Do(way, path+query, nil, append(slices.Clone(tusHeaders), servertest.Bad())...)
				judge(t, r, way+" "+path)
				if role == owner && way == method && r.Status != http.StatusOK {
					t.Errorf("%s %s by %s: %d, the table of the stage is wrong", way, path, role, r.Status)
				}
			}
		}
		changed := differing(before, held(t, s.p))
		slices.Sort(changed)
		return changed
	}
	looked := 0
	read := func(method, path, query, owner string) {
		t.Helper()
		looked++
		if changed := look(method, path, query, owner, roles...); len(changed) > 0 {
			t.Errorf("%s %s changed %s", method, path, strings.Join(changed, ", "))
		}
	}
	owners := map[*servertest.Client]string{stage.clients[""]: "nobody", stage.clients["person"]: "owner", stage.clients["sole-trader"]: "another",
		stage.clients["chancery"]: "chancery", stage.clients["head"]: "head", stage.clients["executor-1"]: "executor"}
	for i, o := range servertest.Operations(t) {
		if !safe(o.Method) || i%every != 0 && o.ID != "downloadFile" {
			continue
		}
		right := stage.right(o.ID, o.Path)
		if o.ID != "downloadFile" {
			read(o.Method, right.path, right.query, owners[right.client])
			continue
		}
		if got := strings.Join(look(o.Method, right.path, "", "owner", "owner"), " "); got != "applications journal" {
			t.Errorf("the applicant opens the result for the first time: changed is %q", got)
		}
		for _, file := range filesOfTheContract(t) {
			path, owner := strings.Replace(right.path, "result.pdf", file, 1), "owner"
			if file == "non-submission.pdf" {
				refund := stage.right("getOwnCertificate", "{refundId}").path
				path, owner = "/api/applications/"+s.one("SELECT application_id FROM refund_requests WHERE id = ?", refund)+"/files/"+file, "another"
			}
			read(o.Method, path, "", owner)
		}
	}
	if looked < 35/every {
		t.Errorf("only %d addresses were read", looked)
	}
}

// held is all that the database holds, but for when a session was seen last.
func held(t *testing.T, p *servertest.Portal) map[string]string {
	t.Helper()
	all := contents(t, p, "sessions")
	var sessions string
	err := p.DB.Raw("SELECT coalesce(string_agg((to_jsonb(x) - 'seen_at')::text, E'\\n' ORDER BY token_hash), '') FROM sessions x").Scan(&sessions).Error
	if err != nil {
		t.Fatal(err)
	}
	all["sessions"] = sessions
	return all
}

// I35: every refusal is a problem with a code, on every route, and nothing makes the server fail.
func TestEveryRouteRefusesWithAProblem(t *testing.T) {
	t.Parallel()
	every := 1
	if testing.Short() {
		every = sparse
	}
	p := servertest.New(t)
	clients := map[string]*servertest.Client{"nobody": p.Anonymous(), "person": p.SignInAs("person"), "head": p.SignInAs("head")}
	values := []string{uuid.NewString(), strings.ToUpper(uuid.NewString()), "urn:uuid:" + uuid.NewString(), "1", "%00", "..%2F..%2Fetc%2Fpasswd", "%ff%fe", "'%20OR%201=1--",
		"%D2%9A", strings.Repeat("9", 5000), "null", "-1", "%7B%7D", "request.pdf", "%E2%80%AE",
		"x?cursor=%00%ff&show=%00&inline=x&cursor=" + strings.Repeat("A", 2000), "x?cursor=%27%3B&cursor=%D2%9A%00&show[]=1&%ff=%ff"}
	for i, o := range servertest.Operations(t) {
		if i%every != 0 {
			continue
		}
		for who, c := range clients {
			for _, value := range values {
				r := c.Do(o.Method, fill(o.Path, value), "{}", servertest.Bad())
				if r.Status >= 500 {
					t.Errorf("%s %s with %q as %s: %d %s", o.Method, o.Path, value, who, r.Status, r.Body)
				}
				if r.Status >= 400 && o.Method != http.MethodHead && r.Code() == "" {
					t.Errorf("%s %s with %q as %s: %d is no problem body: %.200s", o.Method, o.Path, value, who, r.Status, r.Body)
				}
			}
		}
	}
}

// A route that is not for everybody answers nobody before it looks at anything.
func TestNobodyGetsNothing(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	id := startDraft(t, p.SignInAs("person"))
	nobody := p.Anonymous()
	for _, o := range servertest.Operations(t) {
		if slices.Contains(o.Tags, "public") || slices.Contains(o.Tags, "session") {
			continue
		}
		for _, value := range []string{id, uuid.NewString(), "x"} {
			r := nobody.Do(o.Method, fill(o.Path, value), "{}", servertest.Bad())
			if r.Status != http.StatusUnauthorized || (o.Method != http.MethodHead && r.Code() != "sign_in_required") {
				t.Errorf("%s %s: nobody gets %d %s", o.Method, o.Path, r.Status, r.Code())
			}
		}
	}
}

// startDraft begins an application and gives its id.
func startDraft(t *testing.T, c *servertest.Client) string {
	t.Helper()
	var body struct{ ID string }
	c.Do(http.MethodPost, "/api/applications", map[string]string{"service": "medical-activity", "kind": "licence", "applicantKind": "person"}).
		Expect(http.StatusCreated).JSON(&body)
	return body.ID
}
