package signing_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"elicensing/signing"
	"elicensing/signing/democa"
)

// always answers the same of every certificate.
type always struct{ answer signing.RevocationAnswer }

func (a always) Check(context.Context, *x509.Certificate, *x509.Certificate, time.Time) (signing.RevocationAnswer, error) {
	return a.answer, nil
}

// serveWith answers for an authority in process, at the configured address only.
func serveWith(t testing.TB, a *democa.Authority, answer func(next http.Handler, w http.ResponseWriter, r *http.Request)) *signing.OCSPClient {
	handler := a.Handler()
	return &signing.OCSPClient{
		Sources: demo(t).Sources("http://" + configured),
		HTTP: &http.Client{Transport: transport{t, func(r *http.Request) (*http.Response, error) {
			if err := r.Context().Err(); err != nil {
				return nil, err
			}
			w := httptest.NewRecorder()
			answer(handler, w, r)
			return w.Result(), nil
		}}},
	}
}

func pass(next http.Handler, w http.ResponseWriter, r *http.Request) { next.ServeHTTP(w, r) }

// onlyFor breaks one path; the others work.
func onlyFor(path string, spoil func(http.ResponseWriter, *http.Request)) func(http.Handler, http.ResponseWriter, *http.Request) {
	return func(next http.Handler, w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == path {
			spoil(w, r)
			return
		}
		next.ServeHTTP(w, r)
	}
}

// noLists silences the lists, so that nothing but OCSP can answer.
func noLists(next func(http.Handler, http.ResponseWriter, *http.Request)) func(http.Handler, http.ResponseWriter, *http.Request) {
	return func(h http.Handler, w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			http.Error(w, "silent", http.StatusServiceUnavailable)
			return
		}
		next(h, w, r)
	}
}

func check(t *testing.T, client *signing.OCSPClient, h *democa.Holder) (signing.RevocationAnswer, error) {
	t.Helper()
	return client.Check(context.Background(), h.Certificate, demo(t).Intermediates()[0], T0)
}

func TestOCSPTellsGoodFromRevoked(t *testing.T) {
	client := serveWith(t, demo(t), noLists(pass))
	answer, err := check(t, client, holder(t, "person"))
	if err != nil || answer.Status != signing.StatusGood || answer.OCSP == nil || answer.CRL != nil {
		t.Errorf("good: %+v (%v)", answer.Status, err)
	}
	answer, err = check(t, client, holder(t, "revoked"))
	if err != nil || answer.Status != signing.StatusRevoked || answer.Reason != 1 || !answer.RevokedAt.Equal(T0.AddDate(0, 0, -1)) {
		t.Errorf("revoked: %+v (%v)", answer.Status, err)
	}
}

func TestListAnswersWhenOCSPIsSilent(t *testing.T) {
	silent := onlyFor(democa.PathOCSP, func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "silent", http.StatusInternalServerError) })
	client := serveWith(t, demo(t), silent)
	answer, err := check(t, client, holder(t, "person"))
	if err != nil || answer.Status != signing.StatusGood || answer.CRL == nil || answer.OCSP != nil {
		t.Errorf("good: %+v (%v)", answer.Status, err)
	}
	answer, err = check(t, client, holder(t, "revoked"))
	if err != nil || answer.Status != signing.StatusRevoked || answer.Reason != 1 {
		t.Errorf("revoked: %+v (%v)", answer.Status, err)
	}
}

// I6: whatever is wrong with the answers, it is never "good".
func TestUnusableAnswersAreNeverGood(t *testing.T) {
	h := holder(t, "person")
	good := askedOf(t, demo(t), h)
	reply := func(body []byte) func(http.Handler, http.ResponseWriter, *http.Request) {
		return func(_ http.Handler, w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(body) }
	}
	status := func(code int) func(http.Handler, http.ResponseWriter, *http.Request) {
		return func(_ http.Handler, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
	}
	damaged := bytes.Clone(good)
	damaged[len(damaged)-400] ^= 1
	notIssued := issueElsewhere(t)
	for name, tc := range map[string]struct {
		authority *democa.Authority
		holder    *democa.Holder
		answer    func(http.Handler, http.ResponseWriter, *http.Request)
	}{
		"silence":   {demo(t), h, status(http.StatusServiceUnavailable)},
		"not found": {demo(t), h, status(http.StatusNotFound)},
		"empty":     {demo(t), h, reply(nil)},
		"an answer under an error": {demo(t), h, func(next http.Handler, w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusInternalServerError)
			next.ServeHTTP(w, r)
		}},
		"text":                       {demo(t), h, reply([]byte("good"))},
		"nested 20 KB":               {demo(t), h, reply(bytes.Repeat([]byte{0x30, 0x80}, 10<<10))},
		"1 MiB":                      {demo(t), h, reply(make([]byte, 1<<20))},
		"an old answer played again": {demo(t), h, reply(good)},
		"a damaged answer":           {demo(t), h, reply(damaged)},
		"a truncated answer":         {demo(t), h, reply(good[:len(good)-1])},
		"another authority":          {stranger(t), h, pass},
		"status unknown":             {demo(t), notIssued, pass},
		"a redirect": {demo(t), h, func(_ http.Handler, w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://elsewhere.test/", http.StatusFound)
		}},
	} {
		client := serveWith(t, tc.authority, tc.answer)
		answer, err := check(t, client, tc.holder)
		if !errors.Is(err, signing.ErrRevocationUnavailable) || answer.Status != "" {
			t.Errorf("%s: %q %v", name, answer.Status, err)
		}
	}
}

// askedOf is a good answer of an authority, made for another question.
func askedOf(t *testing.T, a *democa.Authority, h *democa.Holder) []byte {
	t.Helper()
	answer, err := check(t, serveWith(t, a, pass), h)
	if err != nil {
		t.Fatal(err)
	}
	return answer.OCSP
}

// issueElsewhere is a certificate that the demo authority never issued, under its name.
func issueElsewhere(t *testing.T) *democa.Holder {
	t.Helper()
	h, err := stranger(t).Holder("person")
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// A certificate that the authority says it does not know is not excused by its absence from the list.
func TestUnknownIsNotHealedByTheList(t *testing.T) {
	if _, err := check(t, serveWith(t, demo(t), pass), issueElsewhere(t)); !errors.Is(err, signing.ErrRevocationUnavailable) {
		t.Errorf("%v", err)
	}
}

func TestListsThatCannotBeUsed(t *testing.T) {
	h := holder(t, "person")
	list := func(path string, a *democa.Authority) []byte {
		w := httptest.NewRecorder()
		a.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		return w.Body.Bytes()
	}
	good := list(democa.PathCRL, demo(t))
	damaged := bytes.Clone(good)
	damaged[len(damaged)-1] ^= 1
	at := T0
	for name, tc := range map[string]struct {
		list []byte
		at   time.Time
		ok   bool
	}{
		"good twin":         {good, at, true},
		"signature":         {damaged, at, false},
		"another key":       {list(democa.PathCRL, stranger(t)), at, false},
		"another authority": {list(democa.PathRootCRL, demo(t)), at, false},
		"stale":             {good, at.AddDate(0, 0, 8), false},
		"from the future":   {good, at.AddDate(0, 0, -1), false},
		"nothing":           {nil, at, false},
	} {
		client := serveWith(t, demo(t), func(_ http.Handler, w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost {
				w.WriteHeader(http.StatusServiceUnavailable)
				return
			}
			_, _ = w.Write(tc.list)
		})
		answer, err := client.Check(context.Background(), h.Certificate, demo(t).Intermediates()[0], tc.at)
		if tc.ok != (err == nil && answer.Status == signing.StatusGood) {
			t.Errorf("%s: %q %v", name, answer.Status, err)
		}
	}
}

func TestRevocationThroughTheVerifier(t *testing.T) {
	a := demo(t)
	message := forge(t, holder(t, "person"), nil)
	for name, tc := range map[string]struct {
		revocation signing.Revocation
		holder     string
		reason     string
		sub        string
	}{
		"good":                {serveWith(t, a, pass), "person", "", ""},
		"revoked":             {serveWith(t, a, pass), "revoked", signing.CertificateRevoked, "REVOKED_NO_POE"},
		"both silent":         {serveWith(t, a, func(_ http.Handler, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }), "person", signing.RevocationUnavailable, "TRY_LATER"},
		"no source":           {&signing.OCSPClient{}, "person", signing.RevocationUnavailable, "TRY_LATER"},
		"a source of nothing": {always{}, "person", signing.RevocationUnavailable, "TRY_LATER"},
		"authority revoked":   {authorityRevoked{}, "person", signing.CertificateRevoked, "REVOKED_CA_NO_POE"},
	} {
		message := message
		if tc.holder != "person" {
			message = forge(t, holder(t, tc.holder), nil)
		}
		v := signing.NewVerifier(signing.Options{Roots: a.Roots(), Intermediates: a.Intermediates(), Revocation: tc.revocation, Now: clock})
		report := v.Verify(context.Background(), message, content, signing.Applicant)
		if report.Reason != tc.reason || report.SubIndication != tc.sub || report.Passed() != (tc.reason == "") {
			t.Errorf("%s: %s %s %q", name, report.Outcome, report.SubIndication, report.Reason)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if report := verifier(t).Verify(ctx, message, content, signing.Applicant); report.Reason != signing.RevocationUnavailable {
		t.Errorf("cancelled: %q", report.Reason)
	}
}

// authorityRevoked knows that the issuing authority itself is revoked.
type authorityRevoked struct{}

func (authorityRevoked) Check(_ context.Context, certificate, _ *x509.Certificate, _ time.Time) (signing.RevocationAnswer, error) {
	if certificate.IsCA {
		return signing.RevocationAnswer{Status: signing.StatusRevoked}, nil
	}
	return signing.RevocationAnswer{Status: signing.StatusGood}, nil
}

func TestQuestionsAreBoundedInTime(t *testing.T) {
	blocked := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		select {
		case <-r.Context().Done():
		case <-blocked:
		}
	}))
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(blocked) })
	client := &signing.OCSPClient{Sources: demo(t).Sources(server.URL), Timeout: time.Millisecond}
	if _, err := check(t, client, holder(t, "person")); !errors.Is(err, signing.ErrRevocationUnavailable) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
}
