package payments_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"elicensing/payments"
	"elicensing/payments/bankreceipt"
	"elicensing/payments/egov"
	"elicensing/payments/mockgateway"
	"elicensing/server/database/dbtest"
)

const returnURL = "http://portal.test/applications/1"

// world is a portal's payments and the mock gateway, which speak over real HTTP. The
// notices that the gateway sends are caught; a test hands them on as it likes.
type world struct {
	t         *testing.T
	db        *gorm.DB
	clock     *clock
	service   *payments.Service
	mock      *mockgateway.Gateway
	wire      *wire
	noticeKey egov.Key
	oldKey    egov.Key

	client       *egov.Client
	receipts     *bankreceipt.Gateway
	mockConfig   mockgateway.Config
	clientConfig egov.Config
	browser      http.RoundTripper // carries what payers do on the gateway's pages
	returned     func(tx *gorm.DB, c payments.Case) error

	mu     sync.Mutex
	caught []caught
}

type caught struct {
	header http.Header
	body   []byte
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{
		t: t, db: newDatabase(t), wire: &wire{},
		clock:     &clock{now: time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)},
		noticeKey: newKey(t, "gateway-2026"), oldKey: newKey(t, "gateway-2025"),
	}
	portal := httptest.NewServer(http.HandlerFunc(w.catch))
	t.Cleanup(portal.Close)
	server := httptest.NewUnstartedServer(nil)
	w.browser = http.DefaultTransport
	w.wire.to = http.DefaultTransport
	w.build("http://"+server.Listener.Addr().String(), portal.URL, http.DefaultTransport)
	server.Config.Handler = http.HandlerFunc(w.serveGateway)
	server.Start()
	t.Cleanup(server.Close)
	return w
}

// build makes the gateway, its client and the portal's payments.
func (w *world) build(gatewayURL, portalURL string, toPortal http.RoundTripper) {
	w.t.Helper()
	requestKey := newKey(w.t, "portal-2026")
	w.mockConfig = mockgateway.Config{
		Dir: w.t.TempDir(), Disposable: true, PublicURL: gatewayURL, NoticeURL: portalURL,
		Keys:          mockgateway.Keys{Requests: []egov.Key{requestKey}, Notice: w.noticeKey, Next: w.oldKey},
		ReturnOrigins: []string{"http://portal.test"}, Now: w.clock.Now, PayLater: time.Minute, Transport: toPortal,
	}
	w.clientConfig = egov.Config{
		BaseURL: gatewayURL, RequestKey: requestKey, NoticeKeys: []egov.Key{w.noticeKey, w.oldKey},
		Now: w.clock.Now, Transport: w.wire,
	}
	w.startGateway()
	w.t.Cleanup(func() { check(w.t, w.mock.Close()) })
	w.restartPortal()
}

// restartPortal throws away all that the portal holds in memory.
func (w *world) restartPortal() {
	w.t.Helper()
	var err error
	w.client, err = egov.New(w.clientConfig)
	check(w.t, err)
	w.receipts, err = bankreceipt.New(w.db, w.clock.Now)
	check(w.t, err)
	w.service, err = payments.New(payments.Deps{DB: w.db, Gateway: w.client, Receipts: w.receipts, Now: w.clock.Now})
	check(w.t, err)
	w.service.OnReturned(w.returned)
}

// restartGateway ends the gateway and starts another one on its folder.
func (w *world) restartGateway() {
	w.t.Helper()
	check(w.t, w.mock.Close())
	w.startGateway()
}

func (w *world) startGateway() {
	w.t.Helper()
	var err error
	w.mock, err = mockgateway.New(w.mockConfig)
	check(w.t, err)
}

// serveGateway serves with the gateway that runs now.
func (w *world) serveGateway(rw http.ResponseWriter, r *http.Request) {
	w.mock.Handler().ServeHTTP(rw, r)
}

func newKey(t *testing.T, id string) egov.Key {
	t.Helper()
	key, err := egov.NewKey(id)
	check(t, err)
	return key
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantError(t *testing.T, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Fatalf("error %v, want %v", got, want)
	}
}

// request is a good one; the test changes what it is about.
func request() payments.InvoiceRequest {
	return payments.InvoiceRequest{
		ApplicationID: uuid.New(), PayerIIN: "900101300123", PayerName: "ТЕСТОВ ТЕСТ",
		Kind: payments.KindLicence, Purpose: "Лицензионный сбор",
		Requisites: payments.Requisites{
			TaxOfficeCode: "4815", BudgetCode: "105402", PurposeCode: "911",
			Beneficiary: "УГД по г. Петропавловску", BeneficiaryBIN: "980540000397",
			Account: "KZ24070105KSN0000000", BankCode: "KKMFKZ2A",
		},
	}
}

func (w *world) open(r payments.InvoiceRequest) payments.Invoice {
	w.t.Helper()
	var inv payments.Invoice
	check(w.t, w.db.Transaction(func(tx *gorm.DB) (err error) {
		inv, err = w.service.OpenInvoice(tx, r)
		return err
	}))
	return inv
}

// started opens an invoice and presses "pay".
func (w *world) started() (payments.Invoice, string) {
	w.t.Helper()
	inv := w.open(request())
	page, err := w.service.Start(w.ctx(), inv.ID, returnURL)
	check(w.t, err)
	return w.get(inv.ID), page
}

func (w *world) get(id uuid.UUID) payments.Invoice {
	w.t.Helper()
	inv, err := w.service.Get(w.ctx(), id)
	check(w.t, err)
	return inv
}

func (w *world) ctx() context.Context { return w.t.Context() }

func (w *world) exec(sql string, args ...any) {
	w.t.Helper()
	check(w.t, w.db.Exec(sql, args...).Error)
}

// filedTable is filing an application, as the server does it in onPaid: a row a call, so that a second call shows. It is made as a migration makes tables:
// the program itself may not.
const filedTable = "CREATE TABLE filed (invoice_id uuid NOT NULL); GRANT SELECT, INSERT ON filed TO PUBLIC"

func newDatabase(t *testing.T) *gorm.DB {
	t.Helper()
	return dbtest.Prepared(t, filedTable)
}

func TestMain(m *testing.M) { dbtest.Main(m) }

func (w *world) count(sql string, args ...any) int {
	w.t.Helper()
	var n int
	check(w.t, w.db.Raw(sql, args...).Scan(&n).Error)
	return n
}

// file is the onPaid of the tests.
func file(tx *gorm.DB, inv payments.Invoice) error {
	return tx.Exec("INSERT INTO filed (invoice_id) VALUES (?)", inv.ID).Error
}

// choose does on the gateway's page what a payer does: "succeeds" and "refused" are
// cards, "later" and "cancel" the other buttons.
func (w *world) choose(page, choice string) int {
	w.t.Helper()
	form := url.Values{"action": {choice}}
	if choice == "succeeds" || choice == "refused" {
		form = url.Values{"action": {"card"}, "card": {choice}}
	}
	browser := http.Client{Transport: w.browser, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := browser.PostForm(page, form)
	check(w.t, err)
	check(w.t, response.Body.Close())
	return response.StatusCode
}

// catch keeps what the gateway sends to the portal.
func (w *world) catch(rw http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		rw.WriteHeader(http.StatusInternalServerError)
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.caught = append(w.caught, caught{r.Header.Clone(), body})
	rw.WriteHeader(http.StatusNoContent)
}

// notices lets the gateway send what is due and gives what came, oldest first.
func (w *world) notices() []caught {
	w.t.Helper()
	check(w.t, w.mock.Tick(w.ctx()))
	w.mu.Lock()
	defer w.mu.Unlock()
	out := w.caught
	w.caught = nil
	return out
}

func (w *world) receive(n caught) error {
	return w.service.Receive(w.ctx(), n.header, n.body, file)
}

// deliver hands on all notices as they came.
func (w *world) deliver() {
	w.t.Helper()
	for _, n := range w.notices() {
		check(w.t, w.receive(n))
	}
}

// forge signs any notice as the gateway would, and has the gateway stand by it.
func (w *world) forge(n egov.Notice) caught {
	w.t.Helper()
	w.standBy(n)
	return w.stolen(n)
}

func (w *world) signed(key egov.Key, body []byte) caught {
	header := http.Header{}
	egov.Sign(header, key, w.clock.Now(), egov.SubjectNotice, body)
	return caught{header, body}
}

// paidNotice is a right one; the test changes what it is about.
func (w *world) paidNotice(inv payments.Invoice) egov.Notice {
	at := w.clock.Now()
	return egov.Notice{ID: uuid.NewString(), Payment: egov.Payment{
		ID: *inv.Payment.GatewayID, Reference: inv.ID.String(), State: payments.StatePaid, Version: 9,
		Amount: inv.Amount, Currency: "KZT", BudgetCode: "105402", PurposeCode: "911",
		PayerID: inv.PayerID(), PaidAt: &at, Receipt: "R-1",
	}}
}
