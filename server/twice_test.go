package server_test

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"elicensing/server/servertest"
)

// Every route that may change something, with a right request in a state that allows it: pressed twice with one key, pressed again with
// another, and by eight hands at once. Somebody wins, the others are told; nobody meets a failure of the server.
func TestEveryRequestTwiceAndAtOnce(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	stage := newStage(t, p)
	tried, won := 0, 0
	for _, o := range servertest.Operations(t) {
		if safe(o.Method) {
			continue
		}
		tried++
		what := o.Method + " " + o.Path
		right := stage.right(o.ID, o.Path)
		press := func(options ...servertest.Option) *servertest.Response {
			r := right.client.Do(o.Method, right.path, right.body, append(append(slices.Clone(right.options), options...), servertest.Bad())...)
			judge(t, r, what)
			return r
		}
		same := servertest.Key("one-and-the-same-" + o.ID)
		first := press(same)
		if _, known := steps[o.ID]; known && first.Status >= 300 {
			t.Errorf("%s: a right request is refused: %d %s", what, first.Status, first.Code())
		}
		again := press(same)
		if keyed[o.ID] && (first.Status >= 300 || again.Status != first.Status || !bytes.Equal(again.Body, first.Body)) {
			t.Errorf("%s: the same press is answered %d %s, then %d %s", what, first.Status, first.Code(), again.Status, again.Code())
		}
		press(servertest.Key("quite-another-" + o.ID))
		if again = press(same); keyed[o.ID] && !bytes.Equal(again.Body, first.Body) {
			t.Errorf("%s: after another press the same one is answered otherwise: %d %s", what, again.Status, again.Code())
		}

		right = stage.right(o.ID, o.Path)
		answers := make([]int, 8)
		var all sync.WaitGroup
		for i := range answers {
			all.Go(func() { answers[i] = press().Status })
		}
		all.Wait()
		if slices.ContainsFunc(answers, func(status int) bool { return status < 300 }) {
			won++
		} else if _, known := steps[o.ID]; known {
			t.Errorf("%s by eight at once: nobody wins: %v", what, answers)
		}
	}
	if tried < 25 || won < 20 {
		t.Errorf("%d routes tried, %d of them carried out", tried, won)
	}
}

// keyed are the operations whose press carries a key: the same press again is the same answer, byte for byte. The contract says which they are.
var keyed = map[string]bool{
	"signApplication": true, "reopenApplication": true, "withdrawApplication": true, "registerApplication": true, "assignExecutor": true, "reassignExecutor": true,
	"confirmComplete": true, "prepareLicence": true, "prepareRefusal": true, "returnDecision": true, "signResult": true,
	"createApplication": true, "payApplication": true, "attachReceipt": true, "giveUpPayment": true, "giveUpInvoice": true, "withdrawRefund": true, "confirmReceipt": true, "rejectReceipt": true,
	"refundCase": true, "acceptCase": true, "closeCase": true, "declineRefund": true, "prepareCertificate": true, "signCertificate": true,
}

// What the contract demands a key for is tried above, and what is tried demands one.
func TestKeyedIsWhatTheContractSays(t *testing.T) {
	contract, err := openapi3.NewLoader().LoadFromFile("openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for path, item := range contract.Paths.Map() {
		for method, o := range item.Operations() {
			demanded := o.Parameters.GetByInAndName("header", "Idempotency-Key") != nil
			if demanded != keyed[o.OperationID] {
				t.Errorf("%s %s: a key is demanded: %v, tried: %v", method, path, demanded, keyed[o.OperationID])
			}
		}
	}
}

// A colleague's faster click: two executors of one file, a hundred times at once, one wins and the other is told (I12).
func TestTwoOfficialsAtOnce(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	_, id := p.At("filed")
	first, second := p.SignInAs("chancery"), p.SignInAs("chancery")
	answers := make(chan int, 20)
	for i := range 20 {
		go func() {
			c := first
			if i%2 == 1 {
				c = second
			}
			answers <- c.Do(http.MethodPost, "/api/applications/"+id+"/register", nil).Status
		}()
	}
	var got []int
	for range 20 {
		got = append(got, <-answers)
	}
	slices.Sort(got)
	if got[0] != http.StatusOK || got[1] != http.StatusConflict || got[19] != http.StatusConflict {
		t.Errorf("answers %v, want one 200 and nineteen 409", got)
	}
	if n := p.Count("SELECT count(*) FROM journal WHERE application_id = ? AND action = 'register'", id); n != 1 {
		t.Errorf("%d registrations in the journal", n)
	}
}

// The same press twice is one action with one answer; the same key with another body is refused (idempotency).
func TestPressedTwice(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	_, id := p.At("registered")
	head := p.SignInAs("head")
	body := map[string]any{"executorId": p.ExecutorID("executor-1"), "resolution": "Рассмотреть"}
	path := "/api/applications/" + id + "/assign"
	head.Do(http.MethodPost, path, body, servertest.Key("the-same-press")).Expect(http.StatusOK)
	head.Do(http.MethodPost, path, body, servertest.Key("the-same-press")).Expect(http.StatusOK)
	body["resolution"] = "Другое"
	head.Do(http.MethodPost, path, body, servertest.Key("the-same-press")).ExpectProblem(http.StatusUnprocessableEntity, "idempotency_key_reused")
	head.Do(http.MethodPost, path, body, servertest.Header("Idempotency-Key", ""), servertest.Bad()).ExpectProblem(http.StatusBadRequest, "idempotency_key_missing")
	if n := p.Count("SELECT count(*) FROM journal WHERE application_id = ? AND action = 'assign'", id); n != 1 {
		t.Errorf("%d assignments in the journal", n)
	}
}

// The notices of 64 payments arrive at once and file their applications. Half of the filings fail after they have taken their numbers, and succeed
// when the gateway tells it again: numbers 1…N without gap or double (I1).
func TestNumbersWithoutGaps(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	const applications = 64
	c, id := p.At("awaiting_payment")
	ids := []string{id}
	for len(ids) < applications {
		ids = append(ids, p.Another(id))
	}
	for _, id := range ids {
		c.Pay(id, "card", "succeeds")
	}
	do := ownerOf(t, p)
	do(`CREATE FUNCTION no_filing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no room'; END $$`)
	do(`CREATE TRIGGER no_filing BEFORE UPDATE ON applications FOR EACH ROW WHEN (NEW.number IS NOT NULL AND NEW.id IN ('` + strings.Join(ids[:applications/2], `', '`) + `'))
		EXECUTE FUNCTION no_filing()`)
	filed := func(want int) {
		t.Helper()
		var numbers []string
		for _, id := range ids {
			if number := c.Read(id).Number; number != "" {
				numbers = append(numbers, number)
			}
		}
		slices.Sort(numbers)
		for i, number := range numbers {
			if number != fmt.Sprintf("%s-2026-%06d", servertest.DemoAuthority, i+1) {
				t.Fatalf("number %d in order is %s: %v", i+1, number, numbers)
			}
		}
		if len(numbers) != want {
			t.Errorf("%d of %d are filed, want %d", len(numbers), applications, want)
		}
	}
	p.NotifyAtOnce()
	filed(applications / 2)
	do(`DROP TRIGGER no_filing ON applications`)
	p.Clock.Move(time.Minute)
	if answers := p.NotifyAtOnce(); slices.ContainsFunc(answers, func(status int) bool { return status != http.StatusNoContent }) {
		t.Errorf("the notices that are told again are answered %v", answers)
	}
	filed(applications)
}
