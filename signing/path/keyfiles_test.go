package path_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"elicensing/signing/certificate"
	"elicensing/signing/crl"
	"elicensing/signing/path"
	"elicensing/signing/pkcs12"
)

// TestHoldersOfTheNationalKeyFiles: each certificate chains to the test authority, and the list of August 2026 says
// of each what the README beside the data says, whatever the file is called.
func TestHoldersOfTheNationalKeyFiles(t *testing.T) {
	root, authority := national(t, "ca/root_test_gost_2022.cer"), national(t, "ca/nca_gost2022_test.cer")
	checker := &crl.Checker{Lists: crl.NewSet(nationalList(t, "nca_gost2022_test.crl"))}
	anchor := path.New(path.Options{Anchors: []*certificate.Certificate{authority}, Revocation: checker.Check})
	whole := path.New(path.Options{Anchors: []*certificate.Certificate{root}, Candidates: []*certificate.Certificate{authority}})
	at := day(2026, 11, 22)
	for file, revoked := range map[string]bool{
		"individual_valid":               false,
		"legal_valid_employee_signright": false,
		"legal_valid_head":               false,
		"legal_valid_treasury_client":    false,
		"legal_valid_employee":           true,
		"individual_revoked":             true,
		"legal_revoked_employee":         true,
		"legal_revoked_head":             true,
	} {
		target := keyFile(t, file)
		if result, err := whole.Validate(context.Background(), path.Question{Target: target, At: at}); err != nil || len(result.Chain) != 3 {
			t.Errorf("%s: %v", file, err)
		}
		_, err := anchor.Validate(context.Background(), path.Question{Target: target, At: at})
		var is *path.Revoked
		switch {
		case !revoked && err != nil:
			t.Errorf("%s: %v", file, err)
		case revoked && (!errors.As(err, &is) || is.At.After(at) || is.At.Before(target.NotBefore)):
			t.Errorf("%s: expected revoked, got %v", file, err)
		}
	}
}

// TestHoldersOfOldKeyFiles: RSA and GOST 34.310-2004, at a day on which they were valid.
func TestHoldersOfOldKeyFiles(t *testing.T) {
	for file, chain := range map[string][2]string{
		"ncanode_head_gost2004_sign_revoked_2022":  {"ca/nca_gost2004_test.crt", "ca/root_gost2004_test.crt"},
		"ncanode_individual_rsa_auth_revoked_2022": {"ca/nca_rsa_test.crt", "ca/root_rsa_test.crt"},
		"ncanode_individual_rsa_sign_2021":         {"ca/nca_rsa_test.crt", "ca/root_rsa_test.crt"},
	} {
		target, authority, root := keyFile(t, file), national(t, chain[0]), national(t, chain[1])
		validator := path.New(path.Options{Anchors: []*certificate.Certificate{root}, Candidates: []*certificate.Certificate{authority}})
		result, err := validator.Validate(context.Background(), path.Question{Target: target, At: target.NotBefore.AddDate(0, 1, 0)})
		if err != nil || len(result.Chain) != 3 {
			t.Errorf("%s: %v", file, err)
		}
		_, err = validator.Validate(context.Background(), path.Question{Target: target, At: day(2026, 11, 22)})
		if err == nil { // expired, or of an algorithm that has run out
			t.Errorf("%s: accepted years after its end", file)
		}
	}
}

// TestAPersonIsNoAuthority: certificates of persons are no issuers, in the national chain.
func TestAPersonIsNoAuthority(t *testing.T) {
	root, authority := national(t, "ca/root_test_gost_2022.cer"), national(t, "ca/nca_gost2022_test.cer")
	validator := path.New(path.Options{Anchors: []*certificate.Certificate{root}, Candidates: []*certificate.Certificate{keyFile(t, "individual_valid")}})
	_, err := validator.Validate(context.Background(), path.Question{Target: keyFile(t, "legal_valid_head"), At: day(2026, 11, 22),
		Extra: []*certificate.Certificate{national(t, "certs/individual_gost2015_2026.cer.b64")}})
	expectRule(t, err, path.RuleIssuer, 0)
	_, err = validator.Validate(context.Background(), path.Question{Target: authority, At: authority.NotAfter.Add(time.Second)})
	expectRule(t, err, path.RuleExpired, 0)
}

func keyFile(t testing.TB, name string) *certificate.Certificate {
	t.Helper()
	_, holder, _, err := pkcs12.Open(nationalFile(t, "p12/"+name+".p12"), "Qwerty12")
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	c, err := certificate.Parse(holder.Raw)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return c
}
