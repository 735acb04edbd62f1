package signing_test

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"elicensing/signing"
	"elicensing/signing/certificate"
	"elicensing/signing/pkcs12"
	"elicensing/signing/profile"
	"elicensing/signing/revocation"
)

const national = "../../shared/kz-pki"

func nationalFile(t *testing.T, path ...string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(append([]string{national}, path...)...))
	if err != nil && os.Getenv("CI") == "" {
		t.Skip("the national samples are not here")
	}
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func nationalCertificate(t *testing.T, path ...string) *x509.Certificate {
	t.Helper()
	content := nationalFile(t, path...)
	if block, _ := pem.Decode(content); block != nil {
		content = block.Bytes
	}
	certificate, err := x509.ParseCertificate(content)
	if err != nil {
		t.Fatal(err)
	}
	return certificate
}

// Real messages of the national programs. The RSA one was signed after its certificate had expired:
// its mathematics is good and it must be refused by date.
func TestRealNationalMessages(t *testing.T) {
	root, issuing := nationalCertificate(t, "ca", "root_rsa_test.crt"), nationalCertificate(t, "ca", "nca_rsa_test.crt")
	inItsTime := time.Date(2021, 6, 1, 0, 0, 0, 0, time.UTC)
	for name, tc := range map[string]struct {
		file    string
		content string
		at      time.Time
		reason  string
		reached string // the check that decided
	}{
		"RSA, today":             {"rsa_attached.der", "test123", T0, signing.CertificateExpired, "validity"},
		"RSA, when signed":       {"rsa_attached.der", "test123", time.Date(2022, 9, 28, 15, 0, 0, 0, time.UTC), signing.CertificateExpired, "validity"},
		"RSA, before signing":    {"rsa_attached.der", "test123", inItsTime, signing.SignatureAttributes, "binding-present"},
		"RSA over other content": {"rsa_attached.der", "test124", T0, signing.SignatureContentDiffers, "content"},
		"two signers":            {"two_signers_gost2015_rsa_attached.der", "test123", T0, signing.SignatureSeveralSigners, "signers"},
	} {
		v := signing.NewVerifier(signing.Options{
			Roots: []*x509.Certificate{root}, Intermediates: []*x509.Certificate{issuing},
			Revocation: always{revocation.Answer{Status: revocation.Good}}, Now: func() time.Time { return tc.at },
		})
		report := v.Verify(context.Background(), nationalFile(t, "cms", tc.file), []byte(tc.content), signing.Applicant)
		if report.Passed() || report.Reason != tc.reason || report.Checks[len(report.Checks)-1].Name != tc.reached {
			t.Errorf("%s: %s %s at %+v", name, report.Outcome, report.Reason, report.Checks[len(report.Checks)-1])
		}
		if tc.reason == signing.CertificateExpired && (report.Signer == nil || report.Signer.FullName() != "ТЕСТОВ ТЕСТ ТЕСТОВИЧ" || report.Signer.IIN != "123456789011") {
			t.Errorf("%s: signer is %+v", name, report.Signer)
		}
	}
}

// The profile reads the certificates that the national authority really issues.
func TestProfileReadsRealCertificates(t *testing.T) {
	for _, tc := range []struct {
		path []string
		want profile.Holder
	}{
		{[]string{"certs", "individual_valid_sign_2004_rsa.cer"}, profile.Holder{Kind: profile.Person, Use: profile.ForSigning,
			Names: profile.Names{IIN: "123456789011", CommonName: "ТЕСТОВ ТЕСТ", Surname: "ТЕСТОВ", GivenName: "ТЕСТ", Patronymic: "ТЕСТОВИЧ"}}},
		{[]string{"certs", "ceo_valid_sign_2004_gost.cer"}, profile.Holder{Kind: profile.Entity, Use: profile.ForSigning, Roles: []profile.Role{profile.Head},
			Names: profile.Names{IIN: "123456789011", BIN: "123456789021", CommonName: "ТЕСТОВ ТЕСТ", Surname: "ТЕСТОВ", GivenName: "ТЕСТ", Patronymic: "ТЕСТОВИЧ", Organisation: `АО "ТЕСТ"`}}},
	} {
		got, err := profile.Read(readByUs(t, nationalCertificate(t, tc.path...)))
		if err != nil || got.Names != tc.want.Names || got.Kind != tc.want.Kind || got.Use != tc.want.Use || len(got.Roles) != len(tc.want.Roles) {
			t.Errorf("%v: %+v (%v)", tc.path, got, err)
		}
	}
}

// The key files of the authority: in whose hands is what, and what may it be used for.
func TestProfileReadsRealKeyFiles(t *testing.T) {
	for file, want := range map[string]struct {
		kind  profile.Kind
		roles []profile.Role
		use   profile.KeyUse
		err   error
	}{
		"individual_valid":                         {profile.Person, nil, profile.ForSigning, nil},
		"individual_revoked":                       {profile.Person, nil, profile.ForSigning, nil},
		"legal_valid_head":                         {profile.Entity, []profile.Role{profile.Head}, profile.ForSigning, nil},
		"legal_revoked_head":                       {profile.Entity, []profile.Role{profile.Head}, profile.ForSigning, nil},
		"legal_valid_employee":                     {profile.Entity, []profile.Role{profile.Employee}, profile.ForSigning, nil},
		"legal_revoked_employee":                   {profile.Entity, []profile.Role{profile.Employee}, profile.ForSigning, nil},
		"legal_valid_employee_signright":           {profile.Entity, []profile.Role{profile.RightToSign}, profile.ForSigning, nil},
		"legal_valid_treasury_client":              {err: profile.ErrNotForPeople},
		"ncanode_head_gost2004_sign_revoked_2022":  {profile.Entity, []profile.Role{profile.Head}, profile.ForSigning, nil},
		"ncanode_individual_rsa_sign_2021":         {profile.Person, nil, profile.ForSigning, nil},
		"ncanode_individual_rsa_auth_revoked_2022": {profile.Person, nil, profile.ForAuthentication, nil},
	} {
		_, c, _, err := pkcs12.Open(nationalFile(t, "p12", file+".p12"), "Qwerty12")
		if err != nil {
			t.Fatal(err)
		}
		got, err := profile.Read(readByUs(t, c))
		if !errors.Is(err, want.err) || err == nil && (got.Kind != want.kind || !slices.Equal(got.Roles, want.roles) || got.Use != want.use || got.IIN == "") {
			t.Errorf("%s: %s %v %s (%v)", file, got.Kind, got.Roles, got.Use, err)
		}
	}
}

func readByUs(t *testing.T, c *x509.Certificate) *certificate.Certificate {
	t.Helper()
	read, err := certificate.Parse(c.Raw)
	if err != nil {
		t.Fatal(err)
	}
	return read
}
