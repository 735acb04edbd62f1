package server_test

import (
	"bytes"
	"slices"
	"sync"
	"testing"

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
		right := stage.right(o.ID, o.Method, o.Path)
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

		right = stage.right(o.ID, o.Method, o.Path)
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
