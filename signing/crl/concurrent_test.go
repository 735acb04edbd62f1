package crl_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"elicensing/signing/crl"
	"elicensing/signing/path"
	kit "elicensing/signing/path/pathtest"
)

// TestManyAskAtOnce: one validator, one set of lists, sixteen goroutines; for the race detector too.
func TestManyAskAtOnce(t *testing.T) {
	s := newScene(t)
	revoked := kit.Person(t, s.ca, "Revoked")
	checker := &crl.Checker{Lists: crl.NewSet(parse(t, kit.List(t, s.root)), parse(t, kit.List(t, s.ca, kit.Revoking(1, revoked))))}
	validator := path.New(path.Options{Anchors: kit.Certificates(s.root), Candidates: kit.Certificates(s.ca),
		Revocation: checker.Check, Remember: 1})
	var group sync.WaitGroup
	for range 16 {
		group.Go(func() {
			for range 20 {
				if _, err := validator.Validate(context.Background(), path.Question{Target: s.person.Certificate, At: kit.Now}); err != nil {
					t.Error(err)
				}
				var is *path.Revoked
				_, err := validator.Validate(context.Background(), path.Question{Target: revoked.Certificate, At: kit.Now})
				if !errors.As(err, &is) {
					t.Errorf("got %v", err)
				}
			}
		})
	}
	group.Wait()
}
