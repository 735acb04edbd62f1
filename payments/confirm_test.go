package payments_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/uuid"

	"elicensing/payments"
	"elicensing/payments/egov"
)

// I9: a good signature is not enough, the gateway must say so too. What it does not confirm is not kept and changes nothing; a gateway that does
// not answer sends its notice again.
func TestReceiveBelievesWhatTheGatewayConfirms(t *testing.T) {
	w := newWorld(t)
	inv, page := w.started()
	w.deliver()
	stranger := w.paidNotice(inv)
	stranger.Payment.ID = uuid.NewString()
	for name, n := range map[string]egov.Notice{
		"not paid there":        w.paidNotice(inv),
		"no such payment":       stranger,
		"another reference":     w.changed(inv, func(n *egov.Notice) { n.Payment.Reference, n.Payment.Version = uuid.NewString(), 1 }),
		"refused, not so there": w.refusedNotice(inv, 2),
	} {
		if err := w.receive(w.stolen(n)); !errors.Is(err, payments.ErrGatewayUnavailable) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := w.count("SELECT count(*) FROM gateway_notices") + w.count("SELECT count(*) FROM parked_notices"); n != 1 {
		t.Errorf("%d rows were kept", n-1)
	}
	w.wantUntouched(inv.ID)
	if got := w.get(inv.ID).Payment.State; got != payments.StateCreated {
		t.Errorf("the payment is %s", got)
	}
	w.choose(page, "succeeds")
	sent := w.notices()[0]
	w.wire.set(func(net *wire) { net.down = true })
	wantError(t, w.receive(sent), payments.ErrGatewayUnavailable)
	w.wantUntouched(inv.ID)
	w.wire.set(func(net *wire) { net.down = false })
	check(t, w.receive(sent))
	w.wantPaidOnce(inv.ID)
	// A word of less than the gateway knows by now: what it knows counts.
	again, page := w.started()
	created := w.notices()[0]
	w.choose(page, "succeeds")
	check(t, w.receive(created))
	w.wantPaidOnce(again.ID)
}

// stolen is a notice signed with the gateway's key of which the gateway knows nothing.
func (w *world) stolen(n egov.Notice) caught {
	w.t.Helper()
	body, err := json.Marshal(n)
	check(w.t, err)
	return w.signed(w.noticeKey, body)
}

// standBy has the gateway answer about a payment what a notice says of it.
func (w *world) standBy(n egov.Notice) {
	w.t.Helper()
	said, err := json.Marshal(n.Payment)
	check(w.t, err)
	w.wire.set(func(net *wire) {
		if net.says == nil {
			net.says = map[string]string{}
		}
		net.says["GET /api/payments/"+n.Payment.ID] = string(said)
	})
}

// standByNothing lets the gateway answer for itself again.
func (w *world) standByNothing() { w.wire.set(func(net *wire) { net.says = nil }) }
