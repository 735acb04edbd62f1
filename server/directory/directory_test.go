package directory

import (
	"bytes"
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"elicensing/server/fault"
)

func load(t *testing.T) *Directory {
	t.Helper()
	d, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// S3.1, S13: all of them can be found.
func TestSixteenAuthoritiesAndTheirCentres(t *testing.T) {
	d := load(t)
	if len(d.Authorities()) != 16 || len(d.AuthorityCodes()) != 16 {
		t.Errorf("%d authorities", len(d.Authorities()))
	}
	total := 0
	for _, a := range d.Authorities() {
		n := len(d.ServiceCentres(a.Code))
		if n == 0 {
			t.Errorf("%s has no service centre", a.Code)
		}
		total += n
	}
	if total != 284 || len(d.ServiceCentres("")) != 284 {
		t.Errorf("%d centres", total)
	}
	if len(d.ServiceCentres("99")) != 0 {
		t.Error("centres of an authority that does not exist")
	}
}

func TestNorthKazakhstan(t *testing.T) {
	a, err := load(t).Authority("13")
	if err != nil {
		t.Fatal(err)
	}
	if a.Name.KK != "Солтүстік Қазақстан облысы әкімдігінің денсаулық сақтау басқармасы" ||
		a.Name.RU != "Управление здравоохранения акимата Северо-Казахстанской области" ||
		a.Place.KK != "Петропавл қаласы" || a.Place.RU != "город Петропавловск" {
		t.Errorf("%+v", a)
	}
}

func TestAnUnknownAuthorityIsNotFound(t *testing.T) {
	for _, code := range []string{"", "0", "17", "1", "013", "13 "} {
		_, err := load(t).Authority(code)
		if !errors.Is(err, fault.NotFound("authority_not_found")) {
			t.Errorf("%q: %v", code, err)
		}
	}
}

func TestCallersCannotChangeTheDirectory(t *testing.T) {
	d := load(t)
	d.Authorities()[0].Code = "xx"
	d.ServiceCentres("")[0].Name = "xx"
	if d.Authorities()[0].Code != "01" || d.ServiceCentres("")[0].Name == "xx" {
		t.Error("a returned list is the directory's own")
	}
}

func TestMistakesInTheDataAreRefused(t *testing.T) {
	for _, tc := range []struct {
		name, old, new string
		centres        bool
	}{
		{name: "code twice", old: `code: "02"`, new: `code: "01"`},
		{name: "code of three digits", old: `code: "02"`, new: `code: "002"`},
		{name: "unknown key", old: "phone:", new: "fone:"},
		{name: "no Kazakh name", old: "name: {kk: Ақмола облысы әкімдігінің денсаулық сақтау басқармасы, ", new: "name: {"},
		{name: "no site", old: "site: http://www.akmo.kz", new: `site: ""`},
		{name: "no authorities", old: "authorities:", new: "authorities: []\n#"},
		{name: "unknown authority", old: "\n01,", new: "\n77,", centres: true},
		{name: "number twice", old: "\n01,1.1,", new: "\n01,1.2,", centres: true},
		{name: "wrong header", old: "authority,", new: "region,", centres: true},
		{name: "short row", old: "\n01,1.1,", new: "\n01,", centres: true},
	} {
		a, c := authoritiesYAML, centresCSV
		if tc.centres {
			c = bytes.Replace(c, []byte(tc.old), []byte(tc.new), 1)
		} else {
			a = bytes.Replace(a, []byte(tc.old), []byte(tc.new), 1)
		}
		if bytes.Equal(a, authoritiesYAML) && bytes.Equal(c, centresCSV) {
			t.Fatalf("%s: %q is not in the data", tc.name, tc.old)
		}
		if _, err := parse(a, c); err == nil {
			t.Errorf("%s: accepted", tc.name)
		}
	}
}

// The data of the program against the source: nothing lost, nothing added.
func TestTheCentresAreThoseOfTheSource(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "domain", "service-centres.csv"))
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip("the shared folder is absent")
	}
	rows, err := csv.NewReader(bytes.NewReader(raw)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	centres := load(t).ServiceCentres("")
	if len(centres) != len(rows)-1 {
		t.Fatalf("%d centres, %d in the source", len(centres), len(rows)-1)
	}
	for i, r := range rows[1:] {
		if c := centres[i]; c.Number != r[1] || c.Name != strings.Join(strings.Fields(r[2]), " ") || c.Address != strings.Join(strings.Fields(r[3]), " ") {
			t.Errorf("row %d: %+v, source %v", i+2, c, r)
		}
	}
}
