package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"elicensing/signing"
	"elicensing/signing/document"
	"elicensing/signing/revocation"
)

const verifyUsage = `elicensing verify FILE: is the signature good, and whose is it?

FILE is a signed message (CMS: DER, PEM or base64), a container (.asice) or a PDF.

  --content F     what a message without content was made over
  --roots DIR     folder of trusted certificates; default ELICENSING_ROOTS
  --policy NAME   archive (default), applicant, official or sign_in
  --at TIME       judge as of this time (RFC 3339) instead of now: for a signature from before its certificate or algorithm
                  ended (GOST 34.310-2004: 27 July 2025) that has no time stamp; you must know yourself that it is so old
  --lang L        kk, ru or en; default from LANG
  --json          the whole report as JSON
  --offline       ask nobody: only what is kept with the signature counts

Revocation is asked where sources.yaml in the folder of trusted certificates says; without that file nobody is asked.
Ends with 0: valid, 1: invalid or no signature, 2: could not be shown to be valid; 64: wrong call, 66: a file cannot be read.
`

// Exit codes of verify; 64 and 66 are those of sysexits.h.
const (
	exitValid         = 0
	exitInvalid       = 1
	exitIndeterminate = 2
	exitUsage         = 64
	exitInput         = 66
)

// maxVerified bounds a file, in bytes: the largest container is within it.
const maxVerified = 256 << 20

// verifyCall is what the command line says.
type verifyCall struct {
	file, content, roots, lang string
	policy                     signing.Policy
	at                         time.Time
	json, offline              bool
}

// verify judges one file and prints what is said of it.
func verify(ctx context.Context, getenv func(string) string, args []string, stdout, stderr io.Writer) int {
	call, err := readVerifyCall(getenv, args)
	if err != nil {
		fmt.Fprintf(stderr, "elicensing verify: %v\n\n%s", err, verifyUsage)
		return exitUsage
	}
	input, verifier, err := call.open()
	if err != nil {
		fmt.Fprintf(stderr, "elicensing verify: %v\n", err)
		return exitInput
	}
	report := document.Verify(ctx, verifier, input)
	if call.json {
		encoder := json.NewEncoder(stdout)
		encoder.SetIndent("", "  ")
		err = encoder.Encode(report)
	} else {
		err = writeReport(stdout, report, call.lang)
	}
	if err != nil {
		fmt.Fprintf(stderr, "elicensing verify: %v\n", err)
		return exitInput
	}
	switch report.Outcome {
	case signing.TotalPassed:
		return exitValid
	case signing.Indeterminate:
		return exitIndeterminate
	}
	return exitInvalid
}

func readVerifyCall(getenv func(string) string, args []string) (verifyCall, error) {
	c := verifyCall{lang: languageOf(getenv)}
	flags := flag.NewFlagSet("verify", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	var policy, at string
	flags.StringVar(&c.content, "content", "", "")
	flags.StringVar(&c.roots, "roots", getenv("ELICENSING_ROOTS"), "")
	flags.StringVar(&policy, "policy", signing.Archive.Name, "")
	flags.StringVar(&at, "at", "", "")
	flags.StringVar(&c.lang, "lang", c.lang, "")
	flags.BoolVar(&c.json, "json", false, "")
	flags.BoolVar(&c.offline, "offline", false, "")
	var files []string
	for len(args) > 0 { // flags may stand before and behind the file
		if err := flags.Parse(args); err != nil {
			return c, err
		}
		if args = flags.Args(); len(args) > 0 {
			files, args = append(files, args[0]), args[1:]
		}
	}
	if len(files) != 1 {
		return c, errors.New("exactly one file is needed")
	}
	c.file = files[0]
	i := slices.IndexFunc(signing.Policies(), func(p signing.Policy) bool { return p.Name == policy })
	if i < 0 {
		return c, fmt.Errorf("there is no policy %q", policy)
	}
	c.policy = signing.Policies()[i]
	if at != "" {
		var err error
		if c.at, err = time.Parse(time.RFC3339, at); err != nil {
			return c, fmt.Errorf("--at: %w", err)
		}
	}
	if c.roots == "" {
		return c, errors.New("whom to trust? Name a folder of root certificates with --roots")
	}
	if !slices.Contains(signing.Languages(), c.lang) {
		return c, fmt.Errorf("there is no language %q", c.lang)
	}
	return c, nil
}

// languageOf reads the language of the terminal; English when it is none of ours.
func languageOf(getenv func(string) string) string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if value := getenv(name); value != "" {
			if language, _, _ := strings.Cut(value, "_"); slices.Contains(signing.Languages(), language) {
				return language
			}
			break
		}
	}
	return "en"
}

func (c verifyCall) open() (document.Input, *signing.Verifier, error) {
	in := document.Input{Policy: c.policy}
	known, err := readTrust(c.roots)
	if err != nil {
		return in, nil, err
	}
	if in.File, err = readBounded(c.file); err != nil {
		return in, nil, err
	}
	if c.content != "" {
		if in.Content, err = readBounded(c.content); err != nil {
			return in, nil, err
		}
	}
	o := signing.Options{Roots: known.roots, Intermediates: known.issuing, Now: clock}
	if !c.at.IsZero() {
		o.Now = func() time.Time { return c.at }
	}
	if len(known.sources) > 0 && !c.offline {
		o.Revocation = &revocation.Client{Sources: known.sources}
	}
	return in, signing.NewVerifier(o), nil
}

func readBounded(name string) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close() // opened for reading only
	content, err := io.ReadAll(io.LimitReader(file, maxVerified+1))
	if err != nil {
		return nil, err
	}
	if len(content) > maxVerified {
		return nil, fmt.Errorf("%s is larger than %d MB", name, maxVerified>>20)
	}
	return content, nil
}
