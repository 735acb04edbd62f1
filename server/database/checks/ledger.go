package checks

import "context"

// ledger: it sums to zero, and what is paid, what is booked and what is filed agree (I8, I10).
func ledger(ctx context.Context, s Subject) (int, []Finding, error) {
	return s.ask(ctx, "SELECT count(*) FROM ledger_entries",
		`SELECT 'all lines', 'sum to ' || sum(amount_tiyn) || ' tiyn' FROM ledger_lines HAVING sum(amount_tiyn) <> 0`,
		`SELECT i.number, 'is paid, and ' || count(e.id) || ' entries say so' FROM invoices i LEFT JOIN ledger_entries e ON e.invoice_id = i.id AND e.kind = 'fee_paid'
			WHERE i.state = 'paid' GROUP BY i.number HAVING count(e.id) <> 1 ORDER BY 1`,
		`SELECT i.number, 'is ' || i.state || ', and entry ' || e.id || ' says it is paid' FROM ledger_entries e JOIN invoices i ON i.id = e.invoice_id
			WHERE e.kind = 'fee_paid' AND i.state <> 'paid' ORDER BY 1`,
		`SELECT i.number, 'asks ' || i.amount_tiyn || ' tiyn, entry ' || e.id || ' books ' || e.amount_tiyn FROM ledger_entries e JOIN invoices i ON i.id = e.invoice_id
			WHERE e.kind = 'fee_paid' AND i.amount_tiyn <> e.amount_tiyn ORDER BY 1`,
		`SELECT i.number, 'is paid, and its payment at the gateway is ' || coalesce(p.state, 'not there') FROM invoices i LEFT JOIN gateway_payments p ON p.invoice_id = i.id
			WHERE i.state = 'paid' AND p.state IS DISTINCT FROM 'paid' ORDER BY 1`,
		`SELECT 'gateway payment ' || gateway_id, 'gave back ' || coalesce(sum(amount_tiyn) FILTER (WHERE kind = 'refunded'), 0) || ' tiyn, more than came'
			FROM ledger_entries GROUP BY gateway_id
			HAVING sum(CASE WHEN debit IN ('gateway', 'bank') THEN amount_tiyn WHEN credit IN ('gateway', 'bank') THEN -amount_tiyn ELSE 0 END) < 0 ORDER BY 1`,
		`SELECT 'the account parked', 'is ' || sum(amount_tiyn) || ' tiyn below zero' FROM ledger_lines WHERE account = 'parked' HAVING sum(amount_tiyn) > 0`,
		`SELECT 'gateway payment ' || l.gateway_id, 'has ' || -sum(l.amount_tiyn) || ' tiyn on the account ' || l.account || ', and no case is open about it' FROM ledger_lines l
			WHERE l.account IN ('parked', 'difference') AND NOT EXISTS (SELECT FROM money_cases c WHERE c.gateway_id = l.gateway_id AND c.closed_at IS NULL AND c.reason <> 'notice_reused')
			GROUP BY l.gateway_id, l.receipt, l.account HAVING sum(l.amount_tiyn) <> 0 ORDER BY 1, 2`,
		`SELECT i.number, 'is open, though its money came after it was decided about, and no case is open about it' FROM invoices i JOIN gateway_payments p ON p.invoice_id = i.id
			WHERE i.state = 'open' AND p.state <> 'voided' AND EXISTS (SELECT FROM parked_notices n WHERE n.gateway_id = p.gateway_id AND n.invoice_id = i.id AND n.state = 'paid'
					AND n.reason IN ('refund_asked', 'paid_after_decision'))
				AND NOT EXISTS (SELECT FROM money_cases c WHERE c.gateway_id = p.gateway_id AND c.closed_at IS NULL AND c.reason <> 'notice_reused')
				AND NOT EXISTS (SELECT FROM money_cases c JOIN refund_requests r ON r.source_id = c.id WHERE c.gateway_id = p.gateway_id AND r.state IN ('asked', 'signed')) ORDER BY 1`,
		`SELECT d.gateway || ' ' || d.day, 'by the gateway''s book the day came to ' || d.balance_tiyn || ' tiyn, by ours to ' || b.ours
			FROM reconciled_days d CROSS JOIN LATERAL (
				SELECT coalesce(sum(CASE WHEN e.debit IN ('gateway', 'bank') THEN e.amount_tiyn ELSE -e.amount_tiyn END), 0) AS ours FROM ledger_entries e
				WHERE CASE d.gateway WHEN 'receipt' THEN 'bank' ELSE 'gateway' END IN (e.debit, e.credit) AND e.recorded_at <= d.reconciled_at
					AND e.paid_at >= d.day::timestamp AT TIME ZONE 'UTC-5' AND e.paid_at < (d.day::date + 1)::timestamp AT TIME ZONE 'UTC-5') b
			WHERE d.failed = 0 AND d.balance_tiyn <> b.ours ORDER BY 1`,
		`SELECT a.number, 'is filed, and ' || count(i.id) || ' of its invoices are paid' FROM applications a LEFT JOIN invoices i ON i.application_id = a.id AND i.state = 'paid'
			WHERE a.number IS NOT NULL GROUP BY a.number HAVING count(i.id) <> 1 ORDER BY 1`,
		`SELECT i.number, 'is paid, and its application is ' || coalesce(a.state, 'gone') FROM invoices i LEFT JOIN applications a ON a.id = i.application_id
			WHERE i.state = 'paid' AND coalesce(a.state, 'draft') IN ('draft', 'awaiting_payment') ORDER BY 1`,
		`SELECT a.id::text, 'waits for payment without an open invoice' FROM applications a
			WHERE a.state = 'awaiting_payment' AND NOT EXISTS (SELECT FROM invoices i WHERE i.application_id = a.id AND i.state = 'open') ORDER BY 1`,
	)
}
