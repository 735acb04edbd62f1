package payments_test

import (
	"strings"

	"elicensing/payments"
)

// compareBooks holds every payment and every tenge of the gateways' books against ours.
func (m *model) compareBooks() {
	t := m.t
	t.Helper()
	m.wantLedger(modelDays...)
	ours, theirs := m.count("SELECT coalesce(sum(amount_tiyn), 0) FROM ledger_lines WHERE account = 'bank'"), payments.Tiyn(0)
	for _, day := range modelDays {
		lines, err := m.receipts.Report(m.ctx(), day)
		check(t, err)
		for _, l := range lines {
			theirs += l.Amount
		}
	}
	if payments.Tiyn(ours) != theirs {
		t.Errorf("our account of the bank has %d, its book %d", ours, theirs)
	}
	var ids []string
	check(t, m.db.Raw("SELECT invoice_id::text FROM gateway_payments WHERE gateway_id IS NOT NULL ORDER BY 1").Scan(&ids).Error)
	for _, id := range ids {
		m.comparePayment(id)
	}
	if n := m.count(`SELECT count(*) FROM invoices i WHERE (SELECT count(*) FROM filed f WHERE f.invoice_id = i.id) <> CASE i.state WHEN 'paid' THEN 1 ELSE 0 END
			OR (SELECT count(*) FROM ledger_entries e WHERE e.invoice_id = i.id AND e.kind = 'fee_paid') <> CASE i.state WHEN 'paid' THEN 1 ELSE 0 END`); n != 0 {
		t.Errorf("%d invoices are not filed and booked as often as they are paid", n)
	}
	if n := m.count("SELECT count(*) FROM (SELECT application_id FROM invoices WHERE state <> 'cancelled' GROUP BY 1 HAVING count(*) > 1) twice"); n != 0 {
		t.Errorf("%d applications have two invoices", n)
	}
}

// comparePayment holds one payment against the gateway's word on it.
func (m *model) comparePayment(invoiceID string) {
	t := m.t
	var inv payments.Invoice
	check(t, m.db.Where("id = ?", invoiceID).Take(&inv).Error)
	inv = m.get(inv.ID)
	gateway := map[payments.Via]payments.Gateway{payments.Online: m.client, payments.ByReceipt: m.receipts}[inv.Payment.Gateway]
	id := *inv.Payment.GatewayID
	said, err := gateway.Status(m.ctx(), id)
	check(t, err)
	var open []string
	check(t, m.db.Raw("SELECT reason FROM money_cases WHERE gateway_id = ? AND closed_at IS NULL AND reason <> 'notice_reused'", id).Scan(&open).Error)
	filed, want, problem := inv.State == payments.InvoicePaid, "", m.problem(inv, said)
	switch {
	case said.State == payments.StatePaid && problem == "":
		if !filed {
			t.Errorf("%s has the money of invoice %s, which is %s", inv.Payment.Gateway, inv.ID, inv.State)
		}
		if inv.Payment.Gateway == payments.ByReceipt {
			m.seen.receipts.Add(1)
		}
		m.seen.paid.Add(1)
	case said.State == payments.StatePaid:
		// An open invoice would keep its payer waiting, and nobody would know; who asks for a certificate gives his up, which is not played here.
		if want = problem; m.decided(id) && (inv.State != payments.InvoiceOpen || m.certified[id]) {
			want = ""
		}
		m.seen.parked.Add(1)
	case said.State == payments.StateRefunded && filed:
		want = payments.ParkedRefunded
		m.seen.filedAndBack.Add(1)
	case said.State == payments.StateRefunded && m.promised(id):
		want = payments.ParkedDecided
	}
	if said.State == payments.StateRefunded && m.count("SELECT count(*) FROM refund_requests r JOIN money_cases c ON c.id = r.source_id WHERE c.gateway_id = ? AND r.state = 'asked'", id) > 0 {
		t.Errorf("the money of invoice %s was given back, and the certificate is asked for still", inv.ID)
	}
	if said.State != payments.StatePaid && said.State != payments.StateRefunded && filed || said.Amount != inv.Amount && filed {
		t.Errorf("invoice %s is filed, and the gateway says %s, %s", inv.ID, said.State, said.Amount)
	}
	if got := strings.Join(open, " "); got != want {
		t.Errorf("invoice %s, %s there and %s here: cases %q, want %q", inv.ID, said.State, inv.State, got, want)
	}
	if m.refunded[id] && m.certified[id] || (m.refunded[id] || m.certified[id]) && filed {
		t.Errorf("the money of invoice %s went two ways", inv.ID)
	}
}

// problem names what does not fit about money that was taken: the amount, or the rate of the day on which a bank took it (S7.1).
func (m *model) problem(inv payments.Invoice, said payments.GatewayStatus) string {
	if said.Amount != inv.Amount {
		return payments.ParkedAmount
	}
	if inv.Payment.Gateway == payments.ByReceipt && said.State == payments.StatePaid {
		fee, err := payments.FeeFor(inv.Kind, said.PaidAt)
		check(m.t, err)
		if fee.Amount != inv.Amount {
			return payments.ParkedRate
		}
	}
	return ""
}

// decided tells whether a person has decided where the money of a payment belongs.
func (m *model) decided(paymentID string) bool {
	return m.count("SELECT count(*) FROM money_cases WHERE gateway_id = ? AND settled_to <> ''", paymentID) > 0
}

// promised tells whether it was decided that the payer has it, or the budget.
func (m *model) promised(paymentID string) bool {
	return m.count("SELECT count(*) FROM money_cases WHERE gateway_id = ? AND closed_how IN ('certificate', 'returned', 'kept')", paymentID) > 0
}
