package identity

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"
)

// Signer is whom a verified certificate names. Everything is taken from it as it stands and never typed (R10.1).
type Signer struct {
	IIN              string
	Name             string // surname, given name, patronymic
	BIN              string // of the organisation, for a certificate of a legal entity
	Organisation     string
	MaySignForEntity bool // its head, or empowered to sign
	Serial           string
	NotAfter         time.Time
}

// Verify checks a detached CMS over content under the policy for signing in. Its error is a fault with the reason as its code: Invalid when
// the signature is no good, Unavailable when that cannot be learnt now (I6).
type Verify func(ctx context.Context, cms, content []byte) (Signer, error)

// Limits are the lifetimes of challenges and sessions. They are settings of the portal.
type Limits struct {
	Challenge    time.Duration // from showing the bytes to having them signed
	CitizenIdle  time.Duration // without a request, acting as person or entity
	OfficialIdle time.Duration // without a request, acting as official
	Absolute     time.Duration // whatever one does
}

// DefaultLimits are used where nothing else is set.
var DefaultLimits = Limits{Challenge: 5 * time.Minute, CitizenIdle: 30 * time.Minute, OfficialIdle: 15 * time.Minute, Absolute: 12 * time.Hour}

func (l Limits) idle(c Capacity) time.Duration {
	if c == AsOfficial {
		return l.OfficialIdle
	}
	return l.CitizenIdle
}

// Deps is what the service is made of; all fields are required, except that zero Limits are DefaultLimits.
type Deps struct {
	DB        *gorm.DB
	Verify    Verify
	Now       func() time.Time
	PortalURL string // named in each challenge, so that a signature for one portal opens no other
	Limits    Limits
}

// Service knows who acts: challenges, sessions, employees.
type Service struct {
	db        *gorm.DB
	verify    Verify
	now       func() time.Time
	portalURL string
	limits    Limits
}

// New checks what it is given.
func New(d Deps) (*Service, error) {
	if d.DB == nil || d.Verify == nil || d.Now == nil || d.PortalURL == "" {
		return nil, errors.New("identity: DB, Verify, Now and PortalURL are required")
	}
	if d.Limits == (Limits{}) {
		d.Limits = DefaultLimits
	}
	if d.Limits.Challenge <= 0 || d.Limits.CitizenIdle <= 0 || d.Limits.OfficialIdle <= 0 || d.Limits.Absolute <= 0 {
		return nil, errors.New("identity: every limit must be longer than nothing")
	}
	now := d.Now
	return &Service{db: d.DB, verify: d.Verify, portalURL: d.PortalURL, limits: d.Limits,
		// PostgreSQL keeps microseconds; what is compared with a stored moment must have been cut alike.
		now: func() time.Time { return now().UTC().Truncate(time.Microsecond) }}, nil
}
