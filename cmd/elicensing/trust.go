package main

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"elicensing/signing/algorithms"
	"elicensing/signing/certificate"
)

// trustedCertificates reads a folder of certificates: the self-signed ones are roots, the others complete paths and are trusted only through a
// root. Any file that is no certificate is an error: a trust store is not guessed at.
func trustedCertificates(folder string) (roots, issuing []*x509.Certificate, err error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, nil, fmt.Errorf("read ELICENSING_ROOTS: %w", err)
	}
	for _, e := range entries {
		if e.IsDir() || e.Name()[0] == '.' {
			continue
		}
		raw, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if err != nil {
			return nil, nil, fmt.Errorf("read ELICENSING_ROOTS: %w", err)
		}
		if block, _ := pem.Decode(raw); block != nil {
			raw = block.Bytes
		}
		c, err := x509.ParseCertificate(raw)
		if err != nil {
			return nil, nil, fmt.Errorf("ELICENSING_ROOTS: %s is not a certificate: %w", e.Name(), err)
		}
		own, err := isRoot(c.Raw)
		if err != nil {
			return nil, nil, fmt.Errorf("ELICENSING_ROOTS: %s: %w", e.Name(), err)
		}
		if own {
			roots = append(roots, c)
		} else {
			issuing = append(issuing, c)
		}
	}
	if len(roots) == 0 {
		return nil, nil, errors.New("ELICENSING_ROOTS holds no root certificate: without one nobody can be trusted")
	}
	return roots, issuing, nil
}

// isRoot tells whether a certificate signed itself. The roots of the national authority sign with GOST, which crypto/x509 does not know.
func isRoot(der []byte) (bool, error) {
	c, err := certificate.Parse(der)
	if err != nil {
		return false, err
	}
	if !c.SelfIssued() {
		return false, nil
	}
	key, err := algorithms.ParseKey(c.RawSPKI)
	if err != nil {
		return false, err
	}
	scheme, err := algorithms.ForCertificate(c.SignatureAlgorithm)
	if errors.Is(err, algorithms.ErrWeak) {
		return true, nil // an anchor is trusted by its place in the folder, not by its own signature
	}
	if err != nil {
		return false, err
	}
	return scheme.Verify(key, c.RawTBS, c.Signature) == nil, nil
}

// alarm writes down that two implementations disagree about a signature: it was refused, and somebody must look into it.
func alarm(log *slog.Logger) func(context.Context, string) {
	return func(ctx context.Context, detail string) { log.ErrorContext(ctx, "signature_alarm", "detail", detail) }
}
