package server_test

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"elicensing/server/catalog"
	"elicensing/server/servertest"
	"elicensing/signing/pades"
)

// The main job through the front door: from an empty draft to a licence that anyone can check (S6.1, S7.2, R5.1–R5.5, R6.2, R10.1–R10.7).
func TestLicenceFromDraftToRegister(t *testing.T) {
	for _, kind := range catalog.ApplicantKinds {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			p := servertest.New(t)
			applicant, a := p.Filed(kind)
			if !strings.HasPrefix(a.Number, "13-2026-000001") || a.DueAt == "" {
				t.Fatalf("number %q, due %q", a.Number, a.DueAt)
			}
			executor := p.InReview(a.ID)
			executor.Do(http.MethodPost, "/api/applications/"+a.ID+"/prepare-licence", nil).ExpectProblem(http.StatusConflict, "checklist_not_done")
			executor.MarkAll(a.ID, "yes")
			executor.Act(a.ID, "prepare-licence", nil)
			if seen := applicant.Read(a.ID); seen.State != "decision_prepared" || seen.Decision != nil || seen.Checklist != nil {
				t.Fatalf("the applicant sees %s, decision %v", seen.State, seen.Decision)
			}
			head := p.SignInAs("head")
			head.SignResult(a.ID)

			done := applicant.Read(a.ID)
			if done.State != "issued" || done.Result == nil || done.Result.LicenceNumber == "" || done.Result.OpenedAt != "" {
				t.Fatalf("result %+v", done)
			}
			pdf := applicant.Do(http.MethodGet, "/api/applications/"+a.ID+"/files/result.pdf", nil).Expect(http.StatusOK).Body
			if applicant.Read(a.ID).Result.OpenedAt == "" {
				t.Error("the opening of the result is not recorded (R10.7)")
			}
			judgeSignedPDF(t, pdf)
			judgeQR(t, pdf, p.URL+"/check/"+done.Result.LicenceNumber)
			judgeContainer(t, p, applicant, a.ID)
			for _, file := range []string{"request.pdf", "receipt.pdf", "payment-receipt.pdf"} {
				judgePDF(t, applicant.Do(http.MethodGet, "/api/applications/"+a.ID+"/files/"+file, nil).Expect(http.StatusOK).Body)
			}

			anyone := p.Anonymous()
			var public struct{ Number, Status, Holder, IIN string }
			anyone.Do(http.MethodGet, "/api/licences/"+done.Result.LicenceNumber, nil).Expect(http.StatusOK).JSON(&public)
			if public.Status != "valid" || public.IIN != "" {
				t.Errorf("the register says %+v", public)
			}
			var verdict struct {
				Signature, Register, InForce struct{ Answer, Reason string }
				Licence                      struct{ Number string }
			}
			check := func(file []byte) {
				t.Helper()
				anyone.Do(http.MethodPost, "/api/licences/check-file", file, servertest.Header("Content-Type", "application/pdf")).Expect(http.StatusOK).JSON(&verdict)
			}
			check(pdf)
			if verdict.Signature.Answer != "good" || verdict.Register.Answer != "same" || verdict.InForce.Answer != "yes" {
				t.Errorf("verdict on the licence: %+v", verdict)
			}
			damaged := append([]byte(nil), pdf...)
			damaged[len(damaged)/3] ^= 1
			check(damaged)
			if verdict.Signature.Answer != "bad" || verdict.Register.Answer != "differs" || verdict.InForce.Answer != "not_applicable" ||
				verdict.Licence.Number != done.Result.LicenceNumber {
				t.Errorf("verdict on a damaged licence: %+v", verdict)
			}
			archive := applicant.Do(http.MethodGet, "/api/applications/"+a.ID+"/files/result-archive.pdf", nil).Expect(http.StatusOK).Body
			if !bytes.HasPrefix(archive, pdf) || len(archive) == len(pdf) {
				t.Fatal("the archive copy is not the licence with something behind it")
			}
			judgeStoredPDF(t, archive)
			check(archive)
			if verdict.Signature.Answer != "good" || verdict.Register.Answer != "same" || verdict.InForce.Answer != "yes" {
				t.Errorf("verdict on the archive copy: %+v", verdict)
			}
			check(append(bytes.Clone(archive), "\n%"...))
			if verdict.Signature.Answer != "bad" || verdict.Register.Answer != "differs" {
				t.Errorf("verdict on an archive copy with something else behind it: %+v", verdict)
			}
			unknown := signedByHead(t, p, applicant.Do(http.MethodGet, "/api/applications/"+a.ID+"/files/request.pdf", nil).Expect(http.StatusOK).Body)
			p.StopRevocation() // what was published proves itself by the evidence that was kept; of anything else nobody can tell now
			for _, published := range [][]byte{pdf, archive} {
				check(published)
				if verdict.Signature.Answer != "good" || verdict.Register.Answer != "same" {
					t.Errorf("verdict while revocation cannot be learnt: %+v", verdict)
				}
			}
			check(unknown)
			if verdict.Signature.Answer != "not_checked" || verdict.Register.Answer != "unknown" {
				t.Errorf("verdict on a document that was never published, while revocation cannot be learnt: %+v", verdict)
			}
		})
	}
}

// However somebody has treated a licence, whoever is handed it is led to the true entry of the register, and nothing about the file counts as in force.
func TestAChangedLicenceLeadsToItsEntry(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	applicant, id := p.At("issued")
	number := applicant.Read(id).Result.LicenceNumber
	pdf := applicant.Do(http.MethodGet, "/api/applications/"+id+"/files/result.pdf", nil).Expect(http.StatusOK).Body
	signatures, err := pades.Signatures(pdf)
	if err != nil || len(signatures) != 1 {
		t.Fatalf("%d signatures: %v", len(signatures), err)
	}
	emptied := bytes.Clone(pdf)
	for i := signatures[0].ByteRange[1] + 1; i < signatures[0].ByteRange[2]-1; i++ {
		emptied[i] = '0'
	}
	for reason, file := range map[string][]byte{
		"file_unsigned":              emptied,
		"file_several_signatures":    withAnotherSignature(pdf),
		"file_changed_after_signing": append(bytes.Clone(pdf), "\n%"...),
	} {
		var verdict struct {
			Signature, Register, InForce struct{ Answer, Reason string }
			Licence                      struct{ Number string }
		}
		p.Anonymous().Do(http.MethodPost, "/api/licences/check-file", file, servertest.Header("Content-Type", "application/pdf")).Expect(http.StatusOK).JSON(&verdict)
		if verdict.Signature.Answer != "bad" || verdict.Signature.Reason != reason || verdict.Register.Answer != "differs" ||
			verdict.InForce.Answer != "not_applicable" || verdict.Licence.Number != number {
			t.Errorf("%s: %+v", reason, verdict)
		}
	}
}

// withAnotherSignature is a PDF behind which somebody has begun a signature of his own.
func withAnotherSignature(pdf []byte) []byte {
	const room = "<0000>"
	head := func(to, from, rest int) string {
		return fmt.Sprintf("\n99 0 obj\n<< /Type /Sig /SubFilter /ETSI.CAdES.detached /ByteRange [0 %8d %8d %8d] /Contents ", to, from, rest)
	}
	const tail = " >>\nendobj\n"
	to := len(pdf) + len(head(0, 0, 0))
	return append(bytes.Clone(pdf), head(to, to+len(room), len(tail))+room+tail...)
}

// signedByHead is a PDF with a true signature of the head that the register does not know.
func signedByHead(t *testing.T, p *servertest.Portal, pdf []byte) []byte {
	t.Helper()
	prepared, err := pades.Prepare(pdf, pades.Options{Name: "head", SignedAt: p.Clock.Now()})
	if err != nil {
		t.Fatal(err)
	}
	signed, err := pades.Insert(prepared.PDF(), p.SignAs("head", prepared.SignedBytes(), false))
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

// A refusal with two grounds, returned once by the head (S10.3, S10.5, S10.8, R5.5).
func TestRefusalWithTwoGrounds(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	applicant, a := p.Filed(catalog.Entity)
	executor := p.InReview(a.ID)
	executor.MarkAll(a.ID, "no")
	grounds := map[string]any{"grounds": []any{
		map[string]any{"code": "S10.5", "reason": "Приговор вступил в силу", "basis": "Петропавловский городской суд, № 1 от 12.01.2026"},
		map[string]any{"code": "S10.3", "reason": "Срок договора аренды истёк", "requirement": "premises", "remedy": "Приложите действующий договор"},
	}}
	judgePDF(t, executor.Do(http.MethodPost, "/api/applications/"+a.ID+"/refusal-preview", grounds).Expect(http.StatusOK).Body)
	executor.Act(a.ID, "prepare-refusal", grounds)
	head := p.SignInAs("head")
	returned := head.Act(a.ID, "return", map[string]any{"remarks": "Уточните номер приговора"})
	if returned.State != "in_review" {
		t.Fatalf("after the return: %s", returned.State)
	}
	if seen := executor.Read(a.ID); seen.Remarks != "Уточните номер приговора" {
		t.Errorf("remarks seen by the executor: %q", seen.Remarks)
	}
	executor.Act(a.ID, "prepare-refusal", grounds)
	head.SignResult(a.ID)
	done := applicant.Read(a.ID)
	if done.State != "refused" || len(done.Result.Grounds) != 2 || done.Result.Grounds[0].Code != "S10.3" || done.Remarks != "" {
		t.Fatalf("result %+v", done.Result)
	}
	pdf := applicant.Do(http.MethodGet, "/api/applications/"+a.ID+"/files/result.pdf", nil).Expect(http.StatusOK).Body
	judgeSignedPDF(t, pdf)
	if n := p.Count("SELECT count(*) FROM licences"); n != 0 {
		t.Errorf("%d licences after a refusal", n)
	}
}
