package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"gorm.io/gorm"

	"elicensing/frontend"
	"elicensing/payments"
	"elicensing/payments/bankreceipt"
	"elicensing/server"
	"elicensing/server/application"
	"elicensing/server/blob"
	"elicensing/server/calendar"
	"elicensing/server/catalog"
	"elicensing/server/directory"
	"elicensing/server/identity"
	"elicensing/server/outbox"
	"elicensing/signing"
)

// parts are what differs between serve and demo.
type parts struct {
	gateway  payments.Gateway
	verifier *signing.Verifier
	demo     server.Demo // nil in serve
	mail     outbox.Mailer
	prepare  func(context.Context, *identity.Service) error // what must stand in the database first; nil: nothing
}

// portal is the running program without its listener.
type portal struct {
	config   config
	log      *slog.Logger
	db       *gorm.DB
	pool     *pgxpool.Pool
	blobs    *blob.Folder
	identity *identity.Service
	apps     *application.Service
	worker   *outbox.Worker
	handler  http.Handler
	endings  func(context.Context) error // warns of dated data that ends
}

// ratesOf are the rates that the program was built with, and what the settings know beyond them. A demonstration goes on with the last.
func ratesOf(c config, demo bool) (*payments.Rates, error) {
	rates, err := payments.BuiltInRates()
	if err != nil {
		return nil, err
	}
	if rates, err = rates.With(c.MCI); err != nil {
		return nil, fmt.Errorf("%s: %w", mciYears, err)
	}
	if demo {
		rates = rates.Continued()
	}
	return rates, nil
}

// newPortal builds everything by plain constructors. The caller closes the pool.
func newPortal(ctx context.Context, c config, log *slog.Logger, db *gorm.DB, pool *pgxpool.Pool, p parts) (*portal, error) {
	places, err := directory.Load()
	if err != nil {
		return nil, err
	}
	services, err := catalog.Load(places.AuthorityCodes())
	if err != nil {
		return nil, err
	}
	if err := services.LimitScans(c.ScanBytes, c.ScansBytes); err != nil {
		return nil, fmt.Errorf("%s, %s: %w", scanLimit, scansLimit, err)
	}
	days, err := calendar.Load()
	if err != nil {
		return nil, err
	}
	rates, err := ratesOf(c, p.demo != nil)
	if err != nil {
		return nil, err
	}
	receipts, err := bankreceipt.New(db, clock)
	if err != nil {
		return nil, err
	}
	money, err := payments.New(payments.Deps{DB: db, Gateway: p.gateway, Receipts: receipts, Now: clock, Rates: rates, Log: log})
	if err != nil {
		return nil, err
	}
	blobs, err := blob.OpenFolder(filepath.Join(c.Data, "scans"))
	if err != nil {
		return nil, err
	}
	people, err := identity.New(identity.Deps{DB: db, Verify: identity.VerifyWith(p.verifier), Now: clock, PortalURL: c.PortalURL, Limits: c.Sessions})
	if err != nil {
		return nil, err
	}
	if p.prepare != nil {
		if err := p.prepare(ctx, people); err != nil {
			return nil, err
		}
	}
	apps, err := application.New(application.Deps{DB: db, Catalog: services, Calendar: days, Directory: places, Payments: money, Verifier: p.verifier, Blobs: blobs,
		Now: clock, PortalURL: c.PortalURL, Series: c.Series, Demo: p.demo != nil})
	if err != nil {
		return nil, err
	}
	accepts, err := people.AuthorityCodes(ctx)
	if err != nil {
		return nil, err
	}
	handler, err := server.New(server.Deps{Log: log, Now: clock, PortalURL: c.PortalURL, NCALayerURL: c.NCALayerURL, Pages: frontend.Files(), TrustedProxies: c.TrustedProxies,
		Ready: pool.Ping, Identity: people, Catalog: services, Calendar: days, Directory: places, Rates: rates, Accepts: accepts, Demo: p.demo,
		DemoMail: outbox.Folder(filepath.Join(c.Data, "mail")), Applications: apps})
	if err != nil {
		return nil, err
	}
	server.WarnOfEndings(ctx, log, clock(), rates, days)
	notices := outbox.Notices{DB: db, Mailer: p.mail, PortalURL: c.PortalURL}
	var lease time.Duration // the worker's own
	if _, slow := p.mail.(outbox.SMTP); slow {
		lease = outbox.MailLease
	}
	worker := &outbox.Worker{DB: db, Log: log, Lease: lease, Handlers: map[string]outbox.Handler{
		outbox.KindNotice: notices.Handle, application.KindRemoveScans: apps.RemoveScans,
	}}
	endings := func(ctx context.Context) error {
		server.WarnOfEndings(ctx, log, clock(), rates, days)
		return nil
	}
	return &portal{endings: endings, config: c, log: log, db: db, pool: pool, blobs: blobs, identity: people, apps: apps, worker: worker, handler: handler}, nil
}

// listen takes the port, with a plain answer when it is taken.
func listen(addr, setting string) (net.Listener, error) {
	l, err := net.Listen("tcp", addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("the address %s is taken by another program (perhaps another copy of the portal): stop it, or choose another by %s=localhost:PORT", addr, setting)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot listen at %s (%s): %w", addr, setting, err)
	}
	return l, nil
}

// stopWithin bounds a graceful stop: requests under way are finished.
const stopWithin = 20 * time.Second

// serveHTTP serves until ctx ends, then lets requests under way finish.
func serveHTTP(ctx context.Context, l net.Listener, handler http.Handler, log *slog.Logger) error {
	s := server.NewHTTPServer(l.Addr().String(), handler)
	s.ErrorLog = slog.NewLogLogger(log.Handler(), slog.LevelWarn)
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(l) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
	defer cancel()
	err := s.Shutdown(stopping)
	if errors.Is(err, context.DeadlineExceeded) {
		return s.Close()
	}
	return err
}

// work runs the portal's listener and jobs until ctx ends or one of them fails.
func (p *portal) work(ctx context.Context, l net.Listener, jobs ...func(context.Context) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	jobs = append(jobs,
		func(ctx context.Context) error { return serveHTTP(ctx, l, p.handler, p.log) },
		p.worker.Run,
	)
	for _, r := range p.routines() {
		jobs = append(jobs, p.every(r))
	}
	var all sync.WaitGroup
	for _, job := range jobs {
		all.Go(func() {
			if err := job(ctx); err != nil && ctx.Err() == nil {
				cancel(err)
			}
		})
	}
	<-ctx.Done()
	all.Wait()
	if err := context.Cause(ctx); !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// routine is what is done again and again without being asked for; the first time after its period has gone by.
type routine struct {
	name   string
	period time.Duration
	do     func(context.Context) error
}

func (p *portal) routines() []routine {
	return []routine{
		{"refresh payments", 30 * time.Second, p.apps.RefreshOpenPayments},
		{"reconcile payments", 10 * time.Minute, p.apps.ReconcilePayments},
		{"sweep uploads", 10 * time.Minute, p.apps.SweepUploads},
		{"ask about certificates", 10 * time.Minute, p.identity.RecheckCertificates},
		{"sweep sessions", time.Hour, p.identity.Sweep},
		{"sweep presses", time.Hour, p.apps.SweepPresses},
		{"look at dated data", 24 * time.Hour, p.endings},
	}
}

// every is the job of a routine: its failure is logged and the next round comes all the same.
func (p *portal) every(r routine) func(context.Context) error {
	return func(ctx context.Context) error {
		tick := time.NewTicker(r.period)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return nil
			case <-tick.C:
			}
			p.round(ctx, r)
		}
	}
}

// atOnceAndEvery is every that does not wait for the first round.
func (p *portal) atOnceAndEvery(r routine) func(context.Context) error {
	return func(ctx context.Context) error {
		p.round(ctx, r)
		return p.every(r)(ctx)
	}
}

func (p *portal) round(ctx context.Context, r routine) {
	if err := r.do(ctx); err != nil && ctx.Err() == nil {
		p.log.WarnContext(ctx, "job failed", slog.String("job", r.name), slog.String("error", err.Error()))
	}
}

// close releases what newPortal opened.
func (p *portal) close() {
	p.pool.Close()
	if err := p.blobs.Close(); err != nil {
		p.log.Warn("close the folder of scans", slog.String("error", err.Error()))
	}
}
