package identity

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"elicensing/server/fault"
	"elicensing/server/journal"
)

// Session is a person who is signed in. It is read anew from the database at each request; only the hash of its token is stored, so that a
// copy of the database signs nobody in (I20).
type Session struct {
	Actor       Actor
	Certificate Certificate
	Capacities  []Capacity // what the person may choose between, Actor.Capacity among them
	ExpiresAt   time.Time  // whatever one does
	Idle        time.Duration
}

// Certificate is what the certificate of the session says; the actor may act in a narrower capacity.
type Certificate struct {
	BIN          string
	Organisation string
	Serial       string
}

// sessionRow is the table sessions.
type sessionRow struct {
	TokenHash         []byte `gorm:"primaryKey"`
	IIN               string `gorm:"column:iin"`
	Name              string
	BIN               string `gorm:"column:bin"`
	Organisation      string
	MaySignForEntity  bool
	EmployeeID        *uuid.UUID
	Capacity          Capacity
	CertificateSerial string
	// What the session was opened with, to be judged anew while it lasts; nil for sessions from before this was kept.
	ChallengeContent   []byte
	ChallengeCMS       []byte `gorm:"column:challenge_cms"`
	CertificateAskedAt *time.Time
	CreatedAt          time.Time
	SeenAt             time.Time
	ExpiresAt          time.Time
	EndedAt            *time.Time
}

func (sessionRow) TableName() string { return "sessions" }

// ErrSessionEnded is what every session that is over answers, however it ended.
var ErrSessionEnded = fault.Unauthenticated("session_ended")

// maxToken is longer than any token of ours and keeps a stranger's cookie from costing anything.
const maxToken = 64

func hashToken(token string) []byte {
	h := sha256.Sum256([]byte(token))
	return h[:]
}

// Resolve gives the session of a token and counts the request as activity. ErrSessionEnded when it is unknown, ended, too old, idle for
// too long, or when the official's role has been withdrawn.
func (s *Service) Resolve(ctx context.Context, token string) (Session, error) {
	db, now := s.db.WithContext(ctx), s.now()
	row, err := s.live(db, token, now)
	if err != nil {
		return Session{}, err
	}
	session, err := s.session(db, row)
	if errors.Is(err, ErrSessionEnded) {
		return Session{}, errors.Join(err, s.end(db, row.TokenHash, now))
	}
	if err != nil {
		return Session{}, err
	}
	// Once in a while is enough: the idle limits are minutes, and reading pages need not write at every request.
	if now.Sub(row.SeenAt) >= session.Idle/30 {
		err := db.Model(&sessionRow{}).Where("token_hash = ? AND ended_at IS NULL AND seen_at < ?", row.TokenHash, now).Update("seen_at", now).Error
		if err != nil {
			return Session{}, fmt.Errorf("identity: note activity: %w", err)
		}
	}
	return session, nil
}

// live reads the row of a token if the session still runs.
func (s *Service) live(db *gorm.DB, token string, now time.Time) (sessionRow, error) {
	if token == "" || len(token) > maxToken {
		return sessionRow{}, ErrSessionEnded
	}
	var row sessionRow
	err := db.Omit("challenge_content", "challenge_cms").Where("token_hash = ? AND ended_at IS NULL", hashToken(token)).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return sessionRow{}, ErrSessionEnded
	}
	if err != nil {
		return sessionRow{}, fmt.Errorf("identity: read session: %w", err)
	}
	if !now.Before(row.ExpiresAt) || now.Sub(row.SeenAt) >= s.limits.idle(row.Capacity) {
		return sessionRow{}, ErrSessionEnded
	}
	return row, nil
}

// session makes the session of a row: what the certificate gives is in the row, what the authority gives is read now.
func (s *Service) session(db *gorm.DB, row sessionRow) (Session, error) {
	employee, err := employeeFor(db, row.IIN, row.BIN)
	if err != nil {
		return Session{}, err
	}
	out := Session{
		Actor:       Actor{IIN: row.IIN, Name: row.Name, Capacity: row.Capacity},
		Certificate: Certificate{BIN: row.BIN, Organisation: row.Organisation, Serial: row.CertificateSerial},
		Capacities:  []Capacity{AsPerson},
		ExpiresAt:   row.ExpiresAt,
		Idle:        s.limits.idle(row.Capacity),
	}
	if row.MaySignForEntity && row.BIN != "" {
		out.Capacities = append(out.Capacities, AsEntity)
	}
	if employee != nil {
		out.Capacities = append(out.Capacities, AsOfficial)
	}
	if !slices.Contains(out.Capacities, row.Capacity) {
		return Session{}, ErrSessionEnded
	}
	switch row.Capacity {
	case AsEntity:
		out.Actor.BIN, out.Actor.Organisation = row.BIN, row.Organisation
	case AsOfficial:
		if row.EmployeeID == nil || *row.EmployeeID != employee.ID {
			return Session{}, ErrSessionEnded
		}
		if out.Actor.Organisations, err = OrganisationsOf(db, row.IIN, s.now()); err != nil {
			return Session{}, err
		}
		out.Actor.Organisation = row.Organisation
		out.Actor.EmployeeID, out.Actor.AuthorityCode, out.Actor.Roles = employee.ID, employee.AuthorityCode, employee.Roles
	}
	return out, nil
}

// End ends the session of the token on the server; a token that names none is no error.
func (s *Service) End(ctx context.Context, token string) error {
	if token == "" || len(token) > maxToken {
		return nil
	}
	return s.end(s.db.WithContext(ctx), hashToken(token), s.now())
}

func (s *Service) end(db *gorm.DB, hash []byte, now time.Time) error {
	err := db.Model(&sessionRow{}).Where("token_hash = ? AND ended_at IS NULL", hash).Update("ended_at", now).Error
	if err != nil {
		return fmt.Errorf("identity: end session: %w", err)
	}
	return nil
}

// ChooseCapacity lets the person of a session act as another from now on. The token changes with the rights (I20).
func (s *Service) ChooseCapacity(ctx context.Context, token string, to Capacity) (string, Session, error) {
	now, fresh := s.now(), randomToken()
	var session Session
	err := s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		row, err := s.live(tx, token, now)
		if err != nil {
			return err
		}
		done := tx.Model(&sessionRow{}).Where("token_hash = ? AND ended_at IS NULL", row.TokenHash).Update("ended_at", now)
		if done.Error != nil {
			return fmt.Errorf("identity: end session: %w", done.Error)
		}
		if done.RowsAffected == 0 {
			return ErrSessionEnded
		}
		if err := s.mayBecome(tx, &row, to); err != nil {
			return err
		}
		if row.ChallengeContent, row.ChallengeCMS, err = openedWith(tx, row.TokenHash); err != nil {
			return err
		}
		row.TokenHash, row.CreatedAt, row.SeenAt = hashToken(fresh), now, now
		if session, err = s.store(tx, row); err != nil {
			return err
		}
		return journal.Record(tx, entryOf(session, "choose_capacity", now))
	})
	if err != nil {
		return "", Session{}, err
	}
	return fresh, session, nil
}

// openedWith reads the signed challenge of a session, which no request needs.
func openedWith(db *gorm.DB, tokenHash []byte) (content, cms []byte, err error) {
	var row sessionRow
	if err := db.Select("challenge_content", "challenge_cms").Where("token_hash = ?", tokenHash).Take(&row).Error; err != nil {
		return nil, nil, fmt.Errorf("identity: read session: %w", err)
	}
	return row.ChallengeContent, row.ChallengeCMS, nil
}

// mayBecome sets the capacity of the row, if the certificate and the table of employees allow it.
func (s *Service) mayBecome(db *gorm.DB, row *sessionRow, to Capacity) error {
	notAllowed := fault.Forbidden("capacity_not_allowed")
	switch to {
	case AsPerson:
	case AsEntity:
		if !row.MaySignForEntity || row.BIN == "" {
			return notAllowed
		}
	case AsOfficial:
		employee, err := employeeFor(db, row.IIN, row.BIN)
		if err != nil {
			return err
		}
		if employee == nil {
			return notAllowed
		}
		row.EmployeeID = &employee.ID
	default:
		return fault.Malformed("body_not_as_expected").WithField("capacity", "not_an_option")
	}
	row.Capacity = to
	return nil
}

func (s *Service) store(tx *gorm.DB, row sessionRow) (Session, error) {
	if err := tx.Create(&row).Error; err != nil {
		return Session{}, fmt.Errorf("identity: store session: %w", err)
	}
	return s.session(tx, row)
}

// entryOf is the journal row of what a person does with his session.
func entryOf(session Session, action string, at time.Time) journal.Entry {
	role := Applicant
	if session.Actor.Capacity == AsOfficial && len(session.Actor.Roles) > 0 {
		role = session.Actor.Roles[0]
	}
	return journal.Entry{At: at, Action: action, ActorRole: string(role), ActorIIN: session.Actor.IIN, ActorName: session.Actor.Name,
		Details: journal.Details{"capacity": session.Actor.Capacity, "certificate": session.Certificate.Serial}}
}
