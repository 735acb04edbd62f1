package servertest

import (
	"sync"
	"time"
)

// Start is the moment at which every test begins unless it says otherwise: Friday, 27 March 2026, 10:00 in Kazakhstan.
var Start = time.Date(2026, 3, 27, 5, 0, 0, 0, time.UTC)

// Clock is the only clock of a test's portal; it stands still until the test moves it.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// Now is the clock as the portal reads it.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Move lets time pass.
func (c *Clock) Move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// Set puts the clock to a moment.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = t
}
