// Package checks looks whether what must always hold does hold in a database and a folder of scans: after a crash, after a restore, every
// night. The checkers use only SQL, files and the library of signatures, not the server's code: what is wrong there must not be wrong here
// in the same way. They change nothing, and they name records by number and id, never persons.
package checks

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Place is where things are looked at.
type Place struct {
	Pool    *pgxpool.Pool
	Scans   fs.FS
	Roots   []*x509.Certificate // trusted certification authorities; nil: nothing is said of evidence
	Issuing []*x509.Certificate // authorities below them
	Now     func() time.Time
}

// Subject is what a checker looks at: one moment of the database, and what the place has besides.
type Subject struct {
	Place
	tx pgx.Tx
}

// Finding is one record that is not as it must be.
type Finding struct {
	Record string // a number or an id
	What   string
}

// checker looks at one thing. Count is how many records it looked at.
type checker struct {
	name string
	look func(context.Context, Subject) (count int, bad []Finding, err error)
}

// checkers, in the order in which they are told. A new one is a row here and a file of its own.
var checkers = []checker{
	{"numbers", numbers},
	{"states", states},
	{"ledger", ledger},
	{"signatures", signatures},
	{"results", results},
	{"evidence", evidence},
	{"files", files},
	{"outbox", outbox},
}

// Names of all checkers.
func Names() []string {
	var names []string
	for _, c := range checkers {
		names = append(names, c.name)
	}
	return names
}

// shownFindings bounds what is printed of one checker; all are counted.
const shownFindings = 100

// errNotHere is given by a checker that lacks what it needs, with what that is.
var errNotHere = errors.New("no trusted roots are named (ELICENSING_ROOTS)")

// ErrFound is given when records are not as they must be.
var ErrFound = errors.New("records are not as they must be")

// Run runs the checkers named, all when none is, and prints for each "ok" with a count, or the bad records. A checker that cannot look is an
// error as well; the others run all the same.
func Run(ctx context.Context, place Place, to io.Writer, names ...string) error {
	for _, name := range names {
		if !slices.Contains(Names(), name) {
			return fmt.Errorf("there is no checker %q; there are %v", name, Names())
		}
	}
	found := false
	var failures []error
	for _, c := range checkers {
		if len(names) > 0 && !slices.Contains(names, c.name) {
			continue
		}
		count, bad, err := runOne(ctx, place, c)
		switch {
		case errors.Is(err, errNotHere):
			fmt.Fprintf(to, "%-11s not looked at: %v\n", c.name, err)
		case err != nil:
			failures = append(failures, fmt.Errorf("%s: %w", c.name, err))
			fmt.Fprintf(to, "%-11s cannot look: %v\n", c.name, err)
		case len(bad) == 0:
			fmt.Fprintf(to, "%-11s ok (%d)\n", c.name, count)
		default:
			found = true
			fmt.Fprintf(to, "%-11s %d bad (of %d looked at)\n", c.name, len(bad), count)
			for i, f := range bad {
				if i == shownFindings {
					fmt.Fprintf(to, "  … and %d more\n", len(bad)-shownFindings)
					break
				}
				fmt.Fprintf(to, "  %s: %s\n", f.Record, f.What)
			}
		}
	}
	if len(failures) > 0 {
		return errors.Join(failures...)
	}
	if found {
		return ErrFound
	}
	return nil
}

// runOne gives a checker one moment of the database, so that work that goes on beside it does not look like damage.
func runOne(ctx context.Context, place Place, c checker) (count int, bad []Finding, err error) {
	options := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	err = pgx.BeginTxFunc(ctx, place.Pool, options, func(tx pgx.Tx) error {
		// Signatures and scans are read one by one: the statement stays open as long as that takes.
		if _, err := tx.Exec(ctx, "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0"); err != nil {
			return err
		}
		count, bad, err = c.look(ctx, Subject{place, tx})
		return err
	})
	return count, bad, err
}

// findings runs a question whose rows are what is wrong: record, what.
func (s Subject) findings(ctx context.Context, questions ...string) ([]Finding, error) {
	var all []Finding
	for _, question := range questions {
		rows, err := s.tx.Query(ctx, question)
		if err != nil {
			return nil, err
		}
		found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Finding])
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

func (s Subject) count(ctx context.Context, question string) (n int, err error) {
	err = s.tx.QueryRow(ctx, question).Scan(&n)
	return n, err
}

// ask is count and findings of a checker that needs only SQL.
func (s Subject) ask(ctx context.Context, count string, questions ...string) (int, []Finding, error) {
	n, err := s.count(ctx, count)
	if err != nil {
		return 0, nil, err
	}
	bad, err := s.findings(ctx, questions...)
	return n, bad, err
}
