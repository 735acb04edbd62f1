package path

import (
	"encoding/asn1"
	"sync"
	"time"

	"elicensing/signing/certificate"
)

// memory is what a Validator keeps between calls when Options.Remember is set. It holds only what stays true: which
// key signed which authority's certificate, and which chains hold in all that can be computed, with the span of time
// for which they do. Revocation is never in it: it is asked anew at each call.
type memory struct {
	signed bounded[struct{}]
	chains bounded[rememberedChain]
}

type rememberedChain struct {
	chain    []*certificate.Certificate
	policies []asn1.ObjectIdentifier
	from, to time.Time
}

func newMemory(limit int) *memory {
	if limit <= 0 {
		return nil
	}
	return &memory{signed: newBounded[struct{}](limit), chains: newBounded[rememberedChain](limit)}
}

// bounded keeps the values of the last keys; when it is full the oldest goes.
type bounded[V any] struct {
	mu     *sync.Mutex
	values map[string]V
	order  []string // a ring of the keys
	next   *int
}

func newBounded[V any](limit int) bounded[V] {
	return bounded[V]{mu: new(sync.Mutex), values: make(map[string]V), order: make([]string, limit), next: new(int)}
}

func (b bounded[V]) get(key []byte) (V, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	value, ok := b.values[string(key)]
	return value, ok
}

func (b bounded[V]) put(key []byte, value V) {
	b.mu.Lock()
	defer b.mu.Unlock()
	k := string(key)
	if _, known := b.values[k]; !known {
		delete(b.values, b.order[*b.next])
		b.order[*b.next] = k
		*b.next = (*b.next + 1) % len(b.order)
	}
	b.values[k] = value
}

// edgeKey: lengths need not be told apart, as a certificate tells its own.
func edgeKey(c, issuer *certificate.Certificate) []byte {
	return append(append(make([]byte, 0, len(c.Raw)+len(issuer.RawSPKI)), c.Raw...), issuer.RawSPKI...)
}

// knowsSigned tells whether an authority's certificate is known to be signed by a key.
func (m *memory) knowsSigned(c, issuer *certificate.Certificate) bool {
	if m == nil || !c.IsCA() {
		return false
	}
	_, known := m.signed.get(edgeKey(c, issuer))
	return known
}

func (m *memory) keepSigned(c, issuer *certificate.Certificate) {
	if m != nil && c.IsCA() {
		m.signed.put(edgeKey(c, issuer), struct{}{})
	}
}

// keepChain keeps a chain that was validated with the Options' own inputs.
func (m *memory) keepChain(q Question, chain []*certificate.Certificate, policies []asn1.ObjectIdentifier) {
	if m == nil || !q.usual() {
		return
	}
	r := rememberedChain{chain: chain, policies: policies, from: chain[0].NotBefore, to: chain[0].NotAfter}
	for _, c := range chain {
		if c.NotBefore.After(r.from) {
			r.from = c.NotBefore
		}
		if c.NotAfter.Before(r.to) {
			r.to = c.NotAfter
		}
	}
	m.chains.put(chain[0].Raw, r)
}

// Remembered gives the certificate of a target whose path was found before, as it was read then; nil when it is
// not remembered. It says nothing of whether the path holds now.
func (v *Validator) Remembered(der []byte) *certificate.Certificate {
	if v.memory == nil {
		return nil
	}
	known, ok := v.memory.chains.get(der)
	if !ok {
		return nil
	}
	return known.chain[0]
}

// usual tells whether a question has the inputs of the Options.
func (q Question) usual() bool { return q.Anchor == nil && q.Policies == nil }

// recall gives a chain that was found before, if it holds at the time of this question and is not revoked now.
func (s *search) recall() bool {
	m, q := s.validator.memory, s.question
	if m == nil || !q.usual() || s.ctx.Err() != nil {
		return false
	}
	known, ok := m.chains.get(q.Target.Raw)
	if !ok || q.At.Before(known.from) || q.At.After(known.to) {
		return false
	}
	for _, c := range known.chain[:len(known.chain)-1] {
		if s.validator.options.Signatures.Accepted(c.SignatureAlgorithm, q.At) != nil {
			return false
		}
	}
	if s.askRevocation(known.chain) != nil {
		return false // there may be another way: the search looks for it
	}
	s.accept(known.chain, known.policies)
	return true
}
