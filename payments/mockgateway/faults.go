package mockgateway

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	"github.com/google/uuid"

	"elicensing/payments"
	"elicensing/payments/egov"
)

// Faults are the switches of what can go wrong at a gateway and on the way from it. They are forgotten at a restart.
type Faults struct {
	DelaySeconds    int  `json:"delay_seconds"`     // notices are late
	Double          bool `json:"double"`            // each notice is sent twice
	Reorder         bool `json:"reorder"`           // the newest notice first
	Drop            bool `json:"drop"`              // notices are lost
	Forge           bool `json:"forge"`             // a stranger's notice of payment beside each real one
	FailAfterTaking bool `json:"fail_after_taking"` // 500 after the work was done
	WrongAmount     bool `json:"wrong_amount"`      // one tiyn too much is taken
	Silent          bool `json:"silent"`            // no answer, no notice
	NextKey         bool `json:"next_key"`          // the next key signs: rotation
	// Report spoils the report of a day, by reference of the payment.
	Report map[string]Seed `json:"report,omitempty"`
}

// Seed is what a report says wrong of one reference.
type Seed string

// The seeds.
const (
	SeedMissing  Seed = "missing"    // the payment is left out
	SeedExtra    Seed = "extra"      // a payment that never was
	SeedOffByOne Seed = "off_by_one" // one tiyn too much
	SeedDoubled  Seed = "doubled"    // the money was taken a second time
	SeedTripled  Seed = "tripled"    // and a third time
	// SeedDoubledNextDay: the money was taken a second time a day later, in that day's report.
	SeedDoubledNextDay Seed = "doubled_next_day"
)

var seeds = map[Seed]bool{SeedMissing: true, SeedExtra: true, SeedOffByOne: true, SeedDoubled: true, SeedTripled: true, SeedDoubledNextDay: true}

// maxDelay bounds the delay of notices: a day.
const maxDelay = 24 * 60 * 60

func (f Faults) valid() bool {
	for _, seed := range f.Report {
		if !seeds[seed] {
			return false
		}
	}
	return f.DelaySeconds >= 0 && f.DelaySeconds <= maxDelay && len(f.Report) <= 1000
}

// Faults tells how the switches stand.
func (g *Gateway) Faults() Faults {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.faults
}

// Switch sets the switches.
func (g *Gateway) Switch(faults Faults) {
	g.mu.Lock()
	g.faults = faults
	g.mu.Unlock()
	g.rouse()
}

func (g *Gateway) tellFaults(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, g.Faults())
}

func (g *Gateway) setFaults(w http.ResponseWriter, r *http.Request) {
	var faults Faults
	decoder := json.NewDecoder(io.LimitReader(r.Body, egov.MaxMessage))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&faults); err != nil || !faults.valid() {
		refuse(w, http.StatusUnprocessableEntity, "malformed")
		return
	}
	g.Switch(faults)
	answer(w, http.StatusOK, faults)
}

// sendForged sends what somebody without our keys can make of a notice: the payment is paid, under our key's name. Whether
// it is taken is not his to know; only a failure of the network counts.
func (g *Gateway) sendForged(ctx context.Context, n notice) error {
	var forged egov.Notice
	if err := json.Unmarshal([]byte(n.Body), &forged); err != nil {
		return fmt.Errorf("mockgateway: read a notice: %w", err)
	}
	now := g.config.Now().UTC()
	forged.ID = uuid.NewString()
	forged.Payment.State, forged.Payment.PaidAt, forged.Payment.Receipt = payments.StatePaid, &now, "R-forged"
	forged.Payment.Version += 1000
	body, err := json.Marshal(forged)
	if err != nil {
		return fmt.Errorf("mockgateway: write a notice: %w", err)
	}
	if err := g.send(ctx, string(body), g.forger); err == nil {
		g.config.Log.ErrorContext(ctx, "the portal took a forged notice")
	}
	return nil
}
