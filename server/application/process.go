package application

import (
	"time"

	"elicensing/server/fault"
	"elicensing/server/identity"
)

// State is where an application stands. Draft and AwaitingPayment belong to the applicant alone; from Filed on the law's clock runs; Issued,
// Refused and Withdrawn have no exits.
type State string

const (
	Draft           State = "draft"             // the applicant fills and attaches
	AwaitingPayment State = "awaiting_payment"  // signed and locked, the invoice is open
	Filed           State = "filed"             // received: number, moment of filing and due date exist (R6.2)
	Registered      State = "registered"        // the chancery gave the incoming number
	Assigned        State = "assigned"          // the executor checks completeness, two working days
	InReview        State = "in_review"         // the executor checks against the qualification requirements
	LicencePrepared State = "licence_prepared"  // waits for the head's signature
	RefusalPrepared State = "refusal_prepared"  // waits for the head's signature
	Issued          State = "issued"            // the signed licence is in the cabinet
	Refused         State = "refused"           // the signed refusal is in the cabinet
	Withdrawn       State = "withdrawn"         // the applicant took it back
	Gone            State = "gone"              // a discarded draft: no row is left
	decisionPending State = "decision_prepared" // what an applicant is shown in both prepared states
)

// States lists every state that a row can have.
var States = []State{Draft, AwaitingPayment, Filed, Registered, Assigned, InReview, LicencePrepared, RefusalPrepared, Issued, Refused, Withdrawn}

// Final tells whether nothing can follow.
func (s State) Final() bool { return s == Issued || s == Refused || s == Withdrawn }

// Action is what somebody does with an application.
type Action string

const (
	Save           Action = "save" // answers and scans
	Discard        Action = "discard"
	Sign           Action = "sign"
	Pay            Action = "pay"
	Reopen         Action = "reopen"
	File           Action = "file" // the confirmed payment files the application by itself
	Register       Action = "register"
	Assign         Action = "assign"
	Reassign       Action = "reassign"
	Confirm        Action = "confirm_complete"
	SaveChecklist  Action = "save_checklist"
	PrepareLicence Action = "prepare_licence"
	PrepareRefusal Action = "prepare_refusal"
	Return         Action = "return"
	SignResult     Action = "sign_result"
	Withdraw       Action = "withdraw"
)

// Channel is how an application came in. Counters and service centres come later, as rows.
type Channel string

// Portal is the only channel so far.
const Portal Channel = "portal"

// Step is one row of the process: who may do what in which state, what follows, within which norm, by which clause.
type Step struct {
	Action Action
	From   State
	To     State // equal to From where the action changes the file but not its state
	By     identity.Role
	Via    Channel
	Norm   string // the step whose limit runs while an application waits in From; the limit itself is declared by the service
	If     Guard  // nil: always
	Silent bool   // a row whose guard does not hold is as if it were not there: the reason itself must not be known
	Clause string
}

// hidden tells whether the applicant must not notice the step at all, neither by a letter nor by the moment of the last change (ShownState).
func (s Step) hidden() bool {
	return (s.From == Assigned && s.To == RefusalPrepared) || (s.From == RefusalPrepared && s.To == Assigned)
}

// Process is the whole life of an application (R5, R6.3, R10, RA). Guard, buttons, due dates, the drawn schemes and the tests come from it.
// A new step is a new row, a use case of its own and a route.
var Process = []Step{
	{Action: Save, From: Draft, To: Draft, By: identity.Applicant, Via: Portal, Clause: "R10.2"},
	{Action: Discard, From: Draft, To: Gone, By: identity.Applicant, Via: Portal, Clause: "R10.2"},
	{Action: Sign, From: Draft, To: AwaitingPayment, By: identity.Applicant, Via: Portal, Clause: "R10.3"},
	{Action: Pay, From: AwaitingPayment, To: AwaitingPayment, By: identity.Applicant, Via: Portal, Clause: "S7.2"},
	{Action: Reopen, From: AwaitingPayment, To: Draft, By: identity.Applicant, Via: Portal, Clause: "S7.1"},
	{Action: File, From: AwaitingPayment, To: Filed, By: identity.Gateway, Via: Portal, Clause: "S7.1"},
	{Action: Register, From: Filed, To: Registered, By: identity.Chancery, Via: Portal, Norm: "register", Clause: "R5.1"},
	{Action: Assign, From: Registered, To: Assigned, By: identity.Head, Via: Portal, Norm: "assign", Clause: "R5.2"},
	{Action: Reassign, From: Assigned, To: Assigned, By: identity.Head, Via: Portal, Clause: "R5.2"},
	{Action: Confirm, From: Assigned, To: InReview, By: identity.Executor, Via: Portal, Norm: "check", Clause: "S4.3"},
	{Action: PrepareRefusal, From: Assigned, To: RefusalPrepared, By: identity.Executor, Via: Portal, Norm: "check", If: withinTwoWorkingDays, Clause: "S4.4"},
	{Action: Reassign, From: InReview, To: InReview, By: identity.Head, Via: Portal, Clause: "R5.2"},
	{Action: SaveChecklist, From: InReview, To: InReview, By: identity.Executor, Via: Portal, Norm: "prepare", Clause: "R5.3"},
	{Action: PrepareLicence, From: InReview, To: LicencePrepared, By: identity.Executor, Via: Portal, Norm: "prepare", If: allRequirementsMet, Clause: "R5.4"},
	{Action: PrepareRefusal, From: InReview, To: RefusalPrepared, By: identity.Executor, Via: Portal, Norm: "prepare", Clause: "R5.3"},
	{Action: SignResult, From: LicencePrepared, To: Issued, By: identity.Head, Via: Portal, Norm: "sign", If: preparedByAnother, Clause: "R5.5"},
	{Action: SignResult, From: RefusalPrepared, To: Refused, By: identity.Head, Via: Portal, Norm: "sign", If: both(preparedByAnother, incompletenessInTime), Clause: "S10.8"},
	{Action: Return, From: LicencePrepared, To: InReview, By: identity.Head, Via: Portal, Norm: "sign", Clause: "R5.5"},
	{Action: Return, From: RefusalPrepared, To: Assigned, By: identity.Head, Via: Portal, Norm: "sign", If: completenessOpen, Clause: "R5.5"},
	{Action: Return, From: RefusalPrepared, To: InReview, By: identity.Head, Via: Portal, Norm: "sign", If: completenessConfirmed, Clause: "R5.5"},
	{Action: Withdraw, From: Filed, To: Withdrawn, By: identity.Applicant, Via: Portal, Clause: "S15"},
	{Action: Withdraw, From: Registered, To: Withdrawn, By: identity.Applicant, Via: Portal, Clause: "S15"},
	{Action: Withdraw, From: Assigned, To: Withdrawn, By: identity.Applicant, Via: Portal, Clause: "S15"},
	{Action: Withdraw, From: InReview, To: Withdrawn, By: identity.Applicant, Via: Portal, Clause: "S15"},
	{Action: Withdraw, From: RefusalPrepared, To: Withdrawn, By: identity.Applicant, Via: Portal, If: incompletenessUnsigned, Silent: true, Clause: "S15"},
}

// stepNumber orders the steps that an official sees as "step n of 5".
var stepNumber = map[State]int{Filed: 1, Registered: 2, Assigned: 3, InReview: 4, LicencePrepared: 5, RefusalPrepared: 5}

// StepCount is the number of steps that officials do, from registering to signing: with the signature the result is in the cabinet, and nobody has
// a sixth.
const StepCount = 5

// permit finds the row by which the actor may do the action now, or says why not: forbidden when the role is not the actor's, conflict
// when the state does not allow it (somebody may have been faster), conflict with the guard's code when the law does not.
func permit(a *Application, who identity.Actor, action Action, now time.Time) (Step, error) {
	var blocked string
	foreign := false
	for _, step := range Process {
		if step.Action != action || step.From != a.State {
			continue
		}
		if !holds(a, who, step.By) {
			foreign = true
			continue
		}
		if step.If != nil {
			if code := step.If(a, who, now); code != "" {
				if !step.Silent {
					blocked = code
				}
				continue
			}
		}
		return step, nil
	}
	if blocked != "" {
		return Step{}, fault.Conflict(blocked)
	}
	if foreign || !mightEver(a, who, action) {
		return Step{}, fault.Forbidden("not_your_step")
	}
	return Step{}, fault.Conflict("state_changed").With("state", string(ShownState(a, who))).With("action", string(action))
}

// mightEver tells whether the action belongs to the actor's role in any state.
func mightEver(a *Application, who identity.Actor, action Action) bool {
	for _, step := range Process {
		if step.Action == action && roleHeld(a, who, step.By) {
			return true
		}
	}
	return false
}

// roleHeld tells whether the actor has the role toward this application at all.
func roleHeld(a *Application, who identity.Actor, role identity.Role) bool {
	switch role {
	case identity.Applicant:
		return a.ownedBy(who)
	case identity.Gateway:
		return who.Capacity == "" && who.IIN == ""
	default:
		return who.Has(role) && a.AuthorityCode != nil && who.AuthorityCode == *a.AuthorityCode
	}
}

// holds is roleHeld for the step at hand: an executor acts only on what the head gave to him (R5.2).
func holds(a *Application, who identity.Actor, role identity.Role) bool {
	if !roleHeld(a, who, role) {
		return false
	}
	if role == identity.Executor {
		return a.ExecutorID != nil && *a.ExecutorID == who.EmployeeID
	}
	return true
}

// Offer is an action that the actor sees now: allowed, or blocked with the code of the reason.
type Offer struct {
	Action  Action
	Clause  string
	Blocked string
}

// Offers lists what the actor may do now, in the order of the table, each action once. An action that a guard blocks is offered with the
// reason, so that the page can show the rule instead of hiding the button.
func Offers(a *Application, who identity.Actor, now time.Time) []Offer {
	var offers []Offer
	at := map[Action]int{}
	for _, step := range Process {
		if step.From != a.State || step.By == identity.Gateway || !holds(a, who, step.By) {
			continue
		}
		code := ""
		if step.If != nil {
			code = step.If(a, who, now)
		}
		if code != "" && step.Silent {
			continue
		}
		if i, seen := at[step.Action]; seen {
			if offers[i].Blocked != "" && code == "" {
				offers[i] = Offer{Action: step.Action, Clause: step.Clause}
			}
			continue
		}
		at[step.Action] = len(offers)
		offers = append(offers, Offer{Action: step.Action, Clause: step.Clause, Blocked: code})
	}
	return offers
}
