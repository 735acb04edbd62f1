package tsp_test

import (
	"bytes"
	"context"
	"encoding/asn1"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"elicensing/signing/tsp"
)

// serve answers requests over real HTTP as answer says.
func serve(t *testing.T, answer func(w http.ResponseWriter, question []byte)) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		question, err := io.ReadAll(r.Body)
		if err != nil || r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/timestamp-query" {
			t.Errorf("%s %s: %v", r.Method, r.Header.Get("Content-Type"), err)
		}
		answer(w, question)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func (w world) client(address string) *tsp.Client {
	return &tsp.Client{Address: address, Now: clock, Trust: trust(w.root)}
}

// stamp answers a request as the authority does.
func stamp(t *testing.T, s *tsp.Stamper, question []byte) []byte {
	t.Helper()
	answer, err := s.Answer(question)
	if err != nil {
		t.Error(err)
	}
	return answer
}

func TestClientTakesOnlyItsOwnStamp(t *testing.T) {
	w := newWorld(t)
	s := stamper(t, w.tsa)
	honest := func(rw http.ResponseWriter, question []byte) { _, _ = rw.Write(stamp(t, s, question)) }
	// asked has the authority answer another request than the one that came.
	asked := func(change func(*tsp.Request)) func(http.ResponseWriter, []byte) {
		return func(rw http.ResponseWriter, question []byte) {
			request, err := tsp.ParseRequest(question)
			if err != nil {
				t.Error(err)
			}
			change(&request)
			other, err := request.Encode()
			if err != nil {
				t.Error(err)
			}
			_, _ = rw.Write(stamp(t, s, other))
		}
	}
	reply := func(body []byte) func(http.ResponseWriter, []byte) {
		return func(rw http.ResponseWriter, _ []byte) { _, _ = rw.Write(body) }
	}
	elsewhere := 0
	trap := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere++ }))
	defer trap.Close()
	late := *s
	late.Now = func() time.Time { return t0.Add(-time.Hour) }
	elsewhen := asn1.ObjectIdentifier{1, 2, 3}
	for name, tc := range map[string]struct {
		answer func(http.ResponseWriter, []byte)
		change func(*tsp.Client)
		err    error
	}{
		"good twin":            {answer: honest},
		"the policy asked for": {answer: honest, change: func(c *tsp.Client) { c.Policy = policy }},

		"a refusal":                    {answer: honest, change: func(c *tsp.Client) { c.Policy = elsewhen }, err: tsp.ErrUnavailable},
		"another policy than demanded": {answer: asked(func(r *tsp.Request) { r.Policy = nil }), change: func(c *tsp.Client) { c.Policy = elsewhen }, err: tsp.ErrPolicy},
		"another nonce":                {answer: asked(func(r *tsp.Request) { r.Nonce.SetInt64(5) }), err: tsp.ErrNonce},
		"no nonce":                     {answer: asked(func(r *tsp.Request) { r.Nonce = nil }), err: tsp.ErrNonce},
		"other data":                   {answer: asked(func(r *tsp.Request) { r.Imprint = imprint(t, []byte("other")) }), err: tsp.ErrImprint},
		"no certificate":               {answer: asked(func(r *tsp.Request) { r.Certificates = false }), err: tsp.ErrSigner},
		"an hour ago":                  {answer: func(rw http.ResponseWriter, q []byte) { _, _ = rw.Write(stamp(t, &late, q)) }, err: tsp.ErrTime},
		"nobody trusted":               {answer: honest, change: func(c *tsp.Client) { c.Trust = nil }, err: tsp.ErrUntrusted},
		"nothing":                      {answer: reply(nil), err: tsp.ErrMalformed},
		"text":                         {answer: reply([]byte("granted")), err: tsp.ErrMalformed},
		"granted, no token":            {answer: reply([]byte{0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0x00}), err: tsp.ErrMalformed},
		"an unknown status":            {answer: reply([]byte{0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0x09}), err: tsp.ErrMalformed},
		"nested":                       {answer: reply(bytes.Repeat([]byte{0x30, 0x80}, 10<<10)), err: tsp.ErrMalformed},
		"1 MiB":                        {answer: reply(make([]byte, 1<<20)), err: tsp.ErrUnavailable},
		"status 500": {answer: func(rw http.ResponseWriter, q []byte) {
			rw.WriteHeader(http.StatusInternalServerError)
			_, _ = rw.Write(stamp(t, s, q))
		}, err: tsp.ErrUnavailable},
		"a redirect to this very machine": {answer: func(rw http.ResponseWriter, _ []byte) {
			rw.Header().Set("Location", trap.URL)
			rw.WriteHeader(http.StatusTemporaryRedirect)
		}, err: tsp.ErrUnavailable},
	} {
		c := w.client(serve(t, tc.answer))
		if tc.change != nil {
			tc.change(c)
		}
		token, err := c.Stamp(t.Context(), data)
		if !errors.Is(err, tc.err) || (err == nil) != (token != nil) {
			t.Errorf("%s: %v", name, err)
		}
		if token != nil && (!token.Time.Equal(t0) || token.Accuracy != 1500*time.Millisecond || !token.Policy.Equal(policy)) {
			t.Errorf("%s: %+v", name, token.Info)
		}
	}
	if elsewhere > 0 {
		t.Errorf("a redirect was followed %d times", elsewhere)
	}
}

func TestClientIsBoundedInTime(t *testing.T) {
	w := newWorld(t)
	blocked := make(chan struct{})
	c := w.client(serve(t, func(http.ResponseWriter, []byte) { <-blocked }))
	t.Cleanup(func() { close(blocked) }) // before the server is closed, which waits
	c.Timeout = time.Millisecond
	if _, err := c.Stamp(t.Context(), data); !errors.Is(err, tsp.ErrUnavailable) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
	for what, address := range map[string]string{"nobody there": "http://127.0.0.1:1/", "not HTTP": "ftp://localhost/", "no address": ""} {
		c.Address, c.Timeout = address, 0
		if _, err := c.Stamp(t.Context(), data); !errors.Is(err, tsp.ErrUnavailable) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// What the authority refuses, and with which words (RFC 3161 §2.4.2).
func TestStamperRefuses(t *testing.T) {
	w := newWorld(t)
	s := stamper(t, w.tsa)
	encode := func(r tsp.Request) []byte {
		question, err := r.Encode()
		if err != nil {
			t.Fatal(err)
		}
		return question
	}
	short := imprint(t, data)
	short.Value = short.Value[:20]
	sha1 := tsp.Imprint{Value: make([]byte, 20)}
	sha1.Digest.OID = asn1.ObjectIdentifier{1, 3, 14, 3, 2, 26}
	critical := encode(tsp.Request{Imprint: imprint(t, data)})
	// extensions [0]: one of 1.2.3, critical
	critical = append(critical, 0xa0, 0x0d, 0x30, 0x0b, 0x06, 0x02, 0x2a, 0x03, 0x01, 0x01, 0xff, 0x04, 0x02, 0x05, 0x00)
	critical[1] += 15
	for name, tc := range map[string]struct {
		question []byte
		failure  tsp.Failure
	}{
		"nothing":            {nil, tsp.BadDataFormat},
		"text":               {[]byte("stamp this"), tsp.BadDataFormat},
		"too large":          {make([]byte, tsp.MaxRequestSize+1), tsp.BadDataFormat},
		"SHA-1":              {encode(tsp.Request{Imprint: sha1}), tsp.BadAlgorithm},
		"a short imprint":    {encode(tsp.Request{Imprint: short}), tsp.BadDataFormat},
		"another policy":     {encode(tsp.Request{Imprint: imprint(t, data), Policy: asn1.ObjectIdentifier{1, 2, 3}}), tsp.UnacceptedPolicy},
		"critical extension": {critical, tsp.UnacceptedExtension},
	} {
		var refusal *tsp.Refusal
		if _, err := tsp.ParseResponse(stamp(t, s, tc.question)); !errors.As(err, &refusal) || refusal.Status != 2 || refusal.Failure != tc.failure {
			t.Errorf("%s: %v", name, err)
		}
	}
	raw, err := tsp.ParseResponse(stamp(t, s, encode(tsp.Request{Imprint: imprint(t, data), Policy: policy})))
	if err != nil {
		t.Fatal(err)
	}
	token, err := tsp.Parse(raw)
	if err != nil || len(token.Carried) != 0 { // certReq was not set
		t.Errorf("good twin: %v", err)
	}
}
