package identity

import (
	"errors"
	"net/http"

	"github.com/gorilla/sessions"

	"elicensing/server/fault"
)

// Cookies carries sessions in a cookie, as a store of gorilla/sessions. The cookie holds a random token and nothing else. A token that we
// did not give out is never adopted: a session gets its token only from SignIn and ChooseCapacity (I20).
type Cookies struct {
	service *Service
	name    string
	secure  bool
}

// NewCookies makes the store. With secure the cookie is bound to this host over TLS (__Host-); without, on http://localhost, it cannot be.
func NewCookies(s *Service, secure bool) *Cookies {
	name := "elicensing"
	if secure {
		name = "__Host-elicensing"
	}
	return &Cookies{service: s, name: name, secure: secure}
}

// sessionValue is the key of the Session among the values of gorilla's.
type sessionValue struct{}

// errValue is the key of the error that reading the session gave.
type errValue struct{}

// Get gives the session of the request, read once per request.
func (c *Cookies) Get(r *http.Request, name string) (*sessions.Session, error) {
	return sessions.GetRegistry(r).Get(c, name)
}

// New reads the session of the request's cookie. Without a good one it gives a new session that nobody is signed in to.
func (c *Cookies) New(r *http.Request, name string) (*sessions.Session, error) {
	session := sessions.NewSession(c, name)
	session.Options = c.options(0)
	session.IsNew = true
	cookie, err := r.Cookie(name)
	if err != nil {
		session.Values[errValue{}] = fault.Unauthenticated("sign_in_required")
		return session, nil
	}
	found, err := c.service.Resolve(r.Context(), cookie.Value)
	if err != nil {
		session.Values[errValue{}] = err
		return session, nil
	}
	session.ID, session.IsNew = cookie.Value, false
	session.Values[sessionValue{}] = found
	return session, nil
}

// Save sends the cookie. The session itself is written by the service, in the transaction that made or ended it.
func (c *Cookies) Save(_ *http.Request, w http.ResponseWriter, session *sessions.Session) error {
	value := session.ID
	if session.Options.MaxAge < 0 {
		value = ""
	}
	http.SetCookie(w, sessions.NewCookie(c.name, value, session.Options))
	return nil
}

func (c *Cookies) options(maxAge int) *sessions.Options {
	return &sessions.Options{Path: "/", MaxAge: maxAge, Secure: c.secure, HttpOnly: true, SameSite: http.SameSiteLaxMode}
}

// Current gives who is signed in: sign_in_required without a cookie, ErrSessionEnded with one that is no longer good.
func (c *Cookies) Current(r *http.Request) (Session, error) {
	session, err := c.Get(r, c.name)
	if err != nil {
		return Session{}, err
	}
	if err, ok := session.Values[errValue{}].(error); ok {
		return Session{}, err
	}
	found, ok := session.Values[sessionValue{}].(Session)
	if !ok {
		return Session{}, errors.New("identity: a session without its value")
	}
	return found, nil
}

// Token gives the token that the request came with, "" for none.
func (c *Cookies) Token(r *http.Request) string {
	if cookie, err := r.Cookie(c.name); err == nil {
		return cookie.Value
	}
	return ""
}

// Give sends a fresh token to the browser.
func (c *Cookies) Give(w http.ResponseWriter, r *http.Request, token string, found Session) error {
	session, err := c.Get(r, c.name)
	if err != nil {
		return err
	}
	session.ID, session.IsNew, session.Options = token, false, c.options(0)
	session.Values[sessionValue{}] = found
	delete(session.Values, errValue{})
	return session.Save(r, w)
}

// Take ends the session on the server and takes the cookie back.
func (c *Cookies) Take(w http.ResponseWriter, r *http.Request) error {
	if err := c.service.End(r.Context(), c.Token(r)); err != nil {
		return err
	}
	session, err := c.Get(r, c.name)
	if err != nil {
		return err
	}
	session.Options = c.options(-1)
	delete(session.Values, sessionValue{})
	session.Values[errValue{}] = ErrSessionEnded
	return session.Save(r, w)
}
