package path_test

import (
	"context"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"elicensing/signing/algorithms"
	"elicensing/signing/certificate"
	"elicensing/signing/crl"
	"elicensing/signing/path"
)

const nationalFolder = "../../../shared/kz-pki"

// national reads a certificate of the national authority, be it DER, PEM or bare base64.
func national(t testing.TB, name string) *certificate.Certificate {
	t.Helper()
	content := nationalFile(t, name)
	if block, _ := pem.Decode(content); block != nil {
		content = block.Bytes
	} else if content[0] != 0x30 {
		der, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(string(content)), ""))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		content = der
	}
	c, err := certificate.Parse(content)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return c
}

func nationalFile(t testing.TB, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(nationalFolder, name))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func nationalList(t testing.TB, name string) *crl.List {
	t.Helper()
	list, err := crl.Parse(nationalFile(t, "crl/"+name))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return list
}

var nationalChains = []struct {
	target, authority, root string
	at                      time.Time
}{
	{"certs/individual_gost2015_2026.cer.b64", "ca/nca_gost2022_test.cer", "ca/root_test_gost_2022.cer", day(2026, 11, 22)},
	{"certs/ceo_valid_sign_2004_gost.cer", "ca/nca_gost2004_test.crt", "ca/root_gost2004_test.crt", day(2022, 5, 1)},
	{"certs/individual_valid_sign_2004_rsa.cer", "ca/nca_rsa_test.crt", "ca/root_rsa_test.crt", day(2022, 5, 1)},
	{"ca/prod_nca_gost2004_2018.crt", "", "ca/prod_root_gost2004_2015.crt", day(2020, 1, 1)},
	{"ca/prod_nca_rsa_2018.crt", "", "ca/prod_root_rsa_2015.crt", day(2020, 1, 1)},
	{"certs/fedor35_test_gost512.cer.pem", "", "certs/fedor35_test_gost512.cer.pem", time.Time{}},
}

func day(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 12, 0, 0, 0, time.UTC)
}

func TestNationalChains(t *testing.T) {
	var authorities []*certificate.Certificate
	for _, c := range nationalChains {
		if c.authority != "" {
			authorities = append(authorities, national(t, c.authority))
		}
	}
	for _, c := range nationalChains {
		t.Run(filepath.Base(c.target), func(t *testing.T) {
			target, root := national(t, c.target), national(t, c.root)
			if c.at.IsZero() {
				c.at = target.NotBefore
			}
			validator := path.New(path.Options{Anchors: []*certificate.Certificate{root}, Candidates: authorities})
			result, err := validator.Validate(context.Background(), path.Question{Target: target, At: c.at})
			if err != nil {
				t.Fatal(err)
			}
			if c.authority != "" && (len(result.Chain) != 3 || !result.Chain[1].Equal(national(t, c.authority))) {
				t.Errorf("chain of %d", len(result.Chain))
			}
			for _, at := range []time.Time{target.NotBefore.Add(-time.Second), result.NotAfter.Add(time.Second)} {
				if _, err := validator.Validate(context.Background(), path.Question{Target: target, At: at}); err == nil {
					t.Errorf("accepted at %v", at)
				}
			}
		})
	}
}

// TestNationalChainsUnderOtherRoots: no chain ends at a root that is not its own.
func TestNationalChainsUnderOtherRoots(t *testing.T) {
	for _, c := range nationalChains {
		for _, other := range nationalChains {
			if c.root == other.root {
				continue
			}
			at := c.at
			if at.IsZero() {
				at = national(t, c.target).NotBefore
			}
			candidates := []*certificate.Certificate{national(t, c.root)}
			if c.authority != "" {
				candidates = append(candidates, national(t, c.authority))
			}
			validator := path.New(path.Options{Anchors: []*certificate.Certificate{national(t, other.root)}, Candidates: candidates})
			if _, err := validator.Validate(context.Background(), path.Question{Target: national(t, c.target), At: at}); err == nil {
				t.Errorf("%s under %s", c.target, other.root)
			}
		}
	}
}

func TestNationalLists(t *testing.T) {
	cases := []struct {
		list, authority string
		entries         int
		delta           bool
	}{
		{"nca_gost2022_test.crl", "ca/nca_gost2022_test.cer", 195, false},
		{"nca_gost2022_d_test.crl", "ca/nca_gost2022_test.cer", 0, true},
		{"nca_gost2004_test.crl", "ca/nca_gost2004_test.crt", 31, false},
	}
	for _, c := range cases {
		list, authority := nationalList(t, c.list), national(t, c.authority)
		if err := list.VerifySignature(path.Table{}, path.KeyOf(authority)); err != nil {
			t.Errorf("%s: %v", c.list, err)
		}
		if list.Len() != c.entries || list.Delta() != c.delta {
			t.Errorf("%s: %d entries, delta %v", c.list, list.Len(), list.Delta())
		}
		other := national(t, "ca/nca_rsa_test.crt")
		if err := list.VerifySignature(path.Table{}, path.KeyOf(other)); !errors.Is(err, algorithms.ErrMismatch) {
			t.Errorf("%s by another key: %v", c.list, err)
		}
	}
}

// TestNationalRevocation asks the list of August 2026, which Go's parser refuses, about a person's certificate.
func TestNationalRevocation(t *testing.T) {
	target, authority := national(t, "certs/individual_gost2015_2026.cer.b64"), national(t, "ca/nca_gost2022_test.cer")
	checker := &crl.Checker{Lists: crl.NewSet(nationalList(t, "nca_gost2022_test.crl"), nationalList(t, "nca_gost2022_d_test.crl"))}
	validator := path.New(path.Options{Anchors: []*certificate.Certificate{authority}, Revocation: checker.Check})
	if _, err := validator.Validate(context.Background(), path.Question{Target: target, At: day(2026, 11, 22)}); err != nil {
		t.Errorf("not in the list: %v", err)
	}
	_, err := validator.Validate(context.Background(), path.Question{Target: target, At: day(2027, 3, 1)})
	expectFailure(t, err, path.RuleRevocationUnknown) // the list has run out
}
