package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"elicensing/payments/egov"
	"elicensing/payments/mockgateway"
)

const help = `mockgateway: a mock of the payment gateway of e-government. No money moves.

All settings come from the environment:
  MOCKGATEWAY_ADDR            where it listens (localhost:8090)
  MOCKGATEWAY_DIR             private folder of its storage (required)
  MOCKGATEWAY_PUBLIC_URL      address of its pages (http:// and the address it listens at)
  MOCKGATEWAY_NOTICE_URL      the portal's address for notices (http://localhost:8080/api/payments/notices)
  MOCKGATEWAY_RETURN_ORIGINS  where payers may be sent back to, separated by commas (http://localhost:8080)
  MOCKGATEWAY_REQUEST_KEYS    the portal's keys, id:hex of at least 32 bytes, separated by commas; two while one replaces the other (required)
  MOCKGATEWAY_NOTICE_KEY      the key of its notices, id:hex; after a comma the next one, which the switchboard puts in force (required)
  MOCKGATEWAY_PAY_LATER       how long "pay later" takes (20s)
  MOCKGATEWAY_CONTROL_TOKEN   opens POST /control/settle?reference=… and /control/faults to a bearer of this token (closed)
  MOCKGATEWAY_SWITCHBOARD     "on" shows the page of faults, /switchboard, to everybody (off)
`

// run is the whole program: 0 after a stop that was asked for, 1 after a failure, 2 for
// a wrong call.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) int {
	if len(args) > 0 {
		out, code := stderr, 2
		if args[0] == "help" || args[0] == "-h" || args[0] == "--help" {
			out, code = stdout, 0
		}
		fmt.Fprint(out, help)
		return code
	}
	config, err := configure(getenv)
	if err != nil {
		fmt.Fprintf(stderr, "mockgateway: the settings are wrong:\n%v\n", err)
		return 2
	}
	config.Log = slog.New(slog.NewJSONHandler(stderr, nil))
	gateway, err := mockgateway.New(config)
	if err == nil {
		err = gateway.Run(ctx)
	}
	if err != nil {
		fmt.Fprintln(stderr, err)
		return 1
	}
	return 0
}

// configure reads the environment and reports all mistakes at once.
func configure(getenv func(string) string) (mockgateway.Config, error) {
	or := func(name, standard string) string {
		if value := getenv("MOCKGATEWAY_" + name); value != "" {
			return value
		}
		return standard
	}
	var problems []error
	keys := func(name string) []egov.Key {
		keys, err := parseKeys(or(name, ""))
		if err != nil {
			problems = append(problems, fmt.Errorf("MOCKGATEWAY_%s: %w", name, err))
		}
		return keys
	}
	config := mockgateway.Config{
		Addr:          or("ADDR", "localhost:8090"),
		Dir:           or("DIR", ""),
		PublicURL:     or("PUBLIC_URL", ""),
		NoticeURL:     or("NOTICE_URL", "http://localhost:8080/api/payments/notices"),
		ReturnOrigins: strings.Split(or("RETURN_ORIGINS", "http://localhost:8080"), ","),
		ControlToken:  or("CONTROL_TOKEN", ""),
		Switchboard:   or("SWITCHBOARD", "") == "on",
		Now:           time.Now,
	}
	if config.Dir == "" {
		problems = append(problems, errors.New("MOCKGATEWAY_DIR: a folder is needed"))
	}
	later, err := time.ParseDuration(or("PAY_LATER", "20s"))
	if err != nil || later <= 0 {
		problems = append(problems, errors.New("MOCKGATEWAY_PAY_LATER: not a duration such as 20s"))
	}
	config.PayLater = later
	config.Keys.Requests = keys("REQUEST_KEYS")
	switch notice := keys("NOTICE_KEY"); len(notice) {
	case 0:
	case 1:
		config.Keys.Notice = notice[0]
	case 2:
		config.Keys.Notice, config.Keys.Next = notice[0], notice[1]
	default:
		problems = append(problems, errors.New("MOCKGATEWAY_NOTICE_KEY: two keys at most"))
	}
	return config, errors.Join(problems...)
}

// parseKeys reads "id:hex,id:hex". The secret never gets into an error.
func parseKeys(text string) ([]egov.Key, error) {
	var keys []egov.Key
	for _, part := range strings.Split(text, ",") {
		id, secret, _ := strings.Cut(strings.TrimSpace(part), ":")
		bytes, err := hex.DecodeString(secret)
		if err != nil {
			return nil, errors.New("a key is written id:hex")
		}
		keys = append(keys, egov.Key{ID: id, Secret: bytes})
	}
	return keys, egov.CheckKeys(keys...)
}
