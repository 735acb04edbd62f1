package application

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"elicensing/server/catalog"
	"elicensing/server/fault"
	"elicensing/server/identity"
	"elicensing/server/journal"
)

// Begin is what a draft is started with.
type Begin struct {
	Service       string
	Kind          string
	ApplicantKind catalog.ApplicantKind
}

// Create starts a draft, or gives the one that the applicant already has for this service and kind: nothing begun is lost or begun twice.
// created tells which. The applicant is read from the session's certificate, never typed (R10.1).
func (s *Service) Create(ctx context.Context, who identity.Actor, b Begin) (id uuid.UUID, created bool, err error) {
	if who.Capacity == identity.AsOfficial || who.Capacity == "" {
		return uuid.Nil, false, fault.Forbidden("officials_do_not_apply")
	}
	fits := b.ApplicantKind == catalog.Person || b.ApplicantKind == catalog.SoleTrader
	if who.Capacity == identity.AsEntity {
		fits = b.ApplicantKind == catalog.Entity
	}
	if !fits {
		return uuid.Nil, false, fault.Invalid("applicant_kind_differs").WithField("applicantKind", "applicant_kind_differs")
	}
	service, err := s.Catalog.Service(b.Service)
	if err != nil {
		return uuid.Nil, false, fault.Invalid("unknown_service").WithField("service", "unknown_service")
	}
	now := s.Now()
	a := Application{ID: uuid.Must(uuid.NewV7()), ServiceCode: service.Code, ServiceVersion: service.Version, Kind: b.Kind, Channel: Portal, State: Draft,
		ApplicantKind: b.ApplicantKind, ApplicantIIN: who.IIN, ApplicantName: who.Name, Answers: catalog.Answers{}, Revision: 1,
		SavedAt: now, CreatedAt: now, UpdatedAt: now, Checklist: []Mark{}}
	if _, err := s.kindOf(&a); err != nil {
		return uuid.Nil, false, fault.Invalid("unknown_kind").WithField("kind", "unknown_kind")
	}
	if b.ApplicantKind == catalog.Entity {
		a.ApplicantBIN, a.ApplicantName, a.Representative = who.BIN, who.Organisation, who.Name
	}
	err = s.DB.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		made := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&a)
		if made.Error != nil {
			return fmt.Errorf("create draft: %w", made.Error)
		}
		if made.RowsAffected == 0 {
			var existing Application // not a bare uuid.UUID: GORM would read into it as into a list of bytes
			err := tx.Select("id").Take(&existing, "state = ? AND (applicant_bin <> '' OR applicant_iin = ?) AND applicant_bin = ? AND applicant_kind = ? AND service_code = ? AND kind = ?",
				Draft, a.ApplicantIIN, a.ApplicantBIN, a.ApplicantKind, a.ServiceCode, a.Kind).Error
			if err != nil {
				return fmt.Errorf("find the draft that exists: %w", err)
			}
			id, created = existing.ID, false
			return nil
		}
		id, created = a.ID, true
		return journal.Record(tx, journal.Entry{At: now, ApplicationID: &a.ID, Action: "create", ToState: string(Draft), ActorRole: string(identity.Applicant),
			ActorIIN: who.IIN, ActorName: who.Name})
	})
	return id, created, err
}

// Saved is the state of the answers after a save.
type Saved struct {
	Application *Application
	Service     *catalog.Service // in the edition of the application
	Issues      []fault.Field    // what is not right yet; saved nevertheless
}

// SaveAnswers replaces the answers of a draft. Answers that are not complete or not right are saved all the same; what does not fit the
// declaration at all (unknown fields, wrong types, sizes) is refused. Answers made from an older revision are a conflict: another window
// or another person of the organisation was faster.
func (s *Service) SaveAnswers(ctx context.Context, who identity.Actor, id uuid.UUID, revision int, answers catalog.Answers) (Saved, error) {
	var saved Saved
	err := s.DB.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		a, err := lockVisible(tx, who, id)
		if err != nil {
			return err
		}
		now := s.Now()
		if _, err := permit(a, who, Save, now); err != nil {
			return err
		}
		if a.Revision != revision {
			return fault.Conflict("draft_changed_elsewhere").With("revision", a.Revision)
		}
		service, err := s.serviceOf(a)
		if err != nil {
			return err
		}
		today := s.localNow()
		if issues := catalog.Validate(service, a.ApplicantKind, answers, catalog.Draft, today); len(issues) > 0 {
			return invalidAnswers("answers_malformed", issues)
		}
		encoded, err := json.Marshal(answers)
		if err != nil {
			return fmt.Errorf("encode answers: %w", err)
		}
		code, err := s.authorityIn(tx, service, answers)
		if err != nil {
			return err
		}
		a.Answers, a.Revision, a.SavedAt, a.UpdatedAt, a.AuthorityCode, a.DocumentID = answers, a.Revision+1, now, now, code, nil
		done := tx.Model(&Application{}).Where("id = ? AND state = ? AND revision = ?", id, Draft, revision).
			Updates(map[string]any{"answers": gorm.Expr("?::jsonb", string(encoded)), "revision": a.Revision, "saved_at": now, "updated_at": now, "authority_code": code, "document_id": nil})
		if done.Error != nil {
			return fmt.Errorf("save answers: %w", done.Error)
		}
		if done.RowsAffected != 1 {
			return fault.Conflict("draft_changed_elsewhere")
		}
		saved = Saved{Application: a, Service: service, Issues: catalog.Validate(service, a.ApplicantKind, answers, catalog.Complete, today)}
		return nil
	})
	return saved, err
}

// authorityIn finds the authority that the answers name, if it takes applications here.
func (s *Service) authorityIn(db *gorm.DB, service *catalog.Service, answers catalog.Answers) (*string, error) {
	code := answers.String(authorityField(service))
	if code == "" {
		return nil, nil
	}
	var known int64
	if err := db.Table("authorities").Where("code = ?", code).Count(&known).Error; err != nil {
		return nil, fmt.Errorf("look up authority: %w", err)
	}
	if known == 0 {
		return nil, nil
	}
	return &code, nil
}

// Discard removes a draft with its scans, also one that was signed and reopened: nothing of it was filed.
func (s *Service) Discard(ctx context.Context, who identity.Actor, id uuid.UUID) error {
	return s.DB.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		a, err := lockVisible(tx, who, id)
		if err != nil {
			return err
		}
		now := s.Now()
		if _, err := permit(a, who, Discard, now); err != nil {
			return err
		}
		// A signature of a draft was set aside by a reopening. It proves nothing that anybody relied on; the journal keeps that it was made.
		if err := tx.Where("application_id = ? AND set_aside_at IS NOT NULL", id).Delete(&Signature{}).Error; err != nil {
			return fmt.Errorf("remove signatures set aside: %w", err)
		}
		var scans []uuid.UUID
		err = tx.Raw("SELECT id FROM attachments WHERE application_id = ? UNION ALL SELECT id FROM uploads WHERE application_id = ?", id, id).Scan(&scans).Error
		if err != nil {
			return fmt.Errorf("list scans: %w", err)
		}
		if err := tx.Where("id = ? AND state = ?", id, Draft).Delete(&Application{}).Error; err != nil {
			return fmt.Errorf("discard draft: %w", err)
		}
		if err := dropScans(tx, scans...); err != nil {
			return err
		}
		return journal.Record(tx, journal.Entry{At: now, ApplicationID: &id, Action: string(Discard), FromState: string(Draft), ToState: string(Gone),
			ActorRole: string(identity.Applicant), ActorIIN: who.IIN, ActorName: who.Name})
	})
}

// invalidAnswers carries what is wrong with the answers to the fields of the form.
func invalidAnswers(code string, issues []fault.Field) error {
	return fault.Invalid(code).WithFields(issues...)
}

// authorityField is the id of the field that names the authority.
func authorityField(service *catalog.Service) string {
	for _, section := range service.Sections {
		for _, f := range section.Fields {
			if f.Type == catalog.AuthorityField {
				return f.ID
			}
		}
	}
	return ""
}
