// Package localpg runs a PostgreSQL of our own as a child process in a private folder, for those who start the portal without one.
// It is the same PostgreSQL as in production: one dialect, one set of migrations, one kind of lock.
//
// The server listens on a socket in a folder that only we may enter, never on a network port. It ends with us however we end: cleanly
// after Stop, and by a signal of the kernel when this process is killed; what was committed is there at the next start.
package localpg

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os/exec"
	"sync"
	"syscall"
	"time"
)

const (
	superuser = "portal" // owns everything, and migrates
	database  = "elicensing"

	// Role is what the program works as: it owns nothing, and may do what it is given.
	Role = "elicensing_app"

	// readyWithin bounds a start: after a crash PostgreSQL first replays its journal.
	readyWithin = 2 * time.Minute
	// blockedWithin bounds the wait for what an earlier server left in memory.
	blockedWithin = 20 * time.Second
	// stopWithin bounds a polite stop; after it the server is told to end without finishing anything.
	stopWithin = 20 * time.Second
)

// Options say where and how.
type Options struct {
	// Dir is the private folder; it is made when new and holds data, socket, lock and log.
	Dir string
	// Log gets a line a step, for people. Nil is silence. PostgreSQL's own messages go to Dir/postgres.log.
	Log io.Writer
	// Disposable gives up safety against power cuts for speed. Tests only.
	Disposable bool
}

// Server is a running PostgreSQL.
type Server struct {
	folder *folder
	cmd    *exec.Cmd
	ended  chan struct{} // closed when the process has ended
	log    io.Writer
	stop   sync.Once
	stopE  error
}

// Start makes the folder when it is new, waits out what a killed copy left behind, and answers once the database accepts connections.
// Foreseeable refusals are *Error. Cancelling ctx ends the start, and its error is the answer; the next start begins where this one stood. It
// does not end the running server: that is Stop.
func Start(ctx context.Context, options Options) (*Server, error) {
	if options.Log == nil {
		options.Log = io.Discard
	}
	f, err := claimFolder(options.Dir)
	if err != nil {
		return nil, err
	}
	server, err := start(ctx, f, options)
	if err != nil && errors.Is(ctx.Err(), context.Canceled) {
		err = fmt.Errorf("the start of PostgreSQL was interrupted: %w", ctx.Err()) // whatever its programs said when they were ended
	}
	if err != nil {
		return nil, errors.Join(err, f.release())
	}
	return server, nil
}

func start(ctx context.Context, f *folder, options Options) (*Server, error) {
	if err := endLeftover(ctx, f.data, f.socket, options.Log); err != nil {
		return nil, err
	}
	if err := f.prepare(); err != nil {
		return nil, err
	}
	major, err := majorOf(f.data)
	if err != nil {
		return nil, refuse(FolderForbidden, err,
			"the database folder %s belongs to another user or is damaged: start as its owner, or choose another folder with ELICENSING_DATA", f.data)
	}
	bin, err := findBinaries(ctx, candidateFolders(), major)
	if err != nil {
		return nil, err
	}
	as, err := chooseIdentity(ctx, f, bin)
	if err != nil {
		return nil, err
	}
	if major == 0 {
		say(options.Log, "Creating a database with PostgreSQL %s in %s", bin.version, f.path)
		if err := initialise(ctx, f, bin, as, options.Disposable); err != nil {
			return nil, err
		}
	}
	server := &Server{folder: f, log: options.Log}
	if err := server.launchUntilReady(ctx, bin, as, options.Disposable); err != nil {
		return nil, err
	}
	say(options.Log, "PostgreSQL %s is ready", bin.version)
	return server, nil
}

func say(log io.Writer, format string, args ...any) {
	fmt.Fprintf(log, format+"\n", args...) // a lost line of progress is no reason to stop
}

// url addresses a database on the socket; nobody else can reach it, so there is no password.
func (f *folder) url(role, name string) string {
	query := url.Values{"host": {f.socket}, "sslmode": {"disable"}}
	return (&url.URL{Scheme: "postgres", User: url.User(role), Host: "", Path: "/" + name, RawQuery: query.Encode()}).String()
}

// URL is the address for database.Open as the owner, who migrates and may do everything.
func (s *Server) URL() string { return s.folder.url(superuser, database) }

// RoleURL is the same database as Role, who may do what database.Grant gave it.
func (s *Server) RoleURL() string { return s.folder.url(Role, database) }

// Ended is closed when PostgreSQL has ended, asked or not: without it the program cannot go on.
func (s *Server) Ended() <-chan struct{} { return s.ended }

// Pid is the process number of PostgreSQL.
func (s *Server) Pid() int { return s.cmd.Process.Pid }

// Stop lets PostgreSQL finish cleanly and gives the folder back. It may be called more than once.
func (s *Server) Stop() error {
	s.stop.Do(func() { s.stopE = errors.Join(s.end(), s.folder.release()) })
	return s.stopE
}

// end stops the process: politely (open transactions are rolled back, everything is written), then at once, then by force.
func (s *Server) end() error {
	if s.cmd == nil {
		return nil
	}
	for _, step := range []struct {
		signal syscall.Signal
		within time.Duration
	}{{syscall.SIGINT, stopWithin}, {syscall.SIGQUIT, 5 * time.Second}, {syscall.SIGKILL, 5 * time.Second}} {
		select {
		case <-s.ended:
			return nil
		default:
		}
		target := s.cmd.Process.Pid
		if step.signal == syscall.SIGKILL {
			target = -target // its whole group
		}
		if err := syscall.Kill(target, step.signal); err != nil && !errors.Is(err, syscall.ESRCH) {
			return fmt.Errorf("stop PostgreSQL: %w", err)
		}
		select {
		case <-s.ended:
			return nil
		case <-time.After(step.within):
		}
	}
	return refuse(StillRunning, nil, "PostgreSQL (process %d) does not stop", s.cmd.Process.Pid)
}
