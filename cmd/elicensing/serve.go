package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"elicensing/payments/egov"
	"elicensing/server/outbox"
	"elicensing/signing"
	"elicensing/signing/revocation"
)

// serve is the portal for real: it starts only with a database, trusted roots and a gateway.
func serve(ctx context.Context, getenv func(string) string, stdout, stderr io.Writer) error {
	c, err := readConfig("serve", getenv)
	if err != nil {
		return err
	}
	p, lists, err := openPortal(ctx, c, newLog(stderr))
	if err != nil {
		return err
	}
	defer p.close()
	l, err := listen(c.Addr, "ELICENSING_ADDR")
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "The portal listens at %s\n", c.PortalURL)
	refresh := func(ctx context.Context) error { return lists.Refresh(ctx, clock()) }
	return p.work(ctx, l, p.atOnceAndEvery(routine{"refresh revocation lists", time.Hour, refresh}))
}

// openPortal builds the portal of serve, which the caller closes, and the revocation lists that it keeps.
func openPortal(ctx context.Context, c config, log *slog.Logger) (*portal, *revocation.Client, error) {
	known, err := readTrust(c.Roots)
	if err != nil {
		return nil, nil, err
	}
	if len(known.sources) == 0 {
		return nil, nil, fmt.Errorf("ELICENSING_ROOTS: %s names no authority that answers about revocation: without one nobody can sign in", sourcesFile)
	}
	gateway, err := egov.New(egov.Config{BaseURL: c.GatewayURL, PageOrigin: c.GatewayPages, RequestKey: c.GatewayRequest, NoticeKeys: c.GatewayNotice, Now: clock})
	if err != nil {
		return nil, nil, err
	}
	lists := &revocation.Client{
		Sources: known.sources, Folder: filepath.Join(c.Data, "crl"),
		Warn: func(err error) { log.Warn("revocation list", "error", err.Error()) },
	}
	trust := signing.Options{Roots: known.roots, Intermediates: known.issuing, Revocation: lists, Now: clock, Alarm: alarm(log)}
	if c.TSP != "" {
		trust.Stamps = signing.StampsFrom(c.TSP, clock)
	}
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return nil, nil, fmt.Errorf("make the folder ELICENSING_DATA: %w", err)
	}
	db, pool, err := openDatabase(ctx, c.DatabaseURL, log)
	if err != nil {
		return nil, nil, err
	}
	p, err := newPortal(ctx, c, log, db, pool, parts{gateway: gateway, verifier: signing.NewVerifier(trust), mail: mailer(c)})
	if err != nil {
		pool.Close()
		return nil, nil, err
	}
	return p, lists, nil
}

// mailer sends letters through the mail server, or keeps them where the settings say so. The host of the portal tells its letters from those
// of another one.
func mailer(c config) outbox.Mailer {
	if c.SMTP == nil {
		return outbox.Folder(filepath.Join(c.Data, "mail"))
	}
	sender := *c.SMTP
	sender.From, sender.Domain = c.MailFrom, "localhost"
	if portal, err := url.Parse(c.PortalURL); err == nil {
		sender.Domain = portal.Hostname()
	}
	return sender
}
