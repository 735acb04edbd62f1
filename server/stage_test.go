package server_test

import (
	"encoding/base64"
	"maps"
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
	"closeCase":            map[string]any{"outcome": "kept", "remark": "Шлюз подтвердил письмом"},
	"signCertificate":      map[string]any{"digest": "00", "signature": "AA=="},
	"appendUpload":         []byte("x"),
	"receivePaymentNotice": map[string]any{},
	"chooseCapacity":       map[string]any{"capacity": "person"},
	"createApplication":    map[string]any{"service": "medical-activity", "kind": "licence", "applicantKind": "sole_trader"},
	"checkLicenceFile":     []byte("%PDF-1.7"),
	"checkSignature":       []byte("%PDF-1.7"),
}

// tusHeaders are sent to the routes of resumable uploads.
var tusHeaders = []servertest.Option{
	servertest.Header("Tus-Resumable", "1.0.0"), servertest.Header("Upload-Length", "10"), servertest.Header("Upload-Offset", "0"),
	servertest.Header("Upload-Metadata", "slot ZGlwbG9tYXM=,filename YS5wZGY="),
}

// stage makes, for any operation of the contract, a request that is right: by somebody who may make it, on what is in a state that allows it. The
// three tables below say how; an operation without a row fails every test that goes over the contract.
type stage struct {
	t       *testing.T
	p       *servertest.Portal
	clients map[string]*servertest.Client
	kept    map[string]string // applications in a state that nobody takes them out of
}

// rightRequest is one such request; once tells that carrying it out uses its application up.
type rightRequest struct {
	client  *servertest.Client
	path    string
	query   string // "?…" where the answer needs one
	body    any
	options []servertest.Option
	once    bool
}

func newStage(t *testing.T, p *servertest.Portal) *stage {
	s := &stage{t: t, p: p, clients: map[string]*servertest.Client{"": p.Anonymous()}, kept: map[string]string{}}
	for _, person := range []string{"person", "sole-trader", "chancery", "head", "executor-1"} {
		s.clients[person] = p.SignInAs(person)
	}
	return s
}

// steps are the operations on an application: who makes them and in which state it is.
var steps = map[string]struct{ person, state string }{
	"getApplication": {"person", "issued"}, "downloadFile": {"person", "issued"}, "getMoney": {"person", "awaiting_payment"}, "getJournal": {"head", "in_review"},
	"discardDraft": {"person", "draft"}, "saveAnswers": {"person", "draft"}, "checkAnswers": {"person", "draft"},
	"prepareDocument": {"person", "draft"}, "getRequestDraft": {"person", "draft"}, "signApplication": {"person", "draft"}, "payApplication": {"person", "awaiting_payment"}, "refreshPayment": {"person", "awaiting_payment"},
	"reopenApplication": {"person", "awaiting_payment"}, "withdrawApplication": {"person", "filed"}, "registerApplication": {"chancery", "filed"}, "assignExecutor": {"head", "registered"},
	"reassignExecutor": {"head", "in_review"}, "confirmComplete": {"executor-1", "assigned"}, "saveChecklist": {"executor-1", "in_review"}, "prepareLicence": {"executor-1", "in_review"},
	"prepareRefusal": {"executor-1", "in_review"}, "previewRefusal": {"executor-1", "in_review"}, "returnDecision": {"head", "licence_prepared"}, "prepareResult": {"head", "licence_prepared"},
	"getResultDraft": {"head", "licence_prepared"}, "signResult": {"head", "licence_prepared"},
}

// stays are the steps that leave the application where it is.
var stays = []string{"saveChecklist", "previewRefusal", "prepareResult", "getResultDraft", "getApplication", "getMoney", "getJournal", "downloadFile", "checkAnswers", "prepareDocument", "getRequestDraft",
	"refreshPayment", "payApplication", "saveAnswers"}

// plain are the operations on nothing of anybody's: who asks, what stands in the path and what in the query. A notice is right only with the
// gateway's own signature, which is the gateway's to give.
var plain = map[string]struct{ person, fill, query string }{
	"healthz": {}, "readyz": {}, "getConfig": {}, "getProcess": {}, "listAuthorities": {}, "listServiceCentres": {}, "listDemoPeople": {}, "listDemoLetters": {},
	"getService": {fill: "medical-activity"}, "getDemoKey": {fill: "person"}, "checkLicenceFile": {}, "checkSignature": {}, "createChallenge": {}, "receivePaymentNotice": {},
	"getSession": {person: "person"}, "listApplications": {person: "person"}, "createApplication": {person: "person"}, "listMyPayments": {person: "person"}, "listMyLicences": {person: "person"},
	"getQueue": {person: "head", query: "?show=all"}, "listExecutors": {person: "head"}, "getIncomingJournal": {person: "head"}, "getMoneyDesk": {person: "head"},
	"exportPayments": {person: "head", query: "?from=2026-03-01&to=2026-03-31"},
}

// made are the operations on what takes more making.
var made = map[string]func(s *stage, operation, path string) rightRequest{
	"signIn": (*stage).rightSession, "signOut": (*stage).rightSession, "chooseCapacity": (*stage).rightSession,
	"createUpload": (*stage).rightUpload, "getUploadOffset": (*stage).rightUpload, "appendUpload": (*stage).rightUpload, "cancelUpload": (*stage).rightUpload,
	"downloadAttachment": (*stage).rightUpload, "removeAttachment": (*stage).rightUpload,
	"attachReceipt": (*stage).rightMoney, "giveUpPayment": (*stage).rightMoney, "giveUpInvoice": (*stage).rightMoney, "withdrawRefund": (*stage).rightMoney,
	"getReceiptScan": (*stage).rightMoney, "confirmReceipt": (*stage).rightMoney, "rejectReceipt": (*stage).rightMoney, "refundCase": (*stage).rightMoney, "closeCase": (*stage).rightMoney,
	"acceptCase": (*stage).rightMoney, "declineRefund": (*stage).rightMoney, "getCertificateDraft": (*stage).rightMoney, "prepareCertificate": (*stage).rightMoney,
	"signCertificate": (*stage).rightMoney, "getOwnCertificate": (*stage).rightMoney,
	"checkLicence": func(s *stage, _, path string) rightRequest {
		return rightRequest{client: s.clients[""], path: fill(path, s.clients["person"].Read(s.at("issued")).Result.LicenceNumber)}
	},
}

// Each operation of the contract has one row in the three tables, and each row is of an operation.
func TestTheStageTableIsWhole(t *testing.T) {
	t.Parallel()
	rows := map[string]int{}
	for _, of := range [][]string{slices.Collect(maps.Keys(steps)), slices.Collect(maps.Keys(plain)), slices.Collect(maps.Keys(made))} {
		for _, operation := range of {
			rows[operation]++
		}
	}
	for _, o := range servertest.Operations(t) {
		if rows[o.ID] != 1 {
			t.Errorf("operation %s has %d rows in the tables of the stage", o.ID, rows[o.ID])
		}
		delete(rows, o.ID)
	}
	for operation := range rows {
		t.Errorf("the row %s of the stage is of no operation", operation)
	}
}

func (s *stage) right(operation, path string) rightRequest {
	s.t.Helper()
	if row, ok := plain[operation]; ok {
		return rightRequest{client: s.clients[row.person], path: fill(path, row.fill), query: row.query, body: bodies[operation]}
	}
	if make, ok := made[operation]; ok {
		return make(s, operation, path)
	}
	step, known := steps[operation]
	if !known {
		s.t.Fatalf("operation %s has no row in the tables of the stage", operation)
	}
	id, client := "", s.clients[step.person]
	once := !slices.Contains(stays, operation)
	if once {
		_, id = s.p.At(step.state)
	} else {
		id = s.at(step.state)
	}
	return rightRequest{client: client, path: strings.NewReplacer("{id}", id, "{file}", "result.pdf").Replace(path), body: rightBody(operation, client, id), once: once}
}

// at is an application in a state, for what leaves it there. A draft is asked for anew: its person has one, which others sign or discard.
func (s *stage) at(state string) string {
	s.t.Helper()
	if s.kept[state] == "" || state == "draft" {
		_, s.kept[state] = s.p.At(state)
	}
	return s.kept[state]
}

func (s *stage) rightSession(operation, path string) rightRequest {
	s.t.Helper()
	if operation != "signIn" {
		return rightRequest{client: s.p.SignInAs("person"), path: path, body: bodies[operation], once: true}
	}
	r := rightRequest{client: s.p.Anonymous(), path: path, once: true}
	var challenge struct {
		ID      string
		Content []byte
	}
	r.client.Do(http.MethodPost, "/api/session/challenge", nil).Expect(http.StatusOK).JSON(&challenge)
	r.body = map[string]any{"challengeId": challenge.ID, "signature": base64.StdEncoding.EncodeToString(s.p.SignAs("person", challenge.Content, false))}
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
