package server_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"os"
	"strings"
	"testing"

	"elicensing/server/servertest"
)

// form is a multipart body; each part is a name and the bytes under it.
func form(t *testing.T, parts ...part) (body []byte, contentType servertest.Option) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for i, p := range parts {
		field, err := w.CreateFormFile(p.name, fmt.Sprintf("файл-%d", i))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := field.Write(p.bytes); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), servertest.Header("Content-Type", w.FormDataContentType())
}

type part struct {
	name  string
	bytes []byte
}

// A signature that is kept apart from its document is judged together with it, in whatever order they come; alone it is told what is wanting.
func TestCheckSignatureApartFromItsDocument(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	anyone := p.Anonymous()
	check := func(files ...[]byte) *servertest.Response {
		t.Helper()
		var parts []part
		for _, file := range files {
			parts = append(parts, part{"file", file})
		}
		body, contentType := form(t, parts...)
		return anyone.Do(http.MethodPost, "/api/signatures/check", body, contentType)
	}
	paper := []byte("%PDF-1.7 шарт")
	national := p.SignWith(gostHolder(t, p, "person"), paper, true)
	signature, damaged := p.SignAs("director", paper, true), bytes.Clone(national)
	damaged[len(damaged)-1] ^= 1
	told := func(files ...[]byte) (told toldOfSignature) {
		t.Helper()
		check(files...).Expect(http.StatusOK).JSON(&told)
		return told
	}
	for name, good := range map[string][]byte{"GOST": national, "RSA": signature} {
		for _, files := range [][][]byte{{good, paper}, {paper, good}} {
			if r := told(files...); r.Kind != "cms" || r.Outcome != "TOTAL-PASSED" || len(r.Signatures) != 1 || !strings.Contains(r.Signatures[0].Algorithm, name) ||
				r.Signatures[0].Signer == "" {
				t.Errorf("%s: %+v", name, r)
			}
		}
	}
	for name, tc := range map[string]struct {
		files           [][]byte
		outcome, reason string
	}{
		"alone":                  {[][]byte{signature}, "INDETERMINATE", "signature_content_missing"},
		"with nothing":           {[][]byte{signature, {}}, "INDETERMINATE", "signature_content_missing"},
		"with another document":  {[][]byte{paper[1:], signature}, "TOTAL-FAILED", "signature_content_differs"},
		"with another signature": {[][]byte{signature, national}, "TOTAL-FAILED", "signature_content_differs"},
		"wrong":                  {[][]byte{paper, damaged}, "TOTAL-FAILED", "signature_wrong"},
		"of a revoked key":       {[][]byte{paper, p.SignAs("revoked", paper, true)}, "INDETERMINATE", "certificate_revoked"},
		"of an untrusted key":    {[][]byte{p.SignAs("untrusted", paper, true), paper}, "INDETERMINATE", "certificate_untrusted"},
		"a document alone":       {[][]byte{paper}, "NO_SIGNATURE_FOUND", "signature_none"},
	} {
		if r := told(tc.files...); r.Outcome != tc.outcome || r.Reason != tc.reason {
			t.Errorf("%s: %s %s", name, r.Outcome, r.Reason)
		}
	}
	for _, files := range [][][]byte{{paper, []byte("hello")}, {{}, {}}, {signature[1:], paper}} {
		check(files...).ExpectProblem(http.StatusUnprocessableEntity, "no_separate_signature")
	}
	p.StopRevocation()
	if r := told(paper, signature); r.Outcome != "INDETERMINATE" || r.Reason != "revocation_unavailable" {
		t.Errorf("while revocation cannot be learnt: %s %s", r.Outcome, r.Reason)
	}
}

// A form is bounded as one file is, holds one or two files and nothing else, and touches no disk.
func TestFormOfSignedFilesIsBounded(t *testing.T) {
	p := servertest.New(t)
	anyone := p.Anonymous()
	t.Setenv("TMPDIR", t.TempDir())
	send := func(body []byte, contentType servertest.Option) *servertest.Response {
		t.Helper()
		return anyone.Do(http.MethodPost, "/api/signatures/check", body, contentType, servertest.Bad())
	}
	half, small := make([]byte, 10<<20), []byte("x")
	tooLarge := map[string][]part{"a byte too many in two": {{"file", half}, {"file", append(half, 0)}}}
	if !testing.Short() {
		tooLarge["a byte too many in one"] = []part{{"file", make([]byte, 20<<20+1)}}
		tooLarge["far too much"] = []part{{"file", make([]byte, 20<<20)}, {"file", half}}
	}
	for name, parts := range tooLarge {
		body, contentType := form(t, parts...)
		if r := send(body, contentType); r.Status != http.StatusRequestEntityTooLarge || r.Code() != "body_too_large" {
			t.Errorf("%s: %d %s", name, r.Status, r.Code())
		}
	}
	for name, parts := range map[string][]part{
		"three files":  {{"file", small}, {"file", small}, {"file", small}},
		"another name": {{"file", small}, {"content", small}},
		"no name":      {{"", small}},
		"a long name":  {{strings.Repeat("n", 8<<10), small}},
	} {
		body, contentType := form(t, parts...)
		if r := send(body, contentType); r.Status != http.StatusBadRequest || r.Code() != "body_not_as_expected" {
			t.Errorf("%s: %d %s", name, r.Status, r.Code())
		}
	}
	right, contentType := form(t, part{"file", small}, part{"file", small})
	for name, tc := range map[string]struct {
		body []byte
		as   servertest.Option
	}{
		"nothing":       {nil, contentType},
		"cut short":     {right[:len(right)-10], contentType},
		"no boundary":   {right, servertest.Header("Content-Type", "multipart/form-data")},
		"another one":   {right, servertest.Header("Content-Type", "multipart/form-data; boundary=x")},
		"broken header": {bytes.Replace(right, []byte("Content-Disposition"), []byte("\x00 "), 1), contentType},
	} {
		if r := send(tc.body, tc.as); r.Status != http.StatusBadRequest {
			t.Errorf("%s: %d %s", name, r.Status, r.Code())
		}
	}
	full, contentType := form(t, part{"file", half}, part{"file", half})
	send(full, contentType).ExpectProblem(http.StatusUnprocessableEntity, "no_separate_signature")
	if left, err := os.ReadDir(os.Getenv("TMPDIR")); err != nil || len(left) != 0 {
		t.Errorf("left on the disk: %v (%v)", left, err)
	}
}
