package tsp_test

import (
	"bytes"
	"encoding/asn1"
	"errors"
	"math/big"
	"testing"
	"time"

	"elicensing/signing/certificate"
	"elicensing/signing/tsp"
)

// What the asker expects: each expectation alone is not met.
func TestTokensThatAreNotOurs(t *testing.T) {
	w := newWorld(t)
	request := tsp.Request{Imprint: imprint(t, data), Nonce: big.NewInt(42), Certificates: true}
	token, err := stamper(t, w.tsa).Stamp(request)
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		change func(*tsp.Expectation)
		err    error
	}{
		"good twin": {func(e *tsp.Expectation) {
			e.Nonce, e.Policies = big.NewInt(42), []asn1.ObjectIdentifier{{1, 2}, policy}
		}, nil},
		"within the skew": {func(e *tsp.Expectation) { e.Now, e.Skew = t0.Add(-time.Minute), 5*time.Minute }, nil},
		"other data":      {func(e *tsp.Expectation) { e.Data = []byte("other") }, tsp.ErrImprint},
		"the hash itself": {func(e *tsp.Expectation) { e.Data = imprint(t, data).Value }, tsp.ErrImprint},
		"no data":         {func(e *tsp.Expectation) { e.Data = nil }, tsp.ErrImprint},
		"another nonce":   {func(e *tsp.Expectation) { e.Nonce = big.NewInt(43) }, tsp.ErrNonce},
		"another policy":  {func(e *tsp.Expectation) { e.Policies = []asn1.ObjectIdentifier{{1, 2, 398, 3, 3, 2, 6, 1}} }, tsp.ErrPolicy},
		"in the future":   {func(e *tsp.Expectation) { e.Now, e.Skew = t0.Add(-10*time.Minute), 5*time.Minute }, tsp.ErrTime},
		"too early":       {func(e *tsp.Expectation) { e.NotBefore = t0.Add(time.Minute) }, tsp.ErrTime},
		"nobody trusted":  {func(e *tsp.Expectation) { e.Trust = nil }, tsp.ErrUntrusted},
	} {
		e := w.expectation()
		tc.change(&e)
		if _, err := verify(t, token, e); !errors.Is(err, tc.err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	request.Nonce = nil
	if token, err = stamper(t, w.tsa).Stamp(request); err != nil {
		t.Fatal(err)
	}
	e := w.expectation()
	e.Nonce = big.NewInt(42)
	if _, err := verify(t, token, e); !errors.Is(err, tsp.ErrNonce) {
		t.Errorf("no nonce: %v", err)
	}
}

// The caller decides of trust with everything that is at hand, at the time of the token.
func TestTrustIsAskedWithTheChain(t *testing.T) {
	w := newWorld(t)
	s := stamper(t, w.tsa)
	s.Chain = []*certificate.Certificate{ours(t, w.root.certificate)}
	token, err := s.Stamp(tsp.Request{Imprint: imprint(t, data), Certificates: true})
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := ours(t, root(t, "Elsewhere", "elsewhere").certificate)
	asked := false
	e := known(w.expectation(), elsewhere)
	e.Trust = func(authority *certificate.Certificate, candidates []*certificate.Certificate, at time.Time) error {
		asked = true
		if !bytes.Equal(authority.Raw, w.tsa.certificate.Raw) || len(candidates) != 3 || !at.Equal(t0) {
			t.Errorf("%d candidates at %s", len(candidates), at)
		}
		return nil
	}
	if _, err := verify(t, token, e); err != nil || !asked {
		t.Errorf("%v", err)
	}
	e.Trust = func(*certificate.Certificate, []*certificate.Certificate, time.Time) error {
		return errors.New("revoked")
	}
	if _, err := verify(t, token, e); !errors.Is(err, tsp.ErrUntrusted) {
		t.Errorf("%v", err)
	}
}

// Every truncation and every single flipped bit: nothing is accepted, nothing panics.
func TestDamagedTokens(t *testing.T) {
	w := newWorld(t)
	good := forge(t, w.tsa, nil)
	e := w.expectation()
	for n := range good {
		if _, err := verify(t, good[:n], e); err == nil {
			t.Fatalf("the first %d of %d bytes are accepted", n, len(good))
		}
	}
	if _, err := verify(t, append(bytes.Clone(good), 0), e); err == nil {
		t.Error("a byte too many is accepted")
	}
	for bit := range 8 * len(good) {
		damaged := bytes.Clone(good)
		damaged[bit/8] ^= 1 << (bit % 8)
		if _, err := verify(t, damaged, e); err == nil {
			t.Errorf("bit %d of byte %d goes unnoticed", bit%8, bit/8)
		}
	}
}

func TestAccuracyAndOrder(t *testing.T) {
	at := func(offset, accuracy time.Duration, ordering bool) tsp.Info {
		return tsp.Info{Time: t0.Add(offset), Accuracy: accuracy, Ordering: ordering}
	}
	for name, tc := range map[string]struct {
		first, second tsp.Info
		same, want    bool
	}{
		"far apart":                      {at(0, time.Second, false), at(time.Minute, time.Second, false), false, true},
		"within the accuracy":            {at(0, time.Second, false), at(time.Second, time.Second, false), false, false},
		"within, ordering":               {at(0, time.Second, true), at(time.Second, time.Second, true), true, true},
		"ordering of two authorities":    {at(0, time.Second, true), at(time.Second, time.Second, true), false, false},
		"without accuracy":               {at(0, -1, false), at(time.Millisecond, -1, false), false, true},
		"the other way round":            {at(time.Minute, time.Second, true), at(0, time.Second, true), true, false},
		"only one of them orders itself": {at(0, time.Second, true), at(time.Second, time.Second, false), true, false},
	} {
		if got := tc.first.Before(tc.second, tc.same); got != tc.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
