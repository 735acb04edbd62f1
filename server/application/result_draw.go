package application

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"elicensing/server/directory"
	"elicensing/server/fault"
	"elicensing/server/identity"
	"elicensing/server/print"
)

func (s *Service) drawLicence(a *Application, authority directory.Authority, number, order string, head identity.Actor, now time.Time) ([]byte, error) {
	service, err := s.serviceOf(a)
	if err != nil {
		return nil, err
	}
	in := service.Signed(a.ApplicantKind, a.Answers)
	basis, err := print.Order(order, now)
	if err != nil {
		return nil, fmt.Errorf("name the order: %w", err)
	}
	annex := print.Annex{Number: FirstAnnex, IssuedOn: now, Basis: basis}
	for _, item := range chosenActivities(service, in) {
		annex.SubActivities = append(annex.SubActivities, printText(item.FullName))
	}
	for _, site := range siteLines(in) {
		annex.Objects = append(annex.Objects, print.Same(site))
	}
	pdf, err := print.Licence(print.LicenceDocument{Number: number, IssuedOn: now, FirstIssuedOn: now, Holder: applicantParty(a, in), Activity: printText(service.Activity),
		Licensor: print.Text{KK: authority.Name.KK, RU: authority.Name.RU}, Head: head.Name, Place: print.Text{KK: authority.Place.KK, RU: authority.Place.RU},
		Annexes: []print.Annex{annex}, Signature: print.EDS{Signer: head.Name, At: now}, CheckURL: s.PortalURL + "/check/" + number, CheckSite: s.host(), Demo: s.Demo})
	if err != nil {
		return nil, fmt.Errorf("draw licence: %w", err)
	}
	return pdf, nil
}

func (s *Service) drawRefusal(db *gorm.DB, a *Application, authority directory.Authority, outgoing string, head identity.Actor, now time.Time, grounds []Ground) ([]byte, error) {
	service, err := s.serviceOf(a)
	if err != nil {
		return nil, err
	}
	kind, err := s.kindOf(a)
	if err != nil {
		return nil, err
	}
	in := service.Signed(a.ApplicantKind, a.Answers)
	letter := print.RefusalLetter{Applicant: applicantParty(a, in), OutNumber: outgoing, Date: now, Application: *a.Number, InNumber: *a.IncomingNumber, Filed: *a.FiledAt,
		Authority: printAuthority(authority), Kind: printText(kind.Title), Sites: siteLines(in), FeePaid: kind.Fee.Kind != "", Head: head.Name,
		Signature: print.EDS{Signer: head.Name, At: now}, CheckURL: s.PortalURL + "/check", CheckSite: s.host(), Demo: s.Demo}
	for _, item := range chosenActivities(service, in) {
		letter.SubActivities = append(letter.SubActivities, printText(item.FullName))
	}
	if a.ExecutorID != nil {
		e, err := identity.EmployeeByID(db, *a.ExecutorID)
		if err != nil {
			return nil, err
		}
		if e != nil {
			letter.Executor, letter.ExecutorPhone = e.Name, e.Phone
		}
	}
	for _, g := range grounds {
		printed := print.Ground{Code: g.Code, Basis: print.Same(g.Basis), Reason: print.Same(g.Reason), Remedy: print.Same(g.Remedy)}
		for _, r := range service.Requirements {
			if r.ID == g.Requirement {
				printed.Requirement = printText(r.Text)
			}
		}
		if g.Code == "S10.7" && a.CompletenessClosesAt != nil {
			printed.Deadline = *a.CompletenessClosesAt
		}
		letter.Grounds = append(letter.Grounds, printed)
	}
	pdf, err := print.Refusal(letter)
	if err != nil {
		return nil, fmt.Errorf("draw refusal: %w", err)
	}
	return pdf, nil
}

func printAuthority(a directory.Authority) print.Authority {
	return print.Authority{Name: print.Text{KK: a.Name.KK, RU: a.Name.RU}, Address: print.Text{KK: a.Address.KK, RU: a.Address.RU}, Phone: a.Phone}
}

// host is the portal's address as a person types it.
func (s *Service) host() string {
	u, err := url.Parse(s.PortalURL)
	if err != nil {
		return s.PortalURL
	}
	return u.Host
}

// PreviewRefusal draws the letter as it would be signed, with what the executor has typed so far.
func (s *Service) PreviewRefusal(ctx context.Context, who identity.Actor, id uuid.UUID, grounds []Ground) ([]byte, error) {
	db := s.DB.WithContext(ctx)
	a, err := readVisible(db, who, id)
	if err != nil {
		return nil, err
	}
	if _, err := permit(a, who, PrepareRefusal, s.Now()); err != nil {
		return nil, err
	}
	checked, err := s.checkGrounds(a, grounds)
	if err != nil {
		return nil, err
	}
	authority, err := s.Directory.Authority(*a.AuthorityCode)
	if err != nil {
		return nil, err
	}
	return s.drawRefusal(db, a, authority, "—", identity.Actor{Name: "—"}, s.Now(), checked)
}

// ResultDraft gives the prepared decision for reading: the very bytes that await the head's signature once he has asked for them, with their number;
// before that, and for everybody else, as it would be signed.
func (s *Service) ResultDraft(ctx context.Context, who identity.Actor, id uuid.UUID) ([]byte, error) {
	db := s.DB.WithContext(ctx)
	a, err := readVisible(db, who, id)
	if err != nil {
		return nil, err
	}
	if who.Capacity != identity.AsOfficial {
		return nil, errNotFound
	}
	if a.Decision == nil || (a.State != LicencePrepared && a.State != RefusalPrepared) {
		return nil, fault.Conflict("state_changed")
	}
	fixed, err := s.preparedBefore(db, a, who)
	if err != nil {
		return nil, err
	}
	if fixed != nil {
		return fixed.PreparedPDF, nil
	}
	authority, err := s.Directory.Authority(*a.AuthorityCode)
	if err != nil {
		return nil, err
	}
	if a.Decision.Kind == ResultLicence {
		return s.drawLicence(a, authority, numberToCome, "—", who, s.Now())
	}
	return s.drawRefusal(db, a, authority, "—", who, s.Now(), a.Decision.Grounds)
}

// numberToCome stands in a draft where the number will be: its check digits are wrong on purpose, so that a draft is never found in the register.
const numberToCome = "KZ00DEM00000000"
