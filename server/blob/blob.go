// Package blob keeps the bytes of scans, forms and containers outside the database. A blob is known by an id that the program gives
// it; a name that came from a person never becomes a path. What a blob is (type, digest, whose) stands in the database.
package blob

import (
	"errors"
	"io"
)

// Store is where blobs live: a folder by default.
//
// An id is 8 to 64 small letters, digits and hyphens (a UUID, a digest in hex); any other is ErrBadID.
type Store interface {
	// Put stores a whole blob of at most limit bytes: all of it or nothing, on disk when it returns. An id is used once: ErrExists.
	// More bytes than limit: ErrTooLarge.
	Put(id string, content io.Reader, limit int64) (size int64, err error)

	// Create starts an empty blob that grows by Append. ErrExists when there is one.
	Create(id string) error

	// Append adds the bytes of chunk at offset, which must be the size so far, and answers the new size. limit is the largest size
	// that the whole blob may reach.
	//
	// When chunk breaks off, what came before is kept, and its size is answered beside the error: the sender goes on from there
	// (tus 1.0). On ErrOffset the answer is the size there is. On ErrTooLarge nothing of the chunk is kept. ErrBusy: another
	// Append to this blob has not ended.
	Append(id string, offset int64, chunk io.Reader, limit int64) (size int64, err error)

	// Size in bytes; ErrNotFound.
	Size(id string) (int64, error)

	// Open for reading, with the size in bytes; ErrNotFound. The caller closes it.
	Open(id string) (io.ReadSeekCloser, int64, error)

	// Remove is done when the blob is gone, also when it was gone before.
	Remove(id string) error
}

var (
	ErrBadID    = errors.New("blob: not an id")
	ErrNotFound = errors.New("blob: not found")
	ErrExists   = errors.New("blob: exists already")
	ErrOffset   = errors.New("blob: the offset is not the size")
	ErrTooLarge = errors.New("blob: too large")
	ErrBusy     = errors.New("blob: being written by another")
)

const (
	shortestID = 8
	longestID  = 64
)

// checkID admits only what is harmless as a file's name on every system, also one that does not tell small from capital letters.
func checkID(id string) error {
	if len(id) < shortestID || len(id) > longestID {
		return ErrBadID
	}
	for _, r := range []byte(id) {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' {
			return ErrBadID
		}
	}
	return nil
}
