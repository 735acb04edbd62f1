package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"elicensing/payments"
	"elicensing/payments/egov"
	"elicensing/payments/mockgateway"
	"elicensing/server"
	"elicensing/server/database/localpg"
	"elicensing/server/identity"
	"elicensing/server/outbox"
	"elicensing/signing"
	"elicensing/signing/democa"
	"elicensing/signing/revocation"
)

// demoAuthority takes the applications of the demonstration: North Kazakhstan.
const demoAuthority = "13"

// demoRequisites are invented, but for the codes of the fee (facts §3).
var demoRequisites = payments.Requisites{TaxOfficeCode: "5903", BudgetCode: "105402", PurposeCode: "911", Beneficiary: "УГД по г. Петропавловск",
	BeneficiaryBIN: "990240003561", Account: "KZ24070105KSN0000000", BankCode: "KKMFKZ2A"}

// demo starts everything on one machine: PostgreSQL, a certification authority with OCSP, the mock gateway, the portal. Nothing of it is trusted
// outside this mode.
func demo(ctx context.Context, getenv func(string) string, stdout, stderr io.Writer) (err error) {
	c, err := readConfig("demo", getenv)
	if err != nil {
		return err
	}
	// The ports first: a second copy is told so before anything is started.
	l, err := listen(c.Addr, "ELICENSING_ADDR")
	if err != nil {
		return err
	}
	defer l.Close()
	gatewayListener, err := listen(c.MockGatewayAddr, "ELICENSING_MOCK_GATEWAY_ADDR")
	if err != nil {
		return err
	}
	defer gatewayListener.Close()
	defer func() { err = whoseFolder(err, c.Data) }()
	if err := os.MkdirAll(c.Data, 0o755); err != nil {
		return fmt.Errorf("make the folder ELICENSING_DATA: %w", err)
	}
	logFile, err := os.OpenFile(filepath.Join(c.Data, "portal.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("open the log: %w", err)
	}
	defer logFile.Close()
	log := newLog(logFile)

	// Making the authority's keys the first time takes as long as making a database; both at once.
	openCA := sync.OnceValues(func() (*democa.Authority, error) { return democa.Open(filepath.Join(c.Data, "authority"), clock) })
	var opening sync.WaitGroup
	opening.Go(func() { _, _ = openCA() })
	defer opening.Wait() // never left half made

	var databaseEnded <-chan struct{} // nil, and so never, when the database is somebody else's
	if c.DatabaseURL == "" {
		fmt.Fprintln(stdout, "Starting PostgreSQL …")
		pg, err := localpg.Start(ctx, localpg.Options{Dir: filepath.Join(c.Data, "postgres"), Log: stdout})
		if err != nil {
			return err
		}
		defer func() {
			fmt.Fprintln(stdout, "Stopping PostgreSQL …")
			if err := pg.Stop(); err != nil {
				fmt.Fprintf(stderr, "elicensing: stop PostgreSQL: %v\n", err)
			}
		}()
		c.DatabaseURL, c.OwnerURL = pg.RoleURL(), pg.URL()
		databaseEnded = pg.Ended()
	}
	if c.OwnerURL != "" {
		if _, err := prepareDatabase(ctx, c.OwnerURL, c.DatabaseURL, log); err != nil {
			return err
		}
	}
	db, pool, err := openDatabase(ctx, c.DatabaseURL, log)
	if err != nil {
		return err
	}
	ca, err := openCA()
	if err != nil {
		pool.Close()
		return fmt.Errorf("open the demo certification authority: %w", err)
	}
	// OCSP and CRL answer on the loopback interface only, at a port of the system's choice.
	caListener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		pool.Close()
		return fmt.Errorf("listen for OCSP: %w", err)
	}
	defer caListener.Close()
	gateway, client, err := demoGateway(c)
	if err != nil {
		pool.Close()
		return err
	}
	p, err := newPortal(ctx, c, log, db, pool, parts{gateway: client, verifier: demoVerifier(ca, "http://"+caListener.Addr().String()), demo: server.DemoOf(ca),
		mail: outbox.Folder(filepath.Join(c.Data, "mail")),
		prepare: func(ctx context.Context, people *identity.Service) error {
			return people.EnsureDemoAuthority(ctx, demoAuthority, demoRequisites)
		}})
	if err != nil {
		pool.Close()
		return errors.Join(err, gateway.Close())
	}
	defer p.close()
	fmt.Fprintf(stdout, "\nThe portal is ready: %s\nPayment gateway (mock): http://%s · log: %s\nCtrl-C stops it.\n\n", c.PortalURL, c.MockGatewayAddr, logFile.Name())
	return p.work(ctx, l,
		func(ctx context.Context) error {
			select {
			case <-ctx.Done():
				return nil
			case <-databaseEnded:
				return errors.New("PostgreSQL has ended unexpectedly; what was committed is kept. Start the portal again")
			}
		},
		func(ctx context.Context) error {
			return serveHTTP(ctx, caListener, silenced(ca.Handler(), filepath.Join(c.Data, "authority", "silent")), log)
		},
		func(ctx context.Context) error { return gateway.Serve(ctx, gatewayListener) },
	)
}

// whoseFolder says what to do when something in the folder is closed to us: it was made by another user, or root has worked in it since.
func whoseFolder(err error, data string) error {
	if !errors.Is(err, fs.ErrPermission) || localpg.ProblemOf(err) != "" {
		return err
	}
	return fmt.Errorf("the folder %s, or something in it, belongs to another user: start as that user, make all of it yours (chown -R), or choose another folder with ELICENSING_DATA (%w)", data, err)
}

// demoVerifier trusts the demo authority and asks it about revocation.
func demoVerifier(ca *democa.Authority, address string) *signing.Verifier {
	return signing.NewVerifier(signing.Options{Roots: ca.Roots(), Intermediates: ca.Intermediates(), Now: clock, Stamps: signing.StampsFrom(address+democa.PathTSP, clock),
		Revocation: &revocation.Client{Sources: ca.Sources(address)}})
}

// demoGateway opens the mock gateway and the adapter that speaks to it over HTTP, with keys kept in the data folder.
func demoGateway(c config) (*mockgateway.Gateway, *egov.Client, error) {
	dir := filepath.Join(c.Data, "gateway")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, nil, fmt.Errorf("make the folder of the gateway: %w", err)
	}
	ask, err := keptKey(filepath.Join(dir, "request.key"), "portal-1")
	if err != nil {
		return nil, nil, err
	}
	tell, err := keptKey(filepath.Join(dir, "notice.key"), "gateway-1")
	if err != nil {
		return nil, nil, err
	}
	next, err := keptKey(filepath.Join(dir, "next-notice.key"), "gateway-2")
	if err != nil {
		return nil, nil, err
	}
	public := "http://" + c.MockGatewayAddr
	gateway, err := mockgateway.New(mockgateway.Config{Addr: c.MockGatewayAddr, Dir: filepath.Join(dir, "store"), NoticeURL: "http://" + c.Addr + "/api/payments/notices",
		Keys: mockgateway.Keys{Requests: []egov.Key{ask}, Notice: tell, Next: next}, ReturnOrigins: []string{c.PortalURL}, Now: clock, PublicURL: public,
		Switchboard: true})
	if err != nil {
		return nil, nil, err
	}
	client, err := egov.New(egov.Config{BaseURL: public, RequestKey: ask, NoticeKeys: []egov.Key{tell, next}, Now: clock})
	if err != nil {
		return nil, nil, errors.Join(err, gateway.Close())
	}
	return gateway, client, nil
}

// keptKey reads a key of the data folder, or makes it.
func keptKey(path, id string) (egov.Key, error) {
	raw, err := os.ReadFile(path)
	if err == nil {
		return readKey(strings.TrimSpace(string(raw)))
	}
	if !errors.Is(err, os.ErrNotExist) {
		return egov.Key{}, fmt.Errorf("read a key of the gateway: %w", err)
	}
	key, err := egov.NewKey(id)
	if err != nil {
		return egov.Key{}, err
	}
	if err := os.WriteFile(path, []byte(key.ID+":"+hex.EncodeToString(key.Secret)+"\n"), 0o600); err != nil {
		return egov.Key{}, fmt.Errorf("keep a key of the gateway: %w", err)
	}
	return key, nil
}

// silenced lets a person see what happens when the certification authority does not answer: while the file exists it does not.
func silenced(authority http.Handler, file string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := os.Stat(file); err == nil {
			http.Error(w, "silent", http.StatusServiceUnavailable)
			return
		}
		authority.ServeHTTP(w, r)
	})
}
