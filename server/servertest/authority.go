package servertest

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"elicensing/signing"
	"elicensing/signing/cms"
	"elicensing/signing/democa"
	"elicensing/signing/revocation"
)

// originalCA makes the keys of the throwaway authority once per test binary; making them is what takes time.
var originalCA = sync.OnceValues(func() (*democa.Authority, error) {
	return democa.New(func() time.Time { return Start })
})

// newCA gives the test its own copy of the authority, on the test's clock. On another day it is opened as the program would open it, which
// renews what ends by then.
func newCA(t testing.TB, clock *Clock) *democa.Authority {
	t.Helper()
	original, err := originalCA()
	if err != nil {
		t.Fatalf("make the demo authority: %v", err)
	}
	if clock.Now().Equal(Start) {
		return original.Copy(clock.Now)
	}
	folder := t.TempDir()
	if err := original.Save(folder); err != nil {
		t.Fatalf("copy the demo authority: %v", err)
	}
	ca, err := democa.Open(folder, clock.Now)
	if err != nil {
		t.Fatalf("open the demo authority: %v", err)
	}
	return ca
}

// responder answers OCSP and CRL questions over HTTP until it is switched off.
type responder struct {
	url string
	off atomic.Bool
}

func newResponder(t testing.TB, ca *democa.Authority) *responder {
	r := &responder{}
	answers := ca.Handler()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if r.off.Load() {
			http.Error(w, "off", http.StatusServiceUnavailable)
			return
		}
		answers.ServeHTTP(w, req)
	}))
	t.Cleanup(server.Close)
	r.url = server.URL
	return r
}

func newVerifier(ca *democa.Authority, r *responder, now func() time.Time) *signing.Verifier {
	return signing.NewVerifier(signing.Options{
		Roots: ca.Roots(), Intermediates: ca.Intermediates(), Now: now, Stamps: signing.StampsFrom(r.url+democa.PathTSP, now),
		Revocation: &revocation.Client{Sources: ca.Sources(r.url)},
	})
}

// SignAs makes a detached CMS (DER) over content with the key of a demo person, as the person's own program would. withTime adds the
// signing-time attribute, which PAdES forbids.
func (p *Portal) SignAs(personID string, content []byte, withTime bool) []byte {
	p.T.Helper()
	holder, err := p.CA.Holder(personID)
	if err != nil {
		p.T.Fatal(err)
	}
	return p.SignWith(holder, content, withTime)
}

// SignWith is SignAs with a key of the test's own making.
func (p *Portal) SignWith(holder *democa.Holder, content []byte, withTime bool) []byte {
	p.T.Helper()
	options := cms.SignOptions{Key: holder.Key, Certificate: holder.Certificate, Chain: holder.Chain}
	if withTime {
		now := p.Clock.Now()
		options.SigningTime = &now
	}
	der, err := cms.Sign(content, options)
	if err != nil {
		p.T.Fatal(err)
	}
	return der
}
