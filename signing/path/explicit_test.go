package path_test

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"slices"
	"testing"

	"elicensing/signing/path"
	kit "elicensing/signing/path/pathtest"
)

// extension29 adds an extension of 2.5.29.
func extension29(id int, value ...byte) kit.Change {
	return func(c *x509.Certificate) {
		c.ExtraExtensions = append(c.ExtraExtensions, pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, id}, Critical: true, Value: value})
	}
}

var (
	// policyOne is certificatePolicies with 1.2.3.
	policyOne = extension29(32, kit.Sequence(kit.Sequence([]byte{6, 2, 0x2a, 3}))...)
	policyTwo = extension29(32, kit.Sequence(kit.Sequence([]byte{6, 2, 0x2a, 4}))...)
	// explicitNow is policyConstraints with requireExplicitPolicy 0.
	explicitNow = extension29(36, kit.Sequence([]byte{0x80, 1, 0})...)
)

// TestWhoMayDemandAPolicy: the target, an authority, the caller of the validator or of one question.
func TestWhoMayDemandAPolicy(t *testing.T) {
	none := func(*x509.Certificate) {}
	one := asn1.ObjectIdentifier{1, 2, 3}
	for name, c := range map[string]struct {
		ca, end  kit.Change
		inputs   path.PolicyInputs
		question *path.PolicyInputs
		accepted bool
	}{
		"nobody":                                 {none, none, path.PolicyInputs{}, nil, true},
		"nobody, a set that is not met":          {policyTwo, policyTwo, path.PolicyInputs{Acceptable: []asn1.ObjectIdentifier{one}}, nil, true},
		"the target itself":                      {none, explicitNow, path.PolicyInputs{}, nil, false},
		"the target, and has one":                {policyOne, joined(policyOne, explicitNow), path.PolicyInputs{}, nil, true},
		"an authority":                           {joined(policyOne, explicitNow), none, path.PolicyInputs{}, nil, false},
		"an authority, and it is another":        {joined(policyOne, explicitNow), policyTwo, path.PolicyInputs{}, nil, false},
		"the caller":                             {none, none, path.PolicyInputs{RequireExplicit: true}, nil, false},
		"the caller, and it is there":            {policyOne, policyOne, path.PolicyInputs{RequireExplicit: true, Acceptable: []asn1.ObjectIdentifier{one}}, nil, true},
		"the caller, and it is another":          {policyTwo, policyTwo, path.PolicyInputs{RequireExplicit: true, Acceptable: []asn1.ObjectIdentifier{one}}, nil, false},
		"one question":                           {none, none, path.PolicyInputs{}, &path.PolicyInputs{RequireExplicit: true}, false},
		"one question demands less than usually": {none, none, path.PolicyInputs{RequireExplicit: true}, &path.PolicyInputs{}, true},
	} {
		t.Run(name, func(t *testing.T) {
			root := kit.Root(t, "Root")
			ca := kit.Authority(t, root, "CA", c.ca)
			end := kit.Person(t, ca, "Person", c.end)
			result, err := validate(path.Options{Anchors: kit.Certificates(root), Policies: c.inputs},
				path.Question{Target: end.Certificate, Extra: kit.Certificates(ca), Policies: c.question})
			if !c.accepted {
				expectFailure(t, err, path.RulePolicy)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if len(c.inputs.Acceptable) > 0 && c.inputs.RequireExplicit && !slices.ContainsFunc(result.Policies, one.Equal) {
				t.Errorf("valid for %v", result.Policies)
			}
		})
	}
}

func joined(changes ...kit.Change) kit.Change {
	return func(c *x509.Certificate) {
		for _, change := range changes {
			change(c)
		}
	}
}

// TestTheAcceptedPoliciesAreTold: those of the anchor's domain, not what they were mapped to.
func TestTheAcceptedPoliciesAreTold(t *testing.T) {
	mapping := extension29(33, kit.Sequence(kit.Sequence([]byte{6, 2, 0x2a, 3}, []byte{6, 2, 0x2a, 4}))...)
	root := kit.Root(t, "Root")
	ca := kit.Authority(t, root, "CA", policyOne, mapping)
	end := kit.Person(t, ca, "Person", policyTwo)
	result, err := validate(path.Options{Anchors: kit.Certificates(root)},
		path.Question{Target: end.Certificate, Extra: kit.Certificates(ca)})
	if err != nil || len(result.Policies) != 1 || !result.Policies[0].Equal(asn1.ObjectIdentifier{1, 2, 3}) {
		t.Errorf("%v, %v", result, err)
	}
	_, err = validate(path.Options{Anchors: kit.Certificates(root), Policies: path.PolicyInputs{RequireExplicit: true, InhibitMapping: true}},
		path.Question{Target: end.Certificate, Extra: kit.Certificates(ca)})
	expectRule(t, err, path.RulePolicy, 0)
	anyMapping := extension29(33, kit.Sequence(kit.Sequence([]byte{6, 4, 0x55, 0x1d, 0x20, 0}, []byte{6, 2, 0x2a, 4}))...)
	ca = kit.Authority(t, root, "CA", policyOne, anyMapping)
	end = kit.Person(t, ca, "Person", policyTwo)
	_, err = validate(path.Options{Anchors: kit.Certificates(root)}, path.Question{Target: end.Certificate, Extra: kit.Certificates(ca)})
	expectRule(t, err, path.RulePolicyMapping, 1)
}
