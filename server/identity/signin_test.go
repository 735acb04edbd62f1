package identity_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"gorm.io/gorm"

	"elicensing/server/database/dbtest"
	"elicensing/server/fault"
	"elicensing/server/identity"
)

const (
	personIIN    = "900101300123"
	officialIIN  = "800101300456"
	authorityBIN = "140140000001"
	companyBIN   = "150240000002"
	authority    = "13"
)

// desk is the service with a clock that only the test moves. A "signature" names its signer and the content that it was made over.
type desk struct {
	*identity.Service
	t       *testing.T
	db      *gorm.DB
	signers map[string]identity.Signer
	clock   *clock
	gate    *sync.WaitGroup // when set, every check of a signature waits until as many have come
}

func TestMain(m *testing.M) { dbtest.Main(m) }

type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func newDesk(t *testing.T) *desk {
	d := &desk{t: t, db: dbtest.New(t), clock: &clock{now: time.Date(2026, 3, 27, 5, 0, 0, 0, time.UTC)}}
	d.signers = map[string]identity.Signer{
		"person":   {IIN: personIIN, Name: "Тестов Тест Тестович", Serial: "01"},
		"director": {IIN: personIIN, Name: "Тестов Тест Тестович", BIN: companyBIN, Organisation: "ТОО «Тест»", MaySignForEntity: true, Serial: "02"},
		"employee": {IIN: personIIN, Name: "Тестов Тест Тестович", BIN: companyBIN, Organisation: "ТОО «Тест»", Serial: "03"},
		"official": {IIN: officialIIN, Name: "Служащая Анна", BIN: authorityBIN, Organisation: "Басқарма", MaySignForEntity: true, Serial: "04"},
		"stranger": {IIN: personIIN, Name: "Тестов Тест Тестович", BIN: authorityBIN, Organisation: "Басқарма", MaySignForEntity: true, Serial: "05"},
		"nobody":   {Name: "Без номера", Serial: "06"},
		"expiring": {IIN: personIIN, Name: "Тестов Тест Тестович", Serial: "07", NotAfter: d.clock.now.Add(time.Hour)},
	}
	service, err := identity.New(identity.Deps{DB: d.db, Verify: d.verify, Now: d.clock.Now, PortalURL: "http://localhost:8080"})
	if err != nil {
		t.Fatal(err)
	}
	d.Service = service
	ctx := t.Context()
	if err := d.EnsureAuthority(ctx, authority, authorityBIN, map[string]any{"taxOfficeCode": "5903"}); err != nil {
		t.Fatal(err)
	}
	d.employ(officialIIN, identity.Chancery, identity.Executor)
	return d
}

func (d *desk) employ(iin string, roles ...identity.Role) identity.Employee {
	d.t.Helper()
	e, err := d.EnsureEmployee(d.t.Context(), identity.Employee{AuthorityCode: authority, IIN: iin, Name: "Служащая Анна", Roles: roles})
	if err != nil {
		d.t.Fatal(err)
	}
	return e
}

func (d *desk) verify(_ context.Context, cms, content []byte) (identity.Signer, error) {
	if d.gate != nil {
		d.gate.Done()
		d.gate.Wait()
	}
	who, over, _ := strings.Cut(string(cms), "|")
	if who == "unknown status" {
		return identity.Signer{}, fault.Unavailable("revocation_unavailable")
	}
	signer, ok := d.signers[who]
	if !ok || over != string(content) {
		return identity.Signer{}, fault.Invalid("signature_content_differs")
	}
	return signer, nil
}

func (d *desk) challenge() identity.Challenge {
	d.t.Helper()
	c, err := d.NewChallenge(d.t.Context())
	if err != nil {
		d.t.Fatal(err)
	}
	return c
}

func signed(who string, c identity.Challenge) []byte { return []byte(who + "|" + string(c.Content)) }

func (d *desk) signIn(who string) (string, identity.Session) {
	d.t.Helper()
	c := d.challenge()
	token, session, err := d.SignIn(d.t.Context(), c.ID, signed(who, c), "")
	if err != nil {
		d.t.Fatal(err)
	}
	return token, session
}

func (d *desk) count(sql string, args ...any) int64 {
	d.t.Helper()
	var n int64
	if err := d.db.Raw(sql, args...).Scan(&n).Error; err != nil {
		d.t.Fatal(err)
	}
	return n
}

func mustBe(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("error %v, want %v", err, want)
	}
}

// R10.1, S14: who one is comes from the certificate, and which desk from the table of employees.
func TestTheCertificateDecidesWhoOneIs(t *testing.T) {
	d := newDesk(t)
	for _, tc := range []struct {
		who        string
		capacity   identity.Capacity
		capacities []identity.Capacity
		bin        string
	}{
		{"person", identity.AsPerson, []identity.Capacity{identity.AsPerson}, ""},
		{"director", identity.AsEntity, []identity.Capacity{identity.AsPerson, identity.AsEntity}, companyBIN},
		{"employee", identity.AsPerson, []identity.Capacity{identity.AsPerson}, ""},
		{"official", identity.AsOfficial, []identity.Capacity{identity.AsPerson, identity.AsOfficial}, ""},
		{"stranger", identity.AsPerson, []identity.Capacity{identity.AsPerson}, ""},
	} {
		t.Run(tc.who, func(t *testing.T) {
			d.t = t
			token, session := d.signIn(tc.who)
			resolved, err := d.Resolve(t.Context(), token)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range []identity.Session{session, resolved} {
				if s.Actor.Capacity != tc.capacity || !slices.Equal(s.Capacities, tc.capacities) || s.Actor.BIN != tc.bin {
					t.Errorf("capacity %s of %v with BIN %q", s.Actor.Capacity, s.Capacities, s.Actor.BIN)
				}
				if s.Actor.IIN != d.signers[tc.who].IIN || s.Actor.Name != d.signers[tc.who].Name {
					t.Errorf("actor %+v", s.Actor)
				}
				if (tc.capacity == identity.AsOfficial) != (s.Actor.AuthorityCode == authority && s.Actor.Has(identity.Chancery)) {
					t.Errorf("desk of %+v", s.Actor)
				}
			}
		})
	}
}

// I5: bound to purpose, one use, five minutes.
func TestAChallengeThatDoesNotHold(t *testing.T) {
	d := newDesk(t)
	used := d.challenge()
	if _, _, err := d.SignIn(t.Context(), used.ID, signed("person", used), ""); err != nil {
		t.Fatal(err)
	}
	expired := d.challenge()
	d.clock.move(identity.DefaultLimits.Challenge)
	fresh, other := d.challenge(), d.challenge()
	foreign := d.challenge()
	if err := d.db.Exec("UPDATE challenges SET purpose = 'sign_request' WHERE id = ?", foreign.ID).Error; err != nil {
		t.Fatal(err)
	}
	sessions := d.count("SELECT count(*) FROM sessions")
	for name, tc := range map[string]struct {
		id   uuid.UUID
		cms  []byte
		want error
	}{
		"used":            {used.ID, signed("person", used), fault.Conflict("challenge_used")},
		"expired":         {expired.ID, signed("person", expired), fault.Invalid("challenge_expired")},
		"other purpose":   {foreign.ID, signed("person", foreign), fault.Invalid("challenge_unknown")},
		"unknown":         {uuid.New(), signed("person", fresh), fault.Invalid("challenge_unknown")},
		"of another":      {fresh.ID, signed("person", other), fault.Invalid("signature_content_differs")},
		"unknown signer":  {fresh.ID, signed("somebody", fresh), fault.Invalid("signature_content_differs")},
		"no IIN":          {fresh.ID, signed("nobody", fresh), fault.Invalid("identity_missing")},
		"status unknown":  {fresh.ID, signed("unknown status", fresh), fault.Unavailable("revocation_unavailable")},
		"empty signature": {fresh.ID, nil, fault.Invalid("signature_content_differs")},
	} {
		_, _, err := d.SignIn(t.Context(), tc.id, tc.cms, "")
		if !errors.Is(err, tc.want) {
			t.Errorf("%s: %v, want %v", name, err, tc.want)
		}
	}
	if n := d.count("SELECT count(*) FROM sessions"); n != sessions {
		t.Errorf("%d sessions after refusals, %d before", n, sessions)
	}
	// A refused signature does not use the challenge up: the person may choose another key.
	if _, _, err := d.SignIn(t.Context(), fresh.ID, signed("person", fresh), ""); err != nil {
		t.Errorf("second try with the same challenge: %v", err)
	}
}

func TestAChallengeSaysWhatItIsFor(t *testing.T) {
	d := newDesk(t)
	one, two := d.challenge(), d.challenge()
	text := string(one.Content)
	for _, want := range []string{"кіру", "Вход", "Sign-in", "http://localhost:8080", "sign_in", "2026-03-27T05:00:00Z"} {
		if !strings.Contains(text, want) {
			t.Errorf("the text lacks %q:\n%s", want, text)
		}
	}
	if text == string(two.Content) {
		t.Error("two challenges are equal")
	}
}

// I5: posted twice at the same moment, one session.
func TestAChallengeIsUsedOnceInParallel(t *testing.T) {
	d := newDesk(t)
	c := d.challenge()
	const tries = 12
	d.gate = &sync.WaitGroup{} // all have found the challenge unused before any uses it
	d.gate.Add(tries)
	var wg sync.WaitGroup
	errs := make([]error, tries)
	for i := range tries {
		wg.Go(func() { _, _, errs[i] = d.SignIn(context.Background(), c.ID, signed("person", c), "") })
	}
	wg.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
		} else {
			mustBe(t, err, fault.Conflict("challenge_used"))
		}
	}
	if sessions := d.count("SELECT count(*) FROM sessions"); won != 1 || sessions != 1 {
		t.Errorf("%d won, %d sessions", won, sessions)
	}
	if n := d.count("SELECT count(*) FROM journal WHERE action = 'sign_in'"); n != 1 {
		t.Errorf("%d journal rows", n)
	}
}

func TestOnlyTheHashOfATokenIsStored(t *testing.T) {
	d := newDesk(t)
	token, _ := d.signIn("person")
	hash := sha256.Sum256([]byte(token))
	if d.count("SELECT count(*) FROM sessions WHERE token_hash = ?", hash[:]) != 1 {
		t.Error("the hash is not there")
	}
	if d.count("SELECT count(*) FROM sessions WHERE sessions::text LIKE ?", "%"+token+"%") != 0 {
		t.Error("the token itself is in the table")
	}
	if len(token) < 43 {
		t.Errorf("token of %d characters holds fewer than 256 bits", len(token))
	}
}

func TestSigningInAgainEndsTheFormerSession(t *testing.T) {
	d := newDesk(t)
	former, _ := d.signIn("person")
	c := d.challenge()
	token, _, err := d.SignIn(t.Context(), c.ID, signed("person", c), former)
	if err != nil || token == former {
		t.Fatal(token == former, err)
	}
	_, err = d.Resolve(t.Context(), former)
	mustBe(t, err, identity.ErrSessionEnded)
}
