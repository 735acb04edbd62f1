package main

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

// routines does every routine of the installation once, whatever its period is.
func (in *installation) routines(getenv func(string) string) {
	in.t.Helper()
	c, err := readConfig("serve", getenv)
	if err != nil {
		in.t.Fatal(err)
	}
	said := &output{}
	p, lists, err := openPortal(in.t.Context(), c, newLog(said))
	if err != nil {
		in.t.Fatal(err)
	}
	defer p.close()
	if err := lists.Refresh(in.t.Context(), clock()); err != nil {
		in.t.Errorf("refresh revocation lists: %v\n%s", err, said)
	}
	for _, r := range p.routines() {
		if err := r.do(in.t.Context()); err != nil {
			in.t.Errorf("%s: %v\n%s", r.name, err, said)
		}
	}
}

// A round that fails is logged by its name, and the next one comes all the same; the stop that was asked for is no failure.
func TestARoundThatFailsIsNotTheLast(t *testing.T) {
	said := &output{}
	p := &portal{log: newLog(said)}
	ctx, stop := context.WithCancel(t.Context())
	rounds := 0
	err := p.atOnceAndEvery(routine{"count", time.Nanosecond, func(context.Context) error {
		if rounds++; rounds == 3 {
			stop()
		}
		return errors.New("no luck")
	}})(ctx)
	if err != nil || rounds < 3 || strings.Count(said.String(), `"job":"count","error":"no luck"`) != 2 {
		t.Errorf("%d rounds, %v\n%s", rounds, err, said)
	}
}
