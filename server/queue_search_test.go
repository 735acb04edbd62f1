package server_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"elicensing/server/catalog"
	"elicensing/server/servertest"
)

// An official finds an application of his authority wherever it stands in the list: by numbers, by whose it is, by its step. What is typed is
// looked for as it is, and is in no log.
func TestTheWorkIsSearchedOnTheServer(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	_, person := p.Filed(catalog.Person)
	_, clinic := p.Filed(catalog.Entity)
	p.SignInAs("chancery").Act(clinic.ID, "register", nil)
	head := p.SignInAs("head")
	head.Act(clinic.ID, "assign", map[string]any{"executorId": p.ExecutorID("executor-1"), "resolution": "Рассмотреть"})
	var of struct{ IIN, BIN, Executor, Incoming string }
	p.DB.Raw(`SELECT (SELECT applicant_iin FROM applications WHERE id = ?) AS iin, a.applicant_bin AS bin, e.name AS executor, a.incoming_number AS incoming
		FROM applications a JOIN employees e ON e.id = a.executor_id WHERE a.id = ?`, person.ID, clinic.ID).Scan(&of)

	// The words travel in a header, never in the address.
	ask := func(c *servertest.Client, query url.Values, options ...servertest.Option) *servertest.Response {
		t.Helper()
		words := query.Get("words")
		query.Del("words")
		return c.Do(http.MethodGet, "/api/authority/queue?"+query.Encode(), nil, append(options, servertest.Header("Search-Words", url.PathEscape(words)))...)
	}
	found := func(c *servertest.Client, query url.Values) []string {
		t.Helper()
		var list struct{ Items []struct{ ID string } }
		ask(c, query).Expect(http.StatusOK).JSON(&list)
		var ids []string
		for _, item := range list.Items {
			ids = append(ids, item.ID)
		}
		slices.Sort(ids)
		return ids
	}
	none, both := []string(nil), []string{person.ID, clinic.ID}
	slices.Sort(both)
	for _, tc := range []struct {
		name  string
		query url.Values
		want  []string
	}{
		{"number", url.Values{"words": {person.Number}}, []string{person.ID}},
		{"end of the number", url.Values{"words": {person.Number[len(person.Number)-6:]}}, []string{person.ID}},
		{"IIN of a person", url.Values{"words": {of.IIN}}, []string{person.ID}},
		{"BIN", url.Values{"words": {of.BIN}}, []string{clinic.ID}},
		{"name in small letters, without its quotation marks", url.Values{"words": {"тоо тест клиника"}}, []string{clinic.ID}},
		{"words in any order, in capitals", url.Values{"words": {"  КЛИНИКА   тоо "}}, []string{clinic.ID}},
		{"executor", url.Values{"words": {strings.ToLower(of.Executor)}}, []string{clinic.ID}},
		{"incoming number", url.Values{"words": {of.Incoming + " клиника"}}, []string{clinic.ID}},
		{"a word that is in neither", url.Values{"words": {"клиника жоқ"}}, none},
		{"no pattern: per cent", url.Values{"words": {"%"}}, none},
		{"no pattern: underscore", url.Values{"words": {"13_2026"}}, none},
		{"an apostrophe", url.Values{"words": {"' OR 1=1 --"}}, none},
		{"only spaces", url.Values{"words": {"   "}}, both},
		{"the two-day check", url.Values{"step": {"check"}}, []string{clinic.ID}},
		{"to be signed", url.Values{"step": {"sign"}}, none},
		{"step and words", url.Values{"step": {"register"}, "words": {"клиника"}}, none},
		{"overdue", url.Values{"urgency": {"overdue"}}, none},
	} {
		tc.query.Set("show", "all")
		if got := found(head, tc.query); !slices.Equal(got, tc.want) {
			t.Errorf("%s: found %v, want %v", tc.name, got, tc.want)
		}
	}
	if got := found(head, url.Values{"show": {"done"}, "words": {"клиника"}}); got != nil {
		t.Errorf("among the ended ones: %v", got)
	}

	// Another authority finds nothing, and an official does not find the case of his own organisation.
	if got := found(otherAuthority(t, p), url.Values{"show": {"all"}, "words": {"клиника"}}); got != nil {
		t.Errorf("another authority finds %v", got)
	}

	for name, query := range map[string]url.Values{
		"text is too long":     {"words": {strings.Repeat("ә", 101)}},
		"text has many words":  {"words": {"а б в г д е ж"}},
		"no such step":         {"step": {"pay"}},
		"no such urgency":      {"urgency": {"later"}},
		"text is not UTF-8":    {"words": {"\xff"}},
		"text has a zero byte": {"words": {"а\x00"}},
	} {
		query.Set("show", "all")
		if r := ask(head, query, servertest.Bad()); r.Status != http.StatusBadRequest {
			t.Errorf("%s: %d %s", name, r.Status, r.Body)
		}
	}
	if r := head.Do(http.MethodGet, "/api/authority/queue?show=all", nil, servertest.Bad(), servertest.Header("Search-Words", "%zz")); r.Status != http.StatusBadRequest {
		t.Errorf("words that are not encoded: %d", r.Status)
	}
	for _, secret := range []string{"клиника", url.QueryEscape("клиника"), of.BIN, of.IIN} {
		if strings.Contains(p.Log.String(), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
}

// The filters of the strip are counted over the whole authority.
func TestTheFiltersAreCounted(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	p.At("licence_prepared")
	_, filed := p.Filed(catalog.Entity)
	p.SignInAs("chancery").Act(filed.ID, "register", nil)
	p.SignInAs("head").Act(filed.ID, "assign", map[string]any{"executorId": p.ExecutorID("executor-1"), "resolution": "Рассмотреть"})
	var list struct {
		Items  []struct{ ID string }
		Counts struct{ All, Check, Sign int }
	}
	p.SignInAs("head").Do(http.MethodGet, "/api/authority/queue?show=all&step=sign", nil).Expect(http.StatusOK).JSON(&list)
	if len(list.Items) != 1 || list.Items[0].ID == filed.ID || list.Counts != (struct{ All, Check, Sign int }{2, 1, 1}) {
		t.Errorf("%+v", list)
	}
}
