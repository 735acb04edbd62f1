package server_test

import (
	"io"
	"net/http"
	"sync"
	"testing"
	"time"

	"elicensing/server/servertest"
)

// A file that anyone has checked stands in memory: whoever sends several at once and never ends takes four places, not the memory of the portal.
func TestFilesToCheckHaveFewPlaces(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	routes := []struct{ path, kind string }{{"/api/licences/check-file", "application/pdf"}, {"/api/signatures/check", "application/octet-stream"}}
	// The client sends nothing of a file before it is asked to go on, which happens when the portal begins to read it.
	patient := &http.Client{Transport: &http.Transport{ExpectContinueTimeout: time.Minute}}
	t.Cleanup(patient.CloseIdleConnections)
	var slow sync.WaitGroup
	var files []*io.PipeWriter
	for i := range 4 {
		body, file := io.Pipe()
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.URL+routes[i%2].path, body)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Expect", "100-continue")
		request.Header.Set("Content-Type", routes[i%2].kind)
		slow.Go(func() {
			answer, err := patient.Do(request)
			if err != nil {
				t.Error(err)
				return
			}
			if err := answer.Body.Close(); err != nil || answer.StatusCode != http.StatusOK {
				t.Errorf("%d, %v", answer.StatusCode, err)
			}
		})
		if _, err := io.WriteString(file, "%PDF-1.7\n"); err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	anyone := p.Anonymous()
	for _, route := range routes {
		anyone.Do(http.MethodPost, route.path, "%PDF-1.7\n", servertest.Header("Content-Type", route.kind)).ExpectProblem(http.StatusTooManyRequests, "too_many_tries")
	}
	for _, file := range files {
		if err := file.Close(); err != nil {
			t.Error(err)
		}
	}
	slow.Wait()
	for _, route := range routes {
		anyone.Do(http.MethodPost, route.path, "%PDF-1.7\n", servertest.Header("Content-Type", route.kind)).Expect(http.StatusOK)
	}
}
