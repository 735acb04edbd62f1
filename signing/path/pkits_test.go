package path_test

import (
	"context"
	"encoding/asn1"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"elicensing/signing/certificate"
	"elicensing/signing/crl"
	"elicensing/signing/path"
)

const pkitsFolder = "../../../shared/signing/pkits"

// pkitsRow is one test of the NIST suite of 2011.
type pkitsRow struct {
	ID         string   `json:"id"`
	Name       string   `json:"name"`
	Target     string   `json:"cert"`
	OtherCerts []string `json:"other_certs"`
	CRLs       []string `json:"crls"`
	Params     struct {
		Acceptable      []string `json:"user_initial_policy_set"`
		RequireExplicit bool     `json:"initial_explicit_policy"`
		InhibitMapping  bool     `json:"initial_policy_mapping_inhibit"`
		InhibitAny      bool     `json:"initial_any_policy_inhibit"`
	} `json:"params"`
	Error *struct {
		Class   string `json:"class"`
		Message string `json:"msg_regex"`
	} `json:"error"`
}

// TestPKITS runs the whole suite with every certificate's revocation checked by CRLs. A path that must be refused
// must be refused for its own reason.
func TestPKITS(t *testing.T) {
	var rows []pkitsRow
	content, err := os.ReadFile(filepath.Join(pkitsFolder, "pkits.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(content, &rows); err != nil {
		t.Fatal(err)
	}
	const total = 246
	right, wronglyAccepted := 0, 0
	var misses []string
	for _, row := range rows {
		_, err := row.run(t)
		switch {
		case row.Error == nil && err != nil:
			misses = append(misses, fmt.Sprintf("%s %s: refused: %v", row.ID, row.Name, err))
		case row.Error != nil && err == nil:
			wronglyAccepted++
			misses = append(misses, fmt.Sprintf("%s %s: accepted", row.ID, row.Name))
		case row.Error != nil && !row.refusedFor(err):
			misses = append(misses, fmt.Sprintf("%s %s: refused for %v, expected %q", row.ID, row.Name, err, row.Error.Message))
		default:
			right++
		}
	}
	fmt.Printf("pkits %d/%d %d\n", right, total, wronglyAccepted)
	for _, miss := range misses {
		t.Error(miss)
	}
	if right < total || wronglyAccepted > 0 {
		t.Errorf("%d of %d, %d wrongly accepted", right, total, wronglyAccepted)
	}
}

func (row pkitsRow) run(t *testing.T) (*path.Result, error) {
	t.Helper()
	extra := readCertificates(t, row.OtherCerts...)
	var lists []*crl.List
	for _, file := range append([]string{"TrustAnchorRootCRL.crl"}, row.CRLs...) {
		list, err := crl.Parse(readFile(t, "crls", file))
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		lists = append(lists, list)
	}
	validator := path.New(path.Options{
		Anchors:    readCertificates(t, "TrustAnchorRootCertificate.crt"),
		Policies:   row.policies(t),
		Signatures: withDSA{},
	})
	checker := &crl.Checker{Lists: crl.NewSet(lists...), Paths: validator}
	return validator.Validate(context.Background(), path.Question{
		Target:     readCertificates(t, row.Target)[0],
		At:         time.Date(2022, 5, 1, 0, 0, 0, 0, time.UTC),
		Extra:      extra,
		Revocation: checker.Check,
	})
}

func (row pkitsRow) policies(t *testing.T) path.PolicyInputs {
	inputs := path.PolicyInputs{
		RequireExplicit: row.Params.RequireExplicit,
		InhibitMapping:  row.Params.InhibitMapping,
		InhibitAny:      row.Params.InhibitAny,
	}
	for _, text := range row.Params.Acceptable {
		inputs.Acceptable = append(inputs.Acceptable, oid(t, text))
	}
	return inputs
}

// rulesOfMessages gives the rule for each kind of reason that the index of the suite names.
var rulesOfMessages = []struct {
	part string
	rule path.Rule
}{
	{"could not be verified", path.RuleSignature},
	{"is not valid until", path.RuleNotYetValid},
	{"expired", path.RuleExpired},
	{"issuer name could not be matched", path.RuleIssuer},
	{"is not a CA", path.RuleBasicConstraints},
	{"exceeds the maximum path length", path.RulePathLength},
	{"is not allowed to sign certificates", path.RuleKeyUsage},
	{"no valid set of policies", path.RulePolicy},
	{"contains a policy mapping", path.RulePolicyMapping},
	{"names of the end-entity certificate", path.RuleNames},
	{"names of intermediate", path.RuleNames},
	{"unsupported critical extension", path.RuleCriticalExtension},
}

func (row pkitsRow) refusedFor(err error) bool {
	var failure *path.Failure
	if !errors.As(err, &failure) {
		return false
	}
	switch row.Error.Class {
	case "RevokedError":
		return failure.Rule == path.RuleRevoked
	case "InsufficientRevinfoError", "StaleRevinfoError":
		return failure.Rule == path.RuleRevocationUnknown && errors.Is(err, crl.ErrUndetermined)
	}
	for _, r := range rulesOfMessages {
		if strings.Contains(row.Error.Message, r.part) {
			return failure.Rule == r.rule
		}
	}
	return false
}

func readFile(t testing.TB, folder, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(pkitsFolder, folder, name))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func readCertificates(t testing.TB, names ...string) []*certificate.Certificate {
	t.Helper()
	var all []*certificate.Certificate
	for _, name := range names {
		c, err := certificate.Parse(readFile(t, "certs", name))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		all = append(all, c)
	}
	return all
}

func oid(t testing.TB, text string) asn1.ObjectIdentifier {
	t.Helper()
	var id asn1.ObjectIdentifier
	for _, part := range strings.Split(text, ".") {
		n, err := strconv.Atoi(part)
		if err != nil {
			t.Fatal(err)
		}
		id = append(id, n)
	}
	return id
}
