// Package server is the portal over HTTP: the routes, the two shapes of an answer (a response and a problem), the pages. It holds no SQL
// and no rules; a handler decodes, calls one function of a package below, and replies.
package server

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/gin-gonic/gin"

	"elicensing/payments"
	"elicensing/server/application"
	"elicensing/server/calendar"
	"elicensing/server/catalog"
	"elicensing/server/directory"
	"elicensing/server/identity"
	"elicensing/server/outbox"
)

// Deps is everything that the portal is made of. All fields are required unless their comment says otherwise.
type Deps struct {
	Log *slog.Logger
	Now func() time.Time

	PortalURL      string   // how people reach the portal, e.g. https://licences.example.kz; decides cookies and trusted origin
	NCALayerURL    string   // the signing program on the visitor's own machine; wss://127.0.0.1:13579 when empty
	Pages          fs.FS    // the built pages; without index.html the portal answers its API only
	TrustedProxies []string // networks whose X-Forwarded-For is believed; none when empty

	Ready func(context.Context) error // whether the portal can work now (its database answers)

	Identity  *identity.Service
	Catalog   *catalog.Catalog
	Calendar  *calendar.Calendar
	Directory *directory.Directory
	Rates     *payments.Rates
	Accepts   []string          // codes of the authorities that take applications on this portal
	SignIns   *identity.Limiter // of challenges and sign-ins by address; a default when nil
	Demo      Demo              // nil outside demo mode
	DemoMail  outbox.Folder     // where demo mode keeps its letters; shown at /demo/mail

	Applications *application.Service
	Checks       *identity.Limiter // of public licence checks by address; a default when nil
}

// Server holds what the handlers use.
type Server struct {
	Deps
	portal      *url.URL
	pages       *pages
	crossOrigin *http.CrossOriginProtection
	cookies     *identity.Cookies
	files       *identity.Places // of files that anyone has checked, which stand in memory
}

// DefaultNCALayerURL is where NCALayer listens on the visitor's machine (kz-pki/FACTS.md §3).
const DefaultNCALayerURL = "wss://127.0.0.1:13579"

// New builds the whole handler. An error names what is missing or cannot be used.
func New(d Deps) (http.Handler, error) {
	s, err := newServer(d)
	if err != nil {
		return nil, fmt.Errorf("server: %w", err)
	}
	gin.SetMode(gin.ReleaseMode)
	r := gin.New()
	r.HandleMethodNotAllowed = true
	r.RedirectTrailingSlash = false
	r.RedirectFixedPath = false
	r.ContextWithFallback = true
	if err := r.SetTrustedProxies(s.TrustedProxies); err != nil {
		return nil, fmt.Errorf("server: trusted proxies: %w", err)
	}
	r.Use(s.trace, s.recoverPanic, s.securityHeaders, s.refuseCrossOrigin)
	s.routes(r)
	return r, nil
}

func newServer(d Deps) (*Server, error) {
	if d.Log == nil || d.Now == nil || d.Pages == nil || d.Ready == nil {
		return nil, errors.New("the fields Log, Now, Pages and Ready are required")
	}
	if d.Identity == nil || d.Catalog == nil || d.Calendar == nil || d.Directory == nil || d.Rates == nil {
		return nil, errors.New("the fields Identity, Catalog, Calendar, Directory and Rates are required")
	}
	if d.Checks == nil {
		d.Checks = identity.NewLimiter(d.Now, 120, time.Second, 20_000)
	}
	if d.SignIns == nil {
		d.SignIns = identity.NewLimiter(d.Now, 60, 5*time.Second, 20_000)
	}
	portal, err := url.Parse(d.PortalURL)
	if err != nil || portal.Host == "" || (portal.Scheme != "http" && portal.Scheme != "https") || portal.Scheme+"://"+portal.Host != d.PortalURL {
		return nil, fmt.Errorf("portal address %q is not http(s)://host[:port]", d.PortalURL)
	}
	if d.NCALayerURL == "" {
		d.NCALayerURL = DefaultNCALayerURL
	}
	if u, err := url.Parse(d.NCALayerURL); err != nil || u.Host == "" || (u.Scheme != "ws" && u.Scheme != "wss") {
		return nil, fmt.Errorf("NCALayer address %q is not a ws(s) address", d.NCALayerURL)
	}
	pages, err := newPages(d.Pages)
	if err != nil {
		return nil, err
	}
	crossOrigin := http.NewCrossOriginProtection()
	// Behind a proxy that ends TLS the Host need not be the public one.
	if err := crossOrigin.AddTrustedOrigin(portal.Scheme + "://" + portal.Host); err != nil {
		return nil, fmt.Errorf("portal address: %w", err)
	}
	return &Server{Deps: d, portal: portal, pages: pages, crossOrigin: crossOrigin,
		cookies: identity.NewCookies(d.Identity, portal.Scheme == "https"), files: identity.NewPlaces(16, 4)}, nil
}

// NewHTTPServer gives the server that listens at addr. A client that sends its headers slowly or sits idle is cut off; bodies and answers
// get long enough for a 20 MiB scan over a slow line, because an upload can be resumed but should not have to be.
func NewHTTPServer(addr string, h http.Handler) *http.Server {
	return &http.Server{
		Addr:              addr,
		Handler:           h,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       10 * time.Minute,
		WriteTimeout:      10 * time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
	}
}
