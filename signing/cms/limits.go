package cms

import "errors"

// Limits of a message. A national CAdES-T with its time stamp has 4 to 8 KiB, 16 levels and about
// 400 elements, with all its evidence 20 levels; the limits leave room and keep the work of a hostile message small.
const (
	MaxSize         = 256 << 10 // bytes of DER or BER
	MaxEncodedSize  = 400 << 10 // bytes of PEM or base64 text that may hold MaxSize bytes
	MaxDepth        = 32        // levels of nesting
	MaxElements     = 16384     // tag-length-value triples in the whole message
	maxCertificates = 16
	maxSigners      = 16
	maxAttributes   = 64
)

// Errors of Decode, Normalise and Parse; errors.Is tells them apart.
var (
	ErrTooLarge  = errors.New("cms: message is larger than the limit")        // over MaxSize or MaxEncodedSize
	ErrTooDeep   = errors.New("cms: message is nested deeper than the limit") // over MaxDepth
	ErrMalformed = errors.New("cms: message is malformed")                    // not a message, or one against the standard
)

// malformed is ErrMalformed with what is wrong, in words for a log. It never quotes the message.
type malformed string

func (m malformed) Error() string        { return "cms: " + string(m) }
func (m malformed) Is(target error) bool { return target == ErrMalformed }
