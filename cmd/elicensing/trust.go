package main

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"gopkg.in/yaml.v3"

	"elicensing/signing"
	"elicensing/signing/algorithms"
	"elicensing/signing/certificate"
	"elicensing/signing/revocation"
)

// sourcesFile stands in the folder of trusted certificates and says where each authority answers.
const sourcesFile = "sources.yaml"

// trust is the folder ELICENSING_ROOTS as read: whom we believe, and whom we ask about revocation.
type trust struct {
	roots   []*x509.Certificate // self-signed
	issuing []*x509.Certificate // complete paths; trusted only through a root
	names   map[string]*x509.Certificate
	sources []revocation.Source // of the authorities that answer; nil without sourcesFile
}

// sourceRow is where an authority answers about the certificates that it issued. Empty: it answers no more, and only what was kept with a
// signature counts.
type sourceRow struct {
	OCSP  string `yaml:"ocsp"`
	CRL   string `yaml:"crl"`
	Delta string `yaml:"delta"`
}

// readTrust reads a folder of certificates and its sourcesFile. Any other file that is no certificate is an error: a trust store is not guessed at.
func readTrust(folder string) (trust, error) {
	t := trust{names: map[string]*x509.Certificate{}}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return t, fmt.Errorf("read ELICENSING_ROOTS: %w", err)
	}
	for _, e := range entries {
		if e.IsDir() || e.Name()[0] == '.' || e.Name() == sourcesFile {
			continue
		}
		raw, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if err != nil {
			return t, fmt.Errorf("read ELICENSING_ROOTS: %w", err)
		}
		if err := t.add(e.Name(), raw); err != nil {
			return t, err
		}
	}
	if len(t.roots) == 0 {
		return t, errors.New("ELICENSING_ROOTS holds no root certificate: without one nobody can be trusted")
	}
	raw, err := os.ReadFile(filepath.Join(folder, sourcesFile))
	if errors.Is(err, fs.ErrNotExist) {
		return t, nil
	}
	if err == nil {
		err = t.readSources(raw)
	}
	if err != nil {
		return t, fmt.Errorf("ELICENSING_ROOTS: %s: %w", sourcesFile, err)
	}
	return t, nil
}

func (t *trust) add(name string, raw []byte) error {
	if block, _ := pem.Decode(raw); block != nil {
		raw = block.Bytes
	}
	c, err := x509.ParseCertificate(raw)
	if err != nil {
		return fmt.Errorf("ELICENSING_ROOTS: %s is not a certificate: %w", name, err)
	}
	own, err := isRoot(c.Raw)
	if err != nil {
		return fmt.Errorf("ELICENSING_ROOTS: %s: %w", name, err)
	}
	t.names[name] = c
	if own {
		t.roots = append(t.roots, c)
	} else {
		t.issuing = append(t.issuing, c)
	}
	return nil
}

// readSources reads the addresses, one row a certificate of the folder. All mistakes are told at once: an authority that was forgotten would
// answer "try later" to each of its people for ever.
func (t *trust) readSources(raw []byte) error {
	var rows map[string]sourceRow
	decoder := yaml.NewDecoder(bytes.NewReader(raw))
	decoder.KnownFields(true)
	if err := decoder.Decode(&rows); err != nil {
		return err
	}
	var wrong []error
	for _, name := range slices.Sorted(maps.Keys(rows)) {
		row, c := rows[name], t.names[name]
		switch {
		case c == nil:
			wrong = append(wrong, fmt.Errorf("%s is no certificate of the folder", name))
			continue
		case row == sourceRow{}:
			continue
		case row.Delta != "" && row.CRL == "":
			wrong = append(wrong, fmt.Errorf("%s: a delta list means nothing without the complete one", name))
		}
		source, err := signing.SourceOf(c, signing.Addresses(row))
		if err != nil {
			wrong = append(wrong, fmt.Errorf("%s: %w", name, err))
		}
		t.sources = append(t.sources, source)
	}
	for _, name := range slices.Sorted(maps.Keys(t.names)) {
		if _, told := rows[name]; !told {
			wrong = append(wrong, fmt.Errorf("%s is missing: where does this authority answer? {} when it does no more", name))
		}
	}
	return errors.Join(wrong...)
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
