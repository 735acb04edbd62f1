package revocation_test

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"elicensing/signing/ocsp"
	"elicensing/signing/revocation"
)

// stand is an authority with its servers over real HTTP. What they answer can be changed while they run.
type stand struct {
	ca, responder pair
	base          string

	mu                    sync.Mutex
	onOCSP, onCRL, onMore http.HandlerFunc
	asked                 map[string]int // by path
	entry                 func(*ocsp.Entry)
	response              func(*ocsp.Response)
	now                   time.Time // the authority's clock
}

func newStand(t testing.TB) *stand {
	t.Helper()
	ca := newAuthority(t, "Authority", "authority")
	s := &stand{ca: ca, asked: map[string]int{}, now: t0}
	s.responder = ca.issue(t, 900, func(c *x509.Certificate) {
		c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageOCSPSigning}
		c.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 5}, Value: []byte{5, 0}}}
	})
	s.onOCSP = func(w http.ResponseWriter, r *http.Request) { s.answer(t, w, r) }
	s.onCRL, s.onMore = silent, silent
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.asked[r.URL.Path]++
		handler := map[string]http.HandlerFunc{"/ocsp": s.onOCSP, "/crl": s.onCRL, "/delta": s.onMore}[r.URL.Path]
		s.mu.Unlock()
		if handler == nil {
			t.Errorf("%s was asked", r.URL.Path)
			return
		}
		handler(w, r)
	}))
	t.Cleanup(server.Close)
	s.base = server.URL
	return s
}

func silent(w http.ResponseWriter, _ *http.Request) {
	http.Error(w, "silent", http.StatusServiceUnavailable)
}

func reply(body []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(body) }
}

// set changes the servers while they run.
func (s *stand) set(change func(*stand)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(s)
}

func (s *stand) count(path string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked[path]
}

func (s *stand) source(t testing.TB) revocation.Source {
	return revocation.Source{Issuer: ours(t, s.ca), OCSP: s.base + "/ocsp", CRL: s.base + "/crl"}
}

func (s *stand) client(t testing.TB) *revocation.Client {
	return &revocation.Client{Sources: []revocation.Source{s.source(t)}}
}

// answer says good of every certificate, or what entry and response make of it.
func (s *stand) answer(t testing.TB, w http.ResponseWriter, r *http.Request) {
	question, err := io.ReadAll(r.Body)
	if err != nil || r.Header.Get("Content-Type") != "application/ocsp-request" {
		t.Errorf("%s: %v", r.Header.Get("Content-Type"), err)
	}
	request, err := ocsp.ParseRequest(question)
	if err != nil || len(request.IDs) != 1 || len(request.Nonce) != 32 {
		t.Errorf("question: %v", err)
		return
	}
	s.mu.Lock()
	response := ocsp.Response{Responder: s.responder.certificate, ProducedAt: s.now, Nonce: request.Nonce, Entries: []ocsp.Entry{{
		ID: request.IDs[0], Status: ocsp.Good, ThisUpdate: s.now, NextUpdate: s.now.Add(time.Hour),
	}}}
	if s.entry != nil {
		s.entry(&response.Entries[0])
	}
	if s.response != nil {
		s.response(&response)
	}
	s.mu.Unlock()
	der, err := ocsp.CreateResponse(response, s.responder.key)
	if err != nil {
		t.Error(err)
	}
	_, _ = w.Write(der)
}
