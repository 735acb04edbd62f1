package bouncycastle_test

import (
	"encoding/base64"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"elicensing/signing/pkcs12"
)

var samples = filepath.Join("..", "..", "..", "shared", "kz-pki")

// sample is a file of the national samples: DER, PEM or bare base64.
func sample(t *testing.T, name string) []byte {
	t.Helper()
	file, err := os.ReadFile(filepath.Join(samples, name))
	if err != nil && os.Getenv("CI") == "" {
		t.Skip("the national samples are not here")
	}
	if err != nil {
		t.Fatal(err)
	}
	if block, _ := pem.Decode(file); block != nil {
		return block.Bytes
	}
	if der, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(file))); err == nil {
		return der
	}
	return file
}

// What the national authority and its programs made, judged by the same Russian algorithms as what we make: were we
// wrong about the national encoding, BouncyCastle would refuse either ours or theirs.
func TestBouncyCastleAcceptsNationalSamples(t *testing.T) {
	present(t)
	for name, issuer := range map[string]string{
		"ca/root_test_gost_2022.cer": "ca/root_test_gost_2022.cer", "ca/nca_gost2022_test.cer": "ca/root_test_gost_2022.cer",
		"ca/root_gost2004_test.crt": "ca/root_gost2004_test.crt", "ca/nca_gost2004_test.crt": "ca/root_gost2004_test.crt",
		"ca/root_rsa_test.crt": "ca/root_rsa_test.crt", "ca/nca_rsa_test.crt": "ca/root_rsa_test.crt",
		"ca/prod_nca_gost2004_2018.crt": "ca/prod_root_gost2004_2015.crt", "ca/prod_nca_rsa_2018.crt": "ca/prod_root_rsa_2015.crt",
		"certs/individual_gost2015_2026.cer.b64": "ca/nca_gost2022_test.cer", "certs/ceo_valid_sign_2004_gost.cer": "ca/nca_gost2004_test.crt",
		"certs/individual_valid_sign_2004_rsa.cer": "ca/nca_rsa_test.crt",
	} {
		accepts(t, name, "", "certificate", sample(t, name), sample(t, issuer))
		refuses(t, name+", damaged", "wrong signature", "certificate", flipped(sample(t, name), 0.99), sample(t, issuer))
	}
	person := sample(t, "certs/individual_gost2015_2026.cer.b64")
	accepts(t, "list of 2004", "absent", "list", sample(t, "crl/nca_gost2004_test.crl"), sample(t, "ca/nca_gost2004_test.crt"), person)
	// Outside the algorithm has parameters and inside none, which is why package crl has a reader of its own.
	refuses(t, "list of today", "algorithm identifier mismatch", "list", sample(t, "crl/nca_gost2022_test.crl"), sample(t, "ca/nca_gost2022_test.cer"), person)

	old := sample(t, "cms/individual_gost2004_attached_tsp.pem")
	for name, m := range map[string]struct {
		form             string
		message, content []byte
	}{
		"person":       {"attached", sample(t, "cms/individual_attached.der"), sample(t, "cms/individual_document.txt")},
		"entity":       {"detached", sample(t, "cms/legal_entity_detached.der"), sample(t, "cms/legal_entity_document.txt")},
		"GOST of 2004": {"attached", old, parse(t, decoded(t, old)).Content},
	} {
		accepts(t, name, m.form+", stamps: 1", "message", m.message, m.content)
		refuses(t, name+", other content", map[string]string{"attached": "other content", "detached": "message-digest"}[m.form], "message", m.message, flipped(m.content, 0.5))
	}
	expired := sample(t, "cms/rsa_attached.der")
	refuses(t, "signed after its certificate ended", "not valid at signingTime", "message", expired, parse(t, decoded(t, expired)).Content)
}

func TestBouncyCastleOpensNationalKeyFiles(t *testing.T) {
	present(t)
	sample(t, "p12/individual_valid.p12") // skips where there are none
	names, err := filepath.Glob(filepath.Join(samples, "p12", "*.p12"))
	if err != nil || len(names) < 11 {
		t.Fatalf("%d key files (%v)", len(names), err)
	}
	for _, path := range names {
		name := filepath.Base(path)
		file := sample(t, "p12/"+name)
		_, certificate, _, err := pkcs12.Open(file, "Qwerty12")
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		accepts(t, name, "certificates: 1", "open-keys", file, []byte("Qwerty12"), certificate.Raw)
	}
}
