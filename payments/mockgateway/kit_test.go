package mockgateway

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"elicensing/payments"
	"elicensing/payments/egov"
)

// stage is a gateway and the portal that it tells.
type stage struct {
	t       *testing.T
	gateway *Gateway
	config  Config
	url     string

	mu     sync.Mutex
	now    time.Time
	status int // what the portal answers to a notice
	heard  []heard
}

type heard struct {
	header http.Header
	body   string
}

func newStage(t *testing.T) *stage {
	t.Helper()
	s := &stage{t: t, now: time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC), status: http.StatusNoContent}
	portal := httptest.NewServer(http.HandlerFunc(s.hear))
	t.Cleanup(portal.Close)
	server := httptest.NewUnstartedServer(nil)
	s.url = "http://" + server.Listener.Addr().String()
	s.config = Config{
		Dir: t.TempDir(), PublicURL: s.url, NoticeURL: portal.URL + "/notices",
		Keys:          Keys{Requests: []egov.Key{newKey(t, "portal")}, Notice: newKey(t, "gateway")},
		ReturnOrigins: []string{"http://portal.test"}, Now: s.clock, ControlToken: "let-me",
	}
	s.start()
	t.Cleanup(func() { must(t, s.gateway.Close()) })
	server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.gateway.Handler().ServeHTTP(w, r) })
	server.Start()
	t.Cleanup(server.Close)
	return s
}

func newKey(t *testing.T, id string) egov.Key {
	t.Helper()
	key, err := egov.NewKey(id)
	must(t, err)
	return key
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (s *stage) start() {
	s.t.Helper()
	gateway, err := New(s.config)
	must(s.t, err)
	s.gateway = gateway
}

func (s *stage) restart() {
	s.t.Helper()
	must(s.t, s.gateway.Close())
	s.start()
}

func (s *stage) clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

func (s *stage) advance(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(d)
}

func (s *stage) hear(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	s.heard = append(s.heard, heard{r.Header.Clone(), string(body)})
	w.WriteHeader(s.status)
}

func (s *stage) answers(status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.status = status
}

// told lets the gateway work and gives what the portal heard since.
func (s *stage) told() ([]heard, error) {
	err := s.gateway.Tick(s.t.Context())
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.heard
	s.heard = nil
	return out, err
}

func order() egov.Order {
	return egov.Order{
		Reference: "ref-1", Number: "2026-000001", Amount: 4_325_000, Currency: "KZT",
		Payer: egov.Payer{ID: "900101300123", Name: "ТЕСТОВ <b>ТЕСТ</b>"},
		Payee: egov.Payee{
			Name: "УГД", BIN: "980540000397", Account: "KZ24070105KSN0000000", BankCode: "KKMFKZ2A",
			TaxOfficeCode: "4815", BudgetCode: "105402", PurposeCode: "911",
		},
		Purpose: "Лицензионный сбор", ReturnURL: "http://portal.test/applications/1",
		PayBefore: time.Date(2027, 1, 1, 0, 0, 0, 0, payments.Zone),
	}
}

// ask sends a signed request of the portal.
func (s *stage) ask(method, path string, message any) (int, egov.Payment) {
	s.t.Helper()
	var body []byte
	if message != nil {
		var err error
		body, err = json.Marshal(message)
		must(s.t, err)
	}
	request, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, bytes.NewReader(body))
	must(s.t, err)
	egov.Sign(request.Header, s.config.Keys.Requests[0], s.clock(), method+" "+path, body)
	status, _, text := s.send(request)
	var p egov.Payment
	must(s.t, json.Unmarshal([]byte(text), &p))
	return status, p
}

// created is a payment with its page.
func (s *stage) created() egov.Payment {
	s.t.Helper()
	status, p := s.ask(http.MethodPost, "/api/payments", order())
	if status != http.StatusCreated {
		s.t.Fatalf("create: %d", status)
	}
	return p
}

func (s *stage) state(p egov.Payment) payments.PaymentState {
	s.t.Helper()
	_, got := s.ask(http.MethodGet, "/api/payments/"+p.ID, nil)
	return got.State
}

func (s *stage) send(request *http.Request) (int, http.Header, string) {
	s.t.Helper()
	browser := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := browser.Do(request)
	must(s.t, err)
	body, err := io.ReadAll(response.Body)
	must(s.t, err)
	must(s.t, response.Body.Close())
	return response.StatusCode, response.Header, string(body)
}

func (s *stage) get(address string, header ...string) (int, http.Header, string) {
	s.t.Helper()
	request, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, address, nil)
	must(s.t, err)
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	return s.send(request)
}

// press sends the form of a page.
func (s *stage) press(page string, form url.Values, header ...string) (int, http.Header, string) {
	s.t.Helper()
	request, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, page, strings.NewReader(form.Encode()))
	must(s.t, err)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	return s.send(request)
}

func byCard(code string) url.Values { return url.Values{"action": {"card"}, "card": {code}} }

var tag = regexp.MustCompile(`<[^>]*>`)

// plain is what a reader sees of a page.
func plain(page string) string {
	return strings.Join(strings.Fields(tag.ReplaceAllString(page, " ")), " ")
}

// roundTrip answers requests by a handler, without a network.
type roundTrip http.HandlerFunc

func (h roundTrip) RoundTrip(r *http.Request) (*http.Response, error) {
	recorder := httptest.NewRecorder()
	h(recorder, r)
	return recorder.Result(), nil
}
