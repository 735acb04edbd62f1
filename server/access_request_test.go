package server_test

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/google/uuid"

	"elicensing/server/servertest"
)

var anyPathValue = regexp.MustCompile(`\{(code|personId|file)\}`)

// ask sends the row's request as somebody, and looks whether the answer names what is not for him.
func (a *asking) ask(role string, x thing, body any) *servertest.Response {
	a.t.Helper()
	path := strings.NewReplacer("{id}", x.id, "{attachmentId}", x.attachment, "{uploadId}", x.upload, "{receiptId}", x.receipt, "{invoiceId}", x.invoice, "{caseId}", x.money, "{refundId}", x.refund).Replace(a.Path)
	if before, after, found := strings.Cut(path, "{number}"); found {
		path = before + a.one("SELECT number FROM licences LIMIT 1") + after
	}
	if strings.HasPrefix(a.fill, "?") {
		path += a.fill
	} else {
		path = anyPathValue.ReplaceAllString(path, a.fill)
	}
	if strings.Contains(path, "{") || strings.Contains(path, "//") || strings.HasSuffix(path, "/") {
		a.t.Fatalf("%s: what stands in %s?", a.operation, path)
	}
	options := []servertest.Option{}
	if strings.Contains(path, "/uploads") {
		options = append(options, tusHeaders...)
	}
	if a.Takes != "" {
		options = append(options, servertest.Header("Content-Type", a.Takes))
	}
	by := a.clients[role]
	if a.fresh {
		by = a.again(role)
	}
	r := by.Do(a.Method, path, body, options...)
	answer := string(r.Body)
	for _, secret := range a.secretFrom(role) {
		if names(answer, secret) {
			a.t.Errorf("%s %s by %s: %d names %s, which is another's", a.operation, a.fill, role, r.Status, secret)
		}
	}
	return r
}

// body is a right body for the row, signed by who asks, or "" for the first who may: what is refused is refused for nothing else.
func (a *asking) body(role string, x thing) any {
	a.t.Helper()
	if role == "" {
		role = "owner"
		if i := slices.Index(strings.Fields(a.cells), "ok"); i >= 0 {
			role = roles[i]
		}
	}
	var body any
	switch a.operation {
	case "signIn":
		return newStage(a.t, a.p).right(a.operation, a.Path).body
	case "chooseCapacity":
		body = map[string]any{"capacity": "person"}
	case "createApplication":
		body = map[string]any{"service": "medical-activity", "kind": "licence", "applicantKind": "person"}
	case "attachReceipt":
		body = receipt("П-" + uuid.NewString())
	case "signCertificate":
		body = signedBy(a.clients[role], "/api/authority/money/refunds/"+x.refund+"/document")
	case "appendUpload":
		body = []byte("%PDF-1.7 .")
	default:
		body = rightBody(a.operation, a.clients[role], x.id)
	}
	if (body != nil) != (a.Takes != "") {
		a.t.Errorf("%s has no right body", a.operation)
	}
	return body
}

// fact is what there is to know about one application.
type fact struct {
	ID, Number, IIN, Name, Authority string
	Invoice                          string
	Told                             bool // the authority knows of it
}

// facts reads it of all applications.
func (s *scene) facts() (all []fact) {
	s.t.Helper()
	err := s.p.DB.Raw(`SELECT a.id, coalesce(a.number, '') AS number, a.applicant_iin AS iin, a.applicant_name AS name, coalesce(a.authority_code, '') AS authority,
			coalesce(i.number, '') AS invoice, a.filed_at IS NOT NULL OR EXISTS (SELECT FROM refund_requests r WHERE r.application_id = a.id)
				OR EXISTS (SELECT FROM money_cases c WHERE c.invoice_id = i.id) OR EXISTS (SELECT FROM gateway_payments p WHERE p.invoice_id = i.id AND p.gateway = 'receipt') AS told
		FROM applications a LEFT JOIN invoices i ON i.application_id = a.id`).Scan(&all).Error
	if err != nil {
		s.t.Fatal(err)
	}
	return all
}

// people are who has which number.
var people = map[string]string{"owner": "123456789011", "another": "123456789012", "himself": "123456789011"}

// mayKnow tells whether somebody in a role may know of it: of one's own, and of what was told to one's authority. Nobody looks into his own case
// from his desk (I16).
func (a *asking) mayKnow(role string, k fact) bool {
	switch role {
	case "owner", "another":
		return k.IIN == people[role]
	case "chancery", "head", "executor", "colleague", "himself":
		return k.Told && k.Authority == servertest.DemoAuthority && (a.whole || k.IIN != people[role])
	case "elsewhere":
		return k.Told && k.Authority == elsewhere
	}
	return false
}

// in tells whether an answer names it.
func (k fact) in(answer string) bool { return names(answer, k.ID) || names(answer, k.Number) }

// names tells whether a word stands in an answer by itself: the number of an invoice is part of other applications' numbers.
func names(answer, word string) bool {
	for rest := answer; word != ""; {
		before, after, found := strings.Cut(rest, word)
		if !found {
			return false
		}
		if !inNumber.MatchString(before[max(0, len(before)-1):]) && !inNumber.MatchString(after[:min(1, len(after))]) {
			return true
		}
		rest = after
	}
	return false
}

var inNumber = regexp.MustCompile(`^[0-9-]$`)

// secretFrom is all that must not stand in an answer to a role: ids, numbers and names of what is not his to know, and officials of the other
// authority.
func (a *asking) secretFrom(role string) (secret []string) {
	a.t.Helper()
	open := map[string]bool{"": true, people[role]: true}
	for _, k := range a.known {
		if a.mayKnow(role, k) {
			open[k.ID], open[k.Number], open[k.IIN], open[k.Name], open[k.Invoice] = true, true, true, true, true
		}
	}
	for _, k := range a.known {
		words := []string{k.ID, k.Number, k.IIN, k.Invoice}
		if !a.names {
			words = append(words, k.Name)
		}
		for _, word := range words {
			if !open[word] {
				open[word] = true
				secret = append(secret, word)
			}
		}
	}
	if a.clients[role] != a.clients["nobody"] && !slices.Contains(applicants, role) {
		foreign := cmp.Or(map[string]string{"elsewhere": servertest.DemoAuthority}[role], elsewhere)
		secret = append(secret, a.employees[foreign]...)
	}
	return secret
}

// employeesOf are the ids of an authority's people.
func (s *scene) employeesOf(authority string) (ids []string) {
	s.t.Helper()
	if err := s.p.DB.Raw("SELECT id FROM employees WHERE authority_code = ?", authority).Scan(&ids).Error; err != nil {
		s.t.Fatal(err)
	}
	return ids
}
