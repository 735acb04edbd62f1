package bouncycastle_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"elicensing/signing"
	"elicensing/signing/democa"
	"elicensing/signing/gost"
)

// T0 is the control time of every test.
var T0 = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

func clock() time.Time { return T0 }

var content = []byte("манифест запроса\r\n\x00")

var authority = sync.OnceValues(func() (*democa.Authority, error) { return democa.New(clock) })

func demo(t *testing.T) *democa.Authority {
	t.Helper()
	present(t) // before anything is made for it
	a, err := authority()
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func holder(t *testing.T, id string) *democa.Holder {
	t.Helper()
	h, err := demo(t).Holder(id)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func nationalHolder(t *testing.T, id string) *democa.Holder {
	t.Helper()
	h, err := demo(t).GOSTHolder(id)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// person is who certificates with other keys than RSA are issued for.
var person = democa.Person{Surname: "ТЕСТОВ", GivenName: "ТЕСТ", Patronymic: "ТЕСТОВИЧ", IIN: "123456789011"}

func issue(t *testing.T, key crypto.Signer, err error) *democa.Holder {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	h, err := demo(t).Issue(person, democa.IssueOptions{Key: key})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func curve(t *testing.T, c elliptic.Curve) *democa.Holder {
	t.Helper()
	key, err := ecdsa.GenerateKey(c, rand.Reader)
	return issue(t, key, err)
}

func edwards(t *testing.T) *democa.Holder {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	return issue(t, key, err)
}

func national(t *testing.T, c *gost.Curve) *democa.Holder {
	t.Helper()
	key, err := gost.GenerateKey(c, rand.Reader)
	return issue(t, key, err)
}

// pkcs8 is a private key as BouncyCastle is given it.
func pkcs8(t *testing.T, key crypto.Signer) []byte {
	t.Helper()
	if k, ok := key.(*gost.PrivateKey); ok {
		return k.Marshal()
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// request asks the demo authority, in process.
func request(t *testing.T, method, path string, question []byte) []byte {
	t.Helper()
	w := httptest.NewRecorder()
	demo(t).Handler().ServeHTTP(w, httptest.NewRequest(method, path, bytes.NewReader(question)))
	if w.Code != http.StatusOK {
		t.Fatalf("%s: status %d", path, w.Code)
	}
	return w.Body.Bytes()
}

// inProcess answers a client out of the demo authority.
type inProcess struct{ t *testing.T }

func (p inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	demo(p.t).Handler().ServeHTTP(w, r)
	return w.Result(), nil
}

func verifier(t *testing.T) *signing.Verifier {
	t.Helper()
	stamps := signing.StampsFrom("http://democa.test"+democa.PathTSP, clock)
	stamps.HTTP = &http.Client{Transport: inProcess{t}}
	a := demo(t)
	return signing.NewVerifier(signing.Options{
		Roots: a.Roots(), Intermediates: a.Intermediates(), Revocation: a.Revocation(), Stamps: stamps, Now: clock,
	})
}

func verify(t *testing.T, message, over []byte) signing.Report {
	t.Helper()
	return verifier(t).Verify(context.Background(), message, over, signing.Applicant)
}
