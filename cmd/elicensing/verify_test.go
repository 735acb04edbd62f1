package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"elicensing/signing"
	"elicensing/signing/asice"
	"elicensing/signing/cms"
	"elicensing/signing/democa"
	"elicensing/signing/pades"
)

// signedFiles is a folder of files that a demo person signed, with their evidence, and the roots to trust.
type signedFiles struct {
	t      *testing.T
	folder string
	ca     *democa.Authority
}

var signedAt = time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC)

func newSignedFiles(t *testing.T) signedFiles {
	t.Helper()
	ca, err := democa.New(func() time.Time { return signedAt })
	if err != nil {
		t.Fatal(err)
	}
	f := signedFiles{t, t.TempDir(), ca}
	f.write("roots/root.cer", ca.Root().Raw)
	f.write("roots/nca.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: ca.Intermediates()[0].Raw}))
	return f
}

func (f signedFiles) write(name string, content []byte) string {
	f.t.Helper()
	path := filepath.Join(f.folder, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		f.t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		f.t.Fatal(err)
	}
	return path
}

func (f signedFiles) sign(content []byte, attached bool) []byte {
	f.t.Helper()
	h, err := f.ca.Holder("person")
	if err != nil {
		f.t.Fatal(err)
	}
	message, err := cms.Sign(content, cms.SignOptions{Key: h.Key, Certificate: h.Certificate, Attached: attached})
	if err != nil {
		f.t.Fatal(err)
	}
	v := signing.NewVerifier(signing.Options{Roots: f.ca.Roots(), Intermediates: f.ca.Intermediates(), Revocation: f.ca.Revocation(), Now: func() time.Time { return signedAt }})
	report, accepted, err := v.Accept(context.Background(), message, content, signing.Applicant)
	if err != nil || !report.Passed() {
		f.t.Fatalf("%s (%v)", report.Reason, err)
	}
	return accepted.Kept
}

// verify runs the command as of a minute after signing.
func (f signedFiles) verify(language string, args ...string) (code int, out, errs string) {
	f.t.Helper()
	var stdout, stderr bytes.Buffer
	getenv := func(name string) string { return map[string]string{"LANG": language}[name] }
	call := append([]string{"verify", "--roots", filepath.Join(f.folder, "roots"), "--at", signedAt.Add(time.Minute).Format(time.RFC3339)}, args...)
	code = run(context.Background(), call, getenv, &stdout, &stderr)
	return code, stdout.String(), stderr.String()
}

func TestVerifyTellsTheThreeOutcomesByItsExitCode(t *testing.T) {
	f := newSignedFiles(t)
	content := []byte("тіркеу")
	attached, detached := f.sign(content, true), f.sign(content, false)
	damaged := bytes.Clone(attached)
	damaged[bytes.Index(damaged, content)] ^= 1
	file := asice.File{Name: "request.json", MIME: "application/json", Content: []byte("{}")}
	manifest, err := asice.Manifest([]asice.File{file})
	if err != nil {
		t.Fatal(err)
	}
	var container bytes.Buffer
	if err := asice.Build(&container, manifest, f.sign(manifest, false), file); err != nil {
		t.Fatal(err)
	}
	printed, err := os.ReadFile(filepath.Join("..", "..", "signing", "pades", "testdata", "licence.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	prepared, err := pades.Prepare(printed, pades.Options{SignedAt: signedAt})
	if err != nil {
		t.Fatal(err)
	}
	pdf, err := pades.Insert(prepared.PDF(), f.sign(prepared.SignedBytes(), false))
	if err != nil {
		t.Fatal(err)
	}
	other := f.write("content", content)
	for name, tc := range map[string]struct {
		args []string
		want int
		says string
	}{
		"attached":         {[]string{f.write("a.p7s", attached)}, 0, "The signature is valid"},
		"base64":           {[]string{f.write("a.b64", []byte(base64.StdEncoding.EncodeToString(attached)))}, 0, "ТЕСТОВ"},
		"PEM":              {[]string{f.write("a.pem", pem.EncodeToMemory(&pem.Block{Type: "CMS", Bytes: attached}))}, 0, "valid"},
		"detached":         {[]string{f.write("d.p7s", detached), "--content", other}, 0, "valid"},
		"flags first":      {[]string{"--content", other, f.write("d2.p7s", detached)}, 0, "valid"},
		"container":        {[]string{f.write("r.asice", container.Bytes())}, 0, "valid"},
		"PDF":              {[]string{f.write("l.pdf", pdf)}, 0, "valid"},
		"damaged":          {[]string{f.write("x.p7s", damaged)}, 1, "TOTAL-FAILED, HASH_FAILURE, signature_content_differs"},
		"other content":    {[]string{f.write("d3.p7s", detached), "--content", f.write("c2", []byte("other"))}, 1, "signature_content_differs"},
		"no signature":     {[]string{f.write("l0.pdf", printed)}, 1, "NO_SIGNATURE_FOUND, signature_none"},
		"nothing like it":  {[]string{f.write("n", []byte("hello"))}, 1, "signature_malformed"},
		"appended":         {[]string{f.write("l2.pdf", append(bytes.Clone(pdf), "9 0 obj\n<<>>\nendobj\n"...))}, 2, "document_changed"},
		"content missing":  {[]string{f.write("d4.p7s", detached)}, 2, "SIGNED_DATA_NOT_FOUND"},
		"for an official":  {[]string{f.write("a2.p7s", attached), "--policy", "official"}, 2, "certificate_profile"},
		"a week later":     {[]string{f.write("a3.p7s", attached), "--at", signedAt.AddDate(0, 0, 7).Format(time.RFC3339)}, 2, "TRY_LATER"},
		"no file":          {nil, 64, ""},
		"two files":        {[]string{other, other}, 64, ""},
		"unknown flag":     {[]string{other, "--frobnicate"}, 64, ""},
		"unknown policy":   {[]string{other, "--policy", "x"}, 64, ""},
		"unknown language": {[]string{other, "--lang", "de"}, 64, ""},
		"bad time":         {[]string{other, "--at", "yesterday"}, 64, ""},
		"missing file":     {[]string{filepath.Join(f.folder, "missing")}, 66, ""},
		"missing roots":    {[]string{other, "--roots", filepath.Join(f.folder, "missing")}, 66, ""},
		"no roots":         {[]string{other, "--roots", f.folder}, 66, ""},
	} {
		code, out, errs := f.verify("en_GB.UTF-8", tc.args...)
		if code != tc.want || !strings.Contains(out, tc.says) || (code >= 64) != (errs != "") {
			t.Errorf("%s: %d, want %d\n%s%s", name, code, tc.want, out, errs)
		}
	}
}

func TestVerifySpeaksTheLanguageOfTheTerminal(t *testing.T) {
	f := newSignedFiles(t)
	file := f.write("a.p7s", f.sign([]byte("x"), true))
	for language, says := range map[string]string{
		"kk_KZ.UTF-8": "Қолтаңба жарамды", "ru_RU.UTF-8": "Подпись действительна", "de_DE.UTF-8": "The signature is valid", "": "The signature is valid",
	} {
		if code, out, _ := f.verify(language, file); code != 0 || !strings.HasPrefix(out, says) {
			t.Errorf("%q: %d %s", language, code, out)
		}
	}
	_, out, _ := f.verify("kk_KZ.UTF-8", file, "--json", "--lang", "ru")
	var report struct {
		Kind, Outcome string
		Signatures    []struct {
			Outcome string
			Signer  struct{ IIN string }
			Checks  []struct{ Name, Rule, Outcome string }
		}
	}
	if err := json.Unmarshal([]byte(out), &report); err != nil || report.Outcome != "TOTAL-PASSED" || report.Kind != "cms" ||
		len(report.Signatures) != 1 || report.Signatures[0].Signer.IIN == "" || len(report.Signatures[0].Checks) < 15 {
		t.Errorf("%v: %s", err, out)
	}
}

// The roots of the national authority sign with GOST.
func TestNationalRootsAreFoundInAFolder(t *testing.T) {
	folder := filepath.Join("..", "..", "..", "shared", "kz-pki", "ca")
	if _, err := os.Stat(folder); err != nil && os.Getenv("CI") == "" {
		t.Skip("the national certificates are not here")
	}
	known, err := readTrust(folder)
	if err != nil || len(known.roots) != 5 || len(known.issuing) != 5 || known.sources != nil {
		t.Errorf("%d roots, %d others, %d sources (%v)", len(known.roots), len(known.issuing), len(known.sources), err)
	}
}

// A message without evidence: whether it is good now can only be said by who may ask.
func TestVerifyAsksWhereTheFolderSays(t *testing.T) {
	f := newSignedFiles(t)
	h, err := f.ca.Holder("person")
	if err != nil {
		t.Fatal(err)
	}
	bare, err := cms.Sign([]byte("тіркеу"), cms.SignOptions{Key: h.Key, Certificate: h.Certificate, Attached: true})
	if err != nil {
		t.Fatal(err)
	}
	message := f.write("bare.p7s", bare)
	if code, out, _ := f.verify("en", message); code != exitIndeterminate {
		t.Errorf("nobody to ask: %d\n%s", code, out)
	}
	answers := httptest.NewServer(f.ca.Handler())
	defer answers.Close()
	f.write("roots/"+sourcesFile, []byte(strings.NewReplacer("BASE", answers.URL).Replace(
		`{root.cer: {crl: "BASE`+democa.PathRootCRL+`"}, nca.pem: {ocsp: "BASE`+democa.PathOCSP+`"}}`)))
	if code, out, errs := f.verify("en", message); code != exitValid {
		t.Errorf("asked: %d\n%s%s", code, out, errs)
	}
	if code, out, _ := f.verify("en", message, "--offline"); code != exitIndeterminate {
		t.Errorf("offline: %d\n%s", code, out)
	}
	f.write("roots/"+sourcesFile, []byte(`{root.cer: {crl: "http://ca.example/root.crl"}}`))
	if code, _, errs := f.verify("en", message); code != exitInput || !strings.Contains(errs, "nca.pem is missing") {
		t.Errorf("an authority is forgotten: %d %s", code, errs)
	}
}
