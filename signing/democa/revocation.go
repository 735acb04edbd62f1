package democa

import (
	"bytes"
	"io"
	"net/http"

	"elicensing/signing/certificate"
	"elicensing/signing/revocation"
)

// Sources is the configuration of a verifier that reaches Handler at base, e.g. "http://127.0.0.1:8099".
func (a *Authority) Sources(base string) []revocation.Source {
	var sources []revocation.Source
	for _, s := range []struct {
		issuer pair
		list   string
	}{{a.issuing, PathCRL}, {a.root, PathRootCRL}, {a.gost.issuing, PathGOSTCRL}, {a.gost.root, PathGOSTRootCRL}} {
		issuer, err := certificate.Parse(s.issuer.certificate.Raw)
		if err != nil {
			continue // a verifier without the source answers "unavailable", never good
		}
		sources = append(sources, revocation.Source{Issuer: issuer, OCSP: base + PathOCSP, CRL: base + s.list})
	}
	return sources
}

// Revocation asks this authority without a network: the whole protocol runs, in the same process.
func (a *Authority) Revocation() *revocation.Client {
	return &revocation.Client{
		Sources: a.Sources("http://democa.invalid"),
		HTTP:    &http.Client{Transport: inProcess{a.Handler()}},
	}
}

// inProcess hands requests to a handler instead of a network.
type inProcess struct{ handler http.Handler }

func (t inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	w := &answer{header: http.Header{}, status: http.StatusOK}
	t.handler.ServeHTTP(w, r)
	return &http.Response{
		StatusCode: w.status, Header: w.header, Body: io.NopCloser(&w.body), ContentLength: int64(w.body.Len()), Request: r,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}, nil
}

// answer keeps what a handler writes.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *answer) Header() http.Header            { return a.header }
func (a *answer) WriteHeader(status int)         { a.status = status }
func (a *answer) Write(part []byte) (int, error) { return a.body.Write(part) }
