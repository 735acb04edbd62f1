package payments_test

import (
	"os"
	"strings"
	"testing"

	"elicensing/payments"
)

// The drawing and the table of README.md are those of the code. When this fails, paste what it prints.
func TestReadmeShowsTheTable(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	check(t, err)
	for _, part := range []string{"```mermaid\n" + payments.Draw() + "```", payments.DrawTable()} {
		if !strings.Contains(string(readme), part) {
			t.Errorf("README.md does not show\n%s", part)
		}
	}
}

// Each row of the gateway's word is guarded by the comparison with the invoice, and the first press by the rate.
func TestEveryRowHasItsGuard(t *testing.T) {
	for _, row := range payments.Transitions {
		want := payments.GuardFits
		switch row.Event {
		case payments.EventStart:
			want = payments.GuardRate
		case payments.EventCancel:
			want = payments.NoGuard
		case payments.EventAbandon:
			want = payments.GuardHeld
		case payments.EventAccept:
			want = payments.GuardAccepted
		}
		if row.Guard != want {
			t.Errorf("%s is guarded by %q", row.Event, row.Guard)
		}
	}
}
