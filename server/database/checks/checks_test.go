package checks_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gorm.io/gorm"

	"elicensing/server"
	"elicensing/server/application"
	"elicensing/server/blob"
	"elicensing/server/catalog"
	"elicensing/server/database"
	"elicensing/server/database/checks"
	"elicensing/server/database/dbtest"
	"elicensing/server/servertest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// lived is a portal in which something has happened: a licence and a refusal are issued, a clinic's request with a scan is filed and a draft with
// a scan waits.
type lived struct {
	*servertest.Portal
	t     *testing.T
	scans string
	owner *gorm.DB
	run   func(names ...string) (string, error)
}

func newLived(t *testing.T) *lived {
	t.Helper()
	l := &lived{t: t, scans: t.TempDir()}
	var apps *application.Service
	l.Portal = servertest.New(t, func(d *server.Deps) {
		folder, err := blob.OpenFolder(l.scans)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = folder.Close() })
		deps := d.Applications.Deps
		deps.Blobs = folder
		if apps, err = application.New(deps); err != nil {
			t.Fatal(err)
		}
		d.Applications = apps
	})
	l.Applications = apps
	l.At("issued")
	l.At("refused")
	l.Filed(catalog.Entity)
	l.SignInAs("sole-trader").Draft(catalog.SoleTrader)
	l.Deliver()
	l.owner = dbtest.Unguarded(t, l.DB)
	_, pool, err := database.Open(t.Context(), dbtest.RoleURL(t, l.DB), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	place := checks.Place{Pool: pool, Scans: os.DirFS(l.scans), Roots: l.CA.Roots(), Issuing: l.CA.Intermediates(), Now: l.Clock.Now}
	l.run = func(names ...string) (string, error) {
		var said bytes.Buffer
		err := checks.Run(t.Context(), place, &said, names...)
		return said.String(), err
	}
	return l
}

// inOne runs statements in one transaction.
func inOne(t *testing.T, db *gorm.DB, statements ...string) {
	t.Helper()
	err := db.Transaction(func(tx *gorm.DB) error {
		for _, s := range statements {
			if err := tx.Exec(s).Error; err != nil {
				return fmt.Errorf("%s: %w", s, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestALivedInPortalIsInOrder(t *testing.T) {
	l := newLived(t)
	said, err := l.run()
	if err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	for _, name := range checks.Names() {
		if !strings.Contains(said, name) {
			t.Errorf("%s says nothing:\n%s", name, said)
		}
	}
	if strings.Contains(said, "ok (0)") {
		t.Errorf("a checker had nothing to look at:\n%s", said)
	}
	if _, err := l.run("nothing"); err == nil || errors.Is(err, checks.ErrFound) {
		t.Errorf("an unknown checker: %v", err)
	}
}

// inSignature flips a bit in the value of a signature, which begins with 04 82 01 00 (an octet string of 2,048 bits); evidence stands behind it.
const inSignature = `set_byte(cms, position('\x04820100'::bytea in cms) + 20, get_byte(cms, position('\x04820100'::bytea in cms) + 20) # 1)`

// Each damage is found by its checker, which names the record and tells no person's data.
func TestDamageIsFound(t *testing.T) {
	l := newLived(t)
	keep(t, l.owner)
	for _, d := range []struct{ checker, statement, says string }{
		{"numbers", "UPDATE counters SET last = last + 1 WHERE series = 'application/13'", "application/13 2026 no. 4: skipped"},
		{"numbers", "UPDATE applications SET number_seq = 9, number = '13-2026-000009' WHERE number_seq = 2", "13-2026-000009: its number was never counted"},
		{"numbers", "UPDATE applications SET number = '13-2026-000009' WHERE number_seq = 2", "13-2026-000009: does not say"},
		{"numbers", "UPDATE applications SET incoming_number = '1' WHERE incoming_number = '2'", "incoming/13 2026 no. 1: given 2 times"},
		{"numbers", "UPDATE applications SET incoming_number = '1' WHERE incoming_number = '2'", "incoming/13 2026 no. 2: skipped"},
		{"numbers", "DELETE FROM licence_numbers", "licence/DEM 0 no. 1: skipped"},
		{"states", "UPDATE applications SET state = 'withdrawn' WHERE state = 'filed'", "the journal left it at filed"},
		{"states", "DELETE FROM journal WHERE action = 'register' AND application_id = (SELECT application_id FROM journal WHERE action = 'register' LIMIT 1)", "the one before led to filed"},
		{"states", "INSERT INTO journal (at, application_id, action, from_state, to_state, actor_role) SELECT now(), id, 'register', state, 'issued', 'head' FROM applications WHERE state = 'filed'", "no step leads from filed to issued"},
		{"states", "INSERT INTO journal (at, application_id, action, from_state, to_state, actor_role) SELECT now(), application_id, action, from_state, to_state, actor_role FROM journal WHERE action = 'file' LIMIT 1", "has file 2 times"},
		{"states", "DELETE FROM applications WHERE state = 'filed'", "is gone, the journal left it at filed"},
		{"states", "DELETE FROM results WHERE kind = 'refusal'", "is refused and has no result"},
		{"states", "DELETE FROM licences", "another application than its document"},
		{"ledger", "DELETE FROM ledger_entries WHERE id = (SELECT min(id) FROM ledger_entries)", "is paid, and 0 entries say so"},
		{"ledger", "UPDATE ledger_entries SET amount_tiyn = amount_tiyn + 1", "books"},
		{"ledger", "UPDATE invoices SET state = 'open', paid_at = NULL", "says it is paid"},
		{"ledger", "UPDATE gateway_payments SET state = 'refused'", "its payment at the gateway is refused"},
		{"ledger", "INSERT INTO ledger_entries (gateway_id, kind, debit, credit, amount_tiyn, paid_at, recorded_at) VALUES ('gw-x', 'refunded', 'parked', 'gateway', 5, now(), now())", "gateway payment gw-x: gave back 5 tiyn"},
		{"ledger", "INSERT INTO ledger_entries (gateway_id, kind, debit, credit, amount_tiyn, paid_at, recorded_at) VALUES ('gw-y', 'difference', 'parked', 'budget', 7, now(), now())", "the account parked: is 7 tiyn below zero"},
		{"ledger", "INSERT INTO ledger_entries (gateway_id, kind, debit, credit, amount_tiyn, paid_at, recorded_at) VALUES ('gw-z', 'parked', 'gateway', 'parked', 9, now(), now())", "gateway payment gw-z: has 9 tiyn on the account parked, and no case is open about it"},
		{"ledger", "WITH word AS (INSERT INTO parked_notices (id, fingerprint, reason, invoice_id, reference, gateway_id, state, amount_tiyn, currency, budget_code, purpose_code, payer_id, parked_at) " +
			"SELECT gen_random_uuid(), 'x', 'refund_asked', invoice_id, '', gateway_id, 'paid', 1, 'KZT', '', '', '', now() FROM gateway_payments ORDER BY invoice_id LIMIT 1) " +
			"UPDATE invoices SET state = 'open', paid_at = NULL", "is open, though its money came"},
		{"ledger", "INSERT INTO reconciled_days (gateway, day, reconciled_at, lines, healed, cases, balance_tiyn) VALUES ('online', '2020-01-01', now(), 1, 0, 0, 5)", "online 2020-01-01: by the gateway's book the day came to 5 tiyn, by ours to 0"},
		{"numbers", "INSERT INTO counters VALUES ('non-submission/13', 2026, 1)", "non-submission/13 2026 no. 1: skipped"},
		{"signatures", "UPDATE request_documents SET manifest = manifest || ' '", "the manifest is not the one that was signed"},
		{"signatures", "UPDATE request_documents SET request_json = set_byte(request_json, 40, get_byte(request_json, 40) # 1)", "request.json is not the one that was signed"},
		{"signatures", "UPDATE request_documents SET request_pdf = set_byte(request_pdf, 400, get_byte(request_pdf, 400) # 1)", "request.pdf is not the one that was signed"},
		{"signatures", "UPDATE signatures SET cms = " + inSignature + ", cms_digest = sha256(" + inSignature + ")", "is refused: signature_wrong"},
		{"signatures", "UPDATE signatures SET cms = set_byte(cms, 200, get_byte(cms, 200) # 1)", "the CMS is not the one that was accepted"},
		{"signatures", "UPDATE signatures SET signer_iin = '000000000000'", "somebody else's"},
		{"signatures", "DELETE FROM request_documents", "the document that it signs is not there"},
		{"results", "UPDATE results SET pdf = set_byte(pdf, 1000, get_byte(pdf, 1000) # 1)", "the PDF is not the one that was published"},
		{"results", "UPDATE results SET pdf = set_byte(pdf, 1000, get_byte(pdf, 1000) # 1), sha256 = sha256(set_byte(pdf, 1000, get_byte(pdf, 1000) # 1))", "the signed bytes of the PDF are others"},
		{"results", "UPDATE signatures SET set_aside_at = now() WHERE purpose = 'result'", "its signature is that of something else"},
		{"results", "DELETE FROM result_documents", "no prepared document has these bytes"},
		{"evidence", "UPDATE signatures SET report = jsonb_set(report, '{evidence,ocsp}', '[]') WHERE purpose = 'result'", "can no longer be shown to be good: revocation_unavailable"},
		{"evidence", "UPDATE results SET pdf = set_byte(pdf, 1000, get_byte(pdf, 1000) # 1)", "can no longer be shown to be good: signature_content_differs"},
		{"evidence", "UPDATE request_documents SET manifest = manifest || ' '", "can no longer be shown to be good: signature_content"},
		{"evidence", "UPDATE signatures SET report = '{}'", "its evidence cannot be read"},
		{"outbox", "UPDATE outbox SET done_at = NULL, given_up_at = now()", "was given up"},
		{"outbox", "UPDATE outbox SET done_at = NULL, next_attempt_at = now() - interval '2 hours'", "nobody takes it"},
		{"outbox", "DELETE FROM outbox WHERE payload->>'event' = 'issued'", "was issued, and no message tells it"},
		{"outbox", "INSERT INTO outbox (kind, payload, created_at, next_attempt_at) SELECT kind, payload, created_at, next_attempt_at FROM outbox WHERE payload->>'event' = 'refused'", "refused is told 2 times"},
		{"files", "UPDATE attachments SET sha256 = sha256('x')", "is not the one that came"},
		{"files", "DELETE FROM attachments", "belongs to nothing"},
	} {
		inOne(t, l.owner, d.statement)
		said, err := l.run(d.checker)
		if !errors.Is(err, checks.ErrFound) || !strings.Contains(said, d.says) {
			t.Errorf("%s\nfound %v:\n%s", d.statement, err, said)
		}
		if strings.Contains(said, "123456789") || strings.Contains(said, "ТЕСТ") {
			t.Errorf("personal data:\n%s", said)
		}
		restore(t, l.owner)
	}
	if said, err := l.run(); err != nil {
		t.Fatalf("the test does not mend what it breaks: %v\n%s", err, said)
	}
}

func TestDamageToScansIsFound(t *testing.T) {
	l := newLived(t)
	var scan string
	err := filepath.WalkDir(l.scans, func(path string, entry os.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			scan = path
		}
		return err
	})
	if err != nil || scan == "" {
		t.Fatal(scan, err)
	}
	content, err := os.ReadFile(scan)
	if err != nil {
		t.Fatal(err)
	}
	write := func(path string, content []byte) {
		t.Helper()
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	expect := func(says string) {
		t.Helper()
		if said, err := l.run("files"); !errors.Is(err, checks.ErrFound) || !strings.Contains(said, says) {
			t.Errorf("%v:\n%s\nwant %q", err, said, says)
		}
	}
	write(scan, append(bytes.Clone(content), 0))
	expect("is not the one that came")
	if err := os.Remove(scan); err != nil {
		t.Fatal(err)
	}
	expect("is not in the folder")
	write(scan, content)
	write(filepath.Join(filepath.Dir(scan), "01900000-0000-7000-8000-000000000000"), content)
	expect("01900000-0000-7000-8000-000000000000: lies in the folder and belongs to nothing")
}

// watched are the tables that the test breaks.
var watched = []string{"counters", "applications", "journal", "results", "licences", "licence_numbers", "ledger_entries", "invoices", "gateway_payments", "request_documents", "signatures",
	"result_documents", "outbox", "attachments", "reconciled_days"}

// keep copies what is about to be broken.
func keep(t *testing.T, owner *gorm.DB) {
	t.Helper()
	for _, table := range watched {
		inOne(t, owner, "CREATE TABLE kept_"+table+" AS SELECT * FROM "+table)
	}
}

func restore(t *testing.T, owner *gorm.DB) {
	t.Helper()
	var statements []string
	for _, table := range watched {
		statements = append(statements, "DELETE FROM "+table, "INSERT INTO "+table+" OVERRIDING SYSTEM VALUE SELECT * FROM kept_"+table)
	}
	inOne(t, owner, statements...)
}
