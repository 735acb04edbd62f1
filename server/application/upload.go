package application

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"elicensing/server/blob"
	"elicensing/server/catalog"
	"elicensing/server/fault"
	"elicensing/server/identity"
	"elicensing/server/journal"
)

// uploadLife is how long a begun upload waits to be resumed.
const uploadLife = 24 * time.Hour

// maxOpenUploads bounds what one draft may have begun at once.
const maxOpenUploads = 20

// Upload is a scan on its way: what was told at the start and how much has come.
type Upload struct {
	ID            uuid.UUID `gorm:"primaryKey"`
	ApplicationID uuid.UUID
	Slot          string
	Name          string
	Size          int64
	Received      int64
	CreatedAt     time.Time
	ExpiresAt     time.Time
}

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

// BeginUpload opens a resumable upload (tus 1.0 creation) into a slot of the declaration. Limits are held here, before a byte is sent.
func (s *Service) BeginUpload(ctx context.Context, who identity.Actor, id uuid.UUID, slot, name string, size int64) (Upload, error) {
	var up Upload
	err := s.DB.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		a, err := lockVisible(tx, who, id)
		if err != nil {
			return err
		}
		now := s.Now()
		if _, err := permit(a, who, Save, now); err != nil {
			return err
		}
		service, err := s.serviceOf(a)
		if err != nil {
			return err
		}
		declared := slices.IndexFunc(service.SlotsFor(a.ApplicantKind), func(sl catalog.Slot) bool { return sl.ID == slot })
		if declared < 0 {
			return fault.Invalid("unknown_slot")
		}
		maxFiles := service.SlotsFor(a.ApplicantKind)[declared].MaxFiles
		var ok bool
		if name, ok = fileName(name); !ok {
			return fault.Invalid("file_name")
		}
		limits := service.Upload
		if size <= 0 || size > limits.MaxFileBytes {
			return fault.TooLarge("file_too_large").With("maxBytes", limits.MaxFileBytes)
		}
		held, err := holdings(tx, id, now)
		if err != nil {
			return err
		}
		switch {
		case held.bytes+size > limits.MaxTotalBytes:
			return fault.TooLarge("files_too_large").With("maxBytes", limits.MaxTotalBytes)
		case held.files >= limits.MaxFiles || held.open >= maxOpenUploads:
			return fault.Invalid("too_many_files").With("max", limits.MaxFiles)
		case held.inSlot[slot] >= maxFiles:
			return fault.Invalid("slot_full").With("max", maxFiles)
		}
		up = Upload{ID: uuid.Must(uuid.NewV7()), ApplicationID: id, Slot: slot, Name: name, Size: size, CreatedAt: now, ExpiresAt: now.Add(uploadLife)}
		if err := tx.Create(&up).Error; err != nil {
			return fmt.Errorf("begin upload: %w", err)
		}
		return nil
	})
	if err != nil {
		return Upload{}, err
	}
	if err := s.Blobs.Create(up.ID.String()); err != nil {
		return Upload{}, fmt.Errorf("begin upload: %w", err)
	}
	return up, nil
}

type holding struct {
	bytes  int64
	files  int
	open   int
	inSlot map[string]int
}

// holdings counts what a draft has and what is on its way.
func holdings(tx *gorm.DB, id uuid.UUID, now time.Time) (holding, error) {
	var rows []struct {
		Slot string
		Size int64
		Open bool
	}
	err := tx.Raw(`SELECT slot, size, false AS open FROM attachments WHERE application_id = ?
		UNION ALL SELECT slot, size, true FROM uploads WHERE application_id = ? AND expires_at > ?`, id, id, now).Scan(&rows).Error
	if err != nil {
		return holding{}, fmt.Errorf("count scans: %w", err)
	}
	h := holding{inSlot: map[string]int{}}
	for _, r := range rows {
		h.bytes += r.Size
		h.files++
		h.inSlot[r.Slot]++
		if r.Open {
			h.open++
		}
	}
	return h, nil
}

// ReadUpload tells how much of an upload has come, so that a cut one is resumed.
func (s *Service) ReadUpload(ctx context.Context, who identity.Actor, uploadID uuid.UUID) (Upload, error) {
	up, _, err := s.upload(s.DB.WithContext(ctx), who, uploadID)
	return up, err
}

func (s *Service) upload(db *gorm.DB, who identity.Actor, uploadID uuid.UUID) (Upload, *Application, error) {
	var up Upload
	err := db.Where("id = ? AND expires_at > ?", uploadID, s.Now()).Take(&up).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Upload{}, nil, errNotFound
	}
	if err != nil {
		return Upload{}, nil, fmt.Errorf("read upload: %w", err)
	}
	a, err := read(db, up.ApplicationID)
	if err != nil {
		return Upload{}, nil, err
	}
	if !a.ownedBy(who) {
		return Upload{}, nil, errNotFound
	}
	return up, a, nil
}

// Append adds bytes at an offset. What came before a cut is kept. The last byte makes the upload an attachment, if its content is of an
// allowed type.
func (s *Service) Append(ctx context.Context, who identity.Actor, uploadID uuid.UUID, offset int64, body io.Reader) (Upload, error) {
	db := s.DB.WithContext(ctx)
	up, a, err := s.upload(db, who, uploadID)
	if err != nil {
		return Upload{}, err
	}
	if _, err := permit(a, who, Save, s.Now()); err != nil {
		return Upload{}, err
	}
	if offset != up.Received {
		return up, fault.Conflict("upload_offset").With("offset", up.Received)
	}
	received, writeErr := s.Blobs.Append(up.ID.String(), offset, body, up.Size)
	if errors.Is(writeErr, blob.ErrOffset) || errors.Is(writeErr, blob.ErrBusy) {
		return up, fault.Conflict("upload_offset").With("offset", up.Received)
	}
	if errors.Is(writeErr, blob.ErrTooLarge) {
		return up, fault.TooLarge("file_too_large").With("maxBytes", up.Size)
	}
	if received > up.Received {
		// A cut connection ends the request's context; what came must be noted all the same.
		done := s.DB.WithContext(context.WithoutCancel(ctx)).Model(&Upload{}).Where("id = ? AND received = ?", up.ID, up.Received).Update("received", received)
		if done.Error != nil {
			return up, fmt.Errorf("note upload: %w", done.Error)
		}
		if done.RowsAffected != 1 {
			return up, fault.Conflict("upload_offset").With("offset", up.Received)
		}
		up.Received = received
	}
	if writeErr != nil {
		return up, fault.Malformed("upload_cut").With("offset", up.Received).Wrap(writeErr)
	}
	if up.Received == up.Size {
		return up, s.attach(ctx, who, up)
	}
	return up, nil
}

// attach turns a whole upload into an attachment of the draft.
func (s *Service) attach(ctx context.Context, who identity.Actor, up Upload) error {
	sum, kind, err := s.inspect(up.ID)
	if err != nil {
		return err
	}
	if kind == "" {
		if err := s.DB.WithContext(ctx).Delete(&Upload{}, "id = ?", up.ID).Error; err != nil {
			return fmt.Errorf("drop upload: %w", err)
		}
		if err := s.removeBlobs([]uuid.UUID{up.ID}); err != nil {
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
			return nil // finished by another request
		}
		made := Attachment{ID: up.ID, ApplicationID: a.ID, Slot: up.Slot, Name: up.Name, Size: up.Size, MIME: kind, SHA256: sum, UploadedAt: now}
		if err := tx.Create(&made).Error; err != nil {
			return fmt.Errorf("attach: %w", err)
		}
		return s.touch(tx, a, who, now, "attach", journal.Details{"slot": up.Slot, "attachment": up.ID.String(), "size": up.Size})
	})
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

// CancelUpload drops an upload that has not come whole.
func (s *Service) CancelUpload(ctx context.Context, who identity.Actor, uploadID uuid.UUID) error {
	db := s.DB.WithContext(ctx)
	up, _, err := s.upload(db, who, uploadID)
	if err != nil {
		return err
	}
	if err := db.Delete(&Upload{}, "id = ?", up.ID).Error; err != nil {
		return fmt.Errorf("cancel upload: %w", err)
	}
	return s.removeBlobs([]uuid.UUID{up.ID})
}

// Detach removes a scan from a draft.
func (s *Service) Detach(ctx context.Context, who identity.Actor, id, attachmentID uuid.UUID) error {
	err := s.DB.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
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
		return s.touch(tx, a, who, now, "detach", journal.Details{"attachment": attachmentID.String()})
	})
	if err != nil {
		return err
	}
	return s.removeBlobs([]uuid.UUID{attachmentID})
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

// SweepUploads removes uploads that nobody resumed in time; a job calls it.
func (s *Service) SweepUploads(ctx context.Context) error {
	var ids []uuid.UUID
	err := s.DB.WithContext(ctx).Raw("DELETE FROM uploads WHERE expires_at <= ? RETURNING id", s.Now()).Scan(&ids).Error
	if err != nil {
		return fmt.Errorf("sweep uploads: %w", err)
	}
	return s.removeBlobs(ids)
}

func (s *Service) removeBlobs(ids []uuid.UUID) error {
	for _, id := range ids {
		if err := s.Blobs.Remove(id.String()); err != nil {
			return fmt.Errorf("remove scan: %w", err)
		}
	}
	return nil
}

func attachmentsOf(db *gorm.DB, id uuid.UUID) ([]Attachment, error) {
	var found []Attachment
	if err := db.Where("application_id = ?", id).Order("uploaded_at, id").Find(&found).Error; err != nil {
		return nil, fmt.Errorf("list scans: %w", err)
	}
	return found, nil
}
