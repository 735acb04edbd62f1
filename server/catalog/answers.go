package catalog

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"elicensing/server/fault"
)

// Limits of what an applicant may send, whatever a declaration says.
const (
	MaxAnswersBytes = 512 << 10 // JSON text of all answers
	maxAnswersDepth = 4         // answers → table → row → value
	maxRows         = 500
	maxTextLength   = 4000 // characters
	maxTypedLength  = 200  // characters of a value that is not free text, as typed
	maxDraftLength  = 5000 // characters of any one text while it is a draft
	maxCodeLength   = 40
)

// Answers are what the applicant has filled in so far: field id → value, the values as FieldType
// tells. Name, IIN and BIN are never among them: they come from the certificate.
type Answers map[string]any

// DecodeAnswers reads the JSON object of all answers. Refused: over 512 KiB (TooLarge
// "answers_too_large"); not one JSON object, invalid UTF-8, a key given twice, or nested deeper
// than answers are (Malformed "answers_malformed"). Numbers keep their digits as json.Number.
func DecodeAnswers(raw []byte) (Answers, error) {
	if len(raw) > MaxAnswersBytes {
		return nil, fault.TooLarge("answers_too_large").With("maxBytes", MaxAnswersBytes)
	}
	malformed := fault.Malformed("answers_malformed")
	if !utf8.Valid(raw) {
		return nil, malformed.Wrap(errors.New("invalid UTF-8"))
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	v, err := decodeValue(dec, 0)
	if err != nil {
		return nil, malformed.Wrap(err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, malformed.Wrap(errors.New("something follows the answers"))
	}
	object, ok := v.(map[string]any)
	if !ok {
		return nil, malformed.Wrap(errors.New("not an object"))
	}
	return object, nil
}

// decodeValue reads one value by tokens: json.Unmarshal would keep the last of two equal keys,
// so that what one reader sees is not what another one signs.
func decodeValue(dec *json.Decoder, depth int) (any, error) {
	token, err := dec.Token()
	if err != nil {
		return nil, err
	}
	delim, ok := token.(json.Delim)
	if !ok {
		return token, nil
	}
	if depth == maxAnswersDepth {
		return nil, errors.New("nested too deeply")
	}
	if delim == '[' {
		list := []any{}
		for dec.More() {
			v, err := decodeValue(dec, depth+1)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		_, err := dec.Token()
		return list, err
	}
	object := map[string]any{}
	for dec.More() {
		token, err := dec.Token()
		if err != nil {
			return nil, err
		}
		key, ok := token.(string)
		if !ok {
			return nil, errors.New("a key is not a string")
		}
		if _, twice := object[key]; twice {
			return nil, errors.New("a key is given twice")
		}
		if object[key], err = decodeValue(dec, depth+1); err != nil {
			return nil, err
		}
	}
	_, err = dec.Token()
	return object, err
}

// String reads a text value; "" when it is not answered or not a text.
func (a Answers) String(field string) string { return stringOf(a[field]) }

// Bool reads a checkbox.
func (a Answers) Bool(field string) bool {
	b, _ := a[field].(bool)
	return b
}

// Codes reads a classifier value.
func (a Answers) Codes(field string) []string {
	list, _ := a[field].([]any)
	var codes []string
	for _, v := range list {
		if s, ok := v.(string); ok {
			codes = append(codes, s)
		}
	}
	return codes
}

// Rows reads a table; rows without any answer are left out.
func (a Answers) Rows(field string) []Answers { return rowsOf(a[field]) }

func rowsOf(table any) []Answers {
	var rows []Answers
	for _, row := range objects(table) {
		if row != nil && !empty(row) {
			rows = append(rows, row)
		}
	}
	return rows
}

// Address reads an address field.
func (a Answers) Address(field string) Address {
	m, _ := a[field].(map[string]any)
	return addressOf(m)
}

// Addresses reads a list of addresses; those without any answer are left out.
func (a Answers) Addresses(field string) []Address {
	var list []Address
	for _, m := range objects(a[field]) {
		if m != nil && !empty(m) {
			list = append(list, addressOf(m))
		}
	}
	return list
}

// objects gives the elements of an array, nil for one that is not an object.
func objects(v any) []map[string]any {
	list, _ := v.([]any)
	out := make([]map[string]any, len(list))
	for i, e := range list {
		out[i], _ = e.(map[string]any)
	}
	return out
}

// empty is true for a value that answers nothing.
func empty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return strings.TrimSpace(v) == ""
	case []any:
		for _, e := range v {
			if !empty(e) {
				return false
			}
		}
		return true
	case map[string]any:
		for _, e := range v {
			if !empty(e) {
				return false
			}
		}
		return true
	case bool:
		return !v
	default:
		return false
	}
}
