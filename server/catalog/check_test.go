package catalog

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// Each mistake in a declaration stops the program and is pointed at: file, line, what is wrong.
// old is replaced by new in the real declaration; the line is that of marker in the result.
func TestMistakesInADeclarationAreRefusedWithTheirLine(t *testing.T) {
	for _, tc := range []struct{ name, old, new, marker, want string }{
		{"unknown key", "minutesToFill: 40", "minutesToFil: 40", "minutesToFil:", "minutesToFil not found"},
		{"wrong type", "version: 1", "version: one", "version:", "cannot unmarshal"},
		{"not YAML", "kinds:\n", "kinds: [\n", "", "services/medical-activity.yaml:"},
		{"key twice", "version: 1\n", "version: 1\nversion: 2\n", "version: 2", "already defined"},
		{"clause", "clause: S1\n", "clause: One\n", "clause: One", "not a clause"},
		{"version zero", "version: 1", "version: 0", "version: 0", "must be 1 or more"},
		{"code", "code: medical-activity", "code: Medical activity", "code: Medical", "not a code"},
		{"file of another name", "code: medical-activity", "code: fishing", "code: fishing", "not named after"},
		{"text in two languages", `kk: "Медициналық қызмет", ru`, `ru`, "activity: {ru", "no text in kk"},
		{"blank text", `en: "Medical activity"`, `en: " "`, "activity: {", "no text in en"},
		{"hint in one language", `kk: "Мысалы: +7 701 123 45 67", `, "", "Например", "no text in kk"},
		{"option text", `{value: leased, label: {kk: "Жалға алу", `, `{value: leased, label: {`, "value: leased", "no text in kk"},
		{"no term", "workingDays: 15, start", "workingDays: 0, start", "workingDays: 0", "must be 1 or more"},
		{"start rule", "start: next_working_day", "start: tomorrow", "start: tomorrow", "unknown start rule"},
		{"norm of both", "{step: assign, minutes: 60,", "{step: assign, minutes: 60, workingDays: 1,", "workingDays: 1,", "either minutes or workingDays"},
		{"norm of neither", "{step: assign, minutes: 60,", "{step: assign,", "{step: assign,", "either minutes or workingDays"},
		{"step twice", "{step: assign,", "{step: sign,", "", "declared twice"},
		{"upload limits", "maxTotalBytes: 104857600", "maxTotalBytes: 1", "upload:", "limits"},
		{"upload type", "image/png]", "text/html]", "text/html]", "recognised by content"},
		{"no such classifier file", "file: sub-activities.csv", "file: other.csv", "file: other", "file does not exist"},
		{"classifier outside its folder", "file: sub-activities.csv", "file: ../services/medical-activity.yaml", "file: ..", "classifiers[0].file"},
		{"unknown field type", "type: email", "type: mail", "type: mail", `unknown field type "mail"`},
		{"field twice", "- id: fax", "- id: email", "", `"email" is declared twice`},
		{"section twice", "- id: staff\n", "- id: equipment\n", "", `"equipment" is declared twice`},
		{"slot twice", "- id: floorPlan", "- id: premisesTitle", "", `"premisesTitle" is declared twice`},
		{"column twice", "{id: country,", "{id: name,", "", `"name" is declared twice`},
		{"option twice", "{value: managed,", "{value: owned,", "", `"owned" is declared twice`},
		{"id of a field", "- id: fax", "- id: Fax number", "Fax number", "not an identifier"},
		{"id kept for files", "- id: fax", "- id: documents", "- id: documents", "kept for files"},
		{"unknown applicant", "for: [entity]\n        formKey: f4.legal_address", "for: [company]\n        formKey: f4.legal_address", "for: [company]", "unknown kind of applicant"},
		{"applicant twice", "for: [entity]\n        formKey: f4.legal_address", "for: [entity, entity]\n        formKey: f4.legal_address", "for: [entity, entity]", "stands twice"},
		{"text without a limit", "required: false\n        maxLength: 300\n", "required: false\n", "- id: bankAccount", "needs maxLength"},
		{"limit of another type", "required: true\n        autocomplete: email", "required: true\n        maxLength: 9", "maxLength: 9", "does not belong"},
		{"endless text", "required: false\n        maxLength: 300\n", "required: false\n        maxLength: 9000\n", "maxLength: 9000", "more than 4000"},
		{"endless table", "maxRows: 50\n", "maxRows: 5000\n", "maxRows: 5000", "more than 500"},
		{"fewest rows over most", "minRows: 1\n        maxRows: 50\n", "minRows: 51\n        maxRows: 50\n", "minRows: 51", "more than maxRows"},
		{"required list of none", "minRows: 1\n        maxRows: 50\n", "maxRows: 50\n", "- id: sites\n        type", "at least 1"},
		{"negative", "maxItems: 200", "maxItems: -1", "maxItems: -1", "negative"},
		{"min over max", "min: 0, max: 70", "min: 71, max: 70", "min: 71", "more than max"},
		{"condition that points nowhere", "when: {field: right, in: [owned, managed]}", "when: {field: wrong, in: [owned]}", "field: wrong", `no field "wrong" before this one`},
		{"condition that points forward", "- id: right\n            type: choice", "- id: later\n            type: choice", "when: {field: right, in: [owned", `no field "right"`},
		{"condition on a text", "when: {field: right, in: [owned, managed]}", "when: {field: location, in: [owned]}", "field: location", "neither a choice nor a checkbox"},
		{"condition on no such value", "in: [owned, managed]", "in: [owned, rented]", "rented", `no value "rented"`},
		{"condition on nothing", "in: [owned, managed]", "in: []", "in: []", "no values"},
		{"order that points nowhere", "notBefore: start", "notBefore: begin", "notBefore: begin", `no date field "begin"`},
		{"order of unlike things", "notBefore: hired", "notBefore: position", "notBefore: position", "no date field"},
		{"no such classifier", "        classifier: sub-activities", "        classifier: diseases", "classifier: diseases", `no classifier "diseases"`},
		{"period of no column", "length: {from: hired,", "length: {from: joined,", "from: joined", `no date column "joined"`},
		{"period without a demand", "minYears: 5", "minYears: 0", "minYears: 0", "1 or more"},
		{"table in a table", "{id: course, type: text, ", "{id: course, type: address, ", "id: course", "cannot be a column"},
		{"demanded though the form covers it", "required: false\n        maxFiles: 10\n        clause: S9.A2", "required: true\n        maxFiles: 10\n        clause: S9.A2", "required: true\n        maxFiles: 10", "not demanded"},
		{"covered by no section", "coveredBy: {section: education,", "coveredBy: {section: school,", "section: school", `no section "school"`},
		{"covered by two things", "coveredBy: {section: education,", "coveredBy: {register: x, section: education,", "register: x", "either a section or a register"},
		{"slot without room", "maxFiles: 3\n        clause: S9.B1\n        coveredBy:\n", "maxFiles: 0\n        clause: S9.B1\n        coveredBy:\n", "maxFiles: 0", "from 1"},
		{"card names no slot", "slot: entityRegistration", "slot: passport", "slot: passport", `no slot "passport"`},
		{"requirement without evidence", "sections: [equipment], slots", "sections: [], slots", "{id: equipment, text", "no section shows"},
		{"requirement of no section", "sections: [equipment], slots", "sections: [tools], slots", "sections: [tools]", `no section "tools"`},
		{"requirement of no slot", "slots: [diplomas]", "slots: [books]", "slots: [books]", `no slot "books"`},
		{"empty section", "    fields: []\n", "    fields: []\n  - {id: nothing, title: {kk: a, ru: b, en: c}, clause: S1, fields: []}\n  - id: files\n    title: {kk: a, ru: b, en: c}\n    clause: S1\n    fields: []\n", "{id: nothing", "asks nothing"},
	} {
		raw := source(t)
		bad := strings.Replace(raw, tc.old, tc.new, 1)
		if bad == raw {
			t.Errorf("%s: %q is not in the declaration", tc.name, tc.old)
			continue
		}
		_, err := LoadFrom(declaration(t, bad), nil)
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v", tc.name, err)
			continue
		}
		if tc.marker == "" {
			continue
		}
		line := 1 + strings.Count(bad[:strings.Index(bad, tc.marker)], "\n")
		at := fmt.Sprintf("services/medical-activity.yaml:%d: ", line)
		found := false
		for problem := range strings.SplitSeq(err.Error(), "\n") {
			found = found || strings.HasPrefix(problem, at) && strings.Contains(problem, tc.want)
		}
		if !found {
			t.Errorf("%s: want line %d, got: %v", tc.name, line, err)
		}
	}
}

func TestAllMistakesAreToldAtOnce(t *testing.T) {
	bad := strings.NewReplacer("type: email", "type: mail", "start: next_working_day", "start: tomorrow", "slots: [diplomas]", "slots: [books]").Replace(source(t))
	_, err := LoadFrom(declaration(t, bad), nil)
	if err == nil || strings.Count(err.Error(), "\n") != 2 {
		t.Errorf("%v", err)
	}
}

func TestMistakesInAClassifierAreRefused(t *testing.T) {
	const header = "code,parent,kk,ru,en,valid_from,valid_to,source,certainty\n"
	for name, csv := range map[string]string{
		"code twice":         header + "A,,к,р,e,,,,G\nA,,к,р,e,,,,G\n",
		"no code":            header + ",,к,р,e,,,,G\n",
		"long code":          header + strings.Repeat("A", 41) + ",,к,р,e,,,,G\n",
		"no Kazakh name":     header + "A,,,р,e,,,,G\n",
		"parent comes after": header + "A,B,к,р,e,,,,G\nB,,к,р,e,,,,G\n",
		"its own parent":     header + "A,A,к,р,e,,,,G\n",
		"not a date":         header + "A,,к,р,e,2026-02-30,,,G\n",
		"short row":          header + "A,,к,р\n",
		"other header":       "code,name\nA,a\n",
		"empty":              header,
	} {
		files := declaration(t, source(t))
		files["classifiers/sub-activities.csv"] = &fstest.MapFile{Data: []byte(csv)}
		if _, err := LoadFrom(files, nil); err == nil || !strings.Contains(err.Error(), "sub-activities.csv") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNothingDeclaredIsAMistake(t *testing.T) {
	if _, err := LoadFrom(fstest.MapFS{}, nil); err == nil {
		t.Error("a catalog of nothing")
	}
}

func TestAnItemWithPartsIsAHeading(t *testing.T) {
	c := loaded(t).Classifier("sub-activities")
	for code, group := range map[string]bool{"CD": true, "CD-DENT": true, "CD-DENT-T": false} {
		if item, known := c.Item(code); !known || item.Group != group {
			t.Errorf("%s: known %v, %+v", code, known, item)
		}
	}
	if item, known := c.Item("NONE"); known {
		t.Errorf("%+v", item)
	}
}

// A name goes on in its heading's sentence; an abbreviation keeps its letters, and what begins with the heading does not say it twice.
func TestANameBehindItsHeadings(t *testing.T) {
	c := Classifier{index: map[string]int{}}
	for _, row := range [][3]string{{"D", "", "Диагностика"}, {"DR", "D", "Лучевая диагностика"}, {"MRT", "DR", "МРТ"}, {"X", "DR", "Рентген"}, {"DC", "D", "Диагностика, выездная"}, {"Z", "D", "Я"}} {
		if problem := c.add(Item{Code: row[0], Parent: row[1], Name: Text{KK: row[2], RU: row[2], EN: row[2]}}); problem != "" {
			t.Fatal(problem)
		}
	}
	for code, want := range map[string]string{"D": "Диагностика", "DR": "Диагностика: лучевая диагностика", "MRT": "Диагностика: лучевая диагностика: МРТ",
		"X": "Диагностика: лучевая диагностика: рентген", "DC": "Диагностика, выездная", "Z": "Диагностика: я"} {
		item, _ := c.Item(code)
		if name := item.FullName; name.KK != want || name.RU != want || name.EN != want {
			t.Errorf("%s is called %v, want %q", code, name, want)
		}
	}
}

// What can be chosen on one day is told apart by its full name in each language: on a document nothing else tells which of two is allowed.
func TestNoTwoChoicesHaveOneName(t *testing.T) {
	for _, c := range loaded(t).Classifiers {
		seen := map[string]string{}
		for _, item := range c.Items {
			if item.Group || !item.validOn(today.Format(time.DateOnly)) {
				continue
			}
			for language, name := range map[string]string{"kk": item.FullName.KK, "ru": item.FullName.RU, "en": item.FullName.EN} {
				if other, twice := seen[language+name]; twice {
					t.Errorf("%s and %s are both called %q", other, item.Code, name)
				}
				seen[language+name] = item.Code
			}
		}
	}
}
