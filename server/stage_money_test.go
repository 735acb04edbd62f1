package server_test

import (
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"elicensing/payments/mockgateway"
	"elicensing/server/catalog"
	"elicensing/server/servertest"
)

// rightMoney is right for the operations about money. Who gives up is another person than he who files, for whom no certificate could be signed.
func (s *stage) rightMoney(operation, path string) rightRequest {
	s.t.Helper()
	person, trader, chancery, head := s.clients["person"], s.clients["sole-trader"], s.clients["chancery"], s.clients["head"]
	ask := func() string {
		left := trader.Begin(catalog.SoleTrader).ID // of who gave up before
		trader.Do(http.MethodDelete, "/api/applications/"+left, nil).Expect(http.StatusNoContent)
		id := trader.Draft(catalog.SoleTrader).ID
		trader.SignRequest(id)
		attach(trader, id, "П-"+uuid.NewString())
		return id
	}
	asked := func() string {
		id := ask()
		giveUp(trader, id).Expect(http.StatusOK)
		for _, r := range money(head).Refunds {
			if r.ApplicationID == id {
				return r.ID
			}
		}
		s.t.Fatal("nothing is asked")
		return ""
	}
	at := func(name, id string) string { return strings.Replace(path, "{"+name+"}", id, 1) }
	switch operation {
	case "attachReceipt":
		_, id := s.p.At("awaiting_payment")
		return rightRequest{client: person, path: at("id", id), body: receipt("П-" + uuid.NewString()), once: true}
	case "giveUpPayment":
		return rightRequest{client: trader, path: at("id", ask()), once: true}
	case "giveUpInvoice":
		return rightRequest{client: trader, path: at("invoiceId", s.p.Reference(ask())), once: true}
	case "withdrawRefund":
		return rightRequest{client: trader, path: at("refundId", asked()), once: true}
	case "getReceiptScan", "confirmReceipt", "rejectReceipt":
		_, id := s.p.At("awaiting_payment")
		attach(person, id, "П-"+uuid.NewString())
		r := rightRequest{client: chancery, once: operation != "getReceiptScan"}
		for _, waits := range money(chancery).Receipts {
			if waits.ApplicationID == id {
				r.path = at("receiptId", waits.ID)
			}
		}
		if operation == "rejectReceipt" {
			r.body = remark("Неразборчиво")
		}
		return r
	case "refundCase", "closeCase", "acceptCase":
		r := rightRequest{client: head, path: at("caseId", s.newCase(person, operation == "acceptCase")), once: true}
		switch operation {
		case "acceptCase":
			r.body = remark("Банк подтвердил")
		case "closeCase":
			r.body = decision("kept", "Банк подтвердил")
		}
		return r
	case "declineRefund":
		return rightRequest{client: head, path: at("refundId", asked()), body: remark("Заявление подано"), once: true}
	case "getCertificateDraft", "prepareCertificate":
		return rightRequest{client: head, path: at("refundId", asked())}
	case "signCertificate":
		id := asked()
		return rightRequest{client: head, path: at("refundId", id), body: signedBy(head, "/api/authority/money/refunds/"+id+"/document"), once: true}
	case "getOwnCertificate":
		id := asked()
		head.Do(http.MethodPost, "/api/authority/money/refunds/"+id+"/sign", signedBy(head, "/api/authority/money/refunds/"+id+"/document")).Expect(http.StatusOK)
		return rightRequest{client: trader, path: at("refundId", id)}
	}
	s.t.Fatalf("no money is made for %s", operation)
	return rightRequest{}
}

// newCase is about money with one tiyn too much, or, to be accepted, of an impossible moment.
func (s *stage) newCase(person *servertest.Client, acceptable bool) string {
	s.t.Helper()
	known := map[string]bool{}
	for _, c := range money(s.clients["head"]).Cases {
		known[c.ID] = true
	}
	_, id := s.p.At("awaiting_payment")
	if acceptable {
		person.Pay(id, "card", "succeeds")
		s.p.Clock.Move(-10 * time.Minute)
		person.Do(http.MethodPost, "/api/applications/"+id+"/payment", nil).Expect(http.StatusOK)
		s.p.Clock.Move(10 * time.Minute)
	} else {
		s.p.Gateway.Switch(mockgateway.Faults{WrongAmount: true})
		person.Pay(id, "card", "succeeds")
		s.p.Gateway.Switch(mockgateway.Faults{})
		person.Do(http.MethodPost, "/api/applications/"+id+"/payment", nil).Expect(http.StatusOK)
	}
	for _, c := range money(s.clients["head"]).Cases {
		if !known[c.ID] {
			return c.ID
		}
	}
	s.t.Fatal("no new case")
	return ""
}
