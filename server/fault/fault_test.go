package fault_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"elicensing/server/fault"
)

func TestEveryKindHasItsStatus(t *testing.T) {
	for _, tc := range []struct {
		err    *fault.Error
		name   string
		status int
	}{
		{fault.Invalid("x"), "invalid", 422},
		{fault.Malformed("x"), "malformed", 400},
		{fault.Unauthenticated("x"), "unauthenticated", 401},
		{fault.Forbidden("x"), "forbidden", 403},
		{fault.NotFound("x"), "not_found", 404},
		{fault.Conflict("x"), "conflict", 409},
		{fault.TooLarge("x"), "too_large", 413},
		{fault.TooMany("x"), "too_many", 429},
		{fault.Unavailable("x"), "unavailable", 503},
		{&fault.Error{Code: "x"}, "internal", 500},
	} {
		if tc.err.Status() != tc.status || tc.err.Kind.String() != tc.name {
			t.Errorf("%v: status %d, want %s %d", tc.err, tc.err.Status(), tc.name, tc.status)
		}
	}
}

func TestFromFindsTheFaultUnderWrapping(t *testing.T) {
	inner := fault.Conflict("already_assigned").Wrap(io.ErrUnexpectedEOF)
	got, ok := fault.From(fmt.Errorf("assign: %w", inner))
	if !ok || got.Code != "already_assigned" {
		t.Fatalf("From = %v, %v", got, ok)
	}
	if !errors.Is(got, io.ErrUnexpectedEOF) {
		t.Error("the cause is lost")
	}
	if !errors.Is(fmt.Errorf("x: %w", inner), fault.Conflict("already_assigned")) {
		t.Error("errors.Is does not see kind and code")
	}
	for _, other := range []error{nil, io.EOF, fmt.Errorf("plain"), (*fault.Error)(nil)} {
		if _, ok := fault.From(other); ok {
			t.Errorf("From(%v) found a fault", other)
		}
	}
	if errors.Is(inner, fault.Invalid("already_assigned")) || errors.Is(inner, fault.Conflict("other")) {
		t.Error("errors.Is matches another kind or code")
	}
}

// Error() ends in logs, which hold no personal data (I34).
func TestTheTextHoldsCodesAndNoValues(t *testing.T) {
	err := fault.Invalid("answers_invalid").With("iin", "123456789011").
		WithFields(fault.Field{Name: "staff[0].Тестов", Code: "required", Params: map[string]any{"value": "secret"}}).
		Wrap(errors.New("secret cause"))
	text := err.Error()
	if text != "invalid: answers_invalid [required]" {
		t.Errorf("text %q", text)
	}
	many := fault.Invalid("answers_invalid")
	for range 500 {
		many = many.WithField("f", "required")
	}
	if len(many.Error()) > 200 || strings.Count(many.Error(), "required") != 8 {
		t.Errorf("long text: %s", many.Error())
	}
}

func TestAddingToAFaultLeavesTheOriginalAlone(t *testing.T) {
	base := fault.TooLarge("file_too_large").With("maxBytes", 1)
	_ = base.With("maxBytes", 2)
	_ = base.WithField("file", "x")
	_ = base.Wrap(io.EOF)
	if base.Params["maxBytes"] != 1 || len(base.Fields) != 0 || base.Unwrap() != nil {
		t.Errorf("base changed: %+v", base)
	}
}
