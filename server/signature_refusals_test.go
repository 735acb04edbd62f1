package server_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/asn1"
	"encoding/base64"
	"errors"
	"math/big"
	"net/http"
	"strings"
	"testing"
	"time"

	"elicensing/server/catalog"
	"elicensing/server/servertest"
	"elicensing/signing/cms"
	"elicensing/signing/democa"
)

// Signatures of step 5 that must not pass (I3 to I6): each is refused with its own code, the draft stays as it was, the attempt is journalled, and
// a good signature passes afterwards.
func TestRequestSignaturesThatAreRefused(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	applicant := p.SignInAs("person")
	a := applicant.Draft(catalog.Person)
	to := applicant.Prepare(a.ID, "document")
	der := func(person string, content []byte) string {
		return base64.StdEncoding.EncodeToString(p.SignAs(person, content, true))
	}
	send := func(signature string) *servertest.Response {
		t.Helper()
		return applicant.Do(http.MethodPost, "/api/applications/"+a.ID+"/sign", map[string]any{"digest": to.Digest, "signature": signature})
	}
	tampered := p.SignAs("person", to.Content, true)
	tampered[len(tampered)-1] ^= 1
	for _, c := range []struct {
		name, code string
		status     int
		signature  string
	}{
		{"another person's key", "signer_not_applicant", 422, der("sole-trader", to.Content)},
		{"an entity's key", "signer_not_applicant", 422, der("director", to.Content)},
		{"authentication only", "certificate_auth_only", 422, der("auth-only", to.Content)},
		{"expired", "certificate_expired", 422, der("expired", to.Content)},
		{"revoked", "certificate_revoked", 422, der("revoked", to.Content)},
		{"on hold", "certificate_suspended", 422, onHold(t, p, to.Content, p.Clock.Now().Add(-time.Hour))},
		{"unknown to its authority", "certificate_never_issued", 422, onHold(t, p, to.Content, time.Unix(0, 0))},
		{"not trusted", "certificate_untrusted", 422, der("untrusted", to.Content)},
		{"other content", "signature_content_differs", 422, der("person", []byte("something else"))},
		{"one bit wrong", "signature_wrong", 422, base64.StdEncoding.EncodeToString(tampered)},
		{"no CMS", "signature_malformed", 422, base64.StdEncoding.EncodeToString([]byte("hello"))},
		{"empty", "signature_malformed", 422, ""},
		{"too large", "signature_too_large", 422, strings.Repeat("A", 359_000)},
	} {
		if r := send(c.signature); r.Status != c.status || r.Code() != c.code {
			t.Errorf("%s: %d %s, want %d %s", c.name, r.Status, r.Code(), c.status, c.code)
		}
	}
	// The refusal names the key that was used and the kind that is needed, and nothing of anybody else.
	for person, want := range map[string][]string{
		"sole-trader": {`"checks":[{"rule":"`, `"outcome":"passed"}`, `"signer":"`, `"needed":"person"`, `"validUntil":"202`}, "expired": {`"signer":"`, `"validUntil":"202`}, "revoked": {`"outcome":"failed"}]`, `"signer":"`, `"revokedAt":"202`},
	} {
		body := string(send(der(person, to.Content)).Body)
		for _, part := range want {
			if !strings.Contains(body, part) {
				t.Errorf("%s's key: no %s in %s", person, part, body)
			}
		}
		if strings.Contains(body, "ТЕСТОВ ТЕСТ ТЕСТОВИЧ") && person == "sole-trader" || strings.Contains(body, "123456789") {
			t.Errorf("%s's key: too much is told: %s", person, body)
		}
	}
	p.StopRevocation()
	send(der("person", to.Content)).ExpectProblem(http.StatusServiceUnavailable, "revocation_unavailable")
	p.ResumeRevocation()
	if now := applicant.Read(a.ID); now.State != "draft" || now.Revision != a.Revision {
		t.Errorf("after the refusals: %s, revision %d", now.State, now.Revision)
	}
	if n := p.Count("SELECT count(*) FROM journal WHERE application_id = ? AND action = 'sign_failed'", a.ID); n < 8 {
		t.Errorf("%d refused signatures in the journal", n)
	}
	if n := p.Count("SELECT count(*) FROM signatures"); n != 0 {
		t.Errorf("%d signatures kept of refused ones", n)
	}
	send(der("person", to.Content)).Expect(http.StatusOK)
}

// onHold signs with a certificate that its authority has put on hold at some time; 1970 says that it never issued it (RFC 6960 §2.2).
func onHold(t *testing.T, p *servertest.Portal, content []byte, since time.Time) string {
	t.Helper()
	holder, err := p.CA.Issue(democa.Person{Surname: "ТЕСТОВ", GivenName: "ТЕСТ", IIN: "123456789011"}, democa.IssueOptions{})
	if err != nil {
		t.Fatal(err)
	}
	p.CA.Revoke(holder.Certificate, since, 6)
	return base64.StdEncoding.EncodeToString(p.SignWith(holder, content, true))
}

// A signature is for one document (I5, I7): after any change of the draft it is void, and it fits no other application.
func TestSignatureIsForOneDocument(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	applicant := p.SignInAs("person")
	a := applicant.Draft(catalog.Person)
	to := applicant.Prepare(a.ID, "document")
	signature := applicant.Sign(to.Content)
	sign := func(id, digest string) *servertest.Response {
		return applicant.Do(http.MethodPost, "/api/applications/"+id+"/sign", map[string]any{"digest": digest, "signature": signature})
	}
	applicant.Attach(a.ID, "diplomas", "диплом.png", servertest.Picture()).Expect(http.StatusNoContent)
	sign(a.ID, to.Digest).ExpectProblem(http.StatusConflict, "document_outdated")

	fresh := applicant.Prepare(a.ID, "document")
	sign(a.ID, fresh.Digest).ExpectProblem(http.StatusUnprocessableEntity, "signature_content_differs")
	applicant.SignRequest(a.ID)
	sign(a.ID, fresh.Digest).ExpectProblem(http.StatusConflict, "state_changed")

	other := applicant.Draft(catalog.Person)
	second := applicant.Prepare(other.ID, "document")
	sign(other.ID, second.Digest).ExpectProblem(http.StatusUnprocessableEntity, "signature_content_differs")
	applicant.Do(http.MethodDelete, "/api/applications/"+a.ID+"/attachments/"+applicant.Read(a.ID).Attachments[0].ID, nil).Expect(http.StatusConflict)
}

// A signature works once (I5), also in the other form of its value, which anybody can make of an ECDSA signature: (r, n-s) of (r, s). The document
// of a request that was reopened is put back by hand, as no page leads there.
func TestSignatureInAnotherFormIsTheSame(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	holder, err := p.CA.Issue(democa.Person{Surname: "ТЕСТОВ", GivenName: "ТЕСТ", IIN: "123456789011"}, democa.IssueOptions{Key: key})
	if err != nil {
		t.Fatal(err)
	}
	applicant := p.SignInWith(holder)
	a := applicant.Draft(catalog.Person)
	to := applicant.Prepare(a.ID, "document")
	message := p.SignWith(holder, to.Content, true)
	sign := func(message []byte) *servertest.Response {
		return applicant.Do(http.MethodPost, "/api/applications/"+a.ID+"/sign", map[string]any{"digest": to.Digest, "signature": base64.StdEncoding.EncodeToString(message)})
	}
	reopen := func() {
		t.Helper()
		applicant.Act(a.ID, "reopen", nil)
		if err := p.DB.Exec("UPDATE applications SET document_id = (SELECT id FROM request_documents WHERE application_id = ? ORDER BY created_at DESC LIMIT 1) WHERE id = ?", a.ID, a.ID).Error; err != nil {
			t.Fatal(err)
		}
	}
	sign(message).Expect(http.StatusOK)
	reopen()
	for name, again := range map[string][]byte{"the same": message, "the other form": inOtherForm(t, message)} {
		if r := sign(again); r.Status != http.StatusConflict || r.Code() != "signature_used" {
			t.Errorf("%s: %d %s", name, r.Status, r.Code())
		}
	}
	p.Clock.Move(time.Second)
	sign(p.SignWith(holder, to.Content, true)).Expect(http.StatusOK)
	reopen()
	p.Clock.Move(time.Second)
	sign(inOtherForm(t, p.SignWith(holder, to.Content, true))).Expect(http.StatusOK) // the other form of one that was not used is as good
}

// inOtherForm exchanges s for n-s.
func inOtherForm(t *testing.T, message []byte) []byte {
	t.Helper()
	m, err := cms.Parse(message)
	if err != nil {
		t.Fatal(err)
	}
	var value struct{ R, S *big.Int }
	if _, err := asn1.Unmarshal(m.Signers[0].Signature, &value); err != nil {
		t.Fatal(err)
	}
	value.S.Sub(elliptic.P256().Params().N, value.S)
	if m.Signers[0].Signature, err = asn1.Marshal(value); err != nil {
		t.Fatal(err)
	}
	der, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// The head's signature must be the head's own, with the authority's certificate, over the decision as it stands; nothing is published otherwise (I15).
func TestResultSignaturesThatAreRefused(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	_, id := p.At("licence_prepared")
	head := p.SignInAs("head")
	to := head.Prepare(id, "result-document")
	send := func(content []byte, person string) *servertest.Response {
		t.Helper()
		signature := base64.StdEncoding.EncodeToString(p.SignAs(person, content, false))
		return head.Do(http.MethodPost, "/api/applications/"+id+"/sign-result", map[string]any{"digest": to.Digest, "signature": signature})
	}
	refused := send(to.Content, "executor-1").ExpectProblem(http.StatusUnprocessableEntity, "signer_not_official")
	if !strings.Contains(string(refused.Body), `"needed":"official"`) {
		t.Errorf("the key that is needed is not told: %s", refused.Body)
	}
	send([]byte("other"), "head").ExpectProblem(http.StatusUnprocessableEntity, "signature_content_differs")
	if r := send(to.Content, "person"); r.Status != http.StatusUnprocessableEntity {
		t.Errorf("a citizen's key signs a licence: %d %s", r.Status, r.Code())
	}
	p.StopRevocation()
	send(to.Content, "head").ExpectProblem(http.StatusServiceUnavailable, "revocation_unavailable")
	p.ResumeRevocation()
	p.Clock.Move(24 * time.Hour)
	head = p.SignInAs("head")
	send(to.Content, "head").ExpectProblem(http.StatusConflict, "document_outdated")
	if n := p.Count("SELECT (SELECT count(*) FROM licences) + (SELECT count(*) FROM results)"); n != 0 {
		t.Errorf("%d results published by refused signatures", n)
	}
	if done := head.SignResult(id); done.State != "issued" {
		t.Errorf("after a good signature: %s", done.State)
	}
}

// A CMS nested beyond any reader is refused before a parser sees it, and the portal lives on.
func TestNestedCMSIsRefusedUnread(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	applicant := p.SignInAs("person")
	a := applicant.Draft(catalog.Person)
	to := applicant.Prepare(a.ID, "document")
	bomb := []byte(strings.Repeat("\x30\x80", 100_000))
	applicant.Do(http.MethodPost, "/api/applications/"+a.ID+"/sign", map[string]any{"digest": to.Digest, "signature": base64.StdEncoding.EncodeToString(bomb)}).
		ExpectProblem(http.StatusUnprocessableEntity, "signature_too_deep")
	if _, err := cms.Decode(bomb); !errors.Is(err, cms.ErrTooDeep) {
		t.Errorf("the bomb was decoded: %v", err)
	}
	applicant.Read(a.ID)
}
