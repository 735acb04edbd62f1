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

// endingAt plays a table in which every algorithm runs out.
type endingAt struct{ end time.Time }

func (endingAt) Verify(key path.PublicKey, a algorithms.Identifier, signed, signature []byte) error {
	return path.Table{}.Verify(key, a, signed, signature)
}

func (e endingAt) Accepted(_ algorithms.Identifier, at time.Time) error {
	if !at.Before(e.end) {
		return algorithms.ErrWeak
	}
	return nil
}
