package signing_test

import (
	"context"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"elicensing/signing"
	"elicensing/signing/algorithms"
	"elicensing/signing/certificate"
	"elicensing/signing/cms"
	"elicensing/signing/crl"
	"elicensing/signing/ocsp"
	"elicensing/signing/path"
	"elicensing/signing/pkcs12"
	"elicensing/signing/revocation"
	"elicensing/signing/tsp"
)

// national reads a file of shared/kz-pki: DER, PEM or bare base64.
func nationalDER(t testing.TB, parts ...string) []byte {
	t.Helper()
	file, err := os.ReadFile(filepath.Join(append([]string{national}, parts...)...))
	if err != nil && os.Getenv("CI") == "" {
		t.Skip("the national samples are not here")
	}
	if err != nil {
		t.Fatal(err)
	}
	if block, _ := pem.Decode(file); block != nil && block.Type == "CERTIFICATE" {
		return block.Bytes
	}
	if der, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(file))); err == nil {
		return der
	}
	return file
}

func nationalOwn(t testing.TB, parts ...string) *certificate.Certificate {
	t.Helper()
	c, err := certificate.Parse(nationalDER(t, parts...))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// kzCase is one sample with the verdict of shared/kz-pki/README.md.
type kzCase struct {
	name string
	// judge tells what was found wrong (empty: as the README says), and whether something was accepted that
	// must not be.
	judge func(t *testing.T) (wrong string, accepted bool)
}

// TestKZPKI is the suite of real national samples: certificates, lists, answers, tokens, messages, key files.
func TestKZPKI(t *testing.T) {
	var all []kzCase
	all = append(all, certificateCases()...)
	all = append(all, evidenceCases()...)
	all = append(all, messageCases()...)
	all = append(all, keyFileCases()...)
	right, accepted := 0, 0
	for _, c := range all {
		wrong, bad := c.judge(t)
		if bad {
			accepted++
		}
		if wrong == "" {
			right++
		} else {
			fmt.Printf("kz-pki miss: %s\n", c.name)
			t.Errorf("%s: %s", c.name, wrong)
		}
	}
	fmt.Printf("kz-pki %d/%d %d\n", right, len(all), accepted)
}

// kzPath finds a path at a time with the national authorities at hand.
func kzPath(t *testing.T, target *certificate.Certificate, at time.Time) error {
	t.Helper()
	o := path.Options{}
	for _, name := range []string{"root_test_gost_2022.cer", "root_gost2004_test.crt", "root_rsa_test.crt", "prod_root_gost2004_2015.crt", "prod_root_rsa_2015.crt"} {
		o.Anchors = append(o.Anchors, nationalOwn(t, "ca", name))
	}
	for _, name := range []string{"nca_gost2022_test.cer", "nca_gost2004_test.crt", "nca_rsa_test.crt", "prod_nca_gost2004_2018.crt", "prod_nca_rsa_2018.crt"} {
		o.Candidates = append(o.Candidates, nationalOwn(t, "ca", name))
	}
	_, err := path.New(o).Validate(context.Background(), path.Question{Target: target, At: at})
	return err
}

// early is a time in a certificate's validity at which its algorithm was still good: that of 2004 ended before its
// last certificates.
func early(c *certificate.Certificate) time.Time { return c.NotBefore.AddDate(0, 1, 0) }

func certificateCases() []kzCase {
	var all []kzCase
	for _, parts := range [][]string{
		{"ca", "root_test_gost_2022.cer"}, {"ca", "nca_gost2022_test.cer"}, {"ca", "root_gost2004_test.crt"}, {"ca", "nca_gost2004_test.crt"},
		{"ca", "root_rsa_test.crt"}, {"ca", "nca_rsa_test.crt"}, {"ca", "prod_root_gost2004_2015.crt"}, {"ca", "prod_nca_gost2004_2018.crt"},
		{"ca", "prod_root_rsa_2015.crt"}, {"ca", "prod_nca_rsa_2018.crt"},
		{"certs", "individual_gost2015_2026.cer.b64"}, {"certs", "ceo_valid_sign_2004_gost.cer"}, {"certs", "individual_valid_sign_2004_rsa.cer"},
	} {
		all = append(all, kzCase{strings.Join(parts, "/"), func(t *testing.T) (string, bool) {
			c := nationalOwn(t, parts...)
			if err := kzPath(t, c, early(c)); err != nil {
				return err.Error(), false
			}
			if kzPath(t, c, c.NotAfter.AddDate(30, 0, 0)) == nil {
				return "a path thirty years after its end", true
			}
			damaged := nationalDER(t, parts...)
			damaged[len(damaged)-1] ^= 1
			if spoilt, err := certificate.Parse(damaged); err == nil && !strings.Contains(parts[1], "root") && kzPath(t, spoilt, early(c)) == nil {
				return "a damaged signature is accepted", true
			}
			return "", false
		}})
	}
	return append(all, kzCase{"certs/fedor35_test_gost512.cer.pem", func(t *testing.T) (string, bool) {
		c := nationalOwn(t, "certs", "fedor35_test_gost512.cer.pem")
		if err := verifyBy(c, c); err != nil {
			return err.Error(), false
		}
		if kzPath(t, c, early(c)) == nil {
			return "a self-signed certificate is trusted", true
		}
		return "", false
	}})
}

// verifyBy checks the signature of one certificate with the key of another.
func verifyBy(c, issuer *certificate.Certificate) error {
	key, err := algorithms.ParseKey(issuer.RawSPKI)
	if err != nil {
		return err
	}
	scheme, err := algorithms.ForCertificate(c.SignatureAlgorithm)
	if err != nil {
		return err
	}
	return scheme.Verify(key, c.RawTBS, c.Signature)
}

// inForce is when the list of 2026 is current.
var inForce = time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)

func evidenceCases() []kzCase {
	list := func(name, authority string) kzCase {
		return kzCase{"crl/" + name, func(t *testing.T) (string, bool) {
			issuer := nationalOwn(t, "ca", authority)
			l, err := crl.Parse(nationalDER(t, "crl", name))
			if err != nil {
				return err.Error(), false
			}
			key := path.KeyOf(issuer)
			if err := l.VerifySignature(path.Table{}, key); err != nil {
				return err.Error(), false
			}
			l.Signature[0] ^= 1
			if l.VerifySignature(path.Table{}, key) == nil {
				return "a damaged list is accepted", true
			}
			return "", false
		}}
	}
	answer := func(name, authority, serial string, at time.Time, want ocsp.Status, never bool) kzCase {
		return kzCase{"ocsp/" + name, func(t *testing.T) (string, bool) {
			issuer := nationalOwn(t, "ca", authority)
			number, _ := new(big.Int).SetString(serial, 16)
			q := ocsp.Question{Target: ocsp.Target{Serial: number, IssuerName: issuer.RawSubject, IssuerKey: issuer.RawSPKI}, Now: at, MaxAge: time.Hour}
			got, err := ocsp.Verify(nationalDER(t, "ocsp", name), q)
			if err != nil || got.Status != want || got.NeverIssued != never {
				return fmt.Sprintf("%s %v", got.Status, err), want != ocsp.Good && got.Status == ocsp.Good
			}
			q.Now = at.AddDate(0, 0, 2)
			if _, err := ocsp.Verify(nationalDER(t, "ocsp", name), q); err == nil {
				return "a stale answer is accepted", true
			}
			return "", false
		}}
	}
	return []kzCase{
		list("nca_gost2022_test.crl", "nca_gost2022_test.cer"), list("nca_gost2022_d_test.crl", "nca_gost2022_test.cer"), list("nca_gost2004_test.crl", "nca_gost2004_test.crt"),
		answer("ocsp_response_individual_sign_2004.bin", "nca_rsa_test.crt", "4279390A141F5353A62947B61ED65E81741467D1", time.Date(2022, 9, 2, 16, 54, 0, 0, time.UTC), ocsp.Good, false),
		answer("ocsp_response_individual_2015.bin", "nca_gost2022_test.cer", "0FF06211DC82BEB00253FFA000F1DE84ABEF454F", time.Date(2022, 9, 2, 16, 59, 0, 0, time.UTC), ocsp.Revoked, true),
		{"tsp/tsp_response_gost2004.bin", func(t *testing.T) (string, bool) {
			raw, err := tsp.ParseResponse(nationalDER(t, "tsp", "tsp_response_gost2004.bin"))
			if err != nil {
				return err.Error(), false
			}
			token, err := tsp.Parse(raw)
			if err != nil {
				return err.Error(), false
			}
			if err := token.VerifySignature(nil, token.Time); err != nil {
				return err.Error(), false
			}
			if token.VerifySignature(nil, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)) == nil {
				return "its algorithm outlives its end", true
			}
			return "", false
		}},
	}
}

// kzLists is revocation by the national list of 2026. Of the authorities themselves no list exists here: they
// count as good.
type kzLists struct{ t *testing.T }

func (k kzLists) CheckPath(ctx context.Context, q path.RevocationQuestion, now time.Time) (revocation.Answer, error) {
	if q.Chain[0].IsCA() || now.Before(inForce) {
		return revocation.Answer{Status: revocation.Good}, nil
	}
	l, err := crl.Parse(nationalDER(k.t, "crl", "nca_gost2022_test.crl"))
	if err != nil {
		return revocation.Answer{}, err
	}
	checker := crl.Checker{Lists: crl.NewSet(l)}
	status, err := checker.Status(ctx, q)
	switch {
	case err != nil:
		return revocation.Answer{}, err
	case status.Revoked:
		return revocation.Answer{Status: revocation.Revoked, RevokedAt: status.Entry.RevokedAt, Reason: int(status.Entry.Reason), CRLs: [][]byte{l.Raw}}, nil
	}
	return revocation.Answer{Status: revocation.Good, CRLs: [][]byte{l.Raw}}, nil
}

func kzVerifier(t *testing.T, at time.Time) *signing.Verifier {
	o := signing.Options{Revocation: kzLists{t}, Now: func() time.Time { return at }}
	for _, name := range []string{"root_test_gost_2022.cer", "root_gost2004_test.crt", "root_rsa_test.crt", "prod_root_gost2004_2015.crt", "prod_root_rsa_2015.crt"} {
		o.Roots = append(o.Roots, nationalCertificate(t, "ca", name))
	}
	for _, name := range []string{"nca_gost2022_test.cer", "nca_gost2004_test.crt", "nca_rsa_test.crt", "prod_nca_gost2004_2018.crt", "prod_nca_rsa_2018.crt"} {
		o.Intermediates = append(o.Intermediates, nationalCertificate(t, "ca", name))
	}
	return signing.NewVerifier(o)
}

func messageCases() []kzCase {
	test123 := []byte("test123")
	message := func(name string, content func(t *testing.T) []byte, at time.Time, reason signing.Reason, check func(signing.Report) string) kzCase {
		return kzCase{"cms/" + name, func(t *testing.T) (string, bool) {
			r := kzVerifier(t, at).Verify(context.Background(), nationalFile(t, "cms", name), content(t), signing.Archive)
			if r.Passed() != (reason == "") || r.Reason != reason {
				return fmt.Sprintf("%s %s %+v", r.Outcome, r.Reason, r.Checks[len(r.Checks)-1]), r.Passed()
			}
			if other := kzVerifier(t, at).Verify(context.Background(), nationalFile(t, "cms", name), append(content(t), ' '), signing.Archive); other.Passed() {
				return "other content is accepted", true
			}
			if check != nil {
				return check(r), false
			}
			return "", false
		}}
	}
	file := func(name string) func(t *testing.T) []byte {
		return func(t *testing.T) []byte { return nationalFile(t, "cms", name) }
	}
	fixed := func(*testing.T) []byte { return test123 }
	return []kzCase{
		message("individual_attached.der", file("individual_document.txt"), inForce, "", func(r signing.Report) string {
			if r.Signer.IIN != "123456789011" || r.Algorithm == "" || len(r.TimeStamps) != 1 {
				return fmt.Sprintf("%+v", r.Signer)
			}
			return ""
		}),
		message("legal_entity_detached.der", file("legal_entity_document.txt"), inForce, "", func(r signing.Report) string {
			if r.Signer.BIN != "123456789021" || !r.Signer.Has(signing.RoleHead) {
				return fmt.Sprintf("%+v", r.Signer)
			}
			return ""
		}),
		message("individual_gost2004_attached_tsp.pem", attachedContent("individual_gost2004_attached_tsp.pem"), time.Date(2018, 12, 22, 0, 0, 0, 0, time.UTC), "", nil),
		// Both signatures are good as such; neither signer said which certificate he meant, which CAdES demands.
		message("two_signers_gost2015_rsa_attached.der", fixed, time.Date(2022, 9, 28, 12, 0, 0, 0, time.UTC), signing.SignatureAttributes, func(r signing.Report) string {
			for _, one := range r.Signatures {
				if !slices.ContainsFunc(one.Checks, func(c signing.Check) bool { return c.Name == "signature" && c.Outcome == signing.CheckPassed }) {
					return "a signature is wrong"
				}
			}
			if len(r.Signatures) != 2 {
				return "not two signers"
			}
			return ""
		}),
		message("rsa_attached.der", fixed, time.Date(2022, 9, 28, 15, 0, 0, 0, time.UTC), signing.CertificateExpired, nil),
	}
}

func attachedContent(name string) func(t *testing.T) []byte {
	return func(t *testing.T) []byte {
		t.Helper()
		content, err := contentOf(nationalFile(t, "cms", name))
		if err != nil {
			t.Fatal(err)
		}
		return content
	}
}

// keyFileCases: each key file opens, its key is its certificate's, the path leads to a root, and the list of 2026
// says of it what the README does.
func keyFileCases() []kzCase {
	var all []kzCase
	for name, status := range map[string]string{
		"individual_valid": "good", "individual_revoked": "revoked", "legal_revoked_employee": "revoked", "legal_revoked_head": "revoked",
		"legal_valid_employee": "revoked", // named valid upstream, and listed
		"legal_valid_head":     "good", "legal_valid_employee_signright": "good", "legal_valid_treasury_client": "good",
		"ncanode_head_gost2004_sign_revoked_2022": "", "ncanode_individual_rsa_auth_revoked_2022": "", "ncanode_individual_rsa_sign_2021": "",
	} {
		all = append(all, kzCase{"p12/" + name, func(t *testing.T) (string, bool) {
			key, held, _, err := pkcs12.Open(nationalFile(t, "p12", name+".p12"), "Qwerty12")
			if err != nil {
				return err.Error(), false
			}
			c, err := certificate.Parse(held.Raw)
			if err != nil {
				return err.Error(), false
			}
			public, err := algorithms.ParseKey(c.RawSPKI)
			if err != nil {
				return err.Error(), false
			}
			if own, err := algorithms.KeyOf(key.Public()); err != nil || !own.Equal(public) {
				return "the key is not the certificate's", false
			}
			if err := kzPath(t, c, early(c)); err != nil || status == "" {
				return errorText(err), false
			}
			issuer := nationalOwn(t, "ca", "nca_gost2022_test.cer")
			answer, err := kzLists{t}.CheckPath(context.Background(), path.RevocationQuestion{Chain: []*certificate.Certificate{c, issuer}, At: inForce}, inForce)
			if err != nil || string(answer.Status) != status {
				return fmt.Sprintf("%s, want %s (%v)", answer.Status, status, err), status == "revoked" && answer.Status == revocation.Good
			}
			return "", false
		}})
	}
	return all
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func contentOf(message []byte) ([]byte, error) {
	der, err := cms.Decode(message)
	if err != nil {
		return nil, err
	}
	m, err := cms.Parse(der)
	if err != nil {
		return nil, err
	}
	return m.Content, nil
}
