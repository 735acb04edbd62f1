package fault

import "net/http"

// Kind groups faults by what the caller may do about them.
type Kind int

// The kinds, with the HTTP status of each. The zero value is none of them and maps to 500, so
// that a fault built without a kind is seen at once.
const (
	KindInvalid         Kind = iota + 1 // 422: understood, but a rule forbids it; correct and try again
	KindMalformed                       // 400: the body or the address cannot be read
	KindUnauthenticated                 // 401: nobody is signed in, or the session has ended
	KindForbidden                       // 403: signed in, but this is not for this role
	KindNotFound                        // 404: does not exist, or is another's (the two must look the same)
	KindConflict                        // 409: somebody was faster, or the state has changed
	KindTooLarge                        // 413: over a size limit
	KindTooMany                         // 429: too often; try later
	KindUnavailable                     // 503: cannot be done or learnt now; nothing is lost
)

var kinds = map[Kind]struct {
	name   string
	status int
}{
	KindInvalid:         {"invalid", http.StatusUnprocessableEntity},
	KindMalformed:       {"malformed", http.StatusBadRequest},
	KindUnauthenticated: {"unauthenticated", http.StatusUnauthorized},
	KindForbidden:       {"forbidden", http.StatusForbidden},
	KindNotFound:        {"not_found", http.StatusNotFound},
	KindConflict:        {"conflict", http.StatusConflict},
	KindTooLarge:        {"too_large", http.StatusRequestEntityTooLarge},
	KindTooMany:         {"too_many", http.StatusTooManyRequests},
	KindUnavailable:     {"unavailable", http.StatusServiceUnavailable},
}

// Status is the HTTP status; 500 for a value that is no kind.
func (k Kind) Status() int {
	if e, ok := kinds[k]; ok {
		return e.status
	}
	return http.StatusInternalServerError
}

// String is the stable snake_case name.
func (k Kind) String() string {
	if e, ok := kinds[k]; ok {
		return e.name
	}
	return "internal"
}

// Invalid is 422: the request is understood and a rule forbids it.
func Invalid(code string) *Error { return &Error{Kind: KindInvalid, Code: code} }

// Malformed is 400: the request cannot be read.
func Malformed(code string) *Error { return &Error{Kind: KindMalformed, Code: code} }

// Unauthenticated is 401: no session.
func Unauthenticated(code string) *Error { return &Error{Kind: KindUnauthenticated, Code: code} }

// Forbidden is 403: the role does not allow it.
func Forbidden(code string) *Error { return &Error{Kind: KindForbidden, Code: code} }

// NotFound is 404: absent, or another's.
func NotFound(code string) *Error { return &Error{Kind: KindNotFound, Code: code} }

// Conflict is 409: the state is no longer the one that the caller saw.
func Conflict(code string) *Error { return &Error{Kind: KindConflict, Code: code} }

// TooLarge is 413.
func TooLarge(code string) *Error { return &Error{Kind: KindTooLarge, Code: code} }

// TooMany is 429.
func TooMany(code string) *Error { return &Error{Kind: KindTooMany, Code: code} }

// Unavailable is 503: not now.
func Unavailable(code string) *Error { return &Error{Kind: KindUnavailable, Code: code} }
