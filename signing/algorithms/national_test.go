package algorithms_test

import (
	"bytes"
	"crypto/rand"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"elicensing/signing/algorithms"
	"elicensing/signing/cms"
	"elicensing/signing/gost"
)

var nationalData = filepath.Join("..", "..", "..", "shared", "kz-pki")

func national(t *testing.T, parts ...string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(append([]string{nationalData}, parts...)...))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func certificateOf(t *testing.T, data []byte) *x509.Certificate {
	t.Helper()
	if block, _ := pem.Decode(data); block != nil {
		data = block.Bytes
	} else if decoded, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(data))); err == nil {
		data = decoded
	}
	return must[*x509.Certificate](t)(x509.ParseCertificate(data))
}

// outer reads the signatureAlgorithm of a certificate: the standard library does not keep it.
func outer(t *testing.T, der []byte) algorithms.Identifier {
	t.Helper()
	var c struct {
		TBS       asn1.RawValue
		Algorithm struct {
			OID        asn1.ObjectIdentifier
			Parameters asn1.RawValue `asn1:"optional"`
		}
		Signature asn1.BitString
	}
	if _, err := asn1.Unmarshal(der, &c); err != nil {
		t.Fatal(err)
	}
	return algorithms.Identifier{OID: c.Algorithm.OID, Parameters: c.Algorithm.Parameters.FullBytes}
}

func TestNationalCertificates(t *testing.T) {
	entries := must[[]os.DirEntry](t)(os.ReadDir(filepath.Join(nationalData, "ca")))
	var authorities, all []*x509.Certificate
	for _, e := range entries {
		authorities = append(authorities, certificateOf(t, national(t, "ca", e.Name())))
	}
	all = append(all, authorities...)
	for _, name := range []string{"individual_gost2015_2026.cer.b64", "ceo_valid_sign_2004_gost.cer", "individual_valid_sign_2004_rsa.cer"} {
		all = append(all, certificateOf(t, national(t, "certs", name)))
	}
	self := certificateOf(t, national(t, "certs", "fedor35_test_gost512.cer.pem"))
	authorities, all = append(authorities, self), append(all, self)
	kinds := map[string]int{}
	for _, c := range all {
		scheme := must[algorithms.Scheme](t)(algorithms.ForCertificate(outer(t, c.Raw)))
		verified := 0
		for _, issuer := range authorities {
			key := must[algorithms.Key](t)(algorithms.ParseKey(issuer.RawSubjectPublicKeyInfo))
			err := scheme.Verify(key, c.RawTBSCertificate, c.Signature)
			if err == nil && bytes.Equal(issuer.RawSubject, c.RawIssuer) {
				verified++
				kinds[key.Kind()]++
				damaged := bytes.Clone(c.RawTBSCertificate)
				damaged[len(damaged)/2] ^= 1
				if err := scheme.Verify(key, damaged, c.Signature); !errors.Is(err, algorithms.ErrWrong) {
					t.Errorf("%s, damaged: %v", c.Subject, err)
				}
			}
		}
		if verified != 1 {
			t.Errorf("%s: verified by %d authorities", c.Subject, verified)
		}
	}
	if kinds["GOST2015-512"] != 4 || kinds["GOST2004"] != 5 || kinds["RSA"] != 5 {
		t.Errorf("kinds of keys: %v", kinds)
	}
}

// Messages as NCALayer and its forerunners wrote them.
func TestNationalMessages(t *testing.T) {
	for name, want := range map[string][]string{
		"individual_attached.der":               {"GOST2015-512"},
		"legal_entity_detached.der":             {"GOST2015-512"},
		"individual_gost2004_attached_tsp.pem":  {"GOST2004"},
		"two_signers_gost2015_rsa_attached.der": {"GOST2015-512", "RSA"},
		"rsa_attached.der":                      {"RSA"},
	} {
		message := must[*cms.Message](t)(cms.Parse(must[[]byte](t)(cms.Decode(national(t, "cms", name)))))
		content := message.Content
		if message.Detached {
			content = national(t, "cms", "legal_entity_document.txt")
		}
		var got []string
		for _, s := range message.Signers {
			for _, raw := range message.Certificates {
				c := certificateOf(t, raw)
				if c.SerialNumber.Cmp(s.Serial) != 0 || !bytes.Equal(c.RawIssuer, s.Issuer) {
					continue
				}
				key := must[algorithms.Key](t)(algorithms.ParseKey(c.RawSubjectPublicKeyInfo))
				digest := algorithms.Identifier(s.DigestAlgorithm)
				scheme := must[algorithms.Scheme](t)(algorithms.ForMessage(digest, algorithms.Identifier(s.SignatureAlgorithm), key))
				signed, _, err := s.SignedBytes()
				if err != nil {
					t.Fatal(err)
				}
				if err := scheme.Verify(key, signed, s.Signature); err != nil {
					t.Errorf("%s: %v", name, err)
				}
				got = append(got, key.Kind())
				h, err := algorithms.NewHash(digest)
				if err != nil {
					t.Fatal(err)
				}
				h.Write(content)
				if !bytes.Contains(signed, h.Sum(nil)) {
					t.Errorf("%s: digest of the content differs", name)
				}
			}
		}
		if strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("%s: signers %v, want %v", name, got, want)
		}
	}
}

func TestNationalAlgorithmsAreKeptApart(t *testing.T) {
	key := func(curve *gost.Curve) algorithms.Key {
		k := must[*gost.PrivateKey](t)(gost.GenerateKey(curve, rand.Reader))
		return must[algorithms.Key](t)(algorithms.ParseKey(k.PublicKey.Marshal()))
	}
	k512, k256, k2004 := key(gost.Curve512()), key(gost.Curve256()), key(gost.Curve2004())
	id := func(oid asn1.ObjectIdentifier) algorithms.Identifier {
		return algorithms.Identifier{OID: oid, Parameters: null}
	}
	for name, tc := range map[string]struct {
		digest, signature asn1.ObjectIdentifier
		key               algorithms.Key
		want              error
	}{
		"512":                         {gost.OIDStreebog512, gost.OIDSignature512, k512, nil},
		"512, bare key":               {gost.OIDStreebog512, gost.OIDKey512, k512, nil},
		"256":                         {gost.OIDStreebog256, gost.OIDSignature256, k256, nil},
		"2004":                        {gost.OIDGOST95, gost.OIDSignature2004, k2004, nil},
		"2004, bare key":              {gost.OIDGOST95, gost.OIDKey2004, k2004, nil},
		"512 with the short hash":     {gost.OIDStreebog256, gost.OIDSignature512, k512, algorithms.ErrMismatch},
		"512, bare key, old hash":     {gost.OIDGOST95, gost.OIDKey512, k512, algorithms.ErrMismatch},
		"2004 with the new hash":      {gost.OIDStreebog256, gost.OIDKey2004, k2004, algorithms.ErrMismatch},
		"2004 signature, new key":     {gost.OIDGOST95, gost.OIDSignature2004, k256, algorithms.ErrMismatch},
		"256 signature, old key":      {gost.OIDStreebog256, gost.OIDSignature256, k2004, algorithms.ErrMismatch},
		"key in place of the digest":  {gost.OIDKey512, gost.OIDSignature512, k512, algorithms.ErrUnknown},
		"another arc of the standard": {gost.OIDStreebog512, asn1.ObjectIdentifier{1, 2, 643, 7, 1, 1, 3, 3}, k512, algorithms.ErrUnknown},
	} {
		if _, err := algorithms.ForMessage(id(tc.digest), id(tc.signature), tc.key); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v, want %v", name, err, tc.want)
		}
	}
	for _, bare := range []asn1.ObjectIdentifier{gost.OIDKey512, gost.OIDKey256, gost.OIDKey2004} {
		if _, err := algorithms.ForCertificate(id(bare)); !errors.Is(err, algorithms.ErrUnknown) {
			t.Errorf("a certificate with the bare key %v: %v", bare, err)
		}
	}
}

func TestDatesOfAlgorithms(t *testing.T) {
	old := must[algorithms.Scheme](t)(algorithms.ForCertificate(algorithms.Identifier{OID: gost.OIDSignature2004, Parameters: null}))
	end := time.Date(2025, time.July, 27, 5, 20, 49, 0, time.UTC)
	if err := old.AcceptedAt(end.Add(-time.Second)); err != nil {
		t.Errorf("34.310-2004 while its root was valid: %v", err)
	}
	if err := old.AcceptedAt(end); !errors.Is(err, algorithms.ErrWeak) {
		t.Errorf("34.310-2004 after its root: %v", err)
	}
	today := must[algorithms.Scheme](t)(algorithms.ForCertificate(algorithms.Identifier{OID: gost.OIDSignature512}))
	if err := today.AcceptedAt(end.AddDate(10, 0, 0)); err != nil {
		t.Errorf("34.10-2015: %v", err)
	}
	if (algorithms.Scheme{}).AcceptedAt(end) == nil {
		t.Error("the zero scheme is accepted")
	}
}
