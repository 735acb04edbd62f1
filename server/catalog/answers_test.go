package catalog

import (
	"encoding/json"
	"strings"
	"testing"

	"elicensing/server/fault"
)

func TestAnswersThatCannotBeReadAreRefused(t *testing.T) {
	for name, tc := range map[string]struct {
		raw    string
		status int
	}{
		"nothing":           {``, 400},
		"null":              {`null`, 400},
		"array":             {`[]`, 400},
		"text":              {`"x"`, 400},
		"cut":               {`{"email": "a`, 400},
		"open":              {`{"email": ["a"`, 400},
		"trailing":          {`{} {}`, 400},
		"rubbish after":     {`{}x`, 400},
		"comma":             {`{"a":1,}`, 400},
		"key twice":         {`{"email":"a","email":"b"}`, 400},
		"escaped key twice": {`{"email":"a","\u0065mail":"b"}`, 400},
		"key twice below":   {`{"sites":[{"city":"a","city":"b"}]}`, 400},
		"not UTF-8":         {"{\"email\":\"\xff\"}", 400},
		"too deep":          {strings.Repeat(`{"a":`, 5) + "1" + strings.Repeat("}", 5), 400},
		"very deep":         {strings.Repeat("[", 100000), 400},
		"bare word":         {`{"a":NaN}`, 400},
		"too large":         {`{"a":"` + strings.Repeat("x", MaxAnswersBytes) + `"}`, 413},
	} {
		_, err := DecodeAnswers([]byte(tc.raw))
		if f, ok := fault.From(err); !ok || f.Status() != tc.status {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAnswersKeepTheirDigits(t *testing.T) {
	a, err := DecodeAnswers([]byte(`{"n":12345678901234567890,"big":1e400,"sites":[{"city":"Алматы"},{"city":" "}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if a["n"] != json.Number("12345678901234567890") || a["big"] != json.Number("1e400") {
		t.Errorf("%#v", a)
	}
	if got := a.Addresses("sites"); len(got) != 1 || got[0].Line() != "Алматы" {
		t.Errorf("%+v", got)
	}
}

func TestReadingAnswersNeverPanics(t *testing.T) {
	for _, v := range []any{nil, 1, "x", true, []any{1, nil, "x", []any{}}, map[string]any{"city": 1}} {
		a := Answers{"f": v}
		_, _, _, _, _, _ = a.String("f"), a.Bool("f"), a.Codes("f"), a.Rows("f"), a.Address("f"), a.Addresses("f")
		_ = Number(v)
	}
}

func TestAnAddressInOneLine(t *testing.T) {
	a := Answers{"a": map[string]any{"postcode": "150011", "oblast": "", "city": "Петропавловск", "street": "ул. Мира ", "house": "5"}}
	if got := a.Address("a").Line(); got != "150011, Петропавловск, ул. Мира, 5" {
		t.Errorf("%q", got)
	}
}

func TestNumbersAsTyped(t *testing.T) {
	for in, want := range map[any]string{
		"7,5": "7.5", " 12 ": "12", json.Number("3"): "3", 2.5: "2.5", 4: "4", "-1": "-1",
		"": "", "1 000": "", "1e3": "", "0x10": "", "١٢": "", "1.": "", ".5": "", true: "", "1234567890123": "",
	} {
		if got := Number(in); got != want {
			t.Errorf("%v: %q, want %q", in, got, want)
		}
	}
}

// Worked out by hand: weights 1…11; when that gives 10, weights 3…11, 1, 2.
func TestCheckDigitsOfIINAndBIN(t *testing.T) {
	for s, want := range map[string]bool{
		"880101300010":  true, // 8+16+4+6+21+11 = 66, remainder 0
		"880101300011":  false,
		"000000000101":  true, // 10, so the second weights: 1
		"000000000100":  false,
		"123456789011":  false, // the official test person: taken from certificates as it stands
		"":              false,
		"88010130001":   false,
		"8801013000100": false,
		"88010130001x":  false,
		" 88010130001":  false,
		"٨٨٠١٠١٣٠٠٠١٠":  false,
	} {
		if ValidIIN(s) != want || ValidBIN(s) != want {
			t.Errorf("%s: %v", s, ValidIIN(s))
		}
	}
	for d := byte('0'); d <= '9'; d++ {
		if s := "00000000605" + string(d); ValidIIN(s) { // 10 with both weights: never given out
			t.Errorf("%s passes", s)
		}
	}
}

func withCheckDigit(t *testing.T, eleven string) string {
	t.Helper()
	found := ""
	for d := byte('0'); d <= '9'; d++ {
		if s := eleven + string(d); ValidIIN(s) {
			if found != "" {
				t.Fatalf("%s and %s", found, s)
			}
			found = s
		}
	}
	if found == "" {
		t.Fatalf("no check digit for %s", eleven)
	}
	return found
}

func TestFieldsForNumbersThatPeopleType(t *testing.T) {
	right := withCheckDigit(t, "88010130001")
	s := &Service{Sections: []Section{{ID: "s", Fields: []Field{{ID: "iin", Type: IINField}, {ID: "bin", Type: BINField}}}}}
	if errs := Validate(s, Person, Answers{"iin": right, "bin": right}, Complete, today); len(errs) > 0 {
		t.Errorf("%+v", errs)
	}
	errs := Validate(s, Person, Answers{"iin": "123456789012", "bin": "1"}, Complete, today)
	if len(errs) != 2 || errs[0].Code != CodeBadIIN || errs[1].Code != CodeBadBIN {
		t.Errorf("%+v", errs)
	}
}
