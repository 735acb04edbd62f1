package crl

import (
	"slices"
	"sync"

	"elicensing/signing/path"
)

// Set is the lists at hand. It remembers which of their signatures are right, so that a list of 20 MB is hashed
// once. It is not changed after NewSet and safe for concurrent use: newer lists make a new Set.
type Set struct {
	complete map[string][]*List // by issuer, the newest first
	deltas   map[string][]*List
	mu       sync.Mutex
	signed   map[signedBy]bool
}

// signedBy is a list and a key that is known to have signed it.
type signedBy struct {
	list *List
	key  string // and its parameters
}

// NewSet makes a Set of complete and delta lists in any order.
func NewSet(lists ...*List) *Set {
	s := &Set{complete: make(map[string][]*List), deltas: make(map[string][]*List), signed: make(map[signedBy]bool)}
	for _, l := range lists {
		index := s.complete
		if l.Delta() {
			index = s.deltas
		}
		index[l.Issuer.Key()] = append(index[l.Issuer.Key()], l)
	}
	for _, index := range []map[string][]*List{s.complete, s.deltas} {
		for _, lists := range index {
			slices.SortStableFunc(lists, newestFirst)
		}
	}
	return s
}

func newestFirst(a, b *List) int {
	if a.Number != nil && b.Number != nil {
		if order := b.Number.Cmp(a.Number); order != 0 {
			return order
		}
	}
	return b.ThisUpdate.Compare(a.ThisUpdate)
}

// verify checks the signature of a list, once for each right key. Wrong ones are not remembered: there is no end of them.
func (s *Set) verify(l *List, signatures path.Signatures, key path.PublicKey) error {
	by := signedBy{l, string(key.SPKI) + string(key.Parameters)}
	s.mu.Lock()
	known := s.signed[by]
	s.mu.Unlock()
	if known {
		return nil
	}
	if err := l.VerifySignature(signatures, key); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.signed[by] = true
	return nil
}
