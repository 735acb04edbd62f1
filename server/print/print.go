// Package print draws the portal's documents as PDF: the request as the law prints it, the licence with
// its annexes, the reasoned refusal, and receipts. It is handed everything as plain values and knows no
// database, no clock and no other package of ours: the same input always gives the same bytes, so a
// document may be drawn, stored, and compared.
//
// Words stand in texts.yaml, from the forms and letters of the Standard; the code knows only where they go.
// Documents hold Kazakh and Russian, Kazakh first. Moments and dates are printed in the time of Kazakhstan
// (UTC+5 in the whole country since 1 March 2024), whatever zone a value carries.
//
// The files are made in the manner of PDF/A-2b (all fonts embedded, XMP, output intent, identifiers); they
// have not been certified by a validator.
package print

import "time"

// Text is one text in the two official languages. Where one is empty the other is printed: a name or an
// address often exists in one only.
type Text struct{ KK, RU string }

// Same is a text that reads the same in both languages: a name, a number.
func Same(s string) Text { return Text{KK: s, RU: s} }

// ApplicantKind decides the form (annex 3 or 4 of the Standard) and whether a number is an IIN or a BIN.
type ApplicantKind string

// The kinds of applicant. A sole trader is a natural person and uses form 3.
const (
	Person     ApplicantKind = "person"
	SoleTrader ApplicantKind = "sole_trader"
	Entity     ApplicantKind = "entity"
)

// Authority is the licensor as letters name it.
type Authority struct {
	Name    Text
	Address Text
	Phone   string
}

// Party is a natural or legal person with number and address.
type Party struct {
	Kind    ApplicantKind
	Name    Text
	ID      string // IIN or BIN, 12 digits
	Address Text
}

// EDS is the note about the electronic signature. The signature itself is in the file; the note says who
// signs and when to a reader of the picture.
type EDS struct {
	Signer string
	At     time.Time
}

// LicenceDocument is a licence with its annexes (facts §10, forms.md §6 and §7): one PDF, the licence on
// the first page, each annex from a new page.
type LicenceDocument struct {
	Number        string // "KZ80DEM00000418"
	IssuedOn      time.Time
	FirstIssuedOn time.Time
	Holder        Party
	Activity      Text // empty: "Medical activity"
	Conditions    Text // empty: none, without limit of time
	Note          Text // empty: "Non-transferable, class 1"
	Licensor      Text
	Head          string
	Place         Text
	Replaces      string // number of the licence in place of which this one is issued; empty for a first one
	Duplicate     bool
	Annexes       []Annex
	Signature     EDS
	CheckURL      string // whole address of the check page of this licence, goes into the QR code
	CheckSite     string // host as a person types it, "licences.example"
	Demo          bool   // prints the mark "not a document"
}

// Annex is one annex of a licence.
type Annex struct {
	Number        string // "001"
	IssuedOn      time.Time
	SubActivities []Text
	Objects       []Text // addresses of the objects (production base)
	Conditions    Text   // empty: none
	Basis         Text   // number and date of the order
}

// RefusalLetter is the reasoned refusal (S10.1 to S10.8, letters.md §1).
type RefusalLetter struct {
	Authority     Authority
	Applicant     Party
	OutNumber     string
	Date          time.Time
	Application   string // number that the portal gave
	InNumber      string // number of the journal of correspondence
	Filed         time.Time
	Kind          Text // what was asked for
	SubActivities []Text
	Sites         []string // addresses of activity
	Grounds       []Ground // in the order of S10; at least one
	FeePaid       bool     // adds that the fee is not refunded
	Attachments   []Text
	Head          string
	Executor      string
	ExecutorPhone string
	Signature     EDS
	CheckURL      string
	CheckSite     string
	Demo          bool
}

// Ground is one ground of S10 with what the letter must say of it. Empty parts are not printed.
type Ground struct {
	Code        string    // "S10.1" … "S10.7"
	Requirement Text      // S10.3: what is not met
	Basis       Text      // norm, act, court or body with number and date
	Amount      Text      // S10.2: the fee that is due
	Reason      Text      // what was found; S10.7: the missing documents
	Remedy      Text      // what to put right
	Deadline    time.Time // S10.7: last day of the check of completeness
}

// StartRule says from which day the term runs (facts §4).
type StartRule string

// The three rules that a receipt can print.
const (
	StartNextWorkingDay StartRule = "next"
	StartFilingDay      StartRule = "same"
	StartAfterReception StartRule = "centre"
)

// FilingReceipt is the receipt of acceptance (R6.2; forms.md §5, letters.md §2).
type FilingReceipt struct {
	Number     string
	AcceptedAt time.Time
	Service    Text
	Kind       Text
	Authority  Authority
	Applicant  Party
	Contacts   []string // e-mail, phones
	Documents  []ReceiptDocument
	DueAt      time.Time
	Term       Text // "15 жұмыс күні", "15 рабочих дней"
	Start      StartRule
	FirstDay   time.Time
	Skipped    []SkippedDays // days off between filing and the due date
	Registered time.Time     // the day on which documents that came outside working hours are registered; zero: they came within
	Clerk      string        // who accepted; empty on the portal
	Place      Text          // where the result is handed out; empty: personal cabinet
	CheckURL   string        // empty: no QR code
	Demo       bool
}

// ReceiptDocument is one line of the list of documents.
type ReceiptDocument struct {
	Name     Text
	FileName string
	Covered  bool // not needed: the details come from state information systems or a form
}

// SkippedDays is a run of days off that the term does not count; Last equals First for one day.
type SkippedDays struct {
	First, Last time.Time
	Why         Text
}

// Payment is a confirmed payment of the licence fee (S7.1, S7.2).
type Payment struct {
	Invoice     string
	Application string // number, or empty before filing
	Payer       Party
	Authority   Authority
	Purpose     Text
	AmountTiyn  int64  // paid
	MCITiyn     int64  // monthly calculation index of the day of payment
	RateMCI     string // "10": how many indices the fee is
	PaidAt      time.Time
	Gateway     Text   // name of the payment gateway
	Reference   string // the gateway's own number of the payment
	Requisites  Requisites
	CheckURL    string // empty: no QR code
	Demo        bool
}

// Requisites say where the fee goes.
type Requisites struct {
	Beneficiary    Text
	BeneficiaryBIN string
	Bank           Text
	BIC            string
	Account        string
	TaxOffice      string // КНО
	Budget         string // КБК
	Purpose        string // КНП
}
