package application

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"elicensing/payments"
	"elicensing/server/calendar"
	"elicensing/server/identity"
	"elicensing/server/journal"
	"elicensing/server/print"
	"elicensing/signing/asice"
	"elicensing/signing/pades"
)

// Paper is a document of an application for download.
type Paper struct {
	Name string // file name, without anything personal
	MIME string
	Data []byte
	// Write, when not nil, writes the document in place of Data: one too big to be held in memory. Its error leaves the document cut short.
	Write func(io.Writer) error
}

const pdfType = "application/pdf"

// papers are the documents of an application by the name in their address.
var papers = map[string]func(s *Service, ctx context.Context, who identity.Actor, a *Application) (Paper, error){
	"request.pdf":         (*Service).requestPDF,
	"request.asice":       (*Service).requestContainer,
	"receipt.pdf":         (*Service).filingReceipt,
	"payment-receipt.pdf": (*Service).paymentReceipt,
	"non-submission.pdf":  (*Service).nonSubmissionPDF,
	"result.pdf":          (*Service).resultPDF,
	"result-archive.pdf":  (*Service).resultArchive,
}

// Paper gives one document of an application to whoever may see the application. A document that does not exist yet is not found.
func (s *Service) Paper(ctx context.Context, who identity.Actor, id uuid.UUID, name string) (Paper, error) {
	make, ok := papers[name]
	if !ok {
		return Paper{}, errNotFound
	}
	a, err := readVisible(s.DB.WithContext(ctx), who, id)
	if err != nil {
		return Paper{}, err
	}
	paper, err := make(s, ctx, who, a)
	if err != nil {
		return Paper{}, err
	}
	paper.Name = name
	if a.Number != nil {
		paper.Name = *a.Number + "-" + name
	}
	return paper, nil
}

func (s *Service) requestPDF(ctx context.Context, _ identity.Actor, a *Application) (Paper, error) {
	if a.DocumentID == nil {
		return Paper{}, errNotFound
	}
	doc, err := readRequest(s.DB.WithContext(ctx), *a.DocumentID)
	if err != nil {
		return Paper{}, err
	}
	return Paper{MIME: pdfType, Data: doc.RequestPDF}, nil
}

func (s *Service) requestContainer(ctx context.Context, _ identity.Actor, a *Application) (Paper, error) {
	db := s.DB.WithContext(ctx)
	signature, err := signatureOf(db, a.ID, purposeRequest)
	if err != nil {
		return Paper{}, err
	}
	if a.DocumentID == nil || signature == nil {
		return Paper{}, errNotFound
	}
	doc, err := readRequest(db, *a.DocumentID)
	if err != nil {
		return Paper{}, err
	}
	write, err := s.container(doc, signature)
	return Paper{MIME: asice.MediaType, Write: write}, err
}

// filingReceipt is the receipt of acceptance (R6.2), drawn from what was fixed at filing.
func (s *Service) filingReceipt(ctx context.Context, _ identity.Actor, a *Application) (Paper, error) {
	if a.FiledAt == nil || a.Term == nil {
		return Paper{}, errNotFound
	}
	service, err := s.serviceOf(a)
	if err != nil {
		return Paper{}, err
	}
	kind, err := s.kindOf(a)
	if err != nil {
		return Paper{}, err
	}
	authority, err := s.Directory.Authority(*a.AuthorityCode)
	if err != nil {
		return Paper{}, err
	}
	doc, err := readRequest(s.DB.WithContext(ctx), *a.DocumentID)
	if err != nil {
		return Paper{}, err
	}
	in := service.Signed(a.ApplicantKind, a.Answers)
	receipt := print.FilingReceipt{Number: *a.Number, AcceptedAt: *a.FiledAt, Service: printText(service.Title), Kind: printText(kind.Title), Authority: printAuthority(authority),
		Applicant: applicantParty(a, in), DueAt: *a.DueAt, Start: print.StartNextWorkingDay, FirstDay: s.dayTime(a.Term.FirstDay), Demo: s.Demo,
		Term: print.Text{KK: strconv.Itoa(a.Term.WorkingDays) + " жұмыс күні", RU: strconv.Itoa(a.Term.WorkingDays) + " рабочих дней"}}
	if opening, err := s.Calendar.AddWorkingMinutes(*a.FiledAt, 0); err != nil {
		return Paper{}, fmt.Errorf("when the authority opens: %w", err)
	} else if opening.After(*a.FiledAt) {
		receipt.Registered = opening
	}
	if a.Term.Start == calendar.FilingDay {
		receipt.Start = print.StartFilingDay
	}
	for _, contact := range []string{in.String("email"), in.String("phone"), in.String("phone2")} {
		if contact != "" {
			receipt.Contacts = append(receipt.Contacts, contact)
		}
	}
	titles := slotTitles(service)
	receipt.Documents = append(receipt.Documents, print.ReceiptDocument{Name: print.Text{KK: "Өтініш және мәліметтер нысаны", RU: "Заявление и форма сведений"}, FileName: requestPDFName})
	for _, x := range doc.Attachments {
		receipt.Documents = append(receipt.Documents, print.ReceiptDocument{Name: printText(titles[x.Slot]), FileName: x.Title})
	}
	receipt.Skipped = s.skipped(a.Term)
	data, err := print.Receipt(receipt)
	if err != nil {
		return Paper{}, fmt.Errorf("draw receipt: %w", err)
	}
	return Paper{MIME: pdfType, Data: data}, nil
}

// skipped gathers the days off of a term into runs with one reason.
func (s *Service) skipped(term *calendar.Term) []print.SkippedDays {
	var runs []print.SkippedDays
	var last calendar.Date
	for _, d := range term.Days {
		if d.Kind != calendar.Skipped {
			continue
		}
		why := print.Text{KK: d.Reason.KK, RU: d.Reason.RU}
		if n := len(runs); n > 0 && last.AddDays(1) == d.Date && runs[n-1].Why == why {
			runs[n-1].Last = s.dayTime(d.Date)
		} else {
			runs = append(runs, print.SkippedDays{First: s.dayTime(d.Date), Last: s.dayTime(d.Date), Why: why})
		}
		last = d.Date
	}
	return runs
}

func (s *Service) dayTime(d calendar.Date) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, s.Calendar.Zone())
}

func (s *Service) paymentReceipt(ctx context.Context, _ identity.Actor, a *Application) (Paper, error) {
	invoices, err := s.Payments.ByApplication(ctx, a.ID)
	if err != nil {
		return Paper{}, err
	}
	for _, inv := range invoices {
		if inv.State == payments.InvoicePaid {
			return s.drawPaymentReceipt(a, inv)
		}
	}
	return Paper{}, errNotFound
}

func (s *Service) drawPaymentReceipt(a *Application, inv payments.Invoice) (Paper, error) {
	code := inv.Requisites.Authority
	if code == "" {
		code = *a.AuthorityCode
	}
	authority, err := s.Directory.Authority(code)
	if err != nil {
		return Paper{}, err
	}
	number := ""
	if a.Number != nil {
		number = *a.Number
	}
	r := inv.Requisites
	data, err := print.PaymentReceipt(print.Payment{Invoice: inv.Number, Application: number, Payer: payerOf(a, inv),
		Authority: printAuthority(authority), Purpose: print.Text{KK: purposeOfFeeKK, RU: purposeOfFee}, AmountTiyn: int64(inv.Amount), MCITiyn: int64(inv.MCI), RateMCI: inv.Coefficient.String(),
		PaidAt: *inv.PaidAt, Gateway: gatewayNames[inv.Payment.Gateway], Reference: inv.Payment.Receipt,
		Requisites: print.Requisites{Beneficiary: print.Same(r.Beneficiary), BeneficiaryBIN: r.BeneficiaryBIN, BIC: r.BankCode, Account: r.Account, TaxOffice: r.TaxOfficeCode,
			Budget: r.BudgetCode, Purpose: r.PurposeCode}, Demo: s.Demo})
	if err != nil {
		return Paper{}, fmt.Errorf("draw payment receipt: %w", err)
	}
	return Paper{MIME: pdfType, Data: data}, nil
}

// payerOf is who paid, as the invoice froze it: a later change of the person's name does not change a receipt.
func payerOf(a *Application, inv payments.Invoice) print.Party {
	return print.Party{Kind: print.ApplicantKind(a.ApplicantKind), Name: print.Same(inv.PayerName), ID: inv.PayerID()}
}

// gatewayNames are printed on the receipt of the fee: where the payment was made (S7.1, S7.2).
var gatewayNames = map[payments.Via]print.Text{
	payments.Online:    {KK: "«Электрондық үкіметтің» төлем шлюзі (ЭҮТШ)", RU: "Платёжный шлюз «электронного правительства» (ПШЭП)"},
	payments.ByReceipt: {KK: "Банк, растайтын құжат – түбіртек", RU: "Банк, подтверждающий документ – квитанция"},
}

// resultPDF gives the result as it was signed. The applicant's first opening is recorded (R10.7).
func (s *Service) resultPDF(ctx context.Context, who identity.Actor, a *Application) (Paper, error) {
	result, err := s.openResult(ctx, who, a)
	return Paper{MIME: pdfType, Data: result.PDF}, err
}

// resultArchive is the result with what proves its signature behind it (PAdES-LT, ETSI EN 319 142-1 §5.4): it can be verified without a network for as
// long as it is kept.
func (s *Service) resultArchive(ctx context.Context, who identity.Actor, a *Application) (Paper, error) {
	result, err := s.openResult(ctx, who, a)
	if err != nil {
		return Paper{}, err
	}
	evidence, err := evidenceOf(s.DB.WithContext(ctx), result.SignatureID)
	if err != nil {
		return Paper{}, err
	}
	pdf, err := pades.AddStore(result.PDF, evidence.Store())
	if err != nil {
		return Paper{}, fmt.Errorf("add the security store: %w", err)
	}
	return Paper{MIME: pdfType, Data: pdf}, nil
}

// openResult reads the result, and records that its applicant opened it (R10.7).
func (s *Service) openResult(ctx context.Context, who identity.Actor, a *Application) (Result, error) {
	var found []Result
	if err := s.DB.WithContext(ctx).Where("application_id = ?", a.ID).Limit(1).Find(&found).Error; err != nil {
		return Result{}, fmt.Errorf("read result: %w", err)
	}
	if len(found) == 0 {
		return Result{}, errNotFound
	}
	if a.ownedBy(who) && a.ResultOpenedAt == nil {
		if err := s.noteOpened(ctx, who, a); err != nil {
			return Result{}, err
		}
	}
	return found[0], nil
}

func (s *Service) noteOpened(ctx context.Context, who identity.Actor, a *Application) error {
	return s.DB.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		now := s.Now()
		done := tx.Model(&Application{}).Where("id = ? AND result_opened_at IS NULL", a.ID).Update("result_opened_at", now)
		if done.Error != nil {
			return fmt.Errorf("note opening: %w", done.Error)
		}
		if done.RowsAffected == 0 {
			return nil
		}
		return journal.Record(tx, journal.Entry{At: now, ApplicationID: &a.ID, Action: "open_result", FromState: string(a.State), ToState: string(a.State),
			ActorRole: string(identity.Applicant), ActorIIN: who.IIN, ActorName: who.Name})
	})
}
