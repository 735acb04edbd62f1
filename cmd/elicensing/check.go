package main

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"elicensing/server/database"
	"elicensing/server/database/checks"
	"elicensing/server/database/localpg"
	"elicensing/signing/democa"
)

// check looks whether what must always hold holds in the database and the folder of scans, and prints what does not.
func check(ctx context.Context, getenv func(string) string, names []string, stdout io.Writer) (err error) {
	data, err := filepath.Abs(orElse(strings.TrimSpace(getenv("ELICENSING_DATA")), "data"))
	if err != nil {
		return fmt.Errorf("ELICENSING_DATA: %w", err)
	}
	url := strings.TrimSpace(getenv(workURL))
	if url == "" {
		pg, err := demoDatabase(ctx, data)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, pg.Stop()) }()
		url = pg.RoleURL()
	}
	_, pool, err := database.Open(ctx, url, nil)
	if err != nil {
		return err
	}
	defer pool.Close()
	standing, err := database.Inspect(ctx, pool)
	if err != nil {
		return err
	}
	if standing.Behind {
		return fmt.Errorf("the database %s is of an earlier version: migrate it first", standing.Database)
	}
	scans, err := os.OpenRoot(filepath.Join(data, "scans"))
	if err != nil {
		return fmt.Errorf("open the folder of scans (ELICENSING_DATA): %w", err)
	}
	defer scans.Close() // opened for reading only
	place := checks.Place{Pool: pool, Scans: scans.FS(), Now: clock}
	if place.Roots, place.Issuing, err = checkedAgainst(strings.TrimSpace(getenv("ELICENSING_ROOTS")), data); err != nil {
		return err
	}
	return checks.Run(ctx, place, stdout, names...)
}

// checkedAgainst are the authorities that stored signatures are held against: the trusted ones, and in a folder of demo mode the demo authority.
func checkedAgainst(roots, data string) ([]*x509.Certificate, []*x509.Certificate, error) {
	if roots != "" {
		known, err := readTrust(roots)
		return known.roots, known.issuing, err
	}
	folder := filepath.Join(data, "authority")
	if _, err := os.Stat(folder); err != nil {
		return nil, nil, nil //nolint:nilerr // no demo mode here, and nobody is trusted by guess
	}
	ca, err := democa.Open(folder, clock)
	if err != nil {
		return nil, nil, err
	}
	return ca.Roots(), ca.Intermediates(), nil
}

// demoDatabase starts the PostgreSQL of a demo folder whose portal does not run.
func demoDatabase(ctx context.Context, data string) (*localpg.Server, error) {
	dir := filepath.Join(data, "postgres")
	if _, err := os.Stat(dir); err != nil {
		return nil, fmt.Errorf("%s is missing, and %s holds no database of demo mode", workURL, data)
	}
	return localpg.Start(ctx, localpg.Options{Dir: dir})
}

func orElse(v, otherwise string) string {
	if v == "" {
		return otherwise
	}
	return v
}
