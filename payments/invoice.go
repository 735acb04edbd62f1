package payments

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
)

// Invoice asks one payer for the fee of one application (S7.1). All of it but the state
// is fixed when it is opened: the payer, the arithmetic and the requisites are those of
// that day, whatever is edited later.
type Invoice struct {
	ID            uuid.UUID `gorm:"primaryKey"`
	Number        string
	ApplicationID uuid.UUID
	Kind          Kind
	PayerIIN      string `gorm:"column:payer_iin"`
	PayerBIN      string `gorm:"column:payer_bin"`
	PayerName     string
	Purpose       string
	Requisites    Requisites  `gorm:"embedded"`
	MCI           Tiyn        `gorm:"column:mci_tiyn"`
	Coefficient   Coefficient `gorm:"column:coefficient"`
	Amount        Tiyn        `gorm:"column:amount_tiyn"`
	RateDay       string      // the day in Kazakhstan whose rate this is: "2026-11-22"
	PayBefore     time.Time   // the first moment at which the rate may be another
	State         InvoiceState
	OpenedAt      time.Time
	PaidAt        *time.Time // as the gateway tells it
	CancelledAt   *time.Time

	// Payment is its one payment at the gateway; State is StateNone before the first Start.
	Payment Payment `gorm:"-"`
}

// TableName tells GORM.
func (Invoice) TableName() string { return "invoices" }

// PayerID is the number under which the payer pays: the BIN of an organisation, else the
// IIN.
func (i Invoice) PayerID() string {
	if i.PayerBIN != "" {
		return i.PayerBIN
	}
	return i.PayerIIN
}

// Payment is the one payment of an invoice at the gateway, as far as we know.
type Payment struct {
	InvoiceID uuid.UUID `gorm:"primaryKey"`
	Gateway   Via
	// GatewayID is nil while no answer of the gateway has named it.
	GatewayID *string
	PageURL   string
	ReturnURL string
	State     PaymentState
	Version   int64
	// RefundedVersion is the version under which the gateway said that it gave the money back; 0 when it said no such thing.
	RefundedVersion int64
	Receipt         string // the gateway's number of the payment document, once paid
	BegunAt         time.Time
	ChangedAt       time.Time
	CheckedAt       time.Time
}

// TableName tells GORM.
func (Payment) TableName() string { return "gateway_payments" }

// Requisites say where the money goes. They belong to the authority and are frozen on
// the invoice.
type Requisites struct {
	TaxOfficeCode  string // КНО
	BudgetCode     string // КБК, 105402 for this fee
	PurposeCode    string // КНП, 911 for this fee
	Beneficiary    string
	BeneficiaryBIN string `gorm:"column:beneficiary_bin"`
	Account        string // IIK of the beneficiary
	BankCode       string // BIC of its bank
	// Authority is the caller's code of whose requisites these are; nothing is asked of it.
	Authority string `gorm:"column:authority_code" json:"-"`
}

// InvoiceRequest is what an invoice is opened with. At least one of the payer's numbers
// is needed; with a BIN the organisation is the payer.
type InvoiceRequest struct {
	ApplicationID uuid.UUID
	PayerIIN      string
	PayerBIN      string
	PayerName     string
	Kind          Kind
	Purpose       string
	Requisites    Requisites
	// RateAt is the moment whose rate counts; zero for now. Who paid at a bank owes the fee of the day on which he paid.
	RateAt time.Time
}

// The longest texts that a gateway is asked to show.
const (
	maxName    = 300
	maxPurpose = 500
)

// check refuses a request that would make an invoice nobody could pay. Check digits of
// IIN and BIN are not demanded: the numbers come from certificates as they stand.
func (r InvoiceRequest) check() error {
	problem := ""
	switch {
	case r.ApplicationID == uuid.Nil:
		problem = "no application"
	case r.PayerIIN == "" && r.PayerBIN == "":
		problem = "no payer"
	case r.PayerIIN != "" && !digits(r.PayerIIN, 12), r.PayerBIN != "" && !digits(r.PayerBIN, 12):
		problem = "the payer's number is not 12 digits"
	case !text(r.PayerName, maxName):
		problem = "no name of the payer, or not fit to print"
	case !text(r.Purpose, maxPurpose):
		problem = "no purpose, or not fit to print"
	case !text(r.Requisites.TaxOfficeCode, 20), !text(r.Requisites.Account, 40), !text(r.Requisites.BankCode, 20),
		!text(r.Requisites.Beneficiary, maxName):
		problem = "incomplete requisites"
	case !digits(r.Requisites.BudgetCode, 6), !digits(r.Requisites.PurposeCode, 3), !digits(r.Requisites.BeneficiaryBIN, 12):
		problem = "a code of the requisites has a wrong form"
	}
	if problem != "" {
		return fmt.Errorf("%s: %w", problem, ErrInvoiceInvalid)
	}
	return nil
}

func digits(s string, n int) bool {
	return len(s) == n && strings.Trim(s, "0123456789") == ""
}

// text reports whether a stranger's page may print s: there is something, not too much,
// and no control characters.
func text(s string, most int) bool {
	if strings.TrimSpace(s) == "" || !utf8.ValidString(s) || utf8.RuneCountInString(s) > most {
		return false
	}
	return strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f }) < 0
}
