package server_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"elicensing/server/catalog"
	"elicensing/server/servertest"
)

// I24: whatever a scan holds, the browser that opens it runs nothing of it: one that is saved is shut off from the portal altogether, one that is
// shown may stand in a frame of ours only.
func TestAScanRunsNothing(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	c := p.SignInAs("person")
	a := c.Begin(catalog.Person)
	c.Attach(a.ID, "diplomas", "диплом.png", servertest.Picture()).Expect(http.StatusNoContent)
	path := "/api/applications/" + a.ID + "/attachments/" + c.Read(a.ID).Attachments[0].ID
	for query, want := range map[string][]string{
		"":          {"default-src 'none'", "sandbox", "frame-ancestors 'none'"},
		"?inline=1": {"default-src 'none'", "img-src 'self'", "style-src 'unsafe-inline'", "object-src 'self'", "frame-ancestors 'self'"},
	} {
		r := c.Do(http.MethodGet, path+query, nil).Expect(http.StatusOK)
		if got := r.Header.Values("Content-Security-Policy"); len(got) != 1 || !slices.Equal(strings.Split(got[0], "; "), want) {
			t.Errorf("%q: the policy is %q, want %q", query, got, want)
		}
	}
}

// I24: no document of ours runs either; a PDF that is shown may stand in a frame of ours only.
func TestADocumentRunsNothing(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	applicant, id := p.At("refused")
	for file, want := range map[string]string{
		"result.pdf": "default-src 'none'; sandbox; frame-ancestors 'none'", "request.asice": "default-src 'none'; sandbox; frame-ancestors 'none'",
		"result.pdf?inline=1": "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'",
	} {
		r := applicant.Do(http.MethodGet, "/api/applications/"+id+"/files/"+file, nil).Expect(http.StatusOK)
		if got := r.Header.Values("Content-Security-Policy"); len(got) != 1 || got[0] != want {
			t.Errorf("%s: the policy is %q, want %q", file, got, want)
		}
	}
}
