package ocsp

import (
	"errors"
	"fmt"
)

// Errors of Verify; errors.Is tells them apart. All of those that speak of an answer which came, but
// does not count, are ErrResponse too.
var (
	// ErrNoResponse: the responder refused to answer (RFC 6960 §2.3), e.g. tryLater or unauthorized.
	ErrNoResponse = errors.New("ocsp: responder refused to answer")
	// ErrResponse: an answer came that cannot be used. Nothing is known of the certificate.
	ErrResponse = errors.New("ocsp: answer cannot be used")

	// ErrMalformed: not the DER of an OCSP message, or beyond the limits.
	ErrMalformed = reason("malformed")
	// ErrMalformedData: the envelope is readable, what is signed in it is not.
	ErrMalformedData = reason("malformed response data")
	// ErrResponder: whoever signed may not speak for the issuer (RFC 6960 §4.2.2.2).
	ErrResponder = reason("responder is not authorised")
	// ErrSignature: the signature is wrong, or made with an algorithm that is not accepted.
	ErrSignature = reason("signature")
	// ErrExtension: a critical extension that is not understood (RFC 6960 §4.4).
	ErrExtension = reason("unknown critical extension")
	// ErrNonce: the answer was made for another question (RFC 9654 §2.1).
	ErrNonce = reason("nonce is not ours")
	// ErrOtherCertificate: the answer does not speak of the certificate asked for.
	ErrOtherCertificate = reason("about another certificate")
	// ErrNotFresh: from the future, past its nextUpdate or older than MaxAge (RFC 6960 §4.2.2.1).
	ErrNotFresh = reason("not fresh")
	// ErrProducedAt: signed in the future, or when the certificate was not valid (RFC 6960 §4.4.4).
	ErrProducedAt = reason("made at an impossible time")
)

// reason is a kind of ErrResponse.
type reason string

func (r reason) Error() string        { return "ocsp: " + string(r) }
func (r reason) Is(target error) bool { return target == ErrResponse }

func malformed(what string) error          { return fmt.Errorf("%w: %s", ErrMalformed, what) }
func dataError(what string) error          { return fmt.Errorf("%w: %s", ErrMalformedData, what) }
func because(kind error, why string) error { return fmt.Errorf("%w: %s", kind, why) }
