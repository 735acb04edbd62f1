package catalog

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"elicensing/server/fault"
)

func loaded(t *testing.T) *Service {
	t.Helper()
	c, err := Load([]string{"13", "16"})
	if err != nil {
		t.Fatal(err)
	}
	s, err := c.Service("medical-activity")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestTheDeclarationOfTheStandard(t *testing.T) {
	s := loaded(t)
	k, err := s.Kind("licence")
	if err != nil || k.Term.WorkingDays != 15 || k.Term.Start != "next_working_day" || k.Fee.Kind != "licence" {
		t.Errorf("S4.1, S7.1: %+v, %v", k, err)
	}
	var days, minutes int
	for _, n := range k.Norms {
		days += n.WorkingDays
		minutes += n.Minutes
	}
	if days != 13 || minutes != 15+60+60+15 {
		t.Errorf("R5: norms of %d days and %d minutes", days, minutes)
	}
	if s.Upload.MaxFileBytes != 20<<20 || s.Upload.MaxTotalBytes != 100<<20 {
		t.Errorf("upload limits %+v", s.Upload)
	}
	if got := len(s.Classifier("sub-activities").Items); got != 179 {
		t.Errorf("%d sub-activities", got)
	}
	for _, clause := range []string{"S3.1", "SF3", "SF5.1", "SF5.2", "SF5.3", "SF5.4", "SF5.5", "SF5.6", "SF5.7", "S9.B1"} {
		found := false
		for _, sec := range s.Sections {
			found = found || sec.Clause == clause
		}
		if !found {
			t.Errorf("no section asks for %s", clause)
		}
	}
}

// Name, IIN and BIN come from the certificate and are never typed (step 1 of the story).
func TestTheFormNeverAsksForTheSigner(t *testing.T) {
	for _, sec := range loaded(t).Sections {
		for _, f := range sec.Fields {
			if f.Type == IINField || f.Type == BINField || f.ID == "name" {
				t.Errorf("%s asks for %s", sec.ID, f.ID)
			}
		}
	}
}

// SF3, SF4, SF5: the address and the sections of a natural person's form and of a legal entity's.
func TestEachApplicantMeetsTheirOwnForm(t *testing.T) {
	s := loaded(t)
	has := func(kind ApplicantKind, section string) bool {
		for _, sec := range s.ForApplicant(kind).Sections {
			if sec.ID == section {
				return true
			}
		}
		return false
	}
	for _, tc := range []struct {
		kind              ApplicantKind
		staff, experience bool
		slot, address     string
	}{
		{Person, false, true, "", "homeAddress"},
		{SoleTrader, false, true, "soleTraderRegistration", "homeAddress"},
		{Entity, true, false, "entityRegistration", "legalAddress"},
	} {
		if has(tc.kind, "staff") != tc.staff || has(tc.kind, "experience") != tc.experience {
			t.Errorf("%s: staff %v, experience %v (SF5.3, SF5.6)", tc.kind, has(tc.kind, "staff"), has(tc.kind, "experience"))
		}
		var required []string
		for _, slot := range s.SlotsFor(tc.kind) {
			if slot.Required {
				required = append(required, slot.ID)
			}
		}
		if strings.Join(required, " ") != tc.slot {
			t.Errorf("%s: S9.B1 demands %q, the form %q", tc.kind, tc.slot, required)
		}
		addresses := ""
		for _, f := range s.ForApplicant(tc.kind).Sections[1].Fields {
			if f.Type == AddressField {
				addresses += f.ID
			}
		}
		if addresses != tc.address {
			t.Errorf("%s: address %q", tc.kind, addresses)
		}
	}
	if len(s.Sections) != 13 {
		t.Errorf("a view changed the declaration: %d sections", len(s.Sections))
	}
}

func TestTheServiceIsJSON(t *testing.T) {
	for _, kind := range ApplicantKinds {
		raw, err := json.Marshal(loaded(t).ForApplicant(kind))
		if err != nil {
			t.Fatal(err)
		}
		text := string(raw)
		for _, bad := range []string{"null", `"kk":""`, `"Code"`, "certainty", "published list"} {
			if strings.Contains(text, bad) {
				t.Errorf("the JSON for %s holds %s", kind, bad)
			}
		}
		if len(raw) > 128<<10 {
			t.Errorf("%d bytes", len(raw))
		}
	}
}

func TestWhatIsNotDeclaredIsNotFound(t *testing.T) {
	c, err := Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	_, service := c.Service("fishing")
	_, version := c.Version("medical-activity", 99)
	_, kind := c.Services()[0].Kind("annex") // comes later
	for name, err := range map[string]error{"service": service, "version": version, "kind": kind} {
		if f, ok := fault.From(err); !ok || f.Status() != 404 {
			t.Errorf("%s: %v", name, err)
		}
	}
	if s, err := c.Version("medical-activity", 1); err != nil || s.Version != 1 {
		t.Errorf("version 1: %v", err)
	}
}

func TestTheNewestVersionIsOffered(t *testing.T) {
	raw := source(t)
	files := declaration(t, raw)
	files["services/medical-activity-2.yaml"] = &fstest.MapFile{Data: []byte(strings.Replace(raw, "version: 1", "version: 2", 1))}
	c, err := LoadFrom(files, nil)
	if err != nil {
		t.Fatal(err)
	}
	s, _ := c.Service("medical-activity")
	old, err := c.Version("medical-activity", 1)
	if s.Version != 2 || err != nil || old.Version != 1 || len(c.Services()) != 1 {
		t.Errorf("newest %d, old %v (%v)", s.Version, old, err)
	}
	files["services/medical-activity-2.yaml"] = &fstest.MapFile{Data: []byte(raw)}
	if _, err := LoadFrom(files, nil); err == nil {
		t.Error("one version declared twice")
	}
}

func source(t *testing.T) string {
	t.Helper()
	raw, err := fs.ReadFile(declared, "services/medical-activity.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func declaration(t *testing.T, raw string) fstest.MapFS {
	t.Helper()
	csv, err := fs.ReadFile(declared, "classifiers/sub-activities.csv")
	if err != nil {
		t.Fatal(err)
	}
	return fstest.MapFS{
		"services/medical-activity.yaml": {Data: []byte(raw)},
		"classifiers/sub-activities.csv": {Data: csv},
	}
}

// The labels that have a key of the legal forms are their words, letter for letter.
func TestLabelsAreTheWordsOfTheForms(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "domain", "forms.md"))
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip("the shared folder is absent")
	}
	row := regexp.MustCompile(`(?m)^\| (f[345]\.\S+) \| (.*?) \| (.*?) \| (.*?) \| \w \|$`)
	forms := map[string]Text{}
	for _, m := range row.FindAllStringSubmatch(string(raw), -1) {
		forms[m[1]] = Text{RU: m[2], KK: m[3], EN: m[4]}
	}
	used := map[string]bool{}
	same := func(key string, label Text) {
		if key == "" {
			return
		}
		used[key] = true
		if forms[key] != label || label.IsZero() {
			t.Errorf("%s: %+v, the form says %+v", key, label, forms[key])
		}
	}
	for _, sec := range loaded(t).Sections {
		for _, f := range sec.Fields {
			same(f.FormKey, f.Label)
			for _, col := range f.Columns {
				same(col.FormKey, col.Label)
				for _, o := range col.Options {
					same(o.FormKey, o.Label)
				}
			}
		}
	}
	// Every column of form 5 is asked for; the others are titles, numbers and what is computed.
	skip := regexp.MustCompile(`^f5\.(title|intro)$|\.(title|subtitle|subject|as_of|no|total|short)$`)
	for key := range forms {
		if strings.HasPrefix(key, "f5.") && !skip.MatchString(key) && !used[key] {
			t.Errorf("nobody asks for %s", key)
		}
	}
}
