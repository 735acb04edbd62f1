package server_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	stdhtml "html"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/jackc/pgx/v5"

	"elicensing/server"
	"elicensing/server/database/dbtest"
	"elicensing/server/servertest"
)

var html = servertest.Header("Accept", "text/html,application/xhtml+xml")

func TestMain(m *testing.M) { dbtest.Main(m) }

func TestHeadersOfEveryAnswer(t *testing.T) {
	p := servertest.New(t)
	c := p.Anonymous()
	for _, r := range []*servertest.Response{
		c.Do(http.MethodGet, "/", nil, html), c.Do(http.MethodGet, "/api/config", nil), c.Do(http.MethodGet, "/api/nothing", nil),
		c.Do(http.MethodGet, "/assets/app-1a2b.js", nil), c.Do(http.MethodGet, "/healthz", nil), c.Do(http.MethodPost, "/", nil),
		c.Do(http.MethodGet, "/api/demo/people/person/key", nil),
	} {
		for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Cross-Origin-Opener-Policy": "same-origin", "Referrer-Policy": "same-origin"} {
			if got := r.Header.Get(name); got != want {
				t.Errorf("%s is %q", name, got)
			}
		}
		policy := r.Header.Get("Content-Security-Policy")
		if !strings.HasPrefix(policy, "default-src 'none'") || !strings.Contains(policy, "frame-ancestors 'none'") || strings.Contains(policy, "unsafe-inline") ||
			strings.Contains(policy, "'unsafe-eval'") {
			t.Errorf("policy %q", policy)
		}
		if r.Header.Get("X-Request-Id") == "" || r.Header.Get("Permissions-Policy") == "" {
			t.Errorf("headers %v", r.Header)
		}
	}
}

var nonceInPage = regexp.MustCompile(`content="([^"]+)"`)

func TestThePage(t *testing.T) {
	p := servertest.New(t)
	c := p.Anonymous()
	seen := map[string]bool{}
	for _, path := range []string{"/", "/index.html", "/applications/123/form", "/check/KZ80", "/%D2%9A", "/a/../b", "/assets"} {
		r := c.Do(http.MethodGet, path, nil, html).Expect(http.StatusOK)
		nonce := nonceInPage.FindStringSubmatch(string(r.Body))
		if len(nonce) != 2 || strings.Contains(string(r.Body), "__CSP_NONCE__") || seen[nonce[1]] {
			t.Fatalf("%s: nonce %v in %s", path, nonce, r.Body)
		}
		seen[nonce[1]] = true
		if !strings.Contains(r.Header.Get("Content-Security-Policy"), "style-src 'self' 'nonce-"+nonce[1]+"'") {
			t.Errorf("%s: the policy has another nonce", path)
		}
		if r.Header.Get("Cache-Control") != "no-cache" || r.Header.Get("Content-Type") != "text/html; charset=utf-8" {
			t.Errorf("%s: %v", path, r.Header)
		}
	}
	for _, accept := range []string{"*/*", "application/json", ""} {
		if r := c.Do(http.MethodGet, "/", nil, servertest.Header("Accept", accept)).Expect(http.StatusOK); !nonceInPage.Match(r.Body) {
			t.Errorf("the front door for %q: %s", accept, r.Body)
		}
	}
	if r := c.Do(http.MethodHead, "/applications", nil, html).Expect(http.StatusOK); len(r.Body) != 0 || r.Header.Get("Content-Length") == "" {
		t.Errorf("HEAD: %d bytes, %v", len(r.Body), r.Header)
	}
}

func TestWhatIsNotAPage(t *testing.T) {
	p := servertest.New(t)
	c := p.Anonymous()
	for _, path := range []string{"/api", "/api/", "/api/nothing", "/api/applications/x/y/z", "/api//config", "/demo/nothing"} {
		c.Do(http.MethodGet, path, nil).ExpectProblem(http.StatusNotFound, "not_found")
	}
	for _, path := range []string{"/assets/gone-3c4d.js", "/favicon.ico", "/..%2f..%2fetc/passwd", "/index.html%00", "/.git/config"} {
		c.Do(http.MethodGet, path, nil).ExpectProblem(http.StatusNotFound, "not_found")
	}
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions, "TRACE", "PROPFIND"} {
		c.Do(method, "/applications", nil, html).ExpectProblem(http.StatusMethodNotAllowed, "method_not_allowed")
	}
	if r := c.Do(http.MethodPut, "/api/config", nil); r.Status != http.StatusMethodNotAllowed || r.Code() != "method_not_allowed" || !strings.Contains(r.Header.Get("Allow"), "GET") {
		t.Errorf("PUT /api/config: %d %v", r.Status, r.Header)
	}
	if r := c.Do(http.MethodHead, "/api/config", nil); r.Status != http.StatusMethodNotAllowed || len(r.Body) != 0 {
		t.Errorf("HEAD /api/config: %d", r.Status)
	}
}

// Whoever opens a document in a window or a frame is told in his language why it is not there, where a problem body would leave the frame empty.
func TestADocumentThatIsNotHandedOut(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	owner, id := p.At("refused")
	stranger := p.SignInAs("sole-trader")
	path := "/api/applications/" + id + "/files/result.pdf?inline=1"
	told := regexp.MustCompile(`<meta name="problem" content="([^"<>]+)" /></head>`)
	for _, tc := range []struct {
		who    *servertest.Client
		path   string
		status int
		code   string
	}{
		{p.Anonymous(), path, http.StatusUnauthorized, "sign_in_required"},
		{stranger, path, http.StatusNotFound, "not_found"},
		{owner, "/api/nothing/%22%3E%3Cscript%3E", http.StatusNotFound, "not_found"},
		{p.SignInAs("person"), "/api/authority/queue", http.StatusForbidden, "officials_only"},
	} {
		tc.who.Do(http.MethodGet, tc.path, nil).ExpectProblem(tc.status, tc.code)
		r := tc.who.Do(http.MethodGet, tc.path, nil, html).Expect(tc.status)
		found := told.FindSubmatch(r.Body)
		if found == nil {
			t.Fatalf("%s: no problem in %s", tc.path, r.Body)
		}
		var problem struct{ Code, RequestID string }
		if err := json.Unmarshal([]byte(stdhtml.UnescapeString(string(found[1]))), &problem); err != nil {
			t.Fatal(err)
		}
		if problem.Code != tc.code || problem.RequestID != r.Header.Get("X-Request-Id") {
			t.Errorf("%s: told %+v, want %s", tc.path, problem, tc.code)
		}
		policy := r.Header.Get("Content-Security-Policy")
		if !strings.Contains(policy, "frame-ancestors 'self'") || !strings.Contains(policy, "script-src 'self'") || r.Header.Get("X-Frame-Options") != "SAMEORIGIN" {
			t.Errorf("%s: %q, %q", tc.path, policy, r.Header.Get("X-Frame-Options"))
		}
		if r.Header.Get("Content-Type") != "text/html; charset=utf-8" || r.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %v", tc.path, r.Header)
		}
	}
	if r := owner.Do(http.MethodGet, path, nil, html).Expect(http.StatusOK); r.Header.Get("Content-Type") != "application/pdf" {
		t.Errorf("the document itself: %v", r.Header)
	}
	owner.Do(http.MethodPut, "/api/config", nil, html).ExpectProblem(http.StatusMethodNotAllowed, "method_not_allowed")
}

func TestAssets(t *testing.T) {
	pages := fstest.MapFS{
		"assets/big-1.js":     {Data: []byte(strings.Repeat("export const x = 1;\n", 500))},
		"assets/done-1.js":    {Data: []byte("plain")},
		"assets/done-1.js.br": {Data: []byte("brotli")},
		"assets/done-1.js.gz": {Data: []byte("gzip")},
		"signer.wasm":         {Data: []byte("\x00asm")},
	}
	for name, f := range servertest.Pages {
		pages[name] = f
	}
	p := servertest.New(t, func(d *server.Deps) { d.Pages = pages })
	c := p.Anonymous()
	get := func(path, accepts string) *servertest.Response {
		t.Helper()
		return c.Do(http.MethodGet, path, nil, servertest.Header("Accept-Encoding", accepts)).Expect(http.StatusOK)
	}
	for accepts, want := range map[string]string{"br, gzip": "br", "gzip, deflate": "gzip", "identity": "", "br;q=0, gzip": "gzip", "gzip;q=0": ""} {
		if got := get("/assets/done-1.js", accepts).Header.Get("Content-Encoding"); got != want {
			t.Errorf("%q: encoding %q, want %q", accepts, got, want)
		}
	}
	r := get("/assets/big-1.js", "gzip")
	if r.Header.Get("Content-Encoding") != "gzip" || r.Header.Get("Cache-Control") != "public, max-age=31536000, immutable" || r.Header.Get("Vary") != "Accept-Encoding" ||
		r.Header.Get("Content-Type") != "text/javascript; charset=utf-8" {
		t.Errorf("%v", r.Header)
	}
	unpacked, err := gzip.NewReader(strings.NewReader(string(r.Body)))
	if err != nil {
		t.Fatal(err)
	}
	if body, err := io.ReadAll(unpacked); err != nil || string(body) != string(pages["assets/big-1.js"].Data) {
		t.Errorf("%d bytes, %v", len(body), err)
	}
	if r := get("/signer.wasm", "identity"); r.Header.Get("Content-Type") != "application/wasm" || r.Header.Get("Cache-Control") != "no-cache" {
		t.Errorf("%v", r.Header)
	}
}

func TestWithoutBuiltPages(t *testing.T) {
	p := servertest.New(t, func(d *server.Deps) { d.Pages = fstest.MapFS{"placeholder.txt": {}} })
	c := p.Anonymous()
	for _, path := range []string{"/", "/api/nothing"} {
		c.Do(http.MethodGet, path, nil, html).ExpectProblem(http.StatusNotFound, "not_found")
	}
	c.Do(http.MethodGet, "/api/config", nil).Expect(http.StatusOK)
}

// Pages in which a refusal could not be told, as where a build leaves out the tags that HTML does not need, are no pages to start with: whoever's
// session has ended would read that the document is not there.
func TestPagesInWhichNoRefusalCanBeTold(t *testing.T) {
	var deps server.Deps
	servertest.New(t, func(d *server.Deps) { deps = *d })
	deps.Pages = fstest.MapFS{"index.html": {Data: []byte(`<!doctype html><meta name="csp-nonce" content="__CSP_NONCE__"><body></body>`)}}
	if _, err := server.New(deps); err == nil || !strings.Contains(err.Error(), "</head>") {
		t.Errorf("started with them: %v", err)
	}
}

func TestDemoOnly(t *testing.T) {
	p := servertest.New(t, func(d *server.Deps) { d.Demo = nil })
	c := p.Anonymous()
	for _, path := range []string{"/api/demo/people", "/api/demo/people/person/key", "/api/demo/mail"} {
		c.Do(http.MethodGet, path, nil).ExpectProblem(http.StatusNotFound, "not_found")
	}
	c.Do(http.MethodGet, "/demo/mail", nil, html).ExpectProblem(http.StatusNotFound, "not_found")
	var config struct{ Demo bool }
	c.Do(http.MethodGet, "/api/config", nil).Expect(http.StatusOK).JSON(&config)
	if config.Demo {
		t.Error("says demo")
	}
	p = servertest.New(t)
	demo := p.Anonymous()
	for _, path := range []string{"nobody/key", "nobody/key?algorithm=gost", "person.gost/key"} {
		demo.Do(http.MethodGet, "/api/demo/people/"+path, nil).ExpectProblem(http.StatusNotFound, "not_found")
	}
	for _, algorithm := range []string{"", "GOST", "dsa", "%00", "rsa,gost"} {
		demo.Do(http.MethodGet, "/api/demo/people/person/key?algorithm="+algorithm, nil, servertest.Bad()).ExpectProblem(http.StatusBadRequest, "query")
	}
	var people struct {
		Password string
		People   []struct{ ID string }
	}
	demo.Do(http.MethodGet, "/api/demo/people", nil).Expect(http.StatusOK).JSON(&people)
	for _, who := range people.People {
		r := demo.Do(http.MethodGet, "/api/demo/people/"+who.ID+"/key", nil).Expect(http.StatusOK)
		if !strings.HasPrefix(r.Header.Get("Content-Disposition"), "attachment") {
			t.Errorf("%s: %v", who.ID, r.Header)
		}
		for algorithm, want := range map[string]func(string) ([]byte, error){"rsa": p.CA.KeyFile, "gost": p.CA.GOSTKeyFile} {
			file, err := want(who.ID)
			if r := demo.Do(http.MethodGet, "/api/demo/people/"+who.ID+"/key?algorithm="+algorithm, nil).Expect(http.StatusOK); err != nil || !bytes.Equal(r.Body, file) {
				t.Errorf("%s: another file than that with the %s key (%v)", who.ID, algorithm, err)
			}
		}
	}
	if len(people.People) < 11 || people.Password == "" {
		t.Errorf("%+v", people)
	}
	demo.Do(http.MethodGet, "/demo/mail", nil, html).Expect(http.StatusOK)
	if r := demo.Do(http.MethodGet, "/api/demo/mail", nil).Expect(http.StatusOK); !strings.Contains(string(r.Body), `"letters":[]`) {
		t.Errorf("%s", r.Body)
	}
}

// Without signing in: the card with the fee of today (S7.1), the authorities and the centres (S13).
func TestPublicAnswers(t *testing.T) {
	p := servertest.New(t)
	c := p.Anonymous()
	var card struct {
		Fee   struct{ Amount, MCI, Coefficient, RateDay string }
		Today string
	}
	c.Do(http.MethodGet, "/api/services/medical-activity", nil).Expect(http.StatusOK).JSON(&card)
	if card.Today != "2026-03-27" || card.Fee.Amount != "43250.00" || card.Fee.MCI != "4325.00" || card.Fee.Coefficient != "10" || card.Fee.RateDay != "2026-03-27" {
		t.Errorf("%+v", card)
	}
	c.Do(http.MethodGet, "/api/services/unknown", nil).ExpectProblem(http.StatusNotFound, "service_not_found")
	var offices struct {
		Authorities []struct {
			Code    string
			OpenNow bool
			Accepts bool
		}
	}
	var halls struct{ Centres []struct{ OpenNow bool } }
	read := func() {
		t.Helper()
		c.Do(http.MethodGet, "/api/directory/authorities", nil).Expect(http.StatusOK).JSON(&offices)
		c.Do(http.MethodGet, "/api/directory/service-centres", nil).Expect(http.StatusOK).JSON(&halls)
		if len(offices.Authorities) != 16 || len(halls.Centres) != 284 {
			t.Fatalf("%d authorities, %d centres", len(offices.Authorities), len(halls.Centres))
		}
	}
	read()
	if !offices.Authorities[0].OpenNow || !halls.Centres[0].OpenNow {
		t.Error("Friday's hours")
	}
	for _, a := range offices.Authorities {
		if a.Accepts != (a.Code == servertest.DemoAuthority) {
			t.Errorf("%s accepts: %v", a.Code, a.Accepts)
		}
	}
	p.Clock.Set(time.Date(2026, 3, 28, 12, 0, 0, 0, time.UTC)) // Saturday, 17:00: centres are open, authorities are not (S8.1, S8.2)
	read()
	if offices.Authorities[0].OpenNow || !halls.Centres[0].OpenNow {
		t.Error("Saturday's hours")
	}
}

// I28: while the database is away the answer is "not now, come again", never a hang, a false success or a stack; when it is back, so are we.
func TestWhileTheDatabaseIsAway(t *testing.T) {
	p := servertest.New(t)
	person := p.SignInAs("person")
	outside := anotherDatabase(t, p)
	var name string
	if err := p.DB.Raw("SELECT current_database()").Scan(&name).Error; err != nil {
		t.Fatal(err)
	}
	do := func(sql string, args ...any) {
		t.Helper()
		if _, err := outside.Exec(t.Context(), sql, args...); err != nil {
			t.Fatal(err)
		}
	}
	do("ALTER DATABASE " + pgx.Identifier{name}.Sanitize() + " ALLOW_CONNECTIONS false")
	do("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name)
	anonymous := p.Anonymous()
	for range 3 { // the first may meet a broken connection, the next ones a closed door
		for _, r := range []*servertest.Response{
			person.Do(http.MethodGet, "/api/applications", nil), anonymous.Do(http.MethodPost, "/api/session/challenge", nil), person.Do(http.MethodGet, "/api/session", nil),
		} {
			if r.Status != http.StatusServiceUnavailable || r.Code() != "unavailable" || r.Header.Get("Retry-After") == "" {
				t.Errorf("%d %s", r.Status, r.Body)
			}
		}
	}
	anonymous.Do(http.MethodGet, "/readyz", nil).Expect(http.StatusServiceUnavailable)
	anonymous.Do(http.MethodGet, "/healthz", nil).Expect(http.StatusOK)
	anonymous.Do(http.MethodGet, "/api/config", nil).Expect(http.StatusOK)
	do("ALTER DATABASE " + pgx.Identifier{name}.Sanitize() + " ALLOW_CONNECTIONS true")
	person.Do(http.MethodGet, "/api/applications", nil).Expect(http.StatusOK)
	anonymous.Do(http.MethodGet, "/readyz", nil).Expect(http.StatusOK)
}

// anotherDatabase is a connection to the same server that does not go through the portal's own database.
func anotherDatabase(t *testing.T, p *servertest.Portal) *pgx.Conn {
	t.Helper()
	address := os.Getenv("ELICENSING_TEST_DATABASE_URL")
	if address == "" {
		var at struct{ Folder, Port, Name string }
		owner := dbtest.Owner(t, p.DB) // the portal itself may not look at the server's settings
		err := owner.Raw("SELECT current_setting('unix_socket_directories') AS folder, current_setting('port') AS port, current_user AS name").Scan(&at).Error
		if err != nil {
			t.Fatal(err)
		}
		address = fmt.Sprintf("host=%s port=%s user=%s dbname=postgres", strings.Trim(at.Folder, `"`), at.Port, at.Name)
	}
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

type panicking struct{ server.Demo }

func (panicking) People() []server.DemoPerson { panic("secret detail") }

func TestAPanicIsOneRefusal(t *testing.T) {
	p := servertest.New(t, func(d *server.Deps) { d.Demo = panicking{d.Demo} })
	c := p.Anonymous()
	r := c.Do(http.MethodGet, "/api/demo/people", nil)
	if r.Status != http.StatusInternalServerError || r.Code() != "internal" || strings.Contains(string(r.Body), "secret") || strings.Contains(string(r.Body), ".go") {
		t.Errorf("%d %s", r.Status, r.Body)
	}
	c.Do(http.MethodGet, "/healthz", nil).Expect(http.StatusOK)
	if !strings.Contains(p.Log.String(), "secret detail") {
		t.Error("the log does not say what happened")
	}
}

func TestWhatNewRefuses(t *testing.T) {
	var good server.Deps
	servertest.New(t, func(d *server.Deps) { good = *d })
	for name, change := range map[string]func(*server.Deps){
		"no log": func(d *server.Deps) { d.Log = nil }, "no clock": func(d *server.Deps) { d.Now = nil }, "no pages": func(d *server.Deps) { d.Pages = nil },
		"no identity": func(d *server.Deps) { d.Identity = nil }, "no catalog": func(d *server.Deps) { d.Catalog = nil },
		"no address": func(d *server.Deps) { d.PortalURL = "" }, "address without scheme": func(d *server.Deps) { d.PortalURL = "licences.example" },
		"ftp": func(d *server.Deps) { d.PortalURL = "ftp://licences.example" }, "address with path": func(d *server.Deps) { d.PortalURL = "https://licences.example/x" },
		"policy injection": func(d *server.Deps) { d.NCALayerURL = "wss://x; script-src *" }, "http for NCALayer": func(d *server.Deps) { d.NCALayerURL = "http://127.0.0.1:1" },
		"proxies": func(d *server.Deps) { d.TrustedProxies = []string{"everybody"} },
	} {
		d := good
		change(&d)
		if _, err := server.New(d); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	if _, err := server.New(good); err != nil {
		t.Error(err)
	}

}
