package mockgateway

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"elicensing/payments"
	"elicensing/payments/egov"
)

func TestPageShowsTheInvoiceAndLeaksNothing(t *testing.T) {
	s := newStage(t)
	p := s.created()
	status, header, page := s.get(p.PageURL)
	if status != http.StatusOK {
		t.Fatal(status)
	}
	for _, text := range []string{"2026-000001", "43\u00a0250,00\u00a0₸", "Лицензионный сбор", "УГД", "105402", "911", "4815", "ref-1", "900101300123"} {
		if !strings.Contains(page, text) {
			t.Errorf("%q is not on the page", text)
		}
	}
	if strings.Contains(page, "<b>ТЕСТ") || strings.Contains(page, "<script") || strings.Contains(page, " style=") {
		t.Error("a stranger's markup, a script or an inline style is on the page")
	}
	csp := header.Get("Content-Security-Policy")
	if !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") || !strings.Contains(csp, "form-action 'self' http://portal.test;") {
		t.Errorf("CSP: %s", csp)
	}
	if header.Get("Referrer-Policy") != "same-origin" || header.Get("Cache-Control") != "no-store" {
		t.Errorf("headers: %v", header)
	}
	if strings.Contains(page, p.ID) {
		t.Error("the page shows the id under which the portal speaks of the payment")
	}
}

func TestEachChoiceLeadsBackToThePortal(t *testing.T) {
	for name, c := range map[string]struct {
		form  url.Values
		state payments.PaymentState
		said  string
	}{
		"card":    {byCard("succeeds"), payments.StatePaid, "Оплата принята"},
		"refused": {byCard("refused"), payments.StateRefused, "Последний платёж не прошёл"},
		"later":   {url.Values{"action": {"later"}}, payments.StatePending, "Банк ещё не подтвердил"},
		"cancel":  {url.Values{"action": {"cancel"}}, payments.StateCancelledByPayer, "оплата была прервана"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t)
			p := s.created()
			status, header, _ := s.press(p.PageURL, c.form)
			if status != http.StatusSeeOther || header.Get("Location") != order().ReturnURL {
				t.Fatalf("%d to %q", status, header.Get("Location"))
			}
			if got := s.state(p); got != c.state {
				t.Fatalf("%s, want %s", got, c.state)
			}
			if _, _, page := s.get(p.PageURL + "?lang=ru"); !strings.Contains(plain(page), c.said) {
				t.Fatalf("the page then says: %s", plain(page))
			}
		})
	}
}

func TestPageRefuses(t *testing.T) {
	s := newStage(t)
	p := s.created()
	for name, c := range map[string]struct {
		form   url.Values
		header []string
		want   int
	}{
		"no card":       {url.Values{"action": {"card"}}, nil, http.StatusUnprocessableEntity},
		"unknown card":  {byCard("4111111111111111"), nil, http.StatusUnprocessableEntity},
		"no choice":     {url.Values{}, nil, http.StatusUnprocessableEntity},
		"void":          {url.Values{"action": {"void"}}, nil, http.StatusUnprocessableEntity},
		"foreign page":  {byCard("succeeds"), []string{"Origin", "http://evil.test"}, http.StatusForbidden},
		"cross site":    {byCard("succeeds"), []string{"Sec-Fetch-Site", "cross-site"}, http.StatusForbidden},
		"enormous form": {url.Values{"action": {"card"}, "x": {strings.Repeat("x", 8<<10)}}, nil, http.StatusBadRequest},
	} {
		if status, _, _ := s.press(p.PageURL, c.form, c.header...); status != c.want {
			t.Errorf("%s: %d, want %d", name, status, c.want)
		}
	}
	if got := s.state(p); got != payments.StateCreated {
		t.Fatalf("the payment moved to %s", got)
	}
	_, _, page := s.press(p.PageURL+"?lang=en", url.Values{"action": {"card"}})
	if !strings.Contains(page, `role="alert">Choose a card.`) || !strings.Contains(page, `aria-describedby="card-error"`) {
		t.Error("the mistake is not told")
	}
	for _, path := range []string{"/pay/00000000-0000-0000-0000-000000000000", "/pay/" + p.ID, "/", "/nothing"} {
		if status, header, _ := s.get(s.url + path); status != http.StatusNotFound || header.Get("Content-Security-Policy") == "" {
			t.Errorf("%s: %d", path, status)
		}
	}
}

func TestDoubleClickPaysOnce(t *testing.T) {
	s := newStage(t)
	p := s.created()
	s.press(p.PageURL, byCard("succeeds"))
	_, first := s.ask(http.MethodGet, "/api/payments/"+p.ID, nil)
	s.advance(time.Minute)
	for _, form := range []url.Values{byCard("succeeds"), byCard("refused"), {"action": {"later"}}, {"action": {"cancel"}}} {
		if status, _, page := s.press(p.PageURL+"?lang=en", form); status != http.StatusConflict || !strings.Contains(page, first.Receipt) {
			t.Errorf("%v: %d", form, status)
		}
	}
	_, now := s.ask(http.MethodGet, "/api/payments/"+p.ID, nil)
	if now.Version != first.Version || now.Receipt != first.Receipt || !now.PaidAt.Equal(*first.PaidAt) {
		t.Errorf("%+v became %+v", first, now)
	}
}

// S7.1: at the end of the rate's last day the page takes no money, and a payment that is
// still in hand then is refused.
func TestNoMoneyAfterTheRateHasEnded(t *testing.T) {
	s := newStage(t)
	p := s.created()
	s.press(p.PageURL, url.Values{"action": {"later"}})
	late := order()
	late.Reference = "ref-2"
	_, other := s.ask(http.MethodPost, "/api/payments", late)
	s.advance(late.PayBefore.Sub(s.clock()))
	if status, _, page := s.press(other.PageURL+"?lang=en", byCard("succeeds")); status != http.StatusConflict || !strings.Contains(page, "The time to pay has ended") {
		t.Errorf("%d", status)
	}
	if _, err := s.told(); err != nil {
		t.Fatal(err)
	}
	if a, b := s.state(p), s.state(other); a != payments.StateRefused || b != payments.StateCreated {
		t.Errorf("%s and %s", a, b)
	}
}

func TestLanguageOfThePage(t *testing.T) {
	s := newStage(t)
	p := s.created()
	for _, c := range []struct{ query, header, want string }{
		{"", "", "kk"}, {"?lang=ru", "", "ru"}, {"?lang=en", "ru", "en"}, {"", "ru-RU,ru;q=0.9,en;q=0.8", "ru"},
		{"", "de-DE, en-GB;q=0.7", "en"}, {"?lang=de", "", "kk"}, {"?lang=%3Cb%3E", "*", "kk"},
	} {
		_, _, page := s.get(p.PageURL+c.query, "Accept-Language", c.header)
		if !strings.Contains(page, `<html lang="`+c.want+`">`) || !strings.Contains(page, `hreflang="`+c.want+`" aria-current="true"`) {
			t.Errorf("%q with %q is not in %s", c.query, c.header, c.want)
		}
	}
	_, _, page := s.get(p.PageURL + "?lang=en")
	if !strings.Contains(page, "43,250.00\u00a0₸") {
		t.Error("the amount is not written the English way")
	}
}

// A key that is missing in one language, or in the texts at all, fails here.
func TestTextsAreCompleteInThreeLanguages(t *testing.T) {
	p, err := loadPages()
	must(t, err)
	source, err := pageFiles.ReadFile("pages/page.html")
	must(t, err)
	board, err := pageFiles.ReadFile("pages/switchboard.html")
	must(t, err)
	source = append(source, board...)
	keys := []string{"board.delay"}
	for _, toggle := range toggles {
		keys = append(keys, "board."+toggle.name)
	}
	for _, m := range regexp.MustCompile(`\$t\.(\w+)|index \$t "([^"]+)"`).FindAllStringSubmatch(string(source), -1) {
		keys = append(keys, m[1]+m[2])
	}
	for _, view := range []string{"paid", "pending", "voided", "refunded", "expired", "unknown"} {
		keys = append(keys, "title."+view, "lead."+view)
	}
	keys = append(keys, "title.pay", "alert.refused", "alert.cancelled", "later.hint")
	for _, c := range cards {
		keys = append(keys, "card."+c.Code)
	}
	for _, lang := range languages {
		for _, key := range keys {
			if strings.TrimSpace(p.texts[lang][key]) == "" {
				t.Errorf("%s has no text %q", lang, key)
			}
		}
		for key := range p.texts[lang] {
			if !slices.Contains(keys, key) {
				t.Errorf("%s has a text %q that nothing shows", lang, key)
			}
		}
	}
}

// No card of the page can be a real one: the check digit (ISO/IEC 7812) is wrong.
func TestCardsCannotBeReal(t *testing.T) {
	for _, c := range cards {
		sum, double := 0, false
		number := strings.ReplaceAll(c.Number, " ", "")
		for i := len(number) - 1; i >= 0; i-- {
			digit := int(number[i] - '0')
			if double {
				digit *= 2
			}
			sum, double = sum+digit/10+digit%10, !double
		}
		if sum%10 == 0 {
			t.Errorf("%s may be somebody's", c.Number)
		}
	}
}

func TestNoticeTellsWhatHappened(t *testing.T) {
	s := newStage(t)
	p := s.created()
	s.press(p.PageURL, byCard("refused"))
	s.press(p.PageURL, byCard("succeeds"))
	got, err := s.told()
	must(t, err)
	var states []payments.PaymentState
	for i, h := range got {
		must(t, egov.Verify(h.header, []egov.Key{s.config.Keys.Notice}, s.clock(), egov.SubjectNotice, []byte(h.body)))
		var n egov.Notice
		must(t, json.Unmarshal([]byte(h.body), &n))
		states = append(states, n.Payment.State)
		if n.Payment.Version != int64(i+1) || n.Payment.ID != p.ID || n.Payment.PageURL != "" {
			t.Errorf("%+v", n)
		}
	}
	if want := []payments.PaymentState{payments.StateCreated, payments.StateRefused, payments.StatePaid}; !slices.Equal(states, want) {
		t.Errorf("told %v", states)
	}
}
