package path_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"elicensing/signing/algorithms"
	"elicensing/signing/certificate"
	"elicensing/signing/path"
	kit "elicensing/signing/path/pathtest"
)

// TestWhatIsRemembered: no signature is checked twice, and nothing that may change is kept.
func TestWhatIsRemembered(t *testing.T) {
	root := kit.Root(t, "Root")
	ca := kit.Authority(t, root, "CA")
	end, other := kit.Person(t, ca, "Person"), kit.Person(t, ca, "Other")
	verified, asked := 0, 0
	outdatedAt := kit.Now.AddDate(0, 6, 0)
	var revoked []*certificate.Certificate
	validator := path.New(path.Options{Anchors: kit.Certificates(root), Remember: 10,
		Signatures: outdatedFrom{counting{verified: &verified}, outdatedAt},
		Revocation: func(_ context.Context, q path.RevocationQuestion) error {
			asked++
			if slices.Contains(revoked, q.Chain[0]) {
				return &path.Revoked{At: kit.Now}
			}
			return nil
		}})
	ask := func(h *kit.Holder, at time.Time, extra ...*certificate.Certificate) error {
		verified, asked = 0, 0
		_, err := validator.Validate(context.Background(), path.Question{Target: h.Certificate, At: at, Extra: extra})
		return err
	}
	expect := func(err error, wantVerified, wantAsked int) {
		t.Helper()
		if err != nil || verified != wantVerified || asked != wantAsked {
			t.Errorf("%d signatures checked, revocation asked %d times, %v", verified, asked, err)
		}
	}
	expect(ask(end, kit.Now, ca.Certificate), 2, 2)
	expect(ask(end, kit.Now), 0, 2) // the authority need not be at hand again
	expect(ask(other, kit.Now, ca.Certificate), 1, 2)

	var failure *path.Failure
	if err := ask(end, end.Certificate.NotAfter.Add(time.Second), ca.Certificate); !errors.As(err, &failure) || failure.Rule != path.RuleExpired && failure.Rule != path.RuleAlgorithm {
		t.Errorf("after its end: %v", err)
	}
	expectFailure(t, ask(end, end.Certificate.NotBefore.Add(-time.Second), ca.Certificate), path.RuleNotYetValid)
	expectFailure(t, ask(end, outdatedAt, ca.Certificate), path.RuleAlgorithm)
	revoked = kit.Certificates(ca)
	expectFailure(t, ask(end, kit.Now, ca.Certificate), path.RuleRevoked)
	renewed := kit.Cross(t, root, ca)
	if err := ask(end, kit.Now, ca.Certificate, renewed.Certificate); err != nil {
		t.Errorf("another way was not looked for: %v", err)
	}
	revoked = kit.Certificates(end)
	expectFailure(t, ask(end, kit.Now, ca.Certificate), path.RuleRevoked)
	revoked = nil

	_, err := validator.Validate(context.Background(), path.Question{Target: end.Certificate, At: kit.Now,
		Extra: kit.Certificates(ca), Policies: &path.PolicyInputs{RequireExplicit: true}})
	expectFailure(t, err, path.RulePolicy) // kept for other inputs
	_, err = validator.Validate(context.Background(), path.Question{Target: end.Certificate, At: kit.Now,
		Extra: kit.Certificates(ca), Anchor: ca.Certificate})
	expectFailure(t, err, path.RuleIssuer)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = validator.Validate(ctx, path.Question{Target: end.Certificate, At: kit.Now, Extra: kit.Certificates(ca)})
	expectFailure(t, err, path.RuleLimit)
}

// outdatedFrom plays a table in which every algorithm runs out.
type outdatedFrom struct {
	path.Signatures
	from time.Time
}

func (o outdatedFrom) Accepted(a algorithms.Identifier, at time.Time) error {
	if !at.Before(o.from) {
		return algorithms.ErrWeak
	}
	return o.Signatures.Accepted(a, at)
}

// TestTheMemoryIsBounded: the oldest is forgotten, and refusals are never kept.
func TestTheMemoryIsBounded(t *testing.T) {
	root := kit.Root(t, "Root")
	verified := 0
	validator := path.New(path.Options{Anchors: kit.Certificates(root), Remember: 2, Signatures: counting{verified: &verified}})
	first := kit.Person(t, root, "First")
	bad := kit.Person(t, root, "Bad", noFuture)
	for _, c := range []struct {
		holder   *kit.Holder
		verified int
	}{
		{first, 1}, {first, 0}, {kit.Person(t, root, "Second"), 1}, {first, 0}, {kit.Person(t, root, "Third"), 1}, {first, 1},
		{bad, 1}, {bad, 1},
	} {
		verified = 0
		_, err := validator.Validate(context.Background(), path.Question{Target: c.holder.Certificate, At: kit.Now})
		if verified != c.verified || (err != nil) != (c.holder == bad) {
			t.Errorf("%s: %d signatures checked, %v", c.holder.X509.Subject.CommonName, verified, err)
		}
	}
}

var noFuture = times(-2*time.Hour, -time.Hour)
