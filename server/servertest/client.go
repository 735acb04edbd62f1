package servertest

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"reflect"
	"strings"
	"time"

	"elicensing/signing/democa"
)

// Client is one browser: it keeps its cookies. Every exchange is compared with server/openapi.yaml.
type Client struct {
	Portal   *Portal
	PersonID string // of the demo person who is signed in; "" for nobody
	http     *http.Client
	holder   *democa.Holder // of a key that is no demo person's
}

// Anonymous is a browser in which nobody is signed in.
func (p *Portal) Anonymous() *Client {
	p.T.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		p.T.Fatal(err)
	}
	return &Client{Portal: p, http: &http.Client{Jar: jar, Timeout: time.Minute, Transport: p.transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// SignInAs is a fresh browser in which a demo person has signed in with the person's own key.
func (p *Portal) SignInAs(personID string) *Client {
	p.T.Helper()
	c := p.Anonymous()
	c.SignIn(personID).Expect(http.StatusOK)
	return c
}

// SignIn asks for a challenge, signs it with the key of a demo person and sends it.
func (c *Client) SignIn(personID string) *Response {
	c.Portal.T.Helper()
	c.PersonID = personID
	return c.signIn()
}

func (c *Client) signIn() *Response {
	c.Portal.T.Helper()
	var challenge struct {
		ID      string
		Content []byte
	}
	c.Do(http.MethodPost, "/api/session/challenge", nil).Expect(http.StatusOK).JSON(&challenge)
	return c.Do(http.MethodPost, "/api/session", map[string]any{"challengeId": challenge.ID, "signature": c.Sign(challenge.Content)})
}

// Sign signs content with the key of the person who is signed in; base64 of the CMS, as the contract wants it.
func (c *Client) Sign(content []byte) string {
	c.Portal.T.Helper()
	if c.holder != nil {
		return base64.StdEncoding.EncodeToString(c.Portal.SignWith(c.holder, content, false))
	}
	return base64.StdEncoding.EncodeToString(c.Portal.SignAs(c.PersonID, content, false))
}

// Option changes a request before it is sent.
type Option func(*sending)

type sending struct {
	header http.Header
	bad    bool
}

// Header sets a header; an empty value leaves out what Do would have set by itself.
func Header(name, value string) Option {
	return func(s *sending) { s.header.Set(name, value) }
}

// Key sets the idempotency key, for pressing the same button twice.
func Key(key string) Option { return Header("Idempotency-Key", key) }

// Bad says that the request is meant to break the contract: only the answer is checked.
func Bad() Option { return func(s *sending) { s.bad = true } }

// Do sends a request and checks the exchange against the contract. A body of type []byte or string is sent as it is, any other as JSON.
// Requests that may change something carry a fresh idempotency key.
func (c *Client) Do(method, path string, body any, options ...Option) *Response {
	t := c.Portal.T
	t.Helper()
	s := sending{header: http.Header{}}
	var sent []byte
	switch b := body.(type) {
	case nil:
	case []byte:
		sent = b
	case string:
		sent = []byte(b)
	default:
		var err error
		if sent, err = json.Marshal(b); err != nil {
			t.Fatalf("%s %s: body: %v", method, path, err)
		}
	}
	if body != nil {
		s.header.Set("Content-Type", "application/json")
	}
	if method == http.MethodPost {
		s.header.Set("Idempotency-Key", "press-"+randomName())
	}
	for _, o := range options {
		o(&s)
	}
	request, err := http.NewRequestWithContext(t.Context(), method, c.Portal.URL+path, bytes.NewReader(sent))
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	for name, values := range s.header {
		if values[0] != "" {
			request.Header[name] = values
		}
	}
	answer, err := c.http.Do(request)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	received, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatalf("%s %s: read the answer: %v", method, path, err)
	}
	if err := answer.Body.Close(); err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	r := &Response{portal: c.Portal, what: method + " " + path, Status: answer.StatusCode, Header: answer.Header, Body: received}
	if strings.HasPrefix(path, "/api/") || path == "/healthz" || path == "/readyz" {
		if err := (exchange{request, sent, answer, received}).check(s.bad); err != nil {
			t.Errorf("%s: %v\n%s", r.what, err, excerpt(received))
		}
	}
	return r
}

// Token is the value of the session cookie, "" for none.
func (c *Client) Token() string {
	for _, cookie := range c.http.Jar.Cookies(c.Portal.base) {
		if strings.HasSuffix(cookie.Name, "elicensing") {
			return cookie.Value
		}
	}
	return ""
}

// SetToken plants a session cookie, as somebody would who wants another to use it.
func (c *Client) SetToken(token string) {
	c.http.Jar.SetCookies(c.Portal.base, []*http.Cookie{{Name: "elicensing", Value: token, Path: "/"}})
}

// Response is an answer that has been read and compared with the contract.
type Response struct {
	portal *Portal
	what   string
	Status int
	Header http.Header
	Body   []byte
}

// Expect fails the test unless the answer has the status.
func (r *Response) Expect(status int) *Response {
	r.portal.T.Helper()
	if r.Status != status {
		r.portal.T.Fatalf("%s: %d, want %d\n%s", r.what, r.Status, status, excerpt(r.Body))
	}
	return r
}

// ExpectProblem fails the test unless the answer is a problem with status and code.
func (r *Response) ExpectProblem(status int, code string) *Response {
	r.portal.T.Helper()
	if got := r.Code(); r.Status != status || got != code {
		r.portal.T.Fatalf("%s: %d %q, want %d %q\n%s", r.what, r.Status, got, status, code, excerpt(r.Body))
	}
	return r
}

// Code is the code of a problem, "" when the answer is none.
func (r *Response) Code() string {
	if r.Header.Get("Content-Type") != "application/problem+json" {
		return ""
	}
	var problem struct{ Code string }
	r.JSON(&problem)
	return problem.Code
}

// JSON reads the body into what is emptied first: nothing of an earlier answer stands in for what this one leaves out.
func (r *Response) JSON(into any) *Response {
	r.portal.T.Helper()
	reflect.ValueOf(into).Elem().SetZero()
	if err := json.Unmarshal(r.Body, into); err != nil {
		r.portal.T.Fatalf("%s: %v\n%s", r.what, err, excerpt(r.Body))
	}
	return r
}

func excerpt(b []byte) string {
	const most = 2000
	if len(b) > most {
		return string(b[:most]) + " …"
	}
	return string(b)
}

// SignInWith is a fresh browser in which the holder of a key of the test's own making has signed in.
func (p *Portal) SignInWith(holder *democa.Holder) *Client {
	p.T.Helper()
	c := p.Anonymous()
	c.holder = holder
	c.signIn().Expect(http.StatusOK)
	return c
}

// Again is another browser, in which the same person has signed in.
func (c *Client) Again() *Client {
	c.Portal.T.Helper()
	if c.holder != nil {
		return c.Portal.SignInWith(c.holder)
	}
	return c.Portal.SignInAs(c.PersonID)
}
