package localpg

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// endLeftover stops the server that a killed copy left on the data folder. Whoever calls holds the folder's lock, so a server found
// here has no owner. Process numbers are used again: only a process that is PostgreSQL on this very folder is ever signalled.
func endLeftover(ctx context.Context, data string, log io.Writer) error {
	pid, err := postmasterOf(data)
	if err != nil || pid == 0 {
		return err
	}
	said := false
	for _, step := range []struct {
		signal syscall.Signal
		within time.Duration
	}{{syscall.SIGINT, stopWithin}, {syscall.SIGQUIT, 5 * time.Second}, {syscall.SIGKILL, 5 * time.Second}} {
		deadline := time.Now().Add(step.within)
		signalled := false
		for servesFolder(pid, data) {
			if !said {
				say(log, "Waiting for the PostgreSQL that an earlier run left behind (process %d)", pid)
				said = true
			}
			if !signalled {
				if err := syscall.Kill(pid, step.signal); err != nil && !errors.Is(err, syscall.ESRCH) {
					return refuse(StillRunning, err, "a PostgreSQL of an earlier run (process %d) still uses %s: stop it first", pid, data)
				}
				signalled = true
			}
			if time.Now().After(deadline) {
				break
			}
			if err := pause(ctx, 20*time.Millisecond); err != nil {
				return err
			}
		}
		if !servesFolder(pid, data) {
			return removeStalePid(data, pid)
		}
	}
	return refuse(StillRunning, nil, "a PostgreSQL of an earlier run (process %d) still uses %s and does not stop: end it first", pid, data)
}

// postmasterOf reads the process number in the cluster's pid file; 0 when there is none.
func postmasterOf(data string) (int, error) {
	file, err := os.Open(filepath.Join(data, "postmaster.pid"))
	if errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, refuse(FolderForbidden, err,
			"the database folder %s belongs to another user: start as that user, or choose another folder with ELICENSING_DATA", data)
	}
	defer file.Close() // opened for reading only
	line, err := bufio.NewReader(io.LimitReader(file, 64)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return 0, fmt.Errorf("read the process number of PostgreSQL: %w", err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil || pid <= 1 {
		return 0, nil // cut short by a crash; PostgreSQL judges the file itself
	}
	return pid, nil
}

// removeStalePid takes away the pid file of a server that is gone when its number belongs to somebody else by now: PostgreSQL would
// believe that process to be the server and refuse to start. While any process still works in the folder the file stays, and
// PostgreSQL's own check decides.
func removeStalePid(data string, pid int) error {
	if syscall.Kill(pid, 0) != nil || anyProcessIn(data) {
		return nil
	}
	if err := os.Remove(filepath.Join(data, "postmaster.pid")); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("remove the pid file of a server that is gone: %w", err)
	}
	return nil
}
