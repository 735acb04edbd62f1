package catalog

// Classifier is a dated tree of codes. It is a working list with the certainty of each row kept
// in its file, not the legal list, and Note says so wherever it is shown (facts.md §11).
type Classifier struct {
	ID    string `yaml:"id" json:"id"`     // "sub-activities"
	File  string `yaml:"file" json:"-"`    // in classifiers/
	Note  Text   `yaml:"note" json:"note"` // what this list is
	Items []Item `yaml:"-" json:"items"`   // parents before children
}

// Item is one row of a classifier. Only an item without children can be chosen.
type Item struct {
	Code      string `json:"code"`
	Parent    string `json:"parent,omitempty"`
	Name      Text   `json:"name"`
	Group     bool   `json:"group"`               // has children: a heading, not a choice
	ValidFrom string `json:"validFrom,omitempty"` // "2006-01-02", first day; absent: always was
	ValidTo   string `json:"validTo,omitempty"`   // last day; absent: no end
}
