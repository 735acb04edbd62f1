package server_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"elicensing/payments/mockgateway"
	"elicensing/server/catalog"
	"elicensing/server/servertest"
	"elicensing/signing"
	"elicensing/signing/democa"
)

// roles are the columns of the access matrix. All but the last but one stand to applications of the demo authority; himself is an official of
// it with every role, and the applicant.
var roles = []string{"nobody", "owner", "another", "chancery", "head", "executor", "colleague", "elsewhere", "himself"}

// thing is what a request addresses: an application with what hangs on it.
type thing struct{ id, attachment, upload, receipt, invoice, money, refund string }

// scene is a portal with somebody in each role, and with things in every state: of the owner in the demo authority, and of others in another
// one. A thing is made when it is first asked for, and serves until somebody carries a step out on it.
type scene struct {
	t         *testing.T
	p         *servertest.Portal
	clients   map[string]*servertest.Client
	second    *servertest.Client // the other authority's second head: who prepared does not sign
	made      map[string]thing
	others    int
	employees map[string][]string // ids, by authority
}

const elsewhere = "03"

func newScene(t *testing.T) *scene {
	p := servertest.New(t)
	s := &scene{t: t, p: p, made: map[string]thing{}, clients: map[string]*servertest.Client{
		"nobody": p.Anonymous(), "owner": p.SignInAs("person"), "another": p.SignInAs("sole-trader"), "chancery": p.SignInAs("chancery"), "head": p.SignInAs("head"),
		"executor": p.SignInAs("executor-1"), "colleague": p.SignInAs("executor-2"), "elsewhere": otherAuthority(t, p), "himself": official(t, p, "123456789011"),
	}}
	s.second = hire(t, p, elsewhere, otherBIN, "123456789078")
	s.employees = map[string][]string{servertest.DemoAuthority: s.employeesOf(servertest.DemoAuthority), elsewhere: s.employeesOf(elsewhere)}
	return s
}

// again is a fresh browser of somebody in a role, for requests that end or change a session.
func (s *scene) again(role string) *servertest.Client {
	s.t.Helper()
	if role == "nobody" {
		return s.p.Anonymous()
	}
	return s.clients[role].Again()
}

// ours is the owner's thing in the demo authority.
func (s *scene) ours(at string) thing {
	s.t.Helper()
	if x, ok := s.made["ours "+at]; ok {
		return x
	}
	owner, drafted := s.clients["owner"], at == "draft" || at == "upload" || at == "scan"
	if drafted { // a person has one draft, and the next application begins from it: it cannot be kept
		owner.Do(http.MethodDelete, "/api/applications/"+owner.Begin(catalog.Person).ID, nil).Expect(http.StatusNoContent)
	}
	x := s.bring(owner, servertest.DemoAuthority, s.p.ExecutorID("executor-1"), s.clients["chancery"], s.clients["head"], s.clients["executor"], s.clients["head"], at)
	if !drafted {
		s.made["ours "+at] = x
	}
	return x
}

// used takes a thing of the owner's out, after a step was carried out on it.
func (s *scene) used(at string) { delete(s.made, "ours "+at) }

// theirs is a stranger's thing in another authority; what is issued there is issued to the person in the role "another".
func (s *scene) theirs(at string) thing {
	s.t.Helper()
	if x, ok := s.made["theirs "+at]; ok {
		return x
	}
	applicant := s.clients["another"]
	if at != "issued" {
		s.others++
		person := democa.Person{Surname: "БӨТЕН", GivenName: strings.Repeat("А", s.others) + "ЛЫ", IIN: fmt.Sprintf("%012d", 810000000000+s.others)}
		holder, err := s.p.CA.Issue(person, democa.IssueOptions{Key: s.p.SharedKey()})
		if err != nil {
			s.t.Fatal(err)
		}
		applicant = s.p.SignInWith(holder)
	}
	desk := s.clients["elsewhere"]
	var employee string
	if err := s.p.DB.Raw("SELECT id FROM employees WHERE iin = ?", otherIIN).Scan(&employee).Error; err != nil {
		s.t.Fatal(err)
	}
	x := s.bring(applicant, elsewhere, employee, desk, desk, desk, s.second, at)
	s.made["theirs "+at] = x
	return x
}

// bring makes an application and what hangs on it, and takes it to a state by the hands of an authority.
func (s *scene) bring(applicant *servertest.Client, authority, executorID string, chancery, head, executor, signer *servertest.Client, at string) thing {
	s.t.Helper()
	a := applicant.Begin(catalog.Person)
	answers := servertest.Answers(catalog.Person)
	answers["licensor"] = authority
	applicant.Do(http.MethodPut, "/api/applications/"+a.ID+"/answers", map[string]any{"revision": a.Revision, "answers": answers}).Expect(http.StatusOK)
	x := thing{id: a.ID}
	switch at {
	case "draft":
		return x
	case "upload":
		x.upload = strings.TrimPrefix(applicant.Do(http.MethodPost, "/api/applications/"+a.ID+"/uploads", nil, tusHeaders...).Expect(http.StatusCreated).Header.Get("Location"), "/api/uploads/")
		return x
	case "scan", "filed with a scan":
		applicant.Attach(a.ID, "diplomas", "диплом.png", servertest.Picture()).Expect(http.StatusNoContent)
		x.attachment = applicant.Read(a.ID).Attachments[0].ID
		if at == "scan" {
			return x
		}
	}
	applicant.SignRequest(a.ID)
	switch at {
	case "awaiting_payment":
		return x
	case "receipt", "refund", "certified":
		attach(applicant, a.ID, "П-"+uuid.NewString())
		x.receipt = s.one(`SELECT r.id FROM bank_receipts r JOIN gateway_payments p ON p.gateway_id = r.order_id::text JOIN invoices i ON i.id = p.invoice_id WHERE i.application_id = ? AND r.state = 'waiting'`, a.ID)
		if at == "receipt" {
			return x
		}
		applicant.Do(http.MethodPost, "/api/applications/"+a.ID+"/give-up", nil).Expect(http.StatusOK)
		x.refund = s.one("SELECT id FROM refund_requests WHERE application_id = ? ORDER BY asked_at DESC, id DESC LIMIT 1", a.ID)
		if at == "certified" {
			path := "/api/authority/money/refunds/" + x.refund
			head.Do(http.MethodPost, path+"/sign", signedBy(head, path+"/document")).Expect(http.StatusOK)
		}
		return x
	case "case", "case of a moment":
		if at == "case" {
			s.p.Gateway.Switch(mockgateway.Faults{WrongAmount: true})
			applicant.Pay(a.ID, "card", "succeeds")
			s.p.Gateway.Switch(mockgateway.Faults{})
			s.p.Notify()
		} else { // paid in the future, by the portal's clock: the head may accept it
			applicant.Pay(a.ID, "card", "succeeds")
			s.p.Clock.Move(-10 * time.Minute)
			applicant.Do(http.MethodPost, "/api/applications/"+a.ID+"/payment", nil).Expect(http.StatusOK)
			s.p.Clock.Move(10 * time.Minute)
		}
		x.invoice = s.one("SELECT id FROM invoices WHERE application_id = ? AND state <> 'cancelled'", a.ID)
		x.money = s.one("SELECT id FROM money_cases WHERE invoice_id = ?", x.invoice)
		return x
	}
	applicant.Pay(a.ID, "card", "succeeds")
	s.p.Notify()
	if strings.HasPrefix(at, "filed") {
		return x
	}
	for _, step := range []struct {
		after, action string
		by            *servertest.Client
		body          any
	}{
		{"registered", "register", chancery, nil},
		{"assigned", "assign", head, map[string]any{"executorId": executorID, "resolution": "Рассмотреть"}},
		{"in_review", "confirm-complete", executor, nil},
		{"licence_prepared", "prepare-licence", executor, nil},
	} {
		step.by.Act(a.ID, step.action, step.body)
		if step.after == "in_review" {
			executor.MarkAll(a.ID, "yes")
		}
		if step.after == at {
			return x
		}
	}
	if at != "issued" {
		s.t.Fatalf("no way to %q is known", at)
	}
	signer.SignResult(a.ID)
	return x
}

// one reads one value.
func (s *scene) one(sql string, args ...any) (value string) {
	s.t.Helper()
	if err := s.p.DB.Raw(sql, args...).Scan(&value).Error; err != nil || value == "" {
		s.t.Fatalf("%s: %q, %v", sql, value, err)
	}
	return value
}

// signedBy prepares what a path gives to sign, and is the body that brings the signature.
func signedBy(c *servertest.Client, path string) map[string]any {
	c.Portal.T.Helper()
	var to servertest.ToSign
	c.Do(http.MethodPost, path, nil).Expect(http.StatusOK).JSON(&to)
	return map[string]any{"digest": to.Digest, "signature": c.Sign(to.Content)}
}

const (
	otherBIN = "990240003599"
	otherIIN = "123456789077"
)

// otherAuthority is the head of another authority that also takes applications here.
func otherAuthority(t *testing.T, p *servertest.Portal) *servertest.Client {
	t.Helper()
	if err := p.Identity.EnsureAuthority(t.Context(), elsewhere, otherBIN, servertest.Requisites); err != nil {
		t.Fatal(err)
	}
	return hire(t, p, elsewhere, otherBIN, otherIIN)
}

// official is an executor of the demo authority with a given IIN.
func official(t *testing.T, p *servertest.Portal, iin string) *servertest.Client {
	t.Helper()
	return hire(t, p, servertest.DemoAuthority, democa.AuthorityBIN, iin)
}

func hire(t *testing.T, p *servertest.Portal, code, bin, iin string) *servertest.Client {
	t.Helper()
	holder, err := p.CA.Issue(democa.Person{Surname: "ҮЛГІЛІ", GivenName: "АДАМ", IIN: iin, BIN: bin, Organisation: "Басқарма"}, democa.IssueOptions{Role: signing.RoleEmployee, Key: p.SharedKey()})
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
