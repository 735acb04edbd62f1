package print

import "time"

// RequestForm is the application with the form of details (annexes 3, 4 and 5 of the Standard). What the
// applicant typed stands in his words; values of dates are "2026-03-27" and are printed as dates, anything
// else is printed as it is.
type RequestForm struct {
	Reference     string // number or identifier of the request, printed at the foot of each page
	Applicant     Party  // Address: home address (form 3) or legal address (form 4)
	Head          string // of the entity, or who signs for it
	Licensor      Text
	Activity      Text // empty: "Medical activity"
	SubActivities []Text
	Paper         bool // the licence is also wanted on paper
	Email         string
	Phones        []string
	Fax           string
	BankAccount   string
	Sites         []string // addresses of activity
	Confirmed     [3]bool  // the three confirmations
	FilledOn      time.Time

	Premises     []Premises
	EquipmentAt  string // "as of" date
	Equipment    []Equipment
	StaffAt      string
	Staff        []Worker
	Education    []Education
	Training     []Training
	Work         []Work
	Experience   Text // total of Work: "7 жыл 3 ай", "7 лет 3 месяца"
	Certificates []Certificate
	Documents    []Document
	Demo         bool
	Draft        bool // for reading before the confirmations; never signed
}

// Premises is one row of section 1 of form 5 (SF5.1).
type Premises struct{ Cadastral, Location, Certificate, Lease string }

// Equipment is one row of section 2 (SF5.2).
type Equipment struct {
	Name, Country, Unit, Quantity, Year string
	NotWorking                          bool
}

// Worker is one row of section 3 (SF5.3, legal entities).
type Worker struct{ Name, Position, Education, Experience string }

// Education is one row of section 4 (SF5.4).
type Education struct {
	Speciality, Qualification, Number, Series, Institution, YearIn, YearOut, Nostrification string
}

// Training is one row of section 5 (SF5.5).
type Training struct{ Number, Course, Institution, Start, End, Hours string }

// Work is one row of section 6 (SF5.6, natural persons).
type Work struct{ Organisation, Location, Position, Hired, Dismissed string }

// Certificate is one row of section 7 (SF5.7).
type Certificate struct{ Speciality, Category, Issuer, Number, Date, Term string }

// Document is one attached file, as the manifest holds it.
type Document struct {
	Name     Text
	FileName string
	SHA256   string // hexadecimal
}
