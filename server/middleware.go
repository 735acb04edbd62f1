package server

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"elicensing/server/fault"
	"elicensing/server/identity"
	"elicensing/server/journal"
)

// event is the one log line of a request, filled as it goes: ids and codes, never IIN, names, answers or the query (I34).
type event struct {
	code  string // of the refusal
	err   error
	actor identity.Actor
	cut   bool // the answer broke off by our failure, after its status had been sent
}

const (
	eventKey = "event"
	nonceKey = "nonce"
	actorKey = "actor"
)

func eventOf(c *gin.Context) *event {
	if v, ok := c.Get(eventKey); ok {
		if e, ok := v.(*event); ok {
			return e
		}
	}
	return &event{}
}

// trace gives the request its id and writes its log line.
func (s *Server) trace(c *gin.Context) {
	start := s.Now()
	id := randomHex(8)
	e := &event{}
	c.Set(eventKey, e)
	c.Header("X-Request-Id", id)
	c.Request = c.Request.WithContext(journal.WithRequestID(c.Request.Context(), id))
	defer func() { s.logRequest(c, id, e, s.Now().Sub(start)) }() // also when an answer is cut short
	c.Next()
}

func (s *Server) logRequest(c *gin.Context, id string, e *event, took time.Duration) {
	route := c.FullPath()
	if route == "" {
		route = "page"
	}
	attrs := []slog.Attr{
		slog.String("requestId", id), slog.String("method", knownMethod(c.Request.Method)), slog.String("route", route),
		slog.Int("status", c.Writer.Status()), slog.Int64("ms", took.Milliseconds()), slog.Int("bytes", c.Writer.Size()),
	}
	if e.code != "" {
		attrs = append(attrs, slog.String("code", e.code))
	}
	if app, err := uuid.Parse(c.Param("id")); err == nil {
		attrs = append(attrs, slog.String("id", app.String()))
	}
	if e.actor.Capacity != "" {
		attrs = append(attrs, slog.String("capacity", string(e.actor.Capacity)))
	}
	if e.actor.EmployeeID != uuid.Nil {
		attrs = append(attrs, slog.String("employee", e.actor.EmployeeID.String()))
	}
	level := slog.LevelInfo
	if e.err != nil && (e.cut || c.Writer.Status() >= http.StatusInternalServerError) {
		level = slog.LevelError
		attrs = append(attrs, slog.String("error", textForLog(e.err)))
	}
	s.Log.LogAttrs(c.Request.Context(), level, "request", attrs...)
}

// knownMethod keeps a stranger's invented method out of the log.
func knownMethod(m string) string {
	switch m {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return m
	}
	return "other"
}

// recoverPanic makes an internal error of a panic.
func (s *Server) recoverPanic(c *gin.Context) {
	defer func() {
		v := recover()
		if v == nil {
			return
		}
		if v == http.ErrAbortHandler {
			panic(v) // the way to cut an answer short, understood by net/http
		}
		s.refuse(c, fmt.Errorf("panic: %v\n%s", v, debug.Stack()))
	}()
	c.Next()
}

// securityHeaders are on every answer; a handler that hands out a document narrows or loosens its own policy.
func (s *Server) securityHeaders(c *gin.Context) {
	nonce := newNonce()
	c.Set(nonceKey, nonce)
	h := c.Writer.Header()
	h.Set("Content-Security-Policy", s.contentPolicy(nonce, "'none'"))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	if s.portal.Scheme == "https" {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
	c.Next()
}

// contentPolicy lets the pages load what is ours, compile the signer (WebAssembly), and talk to NCALayer; nothing else. The ancestors are those
// in whose frames the page may stand.
func (s *Server) contentPolicy(nonce, ancestors string) string {
	return strings.Join([]string{
		"default-src 'none'",
		"script-src 'self' 'wasm-unsafe-eval'",
		"style-src 'self' 'nonce-" + nonce + "'",
		"img-src 'self' data: blob:",
		"font-src 'self'",
		"manifest-src 'self'",
		"connect-src 'self' " + s.NCALayerURL,
		"worker-src 'self' blob:",
		"frame-src 'self' blob:",
		"object-src 'none'",
		"frame-ancestors " + ancestors,
		"base-uri 'none'",
		"form-action 'self'",
	}, "; ")
}

// refuseCrossOrigin lets no other site's page change anything here (I21), by what the browser says of itself.
func (s *Server) refuseCrossOrigin(c *gin.Context) {
	if err := s.crossOrigin.Check(c.Request); err != nil {
		s.refuse(c, fault.Forbidden(codeCrossOrigin).Wrap(err))
	}
}

// actor is who is signed in; the zero Actor, which may do nothing, on routes that do not require anybody.
func actor(c *gin.Context) identity.Actor {
	if v, ok := c.Get(actorKey); ok {
		if a, ok := v.(identity.Actor); ok {
			return a
		}
	}
	return identity.Actor{}
}

// requireOfficial lets only employees of an authority through; it stands behind requireActor. Which role may do what is the process's.
func (s *Server) requireOfficial(c *gin.Context) {
	if actor(c).Capacity != identity.AsOfficial {
		s.refuse(c, fault.Forbidden(codeOfficialsOnly))
	}
}

func randomHex(bytes int) string {
	b := make([]byte, bytes)
	_, _ = rand.Read(b) // crypto/rand.Read never fails (Go 1.24)
	return hex.EncodeToString(b)
}

// nonceOf is the nonce of this answer's policy.
func nonceOf(c *gin.Context) string {
	v, _ := c.Get(nonceKey)
	nonce, _ := v.(string)
	return nonce
}

func newNonce() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b)
	return base64.RawStdEncoding.EncodeToString(b)
}
