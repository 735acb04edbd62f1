package application

import (
	"fmt"
	"time"

	"gorm.io/gorm"

	"elicensing/payments"
	"elicensing/server/calendar"
	"elicensing/server/fault"
	"elicensing/server/identity"
	"elicensing/server/journal"
)

// openPaymentAge is how long a notice may take before the gateway is asked.
const openPaymentAge = 2 * time.Minute

// FilePaid files the application of a paid invoice, in the transaction that made it paid: once, with number, moment, due date and the limit of
// the two working days (R6.2, S4.1, S4.3). The moment of filing is the later of signing and paying, that is now.
func (s *Service) FilePaid(tx *gorm.DB, inv payments.Invoice) error {
	a, err := lockByID(tx, inv.ApplicationID)
	if err != nil {
		return err
	}
	gateway := identity.Actor{}
	now := s.Now()
	step, err := permit(a, gateway, File, now)
	if err != nil {
		if f, ok := fault.From(err); ok && f.Code == "state_changed" && a.FiledAt != nil {
			return nil // filed by an earlier notice of the same payment
		}
		return err
	}
	kind, err := s.kindOf(a)
	if err != nil {
		return err
	}
	term, err := s.Calendar.Term(now, kind.Term.WorkingDays, calendar.StartRule(kind.Term.Start))
	if err != nil {
		return fmt.Errorf("term: %w", err)
	}
	check, ok := normOf(kind, "check")
	if !ok {
		return fmt.Errorf("service %s declares no norm %q", a.ServiceCode, "check")
	}
	closes, err := s.Calendar.EndOfWorkingDay(now, check.WorkingDays)
	if err != nil {
		return fmt.Errorf("completeness: %w", err)
	}
	year := s.Calendar.DateOf(now).Year
	seq, err := next(tx, "application/"+*a.AuthorityCode, year)
	if err != nil {
		return err
	}
	number := fmt.Sprintf("%s-%d-%06d", *a.AuthorityCode, year, seq)
	encoded, err := jsonb(term)
	if err != nil {
		return err
	}
	return s.move(tx, a, step, gateway, now, change{
		columns: map[string]any{"number": number, "number_year": year, "number_seq": seq, "filed_at": now, "due_at": term.Due, "term": encoded, "completeness_closes_at": closes},
		details: journal.Details{"number": number, "due": term.Due, "invoice": inv.Number, "amount": inv.Amount.String()},
	})
}
