package server

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"elicensing/server/fault"
)

const (
	// maxJSONBody is the limit of a JSON body.
	maxJSONBody = 1 << 20
	// maxJSONDepth is far above any body of ours and far below what costs anything.
	maxJSONDepth = 32
	// maxNumberLength keeps numbers within what every reader of them (the database too) can hold.
	maxNumberLength = 32
)

// decode reads a JSON body of up to 1 MiB into the struct at into. Unknown fields, doubled keys, trailing data, deep nesting, invalid
// UTF-8, U+0000 and lone surrogates are refused: what is stored is what was sent, or nothing (I2, I25).
func decode(c *gin.Context, into any) error {
	if err := requireJSON(c); err != nil {
		return err
	}
	body, err := readBody(c, maxJSONBody)
	if err != nil {
		return err
	}
	return decodeJSON(body, into)
}

func requireJSON(c *gin.Context) error {
	if t, _, err := mime.ParseMediaType(c.GetHeader("Content-Type")); err != nil || t != "application/json" {
		return fault.Malformed("content_type").With("expected", "application/json")
	}
	return nil
}

// readBody reads the whole body, up to limit bytes.
func readBody(c *gin.Context, limit int64) ([]byte, error) {
	body, err := io.ReadAll(http.MaxBytesReader(c.Writer, c.Request.Body, limit))
	if err != nil {
		return nil, notRead(err, limit)
	}
	return body, nil
}

// notRead is the refusal of a body that did not come whole.
func notRead(err error, limit int64) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return fault.TooLarge("body_too_large").With("maxBytes", limit)
	}
	return fault.Malformed("body_cut_short").Wrap(err)
}

// formFrame is what a form may add to its files: boundaries and names.
const formFrame = 16 << 10

// readFiles reads the files of a form, 1 to most of them under one name and of limit bytes together. They stay in memory: a form that net/http
// reads by itself may touch the disk.
func readFiles(c *gin.Context, name string, most int, limit int64) ([][]byte, error) {
	c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, limit+formFrame)
	form, err := c.Request.MultipartReader()
	if err != nil {
		return nil, fault.Malformed("body_not_as_expected").Wrap(err)
	}
	var files [][]byte
	var size int64
	for {
		part, err := form.NextRawPart()
		if errors.Is(err, io.EOF) && len(files) > 0 {
			return files, nil
		}
		if err != nil {
			return nil, notRead(err, limit)
		}
		if part.FormName() != name || len(files) == most {
			return nil, fault.Malformed("body_not_as_expected")
		}
		file, err := io.ReadAll(part)
		if err != nil {
			return nil, notRead(err, limit)
		}
		if size += int64(len(file)); size > limit {
			return nil, fault.TooLarge("body_too_large").With("maxBytes", limit)
		}
		files = append(files, file)
	}
}

// noBody refuses a body where none is expected, except an empty one and {}.
func noBody(c *gin.Context) error {
	body, err := readBody(c, 64)
	if err != nil {
		return err
	}
	if b := strings.TrimSpace(string(body)); b != "" && b != "{}" {
		return fault.Malformed("unexpected_body")
	}
	return nil
}

func decodeJSON(body []byte, into any) error {
	if err := checkJSON(body); err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	d.UseNumber()
	err := d.Decode(into)
	var wrongType *json.UnmarshalTypeError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &wrongType) && wrongType.Field != "":
		return fault.Malformed("body_not_as_expected").WithField(wrongType.Field, "wrong_type")
	case strings.HasPrefix(err.Error(), "json: unknown field "):
		return fault.Malformed("unknown_field")
	default:
		return fault.Malformed("body_not_as_expected").Wrap(err)
	}
}

// checkJSON refuses what encoding/json would accept and silently change.
func checkJSON(body []byte) error {
	if !utf8.Valid(body) {
		return fault.Malformed("not_utf8")
	}
	if deepest(body) > maxJSONDepth {
		return fault.Malformed("too_deep")
	}
	if !json.Valid(body) {
		return fault.Malformed("not_json")
	}
	if hasLoneSurrogate(body) {
		return fault.Malformed(codeTextNotAllowed)
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	return checkValue(d)
}

// deepest counts the nesting without recursion, so that it may look at anything.
func deepest(body []byte) int {
	depth, most, inString := 0, 0, false
	for i := 0; i < len(body); i++ {
		switch b := body[i]; {
		case inString && b == '\\':
			i++
		case b == '"':
			inString = !inString
		case inString:
		case b == '{' || b == '[':
			depth++
			most = max(most, depth)
		case b == '}' || b == ']':
			depth--
		}
	}
	return most
}

// hasLoneSurrogate finds \uD800–\uDFFF escapes that are not pairs; encoding/json would store U+FFFD in their place.
func hasLoneSurrogate(body []byte) bool {
	for i := 0; i+1 < len(body); i++ {
		if body[i] != '\\' {
			continue
		}
		i++
		if body[i] != 'u' {
			continue
		}
		switch c := hex4(body[i+1:]); {
		case c >= 0xDC00 && c <= 0xDFFF:
			return true
		case c >= 0xD800 && c <= 0xDBFF:
			next := body[i+5:]
			if len(next) < 6 || next[0] != '\\' || next[1] != 'u' {
				return true
			}
			if low := hex4(next[2:]); low < 0xDC00 || low > 0xDFFF {
				return true
			}
			i += 6
		}
		i += 4
	}
	return false
}

// hex4 reads four hexadecimal digits of JSON that is already known to be valid.
func hex4(b []byte) rune {
	var r rune
	for _, d := range b[:4] {
		switch {
		case d >= '0' && d <= '9':
			r = r<<4 | rune(d-'0')
		case d >= 'a' && d <= 'f':
			r = r<<4 | rune(d-'a'+10)
		default:
			r = r<<4 | rune(d-'A'+10)
		}
	}
	return r
}

// checkValue walks one value. The depth is bounded by checkJSON.
func checkValue(d *json.Decoder) error {
	t, err := d.Token()
	if err != nil {
		return fault.Malformed("not_json").Wrap(err)
	}
	switch v := t.(type) {
	case json.Delim:
		if v == '{' {
			return checkObject(d)
		}
		for d.More() {
			if err := checkValue(d); err != nil {
				return err
			}
		}
		_, err := d.Token()
		return err
	case string:
		if strings.ContainsRune(v, 0) {
			return fault.Malformed(codeTextNotAllowed)
		}
	case json.Number:
		if f, err := v.Float64(); err != nil || len(v) > maxNumberLength || f == 0 && !isZero(v) {
			return fault.Malformed("number_out_of_range")
		}
	}
	return nil
}

// isZero tells zero itself from a number so small that it is read as zero, for which the database has no room.
func isZero(n json.Number) bool {
	digits, _, _ := strings.Cut(strings.ToLower(n.String()), "e")
	return !strings.ContainsAny(digits, "123456789")
}

// checkObject refuses doubled keys; encoding/json matches keys without regard to case, so "Kind" doubles "kind".
func checkObject(d *json.Decoder) error {
	seen := map[string]bool{}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return fault.Malformed("not_json").Wrap(err)
		}
		key, _ := t.(string)
		folded := strings.ToLower(key)
		if seen[folded] {
			return fault.Malformed("doubled_key")
		}
		seen[folded] = true
		if strings.ContainsRune(key, 0) {
			return fault.Malformed(codeTextNotAllowed)
		}
		if err := checkValue(d); err != nil {
			return err
		}
	}
	_, err := d.Token()
	return err
}
