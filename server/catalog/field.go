package catalog

// FieldType says how a field is asked, which JSON value it holds and how it is checked. The
// values, as they stand in Answers:
//
//	text textarea email phone iin bin   string
//	number year                         number, or the string as typed ("12", "12.5", "2024")
//	date                                string "2006-01-02"
//	choice authority                    string, one of the option values or authority codes
//	checkbox                            bool
//	classifier                          array of codes
//	address                             object of strings, keys as in AddressParts
//	addresses                           array of such objects
//	table                               array of objects: column id → value
//
// null and an absent key mean "not answered" everywhere.
type FieldType string

// The field types. A new one is added here, in the checks of value.go and in the page's
// registry of components; the tables below and the TypeScript compiler insist.
const (
	TextField       FieldType = "text"
	TextAreaField   FieldType = "textarea"
	NumberField     FieldType = "number"
	YearField       FieldType = "year"
	DateField       FieldType = "date"
	EmailField      FieldType = "email"
	PhoneField      FieldType = "phone"
	IINField        FieldType = "iin"
	BINField        FieldType = "bin"
	ChoiceField     FieldType = "choice"
	CheckboxField   FieldType = "checkbox"
	ClassifierField FieldType = "classifier"
	AddressField    FieldType = "address"
	AddressesField  FieldType = "addresses"
	TableField      FieldType = "table"
	AuthorityField  FieldType = "authority"
)

// Field is one question, or one column of a table.
type Field struct {
	ID      string          `yaml:"id" json:"id"` // key in Answers; a column's key in its row
	Type    FieldType       `yaml:"type" json:"type"`
	FormKey string          `yaml:"formKey" json:"formKey,omitempty"` // label id of the legal form (forms.md), e.g. "f5.2.year"
	Label   Text            `yaml:"label" json:"label"`               // the words of the legal form where it has them
	Short   Text            `yaml:"short" json:"short,omitzero"`      // a plain or narrow label for the screen; Label when absent
	Hint    Text            `yaml:"hint" json:"hint,omitzero"`
	For     []ApplicantKind `yaml:"for" json:"for,omitempty"` // empty: everybody
	When    *Condition      `yaml:"when" json:"when,omitempty"`

	Required     bool   `yaml:"required" json:"required"`
	Autocomplete string `yaml:"autocomplete" json:"autocomplete,omitempty"` // HTML autocomplete token (WCAG 1.3.5)

	MaxLength int      `yaml:"maxLength" json:"maxLength,omitempty"` // characters: text, textarea; the other types have their own
	Min       *float64 `yaml:"min" json:"min,omitempty"`             // number, year
	Max       *float64 `yaml:"max" json:"max,omitempty"`
	Decimals  int      `yaml:"decimals" json:"decimals,omitempty"` // number: digits after the point, 0 for whole numbers

	NotFuture   bool   `yaml:"notFuture" json:"notFuture,omitempty"`     // date, year: not later than today
	NotPast     bool   `yaml:"notPast" json:"notPast,omitempty"`         // date: not earlier than today
	NotBefore   string `yaml:"notBefore" json:"notBefore,omitempty"`     // date, year: not earlier than this sibling field
	WithinYears int    `yaml:"withinYears" json:"withinYears,omitempty"` // date: not older than so many years

	Options    []Option `yaml:"options" json:"options,omitempty"`       // choice
	Classifier string   `yaml:"classifier" json:"classifier,omitempty"` // classifier: id in Service.Classifiers
	MaxItems   int      `yaml:"maxItems" json:"maxItems,omitempty"`     // classifier

	Columns []Field `yaml:"columns" json:"columns,omitempty"` // table
	MinRows int     `yaml:"minRows" json:"minRows,omitempty"` // table, addresses
	MaxRows int     `yaml:"maxRows" json:"maxRows,omitempty"`
	Paste   bool    `yaml:"paste" json:"paste,omitempty"` // table: rows may be pasted from a spreadsheet
	Length  *Length `yaml:"length" json:"length,omitempty"`
}

// Option is one value of a choice.
type Option struct {
	Value   string `yaml:"value" json:"value"`
	FormKey string `yaml:"formKey" json:"formKey,omitempty"`
	Label   Text   `yaml:"label" json:"label"`
}

// Condition shows a field only when another one of the same level (the form, or the row) has
// one of the values. A field that is not shown is not demanded and not signed.
type Condition struct {
	Field string   `yaml:"field" json:"field"`
	In    []string `yaml:"in" json:"in"` // option values; "true" or "false" for a checkbox
}

// Length adds up periods given by two date columns of a table, overlaps counted once (SF5.6).
type Length struct {
	From     string `yaml:"from" json:"from"`         // column of the first day
	To       string `yaml:"to" json:"to"`             // column of the last day; not answered: lasts until today
	MinYears int    `yaml:"minYears" json:"minYears"` // at least so many full years
}
