package tsp_test

import (
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"elicensing/signing/algorithms"
	"elicensing/signing/certificate"
	"elicensing/signing/cms"
	"elicensing/signing/tsp"
)

func openssl(t *testing.T, folder string, arguments ...string) ([]byte, error) {
	t.Helper()
	command := exec.CommandContext(t.Context(), "openssl", arguments...)
	command.Dir = folder
	return command.CombinedOutput()
}

func write(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func pemOf(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

// rsaWorld has a time-stamping authority with an RSA key, as OpenSSL can hold it.
func rsaWorld(t *testing.T) (world, string) {
	t.Helper()
	key, err := rsaKey()
	if err != nil {
		t.Fatal(err)
	}
	r := root(t, "Root", "root")
	w := world{r, r.authority(t, key, nil)}
	folder := t.TempDir()
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(folder, "root.pem"), pemOf("CERTIFICATE", w.root.certificate.Raw))
	write(t, filepath.Join(folder, "tsa.pem"), pemOf("CERTIFICATE", w.tsa.certificate.Raw))
	write(t, filepath.Join(folder, "tsa.key"), pemOf("PRIVATE KEY", private))
	write(t, filepath.Join(folder, "data"), data)
	write(t, filepath.Join(folder, "other"), []byte("other"))
	write(t, filepath.Join(folder, "serial"), []byte("01\n"))
	return w, folder
}

// OpenSSL accepts what our authority makes, with either kind of key, and refuses it for other data.
func TestOpenSSLAcceptsOurs(t *testing.T) {
	ofRSA, folder := rsaWorld(t)
	ofEC := newWorld(t)
	for name, w := range map[string]world{"RSA": ofRSA, "ECDSA": ofEC} {
		write(t, filepath.Join(folder, "root.pem"), pemOf("CERTIFICATE", w.root.certificate.Raw))
		if out, err := openssl(t, folder, "ts", "-query", "-data", "data", "-sha256", "-cert", "-out", "query.tsq"); err != nil {
			t.Fatalf("%s", out)
		}
		question, err := os.ReadFile(filepath.Join(folder, "query.tsq"))
		if err != nil {
			t.Fatal(err)
		}
		s := stamper(t, w.tsa)
		s.Chain = []*certificate.Certificate{ours(t, w.root.certificate)}
		answer, err := s.Answer(question)
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(folder, "reply.tsr"), answer)
		at := fmt.Sprint(t0.Unix())
		if out, err := openssl(t, folder, "ts", "-verify", "-queryfile", "query.tsq", "-in", "reply.tsr", "-CAfile", "root.pem", "-attime", at); err != nil {
			t.Errorf("%s: %s", name, out)
		}
		if out, err := openssl(t, folder, "ts", "-verify", "-data", "data", "-in", "reply.tsr", "-CAfile", "root.pem", "-attime", at); err != nil {
			t.Errorf("%s: %s", name, out)
		}
		if out, err := openssl(t, folder, "ts", "-verify", "-data", "other", "-in", "reply.tsr", "-CAfile", "root.pem", "-attime", at); err == nil {
			t.Errorf("%s for other data: %s", name, out)
		}
	}
}

const configuration = `
[tsa]
default_tsa = one
[one]
serial = serial
signer_cert = tsa.pem
signer_key = tsa.key
certs = root.pem
signer_digest = sha256
default_policy = 1.2.3.4.1
other_policies = 1.2.3.4.5
digests = sha256, sha384, sha512, sha1
accuracy = secs:1, millisecs:500, microsecs:100
clock_precision_digits = 3
ordering = yes
tsa_name = yes
ess_cert_id_chain = %s
ess_cert_id_alg = %s
`

// We accept what OpenSSL makes: its policies, both versions of the signing certificate, its chain and
// its name. The clock of OpenSSL is the machine's, so the token is held against its own time.
func TestWeAcceptOpenSSLs(t *testing.T) {
	w, folder := rsaWorld(t)
	known := func(digest asn1.ObjectIdentifier) tsp.Imprint {
		i, err := tsp.ImprintOf(algorithms.Identifier{OID: digest}, data)
		if err != nil {
			t.Fatal(err)
		}
		return i
	}
	for name, tc := range map[string]struct {
		ess, chain string
		request    tsp.Request
		policy     asn1.ObjectIdentifier
		err        error
	}{
		"signing certificate 1": {"sha1", "no", tsp.Request{Imprint: known(cms.OIDSHA256), Certificates: true}, asn1.ObjectIdentifier{1, 2, 3, 4, 1}, nil},
		"signing certificate 2": {"sha256", "no", tsp.Request{Imprint: known(cms.OIDSHA384), Certificates: true}, asn1.ObjectIdentifier{1, 2, 3, 4, 1}, nil},
		"with its chain":        {"sha512", "yes", tsp.Request{Imprint: known(cms.OIDSHA512), Certificates: true}, asn1.ObjectIdentifier{1, 2, 3, 4, 1}, nil},
		"another policy":        {"sha256", "no", tsp.Request{Imprint: known(cms.OIDSHA256), Policy: asn1.ObjectIdentifier{1, 2, 3, 4, 5}, Certificates: true}, asn1.ObjectIdentifier{1, 2, 3, 4, 5}, nil},
		"not this policy":       {"sha256", "no", tsp.Request{Imprint: known(cms.OIDSHA256), Certificates: true}, asn1.ObjectIdentifier{1, 2, 3, 4, 5}, tsp.ErrPolicy},
		"without certificates":  {"sha256", "no", tsp.Request{Imprint: known(cms.OIDSHA256)}, asn1.ObjectIdentifier{1, 2, 3, 4, 1}, nil},
	} {
		write(t, filepath.Join(folder, "tsa.cnf"), fmt.Appendf(nil, configuration, tc.chain, tc.ess))
		question, err := tc.request.Encode()
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(folder, "query.tsq"), question)
		if out, err := openssl(t, folder, "ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query.tsq", "-out", "reply.tsr"); err != nil {
			t.Fatalf("%s: %s", name, out)
		}
		answer, err := os.ReadFile(filepath.Join(folder, "reply.tsr"))
		if err != nil {
			t.Fatal(err)
		}
		raw, err := tsp.ParseResponse(answer)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		token, err := tsp.Parse(raw)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		e := w.expectation()
		e.Now, e.Policies = token.Time, []asn1.ObjectIdentifier{tc.policy}
		if !tc.request.Certificates {
			e.Known = []*certificate.Certificate{ours(t, w.tsa.certificate)}
		}
		if err := token.Verify(e); !errors.Is(err, tc.err) {
			t.Errorf("%s: %v", name, err)
		}
		if !token.Ordering || token.Accuracy.Microseconds() != 1500100 {
			t.Errorf("%s: %+v", name, token.Info)
		}
	}
	// What it refuses is read as a refusal.
	question, err := tsp.Request{Imprint: known(cms.OIDSHA256), Policy: asn1.ObjectIdentifier{1, 2, 9}}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(folder, "query.tsq"), question)
	_, _ = openssl(t, folder, "ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query.tsq", "-out", "refusal.tsr") // its exit code says nothing
	answer, err := os.ReadFile(filepath.Join(folder, "refusal.tsr"))
	if err != nil {
		t.Fatal(err)
	}
	var refusal *tsp.Refusal
	if _, err := tsp.ParseResponse(answer); !errors.As(err, &refusal) || refusal.Failure != tsp.UnacceptedPolicy {
		t.Errorf("refusal: %v", err)
	}
}
