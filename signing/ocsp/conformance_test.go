package ocsp_test

import (
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"elicensing/signing/ocsp"
)

// The OCSP answers of BoringSSL's test suite, judged at its time. Most good ones are signed with
// SHA-1, which is not accepted here; none that the suite calls bad may come out as good.
func TestNoAnswerOfTheConformanceSuiteIsWronglyGood(t *testing.T) {
	folder := filepath.Join("..", "..", "..", "shared", "signing", "ocsp")
	expected, err := os.ReadFile(filepath.Join(folder, "expected.txt"))
	if err != nil && os.Getenv("CI") == "" {
		t.Skip("the conformance data is not here")
	}
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2017, 3, 2, 0, 0, 0, 0, time.UTC)
	good := 0
	for line := range strings.Lines(string(expected)) {
		fields := strings.Fields(line)
		if len(fields) != 3 {
			t.Fatalf("line %q", line)
		}
		response, issuer, certificate := read(t, filepath.Join(folder, fields[0]))
		if certificate == nil {
			continue // its serial number is one that Go refuses to read: no question can be put
		}
		answer, err := ocsp.Verify(response, ocsp.Question{Certificate: certificate, Issuer: issuer, Now: now, MaxAge: 7 * 24 * time.Hour})
		if answer.Status == ocsp.Good && (err != nil || fields[1] != "GOOD") {
			t.Errorf("%s: good, must be %s", fields[0], fields[1])
		}
		if answer.Status == ocsp.Good {
			good++
		}
	}
	if good == 0 {
		t.Error("no answer is good: the SHA-256 one is")
	}
}

func read(t *testing.T, path string) (response []byte, issuer, certificate *x509.Certificate) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		switch block.Type {
		case "OCSP RESPONSE":
			response = block.Bytes
		case "CA CERTIFICATE":
			issuer, err = x509.ParseCertificate(block.Bytes)
		case "CERTIFICATE":
			certificate, _ = x509.ParseCertificate(block.Bytes) // nil: see the caller
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return response, issuer, certificate
}

// Whatever bytes arrive: no panic, and nothing but an answer about nothing.
func FuzzParse(f *testing.F) {
	f.Add([]byte(nil))
	f.Add([]byte{0x30, 0x03, 0x0a, 0x01, 0x06})
	f.Add([]byte{0x30, 0x80, 0x30, 0x80})
	f.Fuzz(func(t *testing.T, message []byte) {
		if request, err := ocsp.ParseRequest(message); err == nil && len(request.IDs) > len(message) {
			t.Error("more questions than bytes")
		}
	})
}
