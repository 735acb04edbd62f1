package blob

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"syscall"
)

// Folder is a Store in a folder of the file system: one file a blob, in 256 folders by a digest of the id. Several copies of the
// program may share it.
type Folder struct {
	root *os.Root // follows no link out of the folder
}

var _ Store = (*Folder)(nil)

// unfinished holds what Put has not finished; its names are never ids.
const unfinished = "unfinished"

// OpenFolder makes the folder when it is new, closed to other users.
func OpenFolder(dir string) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of blobs: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open the folder of blobs: %w", err)
	}
	if err := root.MkdirAll(unfinished, 0o700); err != nil {
		return nil, errors.Join(fmt.Errorf("make the folder of unfinished blobs: %w", err), root.Close())
	}
	return &Folder{root: root}, nil
}

// Close gives the folder back; blobs that are open stay readable.
func (f *Folder) Close() error { return f.root.Close() }

// place is where the blob's file lies.
func place(id string) (dir, file string, err error) {
	if err := checkID(id); err != nil {
		return "", "", err
	}
	sum := sha256.Sum256([]byte(id)) // ids that start with the time would fill one folder at a time
	dir = hex.EncodeToString(sum[:1])
	return dir, path.Join(dir, id), nil
}

// Put writes beside the place, and links the file there once it is whole and on disk. A link refuses an existing name where a rename
// would replace it.
func (f *Folder) Put(id string, content io.Reader, limit int64) (int64, error) {
	dir, file, err := place(id)
	if err != nil {
		return 0, err
	}
	if _, err := f.root.Lstat(file); err == nil {
		return 0, ErrExists
	}
	temporary := path.Join(unfinished, rand.Text())
	size, err := f.writeNew(temporary, content, limit)
	if err == nil {
		err = f.linkInto(dir, temporary, file)
	}
	if removeErr := f.root.Remove(temporary); removeErr != nil && !errors.Is(removeErr, fs.ErrNotExist) {
		err = errors.Join(err, fmt.Errorf("remove the unfinished blob: %w", removeErr))
	}
	if err != nil {
		return 0, err
	}
	return size, nil
}

func (f *Folder) writeNew(name string, content io.Reader, limit int64) (int64, error) {
	file, err := f.root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return 0, fmt.Errorf("make a blob: %w", err)
	}
	size, err := copyAtMost(file, content, limit)
	if err == nil {
		err = file.Sync()
	}
	return size, errors.Join(err, file.Close())
}

func (f *Folder) linkInto(dir, temporary, file string) error {
	if err := f.root.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make a folder for a blob: %w", err)
	}
	if err := f.root.Link(temporary, file); errors.Is(err, fs.ErrExist) {
		return ErrExists
	} else if err != nil {
		return fmt.Errorf("put a blob in its place: %w", err)
	}
	return f.syncFolders(dir)
}

// syncFolders makes the new name outlive a power cut.
func (f *Folder) syncFolders(dir string) error {
	for _, name := range []string{dir, "."} {
		folder, err := f.root.Open(name)
		if err != nil {
			return fmt.Errorf("open the folder of a blob: %w", err)
		}
		if err := errors.Join(folder.Sync(), folder.Close()); err != nil {
			return fmt.Errorf("write the folder of a blob: %w", err)
		}
	}
	return nil
}

// Create makes an empty file.
func (f *Folder) Create(id string) error {
	dir, name, err := place(id)
	if err != nil {
		return err
	}
	if err := f.root.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make a folder for a blob: %w", err)
	}
	file, err := f.root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return ErrExists
	}
	if err != nil {
		return fmt.Errorf("make a blob: %w", err)
	}
	if err := file.Close(); err != nil {
		return fmt.Errorf("make a blob: %w", err)
	}
	return f.syncFolders(dir)
}

// Append holds the file's lock while it writes: after a cut the sender may be back before the broken connection has been noticed.
func (f *Folder) Append(id string, offset int64, chunk io.Reader, limit int64) (size int64, err error) {
	_, name, err := place(id)
	if err != nil {
		return 0, err
	}
	file, err := f.root.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return 0, notFound(err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); errors.Is(err, syscall.EWOULDBLOCK) {
		return 0, ErrBusy
	} else if err != nil {
		return 0, fmt.Errorf("lock a blob: %w", err)
	}
	// Not by closing alone: a child that is just being started has a copy of the open file until it runs, and with it the lock.
	defer func() { err = errors.Join(err, syscall.Flock(int(file.Fd()), syscall.LOCK_UN)) }()
	size, err = file.Seek(0, io.SeekEnd)
	if err != nil {
		return 0, fmt.Errorf("measure a blob: %w", err)
	}
	if offset != size {
		return size, ErrOffset
	}
	added, err := copyAtMost(file, chunk, limit-size)
	if errors.Is(err, ErrTooLarge) {
		return size, errors.Join(ErrTooLarge, file.Truncate(size))
	}
	return size + added, errors.Join(err, file.Sync())
}

// copyAtMost copies until the end, and reports ErrTooLarge when there is more than limit.
func copyAtMost(to io.Writer, from io.Reader, limit int64) (int64, error) {
	written, err := io.Copy(to, io.LimitReader(from, max(limit, 0)))
	if err != nil {
		return written, fmt.Errorf("receive a blob: %w", err)
	}
	if written < limit {
		return written, nil
	}
	var more [1]byte
	switch n, err := io.ReadFull(from, more[:]); {
	case n > 0:
		return written, ErrTooLarge
	case errors.Is(err, io.EOF):
		return written, nil
	default:
		return written, fmt.Errorf("receive a blob: %w", err)
	}
}

// Size asks the file system.
func (f *Folder) Size(id string) (int64, error) {
	_, name, err := place(id)
	if err != nil {
		return 0, err
	}
	info, err := f.root.Lstat(name)
	if err != nil {
		return 0, notFound(err)
	}
	return info.Size(), nil
}

// Open opens the file for reading.
func (f *Folder) Open(id string) (io.ReadSeekCloser, int64, error) {
	_, name, err := place(id)
	if err != nil {
		return nil, 0, err
	}
	file, err := f.root.Open(name)
	if err != nil {
		return nil, 0, notFound(err)
	}
	info, err := file.Stat()
	if err != nil {
		return nil, 0, errors.Join(fmt.Errorf("measure a blob: %w", err), file.Close())
	}
	return file, info.Size(), nil
}

// Remove deletes the file.
func (f *Folder) Remove(id string) error {
	_, name, err := place(id)
	if err != nil {
		return err
	}
	if err := f.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove a blob: %w", err)
	}
	return nil
}

func notFound(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return ErrNotFound
	}
	return fmt.Errorf("open a blob: %w", err)
}
