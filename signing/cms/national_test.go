package cms_test

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"elicensing/signing/algorithms"
	"elicensing/signing/cms"
	"elicensing/signing/gost"
	"elicensing/signing/pkcs12"
)

func nationalFile(t *testing.T, parts ...string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(append([]string{"..", "..", "..", "shared", "kz-pki"}, parts...)...))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func nationalKey(t *testing.T, name string) (crypto.Signer, *x509.Certificate) {
	t.Helper()
	key, certificate, _, err := pkcs12.Open(nationalFile(t, "p12", name), "Qwerty12")
	if err != nil {
		t.Fatal(err)
	}
	return key, certificate
}

// What Sign makes with a national key has the form of what NCALayer made with one, and verifies.
func TestSignsAsNCALayerDoes(t *testing.T) {
	content := nationalFile(t, "cms", "individual_document.txt")
	theirs, err := cms.Parse(nationalFile(t, "cms", "individual_attached.der"))
	if err != nil {
		t.Fatal(err)
	}
	key, certificate := nationalKey(t, "individual_valid.p12")
	for _, attached := range []bool{true, false} {
		der, err := cms.Sign(content, cms.SignOptions{Key: key, Certificate: certificate, SigningTime: &signTime, Attached: attached})
		if err != nil {
			t.Fatal(err)
		}
		ours, err := cms.Parse(der)
		if err != nil {
			t.Fatal(err)
		}
		mine, national := ours.Signers[0], theirs.Signers[0]
		same := func(name string, a, b cms.Algorithm) {
			if !a.OID.Equal(b.OID) || !bytes.Equal(a.Parameters, b.Parameters) {
				t.Errorf("%s: %v %x, NCALayer writes %v %x", name, a.OID, a.Parameters, b.OID, b.Parameters)
			}
		}
		same("digest algorithms", ours.DigestAlgorithms[0], theirs.DigestAlgorithms[0])
		same("digest algorithm", mine.DigestAlgorithm, national.DigestAlgorithm)
		same("signature algorithm", mine.SignatureAlgorithm, national.SignatureAlgorithm)
		if len(ours.Certificates) != 1 || mine.Version != national.Version || len(mine.Signature) != len(national.Signature) {
			t.Errorf("%d certificates, version %d, signature of %d bytes", len(ours.Certificates), mine.Version, len(mine.Signature))
		}
		if types(t, mine) != types(t, national) {
			t.Errorf("attributes %s, NCALayer writes %s", types(t, mine), types(t, national))
		}
		if attached != !ours.Detached || attached && !bytes.Equal(ours.Content, content) {
			t.Error("the content is not where it was wanted")
		}
		public, err := algorithms.ParseKey(certificate.RawSubjectPublicKeyInfo)
		if err != nil {
			t.Fatal(err)
		}
		scheme, err := algorithms.ForMessage(algorithms.Identifier(mine.DigestAlgorithm), algorithms.Identifier(mine.SignatureAlgorithm), public)
		if err != nil {
			t.Fatal(err)
		}
		if err := scheme.Verify(public, mine.RawSignedAttributes, mine.Signature); err != nil {
			t.Errorf("our signature: %v", err)
		}
		h := gost.NewStreebog512()
		h.Write(content)
		if !bytes.Contains(mine.RawSignedAttributes, h.Sum(nil)) {
			t.Error("the digest of the content is not signed")
		}
	}
}

// types lists the types of the signed attributes.
func types(t *testing.T, s cms.SignerInfo) string {
	t.Helper()
	attributes, err := s.SignedAttributes()
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, a := range attributes {
		list = append(list, a.Type.String())
	}
	slices.Sort(list) // their order is that of DER, which goes by lengths: ours names the issuer too
	return strings.Join(list, " ")
}

func TestNationalKeysThatCannotSign(t *testing.T) {
	old, oldCertificate := nationalKey(t, "ncanode_head_gost2004_sign_revoked_2022.p12")
	_, certificate := nationalKey(t, "individual_valid.p12")
	stranger, err := gost.GenerateKey(gost.Curve512(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		key         crypto.Signer
		certificate *x509.Certificate
		want        error
	}{
		"34.310-2004":                 {old, oldCertificate, cms.ErrKeyUnsupported},
		"somebody else's certificate": {stranger, certificate, cms.ErrKeyMismatch},
		"an RSA certificate":          {stranger, rsaSigner(t).certificate, cms.ErrKeyMismatch},
		"an RSA key":                  {rsaSigner(t).key, certificate, cms.ErrKeyMismatch},
	} {
		if _, err := cms.Sign([]byte("x"), cms.SignOptions{Key: tc.key, Certificate: tc.certificate}); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v, want %v", name, err, tc.want)
		}
	}
}
