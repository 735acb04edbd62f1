package path_test

import (
	"context"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"testing"
	"time"

	"elicensing/signing/path"
	kit "elicensing/signing/path/pathtest"
)

func validate(options path.Options, q path.Question) (*path.Result, error) {
	if q.At.IsZero() {
		q.At = kit.Now
	}
	return path.New(options).Validate(context.Background(), q)
}

// expectRule demands a failure of a rule at a depth.
func expectRule(t *testing.T, err error, rule path.Rule, depth int) {
	t.Helper()
	var failure *path.Failure
	switch {
	case !errors.As(err, &failure):
		t.Errorf("got %v, expected a failure of %s", err, rule)
	case failure.Rule != rule || failure.Depth != depth:
		t.Errorf("got %v, expected %s at depth %d", err, rule, depth)
	case failure.Certificate == nil || failure.Section == "":
		t.Errorf("%v names no certificate or no section", err)
	}
}

func critical(id ...int) kit.Change {
	return func(c *x509.Certificate) {
		c.ExtraExtensions = append(c.ExtraExtensions, pkix.Extension{Id: asn1.ObjectIdentifier(id), Critical: true, Value: []byte{5, 0}})
	}
}

func times(from, to time.Duration) kit.Change {
	return func(c *x509.Certificate) { c.NotBefore, c.NotAfter = kit.Now.Add(from), kit.Now.Add(to) }
}

func usage(use x509.KeyUsage) kit.Change {
	return func(c *x509.Certificate) { c.KeyUsage = use }
}

func pathLen(n int) kit.Change {
	return func(c *x509.Certificate) { c.MaxPathLen, c.MaxPathLenZero = n, n == 0 }
}

func noAuthority(c *x509.Certificate) {
	c.IsCA, c.BasicConstraintsValid, c.MaxPathLen = false, false, 0
}

// TestEachRuleRefuses breaks one rule of a good path at a time.
func TestEachRuleRefuses(t *testing.T) {
	none := func(*x509.Certificate) {}
	cases := []struct {
		name               string
		root, ca, sub, end kit.Change
		rule               path.Rule
		depth              int
	}{
		{name: "good", root: none, ca: none, sub: none, end: none},
		{"target expired", none, none, none, times(-2*time.Hour, -time.Hour), path.RuleExpired, 0},
		{"target not yet valid", none, none, none, times(time.Hour, 2*time.Hour), path.RuleNotYetValid, 0},
		{"authority expired", none, none, times(-2*time.Hour, -time.Second), none, path.RuleExpired, 1},
		{"authority not yet valid", none, times(time.Second, time.Hour), none, none, path.RuleNotYetValid, 2},
		{"anchor expired", times(-2*time.Hour, -time.Second), none, none, none, path.RuleExpired, 3},
		{"issuer that is no authority", none, none, noAuthority, none, path.RuleBasicConstraints, 1},
		{"issuer that may not sign certificates", none, usage(x509.KeyUsageCRLSign), none, none, path.RuleKeyUsage, 2},
		{"one authority too many", none, pathLen(0), none, none, path.RulePathLength, 1},
		{"pathLen that fits", none, pathLen(1), pathLen(0), none, "", 0},
		{"pathLen of the anchor", pathLen(1), none, none, none, path.RulePathLength, 1},
		{"unknown critical extension of the target", none, none, none, critical(1, 2, 3, 4), path.RuleCriticalExtension, 0},
		{"unknown critical extension of an authority", none, none, critical(1, 2, 3, 4), none, path.RuleCriticalExtension, 1},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			root := kit.Root(t, "Root", c.root)
			ca := kit.Authority(t, root, "CA", c.ca)
			sub := kit.Authority(t, ca, "Sub", c.sub)
			end := kit.Person(t, sub, "Person", c.end)
			result, err := validate(path.Options{Anchors: kit.Certificates(root), Candidates: kit.Certificates(ca)},
				path.Question{Target: end.Certificate, Extra: kit.Certificates(sub)})
			if c.rule != "" {
				expectRule(t, err, c.rule, c.depth)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if len(result.Chain) != 4 || result.Chain[0] != end.Certificate || result.Anchor() != root.Certificate {
				t.Errorf("chain of %d", len(result.Chain))
			}
			if !result.NotAfter.Equal(kit.Now.AddDate(1, 0, 0)) {
				t.Errorf("NotAfter %v", result.NotAfter)
			}
		})
	}
}

func TestTrustComesFromAnchorsOnly(t *testing.T) {
	root := kit.Root(t, "Root")
	ca := kit.Authority(t, root, "CA")
	end := kit.Person(t, ca, "Person")

	t.Run("nothing is trusted", func(t *testing.T) {
		_, err := validate(path.Options{Candidates: kit.Certificates(root, ca)},
			path.Question{Target: end.Certificate, Extra: kit.Certificates(root, ca)})
		expectRule(t, err, path.RuleIssuer, 2)
	})
	t.Run("root comes with the message", func(t *testing.T) {
		other := kit.Root(t, "Other")
		_, err := validate(path.Options{Anchors: kit.Certificates(other)},
			path.Question{Target: end.Certificate, Extra: kit.Certificates(root, ca)})
		expectRule(t, err, path.RuleIssuer, 2)
	})
	t.Run("root of the same name and key identifier", func(t *testing.T) {
		twin := kit.Root(t, "Root", func(c *x509.Certificate) { c.SubjectKeyId = root.X509.SubjectKeyId })
		_, err := validate(path.Options{Anchors: kit.Certificates(twin)},
			path.Question{Target: end.Certificate, Extra: kit.Certificates(root, ca)})
		expectRule(t, err, path.RuleSignature, 1)
	})
	t.Run("issuer is missing", func(t *testing.T) {
		_, err := validate(path.Options{Anchors: kit.Certificates(root)}, path.Question{Target: end.Certificate})
		expectRule(t, err, path.RuleIssuer, 0)
	})
	t.Run("only one of the anchors counts", func(t *testing.T) {
		other := kit.Root(t, "Other")
		options := path.Options{Anchors: kit.Certificates(root, other)}
		q := path.Question{Target: end.Certificate, Extra: kit.Certificates(ca), Anchor: other.Certificate}
		_, err := validate(options, q)
		expectRule(t, err, path.RuleIssuer, 1)
		q.Anchor = root.Certificate
		if _, err := validate(options, q); err != nil {
			t.Error(err)
		}
	})
	t.Run("a certificate that is asked for as anchor and is none", func(t *testing.T) {
		_, err := validate(path.Options{Anchors: kit.Certificates(kit.Root(t, "Other"))},
			path.Question{Target: end.Certificate, Extra: kit.Certificates(ca), Anchor: root.Certificate})
		expectRule(t, err, path.RuleIssuer, 1)
	})
	t.Run("an authority as anchor ends the path", func(t *testing.T) {
		result, err := validate(path.Options{Anchors: kit.Certificates(ca)}, path.Question{Target: end.Certificate})
		if err != nil || len(result.Chain) != 2 {
			t.Errorf("%v", err)
		}
	})
	t.Run("the anchor itself", func(t *testing.T) {
		result, err := validate(path.Options{Anchors: kit.Certificates(root)}, path.Question{Target: root.Certificate})
		if err != nil || len(result.Chain) != 1 {
			t.Errorf("%v", err)
		}
	})
}

func TestSignatures(t *testing.T) {
	root := kit.Root(t, "Root")
	ca := kit.Authority(t, root, "CA")
	end := kit.Person(t, ca, "Person")
	for name, twin := range map[string]*kit.Holder{
		"by another key of the same name":                kit.Authority(t, root, "CA"),
		"by another key of the same name and identifier": kit.Authority(t, root, "CA", func(c *x509.Certificate) { c.SubjectKeyId = ca.X509.SubjectKeyId }),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := validate(path.Options{Anchors: kit.Certificates(root)},
				path.Question{Target: end.Certificate, Extra: kit.Certificates(twin)})
			expectRule(t, err, path.RuleSignature, 0)
			result, err := validate(path.Options{Anchors: kit.Certificates(root)},
				path.Question{Target: end.Certificate, Extra: kit.Certificates(twin, ca)})
			if err != nil || result.Chain[1] != ca.Certificate {
				t.Errorf("beside the right one: %v", err)
			}
		})
	}
}
