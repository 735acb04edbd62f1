package identity

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
)

// purposeSignIn is what a challenge is for. It stands in the table and, in words, in the signed text: a signature for one purpose is good
// for no other (I5).
const purposeSignIn = "sign_in"

// Challenge is the one-time text that a person signs to sign in.
type Challenge struct {
	ID        uuid.UUID `gorm:"primaryKey"`
	Purpose   string
	Content   []byte // the exact bytes to sign
	CreatedAt time.Time
	ExpiresAt time.Time
	UsedAt    *time.Time
}

// TableName is the table's name for GORM.
func (Challenge) TableName() string { return "challenges" }

// NewChallenge makes a challenge for signing in. Challenges long expired are swept out on the way, so that the table stays small.
func (s *Service) NewChallenge(ctx context.Context) (Challenge, error) {
	now := s.now()
	id, err := uuid.NewV7()
	if err != nil {
		return Challenge{}, fmt.Errorf("identity: challenge id: %w", err)
	}
	c := Challenge{ID: id, Purpose: purposeSignIn, CreatedAt: now, ExpiresAt: now.Add(s.limits.Challenge)}
	c.Content = challengeText(s.portalURL, now, c.ExpiresAt, randomToken())
	if err := s.db.WithContext(ctx).Create(&c).Error; err != nil {
		return Challenge{}, fmt.Errorf("identity: store challenge: %w", err)
	}
	err = s.db.WithContext(ctx).Exec(`DELETE FROM challenges WHERE id IN (
		SELECT id FROM challenges WHERE expires_at < ? ORDER BY expires_at LIMIT 20 FOR UPDATE SKIP LOCKED)`, now.Add(-time.Hour)).Error
	if err != nil {
		return Challenge{}, fmt.Errorf("identity: sweep challenges: %w", err)
	}
	return c, nil
}

// challengeText is read by a person in the signing program, so it says in three languages what the signature is for.
func challengeText(portalURL string, now, until time.Time, nonce string) []byte {
	return []byte(strings.Join([]string{
		"Порталға ЭЦҚ арқылы кіру",
		"Вход на портал с помощью ЭЦП",
		"Sign-in to the portal with EDS",
		"",
		"Портал · Portal: " + portalURL,
		"Уақыты · Время · Time: " + now.Format(time.RFC3339),
		"Мына уақытқа дейін жарамды · Действительно до · Valid until: " + until.Format(time.RFC3339),
		"Бір реттік код · Одноразовый код · One-time code: " + nonce,
		"Purpose: " + purposeSignIn,
		"",
	}, "\n"))
}

// randomToken is 256 bits that nobody can guess, safe in a cookie.
func randomToken() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // crypto/rand.Read never fails (Go 1.24)
	return base64.RawURLEncoding.EncodeToString(b)
}
