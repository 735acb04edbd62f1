package catalog

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

var today = time.Date(2026, 11, 26, 15, 6, 0, 0, time.UTC)

// complete gives answers that hold, as a page would send them.
func complete(t *testing.T, kind ApplicantKind) Answers {
	t.Helper()
	const text = `{
		"licensor": "13", "email": "test@test-klinika.example", "phone": "+7 701 123 45 67", "bankAccount": "",
		"subActivities": ["CD-DENT-T", "PAL"], "paperCopy": false,
		"sites": [{"postcode": "150011", "city": "Петропавловск", "street": "ул. Тестовая", "house": "1, кабинеты 3–5"}],
		"premises": [
			{"right": "leased", "cadastral": "15-234-012-345", "location": "г. Петропавловск, ул. Тестовая, 1", "leaseNumber": "12", "leaseDate": "2026-03-01"},
			{"right": "owned", "cadastral": "15-234-012-346", "location": "там же", "certificate": "002-1234"}],
		"equipmentAsOf": "2026-11-26",
		"equipment": [
			{"name": "Установка стоматологическая", "country": "Республика Корея", "unit": "шт.", "quantity": 2, "year": 2024, "condition": "working"},
			{"name": "Стерилизатор паровой", "country": "Германия", "unit": "шт.", "quantity": "1", "year": "2023", "condition": "not_working"}],
		"education": [{"speciality": "Стоматология", "qualification": "Врач-стоматолог", "number": "0123456", "series": "ЖБ", "institution": "Қарағанды медицина университеті", "yearIn": 2008, "yearOut": 2013}],
		"training": [{"number": "77", "course": "Эндодонтия", "institution": "КазМУНО", "start": "2024-02-01", "end": "2024-03-01", "hours": 216}],
		"certificates": [{"speciality": "Стоматология", "category": "вторая", "issuer": "Комитет", "number": "000123", "issued": "2023-05-10", "validUntil": "2028-05-10"}],
		"confirmContacts": true, "confirmNoBan": true, "confirmDocuments": true
	}`
	a, err := DecodeAnswers([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	address := map[string]any{"oblast": "Северо-Казахстанская область", "settlement": "с. Бишкуль", "street": "ул. Мира", "house": "5"}
	if kind == Entity {
		a["legalAddress"] = address
		a["staffAsOf"] = "2026-11-26"
		a["staff"] = []any{map[string]any{"name": "ӘЛІБЕК ТЕСТ", "position": "дәрігер", "education": "жоғары", "experience": "7,5"}}
	} else {
		a["homeAddress"] = address
		a["experience"] = []any{
			map[string]any{"organisation": "Поликлиника № 1", "location": "Петропавловск", "position": "врач", "hired": "2015-09-01", "dismissed": "2019-08-31"},
			map[string]any{"organisation": "ТОО «Дент»", "location": "Петропавловск", "position": "врач", "hired": "2019-06-01"},
		}
	}
	return a
}

func TestCompleteAnswersHold(t *testing.T) {
	s := loaded(t)
	for _, kind := range ApplicantKinds {
		if errs := Validate(s, kind, complete(t, kind), Complete, today); len(errs) > 0 {
			t.Errorf("%s: %+v", kind, errs)
		}
	}
}

// set replaces one value deep in the answers: "equipment[1].year" and the like.
func set(t *testing.T, a Answers, path string, value any) {
	t.Helper()
	head, rest, deeper := strings.Cut(path, ".")
	var index int
	if name, _, isRow := strings.Cut(head, "["); isRow {
		if _, err := fmt.Sscanf(head[len(name):], "[%d]", &index); err != nil {
			t.Fatal(err)
		}
		list := a[name].([]any)
		if !deeper {
			list[index] = value
			return
		}
		set(t, list[index].(map[string]any), rest, value)
		return
	}
	if deeper {
		set(t, a[head].(map[string]any), rest, value)
		return
	}
	if value == nil {
		delete(a, head)
		return
	}
	a[head] = value
}

// Each wrong answer is refused at its place with its code, and only it.
func TestWrongAnswersAreRefusedWhenSigned(t *testing.T) {
	s := loaded(t)
	for _, tc := range []struct {
		path  string
		value any
		at    string // where the mistake is told; path when empty
		code  string
	}{
		{"licensor", nil, "", CodeRequired},
		{"licensor", "99", "", CodeUnknownOption},
		{"email", nil, "", CodeRequired},
		{"email", "   ", "", CodeRequired},
		{"email", "test", "", CodeBadEmail},
		{"email", "a@b", "", CodeBadEmail},
		{"email", "a@b.kz, c@d.kz", "", CodeBadEmail},
		{"email", "a b@c.kz", "", CodeBadEmail},
		{"email", "a..b@c.kz", "", CodeBadEmail},
		{"email", "<a@c.kz>", "", CodeBadEmail},
		{"phone", "123", "", CodeBadPhone},
		{"phone", "8 701 CALL ME", "", CodeBadPhone},
		{"phone", "+7 701 123 45 67 89 01 23", "", CodeBadPhone},
		{"phone", "87011234567; 87012345678", "", CodeBadPhone},
		{"fax", "нет", "", CodeBadPhone},
		{"homeAddress", nil, "", CodeRequired},
		{"homeAddress.street", "", "", CodeRequired},
		{"homeAddress.house", nil, "", CodeRequired},
		{"homeAddress.settlement", "", "homeAddress.city", CodeCityOrSettlement},
		{"homeAddress.oblast", "", "", CodeRequired},
		{"homeAddress.postcode", "15001", "", CodeBadPostcode},
		{"homeAddress.postcode", "A05H9K", "", CodeBadPostcode},
		{"sites", []any{}, "", CodeRequired},
		{"sites", []any{map[string]any{"city": " "}}, "", CodeRequired},
		{"sites[0].street", "", "", CodeRequired},
		{"subActivities", nil, "", CodeRequired},
		{"subActivities", []any{}, "", CodeRequired},
		{"subActivities", []any{"PAL", "XX"}, "subActivities[1]", CodeUnknownItem},
		{"subActivities", []any{"CD-DENT"}, "subActivities[0]", CodeItemIsGroup},
		{"subActivities", []any{"PAL", "PAL"}, "subActivities[1]", CodeRepeated},
		{"premises[0].right", "stolen", "", CodeUnknownOption},
		{"premises[0].leaseDate", "", "", CodeRequired},
		{"premises[0].leaseDate", "2026-11-27", "", CodeInFuture},
		{"premises[1].certificate", nil, "", CodeRequired},
		{"equipmentAsOf", "26.11.2026", "", CodeBadDate},
		{"equipmentAsOf", "2026-02-30", "", CodeBadDate},
		{"equipmentAsOf", "0026-02-03", "", CodeBadDate},
		{"equipmentAsOf", "2026-11-27", "", CodeInFuture},
		{"equipment", nil, "", CodeRequired},
		{"equipment[1].name", nil, "", CodeRequired},
		{"equipment[1].year", "20222", "", CodeBadYear}, // the example of the design
		{"equipment[1].year", json.Number("20222"), "", CodeBadYear},
		{"equipment[1].year", "2022 г.", "", CodeBadYear},
		{"equipment[1].year", "1899", "", CodeTooSmall},
		{"equipment[1].year", "2027", "", CodeInFuture},
		{"equipment[1].quantity", "две", "", CodeNotNumber},
		{"equipment[1].quantity", "1e3", "", CodeNotNumber},
		{"equipment[1].quantity", "1.5", "", CodeNotWhole},
		{"equipment[1].quantity", "0", "", CodeTooSmall},
		{"equipment[1].quantity", "-1", "", CodeTooSmall},
		{"equipment[1].quantity", "1000001", "", CodeTooLarge},
		{"equipment[1].condition", "Рабочее", "", CodeUnknownOption},
		{"equipment[1].name", "Аппарат \U0001F600", "", CodeBadCharacters},
		{"equipment[1].name", "超声波", "", CodeBadCharacters},
		{"education[0].yearOut", 2007, "", CodeBeforeOther},
		{"education[0].yearOut", 2027, "", CodeInFuture},
		{"training[0].end", "2024-01-31", "", CodeBeforeOther},
		{"training[0].hours", 0, "", CodeTooSmall},
		{"experience[0].dismissed", "2015-08-31", "", CodeBeforeOther},
		{"experience[1].hired", "2026-11-27", "", CodeInFuture},
		{"experience[1].hired", nil, "", CodeRequired},
		{"experience[1].hired", "2026-06-01", "experience", CodePeriodTooShort},
		{"certificates[0].validUntil", "2026-11-25", "", CodeInPast},
		{"certificates[0].issued", "2026-11-27", "", CodeInFuture},
		{"confirmContacts", false, "", CodeConfirm},
		{"confirmNoBan", nil, "", CodeConfirm},
		{"confirmDocuments", nil, "", CodeConfirm},
	} {
		a := complete(t, Person)
		set(t, a, tc.path, tc.value)
		at := tc.path
		if tc.at != "" {
			at = tc.at
		}
		errs := Validate(s, Person, a, Complete, today)
		if len(errs) != 1 || errs[0].Name != at || errs[0].Code != tc.code {
			t.Errorf("%s = %v: %+v, want %s at %s", tc.path, tc.value, errs, tc.code, at)
		}
		if !slices.Contains(Codes, tc.code) {
			t.Errorf("code %s is not listed", tc.code)
		}
		// A draft keeps it all the same: nothing typed is lost.
		if errs := Validate(s, Person, a, Draft, today); len(errs) > 0 {
			t.Errorf("%s = %v cannot be kept in a draft: %+v", tc.path, tc.value, errs)
		}
	}
}

func TestTheStaffOfAnEntity(t *testing.T) {
	s := loaded(t)
	for path, tc := range map[string]struct {
		value any
		code  string
	}{
		"staff":               {nil, CodeRequired},
		"staffAsOf":           {nil, CodeRequired},
		"staff[0].name":       {"", CodeRequired},
		"staff[0].experience": {"7.55", CodeTooManyDecimals},
		"legalAddress":        {nil, CodeRequired},
	} {
		a := complete(t, Entity)
		set(t, a, path, tc.value)
		if errs := Validate(s, Entity, a, Complete, today); len(errs) != 1 || errs[0].Name != path || errs[0].Code != tc.code {
			t.Errorf("%s: %+v", path, errs)
		}
	}
}

func TestTrainingIsOfTheLastFiveYears(t *testing.T) {
	s := loaded(t)
	for end, holds := range map[string]bool{"2021-11-26": true, "2021-11-25": false} {
		a := complete(t, Person)
		set(t, a, "training[0].start", "2021-01-01")
		set(t, a, "training[0].end", end)
		errs := Validate(s, Person, a, Complete, today)
		if (len(errs) == 0) != holds {
			t.Errorf("SF5.5, ended %s: %+v", end, errs)
		}
	}
}

// A thousand bad cells give a bounded answer that says how many more there are.
func TestTheListOfMistakesIsBounded(t *testing.T) {
	a := complete(t, Person)
	rows := make([]any, 500)
	for i := range rows {
		rows[i] = map[string]any{"name": "x"}
	}
	a["equipment"] = rows
	errs := Validate(loaded(t), Person, a, Complete, today)
	last := errs[len(errs)-1]
	if len(errs) != MaxErrors+1 || last.Code != CodeMoreErrors || last.Params["count"] != 500*5-MaxErrors {
		t.Errorf("%d errors, the last %+v", len(errs), last)
	}
}

func TestConditionsDecideWhatIsAskedAndSigned(t *testing.T) {
	s := loaded(t)
	a := complete(t, Person)
	// The lease of premises that are now owned is kept in the draft, not asked for, not signed.
	set(t, a, "premises[0].right", "owned")
	set(t, a, "premises[0].certificate", "1")
	set(t, a, "premises[0].leaseDate", "not a date")
	set(t, a, "premises[0].leaseNumber", strings.Repeat("я", 101)+"\u200b")
	if errs := Validate(s, Person, a, Complete, today); len(errs) > 0 {
		t.Errorf("%+v", errs)
	}
	signed := s.Signed(Person, a)
	row := signed.Rows("premises")[0]
	if _, there := row["leaseDate"]; there || row.String("certificate") != "1" {
		t.Errorf("signed %+v", row)
	}
	if _, there := a.Rows("premises")[0]["leaseDate"]; !there {
		t.Error("the draft itself was changed")
	}
}

func TestWhatIsSignedHoldsNoEmptyRows(t *testing.T) {
	s := loaded(t)
	a := complete(t, Person)
	a["equipment"] = append([]any{map[string]any{"name": " ", "year": nil}}, a["equipment"].([]any)...)
	a["unknown"] = "x"
	a["staff"] = []any{map[string]any{"name": "x"}}
	signed := s.Signed(Person, a)
	if len(signed.Rows("equipment")) != 2 || len(signed["equipment"].([]any)) != 2 {
		t.Errorf("%+v", signed["equipment"])
	}
	for _, key := range []string{"unknown", "staff", "bankAccount", "paperCopy"} {
		if _, there := signed[key]; there {
			t.Errorf("%s is signed", key)
		}
	}
	delete(a, "unknown")
	delete(a, "staff")
	if errs := Validate(s, Person, a, Complete, today); len(errs) > 0 {
		t.Errorf("an empty row is a mistake: %+v", errs)
	}
	if errs := Validate(s, Person, signed, Complete, today); len(errs) > 0 {
		t.Errorf("what is signed does not hold: %+v", errs)
	}
}

func TestFiles(t *testing.T) {
	s := loaded(t)
	for _, tc := range []struct {
		name      string
		kind      ApplicantKind
		files     map[string]int
		registers map[string]bool
		mode      Mode
		want      map[string]string
	}{
		{"S9.B1 entity", Entity, nil, nil, Complete, map[string]string{"documents.entityRegistration": CodeDocumentMissing}},
		{"S9.B1 sole trader", SoleTrader, nil, nil, Complete, map[string]string{"documents.soleTraderRegistration": CodeDocumentMissing}},
		{"a person attaches nothing", Person, nil, nil, Complete, nil},
		{"attached", Entity, map[string]int{"entityRegistration": 1}, nil, Complete, nil},
		{"S9.A2 the register answered", Entity, nil, map[string]bool{"legal_entities": true}, Complete, nil},
		{"another register answered", Entity, nil, map[string]bool{"sole_traders": true}, Complete, map[string]string{"documents.entityRegistration": CodeDocumentMissing}},
		{"a draft lacks it", Entity, nil, nil, Draft, nil},
		{"too many", Entity, map[string]int{"entityRegistration": 4}, nil, Draft, map[string]string{"documents.entityRegistration": CodeTooManyFiles}},
		{"another's slot", Person, map[string]int{"entityRegistration": 1}, nil, Draft, map[string]string{"documents.entityRegistration": CodeUnknownField}},
		{"no such slot", Person, map[string]int{"passport": 1}, nil, Draft, map[string]string{"documents.passport": CodeUnknownField}},
	} {
		got := map[string]string{}
		for _, f := range CheckFiles(s, tc.kind, tc.files, tc.registers, tc.mode) {
			got[f.Name] = f.Code
		}
		if !maps.Equal(got, tc.want) {
			t.Errorf("%s: %v, want %v", tc.name, got, tc.want)
		}
	}
	if sec, ok := s.SectionOf("documents.entityRegistration"); !ok || sec.ID != "documents" {
		t.Errorf("%v, %v", sec.ID, ok)
	}
	if _, ok := s.SectionOf("documents.passport"); ok {
		t.Error("a slot that does not exist has a section")
	}
}
