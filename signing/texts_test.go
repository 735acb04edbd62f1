package signing_test

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"elicensing/signing"
)

// Each reason that the source knows has a line in each language, and no line is for a reason that is not.
func TestEachReasonHasItsLine(t *testing.T) {
	source, err := os.ReadFile("reason.go")
	if err != nil {
		t.Fatal(err)
	}
	var known []string
	for _, m := range regexp.MustCompile(`Reason += "([a-z_]+)"`).FindAllSubmatch(source, -1) {
		known = append(known, string(m[1]))
	}
	slices.Sort(known)
	if len(known) < 20 {
		t.Fatalf("only %d reasons found", len(known))
	}
	for _, language := range signing.Languages() {
		texts, err := signing.TextsIn(language)
		if err != nil {
			t.Fatal(err)
		}
		if got := slices.Sorted(maps.Keys(texts.Reasons)); !slices.Equal(got, known) {
			t.Errorf("%s: %v, known %v", language, got, known)
		}
		for _, o := range []signing.Outcome{signing.TotalPassed, signing.TotalFailed, signing.Indeterminate, signing.NoSignatureFound} {
			if texts.Outcomes[o] == "" {
				t.Errorf("%s: no line for %s", language, o)
			}
		}
		for code, line := range texts.Reasons {
			if strings.TrimSpace(line) != line || line == "" || strings.HasSuffix(line, ".") {
				t.Errorf("%s: %s: %q", language, code, line)
			}
		}
	}
	if _, err := signing.TextsIn("de"); err == nil {
		t.Error("texts in a language that has none")
	}
}
