package signing

import (
	"time"

	"elicensing/signing/profile"
)

// Report is the whole answer about one message. It can be stored and shown as JSON.
type Report struct {
	Outcome       Outcome   `json:"outcome"`                 // the verdict; only TOTAL-PASSED is a yes, see Passed
	SubIndication string    `json:"subIndication,omitempty"` // ETSI EN 319 102-1 table 6; empty when passed
	Reason        Reason    `json:"reason,omitempty"`        // stable code; empty when passed
	Policy        string    `json:"policy"`                  // name of the policy applied
	Checks        []Check   `json:"checks"`                  // in the order made; the last one decided
	Signer        *Signer   `json:"signer,omitempty"`        // of a report that did not pass: what the message claims
	SigningTime   time.Time `json:"signingTime,omitzero"`    // claimed by the signer; zero when the message has none
	// BestSignatureTime is since when the signature is shown to have existed (EN 319 102-1 §5.5.4): the
	// earliest good time stamp, or the time of checking.
	BestSignatureTime time.Time   `json:"bestSignatureTime,omitzero"`
	TimeStamps        []TimeStamp `json:"timeStamps,omitempty"` // each with its own verdict
	// Revocation is what was learnt of the certificates of the signer's path, in its order.
	Revocation []RevocationFinding `json:"revocation,omitempty"`
	Algorithm  string              `json:"algorithm,omitempty"` // of the signature, by its name in the standard
	// Evidence is what the verdict rests on; of one that did not pass, what was gathered up to the check that failed.
	Evidence Evidence `json:"evidence"`
	// Signatures are the reports of each signer of a message that has several; the report around them is
	// that of the worst.
	Signatures []Report `json:"signatures,omitempty"`
}

// TimeStamp is the verdict about one time-stamp token (RFC 3161) over the signature.
type TimeStamp struct {
	Outcome       Outcome   `json:"outcome"`                 // of EN 319 102-1 §5.4; the signature's may pass beside a bad one
	SubIndication string    `json:"subIndication,omitempty"` // of EN 319 102-1; empty when passed
	Reason        Reason    `json:"reason,omitempty"`        // stable code, empty when passed
	Time          time.Time `json:"time,omitzero"`           // that the authority states; proven only if passed
	Authority     string    `json:"authority,omitempty"`     // common name
	Detail        string    `json:"detail,omitempty"`        // English, without personal data; why not passed
	// Revocation is what was learnt of the certificates of the authority's path.
	Revocation []RevocationFinding `json:"revocation,omitempty"`
}

// Passed tells whether the time is proven.
func (t TimeStamp) Passed() bool { return t.Outcome == TotalPassed }

// Passed tells whether the signature is good. Anything but TOTAL-PASSED is not.
func (r Report) Passed() bool { return r.Outcome == TotalPassed }

// Check is one question that was asked of the message.
type Check struct {
	Name    string       `json:"name"`             // stable, kebab-case
	Rule    string       `json:"rule"`             // clause or RFC section
	Outcome CheckOutcome `json:"outcome"`          // a failed one is the last: nothing is asked after it
	Detail  string       `json:"detail,omitempty"` // English, without personal data
}

// CheckOutcome is the answer to one question.
type CheckOutcome string

const (
	CheckPassed  CheckOutcome = "passed"  // held
	CheckWarning CheckOutcome = "warning" // held, with a remark
	CheckFailed  CheckOutcome = "failed"  // did not hold, and decided the verdict
	CheckSkipped CheckOutcome = "skipped" // does not apply to this message
)

// Evidence is what the verdict rests on besides the message: keep it with the signature, so that
// the verdict can be reached again when certificates have ended.
type Evidence struct {
	Chain      [][]byte  `json:"chain,omitempty"`      // DER, signer first, root last
	StampChain [][]byte  `json:"stampChain,omitempty"` // DER of the certificates behind the time stamps
	TimeStamps [][]byte  `json:"timeStamps,omitempty"` // DER of the good tokens
	OCSP       [][]byte  `json:"ocsp,omitempty"`       // DER of OCSP responses
	CRLs       [][]byte  `json:"crls,omitempty"`       // DER
	CheckedAt  time.Time `json:"checkedAt"`            // by Options.Now: when this was gathered
}

// Kind, Role: see package profile.
type (
	Kind = profile.Kind
	Role = profile.Role
)

// The values of both, under names that need no second import. Their clause is order № 1187 of 9 December 2015, item 6.
const (
	KindPerson = profile.Person // a natural person, who signs for himself or as a sole trader
	KindEntity = profile.Entity // somebody of a legal entity: the certificate names both

	RoleHead              = profile.Head              // first head: signs everything for the entity
	RoleRightToSign       = profile.RightToSign       // empowered to sign for the entity
	RoleRightToSignMoney  = profile.RightToSignMoney  // empowered to sign its payment documents
	RoleHumanResources    = profile.HumanResources    // of its personnel service
	RoleEmployee          = profile.Employee          // without the right to sign for the entity
	RoleInformationSystem = profile.InformationSystem // a machine; no policy accepts it
)

// Signer is the holder of the signing certificate, as the national authority identified him.
type Signer struct {
	IIN          string    `json:"iin"`                    // 12 digits
	BIN          string    `json:"bin,omitempty"`          // 12 digits; empty for a natural person's certificate
	CommonName   string    `json:"commonName"`             // surname and given name
	Surname      string    `json:"surname,omitempty"`      // фамилия
	GivenName    string    `json:"givenName,omitempty"`    // имя: what is left of CommonName without Surname
	Patronymic   string    `json:"patronymic,omitempty"`   // отчество; empty when the person has none
	Organisation string    `json:"organisation,omitempty"` // name of the entity as the authority wrote it; empty for a person
	Kind         Kind      `json:"kind,omitempty"`         // empty when the profile did not fit, or was not asked for
	Roles        []Role    `json:"roles,omitempty"`        // in the entity; empty for a natural person's certificate
	SerialNumber string    `json:"serialNumber"`           // of the certificate, lower-case hexadecimal
	Certificate  []byte    `json:"certificate"`            // DER
	NotBefore    time.Time `json:"notBefore"`              // the certificate counts from then on, this second included (RFC 5280 §4.1.2.5)
	NotAfter     time.Time `json:"notAfter"`               // and up to then, this second included
}

// FullName is surname, given name and patronymic.
func (s Signer) FullName() string {
	return profile.Names{CommonName: s.CommonName, Patronymic: s.Patronymic}.FullName()
}

// Has tells whether the certificate gives its holder a role.
func (s Signer) Has(role Role) bool {
	for _, r := range s.Roles {
		if r == role {
			return true
		}
	}
	return false
}
