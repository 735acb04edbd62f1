package server_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"elicensing/server"
	"elicensing/server/application"
	"elicensing/server/database/dbtest"
	"elicensing/server/servertest"
)

// listening keeps the statements that are run, with their values in them.
type listening struct {
	logger.Interface
	mu         sync.Mutex
	statements []string
}

func (l *listening) LogMode(logger.LogLevel) logger.Interface { return l }

func (l *listening) Trace(_ context.Context, _ time.Time, statement func() (string, int64), _ error) {
	sql, _ := statement()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.statements = append(l.statements, sql)
}

// Among 20,000 applications the pages of an official and of an applicant are found by their indexes: none reads or sorts the whole table.
func TestListsAreFoundByTheirIndexes(t *testing.T) {
	t.Parallel()
	heard := &listening{Interface: logger.Discard}
	p := servertest.New(t, func(d *server.Deps) {
		deps := d.Applications.Deps
		deps.DB = deps.DB.Session(&gorm.Session{Logger: heard})
		made, err := application.New(deps)
		if err != nil {
			t.Fatal(err)
		}
		d.Applications = made
	})
	owner := dbtest.Unguarded(t, p.DB) // only the shape of the table matters here
	err := owner.Exec(`INSERT INTO applications (id, service_code, service_version, kind, channel, state, applicant_kind, applicant_iin, applicant_name, authority_code,
				saved_at, document_id, number, number_year, number_seq, filed_at, due_at, incoming_number, registered_at, executor_id, decision, step_started_at, step_due_at, created_at, updated_at)
			SELECT gen_random_uuid(), 'medical-activity', 1, 'licence', 'portal',
				CASE i % 40 WHEN 0 THEN 'filed' WHEN 1 THEN 'registered' WHEN 2 THEN 'assigned' WHEN 3 THEN 'licence_prepared' ELSE 'issued' END,
				'person', lpad((i % 3000)::text, 12, '7'), 'X', '13', now(), gen_random_uuid(), '13-2026-' || i, 2026, i, now(), now(), i::text, now() - i * interval '1 minute',
				(SELECT id FROM employees LIMIT 1), '{}', now(), now() + (i % 997) * interval '1 minute', now() - i * interval '1 minute', now() - i * interval '1 minute'
			FROM generate_series(1, 20000) i`).Error
	if err != nil {
		t.Fatal(err)
	}
	owner.Exec("ANALYZE")
	head, person := p.SignInAs("head"), p.SignInAs("person")
	for _, path := range []string{"/api/authority/queue?show=mine", "/api/authority/queue?show=all", "/api/authority/queue?show=done", "/api/authority/journal",
		"/api/authority/queue?show=all#13-2026-40 x", "/api/authority/queue?show=done#13-2026", "/api/authority/queue?show=all&urgency=overdue"} {
		path, words, _ := strings.Cut(path, "#")
		looking := servertest.Header("Search-Words", url.PathEscape(words))
		var first struct{ Next string }
		head.Do(http.MethodGet, path, nil, looking).Expect(http.StatusOK).JSON(&first)
		glue := "?"
		if strings.Contains(path, "?") {
			glue = "&"
		}
		head.Do(http.MethodGet, path+glue+"cursor="+first.Next, nil, looking).Expect(http.StatusOK)
	}
	person.Do(http.MethodGet, "/api/applications", nil).Expect(http.StatusOK)
	looked := 0
	for _, statement := range heard.statements {
		if !strings.HasPrefix(statement, "SELECT") || !strings.Contains(statement, "applications") {
			continue
		}
		looked++
		var plan []string
		if err := p.DB.Raw("EXPLAIN " + strings.ReplaceAll(statement, "?", "??")).Scan(&plan).Error; err != nil {
			t.Fatal(err)
		}
		text := strings.Join(plan, "\n")
		// One applicant's own few rows may be sorted; what belongs to an authority may not.
		if strings.Contains(text, "Seq Scan on applications") || strings.Contains(text, "Sort") && strings.Contains(statement, "a.authority_code = ") {
			t.Errorf("%s\n%s", statement, text)
		}
	}
	if looked < 17 {
		t.Errorf("only %d statements were looked at", looked)
	}
}
