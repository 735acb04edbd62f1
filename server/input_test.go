package server_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"elicensing/server/servertest"
)

// badJSON is what no route may take: not JSON at all (in the manner of JSONTestSuite), or JSON that would be stored otherwise than sent.
var badJSON = map[string]string{
	"empty":                       "",
	"blank":                       "  \n",
	"null":                        "null",
	"array":                       "[]",
	"number":                      "1",
	"string":                      `"x"`,
	"open object":                 "{",
	"open string":                 `{"a":"`,
	"no value":                    `{"a":}`,
	"no key":                      `{:1}`,
	"key without quotes":          `{a:1}`,
	"single quotes":               `{'a':1}`,
	"trailing comma":              `{"a":1,}`,
	"two commas":                  `{"a":1,,"b":2}`,
	"trailing object":             `{}{}`,
	"trailing bracket":            `{}]`,
	"trailing letter":             `{} x`,
	"comment":                     `{}/**/`,
	"line comment":                "{}// x",
	"byte order mark":             "\xef\xbb\xbf{}",
	"UTF-16":                      "\xff\xfe{\x00}\x00",
	"not UTF-8":                   "{\"a\":\"\xff\"}",
	"overlong UTF-8":              "{\"a\":\"\xc0\xaf\"}",
	"surrogate in UTF-8":          "{\"a\":\"\xed\xa0\x80\"}",
	"raw NUL":                     "{\"a\":\"\x00\"}",
	"raw control character":       "{\"a\":\"\n\"}",
	"escaped NUL":                 `{"a":"\u0000"}`,
	"NUL in a key":                `{"\u0000":1}`,
	"lone high surrogate":         `{"a":"\ud800"}`,
	"lone low surrogate":          `{"a":"\udc00x"}`,
	"two high surrogates":         `{"a":"\ud800\ud800"}`,
	"bad escape":                  `{"a":"\x41"}`,
	"short escape":                `{"a":"\u12"}`,
	"capital True":                `{"a":True}`,
	"NaN":                         `{"a":NaN}`,
	"Infinity":                    `{"a":-Infinity}`,
	"leading zero":                `{"a":012}`,
	"plus":                        `{"a":+1}`,
	"hexadecimal":                 `{"a":0x1}`,
	"point without digits":        `{"a":1.}`,
	"exponent without digits":     `{"a":1e}`,
	"huge exponent":               `{"a":1e400}`,
	"exponent below all digits":   `{"a":1e-400}`,
	"many digits":                 `{"a":1` + strings.Repeat("0", 300) + `}`,
	"doubled key":                 `{"a":1,"a":2}`,
	"doubled key by case":         `{"a":1,"A":2}`,
	"doubled key, deep":           `{"a":[{"b":1,"b":2}]}`,
	"doubled key by escape":       `{"a":1,"\u0061":2}`,
	"deep arrays":                 strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000),
	"deep objects":                strings.Repeat(`{"a":`, 100_000) + "1" + strings.Repeat("}", 100_000),
	"deep, never closed":          strings.Repeat("[", 900_000),
	"one key of a megabyte":       `{"` + strings.Repeat("a", 1<<20) + `":1}`,
	"more than a megabyte":        `{"a":"` + strings.Repeat("a", 1<<20) + `"}`,
	"unknown field":               `{"isAdmin":true}`,
	"fields of mass assignment":   `{"owner_id":"1","status":"paid","role":"head","number":"1","state":"issued","capacity":"official"}`,
	"prototype":                   `{"__proto__":{"a":1}}`,
	"a hundred thousand keys":     "{" + manyKeys(60_000) + `"z":1}`,
	"quotes, brackets in strings": `{"a":"{[\"}]"}`,
}

func manyKeys(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `"k%d":0,`, i)
	}
	return b.String()
}

// I25: to every route that takes JSON, as somebody who may call it; no 5xx, always a problem, nothing written.
func TestBadJSONIsRefusedEverywhere(t *testing.T) {
	t.Parallel()
	every := 1
	if testing.Short() {
		every = sparse / 2
	}
	p := servertest.New(t)
	person, head := p.SignInAs("person"), p.SignInAs("head")
	id := startDraft(t, person)
	before := rows(t, p)
	routes, methods := 0, map[string]bool{}
	for _, o := range servertest.Operations(t) {
		if o.Takes != "application/json" {
			continue
		}
		if routes++; routes%every != 0 {
			continue
		}
		c := person
		if slices.Contains(o.Tags, "authority") {
			c = head
		}
		// What is large takes its time and is read by the same decoder everywhere: once a method, and where more is taken than elsewhere.
		large := !methods[o.Method] || o.ID == "attachReceipt"
		methods[o.Method] = true
		for name, body := range badJSON {
			if len(body) > 50_000 && !large && name != "more than a megabyte" {
				continue
			}
			r := c.Do(o.Method, fill(o.Path, id), []byte(body), servertest.Bad())
			if r.Status < 400 || r.Status >= 500 || r.Code() == "" {
				t.Errorf("%s %s with %s: %d %.200s", o.Method, o.Path, name, r.Status, r.Body)
			}
		}
	}
	if routes < 8 {
		t.Errorf("only %d routes take JSON: the check looks in the wrong place", routes)
	}
	if after := rows(t, p); after != before {
		t.Errorf("something was written:\n%s\nbefore:\n%s", after, before)
	}
}

// What the base itself must say of each.
func TestWhyABodyIsRefused(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	person := p.SignInAs("person")
	for name, want := range map[string]struct {
		status int
		code   string
	}{
		"empty": {400, "not_json"}, "trailing object": {400, "not_json"}, "byte order mark": {400, "not_json"},
		"not UTF-8": {400, "not_utf8"}, "surrogate in UTF-8": {400, "not_utf8"},
		"escaped NUL": {400, "text_not_allowed"}, "NUL in a key": {400, "text_not_allowed"}, "lone high surrogate": {400, "text_not_allowed"},
		"two high surrogates": {400, "text_not_allowed"}, "huge exponent": {400, "number_out_of_range"}, "exponent below all digits": {400, "number_out_of_range"},
		"many digits": {400, "number_out_of_range"}, "doubled key": {400, "doubled_key"},
		"doubled key by case": {400, "doubled_key"}, "doubled key, deep": {400, "doubled_key"}, "deep arrays": {400, "too_deep"},
		"unknown field": {400, "unknown_field"}, "array": {400, "body_not_as_expected"},
		"one key of a megabyte": {413, "body_too_large"}, "more than a megabyte": {413, "body_too_large"},
	} {
		r := person.Do(http.MethodPut, "/api/session/capacity", []byte(badJSON[name]), servertest.Bad())
		if r.Status != want.status || r.Code() != want.code {
			t.Errorf("%s: %d %s, want %d %s", name, r.Status, r.Code(), want.status, want.code)
		}
	}
	r := person.Do(http.MethodPut, "/api/session/capacity", `{"capacity":7}`, servertest.Bad()).ExpectProblem(400, "body_not_as_expected")
	if !strings.Contains(string(r.Body), `"path":"capacity"`) {
		t.Errorf("the wrong field is not named: %s", r.Body)
	}
}

// A number that no reader can hold is refused where the answers are kept as well, also one so small that it is read as 0: the database would refuse it.
func TestNumbersThatNobodyCanHoldAreRefused(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	person := p.SignInAs("person")
	id := startDraft(t, person)
	save := func(revision int, number string) *servertest.Response {
		body := fmt.Sprintf(`{"revision":%d,"answers":{"equipment":[{"year":%s}]}}`, revision, number)
		return person.Do(http.MethodPut, "/api/applications/"+id+"/answers", []byte(body), servertest.Bad())
	}
	for _, number := range []string{"1e999999", "1e-999999", "-3.5e-400"} {
		save(1, number).ExpectProblem(http.StatusBadRequest, "number_out_of_range")
	}
	for i, number := range []string{"0", "0e-5", "0.00", "1e-300"} {
		save(i+1, number).Expect(http.StatusOK)
	}
}

// Good text of every kind comes through unchanged or is refused (I2).
func TestTextIsStoredAsSent(t *testing.T) {
	p := servertest.New(t)
	person := p.SignInAs("person")
	id := startDraft(t, person)
	revision := 1
	for _, text := range []string{"Қабдолла Ұлы", "é", "e\u0301", "😀 𝒳", "<script>alert(1)</script>", `'; DROP TABLE applications; --`, "a\tb", "\u202e\u200b", "\ufeffx", "=1+1", "{{7*7}}"} {
		saved := person.Do(http.MethodPut, "/api/applications/"+id+"/answers", map[string]any{"revision": revision, "answers": map[string]any{"email": text}})
		if saved.Status == http.StatusUnprocessableEntity {
			continue
		}
		saved.Expect(http.StatusOK)
		revision++
		var got struct{ Answers map[string]any }
		person.Do(http.MethodGet, "/api/applications/"+id, nil).Expect(http.StatusOK).JSON(&got)
		if got.Answers["email"] != text {
			t.Errorf("%q came back as %q", text, got.Answers["email"])
		}
	}
	if revision < 5 {
		t.Errorf("only %d texts were taken", revision-1)
	}
}

// I34: what people typed, who they are and what they hold never reaches the log; a line is one JSON object.
func TestTheLogKnowsNobody(t *testing.T) {
	p := servertest.New(t)
	person, head := p.SignInAs("person"), p.SignInAs("head")
	id := startDraft(t, person)
	const marker = "MARKER-7f3a"
	person.Do(http.MethodPut, "/api/applications/"+id+"/answers", map[string]any{"revision": 1, "answers": map[string]any{"email": marker + "\r\n\x1b[31m\u2028"}})
	person.Do(http.MethodGet, "/api/applications/"+marker+"%0a%0d?cursor="+marker, nil, servertest.Header("User-Agent", marker), servertest.Header("Referer", "http://x/"+marker),
		servertest.Bad())
	person.Do(marker, "/api/applications", nil, servertest.Bad())
	person.Do(http.MethodPost, "/api/session", `{"challengeId":"`+marker+`","signature":"`+marker+`"}`)
	head.Do(http.MethodGet, "/"+marker, nil)
	log := p.Log.String()
	for _, secret := range []string{marker, "123456789011", "123456789032", "ТЕСТОВ", person.Token(), head.Token()} {
		if strings.Contains(log, secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
	lines := strings.Split(strings.TrimSpace(log), "\n")
	if len(lines) < 8 {
		t.Errorf("%d lines for a dozen requests:\n%s", len(lines), log)
	}
	for _, line := range lines {
		if !strings.HasPrefix(line, `{"time":`) || !strings.HasSuffix(line, "}") {
			t.Errorf("not one JSON object: %q", line)
		}
	}
	if !strings.Contains(log, `"route":"/api/applications/:id/answers"`) || !strings.Contains(log, `"id":"`+id+`"`) {
		t.Errorf("route or id is missing:\n%s", log)
	}
	if _, err := uuid.Parse(id); err != nil {
		t.Error(err)
	}
}
