package server_test

import (
	"bytes"
	"net/http"
	"testing"

	"elicensing/server/catalog"
	"elicensing/server/servertest"
)

// A browser's reader asks for parts of a scan. A part that is not there is answered with the whole, never with another shape of refusal.
func TestPartsOfAScan(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	c := p.SignInAs("person")
	a := c.Draft(catalog.Person)
	whole := servertest.Picture()
	c.Attach(a.ID, "diplomas", "диплом.png", whole).Expect(http.StatusNoContent)
	path := "/api/applications/" + a.ID + "/attachments/" + c.Read(a.ID).Attachments[0].ID
	for header, want := range map[string][]byte{"bytes=0-3": whole[:4], "bytes=4-": whole[4:], "bytes=-5": whole[len(whole)-5:], "bytes=2-9999": whole[2:]} {
		if r := c.Do(http.MethodGet, path, nil, servertest.Header("Range", header)); r.Status != http.StatusPartialContent || !bytes.Equal(r.Body, want) {
			t.Errorf("%s: %d, %d bytes", header, r.Status, len(r.Body))
		}
	}
	for _, header := range []string{"bytes=9999-", "bytes=3-1", "bytes=0-0,2-2", "bytes=x-y", "pages=1-2", "bytes=-0", "bytes=--1", "bytes="} {
		if r := c.Do(http.MethodGet, path, nil, servertest.Header("Range", header)); r.Status != http.StatusOK || !bytes.Equal(r.Body, whole) {
			t.Errorf("%s: %d, %d bytes", header, r.Status, len(r.Body))
		}
	}
	if r := c.Do(http.MethodGet, path, nil, servertest.Header("If-Modified-Since", "Fri, 27 Mar 2037 05:00:00 GMT"), servertest.Header("If-None-Match", "*")); r.Status != http.StatusOK {
		t.Errorf("a scan that nobody may keep is answered %d", r.Status)
	}
}
