//go:build !js

package main_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"elicensing/signing"
	"elicensing/signing/algorithms"
	"elicensing/signing/cms"
	"elicensing/signing/democa"
)

// maxCompressed is what a visitor downloads at most when he signs with a key file, in bytes of gzip.
const maxCompressed = 1_600_000

// step is what a page asks of the signer, and result what it learns.
type step struct {
	P12         []byte `json:"p12"`
	Password    string `json:"password"`
	Content     []byte `json:"content"`
	SigningTime bool   `json:"signingTime"`
	Attached    bool   `json:"attached"`
	ByNumber    bool   `json:"byNumber"`   // hand over the number instead of the object that open gave
	CloseFirst  bool   `json:"closeFirst"` // close before signing
	Garbage     bool   `json:"garbage"`    // hand over something that is no Uint8Array
}

type result struct {
	Code        string `json:"code"`
	CMS         []byte `json:"cms"`
	Certificate []byte `json:"certificate"`
	Said        struct {
		CommonName, Name, IIN, BIN, Organisation string
		NotBefore, NotAfter                      time.Time
		Signing                                  bool
	} `json:"said"`
}

// page is what the browser opens: it does as the portal's pages do, and hands over what came of it.
const page = `<!doctype html><meta charset="utf-8"><script src="wasm_exec.js"></script><script type="module">
const go = new Go();
const { instance } = await WebAssembly.instantiateStreaming(fetch("signer.wasm"), go.importObject);
void go.run(instance);
const signer = globalThis.elicensingSigner; // must be there at once: the page does not wait
const bytes = (text) => Uint8Array.from(atob(text ?? ""), (c) => c.charCodeAt(0));
const text = (array) => btoa(Array.from(array, (b) => String.fromCharCode(b)).join(""));
const results = [];
for (const step of await (await fetch("steps")).json()) {
  try {
    const key = await signer.open(step.garbage ? "garbage" : bytes(step.p12), step.password);
    if (step.closeFirst) signer.close(key);
    const { signingTime, attached } = step;
    const cms = await signer.sign(step.byNumber ? key.handle : key, bytes(step.content), { signingTime, attached });
    signer.close(key);
    const { certificateDER, handle, ...said } = key;
    results.push({ cms: text(cms), certificate: text(certificateDER), said });
  } catch (error) {
    results.push({ code: error.code ?? String(error) });
  }
}
await fetch("results", { method: "POST", body: JSON.stringify(results) });
</script>`

// play builds the signer as the Makefile does and lets a page in a browser run it.
func play(t *testing.T, steps []step) []result {
	t.Helper()
	folder := t.TempDir()
	program := filepath.Join(folder, "signer.wasm")
	build := exec.Command("./build.sh", program)
	build.Env = append(os.Environ(), "GOFLAGS=")
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, output)
	}
	checkSize(t, program)
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	came := make(chan []byte, 1)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, page)
	})
	mux.HandleFunc("GET /signer.wasm", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/wasm")
		http.ServeFile(w, r, program)
	})
	mux.HandleFunc("GET /wasm_exec.js", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFile(w, r, filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec.js"))
	})
	mux.HandleFunc("GET /steps", func(w http.ResponseWriter, _ *http.Request) { _ = json.NewEncoder(w).Encode(steps) })
	mux.HandleFunc("POST /results", func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		came <- body
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	open(t, server.URL)
	var results []result
	if err := json.Unmarshal(<-came, &results); err != nil { // the time limit of the tests ends a page that says nothing
		t.Fatal(err)
	}
	if len(results) != len(steps) {
		t.Fatalf("%d results of %d steps", len(results), len(steps))
	}
	return results
}

// open starts a browser on a page; it ends with the test.
func open(t *testing.T, url string) {
	t.Helper()
	path, err := exec.Command(filepath.Join("..", "..", ".ci", "chrome")).Output()
	if err != nil {
		if os.Getenv("CI") == "" {
			t.Skip("there is no Chromium (CHROME_PATH)")
		}
		t.Fatal("there is no Chromium")
	}
	browser := exec.Command(strings.TrimSpace(string(path)), "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
		"--no-first-run", "--user-data-dir="+filepath.Join(t.TempDir(), "profile"), url)
	browser.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // it has children
	if err := browser.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = syscall.Kill(-browser.Process.Pid, syscall.SIGKILL)
		_ = browser.Wait()
	})
}

func checkSize(t *testing.T, program string) {
	t.Helper()
	content, err := os.ReadFile(program)
	if err != nil {
		t.Fatal(err)
	}
	var compressed bytes.Buffer
	w, err := gzip.NewWriterLevel(&compressed, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if compressed.Len() > maxCompressed {
		t.Errorf("the signer has %d bytes compressed, more than %d", compressed.Len(), maxCompressed)
	}
}

// What the page signs passes the portal's verifier; what cannot be opened is told apart.
func TestTheSignerInThePage(t *testing.T) {
	a, err := democa.New(time.Now) // the page signs by the clock of the machine
	if err != nil {
		t.Fatal(err)
	}
	director, err := a.Holder("director")
	if err != nil {
		t.Fatal(err)
	}
	modern, err := director.PKCS12("Құпия-Qwerty12")
	if err != nil {
		t.Fatal(err)
	}
	legacy, err := director.LegacyPKCS12(democa.Password)
	if err != nil {
		t.Fatal(err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	curve, err := a.Issue(democa.Person{Surname: "ТЕСТОВ", GivenName: "ТЕСТ", IIN: "123456789011"}, democa.IssueOptions{Key: key})
	if err != nil {
		t.Fatal(err)
	}
	ecdsaFile, err := curve.PKCS12(democa.Password)
	if err != nil {
		t.Fatal(err)
	}
	authOnly, err := a.KeyFile("auth-only")
	if err != nil {
		t.Fatal(err)
	}
	national := func(name string) []byte {
		file, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "kz-pki", "p12", name))
		if err != nil {
			t.Fatal(err)
		}
		return file
	}
	content := []byte("манифест\x00\r\n")
	results := play(t, []step{
		{P12: modern, Password: "Құпия-Qwerty12", Content: content, SigningTime: true},
		{P12: legacy, Password: democa.Password, Content: content, ByNumber: true},
		{P12: ecdsaFile, Password: democa.Password, Content: content, Attached: true},
		{P12: legacy, Password: "wrong", Content: content},
		{P12: []byte("not a key file"), Password: democa.Password, Content: content},
		{P12: legacy, Password: democa.Password, Content: content, CloseFirst: true},
		{Garbage: true, Password: democa.Password, Content: content},
		{P12: authOnly, Password: democa.Password, Content: content},
		{P12: national("individual_valid.p12"), Password: "Qwerty12", Content: content, SigningTime: true, Attached: true},
		{P12: national("individual_valid.p12"), Password: "Qwerty13", Content: content},
		{P12: national("ncanode_individual_rsa_sign_2021.p12"), Password: "Qwerty12", Content: content},
		{P12: national("ncanode_head_gost2004_sign_revoked_2022.p12"), Password: "Qwerty12", Content: content},
	})
	for i, want := range []string{"", "", "", "wrong_password", "unreadable", "unknown_handle", "bad_arguments", "", "", "wrong_password", "", "unsupported"} {
		if results[i].Code != want {
			t.Errorf("step %d: code %q, want %q", i, results[i].Code, want)
		}
	}
	v := signing.NewVerifier(signing.Options{Roots: a.Roots(), Intermediates: a.Intermediates(), Revocation: a.Revocation(), Now: time.Now})
	for i := range 3 {
		report := v.Verify(context.Background(), results[i].CMS, content, signing.Applicant)
		if !report.Passed() || report.SigningTime.IsZero() != (i != 0) {
			t.Errorf("step %d: %s, signing time %v", i, report.Reason, report.SigningTime)
		}
		m, err := cms.Parse(results[i].CMS)
		if err != nil || m.Detached != (i != 2) {
			t.Errorf("step %d: detached is wrong (%v)", i, err)
		}
	}
	said := results[0].Said
	if said.Name != "ТЕСТОВА ӘЛИЯ ТЕСТҚЫЗЫ" || said.CommonName != "ТЕСТОВА ӘЛИЯ" || said.BIN != democa.ClinicBIN || said.IIN != "123456789013" ||
		said.Organisation != democa.ClinicName || !said.Signing || !said.NotAfter.Equal(director.Certificate.NotAfter) ||
		!bytes.Equal(results[0].Certificate, director.Certificate.Raw) {
		t.Errorf("the page learns %+v", said)
	}
	if results[7].Said.Signing {
		t.Error("an authentication key is shown as one for signing")
	}
	for _, i := range []int{8, 10} {
		verifyMathematics(t, results[i], content)
	}
	if said := results[8].Said; said.IIN != "123456789011" || !said.Signing {
		t.Errorf("the page learns of the national key %+v", said)
	}
}

// verifyMathematics checks a message of a person whom no root of this test knows.
func verifyMathematics(t *testing.T, r result, content []byte) {
	t.Helper()
	m, err := cms.Parse(r.CMS)
	if err != nil {
		t.Fatal(err)
	}
	s := m.Signers[0]
	certificate, err := x509.ParseCertificate(r.Certificate)
	if err != nil {
		t.Fatal(err)
	}
	key, err := algorithms.ParseKey(certificate.RawSubjectPublicKeyInfo)
	if err != nil {
		t.Fatal(err)
	}
	scheme, err := algorithms.ForMessage(algorithms.Identifier(s.DigestAlgorithm), algorithms.Identifier(s.SignatureAlgorithm), key)
	if err != nil {
		t.Fatal(err)
	}
	if err := scheme.Verify(key, s.RawSignedAttributes, s.Signature); err != nil {
		t.Errorf("%s: %v", scheme.Name(), err)
	}
	h, err := algorithms.NewHash(algorithms.Identifier(s.DigestAlgorithm))
	if err != nil {
		t.Fatal(err)
	}
	h.Write(content)
	if !bytes.Contains(s.RawSignedAttributes, h.Sum(nil)) {
		t.Errorf("%s: the digest of the content is not signed", scheme.Name())
	}
}
