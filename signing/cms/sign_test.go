package cms_test

import (
	"bytes"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/pem"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"elicensing/signing/cms"
)

// OpenSSL, which shares no code with us, must accept what Sign makes as CAdES.
func TestOpenSSLAcceptsOurMessages(t *testing.T) {
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		t.Fatal("openssl is missing: it is the independent check of these messages")
	}
	content := []byte("Тіркеу нөмірі 123\r\n\x00\xff")
	signers := map[string]signer{
		"rsa":  rsaSigner(t),
		"p256": ecdsaSigner(t, elliptic.P256()),
		"p384": ecdsaSigner(t, elliptic.P384()),
		"p521": ecdsaSigner(t, elliptic.P521()),
	}
	for name, s := range signers {
		for _, attached := range []bool{false, true} {
			for _, at := range []*time.Time{nil, &signTime} {
				message, err := cms.Sign(content, cms.SignOptions{Key: s.key, Certificate: s.certificate, SigningTime: at, Attached: attached})
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				folder := t.TempDir()
				write(t, folder, "message", message)
				write(t, folder, "content", content)
				write(t, folder, "ca", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.certificate.Raw}))
				args := []string{"cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", "message",
					"-CAfile", "ca", "-purpose", "any", "-attime", "1768478400", "-out", "out"}
				if !attached {
					args = append(args, "-content", "content")
				}
				cmd := exec.Command(openssl, args...)
				cmd.Dir = folder
				if output, err := cmd.CombinedOutput(); err != nil {
					t.Errorf("%s attached=%v time=%v: %v\n%s", name, attached, at != nil, err, output)
				}
				got, err := os.ReadFile(filepath.Join(folder, "out"))
				if err != nil || !bytes.Equal(got, content) {
					t.Errorf("%s: openssl gives other content (%v)", name, err)
				}
			}
		}
	}
}

func TestSignWritesTheAttributesOfCAdES(t *testing.T) {
	s := rsaSigner(t)
	for _, at := range []*time.Time{nil, &signTime} {
		der, err := cms.Sign([]byte("x"), cms.SignOptions{Key: s.key, Certificate: s.certificate, SigningTime: at})
		if err != nil {
			t.Fatal(err)
		}
		m, err := cms.Parse(der)
		if err != nil {
			t.Fatal(err)
		}
		if _, inOrder, err := m.Signers[0].SignedBytes(); err != nil || !inOrder {
			t.Errorf("attributes are not in DER order (%v)", err)
		}
		attributes, err := m.Signers[0].SignedAttributes()
		if err != nil {
			t.Fatal(err)
		}
		found := map[string][]byte{}
		for _, a := range attributes {
			found[a.Type.String()] = a.Values[0]
		}
		if oid, err := cms.ObjectIdentifier(found[cms.OIDContentType.String()]); err != nil || !oid.Equal(cms.OIDData) {
			t.Errorf("contentType is %v (%v)", oid, err)
		}
		want := sha256.Sum256([]byte("x"))
		if got, err := cms.OctetString(found[cms.OIDMessageDigest.String()]); err != nil || !bytes.Equal(got, want[:]) {
			t.Errorf("messageDigest is %x (%v)", got, err)
		}
		ids, err := cms.SigningCertificate(cms.OIDSigningCertificateV2, found[cms.OIDSigningCertificateV2.String()])
		want = sha256.Sum256(s.certificate.Raw)
		if err != nil || len(ids) != 1 || !bytes.Equal(ids[0].Hash, want[:]) {
			t.Errorf("signingCertificateV2 is %v (%v)", ids, err)
		}
		value, has := found[cms.OIDSigningTime.String()]
		if has != (at != nil) {
			t.Errorf("signingTime present: %v, asked for: %v", has, at != nil)
		}
		if has {
			if got, err := cms.Time(value); err != nil || !got.Equal(signTime) {
				t.Errorf("signingTime is %v (%v)", got, err)
			}
		}
	}
}

func TestSignRefusesWhatItCannotStandFor(t *testing.T) {
	r, e := rsaSigner(t), ecdsaSigner(t, elliptic.P256())
	for name, tc := range map[string]struct {
		options cms.SignOptions
		want    error
	}{
		"no key":                  {cms.SignOptions{Certificate: r.certificate}, cms.ErrKeyUnsupported},
		"no certificate":          {cms.SignOptions{Key: r.key}, cms.ErrKeyUnsupported},
		"another's certificate":   {cms.SignOptions{Key: r.key, Certificate: e.certificate}, cms.ErrKeyMismatch},
		"curve of too small size": {cms.SignOptions{Key: ecdsaSigner(t, elliptic.P224()).key, Certificate: e.certificate}, cms.ErrKeyUnsupported},
	} {
		if _, err := cms.Sign([]byte("x"), tc.options); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v, want %v", name, err, tc.want)
		}
	}
}

func TestEncodeGivesBackWhatParseTook(t *testing.T) {
	s := rsaSigner(t)
	der, err := cms.Sign([]byte("x"), cms.SignOptions{Key: s.key, Certificate: s.certificate, SigningTime: &signTime, Attached: true})
	if err != nil {
		t.Fatal(err)
	}
	m, err := cms.Parse(der)
	if err != nil {
		t.Fatal(err)
	}
	again, err := m.Encode()
	if err != nil || !bytes.Equal(der, again) {
		t.Errorf("%d bytes became %d (%v)", len(der), len(again), err)
	}
}

func write(t *testing.T, folder, name string, data []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(folder, name), data, 0o600); err != nil {
		t.Fatal(err)
	}
}
