package application

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"elicensing/server/catalog"
	"elicensing/server/fault"
	"elicensing/server/identity"
)

// groundRule says when one ground of S10 may be chosen and what must be told with it.
type groundRule struct {
	Code string
	// NeedsBasis: the norm, act, court or body with number and date must be named (letters.md §1).
	NeedsBasis bool
	// NeedsRequirement: one requirement of the checklist must be named.
	NeedsRequirement bool
	// Closed gives the code of the reason why the ground cannot be chosen now, or "".
	Closed func(a *Application, now time.Time) string
}

// groundRules is the list of S10, in its order. A ground that cannot be chosen is shown with its reason and refused by the server as well.
var groundRules = []groundRule{
	{Code: "S10.1", NeedsBasis: true, Closed: afterCompleteness},
	// On the portal nothing is filed unpaid, so this ground never fits (S7.1).
	{Code: "S10.2", Closed: func(*Application, time.Time) string { return "fee_paid" }},
	{Code: "S10.3", NeedsRequirement: true, Closed: afterCompleteness},
	// Asking an agreeing body is not built yet: without its signed answer nobody may claim that it did not agree.
	{Code: "S10.4", NeedsBasis: true, Closed: func(*Application, time.Time) string { return "no_agreeing_answer" }},
	{Code: "S10.5", NeedsBasis: true, Closed: afterCompleteness},
	{Code: "S10.6", NeedsBasis: true, Closed: afterCompleteness},
	{Code: "S10.7", Closed: incompleteness},
}

// incompleteness holds S4.4 and S10.7: only while completeness is being checked, and only within the first two working days.
func incompleteness(a *Application, now time.Time) string {
	if a.CompletenessConfirmedAt != nil {
		return "completeness_confirmed"
	}
	return withinTwoWorkingDays(a, identity.Actor{}, now)
}

// afterCompleteness: the other grounds are found in the review, which begins when the package is complete (R5.3).
func afterCompleteness(a *Application, _ time.Time) string {
	if a.State == Assigned {
		return "completeness_not_confirmed"
	}
	return ""
}

// GroundOffer is one ground as the executor sees it.
type GroundOffer struct {
	Code     string
	Closed   string     // "" when it may be chosen
	ClosesAt *time.Time // S10.7: the end of the two working days
}

// GroundOffers lists the grounds of S10 with what may be chosen now.
func GroundOffers(a *Application, now time.Time) []GroundOffer {
	offers := make([]GroundOffer, 0, len(groundRules))
	for _, r := range groundRules {
		o := GroundOffer{Code: r.Code, Closed: r.Closed(a, now)}
		if r.Code == "S10.7" {
			o.ClosesAt = a.CompletenessClosesAt
		}
		offers = append(offers, o)
	}
	return offers
}

// checkGrounds refuses grounds that are closed, doubled, or without what the letter must say of them; it returns them in the order of S10.
func (s *Service) checkGrounds(a *Application, grounds []Ground) ([]Ground, error) {
	service, err := s.serviceOf(a)
	if err != nil {
		return nil, err
	}
	now := s.Now()
	refusal := fault.Invalid("grounds_invalid")
	bad := func(i int, field, code string) {
		refusal = refusal.WithField(fmt.Sprintf("grounds[%d].%s", i, field), code)
	}
	if len(grounds) == 0 {
		return nil, refusal.WithField("grounds", "required")
	}
	var checked []Ground
	for i, g := range grounds {
		g.Reason, g.Basis, g.Remedy = strings.TrimSpace(g.Reason), strings.TrimSpace(g.Basis), strings.TrimSpace(g.Remedy)
		at := slices.IndexFunc(groundRules, func(r groundRule) bool { return r.Code == g.Code })
		if at < 0 {
			bad(i, "code", "ground_unknown")
			continue
		}
		rule := groundRules[at]
		if code := rule.Closed(a, now); code != "" {
			bad(i, "code", code)
		}
		if slices.ContainsFunc(checked, func(c Ground) bool { return c.Code == g.Code }) {
			bad(i, "code", "ground_twice")
		}
		if g.Reason == "" {
			bad(i, "reason", "required")
		}
		if rule.NeedsBasis && g.Basis == "" {
			bad(i, "basis", "required")
		}
		if (rule.NeedsRequirement || g.Requirement != "") && !knownRequirement(service, a.ApplicantKind, g.Requirement) {
			bad(i, "requirement", "requirement_unknown")
		}
		checked = append(checked, g)
	}
	if len(refusal.Fields) > 0 {
		return nil, refusal
	}
	slices.SortFunc(checked, func(x, y Ground) int { return strings.Compare(x.Code, y.Code) })
	return checked, nil
}

func knownRequirement(service *catalog.Service, kind catalog.ApplicantKind, id string) bool {
	return slices.ContainsFunc(service.RequirementsFor(kind), func(r catalog.Requirement) bool { return r.ID == id })
}
