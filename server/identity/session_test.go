package identity_test

import (
	"strings"
	"testing"
	"time"

	"elicensing/server/fault"
	"elicensing/server/identity"
)

// I20: idle and absolute limits, each on the second.
func TestASessionEndsByItsLimits(t *testing.T) {
	d := newDesk(t)
	for name, tc := range map[string]struct {
		who   string
		steps []time.Duration
		lives bool
	}{
		"citizen just before idle":   {"person", []time.Duration{30*time.Minute - time.Second}, true},
		"citizen idle":               {"person", []time.Duration{30 * time.Minute}, false},
		"citizen active in between":  {"person", []time.Duration{29 * time.Minute, 29 * time.Minute}, true},
		"official just before idle":  {"official", []time.Duration{15*time.Minute - time.Second}, true},
		"official idle":              {"official", []time.Duration{15 * time.Minute}, false},
		"absolute limit, active":     {"person", repeat(20*time.Minute, 36), false},
		"just before absolute limit": {"person", append(repeat(20*time.Minute, 35), 20*time.Minute-time.Second), true},
		"certificate ends":           {"expiring", []time.Duration{29 * time.Minute, 29 * time.Minute, 2 * time.Minute}, false},
	} {
		token, _ := d.signIn(tc.who)
		var err error
		for i, step := range tc.steps {
			if err != nil {
				t.Fatalf("%s: ended before step %d: %v", name, i, err)
			}
			d.clock.move(step)
			_, err = d.Resolve(t.Context(), token)
		}
		if tc.lives && err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if !tc.lives {
			mustBe(t, err, identity.ErrSessionEnded)
		}
		d.signers["expiring"] = withEnd(d.signers["expiring"], d.clock.Now().Add(time.Hour))
	}
}

func withEnd(s identity.Signer, end time.Time) identity.Signer {
	s.NotAfter = end
	return s
}

func repeat(d time.Duration, n int) []time.Duration {
	steps := make([]time.Duration, n)
	for i := range steps {
		steps[i] = d
	}
	return steps
}

func TestTokensThatAreNoSession(t *testing.T) {
	d := newDesk(t)
	ended, _ := d.signIn("person")
	if err := d.End(t.Context(), ended); err != nil {
		t.Fatal(err)
	}
	for name, token := range map[string]string{
		"none": "", "guessed": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "ended": ended, "long": strings.Repeat("A", 5000), "NUL": "\x00", "not UTF-8": "\xff\xfe",
	} {
		if _, err := d.Resolve(t.Context(), token); err == nil {
			t.Errorf("%s: resolved", name)
		} else {
			mustBe(t, err, identity.ErrSessionEnded)
		}
		if _, _, err := d.ChooseCapacity(t.Context(), token, identity.AsPerson); err == nil {
			t.Errorf("%s: changed", name)
		}
		if err := d.End(t.Context(), token); err != nil {
			t.Errorf("%s: ending: %v", name, err)
		}
	}
}

// I20: a role taken away is gone at the next request, and so is a desk in another authority.
func TestAWithdrawnRoleEndsTheSession(t *testing.T) {
	d := newDesk(t)
	for name, withdraw := range map[string]func(employee identity.Employee){
		"dismissed": func(e identity.Employee) {
			if err := d.DismissEmployee(t.Context(), e.ID); err != nil {
				t.Fatal(err)
			}
		},
		"the authority's BIN is another": func(identity.Employee) {
			if err := d.EnsureAuthority(t.Context(), authority, "140140000009", nil); err != nil {
				t.Fatal(err)
			}
		},
	} {
		if err := d.EnsureAuthority(t.Context(), authority, authorityBIN, nil); err != nil {
			t.Fatal(err)
		}
		employee := d.employ(officialIIN, identity.Chancery)
		token, session := d.signIn("official")
		if session.Actor.Capacity != identity.AsOfficial {
			t.Fatalf("%s: signed in as %s", name, session.Actor.Capacity)
		}
		withdraw(employee)
		_, err := d.Resolve(t.Context(), token)
		mustBe(t, err, identity.ErrSessionEnded)
		if err := d.EnsureAuthority(t.Context(), authority, authorityBIN, nil); err != nil {
			t.Fatal(err)
		}
		d.employ(officialIIN, identity.Chancery)
		_, err = d.Resolve(t.Context(), token)
		mustBe(t, err, identity.ErrSessionEnded) // it does not come back with the role
	}
}

func TestChangedRolesHoldAtOnce(t *testing.T) {
	d := newDesk(t)
	token, _ := d.signIn("official")
	d.employ(officialIIN, identity.Head)
	session, err := d.Resolve(t.Context(), token)
	if err != nil || !session.Actor.Has(identity.Head) || session.Actor.Has(identity.Chancery) {
		t.Errorf("roles %v, %v", session.Actor.Roles, err)
	}
}

func TestChoosingACapacity(t *testing.T) {
	d := newDesk(t)
	token, _ := d.signIn("director")
	fresh, session, err := d.ChooseCapacity(t.Context(), token, identity.AsPerson)
	if err != nil || session.Actor.Capacity != identity.AsPerson || session.Actor.BIN != "" {
		t.Fatalf("%+v, %v", session.Actor, err)
	}
	if fresh == token {
		t.Error("the token did not change with the rights")
	}
	if _, err := d.Resolve(t.Context(), token); err == nil {
		t.Error("the former token still opens the session")
	}
	back, session, err := d.ChooseCapacity(t.Context(), fresh, identity.AsEntity)
	if err != nil || session.Actor.BIN != companyBIN {
		t.Fatalf("%+v, %v", session.Actor, err)
	}
	d.clock.move(12*time.Hour - time.Second - 29*time.Minute)
	if _, err := d.Resolve(t.Context(), back); err == nil {
		t.Error("idle for hours and alive")
	}
}

func TestCapacitiesThatOneHasNot(t *testing.T) {
	d := newDesk(t)
	for _, tc := range []struct {
		who string
		to  identity.Capacity
	}{
		{"person", identity.AsEntity}, {"person", identity.AsOfficial}, {"director", identity.AsOfficial}, {"employee", identity.AsEntity},
		{"official", identity.AsEntity}, {"stranger", identity.AsOfficial}, {"stranger", identity.AsEntity},
	} {
		token, _ := d.signIn(tc.who)
		_, _, err := d.ChooseCapacity(t.Context(), token, tc.to)
		mustBe(t, err, fault.Forbidden("capacity_not_allowed"))
		if _, err := d.Resolve(t.Context(), token); err != nil {
			t.Errorf("%s to %s: the refusal ended the session: %v", tc.who, tc.to, err)
		}
	}
	token, _ := d.signIn("person")
	_, _, err := d.ChooseCapacity(t.Context(), token, "administrator")
	mustBe(t, err, fault.Malformed("body_not_as_expected"))
}

// A new capacity is not a new session: the absolute limit stays.
func TestChoosingACapacityDoesNotProlong(t *testing.T) {
	d := newDesk(t)
	token, before := d.signIn("director")
	d.clock.move(20 * time.Minute)
	_, after, err := d.ChooseCapacity(t.Context(), token, identity.AsPerson)
	if err != nil || !after.ExpiresAt.Equal(before.ExpiresAt) {
		t.Errorf("expires %s, before %s, %v", after.ExpiresAt, before.ExpiresAt, err)
	}
}
