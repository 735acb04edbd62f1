package payments_test

import (
	"bytes"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"testing"
	"time"

	"elicensing/payments"
	"elicensing/payments/egov"
	"elicensing/payments/mockgateway"
	"elicensing/server/database/dbtest"
)

// The flags of the model: more runs than CI's for a night, and one seed again.
var (
	modelRuns = flag.Int("model.runs", 2000, "random lives of invoices in the model test")
	modelSeed = flag.Uint64("model.seed", 0, "seed of the model test; 0 takes a random one")
)

// runsOfAWorld live in one world, with a database and a gateway of their own: few enough that restarts, which read the
// whole book of the gateway, stay quick; enough that lives disturb each other.
const runsOfAWorld = 100

// I8, I10, I30: random lives. Payers press, pay, fail, leave and come back; notices are doubled, reordered, delayed,
// dropped and forged; answers are lost, come as errors or not at all; wrong amounts are taken; applicants reopen; portal and gateway restart. At the end the gateway's book and
// ours agree: what it took is paid, booked and filed once, what it did not take is not, and nothing had to be parked.
func TestRandomLives(t *testing.T) {
	runs := *modelRuns
	if testing.Short() {
		runs = min(runs, 200)
	}
	seed := *modelSeed
	if seed == 0 {
		seed = rand.Uint64()
	}
	t.Logf("seed %d", seed)
	for n := 0; n < runs; n += runsOfAWorld {
		t.Run(fmt.Sprintf("from %d", n), func(t *testing.T) {
			t.Parallel()
			m := newModel(t, rand.New(rand.NewPCG(seed, uint64(n))))
			m.live(min(runsOfAWorld, runs-n))
			m.settleDown()
			m.compareBooks()
		})
	}
}

// model is a world in which everything that may happen does.
type model struct {
	*world
	random  *rand.Rand
	pending []caught // notices on their way
	lives   []*life
	forged  int
}

// newModel makes a world without sockets.
func newModel(t *testing.T, random *rand.Rand) *model {
	t.Helper()
	w := &world{
		t: t, db: dbtest.New(t), wire: &wire{},
		clock:     &clock{now: time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)},
		noticeKey: newKey(t, "gateway-2026"), oldKey: newKey(t, "gateway-2025"),
	}
	w.makeFiled()
	w.wire.to, w.browser = inProcess(w.serveGateway), inProcess(w.serveGateway)
	w.build("http://gateway.test", "http://portal.test/notices", inProcess(w.catch))
	return &model{world: w, random: random}
}

func (m *model) live(runs int) {
	m.t.Helper()
	for range runs {
		m.mock.Switch(m.someFaults())
		l := &life{model: m, inv: m.open(request())}
		m.lives = append(m.lives, l)
		for range 1 + m.random.IntN(6) {
			m.lives[max(0, len(m.lives)-1-m.random.IntN(8))].step()
			l.step()
			m.shake()
		}
		switch m.random.IntN(10) {
		case 0:
			m.restartPortal()
		case 1:
			m.restartGateway()
		}
	}
}

// someFaults are none at most times.
func (m *model) someFaults() (f mockgateway.Faults) {
	on := func(in int) bool { return m.random.IntN(in) == 0 }
	f.Double, f.Reorder, f.Drop, f.FailAfterTaking = on(8), on(8), on(12), on(10)
	f.WrongAmount, f.Silent = on(15), on(20)
	return f
}

// settleDown: the storm is over, and nothing is lost for ever but the notices that were dropped.
func (m *model) settleDown() {
	m.t.Helper()
	m.wire.set(func(net *wire) { net.deaf = 0 })
	m.restartGateway() // the faults are forgotten
	m.restartPortal()
	m.clock.advance(10 * time.Minute)
	for _, n := range append(m.pending, m.notices()...) {
		if err := m.receive(n); err != nil {
			wantError(m.t, err, payments.ErrNoticeStale)
		}
	}
	for m.count("SELECT count(*) FROM gateway_payments WHERE state NOT IN ('paid', 'voided') AND checked_at < ?", m.clock.Now()) > 0 {
		_, err := m.service.RefreshOpen(m.ctx(), 0, file)
		check(m.t, err)
	}
	m.clock.advance(24 * time.Hour)
	m.reconcile(today)
}

// compareBooks holds every life and every tenge of the gateway's book against ours.
func (m *model) compareBooks() {
	t := m.t
	t.Helper()
	lines, err := m.client.Report(m.ctx(), today)
	check(t, err)
	took := map[string]payments.Tiyn{}
	for _, line := range lines {
		if took[line.Reference] != 0 {
			t.Errorf("the gateway took the money of %s twice", line.Reference)
		}
		took[line.Reference] = line.Amount
	}
	paid, parked := 0, 0
	for _, l := range m.lives {
		amount := took[l.inv.ID.String()]
		if got := m.get(l.inv.ID); (got.State == payments.InvoicePaid) != (amount == l.inv.Amount) {
			t.Errorf("invoice %s, and the gateway took %s", got.State, amount)
		}
		switch amount {
		case 0:
		case l.inv.Amount:
			paid++
			m.wantPaidOnce(l.inv.ID)
		default:
			parked++
		}
	}
	if filed, booked := m.count("SELECT count(*) FROM filed"), m.count("SELECT count(*) FROM ledger_entries"); filed != paid || booked != paid+parked {
		t.Errorf("%d paid, %d parked, %d filed, %d booked", paid, parked, filed, booked)
	}
	for _, c := range m.cases() {
		if c.Reason == payments.ParkedAmount {
			parked--
		} else {
			t.Errorf("a case of %s", c.Reason)
		}
	}
	if parked != 0 {
		t.Errorf("%d wrong amounts without a case", parked)
	}
	m.wantLedger(today)
	if paid == 0 || m.forged == 0 {
		t.Errorf("%d paid, %d forged: the model shows nothing", paid, m.forged)
	}
}

// life is one invoice and what its people do.
type life struct {
	*model
	inv  payments.Invoice
	page string
}

// step does one thing that somebody may do. Refusals are part of life.
func (l *life) step() {
	t := l.t
	t.Helper()
	l.wire.set(func(net *wire) {
		net.deaf = 0
		if l.random.IntN(4) == 0 {
			net.deaf = 1
		}
	})
	defer l.wire.set(func(net *wire) { net.deaf = 0 })
	var err error
	switch l.random.IntN(12) {
	case 0, 1, 2:
		var page string
		if page, err = l.service.Start(l.ctx(), l.inv.ID, returnURL); err == nil {
			l.page = page
		}
	case 3, 4, 5, 6:
		if l.page != "" {
			l.choose(l.page, []string{"succeeds", "refused", "later", "cancel"}[l.random.IntN(4)])
		}
	case 7:
		_, err = l.service.Refresh(l.ctx(), l.inv.ID, file)
	case 8:
		err = l.service.Cancel(l.ctx(), l.inv.ID, file, nil)
	case 9:
		_, err = l.service.RefreshOpen(l.ctx(), 5*time.Minute, file)
	default:
		l.clock.advance(time.Duration(l.random.IntN(40)) * time.Second)
	}
	if err == nil {
		return
	}
	switch codeOf(err) {
	case "invoice_already_paid", "invoice_cancelled", "payment_voided", "payment_in_process", "gateway_unavailable", "payment_parked":
	default:
		t.Fatalf("a step failed: %v", err)
	}
}

// shake hands on some of the notices, in any order, some twice, some forged on the way; it loses some and keeps the rest
// for later.
func (m *model) shake() {
	m.t.Helper()
	notices := append(m.pending, m.notices()...)
	m.pending = nil
	m.random.Shuffle(len(notices), func(i, j int) { notices[i], notices[j] = notices[j], notices[i] })
	for _, n := range notices {
		switch m.random.IntN(10) {
		case 0: // dropped
		case 1, 2: // delayed
			m.pending = append(m.pending, n)
		case 3: // somebody on the way makes another one of it, and lets the right one through
			m.tamper(n)
			fallthrough
		default:
			for range 1 + m.random.IntN(3) {
				if err := m.receive(n); err != nil {
					wantError(m.t, err, payments.ErrNoticeStale)
				}
			}
		}
	}
}

// tamper tries what somebody without the gateway's keys can do: paid instead of anything else, other bytes, a key of his
// own under the gateway's name, a new time stamp.
func (m *model) tamper(n caught) {
	m.t.Helper()
	m.forged++
	header, body := n.header.Clone(), bytes.Clone(n.body)
	switch m.random.IntN(4) {
	case 0:
		body = bytes.Replace(body, []byte(`"created"`), []byte(`"paid"`), 1)
		body = append(body, ' ')
	case 1:
		body[m.random.IntN(len(body))] ^= 1 << m.random.IntN(7)
	case 2:
		egov.Sign(header, egov.Key{ID: m.noticeKey.ID, Secret: bytes.Repeat([]byte{7}, 32)}, m.clock.Now(), egov.SubjectNotice, body)
	case 3:
		header = http.Header{egov.HeaderKey: header[egov.HeaderKey], egov.HeaderSignature: header[egov.HeaderSignature],
			egov.HeaderTimestamp: {fmt.Sprint(m.clock.Now().Unix() + 1)}}
	}
	wantError(m.t, m.receive(caught{header, body}), payments.ErrNoticeSignature)
}
