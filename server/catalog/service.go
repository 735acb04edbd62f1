// Package catalog holds public services as declarations: what is asked, which documents, which
// term and fee, which texts. A declaration is a file in services/; it is decoded strictly and
// cross-checked when the program starts, so that a bad one stops the program and names the line.
//
// An application is judged by the declaration under which it was begun, so code and version are
// stored with it and a released declaration is never edited: a changed rule is a new version.
//
// The types here are also the public shape: the page draws the form from their JSON.
package catalog

// Text is one text for people in the three languages of the portal. Kazakh and Russian are
// official, English is for the screen.
type Text struct {
	KK string `yaml:"kk" json:"kk"`
	RU string `yaml:"ru" json:"ru"`
	EN string `yaml:"en" json:"en"`
}

// IsZero is true for a text that was not given.
func (t Text) IsZero() bool { return t == Text{} }

// In returns the text in "kk", "ru" or "en"; an unknown language gets Russian, the language in
// which the two governing documents are written.
func (t Text) In(lang string) string {
	switch lang {
	case "kk":
		return t.KK
	case "en":
		return t.EN
	default:
		return t.RU
	}
}

// ApplicantKind is who applies (facts.md §1). A sole trader is a natural person who uses form 3.
type ApplicantKind string

// The three kinds of applicant.
const (
	Person     ApplicantKind = "person"
	SoleTrader ApplicantKind = "sole_trader"
	Entity     ApplicantKind = "entity"
)

// ApplicantKinds lists all kinds in the order in which they are shown.
var ApplicantKinds = []ApplicantKind{Person, SoleTrader, Entity}

// Service is one public service of one version. It is shared and never changed after Load.
type Service struct {
	Code         string        `yaml:"code" json:"code"`       // e.g. "medical-activity"
	Version      int           `yaml:"version" json:"version"` // 1, 2, …; stored with each application
	Title        Text          `yaml:"title" json:"title"`
	Clause       string        `yaml:"clause" json:"clause"`
	Activity     Text          `yaml:"activity" json:"activity"` // the licensed kind of activity, as the licence prints it
	Kinds        []Kind        `yaml:"kinds" json:"kinds"`
	Card         Card          `yaml:"card" json:"card"`
	Upload       UploadLimits  `yaml:"upload" json:"upload"`
	Sections     []Section     `yaml:"sections" json:"sections"`
	Requirements []Requirement `yaml:"requirements" json:"requirements"`
	Classifiers  []Classifier  `yaml:"classifiers" json:"classifiers"`
	AddressParts []AddressPart `yaml:"-" json:"addressParts"` // the inputs of every address field

	authorities map[string]bool // codes that an authority field accepts
}

// Kind is what is asked for: a licence now; an annex, a re-issue, a duplicate later.
type Kind struct {
	Code  string `yaml:"code" json:"code"` // "licence"
	Title Text   `yaml:"title" json:"title"`
	Term  Term   `yaml:"term" json:"term"`
	Fee   Fee    `yaml:"fee" json:"fee"`
	Norms []Norm `yaml:"norms" json:"norms"`
}

// Term is the limit of the whole service.
type Term struct {
	WorkingDays int    `yaml:"workingDays" json:"workingDays"`
	Start       string `yaml:"start" json:"start"` // "next_working_day" or "filing_day": which day is day 1
	Clause      string `yaml:"clause" json:"clause"`
}

// Fee names the rate; the amount is dated data of the payments side. Kind "" means no fee.
type Fee struct {
	Kind   string `yaml:"kind" json:"kind"` // "licence"
	Clause string `yaml:"clause" json:"clause"`
}

// Norm is the limit of one step of the process: either working minutes or working days.
type Norm struct {
	Step        string `yaml:"step" json:"step"` // register, assign, check, prepare, sign, hand_out
	Minutes     int    `yaml:"minutes" json:"minutes,omitempty"`
	WorkingDays int    `yaml:"workingDays" json:"workingDays,omitempty"`
	Clause      string `yaml:"clause" json:"clause"`
}

// Card is what a person reads before deciding to apply.
type Card struct {
	Lead          Text           `yaml:"lead" json:"lead"`
	Who           []Passage      `yaml:"who" json:"who"` // who may apply
	MinutesToFill int            `yaml:"minutesToFill" json:"minutesToFill"`
	Fee           Text           `yaml:"fee" json:"fee"`
	Term          Text           `yaml:"term" json:"term"`
	Documents     []CardDocument `yaml:"documents" json:"documents"`
	Requirements  Text           `yaml:"requirements" json:"requirements"`
	Results       []Passage      `yaml:"results" json:"results"`
}

// Passage is a titled paragraph with the clause that it rests on.
type Passage struct {
	Title  Text   `yaml:"title" json:"title"`
	Text   Text   `yaml:"text" json:"text"`
	Clause string `yaml:"clause" json:"clause"`
}

// CardDocument is one line of "what you will need". Needed false means that the line tells why
// the document is not asked for (S9.A2).
type CardDocument struct {
	Title  Text            `yaml:"title" json:"title"`
	Note   Text            `yaml:"note" json:"note"`
	For    []ApplicantKind `yaml:"for" json:"for,omitempty"`
	Needed bool            `yaml:"needed" json:"needed"`
	Slot   string          `yaml:"slot" json:"slot,omitempty"` // the file slot that takes it
	Clause string          `yaml:"clause" json:"clause"`
}

// Section is one page of the form.
type Section struct {
	ID     string          `yaml:"id" json:"id"`
	Title  Text            `yaml:"title" json:"title"`
	Short  Text            `yaml:"short" json:"short,omitzero"` // for the list of sections; Title when absent
	Hint   Text            `yaml:"hint" json:"hint,omitzero"`
	Clause string          `yaml:"clause" json:"clause"`
	For    []ApplicantKind `yaml:"for" json:"for,omitempty"` // empty: everybody
	Fields []Field         `yaml:"fields" json:"fields"`
	Slots  []Slot          `yaml:"slots" json:"slots,omitempty"`
}

// Slot is a place for files of one sort.
type Slot struct {
	ID        string          `yaml:"id" json:"id"`
	Title     Text            `yaml:"title" json:"title"`
	Hint      Text            `yaml:"hint" json:"hint,omitzero"`
	Clause    string          `yaml:"clause" json:"clause"`
	For       []ApplicantKind `yaml:"for" json:"for,omitempty"`
	Required  bool            `yaml:"required" json:"required"`
	MaxFiles  int             `yaml:"maxFiles" json:"maxFiles"`
	CoveredBy *Cover          `yaml:"coveredBy" json:"coveredBy,omitempty"`
}

// Cover says what makes a document needless (S9.A2): a section of the form that gives the same
// data, or a state register that answered for this applicant.
type Cover struct {
	Section  string `yaml:"section" json:"section,omitempty"`
	Register string `yaml:"register" json:"register,omitempty"` // "legal_entities", "sole_traders"
	Note     Text   `yaml:"note" json:"note"`                   // told to the applicant in place of the demand
}

// UploadLimits are told before choosing a file and held by the server. Sizes in bytes.
type UploadLimits struct {
	MaxFileBytes  int64    `yaml:"maxFileBytes" json:"maxFileBytes"`
	MaxTotalBytes int64    `yaml:"maxTotalBytes" json:"maxTotalBytes"`
	MaxFiles      int      `yaml:"maxFiles" json:"maxFiles"`
	Types         []string `yaml:"types" json:"types"` // media types by content, e.g. "application/pdf"
}

// Requirement is one line of the executor's qualification checklist; a refusal on S10.3 names
// the requirement that is not met.
type Requirement struct {
	ID       string          `yaml:"id" json:"id"`
	Text     Text            `yaml:"text" json:"text"`
	Clause   string          `yaml:"clause" json:"clause"`
	For      []ApplicantKind `yaml:"for" json:"for,omitempty"`
	Sections []string        `yaml:"sections" json:"sections"`     // sections that show the evidence
	Slots    []string        `yaml:"slots" json:"slots,omitempty"` // files that may show it
}
