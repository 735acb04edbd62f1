package database_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm"

	"elicensing/server/database"
	"elicensing/server/database/dbtest"
)

// kept are the tables whose rows may never be changed, removed or cut off (I10, I31). They stand here a second time, so that a slip in the
// table of rights shows.
var kept = []string{"gateway_notices", "journal", "ledger_entries", "licences", "parked_notices", "refund_documents", "result_documents", "results"}

func TestMain(m *testing.M) { dbtest.Main(m) }

// The list of tables is the database's own: a table that a migration adds without a decision fails here.
func TestTheProgramMayDoNoMoreThanItDoes(t *testing.T) {
	db := dbtest.New(t)
	if !dbtest.Separated(t) {
		t.Skip("the user of ELICENSING_TEST_DATABASE_URL may not make roles")
	}
	owner := dbtest.Owner(t, db)
	var columns []struct{ Name, Kind, Column string }
	err := owner.Raw(`SELECT c.relname AS name, c.relkind::text AS kind, a.attname AS column FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
		WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND a.attidentity = '' AND NOT a.attisdropped ORDER BY 1, a.attnum`).Scan(&columns).Error
	if err != nil {
		t.Fatal(err)
	}
	changeable := map[string][]string{} // what the role may do with each table
	for _, c := range columns {
		if _, seen := changeable[c.Name]; !seen {
			changeable[c.Name] = nil
			for _, statement := range []string{"DELETE FROM " + c.Name, "TRUNCATE " + c.Name + " CASCADE"} {
				if allowed(t, db, statement) {
					changeable[c.Name] = append(changeable[c.Name], strings.Fields(statement)[0])
				}
			}
		}
		if allowed(t, db, fmt.Sprintf("UPDATE %s SET %s = %[2]s", pgx.Identifier{c.Name}.Sanitize(), pgx.Identifier{c.Column}.Sanitize())) {
			changeable[c.Name] = append(changeable[c.Name], "UPDATE "+c.Column)
		}
	}
	if len(changeable) < 20 {
		t.Fatalf("only %d tables were found", len(changeable))
	}
	for name, may := range changeable {
		if slices.Contains(may, "TRUNCATE") {
			t.Errorf("%s may be truncated", name)
		}
		if slices.Contains(kept, name) && len(may) > 0 {
			t.Errorf("%s is append-only, and the program may %v", name, may)
		}
	}
	for _, name := range kept {
		if _, there := changeable[name]; !there {
			t.Errorf("there is no table %s", name)
		}
	}
	// The process itself and the version of the schema are the owner's.
	for _, name := range []string{"application_transitions", "goose_db_version"} {
		if len(changeable[name]) > 0 || allowed(t, db, "INSERT INTO "+name+" DEFAULT VALUES") {
			t.Errorf("the program may write to %s", name)
		}
	}
	for _, statement := range []string{"CREATE TABLE own (id int)", "DROP TABLE journal", "DROP TRIGGER journal_append_only ON journal", "ALTER TABLE journal DISABLE TRIGGER ALL",
		"SET LOCAL session_replication_role = replica", "ALTER SEQUENCE journal_id_seq RESTART"} {
		if allowed(t, db, statement) {
			t.Errorf("the program may %s", statement)
		}
	}
}

// allowed tries a statement and takes it back. Only the lack of a right counts as a refusal; a trigger that refuses has let it come that far.
func allowed(t *testing.T, db *gorm.DB, statement string) bool {
	t.Helper()
	back := errors.New("taken back")
	err := db.Transaction(func(tx *gorm.DB) error {
		if err := tx.Exec(statement).Error; err != nil {
			return err
		}
		return back
	})
	var refusal *pgconn.PgError
	if errors.As(err, &refusal) && refusal.Code == "42501" {
		return !strings.HasPrefix(refusal.Message, "permission denied") && !strings.HasPrefix(refusal.Message, "must be owner")
	}
	return true
}

// An installation with one role: its rights forbid nothing, so triggers do. What they refuse comes as insufficient_privilege as well.
func TestTheOwnerIsHeldByTriggers(t *testing.T) {
	owner := dbtest.Owner(t, dbtest.New(t))
	const iin, id = "'123456789011'", "'00000000-0000-7000-8000-000000000001'"
	for _, statement := range []string{ // rows for the triggers that look at each
		`INSERT INTO authorities (code, bin, created_at) VALUES ('13', '990240003561', now())`,
		`INSERT INTO applications (id, service_code, service_version, kind, channel, state, applicant_kind, applicant_iin, applicant_name, saved_at, created_at, updated_at)
			VALUES (` + id + `, 'medical-activity', 1, 'licence', 'portal', 'draft', 'person', ` + iin + `, 'А', now(), now(), now())`,
		`INSERT INTO signatures (id, application_id, purpose, content_digest, cms, cms_digest, signer_iin, signer_name, certificate_serial, signed_at, report)
			VALUES (` + id + `, ` + id + `, 'request', '', '', '', ` + iin + `, 'А', '1', now(), '{}')`,
		`INSERT INTO licence_numbers (number, application_id, taken_at) VALUES ('KZ00DEM00000001', ` + id + `, now())`,
		`INSERT INTO outgoing_numbers (authority_code, year, number, application_id, taken_at) VALUES ('13', 2026, 1, ` + id + `, now())`,
		`INSERT INTO order_numbers (authority_code, year, number, application_id, taken_at) VALUES ('13', 2026, 1, ` + id + `, now())`,
	} {
		if err := owner.Exec(statement).Error; err != nil {
			t.Fatal(err)
		}
	}
	refused := func(statement string) {
		t.Helper()
		err := owner.Transaction(func(tx *gorm.DB) error { return tx.Exec(statement).Error })
		var refusal *pgconn.PgError
		if !errors.As(err, &refusal) || refusal.Code != "42501" || strings.HasPrefix(refusal.Message, "permission denied") {
			t.Errorf("%s: %v", statement, err)
		}
	}
	for _, name := range kept {
		refused("TRUNCATE " + name + " CASCADE")
		if name != "ledger_entries" && name != "gateway_notices" { // theirs look at each row; payments tests them
			refused("DELETE FROM " + name)
		}
	}
	for _, name := range []string{"applications", "signatures", "licence_numbers", "outgoing_numbers", "order_numbers", "invoices", "gateway_payments"} {
		refused("TRUNCATE " + name + " CASCADE")
	}
	for _, statement := range []string{
		"DELETE FROM signatures", "UPDATE signatures SET cms = 'x'", "UPDATE signatures SET set_aside_at = now(), signer_iin = '000000000000'",
		"DELETE FROM licence_numbers", "UPDATE licence_numbers SET taken_at = now()", "UPDATE licence_numbers SET number = 'KZ00DEM00000002'",
		"DELETE FROM outgoing_numbers", "UPDATE outgoing_numbers SET number = 2",
		"DELETE FROM order_numbers", "UPDATE order_numbers SET number = 2",
	} {
		refused(statement)
	}
	for _, statement := range []string{"UPDATE signatures SET set_aside_at = now()", "UPDATE licence_numbers SET voided_at = now(), void_reason = 'x'", "UPDATE outgoing_numbers SET voided_at = now(), void_reason = 'x'",
		"UPDATE order_numbers SET voided_at = now(), void_reason = 'x'"} {
		if err := owner.Exec(statement).Error; err != nil {
			t.Errorf("%s: %v", statement, err)
		}
		refused(statement) // once
	}
	if err := owner.Exec("DELETE FROM signatures").Error; err != nil {
		t.Errorf("one that was set aside: %v", err)
	}
}

func TestEveryTableIsDecidedUpon(t *testing.T) {
	url := dbtest.EmptyURL(t)
	_, pool, err := database.Open(t.Context(), url, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	if err := database.Migrate(t.Context(), pool, nil); err != nil {
		t.Fatal(err)
	}
	if undecided, err := database.Undecided(t.Context(), pool); err != nil || len(undecided) > 0 {
		t.Errorf("decide in rights.go what the program may do with %v (%v)", undecided, err)
	}
	for _, statement := range []string{"CREATE TABLE evidence (id int GENERATED ALWAYS AS IDENTITY)", "CREATE SEQUENCE evidence_numbers", "CREATE VIEW evidence_seen AS SELECT id FROM evidence"} {
		if _, err := pool.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	undecided, err := database.Undecided(t.Context(), pool)
	if want := []string{"evidence", "evidence_numbers", "evidence_seen"}; err != nil || !slices.Equal(undecided, want) {
		t.Errorf("undecided %v, want %v (%v)", undecided, want, err)
	}
}

// An installation that worked as one role gets a second one: what was given to it before by hand is taken back, and what PUBLIC had as well.
func TestGrantingMendsWhatWasGivenBefore(t *testing.T) {
	db := dbtest.New(t)
	if !dbtest.Separated(t) {
		t.Skip("the user of ELICENSING_TEST_DATABASE_URL may not make roles")
	}
	owner := dbtest.Owner(t, db)
	role := current(t, db)
	for _, statement := range []string{"GRANT ALL ON ALL TABLES IN SCHEMA public TO " + role, "GRANT UPDATE (details) ON journal TO PUBLIC", "GRANT CREATE ON SCHEMA public TO PUBLIC"} {
		if err := owner.Exec(statement).Error; err != nil {
			t.Fatal(err)
		}
	}
	if !allowed(t, db, "CREATE TABLE own (id int)") {
		t.Fatal("the test gives nothing that could be taken back")
	}
	_, pool, err := database.Open(t.Context(), dbtest.OwnerURL(t, owner), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	for range 2 { // and again at each start
		if err := database.Grant(t.Context(), pool, role); err != nil {
			t.Fatal(err)
		}
	}
	for _, statement := range []string{"UPDATE journal SET details = details", "DELETE FROM ledger_entries", "TRUNCATE results CASCADE", "CREATE TABLE own (id int)"} {
		if allowed(t, db, statement) {
			t.Errorf("after granting the program may %s", statement)
		}
	}
	if !allowed(t, db, "UPDATE outbox SET last_error = ''") {
		t.Error("after granting the program may no longer do what it does")
	}
	if err := database.Grant(t.Context(), pool, "nobody \"of that name\""); !errors.Is(err, database.ErrNoRole) {
		t.Errorf("granting to nobody: %v", err)
	}
	// A newer copy has brought its migration and its rights: an older one that starts beside it leaves them (I38).
	for _, statement := range []string{"INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)", "GRANT UPDATE ON licences TO " + role} {
		if err := owner.Exec(statement).Error; err != nil {
			t.Fatal(err)
		}
	}
	if err := database.Grant(t.Context(), pool, role); err != nil {
		t.Fatal(err)
	}
	if !allowed(t, db, "UPDATE licences SET status = status") {
		t.Error("an older copy took away what a newer one needs")
	}
}

func TestHowARoleStandsToTheSchema(t *testing.T) {
	inspect := func(url string) (database.Standing, error) {
		t.Helper()
		_, pool, err := database.Open(t.Context(), url, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer pool.Close()
		return database.Inspect(context.Background(), pool)
	}
	empty := dbtest.EmptyURL(t)
	if s, err := inspect(empty); err != nil || !s.Owner || !s.Behind {
		t.Errorf("owner of an empty database: %+v %v", s, err)
	}
	if !dbtest.Separated(t) {
		t.Skip("the user of ELICENSING_TEST_DATABASE_URL may not make roles")
	}
	db := dbtest.New(t)
	role := current(t, db)
	if s, err := inspect(empty + separator(empty) + "role=" + role); err != nil || s.Owner || !s.Behind || s.Role != role {
		t.Errorf("the program in an empty database: %+v %v", s, err)
	}
	owner := dbtest.Owner(t, db)
	if s, err := inspect(dbtest.OwnerURL(t, owner)); err != nil || !s.Owner || s.Behind {
		t.Errorf("the owner: %+v %v", s, err)
	}
	mine := dbtest.RoleURL(t, db)
	if s, err := inspect(mine); err != nil || s.Owner || s.Behind {
		t.Errorf("the program: %+v %v", s, err)
	}
	if err := owner.Exec("DELETE FROM goose_db_version WHERE version_id = 5").Error; err != nil {
		t.Fatal(err)
	}
	if s, err := inspect(mine); err != nil || !s.Behind {
		t.Errorf("the program on an older schema: %+v %v", s, err)
	}
	if err := owner.Exec("REVOKE ALL ON goose_db_version FROM " + role).Error; err != nil {
		t.Fatal(err)
	}
	if _, err := inspect(mine); !errors.Is(err, database.ErrNoRights) {
		t.Errorf("a role that was given nothing: %v", err)
	}
}

func TestRoleAt(t *testing.T) {
	for address, want := range map[string]string{
		"postgres://app:s3cret@db/portal":           "app portal",
		"host=db user=app dbname=portal":            "app portal",
		"postgres://login@db/portal?role=app_group": "app_group portal",
	} {
		if role, name, err := database.RoleAt(address); err != nil || role+" "+name != want {
			t.Errorf("%s: %s %s %v", address, role, name, err)
		}
	}
	if _, _, err := database.RoleAt("postgres://app:s3cret@db:port/portal"); err == nil || strings.Contains(err.Error(), "s3cret") {
		t.Errorf("got %v", err)
	}
}

func current(t *testing.T, db *gorm.DB) (role string) {
	t.Helper()
	if err := db.Raw("SELECT current_user").Scan(&role).Error; err != nil {
		t.Fatal(err)
	}
	return role
}

func separator(url string) string {
	if strings.Contains(url, "?") {
		return "&"
	}
	return "?"
}
