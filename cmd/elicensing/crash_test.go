package main

import (
	"bytes"
	"context"
	"crypto"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"elicensing/server/catalog"
	"elicensing/server/database"
	"elicensing/server/servertest"
	"elicensing/signing/cms"
	"elicensing/signing/pkcs12"
)

// The real program, its own PostgreSQL, the real gateway over HTTP; both are killed with -9 in the middle of filings and started again (I1, I28).
// Nothing that was acknowledged is lost, nothing is doubled, numbers have no gap, and every payment at the gateway ends in one filed application.
func TestKilledInTheMiddleOfFilings(t *testing.T) {
	const filings = 200
	m := newMachine(t)
	m.start()
	defer m.kill()

	var done sync.WaitGroup
	var mu sync.Mutex
	acknowledged := map[string]string{} // application → the last state that a client was told
	stop := make(chan struct{})
	left := filings
	take := func() bool {
		mu.Lock()
		defer mu.Unlock()
		left--
		return left >= 0
	}
	for _, person := range []string{"person", "sole-trader", "director"} {
		done.Go(func() {
			b := m.browser(person)
			for take() {
				b.file(func(id, state string) {
					mu.Lock()
					defer mu.Unlock()
					acknowledged[id] = state
				})
			}
		})
	}
	go func() {
		done.Wait()
		close(stop)
	}()
	m.murder(stop)

	// Every payment that was begun is settled by now or by the next look at the gateway.
	db, pool, err := database.Open(t.Context(), m.databaseURL(), newLog(io.Discard))
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	count := func(sql string, args ...any) (n int) {
		t.Helper()
		if err := db.Raw(sql, args...).Scan(&n).Error; err != nil {
			t.Fatal(err)
		}
		return n
	}
	m.until(func() bool {
		return count("SELECT count(*) FROM applications WHERE state = 'awaiting_payment'") == 0
	})
	if n := count("SELECT count(*) FROM applications WHERE state = 'filed'"); n < filings {
		t.Errorf("%d of %d filed", n, filings)
	}
	n := count("SELECT count(*) FROM applications WHERE number IS NOT NULL")
	if distinct := count("SELECT count(DISTINCT number_seq) FROM applications WHERE number_seq BETWEEN 1 AND ?", n); distinct != n {
		t.Errorf("%d applications have %d numbers of 1…%d", n, distinct, n)
	}
	for id, state := range acknowledged {
		if count("SELECT count(*) FROM applications WHERE id = ? AND state = 'filed'", id) != 1 {
			t.Errorf("application %s was acknowledged as %s and is lost", id, state)
		}
	}
	if doubled := count("SELECT count(*) FROM (SELECT application_id FROM journal WHERE action = 'file' GROUP BY application_id HAVING count(*) > 1) d"); doubled != 0 {
		t.Errorf("%d applications were filed twice", doubled)
	}
	if sum := count("SELECT coalesce(sum(amount_tiyn), 0) FROM ledger_lines"); sum != 0 {
		t.Errorf("the ledger sums to %d", sum)
	}
	t.Logf("%d filings, %d kills", n, m.kills)
}

// machine is one folder on which the program runs again and again.
type machine struct {
	t       *testing.T
	binary  string
	data    string
	addr    string
	gateway string
	kills   int
	kits    map[string]*kit

	mu  sync.Mutex
	cmd *exec.Cmd
}

// kit is a demo person's opened key file.
type kit struct {
	key         crypto.Signer
	certificate *x509.Certificate
	chain       []*x509.Certificate
}

func newMachine(t *testing.T) *machine {
	t.Helper()
	m := &machine{t: t, binary: filepath.Join(t.TempDir(), "elicensing"), data: t.TempDir(), addr: freeAddress(t), gateway: freeAddress(t), kits: map[string]*kit{}}
	build := exec.CommandContext(t.Context(), "go", "build", "-buildvcs=false", "-o", m.binary, ".")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return m
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func (m *machine) start() {
	m.t.Helper()
	m.mu.Lock()
	defer m.mu.Unlock()
	var said bytes.Buffer
	m.cmd = exec.Command(m.binary, "demo")
	m.cmd.Env = append(os.Environ(), "ELICENSING_ADDR="+m.addr, "ELICENSING_MOCK_GATEWAY_ADDR="+m.gateway, "ELICENSING_DATA="+m.data, "ELICENSING_DATABASE_URL=")
	m.cmd.Stdout, m.cmd.Stderr = &said, &said
	if err := m.cmd.Start(); err != nil {
		m.t.Fatal(err)
	}
	ended := make(chan error, 1)
	cmd := m.cmd
	go func() { ended <- cmd.Wait() }()
	for deadline := time.Now().Add(time.Minute); ; {
		if r, err := http.Get("http://" + m.addr + "/readyz"); err == nil {
			r.Body.Close()
			if r.StatusCode == http.StatusOK {
				return
			}
		}
		select {
		case err := <-ended:
			m.t.Fatalf("the portal ended at start: %v\n%s", err, said.String())
		case <-time.After(50 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			m.t.Fatalf("the portal is not ready after a minute\n%s", said.String())
		}
	}
}

// kill ends the program at once.
func (m *machine) kill() {
	m.mu.Lock()
	defer m.mu.Unlock()
	_ = m.cmd.Process.Kill()
}

// mostKills bounds the test's time: half of them hit PostgreSQL as well.
const mostKills = 10

// murder kills program and PostgreSQL in turn at random moments, and starts the program again, until the filings have ended.
func (m *machine) murder(stop <-chan struct{}) {
	m.t.Helper()
	for m.kills < mostKills {
		select {
		case <-stop:
			return
		case <-time.After(time.Duration(1000+rand.IntN(3000)) * time.Millisecond):
		}
		m.kills++
		if m.kills%2 == 0 {
			m.killPostgres()
		}
		m.kill()
		m.gone()
		m.start()
	}
	<-stop
}

func (m *machine) killPostgres() {
	m.t.Helper()
	pid, err := os.ReadFile(m.postmaster())
	if err != nil {
		m.t.Fatal(err)
	}
	first, _, _ := strings.Cut(string(pid), "\n")
	n, err := strconv.Atoi(first)
	if err != nil {
		m.t.Fatal(err)
	}
	if err := syscall.Kill(n, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
		m.t.Fatal(err)
	}
}

func (m *machine) postmaster() string {
	found, err := filepath.Glob(filepath.Join(m.data, "postgres", "*", "postmaster.pid"))
	if err != nil || len(found) != 1 {
		m.t.Fatalf("postmaster.pid: %v %v", found, err)
	}
	return found[0]
}

// gone waits until the port is free.
func (m *machine) gone() {
	m.until(func() bool {
		l, err := net.Listen("tcp", m.addr)
		if err != nil {
			return false
		}
		l.Close()
		return true
	})
}

func (m *machine) until(ok func() bool) {
	m.t.Helper()
	for deadline := time.Now().Add(3 * time.Minute); !ok(); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(deadline) {
			m.t.Fatal("waited three minutes in vain")
		}
	}
}

// databaseURL is the socket of the portal's own PostgreSQL, as its postmaster.pid names it.
func (m *machine) databaseURL() string {
	m.t.Helper()
	pid, err := os.ReadFile(m.postmaster())
	if err != nil {
		m.t.Fatal(err)
	}
	lines := strings.Split(string(pid), "\n")
	return "postgres://portal@/elicensing?sslmode=disable&host=" + url.QueryEscape(strings.TrimSpace(lines[4]))
}

// file takes one application from draft to filed, repeating whatever a crash has cut short, as a person with patience would.
func (b *browser) file(told func(id, state string)) {
	for {
		if err := b.tryFile(told); err == nil || b.machine.t.Failed() {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
}

var errAgain = errors.New("cut short")

// kinds of applicant that the demo people are.
var kinds = map[string]catalog.ApplicantKind{"person": catalog.Person, "sole-trader": catalog.SoleTrader, "director": catalog.Entity}

func (m *machine) browser(person string) *browser {
	m.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		m.t.Fatal(err)
	}
	return &browser{machine: m, person: person, kind: kinds[person],
		http: &http.Client{Jar: jar, Timeout: 20 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

func (b *browser) tryFile(told func(id, state string)) error {
	// The session lies in the database and outlives the crashes.
	var session struct{ SignedIn bool }
	if err := b.do("GET", "/api/session", nil, &session); err != nil {
		return err
	}
	if !session.SignedIn {
		if err := b.signIn(); err != nil {
			return err
		}
	}
	// What an earlier attempt has begun is gone on with.
	var list struct {
		Applications []struct{ ID, State string }
	}
	if err := b.do("GET", "/api/applications", nil, &list); err != nil {
		return err
	}
	var err error
	i := slices.IndexFunc(list.Applications, func(a struct{ ID, State string }) bool { return a.State == "awaiting_payment" })
	id := ""
	if i >= 0 {
		id = list.Applications[i].ID
	} else if id, err = b.sign(); err != nil {
		return err
	}
	told(id, "awaiting_payment")
	var page struct{ PageURL string }
	if err := b.do("POST", "/api/applications/"+id+"/pay", nil, &page); err != nil {
		return err
	}
	answer, err := b.http.PostForm(page.PageURL, url.Values{"action": {"card"}, "card": {"succeeds"}})
	if err != nil {
		return errAgain
	}
	answer.Body.Close()
	var a struct{ State string }
	if err := b.do("POST", "/api/applications/"+id+"/payment", nil, &a); err != nil || a.State != "filed" {
		return errAgain
	}
	told(id, a.State)
	return nil
}

type browser struct {
	machine *machine
	person  string
	kind    catalog.ApplicantKind
	http    *http.Client
}

func (b *browser) do(method, path string, body, into any) error {
	var sent io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return err
		}
		sent = bytes.NewReader(raw)
	}
	r, err := http.NewRequestWithContext(context.Background(), method, "http://"+b.machine.addr+path, sent)
	if err != nil {
		return err
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	r.Header.Set("Idempotency-Key", fmt.Sprintf("crash-%d", rand.Uint64()))
	answer, err := b.http.Do(r)
	if err != nil {
		return errAgain
	}
	defer answer.Body.Close()
	raw, err := io.ReadAll(answer.Body)
	if err != nil {
		return errAgain
	}
	if answer.StatusCode >= 300 {
		return fmt.Errorf("%w: %s %s: %d", errAgain, method, path, answer.StatusCode)
	}
	if into == nil || len(raw) == 0 {
		return nil
	}
	return json.Unmarshal(raw, into)
}

func (b *browser) signature(content []byte) (string, error) {
	b.machine.mu.Lock()
	k := b.machine.kits[b.person]
	b.machine.mu.Unlock()
	if k == nil {
		answer, err := b.http.Get("http://" + b.machine.addr + "/api/demo/people/" + b.person + "/key")
		if err != nil {
			return "", errAgain
		}
		defer answer.Body.Close()
		file, err := io.ReadAll(answer.Body)
		if err != nil {
			return "", errAgain
		}
		k = &kit{}
		if k.key, k.certificate, k.chain, err = pkcs12.Open(file, "Qwerty12"); err != nil {
			return "", err
		}
		b.machine.mu.Lock()
		b.machine.kits[b.person] = k
		b.machine.mu.Unlock()
	}
	der, err := cms.Sign(content, cms.SignOptions{Key: k.key, Certificate: k.certificate, Chain: k.chain})
	return base64.StdEncoding.EncodeToString(der), err
}

func (b *browser) signIn() error {
	var challenge struct {
		ID      string
		Content []byte
	}
	if err := b.do("POST", "/api/session/challenge", nil, &challenge); err != nil {
		return err
	}
	signature, err := b.signature(challenge.Content)
	if err != nil {
		return err
	}
	return b.do("POST", "/api/session", map[string]any{"challengeId": challenge.ID, "signature": signature}, nil)
}

// sign brings a draft to the signed state.
func (b *browser) sign() (string, error) {
	kind := b.kind
	var a struct {
		ID          string
		Revision    int
		Attachments []struct{ ID string }
	}
	if err := b.do("POST", "/api/applications", map[string]any{"service": "medical-activity", "kind": "licence", "applicantKind": kind}, &a); err != nil {
		return "", err
	}
	if err := b.do("PUT", "/api/applications/"+a.ID+"/answers", map[string]any{"revision": a.Revision, "answers": servertest.Answers(kind)}, nil); err != nil {
		return "", err
	}
	if slot := map[catalog.ApplicantKind]string{catalog.Entity: "entityRegistration", catalog.SoleTrader: "soleTraderRegistration"}[kind]; slot != "" && len(a.Attachments) == 0 {
		if err := b.attach(a.ID, slot); err != nil {
			return "", err
		}
	}
	var to struct {
		Content []byte
		Digest  string
	}
	if err := b.do("POST", "/api/applications/"+a.ID+"/document", nil, &to); err != nil {
		return "", err
	}
	signature, err := b.signature(to.Content)
	if err != nil {
		return "", err
	}
	return a.ID, b.do("POST", "/api/applications/"+a.ID+"/sign", map[string]any{"digest": to.Digest, "signature": signature}, nil)
}

func (b *browser) attach(id, slot string) error {
	content := servertest.Picture()
	b64 := base64.StdEncoding.EncodeToString
	send := func(method, address string, body []byte, headers map[string]string) (*http.Response, error) {
		r, err := http.NewRequestWithContext(context.Background(), method, "http://"+b.machine.addr+address, bytes.NewReader(body))
		if err != nil {
			return nil, err
		}
		r.Header.Set("Tus-Resumable", "1.0.0")
		for k, v := range headers {
			r.Header.Set(k, v)
		}
		answer, err := b.http.Do(r)
		if err != nil {
			return nil, errAgain
		}
		answer.Body.Close()
		if answer.StatusCode >= 300 {
			return nil, errAgain
		}
		return answer, nil
	}
	begun, err := send("POST", "/api/applications/"+id+"/uploads", nil, map[string]string{"Upload-Length": strconv.Itoa(len(content)),
		"Upload-Metadata": "slot " + b64([]byte(slot)) + ",filename " + b64([]byte("a.png"))})
	if err != nil {
		return err
	}
	_, err = send("PATCH", begun.Header.Get("Location"), content, map[string]string{"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"})
	return err
}
