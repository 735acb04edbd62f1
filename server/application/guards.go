package application

import (
	"slices"
	"time"

	"elicensing/server/identity"
)

// Guard says why a row of the table does not apply to this application, this actor and this moment: a code, or "" when it applies.
type Guard func(a *Application, who identity.Actor, now time.Time) string

// both holds when two guards hold; the code is the first one's.
func both(first, second Guard) Guard {
	return func(a *Application, who identity.Actor, now time.Time) string {
		if code := first(a, who, now); code != "" {
			return code
		}
		return second(a, who, now)
	}
}

// withinTwoWorkingDays holds S4.4: after two working days from receipt nobody refuses for incompleteness.
func withinTwoWorkingDays(a *Application, _ identity.Actor, now time.Time) string {
	if a.CompletenessClosesAt == nil || !now.Before(*a.CompletenessClosesAt) {
		return "two_days_passed"
	}
	return ""
}

// incompletenessInTime holds S4.3: the refusal for incompleteness is given, not only proposed, within the two working days. Afterwards the
// head can only return it, and the work goes on with the review.
func incompletenessInTime(a *Application, who identity.Actor, now time.Time) string {
	if a.Decision == nil || !slices.ContainsFunc(a.Decision.Grounds, func(g Ground) bool { return g.Code == "S10.7" }) {
		return ""
	}
	return withinTwoWorkingDays(a, who, now)
}

// preparedByAnother keeps preparing and signing apart (I16): an employee who holds both roles does not sign what he prepared.
func preparedByAnother(a *Application, who identity.Actor, _ time.Time) string {
	if a.Decision != nil && a.Decision.PreparedByID == who.EmployeeID {
		return "prepared_by_yourself"
	}
	return ""
}

// incompletenessUnsigned holds while a refusal for incompleteness waits for its signature.
func incompletenessUnsigned(a *Application, _ identity.Actor, _ time.Time) string {
	if !a.incompletenessProposed() {
		return "state_changed"
	}
	return ""
}

func completenessConfirmed(a *Application, _ identity.Actor, _ time.Time) string {
	if a.CompletenessConfirmedAt == nil {
		return "completeness_not_confirmed"
	}
	return ""
}

func completenessOpen(a *Application, _ identity.Actor, _ time.Time) string {
	if a.CompletenessConfirmedAt != nil {
		return "completeness_confirmed"
	}
	return ""
}

// allRequirementsMet lets a licence be prepared only when each requirement of the checklist is marked as met (R5.3, S10.3). The checklist
// is created with a mark for each requirement when the review begins, so an empty one means that the review has not begun.
func allRequirementsMet(a *Application, _ identity.Actor, _ time.Time) string {
	if len(a.Checklist) == 0 {
		return "checklist_not_done"
	}
	for _, m := range a.Checklist {
		if m.Met != MetYes {
			return "checklist_not_done"
		}
	}
	return ""
}
