package identity

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"elicensing/server/fault"
	"elicensing/server/journal"
)

const (
	// askEvery is how old the answer about the certificate of an open session may become (I20).
	askEvery = time.Hour
	// askAgain is when to ask once more after nobody answered.
	askAgain = 10 * time.Minute
	// askAtOnce bounds one round; what is left over is the oldest of the next.
	askAtOnce = 500
)

// RecheckCertificates asks again whether the certificates of open sessions still hold, each at most once an hour, and ends the sessions of
// those that do not: the signature over the challenge is judged anew, as it was at the sign-in. That nobody can tell now ends no session
// (I6). A job calls it; several copies of the portal share the work.
func (s *Service) RecheckCertificates(ctx context.Context) error {
	db := s.db.WithContext(ctx)
	due, err := s.dueCertificates(db)
	if err != nil {
		return err
	}
	var failures []error
	for _, row := range due {
		if err := ctx.Err(); err != nil {
			return err
		}
		_, err := s.verify(ctx, row.ChallengeCMS, row.ChallengeContent)
		f, refused := fault.From(err)
		switch {
		case err == nil:
		case refused && f.Kind == fault.KindInvalid:
			failures = append(failures, s.endByCertificate(db, row, f.Code))
		default:
			if !refused {
				failures = append(failures, err)
			}
			failures = append(failures, s.askSoon(db, row))
		}
	}
	return errors.Join(failures...)
}

// dueCertificates takes the sessions whose answer has become old, and marks them as asked, so that no other copy asks too. Nothing is locked
// while the authority is asked.
func (s *Service) dueCertificates(db *gorm.DB) ([]sessionRow, error) {
	now := s.now()
	var due []sessionRow
	err := db.Raw(`UPDATE sessions SET certificate_asked_at = ? WHERE token_hash IN (
			SELECT token_hash FROM sessions WHERE ended_at IS NULL AND challenge_cms IS NOT NULL AND certificate_asked_at <= ? AND expires_at > ? AND seen_at > ?
			ORDER BY certificate_asked_at LIMIT ? FOR UPDATE SKIP LOCKED)
		RETURNING *`, now, now.Add(-askEvery), now, now.Add(-max(s.limits.CitizenIdle, s.limits.OfficialIdle)), askAtOnce).Scan(&due).Error
	if err != nil {
		return nil, fmt.Errorf("identity: certificates to ask about: %w", err)
	}
	return due, nil
}

// endByCertificate ends every session that was opened with the certificate.
func (s *Service) endByCertificate(db *gorm.DB, row sessionRow, reason string) error {
	return db.Transaction(func(tx *gorm.DB) error {
		now := s.now()
		done := tx.Model(&sessionRow{}).Where("iin = ? AND certificate_serial = ? AND ended_at IS NULL", row.IIN, row.CertificateSerial).Update("ended_at", now)
		if done.Error != nil {
			return fmt.Errorf("identity: end sessions of a certificate: %w", done.Error)
		}
		if done.RowsAffected == 0 {
			return nil
		}
		return journal.Record(tx, journal.Entry{At: now, Action: "session_ended", ActorRole: string(System),
			Details: journal.Details{"certificate": row.CertificateSerial, "reason": reason, "sessions": done.RowsAffected}})
	})
}

func (s *Service) askSoon(db *gorm.DB, row sessionRow) error {
	err := db.Model(&sessionRow{}).Where("token_hash = ? AND ended_at IS NULL", row.TokenHash).Update("certificate_asked_at", s.now().Add(askAgain-askEvery)).Error
	if err != nil {
		return fmt.Errorf("identity: ask about a certificate again: %w", err)
	}
	return nil
}
