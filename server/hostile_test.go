package server_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/uuid"

	"elicensing/server/catalog"
	"elicensing/server/servertest"
)

// hostileJSON are values of every wrong kind, as they stand in a body: other types, numbers that nothing holds, texts that a database, a
// printer or a reader may choke on.
var hostileJSON = []string{
	`null`, `true`, `0`, `-1`, `1.5`, `1e308`, `-1e308`, `1e400`, `1e-99999`, `9007199254740993`, `9223372036854775808`, `-9223372036854775809`, `2147483648`,
	`""`, `" "`, `"x"`, `"\u0000"`, `"a\u0000b"`, `"\ud800"`, `"\udfff\ud800"`, "\"\xff\xfe\"", "\"\xed\xa0\x80\"", `"\uffff\ufdd0"`, `"\u202e\u200b\ufeff\u2028"`,
	`"' OR 1=1; --"`, `"<script>alert(1)</script>"`, `"%s%n%x{{7*7}}${7*7}"`, `"../../../../etc/passwd"`, `"2026-02-30"`, `"0000-00-00"`, `"99999-12-31"`, `"-0001-01-01"`,
	`"00000000-0000-0000-0000-000000000000"`, `"` + strings.Repeat("9", 400) + `"`, `"` + strings.Repeat("Қ", 2001) + `"`, `"` + strings.Repeat("e\u0301", 1500) + `"`,
	`"` + strings.Repeat("A", 300_000) + `"`, `[]`, `[null]`, `[[]]`, `[[],{},"",0,null]`, `[` + strings.Repeat(`"PHC-GP",`, 3000) + `"PHC-GP"]`, `{}`, `{"":""}`, `{"a":{"b":[1]}}`,
	`{"__proto__":null,"constructor":{}}`, strings.Repeat(`{"a":`, 40) + `1` + strings.Repeat(`}`, 40),
}

// hostileText are values for headers, queries and paths, where a client can send them at all.
var hostileText = []string{
	"", " ", "0", "-1", "1e3", "0x10", "1.5", "9223372036854775807", "9223372036854775808", strings.Repeat("9", 400), "null", "true", "NaN", "\xff\xfe", "\xc0\xaf", "Қ", "\u202e", "' OR 1=1; --",
	"x", strings.Repeat("A", 5000), ",,,", "=;=", "%00", "..", "\u0000",
	cursorOf("0000-01-01T00:00:00Z", uuid.NewString()), cursorOf("9999-12-31T23:59:59.999999999Z", uuid.NewString()), cursorOf("2026-01-01T00:00:00+23:59", uuid.Nil.String()),
	cursorOf("2026-01-01T00:00:00Z", "x"), cursorOf("x", uuid.NewString()), base64.RawURLEncoding.EncodeToString([]byte("\x00\xff ")), base64.RawURLEncoding.EncodeToString(nil),
}

func cursorOf(at, id string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(at + " " + id))
}

// spoil gives the body with each of its values, and each value that its schema knows besides, replaced by a hostile one, and with each left out; of
// the hostile ones only every so manyth in turn, beginning elsewhere at each place.
func spoil(t *testing.T, every int, schema *openapi3.Schema, base any, emit func(what string, body []byte)) {
	t.Helper()
	raw := func(v any) []byte {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	var walk func(path string, schema *openapi3.Schema, at any, whole func(any) any)
	turn := 0
	walk = func(path string, schema *openapi3.Schema, at any, whole func(any) any) {
		turn++
		before, after, _ := strings.Cut(string(raw(whole("\u2603"))), `"`+"\u2603"+`"`)
		for i, hostile := range hostileJSON {
			if (i+turn)%every != 0 || strings.Count(path, ".") > 2 && (i/every+turn)%4 != 0 {
				continue // cells of tables are many and alike: a quarter of the list each, in turn
			}
			// Not through the encoder, which would mend what is wrong with the bytes.
			emit(path+" = "+cut(hostile), []byte(before+hostile+after))
		}
		switch v := at.(type) {
		case map[string]any:
			keys := map[string]*openapi3.Schema{}
			for key := range v {
				keys[key] = nil
			}
			if schema != nil {
				for key, ref := range schema.Properties {
					keys[key] = ref.Value
				}
			}
			for _, key := range slices.Sorted(maps.Keys(keys)) {
				with := func(value any) any {
					c := maps.Clone(v)
					c[key] = value
					return whole(c)
				}
				without := maps.Clone(v)
				delete(without, key)
				emit(path+"."+key+" left out", raw(whole(without)))
				walk(path+"."+key, keys[key], v[key], with)
			}
		case []any:
			if len(v) > 0 {
				var items *openapi3.Schema
				if schema != nil && schema.Items != nil {
					items = schema.Items.Value
				}
				walk(path+"[0]", items, v[0], func(value any) any {
					c := slices.Clone(v)
					c[0] = value
					return whole(c)
				})
			}
		}
	}
	var plain any
	if err := json.Unmarshal(raw(base), &plain); err != nil {
		t.Fatal(err)
	}
	walk("body", schema, plain, func(v any) any { return v })
}

func cut(s string) string { return s[:min(len(s), 60)] }

// judge is what every answer must be, whatever was sent: never the server's failure, and a refusal is a problem with a code (I35).
func judge(t *testing.T, r *servertest.Response, what string) {
	t.Helper()
	if r.Status >= 500 {
		t.Errorf("%s: %d %.300s", what, r.Status, r.Body)
	}
	if r.Status >= 400 && !strings.HasPrefix(what, http.MethodHead) && r.Code() == "" {
		t.Errorf("%s: %d is no problem body: %.200s", what, r.Status, r.Body)
	}
}

// sparse is what part a test that goes over everything tries where the race detector makes it ten times as slow (-short): one of so many.
// What runs at the same time is tried elsewhere, in full (TestEveryRequestTwiceAndAtOnce).
const sparse = 8

// renewals is how often an application that was used up is replaced by another, for one operation; making one takes longer than all else.
const renewals = 3

// Every route × every value of its body × every wrong kind, each in a state in which a right request would be carried out.
func TestHostileBodies(t *testing.T) {
	t.Parallel()
	contract, err := openapi3.NewLoader().LoadFromFile("openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	every := 1
	if testing.Short() {
		every = sparse
	}
	p := servertest.New(t)
	stage := newStage(t, p)
	tried, bodies := 0, 0
	for _, o := range servertest.Operations(t) {
		operation := contract.Paths.Value(o.Path).GetOperation(o.Method)
		if o.ID == "saveAnswers" || operation.RequestBody == nil || operation.RequestBody.Value.Content.Get("application/json") == nil {
			continue
		}
		if bodies++; (bodies-1)%every != 0 {
			continue
		}
		schema := operation.RequestBody.Value.Content.Get("application/json").Schema.Value
		right := stage.right(o.ID, o.Path)
		renewed := 0
		base := right.body
		if base == nil {
			base = map[string]any{}
		}
		spoil(t, every, schema, base, func(what string, body []byte) {
			tried++
			r := right.client.Do(o.Method, right.path, body, append(right.options, servertest.Bad())...)
			judge(t, r, o.Method+" "+o.Path+" "+what)
			if r.Status < 300 && right.once && renewed < renewals {
				renewed++
				right = stage.right(o.ID, o.Path) // it was carried out: the next one needs another application
			}
		})
	}
	if tried < 1500/every/every/2 {
		t.Errorf("only %d bodies were tried", tried)
	}
}

// Every field of the form × every wrong kind: refused or saved, never a failure; what was saved can be read, checked, and either signed or told
// what is wrong with it.
func TestHostileAnswers(t *testing.T) {
	t.Parallel()
	every := 1
	if testing.Short() {
		every = sparse
	}
	p := servertest.New(t)
	for _, kind := range []string{"person", "entity"} {
		c := p.SignInAs(map[string]string{"person": "person", "entity": "director"}[kind])
		a := c.Draft(kindOf(kind))
		path := "/api/applications/" + a.ID
		revision, saved, drawn := a.Revision, 0, 0
		base := servertest.Answers(kindOf(kind))
		if kind == "entity" {
			for key := range servertest.Answers(catalog.Person) {
				delete(base, key) // tried already
			}
		}
		spoil(t, every, nil, base, func(what string, answers []byte) {
			body := fmt.Sprintf(`{"revision":%d,"answers":%s}`, revision, answers)
			r := c.Do(http.MethodPut, path+"/answers", []byte(body), servertest.Bad())
			judge(t, r, "save "+what)
			if r.Status != http.StatusOK {
				return
			}
			saved++
			var done struct {
				Revision int
				Issues   []struct{ Code string }
			}
			r.JSON(&done)
			revision = done.Revision
			judge(t, c.Do(http.MethodGet, path+"/check", nil), "check "+what)
			if len(done.Issues) == 0 && (saved*every%25 < every || strings.Contains(what, "\\u202e")) {
				drawn++
				judge(t, c.Do(http.MethodPost, path+"/document", nil), "prepare "+what)
			}
		})
		judge(t, c.Do(http.MethodGet, path, nil), "read")
		if saved < 30/every || (kind == "person" && drawn < 5/every) {
			t.Errorf("%s: only %d answers were saved and %d drawn: the test looks in the wrong place", kind, saved, drawn)
		}
	}
}

// Every route × every declared header, query and path value × everything that can be sent there.
func TestHostileParameters(t *testing.T) {
	t.Parallel()
	contract, err := openapi3.NewLoader().LoadFromFile("openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	every := 1
	if testing.Short() {
		every = sparse
	}
	p := servertest.New(t)
	stage := newStage(t, p)
	tried, turn := 0, 0
	for i, o := range servertest.Operations(t) {
		if i%every != 0 {
			continue
		}
		renewed := 0
		item := contract.Paths.Value(o.Path)
		operation := item.GetOperation(o.Method)
		right := stage.right(o.ID, o.Path)
		send := func(what, to string, options ...servertest.Option) {
			if turn++; turn%every != 0 {
				return
			}
			tried++
			r := right.client.Do(o.Method, to, right.body, append(append(slices.Clone(right.options), options...), servertest.Bad())...)
			judge(t, r, o.Method+" "+o.Path+" "+what)
			if r.Status < 300 && right.once && renewed < renewals {
				renewed++
				right = stage.right(o.ID, o.Path)
			}
		}
		var headers []string
		if operation.RequestBody != nil {
			headers = append(headers, "Content-Type")
		}
		if slices.Contains(commonHeadersAt, o.ID) {
			headers = append(headers, "Cookie", "Accept", "Accept-Encoding", "Range", "If-Range", "If-None-Match", "If-Modified-Since", "X-Forwarded-For", "Origin")
		}
		for _, parameter := range append(slices.Clone(item.Parameters), operation.Parameters...) {
			switch parameter.Value.In {
			case "header":
				headers = append(headers, parameter.Value.Name)
			case "query":
				for _, value := range hostileText {
					send(fmt.Sprintf("?%s=%q", parameter.Value.Name, cut(value)), right.path+"?"+url.Values{parameter.Value.Name: {value}}.Encode())
				}
			case "path":
				for _, value := range hostileText {
					segment := url.PathEscape(value)
					if segment == "" || segment == ".." {
						continue // another address altogether
					}
					send(fmt.Sprintf("{%s}=%q", parameter.Value.Name, cut(value)), strings.ReplaceAll(o.Path, "{"+parameter.Value.Name+"}", segment))
				}
			}
		}
		for _, name := range headers {
			for _, value := range headerValues(name) {
				if name == "Cookie" && value == "" {
					continue
				}
				send(fmt.Sprintf("%s: %q", name, cut(value)), right.path, servertest.Header(name, value))
			}
		}
	}
	if tried < 2500/every/every/2 {
		t.Errorf("only %d requests were tried", tried)
	}
}

// commonHeadersAt are the operations at which the headers are tried that every route reads alike.
var commonHeadersAt = []string{"getService", "getSession", "getApplication", "downloadAttachment", "downloadFile", "getQueue"}

// headerValues are hostile values that fit the header, and those of any.
func headerValues(name string) []string {
	var values []string
	for _, v := range hostileText {
		if !strings.ContainsAny(v, "\x00") {
			values = append(values, v)
		}
	}
	b64 := base64.StdEncoding.EncodeToString
	switch name {
	case "Range":
		values = []string{"bytes=0-0", "bytes=-1", "bytes=5-1", "bytes=99999999-", "bytes=0-99999999999999999999", "bytes=" + strings.Repeat("0-0,", 500) + "0-0", "bytes=a-b", "pages=1-2", "bytes="}
	case "Upload-Metadata":
		values = append(values, "slot", "slot !!!", "slot "+b64([]byte("diplomas")), "filename "+b64([]byte("a\x00b")), "slot "+b64([]byte("diplomas\x00"))+",filename "+b64([]byte("a.png")),
			"slot "+b64([]byte("\xff"))+",filename "+b64([]byte("\xff\xfe")), strings.Repeat("slot "+b64([]byte("x"))+",", 300), "slot "+b64([]byte("diplomas"))+",filename "+b64([]byte(strings.Repeat("Қ", 1000))))
	case "Content-Type":
		values = append(values, "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=x", "application/json; charset=utf-16", "application/json;;;", "text/html",
			"application/x-www-form-urlencoded")
	case "Cookie":
		values = []string{"elicensing=", "elicensing=%00", "elicensing=" + strings.Repeat("A", 5000), "elicensing=x; elicensing=y", "__Host-elicensing=x", "=;=", "\xff"}
	case "Origin":
		values = []string{"null", "http://\xff", "x", "http://[::1", strings.Repeat("A", 5000)}
	}
	return values
}
