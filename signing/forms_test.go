package signing_test

import (
	"context"
	"encoding/base64"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"elicensing/signing"
	"elicensing/signing/cms"
)

// Every form in which programs hand a message over is the same message.
func TestEveryFormOfAGoodMessagePasses(t *testing.T) {
	der := forge(t, holder(t, "person"), nil)
	attached := forge(t, holder(t, "person"), func(f *forgery) { f.message.Detached, f.message.Content = false, content })
	for name, message := range map[string][]byte{
		"DER":               der,
		"PEM":               pem.EncodeToMemory(&pem.Block{Type: "CMS", Bytes: der}),
		"base64":            []byte(base64.StdEncoding.EncodeToString(der)),
		"indefinite length": indefinite(der),
		"BER with content":  indefinite(attached),
	} {
		if report := verify(t, message); !report.Passed() {
			t.Errorf("%s: %s %+v", name, report.Reason, report.Checks[len(report.Checks)-1])
		}
	}
}

// OpenSSL makes messages that pass here, and accepts those that pass here.
func TestOpenSSLAgrees(t *testing.T) {
	h, folder := holder(t, "person"), t.TempDir()
	p12, err := h.PKCS12("Qwerty12")
	if err != nil {
		t.Fatal(err)
	}
	write(t, folder, "p12", p12)
	write(t, folder, "content", content)
	var authorities []byte
	for _, c := range append(demo(t).Roots(), demo(t).Intermediates()...) {
		authorities = append(authorities, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})...)
	}
	write(t, folder, "authorities", authorities)
	run(t, folder, "pkcs12", "-in", "p12", "-passin", "pass:Qwerty12", "-nodes", "-out", "key")
	// Without -md and -cades OpenSSL leaves out what we demand; with them the message is CAdES-BES. Its
	// signing time is the clock of the machine, which is why the test's clock does not judge it.
	run(t, folder, "cms", "-sign", "-binary", "-cades", "-md", "sha256", "-in", "content", "-signer", "key", "-outform", "DER", "-out", "theirs")
	report := verify(t, read(t, folder, "theirs"))
	if !report.Passed() && report.Checks[len(report.Checks)-1].Name != "signing-time" {
		t.Errorf("a message of OpenSSL: %s %+v", report.Reason, report.Checks)
	}
	write(t, folder, "ours", forge(t, h, nil))
	run(t, folder, "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", "ours", "-content", "content",
		"-CAfile", "authorities", "-purpose", "any", "-attime", "1795428000", "-out", "out")
}

func run(t *testing.T, folder string, args ...string) {
	t.Helper()
	cmd := exec.Command("openssl", args...)
	cmd.Dir = folder
	if output, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("openssl %v: %v\n%s", args, err, output)
	}
}

// One verifier serves many requests at once.
func TestOneVerifierServesManyGoroutines(t *testing.T) {
	v := verifier(t)
	good := forge(t, holder(t, "person"), nil)
	bad := forge(t, holder(t, "revoked"), nil)
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			for range 4 {
				if r := v.Verify(context.Background(), good, content, signing.Applicant); !r.Passed() {
					t.Errorf("good: %s", r.Reason)
				}
				if r := v.Verify(context.Background(), bad, content, signing.Applicant); r.Reason != signing.CertificateRevoked {
					t.Errorf("revoked: %s", r.Reason)
				}
			}
		})
	}
	all.Wait()
}

// Whatever bytes arrive, the verifier answers and does not pass them.
func FuzzVerify(f *testing.F) {
	good := forge(f, holder(f, "person"), nil)
	f.Add([]byte(nil))
	f.Add([]byte("-----BEGIN CMS-----\nMAA=\n-----END CMS-----\n"))
	f.Add(good[:len(good)-1])
	f.Add(append([]byte{0x30, 0x80}, good...))
	f.Add(forge(f, holder(f, "person"), func(g *forgery) { g.set(cms.OIDMessageDigest) }))
	v := verifier(f)
	f.Fuzz(func(t *testing.T, message []byte) {
		if v.Verify(context.Background(), message, []byte("something that nobody signed"), signing.SignIn).Passed() {
			t.Fatal("passes")
		}
	})
}

// indefinite rewrites DER so that every constructed value has an indefinite length, as the national
// library writes messages.
func indefinite(der []byte) []byte {
	var out []byte
	for len(der) > 0 {
		header, length := 2, int(der[1])
		if der[1] > 0x80 {
			length = 0
			for _, b := range der[2 : 2+int(der[1]&0x7f)] {
				length = length<<8 | int(b)
			}
			header += int(der[1] & 0x7f)
		}
		if der[0]&0x20 == 0 {
			out = append(out, der[:header+length]...)
		} else {
			out = append(out, der[0], 0x80)
			out = append(out, indefinite(der[header:header+length])...)
			out = append(out, 0, 0)
		}
		der = der[header+length:]
	}
	return out
}

func write(t *testing.T, folder, name string, data []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(folder, name), data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, folder, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}
