// Package fault holds the one error type that crosses package borders of the server.
//
// A fault says what went wrong with a kind (which becomes the HTTP status), a stable code
// (which becomes a text in Kazakh, Russian or English) and the fields concerned. Codes are a
// contract with the clients: they are never reworded. Any other error is internal: it is
// logged whole and shown as "internal error", so that an attacker learns nothing.
package fault

import (
	"errors"
	"strings"
)

// Error is a refusal with a reason that the caller may know. Values typed by people go into
// Params, where a client needs them, and never into Error(), which ends up in logs.
type Error struct {
	Kind   Kind
	Code   string         // stable, snake_case, e.g. "signer_not_applicant"
	Fields []Field        // what is wrong with which field; empty when the whole is refused
	Params map[string]any // numbers and names that the text for Code needs, e.g. {"maxBytes": 20971520}
	cause  error          // for the log and errors.Is, never shown
}

// Field is one wrong field of a body or of a form.
type Field struct {
	Name   string         `json:"name"` // path as the client knows it, e.g. "equipment[2].year"
	Code   string         `json:"code"`
	Params map[string]any `json:"params,omitempty"`
}

// Error tells kind, code, and the codes of fields. It holds no value that a person typed.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Kind.String())
	b.WriteString(": ")
	b.WriteString(e.Code)
	for i, f := range e.Fields {
		if i == maxFieldsInText {
			b.WriteString(" …")
			break
		}
		b.WriteString(" [" + f.Code + "]")
	}
	return b.String()
}

// maxFieldsInText keeps one log line one readable line when a pasted table is wrong throughout.
const maxFieldsInText = 8

// Unwrap gives the cause, for errors.Is and errors.As.
func (e *Error) Unwrap() error { return e.cause }

// With returns a copy that carries the parameter name=value for the text of the code.
func (e *Error) With(name string, value any) *Error {
	c := *e
	c.Params = make(map[string]any, len(e.Params)+1)
	for k, v := range e.Params {
		c.Params[k] = v
	}
	c.Params[name] = value
	return &c
}

// WithField returns a copy that also names a wrong field.
func (e *Error) WithField(name, code string) *Error {
	return e.WithFields(Field{Name: name, Code: code})
}

// WithFields returns a copy that also names wrong fields.
func (e *Error) WithFields(fields ...Field) *Error {
	c := *e
	c.Fields = append(append([]Field(nil), e.Fields...), fields...)
	return &c
}

// Wrap returns a copy that remembers its cause.
func (e *Error) Wrap(err error) *Error {
	c := *e
	c.cause = err
	return &c
}

// Is makes errors.Is(err, fault.Conflict("stale")) true for any fault of the same kind and code.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Kind == e.Kind && t.Code == e.Code
}

// Status is the HTTP status of the kind.
func (e *Error) Status() int { return e.Kind.Status() }

// From finds the fault in a chain of wrapped errors. False means: an internal error.
func From(err error) (*Error, bool) {
	var e *Error
	if errors.As(err, &e) && e != nil {
		return e, true
	}
	return nil, false
}
