package catalog

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Classifier is a dated tree of codes. It is a working list with the certainty of each row kept
// in its file, not the legal list, and Note says so wherever it is shown (facts.md §11).
type Classifier struct {
	ID    string `yaml:"id" json:"id"`     // "sub-activities"
	File  string `yaml:"file" json:"-"`    // in classifiers/
	Note  Text   `yaml:"note" json:"note"` // what this list is
	Items []Item `yaml:"-" json:"items"`   // parents before children

	index map[string]int // code → position in Items
}

// Item is one row of a classifier. Only an item without children can be chosen.
type Item struct {
	Code      string `json:"code"`
	Parent    string `json:"parent,omitempty"`
	Name      Text   `json:"name"`
	FullName  Text   `json:"fullName"`            // with its headings, by which alone it can be told from its namesakes: "Стационарная помощь: терапия"
	Group     bool   `json:"group"`               // has children: a heading, not a choice
	ValidFrom string `json:"validFrom,omitempty"` // "2006-01-02", first day; absent: always was
	ValidTo   string `json:"validTo,omitempty"`   // last day; absent: no end
}

var classifierHeader = []string{"code", "parent", "kk", "ru", "en", "valid_from", "valid_to", "source", "certainty"}

func (c *Classifier) load(fsys fs.FS) error {
	file, err := fsys.Open("classifiers/" + c.File)
	if err != nil {
		return err
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	if len(rows) < 2 || !slices.Equal(rows[0], classifierHeader) {
		return fmt.Errorf("%s: wrong or missing header", c.File)
	}
	c.Items, c.index = nil, map[string]int{}
	var problems []error
	for i, r := range rows[1:] {
		item := Item{Code: r[0], Parent: r[1], Name: Text{KK: r[2], RU: r[3], EN: r[4]}, ValidFrom: r[5], ValidTo: r[6]}
		if problem := c.add(item); problem != "" {
			problems = append(problems, fmt.Errorf("%s: row %d: %s", c.File, i+2, problem))
		}
	}
	return errors.Join(problems...)
}

func (c *Classifier) add(item Item) (problem string) {
	if _, twice := c.index[item.Code]; twice || item.Code == "" || len(item.Code) > maxCodeLength {
		return "the code is empty, too long or stands twice"
	}
	if item.Name.KK == "" || item.Name.RU == "" || item.Name.EN == "" {
		return "a name is missing in one of the three languages"
	}
	for _, d := range []string{item.ValidFrom, item.ValidTo} {
		if _, err := time.Parse(time.DateOnly, d); d != "" && err != nil {
			return "a date of validity is not a date"
		}
	}
	item.FullName = item.Name
	if item.Parent != "" {
		parent, ok := c.index[item.Parent]
		if !ok {
			return "the parent does not stand before it"
		}
		c.Items[parent].Group = true
		above := c.Items[parent].FullName
		item.FullName = Text{KK: under(above.KK, item.Name.KK), RU: under(above.RU, item.Name.RU), EN: under(above.EN, item.Name.EN)}
	}
	c.index[item.Code] = len(c.Items)
	c.Items = append(c.Items, item)
	return ""
}

// under is a name with its heading before it, unless it begins with the heading itself: "Скорая медицинская помощь, выездная".
func under(heading, name string) string {
	if strings.HasPrefix(strings.ToLower(name), strings.ToLower(heading)) {
		return name
	}
	first, size := utf8.DecodeRuneInString(name)
	if second, _ := utf8.DecodeRuneInString(name[size:]); unicode.IsUpper(second) {
		return heading + ": " + name // an abbreviation
	}
	return heading + ": " + string(unicode.ToLower(first)) + name[size:]
}

// Item finds a row by its code.
func (c *Classifier) Item(code string) (Item, bool) {
	i, ok := c.index[code]
	if !ok {
		return Item{}, false
	}
	return c.Items[i], true
}

// validOn is true when the item may be chosen on the day, given as "2006-01-02".
func (i Item) validOn(day string) bool {
	return (i.ValidFrom == "" || i.ValidFrom <= day) && (i.ValidTo == "" || day <= i.ValidTo)
}

// Classifier finds a classifier of the service; nil when it has none of this id.
func (s *Service) Classifier(id string) *Classifier {
	for i := range s.Classifiers {
		if s.Classifiers[i].ID == id {
			return &s.Classifiers[i]
		}
	}
	return nil
}
