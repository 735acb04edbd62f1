// Package application is the life of one request from the empty draft to the signed result. The process is one table (process.go); each
// use case is one file; every change of state is one transaction that holds the guarded update, the journal row and the outbox row.
//
// What a person signs is fixed before signing and stored as bytes (document.go, result.go); everything shown later is derived from these
// bytes, never the other way (I2).
package application

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"elicensing/server/calendar"
	"elicensing/server/catalog"
	"elicensing/server/identity"
)

// Application is one request as it is stored. It belongs to the applicant: a natural person by IIN, or an organisation by BIN.
type Application struct {
	ID             uuid.UUID `gorm:"primaryKey"`
	ServiceCode    string
	ServiceVersion int
	Kind           string
	Channel        Channel
	State          State

	ApplicantKind  catalog.ApplicantKind
	ApplicantIIN   string `gorm:"column:applicant_iin"` // of the person who began it; for an entity, of its representative
	ApplicantBIN   string `gorm:"column:applicant_bin"` // "" for persons
	ApplicantName  string
	Representative string // for an entity: who acts for it

	AuthorityCode *string
	Answers       catalog.Answers `gorm:"serializer:json"`
	Revision      int             // grows with each save; an older one is a conflict
	SavedAt       time.Time
	DocumentID    *uuid.UUID // the document prepared for signing; nil after any change of the draft

	Number     *string // "13-2026-000418"
	NumberYear *int
	NumberSeq  *int
	FiledAt    *time.Time
	DueAt      *time.Time
	Term       *calendar.Term `gorm:"serializer:json"`

	IncomingNumber          *string
	RegisteredAt            *time.Time
	AssignedAt              *time.Time // when the head first named an executor; the check of completeness runs from here
	ExecutorID              *uuid.UUID
	Resolution              string
	CompletenessClosesAt    *time.Time // end of the second working day after receipt (S4.3)
	CompletenessConfirmedAt *time.Time
	Checklist               []Mark    `gorm:"serializer:json"`
	Decision                *Decision `gorm:"serializer:json"`
	Remarks                 string    // of the head, on a returned decision

	StepStartedAt  *time.Time
	StepDueAt      *time.Time
	ResultOpenedAt *time.Time
	CreatedAt      time.Time
	UpdatedAt      time.Time `gorm:"autoUpdateTime:false"` // by our clock, and only with what its readers may notice
}

// TableName is the table's name for GORM.
func (Application) TableName() string { return "applications" }

// Met is the executor's answer to one requirement.
type Met string

const (
	MetYes   Met = "yes"
	MetNo    Met = "no"
	Unmarked Met = "unmarked"
)

// Mark is the executor's answer to one requirement of the qualification checklist (R5.3).
type Mark struct {
	Requirement string `json:"requirement"`
	Met         Met    `json:"met"`
	Note        string `json:"note,omitempty"`
}

// Decision is what the executor proposes and the head signs.
type Decision struct {
	Kind       ResultKind `json:"kind"`
	Grounds    []Ground   `json:"grounds,omitempty"`
	PreparedAt time.Time  `json:"preparedAt"`
	PreparedBy string     `json:"preparedBy"` // the executor's name as it was
	// PreparedByID is the employee: who prepared a decision does not sign it (I16).
	PreparedByID uuid.UUID `json:"preparedById,omitzero"`
}

// ResultKind is what ends an application.
type ResultKind string

const (
	ResultLicence ResultKind = "licence"
	ResultRefusal ResultKind = "refusal"
)

// Ground is one ground of a refusal (S10.1 to S10.7) with its reason (S10.8).
type Ground struct {
	Code        string `json:"code"`
	Reason      string `json:"reason"`
	Requirement string `json:"requirement,omitempty"` // S10.3: the requirement that is not met
	Basis       string `json:"basis,omitempty"`       // S10.1, S10.4 to S10.6: norm, act, court or body with number and date
	Remedy      string `json:"remedy,omitempty"`
}

// ownedBy tells whether the actor, in the present capacity, is the applicant.
func (a *Application) ownedBy(who identity.Actor) bool {
	switch who.Capacity {
	case identity.AsPerson:
		return a.ApplicantBIN == "" && who.IIN != "" && a.ApplicantIIN == who.IIN
	case identity.AsEntity:
		return who.BIN != "" && a.ApplicantBIN == who.BIN
	default:
		return false
	}
}

// ownCase tells whether an official has a part in the application himself, in person or through his own organisation: nobody decides in
// his own case (I16).
func (a *Application) ownCase(who identity.Actor) bool {
	return a.ApplicantIIN == who.IIN || (a.ApplicantBIN != "" && slices.Contains(who.Organisations, a.ApplicantBIN))
}

// incompletenessProposed tells whether a refusal for incompleteness waits for signature: any other decision is prepared after completeness was
// confirmed (grounds.go).
func (a *Application) incompletenessProposed() bool {
	return a.State == RefusalPrepared && a.CompletenessConfirmedAt == nil
}

// visibleTo tells whether the actor may see the application at all. Drafts and unpaid requests are the applicant's alone.
func (a *Application) visibleTo(who identity.Actor) bool {
	if who.Capacity != identity.AsOfficial {
		return a.ownedBy(who)
	}
	return a.AuthorityCode != nil && who.AuthorityCode != "" && *a.AuthorityCode == who.AuthorityCode &&
		a.State != Draft && a.State != AwaitingPayment && !a.ownCase(who)
}

// ShownState is the state under the name that the actor may see: nobody learns of a refusal before it is signed. Both prepared states look
// alike to the applicant. A refusal for incompleteness would show itself by what has not happened before it, so until it is signed its
// applicant sees the check of completeness, which indeed lasts until the head's signature (S4.3).
func ShownState(a *Application, who identity.Actor) State {
	switch {
	case who.Capacity == identity.AsOfficial:
		return a.State
	case a.incompletenessProposed():
		return Assigned
	case a.State == LicencePrepared || a.State == RefusalPrepared:
		return decisionPending
	}
	return a.State
}
