package server_test

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

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

// I21: looking changes nothing.
func TestReadingChangesNothing(t *testing.T) {
	p := servertest.New(t)
	person, head := p.SignInAs("person"), p.SignInAs("head")
	id := startDraft(t, person)
	before := rows(t, p)
	for _, o := range servertest.Operations(t) {
		if !safe(o.Method) {
			continue
		}
		for _, c := range []*servertest.Client{person, head, p.Anonymous()} {
			for _, method := range []string{http.MethodGet, http.MethodHead} {
				if r := c.Do(method, fill(o.Path, id), nil, servertest.Bad()); r.Status >= 500 {
					t.Errorf("%s %s: %d", method, o.Path, r.Status)
				}
			}
		}
	}
	if after := rows(t, p); after != before {
		t.Errorf("reading wrote:\n%s\nbefore:\n%s", after, before)
	}
}

// I35: every refusal is a problem with a code, on every route, and nothing makes the server fail.
func TestEveryRouteRefusesWithAProblem(t *testing.T) {
	p := servertest.New(t)
	clients := map[string]*servertest.Client{"nobody": p.Anonymous(), "person": p.SignInAs("person"), "head": p.SignInAs("head")}
	values := []string{uuid.NewString(), strings.ToUpper(uuid.NewString()), "urn:uuid:" + uuid.NewString(), "1", "%00", "..%2F..%2Fetc%2Fpasswd", "%ff%fe", "'%20OR%201=1--",
		"%D2%9A", strings.Repeat("9", 5000), "null", "-1", "%7B%7D", "request.pdf", "%E2%80%AE",
		"x?cursor=%00%ff&show=%00&inline=x&cursor=" + strings.Repeat("A", 2000), "x?cursor=%27%3B&cursor=%D2%9A%00&show[]=1&%ff=%ff"}
	for _, o := range servertest.Operations(t) {
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
