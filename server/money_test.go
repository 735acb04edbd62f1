package server_test

import (
	"encoding/base64"
	"encoding/csv"
	"encoding/hex"
	"net/http"
	"strings"
	"testing"
	"time"

	"elicensing/server/servertest"
)

// desk is what a test reads of the officials' page about money.
type desk struct {
	Receipts []struct {
		ID, ApplicationID, Number, Due, Amount, RateDay string
		Alike                                           []alike
	}
	Cases, Closed []deskCase
	Refunds       []struct{ ID, ApplicationID, State, Amount string }
	Reconciled    []struct {
		Via, Day, At string
		Behind       bool
	}
}

type alike struct {
	SameFile, Earlier                               bool
	AttachedAt, ApplicationID, Application, Invoice string
}

type deskCase struct {
	ID, List, Reason, Application, Payer string
	Ours, Theirs                         struct{ Amount, State string }
	Refundable, Acceptable, Certificate  bool
	Outcomes                             []string
	ClosedAt, ClosedHow, ClosedBy, Note  string
}

type ownMoney struct {
	Via     string
	FeeNow  *struct{ Amount, RateDay string }
	Receipt *struct{ State, Remark string }
	Parked  *struct {
		Reason, Amount, Receipt string
		RefundUnderWay          bool
	}
	Returned  *struct{ Amount string }
	Refunds   []struct{ ID, State, OutNumber string }
	CanGiveUp bool
}

func money(c *servertest.Client) (d desk) {
	c.Portal.T.Helper()
	c.Do(http.MethodGet, "/api/authority/money", nil).Expect(http.StatusOK).JSON(&d)
	return d
}

func moneyOf(c *servertest.Client, id string) (m ownMoney) {
	c.Portal.T.Helper()
	c.Do(http.MethodGet, "/api/applications/"+id+"/money", nil).Expect(http.StatusOK).JSON(&m)
	return m
}

// receipt is a good one for Start; the test changes what it is about.
func receipt(number string) map[string]any {
	return map[string]any{"bank": "Тест Банк", "number": number, "paidOn": "2026-03-26", "amount": "43250.00", "content": base64.StdEncoding.EncodeToString(servertest.Picture())}
}

func attach(c *servertest.Client, id, number string) ownMoney {
	c.Portal.T.Helper()
	var m ownMoney
	c.Do(http.MethodPost, "/api/applications/"+id+"/receipt", receipt(number)).Expect(http.StatusOK).JSON(&m)
	return m
}

// paymentUnderWay is what the applicant's list says of his only application.
func paymentUnderWay(c *servertest.Client) bool {
	c.Portal.T.Helper()
	var list struct {
		Applications []struct{ PaymentUnderWay bool }
	}
	c.Do(http.MethodGet, "/api/applications", nil).Expect(http.StatusOK).JSON(&list)
	if len(list.Applications) != 1 {
		c.Portal.T.Fatalf("%d applications in the list", len(list.Applications))
	}
	return list.Applications[0].PaymentUnderWay
}

// S7.1, S9.A1: a receipt from a bank, confirmed by an official, files the application once; it is on the list of payments, in the printed
// receipt and in the accountant's export.
func TestReceiptOfABankFilesTheApplication(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	applicant, id := p.At("awaiting_payment")
	applicant.Pay(id, "cancel", "") // begun online: closed there first
	if paymentUnderWay(applicant) {
		t.Error("a payment that was cancelled is under way in the list")
	}
	if m := attach(applicant, id, "П-1"); m.Via != "receipt" || m.Receipt.State != "waiting" || !m.CanGiveUp {
		t.Errorf("%+v", m)
	}
	if a := applicant.Read(id); a.State != "awaiting_payment" || a.Invoice.PaymentState != "pending" {
		t.Errorf("%s, %+v", a.State, a.Invoice)
	}
	if !paymentUnderWay(applicant) {
		t.Error("the list asks to pay what waits for the bank")
	}
	applicant.Do(http.MethodPost, "/api/applications/"+id+"/receipt", receipt("П-2")).ExpectProblem(http.StatusConflict, "receipt_waiting")
	applicant.Do(http.MethodPost, "/api/applications/"+id+"/reopen", nil).ExpectProblem(http.StatusConflict, "payment_in_process")

	chancery := p.SignInAs("chancery")
	waits := money(chancery).Receipts
	if len(waits) != 1 || waits[0].ApplicationID != id || waits[0].Due != "43250.00" {
		t.Fatalf("%+v", waits)
	}
	path := "/api/authority/money/receipts/" + waits[0].ID
	scan := chancery.Do(http.MethodGet, path+"/scan", nil).Expect(http.StatusOK)
	if scan.Header.Get("Content-Disposition") == "" || string(scan.Body) != string(servertest.Picture()) {
		t.Error("the scan is another")
	}
	chancery.Do(http.MethodPost, path+"/confirm", nil).Expect(http.StatusOK)
	chancery.Do(http.MethodPost, path+"/confirm", nil).ExpectProblem(http.StatusConflict, "receipt_judged")
	a := applicant.Read(id)
	if a.State != "filed" || a.Number == "" {
		t.Fatalf("after the confirmation it is %s", a.State)
	}
	if paymentUnderWay(applicant) {
		t.Error("what is filed is still being paid in the list")
	}
	if n := p.Count("SELECT count(*) FROM journal WHERE application_id = ? AND action IN ('attach_receipt', 'confirm_receipt', 'file')", id); n != 3 {
		t.Errorf("%d rows in the journal", n)
	}
	pdf := applicant.Do(http.MethodGet, "/api/applications/"+id+"/files/payment-receipt.pdf", nil).Expect(http.StatusOK)
	judgePDF(t, pdf.Body)
	var mine struct {
		Payments []struct{ ApplicationID, Via, State, Receipt string }
	}
	applicant.Do(http.MethodGet, "/api/payments", nil).Expect(http.StatusOK).JSON(&mine)
	if len(mine.Payments) != 2 || mine.Payments[0].State != "paid" || mine.Payments[0].Via != "receipt" || mine.Payments[0].Receipt != "П-1" || mine.Payments[1].State != "cancelled" {
		t.Errorf("%+v", mine.Payments)
	}
	applicant.Do(http.MethodPost, "/api/applications/"+id+"/give-up", nil).ExpectProblem(http.StatusConflict, "fee_not_refundable")
	export := chancery.Do(http.MethodGet, "/api/authority/money/export.csv?from=2026-03-26&to=2026-03-26", nil).Expect(http.StatusOK)
	if !strings.Contains(string(export.Body), "43250,00;квитанция банка;П-1") {
		t.Errorf("%s", export.Body)
	}
}

// A rejected receipt tells why, and another one or the online gateway pays all the same; what is no scan is refused.
func TestRejectedReceipt(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	applicant, id := p.At("awaiting_payment")
	for name, body := range map[string]map[string]any{
		"file_type":       {"content": base64.StdEncoding.EncodeToString([]byte("<html><script>alert(1)</script>"))},
		"receipt_invalid": {"paidOn": "2026-03-28"},
	} {
		in := receipt("П-3")
		for k, v := range body {
			in[k] = v
		}
		applicant.Do(http.MethodPost, "/api/applications/"+id+"/receipt", in, servertest.Bad()).ExpectProblem(http.StatusUnprocessableEntity, name)
	}
	in := receipt("П-3")
	in["amount"] = "43250"
	applicant.Do(http.MethodPost, "/api/applications/"+id+"/receipt", in, servertest.Bad()).ExpectProblem(http.StatusUnprocessableEntity, "receipt_invalid")
	attach(applicant, id, "П-3")
	head := p.SignInAs("head")
	path := "/api/authority/money/receipts/" + money(head).Receipts[0].ID + "/reject"
	head.Do(http.MethodPost, path, map[string]any{"remark": " "}, servertest.Bad()).ExpectProblem(http.StatusUnprocessableEntity, "remarks_missing")
	head.Do(http.MethodPost, path, map[string]any{"remark": "Другой плательщик"}).Expect(http.StatusOK)
	if m := moneyOf(applicant, id); m.Receipt.State != "rejected" || m.Receipt.Remark != "Другой плательщик" || m.CanGiveUp {
		t.Errorf("%+v", m)
	}
	applicant.Pay(id, "card", "succeeds")
	p.Notify()
	if a := applicant.Read(id); a.State != "filed" {
		t.Errorf("paid online after a rejected receipt: %s", a.State)
	}
}

// S7.1: before filing the payer gives up; the head signs the certificate of non-submission, a PDF whose signature other tools confirm. The
// payment document pays nothing any more, and the application is a draft again.
func TestCertificateOfNonSubmission(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	applicant, id := p.At("awaiting_payment")
	applicant.Do(http.MethodPost, "/api/applications/"+id+"/give-up", nil).ExpectProblem(http.StatusConflict, "nothing_to_refund")
	attach(applicant, id, "П-4")
	receiptPath := "/api/authority/money/receipts/" + money(p.SignInAs("chancery")).Receipts[0].ID
	applicant.Do(http.MethodPost, "/api/applications/"+id+"/give-up", nil).Expect(http.StatusOK)
	if a := applicant.Read(id); a.State != "draft" {
		t.Fatalf("given up: %s", a.State)
	}
	file := "/api/applications/" + id + "/files/non-submission.pdf"
	applicant.Do(http.MethodGet, file, nil).Expect(http.StatusNotFound)
	p.SignInAs("chancery").Do(http.MethodPost, receiptPath+"/confirm", nil).ExpectProblem(http.StatusConflict, "receipt_judged")

	head := p.SignInAs("head")
	asked := money(head).Refunds
	if len(asked) != 1 || asked[0].Amount != "43250.00" || asked[0].State != "asked" {
		t.Fatalf("%+v", asked)
	}
	path := "/api/authority/money/refunds/" + asked[0].ID
	p.SignInAs("chancery").Do(http.MethodPost, path+"/document", nil).ExpectProblem(http.StatusForbidden, "not_your_step")
	judgePDF(t, head.Do(http.MethodGet, path+"/draft.pdf", nil).Expect(http.StatusOK).Body)
	p.SignInAs("chancery").Do(http.MethodGet, path+"/draft.pdf", nil).ExpectProblem(http.StatusForbidden, "not_your_step")
	var to servertest.ToSign
	head.Do(http.MethodPost, path+"/document", nil).Expect(http.StatusOK).JSON(&to)
	signed := map[string]any{"digest": to.Digest, "signature": head.Sign(to.Content)}
	head.Do(http.MethodPost, path+"/sign", map[string]any{"digest": hex.EncodeToString(make([]byte, 32)), "signature": head.Sign(to.Content)}).
		ExpectProblem(http.StatusConflict, "document_outdated")
	head.Do(http.MethodPost, path+"/sign", map[string]any{"digest": to.Digest, "signature": head.Sign([]byte("other"))}).ExpectProblem(http.StatusUnprocessableEntity, "signature_content_differs")
	head.Do(http.MethodPost, path+"/sign", map[string]any{"digest": to.Digest, "signature": applicant.Sign(to.Content)}).Expect(http.StatusUnprocessableEntity)
	head.Do(http.MethodPost, path+"/sign", signed).Expect(http.StatusOK)
	head.Do(http.MethodPost, path+"/sign", signed).ExpectProblem(http.StatusConflict, "state_changed")
	pdf := applicant.Do(http.MethodGet, file, nil).Expect(http.StatusOK).Body
	judgeStoredPDF(t, pdf)
	if m := moneyOf(applicant, id); len(m.Refunds) != 1 || m.Refunds[0].State != "signed" || m.Refunds[0].OutNumber != "НП-13-2026-1" {
		t.Errorf("%+v", m.Refunds)
	}
	// The same document of the bank pays no other fee.
	applicant.SignRequest(id)
	applicant.Do(http.MethodPost, "/api/applications/"+id+"/receipt", receipt("П-4")).ExpectProblem(http.StatusConflict, "receipt_used")
}

// The certificate says that nothing was filed after the payment, so it must be so until it is signed.
func TestNoCertificateAfterFiling(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	applicant, id := p.At("awaiting_payment")
	attach(applicant, id, "П-5")
	applicant.Do(http.MethodPost, "/api/applications/"+id+"/give-up", nil).Expect(http.StatusOK)
	head := p.SignInAs("head")
	path := "/api/authority/money/refunds/" + money(head).Refunds[0].ID
	var to servertest.ToSign
	head.Do(http.MethodPost, path+"/document", nil).Expect(http.StatusOK).JSON(&to)
	applicant.SignRequest(id)
	applicant.Pay(id, "card", "succeeds")
	p.Notify()
	head.Do(http.MethodPost, path+"/sign", map[string]any{"digest": to.Digest, "signature": head.Sign(to.Content)}).ExpectProblem(http.StatusConflict, "application_filed")
	head.Do(http.MethodPost, path+"/document", nil).ExpectProblem(http.StatusConflict, "application_filed")
	applicant.Do(http.MethodGet, "/api/applications/"+id+"/files/non-submission.pdf", nil).Expect(http.StatusNotFound)
}

// I23: names that begin like a formula are text in the accountant's file, and a line stays a line.
func TestExportHoldsNoFormula(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	applicant, id := p.At("awaiting_payment")
	bad := receipt(`=HYPERLINK("http://evil","x")`)
	applicant.Do(http.MethodPost, "/api/applications/"+id+"/receipt", bad).Expect(http.StatusOK)
	chancery := p.SignInAs("chancery")
	chancery.Do(http.MethodPost, "/api/authority/money/receipts/"+money(chancery).Receipts[0].ID+"/confirm", nil).Expect(http.StatusOK)
	export := chancery.Do(http.MethodGet, "/api/authority/money/export.csv?from=2026-03-01&to=2026-03-31", nil).Expect(http.StatusOK)
	reader := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(export.Body), "\uFEFF")))
	reader.Comma = ';'
	lines, err := reader.ReadAll()
	if err != nil || len(lines) != 2 {
		t.Fatalf("%d lines, %v", len(lines), err)
	}
	for _, cell := range lines[1] {
		if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r") {
			t.Errorf("a formula: %q", cell)
		}
	}
	for _, period := range []string{"", "?from=2026-03-02&to=2026-03-01", "?from=2024-01-01&to=2026-01-01", "?from=x&to=y"} {
		chancery.Do(http.MethodGet, "/api/authority/money/export.csv"+period, nil).ExpectProblem(http.StatusUnprocessableEntity, "period_invalid")
	}
	p.SignInAs("executor-1").Do(http.MethodGet, "/api/authority/money/export.csv?from=2026-03-01&to=2026-03-31", nil).ExpectProblem(http.StatusForbidden, "not_your_step")
}

// I11: an invoice of 31 December is told at the new rate before it is paid on 1 January, to the second of Kazakhstan's time.
func TestNewYearsRateIsShownBeforePaying(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	p.Clock.Set(time.Date(2026, 12, 31, 18, 59, 59, 0, time.UTC)) // 23:59:59 there
	applicant, id := p.At("awaiting_payment")
	if m := moneyOf(applicant, id); m.FeeNow.Amount != "43250.00" || m.FeeNow.RateDay != "2026-12-31" {
		t.Errorf("on 31 December: %+v", m.FeeNow)
	}
	p.Clock.Move(time.Second)
	if m := moneyOf(applicant, id); m.FeeNow.Amount != "45000.00" || m.FeeNow.RateDay != "2027-01-01" {
		t.Errorf("on 1 January: %+v", m.FeeNow)
	}
	applicant.Do(http.MethodPost, "/api/applications/"+id+"/pay", nil).ExpectProblem(http.StatusConflict, "rate_changed")
	if a := applicant.Read(id); a.Invoice.Amount != "45000.00" {
		t.Errorf("the invoice says %s", a.Invoice.Amount)
	}
	applicant.Pay(id, "card", "succeeds")
	p.Notify()
	if n := p.Count("SELECT amount_tiyn FROM ledger_entries"); n != 4_500_000 {
		t.Errorf("paid %d", n)
	}
}
