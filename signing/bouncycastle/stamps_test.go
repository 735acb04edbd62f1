package bouncycastle_test

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"math/big"
	"net/http"
	"testing"
	"time"

	"elicensing/signing/algorithms"
	"elicensing/signing/certificate"
	"elicensing/signing/cms"
	"elicensing/signing/democa"
	"elicensing/signing/gost"
	"elicensing/signing/tsp"
)

func question(t *testing.T, digest asn1.ObjectIdentifier) []byte {
	t.Helper()
	imprint, err := tsp.ImprintOf(algorithms.Identifier{OID: digest}, content)
	if err != nil {
		t.Fatal(err)
	}
	der, err := tsp.Request{Imprint: imprint, Nonce: big.NewInt(20261123), Certificates: true}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// stampingHolder has a certificate for time stamps alone.
func stampingHolder(t *testing.T, key *democa.Holder) *democa.Holder {
	t.Helper()
	h, err := demo(t).Issue(person, democa.IssueOptions{Key: key.Key, Change: func(c *x509.Certificate) {
		value, err := asn1.Marshal([]asn1.ObjectIdentifier{{1, 3, 6, 1, 5, 5, 7, 3, 8}}) // id-kp-timeStamping
		if err != nil {
			t.Fatal(err)
		}
		c.ExtKeyUsage, c.UnknownExtKeyUsage = nil, nil
		c.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 37}, Critical: true, Value: value}}
	}})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func read(t *testing.T, c *x509.Certificate) *certificate.Certificate {
	t.Helper()
	own, err := certificate.Parse(c.Raw)
	if err != nil {
		t.Fatal(err)
	}
	return own
}

// answered is what a time-stamping authority with this key answers.
func answered(t *testing.T, h *democa.Holder, question []byte) []byte {
	t.Helper()
	with, err := tsp.SignWith(h.Key)
	if err != nil {
		t.Fatal(err)
	}
	s := tsp.Stamper{Certificate: read(t, h.Certificate), Sign: with, Policy: asn1.ObjectIdentifier{1, 2, 398, 3, 3, 2, 6, 4}, Accuracy: time.Second, Now: clock}
	response, err := s.Answer(question)
	if err != nil {
		t.Fatal(err)
	}
	return response
}

func TestBouncyCastleAcceptsOurTimeStamps(t *testing.T) {
	for digest, oid := range map[string]asn1.ObjectIdentifier{"SHA-256": cms.OIDSHA256, "SHA-512": cms.OIDSHA512, "Streebog": gost.OIDStreebog512} {
		asked := question(t, oid)
		for name, response := range map[string][]byte{
			"the demo authority's": request(t, http.MethodPost, democa.PathTSP, asked),
			"RSA":                  answered(t, stampingHolder(t, holder(t, "person")), asked),
			"GOST 512":             answered(t, stampingHolder(t, nationalHolder(t, "person")), asked),
		} {
			name = digest + ", " + name
			accepts(t, name, T0.Format(time.RFC3339), "stamp", asked, response, content)
			refuses(t, name+", over other data", "time stamp over other data", "stamp", asked, response, flipped(content, 0.5))
			refuses(t, name+", damaged", "signature", "stamp", asked, flipped(response, 0.999), content)
		}
		refuses(t, "by somebody else's key", "ExtendedKeyUsage", "stamp", asked, answered(t, holder(t, "person"), asked), content)
	}
	answer := request(t, http.MethodPost, democa.PathTSP, question(t, cms.OIDSHA256))
	refuses(t, "to another question", "different message imprint", "stamp", question(t, cms.OIDSHA512), answer, content)
}

func TestTimeStampsOfBouncyCastleAreGood(t *testing.T) {
	for name, h := range map[string]*democa.Holder{"RSA": holder(t, "person"), "GOST 512": nationalHolder(t, "person")} {
		h = stampingHolder(t, h)
		response := makes(t, "make-stamp", question(t, cms.OIDSHA256), pkcs8(t, h.Key), h.Certificate.Raw, []byte(T0.Format(time.RFC3339)))
		if err := judgeStamp(t, response, content, h); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := judgeStamp(t, response, flipped(content, 0.5), h); !errors.Is(err, tsp.ErrImprint) {
			t.Errorf("%s over other data: %v", name, err)
		}
		if err := judgeStamp(t, flipped(response, 0.999), content, h); !errors.Is(err, tsp.ErrSignature) {
			t.Errorf("%s, damaged: %v", name, err)
		}
	}
}

// judgeStamp verifies the token of an answer, trusting this authority alone.
func judgeStamp(t *testing.T, response, data []byte, by *democa.Holder) error {
	t.Helper()
	raw, err := tsp.ParseResponse(response)
	if err != nil {
		return err
	}
	token, err := tsp.Parse(raw)
	if err != nil {
		return err
	}
	return token.Verify(tsp.Expectation{
		Data: data, Now: T0, Nonce: big.NewInt(20261123),
		Trust: func(authority *certificate.Certificate, _ []*certificate.Certificate, _ time.Time) error {
			if !bytes.Equal(authority.Raw, by.Certificate.Raw) {
				return tsp.ErrUntrusted
			}
			return nil
		},
	})
}
