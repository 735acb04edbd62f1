package mockgateway

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"elicensing/payments"
	"elicensing/payments/egov"
)

// tellDay answers with one page of our book of a day in Kazakhstan, once that day has ended.
func (g *Gateway) tellDay(w http.ResponseWriter, r *http.Request, _ []byte) {
	day := r.PathValue("day")
	from, err := time.ParseInLocation(time.DateOnly, day, payments.Zone)
	if err != nil {
		refuse(w, http.StatusBadRequest, "malformed")
		return
	}
	until := from.AddDate(0, 0, 1)
	if g.config.Now().Before(until) {
		refuse(w, http.StatusConflict, "day_not_ended")
		return
	}
	lines := g.linesOf(from, until)
	if after := r.URL.Query().Get("after"); after != "" {
		at := slices.IndexFunc(lines, func(l egov.Line) bool { return cursor(l) == after })
		lines = lines[at+1:]
	}
	page := egov.Report{Day: day, Lines: lines}
	if len(lines) > egov.ReportPage {
		page.Lines = lines[:egov.ReportPage]
		page.Next = cursor(page.Lines[egov.ReportPage-1])
	}
	answer(w, http.StatusOK, page)
}

func cursor(l egov.Line) string { return l.PaymentID + "." + string(l.State) + "." + l.Receipt }

// linesOf is our book from one moment to another, as the report tells it.
func (g *Gateway) linesOf(from, until time.Time) []egov.Line {
	g.mu.Lock()
	defer g.mu.Unlock()
	lines := []egov.Line{}
	in := func(at *time.Time) bool { return at != nil && !at.Before(from) && at.Before(until) }
	add := func(p *payment, state payments.PaymentState, at time.Time) {
		line := egov.Line{
			PaymentID: p.ID, Reference: p.Order.Reference, State: state, Amount: p.amount(),
			Currency: p.Order.Currency, At: at, Receipt: p.Receipt,
		}
		again := func(suffix string) {
			line := line
			line.Receipt += suffix
			lines = append(lines, line)
		}
		switch seed := g.faults.Report[p.Order.Reference]; {
		case seed == SeedMissing:
			return
		case seed == SeedOffByOne:
			line.Amount++
		case seed == SeedDoubled && state == payments.StatePaid:
			again("-2")
		case seed == SeedTripled && state == payments.StatePaid:
			again("-2")
			again("-3")
		}
		lines = append(lines, line)
	}
	for _, p := range g.payments {
		if in(p.PaidAt) {
			add(p, payments.StatePaid, *p.PaidAt)
		}
		if in(p.RefundedAt) {
			add(p, payments.StateRefunded, *p.RefundedAt)
		}
		if g.faults.Report[p.Order.Reference] != SeedDoubledNextDay || p.PaidAt == nil {
			continue
		}
		if at := p.PaidAt.AddDate(0, 0, 1); in(&at) {
			lines = append(lines, egov.Line{PaymentID: p.ID, Reference: p.Order.Reference, State: payments.StatePaid, Amount: p.amount(),
				Currency: p.Order.Currency, At: at, Receipt: p.Receipt + "-2"})
		}
	}
	for reference, seed := range g.faults.Report {
		if seed == SeedExtra {
			lines = append(lines, egov.Line{PaymentID: "extra-" + reference, Reference: reference, State: payments.StatePaid,
				Amount: 4_325_000, Currency: payments.Currency, At: from.Add(12 * time.Hour).UTC(), Receipt: "R-extra"})
		}
	}
	slices.SortFunc(lines, func(a, b egov.Line) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(cursor(a), cursor(b)))
	})
	return lines
}
