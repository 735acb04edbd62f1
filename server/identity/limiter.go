package identity

import (
	"net/netip"
	"sync"
	"time"

	"elicensing/server/fault"
)

// Limiter bounds how often one address may ask: a bucket of Burst tries that fills again with Every. Its memory is bounded too: when it is
// full of strangers, the buckets that have filled again are forgotten, and if none has, newcomers wait.
type Limiter struct {
	now       func() time.Time
	burst     int
	every     time.Duration
	addresses int

	mu      sync.Mutex
	buckets map[netip.Prefix]bucket
}

// bucket remembers when it will be full again; that one moment holds both the count and the time.
type bucket struct{ fullAt time.Time }

// NewLimiter allows burst tries at once and one more each every, for up to addresses addresses at a time.
func NewLimiter(now func() time.Time, burst int, every time.Duration, addresses int) *Limiter {
	return &Limiter{now: now, burst: burst, every: every, addresses: addresses, buckets: map[netip.Prefix]bucket{}}
}

// Allow takes one try of the address; TooMany "too_many_tries" when none is left. IPv6 counts by /64, which one subscriber owns whole.
func (l *Limiter) Allow(address string) error {
	key := prefixOf(address)
	now := l.now()
	l.mu.Lock()
	defer l.mu.Unlock()
	b, known := l.buckets[key]
	if !known && len(l.buckets) >= l.addresses && !l.forget(now) {
		return l.refusal(l.every)
	}
	if b.fullAt.Before(now) {
		b.fullAt = now
	}
	next := b.fullAt.Add(l.every)
	if wait := next.Sub(now) - time.Duration(l.burst)*l.every; wait > 0 {
		return l.refusal(wait)
	}
	l.buckets[key] = bucket{fullAt: next}
	return nil
}

// forget drops the buckets that are full again and tells whether there is room now.
func (l *Limiter) forget(now time.Time) bool {
	for key, b := range l.buckets {
		if !b.fullAt.After(now) {
			delete(l.buckets, key)
		}
	}
	return len(l.buckets) < l.addresses
}

func (l *Limiter) refusal(wait time.Duration) error {
	return fault.TooMany("too_many_tries").With("retryAfterSeconds", int((wait+time.Second-1)/time.Second))
}

func prefixOf(address string) netip.Prefix {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return netip.Prefix{} // all that cannot be read share one bucket
	}
	a = a.Unmap().WithZone("")
	bits := 32
	if a.Is6() {
		bits = 64
	}
	p, err := a.Prefix(bits)
	if err != nil {
		return netip.Prefix{}
	}
	return p
}
