package democa_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"elicensing/signing"
	"elicensing/signing/cms"
	"elicensing/signing/democa"
)

var clock = func() time.Time { return time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC) }

// shared is one authority for all tests that leave it as it is: making keys is what takes time.
var shared = sync.OnceValues(func() (*democa.Authority, error) { return democa.New(clock) })

func authority(t *testing.T) *democa.Authority {
	t.Helper()
	a, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// saved is a folder with the shared authority.
func saved(t *testing.T) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "ca")
	if err := authority(t).Save(folder); err != nil {
		t.Fatal(err)
	}
	return folder
}

func verifierOf(a *democa.Authority) *signing.Verifier {
	return signing.NewVerifier(signing.Options{Roots: a.Roots(), Intermediates: a.Intermediates(), Revocation: a.Revocation(), Now: clock})
}

func signedBy(t *testing.T, a *democa.Authority, id string, content []byte) []byte {
	t.Helper()
	h, err := a.Holder(id)
	if err != nil {
		t.Fatal(err)
	}
	return sign(t, h, content)
}

func sign(t *testing.T, h *democa.Holder, content []byte) []byte {
	t.Helper()
	message, err := cms.Sign(content, cms.SignOptions{Key: h.Key, Certificate: h.Certificate})
	if err != nil {
		t.Fatal(err)
	}
	return message
}

// What is revoked in a copy is revoked there alone, and who spoils a holder spoils his own.
func TestACopyHasARegisterOfItsOwn(t *testing.T) {
	original := authority(t)
	message := signedBy(t, original, "head", []byte("x"))
	other := original.Copy(clock)
	holder, err := other.Holder("head")
	if err != nil {
		t.Fatal(err)
	}
	other.Revoke(holder.Certificate, clock().AddDate(0, 0, -1), 1)
	holder.Key = nil
	for a, want := range map[*democa.Authority]string{original: "", other: signing.CertificateRevoked} {
		if report := verifierOf(a).Verify(t.Context(), message, []byte("x"), signing.Official); report.Reason != want {
			t.Errorf("reason %q, want %q", report.Reason, want)
		}
	}
	if again, err := other.Holder("head"); err != nil || again.Key == nil {
		t.Errorf("the holder is spoilt for others: %v", err)
	}
}

// Each demo person is exactly as good, or as bad, as the table says, with either key.
func TestEveryDemoPersonSignsAsIntended(t *testing.T) {
	a := authority(t)
	verifier, content := verifierOf(a), []byte("content")
	wantReason := map[string]string{
		"expired": signing.CertificateExpired, "revoked": signing.CertificateRevoked,
		"auth-only": signing.CertificateAuthOnly, "untrusted": signing.CertificateUntrusted,
	}
	seen := map[string]bool{}
	for _, p := range democa.People() {
		if seen[p.ID] {
			t.Errorf("%s stands twice", p.ID)
		}
		seen[p.ID] = true
		policy := signing.Applicant
		if p.Group == "official" {
			policy = signing.Official
		}
		national, err := a.GOSTHolder(p.ID)
		if err != nil {
			t.Fatal(err)
		}
		report := verifier.Verify(context.Background(), sign(t, national, content), content, policy)
		if report.Reason != wantReason[p.ID] || report.Passed() != (wantReason[p.ID] == "") || report.Signer != nil && report.Signer.IIN != p.IIN {
			t.Errorf("%s with GOST: %s %s %v", p.ID, report.Outcome, report.Reason, report.Checks)
		}
		report = verifier.Verify(context.Background(), signedBy(t, a, p.ID, content), content, policy)
		if report.Reason != wantReason[p.ID] || report.Passed() != (wantReason[p.ID] == "") {
			t.Errorf("%s: %s %s %v", p.ID, report.Outcome, report.Reason, report.Checks)
			continue
		}
		s := report.Signer
		if s == nil || s.IIN != p.IIN || s.BIN != p.BIN || s.Organisation != p.Organisation || s.FullName() != p.Name() ||
			s.Surname != p.Surname || s.GivenName != p.GivenName || s.Patronymic != p.Patronymic {
			t.Errorf("%s: signer is read as %+v", p.ID, s)
		}
		if report.Passed() && p.Role != "" && !s.Has(p.Role) {
			t.Errorf("%s: role %s is not in %v", p.ID, p.Role, s.Roles)
		}
	}
}

func TestAuthorityOutlivesARestart(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "ca")
	first, err := democa.Open(folder, clock)
	if err != nil {
		t.Fatal(err)
	}
	message := signedBy(t, first, "head", []byte("x"))
	second, err := democa.Open(folder, clock)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range democa.People() {
		one, err := first.KeyFile(p.ID)
		if err != nil {
			t.Fatal(err)
		}
		if other, err := second.KeyFile(p.ID); err != nil || !bytes.Equal(one, other) {
			t.Errorf("%s has another key after the restart (%v)", p.ID, err)
		}
		if one, err = first.GOSTKeyFile(p.ID); err != nil {
			t.Fatal(err)
		}
		if other, err := second.GOSTKeyFile(p.ID); err != nil || !bytes.Equal(one, other) {
			t.Errorf("%s has another GOST key after the restart (%v)", p.ID, err)
		}
	}
	if report := verifierOf(second).Verify(context.Background(), message, []byte("x"), signing.Official); !report.Passed() {
		t.Errorf("a signature of before the restart: %s", report.Reason)
	}
	report := verifierOf(second).Verify(context.Background(), signedBy(t, second, "revoked", []byte("x")), []byte("x"), signing.Applicant)
	if report.Reason != signing.CertificateRevoked {
		t.Errorf("the revoked key after the restart: %q", report.Reason)
	}
	err = filepath.WalkDir(folder, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestOpenRefusesADamagedFolder(t *testing.T) {
	folder := saved(t)
	if _, err := democa.Open(folder, clock); err != nil {
		t.Fatalf("the good twin: %v", err)
	}
	write(t, filepath.Join(folder, "nca.pem"), []byte("damaged"))
	if _, err := democa.Open(folder, clock); err == nil {
		t.Error("a damaged authority opens")
	}
}

// A folder of before the GOST keys gets them, and keeps its RSA keys.
func TestOlderFolderGetsGOSTKeys(t *testing.T) {
	folder := saved(t)
	names, err := filepath.Glob(filepath.Join(folder, "gost-*.pem"))
	if err != nil || len(names) != 3 {
		t.Fatalf("GOST keys of the authority: %v (%v)", names, err)
	}
	for _, name := range names {
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
	a, err := democa.Open(folder, clock)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := authority(t).KeyFile("head")
	if err != nil {
		t.Fatal(err)
	}
	if again, err := a.KeyFile("head"); err != nil || !bytes.Equal(kept, again) {
		t.Errorf("the RSA key is another one (%v)", err)
	}
	head, err := a.GOSTHolder("head")
	if err != nil {
		t.Fatal(err)
	}
	if report := verifierOf(a).Verify(context.Background(), sign(t, head, []byte("x")), []byte("x"), signing.Official); !report.Passed() {
		t.Errorf("a signature with the new GOST key: %s", report.Reason)
	}
}

// One branch says nothing of the other's certificates, though both are of one house.
func TestBranchesDoNotVouchForEachOther(t *testing.T) {
	a := authority(t)
	head, err := a.GOSTHolder("head")
	if err != nil {
		t.Fatal(err)
	}
	message := sign(t, head, []byte("x"))
	for name, o := range map[string]signing.Options{
		"without the GOST root":        {Roots: a.Roots()[:1], Intermediates: a.Intermediates()},
		"without the GOST authority":   {Roots: a.Roots(), Intermediates: a.Intermediates()[:1]},
		"with the other branch's only": {Roots: a.Roots()[:1], Intermediates: a.Intermediates()[:1]},
	} {
		o.Revocation, o.Now = a.Revocation(), clock
		report := signing.NewVerifier(o).Verify(context.Background(), message, []byte("x"), signing.Official)
		if report.Passed() || report.Reason != signing.CertificateUntrusted {
			t.Errorf("%s: %s %s", name, report.Outcome, report.Reason)
		}
	}
}

func TestDemoPersonWhoseCertificateEndsIsIssuedAnew(t *testing.T) {
	later := func() time.Time { return clock().AddDate(0, 11, 10) }
	second, err := democa.Open(saved(t), later)
	if err != nil {
		t.Fatal(err)
	}
	before, err := authority(t).Holder("person")
	if err != nil {
		t.Fatal(err)
	}
	after, err := second.Holder("person")
	if err != nil {
		t.Fatal(err)
	}
	if !after.Certificate.NotAfter.After(before.Certificate.NotAfter) {
		t.Error("the certificate was not renewed")
	}
}

// OpenSSL judges the protocols independently.
func TestOpenSSLUnderstandsOurAnswers(t *testing.T) {
	a := authority(t)
	folder := t.TempDir()
	base := serve(t, a)
	person, err := a.Holder("person")
	if err != nil {
		t.Fatal(err)
	}
	bad, err := a.Holder("revoked")
	if err != nil {
		t.Fatal(err)
	}
	writePEM(t, filepath.Join(folder, "root"), a.Root().Raw)
	writePEM(t, filepath.Join(folder, "nca"), a.Intermediates()[0].Raw)
	writePEM(t, filepath.Join(folder, "person"), person.Certificate.Raw)
	writePEM(t, filepath.Join(folder, "bad"), bad.Certificate.Raw)
	at := "1795428000" // clock
	for certificate, want := range map[string]string{"person": "person: good", "bad": "bad: revoked"} {
		output := openssl(t, folder, "ocsp", "-sha256", "-issuer", "nca", "-cert", certificate, "-url", base+democa.PathOCSP,
			"-CAfile", "root", "-verify_other", "nca", "-attime", at, "-validity_period", "1000000000")
		if !bytes.Contains(output, []byte(want)) || !bytes.Contains(output, []byte("Response verify OK")) {
			t.Errorf("%s: %s", certificate, output)
		}
	}
	crl := get(t, base+democa.PathCRL)
	write(t, filepath.Join(folder, "crl"), crl)
	output := openssl(t, folder, "crl", "-inform", "DER", "-in", "crl", "-CAfile", "nca", "-noout", "-text")
	if !bytes.Contains(output, []byte("verify OK")) || !bytes.Contains(output, []byte("Key Compromise")) {
		t.Errorf("crl: %s", output)
	}
	write(t, filepath.Join(folder, "data"), []byte("stamped"))
	openssl(t, folder, "ts", "-query", "-data", "data", "-sha256", "-cert", "-out", "query")
	query, err := os.ReadFile(filepath.Join(folder, "query"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(folder, "reply"), post(t, base+democa.PathTSP, query))
	output = openssl(t, folder, "ts", "-verify", "-data", "data", "-in", "reply", "-CAfile", "root", "-untrusted", "nca", "-attime", at)
	if !bytes.Contains(output, []byte("Verification: OK")) {
		t.Errorf("ts: %s", output)
	}
}

func openssl(t *testing.T, folder string, args ...string) []byte {
	t.Helper()
	cmd := exec.Command("openssl", args...)
	cmd.Dir = folder
	output, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("openssl %v: %v\n%s", args, err, output)
	}
	return output
}
