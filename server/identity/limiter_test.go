package identity_test

import (
	"fmt"
	"testing"
	"time"

	"elicensing/server/fault"
	"elicensing/server/identity"
)

func TestTheLimiterCountsByAddress(t *testing.T) {
	c := &clock{now: time.Date(2026, 3, 27, 5, 0, 0, 0, time.UTC)}
	l := identity.NewLimiter(c.Now, 3, time.Minute, 100)
	allow := func(address string, want bool) {
		t.Helper()
		err := l.Allow(address)
		if want != (err == nil) {
			t.Fatalf("%s: %v", address, err)
		}
		if err != nil {
			mustBe(t, err, fault.TooMany("too_many_tries"))
		}
	}
	for range 3 {
		allow("192.0.2.1", true)
	}
	allow("192.0.2.1", false)
	allow("::ffff:192.0.2.1", false) // the same host
	allow("192.0.2.2", true)
	allow("2001:db8::1", true)
	allow("2001:db8::2", true)
	allow("2001:db8:0:0:ffff::3", true)
	allow("2001:db8::4", false) // one subscriber
	allow("2001:db8:0:1::4", true)
	c.move(59 * time.Second)
	allow("192.0.2.1", false)
	c.move(time.Second)
	allow("192.0.2.1", true)
	allow("192.0.2.1", false)
	c.move(time.Hour)
	for range 3 {
		allow("192.0.2.1", true)
	}
	allow("192.0.2.1", false)
}

// Its memory does not grow with the number of strangers.
func TestTheLimiterForgets(t *testing.T) {
	c := &clock{now: time.Date(2026, 3, 27, 5, 0, 0, 0, time.UTC)}
	l := identity.NewLimiter(c.Now, 1, time.Minute, 10)
	for i := range 10 {
		if err := l.Allow(fmt.Sprintf("192.0.2.%d", i)); err != nil {
			t.Fatal(err)
		}
	}
	mustBe(t, l.Allow("192.0.2.99"), fault.TooMany("too_many_tries"))
	c.move(time.Minute)
	if err := l.Allow("192.0.2.99"); err != nil {
		t.Error(err)
	}
}
