package catalog

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"elicensing/server/fault"
)

// Mode says how strictly answers are judged.
type Mode int

// A draft is kept even when it is wrong, so that nothing typed is lost; only what has no place in
// the form at all is refused. Complete is what may be signed.
const (
	Draft Mode = iota
	Complete
)

// MaxErrors bounds the list that Validate gives; what is beyond it is counted, not listed.
const MaxErrors = 200

// Validate judges answers against the declaration for one kind of applicant. today is the day in
// the country on which they are judged; its time is not used. Errors come in the order of the
// form, with paths such as "email", "equipment[2].year", "sites[0].street". None means: holds.
// It does not look at files: see CheckFiles.
func Validate(s *Service, kind ApplicantKind, answers Answers, mode Mode, today time.Time) []fault.Field {
	v := newValidation(s, kind, mode, today)
	known := map[string]bool{}
	for _, sec := range s.Sections {
		for _, f := range sec.Fields {
			known[f.ID] = appliesTo(sec.For, kind) && appliesTo(f.For, kind)
		}
	}
	v.unknownKeys("", answers, known)
	for _, sec := range s.Sections {
		if appliesTo(sec.For, kind) {
			v.fields("", sec.Fields, answers, v.complete)
		}
	}
	return v.list()
}

func newValidation(s *Service, kind ApplicantKind, mode Mode, today time.Time) *validation {
	return &validation{service: s, kind: kind, complete: mode == Complete, today: today, day: today.Format(time.DateOnly)}
}

type validation struct {
	service  *Service
	kind     ApplicantKind
	complete bool
	today    time.Time
	day      string // today as "2006-01-02"
	errors   []fault.Field
	more     int
}

// fail notes a mistake; params are pairs of name and value.
func (v *validation) fail(path, code string, params ...any) {
	if len(v.errors) == MaxErrors {
		v.more++
		return
	}
	f := fault.Field{Name: path, Code: code}
	for i := 0; i+1 < len(params); i += 2 {
		if f.Params == nil {
			f.Params = map[string]any{}
		}
		f.Params[params[i].(string)] = params[i+1]
	}
	v.errors = append(v.errors, f)
}

// count is how many mistakes there are so far, listed or not.
func (v *validation) count() int { return len(v.errors) + v.more }

// list gives what was found, and how much more there was.
func (v *validation) list() []fault.Field {
	if v.more > 0 {
		return append(v.errors, fault.Field{Code: CodeMoreErrors, Params: map[string]any{"count": v.more}})
	}
	return v.errors
}

// fields judges the values of one level, a section of the form or a row. Conditions and orders
// point only within a level.
func (v *validation) fields(path string, fields []Field, values map[string]any, complete bool) {
	shown := shownFields(fields, v.kind, values)
	for _, f := range fields {
		if appliesTo(f.For, v.kind) {
			v.field(joinPath(path, f.ID), f, values, complete && shown[f.ID])
		}
	}
}

// row judges one row of a table.
func (v *validation) row(path string, columns []Field, values map[string]any, complete bool) {
	known := map[string]bool{}
	for _, f := range columns {
		known[f.ID] = appliesTo(f.For, v.kind)
	}
	v.unknownKeys(path, values, known)
	v.fields(path, columns, values, complete)
}

func (v *validation) unknownKeys(path string, values map[string]any, known map[string]bool) {
	var unknown []string
	for key := range values {
		if !known[key] {
			unknown = append(unknown, key)
		}
	}
	slices.Sort(unknown)
	for _, key := range unknown {
		v.fail(joinPath(path, shorten(key)), CodeUnknownField)
	}
}

// shorten keeps a key that somebody made up from filling the answer.
func shorten(key string) string {
	const most = 64
	if r := []rune(key); len(r) > most {
		return string(r[:most]) + "…"
	}
	return key
}

// shownFields are the fields that apply to this applicant and whose conditions hold. Conditions
// point back, so one pass in order is enough; a field that is not shown shows no other.
func shownFields(fields []Field, kind ApplicantKind, values map[string]any) map[string]bool {
	shown := map[string]bool{}
	for _, f := range fields {
		shown[f.ID] = appliesTo(f.For, kind) &&
			(f.When == nil || shown[f.When.Field] && slices.Contains(f.When.In, conditionValue(values[f.When.Field])))
	}
	return shown
}

func conditionValue(v any) string {
	switch v := v.(type) {
	case nil:
		return "false" // a checkbox that was never ticked
	case bool:
		return fmt.Sprint(v)
	default:
		return stringOf(v)
	}
}

func appliesTo(kinds []ApplicantKind, kind ApplicantKind) bool {
	return len(kinds) == 0 || slices.Contains(kinds, kind)
}

// field judges one value. Its shape always counts; the rest only when complete.
func (v *validation) field(path string, f Field, level map[string]any, complete bool) {
	value := level[f.ID]
	before := v.count()
	v.shape(path, f, value, complete)
	if !complete || v.count() > before {
		return
	}
	if empty(value) {
		if f.Required {
			v.missing(path, f)
		}
		return
	}
	v.content(path, f, value, level)
}

func (v *validation) missing(path string, f Field) {
	if f.Type == CheckboxField {
		v.fail(path, CodeConfirm)
		return
	}
	v.fail(path, CodeRequired)
}

// rows judges a table or a list of addresses. Rows without any answer are passed over, as Signed
// leaves them out; paths keep the numbers that the page knows.
func (v *validation) rows(path string, f Field, value any, complete bool, row func(path string, value map[string]any)) {
	list, ok := value.([]any)
	if !ok {
		v.fail(path, CodeWrongType)
		return
	}
	if len(list) > f.MaxRows {
		v.fail(path, CodeTooManyRows, "max", f.MaxRows)
		return
	}
	filled := 0
	for i, e := range list {
		at := fmt.Sprintf("%s[%d]", path, i)
		object, ok := e.(map[string]any)
		if !ok {
			v.fail(at, CodeWrongType)
			continue
		}
		if !empty(object) {
			filled++
		}
		row(at, object)
	}
	if complete && filled > 0 && filled < f.MinRows {
		v.fail(path, CodeTooFewRows, "min", f.MinRows)
	}
}

// SectionOf finds the section that asks for a path as Validate and CheckFiles name it.
func (s *Service) SectionOf(path string) (Section, bool) {
	slot, isFile := strings.CutPrefix(path, filePrefix)
	if i := strings.IndexAny(path, ".["); i >= 0 {
		path = path[:i]
	}
	for _, sec := range s.Sections {
		for _, sl := range sec.Slots {
			if isFile && sl.ID == slot {
				return sec, true
			}
		}
		for _, f := range sec.Fields {
			if !isFile && f.ID == path {
				return sec, true
			}
		}
	}
	return Section{}, false
}
