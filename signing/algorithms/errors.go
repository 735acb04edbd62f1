package algorithms

import "errors"

// Errors of this package; errors.Is tells them apart.
var (
	// ErrUnknown: the algorithm or kind of key stands in no table.
	ErrUnknown = errors.New("algorithms: algorithm is not known")
	// ErrMalformed: an identifier, its parameters or a key are not encoded as their standard says.
	ErrMalformed = errors.New("algorithms: malformed encoding")
	// ErrMismatch: key, digest and signature algorithm do not go together.
	ErrMismatch = errors.New("algorithms: key and algorithm do not go together")
	// ErrWeak: the algorithm is known and refused, the key is too small (or too large to be checked
	// in reasonable time), or the time lies outside the algorithm's dates.
	ErrWeak = errors.New("algorithms: algorithm or key is not accepted")
	// ErrWrong: everything is well formed, and the signature does not belong to the bytes and the key.
	ErrWrong = errors.New("algorithms: wrong signature")
)
