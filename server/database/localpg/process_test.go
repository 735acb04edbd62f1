package localpg

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The tests of this file run a second process: this test binary, told by the environment to start a server on a folder, say its
// address, and live until it is killed or its input ends.
const (
	childFolder = "LOCALPG_TEST_FOLDER"
	childBarred = "LOCALPG_TEST_WITHOUT_NAMESPACES"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(childFolder); dir != "" {
		os.Exit(holdServer(dir))
	}
	code := m.Run()
	if dir, err := template(); err == nil {
		if err := os.RemoveAll(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = max(code, 1)
		}
	}
	os.Exit(code)
}

func holdServer(dir string) int {
	signal.Ignore(syscall.SIGINT)
	if os.Getenv(childBarred) != "" {
		// Counted per user namespace: below this one no further may be made, as in a container that forbids them.
		if err := os.WriteFile("/proc/sys/user/max_user_namespaces", []byte("0"), 0o644); err != nil {
			fmt.Println("refused:", err)
			return 1
		}
	}
	server, err := Start(context.Background(), Options{Dir: dir})
	if err != nil {
		fmt.Println("refused:", ProblemOf(err), err)
		return 1
	}
	fmt.Println(server.URL())
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		return 1
	}
	if err := server.Stop(); err != nil {
		fmt.Println("refused:", err)
		return 1
	}
	return 0
}

type child struct {
	cmd   *exec.Cmd
	input io.Closer
	said  string // its first line: the address, or "refused: …"
}

func startChild(t *testing.T, binary, dir string, attributes *syscall.SysProcAttr, environment ...string) *child {
	t.Helper()
	cmd := exec.Command(binary)
	cmd.Env = append(os.Environ(), append(environment, childFolder+"="+dir)...)
	cmd.Dir, cmd.SysProcAttr, cmd.Stderr = "/", attributes, t.Output()
	input, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	output, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	c := &child{cmd: cmd, input: input}
	t.Cleanup(func() {
		if cmd.ProcessState == nil {
			_ = cmd.Process.Kill() // a test that failed half-way
			_ = cmd.Wait()
		}
	})
	line, err := bufio.NewReader(output).ReadString('\n')
	if err != nil {
		t.Fatalf("the child said %q: %v", line, err)
	}
	c.said = strings.TrimSpace(line)
	return c
}

func (c *child) address(t *testing.T) string {
	t.Helper()
	if !strings.HasPrefix(c.said, "postgres://") {
		t.Fatal(c.said)
	}
	return c.said
}

func (c *child) finish(t *testing.T) {
	t.Helper()
	if err := c.input.Close(); err != nil {
		t.Fatal(err)
	}
	if err := c.cmd.Wait(); err != nil {
		t.Fatal(err)
	}
}

func startStranger(t *testing.T) *exec.Cmd {
	t.Helper()
	stranger := exec.Command("sleep", "600")
	if err := stranger.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = stranger.Process.Kill()
		_ = stranger.Wait()
	})
	return stranger
}

func ourBinary(t *testing.T) string {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func TestKilledParentTakesPostgresWithIt(t *testing.T) {
	t.Parallel()
	dir := usedFolder(t)
	parent := startChild(t, ourBinary(t), dir, nil)
	execute(t, parent.address(t), "CREATE TABLE kept AS SELECT generate_series(1, 500) AS n")
	postmaster, err := postmasterOf(filepath.Join(dir, "pgdata"))
	if err != nil || postmaster == 0 {
		t.Fatal(postmaster, err)
	}
	if err := parent.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = parent.cmd.Wait() // killed
	awaitGone(t, postmaster, filepath.Join(dir, "pgdata"))
	if got := answer(t, startIn(t, dir).URL(), "SELECT count(*)::text FROM kept"); got != "500" {
		t.Errorf("%s rows after kill -9 of the program, want 500", got)
	}
}

func TestImmediateRestartAfterKilledParent(t *testing.T) {
	t.Parallel()
	dir := usedFolder(t)
	for round := range 3 {
		parent := startChild(t, ourBinary(t), dir, nil)
		execute(t, parent.address(t), fmt.Sprintf("CREATE TABLE kept_%d ()", round))
		if err := parent.cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = parent.cmd.Wait() // killed
	}
	if got := answer(t, startIn(t, dir).URL(), "SELECT count(*)::text FROM pg_tables WHERE tablename LIKE 'kept%'"); got != "3" {
		t.Errorf("%s tables, want 3", got)
	}
}

// A server that outlives its parent (a system without the kernel's signal) is ended by the next start.
func TestLeftoverServerIsEnded(t *testing.T) {
	t.Parallel()
	dir := usedFolder(t)
	first := startIn(t, dir)
	execute(t, first.URL(), "CREATE TABLE kept AS SELECT 7 AS n")
	// The lock goes without the server: as if the holder had died and the kernel's signal had not come.
	// Given back first, since a child that another test is just starting has a copy of the open file.
	lock := first.folder.lockFile
	if err := errors.Join(syscall.Flock(int(lock.Fd()), syscall.LOCK_UN), lock.Close()); err != nil {
		t.Fatal(err)
	}
	second, err := Start(t.Context(), Options{Dir: dir, Log: t.Output()})
	if err != nil {
		t.Fatal(err)
	}
	awaitEnd(t, first)
	if got := answer(t, second.URL(), "SELECT n::text FROM kept"); got != "7" {
		t.Errorf("the row reads %q", got)
	}
	if err := second.Stop(); err != nil {
		t.Fatal(err)
	}
	first.stop.Do(func() {}) // its lock is closed already
}

// A caller who keeps only the address must not lose the lock to the garbage collector.
func TestLockOutlivesADroppedServer(t *testing.T) {
	t.Parallel()
	dir := usedFolder(t)
	pid := func() int {
		server, err := Start(t.Context(), Options{Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		return server.Pid()
	}()
	for range 5 {
		runtime.GC()
	}
	refused(t, dir, FolderInUse)
	if err := syscall.Kill(pid, syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	awaitGone(t, pid, filepath.Join(dir, "pgdata"))
}

func awaitGone(t *testing.T, pid int, data string) {
	t.Helper()
	for deadline := time.Now().Add(patience); servesFolder(pid, data); {
		if time.Now().After(deadline) {
			t.Fatalf("PostgreSQL (process %d) outlived its parent", pid)
		}
		if err := pause(t.Context(), 5*time.Millisecond); err != nil {
			t.Fatal(err)
		}
	}
}
