package database

import (
	"bytes"
	"io/fs"
	"log/slog"
	"strings"
	"testing"
	"testing/fstest"

	"gorm.io/gorm"

	"elicensing/migrations"
)

// until are the migrations of the program up to a number: the database of an earlier version.
func until(t *testing.T, last string) fstest.MapFS {
	t.Helper()
	names, err := fs.Glob(migrations.Files, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{}
	for _, name := range names {
		if name < last+"_~" {
			text, err := fs.ReadFile(migrations.Files, name)
			if err != nil {
				t.Fatal(err)
			}
			files[name] = &fstest.MapFile{Data: text}
		}
	}
	return files
}

const (
	newest    = "00000000-0000-7000-8000-000000000001" // the clinic's, saved last
	colleague = "00000000-0000-7000-8000-000000000002" // the clinic's too, by another of its people, with a scan
	forgotten = "00000000-0000-7000-8000-000000000003" // the clinic's, reopened after signing
	another   = "00000000-0000-7000-8000-000000000004" // of a person
	third     = "00000000-0000-7000-8000-000000000005" // of another person
	scan      = "00000000-0000-7000-8000-00000000000a"
	upload    = "00000000-0000-7000-8000-00000000000b"
	setAside  = "00000000-0000-7000-8000-00000000000c"
)

func run(t *testing.T, db *gorm.DB, statements ...string) {
	t.Helper()
	for _, statement := range statements {
		if err := db.Exec(statement).Error; err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

func draft(id, kind, iin, bin, saved string) string {
	return `INSERT INTO applications (id, service_code, service_version, kind, channel, state, applicant_kind, applicant_iin, applicant_bin, applicant_name, saved_at, created_at, updated_at)
		VALUES ('` + id + `', 'medical-activity', 1, 'licence', 'portal', 'draft', '` + kind + `', '` + iin + `', '` + bin + `', 'А', '` + saved + `', '2026-01-01', '2026-01-01')`
}

// A database of the version in which each of an organisation's people could have a draft of his own.
func TestSeveralDraftsOfOneOrganisationAreMerged(t *testing.T) {
	var log bytes.Buffer
	logger := slog.New(slog.NewJSONHandler(&log, nil))
	db, pool := open(t, address(t), nil)
	if err := migrate(t.Context(), pool, until(t, "0004"), nil); err != nil {
		t.Fatal(err)
	}
	run(t, db,
		draft(newest, "entity", "123456789013", "990240003561", "2026-03-05"),
		draft(colleague, "entity", "123456789011", "990240003561", "2026-03-04"),
		draft(forgotten, "entity", "123456789012", "990240003561", "2026-03-03"),
		draft(another, "person", "123456789011", "", "2026-03-01"),
		draft(third, "person", "123456789012", "", "2026-03-02"),
		`INSERT INTO attachments VALUES ('`+scan+`', '`+colleague+`', 'slot', 'a.pdf', 1, 'application/pdf', sha256('a'), now())`,
		`INSERT INTO uploads (id, application_id, slot, name, size, created_at, expires_at) VALUES ('`+upload+`', '`+colleague+`', 'slot', 'b.pdf', 1, now(), now())`,
		`INSERT INTO signatures (id, application_id, purpose, content_digest, cms, cms_digest, signer_iin, signer_name, certificate_serial, signed_at, report, set_aside_at)
			VALUES ('`+setAside+`', '`+forgotten+`', 'request', '', '', '', '123456789012', 'А', '1', now(), '{}', now())`,
	)
	if err := migrate(t.Context(), pool, until(t, "0005"), nil); err == nil {
		t.Fatal("the migration does not mind several drafts: the test shows nothing")
	}
	if err := Migrate(t.Context(), pool, logger); err != nil {
		t.Fatal(err)
	}
	want := func(what, want, sql string) {
		t.Helper()
		var got string
		if err := db.Raw(sql).Scan(&got).Error; err != nil || got != want {
			t.Errorf("%s: %q, want %q (%v)", what, got, want, err)
		}
	}
	want("drafts that stay", strings.Join([]string{newest, another, third}, " "), "SELECT string_agg(id::text, ' ' ORDER BY id) FROM applications")
	want("what the journal says", colleague+" "+newest+" system,"+forgotten+" "+newest+" system", `SELECT string_agg(application_id || ' ' || (details->>'kept') || ' ' || actor_role, ',' ORDER BY application_id)
		FROM journal WHERE action = 'discard' AND from_state = 'draft' AND to_state = 'gone' AND details->>'reason' = 'one_draft_per_organisation'`)
	want("scans to remove", scan+" "+upload, "SELECT payload->'scans'->>0 || ' ' || (payload->'scans'->>1) FROM outbox WHERE kind = 'remove_scans'")
	want("what is left of them", "0", "SELECT (SELECT count(*) FROM attachments) + (SELECT count(*) FROM uploads) + (SELECT count(*) FROM signatures)")
	if text := log.String(); strings.Count(text, "was discarded") != 2 || strings.Contains(text, "990240003561") {
		t.Errorf("log: %s", text)
	}
	if err := db.Exec(draft(forgotten, "entity", "123456789012", "990240003561", "2026-03-06")).Error; err == nil {
		t.Error("a second draft of the organisation is taken")
	}
	if err := Migrate(t.Context(), pool, logger); err != nil {
		t.Fatal(err)
	}
	want("rows of the journal after another start", "2", "SELECT count(*) FROM journal")
}
