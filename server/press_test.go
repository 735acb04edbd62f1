package server_test

import (
	"bytes"
	"crypto/sha256"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"

	"elicensing/payments/mockgateway"
	"elicensing/server/servertest"
)

// The answer of a press is the one of that time, byte for byte, whatever has become of the application since; another's press by the same key is his own.
func TestAPressKeepsItsAnswer(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	applicant, id := p.At("filed")
	chancery := p.SignInAs("chancery")
	key := servertest.Key("the-press-of-today")
	path := "/api/applications/" + id + "/register"
	first := chancery.Do(http.MethodPost, path, nil, key).Expect(http.StatusOK)
	p.SignInAs("head").Act(id, "assign", map[string]any{"executorId": p.ExecutorID("executor-1"), "resolution": "Рассмотреть"})
	again := chancery.Do(http.MethodPost, path, nil, key).Expect(http.StatusOK)
	if !bytes.Equal(again.Body, first.Body) {
		t.Errorf("answered\n%s\nthen\n%s", first.Body, again.Body)
	}
	applicant.Do(http.MethodPost, "/api/applications/"+id+"/withdraw", nil, key).Expect(http.StatusOK)
	// The same key for another act is no repetition.
	chancery.Do(http.MethodPost, "/api/applications/"+id+"/confirm-complete", nil, key).ExpectProblem(http.StatusUnprocessableEntity, "idempotency_key_reused")
	// What was answered does not change, not even by the program's own hand.
	if err := p.DB.Exec("UPDATE idempotency_keys SET answer = 'x' WHERE status IS NOT NULL").Error; err == nil {
		t.Error("an answer was changed")
	}
}

// A refusal is not an answer: the same press may be tried again when what hindered it is gone.
func TestARefusedPressMayBeTriedAgain(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	applicant, id := p.At("awaiting_payment")
	key := servertest.Key("pay-until-it-works")
	path := "/api/applications/" + id + "/pay"
	p.Gateway.Switch(mockgateway.Faults{Silent: true})
	applicant.Do(http.MethodPost, path, nil, key).ExpectProblem(http.StatusServiceUnavailable, "gateway_unavailable")
	p.Gateway.Switch(mockgateway.Faults{})
	first := applicant.Do(http.MethodPost, path, nil, key).Expect(http.StatusOK)
	applicant.Pay(id, "card", "succeeds")
	p.Notify()
	// Filed meanwhile: a new press is refused, the old one has its answer.
	applicant.Do(http.MethodPost, path, nil).ExpectProblem(http.StatusConflict, "state_changed")
	if again := applicant.Do(http.MethodPost, path, nil, key).Expect(http.StatusOK); !bytes.Equal(again.Body, first.Body) {
		t.Errorf("%s, then %s", first.Body, again.Body)
	}
}

// A press under way is told so. One that was cut short by a crash runs again after a while, and asks the gateway for the same one payment.
func TestAPressThatWasCutShort(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	applicant, id := p.At("awaiting_payment")
	path := "/api/applications/" + id + "/pay"
	applicant.Do(http.MethodPost, path, nil).Expect(http.StatusOK) // the payment is at the gateway; the crash came before the answer was kept
	sum := sha256.Sum256([]byte("POST " + path + "\n"))
	err := p.DB.Exec("INSERT INTO idempotency_keys (actor, key, request_hash, created_at, claim, claimed_at) VALUES ('person:123456789011:', 'cut-short', ?, ?, ?, ?)",
		sum[:], p.Clock.Now(), uuid.New(), p.Clock.Now()).Error
	if err != nil {
		t.Fatal(err)
	}
	key := servertest.Key("cut-short")
	applicant.Do(http.MethodPost, path, nil, key).ExpectProblem(http.StatusConflict, "press_under_way")
	p.Clock.Move(3 * time.Minute)
	first := applicant.Do(http.MethodPost, path, nil, key).Expect(http.StatusOK)
	if again := applicant.Do(http.MethodPost, path, nil, key).Expect(http.StatusOK); !bytes.Equal(again.Body, first.Body) {
		t.Errorf("%s, then %s", first.Body, again.Body)
	}
	if n := p.Count("SELECT count(*) FROM gateway_payments"); n != 1 {
		t.Errorf("%d payments", n)
	}
}
