// Package servertest starts the whole portal for one test: its handler over HTTP, a database, a clock that only the test moves, a throwaway
// certification authority with people who really sign, and the mock payment gateway. Each exchange of a Client is compared with
// server/openapi.yaml. Tests only.
package servertest

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"gorm.io/gorm"

	"elicensing/payments"
	"elicensing/payments/bankreceipt"
	"elicensing/payments/egov"
	"elicensing/payments/mockgateway"
	"elicensing/server"
	"elicensing/server/application"
	"elicensing/server/blob"
	"elicensing/server/calendar"
	"elicensing/server/catalog"
	"elicensing/server/database/dbtest"
	"elicensing/server/directory"
	"elicensing/server/identity"
	"elicensing/server/outbox"
	"elicensing/signing"
	"elicensing/signing/democa"
)

// DemoAuthority is the code of the authority that takes applications: North Kazakhstan.
const DemoAuthority = "13"

// Requisites are those of the demo authority; the account is invented.
var Requisites = payments.Requisites{
	TaxOfficeCode: "5903", BudgetCode: "105402", PurposeCode: "911", Beneficiary: "УГД по г. Петропавловск",
	BeneficiaryBIN: "990240003561", Account: "KZ24070105KSN0000000", BankCode: "KKMFKZ2A",
}

// Portal is one running portal.
type Portal struct {
	T     testing.TB
	URL   string
	DB    *gorm.DB
	Clock *Clock
	CA    *democa.Authority
	Log   *Log

	Identity *identity.Service
	Verifier *signing.Verifier
	Gateway  *mockgateway.Gateway
	Payments *payments.Service
	Blobs    blob.Store

	Applications *application.Service
	Mail         outbox.Folder // letters that Deliver sent

	base       *url.URL
	rates      *payments.Rates
	transport  http.RoundTripper
	revocation *responder
	gatewayURL string
	post       post
	client     *egov.Client
}

// Setting changes the dependencies before the portal is built.
type Setting func(*server.Deps)

// New starts a portal that ends with the test.
func New(t testing.TB, settings ...Setting) *Portal {
	t.Helper()
	return NewAt(t, Start, rates(t), settings...)
}

// NewAt is New at another moment, with other rates of the fee; people's keys are of that day.
func NewAt(t testing.TB, start time.Time, rates *payments.Rates, settings ...Setting) *Portal {
	t.Helper()
	if _, err := contract(); err != nil {
		t.Fatal(err)
	}
	p := &Portal{T: t, DB: dbtest.New(t), Clock: &Clock{now: start}, Log: &Log{}, rates: rates}
	p.CA = newCA(t, p.Clock)
	p.revocation = newResponder(t, p.CA)
	p.Verifier = newVerifier(p.CA, p.revocation, p.Clock.Now)

	listening := httptest.NewUnstartedServer(nil)
	p.URL = "http://" + listening.Listener.Addr().String()
	p.base = need[*url.URL](t)(url.Parse(p.URL))
	p.transport = &http.Transport{MaxIdleConnsPerHost: 64}
	p.startGateway()

	receipts, err := bankreceipt.New(p.DB, p.Clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	if p.Payments, err = payments.New(payments.Deps{DB: p.DB, Gateway: p.client, Receipts: receipts, Rates: rates, Now: p.Clock.Now, Log: p.Log.Logger()}); err != nil {
		t.Fatal(err)
	}
	folder, err := blob.OpenFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = folder.Close() })
	p.Blobs = folder
	p.Identity, err = identity.New(identity.Deps{DB: p.DB, Verify: identity.VerifyWith(p.Verifier), Now: p.Clock.Now, PortalURL: p.URL})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Identity.EnsureDemoAuthority(t.Context(), DemoAuthority, Requisites); err != nil {
		t.Fatal(err)
	}
	p.Mail = outbox.Folder(filepath.Join(t.TempDir(), "mail"))
	deps := p.deps()
	for _, change := range settings {
		change(&deps)
	}
	handler, err := server.New(deps)
	if err != nil {
		t.Fatal(err)
	}
	listening.Config = server.NewHTTPServer("", handler)
	listening.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	listening.Start()
	t.Cleanup(listening.Close)
	return p
}

// rates know the year after Start too, with an index that is invented.
func rates(t testing.TB) *payments.Rates {
	t.Helper()
	mci := "from,until,tenge\n2025-01-01,2026-01-01,3932\n2026-01-01,2027-01-01,4325\n2027-01-01,2028-01-01,4500\n"
	coefficients := "kind,from,until,hundredths_of_mci,rule\nlicence,2014-01-01,,1000,10 MCI\n"
	return need[*payments.Rates](t)(payments.ParseRates([]byte(mci), []byte(coefficients)))
}

// declared is what the program reads when it starts and never changes; read once for all tests.
var declared = sync.OnceValues(func() (d struct {
	places   *directory.Directory
	services *catalog.Catalog
	days     *calendar.Calendar
}, err error) {
	if d.places, err = directory.Load(); err != nil {
		return d, err
	}
	if d.services, err = catalog.Load(d.places.AuthorityCodes()); err != nil {
		return d, err
	}
	d.days, err = calendar.Load()
	return d, err
})

// Services lets a portal offer other services than those that are declared.
func Services(t testing.TB, services *catalog.Catalog) Setting {
	return func(d *server.Deps) {
		t.Helper()
		d.Catalog = services
		deps := d.Applications.Deps
		deps.Catalog = services
		d.Applications = need[*application.Service](t)(application.New(deps))
	}
}

func (p *Portal) deps() server.Deps {
	t := p.T
	t.Helper()
	read, err := declared()
	if err != nil {
		t.Fatal(err)
	}
	places, services, days := read.places, read.services, read.days
	p.Applications, err = application.New(application.Deps{
		DB: p.DB, Catalog: services, Calendar: days, Directory: places, Payments: p.Payments, Verifier: p.Verifier, Blobs: p.Blobs,
		Now: p.Clock.Now, PortalURL: p.URL, Series: "DEM", Demo: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	return server.Deps{
		Log: p.Log.Logger(), Now: p.Clock.Now, PortalURL: p.URL, Pages: Pages,
		Ready:    func(ctx context.Context) error { return p.DB.WithContext(ctx).Exec("SELECT 1").Error },
		Identity: p.Identity, Catalog: services, Calendar: days, Directory: places, Rates: p.rates, Accepts: []string{DemoAuthority},
		SignIns: identity.NewLimiter(p.Clock.Now, 1_000_000, time.Second, 100),
		Demo:    server.DemoOf(p.CA), DemoMail: p.Mail,

		Applications: p.Applications,
		Checks:       identity.NewLimiter(p.Clock.Now, 1_000_000, time.Second, 100),
	}
}

// Pages stand in for the built pages.
var Pages = fstest.MapFS{
	"index.html":          {Data: []byte(`<!doctype html><html lang="kk"><head><meta name="csp-nonce" content="__CSP_NONCE__"></head><body></body></html>`)},
	"assets/app-1a2b.js":  {Data: bytes.Repeat([]byte("export const x = 1;\n"), 200)},
	"assets/app-1a2b.css": {Data: []byte("body{}")},
	"signer.wasm":         {Data: []byte("\x00asm")},
}

// startGateway runs the mock gateway with a fresh folder and fresh keys. Its notices leave when the test says so: Notify.
func (p *Portal) startGateway() {
	t := p.T
	t.Helper()
	ask, tell := need[egov.Key](t)(egov.NewKey("portal-1")), need[egov.Key](t)(egov.NewKey("gateway-1"))
	listening := httptest.NewUnstartedServer(nil)
	p.gatewayURL = "http://" + listening.Listener.Addr().String()
	gateway, err := mockgateway.New(mockgateway.Config{
		Dir: t.TempDir(), NoticeURL: p.URL + "/api/payments/notices", Keys: mockgateway.Keys{Requests: []egov.Key{ask}, Notice: tell},
		ReturnOrigins: []string{p.URL}, Now: p.Clock.Now, PublicURL: p.gatewayURL, Log: p.Log.Logger(), Transport: &p.post,
	})
	if err != nil {
		t.Fatal(err)
	}
	listening.Config.Handler = gateway.Handler()
	listening.Start()
	t.Cleanup(func() {
		listening.Close()
		_ = gateway.Close()
	})
	p.Gateway = gateway
	p.client = need[*egov.Client](t)(egov.New(egov.Config{BaseURL: p.gatewayURL, RequestKey: ask, NoticeKeys: []egov.Key{tell}, Now: p.Clock.Now}))
}

// Deliver does the outbox's work that waits: letters are sent, dropped scans removed.
func (p *Portal) Deliver() {
	p.T.Helper()
	notices := outbox.Notices{DB: p.DB, Mailer: p.Mail, PortalURL: p.URL}
	worker := outbox.Worker{DB: p.DB, Log: p.Log.Logger(), Handlers: map[string]outbox.Handler{
		outbox.KindNotice: notices.Handle, application.KindRemoveScans: p.Applications.RemoveScans,
	}}
	for {
		n, err := worker.RunOnce(p.T.Context())
		if err != nil {
			p.T.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
}

// StopRevocation makes the authority silent: nobody can learn any more whether a certificate is revoked.
func (p *Portal) StopRevocation() { p.revocation.off.Store(true) }

// ResumeRevocation undoes StopRevocation.
func (p *Portal) ResumeRevocation() { p.revocation.off.Store(false) }

// Count runs a query that answers one number.
func (p *Portal) Count(sql string, args ...any) int64 {
	p.T.Helper()
	var n int64
	if err := p.DB.Raw(sql, args...).Scan(&n).Error; err != nil {
		p.T.Fatal(err)
	}
	return n
}

// Log keeps what the portal logged, for tests of what must not be in it.
type Log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements io.Writer.
func (l *Log) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

// String is everything logged so far, one JSON object a line.
func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// Logger writes into the log.
func (l *Log) Logger() *slog.Logger {
	return slog.New(slog.NewJSONHandler(io.Writer(l), nil))
}

// need ends the test on an error.
func need[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func randomName() string { return rand.Text()[:12] }

// GiveBack has the gateway give the money of an application's payments back by itself, as its own people may.
func (p *Portal) GiveBack(applicationID string) {
	p.T.Helper()
	var ids []string
	err := p.DB.Raw("SELECT p.gateway_id FROM gateway_payments p JOIN invoices i ON i.id = p.invoice_id WHERE i.application_id = ? AND p.gateway_id IS NOT NULL", applicationID).Scan(&ids).Error
	if err != nil {
		p.T.Fatal(err)
	}
	for _, id := range ids {
		if _, err := p.client.Refund(p.T.Context(), id); err != nil {
			p.T.Fatal(err)
		}
	}
}

// Reference is the one under which the gateway knows the payment that was begun last for an application.
func (p *Portal) Reference(applicationID string) (reference string) {
	p.T.Helper()
	err := p.DB.Raw("SELECT i.id FROM invoices i JOIN gateway_payments p ON p.invoice_id = i.id WHERE i.application_id = ? ORDER BY p.begun_at DESC LIMIT 1", applicationID).Scan(&reference).Error
	if err != nil {
		p.T.Fatal(err)
	}
	return reference
}
