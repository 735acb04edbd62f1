package server

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"elicensing/server/directory"
	"elicensing/server/fault"
	"elicensing/server/identity"
)

// sessionResponse is who is signed in, as the pages see it; only signedIn when nobody is.
type sessionResponse struct {
	SignedIn      bool                `json:"signedIn"`
	Name          string              `json:"name,omitempty"`
	IIN           string              `json:"iin,omitempty"`
	BIN           string              `json:"bin,omitempty"`
	Organisation  string              `json:"organisation,omitempty"`
	Capacity      identity.Capacity   `json:"capacity,omitempty"`
	Capacities    []identity.Capacity `json:"capacities,omitempty"`
	Roles         []identity.Role     `json:"roles,omitempty"`
	AuthorityCode string              `json:"authorityCode,omitempty"`
	AuthorityName *directory.Text     `json:"authorityName,omitempty"`
	ExpiresAt     *time.Time          `json:"expiresAt,omitempty"`
	IdleMinutes   int                 `json:"idleMinutes,omitempty"`
}

type challengeResponse struct {
	ID        uuid.UUID `json:"id"`
	Content   []byte    `json:"content"`
	ExpiresAt time.Time `json:"expiresAt"`
}

type signInRequest struct {
	ChallengeID string `json:"challengeId"`
	Signature   string `json:"signature"`
}

type capacityRequest struct {
	Capacity identity.Capacity `json:"capacity"`
}

// requireActor lets only the signed in through, and makes actor(c) known.
func (s *Server) requireActor(c *gin.Context) {
	session, err := s.cookies.Current(c.Request)
	if err != nil {
		s.refuse(c, err)
		return
	}
	c.Set(actorKey, session.Actor)
	eventOf(c).actor = session.Actor
}

func (s *Server) getSession(c *gin.Context) error {
	session, err := s.cookies.Current(c.Request)
	if f, ok := fault.From(err); ok && f.Kind == fault.KindUnauthenticated {
		return reply(c, http.StatusOK, sessionResponse{})
	}
	if err != nil {
		return err
	}
	return reply(c, http.StatusOK, s.sessionResponse(session))
}

func (s *Server) createChallenge(c *gin.Context) error {
	if err := s.SignIns.Allow(c.ClientIP()); err != nil {
		return err
	}
	if err := noBody(c); err != nil {
		return err
	}
	challenge, err := s.Identity.NewChallenge(c.Request.Context())
	if err != nil {
		return err
	}
	return reply(c, http.StatusOK, challengeResponse{challenge.ID, challenge.Content, challenge.ExpiresAt})
}

func (s *Server) signIn(c *gin.Context) error {
	if err := s.SignIns.Allow(c.ClientIP()); err != nil {
		return err
	}
	var in signInRequest
	if err := decode(c, &in); err != nil {
		return err
	}
	challenge, err := uuid.Parse(in.ChallengeID)
	if err != nil {
		return fault.Invalid("challenge_unknown")
	}
	token, session, err := s.Identity.SignIn(c.Request.Context(), challenge, []byte(in.Signature), s.cookies.Token(c.Request))
	if err != nil {
		return err
	}
	if err := s.cookies.Give(c.Writer, c.Request, token, session); err != nil {
		return err
	}
	return reply(c, http.StatusOK, s.sessionResponse(session))
}

func (s *Server) signOut(c *gin.Context) error {
	if err := s.cookies.Take(c.Writer, c.Request); err != nil {
		return err
	}
	return done(c)
}

func (s *Server) chooseCapacity(c *gin.Context) error {
	var in capacityRequest
	if err := decode(c, &in); err != nil {
		return err
	}
	token, session, err := s.Identity.ChooseCapacity(c.Request.Context(), s.cookies.Token(c.Request), in.Capacity)
	if err != nil {
		return err
	}
	if err := s.cookies.Give(c.Writer, c.Request, token, session); err != nil {
		return err
	}
	return reply(c, http.StatusOK, s.sessionResponse(session))
}

func (s *Server) sessionResponse(session identity.Session) sessionResponse {
	expires := session.ExpiresAt
	return sessionResponse{
		SignedIn: true, Name: session.Actor.Name, IIN: session.Actor.IIN,
		BIN: session.Certificate.BIN, Organisation: session.Certificate.Organisation,
		Capacity: session.Actor.Capacity, Capacities: session.Capacities,
		Roles: session.Actor.Roles, AuthorityCode: session.Actor.AuthorityCode, AuthorityName: s.authorityName(session.Actor.AuthorityCode),
		ExpiresAt: &expires, IdleMinutes: int(session.Idle / time.Minute),
	}
}
