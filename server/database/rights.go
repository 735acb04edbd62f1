package database

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// What most tables fall under. Nothing may ever be truncated.
const (
	readOnly   = "SELECT"
	appendOnly = "SELECT, INSERT" // what is written stays: the role itself cannot change it (I10, I31)
)

// rights is what the application's role may do with each table, view and sequence: what the program does, and no more. The owner, who
// migrates, may do everything; nobody else may do anything. A relation without a row here is closed to the program, and fails the tests:
// whoever adds a table decides.
//
// To lock a row (SELECT … FOR UPDATE) PostgreSQL demands UPDATE of at least one column.
var rights = map[string]string{
	// Who did what, what was decided and signed, what was paid: for ever.
	"journal":          appendOnly,
	"results":          appendOnly,
	"result_documents": appendOnly,
	"refund_documents": appendOnly,
	"licences":         appendOnly,
	"ledger_entries":   appendOnly,
	"gateway_notices":  appendOnly,
	"parked_notices":   appendOnly,
	"revocation_lists": appendOnly,
	"signature_lists":  appendOnly,

	// Written once, and marked once.
	"licence_numbers":  "SELECT, INSERT, UPDATE (voided_at, void_reason)",
	"outgoing_numbers": "SELECT, INSERT, UPDATE (voided_at, void_reason)",
	"order_numbers":    "SELECT, INSERT, UPDATE (voided_at, void_reason)",
	"invoices":         "SELECT, INSERT, UPDATE (state, paid_at, cancelled_at)",
	"gateway_payments": "SELECT, INSERT, UPDATE (gateway, gateway_id, page_url, state, version, refunded_version, receipt, changed_at, checked_at)",
	"money_cases":      "SELECT, INSERT, UPDATE (refund_asked_at, closed_at, closed_how, closed_by, note, settled_to)",
	"receipt_orders":   "SELECT, INSERT, UPDATE (state, version)",
	"bank_receipts":    "SELECT, INSERT, UPDATE (state, judged_at, judged_by, remark)",
	"refund_requests":  "SELECT, INSERT, UPDATE (state, signed_at, signer_name, out_number, pdf, ended_at, ended_by, remark)",
	"reconciled_days":  "SELECT, INSERT, UPDATE (reconciled_at, lines, healed, cases, balance_tiyn, failed)",
	"signatures":       "SELECT, INSERT, DELETE, UPDATE (set_aside_at)", // deleted with a draft that was reopened and discarded

	// An application and what hangs on its draft: triggers hold what was signed.
	"applications":      "SELECT, INSERT, UPDATE, DELETE",
	"request_documents": "SELECT, INSERT, DELETE",
	"attachments":       "SELECT, INSERT, DELETE",
	"uploads":           "SELECT, INSERT, DELETE",

	"authorities":             "SELECT, INSERT, UPDATE",
	"employees":               "SELECT, INSERT, UPDATE",
	"organisation_people":     "SELECT, INSERT, UPDATE, DELETE",
	"challenges":              "SELECT, INSERT, UPDATE, DELETE",
	"sessions":                "SELECT, INSERT, UPDATE, DELETE",
	"counters":                "SELECT, INSERT, UPDATE",
	"outbox":                  "SELECT, INSERT, UPDATE",
	"idempotency_keys":        "SELECT, INSERT, DELETE, UPDATE (claim, claimed_at, status, answer)",
	"application_transitions": readOnly,
	"ledger_lines":            readOnly,
	"goose_db_version":        readOnly, // whether the schema is the program's
	"invoice_numbers":         "USAGE",
}

// relations lists what rights are given on: tables, views and the sequences that no identity column owns.
const relations = `
	SELECT c.relname::text, c.relkind = 'S'
	FROM pg_class c
	WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
		AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'i')
	ORDER BY 1`

type relation struct {
	Name     string
	Sequence bool
}

func readRelations(ctx context.Context, tx pgx.Tx) ([]relation, error) {
	rows, err := tx.Query(ctx, relations)
	if err != nil {
		return nil, fmt.Errorf("list the tables: %w", err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[relation])
	if err != nil {
		return nil, fmt.Errorf("list the tables: %w", err)
	}
	return found, nil
}

// Grant gives the role what the program needs and takes away everything else that it was given before. It is called by the owner after
// every migration; on a schema newer than this program it changes nothing, for a newer copy may stand beside this one (I38).
// ErrNoRole: there is no such role.
func Grant(ctx context.Context, pool *pgxpool.Pool, role string) error {
	return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error { return grant(ctx, tx, role) })
}

// ErrNoRole is given when rights are to be granted to a role that does not exist.
var ErrNoRole = errors.New("no such role in the database")

func grant(ctx context.Context, tx pgx.Tx, role string) error {
	// Two at once would fail with "tuple concurrently updated".
	if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", migrationLock); err != nil {
		return fmt.Errorf("wait for another copy's migration: %w", err)
	}
	schema, err := readSchema(ctx, tx)
	if err != nil || schema.ahead {
		return err
	}
	var name string
	if err := tx.QueryRow(ctx, "SELECT current_schema()::text").Scan(&name); err != nil {
		return fmt.Errorf("learn the schema: %w", err)
	}
	all, err := readRelations(ctx, tx)
	if err != nil {
		return err
	}
	to, in := pgx.Identifier{role}.Sanitize(), pgx.Identifier{name}.Sanitize()
	// Until version 15 everybody may make tables and functions in the schema "public".
	statements := []string{"REVOKE CREATE ON SCHEMA " + in + " FROM PUBLIC, " + to, "GRANT USAGE ON SCHEMA " + in + " TO " + to}
	for _, r := range all {
		kind := "TABLE "
		if r.Sequence {
			kind = "SEQUENCE "
		}
		on := kind + pgx.Identifier{name, r.Name}.Sanitize()
		statements = append(statements, "REVOKE ALL ON "+on+" FROM PUBLIC, "+to)
		if decided := rights[r.Name]; decided != "" {
			statements = append(statements, "GRANT "+decided+" ON "+on+" TO "+to)
		}
	}
	_, err = tx.Exec(ctx, strings.Join(statements, ";\n"))
	var refusal *pgconn.PgError
	if errors.As(err, &refusal) && refusal.Code == "42704" { // undefined_object
		return fmt.Errorf("%w: %s", ErrNoRole, role)
	}
	if err != nil {
		return fmt.Errorf("give %s its rights: %w", role, err)
	}
	return nil
}

// Undecided lists, sorted, what stands in the schema without a row in the table of rights. For tests.
func Undecided(ctx context.Context, pool *pgxpool.Pool) (undecided []string, err error) {
	err = pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		all, err := readRelations(ctx, tx)
		if err != nil {
			return err
		}
		for _, r := range all {
			if rights[r.Name] == "" {
				undecided = append(undecided, r.Name)
			}
		}
		return nil
	})
	return undecided, err
}

// RightsText is the table of rights as one text, for those who keep what was made with it.
func RightsText() string {
	var lines []string
	for name, decided := range rights {
		lines = append(lines, name+": "+decided)
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}
