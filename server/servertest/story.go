package servertest

import (
	"bytes"
	"crypto"
	"encoding/base64"
	"fmt"
	"image"
	"image/png"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"elicensing/payments"
	"elicensing/server/catalog"
)

// Application is what a test reads of an application; the whole answer has been compared with the contract already.
type Application struct {
	ID             string
	Number         string
	State          string
	Revision       int
	IncomingNumber string
	FiledAt, DueAt string
	Executor       *struct{ ID, Name string }
	Attachments    []struct{ ID, Slot, SHA256 string }
	Invoice        *struct{ State, PaymentState, Amount, Number string }
	Result         *struct {
		Kind, LicenceNumber, AnnexNumber, OpenedAt string
		Grounds                                    []struct{ Code, Reason string }
	}
	Completeness *struct {
		ClosesAt string
		Open     bool
	}
	Checklist []struct{ Requirement, Met string }
	Decision  *struct{ Kind string }
	Remarks   string
	Actions   []struct{ Name, Blocked string }
	History   []struct{ Action, ActorRole, ActorName string }
	Grounds   []struct {
		Code         string
		Open         bool
		ClosedReason string
	}
}

// Offers tells whether an action is offered and not blocked.
func (a Application) Offers(action string) bool {
	for _, o := range a.Actions {
		if o.Name == action {
			return o.Blocked == ""
		}
	}
	return false
}

// Applicant gives the demo person who applies as a kind.
var Applicant = map[catalog.ApplicantKind]string{catalog.Person: "person", catalog.SoleTrader: "sole-trader", catalog.Entity: "director"}

// Answers are a complete and right set of answers for a kind of applicant at Start.
func Answers(kind catalog.ApplicantKind) map[string]any {
	address := map[string]any{"postcode": "150000", "oblast": "Северо-Казахстанская область", "city": "Петропавловск", "street": "улица Тестовая", "house": "1"}
	answers := map[string]any{
		"licensor": DemoAuthority, "email": "test@example.kz", "phone": "+77150000001", "subActivities": []string{"PHC-GP"}, "paperCopy": false,
		"sites":           []any{address},
		"premises":        []any{map[string]any{"right": "leased", "cadastral": "15-234-000-001", "location": "г. Петропавловск, ул. Тестовая, 1", "leaseNumber": "12", "leaseDate": "2026-01-12"}},
		"equipmentAsOf":   "2026-03-20",
		"equipment":       []any{map[string]any{"name": "Тонометр «Үлгі»", "country": "Қазақстан", "unit": "шт.", "quantity": 2, "year": 2024, "condition": "working"}},
		"education":       []any{map[string]any{"speciality": "Общая медицина", "qualification": "Врач", "number": "0012345", "institution": "Қарағанды медицина университеті", "yearIn": 2005, "yearOut": 2011}},
		"training":        []any{map[string]any{"number": "77", "course": "Общая врачебная практика", "institution": "Учебный центр", "start": "2024-02-01", "end": "2024-03-01", "hours": 108}},
		"certificates":    []any{map[string]any{"speciality": "Общая врачебная практика", "issuer": "Комитет", "number": "KZ-1", "issued": "2023-05-10"}},
		"confirmContacts": true, "confirmNoBan": true, "confirmDocuments": true,
	}
	if kind == catalog.Entity {
		answers["legalAddress"] = address
		answers["staffAsOf"] = "2026-03-20"
		answers["staff"] = []any{map[string]any{"name": "Тестова Әлия Тестқызы", "position": "Врач", "education": "Высшее", "experience": 7}}
	} else {
		answers["homeAddress"] = address
		answers["experience"] = []any{map[string]any{"organisation": "Городская поликлиника", "location": "Петропавловск", "position": "Врач", "hired": "2015-01-12", "dismissed": "2023-01-13"}}
	}
	return answers
}

// Read gives the application as this client sees it.
func (c *Client) Read(id string) Application {
	c.Portal.T.Helper()
	var a Application
	c.Do(http.MethodGet, "/api/applications/"+id, nil).Expect(http.StatusOK).JSON(&a)
	return a
}

// Act presses a button of an application and expects it to work.
func (c *Client) Act(id, action string, body any) Application {
	c.Portal.T.Helper()
	var a Application
	c.Do(http.MethodPost, "/api/applications/"+id+"/"+action, body).Expect(http.StatusOK).JSON(&a)
	return a
}

// Begin starts a draft.
func (c *Client) Begin(kind catalog.ApplicantKind) Application {
	c.Portal.T.Helper()
	var a Application
	r := c.Do(http.MethodPost, "/api/applications", map[string]any{"service": "medical-activity", "kind": "licence", "applicantKind": kind})
	if r.Status != http.StatusOK {
		r.Expect(http.StatusCreated)
	}
	r.JSON(&a)
	return a
}

// Draft starts a draft and fills it completely, with a scan where one is demanded.
func (c *Client) Draft(kind catalog.ApplicantKind) Application {
	c.Portal.T.Helper()
	a := c.Begin(kind)
	c.Do(http.MethodPut, "/api/applications/"+a.ID+"/answers", map[string]any{"revision": a.Revision, "answers": Answers(kind)}).Expect(http.StatusOK)
	switch kind {
	case catalog.Entity:
		c.Attach(a.ID, "entityRegistration", "справка.png", Picture()).Expect(http.StatusNoContent)
	case catalog.SoleTrader:
		c.Attach(a.ID, "soleTraderRegistration", "талон.png", Picture()).Expect(http.StatusNoContent)
	}
	return c.Read(a.ID)
}

// Picture is a small PNG.
func Picture() []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		panic(err) // a picture in memory
	}
	return b.Bytes()
}

// Attach uploads a scan whole and gives the answer of the last request.
func (c *Client) Attach(id, slot, name string, content []byte) *Response {
	c.Portal.T.Helper()
	b64 := base64.StdEncoding.EncodeToString
	r := c.Do(http.MethodPost, "/api/applications/"+id+"/uploads", nil, Header("Tus-Resumable", "1.0.0"), Header("Upload-Length", fmt.Sprint(len(content))),
		Header("Upload-Metadata", "slot "+b64([]byte(slot))+",filename "+b64([]byte(name))))
	if r.Status != http.StatusCreated {
		return r
	}
	return c.Do(http.MethodPatch, r.Header.Get("Location"), content, Header("Tus-Resumable", "1.0.0"), Header("Upload-Offset", "0"),
		Header("Content-Type", "application/offset+octet-stream"))
}

// ToSign are the bytes that somebody is asked to sign.
type ToSign struct {
	Content []byte
	Digest  string
}

// Prepare asks for the bytes of a request (path "document") or of a result (path "result-document").
func (c *Client) Prepare(id, path string) ToSign {
	c.Portal.T.Helper()
	var to ToSign
	c.Do(http.MethodPost, "/api/applications/"+id+"/"+path, nil).Expect(http.StatusOK).JSON(&to)
	return to
}

// SignRequest prepares, signs and sends the request.
func (c *Client) SignRequest(id string) Application {
	c.Portal.T.Helper()
	to := c.Prepare(id, "document")
	return c.Act(id, "sign", map[string]any{"digest": to.Digest, "signature": c.Sign(to.Content)})
}

// Pay opens the gateway's page and chooses: card=succeeds, card=refused, action later or cancel.
func (c *Client) Pay(id, action, card string) {
	t := c.Portal.T
	t.Helper()
	var page struct{ PageURL string }
	c.Do(http.MethodPost, "/api/applications/"+id+"/pay", nil).Expect(http.StatusOK).JSON(&page)
	payer := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, Transport: c.Portal.transport}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, page.PageURL, strings.NewReader(url.Values{"action": {action}, "card": {card}}.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := payer.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode >= http.StatusBadRequest {
		body, _ := io.ReadAll(answer.Body)
		t.Fatalf("gateway page: %d %s", answer.StatusCode, body)
	}
}

// Filed is an application that is signed, paid and filed, as its applicant sees it.
func (p *Portal) Filed(kind catalog.ApplicantKind) (applicant *Client, a Application) {
	p.T.Helper()
	applicant = p.SignInAs(Applicant[kind])
	a = applicant.Draft(kind)
	applicant.SignRequest(a.ID)
	applicant.Pay(a.ID, "card", "succeeds")
	p.Notify()
	a = applicant.Read(a.ID)
	if a.State != "filed" {
		p.T.Fatalf("after paying the application is %s", a.State)
	}
	return applicant, a
}

// ExecutorID is the employee's id of a demo executor.
func (p *Portal) ExecutorID(personID string) string {
	p.T.Helper()
	holder, err := p.CA.Holder(personID)
	if err != nil {
		p.T.Fatal(err)
	}
	var id string
	if err := p.DB.Raw("SELECT id FROM employees WHERE iin = ?", strings.TrimPrefix(holder.Certificate.Subject.SerialNumber, "IIN")).Scan(&id).Error; err != nil {
		p.T.Fatal(err)
	}
	return id
}

// InReview takes a filed application to the executor's review: registered, assigned to executor-1, complete.
func (p *Portal) InReview(id string) (executor *Client) {
	p.T.Helper()
	p.SignInAs("chancery").Act(id, "register", nil)
	p.SignInAs("head").Act(id, "assign", map[string]any{"executorId": p.ExecutorID("executor-1"), "resolution": "Рассмотреть в установленный срок"})
	executor = p.SignInAs("executor-1")
	executor.Act(id, "confirm-complete", nil)
	return executor
}

// MarkAll answers every line of the checklist.
func (c *Client) MarkAll(id, met string) {
	c.Portal.T.Helper()
	var marks []map[string]any
	for _, m := range c.Read(id).Checklist {
		marks = append(marks, map[string]any{"requirement": m.Requirement, "met": met})
	}
	c.Do(http.MethodPut, "/api/applications/"+id+"/checklist", map[string]any{"marks": marks}).Expect(http.StatusOK)
}

// SignResult prepares, signs and publishes a decision.
func (c *Client) SignResult(id string) Application {
	c.Portal.T.Helper()
	to := c.Prepare(id, "result-document")
	return c.Act(id, "sign-result", map[string]any{"digest": to.Digest, "signature": c.Sign(to.Content)})
}

// At is an application of a natural person in a state, ready for the next step: in review with every requirement met, prepared by executor-1.
func (p *Portal) At(state string) (applicant *Client, id string) {
	p.T.Helper()
	applicant = p.SignInAs(Applicant[catalog.Person])
	if state == "draft" {
		return applicant, applicant.Draft(catalog.Person).ID
	}
	if state == "awaiting_payment" {
		id = applicant.Draft(catalog.Person).ID
		applicant.SignRequest(id)
		return applicant, id
	}
	applicant, a := p.Filed(catalog.Person)
	id = a.ID
	if state == "filed" {
		return applicant, id
	}
	if state == "withdrawn" {
		applicant.Act(id, "withdraw", nil)
		return applicant, id
	}
	p.SignInAs("chancery").Act(id, "register", nil)
	if state == "registered" {
		return applicant, id
	}
	head := p.SignInAs("head")
	head.Act(id, "assign", map[string]any{"executorId": p.ExecutorID("executor-1"), "resolution": "Рассмотреть"})
	if state == "assigned" {
		return applicant, id
	}
	executor := p.SignInAs("executor-1")
	executor.Act(id, "confirm-complete", nil)
	executor.MarkAll(id, "yes")
	switch state {
	case "in_review":
		return applicant, id
	case "licence_prepared", "issued":
		executor.Act(id, "prepare-licence", nil)
	case "refusal_prepared", "refused":
		executor.Act(id, "prepare-refusal", Refusal())
	default:
		p.T.Fatalf("no way to state %q is known", state)
	}
	if state == "issued" || state == "refused" {
		head.SignResult(id)
	}
	return applicant, id
}

// Refusal is a proposal on ground S10.3.
func Refusal() map[string]any {
	return map[string]any{"grounds": []any{map[string]any{"code": "S10.3", "reason": "Срок договора аренды истёк", "requirement": "premises"}}}
}

// SharedKey is one key for many holders, where making a fresh one for each would only take time.
func (p *Portal) SharedKey() crypto.Signer {
	p.T.Helper()
	holder, err := p.CA.Holder("person")
	if err != nil {
		p.T.Fatal(err)
	}
	return holder.Key
}

// Another is one more application that awaits its payment like the one that is given, with the answers and the document of that one: where many are
// needed, signing each would only take time.
func (p *Portal) Another(id string) string {
	p.T.Helper()
	invoices, err := p.Payments.ByApplication(p.T.Context(), uuid.MustParse(id))
	if err != nil || len(invoices) != 1 {
		p.T.Fatal(invoices, err)
	}
	inv, other := invoices[0], need[uuid.UUID](p.T)(uuid.NewV7())
	err = p.DB.Transaction(func(tx *gorm.DB) error {
		err := tx.Exec("INSERT INTO applications SELECT (jsonb_populate_record(a, jsonb_build_object('id', ?::uuid))).* FROM applications a WHERE id = ?", other, id).Error
		if err != nil {
			return err
		}
		_, err = p.Payments.OpenInvoice(tx, payments.InvoiceRequest{ApplicationID: other, PayerIIN: inv.PayerIIN, PayerBIN: inv.PayerBIN, PayerName: inv.PayerName,
			Kind: inv.Kind, Purpose: inv.Purpose, Requisites: inv.Requisites})
		return err
	})
	if err != nil {
		p.T.Fatal(err)
	}
	return other.String()
}
