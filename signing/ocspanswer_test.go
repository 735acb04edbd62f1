package signing_test

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"errors"
	"testing"
	"time"

	"elicensing/signing/certificate"
	"elicensing/signing/democa"
	"elicensing/signing/ocsp"
)

// ocspAnswer is an answer to be made for one question, with one thing spoilt.
type ocspAnswer struct {
	response ocsp.Response
	key      crypto.Signer
}

func responder(t *testing.T, o democa.IssueOptions) *democa.Holder {
	t.Helper()
	o.Key = holder(t, "head").Key
	o.Change = func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageOCSPSigning} }
	return issue(t, person, o)
}

// An answer counts only from whom the issuer authorised, about this certificate, fresh, and for this
// question. Each case spoils one of these.
func TestAnswersThatDoNotCount(t *testing.T) {
	h, issuer := holder(t, "person"), demo(t).Intermediates()[0]
	authorised := responder(t, democa.IssueOptions{})
	plain := issue(t, person, democa.IssueOptions{Key: authorised.Key})
	over := responder(t, democa.IssueOptions{NotBefore: T0.AddDate(-2, 0, 0), NotAfter: T0.AddDate(-1, 0, 0)})
	foreign := responder(t, democa.IssueOptions{Untrusted: true})
	other := idOf(t, holder(t, "sole-trader").Certificate, issuer)
	ofRoot := idOf(t, h.Certificate, demo(t).Root())
	nonce := []byte("0123456789abcdef")
	by := func(r *democa.Holder) func(*ocspAnswer) {
		return func(a *ocspAnswer) { a.response.Responder = r.Certificate }
	}
	entry := func(change func(*ocsp.Entry)) func(*ocspAnswer) {
		return func(a *ocspAnswer) { change(&a.response.Entries[0]) }
	}
	for name, tc := range map[string]struct {
		spoil func(*ocspAnswer)
		want  ocsp.Status // empty: the answer must not count
	}{
		"good twin":                   {func(*ocspAnswer) {}, ocsp.Good},
		"without nextUpdate":          {entry(func(e *ocsp.Entry) { e.NextUpdate = time.Time{} }), ocsp.Good},
		"revoked":                     {entry(func(e *ocsp.Entry) { e.Status, e.RevokedAt = ocsp.Revoked, T0 }), ocsp.Revoked},
		"never issued":                {entry(func(e *ocsp.Entry) { e.Status, e.RevokedAt, e.Reason = ocsp.Revoked, time.Unix(0, 0), 6 }), ocsp.Revoked},
		"unknown":                     {entry(func(e *ocsp.Entry) { e.Status = ocsp.Unknown }), ocsp.Unknown},
		"good and revoked":            {func(a *ocspAnswer) { a.also(ocsp.Revoked) }, ocsp.Revoked},
		"good and unknown":            {func(a *ocspAnswer) { a.also(ocsp.Unknown) }, ocsp.Unknown},
		"by any certificate":          {by(plain), ""},
		"by one out of its time":      {by(over), ""},
		"authorised by somebody else": {by(foreign), ""},
		"signed with another key":     {func(a *ocspAnswer) { a.key = h.Key }, ""},
		"about another certificate":   {entry(func(e *ocsp.Entry) { e.ID = other }), ""},
		"about another issuer":        {entry(func(e *ocsp.Entry) { e.ID = ofRoot }), ""},
		"about nothing":               {func(a *ocspAnswer) { a.response.Entries = nil }, ""},
		"another nonce":               {func(a *ocspAnswer) { a.response.Nonce = bytes.Repeat([]byte{1}, 16) }, ""},
		"no nonce":                    {func(a *ocspAnswer) { a.response.Nonce = nil }, ""},
		"past its nextUpdate":         {entry(func(e *ocsp.Entry) { e.NextUpdate = T0.Add(-10 * time.Minute) }), ""},
		"too old without nextUpdate": {entry(func(e *ocsp.Entry) {
			e.ThisUpdate, e.NextUpdate = T0.Add(-2*time.Hour), time.Time{}
		}), ""},
		"too old with a late nextUpdate": {entry(func(e *ocsp.Entry) {
			e.ThisUpdate, e.NextUpdate = T0.Add(-2*time.Hour), T0.AddDate(1, 0, 0)
		}), ""},
		"from the future":           {entry(func(e *ocsp.Entry) { e.ThisUpdate, e.NextUpdate = T0.Add(time.Hour), time.Time{} }), ""},
		"produced in the future":    {func(a *ocspAnswer) { a.response.ProducedAt = T0.Add(time.Hour) }, ""},
		"ends before its beginning": {entry(func(e *ocsp.Entry) { e.NextUpdate = e.ThisUpdate.Add(-time.Minute) }), ""},
	} {
		a := ocspAnswer{key: authorised.Key, response: ocsp.Response{Responder: authorised.Certificate, ProducedAt: T0, Nonce: nonce,
			Entries: []ocsp.Entry{{ID: idOf(t, h.Certificate, issuer), Status: ocsp.Good, ThisUpdate: T0, NextUpdate: T0.Add(time.Minute)}}}}
		tc.spoil(&a)
		der, err := ocsp.CreateResponse(a.response, a.key)
		if err != nil {
			t.Fatal(err)
		}
		question := ocsp.Question{Target: ocsp.TargetOf(h.Certificate, issuer), Nonce: nonce, Now: T0, MaxAge: time.Hour, Skew: 5 * time.Minute,
			Delegate: func(*certificate.Certificate) error { return nil }}
		answer, err := ocsp.Verify(der, question)
		if answer.Status != tc.want || (err == nil) != (tc.want != "") {
			t.Errorf("%s: %q %v", name, answer.Status, err)
		}
		if tc.want == "" && !errors.Is(err, ocsp.ErrResponse) {
			t.Errorf("%s: error is %v", name, err)
		}
		for n := range der {
			if name != "good twin" {
				break
			}
			if _, err := ocsp.Verify(der[:n], question); err == nil {
				t.Fatalf("the first %d of %d bytes count", n, len(der))
			}
		}
	}
}

func (a *ocspAnswer) also(status ocsp.Status) {
	second := a.response.Entries[0]
	second.Status, second.RevokedAt = status, T0
	a.response.Entries = append(a.response.Entries, second)
}

func idOf(t *testing.T, certificate, issuer *x509.Certificate) ocsp.CertID {
	t.Helper()
	question, err := ocsp.NewRequest(ocsp.TargetOf(certificate, issuer), []byte("0123456789abcdef"))
	if err != nil {
		t.Fatal(err)
	}
	request, err := ocsp.ParseRequest(question)
	if err != nil {
		t.Fatal(err)
	}
	return request.IDs[0]
}
