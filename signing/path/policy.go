package path

import (
	"encoding/asn1"
	"slices"

	"elicensing/signing/certificate"
)

// policyGraph is the valid_policy_graph of RFC 9618: as the tree of RFC 5280 it holds which policies the path is
// valid for, but a policy stands once on each level, whatever the number of ways to it. Its size is bounded by the
// sum of the policies and mappings of the certificates, where the tree grows by their product.
//
// Qualifiers are not kept: they have no part in validity.
type policyGraph struct {
	levels []policyLevel // of the anchor first; the last one empty: the graph is NULL
	work   int           // nodes and edges touched, for tests of the bound
}

// policyLevel holds the nodes of one depth by valid_policy, in the order they came.
type policyLevel struct {
	nodes map[string]*policyNode
	order []*policyNode
}

type policyNode struct {
	policy   asn1.ObjectIdentifier   // valid_policy
	expected []asn1.ObjectIdentifier // expected_policy_set
	parents  []*policyNode
}

func key(policy asn1.ObjectIdentifier) string { return policy.String() }

var anyPolicy = key(certificate.OIDAnyPolicy)

func (n *policyNode) any() bool { return n.policy.Equal(certificate.OIDAnyPolicy) }

// newPolicyGraph is §6.1.2 (a): anyPolicy alone.
func newPolicyGraph() *policyGraph {
	g := &policyGraph{}
	g.levels = []policyLevel{g.newLevel()}
	g.add(&policyNode{policy: certificate.OIDAnyPolicy, expected: []asn1.ObjectIdentifier{certificate.OIDAnyPolicy}})
	return g
}

func (g *policyGraph) newLevel() policyLevel {
	return policyLevel{nodes: make(map[string]*policyNode)}
}

func (g *policyGraph) last() *policyLevel { return &g.levels[len(g.levels)-1] }

func (g *policyGraph) null() bool { return len(g.last().nodes) == 0 }

func (g *policyGraph) add(n *policyNode) {
	level := g.last()
	level.nodes[key(n.policy)] = n
	level.order = append(level.order, n)
	g.work += 1 + len(n.parents)
}

// process is §6.1.3 (d) and (e): a level for one more certificate. Nodes that lose their last child are not cut off
// here, as nothing looks at them before the end: see acceptable.
func (g *policyGraph) process(policies []certificate.PolicyInformation, anyAllowed bool) {
	above := g.last()
	expecting := make(map[string][]*policyNode)
	var order []asn1.ObjectIdentifier
	for _, n := range above.order {
		for _, policy := range n.expected {
			g.work++
			k := key(policy)
			if expecting[k] == nil {
				order = append(order, policy)
			}
			expecting[k] = append(expecting[k], n)
		}
	}
	g.levels = append(g.levels, g.newLevel())
	hasAny := false
	for _, p := range policies { // (d)(1)
		if p.ID.Equal(certificate.OIDAnyPolicy) {
			hasAny = true
			continue
		}
		parents := expecting[key(p.ID)]
		if parents == nil && above.nodes[anyPolicy] != nil {
			parents = []*policyNode{above.nodes[anyPolicy]}
		}
		if parents != nil {
			g.add(&policyNode{policy: p.ID, expected: []asn1.ObjectIdentifier{p.ID}, parents: parents})
		}
	}
	if !hasAny || !anyAllowed {
		return
	}
	for _, policy := range order { // (d)(2)
		if g.last().nodes[key(policy)] == nil {
			g.add(&policyNode{policy: policy, expected: []asn1.ObjectIdentifier{policy}, parents: expecting[key(policy)]})
		}
	}
}

// mapPolicies is §6.1.4 (b). Where mapping is not allowed, the policies that would be mapped are lost.
func (g *policyGraph) mapPolicies(mappings []certificate.PolicyMapping, allowed bool) {
	subjects := make(map[string][]asn1.ObjectIdentifier)
	seen := make(map[string]bool)
	var issuers []asn1.ObjectIdentifier
	for _, m := range mappings {
		g.work++
		issuer := key(m.IssuerDomain)
		if pair := issuer + ":" + key(m.SubjectDomain); seen[pair] {
			continue
		} else {
			seen[pair] = true
		}
		if subjects[issuer] == nil {
			issuers = append(issuers, m.IssuerDomain)
		}
		subjects[issuer] = append(subjects[issuer], m.SubjectDomain)
	}
	level := g.last()
	for _, issuer := range issuers {
		k := key(issuer)
		switch node := level.nodes[k]; {
		case !allowed:
			delete(level.nodes, k)
		case node != nil:
			node.expected = subjects[k]
		case level.nodes[anyPolicy] != nil:
			g.add(&policyNode{policy: issuer, expected: subjects[k], parents: level.nodes[anyPolicy].parents})
		}
	}
	if !allowed {
		level.order = slices.DeleteFunc(level.order, func(n *policyNode) bool { return level.nodes[key(n.policy)] != n })
	}
}

// acceptable is §6.1.5 (g) as RFC 9618 §5.6 has it: the policies of the anchor's domain that the path is valid for,
// of those that the caller accepts. Empty acceptable means any policy.
func (g *policyGraph) acceptable(acceptable []asn1.ObjectIdentifier) []asn1.ObjectIdentifier {
	authority, isAny := g.authorityPolicies()
	if len(acceptable) == 0 || slices.ContainsFunc(acceptable, certificate.OIDAnyPolicy.Equal) {
		return authority
	}
	within := make(map[string]bool)
	for _, policy := range authority {
		within[key(policy)] = true
	}
	var all []asn1.ObjectIdentifier
	for _, policy := range acceptable {
		if isAny || within[key(policy)] {
			all = append(all, policy)
		}
	}
	return all
}

// authorityPolicies is the authorities-constrained-policy-set: the policies that stand directly under anyPolicy and
// from which a way leads to the last level, and anyPolicy if that stands on the last level.
func (g *policyGraph) authorityPolicies() (policies []asn1.ObjectIdentifier, isAny bool) {
	alive := make(map[*policyNode]bool)
	for _, n := range g.last().order {
		alive[n] = true
		isAny = isAny || n.any()
	}
	seen := make(map[string]bool)
	for i := len(g.levels) - 1; i > 0; i-- {
		for _, n := range g.levels[i].order {
			if !alive[n] {
				continue
			}
			underAny := false
			for _, parent := range n.parents {
				g.work++
				alive[parent] = true
				underAny = underAny || parent.any()
			}
			if underAny && !n.any() && !seen[key(n.policy)] {
				seen[key(n.policy)] = true
				policies = append(policies, n.policy)
			}
		}
	}
	if isAny {
		policies = append(policies, certificate.OIDAnyPolicy)
	}
	slices.SortFunc(policies, func(a, b asn1.ObjectIdentifier) int { return slices.Compare(a, b) })
	return policies, isAny
}
