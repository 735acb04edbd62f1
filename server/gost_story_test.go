package server_test

import (
	"bytes"
	"encoding/base64"
	"net/http"
	"strings"
	"testing"

	"elicensing/server/catalog"
	"elicensing/server/servertest"
	"elicensing/signing/democa"
	"elicensing/signing/pades"
)

// The same people hold GOST 34.10-2015 keys too: with them one signs in, the request and the licence; what is published proves itself as with RSA.
func TestLicenceSignedWithGOSTKeys(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	applicant := p.SignInWith(gostHolder(t, p, "person"))
	a := applicant.Draft(catalog.Person)
	to := applicant.Prepare(a.ID, "document")
	send := func(holder *democa.Holder, content []byte) *servertest.Response {
		t.Helper()
		signature := base64.StdEncoding.EncodeToString(p.SignWith(holder, content, true))
		return applicant.Do(http.MethodPost, "/api/applications/"+a.ID+"/sign", map[string]any{"digest": to.Digest, "signature": signature})
	}
	for person, code := range map[string]string{
		"sole-trader": "signer_not_applicant", "director": "signer_not_applicant", "auth-only": "certificate_auth_only", "expired": "certificate_expired",
		"revoked": "certificate_revoked", "untrusted": "certificate_untrusted",
	} {
		send(gostHolder(t, p, person), to.Content).ExpectProblem(http.StatusUnprocessableEntity, code)
	}
	send(gostHolder(t, p, "person"), []byte("something else")).ExpectProblem(http.StatusUnprocessableEntity, "signature_content_differs")
	p.StopRevocation()
	send(gostHolder(t, p, "person"), to.Content).ExpectProblem(http.StatusServiceUnavailable, "revocation_unavailable")
	p.ResumeRevocation()
	applicant.SignRequest(a.ID)
	applicant.Pay(a.ID, "card", "succeeds")
	p.Notify()

	executor := p.InReview(a.ID)
	executor.MarkAll(a.ID, "yes")
	executor.Act(a.ID, "prepare-licence", nil)
	head := p.SignInWith(gostHolder(t, p, "head"))
	result := head.Prepare(a.ID, "result-document")
	other := base64.StdEncoding.EncodeToString(p.SignWith(gostHolder(t, p, "executor-1"), result.Content, false))
	head.Do(http.MethodPost, "/api/applications/"+a.ID+"/sign-result", map[string]any{"digest": result.Digest, "signature": other}).
		ExpectProblem(http.StatusUnprocessableEntity, "signer_not_official")
	if done := head.SignResult(a.ID); done.State != "issued" {
		t.Fatalf("after the head's signature: %s", done.State)
	}

	file := func(name string) []byte {
		t.Helper()
		return applicant.Do(http.MethodGet, "/api/applications/"+a.ID+"/files/"+name, nil).Expect(http.StatusOK).Body
	}
	pdf, archive, container := file("result.pdf"), file("result-archive.pdf"), file("request.asice")
	judgePDF(t, archive)
	if found, err := pades.Signatures(pdf); err != nil || len(found) != 1 || !found[0].CoversWholeFile {
		t.Errorf("the licence: %d signatures (%v)", len(found), err)
	}
	p.StopRevocation() // the evidence is in the files
	anyone := p.Anonymous()
	for name, signed := range map[string][]byte{"archive copy": archive, "container": container} {
		var told toldOfSignature
		anyone.Do(http.MethodPost, "/api/signatures/check", signed, servertest.Header("Content-Type", "application/octet-stream")).Expect(http.StatusOK).JSON(&told)
		if told.Outcome != "TOTAL-PASSED" || len(told.Signatures) != 1 || told.Signatures[0].Algorithm != "GOST 34.10-2015-512" || told.Signatures[0].ProvenAt == "" {
			t.Errorf("%s: %+v", name, told)
		}
	}
	check := func(licence []byte) string {
		t.Helper()
		var verdict struct {
			Signature, Register, InForce struct{ Answer string }
		}
		anyone.Do(http.MethodPost, "/api/licences/check-file", licence, servertest.Header("Content-Type", "application/pdf")).Expect(http.StatusOK).JSON(&verdict)
		return strings.Join([]string{verdict.Signature.Answer, verdict.Register.Answer, verdict.InForce.Answer}, " ")
	}
	for _, published := range [][]byte{pdf, archive} {
		if said := check(published); said != "good same yes" {
			t.Errorf("verdict on the licence: %s", said)
		}
	}
	damaged := bytes.Clone(pdf)
	damaged[len(damaged)/3] ^= 1
	if said := check(damaged); strings.HasPrefix(said, "good") || strings.Contains(said, "same") {
		t.Errorf("verdict on a damaged licence: %s", said)
	}
}

func gostHolder(t *testing.T, p *servertest.Portal, personID string) *democa.Holder {
	t.Helper()
	holder, err := p.CA.GOSTHolder(personID)
	if err != nil {
		t.Fatal(err)
	}
	return holder
}
