package server

import (
	"encoding/base64"
	"encoding/hex"
	"strconv"
	"time"

	"elicensing/payments"
	"elicensing/server/application"
	"elicensing/server/calendar"
	"elicensing/server/catalog"
	"elicensing/server/fault"
	"elicensing/server/identity"
	"elicensing/server/journal"
	"elicensing/server/licence"
)

// medicalActivity is the only service so far.
const medicalActivity = "medical-activity"

// issueResponse is what is wrong with one field of the form, and in which section it is.
type issueResponse struct {
	Path    string         `json:"path"`
	Section string         `json:"section,omitempty"`
	Code    string         `json:"code"`
	Params  map[string]any `json:"params,omitempty"`
}

func (s *Server) issues(serviceCode string, fields []fault.Field) []issueResponse {
	list := make([]issueResponse, 0, len(fields))
	service, err := s.Catalog.Service(serviceCode)
	for _, f := range fields {
		issue := issueResponse{Path: f.Name, Code: f.Code, Params: f.Params}
		if err == nil {
			if section, ok := service.SectionOf(f.Name); ok {
				issue.Section = section.ID
			}
		}
		list = append(list, issue)
	}
	return list
}

type savedResponse struct {
	Revision int             `json:"revision"`
	SavedAt  time.Time       `json:"savedAt"`
	Issues   []issueResponse `json:"issues"`
}

type toSignResponse struct {
	Content     string        `json:"content"`
	Digest      string        `json:"digest"`
	SigningTime bool          `json:"signingTime"`
	PreparedAt  time.Time     `json:"preparedAt"`
	Files       []namedDigest `json:"files,omitempty"`
}

type namedDigest struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

func toSignOf(to application.ToSign) toSignResponse {
	out := toSignResponse{Content: base64.StdEncoding.EncodeToString(to.Content), Digest: to.Digest, SigningTime: to.SigningTime, PreparedAt: to.PreparedAt}
	for _, f := range to.Files {
		out.Files = append(out.Files, namedDigest(f))
	}
	return out
}

type applicantResponse struct {
	Kind           catalog.ApplicantKind `json:"kind"`
	Name           string                `json:"name"`
	IIN            string                `json:"iin"`
	BIN            string                `json:"bin,omitempty"`
	Representative string                `json:"representative,omitempty"`
}

type summaryResponse struct {
	ID             string            `json:"id"`
	Number         *string           `json:"number,omitempty"`
	Kind           string            `json:"kind"`
	State          application.State `json:"state"`
	Applicant      applicantResponse `json:"applicant"`
	AuthorityCode  *string           `json:"authorityCode,omitempty"`
	FiledAt        *time.Time        `json:"filedAt,omitempty"`
	DueAt          *time.Time        `json:"dueAt,omitempty"`
	CreatedAt      time.Time         `json:"createdAt"`
	UpdatedAt      time.Time         `json:"updatedAt"`
	ResultOpenedAt *time.Time        `json:"resultOpenedAt,omitempty"`
}

func summaryOf(a *application.Application, who identity.Actor) summaryResponse {
	return summaryResponse{ID: a.ID.String(), Number: a.Number, Kind: a.Kind, State: application.ShownState(a, who), Applicant: applicantOf(a), AuthorityCode: a.AuthorityCode,
		FiledAt: a.FiledAt, DueAt: a.DueAt, CreatedAt: a.CreatedAt, UpdatedAt: a.UpdatedAt, ResultOpenedAt: a.ResultOpenedAt}
}

func applicantOf(a *application.Application) applicantResponse {
	return applicantResponse{Kind: a.ApplicantKind, Name: a.ApplicantName, IIN: a.ApplicantIIN, BIN: a.ApplicantBIN, Representative: a.Representative}
}

type attachmentResponse struct {
	ID         string    `json:"id"`
	Slot       string    `json:"slot"`
	Name       string    `json:"name"`
	Size       int64     `json:"size"`
	MIME       string    `json:"mime"`
	SHA256     string    `json:"sha256"`
	UploadedAt time.Time `json:"uploadedAt"`
}

type signatureResponse struct {
	Signer            string    `json:"signer"`
	Organisation      string    `json:"organisation,omitempty"`
	SignedAt          time.Time `json:"signedAt"`
	CertificateSerial string    `json:"certificateSerial"`
	Issuer            string    `json:"issuer,omitempty"`
}

type text3 struct {
	KK string `json:"kk"`
	RU string `json:"ru"`
	EN string `json:"en"`
}

type requisitesResponse struct {
	Beneficiary text3  `json:"beneficiary"`
	BIN         string `json:"bin"`
	TaxOffice   string `json:"taxOffice"`
	KBK         string `json:"kbk"`
	KNP         string `json:"knp"`
	IIK         string `json:"iik"`
	BIC         string `json:"bic"`
}

type invoiceResponse struct {
	ID               string             `json:"id"`
	Number           string             `json:"number"`
	State            string             `json:"state"`
	PaymentState     string             `json:"paymentState"`
	Amount           string             `json:"amount"`
	Fee              feeResponse        `json:"fee"`
	Requisites       requisitesResponse `json:"requisites"`
	IssuedAt         time.Time          `json:"issuedAt"`
	PaidAt           *time.Time         `json:"paidAt,omitempty"`
	GatewayReference string             `json:"gatewayReference,omitempty"`
	NowDifferent     bool               `json:"nowDifferent,omitempty"`
}

func invoiceOf(inv *payments.Invoice, now *payments.Fee) *invoiceResponse {
	if inv == nil {
		return nil
	}
	r := inv.Requisites
	out := &invoiceResponse{ID: inv.ID.String(), Number: inv.Number, State: string(inv.State), PaymentState: string(inv.Payment.State), Amount: inv.Amount.String(),
		Fee:        feeResponse{Amount: inv.Amount, MCI: inv.MCI, Coefficient: inv.Coefficient.String(), RateDay: inv.RateDay},
		Requisites: requisitesResponse{text3{r.Beneficiary, r.Beneficiary, r.Beneficiary}, r.BeneficiaryBIN, r.TaxOfficeCode, r.BudgetCode, r.PurposeCode, r.Account, r.BankCode},
		IssuedAt:   inv.OpenedAt, PaidAt: inv.PaidAt, GatewayReference: inv.Payment.Receipt, NowDifferent: now != nil && now.Amount != inv.Amount}
	switch inv.Payment.State {
	case payments.StateNone:
		out.PaymentState = "none"
	case payments.StateVoided:
		out.PaymentState = "cancelled_by_payer" // closed at the gateway, not yet here: paying gives a new page
	}
	return out
}

type termResponse struct {
	WorkingDays int                `json:"workingDays"`
	FirstDay    calendar.Date      `json:"firstDay"`
	DueAt       time.Time          `json:"dueAt"`
	Days        []calendar.TermDay `json:"days"`
	Clause      string             `json:"clause"`
}

func termOf(a *application.Application) *termResponse {
	if a.Term == nil {
		return nil
	}
	return &termResponse{a.Term.WorkingDays, a.Term.FirstDay, a.Term.Due, a.Term.Days, "S4.1"}
}

type stepResponse struct {
	Action          application.Action `json:"action"`
	Role            identity.Role      `json:"role"`
	StartedAt       time.Time          `json:"startedAt"`
	DueAt           time.Time          `json:"dueAt"`
	NormMinutes     int                `json:"normMinutes,omitempty"`
	NormWorkingDays int                `json:"normWorkingDays,omitempty"`
	UsedPercent     int                `json:"usedPercent"`
	MinutesLeft     int                `json:"minutesLeft"`
	Clause          string             `json:"clause"`
	Number          int                `json:"number"`
	Of              int                `json:"of"`
	Overdue         bool               `json:"overdue"`
}

func stepOf(r *application.Running) *stepResponse {
	if r == nil {
		return nil
	}
	return &stepResponse{r.Action, r.Role, r.StartedAt, r.DueAt, r.Norm.Minutes, r.Norm.WorkingDays, r.UsedPercent, r.MinutesLeft, r.Norm.Clause, r.Number, r.Of, r.Overdue}
}

type actionResponse struct {
	Name    application.Action `json:"name"`
	Clause  string             `json:"clause"`
	Blocked string             `json:"blocked,omitempty"`
}

type groundOffer struct {
	Code         string     `json:"code"`
	Open         bool       `json:"open"`
	ClosedReason string     `json:"closedReason,omitempty"`
	ClosesAt     *time.Time `json:"closesAt,omitempty"`
}

type decisionResponse struct {
	Kind       application.ResultKind `json:"kind"`
	Grounds    []application.Ground   `json:"grounds,omitempty"`
	PreparedAt time.Time              `json:"preparedAt"`
	PreparedBy string                 `json:"preparedBy"`
}

type resultResponse struct {
	Kind          application.ResultKind `json:"kind"`
	SignedAt      time.Time              `json:"signedAt"`
	Signer        string                 `json:"signer"`
	LicenceNumber *string                `json:"licenceNumber,omitempty"`
	AnnexNumber   string                 `json:"annexNumber,omitempty"`
	Grounds       []application.Ground   `json:"grounds,omitempty"`
	OpenedAt      *time.Time             `json:"openedAt,omitempty"`
}

type completenessResponse struct {
	ClosesAt    time.Time  `json:"closesAt"`
	Open        bool       `json:"open"`
	ConfirmedAt *time.Time `json:"confirmedAt,omitempty"`
}

type personRef struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type historyEvent struct {
	At        time.Time      `json:"at"`
	Action    string         `json:"action"`
	ActorRole string         `json:"actorRole,omitempty"`
	ActorName string         `json:"actorName,omitempty"`
	Params    map[string]any `json:"params,omitempty"`
}

type fullApplication struct {
	summaryResponse
	Service        string                `json:"service"`
	ServiceVersion string                `json:"serviceVersion"`
	Answers        catalog.Answers       `json:"answers"`
	Revision       int                   `json:"revision"`
	SavedAt        time.Time             `json:"savedAt"`
	Attachments    []attachmentResponse  `json:"attachments"`
	Signature      *signatureResponse    `json:"signature,omitempty"`
	Invoice        *invoiceResponse      `json:"invoice,omitempty"`
	Term           *termResponse         `json:"term,omitempty"`
	IncomingNumber *string               `json:"incomingNumber,omitempty"`
	RegisteredAt   *time.Time            `json:"registeredAt,omitempty"`
	Executor       *personRef            `json:"executor,omitempty"`
	Completeness   *completenessResponse `json:"completeness,omitempty"`
	Result         *resultResponse       `json:"result,omitempty"`
	Step           *stepResponse         `json:"step,omitempty"`
	Actions        []actionResponse      `json:"actions"`
	History        []historyEvent        `json:"history"`

	// Officials only.
	Resolution string             `json:"resolution,omitempty"`
	Checklist  []application.Mark `json:"checklist,omitempty"`
	Grounds    []groundOffer      `json:"grounds,omitempty"`
	Decision   *decisionResponse  `json:"decision,omitempty"`
	Remarks    string             `json:"remarks,omitempty"`
}

// applicationResponse is the public shape of an application. What an applicant must not know before the decision is signed is not in it.
func applicationResponse(v *application.View, who identity.Actor) fullApplication {
	a := &v.Application
	out := fullApplication{summaryResponse: summaryOf(a, who), Service: a.ServiceCode, ServiceVersion: strconv.Itoa(a.ServiceVersion), Answers: a.Answers, Revision: a.Revision,
		SavedAt: a.SavedAt, Attachments: []attachmentResponse{}, Invoice: invoiceOf(v.Invoice, v.FeeNow), Term: termOf(a), IncomingNumber: a.IncomingNumber, RegisteredAt: a.RegisteredAt,
		Step: stepOf(v.Running), Actions: []actionResponse{}, History: historyOf(v, who)}
	for _, x := range v.Attachments {
		out.Attachments = append(out.Attachments, attachmentResponse{x.ID.String(), x.Slot, x.Name, x.Size, x.MIME, hex.EncodeToString(x.SHA256), x.UploadedAt})
	}
	for _, o := range v.Offers {
		out.Actions = append(out.Actions, actionResponse{o.Action, o.Clause, o.Blocked})
	}
	if g := v.Signature; g != nil {
		out.Signature = &signatureResponse{g.SignerName, g.Organisation, g.SignedAt, g.CertificateSerial, g.Issuer}
	}
	if v.Executor != nil {
		out.Executor = &personRef{v.Executor.ID.String(), v.Executor.Name}
	}
	if a.CompletenessClosesAt != nil {
		out.Completeness = &completenessResponse{*a.CompletenessClosesAt, v.CompletenessOpen, a.CompletenessConfirmedAt}
	}
	if r := v.Result; r != nil {
		out.Result = &resultResponse{Kind: r.Kind, SignedAt: r.SignedAt, Signer: r.SignerName, LicenceNumber: r.LicenceNumber, OpenedAt: a.ResultOpenedAt}
		if r.Kind == application.ResultLicence {
			out.Result.AnnexNumber = application.FirstAnnex
		} else if a.Decision != nil {
			out.Result.Grounds = a.Decision.Grounds
		}
	}
	if v.Official {
		out.Resolution, out.Checklist, out.Remarks = a.Resolution, a.Checklist, a.Remarks
		if d := a.Decision; d != nil {
			out.Decision = &decisionResponse{d.Kind, d.Grounds, d.PreparedAt, d.PreparedBy}
		}
		for _, g := range v.Grounds {
			out.Grounds = append(out.Grounds, groundOffer{g.Code, g.Closed == "", g.Closed, g.ClosesAt})
		}
	}
	return out
}

// applicantSees are the journal's actions that an applicant reads, with the facts that may be shown; the rest is the officials' own work.
var applicantSees = map[string][]string{
	"create": nil, "sign": {"invoice"}, "reopen": nil, "file": {"number", "due", "amount"}, "register": {"incomingNumber"}, "assign": nil,
	"confirm_complete": nil, "sign_result": {"kind", "licence"}, "withdraw": nil, "open_result": nil,
}

// draftWork are actions that would drown the history: saving, attaching.
var draftWork = map[string]bool{"attach": true, "detach": true, "save_checklist": true}

// historyOf is the journal in the words of its reader: officials see everything with names, an applicant sees roles and his own name.
func historyOf(v *application.View, who identity.Actor) []historyEvent {
	list := []historyEvent{}
	for _, e := range v.History {
		if v.Official {
			list = append(list, historyEvent{e.At, e.Action, e.ActorRole, e.ActorName, e.Details})
			continue
		}
		keys, shown := applicantSees[e.Action]
		if !shown || draftWork[e.Action] {
			continue
		}
		list = append(list, historyEvent{e.At, e.Action, e.ActorRole, ownName(e, who), only(e.Details, keys)})
	}
	return list
}

func ownName(e journal.Entry, who identity.Actor) string {
	if e.ActorRole == string(identity.Applicant) {
		return e.ActorName
	}
	return ""
}

func only(details journal.Details, keys []string) map[string]any {
	out := map[string]any{}
	for _, k := range keys {
		if v, ok := details[k]; ok {
			out[k] = v
		}
	}
	return out
}

type queueItem struct {
	ID             string              `json:"id"`
	Number         *string             `json:"number"`
	IncomingNumber *string             `json:"incomingNumber,omitempty"`
	Kind           string              `json:"kind"`
	State          application.State   `json:"state"`
	ApplicantName  string              `json:"applicantName"`
	ApplicantID    string              `json:"applicantId"`
	ExecutorName   string              `json:"executorName,omitempty"`
	Urgency        application.Urgency `json:"urgency"`
	Step           *stepResponse       `json:"step,omitempty"`
	FiledAt        *time.Time          `json:"filedAt,omitempty"`
	DueAt          *time.Time          `json:"dueAt"`
	Mine           bool                `json:"mine"`
}

type countsResponse struct {
	All     int `json:"all"`
	Mine    int `json:"mine"`
	Overdue int `json:"overdue"`
	Today   int `json:"today"`
}

type queueResponse struct {
	Items        []queueItem    `json:"items"`
	Counts       countsResponse `json:"counts"`
	Now          time.Time      `json:"now"`
	WorkingUntil time.Time      `json:"workingUntil"`
	Next         string         `json:"next,omitempty"`
}

func (s *Server) queueItemOf(r *application.QueueRow, now time.Time) (queueItem, error) {
	running, err := s.Applications.Running(&r.Application, now)
	if err != nil {
		return queueItem{}, err
	}
	holder := r.ApplicantIIN
	if r.ApplicantBIN != "" {
		holder = r.ApplicantBIN
	}
	return queueItem{r.ID.String(), r.Number, r.IncomingNumber, r.Kind, r.State, r.ApplicantName, holder, r.ExecutorName, r.Urgency, stepOf(running), r.FiledAt, r.DueAt, r.Mine}, nil
}

type executorResponse struct {
	ID               string `json:"id"`
	Name             string `json:"name"`
	OpenApplications int    `json:"openApplications"`
}

type incomingResponse struct {
	IncomingNumber    string    `json:"incomingNumber"`
	RegisteredAt      time.Time `json:"registeredAt"`
	ApplicationID     string    `json:"applicationId"`
	ApplicationNumber string    `json:"applicationNumber"`
	ApplicantName     string    `json:"applicantName"`
	RegisteredBy      string    `json:"registeredBy,omitempty"`
}

type annexRef struct {
	Number   string `json:"number"`
	IssuedOn string `json:"issuedOn"`
}

// publicLicence holds exactly what anyone may know of a licence (I22): the holder's BIN, never a person's IIN.
type publicLicence struct {
	Number        string         `json:"number"`
	Holder        string         `json:"holder"`
	BIN           string         `json:"bin,omitempty"`
	Activity      catalog.Text   `json:"activity"`
	SubActivities []catalog.Text `json:"subActivities"`
	Addresses     []string       `json:"addresses"`
	Annexes       []annexRef     `json:"annexes"`
	IssuedOn      string         `json:"issuedOn"`
	FirstIssuedOn string         `json:"firstIssuedOn"`
	ValidUntil    string         `json:"validUntil,omitempty"`
	Status        licence.Status `json:"status"`
	Licensor      text3          `json:"licensor"`
	AsOf          time.Time      `json:"asOf"`
}

func (s *Server) publicLicence(l licence.Licence) (publicLicence, error) {
	service, err := s.Catalog.Service(medicalActivity)
	if err != nil {
		return publicLicence{}, err
	}
	authority, err := s.Directory.Authority(l.AuthorityCode)
	if err != nil {
		return publicLicence{}, err
	}
	now := s.Now()
	out := publicLicence{Number: l.Number, Holder: l.HolderName, BIN: l.HolderBIN, Activity: service.Activity, SubActivities: namesOf(l.SubActivities), Addresses: l.Addresses,
		Annexes: []annexRef{{l.AnnexNumber, day(l.IssuedOn)}}, IssuedOn: day(l.IssuedOn), FirstIssuedOn: day(l.FirstIssuedOn), Status: l.StatusOn(s.Calendar.DateOf(now)),
		Licensor: text3{authority.Name.KK, authority.Name.RU, authority.Name.EN}, AsOf: now}
	if l.ValidUntil != nil {
		out.ValidUntil = day(*l.ValidUntil)
	}
	return out, nil
}

func namesOf(items []catalog.Item) []catalog.Text {
	names := make([]catalog.Text, 0, len(items))
	for _, i := range items {
		names = append(names, i.Name)
	}
	return names
}

func day(t time.Time) string { return t.Format(time.DateOnly) }

type signatureAnswer struct {
	Answer       application.Answer `json:"answer"`
	Reason       string             `json:"reason,omitempty"`
	Signer       string             `json:"signer,omitempty"`
	Organisation string             `json:"organisation,omitempty"`
	SignedAt     *time.Time         `json:"signedAt,omitempty"`
}

type registerAnswer struct {
	Answer string                 `json:"answer"`
	Kind   application.ResultKind `json:"kind,omitempty"`
}

type forceAnswer struct {
	Answer string         `json:"answer"`
	Status licence.Status `json:"status,omitempty"`
}

type verdictResponse struct {
	Signature signatureAnswer `json:"signature"`
	Register  registerAnswer  `json:"register"`
	InForce   forceAnswer     `json:"inForce"`
	Licence   *publicLicence  `json:"licence,omitempty"`
	AsOf      time.Time       `json:"asOf"`
}

type myLicence struct {
	Number        string         `json:"number"`
	AnnexNumber   string         `json:"annexNumber"`
	IssuedOn      string         `json:"issuedOn"`
	Status        licence.Status `json:"status"`
	ApplicationID string         `json:"applicationId"`
	SubActivities []catalog.Text `json:"subActivities"`
}

type processStep struct {
	Action          application.Action  `json:"action"`
	From            application.State   `json:"from"`
	To              application.State   `json:"to"`
	By              identity.Role       `json:"by"`
	Via             application.Channel `json:"via"`
	NormMinutes     int                 `json:"normMinutes,omitempty"`
	NormWorkingDays int                 `json:"normWorkingDays,omitempty"`
	Clause          string              `json:"clause"`
}
