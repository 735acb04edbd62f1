package tsp

import (
	"errors"
	"fmt"
)

// Errors of reading and verifying; errors.Is tells them apart. A token with any of them proves no time.
var (
	// ErrMalformed: not a time-stamp token (RFC 3161 §2.4.2), also a TSTInfo under another content type.
	ErrMalformed = errors.New("tsp: malformed")
	// ErrSignature: the mathematics of the signature, or the digest over the TSTInfo, is wrong.
	ErrSignature = errors.New("tsp: wrong signature")
	// ErrWeak: an algorithm or key that is not accepted, in the signature or in the imprint.
	ErrWeak = errors.New("tsp: algorithm is not accepted")
	// ErrSigner: the certificate of the authority is not at hand, not the one that was signed along
	// (ESS, RFC 5816), or not one of a time-stamping authority (RFC 3161 §2.3).
	ErrSigner = errors.New("tsp: certificate of the time-stamping authority")
	// ErrUntrusted: Expectation.Trust refused the authority.
	ErrUntrusted = errors.New("tsp: time-stamping authority is not trusted")
	// ErrImprint: the token is over other data.
	ErrImprint = errors.New("tsp: token is over other data")
	// ErrNonce: the token answers another request.
	ErrNonce = errors.New("tsp: nonce is not ours")
	// ErrPolicy: the token was issued under a policy that is not accepted.
	ErrPolicy = errors.New("tsp: policy is not accepted")
	// ErrTime: the time of the token lies outside the possible.
	ErrTime = errors.New("tsp: time of the token is impossible")
	// ErrUnavailable: no answer came from the authority (Client).
	ErrUnavailable = errors.New("tsp: time-stamping authority does not answer")
)

func malformed(what string) error { return fmt.Errorf("%w: %s", ErrMalformed, what) }

func because(kind error, why string) error { return fmt.Errorf("%w: %s", kind, why) }

// Refusal is an authority's answer without a token (RFC 3161 §2.4.2). It is an ErrUnavailable.
type Refusal struct {
	Status  int     // PKIStatus: 2 rejection, 3 waiting, 4 and 5 revocation
	Failure Failure // why; NoFailure when it was not said
}

// Error gives status and failure as numbers.
func (r *Refusal) Error() string {
	return fmt.Sprintf("tsp: authority refused: status %d, failure %d", r.Status, r.Failure)
}

// Is makes a refusal an ErrUnavailable: there is no token.
func (r *Refusal) Is(target error) bool { return target == ErrUnavailable }

// Failure is a PKIFailureInfo: the number of the first bit that is set.
type Failure int

// Failures that an authority may name (RFC 3161 §2.4.2).
const (
	NoFailure           Failure = -1 // none was told
	BadAlgorithm        Failure = 0  // unrecognised or unsupported algorithm
	BadRequest          Failure = 2  // not permitted or supported
	BadDataFormat       Failure = 5  // wrong format
	TimeNotAvailable    Failure = 14 // the authority's clock is not available
	UnacceptedPolicy    Failure = 15 // the policy is not supported
	UnacceptedExtension Failure = 16 // an extension is not supported
	AddInfoNotAvailable Failure = 17 // additional information is not understood or available
	SystemFailure       Failure = 25 // the request cannot be handled
)
