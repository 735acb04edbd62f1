package path

import (
	"encoding/asn1"
	"math/rand/v2"
	"slices"
	"testing"

	"elicensing/signing/certificate"
)

func policyID(n int) asn1.ObjectIdentifier { return asn1.ObjectIdentifier{1, 2, 398, 7, n} }

func informations(ids []asn1.ObjectIdentifier) (all []certificate.PolicyInformation) {
	for _, id := range ids {
		all = append(all, certificate.PolicyInformation{ID: id})
	}
	return all
}

// TestTheGraphSaysWhatTheTreeSays: twenty thousand random paths, by the graph of RFC 9618 and by the tree of RFC 5280.
func TestTheGraphSaysWhatTheTreeSays(t *testing.T) {
	random := rand.New(rand.NewPCG(9618, 5280))
	notNull, mapped := 0, 0
	for round := range 20_000 {
		graph, tree := newPolicyGraph(), newPolicyTree()
		depth := 1 + random.IntN(4)
		for i := range depth {
			policies := somePolicies(random)
			anyAllowed := random.IntN(4) > 0
			graph.process(informations(policies), anyAllowed)
			tree.process(keys(policies), anyAllowed)
			if i < depth-1 && random.IntN(2) == 0 {
				mappings, allowed := someMappings(random), random.IntN(4) > 0
				graph.mapPolicies(mappings, allowed)
				tree.mapPolicies(mappings, allowed)
				mapped++
			}
			if graph.null() != (tree.root == nil) {
				t.Fatalf("round %d: graph null %v, tree null %v", round, graph.null(), tree.root == nil)
			}
		}
		var initial []asn1.ObjectIdentifier
		for n := range 4 {
			if random.IntN(3) == 0 {
				initial = append(initial, policyID(n))
			}
		}
		got, expected := keys(graph.acceptable(initial)), tree.acceptable(keys(initial))
		if !slices.Equal(got, expected) {
			t.Fatalf("round %d: graph %v, tree %v", round, got, expected)
		}
		if len(expected) > 0 {
			notNull++
		}
	}
	if notNull < 3000 || mapped < 3000 {
		t.Errorf("too few rounds say anything: %d valid, %d mapped", notNull, mapped)
	}
}

func somePolicies(random *rand.Rand) (ids []asn1.ObjectIdentifier) {
	for n := range 4 {
		if random.IntN(3) > 0 {
			ids = append(ids, policyID(n))
		}
	}
	if random.IntN(2) == 0 {
		ids = append(ids, certificate.OIDAnyPolicy)
	}
	return ids
}

func someMappings(random *rand.Rand) (all []certificate.PolicyMapping) {
	for range 1 + random.IntN(4) {
		m := certificate.PolicyMapping{IssuerDomain: policyID(random.IntN(4)), SubjectDomain: policyID(random.IntN(4))}
		if !slices.ContainsFunc(all, func(o certificate.PolicyMapping) bool {
			return o.IssuerDomain.Equal(m.IssuerDomain) && o.SubjectDomain.Equal(m.SubjectDomain)
		}) {
			all = append(all, m)
		}
	}
	return all
}

// TestPoliciesDoNotExplode: eleven certificates, in each every policy mapped to every one. The tree of RFC 5280 would
// have 30 to the tenth power leaves.
func TestPoliciesDoNotExplode(t *testing.T) {
	const count, depth = 30, 11
	var policies []asn1.ObjectIdentifier
	var mappings []certificate.PolicyMapping
	for i := range count {
		policies = append(policies, policyID(i))
		for j := range count {
			mappings = append(mappings, certificate.PolicyMapping{IssuerDomain: policyID(i), SubjectDomain: policyID(j)})
		}
	}
	for name, withAny := range map[string]bool{"named": false, "and any": true} {
		graph := newPolicyGraph()
		all := informations(policies)
		if withAny {
			all = append(all, certificate.PolicyInformation{ID: certificate.OIDAnyPolicy})
		}
		for i := range depth {
			graph.process(all, true)
			if i < depth-1 {
				graph.mapPolicies(mappings, true)
			}
		}
		if graph.null() || len(graph.acceptable(nil)) < count {
			t.Errorf("%s: the path is valid for %d", name, len(graph.acceptable(nil)))
		}
		// A pass over what the certificates hold is len(mappings) and a few times count a level.
		if most := 8 * depth * (len(mappings) + count); graph.work > most {
			t.Errorf("%s: %d steps, expected at most %d", name, graph.work, most)
		}
	}
}
