package signing

import (
	_ "embed"
	"encoding/json"
	"fmt"
)

//go:embed texts.json
var texts []byte

// Texts are lines in plain language by code: a reason, an outcome, or what stands beside a value.
type Texts struct {
	Reasons  map[Reason]string  `json:"reasons"`  // a sentence for each Reason, complete
	Outcomes map[Outcome]string `json:"outcomes"` // a sentence for each Outcome, complete
	Words    map[string]string  `json:"words"`    // what stands beside the values of a report: "Signed by", "Time stamp"
}

// Languages are those that texts exist in.
func Languages() []string { return []string{"kk", "ru", "en"} }

// TextsIn gives the texts of a language of Languages.
//
// Errors: when there is no such language.
func TextsIn(language string) (Texts, error) {
	var all map[string]Texts
	if err := json.Unmarshal(texts, &all); err != nil {
		return Texts{}, fmt.Errorf("signing: texts: %w", err)
	}
	found, ok := all[language]
	if !ok {
		return Texts{}, fmt.Errorf("signing: no texts in %q", language)
	}
	return found, nil
}
