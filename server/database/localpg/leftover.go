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
func endLeftover(ctx context.Context, data, socket string, log io.Writer) error {
	pid, err := postmasterOf(data)
	if err != nil {
		return err
	}
	if pid == 0 {
		return removeStaleLocks(ctx, data, socket)
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
			return removeStaleLocks(ctx, data, socket)
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

// orphansWithin is how long the children of a killed server may take to notice that it is gone.
const orphansWithin = 5 * time.Second

// removeStaleLocks takes away the lock files of a server that is gone. Their process number may belong to somebody else by now, or to a
// dead process that nobody has buried yet: PostgreSQL would believe it to be the server and refuse to start. While any process still works
// in the folder the files stay, and PostgreSQL's own check decides.
func removeStaleLocks(ctx context.Context, data, socket string) error {
	for deadline := time.Now().Add(orphansWithin); anyProcessIn(data); {
		if time.Now().After(deadline) {
			return nil
		}
		if err := pause(ctx, 20*time.Millisecond); err != nil {
			return err
		}
	}
	locks := []string{filepath.Join(data, "postmaster.pid")}
	if socket != "" { // known once the folder has been prepared
		locks = append(locks, socket+socketFile+".lock")
	}
	for _, file := range locks {
		if err := os.Remove(file); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("remove the lock file of a server that is gone: %w", err)
		}
	}
	return nil
}
