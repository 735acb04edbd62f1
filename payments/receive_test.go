package payments_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"elicensing/payments"
	"elicensing/payments/egov"
)

// I9: what does not come from the gateway, fresh and as it was signed, changes nothing.
func TestReceiveRefusesWhatIsNotTheGateways(t *testing.T) {
	w := newWorld(t)
	inv, _ := w.started()
	good := func() caught { return w.forge(w.paidNotice(inv)) }
	with := func(change func(n *caught)) caught {
		n := good()
		change(&n)
		return n
	}
	var indented bytes.Buffer
	check(t, json.Indent(&indented, good().body, "", " "))
	stale, early := good(), good()
	egov.Sign(stale.header, w.noticeKey, w.clock.Now().Add(-egov.Window-time.Second), egov.SubjectNotice, stale.body)
	egov.Sign(early.header, w.noticeKey, w.clock.Now().Add(egov.Window+time.Second), egov.SubjectNotice, early.body)
	for name, c := range map[string]struct {
		notice caught
		want   error
	}{
		"wrong key":     {w.signed(egov.Key{ID: w.noticeKey.ID, Secret: newKey(t, "x").Secret}, good().body), payments.ErrNoticeSignature},
		"unknown key":   {w.signed(newKey(t, "other"), good().body), payments.ErrNoticeSignature},
		"not signed":    {caught{http.Header{}, good().body}, payments.ErrNoticeSignature},
		"other name":    {with(func(n *caught) { n.header.Set(egov.HeaderKey, w.oldKey.ID) }), payments.ErrNoticeSignature},
		"re-serialised": {with(func(n *caught) { n.body = indented.Bytes() }), payments.ErrNoticeSignature},
		"one byte":      {with(func(n *caught) { n.body[len(n.body)/2] ^= 1 }), payments.ErrNoticeSignature},
		"no body":       {with(func(n *caught) { n.body = nil }), payments.ErrNoticeSignature},
		"longer body":   {with(func(n *caught) { n.body = append(n.body, ' ') }), payments.ErrNoticeSignature},
		"moved stamp": {with(func(n *caught) {
			n.header.Set(egov.HeaderTimestamp, "9"+n.header.Get(egov.HeaderTimestamp))
		}), payments.ErrNoticeSignature},
		"two signatures": {with(func(n *caught) {
			n.header.Add(egov.HeaderSignature, n.header.Get(egov.HeaderSignature))
		}), payments.ErrNoticeSignature},
		"short signature": {with(func(n *caught) {
			n.header.Set(egov.HeaderSignature, n.header.Get(egov.HeaderSignature)[:32])
		}), payments.ErrNoticeSignature},
		"stale":       {stale, payments.ErrNoticeStale},
		"from later":  {early, payments.ErrNoticeStale},
		"not JSON":    {w.signed(w.noticeKey, []byte("paid")), payments.ErrNoticeMalformed},
		"two values":  {w.signed(w.noticeKey, append(good().body, good().body...)), payments.ErrNoticeMalformed},
		"too large":   {w.signed(w.noticeKey, bytes.Repeat([]byte(" "), egov.MaxMessage+1)), payments.ErrNoticeMalformed},
		"no notice":   {w.signed(w.noticeKey, []byte("{}")), payments.ErrNoticeMalformed},
		"no moment":   {w.forge(w.changed(inv, func(n *egov.Notice) { n.Payment.PaidAt = nil })), payments.ErrNoticeMalformed},
		"no receipt":  {w.forge(w.changed(inv, func(n *egov.Notice) { n.Payment.Receipt = "" })), payments.ErrNoticeMalformed},
		"no id":       {w.forge(w.changed(inv, func(n *egov.Notice) { n.ID = "" })), payments.ErrNoticeMalformed},
		"new state":   {w.forge(w.changed(inv, func(n *egov.Notice) { n.Payment.State = "won" })), payments.ErrNoticeMalformed},
		"zero byte":   {w.forge(w.changed(inv, func(n *egov.Notice) { n.Payment.PayerID = "\x00" })), payments.ErrNoticeMalformed},
		"no version":  {w.forge(w.changed(inv, func(n *egov.Notice) { n.Payment.Version = 0 })), payments.ErrNoticeMalformed},
		"a path":      {w.forge(w.changed(inv, func(n *egov.Notice) { n.Payment.ID = "../x" })), payments.ErrNoticeMalformed},
		"money float": {w.signed(w.noticeKey, bytes.Replace(good().body, []byte(`"43250.00"`), []byte(`43250.00`), 1)), payments.ErrNoticeMalformed},
	} {
		if err := w.receive(c.notice); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	if n := w.count("SELECT count(*) FROM gateway_notices") + w.count("SELECT count(*) FROM parked_notices"); n != 0 {
		t.Errorf("%d rows were kept of notices that are not believed", n)
	}
	w.wantUntouched(inv.ID)

	replayed := good()
	w.clock.advance(24 * time.Hour)
	wantError(t, w.receive(replayed), payments.ErrNoticeStale)
	w.wantUntouched(inv.ID)
	check(t, w.receive(good()))
	w.wantPaidOnce(inv.ID)
}

func (w *world) changed(inv payments.Invoice, change func(n *egov.Notice)) egov.Notice {
	n := w.paidNotice(inv)
	change(&n)
	return n
}

func TestReceiveTakesBothKeysWhileOneReplacesTheOther(t *testing.T) {
	w := newWorld(t)
	inv, _ := w.started()
	n := w.paidNotice(inv)
	w.standBy(n)
	body, err := json.Marshal(n)
	check(t, err)
	check(t, w.receive(w.signed(w.oldKey, body)))
	w.wantPaidOnce(inv.ID)
}

// I9: authentic, but it does not fit the invoice: parked for a person, and taken.
func TestReceiveParksWhatDoesNotFit(t *testing.T) {
	for reason, change := range map[string]func(w *world, n *egov.Notice){
		payments.ParkedAmount:         func(_ *world, n *egov.Notice) { n.Payment.Amount-- },
		payments.ParkedCurrency:       func(_ *world, n *egov.Notice) { n.Payment.Currency = "USD" },
		payments.ParkedPurpose:        func(_ *world, n *egov.Notice) { n.Payment.PurposeCode = "912" },
		payments.ParkedPayer:          func(_ *world, n *egov.Notice) { n.Payment.PayerID = "900101300124" },
		payments.ParkedOtherPayment:   func(_ *world, n *egov.Notice) { n.Payment.ID = uuid.NewString() },
		payments.ParkedUnknownInvoice: func(_ *world, n *egov.Notice) { n.Payment.Reference = uuid.NewString() },
		payments.ParkedMoment: func(w *world, n *egov.Notice) {
			at := w.clock.Now().Add(time.Hour)
			n.Payment.PaidAt = &at
		},
		payments.ParkedRate: func(w *world, n *egov.Notice) {
			w.clock.set(time.Date(2027, 1, 1, 0, 0, 0, 0, payments.Zone))
			at := w.clock.Now()
			n.Payment.PaidAt = &at
		},
	} {
		t.Run(reason, func(t *testing.T) {
			w := newWorld(t)
			inv, _ := w.started()
			n := w.paidNotice(inv)
			change(w, &n)
			check(t, w.receive(w.forge(n)))
			n.ID = uuid.NewString() // told again under another id: still one thing to look at
			check(t, w.receive(w.forge(n)))
			w.wantParked(reason)
			w.wantUntouched(inv.ID)
		})
	}
}

func TestReceiveParksOtherOddities(t *testing.T) {
	t.Run("budget code", func(t *testing.T) {
		w := newWorld(t)
		inv, _ := w.started()
		check(t, w.receive(w.forge(w.changed(inv, func(n *egov.Notice) { n.Payment.BudgetCode = "105403" }))))
		w.wantParked(payments.ParkedPurpose)
	})
	t.Run("before the invoice", func(t *testing.T) {
		w := newWorld(t)
		inv, _ := w.started()
		at := w.clock.Now().Add(-time.Hour)
		check(t, w.receive(w.forge(w.changed(inv, func(n *egov.Notice) { n.Payment.PaidAt = &at }))))
		w.wantParked(payments.ParkedMoment)
	})
	t.Run("reference that is no id", func(t *testing.T) {
		w := newWorld(t)
		inv, _ := w.started()
		check(t, w.receive(w.forge(w.changed(inv, func(n *egov.Notice) { n.Payment.Reference = strings.ToUpper(inv.ID.String()) }))))
		w.wantParked(payments.ParkedUnknownInvoice)
		w.wantUntouched(inv.ID)
	})
	t.Run("the payment of another invoice", func(t *testing.T) {
		w := newWorld(t)
		other, _ := w.started()
		inv := w.open(request())
		n := w.paidNotice(other)
		n.Payment.Reference = inv.ID.String()
		check(t, w.receive(w.forge(n)))
		w.wantParked(payments.ParkedOtherPayment)
		w.wantUntouched(inv.ID)
	})
	t.Run("a notice id with another content", func(t *testing.T) {
		w := newWorld(t)
		inv, _ := w.started()
		n := w.paidNotice(inv)
		n.Payment.State, n.Payment.PaidAt, n.Payment.Receipt = payments.StateRefused, nil, ""
		check(t, w.receive(w.forge(n)))
		check(t, w.receive(w.forge(w.changed(inv, func(m *egov.Notice) { m.ID = n.ID }))))
		w.wantParked(payments.ParkedNoticeReused)
		w.wantUntouched(inv.ID)
	})
	t.Run("paid although cancelled", func(t *testing.T) {
		w := newWorld(t)
		inv, _ := w.started()
		check(t, w.service.Cancel(w.ctx(), inv.ID, file, nil))
		check(t, w.receive(w.forge(w.paidNotice(inv))))
		w.wantParked(payments.ParkedInvoiceCancelled)
		if n := w.count("SELECT count(*) FROM filed"); n != 0 {
			t.Fatal("a cancelled application was filed")
		}
	})
}

// I8: the same notice many times at once.
func TestReceiveDoubledInParallel(t *testing.T) {
	w := newWorld(t)
	inv, _ := w.started()
	same := w.forge(w.paidNotice(inv))
	other := w.forge(w.paidNotice(inv)) // the same fact under another id
	var group sync.WaitGroup
	for i := range 16 {
		group.Go(func() {
			n := same
			if i%4 == 0 {
				n = other
			}
			if err := w.receive(n); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	w.wantPaidOnce(inv.ID)
	w.wantParked("")
}

// I8: what was said earlier and arrives later takes nothing back.
func TestReceiveReordered(t *testing.T) {
	w := newWorld(t)
	inv, page := w.started()
	w.choose(page, "refused")
	w.choose(page, "later")
	notices := w.notices() // created, refused, pending
	if len(notices) != 3 {
		t.Fatalf("%d notices", len(notices))
	}
	check(t, w.receive(notices[2]))
	check(t, w.receive(notices[1]))
	if got := w.get(inv.ID).Payment.State; got != payments.StatePending {
		t.Fatalf("a late refusal made it %s", got)
	}
	w.clock.advance(2 * time.Minute)
	w.deliver()
	check(t, w.receive(w.forge(w.refusedNotice(inv, 99))))
	check(t, w.receive(notices[0]))
	w.wantPaidOnce(inv.ID)
	w.wantParked("")
}

func (w *world) refusedNotice(inv payments.Invoice, version int64) egov.Notice {
	return w.changed(inv, func(n *egov.Notice) {
		n.Payment.State, n.Payment.PaidAt, n.Payment.Receipt, n.Payment.Version = payments.StateRefused, nil, "", version
	})
}

// Money does not go away because a later word about the payment arrived first.
func TestReceivePaidAfterALaterWord(t *testing.T) {
	w := newWorld(t)
	inv, _ := w.started()
	check(t, w.receive(w.forge(w.refusedNotice(inv, 10))))
	check(t, w.receive(w.forge(w.paidNotice(inv))))
	w.wantPaidOnce(inv.ID)
}

// I8: the notice overtakes the answer to "create".
func TestReceiveBeforeTheAnswerToCreate(t *testing.T) {
	w := newWorld(t)
	inv := w.open(request())
	w.wire.set(func(net *wire) {
		net.meddle = func(*http.Request) {
			w.wire.set(func(net *wire) { net.meddle = nil })
			created := w.notices()[0]
			var n egov.Notice
			check(t, json.Unmarshal(created.body, &n))
			at := w.clock.Now()
			n.ID, n.Payment.State, n.Payment.PaidAt, n.Payment.Receipt = uuid.NewString(), payments.StatePaid, &at, "R-1"
			n.Payment.Version++
			check(t, w.receive(w.forge(n)))
		}
	})
	_, err := w.service.Start(w.ctx(), inv.ID, returnURL)
	check(t, err)
	w.wantPaidOnce(inv.ID)
}

// If filing fails, nothing has happened and the gateway is to try again.
func TestReceiveUndoesAllWhenFilingFails(t *testing.T) {
	w := newWorld(t)
	inv, _ := w.started()
	n := w.forge(w.paidNotice(inv))
	broken := errors.New("no number left")
	err := w.service.Receive(w.ctx(), n.header, n.body, func(tx *gorm.DB, inv payments.Invoice) error {
		return errors.Join(file(tx, inv), broken)
	})
	wantError(t, err, broken)
	w.wantUntouched(inv.ID)
	check(t, w.receive(n))
	w.wantPaidOnce(inv.ID)
}
