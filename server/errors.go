package server

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm"

	"elicensing/server/fault"
	"elicensing/server/journal"
)

// problem is the body of every refusal (RFC 9457). The client's text belongs to code; title is for people who read logs.
type problem struct {
	Type      string         `json:"type"`
	Title     string         `json:"title"`
	Status    int            `json:"status"`
	Code      string         `json:"code"`
	Params    map[string]any `json:"params,omitempty"`
	Fields    []fieldIssue   `json:"fields,omitempty"`
	RequestID string         `json:"requestId,omitempty"`
}

// fieldIssue is what is wrong with one field.
type fieldIssue struct {
	Path   string         `json:"path"`
	Code   string         `json:"code"`
	Params map[string]any `json:"params,omitempty"`
}

// retryAfterSeconds is told to a client that came too often or while something was down.
const retryAfterSeconds = "5"

// handle makes a gin handler of one that returns an error; it alone writes refusals.
func (s *Server) handle(h func(*gin.Context) error) gin.HandlerFunc {
	return func(c *gin.Context) {
		if err := h(c); err != nil {
			s.refuse(c, err)
		}
	}
}

// refuse writes the problem for an error and ends the chain. What is not a fault is shown as "internal" and logged whole.
func (s *Server) refuse(c *gin.Context, err error) {
	f := faultOf(err)
	e := eventOf(c)
	e.code, e.err = f.Code, err
	c.Abort()
	if c.Writer.Written() {
		return // the answer was under way; the client sees it cut short
	}
	h := c.Writer.Header()
	h.Del("Content-Disposition")
	h.Del("Content-Length")
	h.Del("Content-Encoding")
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	if f.Kind == fault.KindUnavailable || f.Kind == fault.KindTooMany {
		h.Set("Retry-After", retryAfterSeconds)
	}
	status := f.Status()
	if f.Code == codeMethodNotAllowed {
		status = http.StatusMethodNotAllowed
	}
	p := problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Code: f.Code, Params: f.Params,
		RequestID: journal.RequestID(c.Request.Context())}
	for _, field := range f.Fields {
		p.Fields = append(p.Fields, fieldIssue{Path: field.Name, Code: field.Code, Params: field.Params})
	}
	body, err := json.Marshal(p)
	if err != nil {
		e.err = fmt.Errorf("problem %s: %w", f.Code, err)
		body = []byte(`{"type":"about:blank","title":"Internal Server Error","status":500,"code":"internal"}`)
		status = http.StatusInternalServerError
	}
	if s.opensAddress(c) {
		body = s.refusedPage(c, body)
	}
	c.Writer.WriteHeader(status)
	if c.Request.Method == http.MethodHead {
		c.Writer.WriteHeaderNow()
		return
	}
	if _, err := c.Writer.Write(body); err != nil {
		e.err = errors.Join(e.err, err)
	}
}

// Codes that arise in this package.
const (
	codeInternal         = "internal"
	codeUnavailable      = "unavailable"
	codeNotFound         = "not_found"
	codeMethodNotAllowed = "method_not_allowed"
	codeSignInRequired   = "sign_in_required"
	codeOfficialsOnly    = "officials_only"
	codeCrossOrigin      = "cross_origin"
	codeTextNotAllowed   = "text_not_allowed"
	codeCancelled        = "cancelled"
)

// faultOf gives the fault that the client may see.
func faultOf(err error) *fault.Error {
	if f, ok := fault.From(err); ok {
		return f
	}
	var connect *pgconn.ConnectError
	var pg *pgconn.PgError
	switch {
	case errors.Is(err, context.Canceled):
		return fault.Unavailable(codeCancelled)
	case errors.As(err, &connect): // whatever state the refusal to connect carries
		return fault.Unavailable(codeUnavailable)
	case errors.As(err, &pg):
		return faultOfDatabase(pg)
	case errors.Is(err, gorm.ErrRecordNotFound):
		// A use case that lets it through has forgotten to say what was not found; to the caller it is absent all the same.
		return fault.NotFound(codeNotFound)
	case unreachable(err):
		return fault.Unavailable(codeUnavailable)
	}
	return &fault.Error{Code: codeInternal}
}

// faultOfDatabase maps the states (PostgreSQL, appendix A) that are not mistakes of ours.
func faultOfDatabase(pg *pgconn.PgError) *fault.Error {
	switch {
	case pg.Code == "22021", pg.Code == "22P05": // a text that the database cannot hold, such as one with U+0000
		return fault.Malformed(codeTextNotAllowed)
	case strings.HasPrefix(pg.Code, "08"), // connection
		strings.HasPrefix(pg.Code, "53"),                           // no room, too many connections
		strings.HasPrefix(pg.Code, "57"),                           // shutting down, starting up, statement timed out
		pg.Code == "40001", pg.Code == "40P01", pg.Code == "55P03": // serialisation, deadlock, lock not available
		return fault.Unavailable(codeUnavailable)
	}
	return &fault.Error{Code: codeInternal}
}

// unreachable tells whether something outside, most often the database, could not be reached in time.
func unreachable(err error) bool {
	var network net.Error
	return errors.As(err, &network) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, net.ErrClosed) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) || pgconn.SafeToRetry(err)
}

// textForLog is what the log may know of an error: of a database error its state and constraint only, because PostgreSQL quotes values.
func textForLog(err error) string {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return fmt.Sprintf("database: SQLSTATE %s, table %q, constraint %q", pg.Code, pg.TableName, pg.ConstraintName)
	}
	return err.Error()
}
