package tsp_test

import (
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"elicensing/signing/algorithms"
	"elicensing/signing/certificate"
	"elicensing/signing/cms"
	"elicensing/signing/democa"
	"elicensing/signing/gost"
	"elicensing/signing/tsp"
)

func shared(t testing.TB, parts ...string) []byte {
	t.Helper()
	file, err := os.ReadFile(filepath.Join(append([]string{"..", "..", "..", "shared", "kz-pki"}, parts...)...))
	if errors.Is(err, os.ErrNotExist) && os.Getenv("CI") == "" {
		t.Skip("the national data is not here")
	}
	if err != nil {
		t.Fatal(err)
	}
	if block, _ := pem.Decode(file); block != nil {
		return block.Bytes
	}
	return file
}

// The answer of the old national test authority: signature and certificate hold (GOST 34.310-2004,
// signing certificate of version 1), its imprint is of SHA-1 and therefore proves nothing.
func TestNationalAnswer(t *testing.T) {
	raw, err := tsp.ParseResponse(shared(t, "tsp", "tsp_response_gost2004.bin"))
	if err != nil {
		t.Fatal(err)
	}
	token, err := tsp.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	if token.Policy.String() != "1.2.398.3.3.2.6.1" || !token.Time.Equal(time.Date(2022, 9, 18, 13, 20, 14, 0, time.UTC)) || token.Nonce == nil {
		t.Errorf("%+v", token.Info)
	}
	if err := token.VerifySignature(nil, token.Time); err != nil {
		t.Error(err)
	}
	if err := token.Verify(tsp.Expectation{Data: data, Now: token.Time, Trust: anybody}); !errors.Is(err, tsp.ErrWeak) {
		t.Errorf("imprint of SHA-1: %v", err)
	}
	if err := token.VerifySignature(nil, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)); !errors.Is(err, tsp.ErrWeak) {
		t.Errorf("after the end of its algorithm: %v", err)
	}
	damaged := append([]byte(nil), raw...)
	damaged[len(damaged)-1] ^= 1
	if token, err = tsp.Parse(damaged); err != nil {
		t.Fatal(err)
	}
	if err := token.VerifySignature(nil, token.Time); !errors.Is(err, tsp.ErrSignature) {
		t.Errorf("damaged: %v", err)
	}
}

func anybody(*certificate.Certificate, []*certificate.Certificate, time.Time) error { return nil }

// The tokens inside signatures that NCALayer made, over the values of these signatures.
func TestTokensInNationalSignatures(t *testing.T) {
	for name, policy := range map[string]string{
		"individual_attached.der":              "1.2.398.3.3.2.6.4",
		"legal_entity_detached.der":            "1.2.398.3.3.2.6.4",
		"individual_gost2004_attached_tsp.pem": "1.2.398.3.3.2.6.1",
	} {
		t.Run(name, func(t *testing.T) {
			der, err := cms.Decode(shared(t, "cms", name))
			if err != nil {
				t.Fatal(err)
			}
			message, err := cms.Parse(der)
			if err != nil {
				t.Fatal(err)
			}
			found := 0
			for _, a := range message.Signers[0].UnsignedAttributes {
				if !a.Type.Equal(cms.OIDTimeStampToken) {
					continue
				}
				for _, value := range a.Values {
					found++
					token, err := tsp.Parse(value)
					if err != nil {
						t.Fatal(err)
					}
					e := tsp.Expectation{Data: message.Signers[0].Signature, Now: token.Time, Trust: anybody}
					if err := token.Verify(e); err != nil || token.Policy.String() != policy {
						t.Errorf("%s at %s: %v", token.Policy, token.Time, err)
					}
					e.Data = message.Content
					if err := token.Verify(e); !errors.Is(err, tsp.ErrImprint) {
						t.Errorf("over the content: %v", err)
					}
				}
			}
			if found != 1 {
				t.Errorf("%d tokens", found)
			}
		})
	}
}

// Our own authority stamps with a national key, and its token holds like theirs.
func TestStampsWithANationalKey(t *testing.T) {
	ca, err := democa.New(clock)
	if err != nil {
		t.Fatal(err)
	}
	key, err := gost.GenerateKey(gost.Curve512(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	holder, err := ca.Issue(democa.Person{Surname: "TSA"}, democa.IssueOptions{Key: key, Change: func(c *x509.Certificate) {
		c.ExtKeyUsage, c.UnknownExtKeyUsage, c.ExtraExtensions = nil, nil, []pkix.Extension{stamping(true)}
	}})
	if err != nil {
		t.Fatal(err)
	}
	s := stamper(t, pair{key, holder.Certificate})
	imprint, err := tsp.ImprintOf(algorithms.Identifier{OID: gost.OIDStreebog512}, data)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := s.Stamp(tsp.Request{Imprint: imprint, Certificates: true})
	if err != nil {
		t.Fatal(err)
	}
	e := tsp.Expectation{Data: data, Now: t0, Trust: anybody}
	if _, err := verify(t, raw, e); err != nil {
		t.Error(err)
	}
	raw[len(raw)-1] ^= 1
	if _, err := verify(t, raw, e); !errors.Is(err, tsp.ErrSignature) {
		t.Errorf("damaged: %v", err)
	}
	old, err := gost.GenerateKey(gost.Curve2004(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tsp.SignWith(old); err == nil {
		t.Error("stamps with a key of 2004")
	}
}
