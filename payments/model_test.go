package payments_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"gorm.io/gorm"

	"elicensing/payments"
	"elicensing/payments/egov"
	"elicensing/payments/mockgateway"
)

// The flags of the model: more runs than CI's for a night, and one seed again.
var (
	modelRuns = flag.Int("model.runs", 2000, "random lives of invoices in the model test")
	modelSeed = flag.Uint64("model.seed", 0, "seed of the model test; 0 takes a random one")
)

// runsOfAWorld live in one world, with a database and a gateway of their own: few enough that restarts, which read the
// whole book of the gateway, stay quick; enough that lives disturb each other.
const runsOfAWorld = 100

// I8, I10, I30: random lives across New Year and its new rate. Payers press, pay, fail, leave and come back, online and by a bank's receipt; notices
// are doubled, reordered, delayed, dropped and forged; answers are lost, come as errors or not at all; wrong amounts are taken; the gateway gives
// back by itself, the head has it give back or decides where it belongs, payers ask for the certificate; applicants reopen and get new invoices; filing fails; portal and gateway
// restart; acts and notices race. At the end our ledger equals the gateways' books, what they took is filed once or has its case, no money waits
// in the ledger without one, and none went two ways. Half of the worlds come to rest by the reconciliation alone.
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
	var seen shown
	t.Run("worlds", func(t *testing.T) {
		for n := 0; n < runs; n += runsOfAWorld {
			t.Run(fmt.Sprintf("from %d", n), func(t *testing.T) {
				t.Parallel()
				m := newModel(t, rand.New(rand.NewPCG(seed, uint64(n))), &seen)
				m.live(min(runsOfAWorld, runs-n))
				m.settleDown(n/runsOfAWorld%2 == 0)
				m.compareBooks()
			})
		}
	})
	t.Logf("%+v", &seen)
	if runs >= 2000 && slices.Contains([]int64{seen.paid.Load(), seen.receipts.Load(), seen.parked.Load(), seen.filedAndBack.Load(), seen.refunds.Load(), seen.certificates.Load(),
		seen.decided.Load(), seen.returned.Load(), seen.reissued.Load(), seen.forged.Load(), seen.reused.Load(), seen.failedToFile.Load()}, 0) {
		t.Error("something never happened: the model shows nothing of it")
	}
}

// shown counts what happened in all worlds.
type shown struct {
	paid, receipts, parked, filedAndBack, refunds, certificates, decided, returned, reissued, forged, reused, failedToFile atomic.Int64
}

func (s *shown) String() string {
	return fmt.Sprintf("%d paid online and %d by receipt, %d parked, %d filed and given back, %d refunds, %d certificates, %d decided, %d requests ended by the gateway, %d new invoices, %d forged notices and %d reused, %d failures to file",
		s.paid.Load(), s.receipts.Load(), s.parked.Load(), s.filedAndBack.Load(), s.refunds.Load(), s.certificates.Load(), s.decided.Load(), s.returned.Load(), s.reissued.Load(), s.forged.Load(), s.reused.Load(), s.failedToFile.Load())
}

// model is a world in which everything that may happen does.
type model struct {
	*world
	random  *rand.Rand
	seen    *shown
	pending []caught // notices on their way
	lives   []*life
	failing atomic.Int64 // so many applications cannot be filed

	refunded, certified map[string]bool // payments whose money a person sent back, by either road
}

// newModel makes a world without sockets, on the last evening of the year.
func newModel(t *testing.T, random *rand.Rand, seen *shown) *model {
	t.Helper()
	w := &world{
		t: t, db: newDatabase(t), wire: &wire{},
		clock:     &clock{now: time.Date(2025, 12, 31, 19, 0, 0, 0, payments.Zone)},
		noticeKey: newKey(t, "gateway-2026"), oldKey: newKey(t, "gateway-2025"),
	}
	w.wire.to, w.browser = inProcess(w.serveGateway), inProcess(w.serveGateway)
	w.returned = func(tx *gorm.DB, c payments.Case) error { // as the owner of the requests does
		done := tx.Exec("UPDATE refund_requests SET state = 'returned', ended_at = now(), ended_by = 'gateway' WHERE source_id = ? AND state = 'asked'", c.ID)
		seen.returned.Add(done.RowsAffected)
		return done.Error
	}
	w.build("http://gateway.test", "http://portal.test/notices", inProcess(w.catch))
	return &model{world: w, random: random, seen: seen, refunded: map[string]bool{}, certified: map[string]bool{}}
}

func (m *model) live(runs int) {
	m.t.Helper()
	newYear := time.Date(2026, 1, 1, 0, 0, 0, 0, payments.Zone)
	for n := range runs {
		if before := newYear.Add(-time.Minute); n == runs/2 && m.clock.Now().Before(before) {
			m.clock.set(before)
		}
		m.mock.Switch(m.someFaults())
		m.lives = append(m.lives, &life{model: m, inv: m.open(request())})
		for range 1 + m.random.IntN(6) {
			m.lives[max(0, len(m.lives)-1-m.random.IntN(8))].step()
			m.lives[len(m.lives)-1].step()
			m.shake()
		}
	}
}

// someFaults are none at most times.
func (m *model) someFaults() (f mockgateway.Faults) {
	on := func(in int) bool { return m.random.IntN(in) == 0 }
	f.Double, f.Reorder, f.Drop, f.FailAfterTaking, f.Forge, f.NextKey = on(8), on(8), on(12), on(10), on(6), on(5)
	f.WrongAmount, f.Silent = on(4), on(20)
	if on(8) {
		f.DelaySeconds = m.random.IntN(120)
	}
	return f
}

var errNoNumber = errors.New("no number left")

// settleDown: the storm is over, and nothing is lost for ever but the notices that were dropped. By the reports alone everything comes right too.
func (m *model) settleDown(byReportsAlone bool) {
	m.t.Helper()
	m.wire.set(func(net *wire) { net.deaf = 0 })
	m.restartGateway() // the faults are forgotten
	m.restartPortal()
	m.failing.Store(0)
	m.clock.advance(10 * time.Minute)
	if !byReportsAlone {
		for _, n := range append(m.pending, m.notices()...) {
			m.hand(n)
		}
		for m.count("SELECT count(*) FROM gateway_payments WHERE state NOT IN ('paid', 'voided') AND checked_at < ?", m.clock.Now()) > 0 {
			_, err := m.service.RefreshOpen(m.ctx(), 0, m.file)
			check(m.t, err)
		}
	}
	m.clock.set(time.Date(2026, 1, 3, 12, 0, 0, 0, payments.Zone))
	check(m.t, m.service.ReconcileEnded(m.ctx(), m.file))
	m.wantComplete()
}

// wantComplete shows that reconciling all days once more finds nothing.
func (m *model) wantComplete() {
	m.t.Helper()
	cases, entries := m.count("SELECT count(*) FROM money_cases"), m.count("SELECT count(*) FROM ledger_entries")
	for _, via := range []payments.Via{payments.Online, payments.ByReceipt} {
		for _, day := range modelDays {
			_, err := m.service.Reconcile(m.ctx(), via, day, m.file)
			check(m.t, err)
		}
	}
	if c, e := m.count("SELECT count(*) FROM money_cases"), m.count("SELECT count(*) FROM ledger_entries"); c != cases || e != entries {
		m.t.Errorf("reconciled again: %d cases more, %d entries more", c-cases, e-entries)
	}
}

// modelDays are the days on which anything happened.
var modelDays = []string{"2025-12-31", "2026-01-01", "2026-01-02"}

// shake hands on some of the notices, in any order, some twice, some forged on the way; it loses some and keeps the rest
// for later.
func (m *model) shake() {
	m.t.Helper()
	if m.random.IntN(40) == 0 {
		m.restartPortal()
	}
	if m.random.IntN(40) == 0 {
		m.restartGateway()
	}
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
				m.hand(n)
			}
			if m.random.IntN(12) == 0 {
				m.reuse(n)
			}
		}
	}
}

// reuse is what somebody with a key of the gateway may do: a known notice again, which says that the money is there. It files nothing and holds nobody up.
func (m *model) reuse(n caught) {
	m.t.Helper()
	var again egov.Notice
	check(m.t, json.Unmarshal(n.body, &again))
	at := m.clock.Now()
	again.Payment.State, again.Payment.PaidAt, again.Payment.Receipt, again.Payment.RefundedAt = payments.StatePaid, &at, "R-reused", nil
	again.Payment.Version += 100
	if err := m.receive(m.stolen(again)); err == nil {
		m.seen.reused.Add(1)
	} else if !errors.Is(err, payments.ErrGatewayUnavailable) {
		m.t.Errorf("a reused notice: %v", err)
	}
}

// hand brings a notice to the portal; one that is to be sent again is.
func (m *model) hand(n caught) {
	err := m.service.Receive(m.ctx(), n.header, n.body, m.file)
	switch {
	case bytes.Contains(n.body, []byte("R-forged")):
		m.seen.forged.Add(1)
		if !errors.Is(err, payments.ErrNoticeSignature) {
			m.t.Errorf("a forged notice: %v", err)
		}
	case err == nil, errors.Is(err, payments.ErrNoticeStale):
	case errors.Is(err, payments.ErrGatewayUnavailable), errors.Is(err, errNoNumber):
		m.mu.Lock()
		m.caught = append(m.caught, n)
		m.mu.Unlock()
	default:
		m.t.Errorf("a notice: %v", err)
	}
}

// tamper tries what somebody without the gateway's keys can do: paid instead of anything else, other bytes, a key of his
// own under the gateway's name, a new time stamp.
func (m *model) tamper(n caught) {
	m.t.Helper()
	m.seen.forged.Add(1)
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
