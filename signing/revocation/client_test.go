package revocation_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"math/big"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"elicensing/signing/certificate"
	"elicensing/signing/ocsp"
	"elicensing/signing/path"
	"elicensing/signing/revocation"
)

func TestOCSPIsAskedFirst(t *testing.T) {
	s := newStand(t)
	person := s.ca.issue(t, 7, nil)
	answer, err := check(t, s.client(t), person, s.ca, t0)
	if err != nil || answer.Status != revocation.Good || answer.OCSP == nil || answer.CRLs != nil || s.count("/crl") != 0 {
		t.Errorf("good: %q %v", answer.Status, err)
	}
	s.set(func(s *stand) {
		s.entry = func(e *ocsp.Entry) { e.Status, e.RevokedAt, e.Reason = ocsp.Revoked, t0.Add(-time.Hour), 1 }
	})
	answer, err = check(t, s.client(t), person, s.ca, t0)
	if err != nil || answer.Status != revocation.Revoked || answer.Reason != 1 || !answer.RevokedAt.Equal(t0.Add(-time.Hour)) || answer.NeverIssued {
		t.Errorf("revoked: %+v %v", answer.Status, err)
	}
	s.set(func(s *stand) {
		s.entry = func(e *ocsp.Entry) { e.Status, e.RevokedAt, e.Reason = ocsp.Revoked, time.Unix(0, 0), 6 }
	})
	if answer, err = check(t, s.client(t), person, s.ca, t0); err != nil || answer.Status != revocation.Revoked || !answer.NeverIssued {
		t.Errorf("never issued: %+v %v", answer.Status, err)
	}
}

func TestListAnswersWhenOCSPIsSilent(t *testing.T) {
	s := newStand(t)
	s.set(func(s *stand) { s.onOCSP, s.onCRL = silent, reply(s.ca.list(t, listing{revoked: map[int64]int{8: 4}})) })
	c := s.client(t)
	answer, err := check(t, c, s.ca.issue(t, 7, nil), s.ca, t0)
	if err != nil || answer.Status != revocation.Good || answer.OCSP != nil || len(answer.CRLs) != 1 || !answer.Until.Equal(t0.AddDate(0, 0, 7)) {
		t.Errorf("good: %+v %v", answer.Status, err)
	}
	answer, err = check(t, c, s.ca.issue(t, 8, nil), s.ca, t0)
	if err != nil || answer.Status != revocation.Revoked || answer.Reason != 4 || len(answer.CRLs) != 1 {
		t.Errorf("revoked: %+v %v", answer.Status, err)
	}
	if s.count("/crl") != 1 {
		t.Errorf("the list was downloaded %d times", s.count("/crl"))
	}
}

// I6: whatever is wrong with an answer of OCSP, it is never good. The lists are silent here, so that
// nothing heals it; and an answer that the responder itself calls unknown is not healed by a list.
func TestUnusableAnswersAreNeverGood(t *testing.T) {
	elsewhere := 0
	trap := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere++ }))
	defer trap.Close()
	stranger := newAuthority(t, "Authority", "stranger")
	entry := func(change func(*ocsp.Entry)) func(*stand) { return func(s *stand) { s.entry = change } }
	handler := func(h http.HandlerFunc) func(*stand) { return func(s *stand) { s.onOCSP = h } }
	for name, spoil := range map[string]func(*stand){
		"silence":    handler(silent),
		"status 500": handler(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }),
		"nothing":    handler(reply(nil)),
		"text":       handler(reply([]byte("good"))),
		"nested":     handler(reply(bytes.Repeat([]byte{0x30, 0x80}, 10<<10))),
		"1 MiB":      handler(reply(make([]byte, 1<<20))),
		"hangs up":   handler(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }),
		"redirect to loopback": handler(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, trap.URL, http.StatusTemporaryRedirect)
		}),
		"unauthorized":    handler(reply([]byte{0x30, 0x03, 0x0a, 0x01, 0x06})),
		"unknown":         entry(func(e *ocsp.Entry) { e.Status = ocsp.Unknown }),
		"another serial":  entry(func(e *ocsp.Entry) { e.ID.SerialNumber = big.NewInt(8) }),
		"stale":           entry(func(e *ocsp.Entry) { e.ThisUpdate, e.NextUpdate = t0.Add(-2*time.Hour), t0.Add(-time.Hour) }),
		"too old":         entry(func(e *ocsp.Entry) { e.ThisUpdate, e.NextUpdate = t0.Add(-25*time.Hour), t0.Add(time.Hour) }),
		"from the future": entry(func(e *ocsp.Entry) { e.ThisUpdate, e.NextUpdate = t0.Add(time.Hour), t0.Add(2*time.Hour) }),
		"an old nonce":    func(s *stand) { s.response = func(r *ocsp.Response) { r.Nonce = []byte("0123456789abcdef") } },
		"no nonce":        func(s *stand) { s.response = func(r *ocsp.Response) { r.Nonce = nil } },
		"a stranger's":    func(s *stand) { s.responder = stranger },
		"a person's":      func(s *stand) { s.responder = s.ca.issue(t, 8, nil) },
		"a responder whose revocation cannot be learnt": func(s *stand) {
			s.responder = s.ca.issue(t, 8, func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageOCSPSigning} })
		},
	} {
		s := newStand(t)
		s.set(spoil)
		answer, err := check(t, s.client(t), s.ca.issue(t, 7, nil), s.ca, t0)
		if !errors.Is(err, revocation.ErrUnavailable) || answer.Status != "" {
			t.Errorf("%s: %q %v", name, answer.Status, err)
		}
	}
	if elsewhere > 0 {
		t.Errorf("a redirect was followed %d times", elsewhere)
	}
}

func TestUnknownIsNotHealedByAListUnlessItRevokes(t *testing.T) {
	s := newStand(t)
	s.set(func(s *stand) {
		s.entry = func(e *ocsp.Entry) { e.Status = ocsp.Unknown }
		s.onCRL = reply(s.ca.list(t, listing{revoked: map[int64]int{8: 0}}))
	})
	c := s.client(t)
	if answer, err := check(t, c, s.ca.issue(t, 7, nil), s.ca, t0); !errors.Is(err, revocation.ErrUnavailable) {
		t.Errorf("not listed: %q %v", answer.Status, err)
	}
	if answer, err := check(t, c, s.ca.issue(t, 8, nil), s.ca, t0); err != nil || answer.Status != revocation.Revoked {
		t.Errorf("listed: %q %v", answer.Status, err)
	}
}

// RFC 6960 §4.2.2.2.1: a responder that its issuer did not exempt is looked up in the issuer's lists.
func TestTheResponderItselfMayBeRevoked(t *testing.T) {
	s := newStand(t)
	person := s.ca.issue(t, 7, nil)
	s.set(func(s *stand) {
		s.responder = s.ca.issue(t, 8, func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageOCSPSigning} })
		s.onCRL = reply(s.ca.list(t, listing{}))
	})
	// The list that clears the responder belongs to the proof.
	if answer, err := check(t, s.client(t), person, s.ca, t0); err != nil || answer.OCSP == nil || len(answer.CRLs) != 1 {
		t.Errorf("good responder: %v, %d lists", err, len(answer.CRLs))
	}
	s.set(func(s *stand) { s.onCRL = reply(s.ca.list(t, listing{revoked: map[int64]int{8: 1}})) })
	answer, err := check(t, s.client(t), person, s.ca, t0)
	if err != nil || answer.OCSP != nil || len(answer.CRLs) != 1 { // the list answers, the responder does not count
		t.Errorf("revoked responder: %v", err)
	}
}

// No address of a certificate is ever called, whatever is silent.
func TestAddressesInCertificatesAreNeverCalled(t *testing.T) {
	called := 0
	trap := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called++ }))
	defer trap.Close()
	s := newStand(t)
	s.set(func(s *stand) { s.onOCSP = silent })
	tempting := func(c *x509.Certificate) {
		c.OCSPServer, c.CRLDistributionPoints, c.IssuingCertificateURL = []string{trap.URL}, []string{trap.URL + "/crl"}, []string{trap.URL + "/ca"}
		c.ExtraExtensions = append(c.ExtraExtensions, pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, 46}, Value: freshest(t, trap.URL+"/delta")})
	}
	person := s.ca.issue(t, 7, tempting)
	for _, c := range []*revocation.Client{s.client(t), {}} {
		if _, err := check(t, c, person, s.ca, t0); !errors.Is(err, revocation.ErrUnavailable) {
			t.Errorf("%v", err)
		}
	}
	s.set(func(s *stand) { s.onCRL = reply(s.ca.list(t, listing{})) })
	if _, err := check(t, s.client(t), person, s.ca, t0); err != nil {
		t.Errorf("%v", err)
	}
	if called > 0 {
		t.Errorf("%d calls", called)
	}
}

// freshest writes a FreshestCRL with one address (RFC 5280 §4.2.1.15).
func freshest(t *testing.T, address string) []byte {
	t.Helper()
	type point struct {
		Name struct {
			Full []asn1.RawValue `asn1:"tag:0"`
		} `asn1:"tag:0"`
	}
	var p point
	p.Name.Full = []asn1.RawValue{{Class: 2, Tag: 6, Bytes: []byte(address)}}
	der, err := asn1.Marshal([]point{p})
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func TestQuestionsWithoutASource(t *testing.T) {
	s := newStand(t)
	stranger := newAuthority(t, "Authority", "stranger") // the same name, another key
	if _, err := check(t, s.client(t), stranger.issue(t, 7, nil), stranger, t0); !errors.Is(err, revocation.ErrUnavailable) {
		t.Errorf("a stranger's: %v", err)
	}
	q := path.RevocationQuestion{Chain: []*certificate.Certificate{ours(t, s.ca)}}
	if _, err := s.client(t).CheckPath(t.Context(), q, t0); !errors.Is(err, revocation.ErrUnavailable) {
		t.Errorf("no issuer: %v", err)
	}
	if s.count("/ocsp") != 0 {
		t.Error("somebody was asked")
	}
}

func TestQuestionsAreBoundedInTime(t *testing.T) {
	s := newStand(t)
	blocked := make(chan struct{})
	s.set(func(s *stand) {
		s.onOCSP = func(http.ResponseWriter, *http.Request) { <-blocked }
		s.onCRL = s.onOCSP
	})
	t.Cleanup(func() { close(blocked) })
	c := s.client(t)
	c.Timeout, c.ListTimeout = time.Millisecond, time.Millisecond
	person := s.ca.issue(t, 7, nil)
	if _, err := check(t, c, person, s.ca, t0); !errors.Is(err, revocation.ErrUnavailable) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	c = s.client(t)
	if _, err := c.Check(ctx, ours(t, person), ours(t, s.ca), t0); !errors.Is(err, revocation.ErrUnavailable) || !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestConfigurationIsChecked(t *testing.T) {
	s := newStand(t)
	if err := s.client(t).Validate(); err != nil {
		t.Errorf("good twin: %v", err)
	}
	issuer := ours(t, s.ca)
	for name, source := range map[string]revocation.Source{
		"no issuer":    {OCSP: "http://ocsp.test/"},
		"nothing":      {Issuer: issuer},
		"a file":       {Issuer: issuer, OCSP: "file:///etc/passwd"},
		"no host":      {Issuer: issuer, CRL: "http:///crl"},
		"not a URL":    {Issuer: issuer, OCSP: "http://ocsp.test/", Delta: "://"},
		"only a delta": {Issuer: issuer, Delta: "http://crl.test/d"},
	} {
		c := &revocation.Client{Sources: []revocation.Source{source}}
		if c.Validate() == nil {
			t.Errorf("%s passes", name)
		}
	}
}
