// Package pades puts a signature made elsewhere into a PDF and reads signatures out of PDFs that anyone
// may have sent. It knows the file format only: bytes in, bytes and ranges out; of a CMS that it puts in it makes
// sure that it is over this very file. Whether a CMS is good is decided by the packages beside this one.
//
// Signing has two phases, because the key is outside the server: Prepare appends the signature field and
// fixes the bytes to be signed (ETSI EN 319 142-1, ISO 32000-1 §12.8), the signer makes a detached CMS over
// SignedBytes, Insert puts it into its place. Nothing that was signed moves between the two.
package pades

import "errors"

// Limits on what is read. A licence is below 200 KiB; anything near the limit is not one of ours.
const (
	// MaxFile is the largest PDF that is looked at, in bytes.
	MaxFile = 30 << 20
	// MaxSignatures is the largest number of signatures in one file.
	MaxSignatures = 16
	// DefaultContents is the room for the CMS in bytes: a CMS with chain, time stamp and revocation
	// data takes 10 KiB at most.
	DefaultContents = 32768
	// maxContents bounds the room and so the CMS that is ever taken out of a file.
	maxContents = 256 << 10
)

// SubFilter is the format of signature that Prepare asks for.
const SubFilter = "ETSI.CAdES.detached"

var (
	// ErrTooLarge means that the file, or the CMS for its room, is too large.
	ErrTooLarge = errors.New("pades: too large")
	// ErrMalformed means that the file breaks the format in a way that makes its signatures ambiguous.
	ErrMalformed = errors.New("pades: malformed file")
	// ErrUnsupported means a correct file of a kind that Prepare does not extend (cross-reference
	// streams, encryption).
	ErrUnsupported = errors.New("pades: unsupported kind of file")
	// ErrFormExists means that the file already has a form or a signature; Prepare signs once.
	ErrFormExists = errors.New("pades: the file already has a form")
	// ErrNotPrepared means that the file does not wait for exactly one signature.
	ErrNotPrepared = errors.New("pades: the file is not prepared for a signature")
	// ErrNotCMS means that what was offered is not one CMS message, in BER or DER.
	ErrNotCMS = errors.New("pades: not a CMS")
	// ErrOtherFile means that the CMS is over other bytes than those that the file gave to be signed.
	ErrOtherFile = errors.New("pades: the CMS is over another file")
)
