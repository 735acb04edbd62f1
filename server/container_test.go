package server_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"elicensing/server/catalog"
	"elicensing/server/servertest"
)

// A container whose scan is no longer the one that was signed is never handed out as a whole one (I2): it is refused, or, when that shows only
// while it is being written, broken off.
func TestContainerWithAChangedScan(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	c := p.SignInAs("sole-trader")
	a := c.Draft(catalog.SoleTrader)
	c.SignRequest(a.ID)
	path := "/api/applications/" + a.ID + "/files/request.asice"
	c.Do(http.MethodGet, path, nil).Expect(http.StatusOK)

	id, picture := a.Attachments[0].ID, servertest.Picture()
	swap := func(content []byte) {
		t.Helper()
		if err := p.Blobs.Remove(id); err != nil {
			t.Fatal(err)
		}
		if _, err := p.Blobs.Put(id, bytes.NewReader(content), 1<<20); err != nil {
			t.Fatal(err)
		}
	}
	swap(append([]byte("x"), picture...))
	c.Do(http.MethodGet, path, nil).ExpectProblem(http.StatusInternalServerError, "internal")

	picture[len(picture)-1] ^= 1
	swap(picture)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.AddCookie(&http.Cookie{Name: "elicensing", Value: c.Token()})
	answer, err := http.DefaultClient.Do(request)
	if err == nil {
		defer answer.Body.Close()
		if _, err = io.ReadAll(answer.Body); err == nil {
			t.Errorf("a container with a changed scan came whole: %d", answer.StatusCode)
		}
	}
	if !strings.Contains(p.Log.String(), "make container") {
		t.Error("the log does not say why the answer broke off")
	}
	c.Read(a.ID)
}
