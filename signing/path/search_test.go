package path_test

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"testing"
	"time"

	"elicensing/signing/algorithms"
	"elicensing/signing/certificate"
	"elicensing/signing/path"
	kit "elicensing/signing/path/pathtest"
)

// counting counts the signatures that are checked.
type counting struct {
	path.Table
	verified *int
}

func (c counting) Verify(key path.PublicKey, a algorithms.Identifier, signed, signature []byte) error {
	*c.verified++
	return c.Table.Verify(key, a, signed, signature)
}

// mesh makes authorities that all certify each other.
func mesh(t *testing.T, n int) (all []*kit.Holder, crosses []*certificate.Certificate) {
	for i := range n {
		all = append(all, kit.Root(t, fmt.Sprint("Mesh ", i)))
	}
	for _, issuer := range all {
		for _, subject := range all {
			if issuer != subject {
				crosses = append(crosses, kit.Cross(t, issuer, subject).Certificate)
			}
		}
	}
	return all, crosses
}

func TestCrossCertificatesMakeNoCircles(t *testing.T) {
	all, crosses := mesh(t, 6)
	end := kit.Person(t, all[0], "Person")
	verified := 0
	options := path.Options{Signatures: counting{verified: &verified}}

	_, err := validate(options, path.Question{Target: end.Certificate, Extra: crosses})
	expectRule(t, err, path.RuleIssuer, 6) // the longest way without a circle, and no anchor at its end
	if most := len(crosses) + 1; verified > most {
		t.Errorf("%d signatures checked, %d certificates are there", verified, most)
	}

	options.Anchors = kit.Certificates(all[5])
	result, err := validate(options, path.Question{Target: end.Certificate, Extra: crosses})
	if err != nil {
		t.Fatal(err)
	}
	seen := make(map[string]bool)
	for _, c := range result.Chain {
		if seen[c.Subject.Key()] {
			t.Error("a name twice in the path")
		}
		seen[c.Subject.Key()] = true
	}
}

func TestTheSearchIsBounded(t *testing.T) {
	all, crosses := mesh(t, 9) // some 100,000 ways without a circle
	end := kit.Person(t, all[0], "Person")
	verified := 0
	_, err := validate(path.Options{Signatures: counting{verified: &verified}, Limits: path.Limits{Steps: 5000}},
		path.Question{Target: end.Certificate, Extra: crosses})
	expectFailure(t, err, path.RuleLimit)
	if verified > len(crosses)+1 {
		t.Errorf("%d signatures checked", verified)
	}
}

func expectFailure(t *testing.T, err error, rule path.Rule) {
	t.Helper()
	var failure *path.Failure
	if !errors.As(err, &failure) || failure.Rule != rule {
		t.Errorf("got %v, expected %s", err, rule)
	}
}

// TestAThousandCandidates: decoys with the name of the issuer, and of half of them its key identifier too.
func TestAThousandCandidates(t *testing.T) {
	root := kit.Root(t, "Root")
	ca := kit.Authority(t, root, "CA")
	end := kit.Person(t, ca, "Person")
	var decoys []*certificate.Certificate
	for i := range 1000 {
		decoys = append(decoys, kit.Root(t, "CA", func(c *x509.Certificate) {
			if i%2 == 0 {
				c.SubjectKeyId = ca.X509.SubjectKeyId
			}
		}).Certificate)
	}
	verified := 0
	options := path.Options{Anchors: kit.Certificates(root), Signatures: counting{verified: &verified}}

	t.Run("a known authority is found at once", func(t *testing.T) {
		verified = 0
		options := options
		options.Candidates = kit.Certificates(ca)
		if _, err := validate(options, path.Question{Target: end.Certificate, Extra: decoys}); err != nil || verified != 2 {
			t.Errorf("%d signatures checked, %v", verified, err)
		}
	})
	t.Run("one that is hidden among them is not found within the bounds", func(t *testing.T) {
		verified = 0
		_, err := validate(options, path.Question{Target: end.Certificate, Extra: append(decoys, ca.Certificate)})
		expectRule(t, err, path.RuleLimit, 0)
		if verified != 400 {
			t.Errorf("%d signatures checked", verified)
		}
	})
	t.Run("and is found when its identifier stands out", func(t *testing.T) {
		verified = 0
		var others []*certificate.Certificate
		for i, d := range decoys {
			if i%2 == 1 {
				others = append(others, d)
			}
		}
		_, err := validate(options, path.Question{Target: end.Certificate, Extra: append(others, ca.Certificate)})
		if err != nil || verified != 2 {
			t.Errorf("%d signatures checked, %v", verified, err)
		}
	})
}

func TestAPathThatIsTooLong(t *testing.T) {
	root := kit.Root(t, "Root")
	issuer := root
	var between []*certificate.Certificate
	for i := range 10 {
		issuer = kit.Authority(t, issuer, fmt.Sprint("CA ", i))
		between = append(between, issuer.Certificate)
	}
	options := path.Options{Anchors: kit.Certificates(root)}
	end := kit.Person(t, issuer, "Person")
	if result, err := validate(options, path.Question{Target: end.Certificate, Extra: between}); err != nil || len(result.Chain) != 12 {
		t.Errorf("twelve certificates: %v", err)
	}
	issuer = kit.Authority(t, issuer, "CA 10")
	end = kit.Person(t, issuer, "Person")
	_, err := validate(options, path.Question{Target: end.Certificate, Extra: append(between, issuer.Certificate)})
	expectFailure(t, err, path.RuleLimit)
}

func TestACancelledSearchRefuses(t *testing.T) {
	root := kit.Root(t, "Root")
	end := kit.Person(t, root, "Person")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := path.New(path.Options{Anchors: kit.Certificates(root)}).
		Validate(ctx, path.Question{Target: end.Certificate, At: kit.Now})
	expectRule(t, err, path.RuleLimit, 0)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v does not wrap the cause", err)
	}
}

// TestAnotherWayIsTaken: of two certificates of an authority one has run out or is revoked.
func TestAnotherWayIsTaken(t *testing.T) {
	root := kit.Root(t, "Root")
	expired := kit.Authority(t, root, "CA", times(-2*time.Hour, -time.Hour))
	renewed := kit.Cross(t, root, expired)
	end := kit.Person(t, expired, "Person")
	for _, extra := range [][]*certificate.Certificate{kit.Certificates(expired, renewed), kit.Certificates(renewed, expired)} {
		result, err := validate(path.Options{Anchors: kit.Certificates(root)}, path.Question{Target: end.Certificate, Extra: extra})
		if err != nil || result.Chain[1] != renewed.Certificate {
			t.Errorf("%v", err)
		}
	}

	revoked := kit.Cross(t, root, expired)
	revocation := func(_ context.Context, q path.RevocationQuestion) error {
		if q.Chain[0] == revoked.Certificate {
			return &path.Revoked{At: kit.Now}
		}
		return nil
	}
	options := path.Options{Anchors: kit.Certificates(root), Revocation: revocation}
	if _, err := validate(options, path.Question{Target: end.Certificate, Extra: kit.Certificates(revoked, renewed)}); err != nil {
		t.Error(err)
	}
	_, err := validate(options, path.Question{Target: end.Certificate, Extra: kit.Certificates(revoked, expired)})
	expectRule(t, err, path.RuleRevoked, 1)
}

func TestRevocationIsAskedLastAndFromTheAnchor(t *testing.T) {
	root := kit.Root(t, "Root")
	ca := kit.Authority(t, root, "CA")
	end := kit.Person(t, ca, "Person")
	expired := kit.Person(t, ca, "Expired", times(-2*time.Hour, -time.Hour))
	var asked []*certificate.Certificate
	answer := error(nil)
	options := path.Options{Anchors: kit.Certificates(root), Candidates: kit.Certificates(ca),
		Revocation: func(_ context.Context, q path.RevocationQuestion) error {
			asked = append(asked, q.Chain[0])
			if last := q.Chain[len(q.Chain)-1]; last != root.Certificate {
				t.Error("the chain of the question does not end at the anchor")
			}
			return answer
		}}
	if _, err := validate(options, path.Question{Target: end.Certificate}); err != nil {
		t.Fatal(err)
	}
	if len(asked) != 2 || asked[0] != ca.Certificate || asked[1] != end.Certificate {
		t.Errorf("asked about %d", len(asked))
	}
	asked = nil
	_, err := validate(options, path.Question{Target: expired.Certificate})
	expectRule(t, err, path.RuleExpired, 0)
	if len(asked) != 0 {
		t.Error("asked about a path that does not hold anyway")
	}
	answer = errors.New("silent")
	_, err = validate(options, path.Question{Target: end.Certificate})
	expectRule(t, err, path.RuleRevocationUnknown, 1)
	answer = fmt.Errorf("list: %w", &path.Revoked{At: kit.Now, Reason: 1})
	_, err = validate(options, path.Question{Target: end.Certificate})
	expectRule(t, err, path.RuleRevoked, 1)
	_, err = validate(options, path.Question{Target: end.Certificate,
		Revocation: func(context.Context, path.RevocationQuestion) error { return nil }})
	if err != nil {
		t.Errorf("the question's own check of revocation was not used: %v", err)
	}
}

// needing plays a key without parameters of its own.
type needing struct {
	path.Table
	key *certificate.Certificate
}

func (n needing) Verify(key path.PublicKey, a algorithms.Identifier, signed, signature []byte) error {
	if string(key.SPKI) == string(n.key.RawSPKI) && key.Parameters == nil {
		return path.ErrInherited
	}
	return n.Table.Verify(key, a, signed, signature)
}

// TestParametersThatNobodyHas: a key that inherits from a key that has nothing to leave verifies nothing.
func TestParametersThatNobodyHas(t *testing.T) {
	root := kit.Root(t, "Root")
	ca := kit.Authority(t, root, "CA")
	end := kit.Person(t, ca, "Person")
	_, err := validate(path.Options{Anchors: kit.Certificates(root), Signatures: needing{key: ca.Certificate}},
		path.Question{Target: end.Certificate, Extra: kit.Certificates(ca)})
	expectRule(t, err, path.RuleSignature, 0)
}

func TestWeakAlgorithmsAreToldApart(t *testing.T) {
	root := kit.Root(t, "Root")
	end := kit.Person(t, root, "Person")
	_, err := validate(path.Options{Anchors: kit.Certificates(root), Signatures: outdated{}}, path.Question{Target: end.Certificate})
	expectRule(t, err, path.RuleAlgorithm, 0)
}

// outdated plays a table in which every algorithm has run out.
type outdated struct{ path.Table }

func (outdated) Accepted(algorithms.Identifier, time.Time) error { return algorithms.ErrWeak }
