package path

import (
	"encoding/asn1"
	"slices"

	"elicensing/signing/certificate"
)

// policyTree is the valid_policy_tree of RFC 5280 §6.1 written down word by word, exponential as it is: what the graph
// must agree with.
type policyTree struct {
	root  *treeNode // nil: NULL
	depth int
}

type treeNode struct {
	policy   string
	expected []string
	children []*treeNode
}

func newPolicyTree() *policyTree {
	return &policyTree{root: &treeNode{policy: anyPolicy, expected: []string{anyPolicy}}}
}

// at lists the nodes of a depth.
func (t *policyTree) at(depth int) []*treeNode {
	if t.root == nil {
		return nil
	}
	level := []*treeNode{t.root}
	for range depth {
		var next []*treeNode
		for _, n := range level {
			next = append(next, n.children...)
		}
		level = next
	}
	return level
}

func (t *policyTree) process(policies []string, anyAllowed bool) {
	if t.root == nil {
		t.depth++
		return
	}
	leaves := t.at(t.depth)
	for _, p := range policies { // §6.1.3 (d)(1)
		if p == anyPolicy {
			continue
		}
		matched := false
		for _, n := range leaves {
			if slices.Contains(n.expected, p) {
				n.children = append(n.children, &treeNode{policy: p, expected: []string{p}})
				matched = true
			}
		}
		for _, n := range leaves {
			if !matched && n.policy == anyPolicy {
				n.children = append(n.children, &treeNode{policy: p, expected: []string{p}})
			}
		}
	}
	if slices.Contains(policies, anyPolicy) && anyAllowed { // (d)(2)
		for _, n := range leaves {
			for _, p := range n.expected {
				if !slices.ContainsFunc(n.children, func(c *treeNode) bool { return c.policy == p }) {
					n.children = append(n.children, &treeNode{policy: p, expected: []string{p}})
				}
			}
		}
	}
	t.depth++
	t.prune() // (d)(3); (e): without policies there are no children, and all is cut
}

// prune cuts nodes that have no descendant on the last level.
func (t *policyTree) prune() {
	var keep func(n *treeNode, depth int) bool
	keep = func(n *treeNode, depth int) bool {
		if depth == t.depth {
			return true
		}
		n.children = slices.DeleteFunc(n.children, func(c *treeNode) bool { return !keep(c, depth+1) })
		return len(n.children) > 0
	}
	if t.root != nil && !keep(t.root, 0) {
		t.root = nil
	}
}

func (t *policyTree) mapPolicies(mappings []certificate.PolicyMapping, allowed bool) {
	byIssuer := make(map[string][]string)
	for _, m := range mappings {
		k := key(m.IssuerDomain)
		byIssuer[k] = append(byIssuer[k], key(m.SubjectDomain))
	}
	for issuer, subjects := range byIssuer {
		found := false
		for _, n := range t.at(t.depth) {
			if n.policy == issuer {
				found = true
				n.expected = subjects
			}
		}
		for _, parent := range t.at(t.depth - 1) {
			if !allowed {
				parent.children = slices.DeleteFunc(parent.children, func(c *treeNode) bool { return c.policy == issuer })
			} else if hasAny := slices.ContainsFunc(parent.children, func(c *treeNode) bool { return c.policy == anyPolicy }); !found && hasAny {
				parent.children = append(parent.children, &treeNode{policy: issuer, expected: subjects})
			}
		}
	}
	t.prune()
}

// acceptable is §6.1.5 (g), read off as the policies of the valid_policy_node_set.
func (t *policyTree) acceptable(initial []string) []string {
	if t.root == nil {
		return nil
	}
	var set []string
	add := func(p string) {
		if !slices.Contains(set, p) {
			set = append(set, p)
		}
	}
	level := []*treeNode{t.root}
	isAny := false
	for depth := 0; depth <= t.depth; depth++ { // the nodes below anyPolicy all the way
		var next []*treeNode
		for _, n := range level {
			isAny = isAny || depth == t.depth
			for _, c := range n.children {
				if c.policy == anyPolicy {
					next = append(next, c)
				} else {
					add(c.policy)
				}
			}
		}
		level = next
	}
	if len(initial) == 0 {
		if isAny {
			add(anyPolicy)
		}
		slices.Sort(set)
		return set
	}
	var within []string
	for _, p := range initial {
		if isAny || slices.Contains(set, p) {
			within = append(within, p)
		}
	}
	slices.Sort(within)
	return within
}

func keys(policies []asn1.ObjectIdentifier) []string {
	var all []string
	for _, p := range policies {
		all = append(all, key(p))
	}
	slices.Sort(all)
	return all
}
