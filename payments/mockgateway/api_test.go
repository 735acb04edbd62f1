package mockgateway

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"elicensing/payments"
	"elicensing/payments/egov"
)

func TestOrderIsIdempotentByReference(t *testing.T) {
	s := newStage(t)
	first := s.created()
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			again := order()
			again.ReturnURL = "http://portal.test/other"
			status, p := s.ask(http.MethodPost, "/api/payments", again)
			if status != http.StatusOK || p.ID != first.ID || p.PageURL != first.PageURL {
				t.Errorf("%d %+v", status, p)
			}
		})
	}
	group.Wait()
	other := order()
	other.Amount++
	if status, _ := s.ask(http.MethodPost, "/api/payments", other); status != http.StatusConflict {
		t.Errorf("another order under the same reference: %d", status)
	}
}

func TestOrdersAreRefused(t *testing.T) {
	s := newStage(t)
	for name, change := range map[string]func(o *egov.Order){
		"foreign return":   func(o *egov.Order) { o.ReturnURL = "http://evil.test/" },
		"prefix of origin": func(o *egov.Order) { o.ReturnURL = "http://portal.test.evil.test/" },
		"user in return":   func(o *egov.Order) { o.ReturnURL = "http://portal.test@evil.test/" },
		"script return":    func(o *egov.Order) { o.ReturnURL = "javascript:alert(1)" },
		"other scheme":     func(o *egov.Order) { o.ReturnURL = "https://portal.test/" },
		"no amount":        func(o *egov.Order) { o.Amount = 0 },
		"dollars":          func(o *egov.Order) { o.Currency = "USD" },
		"too late":         func(o *egov.Order) { o.PayBefore = s.clock() },
		"no reference":     func(o *egov.Order) { o.Reference = "" },
		"no payer":         func(o *egov.Order) { o.Payer.ID = " " },
		"no code":          func(o *egov.Order) { o.Payee.PurposeCode = "" },
		"long purpose":     func(o *egov.Order) { o.Purpose = strings.Repeat("я", 501) },
	} {
		o := order()
		change(&o)
		if status, _ := s.ask(http.MethodPost, "/api/payments", o); status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", name, status)
		}
	}
	if status, _ := s.ask(http.MethodPost, "/api/payments", map[string]string{"unknown": "x"}); status != http.StatusBadRequest {
		t.Errorf("unknown field: %d", status)
	}
	if status, _ := s.ask(http.MethodGet, "/api/payments/none", nil); status != http.StatusNotFound {
		t.Errorf("unknown payment: %d", status)
	}
	if status, _ := s.ask(http.MethodPost, "/api/payments/none/void", nil); status != http.StatusNotFound {
		t.Errorf("void of an unknown payment: %d", status)
	}
}

func TestOnlyThePortalIsAnswered(t *testing.T) {
	s := newStage(t)
	p := s.created()
	path := "/api/payments/" + p.ID
	for name, sign := range map[string]func(h http.Header){
		"not signed":      func(http.Header) {},
		"our notice key":  func(h http.Header) { egov.Sign(h, s.config.Keys.Notice, s.clock(), "GET "+path, nil) },
		"another key":     func(h http.Header) { egov.Sign(h, newKey(t, "portal"), s.clock(), "GET "+path, nil) },
		"another request": func(h http.Header) { egov.Sign(h, s.config.Keys.Requests[0], s.clock(), "POST "+path+"/void", nil) },
		"yesterday's": func(h http.Header) {
			egov.Sign(h, s.config.Keys.Requests[0], s.clock().Add(-24*time.Hour), "GET "+path, nil)
		},
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+path, nil)
		must(t, err)
		sign(request.Header)
		if status, _, body := s.send(request); status != http.StatusUnauthorized || strings.Contains(body, p.Reference) {
			t.Errorf("%s: %d %s", name, status, body)
		}
	}
}

func TestVoidClosesOrTellsWhyNot(t *testing.T) {
	for name, c := range map[string]struct {
		form url.Values
		want payments.PaymentState
	}{
		"new":       {nil, payments.StateVoided},
		"refused":   {byCard("refused"), payments.StateVoided},
		"left":      {url.Values{"action": {"cancel"}}, payments.StateVoided},
		"in hand":   {url.Values{"action": {"later"}}, payments.StatePending},
		"paid":      {byCard("succeeds"), payments.StatePaid},
		"once more": {nil, payments.StateVoided},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t)
			p := s.created()
			if c.form != nil {
				s.press(p.PageURL, c.form)
			}
			for range 2 {
				if status, got := s.ask(http.MethodPost, "/api/payments/"+p.ID+"/void", nil); status != http.StatusOK || got.State != c.want {
					t.Fatalf("%d %s, want %s", status, got.State, c.want)
				}
			}
			if c.want == payments.StateVoided {
				if status, _, _ := s.press(p.PageURL, byCard("succeeds")); status != http.StatusConflict || s.state(p) != payments.StateVoided {
					t.Fatalf("a closed payment took money: %d", status)
				}
			}
		})
	}
}

func TestControlSettlesForItsBearerOnly(t *testing.T) {
	s := newStage(t)
	p := s.created()
	s.press(p.PageURL, url.Values{"action": {"later"}})
	address := s.url + "/control/settle?reference=" + p.Reference
	for _, token := range []string{"", "Bearer ", "Bearer wrong", "let-me"} {
		if status, _, _ := s.press(address, nil, "Authorization", token); status != http.StatusNotFound || s.state(p) != payments.StatePending {
			t.Fatalf("%q: %d", token, status)
		}
	}
	if status, _, _ := s.press(address, nil, "Authorization", "Bearer let-me"); status != http.StatusNoContent || s.state(p) != payments.StatePaid {
		t.Fatal(status)
	}
	if status, _, _ := s.press(address, nil, "Authorization", "Bearer let-me"); status != http.StatusConflict {
		t.Fatal(status)
	}
	s.config.ControlToken = ""
	s.restart()
	request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/control/settle?reference="+p.Reference, nil)
	request.Header.Set("Authorization", "Bearer ") // as no client would send it
	recorder := httptest.NewRecorder()
	s.gateway.Handler().ServeHTTP(recorder, request)
	if recorder.Code != http.StatusNotFound {
		t.Fatalf("an empty token opens the switch: %d", recorder.Code)
	}
}
