package main

import (
	"bufio"
	"context"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"elicensing/payments/egov"
	"elicensing/payments/mockgateway"
	"elicensing/server/database/dbtest"
	"elicensing/signing/democa"
	"elicensing/signing/pkcs12"
)

// installation is what an administrator of a real portal has: two roles of a database, a folder of roots, a certification authority, a gateway.
type installation struct {
	t          *testing.T
	ca         *democa.Authority
	asked      atomic.Int64 // how often the authority was asked about revocation
	ocspSilent atomic.Bool
	settings   map[string]string
	owner      string
	addr       string
}

func newInstallation(t *testing.T) *installation {
	t.Helper()
	in := &installation{t: t, addr: freeAddress(t)}
	var err error
	if in.ca, err = democa.Open(t.TempDir(), time.Now); err != nil {
		t.Fatal(err)
	}
	responder := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		in.asked.Add(1)
		if in.ocspSilent.Load() && r.URL.Path == democa.PathOCSP {
			http.Error(w, "out of order", http.StatusServiceUnavailable)
			return
		}
		in.ca.Handler().ServeHTTP(w, r)
	}))
	t.Cleanup(responder.Close)
	roots := t.TempDir()
	for name, c := range authorities(in.ca) {
		if err := os.WriteFile(filepath.Join(roots, name), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(roots, sourcesFile), []byte(sourcesOf(responder.URL)), 0o600); err != nil {
		t.Fatal(err)
	}
	ask, tell := newKey(t, "portal-1"), newKey(t, "gateway-1")
	gateway, err := mockgateway.New(mockgateway.Config{Dir: t.TempDir(), NoticeURL: "http://" + in.addr + "/api/payments/notices", Keys: mockgateway.Keys{Requests: []egov.Key{ask}, Notice: tell},
		ReturnOrigins: []string{"http://" + in.addr}, Now: time.Now, PublicURL: "http://gateway.test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = gateway.Close() })
	pages := httptest.NewServer(gateway.Handler())
	t.Cleanup(pages.Close)
	in.owner = dbtest.EmptyURL(t)
	in.settings = map[string]string{
		"ELICENSING_ADDR": in.addr, "ELICENSING_DATA": filepath.Join(t.TempDir(), "data"), "ELICENSING_PORTAL_URL": "http://" + in.addr, "ELICENSING_LICENCE_SERIES": "LAA",
		"ELICENSING_DATABASE_URL": in.owner, "ELICENSING_ROOTS": roots,
		"ELICENSING_GATEWAY_URL": pages.URL, "ELICENSING_GATEWAY_REQUEST_KEY": ask.ID + ":" + hex.EncodeToString(ask.Secret),
		"ELICENSING_MCI": "2027=4500,2028=4500", "ELICENSING_GATEWAY_NOTICE_KEYS": tell.ID + ":" + hex.EncodeToString(tell.Secret), "ELICENSING_SMTP_URL": "folder",
	}
	return in
}

// authorities are those of the demo authority by the names of their files: two roots and what each certifies.
func authorities(ca *democa.Authority) map[string]*x509.Certificate {
	named := map[string]*x509.Certificate{}
	for kind, all := range map[string][]*x509.Certificate{"root": ca.Roots(), "nca": ca.Intermediates()} {
		for _, c := range all {
			algorithm := "rsa"
			if c.PublicKeyAlgorithm == x509.UnknownPublicKeyAlgorithm {
				algorithm = "gost"
			}
			named[kind+"_"+algorithm+".pem"] = c
		}
	}
	return named
}

// sourcesOf says where each of them answers: one responder for people, a list of its own for each authority.
func sourcesOf(base string) string {
	return strings.NewReplacer("OCSP", base+democa.PathOCSP, "NCA_RSA", base+democa.PathCRL, "ROOT_RSA", base+democa.PathRootCRL,
		"NCA_GOST", base+democa.PathGOSTCRL, "ROOT_GOST", base+democa.PathGOSTRootCRL).Replace(`
root_rsa.pem: {crl: "ROOT_RSA"}
nca_rsa.pem: {ocsp: "OCSP", crl: "NCA_RSA"}
root_gost.pem: {crl: "ROOT_GOST"}
nca_gost.pem: {ocsp: "OCSP", crl: "NCA_GOST"}
`)
}

func newKey(t *testing.T, id string) egov.Key {
	t.Helper()
	key, err := egov.NewKey(id)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// with is the environment with some settings changed.
func (in *installation) with(changes ...string) func(string) string {
	values := map[string]string{}
	for name, value := range in.settings {
		values[name] = value
	}
	for _, change := range changes {
		name, value, _ := strings.Cut(change, "=")
		values[name] = value
	}
	return env(values)
}

// tell runs a command that ends by itself.
func (in *installation) tell(getenv func(string) string, args ...string) (code int, said string) {
	in.t.Helper()
	var out output
	ctx, cancel := context.WithTimeout(in.t.Context(), time.Minute)
	defer cancel()
	code = run(ctx, args, getenv, &out, &out)
	if ctx.Err() != nil {
		in.t.Fatalf("%v does not end:\n%s", args, out.String())
	}
	return code, out.String()
}

// serving starts `elicensing serve` and waits until it can work.
func (in *installation) serving(getenv func(string) string) (stop context.CancelFunc, ended <-chan int, said *output) {
	in.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	said = &output{}
	done := make(chan int, 1)
	go func() { done <- run(ctx, []string{"serve"}, getenv, said, said) }()
	in.t.Cleanup(cancel)
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		if r, err := http.Get("http://" + in.addr + "/readyz"); err == nil {
			r.Body.Close()
			if r.StatusCode == http.StatusOK {
				return cancel, done, said
			}
		}
		select {
		case code := <-done:
			in.t.Fatalf("serve ended with %d:\n%s", code, said)
		default:
		}
		if time.Now().After(deadline) {
			in.t.Fatalf("serve is not ready:\n%s", said)
		}
	}
}

// rows counts a table.
func (in *installation) rows(table string) (n int) {
	in.t.Helper()
	conn, err := pgx.Connect(in.t.Context(), in.owner)
	if err != nil {
		in.t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if err := conn.QueryRow(in.t.Context(), "SELECT count(*) FROM "+pgx.Identifier{table}.Sanitize()).Scan(&n); err != nil {
		in.t.Fatal(err)
	}
	return n
}

func (in *installation) browser(person string) *browser { return in.browserWith(person, in.ca.KeyFile) }

func (in *installation) browserWith(person string, keyFile func(string) ([]byte, error)) *browser {
	in.t.Helper()
	file, err := keyFile(person)
	if err != nil {
		in.t.Fatal(err)
	}
	k := &kit{}
	if k.key, k.certificate, k.chain, err = pkcs12.Open(file, democa.Password); err != nil {
		in.t.Fatal(err)
	}
	m := &machine{t: in.t, addr: in.addr, kits: map[string]*kit{person: k}}
	return m.browser(person)
}

// An administrator's way: migrate with two roles, staff, serve. People sign in with real signatures that the authority is asked about.
func TestServe(t *testing.T) {
	in := newInstallation(t)
	role := ""
	if dbtest.Separated(t) {
		in.settings["ELICENSING_DATABASE_URL"], role = dbtest.RoleOf(t, in.owner)
		if code, said := in.tell(in.with(), "serve"); code != 1 || !strings.Contains(said, "elicensing migrate") {
			t.Errorf("serve on an empty database: %d %s", code, said)
		}
	}
	code, said := in.tell(in.with("ELICENSING_MIGRATE_DATABASE_URL="+in.owner), "migrate")
	if code != 0 || !strings.Contains(said, "up to date") || !strings.Contains(said, role) {
		t.Fatalf("migrate: %d %s", code, said)
	}
	staff := filepath.Join(t.TempDir(), "staff.yaml")
	if err := os.WriteFile(staff, []byte(`authorities:
  - code: "13"
    bin: "990240003561"
    requisites: {taxOffice: "5903", beneficiary: "УГД", beneficiaryBin: "990240003561", account: KZ24070105KSN0000000, bankCode: KKMFKZ2A}
    employees:
      - {iin: "123456789031", name: "ЖҰМАБЕКОВА ҚЫМБАТ", roles: [chancery]}
`), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, said := in.tell(in.with(), "staff", staff); code != 0 || !strings.Contains(said, "13: 1 employees") {
		t.Fatalf("staff: %d %s", code, said)
	}
	stop, ended, log := in.serving(in.with())
	if role != "" && strings.Contains(log.String(), "owns the tables") {
		t.Errorf("serve works as the owner:\n%s", log)
	}
	for path, want := range map[string]int{"/healthz": 200, "/api/demo/people": 404, "/api/config": 200} {
		r, err := http.Get("http://" + in.addr + path)
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		if r.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, r.StatusCode, want)
		}
	}
	b := in.browser("person")
	if err := b.signIn(); err != nil {
		t.Fatalf("sign in: %v\n%s", err, log)
	}
	if in.asked.Load() == 0 {
		t.Error("nobody was asked about revocation")
	}
	if _, err := b.sign(); err != nil {
		t.Errorf("fill and sign a request: %v\n%s", err, log)
	}
	if err := in.browser("revoked").signIn(); err == nil {
		t.Error("a revoked certificate signs in")
	}
	// Its responder is silent: each authority's own list answers, for RSA and for GOST.
	in.ocspSilent.Store(true)
	for name, keyFile := range map[string]func(string) ([]byte, error){"RSA": in.ca.KeyFile, "GOST": in.ca.GOSTKeyFile} {
		if err := in.browserWith("sole-trader", keyFile).signIn(); err != nil {
			t.Errorf("%s, by the list: %v\n%s", name, err, log)
		}
		if err := in.browserWith("revoked", keyFile).signIn(); err == nil {
			t.Errorf("%s: a revoked certificate signs in by the list", name)
		}
	}
	trader := in.browser("sole-trader")
	if err := trader.signIn(); err != nil {
		t.Fatal(err)
	}
	if _, err := trader.sign(); err != nil {
		t.Errorf("sign a request by the list: %v\n%s", err, log)
	}
	stop()
	if code := <-ended; code != 0 {
		t.Errorf("stopped with %d:\n%s", code, log)
	}
	in.routines(in.with())
	// Both signatures can be shown offline, and a list that vouched for both is there once.
	if code, said := in.tell(in.with(), "check"); code != 0 || !strings.Contains(said, "evidence    ok (2)") {
		t.Errorf("check: %d\n%s", code, said)
	}
	if lists, uses := in.rows("revocation_lists"), in.rows("signature_lists"); lists != 2 || uses != 3 {
		t.Errorf("%d lists are kept for %d uses", lists, uses)
	}
	if strings.Contains(log.String(), "123456789") {
		t.Errorf("personal data in the log:\n%s", log)
	}
}

// A stop that was asked for lets the request under way finish, and takes no new one.
func TestAStopDrainsRequests(t *testing.T) {
	in := newInstallation(t)
	stop, ended, log := in.serving(in.with())
	conn, err := net.Dial("tcp", in.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	const body = `{"challengeId":"00000000-0000-7000-8000-000000000000","signature":"AAAA"}`
	fmt.Fprintf(conn, "POST /api/session HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: %d\r\nConnection: close\r\n\r\n", in.addr, len(body))
	answer := bufio.NewReader(conn)
	if line, err := answer.ReadString('\n'); err != nil || !strings.Contains(line, "100 Continue") {
		t.Fatalf("%q %v", line, err)
	}
	stop()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		late, err := net.Dial("tcp", in.addr)
		if err != nil {
			break
		}
		late.Close()
		if time.Now().After(deadline) {
			t.Fatal("still takes connections")
		}
	}
	select {
	case code := <-ended:
		t.Fatalf("ended with %d before the request was answered:\n%s", code, log)
	default:
	}
	if _, err := io.WriteString(conn, body); err != nil {
		t.Fatal(err)
	}
	rest, err := io.ReadAll(answer)
	if err != nil || !strings.Contains(string(rest), `"code":`) || strings.Contains(string(rest), `"unavailable"`) {
		t.Errorf("%s %v", rest, err)
	}
	if code := <-ended; code != 0 {
		t.Errorf("ended with %d:\n%s", code, log)
	}
}

func TestServeRefusesToGuessWhomToTrust(t *testing.T) {
	in := newInstallation(t)
	empty, other := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(other, "readme.txt"), []byte("roots"), 0o600); err != nil {
		t.Fatal(err)
	}
	onlyIssuing := t.TempDir()
	if err := os.WriteFile(filepath.Join(onlyIssuing, "issuing.der"), in.ca.Intermediates()[0].Raw, 0o600); err != nil {
		t.Fatal(err)
	}
	// The folder of a complete installation with other addresses.
	withSources := func(sources string) string {
		folder := t.TempDir()
		for name, c := range authorities(in.ca) {
			if err := os.WriteFile(filepath.Join(folder, name), c.Raw, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if sources != "" {
			if err := os.WriteFile(filepath.Join(folder, sourcesFile), []byte(sources), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		return folder
	}
	good := sourcesOf("http://ca.example")
	for name, c := range map[string]struct{ change, says string }{
		"no word on where to ask":   {"ELICENSING_ROOTS=" + withSources(""), "sources.yaml names no authority"},
		"nobody to ask":             {"ELICENSING_ROOTS=" + withSources("root_rsa.pem: {}\nnca_rsa.pem: {}\nroot_gost.pem: {}\nnca_gost.pem: {}\n"), "sources.yaml names no authority"},
		"an authority is forgotten": {"ELICENSING_ROOTS=" + withSources(strings.Replace(good, "nca_gost.pem", "nca_2004.pem", 1)), "nca_gost.pem is missing"},
		"an authority is unknown":   {"ELICENSING_ROOTS=" + withSources(strings.Replace(good, "nca_gost.pem", "nca_2004.pem", 1)), "nca_2004.pem is no certificate"},
		"an address is none":        {"ELICENSING_ROOTS=" + withSources(strings.ReplaceAll(good, "http://ca.example", "ldap://ca.example")), "nca_rsa.pem: revocation: "},
		"a word is unknown":         {"ELICENSING_ROOTS=" + withSources(strings.Replace(good, "ocsp:", "ocps:", 1)), "field ocps not found"},
		"a delta list alone":        {"ELICENSING_ROOTS=" + withSources(strings.Replace(good, "crl: \"http://ca.example"+democa.PathCRL, "delta: \"http://ca.example/d", 1)), "means nothing without the complete one"},
		"no folder":                 {"ELICENSING_ROOTS=", "ELICENSING_ROOTS is missing"},
		"a folder that is absent":   {"ELICENSING_ROOTS=" + filepath.Join(empty, "absent"), "ELICENSING_ROOTS"},
		"an empty folder":           {"ELICENSING_ROOTS=" + empty, "no root certificate"},
		"something else in it":      {"ELICENSING_ROOTS=" + other, "readme.txt is not a certificate"},
		"no root in it":             {"ELICENSING_ROOTS=" + onlyIssuing, "no root certificate"},
		"no portal address":         {"ELICENSING_PORTAL_URL=", "ELICENSING_PORTAL_URL is missing"},
		"no mail":                   {"ELICENSING_SMTP_URL=", "ELICENSING_SMTP_URL is missing"},
		"a year that is known":      {"ELICENSING_MCI=2026=5000", "ELICENSING_MCI: payments: MCI of 2026"},
		"no database":               {"ELICENSING_DATABASE_URL=", "ELICENSING_DATABASE_URL is missing"},
		"a database that is away":   {"ELICENSING_DATABASE_URL=postgres://a:s3cret@127.0.0.1:1/b", "cannot reach the database"},
	} {
		code, said := in.tell(in.with(c.change), "serve")
		if code != 1 || !strings.Contains(said, c.says) || strings.Contains(said, "s3cret") || strings.Contains(said, "goroutine") {
			t.Errorf("%s: %d %s", name, code, said)
		}
	}
	taken, err := net.Listen("tcp", in.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	if code, said := in.tell(in.with(), "serve"); code != 1 || !strings.Contains(said, "is taken by another program") {
		t.Errorf("a port that is taken: %d %s", code, said)
	}
}
