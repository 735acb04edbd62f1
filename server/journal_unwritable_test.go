package server_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"elicensing/server/database/dbtest"
	"elicensing/server/servertest"
)

// ownerOf opens the base of a test as its owner, to break in it what the program cannot.
func ownerOf(t *testing.T, p *servertest.Portal) (do func(sql string)) {
	t.Helper()
	owner := dbtest.Owner(t, p.DB)
	return func(sql string) {
		t.Helper()
		if err := owner.Exec(sql).Error; err != nil {
			t.Fatal(err)
		}
	}
}

// contents is every row of every table but those named, as text: two that are equal hold the same.
func contents(t *testing.T, p *servertest.Portal, without ...string) map[string]string {
	t.Helper()
	var tables []string
	err := p.DB.Raw("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace ORDER BY 1").Scan(&tables).Error
	if err != nil || len(tables) < 10 {
		t.Fatal(tables, err)
	}
	held := map[string]string{}
	for _, table := range tables {
		var all string
		if err := p.DB.Raw(fmt.Sprintf("SELECT coalesce(string_agg(x::text, E'\\n' ORDER BY x::text), '') FROM %q x", table)).Scan(&all).Error; err != nil {
			t.Fatal(err)
		}
		held[table] = all
	}
	for _, table := range without {
		delete(held, table)
	}
	return held
}

func differing(before, after map[string]string) (names []string) {
	for name, held := range before {
		if after[name] != held {
			names = append(names, name)
		}
	}
	return names
}

// I32: while the journal cannot be written, no step of an application happens, and nothing of it is half done. When it can be written again, the same
// press goes through.
func TestNothingHappensWithoutTheJournal(t *testing.T) {
	t.Parallel()
	every := 1
	if testing.Short() {
		every = sparse / 2
	}
	p := servertest.New(t)
	stage, do := newStage(t, p), ownerOf(t, p)
	for _, sql := range []string{
		`CREATE FUNCTION no_journal() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the journal is full'; END $$`,
		`CREATE TRIGGER no_journal BEFORE INSERT ON journal FOR EACH ROW EXECUTE FUNCTION no_journal()`,
		`ALTER TABLE journal DISABLE TRIGGER no_journal`,
	} {
		do(sql)
	}
	tried := 0
	for _, o := range servertest.Operations(t) {
		step, known := steps[o.ID]
		if safe(o.Method) || !known || o.ID == "prepareDocument" || o.ID == "prepareResult" || o.ID == "previewRefusal" || o.ID == "payApplication" || o.ID == "refreshPayment" || o.ID == "saveAnswers" {
			continue // these change no state: they draw, ask the gateway, or save a draft by itself
		}
		if tried++; tried%every != 0 {
			continue
		}
		right := stage.right(o.ID, o.Path)
		do(`ALTER TABLE journal ENABLE TRIGGER no_journal`)
		before := contents(t, p, "sessions")
		key := servertest.Key("no-journal-" + o.ID)
		press := func() *servertest.Response {
			return right.client.Do(o.Method, right.path, right.body, append(right.options, key, servertest.Bad())...)
		}
		if r := press(); r.Status < 500 {
			t.Errorf("%s in %s without the journal: %d %.200s", o.ID, step.state, r.Status, r.Body)
		}
		if changed := differing(before, contents(t, p, "sessions")); len(changed) > 0 {
			t.Errorf("%s without the journal changed %s", o.ID, strings.Join(changed, ", "))
		}
		do(`ALTER TABLE journal DISABLE TRIGGER no_journal`)
		if r := press(); r.Status >= 300 {
			t.Errorf("%s with the journal again: %d %s", o.ID, r.Status, r.Code())
		}
	}
	if tried < 12 {
		t.Errorf("only %d steps were tried", tried)
	}
}

// I1: what fails after its number was taken gives the number back.
func TestAFailureBehindTheNumberGivesItBack(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	do := ownerOf(t, p)
	do(`CREATE FUNCTION no_outbox() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no room'; END $$`)
	fail := func(table string) func() {
		do("CREATE TRIGGER no_outbox BEFORE INSERT ON " + table + " FOR EACH ROW EXECUTE FUNCTION no_outbox()")
		return func() { do("DROP TRIGGER no_outbox ON " + table) }
	}
	_, id := p.At("filed")
	chancery := p.SignInAs("chancery")
	undo := fail("outbox")
	if r := chancery.Do(http.MethodPost, "/api/applications/"+id+"/register", nil, servertest.Bad()); r.Status < 500 {
		t.Fatalf("registered though the outbox fails: %d", r.Status)
	}
	undo()
	if a := chancery.Act(id, "register", nil); a.IncomingNumber != "1" {
		t.Errorf("the incoming number is %s", a.IncomingNumber)
	}

	person, paid := p.At("awaiting_payment")
	undo = fail("outbox")
	person.Pay(paid, "card", "succeeds")
	person.Do(http.MethodPost, "/api/applications/"+paid+"/payment", nil, servertest.Bad())
	if a := person.Read(paid); a.State != "awaiting_payment" || a.Number != "" {
		t.Errorf("half filed: %s %s", a.State, a.Number)
	}
	undo()
	person.Do(http.MethodPost, "/api/applications/"+paid+"/payment", nil).Expect(http.StatusOK)
	if a := person.Read(paid); a.State != "filed" || a.Number != "13-2026-000002" {
		t.Errorf("filed as %s %s", a.State, a.Number)
	}

	_, decided := p.At("licence_prepared")
	head := p.SignInAs("head")
	undo = fail("result_documents")
	if r := head.Do(http.MethodPost, "/api/applications/"+decided+"/result-document", nil, servertest.Bad()); r.Status < 500 {
		t.Fatalf("drawn though it cannot be kept: %d", r.Status)
	}
	undo()
	head.SignResult(decided)
	if n := p.Count("SELECT count(*) FROM licence_numbers") + p.Count("SELECT count(*) FROM order_numbers"); n != 2 {
		t.Errorf("%d numbers of licence and order for one licence", n)
	}
	if n := p.Count("SELECT sum(last) FROM counters WHERE series IN ('licence/DEM', 'order/13')"); n != 2 {
		t.Errorf("the counters stand at %d together", n)
	}
}
