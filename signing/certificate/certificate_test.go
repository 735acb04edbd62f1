package certificate_test

import (
	"bytes"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"elicensing/signing/certificate"
)

const shared = "../../../shared/"

// readAll gives every certificate of the shared data, whatever form its file has.
func readAll(t testing.TB) map[string][]byte {
	t.Helper()
	all := make(map[string][]byte)
	for _, pattern := range []string{"signing/pkits/certs/*.crt", "kz-pki/ca/*", "kz-pki/certs/*.cer*"} {
		files, err := filepath.Glob(filepath.Join(shared, pattern))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d files, %v", pattern, len(files), err)
		}
		for _, file := range files {
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			all[filepath.Base(file)] = derOf(t, content)
		}
	}
	return all
}

// badlySigned have signatures that are no whole number of octets; they can be read, and no more.
var badlySigned = map[string]bool{"InvalidDSASignatureTest6EE.crt": true, "BadSignedCACert.crt": true}

func derOf(t testing.TB, content []byte) []byte {
	if block, _ := pem.Decode(content); block != nil {
		return block.Bytes
	}
	if content[0] == 0x30 {
		return content
	}
	der, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(string(content)), ""))
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func TestEveryCertificateOfTheSuitesIsRead(t *testing.T) {
	refusedByTheStandardLibrary := 0
	for name, der := range readAll(t) {
		c, err := certificate.Parse(der)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		other, err := x509.ParseCertificate(der)
		if err != nil {
			refusedByTheStandardLibrary++
			continue
		}
		same := bytes.Equal(c.RawTBS, other.RawTBSCertificate) && bytes.Equal(c.RawSPKI, other.RawSubjectPublicKeyInfo) &&
			bytes.Equal(c.RawIssuer, other.RawIssuer) && bytes.Equal(c.RawSubject, other.RawSubject) &&
			(bytes.Equal(c.Signature, other.Signature) || c.Signature == nil && badlySigned[name]) && c.Serial.Cmp(other.SerialNumber) == 0 &&
			c.NotBefore.Equal(other.NotBefore) && c.NotAfter.Equal(other.NotAfter) && c.Version == other.Version &&
			c.IsCA() == other.IsCA && len(c.Policies) == len(other.PolicyIdentifiers) &&
			bytes.Equal(c.SubjectKeyID, other.SubjectKeyId) && len(c.Extensions) == len(other.Extensions)
		if c.KeyUsage != nil {
			same = same && int(*c.KeyUsage) == int(other.KeyUsage)
		}
		if !same {
			t.Errorf("%s: read differently from crypto/x509", name)
		}
	}
	if refusedByTheStandardLibrary != 7 {
		t.Errorf("crypto/x509 refused %d, expected the 7 known", refusedByTheStandardLibrary)
	}
}

func TestNoTruncationAndNoAdditionIsRead(t *testing.T) {
	for name, der := range readAll(t) {
		for i := range der {
			if _, err := certificate.Parse(der[:i]); !errors.Is(err, certificate.ErrMalformed) {
				t.Fatalf("%s cut to %d: %v", name, i, err)
			}
		}
		if _, err := certificate.Parse(append(bytes.Clone(der), 0)); !errors.Is(err, certificate.ErrMalformed) {
			t.Fatalf("%s with an octet after it: %v", name, err)
		}
	}
}
