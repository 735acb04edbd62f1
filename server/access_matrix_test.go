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

	"elicensing/server/servertest"
)

// accessRow is one operation on a thing of the owner's in a state. Cells are the answers to the roles in their order: ok, or the status of the
// refusal; "-" is not asked.
type accessRow struct {
	operation string
	at        string // "" for what addresses nothing of anybody
	cells     string
	fill      string   // of a path value that is no id, or a query
	shows     []string // who finds there what is his own
	fresh     bool     // ends or changes the session that asks
	whole     bool     // leaves nobody's own case out: an account must be complete
	names     bool     // tells names to everybody: of the demo's people, of a licence's holder (I22)
}

var (
	applicants = []string{"owner", "another"}
	officials  = []string{"chancery", "head", "executor", "colleague", "elsewhere"}
	handlers   = []string{"chancery", "head", "elsewhere"} // of money
)

// What anybody may do, and nobody else (I19); chancery, head and executor are three roles (R7). Requests for a refund and what is given up come first: their payer has filed nothing yet.
//
//	nobody owner another | chancery head executor colleague | elsewhere himself
var access = []accessRow{
	{operation: "getCertificateDraft", at: "refund", cells: "401 403 403 403 ok 403 403 404 404"},
	{operation: "prepareCertificate", at: "refund", cells: "401 403 403 403 ok 403 403 404 404"},
	{operation: "declineRefund", at: "refund", cells: "401 403 403 403 ok 403 403 404 404"},
	{operation: "withdrawRefund", at: "refund", cells: "401 ok 404 404 404 404 404 404 404"},
	{operation: "signCertificate", at: "refund", cells: "401 403 403 403 ok 403 403 404 404"},
	{operation: "downloadFile", at: "certified", fill: "non-submission.pdf", cells: "401 ok 404 404 404 404 404 404 404"},
	{operation: "getOwnCertificate", at: "certified", cells: "401 ok 404 404 404 404 404 404 404"},
	{operation: "giveUpInvoice", at: "case", cells: "401 ok 404 404 404 404 404 404 404"},
	{operation: "giveUpPayment", at: "receipt", cells: "401 ok 404 404 404 404 404 404 404"},
	{operation: "getMoney", at: "receipt", cells: "401 ok 404 404 404 404 404 404 404"},
	{operation: "getReceiptScan", at: "receipt", cells: "401 403 403 ok ok 403 403 404 404"},
	{operation: "rejectReceipt", at: "receipt", cells: "401 403 403 ok ok 403 403 404 404"},
	{operation: "closeCase", at: "case", cells: "401 403 403 403 ok 403 403 404 404"},
	{operation: "refundCase", at: "case", cells: "401 403 403 403 ok 403 403 404 404"},
	{operation: "acceptCase", at: "case of a moment", cells: "401 403 403 403 ok 403 403 404 404"},
	{operation: "confirmReceipt", at: "receipt", cells: "401 403 403 ok ok 403 403 404 404"},

	{operation: "getApplication", at: "draft", cells: "401 ok 404 404 404 404 404 404 404"},
	{operation: "saveAnswers", at: "draft", cells: "401 ok 404 404 404 404 404 404 404"},
	{operation: "checkAnswers", at: "draft", cells: "401 ok 404 404 404 404 404 404 404"},
	{operation: "prepareDocument", at: "draft", cells: "401 ok 404 404 404 404 404 404 404"},
	{operation: "getRequestDraft", at: "draft", cells: "401 ok 404 404 404 404 404 404 404"},
	{operation: "discardDraft", at: "draft", cells: "401 ok 404 404 404 404 404 404 404"},
	{operation: "signApplication", at: "draft", cells: "401 ok 404 404 404 404 404 404 404"},
	{operation: "createUpload", at: "draft", cells: "401 ok 404 404 404 404 404 404 404"},
	{operation: "getUploadOffset", at: "upload", cells: "401 ok 404 404 404 404 404 404 404"},
	{operation: "appendUpload", at: "upload", cells: "401 ok 404 404 404 404 404 404 404"},
	{operation: "cancelUpload", at: "upload", cells: "401 ok 404 404 404 404 404 404 404"},
	{operation: "downloadAttachment", at: "scan", cells: "401 ok 404 404 404 404 404 404 404"},
	{operation: "removeAttachment", at: "scan", cells: "401 ok 404 404 404 404 404 404 404"},

	{operation: "getApplication", at: "awaiting_payment", cells: "401 ok 404 404 404 404 404 404 404"},
	{operation: "downloadFile", at: "awaiting_payment", fill: "request.pdf", cells: "401 ok 404 404 404 404 404 404 404"},
	{operation: "getMoney", at: "awaiting_payment", cells: "401 ok 404 404 404 404 404 404 404"},
	{operation: "reopenApplication", at: "awaiting_payment", cells: "401 ok 404 404 404 404 404 404 404"},
	{operation: "attachReceipt", at: "awaiting_payment", cells: "401 ok 404 404 404 404 404 404 404"},
	{operation: "payApplication", at: "awaiting_payment", cells: "401 ok 404 404 404 404 404 404 404"},
	{operation: "refreshPayment", at: "awaiting_payment", cells: "401 ok 404 404 404 404 404 404 404"},

	{operation: "downloadAttachment", at: "filed with a scan", cells: "401 ok 404 ok ok ok ok 404 404"},
	{operation: "removeAttachment", at: "filed with a scan", cells: "401 409 404 403 403 403 403 404 404"},
	{operation: "createUpload", at: "filed", cells: "401 409 404 403 403 403 403 404 404"},
	{operation: "saveAnswers", at: "filed", cells: "401 409 404 403 403 403 403 404 404"},
	{operation: "checkAnswers", at: "filed", cells: "401 409 404 403 403 403 403 404 404"},
	{operation: "getMoney", at: "filed", cells: "401 ok 404 ok ok ok ok 404 404"},
	{operation: "registerApplication", at: "filed", cells: "401 403 403 ok 403 403 403 404 404"},
	{operation: "withdrawApplication", at: "filed", cells: "401 ok 404 403 403 403 403 404 404"},
	{operation: "assignExecutor", at: "registered", cells: "401 403 403 403 ok 403 403 404 404"},
	{operation: "confirmComplete", at: "assigned", cells: "401 403 403 403 403 ok 403 404 404"},
	{operation: "reassignExecutor", at: "assigned", cells: "401 403 403 403 ok 403 403 404 404"},
	{operation: "getApplication", at: "in_review", cells: "401 ok 404 ok ok ok ok 404 404"},
	{operation: "getJournal", at: "in_review", cells: "401 403 403 ok ok ok ok 404 404"},
	{operation: "saveChecklist", at: "in_review", cells: "401 403 403 403 403 ok 403 404 404"},
	{operation: "previewRefusal", at: "in_review", cells: "401 403 403 403 403 ok 403 404 404"},
	{operation: "prepareLicence", at: "in_review", cells: "401 403 403 403 403 ok 403 404 404"},
	{operation: "prepareRefusal", at: "in_review", cells: "401 403 403 403 403 ok 403 404 404"},
	{operation: "getResultDraft", at: "licence_prepared", cells: "401 403 403 ok ok ok ok 404 404"},
	{operation: "prepareResult", at: "licence_prepared", cells: "401 403 403 403 ok 403 403 404 404"},
	{operation: "returnDecision", at: "licence_prepared", cells: "401 403 403 403 ok 403 403 404 404"},
	{operation: "signResult", at: "licence_prepared", cells: "401 403 403 403 ok 403 403 404 404"},
	{operation: "getApplication", at: "issued", cells: "401 ok 404 ok ok ok ok 404 404"},
	{operation: "downloadFile", at: "issued", fill: "request.pdf", cells: "401 ok 404 ok ok ok ok 404 404"},
	{operation: "downloadFile", at: "issued", fill: "request.asice", cells: "401 ok 404 ok ok ok ok 404 404"},
	{operation: "downloadFile", at: "issued", fill: "receipt.pdf", cells: "401 ok 404 ok ok ok ok 404 404"},
	{operation: "downloadFile", at: "issued", fill: "payment-receipt.pdf", cells: "401 ok 404 ok ok ok ok 404 404"},
	{operation: "downloadFile", at: "issued", fill: "result.pdf", cells: "401 ok 404 ok ok ok ok 404 404"},
	{operation: "downloadFile", at: "issued", fill: "result-archive.pdf", cells: "401 ok 404 ok ok ok ok 404 404"},

	{operation: "listApplications", shows: applicants, cells: "401 ok ok 403 403 403 403 403 403"},
	{operation: "listMyPayments", shows: applicants, cells: "401 ok ok ok ok ok ok ok ok"},
	{operation: "listMyLicences", shows: applicants, cells: "401 ok ok 403 403 403 403 403 403"},
	{operation: "createApplication", cells: "401 ok ok 403 403 403 403 403 403"},
	{operation: "getQueue", shows: officials, fill: "?show=all", cells: "401 403 403 ok ok ok ok ok ok"},
	{operation: "getQueue", shows: officials, fill: "?show=done", cells: "401 403 403 ok ok ok ok ok ok"},
	{operation: "getQueue", fill: "?show=mine", cells: "401 403 403 ok ok ok ok ok ok"},
	{operation: "listExecutors", cells: "401 403 403 ok ok ok ok ok ok"},
	{operation: "getIncomingJournal", shows: officials, cells: "401 403 403 ok ok ok ok ok ok"},
	{operation: "getMoneyDesk", shows: handlers, cells: "401 403 403 ok ok 403 403 ok ok"},
	{operation: "exportPayments", shows: handlers, whole: true, fill: "?from=2026-03-01&to=2026-03-31", cells: "401 403 403 ok ok 403 403 ok ok"},

	{operation: "getSession", cells: "ok ok ok ok ok ok ok ok ok"},
	{operation: "createChallenge", cells: "ok ok ok ok ok ok ok ok ok"},
	{operation: "signIn", fresh: true, cells: "- ok - - - - - - -"},
	{operation: "chooseCapacity", fresh: true, cells: "401 ok ok ok ok ok ok ok ok"},
	{operation: "signOut", fresh: true, cells: "ok ok ok ok ok ok ok ok ok"},
	{operation: "healthz", cells: "ok ok ok ok ok ok ok ok ok"},
	{operation: "readyz", cells: "ok ok ok ok ok ok ok ok ok"},
	{operation: "getConfig", cells: "ok ok ok ok ok ok ok ok ok"},
	{operation: "getService", fill: "medical-activity", cells: "ok ok ok ok ok ok ok ok ok"},
	{operation: "getProcess", cells: "ok ok ok ok ok ok ok ok ok"},
	{operation: "listAuthorities", cells: "ok ok ok ok ok ok ok ok ok"},
	{operation: "listServiceCentres", cells: "ok ok ok ok ok ok ok ok ok"},
	{operation: "listDemoPeople", names: true, cells: "ok ok ok ok ok ok ok ok ok"},
	{operation: "listDemoLetters", names: true, cells: "ok ok ok ok ok ok ok ok ok"},
	{operation: "getDemoKey", fill: "person", cells: "ok ok ok ok ok ok ok ok ok"},
	{operation: "checkLicence", names: true, fill: "KZ…", cells: "ok ok ok ok ok ok ok ok ok"},
	{operation: "checkLicenceFile", cells: "ok ok ok ok ok ok ok ok ok"},
	{operation: "checkSignature", cells: "ok ok ok ok ok ok ok ok ok"},
	{operation: "receivePaymentNotice", cells: "403 403 403 403 403 403 403 403 403"},
}

// Every route × every role × {own, another's, another authority's, absent}: whom the table lets through gets through, nobody else; what a role
// may not see answers as what does not exist, in status and body, and leaves everything as it was; and no answer names what is not its
// reader's.
func TestAccessMatrix(t *testing.T) {
	t.Parallel()
	operations := map[string]servertest.Operation{}
	for _, o := range servertest.Operations(t) {
		operations[o.ID] = o
		if !slices.ContainsFunc(access, func(r accessRow) bool { return r.operation == o.ID }) {
			t.Errorf("operation %s has no row in the access matrix", o.ID)
		}
	}
	for _, file := range filesOfTheContract(t) {
		if !slices.ContainsFunc(access, func(r accessRow) bool { return r.operation == "downloadFile" && r.fill == file }) {
			t.Errorf("file %s has no row in the access matrix", file)
		}
	}
	s := newScene(t)
	for i, row := range access {
		if testing.Short() && i%5 != 0 {
			continue
		}
		o, ok := operations[row.operation]
		if cells := strings.Fields(row.cells); !ok || len(cells) != len(roles) {
			t.Errorf("the row %s of the access matrix is of no operation, or has %d cells for %d roles", row.operation, len(cells), len(roles))
			continue
		}
		asked := &asking{scene: s, accessRow: row, Operation: o}
		asked.refused()
		asked.allowed()
	}
}

// filesOfTheContract are the names that the last part of a download may have.
func filesOfTheContract(t *testing.T) (names []string) {
	t.Helper()
	contract, err := openapi3.NewLoader().LoadFromFile("openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range contract.Paths.Value("/api/applications/{id}/files/{file}").Parameters {
		if p.Value.Name == "file" {
			for _, name := range p.Value.Schema.Value.Enum {
				names = append(names, fmt.Sprint(name))
			}
		}
	}
	return names
}

var requestIDs = regexp.MustCompile(`"requestId":"[0-9a-f]*"`)

func withoutRequestID(r *servertest.Response) string {
	return fmt.Sprint(r.Status, " ", r.Header.Get("Content-Type"), " ", requestIDs.ReplaceAllString(string(r.Body), ""))
}

// asking puts the requests of one row.
type asking struct {
	*scene
	accessRow
	servertest.Operation
	known []fact
}

func (a *asking) want(role string) string { return strings.Fields(a.cells)[slices.Index(roles, role)] }

// refused asks as everybody who must be refused, and as everybody for what is not his.
func (a *asking) refused() {
	a.t.Helper()
	if a.at == "" {
		a.known = a.facts()
		for _, role := range roles {
			if want := a.want(role); want != "ok" && want != "-" {
				a.expect(role, "", a.ask(role, thing{}, a.body(role, thing{})))
			}
		}
		return
	}
	ours, theirs := a.ours(a.at), a.theirs(a.at)
	a.known = a.facts()
	absent := thing{uuid.NewString(), uuid.NewString(), uuid.NewString(), uuid.NewString(), uuid.NewString(), uuid.NewString(), uuid.NewString()}
	body := a.body("", ours)
	before := snapshot(a.p, ours.id) + snapshot(a.p, theirs.id)
	for _, role := range roles {
		none := a.ask(role, absent, body)
		if none.Status != http.StatusNotFound && none.Status != http.StatusForbidden && none.Status != http.StatusUnauthorized {
			a.t.Errorf("%s by %s on what does not exist: %d", a.operation, role, none.Status)
		}
		alike := func(what string, x thing) {
			a.t.Helper()
			if r := a.ask(role, x, body); withoutRequestID(r) != withoutRequestID(none) {
				a.t.Errorf("%s by %s, %s: %s, what does not exist: %s", a.operation, role, what, withoutRequestID(r), withoutRequestID(none))
			}
		}
		if role != "elsewhere" && !(role == "another" && a.at == "issued") {
			alike("of another authority in "+a.at, theirs)
		}
		if strings.Contains(a.Path, "{attachmentId}") && a.want(role) == "ok" {
			alike("another's scan by one's own application", thing{id: ours.id, attachment: theirs.attachment})
		}
		if a.want(role) == "ok" {
			continue
		}
		a.expect(role, a.at, a.ask(role, ours, body))
		if a.want(role) == "404" || a.want(role) == "401" || role == "another" || role == "elsewhere" || role == "himself" {
			alike("another's in "+a.at, ours)
		}
	}
	if after := snapshot(a.p, ours.id) + snapshot(a.p, theirs.id); after != before {
		a.t.Errorf("%s in %s was refused and changed something:\n%s\n%s", a.operation, a.at, before, after)
	}
}

// allowed asks as everybody who may.
func (a *asking) allowed() {
	a.t.Helper()
	for _, role := range roles {
		if a.want(role) != "ok" {
			continue
		}
		x := thing{}
		if a.at != "" {
			x = a.ours(a.at)
		}
		r := a.ask(role, x, a.body(role, x))
		a.expect(role, a.at, r)
		if !safe(a.Method) && !slices.Contains(stays, a.operation) {
			a.used(a.at)
		}
		if slices.Contains(a.shows, role) && !slices.ContainsFunc(a.known, func(k fact) bool { return a.mayKnow(role, k) && k.in(string(r.Body)) }) {
			a.t.Errorf("%s%s shows %s nothing of his own: %.300s", a.operation, a.fill, role, r.Body)
		}
	}
}

func (a *asking) expect(role, at string, r *servertest.Response) {
	a.t.Helper()
	if want := a.want(role); want != fmt.Sprint(r.Status) && !(want == "ok" && r.Status < 300) {
		a.t.Errorf("%s %s by %s in %q: %d, want %s: %.300s", a.operation, a.fill, role, at, r.Status, want, r.Body)
	}
}
