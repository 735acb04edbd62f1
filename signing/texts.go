package signing

import (
	_ "embed"
	"encoding/json"
	"fmt"
)

//go:embed texts.json
var texts []byte

// Texts are lines in plain language by code: a reason, an outcome, or the name of a check.
type Texts struct {
	Reasons  map[Reason]string  `json:"reasons"`
	Outcomes map[Outcome]string `json:"outcomes"`
	Words    map[string]string  `json:"words"`
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
