package catalog

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"elicensing/server/fault"
)

// What has no place in the form is refused even in a draft.
func TestShapelessAnswersAreRefusedInADraft(t *testing.T) {
	s := loaded(t)
	rows := make([]any, 501)
	for i := range rows {
		rows[i] = map[string]any{}
	}
	codes := make([]any, 201)
	for i := range codes {
		codes[i] = "PAL"
	}
	for _, tc := range []struct {
		path  string
		value any
		at    string
		code  string
	}{
		{"iin", "123456789012", "", CodeUnknownField},
		{"ownerId", 1, "", CodeUnknownField},
		{"staff", []any{}, "", CodeUnknownField}, // of a legal entity
		{"legalAddress", map[string]any{}, "", CodeUnknownField},
		{strings.Repeat("k", 1000), 1, strings.Repeat("k", 64) + "…", CodeUnknownField},
		{"email", 7, "", CodeWrongType},
		{"email", []any{"a@b.kz"}, "", CodeWrongType},
		{"email", map[string]any{}, "", CodeWrongType},
		{"email", strings.Repeat("я", 5001), "", CodeTooLong},
		{"equipment[1].name", strings.Repeat("я", 5001), "", CodeTooLong},
		{"bankAccount", "nul\x00", "", CodeBadCharacters},
		{"bankAccount", "\xff", "", CodeBadCharacters},
		{"confirmNoBan", "yes", "", CodeWrongType},
		{"confirmNoBan", 1, "", CodeWrongType},
		{"subActivities", "PAL", "", CodeWrongType},
		{"subActivities", []any{1}, "subActivities[0]", CodeWrongType},
		{"subActivities", []any{strings.Repeat("P", 41)}, "subActivities[0]", CodeTooLong},
		{"subActivities", codes, "", CodeTooManyItems},
		{"subActivities", []any{"PHC-GP\u202e"}, "subActivities[0]", CodeBadCharacters},
		{"licensor", 13, "", CodeWrongType},
		{"licensor", strings.Repeat("1", 201), "", CodeTooLong},
		{"licensor", "13\u202e", "", CodeBadCharacters},
		{"homeAddress", "Бишкуль", "", CodeWrongType},
		{"homeAddress.street", 5, "", CodeWrongType},
		{"homeAddress.planet", "Earth", "", CodeUnknownField},
		{"sites", map[string]any{}, "", CodeWrongType},
		{"sites[0]", "адрес", "", CodeWrongType},
		{"equipment", "таблица", "", CodeWrongType},
		{"equipment", rows, "", CodeTooManyRows},
		{"equipment[1]", []any{}, "", CodeWrongType},
		{"equipment[1]", nil, "", CodeWrongType},
		{"equipment[1].colour", "red", "", CodeUnknownField},
		{"equipment[1].year", true, "", CodeWrongType},
	} {
		a := complete(t, Person)
		set(t, a, tc.path, tc.value)
		at := tc.path
		if tc.at != "" {
			at = tc.at
		}
		for _, mode := range []Mode{Draft, Complete} {
			errs := Validate(s, Person, a, mode, today)
			if !slices.ContainsFunc(errs, func(f fault.Field) bool { return f.Name == at && f.Code == tc.code }) {
				t.Errorf("%.40s = %.40v in mode %d: %+v, want %s", tc.path, tc.value, mode, errs, tc.code)
			}
			if mode == Draft && len(errs) != 1 {
				t.Errorf("%.40s: %+v", tc.path, errs)
			}
		}
	}
}

// One cell that is too long, or holds what came along with a paste, keeps nothing else from being saved; it is named, and may not be signed.
func TestADraftKeepsWhatMayNotBeSigned(t *testing.T) {
	s := loaded(t)
	for _, tc := range []struct {
		path  string
		value any
		code  string
	}{
		{"email", strings.Repeat("я", 201), CodeTooLong},
		{"bankAccount", strings.Repeat("я", 301), CodeTooLong},
		{"bankAccount", "one\ntwo", CodeBadCharacters},
		{"bankAccount", "one\ttwo", CodeBadCharacters},
		{"bankAccount", "\ufeffbom", CodeBadCharacters},
		{"bankAccount", "a\u202eb", CodeBadCharacters},
		{"bankAccount", "a\u200bb", CodeBadCharacters},
		{"bankAccount", "a\u2028b", CodeBadCharacters},
		{"bankAccount", "a\ufe0fb", CodeBadCharacters},
		{"bankAccount", "a\u3164b", CodeBadCharacters},
		{"bankAccount", "a\ufffdb", CodeBadCharacters}, // what a program writes for a letter that it could not read
		{"homeAddress.house", strings.Repeat("1", 51), CodeTooLong},
		{"equipment[1].year", json.Number("1" + strings.Repeat("0", 300)), CodeTooLong},
		{"equipment[1].name", strings.Repeat("я", 301), CodeTooLong},
		// A paste from a spreadsheet puts into a choice what no option is called.
		{"premises[0].right", strings.Repeat("аренда ", 30), CodeTooLong},
		{"premises[0].right", "leased\u200b", CodeBadCharacters},
	} {
		a := complete(t, Person)
		set(t, a, tc.path, tc.value)
		if errs := Validate(s, Person, a, Draft, today); len(errs) > 0 {
			t.Errorf("%.40s = %.40v is refused in a draft: %+v", tc.path, tc.value, errs)
		}
		errs := Validate(s, Person, a, Complete, today)
		if !slices.ContainsFunc(errs, func(f fault.Field) bool { return f.Name == tc.path && f.Code == tc.code }) {
			t.Errorf("%.40s = %.40v may be signed: %+v, want %s", tc.path, tc.value, errs, tc.code)
		}
	}
}

// Whoever pastes more than even a draft keeps is told how long the answer may be, not how long a draft would take it.
func TestATextThatNoDraftKeepsIsToldItsOwnLimit(t *testing.T) {
	a := complete(t, Person)
	set(t, a, "equipment[1].name", strings.Repeat("я", 5001))
	errs := Validate(loaded(t), Person, a, Draft, today)
	if len(errs) != 1 || errs[0].Code != CodeTooLong || errs[0].Params["max"] != 300 {
		t.Errorf("%+v", errs)
	}
}

func TestADraftMayBeEmpty(t *testing.T) {
	s := loaded(t)
	for _, kind := range ApplicantKinds {
		if errs := Validate(s, kind, Answers{}, Draft, today); len(errs) > 0 {
			t.Errorf("%s: %+v", kind, errs)
		}
		errs := Validate(s, kind, Answers{}, Complete, today)
		for _, f := range errs {
			if sec, ok := s.SectionOf(f.Name); !ok || sec.ID == "" {
				t.Errorf("%s: %s belongs to no section", kind, f.Name)
			}
		}
		if len(errs) < 12 {
			t.Errorf("%s: an empty form lacks only %+v", kind, errs)
		}
	}
}
