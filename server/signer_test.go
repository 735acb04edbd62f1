package server_test

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"

	"elicensing/server/catalog"
	"elicensing/server/servertest"
	"elicensing/signing"
	"elicensing/signing/democa"
)

// keyOf is a key of a demo person with another certificate than his own.
func keyOf(t *testing.T, p *servertest.Portal, personID, bin string, role signing.Role) *democa.Holder {
	t.Helper()
	who, ok := democa.PersonByID(personID)
	if !ok {
		t.Fatal(personID)
	}
	holder, err := p.CA.Issue(democa.Person{Surname: who.Surname, GivenName: who.GivenName, Patronymic: who.Patronymic, IIN: who.IIN, BIN: bin, Organisation: "ЖШС «Үлгі»"},
		democa.IssueOptions{Role: role, Key: p.SharedKey()})
	if err != nil {
		t.Fatal(err)
	}
	return holder
}

// I3: a request is signed by the applicant himself, or for the organisation by one of its people who may; no other certificate signs.
func TestOnlyTheApplicantsCertificateSigns(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	for _, c := range []struct {
		name         string
		kind         catalog.ApplicantKind
		bin          string
		role         signing.Role
		code, needed string
	}{
		{"head of another organisation", catalog.Entity, otherBIN, signing.RoleHead, "signer_not_applicant", "entity"},
		{"employee without the right to sign", catalog.Entity, democa.ClinicBIN, signing.RoleEmployee, "signer_without_right", "entity_right"},
		{"who may sign for money only", catalog.Entity, democa.ClinicBIN, signing.RoleRightToSignMoney, "signer_without_right", "entity_right"},
		{"the person as head of an organisation", catalog.Person, otherBIN, signing.RoleHead, "signer_not_applicant", "person"},
		{"the sole trader as head of an organisation", catalog.SoleTrader, otherBIN, signing.RoleHead, "signer_not_applicant", "person"},
	} {
		applicant := p.SignInAs(servertest.Applicant[c.kind])
		a := applicant.Draft(c.kind)
		to := applicant.Prepare(a.ID, "document")
		key := keyOf(t, p, servertest.Applicant[c.kind], c.bin, c.role)
		r := applicant.Do(http.MethodPost, "/api/applications/"+a.ID+"/sign", map[string]any{"digest": to.Digest, "signature": base64.StdEncoding.EncodeToString(p.SignWith(key, to.Content, true))})
		if r.Status != http.StatusUnprocessableEntity || r.Code() != c.code || !strings.Contains(string(r.Body), `"needed":"`+c.needed+`"`) {
			t.Errorf("%s: %d %s, want %s", c.name, r.Status, r.Code(), c.code)
		}
		if now := applicant.Read(a.ID); now.State != "draft" {
			t.Errorf("%s: the request is %s", c.name, now.State)
		}
		if n := p.Count("SELECT count(*) FROM journal WHERE application_id = ? AND action = 'sign_failed' AND details->>'reason' = ? AND details->>'signerBin' = ?", a.ID, c.code, c.bin); n != 1 {
			t.Errorf("%s: %d rows in the journal", c.name, n)
		}
		applicant.Do(http.MethodDelete, "/api/applications/"+a.ID, nil)
	}
	if n := p.Count("SELECT count(*) FROM signatures"); n != 0 {
		t.Errorf("%d signatures kept of refused ones", n)
	}
}

// I3, I15: the head who is signed in decides with the certificate of his authority; his own of another organisation publishes nothing.
func TestAHeadDecidesWithTheAuthoritysCertificate(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	_, id := p.At("licence_prepared")
	head := p.SignInAs("head")
	to := head.Prepare(id, "result-document")
	for name, bin := range map[string]string{"a clinic": democa.ClinicBIN, "another authority": otherBIN} {
		key := keyOf(t, p, "head", bin, signing.RoleHead)
		r := head.Do(http.MethodPost, "/api/applications/"+id+"/sign-result", map[string]any{"digest": to.Digest, "signature": base64.StdEncoding.EncodeToString(p.SignWith(key, to.Content, false))})
		if r.Status != http.StatusUnprocessableEntity || r.Code() != "signer_not_official" {
			t.Errorf("the head's certificate of %s: %d %s", name, r.Status, r.Code())
		}
	}
	if n := p.Count("SELECT (SELECT count(*) FROM licences) + (SELECT count(*) FROM results)"); n != 0 {
		t.Errorf("%d results published", n)
	}
	head.SignResult(id)
}
