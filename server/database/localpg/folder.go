package localpg

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// maxSocketPath is what fits into sockaddr_un with its closing zero; PostgreSQL adds the file's name to the folder.
const (
	maxSocketPath = 107
	socketFile    = "/.s.PGSQL.5432"
)

// folder is the private folder of one server: lock, data, socket and log.
type folder struct {
	path     string
	data     string // the cluster
	socket   string // folder of the socket; elsewhere when path is too long
	log      string
	lockFile *os.File
}

// claimFolder makes the folder when it is new and takes its lock, which the kernel gives back however this process ends.
func claimFolder(path string) (*folder, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("find the database folder: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, refuse(FolderForbidden, err, "the folder %s cannot be made: choose another one with ELICENSING_DATA", path)
	}
	if err := os.Mkdir(path, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return nil, refuse(FolderForbidden, err, "the folder %s cannot be made: choose another one with ELICENSING_DATA", path)
	}
	f := &folder{path: path, data: filepath.Join(path, "pgdata"), log: filepath.Join(path, "postgres.log")}
	f.lockFile, err = os.OpenFile(filepath.Join(path, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, refuse(FolderForbidden, err,
			"the database folder %s belongs to another user: start as that user, or choose another folder with ELICENSING_DATA", path)
	}
	if err := f.lock(); err != nil {
		return nil, errors.Join(err, f.lockFile.Close())
	}
	return f, nil
}

// lock writes our process number into the lock file, for the sentence that a second copy shows.
func (f *folder) lock() error {
	err := syscall.Flock(int(f.lockFile.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		holder := "another process"
		if text, readErr := io.ReadAll(io.LimitReader(f.lockFile, 32)); readErr == nil && len(text) > 0 {
			holder = "process " + strings.TrimSpace(string(text))
		}
		return refuse(FolderInUse, nil,
			"the database folder %s is in use by a running copy (%s): stop that copy first, or choose another folder with ELICENSING_DATA", f.path, holder)
	}
	if err != nil {
		return fmt.Errorf("lock the database folder %s: %w", f.path, err)
	}
	if err := f.lockFile.Truncate(0); err != nil {
		return fmt.Errorf("write the lock of %s: %w", f.path, err)
	}
	if _, err := f.lockFile.WriteAt([]byte(fmt.Sprintln(os.Getpid())), 0); err != nil {
		return fmt.Errorf("write the lock of %s: %w", f.path, err)
	}
	return nil
}

// release gives the folder back. The socket's folder goes too when it lies outside ours.
func (f *folder) release() error {
	var socketErr error
	if f.socket != "" && filepath.Dir(f.socket) != f.path {
		if err := os.Remove(f.socket); err != nil && !errors.Is(err, os.ErrNotExist) {
			socketErr = fmt.Errorf("remove the socket folder: %w", err)
		}
	}
	// A child that is just being started has a copy of the open file until it runs, and closing ours would leave the lock with it.
	return errors.Join(socketErr, syscall.Flock(int(f.lockFile.Fd()), syscall.LOCK_UN), f.lockFile.Close())
}

// prepare makes the socket folder, private to us: whoever can enter it is let in without a password.
func (f *folder) prepare() error {
	if inside := filepath.Join(f.path, "run"); len(inside)+len(socketFile) <= maxSocketPath {
		f.socket = inside
		return makePrivate(inside)
	}
	sum := sha256.Sum256([]byte(f.path))
	name := fmt.Sprintf("elicensing-%d-%s", os.Getuid(), hex.EncodeToString(sum[:6]))
	for _, short := range []string{os.TempDir(), "/tmp", "/var/tmp"} {
		f.socket = filepath.Join(short, name)
		if len(f.socket)+len(socketFile) <= maxSocketPath {
			return makePrivate(f.socket)
		}
	}
	return refuse(FolderForbidden, nil, "the path of the temporary folder %s is too long for a socket: set TMPDIR to a shorter one", os.TempDir())
}

// makePrivate makes path, or accepts it when it stands already, is ours and is closed to others: a temporary folder is open to all,
// and somebody may have been there first.
func makePrivate(path string) error {
	err := os.Mkdir(path, 0o700)
	if err == nil {
		return nil
	}
	if !errors.Is(err, os.ErrExist) {
		return refuse(FolderForbidden, err, "the folder %s cannot be made", path)
	}
	info, err := os.Lstat(path)
	if err != nil {
		return refuse(FolderForbidden, err, "the folder %s cannot be read", path)
	}
	owner, err := ownerOf(info)
	if err != nil {
		return err
	}
	if !info.IsDir() || info.Mode().Perm() != 0o700 || (owner != os.Getuid() && os.Getuid() != 0) {
		return refuse(FolderForbidden, nil, "%s is not a private folder of ours: remove it", path)
	}
	return nil
}

func ownerOf(info os.FileInfo) (int, error) {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, fmt.Errorf("learn the owner of %s: not told by this system", info.Name())
	}
	return int(stat.Uid), nil
}

// openLog opens PostgreSQL's own log and puts a large old one aside.
func (f *folder) openLog() (*os.File, error) {
	if info, err := os.Stat(f.log); err == nil && info.Size() > 8<<20 {
		if err := os.Rename(f.log, f.log+".old"); err != nil {
			return nil, fmt.Errorf("put the old PostgreSQL log aside: %w", err)
		}
	}
	file, err := os.OpenFile(f.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, refuse(FolderForbidden, err, "the log %s cannot be written", f.log)
	}
	return file, nil
}
