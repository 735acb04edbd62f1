//go:build !js

package main_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"elicensing/signing"
	"elicensing/signing/cms"
	"elicensing/signing/democa"
)

// maxCompressed is what a visitor downloads at most when he signs with a key file, in bytes of gzip.
const maxCompressed = 1_600 << 10

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

// script plays the page in Node, which runs the same WebAssembly as a browser.
const script = `
import fs from "node:fs";
const [runtime, program, input, output] = process.argv.slice(2);
await import(runtime);
const go = new Go();
const { instance } = await WebAssembly.instantiate(fs.readFileSync(program), go.importObject);
void go.run(instance);
const signer = globalThis.elicensingSigner; // must be there at once: the page does not wait
const bytes = (text) => new Uint8Array(Buffer.from(text ?? "", "base64"));
const text = (array) => Buffer.from(array).toString("base64");
const results = [];
for (const step of JSON.parse(fs.readFileSync(input, "utf8"))) {
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
fs.writeFileSync(output, JSON.stringify(results));
process.exit(0);
`

// play builds the signer as the Makefile does and lets a page run it.
func play(t *testing.T, steps []step) []result {
	t.Helper()
	folder := t.TempDir()
	program := filepath.Join(folder, "signer.wasm")
	build := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", program, ".")
	build.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "GOFLAGS=")
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, output)
	}
	checkSize(t, program)
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	input, err := json.Marshal(steps)
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{"page.mjs": []byte(script), "input": input} {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	node := exec.Command("node", "page.mjs", filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec.js"), program, "input", "output")
	node.Dir = folder
	if output, err := node.CombinedOutput(); err != nil {
		t.Fatalf("node: %v\n%s", err, output)
	}
	output, err := os.ReadFile(filepath.Join(folder, "output"))
	if err != nil {
		t.Fatal(err)
	}
	var results []result
	if err := json.Unmarshal(output, &results); err != nil {
		t.Fatal(err)
	}
	if len(results) != len(steps) {
		t.Fatalf("%d results of %d steps", len(results), len(steps))
	}
	return results
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
	})
	for i, want := range []string{"", "", "", "wrong_password", "unreadable", "unknown_handle", "bad_arguments", ""} {
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
}
