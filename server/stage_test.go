package server_test

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"elicensing/server/catalog"
	"elicensing/server/servertest"
)

func kindOf(s string) catalog.ApplicantKind { return catalog.ApplicantKind(s) }

// bodies are right bodies for the routes that want one, by operation; a new route with a body and without a row here fails the access matrix.
var bodies = map[string]any{
	"saveAnswers":          map[string]any{"revision": 1, "answers": map[string]any{}},
	"signApplication":      map[string]any{"digest": "00", "signature": "AA=="},
	"assignExecutor":       map[string]any{"executorId": uuid.NewString(), "resolution": "Рассмотреть"},
	"reassignExecutor":     map[string]any{"executorId": uuid.NewString(), "resolution": "Рассмотреть"},
	"saveChecklist":        map[string]any{"marks": []any{}},
	"prepareRefusal":       servertest.Refusal(),
	"previewRefusal":       servertest.Refusal(),
	"returnDecision":       map[string]any{"remarks": "Уточните"},
	"signResult":           map[string]any{"digest": "00", "signature": "AA=="},
	"attachReceipt":        map[string]any{"bank": "Банк", "number": "1", "paidOn": "2026-03-02", "amount": "43250.00", "content": "JVBERi0xLjc="},
	"rejectReceipt":        map[string]any{"remark": "Другой плательщик"},
	"acceptCase":           map[string]any{"remark": "Банк подтвердил"},
	"declineRefund":        map[string]any{"remark": "Банк подтвердил"},
	"closeCase":            map[string]any{"remark": "Шлюз подтвердил письмом"},
	"signCertificate":      map[string]any{"digest": "00", "signature": "AA=="},
	"appendUpload":         []byte("x"),
	"receivePaymentNotice": map[string]any{},
	"checkLicenceFile":     []byte("%PDF-1.7"),
	"checkSignature":       []byte("%PDF-1.7"),
}

// tusHeaders are sent to the routes of resumable uploads.
var tusHeaders = []servertest.Option{
	servertest.Header("Tus-Resumable", "1.0.0"), servertest.Header("Upload-Length", "10"), servertest.Header("Upload-Offset", "0"),
	servertest.Header("Upload-Metadata", "slot ZGlwbG9tYXM=,filename YS5wZGY="),
}

// stage makes, for any operation of the contract, a request that is right: by somebody who may make it, on an application in a state that
// allows it. An operation without a row of its own is asked with its body above, by the kind of person whom its tags name.
type stage struct {
	t       *testing.T
	p       *servertest.Portal
	clients map[string]*servertest.Client
}

// rightRequest is one such request; once tells that carrying it out uses its application up.
type rightRequest struct {
	client  *servertest.Client
	path    string
	body    any
	options []servertest.Option
	once    bool
}

func newStage(t *testing.T, p *servertest.Portal) *stage {
	s := &stage{t: t, p: p, clients: map[string]*servertest.Client{"": p.Anonymous()}}
	for _, person := range []string{"person", "sole-trader", "chancery", "head", "executor-1"} {
		s.clients[person] = p.SignInAs(person)
	}
	return s
}

// steps name who makes a step and in which state it is made.
var steps = map[string]struct{ person, state string }{
	"getApplication": {"person", "issued"}, "downloadFile": {"person", "issued"}, "discardDraft": {"person", "draft"}, "saveAnswers": {"person", "draft"}, "checkAnswers": {"person", "draft"},
	"prepareDocument": {"person", "draft"}, "signApplication": {"person", "draft"}, "payApplication": {"person", "awaiting_payment"}, "refreshPayment": {"person", "awaiting_payment"},
	"reopenApplication": {"person", "awaiting_payment"}, "withdrawApplication": {"person", "filed"}, "registerApplication": {"chancery", "filed"}, "assignExecutor": {"head", "registered"},
	"reassignExecutor": {"head", "in_review"}, "confirmComplete": {"executor-1", "assigned"}, "saveChecklist": {"executor-1", "in_review"}, "prepareLicence": {"executor-1", "in_review"},
	"prepareRefusal": {"executor-1", "in_review"}, "previewRefusal": {"executor-1", "in_review"}, "returnDecision": {"head", "licence_prepared"}, "prepareResult": {"head", "licence_prepared"},
	"getResultDraft": {"head", "licence_prepared"}, "signResult": {"head", "licence_prepared"},
}

// stays are the steps that leave the application where it is.
var stays = []string{"saveChecklist", "previewRefusal", "prepareResult", "getResultDraft", "getApplication", "downloadFile", "checkAnswers", "prepareDocument", "refreshPayment", "payApplication", "saveAnswers"}

func (s *stage) right(operation, method, path string) rightRequest {
	s.t.Helper()
	person := s.clients["person"]
	r := rightRequest{client: person, path: path, body: bodies[operation]}
	switch operation {
	case "signIn":
		r.client = s.p.Anonymous()
		var challenge struct {
			ID      string
			Content []byte
		}
		r.client.Do(http.MethodPost, "/api/session/challenge", nil).Expect(http.StatusOK).JSON(&challenge)
		r.body = map[string]any{"challengeId": challenge.ID, "signature": base64.StdEncoding.EncodeToString(s.p.SignAs("person", challenge.Content, false))}
		r.once = true
		return r
	case "signOut", "chooseCapacity":
		r.client, r.once = s.p.SignInAs("person"), true
		if operation == "chooseCapacity" {
			r.body = map[string]any{"capacity": "person"}
		}
		return r
	case "createApplication":
		r.body = map[string]any{"service": "medical-activity", "kind": "licence", "applicantKind": "sole_trader"}
		return r
	case "createUpload", "downloadAttachment", "removeAttachment", "getUploadOffset", "appendUpload", "cancelUpload":
		return s.rightUpload(operation, path)
	}
	if r, ok := s.rightMoney(operation, path); ok {
		return r
	}
	step, known := steps[operation]
	if !known {
		for _, o := range servertest.Operations(s.t) {
			if o.ID == operation && slices.Contains(o.Tags, "authority") && !slices.Contains(o.Tags, "cabinet") {
				r.client = s.clients["head"]
			}
		}
		r.path = fill(path, uuid.NewString())
		return r
	}
	_, id := s.p.At(step.state)
	r.client, r.once = s.clients[step.person], !slices.Contains(stays, operation)
	r.path = strings.NewReplacer("{id}", id, "{file}", "result.pdf").Replace(path)
	r.body = rightBody(operation, r.client, id)
	return r
}

// rightBody is a body that fits an application in the state in which the operation is carried out.
func rightBody(operation string, by *servertest.Client, id string) any {
	p := by.Portal
	p.T.Helper()
	switch operation {
	case "saveAnswers":
		return map[string]any{"revision": by.Read(id).Revision, "answers": servertest.Answers(catalog.Person)}
	case "signApplication":
		return signedBy(by, "/api/applications/"+id+"/document")
	case "signResult":
		return signedBy(by, "/api/applications/"+id+"/result-document")
	case "assignExecutor":
		return reassignment(p.ExecutorID("executor-1"))
	case "reassignExecutor":
		return reassignment(p.ExecutorID("executor-2"))
	case "saveChecklist":
		return map[string]any{"marks": []any{map[string]any{"requirement": "premises", "met": "yes", "note": "по договору"}}}
	}
	return bodies[operation]
}

func (s *stage) rightUpload(operation, path string) rightRequest {
	s.t.Helper()
	person := s.clients["person"]
	a := person.Draft(catalog.Person)
	for _, x := range a.Attachments {
		person.Do(http.MethodDelete, "/api/applications/"+a.ID+"/attachments/"+x.ID, nil)
	}
	s.p.DB.Exec("DELETE FROM uploads WHERE application_id = ?", a.ID)
	r := rightRequest{client: person, once: true, options: tusHeaders}
	switch operation {
	case "createUpload":
		r.path = strings.Replace(path, "{id}", a.ID, 1)
	case "downloadAttachment", "removeAttachment":
		person.Attach(a.ID, "diplomas", "диплом.png", servertest.Picture()).Expect(http.StatusNoContent)
		r.path, r.options, r.once = strings.NewReplacer("{id}", a.ID, "{attachmentId}", person.Read(a.ID).Attachments[0].ID).Replace(path), nil, operation == "removeAttachment"
	default:
		up := person.Do(http.MethodPost, "/api/applications/"+a.ID+"/uploads", nil, tusHeaders...).Expect(http.StatusCreated).Header.Get("Location")
		r.path = up
		if operation == "appendUpload" {
			r.body, r.options = []byte("%PDF-1.7 ."), append(slices.Clone(tusHeaders), servertest.Header("Content-Type", "application/offset+octet-stream"))
		}
	}
	return r
}
