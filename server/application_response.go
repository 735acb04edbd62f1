package server

import (
	"encoding/hex"
	"strconv"
	"time"

	"elicensing/server/application"
	"elicensing/server/calendar"
	"elicensing/server/catalog"
	"elicensing/server/identity"
	"elicensing/server/journal"
)

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
	// PaymentUnderWay is told in lists; one application has its invoice.
	PaymentUnderWay bool `json:"paymentUnderWay,omitempty"`
}

func summaryOf(a *application.Application, shown application.State) summaryResponse {
	return summaryResponse{ID: a.ID.String(), Number: a.Number, Kind: a.Kind, State: shown, Applicant: applicantOf(a), AuthorityCode: a.AuthorityCode,
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

type termResponse struct {
	WorkingDays int                `json:"workingDays"`
	FirstDay    calendar.Date      `json:"firstDay"`
	DueAt       time.Time          `json:"dueAt"`
	Days        []calendar.TermDay `json:"days"`
	Clause      string             `json:"clause"`
	Provisional bool               `json:"provisional,omitempty"`
}

func termOf(a *application.Application) *termResponse {
	if a.Term == nil {
		return nil
	}
	return &termResponse{a.Term.WorkingDays, a.Term.FirstDay, a.Term.Due, a.Term.Days, "S4.1", a.Term.Provisional}
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
	DaysLeft        int                `json:"daysLeft"`
	Clause          string             `json:"clause"`
	Number          int                `json:"number"`
	Of              int                `json:"of"`
	Overdue         bool               `json:"overdue"`
}

func stepOf(r *application.Running) *stepResponse {
	if r == nil {
		return nil
	}
	return &stepResponse{r.Action, r.Role, r.StartedAt, r.DueAt, r.Norm.Minutes, r.Norm.WorkingDays, r.UsedPercent, r.MinutesLeft, r.DaysLeft, r.Norm.Clause, r.Number, r.Of, r.Overdue}
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
	out := fullApplication{summaryResponse: summaryOf(a, v.Shown), Service: a.ServiceCode, ServiceVersion: strconv.Itoa(a.ServiceVersion), Answers: a.Answers, Revision: a.Revision,
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
	"create": nil, "sign": {"invoice"}, "reopen": nil, "file": {"number", "due", "amount"}, "register": {"incomingNumber"}, "assign": nil, "reassign": nil,
	"confirm_complete": nil, "sign_result": {"kind", "licence"}, "withdraw": nil, "open_result": nil,
}

// historyOf is the journal in the words of its reader: officials see everything with names, an applicant sees roles and his own name.
func historyOf(v *application.View, who identity.Actor) []historyEvent {
	list := []historyEvent{}
	for _, e := range v.History {
		if v.Official {
			list = append(list, historyEvent{e.At, e.Action, e.ActorRole, e.ActorName, e.Details})
			continue
		}
		keys, shown := applicantSees[e.Action]
		if !shown {
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
