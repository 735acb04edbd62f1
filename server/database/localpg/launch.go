package localpg

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// launchUntilReady starts PostgreSQL; a start that is refused only because an earlier server's processes are still ending is tried
// again.
func (s *Server) launchUntilReady(ctx context.Context, bin binaries, as identity, disposable bool) error {
	deadline := time.Now().Add(blockedWithin)
	for {
		logged, err := s.launch(bin, as, disposable)
		if err != nil {
			return err
		}
		err = s.awaitReady(ctx)
		if err == nil {
			return nil
		}
		stopErr := s.end()
		said := s.folder.logFrom(logged)
		blocked := strings.Contains(said, "pre-existing shared memory block") || strings.Contains(said, `"postmaster.pid" already exists`) ||
			strings.Contains(said, `.lock" already exists`) // of the socket
		if blocked && ctx.Err() == nil && time.Now().Before(deadline) {
			if err := pause(ctx, 200*time.Millisecond); err != nil {
				return err
			}
			if err := endLeftover(ctx, s.folder.data, s.folder.socket, s.log); err != nil {
				return err
			}
			continue
		}
		return errors.Join(refuse(DidNotStart, err, "PostgreSQL did not start in %s; its log says:\n%s", s.folder.path, said), stopErr)
	}
}

// launch starts the process and answers how long the log was before.
func (s *Server) launch(bin binaries, as identity, disposable bool) (int64, error) {
	log, err := s.folder.openLog()
	if err != nil {
		return 0, err
	}
	defer log.Close() // the child has its own copy
	info, err := log.Stat()
	if err != nil {
		return 0, fmt.Errorf("measure the PostgreSQL log: %w", err)
	}
	cmd := exec.Command(bin.postgres, s.folder.arguments(disposable)...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = s.folder.data, log, log
	cmd.Env = childEnvironment()
	cmd.SysProcAttr = as.childAttributes()

	started, ended := make(chan error), make(chan struct{})
	go func() {
		// The kernel's signal at the parent's death follows the thread that forked, so this goroutine keeps its thread until the child
		// has ended.
		runtime.LockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait() // how it ended is in its log; that it ended is what matters
			close(ended)
			// A caller may drop the Server and keep only its address. Collected as garbage, the lock's file would be closed, and the next
			// copy would take the folder from under a running server.
			runtime.KeepAlive(s.folder.lockFile)
		}
	}()
	if err := <-started; err != nil {
		return 0, refuse(DidNotStart, err, "PostgreSQL (%s) cannot be run", bin.postgres)
	}
	s.cmd, s.ended = cmd, ended
	return info.Size(), nil
}

// arguments of the server. Its log must not hold what people typed: no statements, no parameters, and no errors of statements, which
// quote values and reach the program anyway.
func (f *folder) arguments(disposable bool) []string {
	settings := []string{
		"listen_addresses=", "unix_socket_permissions=0700",
		`unix_socket_directories="` + strings.ReplaceAll(f.socket, `"`, `""`) + `"`,
		"max_connections=200", "timezone=UTC", "log_timezone=UTC",
		"logging_collector=off", "log_destination=stderr", "log_min_messages=log", "log_error_verbosity=terse",
		"log_min_error_statement=panic", "log_parameter_max_length_on_error=0", "log_statement=none",
	}
	if disposable {
		settings = append(settings, "fsync=off", "full_page_writes=off", "synchronous_commit=off", "autovacuum=off")
	}
	arguments := []string{"-D", f.data}
	for _, setting := range settings {
		arguments = append(arguments, "-c", setting)
	}
	return arguments
}

// childEnvironment leaves out PG…, which would change where and how the server starts, and the rest of our environment, which it does
// not need.
func childEnvironment() []string {
	environment := []string{"LC_ALL=C.UTF-8", "TZ=UTC"}
	for _, name := range []string{"PATH", "LD_LIBRARY_PATH", "TMPDIR"} {
		if value, ok := os.LookupEnv(name); ok {
			environment = append(environment, name+"="+value)
		}
	}
	return environment
}

// awaitReady returns nil once our own child answers, and our database is there.
func (s *Server) awaitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	for {
		conn, err := pgx.Connect(ctx, s.folder.url(superuser, "postgres"))
		if err == nil && !s.ownsFolder() { // an earlier server answered on our socket
			err = errors.Join(errors.New("another PostgreSQL answers there"), conn.Close(ctx))
		} else if err == nil {
			err = ensureDatabase(ctx, conn)
			return errors.Join(err, conn.Close(ctx))
		}
		select {
		case <-s.ended:
			return errors.New("it ended at once")
		case <-ctx.Done():
			return fmt.Errorf("it did not answer in time: %w", err)
		case <-time.After(15 * time.Millisecond):
		}
	}
}

// ownsFolder reports whether the cluster's pid file names our child.
func (s *Server) ownsFolder() bool {
	pid, err := postmasterOf(s.folder.data)
	return err == nil && pid == s.Pid()
}

// ensureDatabase makes the database and the program's role, each when it is not there: a folder of an earlier version has only the first.
func ensureDatabase(ctx context.Context, conn *pgx.Conn) error {
	var hasDatabase, hasRole bool
	err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1), EXISTS (SELECT FROM pg_roles WHERE rolname = $2)", database, Role).
		Scan(&hasDatabase, &hasRole)
	if err != nil {
		return fmt.Errorf("look for the database: %w", err)
	}
	if !hasDatabase {
		if _, err := conn.Exec(ctx, "CREATE DATABASE "+database); err != nil {
			return fmt.Errorf("create the database: %w", err)
		}
	}
	if !hasRole {
		if _, err := conn.Exec(ctx, "CREATE ROLE "+Role+" LOGIN"); err != nil {
			return fmt.Errorf("create the program's role: %w", err)
		}
	}
	return nil
}

// logFrom reads what PostgreSQL wrote since offset, at most its last 2 KB.
func (f *folder) logFrom(offset int64) string {
	text, err := os.ReadFile(filepath.Clean(f.log))
	if err != nil {
		return "(its log cannot be read: " + err.Error() + ")"
	}
	text = text[min(offset, int64(len(text))):]
	return strings.TrimSpace(string(text[max(0, len(text)-2048):]))
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
