// Package mockgateway is a stand-in for the payment gateway of e-government (ПШЭП): an
// HTTP service with its own storage, keys, pages and look, which behaves as the real one
// would and moves no money. The portal speaks to it over the network only, also in demo
// mode, where both run in one process.
//
// The portal's side is /api/… (egov's messages, signed), the payer's side /pay/{token}.
// Each change of a payment is told to the portal by a signed notice, repeated until it is
// answered with 2xx. A change and its notice are one line of a file, on the disk before
// anybody is told, so that a restart loses neither.
package mockgateway

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"elicensing/payments/egov"
)

// Keys are the secrets shared with the portal.
type Keys struct {
	// Requests are the portal's: one, or two while one replaces the other.
	Requests []egov.Key
	// Notice signs our notices.
	Notice egov.Key
	// Next replaces Notice when the switchboard says so; it may be left out.
	Next egov.Key
}

// Config is what a Gateway needs; the fields of the second group may be left out.
type Config struct {
	Addr          string // where Run listens: "localhost:8090"
	Dir           string // private folder of its storage
	NoticeURL     string // the portal's address for notices
	Keys          Keys
	ReturnOrigins []string // where a payer's browser may be sent back to: "http://localhost:8080"
	Now           func() time.Time

	Disposable   bool          // gives up safety against power cuts for speed: tests only
	PublicURL    string        // address of its pages, "http://" + Addr when empty
	PayLater     time.Duration // how long "pay later" takes; 20 seconds when zero
	ControlToken string        // opens /control/… to its bearer; closed when empty
	Switchboard  bool          // shows the page of faults to anybody who can reach the gateway
	Log          *slog.Logger
	Transport    http.RoundTripper // carries the notices; http.DefaultTransport when nil
}

// Gateway is the service. Make it with New, end it with Close; Run does the latter.
type Gateway struct {
	config  Config
	origins map[string]bool
	client  *http.Client
	pages   *pages
	wake    chan struct{}

	mu          sync.Mutex
	store       *store
	payments    map[string]*payment // by id
	byReference map[string]*payment
	byToken     map[string]*payment
	outbox      map[string]*outgoing // by id of the notice
	noticed     int                  // notices ever made: their order
	faults      Faults
	forger      egov.Key // signs what the fault "forge" sends
}

// New checks the configuration, all mistakes at once, and opens the storage. A folder
// that another Gateway has open is refused.
func New(config Config) (*Gateway, error) {
	origins, err := check(&config)
	if err != nil {
		return nil, err
	}
	g := &Gateway{
		config:  config,
		origins: origins,
		client: &http.Client{
			Transport:     config.Transport,
			Timeout:       10 * time.Second,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		wake:        make(chan struct{}, 1),
		payments:    map[string]*payment{},
		byReference: map[string]*payment{},
		byToken:     map[string]*payment{},
		outbox:      map[string]*outgoing{},
	}
	if g.pages, err = loadPages(); err != nil {
		return nil, err
	}
	if g.forger, err = egov.NewKey(config.Keys.Notice.ID); err != nil {
		return nil, err
	}
	if g.store, err = openStore(config.Dir, config.Disposable, g.replay); err != nil {
		return nil, err
	}
	return g, nil
}

// Close releases the storage.
func (g *Gateway) Close() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.store.close()
}

func check(config *Config) (origins map[string]bool, err error) {
	var problems []error
	add := func(format string, args ...any) {
		problems = append(problems, fmt.Errorf("mockgateway: "+format, args...))
	}
	if config.Dir == "" {
		add("no folder")
	}
	if config.Now == nil {
		add("no clock")
	}
	if err := egov.CheckKeys(config.Keys.Requests...); err != nil {
		add("keys of requests: %w", err)
	}
	if err := egov.CheckKeys(config.Keys.Notice); err != nil {
		add("key of notices: %w", err)
	}
	if next := config.Keys.Next; next.ID != "" {
		if err := egov.CheckKeys(config.Keys.Notice, next); err != nil {
			add("next key of notices: %w", err)
		}
	}
	if u, err := url.Parse(config.NoticeURL); err != nil || !web(u) {
		add("the address for notices must be http(s)://…")
	}
	if config.PublicURL == "" {
		config.PublicURL = "http://" + config.Addr
	}
	public, err := originOf(config.PublicURL)
	if err != nil {
		add("address of the pages: %w", err)
	}
	config.PublicURL = public
	origins = map[string]bool{}
	for _, address := range config.ReturnOrigins {
		origin, err := originOf(address)
		if err != nil || origin != address {
			add("a return origin must be http(s)://host[:port], not %q", address)
		}
		origins[origin] = true
	}
	if len(origins) == 0 {
		add("no return origin")
	}
	if config.PayLater == 0 {
		config.PayLater = 20 * time.Second
	}
	if config.Log == nil {
		config.Log = slog.New(slog.DiscardHandler)
	}
	return origins, errors.Join(problems...)
}

func web(u *url.URL) bool {
	return (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.User == nil
}

// originOf is the part of an address that says who answers there.
func originOf(address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil || !web(u) {
		return "", errors.New("not an http(s) address")
	}
	return u.Scheme + "://" + u.Host, nil
}

// Handler serves the API and the pages. Notices and delayed payments need Run, or Tick
// from time to time.
func (g *Gateway) Handler() http.Handler { return g.routes() }

// Run listens on Addr, serves, settles what was to be paid later and sends notices until
// the context ends; then it closes the storage.
func (g *Gateway) Run(ctx context.Context) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", g.config.Addr)
	if err != nil {
		return errors.Join(fmt.Errorf("mockgateway: listen: %w", err), g.Close())
	}
	return g.Serve(ctx, listener)
}

// Serve is Run on a listener that the caller opened.
func (g *Gateway) Serve(ctx context.Context, listener net.Listener) (err error) {
	defer func() { err = errors.Join(err, g.Close()) }()
	ctx, stop := context.WithCancel(ctx)
	server := &http.Server{
		Handler:           g.Handler(),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      15 * time.Second,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(g.config.Log.Handler(), slog.LevelDebug),
	}
	var background sync.WaitGroup
	background.Go(func() { g.work(ctx) })
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	g.config.Log.InfoContext(ctx, "mock gateway listens", "addr", listener.Addr().String())
	select {
	case err = <-served:
	case <-ctx.Done():
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
		defer cancel()
		err = server.Shutdown(grace)
		<-served
	}
	stop()
	background.Wait()
	return err
}

// work does what no request asks for, when something is new and a few times a second.
func (g *Gateway) work(ctx context.Context) {
	ticker := time.NewTicker(250 * time.Millisecond)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		case <-g.wake:
		}
		if err := g.Tick(ctx); err != nil && ctx.Err() == nil {
			g.config.Log.WarnContext(ctx, "mock gateway", "err", err)
		}
	}
}

// Tick settles the delayed payments and sends the notices that are due now.
func (g *Gateway) Tick(ctx context.Context) error {
	return errors.Join(g.settleDue(), g.deliverDue(ctx))
}
