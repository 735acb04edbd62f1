package identity

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"elicensing/server/fault"
	"elicensing/server/journal"
)

// SignIn opens a session for whoever signed the challenge, and gives its token. The challenge works once, also when two come at the same
// moment (I5); one whose signature was refused may be signed again while it lasts. The session that the browser came with, if any, ends
// (I20).
//
// Faults: challenge_unknown, challenge_expired, challenge_used; those of Verify; identity_missing for a certificate without an IIN.
func (s *Service) SignIn(ctx context.Context, challengeID uuid.UUID, cms []byte, formerToken string) (string, Session, error) {
	challenge, err := s.openChallenge(ctx, challengeID)
	if err != nil {
		return "", Session{}, err
	}
	signer, err := s.verify(ctx, cms, challenge.Content)
	if err != nil {
		return "", Session{}, err
	}
	if signer.IIN == "" {
		return "", Session{}, fault.Invalid("identity_missing")
	}
	now, token := s.now(), randomToken()
	row := sessionRow{TokenHash: hashToken(token), IIN: signer.IIN, Name: signer.Name, BIN: signer.BIN, Organisation: signer.Organisation,
		MaySignForEntity: signer.MaySignForEntity && signer.BIN != "", CertificateSerial: signer.Serial,
		ChallengeContent: challenge.Content, ChallengeCMS: cms, CertificateAskedAt: &now, CreatedAt: now, SeenAt: now, ExpiresAt: s.expiry(now, signer)}
	var session Session
	err = s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := s.useChallenge(tx, challengeID, now); err != nil {
			return err
		}
		if err := s.startAs(tx, &row); err != nil {
			return err
		}
		if err := NoteBelonging(tx, row.IIN, row.BIN, s.endOf(signer)); err != nil {
			return err
		}
		if formerToken != "" && len(formerToken) <= maxToken {
			if err := s.end(tx, hashToken(formerToken), now); err != nil {
				return err
			}
		}
		if session, err = s.store(tx, row); err != nil {
			return err
		}
		return journal.Record(tx, entryOf(session, "sign_in", now))
	})
	if err != nil {
		return "", Session{}, err
	}
	return token, session, nil
}

// openChallenge reads a challenge that may still be used. Its purpose is part of what is looked for: a challenge made for something else
// does not exist here.
func (s *Service) openChallenge(ctx context.Context, id uuid.UUID) (Challenge, error) {
	var c Challenge
	err := s.db.WithContext(ctx).Where("id = ? AND purpose = ?", id, purposeSignIn).Take(&c).Error
	switch {
	case errors.Is(err, gorm.ErrRecordNotFound):
		return c, fault.Invalid("challenge_unknown")
	case err != nil:
		return c, fmt.Errorf("identity: read challenge: %w", err)
	case c.UsedAt != nil:
		return c, fault.Conflict("challenge_used")
	case !s.now().Before(c.ExpiresAt):
		return c, fault.Invalid("challenge_expired")
	}
	return c, nil
}

// useChallenge marks the challenge as used; of two at the same moment one finds it used.
func (s *Service) useChallenge(tx *gorm.DB, id uuid.UUID, now time.Time) error {
	done := tx.Model(&Challenge{}).Where("id = ? AND purpose = ? AND used_at IS NULL AND expires_at > ?", id, purposeSignIn, now).Update("used_at", now)
	if done.Error != nil {
		return fmt.Errorf("identity: use challenge: %w", done.Error)
	}
	if done.RowsAffected == 0 {
		return fault.Conflict("challenge_used")
	}
	return nil
}

// startAs sets the capacity in which a person begins: at his desk if he has one, else for the organisation of the certificate, else for
// himself. An authority does not apply to itself, so its people never act for it as for an entity.
func (s *Service) startAs(tx *gorm.DB, row *sessionRow) error {
	employee, err := employeeFor(tx, row.IIN, row.BIN)
	if err != nil {
		return err
	}
	if row.MaySignForEntity {
		var authorities int64
		if err := tx.Model(&Authority{}).Where("bin = ?", row.BIN).Count(&authorities).Error; err != nil {
			return fmt.Errorf("identity: look for authority: %w", err)
		}
		row.MaySignForEntity = authorities == 0
	}
	switch {
	case employee != nil:
		row.Capacity, row.EmployeeID = AsOfficial, &employee.ID
	case row.MaySignForEntity:
		row.Capacity = AsEntity
	default:
		row.Capacity = AsPerson
	}
	return nil
}

// endOf is when what a certificate says ends; with the session, where it does not tell.
func (s *Service) endOf(signer Signer) time.Time {
	if signer.NotAfter.IsZero() {
		return s.now().Add(s.limits.Absolute)
	}
	return signer.NotAfter.UTC()
}

// expiry is the absolute limit; no session outlives its certificate.
func (s *Service) expiry(now time.Time, signer Signer) time.Time {
	until := now.Add(s.limits.Absolute)
	if !signer.NotAfter.IsZero() && signer.NotAfter.Before(until) {
		return signer.NotAfter.UTC()
	}
	return until
}
