package application

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"elicensing/server/blob"
	"elicensing/server/fault"
	"elicensing/server/identity"
	"elicensing/server/journal"
)

// Attachment is a scan that has come whole. Its bytes lie in the blob store under its id and are never changed.
type Attachment struct {
	ID            uuid.UUID `gorm:"primaryKey"`
	ApplicationID uuid.UUID
	Slot          string
	Name          string
	Size          int64
	MIME          string `gorm:"column:mime"`
	SHA256        []byte `gorm:"column:sha256"`
	UploadedAt    time.Time
}

// The journal's names for what happens to a draft's scans. They are the applicant's preparation and stand in nobody's history.
const (
	attachAction = "attach"
	detachAction = "detach"
)

// attach turns a whole upload into an attachment of the draft.
func (s *Service) attach(ctx context.Context, who identity.Actor, up Upload) error {
	sum, kind, err := s.inspect(up.ID)
	if err != nil {
		return err
	}
	if kind == "" {
		if err := s.DB.WithContext(ctx).Transaction(func(tx *gorm.DB) error { return dropUpload(tx, up.ID) }); err != nil {
			return err
		}
		return fault.Invalid("file_type")
	}
	return s.DB.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		a, err := lockVisible(tx, who, up.ApplicationID)
		if err != nil {
			return err
		}
		now := s.Now()
		if _, err := permit(a, who, Save, now); err != nil {
			return err
		}
		gone := tx.Delete(&Upload{}, "id = ?", up.ID)
		if gone.Error != nil {
			return fmt.Errorf("finish upload: %w", gone.Error)
		}
		if gone.RowsAffected == 0 {
			return s.attachedBefore(tx, up.ID)
		}
		made := Attachment{ID: up.ID, ApplicationID: a.ID, Slot: up.Slot, Name: up.Name, Size: up.Size, MIME: kind, SHA256: sum, UploadedAt: now}
		if err := tx.Create(&made).Error; err != nil {
			return fmt.Errorf("attach: %w", err)
		}
		return s.touch(tx, a, who, now, attachAction, journal.Details{"slot": up.Slot, "attachment": up.ID.String(), "size": up.Size})
	})
}

// attachedBefore tells two requests for the same last part apart: finished by the other one is done, cancelled by it is not found.
func (s *Service) attachedBefore(tx *gorm.DB, id uuid.UUID) error {
	var attached int64
	if err := tx.Model(&Attachment{}).Where("id = ?", id).Count(&attached).Error; err != nil {
		return fmt.Errorf("finish upload: %w", err)
	}
	if attached == 0 {
		return errNotFound
	}
	return nil
}

// touch notes a change of a draft's scans: whatever was prepared for signing is not what would be signed now.
func (s *Service) touch(tx *gorm.DB, a *Application, who identity.Actor, now time.Time, action string, details journal.Details) error {
	if err := tx.Model(&Application{}).Where("id = ?", a.ID).Updates(map[string]any{"document_id": nil, "updated_at": now}).Error; err != nil {
		return fmt.Errorf("%s: %w", action, err)
	}
	return journal.Record(tx, journal.Entry{At: now, ApplicationID: &a.ID, Action: action, FromState: string(Draft), ToState: string(Draft),
		ActorRole: string(identity.Applicant), ActorIIN: who.IIN, ActorName: who.Name, Details: details})
}

// inspect reads a whole blob: its SHA-256, and its type by content ("" when it is none of the allowed).
func (s *Service) inspect(id uuid.UUID) (sum []byte, kind string, err error) {
	f, _, err := s.Blobs.Open(id.String())
	if errors.Is(err, blob.ErrNotFound) {
		return nil, "", errNotFound // cancelled meanwhile
	}
	if err != nil {
		return nil, "", fmt.Errorf("open scan: %w", err)
	}
	defer f.Close()
	h := sha256.New()
	head := make([]byte, sniffBytes)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, "", fmt.Errorf("read scan: %w", err)
	}
	h.Write(head[:n])
	if _, err := io.Copy(h, f); err != nil {
		return nil, "", fmt.Errorf("read scan: %w", err)
	}
	return h.Sum(nil), scanType(head[:n]), nil
}

// Detach removes a scan from a draft.
func (s *Service) Detach(ctx context.Context, who identity.Actor, id, attachmentID uuid.UUID) error {
	return s.DB.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		a, err := lockVisible(tx, who, id)
		if err != nil {
			return err
		}
		now := s.Now()
		if _, err := permit(a, who, Save, now); err != nil {
			return err
		}
		gone := tx.Delete(&Attachment{}, "id = ? AND application_id = ?", attachmentID, id)
		if gone.Error != nil {
			return fmt.Errorf("detach: %w", gone.Error)
		}
		if gone.RowsAffected == 0 {
			return errNotFound
		}
		if err := dropScans(tx, attachmentID); err != nil {
			return err
		}
		return s.touch(tx, a, who, now, detachAction, journal.Details{"attachment": attachmentID.String()})
	})
}

// OpenAttachment opens a scan for whoever may see the application.
func (s *Service) OpenAttachment(ctx context.Context, who identity.Actor, id, attachmentID uuid.UUID) (Attachment, io.ReadSeekCloser, error) {
	db := s.DB.WithContext(ctx)
	if _, err := readVisible(db, who, id); err != nil {
		return Attachment{}, nil, err
	}
	var found Attachment
	err := db.Where("id = ? AND application_id = ?", attachmentID, id).Take(&found).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Attachment{}, nil, errNotFound
	}
	if err != nil {
		return Attachment{}, nil, fmt.Errorf("read attachment: %w", err)
	}
	f, _, err := s.Blobs.Open(found.ID.String())
	if err != nil {
		return Attachment{}, nil, fmt.Errorf("open scan: %w", err)
	}
	return found, f, nil
}

func attachmentsOf(db *gorm.DB, id uuid.UUID) ([]Attachment, error) {
	var found []Attachment
	if err := db.Where("application_id = ?", id).Order("uploaded_at, id").Find(&found).Error; err != nil {
		return nil, fmt.Errorf("list scans: %w", err)
	}
	return found, nil
}
