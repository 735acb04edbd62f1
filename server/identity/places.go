package identity

import (
	"net/netip"
	"sync"

	"elicensing/server/fault"
)

// Places bounds how many requests are carried out at once, in all and of one address: for work that holds memory while a stranger sends.
type Places struct {
	all, each int

	mu    sync.Mutex
	taken int
	by    map[netip.Prefix]int
}

// NewPlaces allows so many requests at once in all, and so many of one address.
func NewPlaces(all, each int) *Places {
	return &Places{all: all, each: each, by: map[netip.Prefix]int{}}
}

// Take takes a place, which is free again when leave is called; TooMany "too_many_tries" when there is none. Addresses count as for a Limiter.
func (p *Places) Take(address string) (leave func(), err error) {
	key := prefixOf(address)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.taken >= p.all || p.by[key] >= p.each {
		return nil, fault.TooMany("too_many_tries").With("retryAfterSeconds", 10)
	}
	p.taken++
	p.by[key]++
	return func() { p.leave(key) }, nil
}

func (p *Places) leave(key netip.Prefix) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.taken--
	if p.by[key]--; p.by[key] == 0 {
		delete(p.by, key)
	}
}
