package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"
)

const usage = `elicensing: the portal of medical licences

  elicensing demo        everything on this machine, with demo people and a mock gateway; nothing to configure
  elicensing serve       the portal for real: needs a database, trusted roots and a payment gateway
  elicensing migrate     brings the database to this version, gives the program's role its rights, and ends
  elicensing verify FILE judges a signature: a signed message, a container (.asice) or a PDF; see elicensing verify --help
  elicensing staff FILE  takes authorities, their requisites and employees from a YAML file
  elicensing check       looks whether what must always hold does hold in the database and the scans, and prints what does not;
                         all of numbers states ledger signatures results files outbox, or those that are named

"elicensing COMMAND --help" lists the settings. All come from the environment.
`

// errUsage is a wrong call; the usage has been shown.
var errUsage = errors.New("wrong call")

// run is the whole program: 0 after a stop that was asked for, 1 after a failure, 2 for a wrong call.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) int {
	if len(args) == 0 || args[0] == "help" || args[0] == "--help" || args[0] == "-h" {
		fmt.Fprint(stdout, usage)
		return 0
	}
	if args[0] == "verify" {
		if len(args) == 2 && (args[1] == "--help" || args[1] == "-h") {
			fmt.Fprint(stdout, verifyUsage)
			return 0
		}
		return verify(ctx, getenv, args[1:], stdout, stderr)
	}
	if len(args) == 2 && (args[1] == "--help" || args[1] == "-h") {
		fmt.Fprint(stdout, usage, "\n", settingsHelp())
		return 0
	}
	var err error
	switch {
	case args[0] == "demo" && len(args) == 1:
		err = demo(ctx, getenv, stdout, stderr)
	case args[0] == "serve" && len(args) == 1:
		err = serve(ctx, getenv, stdout, stderr)
	case args[0] == "migrate" && len(args) == 1:
		err = migrate(ctx, getenv, stdout, stderr)
	case args[0] == "check":
		err = check(ctx, getenv, args[1:], stdout)
	case args[0] == "staff" && len(args) == 2:
		err = staff(ctx, getenv, args[1], stdout, stderr)
	default:
		fmt.Fprint(stderr, usage)
		err = errUsage
	}
	switch {
	case err == nil:
		return 0
	case errors.Is(ctx.Err(), context.Canceled) && errors.Is(err, context.Canceled) && (args[0] == "demo" || args[0] == "serve"):
		fmt.Fprintln(stdout, "Stopped before the portal was ready.")
		return 0
	case errors.Is(err, errUsage):
		return 2
	default:
		fmt.Fprintf(stderr, "elicensing: %v\n", err)
		return 1
	}
}

// newLog writes one JSON object a line.
func newLog(to io.Writer) *slog.Logger { return slog.New(slog.NewJSONHandler(to, nil)) }

// clock is the only place that reads the machine's time.
func clock() time.Time { return time.Now() }
