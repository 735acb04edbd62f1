package application

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"syscall"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"elicensing/server/blob"
	"elicensing/server/catalog"
	"elicensing/server/fault"
	"elicensing/server/identity"
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
	Received      int64 `gorm:"-"` // the blob's size is the only truth: a second one, in the row, would differ after a crash
	CreatedAt     time.Time
	ExpiresAt     time.Time
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
		case held.files >= limits.MaxFiles:
			return fault.Invalid("too_many_files").With("max", limits.MaxFiles)
		case held.open >= maxOpenUploads:
			return fault.Invalid("too_many_uploads").With("max", maxOpenUploads)
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

// ReadUpload tells how much of an upload has come, so that a cut one is resumed. One that became an attachment has come whole: a sender to
// whom the last answer was lost must not send it again.
func (s *Service) ReadUpload(ctx context.Context, who identity.Actor, uploadID uuid.UUID) (Upload, error) {
	db := s.DB.WithContext(ctx)
	up, _, err := s.upload(db, who, uploadID)
	if !errors.Is(err, errNotFound) {
		return up, err
	}
	var done Attachment
	err = db.Where("id = ?", uploadID).Take(&done).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Upload{}, errNotFound
	}
	if err != nil {
		return Upload{}, fmt.Errorf("read attachment: %w", err)
	}
	a, err := read(db, done.ApplicationID)
	if err != nil {
		return Upload{}, err
	}
	if !a.ownedBy(who) {
		return Upload{}, errNotFound
	}
	return Upload{ID: done.ID, ApplicationID: a.ID, Slot: done.Slot, Name: done.Name, Size: done.Size, Received: done.Size}, nil
}

// upload reads an upload of the actor's own with what has come of it. Its last byte counts as received only when the attachment stands: a
// whole blob whose attaching was cut short is told as one byte short, so that the sender comes once more and completes it.
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
	held, err := s.Blobs.Size(up.ID.String())
	if errors.Is(err, blob.ErrNotFound) {
		return Upload{}, nil, errNotFound // begun, and cut before there was a blob: nothing to go on with
	}
	if err != nil {
		return Upload{}, nil, fmt.Errorf("read upload: %w", err)
	}
	up.Received = min(held, up.Size-1)
	return up, a, nil
}

// Append adds bytes at an offset. What came before a cut is kept. The last byte makes the upload an attachment, if its content is of an
// allowed type.
func (s *Service) Append(ctx context.Context, who identity.Actor, uploadID uuid.UUID, offset int64, body io.Reader) (Upload, error) {
	up, a, err := s.upload(s.DB.WithContext(ctx), who, uploadID)
	if err != nil {
		return Upload{}, err
	}
	if _, err := permit(a, who, Save, s.Now()); err != nil {
		return Upload{}, err
	}
	if offset != up.Received {
		return up, fault.Conflict("upload_offset").With("offset", up.Received)
	}
	held, err := s.Blobs.Size(up.ID.String())
	if err != nil {
		return up, fmt.Errorf("append to upload: %w", err)
	}
	if held < up.Size {
		if held, err = s.appendBytes(up, body); err != nil {
			return up, err
		}
	}
	if held < up.Size {
		up.Received = held
		return up, nil
	}
	up.Received = up.Size
	return up, s.attach(ctx, who, up)
}

func (s *Service) appendBytes(up Upload, body io.Reader) (held int64, err error) {
	held, err = s.Blobs.Append(up.ID.String(), up.Received, body, up.Size)
	switch {
	case err == nil:
		return held, nil
	case errors.Is(err, blob.ErrOffset), errors.Is(err, blob.ErrBusy):
		return held, fault.Conflict("upload_offset").With("offset", max(held, up.Received))
	case errors.Is(err, blob.ErrTooLarge):
		return held, fault.TooLarge("file_too_large").With("maxBytes", up.Size)
	case errors.Is(err, blob.ErrNotFound):
		return held, errNotFound // cancelled meanwhile
	case errors.Is(err, syscall.ENOSPC):
		return held, fault.Unavailable("unavailable").Wrap(err) // the sender did nothing wrong and may go on later (I29)
	default:
		return held, fault.Malformed("upload_cut").With("offset", held).Wrap(err)
	}
}

// CancelUpload drops an upload that has not come whole. Whoever deletes the row removes the bytes: if the last part was faster they belong to
// an attachment.
func (s *Service) CancelUpload(ctx context.Context, who identity.Actor, uploadID uuid.UUID) error {
	db := s.DB.WithContext(ctx)
	up, _, err := s.upload(db, who, uploadID)
	if err != nil {
		return err
	}
	return db.Transaction(func(tx *gorm.DB) error { return dropUpload(tx, up.ID) })
}

// dropUpload removes an upload with what has come of it; one that is not there any more is not found.
func dropUpload(tx *gorm.DB, id uuid.UUID) error {
	gone := tx.Delete(&Upload{}, "id = ?", id)
	if gone.Error != nil {
		return fmt.Errorf("drop upload: %w", gone.Error)
	}
	if gone.RowsAffected == 0 {
		return errNotFound
	}
	return dropScans(tx, id)
}

// SweepUploads removes uploads that nobody resumed in time; a job calls it.
func (s *Service) SweepUploads(ctx context.Context) error {
	return s.DB.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		var ids []uuid.UUID
		if err := tx.Raw("DELETE FROM uploads WHERE expires_at <= ? RETURNING id", s.Now()).Scan(&ids).Error; err != nil {
			return fmt.Errorf("sweep uploads: %w", err)
		}
		return dropScans(tx, ids...)
	})
}
