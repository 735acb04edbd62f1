package catalog

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// shape checks JSON type, size and characters: what even a draft must hold, and of texts more when they are complete. An answer that is not asked
// for, as that of a column whose condition does not hold, is judged as a draft: nobody could mend it, and it is not signed.
func (v *validation) shape(path string, f Field, value any, complete bool) {
	if value == nil {
		return
	}
	switch f.Type {
	case TextField, TextAreaField:
		v.text(path, value, f.MaxLength, f.Type == TextAreaField, complete)
	case NumberField, YearField:
		if text, ok := typed(value); !ok {
			v.fail(path, CodeWrongType)
		} else {
			v.text(path, text, maxTypedLength, false, complete)
		}
	case DateField, EmailField, PhoneField, IINField, BINField, ChoiceField: // into a choice of a table one may paste anything
		v.text(path, value, maxTypedLength, false, complete)
	case AuthorityField:
		v.text(path, value, maxTypedLength, false, true) // a code, which nobody types or pastes: what no page sends is refused in a draft as well
	case CheckboxField:
		if _, ok := value.(bool); !ok {
			v.fail(path, CodeWrongType)
		}
	case ClassifierField:
		v.codes(path, f, value)
	case AddressField:
		v.address(path, value, complete, f.Required)
	case AddressesField:
		v.rows(path, f, value, complete, func(at string, row map[string]any) {
			v.address(at, row, complete && !empty(row), false)
		})
	case TableField:
		v.rows(path, f, value, complete, func(at string, row map[string]any) {
			v.row(at, f.Columns, row, complete && !empty(row))
		})
	}
}

// content checks an answer that has its right shape.
func (v *validation) content(path string, f Field, value any, level map[string]any) {
	switch f.Type {
	case NumberField:
		v.number(path, f, value)
	case YearField:
		v.year(path, f, value, level)
	case DateField:
		v.date(path, f, value, level)
	case EmailField:
		if !emailPattern.MatchString(stringOf(value)) || len(stringOf(value)) > 254 {
			v.fail(path, CodeBadEmail)
		}
	case PhoneField:
		if !phonePattern.MatchString(stringOf(value)) || !phoneDigits.MatchString(phoneMarks.Replace(stringOf(value))) {
			v.fail(path, CodeBadPhone)
		}
	case IINField:
		if !ValidIIN(stringOf(value)) {
			v.fail(path, CodeBadIIN)
		}
	case BINField:
		if !ValidBIN(stringOf(value)) {
			v.fail(path, CodeBadBIN)
		}
	case ChoiceField:
		if !slices.ContainsFunc(f.Options, func(o Option) bool { return o.Value == value }) {
			v.fail(path, CodeUnknownOption)
		}
	case AuthorityField:
		if !v.service.authorities[stringOf(value)] {
			v.fail(path, CodeUnknownOption)
		}
	case ClassifierField:
		v.items(path, f, value)
	case TableField:
		v.period(path, f, value)
	case TextField, TextAreaField, CheckboxField, AddressField, AddressesField:
		// Nothing beyond the shape.
	}
}

var (
	// One @, no blanks, a dot in the domain; the mail server knows the rest better.
	emailPattern = regexp.MustCompile("^[\\p{L}\\p{N}!#$%&'*+/=?^_`{|}~-]+(\\.[\\p{L}\\p{N}!#$%&'*+/=?^_`{|}~-]+)*@[\\p{L}\\p{N}]([\\p{L}\\p{N}-]*[\\p{L}\\p{N}])?(\\.[\\p{L}\\p{N}]([\\p{L}\\p{N}-]*[\\p{L}\\p{N}])?)+$")
	phonePattern = regexp.MustCompile(`^\+?[0-9][0-9 ()-]*$|^\([0-9][0-9 ()-]*$`)
	phoneMarks   = strings.NewReplacer(" ", "", "(", "", ")", "", "-", "", "+", "")
	phoneDigits  = regexp.MustCompile(`^[0-9]{10,15}$`) // E.164 allows 15; the shortest with an area code has 10
	yearPattern  = regexp.MustCompile(`^[0-9]{4}$`)
	numberFormat = regexp.MustCompile(`^-?[0-9]{1,12}([.,][0-9]{1,9})?$`)
)

// text checks what a person types or pastes; nil is no answer and holds. A draft keeps it also when it is too long or holds characters that are
// not seen or were not readable where they were copied, so that one cell never keeps the others from being saved; only what no database stores is
// refused, and what is longer than any field.
func (v *validation) text(path string, value any, max int, lines, complete bool) {
	if value == nil {
		return
	}
	s, ok := value.(string)
	if !ok {
		v.fail(path, CodeWrongType)
		return
	}
	kept := max
	if !complete {
		kept = maxDraftLength
	}
	if utf8.RuneCountInString(s) > kept {
		v.fail(path, CodeTooLong, "max", max)
		return
	}
	if !utf8.ValidString(s) {
		v.fail(path, CodeBadCharacters, "character", fmt.Sprintf("U+%04X", utf8.RuneError))
		return
	}
	for _, r := range s {
		if r == 0 || complete && (!permitted(r, lines) || !printable(r)) {
			v.fail(path, CodeBadCharacters, "character", fmt.Sprintf("U+%04X", r))
			return
		}
	}
}

// permitted refuses characters that are not seen and so can make a text read otherwise than it is
// stored: controls, formats and bidirectional marks, blanks that are letters (I23, I27).
func permitted(r rune, lines bool) bool {
	switch {
	case r == '\n':
		return lines
	case r == utf8.RuneError, r == 0x034F, r == 0x115F, r == 0x1160, r == 0x2800, r == 0x3164, r == 0xFFA0:
		return false
	case unicode.Is(unicode.Variation_Selector, r):
		return false
	}
	return unicode.IsGraphic(r)
}

// printable holds what is signed to scripts that the printed form can show: the law's documents
// are in Kazakh and Russian, and names of devices in Latin or Greek letters.
func printable(r rune) bool {
	return r <= 0xFFFF && (r == '\n' || unicode.In(r, unicode.Latin, unicode.Cyrillic, unicode.Greek, unicode.Common, unicode.Inherited))
}

// stringOf gives a text value, "" for anything else.
func stringOf(v any) string {
	s, _ := v.(string)
	return s
}

// typed gives a number as it was typed.
func typed(value any) (string, bool) {
	switch n := value.(type) {
	case string:
		return n, true
	case json.Number:
		return n.String(), true
	case float64:
		return strconv.FormatFloat(n, 'f', -1, 64), true
	case int:
		return strconv.Itoa(n), true
	default:
		return "", false
	}
}

// Number gives the answer to a number or year field as digits with a point, "" when it is none.
func Number(value any) string {
	s, ok := typed(value)
	s = strings.TrimSpace(s)
	if !ok || !numberFormat.MatchString(s) {
		return ""
	}
	return strings.Replace(s, ",", ".", 1)
}

func (v *validation) number(path string, f Field, value any) {
	s := Number(value)
	if s == "" {
		v.fail(path, CodeNotNumber)
		return
	}
	if _, fraction, ok := strings.Cut(s, "."); ok && len(fraction) > f.Decimals {
		if f.Decimals == 0 {
			v.fail(path, CodeNotWhole)
		} else {
			v.fail(path, CodeTooManyDecimals, "max", f.Decimals)
		}
		return
	}
	v.limits(path, f, s)
}

func (v *validation) limits(path string, f Field, digits string) bool {
	n, err := strconv.ParseFloat(digits, 64)
	switch {
	case err != nil:
		v.fail(path, CodeNotNumber)
	case f.Min != nil && n < *f.Min:
		v.fail(path, CodeTooSmall, "min", *f.Min)
	case f.Max != nil && n > *f.Max:
		v.fail(path, CodeTooLarge, "max", *f.Max)
	default:
		return true
	}
	return false
}

func (v *validation) year(path string, f Field, value any, level map[string]any) {
	s := Number(value)
	if !yearPattern.MatchString(s) {
		v.fail(path, CodeBadYear)
		return
	}
	if !v.limits(path, f, s) {
		return
	}
	if thisYear := v.today.Format("2006"); f.NotFuture && s > thisYear {
		v.fail(path, CodeInFuture, "max", thisYear)
		return
	}
	if other := Number(level[f.NotBefore]); f.NotBefore != "" && yearPattern.MatchString(other) && s < other {
		v.fail(path, CodeBeforeOther, "field", f.NotBefore)
	}
}

const firstDay = "1900-01-01" // an earlier date is a slip of the keyboard

func (v *validation) date(path string, f Field, value any, level map[string]any) {
	s := stringOf(value)
	if !isDate(s) {
		v.fail(path, CodeBadDate)
		return
	}
	if f.NotFuture && s > v.day {
		v.fail(path, CodeInFuture, "max", v.day)
		return
	}
	if f.NotPast && s < v.day {
		v.fail(path, CodeInPast, "min", v.day)
		return
	}
	if other := stringOf(level[f.NotBefore]); f.NotBefore != "" && isDate(other) && s < other {
		v.fail(path, CodeBeforeOther, "field", f.NotBefore)
		return
	}
	if f.WithinYears > 0 {
		if oldest := addMonths(v.today, -12*f.WithinYears).Format(time.DateOnly); s < oldest {
			v.fail(path, CodeTooOld, "years", f.WithinYears, "min", oldest)
		}
	}
}

func isDate(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil && s >= firstDay && s < "2200"
}

// codes checks the shape of a classifier's answer, items its codes.
func (v *validation) codes(path string, f Field, value any) {
	list, ok := value.([]any)
	if !ok {
		v.fail(path, CodeWrongType)
		return
	}
	if len(list) > f.MaxItems {
		v.fail(path, CodeTooManyItems, "max", f.MaxItems)
		return
	}
	for i, e := range list {
		if _, ok := e.(string); !ok {
			v.fail(fmt.Sprintf("%s[%d]", path, i), CodeWrongType)
			return
		}
		v.text(fmt.Sprintf("%s[%d]", path, i), e, maxCodeLength, false, true)
	}
}

func (v *validation) items(path string, f Field, value any) {
	classifier := v.service.Classifier(f.Classifier)
	seen := map[string]bool{}
	for i, e := range value.([]any) {
		code := stringOf(e)
		at := fmt.Sprintf("%s[%d]", path, i)
		item, ok := classifier.Item(code)
		switch {
		case !ok:
			v.fail(at, CodeUnknownItem, "code", code)
		case seen[code]:
			v.fail(at, CodeRepeated, "code", code)
		case item.Group:
			v.fail(at, CodeItemIsGroup, "code", code)
		case !item.validOn(v.day):
			v.fail(at, CodeItemNotValid, "code", code)
		}
		seen[code] = true
	}
}
