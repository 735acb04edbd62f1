package signing_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"elicensing/signing"
	"elicensing/signing/democa"
	"elicensing/signing/path"
	"elicensing/signing/revocation"
)

// always answers the same of every certificate.
type always struct{ answer revocation.Answer }

func (a always) CheckPath(context.Context, path.RevocationQuestion, time.Time) (revocation.Answer, error) {
	return a.answer, nil
}

// serveWith answers for an authority in process, at the configured address only.
func serveWith(t testing.TB, a *democa.Authority, answer func(next http.Handler, w http.ResponseWriter, r *http.Request)) *revocation.Client {
	handler := a.Handler()
	return &revocation.Client{
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
		"no source":           {&revocation.Client{}, "person", signing.RevocationUnavailable, "TRY_LATER"},
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

func (authorityRevoked) CheckPath(_ context.Context, q path.RevocationQuestion, _ time.Time) (revocation.Answer, error) {
	if q.Chain[0].IsCA() {
		return revocation.Answer{Status: revocation.Revoked}, nil
	}
	return revocation.Answer{Status: revocation.Good}, nil
}
