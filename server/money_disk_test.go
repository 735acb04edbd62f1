package server_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"elicensing/payments/mockgateway"
	"elicensing/server/database/dbtest"
	"elicensing/server/servertest"
)

// full makes the disk of a table full, until the function that it gives is called.
func full(t *testing.T, owner *gorm.DB, table string) (free func()) {
	t.Helper()
	exec := func(sql string) {
		t.Helper()
		if err := owner.Exec(sql).Error; err != nil {
			t.Fatal(err)
		}
	}
	exec(`CREATE OR REPLACE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no space left on device' USING ERRCODE = 'disk_full'; END $$`)
	exec("CREATE TRIGGER no_room BEFORE INSERT ON " + table + " FOR EACH ROW EXECUTE FUNCTION no_room()")
	return func() { t.Helper(); exec("DROP TRIGGER no_room ON " + table) }
}

// I29: no room for the ledger or the journal. The gateway's notice is refused with 503 and sent again; the refund is asked for, cannot be booked and
// is pressed again. With room, the payment files once and the money goes back once; nobody repairs anything by hand.
func TestMoneyWhileTheDiskIsFull(t *testing.T) {
	t.Parallel()
	for _, table := range []string{"ledger_entries", "journal"} {
		t.Run(table, func(t *testing.T) {
			t.Parallel()
			p := servertest.New(t)
			owner := dbtest.Owner(t, p.DB)
			applicant, id := p.At("awaiting_payment")
			p.Notify()
			applicant.Pay(id, "card", "succeeds")
			free := full(t, owner, table)
			if err := p.Gateway.Tick(t.Context()); err == nil || !strings.Contains(err.Error(), "503") {
				t.Errorf("a notice that cannot be kept: %v", err)
			}
			if n := p.Count("SELECT count(*) FROM gateway_notices WHERE state = 'paid'") + p.Count("SELECT count(*) FROM ledger_entries"); n != 0 {
				t.Errorf("%d rows are half of it", n)
			}
			applicant.Do(http.MethodPost, "/api/applications/"+id+"/payment", nil).ExpectProblem(http.StatusServiceUnavailable, "unavailable")
			if a := applicant.Read(id); a.State != "awaiting_payment" {
				t.Errorf("the application is %s", a.State)
			}
			free()
			p.Clock.Move(2 * time.Minute)
			p.Notify()
			p.Notify()
			if a := applicant.Read(id); a.State != "filed" || a.Number == "" {
				t.Errorf("the application is %s", a.State)
			}
			if n, m := p.Count("SELECT count(*) FROM ledger_entries"), p.Count("SELECT count(*) FROM journal WHERE action = 'file'"); n != 1 || m != 1 {
				t.Errorf("booked %d times, filed %d times", n, m)
			}
		})
		t.Run("refund "+table, func(t *testing.T) {
			t.Parallel()
			p := servertest.New(t)
			owner := dbtest.Owner(t, p.DB)
			applicant, id := p.At("awaiting_payment")
			p.Gateway.Switch(mockgateway.Faults{WrongAmount: true})
			applicant.Pay(id, "card", "succeeds")
			p.Gateway.Switch(mockgateway.Faults{})
			p.Notify()
			head := p.SignInAs("head")
			path := "/api/authority/money/cases/" + money(head).Cases[0].ID + "/refund"
			free := full(t, owner, table)
			head.Do(http.MethodPost, path, nil).ExpectProblem(http.StatusServiceUnavailable, "unavailable")
			if state, _ := p.Gateway.State(invoiceOf(p, id)); state != "refunded" {
				t.Errorf("at the gateway: %s", state)
			}
			if n := len(money(head).Cases); n != 1 {
				t.Errorf("%d cases", n)
			}
			free()
			head.Do(http.MethodPost, path, nil).Expect(http.StatusOK)
			head.Do(http.MethodPost, path, nil).ExpectProblem(http.StatusConflict, "case_closed")
			if n, m := p.Count("SELECT count(*) FROM ledger_entries WHERE kind = 'refunded'"), p.Count("SELECT count(*) FROM journal WHERE action = 'refund_case'"); n != 1 || m != 1 {
				t.Errorf("booked %d times, noted %d times", n, m)
			}
			if sum := p.Count("SELECT coalesce(sum(amount_tiyn), 0) FROM ledger_lines WHERE account = 'gateway'"); sum != 0 {
				t.Errorf("the gateway still owes %d by the ledger", sum)
			}
		})
	}
}
