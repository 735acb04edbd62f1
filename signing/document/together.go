package document

import (
	"context"
	"errors"

	"elicensing/signing"
)

// ErrNoMessage is answered for two files neither of which can be read as a message.
var ErrNoMessage = errors.New("document: neither file is a message")

// VerifyTogether judges a message and the file that it is over, given in either order. Which is which is told from
// their bytes: of two messages the one without content signs the other; of two of a kind the one whose signature
// fits.
//
// Errors: ErrNoMessage. Whatever is wrong with a message stands in the report.
func VerifyTogether(ctx context.Context, v Verifier, one, other []byte, p signing.Policy) (Report, error) {
	first, second := messageIn(one), messageIn(other)
	if first == nil && second == nil {
		return Report{}, ErrNoMessage
	}
	if first == nil || second != nil && second.Detached && !first.Detached {
		one, other = other, one
	}
	report := verifyMessage(ctx, v, Input{File: one, Content: other, Policy: p})
	ofOneKind := first != nil && second != nil && first.Detached == second.Detached
	if ofOneKind && report.Reason == signing.SignatureContentDiffers {
		turned := verifyMessage(ctx, v, Input{File: other, Content: one, Policy: p})
		if turned.Reason != signing.SignatureContentDiffers {
			return turned, nil
		}
	}
	return report, nil
}
