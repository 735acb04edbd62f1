package application

import (
	"context"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"elicensing/server/catalog"
	"elicensing/server/fault"
	"elicensing/server/identity"
)

// Check lists what still stands in the way of signing a draft: answers and scans, by the edition of the service under which it was begun.
func (s *Service) Check(ctx context.Context, who identity.Actor, id uuid.UUID) (*catalog.Service, []fault.Field, error) {
	db := s.DB.WithContext(ctx)
	a, err := readVisible(db, who, id)
	if err != nil {
		return nil, nil, err
	}
	if _, err := permit(a, who, Save, s.Now()); err != nil {
		return nil, nil, err
	}
	attachments, err := attachmentsOf(db, id)
	if err != nil {
		return nil, nil, err
	}
	service, err := s.serviceOf(a)
	if err != nil {
		return nil, nil, err
	}
	issues, err := s.issues(db, service, a, attachments)
	return service, issues, err
}

// issues are all reasons why the draft cannot be signed as it is.
func (s *Service) issues(db *gorm.DB, service *catalog.Service, a *Application, attachments []Attachment) ([]fault.Field, error) {
	issues := catalog.Validate(service, a.ApplicantKind, a.Answers, catalog.Complete, s.localNow())
	if field := authorityField(service); a.Answers.String(field) != "" {
		known, err := s.authorityIn(db, service, a.Answers)
		if err != nil {
			return nil, err
		}
		if known == nil {
			issues = append(issues, fault.Field{Name: field, Code: "authority_not_connected"})
		}
	}
	filled := map[string]int{}
	for _, x := range attachments {
		filled[x.Slot]++
	}
	issues = append(issues, catalog.CheckFiles(service, a.ApplicantKind, filled, nil, catalog.Complete)...)
	return issues, nil
}
