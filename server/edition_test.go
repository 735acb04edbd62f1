package server_test

import (
	"io/fs"
	"net/http"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"elicensing/server/catalog"
	"elicensing/server/directory"
	"elicensing/server/servertest"
)

// twoEditions are the declared services and, of medical activity, a coming second edition: other words, another name of the first section.
func twoEditions(t *testing.T) *catalog.Catalog {
	t.Helper()
	files := fstest.MapFS{}
	err := fs.WalkDir(os.DirFS("catalog"), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, ".go") {
			return err
		}
		b, err := os.ReadFile("catalog/" + path)
		files[path] = &fstest.MapFile{Data: b}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	first := string(files["services/medical-activity.yaml"].Data)
	second := strings.NewReplacer("\nversion: 1\n", "\nversion: 2\n", `ru: "Медицинская деятельность"`, `ru: "Деятельность второй редакции"`, "\n  - id: licensor\n", "\n  - id: beginning\n").Replace(first)
	files["services/medical-activity-2.yaml"] = &fstest.MapFile{Data: []byte(second)}
	places, err := directory.Load()
	if err != nil {
		t.Fatal(err)
	}
	c, err := catalog.LoadFrom(files, places.AuthorityCodes())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// An application, and the licence that comes of it, speak in the edition under which the application was begun, whatever is declared later.
func TestTheEditionOfAnApplication(t *testing.T) {
	t.Parallel()
	p := servertest.New(t, servertest.Services(t, twoEditions(t)))
	person := p.SignInAs("person")
	section := func(id string) string {
		t.Helper()
		var found struct {
			Issues []struct{ Path, Section string }
		}
		person.Do(http.MethodGet, "/api/applications/"+id+"/check", nil).Expect(http.StatusOK).JSON(&found)
		for _, i := range found.Issues {
			if i.Path == "licensor" {
				return i.Section
			}
		}
		t.Fatalf("no issue of the authority: %+v", found)
		return ""
	}
	draft := person.Begin("person")
	if got := section(draft.ID); got != "beginning" {
		t.Errorf("a draft of the new edition: section %q", got)
	}
	if err := p.DB.Exec("UPDATE applications SET service_version = 1 WHERE id = ?", draft.ID).Error; err != nil {
		t.Fatal(err)
	}
	if got := section(draft.ID); got != "licensor" {
		t.Errorf("a draft of the old edition: section %q", got)
	}
	var saved struct {
		Issues []struct{ Path, Section string }
	}
	person.Do(http.MethodPut, "/api/applications/"+draft.ID+"/answers", map[string]any{"revision": draft.Revision, "answers": map[string]any{}}).Expect(http.StatusOK).JSON(&saved)
	for _, i := range saved.Issues {
		if i.Section == "beginning" {
			t.Errorf("saving names a section of another edition: %+v", i)
		}
	}
	for version, want := range map[string]string{"": "Деятельность второй редакции", "?version=1": "Медицинская деятельность", "?version=2": "Деятельность второй редакции"} {
		var card struct {
			Service struct{ Activity catalog.Text }
		}
		person.Do(http.MethodGet, "/api/services/medical-activity"+version, nil).Expect(http.StatusOK).JSON(&card)
		if card.Service.Activity.RU != want {
			t.Errorf("card%s: %s", version, card.Service.Activity.RU)
		}
	}
	person.Do(http.MethodGet, "/api/services/medical-activity?version=3", nil).ExpectProblem(http.StatusNotFound, "service_not_found")
	person.Do(http.MethodGet, "/api/services/medical-activity?version=x", nil).ExpectProblem(http.StatusBadRequest, "query")

	_, id := p.At("licence_prepared") // the draft of the old edition, filled
	if id != draft.ID {
		t.Fatal("another draft")
	}
	done := p.SignInAs("head").SignResult(id)
	var public struct{ Activity catalog.Text }
	person.Do(http.MethodGet, "/api/licences/"+done.Result.LicenceNumber, nil).Expect(http.StatusOK).JSON(&public)
	if public.Activity.RU != "Медицинская деятельность" {
		t.Errorf("the register says %q", public.Activity.RU)
	}
}
