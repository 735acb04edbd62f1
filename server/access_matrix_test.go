package server_test

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/uuid"

	"elicensing/server/catalog"
	"elicensing/server/servertest"
	"elicensing/signing"
	"elicensing/signing/democa"
)

// bodies are right bodies for the routes that want one, by operation; a new route with a body and without a row here fails.
var bodies = map[string]any{
	"saveAnswers":      map[string]any{"revision": 1, "answers": map[string]any{}},
	"signApplication":  map[string]any{"digest": "00", "signature": "AA=="},
	"assignExecutor":   map[string]any{"executorId": uuid.NewString(), "resolution": "Рассмотреть"},
	"reassignExecutor": map[string]any{"executorId": uuid.NewString(), "resolution": "Рассмотреть"},
	"saveChecklist":    map[string]any{"marks": []any{}},
	"prepareRefusal":   servertest.Refusal(),
	"previewRefusal":   servertest.Refusal(),
	"returnDecision":   map[string]any{"remarks": "Уточните"},
	"signResult":       map[string]any{"digest": "00", "signature": "AA=="},
	"attachReceipt":    map[string]any{"bank": "Банк", "number": "1", "paidOn": "2026-03-02", "amount": "43250.00", "content": "JVBERi0xLjc="},
	"appendUpload":     []byte("x"),
	"checkLicenceFile": []byte("%PDF-1.7"),
	"checkSignature":   []byte("%PDF-1.7"),
}

// tusHeaders are sent to the routes of resumable uploads.
var tusHeaders = []servertest.Option{
	servertest.Header("Tus-Resumable", "1.0.0"), servertest.Header("Upload-Length", "10"), servertest.Header("Upload-Offset", "0"),
	servertest.Header("Upload-Metadata", "slot ZGlwbG9tYXM=,filename YS5wZGY="),
}

// target is one row of the matrix: whose application is addressed.
type target struct{ name, id, attachment, upload string }

// Every route × role × {another's, another authority's, absent} (I19): nobody but the owner and the officials of the authority learns of an
// application, and "another's" looks exactly like "absent": status, code and length.
func TestAccessMatrix(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	owner := p.SignInAs("director")
	draft := owner.Draft(catalog.Entity)
	upload := owner.Do(http.MethodPost, "/api/applications/"+draft.ID+"/uploads", nil, tusHeaders...).Expect(http.StatusCreated).Header.Get("Location")
	_, filedID := p.At("in_review")
	attachment := p.Count("SELECT count(*) FROM attachments") // at least the director's scan
	if attachment == 0 {
		t.Fatal("no scan to guard")
	}
	own := target{"a draft", draft.ID, draft.Attachments[0].ID, strings.TrimPrefix(upload, "/api/uploads/")}
	filed := target{"a filed one", filedID, draft.Attachments[0].ID, own.upload}
	absent := target{"absent", uuid.NewString(), uuid.NewString(), uuid.NewString()}

	strangers := []struct {
		who     string
		client  *servertest.Client
		targets []target
	}{
		{"nobody", p.Anonymous(), []target{own, filed}},
		{"another person", p.SignInAs("sole-trader"), []target{own, filed}},
		{"chancery, before filing", p.SignInAs("chancery"), []target{own}},
		{"head, before filing", p.SignInAs("head"), []target{own}},
		{"executor, before filing", p.SignInAs("executor-1"), []target{own}},
		{"head of another authority", otherAuthority(t, p), []target{own, filed}},
		{"an official whose own case it is", official(t, p, "123456789011"), []target{filed}},
	}
	contract, err := openapi3.NewLoader().LoadFromFile("openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for path, item := range contract.Paths.Map() {
		for method, operation := range item.Operations() {
			if !strings.Contains(path, "{id}") && !strings.Contains(path, "{uploadId}") {
				continue
			}
			body := bodyOf(t, operation)
			for _, s := range strangers {
				for _, aim := range s.targets {
					theirs, none := ask(s.client, method, path, body, aim), ask(s.client, method, path, body, absent)
					if theirs.Status < 400 {
						t.Errorf("%s %s by %s on %s: %d", method, path, s.who, aim.name, theirs.Status)
					}
					if theirs.Status != none.Status || requestIDs.ReplaceAllString(string(theirs.Body), "") != requestIDs.ReplaceAllString(string(none.Body), "") {
						t.Errorf("%s %s by %s: %s answers %d %s, absent %d %s", method, path, s.who, aim.name, theirs.Status, theirs.Body, none.Status, none.Body)
					}
				}
			}
		}
	}
	if got := owner.Read(draft.ID); got.State != "draft" || len(got.Attachments) != 1 {
		t.Errorf("the draft after the strangers: %+v", got)
	}
}

var requestIDs = regexp.MustCompile(`"requestId":"[0-9a-f]*"`)

func bodyOf(t *testing.T, operation *openapi3.Operation) any {
	t.Helper()
	if operation.RequestBody == nil {
		return nil
	}
	body, ok := bodies[operation.OperationID]
	if !ok {
		t.Errorf("operation %s has no row in the access matrix", operation.OperationID)
	}
	return body
}

func ask(c *servertest.Client, method, path string, body any, aim target) *servertest.Response {
	path = strings.NewReplacer("{id}", aim.id, "{attachmentId}", aim.attachment, "{uploadId}", aim.upload, "{file}", "request.asice").Replace(path)
	options := []servertest.Option{}
	if strings.Contains(path, "/uploads") {
		options = append(options, tusHeaders...)
	}
	if strings.HasPrefix(path, "/api/uploads/") && method == http.MethodPatch {
		options = append(options, servertest.Header("Content-Type", "application/offset+octet-stream"))
	}
	return c.Do(method, path, body, options...)
}

// otherAuthority is the head of another authority that also takes applications here.
func otherAuthority(t *testing.T, p *servertest.Portal) *servertest.Client {
	t.Helper()
	const bin = "990240003599"
	if err := p.Identity.EnsureAuthority(t.Context(), "03", bin, servertest.Requisites); err != nil {
		t.Fatal(err)
	}
	return hire(t, p, "03", bin, "123456789077")
}

// official is an executor of the demo authority with a given IIN.
func official(t *testing.T, p *servertest.Portal, iin string) *servertest.Client {
	t.Helper()
	return hire(t, p, servertest.DemoAuthority, democa.AuthorityBIN, iin)
}

func hire(t *testing.T, p *servertest.Portal, code, bin, iin string) *servertest.Client {
	t.Helper()
	holder, err := p.CA.Issue(democa.Person{Surname: "ҮЛГІЛІ", GivenName: "АДАМ", IIN: iin, BIN: bin, Organisation: "Басқарма"}, democa.IssueOptions{Role: signing.RoleEmployee})
	if err != nil {
		t.Fatal(err)
	}
	err = p.DB.Exec("INSERT INTO employees (id, authority_code, iin, name, roles, created_at) VALUES (?, ?, ?, 'ҮЛГІЛІ АДАМ', '{chancery,head,executor}', now())",
		uuid.New(), code, iin).Error
	if err != nil {
		t.Fatal(err)
	}
	return p.SignInWith(holder)
}

// A colleague's faster click: two executors of one file, a hundred times at once, one wins and the other is told (I12).
func TestTwoOfficialsAtOnce(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	_, id := p.At("filed")
	first, second := p.SignInAs("chancery"), p.SignInAs("chancery")
	answers := make(chan int, 20)
	for i := range 20 {
		go func() {
			c := first
			if i%2 == 1 {
				c = second
			}
			answers <- c.Do(http.MethodPost, "/api/applications/"+id+"/register", nil).Status
		}()
	}
	var got []int
	for range 20 {
		got = append(got, <-answers)
	}
	slices.Sort(got)
	if got[0] != http.StatusOK || got[1] != http.StatusConflict || got[19] != http.StatusConflict {
		t.Errorf("answers %v, want one 200 and nineteen 409", got)
	}
	if n := p.Count("SELECT count(*) FROM journal WHERE application_id = ? AND action = 'register'", id); n != 1 {
		t.Errorf("%d registrations in the journal", n)
	}
}

// The same press twice is one action with one answer; the same key with another body is refused (idempotency).
func TestPressedTwice(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	_, id := p.At("registered")
	head := p.SignInAs("head")
	body := map[string]any{"executorId": p.ExecutorID("executor-1"), "resolution": "Рассмотреть"}
	path := "/api/applications/" + id + "/assign"
	head.Do(http.MethodPost, path, body, servertest.Key("the-same-press")).Expect(http.StatusOK)
	head.Do(http.MethodPost, path, body, servertest.Key("the-same-press")).Expect(http.StatusOK)
	body["resolution"] = "Другое"
	head.Do(http.MethodPost, path, body, servertest.Key("the-same-press")).ExpectProblem(http.StatusUnprocessableEntity, "idempotency_key_reused")
	head.Do(http.MethodPost, path, body, servertest.Header("Idempotency-Key", ""), servertest.Bad()).ExpectProblem(http.StatusBadRequest, "idempotency_key_missing")
	if n := p.Count("SELECT count(*) FROM journal WHERE application_id = ? AND action = 'assign'", id); n != 1 {
		t.Errorf("%d assignments in the journal", n)
	}
}

// 64 applicants' payments are confirmed at once: numbers 1…N without gap or double (I1).
func TestNumbersWithoutGaps(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	const applicants = 64
	ids := make([]string, applicants)
	for i := range applicants {
		holder, err := p.CA.Issue(democa.Person{Surname: "ҮЛГІЛІ", GivenName: "АДАМ", IIN: fmt.Sprintf("%012d", 700000000000+i)}, democa.IssueOptions{Key: p.SharedKey()})
		if err != nil {
			t.Fatal(err)
		}
		c := p.SignInWith(holder)
		ids[i] = c.Draft(catalog.Person).ID
		c.SignRequest(ids[i])
		c.Pay(ids[i], "card", "succeeds")
	}
	p.RefreshAllAtOnce(ids)
	p.Notify()
	if n := p.Count("SELECT count(*) FROM applications WHERE state = 'filed'"); n != applicants {
		t.Fatalf("%d of %d filed", n, applicants)
	}
	if n := p.Count("SELECT count(DISTINCT number_seq) FROM applications WHERE number_seq BETWEEN 1 AND ?", applicants); n != applicants {
		t.Errorf("%d different numbers of %d", n, applicants)
	}
}
