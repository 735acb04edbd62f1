package server_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"elicensing/server/servertest"
	"elicensing/signing"
)

type toldOfSignature struct {
	Kind, Outcome, Reason string
	Signatures            []struct {
		Outcome, Signer, Organisation, ProvenAt, Algorithm string
		CoversWholeFile                                    bool
		Checks                                             []struct{ Name, Rule, Outcome string }
	}
}

// Anyone may have a signature checked: the licence and the container of the request prove themselves, whatever is wrong is told, nothing is kept.
func TestCheckSignature(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	applicant, id := p.At("issued")
	pdf := applicant.Do(http.MethodGet, "/api/applications/"+id+"/files/result-archive.pdf", nil).Expect(http.StatusOK).Body
	container := applicant.Do(http.MethodGet, "/api/applications/"+id+"/files/request.asice", nil).Expect(http.StatusOK).Body
	p.StopRevocation() // the evidence is in the files
	anyone := p.Anonymous()
	check := func(file []byte) (told toldOfSignature) {
		t.Helper()
		answer := anyone.Do(http.MethodPost, "/api/signatures/check", file, servertest.Header("Content-Type", "application/octet-stream")).Expect(http.StatusOK)
		if strings.Contains(string(answer.Body), "IIN") || strings.Contains(string(answer.Body), "12345678903") {
			t.Error("the answer tells the number of a person")
		}
		answer.JSON(&told)
		return told
	}
	for kind, file := range map[string][]byte{"pdf": pdf, "asice": container} {
		told := check(file)
		if told.Kind != kind || told.Outcome != "TOTAL-PASSED" || len(told.Signatures) != 1 || told.Signatures[0].Signer == "" || told.Signatures[0].ProvenAt == "" ||
			!told.Signatures[0].CoversWholeFile || len(told.Signatures[0].Checks) < 10 {
			t.Errorf("%s: %+v", kind, told)
		}
	}
	damaged := bytes.Clone(pdf)
	damaged[len(damaged)/3] ^= 1
	for name, tc := range map[string]struct {
		file            []byte
		outcome, reason string
	}{
		"damaged":             {damaged, "TOTAL-FAILED", "signature_content_differs"},
		"appended":            {append(bytes.Clone(pdf), "9 0 obj"...), "INDETERMINATE", "revocation_unavailable"},
		"damaged container":   {container[:len(container)-1], "TOTAL-FAILED", "document_malformed"},
		"no signature":        {[]byte("%PDF-1.7"), "NO_SIGNATURE_FOUND", "signature_none"},
		"nothing of the kind": {[]byte("hello"), "TOTAL-FAILED", "signature_malformed"},
	} {
		if told := check(tc.file); told.Outcome != tc.outcome || told.Reason != tc.reason {
			t.Errorf("%s: %s %s", name, told.Outcome, told.Reason)
		}
	}
	anyone.Do(http.MethodPost, "/api/signatures/check", make([]byte, 20<<20+1), servertest.Header("Content-Type", "application/octet-stream")).
		ExpectProblem(http.StatusRequestEntityTooLarge, "body_too_large")
}

// The page says of each reason what the signing library says.
func TestPageKnowsEachReasonOfASignature(t *testing.T) {
	t.Parallel()
	for _, language := range signing.Languages() {
		texts, err := signing.TextsIn(language)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := os.ReadFile(filepath.Join("..", "frontend", "src", "i18n", language, "signatures.json"))
		if err != nil {
			t.Fatal(err)
		}
		var page signing.Texts
		if err := json.Unmarshal(raw, &page); err != nil {
			t.Fatal(err)
		}
		if !maps.Equal(page.Reasons, texts.Reasons) || !maps.Equal(page.Outcomes, texts.Outcomes) {
			t.Errorf("%s: the page's words are not those of the library", language)
		}
	}
}
