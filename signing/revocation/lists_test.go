package revocation_test

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"testing"
	"time"

	"elicensing/signing/revocation"
)

// truncated declares the whole and sends a part.
func truncated(body []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", fmt.Sprint(len(body)))
		_, _ = w.Write(body[:len(body)/2])
	}
}

// aborted sends a part without a length and hangs up.
func aborted(body []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write(body[:len(body)/2])
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}
}

// listsOnly is a stand whose OCSP is silent.
func listsOnly(t testing.TB) *stand {
	s := newStand(t)
	s.set(func(s *stand) { s.onOCSP = silent })
	return s
}

// What is no list of this issuer for now is not taken; the good twin is.
func TestListsThatCannotBeUsed(t *testing.T) {
	s := listsOnly(t)
	stranger := newAuthority(t, "Authority", "stranger")
	another := newAuthority(t, "Another", "authority")
	good := s.ca.list(t, listing{})
	many := map[int64]int{}
	for serial := range int64(200) {
		many[1000+serial] = 1
	}
	large := s.ca.list(t, listing{revoked: many}) // good but for its size
	damaged := bytes.Clone(good)
	damaged[len(damaged)-1] ^= 1
	for name, tc := range map[string]struct {
		answer http.HandlerFunc
		at     time.Time
		ok     bool
	}{
		"good twin":                 {answer: reply(good), ok: true},
		"within the skew":           {answer: reply(good), at: t0.AddDate(0, 0, 7).Add(4 * time.Minute), ok: true},
		"stale":                     {answer: reply(good), at: t0.AddDate(0, 0, 7).Add(6 * time.Minute)},
		"from the future":           {answer: reply(good), at: t0.Add(-2 * time.Hour)},
		"without an end":            {answer: reply(withoutEnd(t, s.ca))},
		"the right name, wrong key": {answer: reply(stranger.list(t, listing{}))},
		"the right key, wrong name": {answer: reply(another.list(t, listing{}))},
		"a damaged signature":       {answer: reply(damaged)},
		"a byte too many":           {answer: reply(append(bytes.Clone(good), 0))},
		"cut off":                   {answer: reply(good[:len(good)-1])},
		"cut off in the air":        {answer: truncated(good)},
		"hung up":                   {answer: aborted(good)},
		"hung up after a whole one": {answer: aborted(append(bytes.Clone(good), good...))},
		"in pieces":                 {answer: func(w http.ResponseWriter, _ *http.Request) { w.(http.Flusher).Flush(); _, _ = w.Write(good) }, ok: true},
		"nothing":                   {answer: reply(nil)},
		"text":                      {answer: reply([]byte("<html>"))},
		"an error with a list": {answer: func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusInternalServerError)
			_, _ = w.Write(good)
		}},
		"not modified, never had": {answer: func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotModified) }},
		"a redirect":              {answer: func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, s.base+"/delta", http.StatusFound) }},
		"a delta in its place":    {answer: reply(s.ca.list(t, listing{number: 2, base: 1}))},
		"a critical extension":    {answer: reply(s.ca.list(t, listing{change: extension(asn1.ObjectIdentifier{1, 2, 3}, []byte{5, 0})}))},
		"only of authorities":     {answer: reply(s.ca.list(t, listing{change: extension(asn1.ObjectIdentifier{2, 5, 29, 28}, []byte{0x30, 0x03, 0x82, 0x01, 0xff})}))},
		"only of users":           {answer: reply(s.ca.list(t, listing{change: extension(asn1.ObjectIdentifier{2, 5, 29, 28}, []byte{0x30, 0x03, 0x81, 0x01, 0xff})})), ok: true},
		"of some reasons only":    {answer: reply(s.ca.list(t, listing{change: extension(asn1.ObjectIdentifier{2, 5, 29, 28}, []byte{0x30, 0x04, 0x83, 0x02, 0x06, 0x40})}))},
		"declared larger than 1 KiB": {answer: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000000000")
			_, _ = w.Write(good)
		}},
		"larger than the limit": {answer: func(w http.ResponseWriter, _ *http.Request) { w.(http.Flusher).Flush(); _, _ = w.Write(large) }},
		"not larger, in pieces": {answer: func(w http.ResponseWriter, _ *http.Request) { w.(http.Flusher).Flush(); _, _ = w.Write(good) }, ok: true},
	} {
		s.set(func(s *stand) { s.onCRL = tc.answer; s.onMore = reply(good) })
		if tc.at.IsZero() {
			tc.at = t0
		}
		c := s.client(t)
		c.MaxList = 2 << 10
		answer, err := check(t, c, s.ca.issue(t, 7, func(c *x509.Certificate) { c.NotAfter = t0.AddDate(1, 0, 0) }), s.ca, tc.at)
		if tc.ok != (err == nil && answer.Status == revocation.Good) || (!tc.ok && !errors.Is(err, revocation.ErrUnavailable)) {
			t.Errorf("%s: %q %v", name, answer.Status, err)
		}
	}
}

func extension(id asn1.ObjectIdentifier, value []byte) func(*x509.RevocationList) {
	return func(l *x509.RevocationList) {
		l.ExtraExtensions = append(l.ExtraExtensions, pkix.Extension{Id: id, Critical: true, Value: value})
	}
}

// withoutEnd is a list without nextUpdate, which crypto/x509 does not make.
func withoutEnd(t testing.TB, p pair) []byte {
	t.Helper()
	der := p.list(t, listing{})
	var whole struct {
		TBS struct {
			Raw        asn1.RawContent
			Version    int
			Algorithm  pkix.AlgorithmIdentifier
			Issuer     asn1.RawValue
			This, Next time.Time
			Extensions asn1.RawValue `asn1:"optional"`
		}
		Algorithm pkix.AlgorithmIdentifier
		Signature asn1.BitString
	}
	if _, err := asn1.Unmarshal(der, &whole); err != nil {
		t.Fatal(err)
	}
	tbs, err := asn1.Marshal(struct {
		Version    int
		Algorithm  pkix.AlgorithmIdentifier
		Issuer     asn1.RawValue
		This       time.Time
		Extensions asn1.RawValue
	}{whole.TBS.Version, whole.TBS.Algorithm, whole.TBS.Issuer, whole.TBS.This, whole.TBS.Extensions})
	if err != nil {
		t.Fatal(err)
	}
	signature := sign(t, p, tbs)
	der, err = asn1.Marshal(struct {
		TBS       asn1.RawValue
		Algorithm pkix.AlgorithmIdentifier
		Signature asn1.BitString
	}{asn1.RawValue{FullBytes: tbs}, whole.Algorithm, asn1.BitString{Bytes: signature, BitLength: 8 * len(signature)}})
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// A length is not believed beyond the limit: nobody makes us take memory by a number.
func TestADeclaredLengthTakesNoMemory(t *testing.T) {
	s := listsOnly(t)
	s.set(func(s *stand) {
		s.onCRL = func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000000000")
			_, _ = w.Write([]byte{0x30})
		}
	})
	person := s.ca.issue(t, 7, nil)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := check(t, s.client(t), person, s.ca, t0)
	runtime.ReadMemStats(&after)
	if allocated := after.TotalAlloc - before.TotalAlloc; err == nil || allocated > 16<<20 {
		t.Errorf("%v, %d bytes allocated", err, allocated)
	}
}
