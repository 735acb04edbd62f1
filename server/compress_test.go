package server_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"testing"

	"elicensing/server/servertest"
)

// What everybody reads alike is packed for whoever takes it packed, and unpacks to the same bytes.
func TestPublicAnswersArePacked(t *testing.T) {
	p := servertest.New(t)
	c := p.Anonymous()
	for _, path := range []string{"/api/services/medical-activity", "/api/directory/authorities", "/api/directory/service-centres", "/api/process"} {
		plain := c.Do(http.MethodGet, path, nil, servertest.Header("Accept-Encoding", "identity")).Expect(http.StatusOK)
		if plain.Header.Get("Content-Encoding") != "" || plain.Header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("%s: %v", path, plain.Header)
		}
		packed := c.Do(http.MethodGet, path, nil, servertest.Header("Accept-Encoding", "br;q=1, gzip;q=0.5")).Expect(http.StatusOK)
		if packed.Header.Get("Content-Encoding") != "gzip" || packed.Header.Get("Vary") != "Accept-Encoding" || len(packed.Body)*3 > len(plain.Body) {
			t.Errorf("%s: %d bytes of %d, %v", path, len(packed.Body), len(plain.Body), packed.Header)
		}
		r, err := gzip.NewReader(bytes.NewReader(packed.Body))
		if err != nil {
			t.Fatal(err)
		}
		if whole, err := io.ReadAll(r); err != nil || !bytes.Equal(whole, plain.Body) {
			t.Errorf("%s: unpacks to something else (%v)", path, err)
		}
		for _, refuses := range []string{"gzip;q=0", "gzip; q=0.000", "gzip;q=x", "deflate", "x-gzipped"} {
			if r := c.Do(http.MethodGet, path, nil, servertest.Header("Accept-Encoding", refuses)); r.Header.Get("Content-Encoding") != "" {
				t.Errorf("%s packed for %q", path, refuses)
			}
		}
	}
	// A refusal on a route that packs is not packed, and has no stale headers.
	if r := c.Do(http.MethodGet, "/api/services/unknown", nil, servertest.Header("Accept-Encoding", "gzip")); r.Header.Get("Content-Encoding") != "" || r.Code() != "service_not_found" {
		t.Errorf("%d %v", r.Status, r.Header)
	}
}

// BREACH: an answer that holds anything of its reader is never packed, nor is a download, nor the page with its nonce.
func TestWhatBelongsToSomebodyIsNotPacked(t *testing.T) {
	p := servertest.New(t)
	person, id := p.At("issued")
	gz := servertest.Header("Accept-Encoding", "gzip, br")
	for _, path := range []string{"/api/session", "/api/applications", "/api/applications/" + id, "/api/licences", "/api/applications/" + id + "/files/result.pdf",
		"/api/applications/" + id + "/files/request.asice", "/api/applications/" + id + "/files/request.pdf"} {
		if r := person.Do(http.MethodGet, path, nil, gz).Expect(http.StatusOK); r.Header.Get("Content-Encoding") != "" {
			t.Errorf("%s is packed", path)
		}
	}
	head := p.SignInAs("head")
	for _, path := range []string{"/api/authority/queue?show=done", "/api/authority/journal", "/api/authority/executors", "/api/applications/" + id} {
		if r := head.Do(http.MethodGet, path, nil, gz).Expect(http.StatusOK); r.Header.Get("Content-Encoding") != "" {
			t.Errorf("%s is packed", path)
		}
	}
	if r := person.Do(http.MethodGet, "/", nil, gz, html).Expect(http.StatusOK); r.Header.Get("Content-Encoding") != "" {
		t.Error("the page with its nonce is packed")
	}
}
