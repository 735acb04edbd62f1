package server_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"

	"elicensing/server/servertest"
)

func containsID(r *servertest.Response, id string) bool { return strings.Contains(string(r.Body), id) }

// I16: an employee who holds both roles prepares or signs, never both; the other head signs.
func TestWhoPreparedDoesNotSign(t *testing.T) {
	t.Parallel()
	for _, prepare := range []string{"prepare-licence", "prepare-refusal"} {
		t.Run(prepare, func(t *testing.T) {
			t.Parallel()
			p := servertest.New(t)
			_, id := p.At("in_review")
			both := official(t, p, "123456789066")
			var employee string
			p.DB.Raw("SELECT id FROM employees WHERE iin = '123456789066'").Scan(&employee)
			head := p.SignInAs("head")
			head.Act(id, "reassign", reassignment(employee))
			var body any
			if prepare == "prepare-refusal" {
				body = servertest.Refusal()
			}
			both.Act(id, prepare, body)
			both.Do(http.MethodPost, "/api/applications/"+id+"/result-document", nil).ExpectProblem(http.StatusConflict, "prepared_by_yourself")
			offered := false
			for _, a := range both.Read(id).Actions {
				offered = offered || (a.Name == "sign_result" && a.Blocked == "prepared_by_yourself")
			}
			if !offered {
				t.Error("the reason is not shown at the action")
			}
			// The bytes that another head was given do not help either.
			to := head.Prepare(id, "result-document")
			both.Do(http.MethodPost, "/api/applications/"+id+"/sign-result", map[string]any{"digest": to.Digest, "signature": both.Sign(to.Content)}).
				ExpectProblem(http.StatusConflict, "prepared_by_yourself")
			if done := head.SignResult(id); done.State != "issued" && done.State != "refused" {
				t.Error(done.State)
			}
		})
	}
}

// Whatever the code does, the database takes no result whose signer prepared it or has a part in the case, and no end without a result (I15, I16).
func TestTheDatabaseKeepsStepsApart(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	_, id := p.At("licence_prepared")
	p.SignInAs("head").Prepare(id, "result-document")
	sign := `INSERT INTO signatures (id, application_id, purpose, content_digest, cms, cms_digest, signer_iin, signer_bin, signer_name, certificate_serial, signed_at, report)
		VALUES ('00000000-0000-7000-8000-000000000001', ?, ?, '\x00', '\x00', '\x00', ?, '', '', '', now(), '{}')`
	publish := `INSERT INTO results (application_id, kind, pdf, sha256, signature_id, signed_at, signer_name)
		VALUES (?, 'refusal', '\x00', sha256('x'), '00000000-0000-7000-8000-000000000001', now(), '')`
	var executor string
	p.DB.Raw("SELECT e.iin FROM employees e JOIN applications a ON a.executor_id = e.id WHERE a.id = ?", id).Scan(&executor)
	for name, c := range map[string]struct {
		purpose, iin string
		refused      string
	}{
		"the preparer":      {"result", executor, "who prepared"},
		"the applicant":     {"result", "123456789011", "own case"},
		"another's purpose": {"request", "123456789032", "not of this result"},
		"a head":            {"result", "123456789032", ""},
	} {
		tx := p.DB.Begin()
		if c.purpose == "request" {
			tx.Exec("UPDATE signatures SET set_aside_at = now() WHERE application_id = ?", id)
		}
		if err := tx.Exec(sign, id, c.purpose, c.iin).Error; err != nil {
			t.Fatal(name, err)
		}
		err := tx.Exec(publish, id).Error
		if (err == nil) != (c.refused == "") || (err != nil && !strings.Contains(err.Error(), c.refused)) {
			t.Errorf("%s: %v", name, err)
		}
		tx.Rollback()
	}
	if err := p.DB.Exec("UPDATE applications SET state = 'issued' WHERE id = ?", id).Error; err == nil || !strings.Contains(err.Error(), "signed result") {
		t.Errorf("an application ends without a result: %v", err)
	}
}

// I15, whatever the code does: in no state does the database take a licence without the signed result that bears its number.
func TestTheDatabaseTakesNoLicenceWithoutItsResult(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	enter := func(id, number string) error {
		return p.DB.Transaction(func(tx *gorm.DB) error {
			if err := tx.Exec("INSERT INTO licence_numbers (number, application_id, taken_at) VALUES (?, ?, now())", number, id).Error; err != nil {
				return err
			}
			return tx.Exec(`INSERT INTO licences (number, application_id, authority_code, holder_kind, holder_iin, holder_name, annex_number, sub_activities, addresses, status, issued_on,
				first_issued_on, created_at, service_code, service_version)
				VALUES (?, ?, '13', 'person', '123456789011', 'А', '001', '[]', '[]', 'valid', now(), now(), now(), 'medical-activity', 1)`, number, id).Error
		})
	}
	for _, state := range []string{"draft", "awaiting_payment", "filed", "registered", "assigned", "in_review", "licence_prepared", "refusal_prepared", "refused", "withdrawn"} {
		_, id := p.At(state)
		if err := enter(id, "KZ00DEM00000777"); err == nil || !strings.Contains(err.Error(), "a licence has a signed result") {
			t.Errorf("%s: %v", state, err)
		}
	}
	if n := p.Count("SELECT count(*) FROM licences") + p.Count("SELECT count(*) FROM licence_numbers"); n != 0 {
		t.Errorf("%d rows stayed", n)
	}
}

// R5.5: pressing "prepare" twice gives the same document, one after the other and at once; each head his own.
func TestPreparingAResultTwice(t *testing.T) {
	t.Parallel()
	for _, state := range []string{"licence_prepared", "refusal_prepared"} {
		t.Run(state, func(t *testing.T) {
			t.Parallel()
			p := servertest.New(t)
			_, id := p.At(state)
			head, other := p.SignInAs("head"), official(t, p, "123456789066")
			first := head.Prepare(id, "result-document")
			if again := head.Prepare(id, "result-document"); again.Digest != first.Digest {
				t.Error("the same press gives another document")
			}
			var all sync.WaitGroup
			answers := make([]int, 12)
			for i := range answers {
				all.Go(func() {
					c := head
					if i%2 == 0 {
						c = other
					}
					answers[i] = c.Do(http.MethodPost, "/api/applications/"+id+"/result-document", nil).Status
				})
			}
			all.Wait()
			for _, status := range answers {
				if status != http.StatusOK {
					t.Fatalf("answers %v", answers)
				}
			}
			if n := p.Count("SELECT count(*) FROM licence_numbers") + p.Count("SELECT count(*) FROM outgoing_numbers"); n != 1 {
				t.Errorf("%d numbers taken", n)
			}
			if done := other.SignResult(id); !strings.Contains("issued refused", done.State) {
				t.Error(done.State)
			}
		})
	}
}

// No counter is locked while a licence is drawn and stored: others go on taking numbers meanwhile.
func TestDrawingHoldsNoCounter(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	_, id := p.At("licence_prepared")
	head := p.SignInAs("head")
	var name string
	if err := p.DB.Raw("SELECT current_database()").Scan(&name).Error; err != nil {
		t.Fatal(err)
	}
	config := anotherDatabase(t, p).Config().Copy()
	config.Database = name
	outside, err := pgx.ConnectConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	defer outside.Close(t.Context())
	// The drawn document finds its table closed for writing, and waits.
	if _, err := outside.Exec(t.Context(), "BEGIN; LOCK TABLE result_documents IN SHARE MODE"); err != nil {
		t.Fatal(err)
	}
	done := make(chan int, 1)
	go func() {
		done <- head.Do(http.MethodPost, "/api/applications/"+id+"/result-document", nil).Status
	}()
	// In this database: in a copy of the same template the table of another test has the same number.
	for p.Count("SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE NOT granted AND relation = 'result_documents'::regclass AND datname = current_database()") == 0 {
		if t.Context().Err() != nil {
			t.Fatal("the document never came to be stored")
		}
	}
	if n := p.Count("SELECT count(*) FROM licence_numbers WHERE application_id = ?", id); n != 1 {
		t.Errorf("%d numbers taken for good before the drawing", n)
	}
	if _, err := outside.Exec(t.Context(), "SELECT last FROM counters WHERE series = 'licence/DEM' FOR UPDATE NOWAIT"); err != nil {
		t.Errorf("the counter is held while the document is drawn: %v", err)
	}
	if _, err := outside.Exec(t.Context(), "ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	if status := <-done; status != http.StatusOK {
		t.Error(status)
	}
}
