package crl_test

import (
	"elicensing/signing/algorithms"
	"elicensing/signing/path"
	"time"
)

// counted counts the signatures that are checked.
type counted struct{ verified *int }

func (c counted) Verify(key path.PublicKey, a algorithms.Identifier, signed, signature []byte) error {
	*c.verified++
	return path.Table{}.Verify(key, a, signed, signature)
}

func (counted) Accepted(a algorithms.Identifier, at time.Time) error {
	return path.Table{}.Accepted(a, at)
}
