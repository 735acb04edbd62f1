package mockgateway

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"elicensing/payments"
	"elicensing/payments/egov"
)

// Each switch of notices does what it says, and nothing when it is off.
func TestFaultsOfNotices(t *testing.T) {
	s := newStage(t)
	p := s.created()
	s.press(p.PageURL, byCard("refused"))
	s.gateway.Switch(Faults{DelaySeconds: 60})
	if got, _ := s.told(); len(got) != 0 {
		t.Fatalf("delayed: %d notices", len(got))
	}
	s.advance(time.Minute)
	s.gateway.Switch(Faults{Double: true, Reorder: true, DelaySeconds: 60})
	got, err := s.told()
	must(t, err)
	if len(got) != 4 || got[0].body != got[1].body || !strings.Contains(got[0].body, `"refused"`) || !strings.Contains(got[2].body, `"created"`) {
		t.Fatalf("doubled and out of order: %v", got)
	}
	s.gateway.Switch(Faults{Drop: true})
	s.press(p.PageURL, url.Values{"action": {"cancel"}})
	_, err = s.told()
	must(t, err)
	s.gateway.Switch(Faults{})
	s.advance(time.Hour)
	if got, _ := s.told(); len(got) != 0 {
		t.Fatalf("dropped: %d notices", len(got))
	}
	s.press(p.PageURL, byCard("refused"))
	if got, _ := s.told(); len(got) != 1 || !strings.Contains(got[0].body, `"refused"`) {
		t.Fatalf("all off: %v", got)
	}
}

func TestForgedNoticeIsNotSignedByUs(t *testing.T) {
	s := newStage(t)
	s.gateway.Switch(Faults{Forge: true})
	s.created()
	got, err := s.told()
	must(t, err)
	if len(got) != 2 || !strings.Contains(got[0].body, `"paid"`) || got[0].header.Get(egov.HeaderKey) != s.config.Keys.Notice.ID {
		t.Fatalf("%v", got)
	}
	keys := []egov.Key{s.config.Keys.Notice}
	if err := egov.Verify(got[0].header, keys, s.clock(), egov.SubjectNotice, []byte(got[0].body)); !errors.Is(err, egov.ErrSignature) {
		t.Errorf("the forged one: %v", err)
	}
	must(t, egov.Verify(got[1].header, keys, s.clock(), egov.SubjectNotice, []byte(got[1].body)))
}

func TestNextKeyReplacesTheFirst(t *testing.T) {
	s := newStage(t)
	s.config.Keys.Next = newKey(t, "gateway-next")
	s.restart()
	s.gateway.Switch(Faults{NextKey: true})
	s.created()
	got, err := s.told()
	must(t, err)
	must(t, egov.Verify(got[0].header, []egov.Key{s.config.Keys.Next}, s.clock(), egov.SubjectNotice, []byte(got[0].body)))
	must(t, s.gateway.Close())
	bad := s.config
	bad.Keys.Next.ID = bad.Keys.Notice.ID
	if g, err := New(bad); err == nil {
		t.Errorf("two keys of one name: %v", g)
	}
	s.start()
}

// The money is taken and the answer is an error: at the page, at a refund, at an order.
func TestFailAfterTaking(t *testing.T) {
	s := newStage(t)
	p := s.created()
	s.gateway.Switch(Faults{FailAfterTaking: true})
	if status, _, _ := s.press(p.PageURL, byCard("succeeds")); status != http.StatusInternalServerError || s.state(p) != payments.StatePaid {
		t.Errorf("page: %d, %s", status, s.state(p))
	}
	if status, _ := s.ask(http.MethodPost, "/api/payments/"+p.ID+"/refund", nil); status != http.StatusInternalServerError || s.state(p) != payments.StateRefunded {
		t.Errorf("refund: %d, %s", status, s.state(p))
	}
	other := order()
	other.Reference = "ref-2"
	if status, _ := s.ask(http.MethodPost, "/api/payments", other); status != http.StatusInternalServerError {
		t.Errorf("order: %d", status)
	}
	if state, known := s.gateway.State("ref-2"); !known || state != payments.StateCreated {
		t.Errorf("the order was not taken: %s", state)
	}
}

func TestSilentGatewayHangsUp(t *testing.T) {
	s := newStage(t)
	p := s.created()
	s.gateway.Switch(Faults{Silent: true})
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+"/api/payments/"+p.ID, nil)
	must(t, err)
	egov.Sign(request.Header, s.config.Keys.Requests[0], s.clock(), "GET /api/payments/"+p.ID, nil)
	if response, err := http.DefaultClient.Do(request); err == nil {
		t.Errorf("answered %d", response.StatusCode)
		must(t, response.Body.Close())
	}
	if got, _ := s.told(); len(got) != 0 {
		t.Errorf("told %v", got)
	}
	s.gateway.Switch(Faults{})
	if got, _ := s.told(); len(got) != 1 {
		t.Errorf("what waited was not told: %v", got)
	}
}

func TestRefundGivesBackOnce(t *testing.T) {
	s := newStage(t)
	p := s.created()
	if _, got := s.ask(http.MethodPost, "/api/payments/"+p.ID+"/refund", nil); got.State != payments.StateCreated {
		t.Errorf("unpaid: %s", got.State)
	}
	s.press(p.PageURL, byCard("succeeds"))
	var versions []int64
	for range 2 {
		status, got := s.ask(http.MethodPost, "/api/payments/"+p.ID+"/refund", nil)
		if status != http.StatusOK || got.State != payments.StateRefunded || got.Receipt == "" {
			t.Errorf("%d %+v", status, got)
		}
		versions = append(versions, got.Version)
	}
	if versions[0] != versions[1] {
		t.Error("given back twice")
	}
	if status, _, page := s.press(p.PageURL, byCard("succeeds")); status != http.StatusConflict || strings.Contains(page, "<form") {
		t.Errorf("a refunded payment took money again: %d", status)
	}
	if got := s.day("2026-11-22", http.StatusConflict); len(got) != 0 {
		t.Errorf("the day has not ended: %v", got)
	}
	s.advance(24 * time.Hour)
	got := s.day("2026-11-22", http.StatusOK)
	if len(got) != 2 || got[0].State != payments.StatePaid || got[1].State != payments.StateRefunded || got[0].Amount != 4_325_000 {
		t.Errorf("%+v", got)
	}
	if got := s.day("2026-11-23", http.StatusConflict); len(got) != 0 {
		t.Error("tomorrow")
	}
}

// day asks for a report as the portal would.
func (s *stage) day(day string, want int) []egov.Line {
	s.t.Helper()
	var lines []egov.Line
	after := ""
	for {
		path := "/api/reports/" + day
		if after != "" {
			path += "?after=" + url.QueryEscape(after)
		}
		request, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.url+path, nil)
		must(s.t, err)
		egov.Sign(request.Header, s.config.Keys.Requests[0], s.clock(), "GET "+path, nil)
		status, _, text := s.send(request)
		if status != want {
			s.t.Fatalf("report: %d %s", status, text)
		}
		var page egov.Report
		must(s.t, json.Unmarshal([]byte(text), &page))
		lines = append(lines, page.Lines...)
		if after = page.Next; after == "" {
			return lines
		}
	}
}

// A report of more than one page has every line once; midnight is Kazakhstan's.
func TestReportByPagesAndDays(t *testing.T) {
	s := newStage(t)
	s.advance(9*time.Hour - time.Second) // 23:59:59 of the 22nd there
	for i := range egov.ReportPage + 5 {
		if i == egov.ReportPage {
			s.advance(time.Second)
		}
		o := order()
		o.Reference = "ref-" + string(rune('a'+i%26)) + string(rune('a'+i/26))
		p, _, err := s.gateway.create(o)
		must(t, err)
		_, err = s.gateway.do(p.ID, actPay)
		must(t, err)
	}
	s.advance(48 * time.Hour)
	if a, b := s.day("2026-11-22", http.StatusOK), s.day("2026-11-23", http.StatusOK); len(a) != egov.ReportPage || len(b) != 5 {
		t.Errorf("%d and %d lines", len(a), len(b))
	}
	s.gateway.Switch(Faults{Report: map[string]Seed{"nobody": SeedExtra}})
	if a := s.day("2026-11-22", http.StatusOK); len(a) != egov.ReportPage+1 {
		t.Errorf("%d lines over two pages", len(a))
	}
}

func TestSwitchesAreSetByTheirBearerOnly(t *testing.T) {
	s := newStage(t)
	put := func(token, body string) int {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPut, s.url+"/control/faults", bytes.NewReader([]byte(body)))
		must(t, err)
		request.Header.Set("Authorization", token)
		status, _, _ := s.send(request)
		return status
	}
	for _, token := range []string{"", "Bearer wrong"} {
		if status := put(token, `{"drop":true}`); status != http.StatusNotFound {
			t.Errorf("%q: %d", token, status)
		}
	}
	for _, body := range []string{"", "[]", `{"unknown":true}`, `{"delay_seconds":-1}`, `{"delay_seconds":90000}`, `{"report":{"a":"lost"}}`} {
		if status := put("Bearer let-me", body); status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", body, status)
		}
	}
	if s.gateway.Faults().Drop {
		t.Fatal("switched by a stranger")
	}
	if status := put("Bearer let-me", `{"drop":true,"delay_seconds":5}`); status != http.StatusOK || !s.gateway.Faults().Drop || s.gateway.Faults().DelaySeconds != 5 {
		t.Errorf("%d %+v", status, s.gateway.Faults())
	}
	if status, _, text := s.get(s.url+"/control/faults", "Authorization", "Bearer let-me"); status != http.StatusOK || !strings.Contains(text, `"drop":true`) {
		t.Errorf("%d %s", status, text)
	}
}

func TestSwitchboardPage(t *testing.T) {
	s := newStage(t)
	if status, _, _ := s.get(s.url + "/switchboard"); status != http.StatusNotFound {
		t.Errorf("shown without being asked for: %d", status)
	}
	if status, _, _ := s.press(s.url+"/switchboard", url.Values{"drop": {"on"}, "delay": {"0"}}); status != http.StatusNotFound || s.gateway.Faults().Drop {
		t.Errorf("taken without being asked for: %d", status)
	}
	s.config.Switchboard = true
	s.restart()
	for _, lang := range languages {
		if status, _, page := s.get(s.url + "/switchboard?lang=" + lang); status != http.StatusOK || !strings.Contains(page, `<html lang="`+lang+`">`) {
			t.Errorf("%s: %d", lang, status)
		}
	}
	if status, _, page := s.press(s.url+"/switchboard", url.Values{"drop": {"on"}, "next_key": {"on"}, "delay": {"7"}}); status != http.StatusOK ||
		!strings.Contains(page, `id="drop" value="on" checked`) || !strings.Contains(page, `role="status"`) {
		t.Errorf("%d %s", status, page)
	}
	if f := s.gateway.Faults(); !f.Drop || !f.NextKey || f.Double || f.DelaySeconds != 7 {
		t.Errorf("%+v", f)
	}
	if status, _, _ := s.press(s.url+"/switchboard", url.Values{"delay": {"soon"}}); status != http.StatusUnprocessableEntity || !s.gateway.Faults().Drop {
		t.Errorf("a delay that is no number: %d", status)
	}
	if status, _, _ := s.press(s.url+"/switchboard", url.Values{"delay": {"0"}}, "Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site"); status != http.StatusForbidden {
		t.Errorf("from another site: %d", status)
	}
}
