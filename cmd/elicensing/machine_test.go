package main

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// machine is one folder on which the program runs again and again.
type machine struct {
	t       *testing.T
	binary  string
	data    string
	addr    string
	gateway string
	kills   atomic.Int64
	kits    map[string]*kit

	mu    sync.Mutex
	cmd   *exec.Cmd
	ended chan error
	said  *output
}

// output is what the program says, read while it still runs.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(b)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// built is the program itself, built once for all tests that start it.
var built = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "elicensing-test-")
	if err != nil {
		return "", err
	}
	binary := filepath.Join(dir, "elicensing")
	if out, err := exec.Command("go", "build", "-buildvcs=false", "-o", binary, ".").CombinedOutput(); err != nil {
		return dir, fmt.Errorf("build: %w\n%s", err, out)
	}
	return binary, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if binary, err := built(); err == nil {
		_ = os.RemoveAll(filepath.Dir(binary))
	}
	os.Exit(code)
}

func newMachine(t *testing.T) *machine {
	t.Helper()
	binary, err := built()
	if err != nil {
		t.Fatal(err)
	}
	m := &machine{t: t, binary: binary, data: t.TempDir(), addr: freeAddress(t), gateway: freeAddress(t), kits: map[string]*kit{}}
	return m
}

// freeAddress is one at which nobody listens. Its port is none of those that the system gives out by itself (from 32768 on): one of them may be
// another test's by the time that the program listens there, or while it is being killed and started again.
func freeAddress(t *testing.T) string {
	t.Helper()
	for range 100 {
		address := fmt.Sprintf("127.0.0.1:%d", 10_000+rand.IntN(20_000))
		if l, err := net.Listen("tcp", address); err == nil {
			l.Close()
			return address
		}
	}
	t.Fatal("no free port is found")
	return ""
}

// command is the program with this machine's settings; those that are given win.
func (m *machine) command(args []string, settings ...string) *exec.Cmd {
	cmd := exec.Command(m.binary, args...)
	cmd.Env = append(os.Environ(), "ELICENSING_ADDR="+m.addr, "ELICENSING_MOCK_GATEWAY_ADDR="+m.gateway, "ELICENSING_DATA="+m.data, "ELICENSING_DATABASE_URL=", "ELICENSING_MIGRATE_DATABASE_URL=")
	cmd.Env = append(cmd.Env, settings...)
	return cmd
}

func (m *machine) start(settings ...string) {
	m.t.Helper()
	m.mu.Lock()
	defer m.mu.Unlock()
	m.said, m.ended = &output{}, make(chan error, 1)
	m.cmd = m.command([]string{"demo"}, settings...)
	m.cmd.Stdout, m.cmd.Stderr = m.said, m.said
	if err := m.cmd.Start(); err != nil {
		m.t.Fatal(err)
	}
	cmd, ended := m.cmd, m.ended
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
			m.t.Fatalf("the portal ended at start: %v\n%s", err, m.said)
		case <-time.After(50 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			m.t.Fatalf("the portal is not ready after a minute\n%s", m.said)
		}
	}
}

// kill ends the program at once.
func (m *machine) kill() {
	m.mu.Lock()
	defer m.mu.Unlock()
	_ = m.cmd.Process.Kill()
}

// stop asks the program to end, as Ctrl-C does, and sees that it leaves no PostgreSQL behind.
func (m *machine) stop() {
	m.t.Helper()
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		m.t.Fatal(err)
	}
	if err := <-m.ended; err != nil {
		m.t.Errorf("stopped: %v\n%s", err, m.said)
	}
	if left, err := filepath.Glob(filepath.Join(m.data, "postgres", "*", "postmaster.pid")); err != nil || len(left) > 0 {
		m.t.Error("PostgreSQL was left running, or was not stopped cleanly")
	}
}

// check runs the checkers on the folder of the stopped program.
func (m *machine) check() string {
	m.t.Helper()
	said, err := m.command([]string{"check"}).CombinedOutput()
	if err != nil {
		m.t.Errorf("elicensing check: %v\n%s", err, said)
	}
	return string(said)
}

// mostKills bounds the test's time. Every second one hits PostgreSQL as well, at least one of the fewest.
const fewestKills, mostKills = 2, 10

// murder kills program and PostgreSQL in turn at random moments, and starts the program again, until the filings have ended.
func (m *machine) murder(stop <-chan struct{}) {
	m.t.Helper()
	for m.kills.Load() < mostKills {
		select {
		case <-stop:
			return
		case <-time.After(time.Duration(1000+rand.IntN(3000)) * time.Millisecond):
		}
		if m.kills.Add(1)%2 == 0 {
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
