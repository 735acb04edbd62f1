package localpg

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// patience bounds a wait in these tests; what is waited for happens within milliseconds.
const patience = 30 * time.Second

func startIn(t *testing.T, dir string) *Server {
	t.Helper()
	server, err := Start(t.Context(), Options{Dir: dir, Log: t.Output()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	return server
}

// template is a cluster that was stopped cleanly. Creating one takes a second of both cores, copying it none.
var template = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "localpg-template-")
	if err != nil {
		return "", err
	}
	server, err := Start(context.Background(), Options{Dir: dir})
	if err != nil {
		return "", err
	}
	return dir, server.Stop()
})

// usedFolder is a folder that has seen a server before.
func usedFolder(t *testing.T) string {
	t.Helper()
	source, err := template()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	data := filepath.Join(dir, "pgdata")
	if err := os.CopyFS(data, os.DirFS(filepath.Join(source, "pgdata"))); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(data, 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}

func execute(t *testing.T, address string, statements ...string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	for _, statement := range statements {
		if _, err := conn.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
}

func answer(t *testing.T, address, question string) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	var text string
	if err := conn.QueryRow(t.Context(), question).Scan(&text); err != nil {
		t.Fatal(err)
	}
	return text
}

func awaitEnd(t *testing.T, server *Server) {
	t.Helper()
	select {
	case <-server.Ended():
	case <-time.After(patience):
		t.Fatal("PostgreSQL did not end")
	}
}

func refused(t *testing.T, dir string, want Problem, mentions ...string) {
	t.Helper()
	server, err := Start(t.Context(), Options{Dir: dir})
	if err == nil {
		t.Fatalf("started where it should refuse (stop: %v)", server.Stop())
	}
	if ProblemOf(err) != want {
		t.Fatalf("problem %q, want %q: %v", ProblemOf(err), want, err)
	}
	for _, text := range mentions {
		if !strings.Contains(err.Error(), text) {
			t.Errorf("the sentence does not mention %q: %v", text, err)
		}
	}
}

func TestFreshStartStopAndSecondStart(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "not", "yet", "there")
	server := startIn(t, dir)
	execute(t, server.URL(), "CREATE TABLE kept AS SELECT 7 AS n")
	if got := answer(t, server.URL(), "SELECT lower('ӘҚЖ') || current_setting('listen_addresses')"); got != "әқж" {
		t.Errorf("Kazakh letters are not folded, or it listens on the network: %q", got)
	}
	if err := server.Stop(); err != nil {
		t.Fatal(err)
	}
	awaitEnd(t, server)
	if _, err := os.Stat(filepath.Join(dir, "pgdata", "postmaster.pid")); !os.IsNotExist(err) {
		t.Errorf("not a clean stop: postmaster.pid: %v", err)
	}
	again := startIn(t, dir)
	if got := answer(t, again.URL(), "SELECT n::text FROM kept"); got != "7" {
		t.Errorf("after a second start the row reads %q", got)
	}
	if log := readFile(t, filepath.Join(dir, "postgres.log")); strings.Contains(log, "was not properly shut down") {
		t.Errorf("the first stop was not clean:\n%s", log)
	}
}

func TestSecondCopyOnTheFolderIsRefused(t *testing.T) {
	t.Parallel()
	dir := usedFolder(t)
	first := startIn(t, dir)
	refused(t, dir, FolderInUse, dir, strconv.Itoa(os.Getpid()), "ELICENSING_DATA")
	if got := answer(t, first.URL(), "SELECT 'alive'"); got != "alive" {
		t.Error("the refused copy harmed the running one")
	}
}

func TestKilledPostgresKeepsCommittedRows(t *testing.T) {
	t.Parallel()
	dir := usedFolder(t)
	server := startIn(t, dir)
	execute(t, server.URL(), "CREATE TABLE kept AS SELECT generate_series(1, 500) AS n")
	if err := syscall.Kill(server.Pid(), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	awaitEnd(t, server)
	if err := server.Stop(); err != nil {
		t.Fatalf("stop after a crash: %v", err)
	}
	again := startIn(t, dir)
	if got := answer(t, again.URL(), "SELECT count(*)::text FROM kept"); got != "500" {
		t.Errorf("%s rows after the crash, want 500", got)
	}
}

// A crash leaves the pid file behind, and its number may be somebody else's by the next start.
func TestPidFileNamingAStrangerIsNoHindrance(t *testing.T) {
	t.Parallel()
	dir := usedFolder(t)
	server := startIn(t, dir)
	execute(t, server.URL(), "CREATE TABLE kept AS SELECT 7 AS n")
	if err := syscall.Kill(server.Pid(), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	awaitEnd(t, server)
	if err := server.Stop(); err != nil {
		t.Fatal(err)
	}
	stranger := startStranger(t)
	pidFile := filepath.Join(dir, "pgdata", "postmaster.pid")
	_, rest, _ := strings.Cut(readFile(t, pidFile), "\n")
	writeFile(t, pidFile, strconv.Itoa(stranger.Process.Pid)+"\n"+rest)
	again := startIn(t, dir)
	if got := answer(t, again.URL(), "SELECT n::text FROM kept"); got != "7" {
		t.Errorf("the row reads %q", got)
	}
	if err := stranger.Process.Signal(syscall.Signal(0)); err != nil {
		t.Errorf("the stranger was ended: %v", err)
	}
}

func TestInitialisationCutShortIsMadeAnew(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "pgdata.new", "base"), 0o700); err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(dir, "pgdata.new", "PG_VERSION"), "15\n")
	if got := answer(t, startIn(t, dir).URL(), "SELECT 'ok'"); got != "ok" {
		t.Error(got)
	}
}

func TestDeepFolderGetsAShortSocket(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), strings.Repeat("deep folder, \"quoted\"/", 8), "pg")
	server := startIn(t, dir)
	if got := answer(t, server.URL(), "SELECT 'ok'"); got != "ok" {
		t.Error(got)
	}
	socket := server.folder.socket
	if info, err := os.Stat(socket); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the socket folder must be private: %v %v", info, err)
	}
	if err := server.Stop(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(socket); !os.IsNotExist(err) {
		t.Errorf("the short socket folder was left behind: %v", err)
	}
}

func TestSocketFolderOpenToOthersIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "run"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(dir, "run"), 0o777); err != nil {
		t.Fatal(err)
	}
	refused(t, dir, FolderForbidden, filepath.Join(dir, "run"))
}

func TestLogHoldsNoValues(t *testing.T) {
	t.Parallel()
	dir := usedFolder(t)
	server := startIn(t, dir)
	execute(t, server.URL(), "CREATE TABLE people (iin text PRIMARY KEY)", "INSERT INTO people VALUES ('850101300123')")
	conn, err := pgx.Connect(t.Context(), server.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	for _, statement := range []string{"INSERT INTO people VALUES ($1)", "SELECT $1::text::uuid"} {
		if _, err := conn.Exec(t.Context(), statement, "850101300123"); err == nil {
			t.Fatalf("%s succeeded", statement)
		}
	}
	if err := server.Stop(); err != nil {
		t.Fatal(err)
	}
	if log := readFile(t, filepath.Join(dir, "postgres.log")); strings.Contains(log, "850101300123") {
		t.Errorf("the log holds what a person typed:\n%s", log)
	}
}

func TestRefusedStartTellsWhatThePostgresLogSays(t *testing.T) {
	t.Parallel()
	dir := usedFolder(t)
	if err := startIn(t, dir).Stop(); err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(dir, "pgdata", "postgresql.auto.conf"), "no_such_setting = 1\n")
	refused(t, dir, DidNotStart, "no_such_setting")
}

func TestCancelledStartLeavesTheFolderFree(t *testing.T) {
	t.Parallel()
	dir := usedFolder(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	server, err := Start(ctx, Options{Dir: dir})
	if err == nil {
		t.Fatalf("started under a cancelled context (stop: %v)", server.Stop())
	}
	if !errors.Is(err, context.Canceled) || strings.ContainsAny(err.Error(), "\n") || ProblemOf(err) != "" {
		t.Errorf("a start that was interrupted is explained: %v", err)
	}
	startIn(t, dir)
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
